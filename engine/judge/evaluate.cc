// SPDX-License-Identifier: Apache-2.0
#include "engine/judge/evaluate.h"

#include <algorithm>
#include <set>

#include "engine/judge/join.h"
#include "engine/judge/match.h"
#include "engine/judge/show.h"

namespace spiritsafe {
namespace {

constexpr size_t most_trace_steps = 200'000;
constexpr size_t longest_traced = 80;

Truth ask(const Condition& condition, Item item, Room& room, std::string_view label);

// The step that is being asked, or npos without a trace.
size_t open_step(const Condition& condition, Item item, Room& room, std::string_view label) {
  if (!room.trace) {
    return std::string::npos;
  }
  Trace& trace = *room.trace;
  if (trace.steps.size() >= most_trace_steps) {
    trace.cut = true;
    return std::string::npos;
  }
  TraceStep step;
  step.condition = &condition;
  step.item = item;
  step.part = trace.part;
  step.depth = trace.depth++;
  step.label = label;
  trace.steps.push_back(std::move(step));
  return trace.steps.size() - 1;
}

void close_step(size_t step, Truth result, Room& room) {
  if (step != std::string::npos) {
    room.trace->steps[step].result = result;
    --room.trace->depth;
  }
}

// ---- lists of items -------------------------------------------------------------------------------------------------

void keep(const Matcher& matcher, Item item, Room& room) {
  if (matcher.slot >= 0) {
    room.slots[static_cast<size_t>(matcher.slot)] = item;
  }
}

Truth ask_block(const Matcher& matcher, Item item, Room& room) {
  keep(matcher, item, room);
  return ask(*matcher.block, item, room, {});
}

// Calls `use` with each item whose `key` is one of the texts asked for or is not known, in order, until it returns
// false; nothing is called, and false returned, where that cannot be narrowed.
template <class Use>
bool each_narrowed(const Condition& key, const Items& items, Room& room, Use use) {
  const Matcher& matcher = key.matcher;
  std::span<const std::string> several;
  std::optional<std::string_view> one;
  bool absent_too = false;
  if (matcher.kind == Matcher::Kind::equals) {
    several = matcher.texts;
  } else {
    const Value other = value_at(matcher.other, room.slots[0], room);
    if (other.state == State::unknown) {
      return false;
    }
    if (other.state == State::absent) {
      absent_too = true;
    } else if (!matcher.through) {
      one = other.text;
    } else if (const auto found = matcher.through->find(std::string(other.text)); found != matcher.through->end()) {
      one = found->second;
    }
  }
  const Items whole = whole_list(items);
  const auto offset = static_cast<uint32_t>(static_cast<size_t>(items.first - whole.first) / items.stride);
  const TextIndex& index = room.joins->index_of(*key.path.fields.front(), whole);
  const auto each_of = [&](std::string_view text, auto call) {
    auto found = std::ranges::lower_bound(index.known, std::pair(text, offset));
    while (found != index.known.end() && found->first == text && found->second - offset < items.count &&
           call(found->second)) {
      ++found;
    }
  };
  if (one && index.unknown.empty()) {
    each_of(*one, [&](uint32_t position) { return use(items[position - offset]); });
    return true;
  }
  std::vector<uint32_t> positions;
  const auto add = [&](uint32_t position) {
    if (position >= offset && position - offset < items.count) {
      positions.push_back(position - offset);
    }
    return true;
  };
  if (one) {
    each_of(*one, add);
  }
  for (const std::string& text : several) {
    each_of(text, add);
  }
  std::ranges::for_each(index.unknown, add);
  if (absent_too) {
    std::ranges::for_each(index.absent, add);
  }
  std::ranges::sort(positions);
  positions.erase(std::unique(positions.begin(), positions.end()), positions.end());
  for (size_t i = 0; i < positions.size() && use(items[positions[i]]); ++i) {
  }
  return true;
}

// Calls `use` with each item that may hold the block, in order, until it returns false. The others do not hold it.
template <class Use>
void each_candidate(const Matcher& matcher, const Items& items, Room& room, Use use) {
  if (items.count >= shortest_join && !room.trace) {
    if (const Condition* key = room.joins->plan_of(matcher).key) {
      if (each_narrowed(*key, items, room, use)) {
        return;
      }
    }
  }
  for (uint32_t i = 0; i < items.count && use(items[i]); ++i) {
  }
}

// Leaves the first item that holds the block in the matcher's slot; else the first about which it cannot be told.
Truth some_item(const Matcher& matcher, const Value& value, Room& room) {
  Truth result = value.open ? Truth::unknown : Truth::no;
  Item undecided;
  const std::string_view because = room.because;
  each_candidate(matcher, value.items, room, [&](Item item) {
    const Truth answer = ask_block(matcher, item, room);
    if (answer == Truth::yes) {
      result = answer;
      return false;
    }
    if (answer == Truth::unknown) {
      undecided = undecided ? undecided : item;
      result = answer;
    }
    room.because = because;
    return true;
  });
  if (result != Truth::yes) {
    keep(matcher, undecided, room);
  }
  return result;
}

Truth every_item(const Matcher& matcher, const Value& value, Room& room) {
  if (value.items.count == 0) {
    return value.open ? Truth::unknown : Truth::no;
  }
  Truth result = value.open ? Truth::unknown : Truth::yes;
  for (uint32_t i = 0; i < value.items.count && result != Truth::no; ++i) {
    result = both(result, ask_block(matcher, value.items[i], room));
  }
  keep(matcher, {}, room);
  return result;
}

// A value that can be ordered: of what `distinct` leads to.
struct Distinct {
  State state = State::absent;
  std::string_view text = {};
  int64_t number = 0;
  const void* item = nullptr;
  auto operator<=>(const Distinct&) const = default;
};

Truth count_items(const Matcher& matcher, const Value& value, Room& room) {
  int64_t surely = 0;
  int64_t perhaps = 0;
  std::set<Distinct> seen;
  each_candidate(matcher, value.items, room, [&](Item item) {
    const Truth answer = ask_block(matcher, item, room);
    if (answer == Truth::no) {
      return true;
    }
    if (!matcher.distinct) {
      ++(answer == Truth::yes ? surely : perhaps);
      return true;
    }
    const Value part = value_at(*matcher.distinct, item, room);
    if (answer == Truth::unknown || part.state == State::unknown) {
      ++perhaps;
    } else {
      seen.insert({part.state, part.text, part.number + part.boolean, part.item.pointer});
    }
    return true;
  });
  keep(matcher, {}, room);
  if (matcher.distinct) {
    surely = static_cast<int64_t>(seen.size());
  }
  return in_range(matcher.range, surely, value.open ? no_upper_bound : surely + perhaps);
}

Truth quantify(const Matcher& matcher, const Value& value, Room& room) {
  using Kind = Matcher::Kind;
  switch (matcher.kind) {
    case Kind::some:
      return some_item(matcher, value, room);
    case Kind::none: {
      const std::string_view because = room.because;
      const Truth result = negate(some_item(matcher, value, room));
      room.because = because;
      return result;
    }
    case Kind::every:
      return every_item(matcher, value, room);
    case Kind::count:
      return count_items(matcher, value, room);
    default:
      return match_value(matcher, value, Type::items);
  }
}

Truth match_items(const Matcher& matcher, const Value& value, Room& room) {
  const bool asks_block = matcher.block != nullptr;
  if (!asks_block || value.state != State::known) {
    return match_value(matcher, value, Type::items);
  }
  if (value.items.count < shortest_join || room.trace || !room.joins->plan_of(matcher).stands_alone) {
    return quantify(matcher, value, room);
  }
  if (const Truth* answer = room.joins->remembered(matcher, value.items)) {
    return *answer;
  }
  const Truth answer = quantify(matcher, value, room);
  if (room.steps_left > 0) {  // else it is no answer
    room.joins->remember(matcher, value.items, answer);
  }
  return answer;
}

// ---- conditions -----------------------------------------------------------------------------------------------------

// Nearly every test is one of these: a field of the item at hand that is one of some words, true or false.
bool is_small(const Condition& condition) {
  return condition.matcher.small != 0 && condition.path.slot < 0 && condition.path.fields.size() == 1;
}

Truth ask_small(const Condition& condition, Item item) {
  const int value = condition.path.fields.front()->small(item.pointer);
  return value >= 0              ? truth((condition.matcher.small >> value & 1) != 0)
         : value == absent_small ? Truth::no
                                 : Truth::unknown;
}

Truth ask_test(const Condition& condition, Item item, Room& room, size_t step) {
  if (--room.steps_left <= 0) {
    return Truth::unknown;
  }
  const Matcher& matcher = condition.matcher;
  const Value value = value_at(condition.path, item, room);
  const Type type = type_of(condition.path);
  if (step != std::string::npos) {
    room.trace->steps[step].value = show_value(value, type, longest_traced);
  }
  if (matcher.kind == Matcher::Kind::same_as || matcher.kind == Matcher::Kind::same_items_as) {
    return match_other(matcher, value, value_at(matcher.other, item, room), type);
  }
  if (type == Type::items) {
    return match_items(matcher, value, room);
  }
  if (matcher.kind == Matcher::Kind::block && value.state == State::known) {
    return ask_block(matcher, value.item, room);
  }
  const Asking asking{item, room};
  return match_value(matcher, value, type, &asking);
}

// Without a trace a part behind one that has decided the block is not asked.
Truth ask_all(const Condition& condition, Item item, Room& room) {
  Truth result = Truth::yes;
  for (const Condition& part : condition.parts) {
    result = both(result, ask(part, item, room, {}));
    if (result == Truth::no && !room.trace) {
      break;
    }
  }
  return result;
}

Truth ask_any(const Condition& condition, Item item, Room& room) {
  const std::string_view before = room.because;
  std::string_view because = before;
  Truth result = Truth::no;
  for (size_t i = 0; i < condition.parts.size() && (result != Truth::yes || room.trace); ++i) {
    const std::string_view label =
        i < condition.labels.size() ? std::string_view(condition.labels[i]) : std::string_view();
    room.because = before;
    const Truth answer = ask(condition.parts[i], item, room, label);
    if (answer > result) {
      result = answer;
      because = label.empty() || !before.empty() ? room.because : label;
    }
  }
  room.because = because;
  return result;
}

Truth ask(const Condition& condition, Item item, Room& room, std::string_view label) {
  if (!room.trace && condition.kind == Condition::Kind::test) {
    if (is_small(condition)) {
      return --room.steps_left <= 0 ? Truth::unknown : ask_small(condition, item);
    }
    const std::string_view before = room.because;
    const Truth answer = ask_test(condition, item, room, std::string::npos);
    if (answer == Truth::no) {
      room.because = before;
    }
    return answer;
  }
  const std::string_view because = room.because;
  // A plain block says no more than its parts do; it has a line of its own only where it is named.
  const bool is_plain_block = condition.kind == Condition::Kind::all && label.empty();
  const size_t step = is_plain_block ? std::string::npos : open_step(condition, item, room, label);
  Truth result = Truth::unknown;
  switch (condition.kind) {
    case Condition::Kind::all:
      result = ask_all(condition, item, room);
      break;
    case Condition::Kind::any:
      result = ask_any(condition, item, room);
      break;
    case Condition::Kind::negation:
      result = negate(ask(condition.parts.front(), item, room, {}));
      room.because = because;
      break;
    case Condition::Kind::test:
      result = ask_test(condition, item, room, step);
      break;
  }
  if (result == Truth::no) {
    room.because = because;
  }
  close_step(step, result, room);
  return result;
}

// The exceptions that hold for sure: the first one's label.
std::optional<std::string_view> find_exception(const Rule& rule, Item item, Room& room) {
  std::optional<std::string_view> label;
  const std::string_view because = room.because;
  for (const Exception& exception : rule.unless) {
    const Truth holds_here = ask(exception.condition, item, room, exception.label);
    if (holds_here == Truth::yes && !label) {
      label = exception.label;
      if (!room.trace) {
        break;
      }
    }
  }
  room.because = because;
  return label;
}

const Project* project_of(Item item) {
  if (item.entity == &entity_of<Project>()) {
    return static_cast<const Project*>(item.pointer);
  }
  const File* file = item.entity->file(item.pointer);
  return file ? file->project : nullptr;
}

// Whether the item, or the operation that it belongs to, is kept away from a database by the conditions around it.
bool never_runs_on(Item item, std::string_view dialect) {
  if (const Field* dialects = find_field(*item.entity, "dialects")) {
    const Value value = dialects->get(item.pointer);
    return value.state == State::known && !value.open && std::ranges::none_of(value.texts, [&](const Text& text) {
             return !text.is_known() || text.value == dialect;
           });
  }
  const Field* operation = find_field(*item.entity, "operation");
  const Value owner = operation ? operation->get(item.pointer) : Value{};
  return owner.item && never_runs_on(owner.item, dialect);
}

// Why a rule about one database has nothing to say of the item.
std::optional<std::string_view> runs_elsewhere(const Rule& rule, Item item) {
  if (rule.dialect.empty() && !rule.only_alembic) {
    return std::nullopt;
  }
  const Project* project = project_of(item);
  if (rule.only_alembic && project && project->settings.is_sql) {
    return "the project's migrations are files of SQL";
  }
  if (rule.dialect.empty()) {
    return std::nullopt;
  }
  if (project && !project->settings.dialect.empty() && project->settings.dialect != rule.dialect) {
    return "the project works with another database";
  }
  if (!rule.every_branch && never_runs_on(item, rule.dialect)) {
    return "it never runs on the database that the rule speaks of";
  }
  return std::nullopt;
}

void begin_part(Room& room, TraceStep::Part part) {
  if (room.trace) {
    room.trace->part = part;
  }
}

}  // namespace

Room::Room() : joins(std::make_unique<JoinIndexes>()) {}
Room::~Room() = default;

void begin_file(Room& room) {
  room.steps_left = most_steps;
  room.joins->begin_file();
}

Answer evaluate(const Rule& rule, Item item, Room& room) {
  room.slots.assign(static_cast<size_t>(std::max(rule.slot_count, 1)), Item{});
  room.slots[0] = item;
  room.because = {};
  begin_part(room, TraceStep::Part::where);
  Truth reported = ask(rule.where, item, room, {});
  if (reported != Truth::no && rule.require) {
    const std::string_view because = room.because;
    begin_part(room, TraceStep::Part::require);
    reported = both(reported, negate(ask(*rule.require, item, room, {})));
    room.because = because;
  }
  if (reported == Truth::no) {
    return {};
  }
  begin_part(room, TraceStep::Part::unless);
  if (const auto label = runs_elsewhere(rule, item)) {
    return {Outcome::exempt, *label};
  }
  if (const auto label = find_exception(rule, item, room)) {
    return {Outcome::exempt, *label};
  }
  return {reported == Truth::yes ? Outcome::found : Outcome::undecided, {}};
}

Truth holds(const Condition& condition, Item item, Room& room) { return ask(condition, item, room, {}); }

Value value_at(const Path& path, Item item, const Room& room) {
  if (path.slot < 0 && path.fields.size() == 1) {
    return path.fields.front()->get(item.pointer);  // nearly always
  }
  if (path.slot >= 0) {
    item = static_cast<size_t>(path.slot) < room.slots.size() ? room.slots[static_cast<size_t>(path.slot)] : Item{};
  }
  Value value;
  if (!item) {
    value.state = State::unknown;
    return value;
  }
  if (path.fields.empty()) {
    value.state = State::known;
    value.item = item;
    return value;
  }
  const size_t last = path.fields.size() - 1;
  for (size_t i = 0; i < last; ++i) {
    value = path.fields[i]->get(item.pointer);
    if (value.state != State::known) {
      return value;
    }
    item = value.item;
  }
  return path.fields[last]->get(item.pointer);
}

Type type_of(const Path& path) { return path.fields.empty() ? Type::item : path.fields.back()->type; }

}  // namespace spiritsafe
