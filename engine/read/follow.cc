// SPDX-License-Identifier: Apache-2.0
// What an expression stands for, through names, imports, attributes and one-line functions.
#include <algorithm>
#include <string>

#include "engine/python/strings.h"
#include "engine/read/builtins.h"
#include "engine/read/modules.h"

namespace spiritsafe {
namespace {

using namespace python;

constexpr size_t longest_made = 4096;  // bytes of a text that is put together

// What nobody's project replaces, whatever its own modules are called.
constexpr std::string_view never_local[] = {
    "abc",       "alembic", "collections", "dataclasses", "datetime", "decimal", "enum",   "functools",
    "ipaddress", "pathlib", "pydantic",    "sqlalchemy",  "sqlmodel", "types",   "typing", "uuid"};
static_assert(std::ranges::is_sorted(never_local));

Seen text_thing(ModuleSet& in, std::string_view text) {
  Seen seen;
  seen.kind = SeenKind::text;
  seen.text = in.scratch.copy(text);
  return seen;
}

Seen outside_thing(ModuleSet& in, std::string_view name) {
  Seen seen;
  seen.kind = SeenKind::outside;
  seen.text = in.scratch.copy(name);
  return seen;
}

Seen integer_thing(int64_t integer) {
  Seen seen;
  seen.kind = SeenKind::integer;
  seen.integer = integer;
  return seen;
}

Seen module_thing(PyModule& module) {
  Seen seen;
  seen.kind = SeenKind::module;
  seen.module = &module;
  return seen;
}

const Seen* kept_thing(ModuleSet& in, const Seen& seen) { return in.scratch.make<Seen>(seen); }

bool is_here(ModuleSet& in, std::string_view name) {
  const std::string_view top = name.substr(0, name.find('.'));
  if (std::ranges::binary_search(never_local, top)) {
    return false;
  }
  if (const auto found = in.is_local.find(top); found != in.is_local.end()) {
    return found->second;
  }
  const bool listed = std::ranges::find(in.options.local_packages, top) != in.options.local_packages.end();
  return in.is_local[std::string(top)] = listed || load_module(in, top) != nullptr;
}

// What `name` is in the module or package called `module`.
Seen imported(ModuleSet& in, const std::string& module, std::string_view name, bool relative) {
  if (!relative && !is_here(in, module)) {
    PyModule* namespace_member = load_module(in, module);  // below a folder without __init__.py
    if (!namespace_member ||
        std::ranges::binary_search(never_local, std::string_view(module).substr(0, module.find('.')))) {
      return outside_thing(in, module + "." + std::string(name));
    }
  }
  if (PyModule* found = module.empty() ? nullptr : load_module(in, module)) {
    Seen seen = name_in_module(in, *found, name);
    if (seen.kind != SeenKind::unknown || found->bindings.contains(name)) {
      return seen;
    }
  }
  if (PyModule* found = load_module(in, module.empty() ? std::string(name) : module + "." + std::string(name))) {
    return module_thing(*found);
  }
  return unknown_thing("is imported from a module that is not here");
}

Seen function_thing(const FunctionDef& node, const Visible& names) {
  Seen seen;
  seen.names = &names;
  if (!node.decorator_list.empty() || node.kind != NodeKind::FunctionDef) {
    return unknown_thing("is what a decorated function returns");
  }
  seen.kind = SeenKind::function;
  seen.parameters = node.args;
  seen.definition = &node;
  // Definitions and assignments may stand before its one return; what decides or repeats may not.
  for (const Stmt* statement : node.body) {
    const ExprStmt* docstring = as<ExprStmt>(statement);
    const bool plain = (docstring && as<Constant>(docstring->value)) || as<ClassDef>(statement) ||
                       as<FunctionDef>(statement) || as<Assign>(statement) || as<AnnAssign>(statement) ||
                       as<python::Import>(statement) || as<ImportFrom>(statement);
    const Return* result = as<Return>(statement);
    seen.returned = result && statement == node.body.back() ? result->value : nullptr;
    if (!result && !plain) {
      break;
    }
  }
  return seen;
}

Seen of_binding(ModuleSet& in, const NameBinding& binding, const Visible& names) {
  PyModule& module = *names.module;
  if (const ClassDef* definition = as<ClassDef>(binding.statement)) {
    Seen seen;
    seen.kind = SeenKind::class_of;
    seen.class_of = class_of(in, *definition, module, names);
    return seen;
  }
  if (const FunctionDef* function = as<FunctionDef>(binding.statement)) {
    return function_thing(*function, names);
  }
  if (const ImportFrom* from = as<ImportFrom>(binding.statement)) {
    const std::string base = absolute_name(module, *from);
    return imported(in, base, binding.alias->name, from->level > 0);
  }
  if (as<python::Import>(binding.statement)) {
    const std::string_view whole = binding.alias->name;
    const std::string name(binding.alias->asname.empty() ? whole.substr(0, whole.find('.')) : whole);
    if (is_here(in, name)) {
      PyModule* found = load_module(in, name);
      return found ? module_thing(*found) : unknown_thing("is a module that is not here");
    }
    return outside_thing(in, name);
  }
  return binding.value ? follow(in, names, binding.value) : unknown_thing("is assigned in a way that is not followed");
}

bool agree(const Seen& a, const Seen& b) {
  return a.kind == b.kind && a.kind != SeenKind::unknown && a.kind != SeenKind::expression &&
         a.kind != SeenKind::call && a.text == b.text && a.integer == b.integer && a.class_of == b.class_of &&
         a.module == b.module && a.expression == b.expression;
}

// The binding in force before a place; of several that may be, only what all of them say.
Seen of_bindings(ModuleSet& in, const std::vector<NameBinding>& all, const Visible& names, uint32_t before) {
  std::vector<const NameBinding*> visible;
  for (int pass = 0; pass < 3 && visible.empty(); ++pass) {
    for (const NameBinding& binding : all) {
      if ((pass > 0 || binding.at <= before) && (pass > 1 || !binding.for_checkers)) {
        if (!binding.conditional) {
          visible.clear();
        }
        visible.push_back(&binding);
      }
    }
  }
  if (visible.empty()) {
    return unknown_thing({});
  }
  if (visible.size() > 8) {
    return unknown_thing("is bound in many places");
  }
  const Seen first = of_binding(in, *visible[0], names);
  for (size_t i = 1; i < visible.size(); ++i) {
    if (!agree(first, of_binding(in, *visible[i], names))) {
      return unknown_thing("depends on a condition");
    }
  }
  return first;
}

// ---- calls ---------------------------------------------------------------------------------------------------------

Seen call_project_function(ModuleSet& in, const Seen& function, const Seen& call) {
  if (!function.returned) {
    return unknown_thing("is what a function of several statements returns");
  }
  const SeenArguments arguments = arguments_of(in, call);
  std::vector<LocalName> locals;
  const Arguments& parameters = *function.parameters;
  std::vector<Arg> places(parameters.posonlyargs.begin(), parameters.posonlyargs.end());
  places.insert(places.end(), parameters.args.begin(), parameters.args.end());
  const size_t without = places.size() - std::min(places.size(), parameters.defaults.size());
  for (size_t i = 0; i < places.size(); ++i) {
    const SeenArgument* given = arguments.find(places[i].arg, i);
    locals.push_back({places[i].arg, given            ? given->value
                                     : arguments.open ? unknown_thing("is an argument that is not known")
                                     : i >= without   ? follow(in, *function.names, parameters.defaults[i - without])
                                                      : unknown_thing("is an argument that is missing")});
  }
  for (size_t i = 0; i < parameters.kwonlyargs.size(); ++i) {
    const SeenArgument* given = arguments.find(parameters.kwonlyargs[i].arg);
    const Expr* fallback = i < parameters.kw_defaults.size() ? parameters.kw_defaults[i] : nullptr;
    locals.push_back({parameters.kwonlyargs[i].arg, given ? given->value
                                                    : fallback && !arguments.open
                                                        ? follow(in, *function.names, fallback)
                                                        : unknown_thing("is an argument that is missing")});
  }
  for (const Arg* rest : {parameters.vararg, parameters.kwarg}) {
    if (rest) {
      locals.push_back({rest->arg, unknown_thing("is what a function is given besides")});
    }
  }
  Visible* names = in.scratch.make<Visible>();
  names->module = function.names->module;
  names->outer = function.names;
  std::unique_ptr<Bindings>& bindings = in.of_functions[function.definition];
  if (!bindings) {
    bindings = std::make_unique<Bindings>();
    collect_bindings(function.definition->body, *bindings, nullptr);
  }
  names->bindings = bindings.get();
  names->locals = in.scratch.copy(locals);
  return follow(in, *names, function.returned);
}

Seen follow_call(ModuleSet& in, const Visible& names, const Call& node) {
  Seen call;
  call.kind = SeenKind::call;
  call.names = &names;
  call.expression = &node;
  Seen callee = follow(in, names, node.func);
  if (callee.kind == SeenKind::call && leaf_in(*callee.base, {"functools"}) == "partial") {
    const SeenArguments of_partial = arguments_of(in, callee);
    if (of_partial.items.empty() || !of_partial.items[0].name.empty()) {
      return unknown_thing("is a partial of something unknown");
    }
    call.partial = kept_thing(in, callee);
    callee = of_partial.items[0].value;
  }
  if (callee.kind == SeenKind::method && callee.base->kind == SeenKind::text && node.args.empty() &&
      (callee.text == "lower" || callee.text == "upper")) {
    std::string text(callee.base->text);
    const bool lower = callee.text == "lower";
    std::ranges::transform(text, text.begin(), [&](char c) {
      return static_cast<char>(lower && c >= 'A' && c <= 'Z' ? c + 32 : !lower && c >= 'a' && c <= 'z' ? c - 32 : c);
    });
    return text_thing(in, text);
  }
  call.base = kept_thing(in, callee);
  if (callee.kind == SeenKind::unknown) {
    return callee;
  }
  return callee.kind == SeenKind::function ? call_project_function(in, callee, call) : call;
}

Seen follow_joined(ModuleSet& in, const Visible& names, const JoinedStr& node) {
  std::string text;
  for (const Expr* part : node.values) {
    const FormattedValue* formatted = as<FormattedValue>(part);
    if (formatted && (formatted->conversion != -1 || formatted->format_spec)) {
      return unknown_thing("is put together when it runs");
    }
    const Seen value = follow(in, names, formatted ? formatted->value : part);
    if (value.kind == SeenKind::integer) {
      text += std::to_string(value.integer);
    } else if (value.kind == SeenKind::text && text.size() + value.text.size() <= longest_made) {
      text += value.text;
    } else {
      return unknown_thing("is put together when it runs");
    }
  }
  return text_thing(in, text);
}

Seen follow_operator(ModuleSet& in, const Visible& names, const BinOp& node, Seen whole) {
  if (node.op == Operator::BitOr) {
    return whole;
  }
  const Seen left = follow(in, names, node.left);
  const Seen right = follow(in, names, node.right);
  if (left.kind == SeenKind::text && right.kind == SeenKind::text && node.op == Operator::Add &&
      left.text.size() + right.text.size() <= longest_made) {
    return text_thing(in, std::string(left.text).append(right.text));
  }
  if (left.kind == SeenKind::integer && right.kind == SeenKind::integer && left.integer >= 0 && right.integer >= 0 &&
      left.integer < (1 << 30) && right.integer < (1 << 30)) {
    switch (node.op) {
      case Operator::Add:
        return integer_thing(left.integer + right.integer);
      case Operator::Sub:
        return integer_thing(left.integer - right.integer);
      case Operator::Mult:
        return integer_thing(left.integer * right.integer);
      default:
        break;
    }
  }
  return whole;
}

Seen follow_constant(ModuleSet& in, const Constant& node, Seen whole) {
  switch (node.value_kind) {
    case ConstantKind::None:
      whole.kind = SeenKind::none;
      return whole;
    case ConstantKind::True:
    case ConstantKind::False:
      whole.kind = SeenKind::boolean;
      whole.integer = node.value_kind == ConstantKind::True;
      return whole;
    case ConstantKind::Int:
      if (const auto value = integer_value(node)) {
        whole.kind = SeenKind::integer;
        whole.integer = *value;
      }
      return whole;
    case ConstantKind::Str:
      if (node.value_known) {
        whole.kind = SeenKind::text;
        whole.text = node.value;
      }
      return whole;
    default:
      static_cast<void>(in);
      return whole;
  }
}

Seen follow_kind(ModuleSet& in, const Visible& names, const Expr& node) {
  Seen whole;
  whole.kind = SeenKind::expression;
  whole.names = &names;
  whole.expression = &node;
  switch (node.kind) {
    case NodeKind::Constant:
      return follow_constant(in, static_cast<const Constant&>(node), whole);
    case NodeKind::Name:
      return follow_name(in, names, static_cast<const Name&>(node).id);
    case NodeKind::Attribute: {
      const auto& attribute = static_cast<const Attribute&>(node);
      return attribute_of(in, follow(in, names, attribute.value), attribute.attr);
    }
    case NodeKind::Call:
      return follow_call(in, names, static_cast<const Call&>(node));
    case NodeKind::JoinedStr:
      return follow_joined(in, names, static_cast<const JoinedStr&>(node));
    case NodeKind::BinOp:
      return follow_operator(in, names, static_cast<const BinOp&>(node), whole);
    case NodeKind::NamedExpr:
      return follow(in, names, static_cast<const NamedExpr&>(node).value);
    case NodeKind::IfExp:
      return unknown_thing("depends on a condition");
    default:
      return whole;
  }
}

Seen attribute_of_class(ModuleSet& in, PyClass& one, std::string_view name) {
  resolve(in, one);
  if (name == "__name__") {
    return text_thing(in, one.node->name);
  }
  if (name == "metadata") {
    return metadata_of_class(in, one);
  }
  for (PyClass* each : one.order) {
    if (const NameBinding* binding = last_binding(each->bindings, name)) {
      if (one.ancestry.enumeration && binding->value && each == &one) {
        Seen member;
        member.kind = SeenKind::member;
        member.text = name;
        member.class_of = &one;
        member.names = each->names;
        member.expression = binding->value;
        return member;
      }
      if (as<FunctionDef>(binding->statement) || !binding->value) {
        return unknown_thing("is a method");
      }
      return follow(in, *each->names, binding->value);
    }
  }
  return unknown_thing("is an attribute that is not found");
}

}  // namespace

Seen unknown_thing(std::string_view why) {
  Seen seen;
  seen.text = why;
  return seen;
}

Seen follow(ModuleSet& in, const Visible& names, const Expr* expression) {
  if (!expression || in.depth >= deepest_following || in.budget == 0) {
    return unknown_thing("is too much to follow");
  }
  --in.budget;
  ++in.depth;
  const Seen seen = follow_kind(in, names, *expression);
  --in.depth;
  return seen;
}

Seen follow_name(ModuleSet& in, const Visible& names, std::string_view name) {
  uint32_t before = UINT32_MAX;
  for (const Visible* scope = &names; scope; scope = scope->outer) {
    for (const auto& [local, value] : scope->locals) {
      if (local == name) {
        return value;
      }
    }
    if (scope->bindings) {
      if (const auto found = scope->bindings->find(name); found != scope->bindings->end()) {
        return of_bindings(in, found->second, *scope, UINT32_MAX);
      }
    }
    before = std::min(before, scope->before);
    if (scope->body) {
      const PyClass& one = *class_of(in, *scope->body, *scope->module, *scope->outer);
      const auto found = one.bindings.find(name);
      if (scope == &names && found != one.bindings.end() &&
          std::ranges::any_of(found->second, [&](const NameBinding& each) { return each.at <= before; })) {
        return of_bindings(in, found->second, names, before);
      }
    }
  }
  return name_in_module(in, *names.module, name, before);
}

Seen name_in_module(ModuleSet& in, PyModule& module, std::string_view name, uint32_t before) {
  if (in.depth >= deepest_following || in.budget == 0) {
    return unknown_thing("is too much to follow");
  }
  --in.budget;
  ++in.depth;
  const auto done = [&](const Seen& seen) {
    --in.depth;
    return seen;
  };
  if (const auto found = module.bindings.find(name); found != module.bindings.end()) {
    return done(of_bindings(in, found->second, *module.names, before));
  }
  const std::pair<const PyModule*, std::string_view> search{&module, name};
  if (!in.searched.insert(search).second) {
    return done(unknown_thing({}));
  }
  std::string outside;
  for (auto star = module.stars.rbegin(); star != module.stars.rend() && !name.starts_with('_'); ++star) {
    const std::string base = absolute_name(module, *star->first);
    if (PyModule* from = star->first->level > 0 || is_here(in, base) ? load_module(in, base) : nullptr) {
      const Seen seen = name_in_module(in, *from, name);
      if (seen.kind != SeenKind::unknown || !seen.text.empty()) {
        in.searched.erase(search);
        return done(seen);
      }
    } else if (star->first->level == 0) {
      outside = outside.empty() ? base : "?";
    }
  }
  in.searched.erase(search);
  if (is_builtin(name)) {
    return done(outside_thing(in, "builtins." + std::string(name)));
  }
  if (!outside.empty() && outside != "?") {
    return done(outside_thing(in, outside + "." + std::string(name)));
  }
  return done(unknown_thing(outside.empty() ? std::string_view{} : "is imported by a star"));
}

Seen attribute_of(ModuleSet& in, const Seen& value, std::string_view name) {
  switch (value.kind) {
    case SeenKind::outside:
      if (name == "metadata" && leaf_in(value, {"sqlmodel"}) == "SQLModel") {
        Seen seen;
        seen.kind = SeenKind::metadata;
        seen.text = "sqlmodel";
        return seen;
      }
      return outside_thing(in, std::string(value.text).append(".").append(name));
    case SeenKind::module: {
      Seen seen = name_in_module(in, *value.module, name);
      if (seen.kind == SeenKind::unknown && seen.text.empty()) {
        PyModule* inner = load_module(in, value.module->name + "." + std::string(name));
        return inner ? module_thing(*inner) : unknown_thing("is not found in its module");
      }
      return seen;
    }
    case SeenKind::class_of:
      return attribute_of_class(in, *value.class_of, name);
    case SeenKind::member:
      return name == "value"  ? follow(in, *value.names, value.expression)
             : name == "name" ? text_thing(in, value.text)
                              : unknown_thing("is an attribute of an enumeration's member");
    case SeenKind::call:
      if (name == "metadata" && called(value) == "registry") {
        return metadata_of(in, value);
      }
      [[fallthrough]];
    case SeenKind::text: {
      Seen seen;
      seen.kind = SeenKind::method;
      seen.base = kept_thing(in, value);
      seen.text = name;
      return seen;
    }
    case SeenKind::unknown:
      return value;
    default:
      return unknown_thing("is an attribute that is not followed");
  }
}

const SeenArgument* SeenArguments::find(std::string_view name, size_t place) const {
  size_t at = 0;
  for (const SeenArgument& item : items) {
    if (item.name.empty() ? at++ == place : item.name == name) {
      return &item;
    }
  }
  return nullptr;
}

bool items_of(ModuleSet& in, const Seen& value, std::vector<SeenArgument>& items) {
  const Tuple* tuple = value.kind == SeenKind::expression ? as<Tuple>(value.expression) : nullptr;
  const python::List* list = value.kind == SeenKind::expression ? as<python::List>(value.expression) : nullptr;
  const BinOp* sum = value.kind == SeenKind::expression ? as<BinOp>(value.expression) : nullptr;
  if (sum && sum->op == Operator::Add) {
    return items_of(in, follow(in, *value.names, sum->left), items) &&
           items_of(in, follow(in, *value.names, sum->right), items);
  }
  if (!tuple && !list) {
    return false;
  }
  bool whole = true;
  for (const Expr* item : tuple ? tuple->elts : list->elts) {
    if (const Starred* starred = as<Starred>(item)) {
      whole = items_of(in, follow(in, *value.names, starred->value), items) && whole;
      continue;
    }
    items.push_back({{}, follow(in, *value.names, item), item, item->span});
  }
  return whole;
}

SeenArguments arguments_of(ModuleSet& in, const Seen& call) {
  SeenArguments arguments;
  if (call.partial) {
    arguments = arguments_of(in, *call.partial);
    arguments.items.erase(arguments.items.begin());
  }
  const auto& node = static_cast<const Call&>(*call.expression);
  const auto add_named = [&](std::string_view name, const Seen& value, const Expr* expression, Span span) {
    std::erase_if(arguments.items, [&](const SeenArgument& item) { return item.name == name; });
    arguments.items.push_back({name, value, expression, span});
  };
  for (const Expr* argument : node.args) {
    if (const Starred* starred = as<Starred>(argument)) {
      std::vector<SeenArgument> more;
      arguments.open = !items_of(in, follow(in, *call.names, starred->value), more) || arguments.open;
      arguments.items.insert(arguments.items.end(), more.begin(), more.end());
    } else {
      arguments.items.push_back({{}, follow(in, *call.names, argument), argument, argument->span});
    }
  }
  for (const Keyword& keyword : node.keywords) {
    if (!keyword.arg.empty()) {
      add_named(keyword.arg, follow(in, *call.names, keyword.value), keyword.value, keyword.value->span);
      continue;
    }
    const Seen more = follow(in, *call.names, keyword.value);
    const Dict* dict = more.kind == SeenKind::expression ? as<Dict>(more.expression) : nullptr;
    arguments.open = arguments.open || !dict;
    for (size_t i = 0; dict && i < dict->values.size(); ++i) {
      const Seen key = dict->keys[i] ? follow(in, *more.names, dict->keys[i]) : Seen{};
      if (key.kind == SeenKind::text) {
        add_named(key.text, follow(in, *more.names, dict->values[i]), dict->values[i], keyword.span);
      } else {
        arguments.open = true;
      }
    }
  }
  return arguments;
}

std::string_view leaf_in(const Seen& value, std::initializer_list<std::string_view> packages) {
  if (value.kind != SeenKind::outside) {
    return {};
  }
  const std::string_view top = value.text.substr(0, value.text.find('.'));
  return std::ranges::find(packages, top) != packages.end() ? value.text.substr(value.text.rfind('.') + 1)
                                                            : std::string_view{};
}

std::string_view called(const Seen& value) {
  return value.kind == SeenKind::call ? leaf_in(*value.base, {"sqlalchemy", "sqlmodel"}) : std::string_view{};
}

}  // namespace spiritsafe
