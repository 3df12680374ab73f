// SPDX-License-Identifier: Apache-2.0
#include "engine/judge/match.h"

#include <re2/re2.h>

#include <algorithm>
#include <charconv>

#include "engine/judge/evaluate.h"

namespace spiritsafe {
namespace {

bool is_word_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         static_cast<unsigned char>(c) >= 0x80;
}

std::optional<int64_t> to_integer(std::string_view text) {
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

bool is_empty(const Range& range) {
  return !range.equal && !range.less_than && !range.at_most && !range.more_than && !range.at_least;
}

bool among(std::string_view text, const std::vector<std::string>& texts) {
  // Most comparisons fail, and most of those at the first letter.
  return std::ranges::any_of(texts, [&](const std::string& each) {
    return each.size() == text.size() && (text.empty() || (each.front() == text.front() && each == text));
  });
}

Truth equals(const Matcher& matcher, const Value& value, Type type) {
  switch (type) {
    case Type::text:
    case Type::choice:
      return truth(among(value.text, matcher.texts));
    case Type::boolean:
      return truth(value.boolean == matcher.boolean);
    case Type::number:
      if (!is_empty(matcher.range)) {
        return in_range(matcher.range, value.number, value.number);
      }
      return truth(std::ranges::any_of(matcher.texts,
                                       [&](const std::string& text) { return to_integer(text) == value.number; }));
    case Type::texts:
    case Type::item:
    case Type::items:
      break;
  }
  return Truth::no;
}

int64_t upper_count(const Value& value, size_t count) {
  return value.open ? no_upper_bound : static_cast<int64_t>(count);
}

Truth includes(const Value& value, std::string_view wanted) {
  Truth result = value.open ? Truth::unknown : Truth::no;
  for (const Text& text : value.texts) {
    if (text.is_known() && text.value == wanted) {
      return Truth::yes;
    }
    result = text.is_unknown() ? Truth::unknown : result;
  }
  return result;
}

Truth includes_all(const Value& value, const std::vector<std::string>& wanted) {
  Truth result = Truth::yes;
  for (const std::string& text : wanted) {
    result = both(result, includes(value, text));
  }
  return result;
}

// Absent texts in a list count as one value, as an absent value is the same as another.
Truth has_duplicates(const Value& value) {
  std::vector<std::string_view> seen;
  size_t unknown = 0;
  for (const Text& text : value.texts) {
    if (text.is_unknown()) {
      ++unknown;
    } else {
      seen.push_back(text.value);
    }
  }
  std::ranges::sort(seen);
  if (std::ranges::adjacent_find(seen) != seen.end()) {
    return Truth::yes;
  }
  return value.open || (unknown > 0 && value.texts.size() > 1) ? Truth::unknown : Truth::no;
}

struct SortedTexts {
  std::vector<std::string_view> known = {};
  size_t count = 0;
  bool partly = false;  // open, or with unknown texts in it
};

SortedTexts sorted(const Value& value) {
  SortedTexts sorted;
  sorted.count = value.texts.size();
  sorted.partly = value.open;
  for (const Text& text : value.texts) {
    if (text.is_unknown()) {
      sorted.partly = true;
    } else {
      sorted.known.push_back(text.value);
    }
  }
  std::ranges::sort(sorted.known);
  return sorted;
}

// `whole` is known to the last text, so whatever stands in `part` must stand in it as often.
bool can_contain(const SortedTexts& whole, const SortedTexts& part) {
  return std::ranges::includes(whole.known, part.known);
}

Truth same_in_any_order(const Value& value, const Value& other) {
  const SortedTexts a = sorted(value);
  const SortedTexts b = sorted(other);
  if ((!value.open && b.count > a.count) || (!other.open && a.count > b.count)) {
    return Truth::no;
  }
  if (!a.partly && !b.partly) {
    return truth(a.known == b.known);
  }
  if ((!a.partly && !can_contain(a, b)) || (!b.partly && !can_contain(b, a))) {
    return Truth::no;
  }
  return Truth::unknown;
}

Truth same_in_order(const Value& value, const Value& other) {
  const size_t common = std::min(value.texts.size(), other.texts.size());
  Truth result = value.open || other.open ? Truth::unknown : Truth::yes;
  for (size_t i = 0; i < common; ++i) {
    const Text& a = value.texts[i];
    const Text& b = other.texts[i];
    if (a.is_unknown() || b.is_unknown()) {
      result = Truth::unknown;
    } else if (a.state != b.state || a.value != b.value) {
      return Truth::no;
    }
  }
  const bool longer = value.texts.size() > common && !other.open;
  const bool shorter = other.texts.size() > common && !value.open;
  return longer || shorter ? Truth::no : result;
}

Truth same(const Matcher& matcher, const Value& value, const Value& other, Type type) {
  switch (type) {
    case Type::text:
    case Type::choice: {
      if (!matcher.through) {
        return truth(value.text == other.text);
      }
      // Maps are short, and looking into one by a std::string would allocate.
      return truth(std::ranges::any_of(
          *matcher.through, [&](const auto& row) { return row.first == other.text && row.second == value.text; }));
    }
    case Type::number:
      return truth(value.number == other.number);
    case Type::boolean:
      return truth(value.boolean == other.boolean);
    case Type::texts:
      return same_in_order(value, other);
    case Type::item:
      return truth(value.item.pointer == other.item.pointer);
    case Type::items:
      return truth(value.items.first == other.items.first && value.items.count == other.items.count);
  }
  return Truth::no;
}

Value value_of(const Text& text) {
  Value value;
  value.state = text.state;
  value.text = text.value;
  return value;
}

Truth match_inner(const Matcher& matcher, const Text& text, const Asking* asking) {
  const Truth result = match_value(*matcher.inner, value_of(text), Type::text, asking);
  return matcher.inner_negated ? negate(result) : result;
}

Truth some(const Matcher& matcher, const Value& value, const Asking* asking) {
  Truth result = value.open ? Truth::unknown : Truth::no;
  for (const Text& text : value.texts) {
    result = either(result, match_inner(matcher, text, asking));
    if (result == Truth::yes) {
      break;
    }
  }
  return result;
}

Truth every(const Matcher& matcher, const Value& value, const Asking* asking) {
  if (value.texts.empty()) {
    return value.open ? Truth::unknown : Truth::no;
  }
  Truth result = value.open ? Truth::unknown : Truth::yes;
  for (const Text& text : value.texts) {
    result = both(result, match_inner(matcher, text, asking));
    if (result == Truth::no) {
      break;
    }
  }
  return result;
}

Truth match_words(const Matcher& matcher, std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  std::vector<Text> words;
  for (size_t at = 0; at < lower.size();) {
    const auto begin = std::find_if(lower.begin() + static_cast<ptrdiff_t>(at), lower.end(), is_word_byte);
    const auto end = std::find_if_not(begin, lower.end(), is_word_byte);
    if (begin != end) {
      words.push_back(known(std::string_view(&*begin, static_cast<size_t>(end - begin))));
    }
    at = static_cast<size_t>(end - lower.begin());
  }
  Value value;
  value.state = State::known;
  value.texts = words;
  return match_value(*matcher.inner, value, Type::texts);
}

Truth match_known(const Matcher& matcher, const Value& value, Type type, const Asking* asking) {
  using Kind = Matcher::Kind;
  const auto any_text = [&](auto test) { return truth(std::ranges::any_of(matcher.texts, test)); };
  switch (matcher.kind) {
    case Kind::equals:
      return equals(matcher, value, type);
    case Kind::matches:
      return truth(matcher.pattern && RE2::PartialMatch(value.text, matcher.pattern->compiled()));
    case Kind::contains:
      return any_text([&](const std::string& text) { return value.text.find(text) != std::string_view::npos; });
    case Kind::starts_with:
      return any_text([&](const std::string& text) { return value.text.starts_with(text); });
    case Kind::ends_with:
      return any_text([&](const std::string& text) { return value.text.ends_with(text); });
    case Kind::length: {
      const int64_t length = count_characters(value.text);
      return in_range(matcher.range, length, length);
    }
    case Kind::words:
      return match_words(matcher, value.text);
    case Kind::number:
      return in_range(matcher.range, value.number, value.number);
    case Kind::includes:
      return includes_all(value, matcher.texts);
    case Kind::size: {
      const size_t count = type == Type::items ? value.items.count : value.texts.size();
      return in_range(matcher.range, static_cast<int64_t>(count), upper_count(value, count));
    }
    case Kind::duplicates: {
      const Truth found = has_duplicates(value);
      return matcher.boolean ? found : negate(found);
    }
    case Kind::some:
      return some(matcher, value, asking);
    case Kind::none:
      return negate(some(matcher, value, asking));
    case Kind::every:
      return every(matcher, value, asking);
    case Kind::is_absent:
    case Kind::is_present:
    case Kind::is_known:
    case Kind::is_unknown:
    case Kind::same_as:
    case Kind::same_items_as:
    case Kind::count:
    case Kind::block:
    case Kind::all_of:
    case Kind::negation:
      break;
  }
  return Truth::unknown;
}

Truth match_state(Matcher::Kind kind, const Value& value) {
  const bool partly = value.state == State::unknown || value.open;
  switch (kind) {
    case Matcher::Kind::is_known:
      return truth(value.state == State::known && !partly);
    case Matcher::Kind::is_unknown:
      return truth(partly);
    default:
      break;
  }
  if (value.state == State::unknown) {
    return Truth::unknown;
  }
  return truth((value.state == State::absent) == (kind == Matcher::Kind::is_absent));
}

}  // namespace

Truth in_range(const Range& range, int64_t low, int64_t high) {
  Truth result = Truth::yes;
  // Each bound: surely kept, surely broken, or neither.
  const auto add = [&](bool kept, bool broken) {
    result = both(result, kept ? Truth::yes : broken ? Truth::no : Truth::unknown);
  };
  if (range.equal) {
    add(low == *range.equal && high == *range.equal, *range.equal < low || *range.equal > high);
  }
  if (range.less_than) {
    add(high < *range.less_than, low >= *range.less_than);
  }
  if (range.at_most) {
    add(high <= *range.at_most, low > *range.at_most);
  }
  if (range.more_than) {
    add(low > *range.more_than, high <= *range.more_than);
  }
  if (range.at_least) {
    add(low >= *range.at_least, high < *range.at_least);
  }
  return result;
}

Truth match_value(const Matcher& matcher, const Value& value, Type type, const Asking* asking) {
  using Kind = Matcher::Kind;
  switch (matcher.kind) {
    case Kind::is_absent:
    case Kind::is_present:
    case Kind::is_known:
    case Kind::is_unknown:
      return match_state(matcher.kind, value);
    case Kind::all_of: {
      Truth result = Truth::yes;
      for (const Matcher& part : matcher.parts) {
        result = both(result, match_value(part, value, type, asking));
      }
      return result;
    }
    case Kind::negation:
      return negate(match_value(*matcher.inner, value, type, asking));
    case Kind::same_as:
    case Kind::same_items_as:
      if (asking) {
        return match_other(matcher, value, value_at(matcher.other, asking->item, asking->room), type);
      }
      break;
    default:
      break;
  }
  switch (value.state) {
    case State::absent:
      return Truth::no;
    case State::unknown:
      return Truth::unknown;
    case State::known:
      break;
  }
  return match_known(matcher, value, type, asking);
}

Truth match_other(const Matcher& matcher, const Value& value, const Value& other, Type type) {
  if (value.state == State::unknown || other.state == State::unknown) {
    return Truth::unknown;
  }
  const bool in_any_order = matcher.kind == Matcher::Kind::same_items_as;
  if (value.state == State::absent || other.state == State::absent) {
    return truth(value.state == other.state && !in_any_order);
  }
  return in_any_order ? same_in_any_order(value, other) : same(matcher, value, other, type);
}

}  // namespace spiritsafe
