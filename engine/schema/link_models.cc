// SPDX-License-Identifier: Apache-2.0
#include "engine/schema/link_models.h"

#include <map>
#include <set>

#include "engine/schema/expected.h"
#include "engine/schema/link_drift.h"

namespace spiritsafe {
namespace {

// The tables that models and migrations make, by their names without a schema.
struct MadeTables {
  std::set<std::string_view> names = {};
  bool open = false;  // there may be more

  void add(const Text& name) {
    if (name.is_known()) {
      names.insert(name.value.substr(name.value.rfind('.') + 1));
    } else {
      open = open || name.is_unknown();
    }
  }
};

MadeTables tables_of(const Project& project) {
  MadeTables made;
  const ModelsFacts& facts = *project.models->facts;
  made.open = !facts.doubts.empty() || project.is_partial;
  for (const Model* model : facts.models) {
    made.add(model->table_name);
  }
  for (const auto& migration : project.migrations) {
    made.open = made.open || migration->upgrade.open || migration->upgrade.state != State::known;
    for (const Operation& operation : migration->upgrade.items) {
      if (operation.kind == OperationKind::create_table) {
        made.add(operation.table);
      } else if (operation.kind == OperationKind::rename_table) {
        made.add(operation.new_name);
      } else if (operation.kind == OperationKind::unrecognised || operation.kind == OperationKind::plugin) {
        made.open = true;
      }
    }
  }
  return made;
}

// `table.column` or `schema.table.column` → the table.
std::string_view table_in(std::string_view target) {
  const size_t dot = target.rfind('.');
  const std::string_view table = target.substr(0, dot == std::string_view::npos ? 0 : dot);
  return table.substr(table.rfind('.') + 1);
}

Flag target_exists(const ModelField& field, const MadeTables& made) {
  const Text& target = field.column.foreign_key;
  if (target.is_absent()) {
    return {};
  }
  const std::string_view table = target.is_known() ? table_in(target.value) : std::string_view();
  return made.names.contains(table)                 ? known(true, target.span)
         : made.open || table.empty() || field.open ? unknown<bool>(target.span)
                                                    : known(false, target.span);
}

}  // namespace

void link_models(Project& project, const Replay* replayed) {
  ProjectModels& models = *project.models;
  std::map<const File*, const ModelModule*> modules;
  for (const auto& module : models.facts->modules) {
    modules.emplace(module->file, module.get());
  }
  for (const auto& file : models.files) {
    const auto found = modules.find(file.get());
    file->module = found == modules.end() ? nullptr : found->second;
    file->project = &project;
  }
  const Snapshot expected = expected_schema(*models.facts, models.arena);
  for (const Table* table : expected.tables) {
    for (const TableColumn* column : table->columns) {
      if (column->field) {
        const_cast<ModelField*>(column->field)->expected = column;
      }
    }
  }
  link_drift(project, expected, replayed);
  const MadeTables tables = tables_of(project);
  for (const Model* model : models.facts->models) {
    for (const ModelField& field : model->fields) {
      const_cast<ModelField&>(field).target_exists = target_exists(field, tables);
    }
  }
}

}  // namespace spiritsafe
