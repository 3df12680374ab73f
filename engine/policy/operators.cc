// SPDX-License-Identifier: Apache-2.0
#include "engine/policy/operators.h"

#include <algorithm>

#include <fmt/format.h>

namespace spiritsafe {
namespace {

const std::vector<Type> any_type = {Type::text,  Type::number, Type::boolean, Type::choice,
                                    Type::texts, Type::item,   Type::items};
const std::vector<Type> single = {Type::text, Type::number, Type::boolean, Type::choice, Type::item};
const std::vector<Type> plain = {Type::text, Type::number, Type::boolean, Type::choice};
const std::vector<Type> text_only = {Type::text};
const std::vector<Type> lists = {Type::texts, Type::items};

std::string range_text(const Range& range) {
  std::string out;
  const auto add = [&](const std::optional<int64_t>& bound, std::string_view words) {
    if (bound) {
      out += fmt::format("{}{} {}", out.empty() ? "" : " and ", words, *bound);
    }
  };
  add(range.equal, "=");
  add(range.less_than, "less than");
  add(range.at_most, "at most");
  add(range.more_than, "more than");
  add(range.at_least, "at least");
  return out;
}

std::string texts_phrase(const std::vector<std::string>& texts, std::string_view one, std::string_view many) {
  if (texts.size() == 1) {
    return std::string(one) + " " + texts[0];
  }
  std::string out(many);
  constexpr size_t most_shown = 8;
  for (size_t i = 0; i < texts.size() && i < most_shown; ++i) {
    out += (i == 0 ? " " : ", ") + texts[i];
  }
  return texts.size() > most_shown ? out + fmt::format(", … ({} in all)", texts.size()) : out;
}

// `boolean`: what `equals` compares with.
std::string phrase(const Matcher& matcher, Type type) {
  using Kind = Matcher::Kind;
  switch (matcher.kind) {
    case Kind::equals:
      return type == Type::boolean ? (matcher.boolean ? "= true" : "= false")
                                   : texts_phrase(matcher.texts, "=", "is one of");
    case Kind::is_absent:
      return "is absent";
    case Kind::is_present:
      return "is present";
    case Kind::is_known:
      return "is known";
    case Kind::is_unknown:
      return "is unknown";
    case Kind::same_as:
      return (matcher.through ? "is what a map gives for " : "is the same as ") + matcher.other.text;
    case Kind::matches:
      return "matches " + (matcher.pattern ? matcher.pattern->text() : std::string());
    case Kind::contains:
      return texts_phrase(matcher.texts, "contains", "contains");
    case Kind::starts_with:
      return texts_phrase(matcher.texts, "starts with", "starts with");
    case Kind::ends_with:
      return texts_phrase(matcher.texts, "ends with", "ends with");
    case Kind::length:
      return "has a length " + range_text(matcher.range);
    case Kind::words:
      return "has words: " + (matcher.inner ? phrase(*matcher.inner, Type::texts) : std::string());
    case Kind::number:
      return range_text(matcher.range);
    case Kind::includes:
      return texts_phrase(matcher.texts, "includes", "includes all of");
    case Kind::size:
      return "has a size " + range_text(matcher.range);
    case Kind::same_items_as:
      return "has the same items as " + matcher.other.text;
    case Kind::duplicates:
      return matcher.boolean ? "has duplicates" : "has no duplicates";
    case Kind::some:
      return "has some" + (matcher.inner ? (matcher.inner_negated ? " not " : " ") + phrase(*matcher.inner, Type::text)
                                         : std::string());
    case Kind::every:
      return "has only" + (matcher.inner ? (matcher.inner_negated ? " not " : " ") + phrase(*matcher.inner, Type::text)
                                         : std::string());
    case Kind::none:
      return "has none" + (matcher.inner ? (matcher.inner_negated ? " not " : " ") + phrase(*matcher.inner, Type::text)
                                         : std::string());
    case Kind::count:
      return "has a count " + range_text(matcher.range) +
             (matcher.distinct ? " of different " + matcher.distinct->text : "");
    case Kind::block:
      return "is an item with";
    case Kind::all_of: {
      std::string out;
      for (const Matcher& part : matcher.parts) {
        out += (out.empty() ? "" : " and ") + phrase(part, type);
      }
      return out;
    }
    case Kind::negation:
      return "not " + (matcher.inner ? phrase(*matcher.inner, type) : std::string());
  }
  return {};
}

}  // namespace

const std::vector<Operator>& operators() {
  static const std::vector<Operator> rows = {
      {"is", OperatorKind::is, any_type, "absent, present, known or unknown",
       "whether the value is written and can be known"},
      {"not", OperatorKind::negation, any_type, "a matcher",
       "the opposite; on an absent value every other operator is false, so `not` holds"},
      {"same_as", OperatorKind::same_as, single, "a path", "equal to another value; two absent values are the same"},
      {"through", OperatorKind::through, single, "a map's name",
       "beside same_as: equal to what the map gives for the other value"},
      {"matches", OperatorKind::matches, text_only, "a pattern",
       "an RE2 pattern, found anywhere in the text; in single quotes"},
      {"contains", OperatorKind::contains, text_only, "a text", "holds this text, to the letter"},
      {"starts_with", OperatorKind::starts_with, text_only, "a text", "begins with this text, to the letter"},
      {"ends_with", OperatorKind::ends_with, text_only, "a text", "ends with this text, to the letter"},
      {"one_of", OperatorKind::one_of, plain, "a list", "equal to one of these; `[a, b]` alone means the same"},
      {"length", OperatorKind::length, text_only, "a number or bounds", "characters"},
      {"words", OperatorKind::words, text_only, "operators of a list of texts",
       "the text in lower case, split at what is no letter or digit"},
      {"less_than", OperatorKind::bound, {Type::number}, "a number", "smaller than it"},
      {"at_most", OperatorKind::bound, {Type::number}, "a number", "smaller or equal"},
      {"more_than", OperatorKind::bound, {Type::number}, "a number", "greater than it"},
      {"at_least", OperatorKind::bound, {Type::number}, "a number", "greater or equal"},
      {"some", OperatorKind::some, lists, "conditions on one of them", "at least one holds them; `as:` names it"},
      {"every", OperatorKind::every, lists, "conditions on each of them", "all hold them; false for an empty list"},
      {"none", OperatorKind::none, lists, "conditions on each of them", "not one holds them; true for an empty list"},
      {"count",
       OperatorKind::count,
       {Type::items},
       "where, distinct and bounds",
       "how many hold the conditions, or how many different values they have"},
      {"size", OperatorKind::size, lists, "a number or bounds", "how many there are"},
      {"includes",
       OperatorKind::includes,
       {Type::texts},
       "a text or list of texts",
       "this text is among them; of a list, each of its texts"},
      {"same_items_as", OperatorKind::same_items_as, {Type::texts}, "a path", "the same texts in any order"},
      {"duplicates", OperatorKind::duplicates, {Type::texts}, "true or false", "some text stands in it twice"},
  };
  return rows;
}

const Operator* find_operator(std::string_view name, Type type) {
  for (const Operator& row : operators()) {
    if (row.name == name) {
      return std::ranges::find(row.types, type) == row.types.end() ? nullptr : &row;
    }
  }
  return nullptr;
}

std::vector<std::string_view> operators_for(Type type) {
  std::vector<std::string_view> names;
  for (const Operator& row : operators()) {
    if (std::ranges::find(row.types, type) != row.types.end()) {
      names.push_back(row.name);
    }
  }
  return names;
}

std::string describe(const Condition& condition) {
  const Type type = condition.path.fields.empty() ? Type::item : condition.path.fields.back()->type;
  return condition.path.text + " " + phrase(condition.matcher, type);
}

}  // namespace spiritsafe
