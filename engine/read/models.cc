// SPDX-License-Identifier: Apache-2.0
// From env.py to the models: which modules it reaches, whose metadata it compares, which classes have tables.
#include "engine/read/models.h"

#include <algorithm>
#include <deque>
#include <string>

#include "engine/python/visit.h"
#include "engine/read/model_fields.h"

namespace spiritsafe {
namespace {

using namespace python;

std::string where(const PyModule& module, Span span) {
  return module.file->source.path + ":" + std::to_string(LineIndex(module.text).locate(span.begin).line);
}

void add_doubt(ModuleSet& in, const std::string& text) {
  in.doubts.push_back(known(in.kept.copy(std::string_view(text))));
}

// ---- what env.py imports -------------------------------------------------------------------------------------------

struct Reach {
  ModuleSet& in;
  std::deque<PyModule*> todo = {};
  std::set<std::string_view> called_by_env = {};
  bool loads_by_name = false;  // importlib and the like, with names that are not written

  void add(PyModule* module) {
    if (module && !module->reached) {
      module->reached = true;
      todo.push_back(module);
    }
  }

  // Importing a.b.c runs a, then a.b, then a.b.c.
  PyModule* add_all(const std::string& name) {
    PyModule* last = nullptr;
    for (size_t dot = name.find('.');; dot = name.find('.', dot + 1)) {
      last = load_module(in, std::string_view(name).substr(0, dot));
      add(last);
      if (dot == std::string::npos) {
        return last;
      }
    }
  }

  void add_from(const PyModule& module, const ImportFrom& node) {
    const std::string base = absolute_name(module, node);
    if (base.empty()) {
      return;
    }
    PyModule* from = add_all(base);
    // `from . import user` in a package's __init__.py binds the name itself.
    const bool binds = from && from != &module;
    for (const Alias& alias : node.names) {
      if (alias.name != "*" && !(binds && from->bindings.contains(alias.name))) {
        add(load_module(in, base + "." + std::string(alias.name)));
      }
    }
  }

  void add_call(const PyModule& module, const Call& call) {
    const auto* attribute = as<python::Attribute>(call.func);
    const auto* name = as<Name>(call.func);
    const std::string_view leaf = attribute ? attribute->attr : name ? name->id : std::string_view{};
    if (leaf == "import_module" || leaf == "__import__") {
      const auto* literal = call.args.empty() ? nullptr : as<Constant>(call.args[0]);
      if (literal && literal->value_kind == ConstantKind::Str && !literal->value.starts_with('.')) {
        add_all(std::string(literal->value));
      } else {
        loads_by_name = true;
        add_doubt(in, "modules are imported by names that are not written, at " + where(module, call.span));
      }
    } else if (leaf == "walk_packages" || leaf == "iter_modules") {
      loads_by_name = true;
      add_doubt(in, "modules are imported by a search, at " + where(module, call.span));
    }
  }

  void scan(const PyModule& module, const Node& root, bool is_env) {
    python::walk(root, [&](const Node& node) {
      if (const auto* function = as<FunctionDef>(&node); function && !is_env) {
        return called_by_env.contains(function->name);
      }
      if (const If* branch = as<If>(&node)) {
        const Name* test = as<Name>(branch->test);
        const auto* dotted = as<python::Attribute>(branch->test);
        if ((test && test->id == "TYPE_CHECKING") || (dotted && dotted->attr == "TYPE_CHECKING")) {
          for (const Stmt* other : branch->orelse) {
            scan(module, *other, is_env);
          }
          return false;
        }
      }
      if (const python::Import* import = as<python::Import>(&node)) {
        for (const Alias& alias : import->names) {
          add_all(std::string(alias.name));
        }
      } else if (const ImportFrom* from = as<ImportFrom>(&node)) {
        add_from(module, *from);
      } else if (const Call* call = as<Call>(&node)) {
        add_call(module, *call);
        if (const Name* name = as<Name>(call->func); name && is_env) {
          called_by_env.insert(name->id);
        }
      }
      return true;
    });
  }

  void run(PyModule* env) {
    add(env);
    while (!todo.empty()) {
      PyModule* module = todo.front();
      todo.pop_front();
      if (module->tree) {
        for (const Stmt* statement : module->tree->body) {
          scan(*module, *statement, module == env);
        }
      }
    }
    if (in.order.size() >= most_modules) {
      add_doubt(in, "more than " + std::to_string(most_modules) + " modules are imported");
    }
  }
};

constexpr std::string_view default_version_table = "alembic_version";  // Alembic's

// ---- what env.py gives autogenerate ---------------------------------------------------------------------------------

void read_option(ModuleSet& in, PyModule& env, std::string_view name, const Expr* value, ModelsFacts& facts) {
  const auto* constant = as<Constant>(value);
  const bool is_none = constant && constant->value_kind == ConstantKind::None;
  if ((name == "include_object" || name == "include_name") && !is_none) {
    facts.filter = known(in.kept.copy(name), value->span);
    facts.left_out = read_filter(in, env, value, name == "include_object");
  } else if (name == "include_schemas") {
    const bool is_flag =
        constant && (constant->value_kind == ConstantKind::True || constant->value_kind == ConstantKind::False);
    facts.include_schemas = is_flag ? known(constant->value_kind == ConstantKind::True) : unknown<bool>();
  } else if (name == "version_table" && !is_none) {
    const Seen text = follow(in, Visible{&env}, value);
    facts.version_table = text.kind == SeenKind::text ? known(in.kept.copy(text.text)) : unknown<std::string_view>();
  }
}

// As arguments of configure(), or in a dictionary that it may be given.
void read_options(ModuleSet& in, PyModule& env, ModelsFacts& facts) {
  for (const Stmt* statement : env.tree->body) {
    python::walk(*statement, [&](const Node& node) {
      if (const Call* call = as<Call>(&node)) {
        for (const Keyword& keyword : call->keywords) {
          read_option(in, env, keyword.arg, keyword.value, facts);
        }
      } else if (const Dict* dict = as<Dict>(&node)) {
        for (size_t i = 0; i < dict->keys.size(); ++i) {
          const auto* key = as<Constant>(dict->keys[i]);
          if (key && key->value_kind == ConstantKind::Str) {
            read_option(in, env, key->value, dict->values[i], facts);
          }
        }
      }
      return true;
    });
  }
}

// ---- metadata ------------------------------------------------------------------------------------------------------

struct Target {
  std::vector<Seen> metadata = {};
  bool is_known = false;
};

Target find_target(ModuleSet& in, PyModule* env) {
  Target target;
  if (!env || !env->bindings.contains("target_metadata")) {
    return target;
  }
  const Seen value = name_in_module(in, *env, "target_metadata");
  std::vector<SeenArgument> items;
  if (value.kind == SeenKind::none) {
    return target;
  }
  target.is_known = true;
  if (!items_of(in, value, items)) {
    items.push_back({{}, value, nullptr, {}});
  }
  for (const SeenArgument& item : items) {
    target.metadata.push_back(metadata_of(in, item.value));
    target.is_known = target.is_known && target.metadata.back().kind == SeenKind::metadata;
  }
  if (!target.is_known) {
    add_doubt(in, "target_metadata of " + env->file->source.path + " cannot be followed");
  }
  return target;
}

void read_naming(ModuleSet& in, const Seen& dict, ModelsFacts& facts) {
  const auto* node = dict.kind == SeenKind::expression ? as<Dict>(dict.expression) : nullptr;
  facts.naming.clear();
  facts.naming_unknown = !node && dict.kind != SeenKind::none;
  for (size_t i = 0; node && i < node->values.size(); ++i) {
    const Seen key = node->keys[i] ? follow(in, *dict.names, node->keys[i]) : Seen{};
    const Seen pattern = follow(in, *dict.names, node->values[i]);
    if (key.kind == SeenKind::text && pattern.kind == SeenKind::text) {
      facts.naming.push_back({known(in.kept.copy(key.text)), known(in.kept.copy(pattern.text))});
    } else {
      facts.naming_unknown = true;
    }
  }
}

void read_metadata_call(ModuleSet& in, const Seen& call, ModelsFacts& facts) {
  const SeenArguments arguments = arguments_of(in, call);
  if (const SeenArgument* naming = arguments.find("naming_convention")) {
    read_naming(in, naming->value, facts);
  }
  facts.schema = text_of(in, arguments.find("schema", 0), {});
  facts.naming_unknown = facts.naming_unknown || arguments.open;
}

// `SQLModel.metadata.naming_convention = {…}`, `SQLModel.metadata = MetaData(…)`, anywhere in the modules.
void read_metadata_changes(ModuleSet& in, ModelsFacts& facts) {
  for (size_t i = 0; i < in.order.size(); ++i) {
    const PyModule& module = *in.order[i];
    for (const Stmt* statement : module.tree ? module.tree->body : Sequence<Stmt*>{}) {
      const Assign* assign = as<Assign>(statement);
      const auto* target = assign ? as<python::Attribute>(assign->targets[0]) : nullptr;
      if (!target || !module.reached ||
          (target->attr != "metadata" && target->attr != "naming_convention" && target->attr != "schema")) {
        continue;
      }
      const Seen value = follow(in, *module.names, assign->value);
      const Seen base = follow(in, *module.names, target->value);
      if (target->attr == "metadata" && leaf_in(base, {"sqlmodel"}) == "SQLModel") {
        if (const Seen metadata = metadata_of(in, value); metadata.base) {
          read_metadata_call(in, *metadata.base, facts);
        } else {
          facts.naming_unknown = true;
        }
      } else if (base.kind == SeenKind::metadata && target->attr == "naming_convention") {
        read_naming(in, value, facts);
      } else if (base.kind == SeenKind::metadata && target->attr == "schema") {
        facts.schema = text_of(in, std::vector<SeenArgument>{{{}, value, nullptr, {}}}.data(), {});
      }
    }
  }
}

// ---- models --------------------------------------------------------------------------------------------------------

bool is_true(ModuleSet& in, const Visible& names, const Expr* expression) {
  const Seen seen = follow(in, names, expression);
  return seen.kind == SeenKind::boolean && seen.integer != 0;
}

bool says_table(ModuleSet& in, PyClass& one) {
  for (const Keyword& keyword : one.node->keywords) {
    if (keyword.arg == "table") {
      return is_true(in, *one.names->outer, keyword.value);
    }
  }
  if (const NameBinding* config = last_binding(one.bindings, "model_config"); config && config->value) {
    const Seen value = follow(in, *one.names, config->value);
    if (const Dict* dict = value.kind == SeenKind::expression ? as<Dict>(value.expression) : nullptr) {
      for (size_t i = 0; i < dict->values.size(); ++i) {
        const Seen key = dict->keys[i] ? follow(in, *value.names, dict->keys[i]) : Seen{};
        if (key.kind == SeenKind::text && key.text == "table") {
          return is_true(in, *value.names, dict->values[i]);
        }
      }
    } else if (value.kind == SeenKind::call) {
      const SeenArguments arguments = arguments_of(in, value);
      const SeenArgument* table = arguments.find("table");
      return table && table->value.kind == SeenKind::boolean && table->value.integer != 0;
    }
  }
  for (const Stmt* statement : one.node->body) {
    const ClassDef* config = as<ClassDef>(statement);
    if (config && config->name == "Config") {
      const PyClass& inner = *class_of(in, *config, *one.module, *one.names);
      const NameBinding* table = last_binding(inner.bindings, "table");
      return table && table->value && is_true(in, *inner.names, table->value);
    }
  }
  return false;
}

struct ModelReader {
  ModuleSet& in;
  ModelsFacts& facts;
  const Target& target;
  bool loads_by_name = false;
  std::set<std::string> shared = {};  // tables to which a subclass adds columns, by their class

  Text table_name(PyClass& one, bool sqlmodel) {
    for (PyClass* each : one.order) {
      const NameBinding* binding = last_binding(each->bindings, "__tablename__");
      if (!binding) {
        continue;
      }
      Seen value;
      if (const auto* function = as<FunctionDef>(binding->statement)) {
        const Return* result = function->body.size() == 1 ? as<Return>(function->body[0]) : nullptr;
        Visible* names = in.scratch.make<Visible>(*each->names);
        LocalName itself;
        itself.name = function->args->args.empty() ? "cls" : function->args->args[0].arg;
        itself.value.kind = SeenKind::class_of;
        itself.value.class_of = &one;
        names->locals = in.scratch.copy(std::span<const LocalName>(&itself, 1));
        value = result && result->value ? follow(in, *names, result->value) : Seen{};
      } else if (binding->value) {
        value = follow(in, *each->names, binding->value);
      } else {
        continue;  // only annotated
      }
      return value.kind == SeenKind::text ? known(in.kept.copy(value.text), binding->statement->span)
                                          : unknown<std::string_view>(one.node->name_span);
    }
    if (!sqlmodel || one.ancestry.open) {
      return unknown<std::string_view>(one.node->name_span);
    }
    std::string lower(one.node->name);
    std::ranges::transform(lower, lower.begin(),
                           [](char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c); });
    const bool ascii = std::ranges::all_of(lower, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    return ascii ? known(in.kept.copy(std::string_view(lower)), one.node->name_span)
                 : unknown<std::string_view>(one.node->name_span);
  }

  // Is it in the metadata that env.py compares?
  bool is_compared(const Seen& metadata) const {
    return !target.is_known || metadata.kind != SeenKind::metadata ||
           std::ranges::any_of(target.metadata, [&](const Seen& each) { return each.text == metadata.text; });
  }

  Model* start(PyModule& module, Span span, std::string_view name) {
    Model* model = in.kept.make<Model>();
    model->span = span;
    model->file = module.file;
    model->module = known(in.kept.copy(std::string_view(module.name)));
    model->name = known(name, span);
    model->pydantic_1 = in.pydantic_1;
    model->imported = module.reached ? known(true) : loads_by_name ? unknown<bool>() : known(false);
    return model;
  }

  void finish(Model* model, FieldsFound&& found, TableParts&& parts) {
    for (ModelField& field : found.fields) {
      field.model = model;
      if (field.enumeration && std::ranges::find(facts.enums, field.enumeration) == facts.enums.end()) {
        facts.enums.push_back(field.enumeration);
      }
    }
    model->fields = in.kept.copy(found.fields);
    model->constraints = in.kept.copy(parts.constraints);
    model->indexes = in.kept.copy(parts.indexes);
    for (ModelRelationship& relationship : found.relationships) {
      relationship.model = model;
    }
    model->relationships = in.kept.copy(found.relationships);
    model->table_args_not_tuple = parts.not_a_tuple;
    model->extends_table = parts.extends;
    model->schema = parts.schema.is_absent() ? facts.schema : parts.schema;
    model->comment = parts.comment;
    model->open = found.open || parts.open;
    const std::string_view why = found.open ? found.why : parts.why;
    model->why =
        model->open || model->table_name.is_unknown()
            ? known(in.kept.copy(why.empty() ? std::string_view("is made in a way that is not followed") : why))
            : Text{};
    facts.models.push_back(model);
  }

  // The nearest class above that has a table; nullptr where there is none.
  PyClass* parent_with_table(PyClass& one, bool sqlmodel) {
    for (PyClass* each : one.order) {
      resolve(in, *each);
      if (each != &one && (sqlmodel ? says_table(in, *each) : is_declarative_table(*each))) {
        return each;
      }
    }
    return nullptr;
  }

  bool is_declarative_table(PyClass& one) {
    resolve(in, one);
    const NameBinding* abstract = last_binding(one.bindings, "__abstract__");
    if (!one.ancestry.declarative || (abstract && abstract->value && is_true(in, *one.names, abstract->value))) {
      return false;
    }
    // A base that only gives the name to its heirs is no table: it has no key and lies right above DeclarativeBase.
    const bool is_base =
        std::ranges::none_of(one.order, [&](PyClass* each) { return each != &one && each->ancestry.declarative; });
    return !is_base && std::ranges::any_of(one.order, [](PyClass* each) {
      return last_binding(each->bindings, "__tablename__") != nullptr;
    });
  }

  void read_class(PyModule& module, const ClassDef& node) {
    PyClass& one = *class_of(in, node, module, *module.names);
    resolve(in, one);
    const bool sqlmodel = one.ancestry.sqlmodel;
    const bool named = last_binding(one.bindings, "__tablename__") != nullptr;
    const bool maybe = !sqlmodel && !one.ancestry.declarative && one.ancestry.open && named && !one.ancestry.pydantic;
    const bool table = sqlmodel ? says_table(in, one) : is_declarative_table(one) || maybe;
    const bool sqlmodel_unknown = !sqlmodel && one.ancestry.open && says_table(in, one);
    if (!table && !sqlmodel_unknown) {
      return;
    }
    PyClass* parent = parent_with_table(one, sqlmodel);
    if (parent && (sqlmodel || !named)) {
      shared.insert(parent->module->name + ":" + std::string(parent->node->name));
      Model* heir = start(module, node.name_span, node.name);
      heir->is_sqlmodel = sqlmodel;
      heir->table_of = known(parent->node->name, node.name_span);
      facts.heirs.push_back(heir);
      return;
    }
    const Seen metadata = metadata_of_class(in, one);
    if (!is_compared(metadata)) {
      return;
    }
    Model* model = start(module, node.name_span, node.name);
    model->is_sqlmodel = sqlmodel || sqlmodel_unknown;
    model->table_name = table_name(one, model->is_sqlmodel);
    model->mapper_arguments = std::ranges::any_of(
        one.order, [](PyClass* each) { return last_binding(each->bindings, "__mapper_args__") != nullptr; });
    TableParts parts;
    read_table_args(in, one, parts);
    FieldsFound found = model->is_sqlmodel
                            ? read_sqlmodel_fields(in, one)
                            : read_declarative_fields(in, one, parent ? parent->order : std::vector<PyClass*>{});
    if (last_binding(one.bindings, "__table__")) {
      found.open = true;
      found.why = "has a __table__ of its own";
    }
    for (const Expr* decorator : node.decorator_list) {
      const Seen seen = follow(in, *one.names->outer, decorator);
      const bool harmless =
          seen.kind == SeenKind::outside || (seen.kind == SeenKind::call && seen.base->kind == SeenKind::outside);
      if (!harmless) {
        found.open = true;
        found.why = "has a decorator that is not followed";
      }
    }
    finish(model, std::move(found), std::move(parts));
  }

  void read_table(PyModule& module, std::string_view name, const Expr* expression) {
    if (!as<Call>(expression)) {
      return;
    }
    const Seen call = follow(in, *module.names, expression);
    if (called(call) != "Table") {
      return;
    }
    const SeenArguments arguments = arguments_of(in, call);
    const SeenArgument* metadata = arguments.find("metadata", 1);
    if (!is_compared(metadata ? metadata_of(in, metadata->value) : Seen{})) {
      return;
    }
    Model* model = start(module, expression->span, name);
    model->is_core = true;
    model->table_name = text_of(in, arguments.find("name", 0), expression->span);
    TableParts parts;
    read_table_items(in, call, module, parts);
    FieldsFound found;
    found.fields = std::move(parts.fields);
    finish(model, std::move(found), std::move(parts));
  }

  void read_statements(PyModule& module, Sequence<Stmt*> statements, int depth) {
    for (const Stmt* statement : statements) {
      if (const ClassDef* definition = as<ClassDef>(statement)) {
        read_class(module, *definition);
      } else if (const Assign* assign = as<Assign>(statement)) {
        const Name* name = as<Name>(assign->targets[0]);
        read_table(module, name ? name->id : std::string_view{}, assign->value);
      } else if (const AnnAssign* annotated = as<AnnAssign>(statement); annotated && annotated->value) {
        const Name* name = as<Name>(annotated->target);
        read_table(module, name ? name->id : std::string_view{}, annotated->value);
      } else if (const ExprStmt* alone = as<ExprStmt>(statement)) {
        read_table(module, {}, alone->value);
      } else if (const If* branch = as<If>(statement); branch && depth < 20) {
        read_conditional(module, branch->body, depth);
        read_conditional(module, branch->orelse, depth);
      } else if (const Try* attempt = as<Try>(statement); attempt && depth < 20) {
        read_conditional(module, attempt->body, depth);
      }
    }
  }

  void read_conditional(PyModule& module, Sequence<Stmt*> statements, int depth) {
    const size_t before = facts.models.size();
    read_statements(module, statements, depth + 1);
    for (size_t i = before; i < facts.models.size(); ++i) {
      Model& model = const_cast<Model&>(*facts.models[i]);
      model.imported = unknown<bool>();
      model.open = true;
      model.why = known(std::string_view("is defined under a condition"));
    }
  }
};

}  // namespace

std::unique_ptr<ModelsFacts> read_models(const ModelSources& sources, const FindFile& find,
                                         const ReadOptions& options) {
  auto facts = std::make_unique<ModelsFacts>();
  facts->versions = sources.versions;
  facts->behaviour = behaviour_of(options.behaviours.sqlmodel, sources.versions.sqlmodel);
  ModuleSet in{sources, find, options, facts->arena, facts->arena};
  in.pydantic_1 = uses_pydantic_1(sources.versions.pydantic, facts->behaviour);
  PyModule* env = sources.env.empty() ? nullptr : load_file(in, sources.env, {}, false);
  Reach reach{in};
  reach.run(env);
  for (const std::string& path : sources.others) {
    if (in.by_path.contains(path) && in.by_path[path]) {
      continue;
    }
    // Its name as the nearest of the folders has it.
    std::string name;
    for (const std::string& folder : sources.folders) {
      const std::string start = folder.empty() ? "" : folder + "/";
      if (path.starts_with(start) && (name.empty() || path.size() - start.size() < name.size())) {
        name = path.substr(start.size());
      }
    }
    const bool is_package = name.ends_with("/__init__.py");
    name.resize(name.size() - std::min<size_t>(name.size(), is_package ? 12 : 3));
    std::ranges::replace(name, '/', '.');
    load_file(in, path, name.empty() ? "/" + path : name, is_package);
  }
  const Target target = find_target(in, env);
  for (const Seen& metadata : target.metadata) {
    if (metadata.base && target.metadata.size() == 1) {
      read_metadata_call(in, *metadata.base, *facts);
    }
  }
  read_metadata_changes(in, *facts);
  facts->version_table = known(default_version_table);
  if (env && env->tree) {
    read_options(in, *env, *facts);
  }
  if (target.metadata.size() > 1) {
    facts->naming_unknown = true;
  }
  ModelReader reader{in, *facts, target, reach.loads_by_name};
  for (size_t i = 0; i < in.order.size(); ++i) {
    if (in.order[i]->tree && in.order[i] != env) {
      reader.read_statements(*in.order[i], in.order[i]->tree->body, 0);
    }
  }
  for (const Model* model : facts->models) {
    if (reader.shared.contains(std::string(model->module.value) + ":" + std::string(model->name.value)) &&
        !model->is_sqlmodel) {
      const_cast<Model*>(model)->open = true;
      const_cast<Model*>(model)->why = known(std::string_view("shares its table with a subclass"));
    }
  }
  if (in.budget == 0) {
    add_doubt(in, "the models are more than is followed");
  }
  facts->doubts = in.doubts;
  add_module_facts(in, *facts, env, reach.loads_by_name);
  return facts;
}

}  // namespace spiritsafe
