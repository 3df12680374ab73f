// SPDX-License-Identifier: Apache-2.0
// The one table of what a policy can ask about: entities, their fields, types and relations. The policy loader, "did
// you mean", `spiritsafe facts`, the editors' JSON Schema and the reference page all read it.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "engine/facts/project.h"

namespace spiritsafe {

struct Entity;

enum class Type : uint8_t { text, number, boolean, choice, texts, item, items };

// One thing that a rule can ask about; the pointer is to the entity's struct.
struct Item {
  const Entity* entity = nullptr;
  const void* pointer = nullptr;
  explicit operator bool() const { return pointer != nullptr; }
  bool operator==(const Item&) const = default;
};

// A list of items in memory: structs side by side, or (indirect) pointers to them.
struct Items {
  const Entity* entity = nullptr;
  const std::byte* first = nullptr;
  uint32_t count = 0;
  uint32_t stride = 0;
  bool indirect = false;
  Item operator[](uint32_t index) const {
    const std::byte* at = first + static_cast<size_t>(index) * stride;
    return {entity, indirect ? *reinterpret_cast<const void* const*>(at) : at};
  }
};

// The value of one field of one item. Which member counts is said by the field's type (choice is in `text`).
struct Value {
  State state = State::absent;
  bool open = false;  // texts, items: only a part could be read
  bool boolean = false;
  int64_t number = 0;
  std::string_view text = {};
  std::span<const Text> texts = {};
  Item item = {};
  Items items = {};
  Span span = {};
};

struct Field {
  std::string_view name;
  Type type;
  std::string_view help;
  std::string_view entity;                    // item, items: the entity's name
  std::span<const std::string_view> choices;  // choice: the words, in the order of their enumeration
  Value (*get)(const void* item);
  // The same as a small number, which is all that most rules ask: of a choice the word's place in `choices`, of a flag
  // 0 or 1, of texts how many, at most most_small; of other known values 0. absent_small, or unknown_small (of an open
  // list, too). nullptr: ask `get`.
  int (*small)(const void* item) = nullptr;
};
inline constexpr int absent_small = -1, unknown_small = -2, most_small = 62;

struct Entity {
  std::string_view name;
  std::string_view help;
  std::span<const Field> fields;
  bool can_be_judged;              // may stand behind `for_each:`
  Span (*span)(const void* item);  // where to point
  const File* (*file)(const void* item);
  const Migration* (*migration)(const void* item);  // nullptr where it belongs to none
};

std::span<const Entity> entities();
// nullptr where there is none of that name.
const Entity* find_entity(std::string_view name);
const Field* find_field(const Entity& entity, std::string_view name);

// All items of an entity in a project, in order; what a rule's `for_each:` walks over. For `repo` the project itself.
std::vector<Item> all_items(const Project& project, const Entity& entity);

// The same for the entities of one migration (not for repo, file, line, migration, branch and base_migration), behind
// what `items` holds already.
void append_items(std::vector<Item>& items, const Migration& migration, const Entity& entity);

// The same for the entities that a file holds: job, command, schema_change, env_script, module, model, field,
// relationship.
void append_items(std::vector<Item>& items, const File& file, const Entity& entity);
// Is it one of those?
bool is_of_file(const Entity& entity);
// Is it read from Python modules with models, alone or together with the migrations?
bool is_of_models(const Entity& entity);

template <class T>
const Entity& entity_of();

}  // namespace spiritsafe
