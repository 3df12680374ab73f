// SPDX-License-Identifier: Apache-2.0
#include "tests/python/dump.h"

#include <algorithm>
#include <array>
#include <bit>
#include <vector>

#include "engine/python/strings.h"

namespace spiritsafe::python {

namespace {

// In the order of NodeKind.
constexpr std::array<std::string_view, 62> kind_names = {"FunctionDef",
                                                         "AsyncFunctionDef",
                                                         "ClassDef",
                                                         "Return",
                                                         "Delete",
                                                         "Assign",
                                                         "TypeAlias",
                                                         "AugAssign",
                                                         "AnnAssign",
                                                         "For",
                                                         "AsyncFor",
                                                         "While",
                                                         "If",
                                                         "With",
                                                         "AsyncWith",
                                                         "Match",
                                                         "Raise",
                                                         "Try",
                                                         "TryStar",
                                                         "Assert",
                                                         "Import",
                                                         "ImportFrom",
                                                         "Global",
                                                         "Nonlocal",
                                                         "Expr",
                                                         "Pass",
                                                         "Break",
                                                         "Continue",
                                                         "BoolOp",
                                                         "NamedExpr",
                                                         "BinOp",
                                                         "UnaryOp",
                                                         "Lambda",
                                                         "IfExp",
                                                         "Dict",
                                                         "Set",
                                                         "ListComp",
                                                         "SetComp",
                                                         "DictComp",
                                                         "GeneratorExp",
                                                         "Await",
                                                         "Yield",
                                                         "YieldFrom",
                                                         "Compare",
                                                         "Call",
                                                         "FormattedValue",
                                                         "JoinedStr",
                                                         "Constant",
                                                         "Attribute",
                                                         "Subscript",
                                                         "Starred",
                                                         "Name",
                                                         "List",
                                                         "Tuple",
                                                         "Slice",
                                                         "MatchValue",
                                                         "MatchSingleton",
                                                         "MatchSequence",
                                                         "MatchMapping",
                                                         "MatchClass",
                                                         "MatchStar",
                                                         "MatchAs"};

constexpr std::array<std::string_view, 3> context_names = {"Load", "Store", "Del"};
constexpr std::array<std::string_view, 13> operator_names = {
    "Add", "Sub", "Mult", "MatMult", "Div", "Mod", "Pow", "LShift", "RShift", "BitOr", "BitXor", "BitAnd", "FloorDiv"};
constexpr std::array<std::string_view, 4> unary_names = {"Invert", "Not", "UAdd", "USub"};
constexpr std::array<std::string_view, 10> compare_names = {"Eq",  "NotEq", "Lt",    "LtE", "Gt",
                                                            "GtE", "Is",    "IsNot", "In",  "NotIn"};

template <class Names, class Enum>
std::string_view name_of(const Names& names, Enum value) {
  return names[static_cast<size_t>(value)];
}

std::string escape(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    escaped += c == '\\' ? "\\\\" : c == '\n' ? "\\n" : std::string(1, c);
  }
  return escaped;
}

std::string hexadecimal(uint64_t value, size_t width) {
  std::string digits;
  for (; value != 0 || digits.size() < width; value >>= 4) {
    digits.push_back("0123456789abcdef"[value & 0xF]);
  }
  return {digits.rbegin(), digits.rend()};
}

// A decimal number that does not fit in 64 bits, in hexadecimal.
std::string decimal_to_hexadecimal(std::string_view decimal) {
  std::vector<uint32_t> words;  // little endian
  for (const char digit : decimal) {
    uint64_t carry = static_cast<uint64_t>(digit - '0');
    for (uint32_t& word : words) {
      carry += uint64_t{word} * 10;
      word = static_cast<uint32_t>(carry);
      carry >>= 32;
    }
    if (carry != 0) {
      words.push_back(static_cast<uint32_t>(carry));
    }
  }
  std::string digits;
  for (size_t i = words.size(); i-- > 0;) {
    digits += hexadecimal(words[i], digits.empty() ? 1 : 8);
  }
  return "0x" + digits;
}

class Dumper {
 public:
  Dumper(std::string_view text, Version target, bool spans)
      : text_(text), target_(target), spans_(spans), has_named_(text.find("\\N{") != std::string_view::npos) {}

  template <class T>
  void list(Sequence<T> items) {
    line("[");
    for (const T& item : items) {
      put(item);
    }
    line("]");
  }

  std::string take() { return std::move(out_); }

 private:
  void line(std::string_view text) {
    out_ += text;
    out_ += '\n';
  }
  void name(std::string_view text) { line("'" + std::string(text)); }
  void optional_name(std::string_view text) { text.empty() ? line("None") : name(text); }
  void head(std::string_view kind, Span span) {
    line(!spans_ || (in_fstring_ > 0 && target_.minor < 12)
             ? std::string(kind)
             : std::string(kind) + " " + std::to_string(span.begin) + "-" + std::to_string(span.end));
  }
  void context(ExprContext ctx) { line(name_of(context_names, ctx)); }

  void put(std::string_view text) { name(text); }
  void put(CompareOperator op) { line(name_of(compare_names, op)); }
  void put(const Arg* arg) { arg == nullptr ? line("None") : put(*arg); }
  void put(const Arg& arg) {
    head("arg", arg.span);
    name(arg.arg);
    put(arg.annotation);
  }
  void put(const Keyword& keyword) {
    head("keyword", keyword.span);
    optional_name(keyword.arg);
    put(keyword.value);
  }
  void put(const Alias& alias) {
    head("alias", alias.span);
    name(alias.name);
    optional_name(alias.asname);
  }
  void put(const WithItem& item) {
    line("withitem");
    put(item.context_expr);
    put(item.optional_vars);
  }
  void put(const Comprehension& generator) {
    line("comprehension");
    put(generator.target);
    put(generator.iter);
    list(generator.ifs);
    line(generator.is_async ? "1" : "0");
  }
  void put(const ExceptHandler& handler) {
    head("ExceptHandler", handler.span);
    put(handler.type);
    optional_name(handler.name);
    list(handler.body);
  }
  void put(const MatchCase& match_case) {
    line("match_case");
    put(match_case.pattern);
    put(match_case.guard);
    list(match_case.body);
  }
  void put(const TypeParam& param) {
    head(param.kind == TypeParamKind::TypeVar     ? "TypeVar"
         : param.kind == TypeParamKind::ParamSpec ? "ParamSpec"
                                                  : "TypeVarTuple",
         param.span);
    name(param.name);
    if (param.kind == TypeParamKind::TypeVar) {
      put(param.bound);
    }
    if (target_.minor >= 13) {
      put(param.default_value);
    }
  }
  void put(const Arguments& args) {
    line("arguments");
    list(args.posonlyargs);
    list(args.args);
    put(args.vararg);
    list(args.kwonlyargs);
    list(args.kw_defaults);
    put(args.kwarg);
    list(args.defaults);
  }
  void type_params(Sequence<TypeParam> params) {
    if (target_.minor >= 12) {
      list(params);
    }
  }

  void put(const Node* node) { node == nullptr ? line("None") : put(*node); }
  void put(const Node& node) {
    const bool made_up_span = in_part_ && (node.kind == NodeKind::Constant || node.kind == NodeKind::FormattedValue ||
                                           node.kind == NodeKind::JoinedStr);
    const std::string_view kind = node.kind == NodeKind::MatchOr ? "MatchOr" : name_of(kind_names, node.kind);
    if (node.kind == NodeKind::Constant) {
      return constant(static_cast<const Constant&>(node), made_up_span);
    }
    if (made_up_span) {
      line(kind);
    } else {
      head(kind, node.span);
    }
    fields(node);
  }

  void constant(const Constant& node, bool made_up_span) {
    if (has_named_ && in_fstring_ == 0) {
      named_ = slice(text_, node.span).find("\\N{") != std::string_view::npos;
    }
    std::string text = "Constant";
    if (spans_ && (in_fstring_ == 0 || (target_.minor >= 12 && !made_up_span))) {
      text += " " + std::to_string(node.span.begin) + "-" + std::to_string(node.span.end);
    }
    line(text + " " + value(node) + (node.unicode_prefix && in_fstring_ == 0 ? " u" : ""));
    named_ = named_ && in_fstring_ > 0;
  }

  std::string value(const Constant& node) const {
    switch (node.value_kind) {
      case ConstantKind::None:
        return "None";
      case ConstantKind::True:
        return "True";
      case ConstantKind::False:
        return "False";
      case ConstantKind::Ellipsis:
        return "Ellipsis";
      case ConstantKind::Int: {
        const bool small = integer_value(node).has_value() || node.value.starts_with("0x");
        return "Int " + (small ? std::string(node.value) : decimal_to_hexadecimal(node.value));
      }
      case ConstantKind::Float:
        return "Float " + hexadecimal(std::bit_cast<uint64_t>(float_value(node)), 16);
      case ConstantKind::Complex:
        return "Complex " + hexadecimal(std::bit_cast<uint64_t>(float_value(node)), 16);
      case ConstantKind::Str:
        return named_ ? "Str ?" : "Str " + escape(node.value);
      case ConstantKind::Bytes:
        return "Bytes " + escape(node.value);
    }
    return "";
  }

  void joined(const JoinedStr& node) {
    const bool outer_named = named_;
    const bool outer_part = in_part_;
    if (has_named_ && in_fstring_ == 0) {
      named_ = slice(text_, node.span).find("\\N{") != std::string_view::npos;
    }
    in_part_ = true;
    ++in_fstring_;
    list(node.values);
    --in_fstring_;
    in_part_ = outer_part;
    named_ = outer_named;
  }

  void formatted(const FormattedValue& node) {
    in_part_ = false;
    put(node.value);
    line(std::to_string(node.conversion));
    in_part_ = true;
    put(node.format_spec);
  }

  void fields(const Node& node) {
    if (const auto* function = as<FunctionDef>(&node)) {
      name(function->name), put(*function->args), list(function->body), list(function->decorator_list),
          put(function->returns);
      type_params(function->type_params);
    } else if (const auto* definition = as<ClassDef>(&node)) {
      name(definition->name), list(definition->bases), list(definition->keywords), list(definition->body),
          list(definition->decorator_list);
      type_params(definition->type_params);
    } else if (const auto* returned = as<Return>(&node)) {
      put(returned->value);
    } else if (const auto* deleted = as<Delete>(&node)) {
      list(deleted->targets);
    } else if (const auto* assign = as<Assign>(&node)) {
      list(assign->targets), put(assign->value);
    } else if (const auto* alias = as<TypeAlias>(&node)) {
      put(alias->name), list(alias->type_params), put(alias->value);
    } else if (const auto* augmented = as<AugAssign>(&node)) {
      put(augmented->target), line(name_of(operator_names, augmented->op)), put(augmented->value);
    } else if (const auto* annotated = as<AnnAssign>(&node)) {
      put(annotated->target), put(annotated->annotation), put(annotated->value), line(annotated->simple ? "1" : "0");
    } else if (const auto* for_loop = as<For>(&node)) {
      put(for_loop->target), put(for_loop->iter), list(for_loop->body), list(for_loop->orelse);
    } else if (const auto* while_loop = as<While>(&node)) {
      put(while_loop->test), list(while_loop->body), list(while_loop->orelse);
    } else if (const auto* branch = as<If>(&node)) {
      put(branch->test), list(branch->body), list(branch->orelse);
    } else if (const auto* with = as<With>(&node)) {
      list(with->items), list(with->body);
    } else if (const auto* match = as<Match>(&node)) {
      put(match->subject), list(match->cases);
    } else if (const auto* raised = as<Raise>(&node)) {
      put(raised->exc), put(raised->cause);
    } else if (const auto* tried = as<Try>(&node)) {
      list(tried->body), list(tried->handlers), list(tried->orelse), list(tried->finalbody);
    } else if (const auto* assertion = as<Assert>(&node)) {
      put(assertion->test), put(assertion->msg);
    } else if (const auto* import = as<Import>(&node)) {
      list(import->names);
    } else if (const auto* from = as<ImportFrom>(&node)) {
      optional_name(from->module), list(from->names), line(std::to_string(from->level));
    } else if (const auto* global = as<Global>(&node)) {
      list(global->names);
    } else if (const auto* nonlocal = as<Nonlocal>(&node)) {
      list(nonlocal->names);
    } else if (const auto* statement = as<ExprStmt>(&node)) {
      put(statement->value);
    } else {
      expression_fields(node);
    }
  }

  void expression_fields(const Node& node) {
    if (const auto* bool_op = as<BoolOp>(&node)) {
      line(bool_op->op == BoolOperator::And ? "And" : "Or"), list(bool_op->values);
    } else if (const auto* named = as<NamedExpr>(&node)) {
      put(named->target), put(named->value);
    } else if (const auto* binary = as<BinOp>(&node)) {
      put(binary->left), line(name_of(operator_names, binary->op)), put(binary->right);
    } else if (const auto* unary = as<UnaryOp>(&node)) {
      line(name_of(unary_names, unary->op)), put(unary->operand);
    } else if (const auto* lambda = as<Lambda>(&node)) {
      put(*lambda->args), put(lambda->body);
    } else if (const auto* choice = as<IfExp>(&node)) {
      put(choice->test), put(choice->body), put(choice->orelse);
    } else if (const auto* dict = as<Dict>(&node)) {
      list(dict->keys), list(dict->values);
    } else if (const auto* set = as<Set>(&node)) {
      list(set->elts);
    } else if (const auto* list_comp = as<ListComp>(&node)) {
      put(list_comp->elt), list(list_comp->generators);
    } else if (const auto* set_comp = as<SetComp>(&node)) {
      put(set_comp->elt), list(set_comp->generators);
    } else if (const auto* dict_comp = as<DictComp>(&node)) {
      put(dict_comp->key), put(dict_comp->value), list(dict_comp->generators);
    } else if (const auto* generator = as<GeneratorExp>(&node)) {
      put(generator->elt), list(generator->generators);
    } else if (const auto* await = as<Await>(&node)) {
      put(await->value);
    } else if (const auto* yield = as<Yield>(&node)) {
      put(yield->value);
    } else if (const auto* yield_from = as<YieldFrom>(&node)) {
      put(yield_from->value);
    } else if (const auto* compare = as<Compare>(&node)) {
      put(compare->left), list(compare->ops), list(compare->comparators);
    } else if (const auto* call = as<Call>(&node)) {
      put(call->func), list(call->args), list(call->keywords);
    } else if (const auto* field = as<FormattedValue>(&node)) {
      formatted(*field);
    } else if (const auto* string = as<JoinedStr>(&node)) {
      joined(*string);
    } else if (const auto* attribute = as<Attribute>(&node)) {
      put(attribute->value), name(attribute->attr), context(attribute->ctx);
    } else if (const auto* subscript = as<Subscript>(&node)) {
      put(subscript->value), put(subscript->slice), context(subscript->ctx);
    } else if (const auto* starred = as<Starred>(&node)) {
      put(starred->value), context(starred->ctx);
    } else if (const auto* variable = as<Name>(&node)) {
      name(variable->id), context(variable->ctx);
    } else if (const auto* elements = as<List>(&node)) {
      list(elements->elts), context(elements->ctx);
    } else if (const auto* tuple = as<Tuple>(&node)) {
      list(tuple->elts), context(tuple->ctx);
    } else if (const auto* part = as<Slice>(&node)) {
      put(part->lower), put(part->upper), put(part->step);
    } else {
      pattern_fields(node);
    }
  }

  void pattern_fields(const Node& node) {
    if (const auto* value_pattern = as<MatchValue>(&node)) {
      put(value_pattern->value);
    } else if (const auto* singleton = as<MatchSingleton>(&node)) {
      line(singleton->value == ConstantKind::None ? "None" : singleton->value == ConstantKind::True ? "True" : "False");
    } else if (const auto* sequence = as<MatchSequence>(&node)) {
      list(sequence->patterns);
    } else if (const auto* mapping = as<MatchMapping>(&node)) {
      list(mapping->keys), list(mapping->patterns), optional_name(mapping->rest);
    } else if (const auto* cls = as<MatchClass>(&node)) {
      put(cls->cls), list(cls->patterns), list(cls->kwd_attrs), list(cls->kwd_patterns);
    } else if (const auto* star = as<MatchStar>(&node)) {
      optional_name(star->name);
    } else if (const auto* capture = as<MatchAs>(&node)) {
      put(capture->pattern), optional_name(capture->name);
    } else if (const auto* alternatives = as<MatchOr>(&node)) {
      list(alternatives->patterns);
    }
  }

  std::string_view text_;
  Version target_;
  bool spans_;
  bool has_named_;
  bool named_ = false;
  bool in_part_ = false;
  int in_fstring_ = 0;
  std::string out_;
};

}  // namespace

std::string dump(const Module& module, std::string_view text, Version target, bool spans) {
  Dumper dumper(text, target, spans);
  dumper.list(module.body);
  return dumper.take();
}

}  // namespace spiritsafe::python
