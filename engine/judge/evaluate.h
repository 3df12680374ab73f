// SPDX-License-Identifier: Apache-2.0
// A rule's conditions asked about an item, with three answers: yes, no, cannot tell.
//
// Absent values make every operator false, except `is: absent`, `is: present` and `same_as` another absent value.
// Unknown values cannot be told about, except by `is: known` and `is: unknown`, which an open list answers as an
// unknown value does.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/policy/policy.h"

namespace spiritsafe {

enum class Outcome : uint8_t { not_found, exempt, undecided, found };

struct Answer {
  Outcome outcome = Outcome::not_found;
  std::string_view label = {};  // exempt: the exception that holds
};

// One condition, asked about one item.
struct TraceStep {
  enum class Part : uint8_t { where, require, unless };
  const Condition* condition = nullptr;
  Item item = {};  // the item at hand
  Part part = Part::where;
  Truth result = Truth::no;
  int depth = 0;                // 0: written directly under where, require or unless
  std::string_view label = {};  // of the exception or the alternative that begins here
  std::string value = {};       // test: what the path leads to
};

// What was asked, in order; an enclosing condition stands before its parts. With a trace all parts of a block are
// asked, also behind one that has decided it.
struct Trace {
  std::vector<TraceStep> steps = {};
  int depth = 0;
  TraceStep::Part part = TraceStep::Part::where;
  bool cut = false;  // there were too many steps to keep
};

class JoinIndexes;

// Room to evaluate in, kept from item to item so that nothing is allocated for each; one for each thread and policy.
// What it keeps views the policy and the facts.
struct Room {
  Room();
  ~Room();
  Room(const Room&) = delete;
  Room& operator=(const Room&) = delete;

  std::vector<Item> slots = {};   // captures of the last evaluation; slot 0 is the judged item
  std::string_view because = {};  // label of the alternative that held
  // Conditions that may still be asked; at 0 every answer is "cannot tell". A bound for hostile files, set anew for
  // each file.
  int64_t steps_left = 0;
  Trace* trace = nullptr;
  std::unique_ptr<JoinIndexes> joins;  // of the lists of the file at hand
};

inline constexpr int64_t most_steps = 20'000'000;

// Forgets what the room knows of earlier files; before the first item of each.
void begin_file(Room& room);

// Reports an item when `where` is yes, `require` is no and no `unless` is yes. Where that cannot be told: undecided,
// unless an exception holds for sure. An exception that cannot be told about does not exempt.
Answer evaluate(const Rule& rule, Item item, Room& room);

Truth holds(const Condition& condition, Item item, Room& room);
// What a path leads to; unknown where it begins at a capture that was not set.
Value value_at(const Path& path, Item item, const Room& room);
// The type of that value.
Type type_of(const Path& path);

}  // namespace spiritsafe
