// SPDX-License-Identifier: Apache-2.0
// The modules that models are read from, as facts: what stands in them, and what they leave undefined.
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>

#include "engine/read/comments.h"
#include "engine/read/interpret.h"
#include "engine/read/modules.h"
#include "engine/read/names.h"

namespace spiritsafe {
namespace {

using namespace python;

constexpr size_t largest_named = 1u << 20;  // bytes of a module whose names are looked up

struct Gathered {
  ModuleSet& in;
  ModelsFacts& facts;
  std::map<const File*, ModelModule*> by_file = {};
  std::set<std::string_view> with_models = {};  // names of modules

  // ---- of models ----

  void set_primary_key(Model& model) const {
    const auto has = [](const ModelField& field) { return field.column.primary_key; };
    const bool by_field = std::ranges::any_of(
        model.fields, [&](const ModelField& field) { return has(field).is_known() && has(field).value; });
    const bool by_constraint = std::ranges::any_of(model.constraints, [](const Constraint& constraint) {
      return constraint.kind.is_known() && constraint.kind.value == ConstraintKind::primary_key;
    });
    const bool unsure =
        model.open || model.mapper_arguments || std::ranges::any_of(model.fields, [&](const ModelField& field) {
          return field.open || has(field).is_unknown();
        });
    model.has_primary_key = by_field || by_constraint ? known(true) : unsure ? unknown<bool>() : known(false);
  }

  std::string place(const Model& model) const {
    return model.file->source.path + ":" +
           std::to_string(LineIndex(model.file->source.text).locate(model.span.begin).line);
  }

  // Models that env.py reaches and whose tables have one name; each points to the first of the others.
  void set_same_tables() {
    std::map<std::pair<std::string_view, std::string_view>, std::vector<Model*>> tables;
    for (const Model* model : facts.models) {
      const bool counts = model->imported.is_known() && model->imported.value && model->table_name.is_known() &&
                          !model->schema.is_unknown() && !model->extends_table;
      if (counts) {
        tables[{model->schema.value, model->table_name.value}].push_back(const_cast<Model*>(model));
      }
    }
    for (const auto& [name, models] : tables) {
      for (size_t i = 0; models.size() > 1 && i < models.size(); ++i) {
        models[i]->same_table = known(in.kept.copy(std::string_view(place(*models[i == 0 ? 1 : 0]))), models[i]->span);
      }
    }
  }

  bool imports_models(const PyModule& package) const {
    const auto imports = [&](const Stmt* statement) {
      const ImportFrom* from = as<ImportFrom>(statement);
      if (const python::Import* plain = as<python::Import>(statement)) {
        return std::ranges::any_of(plain->names, [&](const Alias& alias) { return with_models.contains(alias.name); });
      }
      const std::string base = from ? absolute_name(package, *from) : std::string();
      return from && (with_models.contains(base) || std::ranges::any_of(from->names, [&](const Alias& alias) {
                        return with_models.contains(std::string(base).append(".").append(alias.name));
                      }));
    };
    return package.tree && std::ranges::any_of(package.tree->body, imports);
  }

  void set_package(Model& model) {
    for (std::string name(model.module.value);; name.resize(name.rfind('.'))) {
      const auto found = in.by_name.find(name);
      const PyModule* module = found == in.by_name.end() ? nullptr : found->second.get();
      const bool is_own = module && module->file == model.file;
      if (module && module->is_package && (is_own || imports_models(*module))) {
        model.package = by_file[module->file];
        const bool has_star = !is_own && !module->stars.empty();
        model.exported = module->bindings.contains(model.name.value) ? known(true)
                         : has_star                                  ? unknown<bool>()
                                                                     : known(false);
        return;
      }
      if (name.find('.') == std::string::npos) {
        return;
      }
    }
  }

  // ---- of fields ----

  void gather_fields() {
    std::map<std::pair<const File*, uint32_t>, std::vector<ModelField*>> statements;
    for (const Model* model : facts.models) {
      for (const ModelField& field : model->fields) {
        statements[{field.file, field.span.begin}].push_back(const_cast<ModelField*>(&field));
      }
    }
    for (const auto& [at, fields] : statements) {
      if (const auto module = by_file.find(at.first); module != by_file.end()) {
        module->second->fields.push_back(fields.front());
      }
      std::vector<Text> models;
      for (const ModelField* field : fields) {
        models.push_back(field->model->name);
      }
      for (size_t i = 0; i < fields.size() && fields.size() > 1; ++i) {
        std::vector<Text> others = models;
        others.erase(others.begin() + static_cast<std::ptrdiff_t>(i));
        fields[i]->shared_with = {in.kept.copy(others), State::known, false};
      }
    }
    for (auto& [file, module] : by_file) {
      std::ranges::sort(module->fields, {}, [](const ModelField* field) { return field->span.begin; });
    }
  }

  void gather_relationships() {
    std::set<std::pair<const File*, uint32_t>> seen;
    for (const Model* model : facts.models) {
      for (const ModelRelationship& relationship : model->relationships) {
        const auto module = by_file.find(relationship.file);
        if (module != by_file.end() && seen.emplace(relationship.file, relationship.span.begin).second) {
          module->second->relationships.push_back(&relationship);
        }
      }
    }
  }

  // ---- of modules ----

  void find_undefined(const PyModule& from, ModelModule& module) {
    if (from.text.size() > largest_named) {
      module.undefined = {{}, State::unknown, true};
      return;
    }
    static thread_local Lists lists;
    Interpreter reading{from.text, in.options, in.kept, {in.scratch, from.text, 0}, lists};
    std::vector<Text> names;
    for (const Use& use : read_names(reading, *from.tree).uses.items) {
      const auto same = [&](const Text& name) { return name.value == use.root.value; };
      if (!use.bound && std::ranges::none_of(names, same)) {
        names.push_back(use.root);
      }
    }
    module.undefined = {in.kept.copy(names), State::known, false};
    module.span = names.empty() ? module.span : names.front().span;
  }

  static Number import_place(const PyModule& from) {
    if (!from.tree || from.text.data() != from.file->source.text.data()) {
      return {};
    }
    uint32_t place = 0;
    for (const Stmt* statement : from.tree->body) {
      const bool is_docstring = statement == from.tree->body[0] && statement->kind == python::NodeKind::ExprStmt;
      const bool is_import =
          statement->kind == python::NodeKind::Import || statement->kind == python::NodeKind::ImportFrom;
      place = is_docstring || is_import ? statement->span.end : place;
    }
    return known<int64_t>(place);
  }

  void make(const PyModule& from, bool loads_by_name) {
    ModelModule& module = *facts.modules.emplace_back(std::make_unique<ModelModule>());
    module.file = from.file;
    module.name = known(in.kept.copy(std::string_view(from.name)));
    module.imported = from.reached ? known(true) : loads_by_name ? unknown<bool>() : known(false);
    module.syntax_error = from.syntax_error;
    module.span = from.syntax_error.span;
    module.import_place = import_place(from);
    if (from.tree && from.text.find("spiritsafe") != std::string_view::npos) {
      module.waivers = read_comments(from.text, *from.tree, in.kept).waivers;
    }
    by_file[from.file] = &module;
  }
};

}  // namespace

void add_module_facts(ModuleSet& in, ModelsFacts& facts, const PyModule* env, bool loads_by_name) {
  Gathered gathered{in, facts};
  for (const PyModule* module : in.order) {
    if (module != env) {
      gathered.make(*module, loads_by_name);
    }
  }
  for (const std::vector<const Model*>* list : {&facts.models, &facts.heirs}) {
    for (const Model* model : *list) {
      gathered.by_file[model->file]->models.push_back(model);
    }
  }
  for (const PyModule* module : in.order) {
    if (module == env) {
      continue;
    }
    ModelModule& made = *gathered.by_file[module->file];
    if (!made.models.empty()) {
      gathered.with_models.insert(module->name);
      gathered.find_undefined(*module, made);
    }
  }
  for (const Model* model : facts.models) {
    gathered.set_primary_key(const_cast<Model&>(*model));
    gathered.set_package(const_cast<Model&>(*model));
  }
  gathered.set_same_tables();
  gathered.gather_fields();
  gathered.gather_relationships();
  std::ranges::sort(facts.modules, {},
                    [](const auto& module) -> std::string_view { return module->file->source.path; });
}

}  // namespace spiritsafe
