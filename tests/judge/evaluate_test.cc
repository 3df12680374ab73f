// SPDX-License-Identifier: Apache-2.0
// The fixed meanings of the policy language: every operator on values that are known, absent, unknown and open.
#include "engine/judge/evaluate.h"

#include <boost/test/unit_test.hpp>

#include <deque>

#include "engine/judge/match.h"

namespace spiritsafe {

std::ostream& operator<<(std::ostream& out, Truth truth) {
  return out << (truth == Truth::yes ? "yes" : truth == Truth::no ? "no" : "unknown");
}
std::ostream& operator<<(std::ostream& out, Outcome outcome) { return out << static_cast<int>(outcome); }

namespace {

using Kind = Matcher::Kind;
constexpr Truth yes = Truth::yes;
constexpr Truth no = Truth::no;
constexpr Truth cannot_tell = Truth::unknown;

// An entity for tests: whatever values its things hold.
struct Thing {
  Value text = {};
  Value number = {};
  Value flag = {};
  Value names = {};
  Value parts = {};
  Value owner = {};
};

template <Value Thing::*member>
Value get(const void* thing) {
  return static_cast<const Thing*>(thing)->*member;
}

const Field fields[] = {
    {"text", Type::text, "", {}, {}, get<&Thing::text>},
    {"number", Type::number, "", {}, {}, get<&Thing::number>},
    {"flag", Type::boolean, "", {}, {}, get<&Thing::flag>},
    {"names", Type::texts, "", {}, {}, get<&Thing::names>},
    {"parts", Type::items, "", "thing", {}, get<&Thing::parts>},
    {"owner", Type::item, "", "thing", {}, get<&Thing::owner>},
};
const Entity thing_entity = {"thing",
                             "",
                             fields,
                             true,
                             [](const void*) { return Span{}; },
                             [](const void*) -> const File* { return nullptr; },
                             [](const void*) -> const Migration* { return nullptr; }};

Item item_of(const Thing& thing) { return {&thing_entity, &thing}; }

Value absent_value() { return {}; }
Value unknown_value() {
  Value value;
  value.state = State::unknown;
  return value;
}
Value text_value(std::string_view text) {
  Value value;
  value.state = State::known;
  value.text = text;
  return value;
}
Value number_value(int64_t number) {
  Value value;
  value.state = State::known;
  value.number = number;
  return value;
}
Value flag_value(bool flag) {
  Value value;
  value.state = State::known;
  value.boolean = flag;
  return value;
}

// Lists live here, as facts live in their arena. `?` is an unknown text, `-` an absent one, `…` at the end makes it
// open.
Value texts_value(const std::vector<std::string_view>& texts) {
  static std::deque<std::vector<Text>> kept;
  Value value;
  value.state = State::known;
  auto& list = kept.emplace_back();
  for (const std::string_view text : texts) {
    if (text == "…") {
      value.open = true;
    } else {
      list.push_back(text == "?" ? unknown<std::string_view>() : text == "-" ? Text{} : known(text));
    }
  }
  value.texts = list;
  return value;
}

Value things_value(const std::vector<Thing>& things, bool open = false) {
  static std::deque<std::vector<Thing>> kept;
  const auto& list = kept.emplace_back(things);
  Value value;
  value.state = State::known;
  value.open = open;
  value.items = {&thing_entity, reinterpret_cast<const std::byte*>(list.data()), static_cast<uint32_t>(list.size()),
                 sizeof(Thing), false};
  return value;
}

Matcher matcher_of(Kind kind, std::vector<std::string> texts = {}) {
  Matcher matcher;
  matcher.kind = kind;
  matcher.texts = std::move(texts);
  return matcher;
}
Matcher boolean_of(Kind kind, bool value) {
  Matcher matcher = matcher_of(kind);
  matcher.boolean = value;
  return matcher;
}
Matcher range_of(Kind kind, Range range) {
  Matcher matcher = matcher_of(kind);
  matcher.range = range;
  return matcher;
}
Matcher pattern_of(std::string pattern) {
  Matcher matcher = matcher_of(Kind::matches);
  matcher.pattern.emplace(std::move(pattern));
  return matcher;
}
Matcher inner_of(Kind kind, Matcher inner, bool negated = false) {
  Matcher matcher = matcher_of(kind);
  matcher.inner = std::make_shared<const Matcher>(std::move(inner));
  matcher.inner_negated = negated;
  return matcher;
}
Range equal_to(int64_t n) { return {n, {}, {}, {}, {}}; }
Range less_than(int64_t n) { return {{}, n, {}, {}, {}}; }
Range at_most(int64_t n) { return {{}, {}, n, {}, {}}; }
Range more_than(int64_t n) { return {{}, {}, {}, n, {}}; }
Range at_least(int64_t n) { return {{}, {}, {}, {}, n}; }

const Field* field_of(std::string_view name) { return find_field(thing_entity, name); }

Path path_to(std::string_view name, int slot = -1) { return {slot, {field_of(name)}, std::string(name)}; }

Condition test_of(std::string_view name, Matcher matcher) {
  Condition condition;
  condition.kind = Condition::Kind::test;
  condition.path = path_to(name);
  condition.matcher = std::move(matcher);
  return condition;
}
Condition group_of(Condition::Kind kind, std::vector<Condition> parts, std::vector<std::string> labels = {}) {
  Condition condition;
  condition.kind = kind;
  condition.parts = std::move(parts);
  condition.labels = std::move(labels);
  return condition;
}
Condition text_is(std::string text) { return test_of("text", matcher_of(Kind::equals, {std::move(text)})); }

Matcher block_of(Kind kind, Condition block, int slot = -1) {
  Matcher matcher = matcher_of(kind);
  matcher.block = std::make_shared<const Condition>(std::move(block));
  matcher.slot = slot;
  return matcher;
}

Truth ask(const Condition& condition, const Thing& thing, int slots = 4) {
  Room room;
  begin_file(room);
  room.slots.assign(static_cast<size_t>(slots), Item{});
  room.slots[0] = item_of(thing);
  return holds(condition, item_of(thing), room);
}

Thing thing_of(Value text) {
  Thing thing;
  thing.text = text;
  return thing;
}

struct MatchCase {
  std::string_view name;
  Matcher matcher;
  Value value;
  Type type;
  Truth expected;
};

BOOST_AUTO_TEST_SUITE(evaluate_suite)

BOOST_AUTO_TEST_CASE(operators_follow_the_table_for_every_state_of_a_value) {
  const Value abc = text_value("abc");
  const Value ab = texts_value({"a", "b"});
  const Value ab_open = texts_value({"a", "b", "…"});
  const Value a_unknown = texts_value({"a", "?"});
  const Value none_open = texts_value({"…"});
  const Value empty = texts_value({});
  const Matcher is_a = matcher_of(Kind::equals, {"a"});
  const Matcher is_x = matcher_of(Kind::equals, {"x"});
  const Matcher is_a_or_b = matcher_of(Kind::equals, {"a", "b"});
  const std::vector<MatchCase> cases = {
      {"equal text", matcher_of(Kind::equals, {"abc"}), abc, Type::text, yes},
      {"another text", matcher_of(Kind::equals, {"ABC"}), abc, Type::text, no},
      {"one of several", matcher_of(Kind::equals, {"x", "abc"}), abc, Type::text, yes},
      {"equal to an absent text", matcher_of(Kind::equals, {""}), absent_value(), Type::text, no},
      {"equal to an unknown text", matcher_of(Kind::equals, {""}), unknown_value(), Type::text, cannot_tell},
      {"true", boolean_of(Kind::equals, true), flag_value(true), Type::boolean, yes},
      {"true of false", boolean_of(Kind::equals, true), flag_value(false), Type::boolean, no},
      {"false of absent", boolean_of(Kind::equals, false), absent_value(), Type::boolean, no},
      {"false of unknown", boolean_of(Kind::equals, false), unknown_value(), Type::boolean, cannot_tell},
      {"equal number", range_of(Kind::equals, equal_to(3)), number_value(3), Type::number, yes},
      {"another number", range_of(Kind::equals, equal_to(3)), number_value(4), Type::number, no},

      {"is absent, absent", matcher_of(Kind::is_absent), absent_value(), Type::text, yes},
      {"is absent, known", matcher_of(Kind::is_absent), abc, Type::text, no},
      {"is absent, unknown", matcher_of(Kind::is_absent), unknown_value(), Type::text, cannot_tell},
      {"is present, absent", matcher_of(Kind::is_present), absent_value(), Type::text, no},
      {"is present, known", matcher_of(Kind::is_present), abc, Type::text, yes},
      {"is present, unknown", matcher_of(Kind::is_present), unknown_value(), Type::text, cannot_tell},
      {"is known, absent", matcher_of(Kind::is_known), absent_value(), Type::text, no},
      {"is known, known", matcher_of(Kind::is_known), abc, Type::text, yes},
      {"is known, unknown", matcher_of(Kind::is_known), unknown_value(), Type::text, no},
      {"is known, open", matcher_of(Kind::is_known), ab_open, Type::texts, no},
      {"is unknown, absent", matcher_of(Kind::is_unknown), absent_value(), Type::text, no},
      {"is unknown, known", matcher_of(Kind::is_unknown), abc, Type::text, no},
      {"is unknown, unknown", matcher_of(Kind::is_unknown), unknown_value(), Type::text, yes},
      {"is unknown, open", matcher_of(Kind::is_unknown), ab_open, Type::texts, yes},

      {"matches anywhere", pattern_of("b"), abc, Type::text, yes},
      {"matches not", pattern_of("^b"), abc, Type::text, no},
      {"matches, absent", pattern_of(""), absent_value(), Type::text, no},
      {"matches, unknown", pattern_of(""), unknown_value(), Type::text, cannot_tell},
      {"contains", matcher_of(Kind::contains, {"bc"}), abc, Type::text, yes},
      {"contains not", matcher_of(Kind::contains, {"cb"}), abc, Type::text, no},
      {"contains, absent", matcher_of(Kind::contains, {""}), absent_value(), Type::text, no},
      {"contains, unknown", matcher_of(Kind::contains, {""}), unknown_value(), Type::text, cannot_tell},
      {"starts with", matcher_of(Kind::starts_with, {"ab"}), abc, Type::text, yes},
      {"starts not with", matcher_of(Kind::starts_with, {"bc"}), abc, Type::text, no},
      {"ends with", matcher_of(Kind::ends_with, {"bc"}), abc, Type::text, yes},
      {"ends not with", matcher_of(Kind::ends_with, {"ab"}), abc, Type::text, no},
      {"length counts characters", range_of(Kind::length, equal_to(3)), text_value("äöü"), Type::text, yes},
      {"length, absent", range_of(Kind::length, at_least(0)), absent_value(), Type::text, no},
      {"length, unknown", range_of(Kind::length, at_least(0)), unknown_value(), Type::text, cannot_tell},
      {"number less than", range_of(Kind::number, less_than(3)), number_value(2), Type::number, yes},
      {"number not less than", range_of(Kind::number, less_than(3)), number_value(3), Type::number, no},
      {"number at most", range_of(Kind::number, at_most(3)), number_value(3), Type::number, yes},
      {"number more than", range_of(Kind::number, more_than(3)), number_value(3), Type::number, no},
      {"number, absent", range_of(Kind::number, at_least(0)), absent_value(), Type::number, no},
      {"number, unknown", range_of(Kind::number, at_least(0)), unknown_value(), Type::number, cannot_tell},

      {"words are lower case and split",
       inner_of(Kind::words, inner_of(Kind::every, matcher_of(Kind::equals, {"add", "user_2"}))),
       text_value("Add, ADD!"), Type::text, yes},
      {"words, size", inner_of(Kind::words, range_of(Kind::size, equal_to(3))), text_value(" add-user  2 "), Type::text,
       yes},
      {"words of nothing", inner_of(Kind::words, range_of(Kind::size, less_than(2))), text_value(""), Type::text, yes},
      {"words, absent", inner_of(Kind::words, range_of(Kind::size, less_than(2))), absent_value(), Type::text, no},
      {"words, unknown", inner_of(Kind::words, range_of(Kind::size, less_than(2))), unknown_value(), Type::text,
       cannot_tell},

      {"includes", matcher_of(Kind::includes, {"b"}), ab, Type::texts, yes},
      {"includes not", matcher_of(Kind::includes, {"c"}), ab, Type::texts, no},
      {"includes all", matcher_of(Kind::includes, {"b", "a"}), ab, Type::texts, yes},
      {"includes not all", matcher_of(Kind::includes, {"b", "c"}), ab, Type::texts, no},
      {"includes all, open", matcher_of(Kind::includes, {"b", "c"}), ab_open, Type::texts, cannot_tell},
      {"includes, open and there", matcher_of(Kind::includes, {"b"}), ab_open, Type::texts, yes},
      {"includes, open", matcher_of(Kind::includes, {"c"}), ab_open, Type::texts, cannot_tell},
      {"includes, an unknown text", matcher_of(Kind::includes, {"c"}), a_unknown, Type::texts, cannot_tell},
      {"includes, absent", matcher_of(Kind::includes, {"a"}), absent_value(), Type::texts, no},
      {"includes, unknown", matcher_of(Kind::includes, {"a"}), unknown_value(), Type::texts, cannot_tell},

      {"size", range_of(Kind::size, equal_to(2)), ab, Type::texts, yes},
      {"size of an empty list", range_of(Kind::size, equal_to(0)), empty, Type::texts, yes},
      {"size, absent", range_of(Kind::size, equal_to(0)), absent_value(), Type::texts, no},
      {"size, unknown", range_of(Kind::size, equal_to(0)), unknown_value(), Type::texts, cannot_tell},
      {"size, open, already reached", range_of(Kind::size, at_least(2)), ab_open, Type::texts, yes},
      {"size, open, not yet reached", range_of(Kind::size, at_least(3)), ab_open, Type::texts, cannot_tell},
      {"size, open, already exceeded", range_of(Kind::size, at_most(1)), ab_open, Type::texts, no},
      {"size, open, not yet exceeded", range_of(Kind::size, at_most(2)), ab_open, Type::texts, cannot_tell},
      {"size, open, more than it can be fewer", range_of(Kind::size, equal_to(1)), ab_open, Type::texts, no},
      {"size, open, less than", range_of(Kind::size, less_than(2)), ab_open, Type::texts, no},
      {"size, open, more than", range_of(Kind::size, more_than(1)), ab_open, Type::texts, yes},

      {"duplicates", boolean_of(Kind::duplicates, true), texts_value({"a", "b", "a"}), Type::texts, yes},
      {"no duplicates", boolean_of(Kind::duplicates, true), ab, Type::texts, no},
      {"false for duplicates", boolean_of(Kind::duplicates, false), ab, Type::texts, yes},
      {"duplicates, open", boolean_of(Kind::duplicates, true), ab_open, Type::texts, cannot_tell},
      {"duplicates, open but there", boolean_of(Kind::duplicates, true), texts_value({"a", "a", "…"}), Type::texts,
       yes},
      {"duplicates, an unknown text", boolean_of(Kind::duplicates, true), a_unknown, Type::texts, cannot_tell},
      {"duplicates, only an unknown text", boolean_of(Kind::duplicates, true), texts_value({"?"}), Type::texts, no},

      {"some", inner_of(Kind::some, is_a), ab, Type::texts, yes},
      {"some, none does", inner_of(Kind::some, is_x), ab, Type::texts, no},
      {"some, empty", inner_of(Kind::some, is_x), empty, Type::texts, no},
      {"some, open with a match", inner_of(Kind::some, is_a), ab_open, Type::texts, yes},
      {"some, open without", inner_of(Kind::some, is_x), ab_open, Type::texts, cannot_tell},
      {"some, an unknown text", inner_of(Kind::some, is_x), a_unknown, Type::texts, cannot_tell},
      {"some not", inner_of(Kind::some, is_a, true), ab, Type::texts, yes},
      {"some, absent", inner_of(Kind::some, is_a), absent_value(), Type::texts, no},
      {"some, unknown", inner_of(Kind::some, is_a), unknown_value(), Type::texts, cannot_tell},
      {"none", inner_of(Kind::none, is_x), ab, Type::texts, yes},
      {"none, one does", inner_of(Kind::none, is_a), ab_open, Type::texts, no},
      {"none, open", inner_of(Kind::none, is_x), ab_open, Type::texts, cannot_tell},
      {"none, empty", inner_of(Kind::none, is_x), empty, Type::texts, yes},
      {"none, absent", inner_of(Kind::none, is_x), absent_value(), Type::texts, no},
      {"every", inner_of(Kind::every, is_a_or_b), ab, Type::texts, yes},
      {"every, one does not", inner_of(Kind::every, is_a), ab, Type::texts, no},
      {"every, empty", inner_of(Kind::every, is_a), empty, Type::texts, no},
      {"every, open", inner_of(Kind::every, is_a_or_b), ab_open, Type::texts, cannot_tell},
      {"every, open and nothing read", inner_of(Kind::every, is_a), none_open, Type::texts, cannot_tell},
      {"every, open but one does not", inner_of(Kind::every, is_a), ab_open, Type::texts, no},
      {"every, an unknown text", inner_of(Kind::every, is_a), a_unknown, Type::texts, cannot_tell},
  };
  for (const MatchCase& each : cases) {
    BOOST_TEST_CONTEXT(each.name) { BOOST_TEST(match_value(each.matcher, each.value, each.type) == each.expected); }
  }
}

struct OtherCase {
  std::string_view name;
  Kind kind;
  Value value;
  Value other;
  Type type;
  Truth expected;
};

BOOST_AUTO_TEST_CASE(comparisons_of_two_values_follow_the_table) {
  const std::vector<OtherCase> cases = {
      {"same text", Kind::same_as, text_value("a"), text_value("a"), Type::text, yes},
      {"another text", Kind::same_as, text_value("a"), text_value("b"), Type::text, no},
      {"both absent", Kind::same_as, absent_value(), absent_value(), Type::text, yes},
      {"one absent", Kind::same_as, absent_value(), text_value("a"), Type::text, no},
      {"one unknown", Kind::same_as, unknown_value(), text_value("a"), Type::text, cannot_tell},
      {"the other unknown", Kind::same_as, absent_value(), unknown_value(), Type::text, cannot_tell},
      {"same number", Kind::same_as, number_value(1), number_value(1), Type::number, yes},
      {"another flag", Kind::same_as, flag_value(true), flag_value(false), Type::boolean, no},
      {"same items", Kind::same_items_as, texts_value({"a", "b"}), texts_value({"b", "a"}), Type::texts, yes},
      {"not as often", Kind::same_items_as, texts_value({"a", "b", "b"}), texts_value({"b", "a", "a"}), Type::texts,
       no},
      {"fewer items", Kind::same_items_as, texts_value({"a"}), texts_value({"a", "b"}), Type::texts, no},
      {"open, may be the rest", Kind::same_items_as, texts_value({"a", "…"}), texts_value({"a", "b"}), Type::texts,
       cannot_tell},
      {"open, already too many", Kind::same_items_as, texts_value({"a", "b", "…"}), texts_value({"a"}), Type::texts,
       no},
      {"open, already another", Kind::same_items_as, texts_value({"c", "…"}), texts_value({"a", "b"}), Type::texts, no},
      {"an unknown text", Kind::same_items_as, texts_value({"a", "?"}), texts_value({"a", "b"}), Type::texts,
       cannot_tell},
      {"both empty", Kind::same_items_as, texts_value({}), texts_value({}), Type::texts, yes},
      {"items of absent lists", Kind::same_items_as, absent_value(), absent_value(), Type::texts, no},
      {"items of an unknown list", Kind::same_items_as, unknown_value(), texts_value({}), Type::texts, cannot_tell},
  };
  for (const OtherCase& each : cases) {
    BOOST_TEST_CONTEXT(each.name) {
      BOOST_TEST(match_other(matcher_of(each.kind), each.value, each.other, each.type) == each.expected);
    }
  }
}

BOOST_AUTO_TEST_CASE(same_as_through_a_map_is_no_for_what_the_map_does_not_have) {
  Matcher matcher = matcher_of(Kind::same_as);
  matcher.through =
      std::make_shared<const std::map<std::string, std::string>>(std::map<std::string, std::string>{{"up", "down"}});
  BOOST_TEST(match_other(matcher, text_value("down"), text_value("up"), Type::text) == yes);
  BOOST_TEST(match_other(matcher, text_value("up"), text_value("up"), Type::text) == no);
  BOOST_TEST(match_other(matcher, text_value("left"), text_value("left"), Type::text) == no);
  BOOST_TEST(match_other(matcher, text_value("left"), unknown_value(), Type::text) == cannot_tell);
}

BOOST_AUTO_TEST_CASE(and_or_and_not_are_kleenes) {
  const Condition one[] = {text_is("y"), test_of("flag", boolean_of(Kind::equals, true)), text_is("n")};
  const Truth values[] = {yes, cannot_tell, no};
  Thing thing = thing_of(text_value("y"));
  thing.flag = unknown_value();
  for (size_t a = 0; a < 3; ++a) {
    BOOST_TEST(ask(group_of(Condition::Kind::negation, {one[a]}), thing) == negate(values[a]));
    for (size_t b = 0; b < 3; ++b) {
      BOOST_TEST(ask(group_of(Condition::Kind::all, {one[a], one[b]}), thing) == both(values[a], values[b]));
      BOOST_TEST(ask(group_of(Condition::Kind::any, {one[a], one[b]}), thing) == either(values[a], values[b]));
    }
  }
  BOOST_TEST(ask(group_of(Condition::Kind::all, {}), thing) == yes);
}

BOOST_AUTO_TEST_CASE(not_of_an_absent_value_holds) {
  BOOST_TEST(ask(group_of(Condition::Kind::negation, {test_of("flag", boolean_of(Kind::equals, true))}), Thing{}) ==
             yes);
}

struct ListCase {
  std::string_view name;
  Kind kind;
  Value parts;
  Truth expected;
  Range range = {};
};

BOOST_AUTO_TEST_CASE(lists_of_items_follow_the_table) {
  const Thing a = thing_of(text_value("a"));
  const Thing b = thing_of(text_value("b"));
  const Thing u = thing_of(unknown_value());
  const std::vector<ListCase> cases = {
      {"some", Kind::some, things_value({b, a}), yes},
      {"some, not there", Kind::some, things_value({b}), no},
      {"some, perhaps", Kind::some, things_value({b, u}), cannot_tell},
      {"some, sure behind perhaps", Kind::some, things_value({u, a}), yes},
      {"some, open with a match", Kind::some, things_value({a}, true), yes},
      {"some, open without", Kind::some, things_value({b}, true), cannot_tell},
      {"some, empty", Kind::some, things_value({}), no},
      {"some, absent", Kind::some, absent_value(), no},
      {"some, unknown", Kind::some, unknown_value(), cannot_tell},
      {"none", Kind::none, things_value({b}), yes},
      {"none, there is one", Kind::none, things_value({b, a}), no},
      {"none, open", Kind::none, things_value({b}, true), cannot_tell},
      {"none, absent", Kind::none, absent_value(), no},
      {"every", Kind::every, things_value({a, a}), yes},
      {"every, one is not", Kind::every, things_value({a, b}), no},
      {"every, perhaps", Kind::every, things_value({a, u}), cannot_tell},
      {"every, empty", Kind::every, things_value({}), no},
      {"every, open", Kind::every, things_value({a}, true), cannot_tell},
      {"every, open but one is not", Kind::every, things_value({b}, true), no},
      {"size, open and reached", Kind::size, things_value({a, b}, true), yes, at_least(2)},
      {"size", Kind::size, things_value({a, b}), no, at_least(3)},
      {"count", Kind::count, things_value({a, b, a}), yes, equal_to(2)},
      {"count, perhaps", Kind::count, things_value({a, u}), cannot_tell, equal_to(1)},
      {"count, perhaps but enough", Kind::count, things_value({a, u}), yes, at_least(1)},
      {"count, open", Kind::count, things_value({a}, true), cannot_tell, at_most(1)},
      {"count, open but too many", Kind::count, things_value({a, a}, true), no, at_most(1)},
      {"count, absent", Kind::count, absent_value(), no, at_least(0)},
  };
  for (const ListCase& each : cases) {
    Matcher matcher = block_of(each.kind, text_is("a"));
    if (each.kind == Kind::size) {
      matcher.block = nullptr;
    }
    matcher.range = each.range;
    Thing thing;
    thing.parts = each.parts;
    BOOST_TEST_CONTEXT(each.name) { BOOST_TEST(ask(test_of("parts", matcher), thing) == each.expected); }
  }
}

BOOST_AUTO_TEST_CASE(count_of_different_values_counts_each_once) {
  Matcher matcher = block_of(Kind::count, group_of(Condition::Kind::all, {}));
  matcher.distinct = path_to("text");
  const auto count = [&](const std::vector<Thing>& things, Range range) {
    Thing thing;
    thing.parts = things_value(things);
    matcher.range = range;
    return ask(test_of("parts", matcher), thing);
  };
  const Thing a = thing_of(text_value("a"));
  const Thing b = thing_of(text_value("b"));
  BOOST_TEST(count({a, b, a}, equal_to(2)) == yes);
  BOOST_TEST(count({a, b, thing_of(unknown_value())}, equal_to(2)) == cannot_tell);
  BOOST_TEST(count({a, b, thing_of(unknown_value())}, at_least(2)) == yes);
  BOOST_TEST(count({a, b, thing_of(unknown_value())}, more_than(3)) == no);
}

BOOST_AUTO_TEST_CASE(a_block_on_an_absent_item_is_no_and_on_an_unknown_one_cannot_be_told) {
  const Condition condition = test_of("owner", block_of(Kind::block, text_is("a")));
  Thing owner = thing_of(text_value("a"));
  Thing thing;
  BOOST_TEST(ask(condition, thing) == no);
  thing.owner = unknown_value();
  BOOST_TEST(ask(condition, thing) == cannot_tell);
  thing.owner.state = State::known;
  thing.owner.item = item_of(owner);
  BOOST_TEST(ask(condition, thing) == yes);
}

BOOST_AUTO_TEST_CASE(some_keeps_the_first_item_that_surely_matches) {
  Thing thing;
  thing.parts = things_value(
      {thing_of(text_value("b")), thing_of(unknown_value()), thing_of(text_value("a")), thing_of(text_value("a"))});
  Room room;
  begin_file(room);
  room.slots.assign(2, Item{});
  BOOST_TEST(holds(test_of("parts", block_of(Kind::some, text_is("a"), 1)), item_of(thing), room) == yes);
  BOOST_TEST(room.slots[1].pointer == thing.parts.items[2].pointer);
  BOOST_TEST(holds(test_of("parts", block_of(Kind::some, text_is("x"), 1)), item_of(thing), room) == cannot_tell);
  BOOST_TEST(room.slots[1].pointer == thing.parts.items[1].pointer);
}

// where, require and the exceptions, each as one of the three values.
Rule rule_of(Condition where, std::optional<Condition> require, std::vector<Condition> unless) {
  Rule rule;
  rule.where = std::move(where);
  rule.require = std::move(require);
  for (Condition& condition : unless) {
    rule.unless.push_back({"label " + std::to_string(rule.unless.size() + 1), std::move(condition)});
  }
  return rule;
}

BOOST_AUTO_TEST_CASE(outcomes_follow_the_table) {
  const Condition y = text_is("y");
  const Condition n = text_is("n");
  const Condition u = test_of("flag", boolean_of(Kind::equals, true));
  Thing thing = thing_of(text_value("y"));
  thing.flag = unknown_value();
  struct Case {
    std::string_view name;
    Rule rule;
    Outcome expected;
    std::string_view label = "";
  };
  const std::vector<Case> cases = {
      {"where yes", rule_of(y, {}, {}), Outcome::found},
      {"where no", rule_of(n, {}, {y}), Outcome::not_found},
      {"where cannot tell", rule_of(u, {}, {}), Outcome::undecided},
      {"required and so", rule_of(y, y, {}), Outcome::not_found},
      {"required and not so", rule_of(y, n, {}), Outcome::found},
      {"required and cannot tell", rule_of(y, u, {}), Outcome::undecided},
      {"where cannot tell, but what is required is so", rule_of(u, y, {}), Outcome::not_found},
      {"where cannot tell, and what is required is not so", rule_of(u, n, {}), Outcome::undecided},
      {"an exception", rule_of(y, {}, {n, y}), Outcome::exempt, "label 2"},
      {"an exception of which it cannot be told", rule_of(y, {}, {u}), Outcome::found},
      {"the first of two exceptions", rule_of(y, n, {y, y}), Outcome::exempt, "label 1"},
      {"cannot tell, with an exception", rule_of(u, {}, {y}), Outcome::exempt, "label 1"},
      {"cannot tell, nor of the exception", rule_of(u, {}, {u}), Outcome::undecided},
  };
  for (const Case& each : cases) {
    BOOST_TEST_CONTEXT(each.name) {
      for (const bool traced : {false, true}) {
        Room room;
        Trace trace;
        begin_file(room);
        room.trace = traced ? &trace : nullptr;
        const Answer answer = evaluate(each.rule, item_of(thing), room);
        BOOST_TEST(answer.outcome == each.expected);
        BOOST_TEST(answer.label == each.label);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(because_is_the_label_of_the_alternative_that_holds) {
  const Condition where = group_of(
      Condition::Kind::all, {group_of(Condition::Kind::any, {text_is("n"), text_is("y")}, {"it is n", "it is y"})});
  const Rule rule = rule_of(where, {}, {});
  for (const bool traced : {false, true}) {
    Room room;
    Trace trace;
    begin_file(room);
    room.trace = traced ? &trace : nullptr;
    const Thing thing = thing_of(text_value("y"));
    evaluate(rule, item_of(thing), room);
    BOOST_TEST(room.because == "it is y");
    const Thing other = thing_of(text_value("x"));
    evaluate(rule, item_of(other), room);
    BOOST_TEST(room.because == "");
  }
}

BOOST_AUTO_TEST_CASE(nothing_is_told_when_there_is_too_much_to_compare) {
  const Thing thing = thing_of(text_value("y"));
  Room room;
  room.steps_left = 0;
  BOOST_TEST(evaluate(rule_of(text_is("n"), {}, {}), item_of(thing), room).outcome == Outcome::undecided);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace spiritsafe
