// SPDX-License-Identifier: Apache-2.0
// What the replay tells of each operation, and of each migration whose downgrade() should undo its upgrade().
#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "engine/facts/shrinks.h"
#include "engine/schema/apply.h"
#include "engine/schema/indexes.h"
#include "engine/schema/replay.h"
#include "engine/schema/table_groups.h"

namespace spiritsafe {
namespace {

struct Linking {
  Project& project;
  Replay& replay;
  const std::vector<bool>& is_new;  // by node; empty: no base
  std::unordered_map<const Migration*, Node> nodes = {};
  uint32_t change_begins = 0;  // the moment before the first migration of the change
};

Texts texts_of(Linking& linking, const std::vector<std::string>& texts, bool open) {
  std::vector<Text> items;
  items.reserve(texts.size());
  for (const std::string& text : texts) {
    items.push_back(known(linking.project.arena.copy(std::string_view(text))));
  }
  return {linking.project.arena.copy(items), State::known, open};
}

// What the replay has written goes with it.
Text kept(Linking& linking, const Text& text) {
  Text copy = text;
  copy.value = linking.project.arena.copy(text.value);
  return copy;
}

bool is_of_change(const Linking& linking, const Migration* migration, const Migration& own) {
  if (linking.is_new.empty()) {
    return migration == &own;
  }
  const auto found = linking.nodes.find(migration);
  return found != linking.nodes.end() && linking.is_new[found->second];
}

// An operation needs its table. So where the change itself does not make it, it was there before.
Flag existing_table(const Linking& linking, const Operation& operation, const Meeting& meeting, Moment before) {
  if (operation.table.is_absent() && !meeting.table.item) {
    return {};
  }
  if (meeting.table.exists == Truth::no || operation.kind == OperationKind::create_table) {
    return {};
  }
  const Text* doubt = doubt_since(before, linking.change_begins);
  if (!meeting.table.item) {
    const bool partial = doubt_since({before.line, 0}, 0) != nullptr;
    return operation.table.is_known() && !doubt && !partial ? known(true) : unknown<bool>();
  }
  const Table& table = *meeting.table.item;
  if (table.filled) {
    return known(true);
  }
  const Migration* made_by = table.operation ? table.operation->migration : nullptr;
  const bool of_change = made_by && is_of_change(linking, made_by, *operation.migration);
  return doubt ? unknown<bool>() : known(!of_change);
}

// The numbers of `numeric(10,2)`.
std::vector<int64_t> numbers_in(std::string_view type) {
  std::vector<int64_t> numbers;
  const size_t open = type.find('(');
  const char* const end = type.data() + type.size();
  for (const char* at = type.data() + std::min(open, type.size()); at < end;) {
    int64_t number = 0;
    const auto [behind, error] = std::from_chars(at, end, number);
    at = error == std::errc() ? behind : at + 1;
    if (error == std::errc()) {
      numbers.push_back(number);
    }
  }
  return numbers;
}

// Operation::shrinks with the type that the schema has.
Texts shrinks_from(Linking& linking, const Operation& operation, const TableColumn& before) {
  if (operation.type.is_absent() || !before.type.is_known()) {
    return {{}, State::absent, false};
  }
  Operation told = operation;
  told.existing_type_family = before.type_family;
  const std::vector<int64_t> numbers = numbers_in(before.type.value);
  const Number first = numbers.empty() ? Number{} : known(numbers[0]);
  told.existing_length = first;
  told.existing_precision = first;
  told.existing_scale = numbers.size() < 2 ? Number{} : known(numbers[1]);
  return find_shrinks(linking.project.arena, told);
}

Texts names_of_checks(Linking& linking, const Table& table, const TableColumn& column) {
  std::vector<std::string> names;
  bool open = table.uncertain;
  for (const TableConstraint* constraint : table.constraints) {
    if (constraint->kind != ConstraintKind::check) {
      continue;
    }
    const bool speaks = std::ranges::find(constraint->columns.items, column.number) != constraint->columns.items.end();
    open = open || constraint->columns.state != State::known || constraint->columns.open;
    if (speaks && constraint->name.is_known()) {
      names.emplace_back(constraint->name.value);
    }
  }
  return texts_of(linking, names, open);
}

// Of a primary key, those of its columns that may be NULL; those of its index, where it gets one that is there.
Texts nullable_columns(Linking& linking, const Operation& operation, const Table& table) {
  std::vector<std::string> names;
  bool open = table.uncertain;
  const auto look_at = [&](const TableColumn* column) {
    open = open || !column || !column->nullable.is_known() || !column->name.is_known();
    if (column && column->name.is_known() && column->nullable.is_known() && column->nullable.value) {
      names.emplace_back(column->name.value);
    }
  };
  if (operation.using_index.is_known()) {
    const auto index = std::ranges::find_if(table.indexes, [&](const TableIndex* each) {
      return each->name.is_known() && each->name.value == operation.using_index.value;
    });
    open = open || index == table.indexes.end();
    for (const uint32_t number : index == table.indexes.end() ? ColumnNumbers{}.items : (*index)->columns.items) {
      look_at(find_column(table, number));
    }
  } else {
    open = open || operation.columns.open || operation.columns.state != State::known;
    for (const Text& name : operation.columns.items) {
      look_at(name.is_known() ? find_column(table, name.value) : nullptr);
    }
  }
  return texts_of(linking, names, open);
}

// What a column of one enum type may hold and, once it is of another one, may not.
Texts values_lost(Linking& linking, const TableColumn& was, const Found<Table>& now, Moment before, Moment after) {
  const TableColumn* is = now.item ? find_column(*now.item, was.number) : nullptr;
  if (was.enum_id == 0 || !is || is->enum_id == 0 || is->enum_id == was.enum_id) {
    return {{}, State::absent, false};
  }
  const Found<EnumType> old = enum_by_id(before, was.enum_id), made = enum_by_id(after, is->enum_id);
  const bool sure = now.certain() && old.certain() && made.certain() && !made.item->values.open &&
                    made.item->values.state == State::known;
  if (!sure) {
    return {{}, State::unknown, false};
  }
  std::vector<std::string> lost;
  bool open = old.item->values.open || old.item->values.state != State::known;
  for (const Text& value : old.item->values.items) {
    bool kept = !value.is_known();
    open = open || kept;
    for (const Text& other : made.item->values.items) {
      kept = kept || !other.is_known() || other.value == value.value;
    }
    if (!kept) {
      lost.emplace_back(value.value);
    }
  }
  return texts_of(linking, lost, open);
}

SchemaEffect effect_of(Linking& linking, const Operation& operation, const Meeting& meeting, Moment before,
                       Moment after) {
  SchemaEffect effect;
  effect.existing_table = existing_table(linking, operation, meeting, before);
  std::vector<std::string> impossible;
  for (const std::string& what : meeting.missing) {
    impossible.push_back(what + " is not there");
  }
  for (const std::string& what : meeting.present) {
    impossible.push_back(what + " is there already");
  }
  effect.impossible = texts_of(linking, impossible, meeting.open);
  effect.missing_referents = texts_of(linking, meeting.missing_referents, meeting.open);
  effect.still_used_by = texts_of(linking, meeting.referrers, meeting.open);
  effect.missing_types = texts_of(linking, meeting.missing_types, meeting.open);
  effect.existing_types = texts_of(linking, meeting.present_types, meeting.open);
  effect.redundant = meeting.changes.is_known() ? known(!meeting.changes.value) : known(false);
  effect.actual_name = kept(linking, meeting.actual_name);
  if (meeting.table.item && meeting.table.certain()) {
    effect.partitioned = meeting.table.item->partitioned;
  }
  if (operation.kind == OperationKind::create_primary_key && meeting.table.item) {
    effect.nullable_columns = nullable_columns(linking, operation, *meeting.table.item);
  }
  if (meeting.column.item) {
    const bool sure = meeting.column.certain();
    effect.nullable_before = sure ? meeting.column.item->nullable : unknown<bool>();
    effect.type_before = sure ? kept(linking, meeting.column.item->type) : unknown<std::string_view>();
    effect.server_default_before =
        sure ? kept(linking, meeting.column.item->server_default) : unknown<std::string_view>();
    effect.type_family_before = sure ? meeting.column.item->type_family : unknown<TypeFamily>();
    if (sure) {
      effect.shrinks = shrinks_from(linking, operation, *meeting.column.item);
    }
    if (sure && meeting.table.item && operation.kind == OperationKind::alter_column) {
      const Table& table = *meeting.table.item;
      effect.checks = names_of_checks(linking, table, *meeting.column.item);
      effect.values_lost = operation.type.is_absent() ? effect.values_lost
                                                      : values_lost(linking, *meeting.column.item,
                                                                    table_by_id(after, table.id), before, after);
    }
    effect.updated_before = sure && meeting.table.item
                                ? known(meeting.column.item->number < meeting.table.item->updated_below)
                                : unknown<bool>();
  } else if (meeting.column.exists == Truth::unknown || meeting.open) {
    effect.nullable_before = effect.updated_before = unknown<bool>();
    effect.type_before = effect.server_default_before = unknown<std::string_view>();
  }
  return effect;
}

// ---- upgrade and downgrade -----------------------------------------------------------------------------------------

std::string column_text(const Table& table, std::string_view column) {
  return "column `" + shown(table.schema, table.name) + "." + std::string(column) + "`";
}

struct Difference {
  std::vector<std::string> left_over = {};
  std::vector<std::string> lost = {};
  bool open = false;
};

std::vector<std::string> names_of_columns(const Table& table, const ColumnNumbers& columns) {
  std::vector<std::string> names;
  for (const uint32_t number : columns.items) {
    const TableColumn* column = find_column(table, number);
    names.emplace_back(column && column->name.is_known() ? column->name.value : "?");
  }
  return names;
}

// Two constraints that say the same, whatever their names are.
std::string meaning_of(const Table& table, const TableConstraint& constraint) {
  std::string meaning(name_of(constraint.kind));
  if (constraint.kind == ConstraintKind::check || constraint.kind == ConstraintKind::exclude) {
    return meaning + (constraint.name.is_known() ? std::string(constraint.name.value) : std::string("?"));
  }
  for (const std::string& name : names_of_columns(table, constraint.columns)) {
    meaning += "\n" + name;
  }
  if (constraint.kind == ConstraintKind::foreign_key && constraint.referent_table.is_known()) {
    meaning += "\n> " + std::string(constraint.referent_table.value);
  }
  return meaning;
}

std::string constraint_text(const Table& table, const TableConstraint& constraint) {
  std::string text(name_of(constraint.kind));
  std::ranges::replace(text, '_', ' ');
  const std::string name = constraint.name.is_known() ? std::string(constraint.name.value) : std::string("?");
  return text + " `" + name + "` of `" + shown(table.schema, table.name) + "`";
}

template <class T>
void compare_by(const std::multiset<std::string>& before, const std::multiset<std::string>& after, const T& tell,
                Difference& out) {
  std::vector<std::string> gone, come;
  std::ranges::set_difference(before, after, std::back_inserter(gone));
  std::ranges::set_difference(after, before, std::back_inserter(come));
  std::ranges::transform(gone, std::back_inserter(out.lost), tell);
  std::ranges::transform(come, std::back_inserter(out.left_over), tell);
}

void compare_columns(const Table& before, const Table& after, Difference& out) {
  for (const TableColumn* was : before.columns) {
    if (!was->name.is_known()) {
      out.open = true;
      continue;
    }
    const TableColumn* is = find_column(after, was->name.value);
    const std::string text = column_text(before, was->name.value);
    if (!is) {
      out.lost.push_back(text);
      continue;
    }
    if (was->type.is_known() && is->type.is_known() && was->type.value != is->type.value) {
      out.lost.push_back("type `" + std::string(was->type.value) + "` of " + text);
    }
    if (was->nullable.is_known() && is->nullable.is_known() && was->nullable.value != is->nullable.value) {
      (was->nullable.value ? out.left_over : out.lost).push_back("NOT NULL of " + text);
    }
    const bool defaults_known = !was->server_default.is_unknown() && !is->server_default.is_unknown();
    if (defaults_known && was->server_default.is_absent() != is->server_default.is_absent()) {
      (was->server_default.is_absent() ? out.left_over : out.lost).push_back("server default of " + text);
    }
    out.open = out.open || was->type.is_unknown() || is->type.is_unknown() || was->nullable.is_unknown() ||
               is->nullable.is_unknown() || !defaults_known;
  }
  for (const TableColumn* is : after.columns) {
    if (is->name.is_known() && !find_column(before, is->name.value)) {
      out.left_over.push_back(column_text(after, is->name.value));
    }
  }
}

void compare_tables(const Table& before, const Table& after, Difference& out) {
  out.open = out.open || before.uncertain || after.uncertain;
  if (before.uncertain || after.uncertain) {
    return;
  }
  compare_columns(before, after, out);
  std::map<std::string, std::string> texts;
  const auto meanings = [&](const Table& table) {
    std::multiset<std::string> all;
    for (const TableConstraint* constraint : table.constraints) {
      const std::string meaning = meaning_of(table, *constraint);
      texts[meaning] = constraint_text(table, *constraint);
      all.insert(meaning);
    }
    return all;
  };
  const auto was = meanings(before);
  compare_by(
      was, meanings(after), [&](const std::string& meaning) { return texts[meaning]; }, out);
  const auto indexes = [](const Table& table) {
    std::multiset<std::string> all;
    for (const TableIndex* index : table.indexes) {
      if (index->name.is_known()) {
        const bool unique = index->unique.is_known() && index->unique.value;
        all.insert((unique ? "unique index `" : "index `") + std::string(index->name.value) + "`");
      }
    }
    return all;
  };
  compare_by(
      indexes(before), indexes(after), [](const std::string& text) { return text; }, out);
}

template <class T>
std::vector<T> each_once(std::vector<T> list) {
  std::ranges::sort(list);
  list.erase(std::unique(list.begin(), list.end()), list.end());
  return list;
}

// A type that upgrade() makes was not there before, whatever the history leaves open: else upgrade() would stop.
bool is_made_by_upgrade(const Migration& migration, Moment upgraded, std::string_view schema, std::string_view name) {
  const Found<EnumType> type = find_enum(upgraded, schema, name);
  const Operation* made_by = type.item ? type.item->operation : nullptr;
  return made_by && made_by->migration == &migration && made_by->direction == Direction::upgrade &&
         (made_by->kind == OperationKind::create_table || made_by->kind == OperationKind::create_enum) &&
         made_by->if_not_exists.is_absent() && !made_by->conditional;
}

void compare(Linking& linking, Migration& migration, Moment before, Moment upgraded, Moment after) {
  Difference difference, types;
  for (const std::string_view key : each_once(linking.replay.catalogue.touched_relations)) {
    const size_t zero = key.find('\0');
    const std::string_view schema = key.substr(0, zero), name = key.substr(zero + 1);
    const Found<Relation> was = find_relation(before, schema, name), is = find_relation(after, schema, name);
    const Found<Table> old = find_table(before, schema, name), now = find_table(after, schema, name);
    const bool is_table =
        (was.item && was.item->kind == RelationKind::table) || (is.item && is.item->kind == RelationKind::table);
    if (!is_table) {
      continue;  // told with its table
    }
    const bool sure = was.exists != Truth::unknown && is.exists != Truth::unknown && old.exists != Truth::unknown &&
                      now.exists != Truth::unknown;
    if (!sure) {
      difference.open = true;
    } else if (old.item && now.item) {
      compare_tables(*old.item, *now.item, difference);
    } else if (old.item || now.item) {
      const Table& table = old.item ? *old.item : *now.item;
      (old.item ? difference.lost : difference.left_over).push_back("table `" + shown(table.schema, table.name) + "`");
    }
  }
  for (const std::string_view key : each_once(linking.replay.catalogue.touched_types)) {
    const size_t zero = key.find('\0');
    const std::string_view schema = key.substr(0, zero), name = key.substr(zero + 1);
    const Truth was =
        is_made_by_upgrade(migration, upgraded, schema, name) ? Truth::no : find_enum(before, schema, name).exists;
    const Truth is = find_enum(after, schema, name).exists;
    if (was == Truth::no && is == Truth::yes) {
      types.left_over.emplace_back(name);
    }
    types.open = types.open || is == Truth::unknown || was == Truth::unknown;
  }
  const bool doubted = doubt_since(after, before.time + 1) != nullptr;
  std::vector<std::string> asymmetry;
  for (const std::string& what : each_once(difference.left_over)) {
    asymmetry.push_back(what + " is left over");
  }
  for (const std::string& what : each_once(difference.lost)) {
    asymmetry.push_back(what + " is lost");
  }
  migration.asymmetry = texts_of(linking, asymmetry, difference.open || doubted);
  migration.types_left_over = texts_of(linking, types.left_over, types.open || doubted);
}

// Where a foreign key of a new table leads to, as far as it was there before the change.
Texts existing_referents(Linking& linking, const Operation& operation, const Table& made, Moment end) {
  std::vector<std::string> names;
  bool open = made.uncertain || doubt_since(end, linking.change_begins) != nullptr;
  for (const TableConstraint* constraint : made.constraints) {
    if (constraint->kind != ConstraintKind::foreign_key || constraint->operation != &operation) {
      continue;
    }
    const Found<Table> referent = table_by_id(end, constraint->referent);
    const Migration* made_by =
        referent.item && referent.item->operation ? referent.item->operation->migration : nullptr;
    open = open || !made_by || !referent.certain();
    if (made_by && referent.certain() && !is_of_change(linking, made_by, *operation.migration)) {
      names.push_back(shown(referent.item->schema, referent.item->name));
    }
  }
  return texts_of(linking, each_once(names), open);
}

// What can only be told when the migration is done.
void look_back(Linking& linking, const Operation& operation, Moment end, SchemaEffect& effect) {
  const bool makes_indexes =
      operation.kind == OperationKind::create_index || operation.kind == OperationKind::create_unique_constraint;
  const bool makes_keys =
      operation.kind == OperationKind::create_table || operation.kind == OperationKind::create_foreign_key;
  if ((!makes_indexes && !makes_keys) || !operation.table.is_known() || operation.schema.is_unknown()) {
    return;
  }
  const Found<Table> table = find_table(end, schema_of(operation.schema), operation.table.value);
  if (!table.item) {
    return;
  }
  if (makes_indexes) {
    effect.same_index =
        table.certain() ? kept(linking, same_index(*table.item, operation)) : unknown<std::string_view>();
    return;
  }
  if (operation.kind == OperationKind::create_table) {
    effect.existing_referents = existing_referents(linking, operation, *table.item, end);
  }
  std::vector<std::string> names;
  bool open = !table.certain() || table.item->uncertain;
  for (const TableConstraint* constraint : table.item->constraints) {
    if (constraint->kind != ConstraintKind::foreign_key || constraint->operation != &operation) {
      continue;
    }
    const Truth indexed = is_indexed(*table.item, constraint->columns);
    open = open || indexed == Truth::unknown;
    if (indexed == Truth::no) {
      const std::vector<std::string> columns = names_of_columns(*table.item, constraint->columns);
      std::string name = shown(table.item->schema, table.item->name) + ".";
      for (const std::string& column : columns) {
        name += (&column == &columns.front() ? "" : "+") + column;
      }
      names.push_back(std::move(name));
    }
  }
  effect.foreign_keys_not_indexed = texts_of(linking, names, open);
}

// DROP CONSTRAINT does not say what kind it is of, and drop_constraint need not.
Fact<ConstraintKind> dropped_kind(const Operation& operation, Moment before) {
  if (operation.kind != OperationKind::drop_constraint || !operation.target.is_known() || !operation.table.is_known() ||
      operation.schema.is_unknown()) {
    return {};
  }
  const Found<Table> table = find_table(before, schema_of(operation.schema), operation.table.value);
  if (!table.item || !table.certain()) {
    return {};
  }
  for (const TableConstraint* constraint : table.item->constraints) {
    if (constraint->name.is_known() && constraint->name.value == operation.target.value) {
      return known(constraint->kind, operation.target.span);
    }
  }
  return {};
}

std::span<const SchemaEffect> run(Linking& linking, Timeline& line, const List<Operation>& operations,
                                  const Migration* own) {
  std::vector<SchemaEffect> effects;
  const uint32_t begin = line.now;
  for (const Operation& operation : operations.items) {
    const Moment before{&line, line.now};
    if (own && operation.constraint_kind.is_absent()) {
      // Readers hand out lists that nobody changes; this is told by the history alone, which begins here.
      const_cast<Operation&>(operation).constraint_kind = dropped_kind(operation, before);
    }
    Meeting meeting;
    apply(linking.replay.catalogue, line, operation, meeting);
    if (own) {
      effects.push_back(effect_of(linking, operation, meeting, before, {&line, line.now}));
    }
  }
  for (size_t i = 0; i < effects.size(); ++i) {
    look_back(linking, operations.items[i], {&line, line.now}, effects[i]);
  }
  doubt_what_follows(linking.replay.catalogue, line, operations, begin);
  return linking.project.arena.copy(effects);
}

bool can_be_undone(const Migration& migration) {
  const bool raises = !migration.downgrade_raises.is_absent() &&
                      !(migration.downgrade_raises.is_known() && !migration.downgrade_raises.value);
  return migration.has_downgrade && !raises && !migration.downgrade.items.empty() && migration.upgrade.items.size() > 0;
}

}  // namespace

std::unique_ptr<Replay> link_replay(Project& project, const RevisionGraph& graph, const std::vector<Migration*>& own,
                                    const std::vector<bool>& is_new) {
  std::unique_ptr<Replay> replay = begin_replay(graph);
  Linking linking{project, *replay, is_new};
  for (Node node = 0; node < graph.size(); ++node) {
    linking.nodes.emplace(graph.migrations[node], node);
  }
  bool change_began = false;
  for (ReplayedRevision& revision : replay->revisions) {
    const Node node = linking.nodes.at(revision.migration);
    Migration* migration = own[node];
    Catalogue& catalogue = replay->catalogue;
    if (is_new.empty() || (!change_began && is_new[node])) {
      linking.change_begins = replay->line.now + 1;
      change_began = true;
    } else if (!change_began) {
      linking.change_begins = UINT32_MAX;  // it does not begin before this one
    }
    catalogue.touched_relations.clear();
    catalogue.touched_types.clear();
    revision.before = replay->line.now;
    const auto upgrade = run(linking, replay->line, revision.migration->upgrade, migration);
    revision.after = replay->line.now;
    if (!migration) {
      continue;
    }
    migration->upgrade_effects = upgrade;
    join_table_groups(project.arena, catalogue, *migration, {&replay->line, revision.before},
                      {&replay->line, revision.after});
    Timeline line;
    line.before = &replay->line;
    line.since = line.now = replay->line.now;
    migration->downgrade_effects = run(linking, line, migration->downgrade, migration);
    if (can_be_undone(*migration)) {
      compare(linking, *migration, {&replay->line, revision.before}, {&replay->line, revision.after},
              {&line, line.now});
    }
  }
  return replay;
}

}  // namespace spiritsafe
