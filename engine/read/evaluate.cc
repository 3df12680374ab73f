// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <vector>

#include "engine/python/strings.h"
#include "engine/python/visit.h"
#include "engine/read/builtins.h"
#include "engine/read/interpret.h"

namespace spiritsafe {
namespace {

using namespace python;

constexpr std::string_view too_much = "is too much to follow";

PyValue* unknown_at(Interpreter& in, Span span) { return make_unknown(in.maker, {}, span); }

// What a name stands for that nothing in the file binds: builtins, and what everyone means by `op` and `sa`, so that a
// missing import does not hide the operations.
PyValue* unbound_name(Interpreter& in, const Name& name) {
  static constexpr std::pair<std::string_view, std::string_view> usual[] = {
      {"op", "alembic.op"}, {"sa", "sqlalchemy"}, {"postgresql", "sqlalchemy.dialects.postgresql"}};
  for (const auto& [id, path] : usual) {
    if (name.id == id) {
      return make_path(in.maker, path, {}, name.span);
    }
  }
  if (const Binding* star = find_binding(*in.module, "*"); star && star->value && !is_builtin(name.id)) {
    const std::string_view rest = in.maker.arena.copy(std::string(".").append(name.id));
    return make_path(in.maker, star->value->text, rest, name.span);
  }
  return make_path(in.maker, name.id, {}, name.span);
}

[[gnu::noinline]] PyValue* evaluate_name(Interpreter& in, const Name& name) {
  for (const PyScope* scope = in.scope; scope; scope = scope->parent) {
    const Binding* binding = find_binding(*scope, name.id);
    if (binding && binding->value) {
      return binding->value;
    }
  }
  return unbound_name(in, name);
}

// What is not inlined here keeps the frames of nested expressions small: files may nest hundreds of them.
// `sa.dialects.postgresql.JSONB` in one go, without copying: the source behind the first name is the rest of the path.
[[gnu::noinline]] PyValue* evaluate_attribute(Interpreter& in, const Attribute& attribute) {
  size_t length = attribute.attr.size() + 1;
  const Expr* inner = attribute.value;
  while (const Attribute* next = as<Attribute>(inner)) {
    length += next->attr.size() + 1;
    inner = next->value;
  }
  if (const Name* root = as<Name>(inner)) {
    PyValue* value = evaluate_name(in, *root);
    if (value->kind == ValueKind::path && value->rest.empty() && root->span.end + length == attribute.span.end) {
      PyValue* path =
          make_path(in.maker, value->text, slice(in.text, {root->span.end, attribute.span.end}), attribute.span);
      path->capacity = static_cast<uint32_t>(root_kind(*value));
      return path;
    }
  }
  return attribute_of(in, *evaluate(in, attribute.value), attribute.attr, attribute.span);
}

[[gnu::noinline]] PyValue* evaluate_constant(Interpreter& in, const Constant& constant) {
  switch (constant.value_kind) {
    case ConstantKind::None:
      return make_value(in.maker, ValueKind::none, constant.span);
    case ConstantKind::True:
    case ConstantKind::False:
      return make_boolean(in.maker, constant.value_kind == ConstantKind::True, constant.span);
    case ConstantKind::Int: {
      const std::optional<int64_t> integer = integer_value(constant);
      return integer ? make_integer(in.maker, *integer, constant.span) : unknown_at(in, constant.span);
    }
    case ConstantKind::Float: {
      PyValue* value = make_value(in.maker, ValueKind::floating, constant.span);
      value->floating = float_value(constant);
      return value;
    }
    case ConstantKind::Str: {
      if (!constant.value_known) {
        return unknown_at(in, constant.span);
      }
      // The tree outlives the values, so nothing is copied.
      PyValue* value = make_value(in.maker, ValueKind::text, constant.span);
      value->text = constant.value;
      return value;
    }
    default:
      return unknown_at(in, constant.span);
  }
}

[[gnu::noinline]] PyValue* evaluate_joined(Interpreter& in, const JoinedStr& joined) {
  std::vector<PyValue*> pieces;
  for (const Expr* part : joined.values) {
    const FormattedValue* formatted = as<FormattedValue>(part);
    if (!formatted) {
      pieces.push_back(evaluate(in, part));
      continue;
    }
    PyValue* value = evaluate(in, formatted->value);
    const bool plain = !formatted->format_spec && (formatted->conversion == -1 || formatted->conversion == 's');
    pieces.push_back(plain ? text_of(in.maker, *value, part->span) : unknown_at(in, part->span));
  }
  return join_pieces(in.maker, pieces, joined.span);
}

[[gnu::noinline]] PyValue* evaluate_display(Interpreter& in, Sequence<Expr*> elements, ValueKind kind, Span span) {
  std::vector<PyValue*> items;
  items.reserve(elements.size());
  bool open = false;
  for (const Expr* element : elements) {
    const Starred* starred = as<Starred>(element);
    if (!starred) {
      items.push_back(evaluate(in, element));
      continue;
    }
    PyValue* more = iterate(in.maker, *evaluate(in, starred->value));
    open = open || !more || more->open;
    if (more) {
      items.insert(items.end(), more->items, more->items + more->count);
    }
  }
  return make_sequence(in.maker, kind, items, open, span);
}

[[gnu::noinline]] PyValue* evaluate_dict(Interpreter& in, const Dict& dict) {
  std::vector<PyValue*> entries;
  bool open = false;
  for (size_t i = 0; i < dict.values.size(); ++i) {
    PyValue* value = evaluate(in, dict.values[i]);
    if (dict.keys[i]) {
      entries.push_back(evaluate(in, dict.keys[i]));
      entries.push_back(value);
    } else if (value->kind == ValueKind::dict) {
      entries.insert(entries.end(), items_of(*value).begin(), items_of(*value).end());
      open = open || value->open;
    } else {
      open = true;
    }
  }
  return make_sequence(in.maker, ValueKind::dict, entries, open, dict.span);
}

// ---- comprehensions ------------------------------------------------------------------------------------------------

struct ComprehensionParts {
  Interpreter& in;
  Sequence<Comprehension> generators;
  const Expr* key;
  const Expr* value;
  std::vector<PyValue*> items = {};
  std::vector<PyValue*> possible = {};  // where a filter is not decided
  bool open = false;

  void gather(size_t generator) {
    if (in.budget == 0 || items.size() + possible.size() > 2 * most_rounds) {
      open = true;
      return;
    }
    if (generator == generators.size()) {
      if (key) {
        items.push_back(evaluate(in, key));
      }
      items.push_back(evaluate(in, value));
      return;
    }
    const Comprehension& part = generators[generator];
    PyValue* iterable = evaluate(in, part.iter);
    PyValue* sequence = part.is_async ? nullptr : iterate(in.maker, *iterable);
    if (!sequence) {
      // Once, for the operations that may be in it.
      open = true;
      assign(in, *part.target, unknown_at(in, part.target->span));
      const size_t before = items.size();
      ++in.undecided;
      gather(generator + 1);
      --in.undecided;
      items.resize(std::min(before, items.size()));
      return;
    }
    open = open || sequence->open;
    const std::vector<PyValue*> rows(items_of(*sequence).begin(), items_of(*sequence).end());
    for (PyValue* item : rows) {
      if (++in.rounds > 10 * most_rounds) {
        open = true;
        return;
      }
      assign(in, *part.target, item);
      Truth holds = Truth::yes;
      for (const Expr* condition : part.ifs) {
        holds = both(holds, truth_of(*evaluate(in, condition)));
      }
      if (holds == Truth::yes) {
        gather(generator + 1);
      } else if (holds == Truth::unknown) {
        gather_possible(generator + 1);
      }
    }
  }

  void gather_possible(size_t generator) {
    const size_t before = items.size();
    ++in.undecided;
    gather(generator);
    --in.undecided;
    possible.insert(possible.end(), items.begin() + static_cast<std::ptrdiff_t>(before), items.end());
    items.resize(before);
  }
};

[[gnu::noinline]] PyValue* evaluate_comprehension(Interpreter& in, Sequence<Comprehension> generators, const Expr* key,
                                                  const Expr* value, ValueKind kind, Span span) {
  PyScope* outer = in.scope;
  const bool outer_loop = in.loop;
  in.scope = make_scope(in.maker, outer);
  in.loop = true;
  ComprehensionParts parts{in, generators, key, value};
  const size_t before = in.lists.operations.size();
  parts.gather(0);
  in.scope = outer;
  in.loop = outer_loop;
  in.open = in.open || (parts.open && in.lists.operations.size() > before);
  const bool maybe = !parts.possible.empty();
  PyValue* sequence = make_sequence(in.maker, kind, parts.items, parts.open || maybe, span);
  if (maybe && !parts.open && kind != ValueKind::dict) {
    sequence->possible = make_sequence(in.maker, ValueKind::list, parts.possible, false, span);
  }
  return sequence;
}

// ---- the rest ------------------------------------------------------------------------------------------------------

PyValue* evaluate_bool(Interpreter& in, const BoolOp& node) {
  const bool is_and = node.op == BoolOperator::And;
  PyValue* result = nullptr;
  bool sure = true;
  bool of_dialect = false;
  DialectTest whole{is_and ? every_dialect : Dialects{0}, is_and ? Dialects{0} : every_dialect};
  for (const Expr* operand : node.values) {
    PyValue* value = evaluate(in, operand);
    const Truth truth = truth_of(*value);
    const DialectTest test = dialect_test(*value);
    of_dialect = of_dialect || is_dialect_test(*value);
    whole.yes = static_cast<Dialects>(is_and ? whole.yes & test.yes : whole.yes | test.yes);
    whole.no = static_cast<Dialects>(is_and ? whole.no | test.no : whole.no & test.no);
    if (truth != Truth::unknown && (truth == Truth::yes) != is_and) {
      // It decides, unless one before it already did: then the value is not known, but the truth is.
      return sure ? value : make_truth(in.maker, truth, node.span);
    }
    sure = sure && truth != Truth::unknown;
    result = value;
  }
  return sure ? result : of_dialect ? make_dialect_test(in.maker, whole, node.span) : unknown_at(in, node.span);
}

PyValue* evaluate_compare(Interpreter& in, const Compare& node) {
  PyValue* left = evaluate(in, node.left);
  Truth result = Truth::yes;
  for (size_t i = 0; i < node.ops.size(); ++i) {
    PyValue* right = evaluate(in, node.comparators[i]);
    if (node.ops.size() == 1) {
      return apply_comparison(in.maker, node.ops[0], *left, *right, node.span);
    }
    result = both(result, truth_of(*apply_comparison(in.maker, node.ops[i], *left, *right, node.span)));
    left = right;
  }
  return make_truth(in.maker, result, node.span);
}

PyValue* evaluate_conditional(Interpreter& in, const IfExp& node) {
  const PyValue& condition = *evaluate(in, node.test);
  const Truth test = truth_of(condition);
  if (test != Truth::unknown) {
    return evaluate(in, test == Truth::yes ? node.body : node.orelse);
  }
  const DialectTest on = dialect_test(condition);
  const Dialects outer = in.dialects;
  ++in.undecided;
  in.dialects = outer & on.yes ? static_cast<Dialects>(outer & on.yes) : outer;
  const PyValue* body = evaluate(in, node.body);
  in.dialects = outer & on.no ? static_cast<Dialects>(outer & on.no) : outer;
  const PyValue* other = evaluate(in, node.orelse);
  in.dialects = outer;
  --in.undecided;
  PyValue* result = make_unknown(in.maker, "depends on a condition", node.span);
  result->foreign = body->foreign || other->foreign;
  return result;
}

[[gnu::noinline]] PyValue* evaluate_slice(Interpreter& in, PyValue& container, const python::Slice& node, Span span) {
  const auto bound = [&](const Expr* part, int64_t fallback) -> std::optional<int64_t> {
    if (!part) {
      return fallback;
    }
    const PyValue* value = evaluate(in, part);
    return value->kind == ValueKind::integer ? std::optional(value->integer) : std::nullopt;
  };
  const bool text = is_text(&container);
  const int64_t size = text ? static_cast<int64_t>(container.text.size()) : container.count;
  const auto begin = bound(node.lower, 0);
  const auto end = bound(node.upper, size);
  if (node.step || container.open || !begin || !end ||
      (!text && container.kind != ValueKind::list && container.kind != ValueKind::tuple)) {
    return unknown_at(in, span);
  }
  const auto place = [&](int64_t at) {
    return static_cast<size_t>(std::clamp<int64_t>(at < 0 ? at + size : at, 0, size));
  };
  const size_t from = place(*begin);
  const size_t count = std::max(place(*end), from) - from;
  return text ? make_text(in.maker, container.text.substr(from, count), span)
              : make_sequence(in.maker, container.kind, items_of(container).subspan(from, count), false, span);
}

PyValue* evaluate_kind(Interpreter& in, const Expr& node) {
  switch (node.kind) {
    case NodeKind::Constant:
      return evaluate_constant(in, static_cast<const Constant&>(node));
    case NodeKind::Name:
      return evaluate_name(in, static_cast<const Name&>(node));
    case NodeKind::Attribute:
      return evaluate_attribute(in, static_cast<const Attribute&>(node));
    case NodeKind::Call:
      return evaluate_call(in, static_cast<const Call&>(node));
    case NodeKind::List:
      return evaluate_display(in, static_cast<const python::List&>(node).elts, ValueKind::list, node.span);
    case NodeKind::Tuple:
      return evaluate_display(in, static_cast<const Tuple&>(node).elts, ValueKind::tuple, node.span);
    case NodeKind::Set:
      return evaluate_display(in, static_cast<const Set&>(node).elts, ValueKind::set, node.span);
    case NodeKind::Dict:
      return evaluate_dict(in, static_cast<const Dict&>(node));
    case NodeKind::JoinedStr:
      return evaluate_joined(in, static_cast<const JoinedStr&>(node));
    case NodeKind::BinOp: {
      const auto& binary = static_cast<const BinOp&>(node);
      PyValue* left = evaluate(in, binary.left);
      return apply_operator(in.maker, binary.op, *left, *evaluate(in, binary.right), node.span);
    }
    case NodeKind::UnaryOp: {
      const auto& unary = static_cast<const UnaryOp&>(node);
      return apply_unary(in.maker, unary.op, *evaluate(in, unary.operand), node.span);
    }
    case NodeKind::BoolOp:
      return evaluate_bool(in, static_cast<const BoolOp&>(node));
    case NodeKind::Compare:
      return evaluate_compare(in, static_cast<const Compare&>(node));
    case NodeKind::IfExp:
      return evaluate_conditional(in, static_cast<const IfExp&>(node));
    case NodeKind::NamedExpr: {
      const auto& named = static_cast<const NamedExpr&>(node);
      PyValue* value = evaluate(in, named.value);
      assign(in, *named.target, value);
      return value;
    }
    case NodeKind::Subscript: {
      const auto& item = static_cast<const Subscript&>(node);
      PyValue* container = evaluate(in, item.value);
      if (const auto* part = as<python::Slice>(item.slice)) {
        return evaluate_slice(in, *container, *part, node.span);
      }
      PyValue* result = subscript(in.maker, *container, *evaluate(in, item.slice), node.span);
      result->foreign = result->foreign || (result->kind == ValueKind::unknown && container->foreign);
      return result;
    }
    case NodeKind::ListComp: {
      const auto& list = static_cast<const ListComp&>(node);
      return evaluate_comprehension(in, list.generators, nullptr, list.elt, ValueKind::list, node.span);
    }
    case NodeKind::SetComp: {
      const auto& set = static_cast<const SetComp&>(node);
      return evaluate_comprehension(in, set.generators, nullptr, set.elt, ValueKind::set, node.span);
    }
    case NodeKind::GeneratorExp: {
      const auto& generator = static_cast<const GeneratorExp&>(node);
      return evaluate_comprehension(in, generator.generators, nullptr, generator.elt, ValueKind::list, node.span);
    }
    case NodeKind::DictComp: {
      const auto& dict = static_cast<const DictComp&>(node);
      return evaluate_comprehension(in, dict.generators, dict.key, dict.value, ValueKind::dict, node.span);
    }
    case NodeKind::Await:
      return evaluate(in, static_cast<const Await&>(node).value);
    case NodeKind::Yield:
      evaluate(in, static_cast<const Yield&>(node).value);
      return unknown_at(in, node.span);
    case NodeKind::Starred:
      return evaluate(in, static_cast<const Starred&>(node).value);
    default:
      return unknown_at(in, node.span);
  }
}

// The value that a class of the file gives one of its names.
PyValue* class_attribute(Interpreter& in, const PyValue& definition, std::string_view name, Span span) {
  const auto& node = static_cast<const ClassDef&>(*definition.definition.node);
  const std::string_view wanted = name == "__table__" ? "__tablename__" : name;
  for (const Stmt* statement : node.body) {
    const Assign* plain = as<Assign>(statement);
    const AnnAssign* annotated = as<AnnAssign>(statement);
    const Expr* target = plain ? plain->targets.front() : annotated ? annotated->target : nullptr;
    const Expr* value = plain ? plain->value : annotated ? annotated->value : nullptr;
    if (!target || !value || !as<Name>(target) || as<Name>(target)->id != wanted) {
      continue;
    }
    if (value->kind != NodeKind::Constant) {
      break;
    }
    PyValue* result = evaluate(in, value);
    if (name == "__table__") {
      PyValue* table = make_value(in.maker, ValueKind::table, span);
      table->text = is_text(result) ? result->text : std::string_view{};
      table->open = !is_text(result);
      return table;
    }
    return result;
  }
  return unknown_at(in, span);
}

}  // namespace

PyValue* evaluate(Interpreter& in, const Expr* expression) {
  if (!expression) {
    return unknown_at(in, {});
  }
  if (in.budget == 0 || in.depth >= deepest_evaluation) {
    in.open = true;
    return make_unknown(in.maker, too_much, expression->span);
  }
  --in.budget;
  ++in.depth;
  PyValue* value = evaluate_kind(in, *expression);
  --in.depth;
  return value;
}

PyValue* attribute_of(Interpreter& in, PyValue& value, std::string_view name, Span span) {
  switch (value.kind) {
    case ValueKind::path: {
      const std::string_view base = full_path(in.maker, value);
      return make_path(in.maker, base, in.maker.arena.copy(std::string(".").append(name)), span);
    }
    case ValueKind::context:
      return make_value(in.maker,
                        name == "bind" || name == "connection" ? ValueKind::connection
                        : name == "impl"                       ? ValueKind::context
                        : name == "dialect"                    ? ValueKind::dialect
                                                               : ValueKind::unknown,
                        span);
    case ValueKind::connection:
      return make_value(in.maker,
                        name == "connection" || name == "engine" || name == "sync_connection" ? ValueKind::connection
                        : name == "dialect"                                                   ? ValueKind::dialect
                        : name == "name"                                                      ? ValueKind::dialect_name
                                                                                              : ValueKind::unknown,
                        span);
    case ValueKind::dialect:
      return make_value(in.maker, name == "name" ? ValueKind::dialect_name : ValueKind::unknown, span);
    case ValueKind::session:
      return make_value(in.maker, name == "bind" ? ValueKind::connection : ValueKind::unknown, span);
    case ValueKind::class_of_file:
      return class_attribute(in, value, name, span);
    default: {
      PyValue* result = unknown_at(in, span);
      result->foreign = value.foreign;
      return result;
    }
  }
}

}  // namespace spiritsafe
