// SPDX-License-Identifier: Apache-2.0
#include "engine/schema/drift_parts.h"

#include <algorithm>
#include <map>
#include <set>

#include "engine/schema/expression.h"

namespace spiritsafe {
namespace {

using Names = std::vector<std::string>;

// One of the things of a kind that a table has.
struct Thing {
  std::string key = {};       // things of one key are one thing; a name behind `=`, else what it consists of
  std::string name = {};      // empty: none that is told
  std::string sameness = {};  // things of one key differ where this does; empty: it cannot be told
  Text condition = {};        // of an index and a CHECK
  bool named = true;          // false: nobody has written its name
  Said said = {};
};
struct Things {
  std::vector<Thing> all = {};
  bool whole = true;  // false: one of them could not be told
};

bool is_whole(const ColumnNumbers& columns) {
  return columns.state == State::known && !columns.open && std::ranges::find(columns.items, 0u) == columns.items.end();
}

// The columns' names; nothing where one of them cannot be told.
std::optional<Names> names_of(const Table& table, const ColumnNumbers& columns) {
  if (!is_whole(columns)) {
    return {};
  }
  Names names;
  for (const uint32_t number : columns.items) {
    const TableColumn* column = find_column(table, number);
    if (!column || !column->name.is_known()) {
      return {};
    }
    names.emplace_back(column->name.value);
  }
  return names;
}

// `a, b`
std::string joined(const std::optional<Names>& names) {
  if (!names) {
    return "?";
  }
  std::string out;
  for (const std::string& name : *names) {
    out += (out.empty() ? "" : ", ") + name;
  }
  return out;
}

std::string upper(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return out;
}

std::string text_of(const Text& text) { return std::string(text.is_known() ? text.value : std::string_view()); }

std::string referent_of(const TablesById& tables, const TableConstraint& constraint, Things& things) {
  const auto referent = tables.find(constraint.referent);
  if (referent != tables.end()) {
    const std::optional<Names> columns = names_of(*referent->second, constraint.referent_columns);
    things.whole = things.whole && columns;
    return full_name(*referent->second) + " (" + joined(columns) + ")";
  }
  things.whole = false;
  return "?";
}

bool are_options_told(const TableConstraint& key) {
  const bool deferred = upper(text_of(key.initially)) == "DEFERRED";
  return !key.ondelete.is_unknown() && !key.onupdate.is_unknown() && !key.initially.is_unknown() &&
         (deferred || !key.deferrable.is_unknown());
}

// Of a foreign key, as PostgreSQL has it: what is its default is left out, and what is deferred can be.
std::string options_of(const TableConstraint& key) {
  std::string text;
  for (const auto& [when, action] :
       {std::pair{" ON DELETE ", &key.ondelete}, std::pair{" ON UPDATE ", &key.onupdate}}) {
    const std::string what = upper(text_of(*action));
    text += what.empty() || what == "NO ACTION" ? "" : when + what;
  }
  const bool deferred = upper(text_of(key.initially)) == "DEFERRED";
  return text + (deferred                                            ? " DEFERRABLE INITIALLY DEFERRED"
                 : key.deferrable.is_known() && key.deferrable.value ? " DEFERRABLE"
                                                                     : "");
}

Thing thing_of(const TablesById& tables, const Table& table, const TableConstraint& constraint, Things& things) {
  const std::optional<Names> columns = names_of(table, constraint.columns);
  things.whole = things.whole && (columns || constraint.kind == ConstraintKind::check);
  Thing thing;
  thing.name = text_of(constraint.name);
  thing.named = !(constraint.named.is_known() && !constraint.named.value);
  thing.condition = constraint.condition;
  std::optional<Names> sorted = columns;
  if (sorted) {
    std::ranges::sort(*sorted);  // their order is no difference, but for a foreign key
  }
  std::string text = joined(constraint.kind == ConstraintKind::primary_key ? sorted : columns);
  thing.key = joined(sorted);
  thing.sameness = columns ? thing.key : std::string();
  if (constraint.kind == ConstraintKind::primary_key) {
    thing.key.clear();  // there is one
  } else if (constraint.kind == ConstraintKind::foreign_key) {
    text += " to " + referent_of(tables, constraint, things);
    text += options_of(constraint);
    things.whole = things.whole && are_options_told(constraint);
    thing.key = thing.sameness = text;
  }
  thing.said = {
      text, constraint.operation, constraint.model, constraint.field, constraint.span, columns.value_or(Names{})};
  return thing;
}

Things constraints_of(const TablesById& tables, const Table& table, ConstraintKind kind) {
  Things things;
  for (const TableConstraint* constraint : table.constraints) {
    if (constraint->kind == kind) {
      things.all.push_back(thing_of(tables, table, *constraint, things));
    }
  }
  return things;
}

Things indexes_of(const Table& table) {
  Things things;
  for (const TableIndex* index : table.indexes) {
    if (!index->name.is_known()) {
      things.whole = false;
      continue;
    }
    const std::optional<Names> columns = names_of(table, index->columns);
    Thing thing;
    thing.name = text_of(index->name);
    thing.key = "=" + thing.name;
    thing.condition = index->condition;
    std::string text = columns ? "(" + joined(columns) + ")" : "(…)";
    text = index->unique.is_known() && index->unique.value ? "unique " + text : text;
    thing.sameness = columns && !index->unique.is_unknown() ? text : std::string();
    text +=
        index->condition.is_absent() ? "" : " WHERE " + (index->condition.is_known() ? text_of(index->condition) : "…");
    thing.said = {text, index->operation, index->model, index->field, index->span, columns.value_or(Names{})};
    things.all.push_back(std::move(thing));
  }
  return things;
}

// Where the models name a constraint its name tells which one it is; where they do not, its columns do.
void key_by_name(Things& migrations, Things& models) {
  std::set<std::string> names, unnamed;
  for (Thing& thing : models.all) {
    if (thing.named && thing.name.empty()) {
      models.whole = false;  // which one it is cannot be told
    }
    if (thing.named && !thing.name.empty()) {
      thing.key = "=" + thing.name;
      names.insert(thing.name);
    } else {
      unnamed.insert(thing.key);
    }
  }
  for (Thing& thing : migrations.all) {
    const bool by_name = !thing.name.empty() && (names.contains(thing.name) || !unnamed.contains(thing.key));
    thing.key = by_name ? "=" + thing.name : thing.key;
  }
}

void compare_one(Comparing& in, DriftKind kind, const std::string& table, const std::string& name,
                 const Thing& migrations, const Thing& models) {
  const bool told = !migrations.sameness.empty() && !models.sameness.empty();
  const bool conditions_told = !migrations.condition.is_unknown() && !models.condition.is_unknown();
  const bool conditions_differ =
      kind == DriftKind::index && conditions_told &&
      normalised_sql(text_of(migrations.condition)) != normalised_sql(text_of(models.condition));
  if ((told && migrations.sameness != models.sameness) || conditions_differ) {
    add_drift(in, kind, table, name, &migrations.said, &models.said);
  } else if (!told || !conditions_told) {
    add_uncertain(in, name.empty() ? table : table + "." + name,
                  told ? "its condition could not be told" : "it could not be told in full");
  }
}

void add_lone(Comparing& in, DriftKind kind, const std::string& table, const Thing& thing, bool in_models) {
  const std::string name = thing.key.starts_with('=') ? thing.name : std::string();
  add_drift(in, kind, table, name, in_models ? nullptr : &thing.said, in_models ? &thing.said : nullptr);
}

void compare_things(Comparing& in, DriftKind kind, const std::string& table, const Things& migrations,
                    const Things& models) {
  std::map<std::string_view, const Thing*> made;
  std::set<std::string_view> asked;
  for (const Thing& thing : migrations.all) {
    made.emplace(thing.key, &thing);
  }
  for (const Thing& thing : models.all) {
    const auto other = made.find(thing.key);
    asked.insert(thing.key);
    if (other != made.end()) {
      compare_one(in, kind, table, thing.key.starts_with('=') ? thing.name : "", *other->second, thing);
    } else if (migrations.whole) {
      add_lone(in, kind, table, thing, true);
    }
  }
  for (const auto& [key, thing] : made) {
    if (models.whole && !asked.contains(key)) {
      add_lone(in, kind, table, *thing, false);
    }
  }
  if (!migrations.whole || !models.whole) {
    std::string what(name_of(kind));
    std::ranges::replace(what, '_', ' ');
    add_uncertain(in, table, "not every " + what + " could be told");
  }
}

bool is_same_check(const Thing& one, const Thing& other) {
  if (one.named && other.named && !one.name.empty() && !other.name.empty()) {
    return one.name == other.name;
  }
  return one.condition.is_known() && other.condition.is_known() &&
         normalised_sql(one.condition.value) == normalised_sql(other.condition.value);
}

void compare_check(Comparing& in, const std::string& table, const Thing& migrations, const Thing& models) {
  const Text &first = migrations.condition, &second = models.condition;
  const bool told = first.is_known() && second.is_known();
  const Truth same = told ? same_expression(first.value, second.value) : Truth::unknown;
  if (same == Truth::no) {
    Said one = migrations.said, other = models.said;
    one.text = text_of(first);
    other.text = text_of(second);
    add_drift(in, DriftKind::check, table, models.name, &one, &other);
  } else if (same == Truth::unknown) {
    add_uncertain(in, table + "." + models.name,
                  !told ? "its condition could not be told"
                        : "its conditions may differ: " + text_of(second) + " in the models, " + text_of(first) +
                              " in the migrations");
  }
}

// CHECK constraints are one where they have one name, or, where one of them has none, one text.
void compare_checks(Comparing& in, const std::string& table, Things migrations, Things models) {
  std::erase_if(models.all, [&](const Thing& thing) {
    const auto other =
        std::ranges::find_if(migrations.all, [&](const Thing& each) { return is_same_check(each, thing); });
    if (other == migrations.all.end()) {
      return false;
    }
    compare_check(in, table, *other, thing);
    migrations.all.erase(other);
    return true;
  });
  const auto is_told = [](const Thing& thing) { return thing.named && !thing.name.empty(); };
  const bool all_named = std::ranges::all_of(migrations.all, is_told) && std::ranges::all_of(models.all, is_told);
  if (!all_named && !migrations.all.empty() && !models.all.empty()) {
    add_uncertain(in, table, "a check has no name, and may be another one");
    return;
  }
  for (Things* side : {&migrations, &models}) {
    for (Thing& thing : side->all) {
      thing.key = thing.name.empty() ? "" : "=" + thing.name;
      thing.said.text = thing.condition.is_known() ? text_of(thing.condition) : "there";
      add_lone(in, DriftKind::check, table, thing, side == &models);
    }
  }
}

// What include_object and include_name get as type_; empty: they are not asked about it.
std::string_view type_of(DriftKind kind) {
  switch (kind) {
    case DriftKind::table:
      return "table";
    case DriftKind::column:
      return "column";
    case DriftKind::index:
      return "index";
    case DriftKind::unique:
      return "unique_constraint";
    case DriftKind::foreign_key:
      return "foreign_key_constraint";
    case DriftKind::type:
    case DriftKind::nullable:
    case DriftKind::server_default:
    case DriftKind::identity:
    case DriftKind::computed:
    case DriftKind::primary_key:
    case DriftKind::enum_values:
    case DriftKind::check:
    case DriftKind::comment:
      return {};
  }
  return {};
}

// `table` with its schema; an empty `name` is one that is not told.
bool may_leave_out(const Snapshot& models, DriftKind kind, const std::string& table, const std::string& name) {
  const size_t dot = table.find('.');
  const std::string schema = dot == table.npos ? "" : table.substr(0, dot);
  const std::string bare = dot == table.npos ? table : table.substr(dot + 1);
  const auto may_be = [](const Text& asked, std::string_view value) {
    return !asked.is_known() || asked.value == value;
  };
  return std::ranges::any_of(models.left_out, [&](const LeftOut& each) {
    const bool whole_schema = each.type.is_known() && each.type.value == "schema" && may_be(each.name, schema);
    const bool whole_table = may_be(each.type, "table") && may_be(each.name, bare);
    const bool itself =
        kind != DriftKind::table && may_be(each.type, type_of(kind)) && (name.empty() || may_be(each.name, name));
    return whole_schema || (may_be(each.schema, schema) && (whole_table || itself));
  });
}

}  // namespace

std::string full_name(const Text& schema, const Text& name) {
  return schema.is_known() ? std::string(schema.value) + "." + text_of(name) : text_of(name);
}

std::string full_name(const Table& table) { return full_name(table.schema, table.name); }

void add_drift(Comparing& in, DriftKind kind, const std::string& table, const std::string& name, const Said* migrations,
               const Said* models) {
  if (!models && may_leave_out(in.models, kind, table, name)) {
    const std::string what = name.empty() ? std::string(name_of(kind)) + " " + table : table + "." + name;
    return add_uncertain(
        in, what,
        "only in the migrations, where env.py's " + std::string(in.models.filter.value) + " may leave it out");
  }
  Drift& drift = in.found.differences.emplace_back();
  drift.kind = kind;
  drift.table = table;
  drift.name = name;
  if (migrations) {
    drift.migrations = migrations->text;
    drift.operation = migrations->operation;
    drift.columns = migrations->columns;
  }
  if (models) {
    drift.models = models->text;
    drift.model = models->model;
    drift.field = models->field;
    drift.span = models->span;
    drift.columns = models->columns.empty() ? drift.columns : models->columns;
  }
}

void add_uncertain(Comparing& in, const std::string& what, const std::string& why) {
  in.found.uncertain.push_back(what + ": " + why);
}

void compare_parts(Comparing& in, const Table& migrations, const Table& models) {
  const std::string name = full_name(models);
  constexpr std::pair<ConstraintKind, DriftKind> kinds[] = {{ConstraintKind::primary_key, DriftKind::primary_key},
                                                            {ConstraintKind::unique, DriftKind::unique},
                                                            {ConstraintKind::foreign_key, DriftKind::foreign_key}};
  for (const auto& [kind, drift] : kinds) {
    Things made = constraints_of(in.made, migrations, kind), asked = constraints_of(in.asked, models, kind);
    if (kind == ConstraintKind::unique) {
      key_by_name(made, asked);
    }
    compare_things(in, drift, name, made, asked);
  }
  compare_things(in, DriftKind::index, name, indexes_of(migrations), indexes_of(models));
  compare_checks(in, name, constraints_of(in.made, migrations, ConstraintKind::check),
                 constraints_of(in.asked, models, ConstraintKind::check));
}

}  // namespace spiritsafe
