// SPDX-License-Identifier: Apache-2.0
// What a database holds at each moment of a replay. Nothing is copied from moment to moment: of each thing only its
// changes are kept, with their times, so that a thousand migrations with their states before and after cost what
// their operations cost.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "engine/facts/schema.h"
#include "engine/text/arena.h"

namespace spiritsafe {

enum class RelationKind : uint8_t { table, index, sequence, view };

// A name of pg_class: tables, indexes, sequences and views of one schema share their names.
struct Relation {
  RelationKind kind = RelationKind::table;
  Text schema = {};
  Text name = {};
  uint32_t table = 0;   // tables, indexes and sequences: the id of the table
  uint32_t column = 0;  // of a sequence the column that owns it
  bool uncertain = false;
  const Operation* operation = nullptr;  // that made it
};

// What was there from that time on; nullptr: nothing any more.
template <class T>
struct Version {
  uint32_t time = 0;
  const T* value = nullptr;
};

struct NameUse {
  uint32_t count = 0;
};

// The changes since another timeline's moment, or since the beginning.
struct Timeline {
  const Timeline* before = nullptr;
  uint32_t since = 0;
  uint32_t now = 0;
  std::unordered_map<std::string_view, std::vector<Version<Relation>>> relations = {};        // by key_of
  std::unordered_map<std::string_view, std::vector<Version<NameUse>>> constraint_names = {};  // by key_of
  std::unordered_map<std::string_view, std::vector<Version<EnumType>>> types = {};            // by key_of
  std::unordered_map<uint32_t, std::vector<Version<Table>>> tables = {};                      // by id
  std::unordered_map<uint32_t, std::vector<Version<EnumType>>> enums = {};                    // by id
  std::vector<Version<Text>> doubts = {};  // from then on all that was there is uncertain, and why
};

// A moment of a timeline.
struct Moment {
  const Timeline* line = nullptr;
  uint32_t time = 0;
};

template <class T>
struct Found {
  const T* item = nullptr;  // may be given where it is unknown whether it is still there
  Truth exists = Truth::no;
  bool certain() const { return exists == Truth::yes; }
};

// What is known for all timelines of a replay.
struct Catalogue {
  Arena arena{64 * 1024};
  uint32_t last_id = 0;
  // Which tables have ever had a foreign key to a table, or a column of an enum type, by id.
  std::unordered_map<uint32_t, std::vector<uint32_t>> referrers = {};
  std::unordered_map<uint32_t, std::vector<uint32_t>> users = {};
  int64_t budget = 50'000'000;  // what may still be copied
  // Keys of the tables that some revision makes: what is missing among the others may be another project's.
  std::unordered_set<std::string> made_somewhere = {};
  // What was written since somebody cleared these lists: keys of relations and of types.
  std::vector<std::string_view> touched_relations = {}, touched_types = {};
};

// The default schema is written as no schema; `public` is taken for it.
std::string_view schema_of(const Text& schema);
std::string key_of(std::string_view schema, std::string_view name);

Found<Table> find_table(Moment moment, std::string_view schema, std::string_view name);
Found<Table> table_by_id(Moment moment, uint32_t id);
Found<Relation> find_relation(Moment moment, std::string_view schema, std::string_view name);
Found<EnumType> find_enum(Moment moment, std::string_view schema, std::string_view name);
Found<EnumType> enum_by_id(Moment moment, uint32_t id);
// Is there a constraint of that name in the schema, of whatever table?
Truth has_constraint_name(Moment moment, std::string_view schema, std::string_view name);
// Why all that was there at the moment may be otherwise since then; nullptr where nothing makes it doubtful.
const Text* doubt_since(Moment moment, uint32_t time);

const TableColumn* find_column(const Table& table, std::string_view name);
const TableColumn* find_column(const Table& table, uint32_t number);

// All that is there at a moment, by schema and name.
struct Snapshot {
  std::vector<const Table*> tables = {};
  std::vector<const EnumType*> enums = {};
  std::vector<const Relation*> views = {};
  std::vector<const Relation*> sequences = {};
  std::vector<Text> doubts = {};  // why there may be more
  // Of the models: ModelsFacts says what they are.
  Text filter = {};
  std::span<const LeftOut> left_out = {};
  Flag include_schemas = {};
  Text version_table = {};
};
Snapshot take_snapshot(Moment moment, Arena& arena);

}  // namespace spiritsafe
