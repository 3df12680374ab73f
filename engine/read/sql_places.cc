// SPDX-License-Identifier: Apache-2.0
#include "engine/read/sql_places.h"

#include <algorithm>
#include <string>

namespace spiritsafe {
namespace {

const SqlPlaces::Run* run_at(const SqlPlaces& places, size_t at) {
  const auto behind =
      std::ranges::upper_bound(places.runs, at, {}, [](const SqlPlaces::Run& run) { return size_t{run.text}; });
  return behind == places.runs.begin() ? nullptr : &*std::prev(behind);
}

size_t before_removal(const SqlPlaces& places, size_t at) {
  return at + static_cast<size_t>(std::ranges::upper_bound(places.removed, at) - places.removed.begin());
}

// ---- string literals ------------------------------------------------------------------------------------------------

struct Segment {
  std::string text = {};
  std::vector<SqlPlaces::Run> runs = {};  // within the text; of a gap none
  Span gap = {};                          // `{…}` of an f-string, whose value is not in the source
};

// A run of string literals: one behind another, in parentheses, with `+` between.
struct LiteralReader {
  std::string_view source;
  size_t at;
  size_t end;
  std::vector<Segment> segments = {Segment{}};

  void add(std::string_view text, size_t from, size_t length) {
    Segment& segment = segments.back();
    const bool verbatim = text.size() == length;
    if (verbatim && !segment.runs.empty()) {
      SqlPlaces::Run& last = segment.runs.back();
      if (last.length == last.source.end - last.source.begin && last.source.end == from) {
        last.length += static_cast<uint32_t>(length);
        last.source.end += static_cast<uint32_t>(length);
        segment.text.append(text);
        return;
      }
    }
    segment.runs.push_back({static_cast<uint32_t>(segment.text.size()),
                            static_cast<uint32_t>(text.size()),
                            {static_cast<uint32_t>(from), static_cast<uint32_t>(from + length)}});
    segment.text.append(text);
  }

  bool skip_between() {
    while (at < end) {
      const char c = source[at];
      if (c == '#') {
        at = std::min(source.find('\n', at), end);
      } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '(' || c == ')' || c == '+' || c == '\\') {
        ++at;
      } else {
        break;
      }
    }
    return at < end;
  }

  // The value in braces that begins here; false where its end is not clear.
  bool read_gap() {
    const size_t begin = at;
    int depth = 0;
    for (; at < end; ++at) {
      const char c = source[at];
      if (c == '\'' || c == '"' || c == '\\') {
        // Quotes in it may be anything since Python 3.12; the plain ones are looked behind.
        const size_t close = c == '\\' ? std::string_view::npos : source.find(c, at + 1);
        if (close == std::string_view::npos || close >= end) {
          return false;
        }
        at = close;
      }
      depth += c == '{' ? 1 : c == '}' ? -1 : 0;
      if (depth == 0) {
        ++at;
        Segment gap;
        gap.gap = {static_cast<uint32_t>(begin), static_cast<uint32_t>(at)};
        segments.push_back(std::move(gap));
        segments.emplace_back();
        return true;
      }
    }
    return false;
  }

  bool read_escape() {
    static constexpr std::pair<char, std::string_view> escapes[] = {{'\n', ""},   {'n', "\n"}, {'t', "\t"}, {'r', "\r"},
                                                                    {'\\', "\\"}, {'\'', "'"}, {'"', "\""}};
    if (at + 1 >= end) {
      return false;
    }
    const auto* found = std::ranges::find(escapes, source[at + 1], &std::pair<char, std::string_view>::first);
    const bool known_one = found != std::end(escapes);
    if (!known_one && std::string_view("01234567abfvxuUN").find(source[at + 1]) != std::string_view::npos) {
      return false;
    }
    add(known_one ? found->second : source.substr(at, 2), at, 2);
    at += 2;
    return true;
  }

  bool read_literal() {
    bool raw = false;
    bool format = false;
    for (; at < end && source[at] != '\'' && source[at] != '"'; ++at) {
      const char c = static_cast<char>(source[at] | 0x20);
      raw = raw || c == 'r';
      format = format || c == 'f';
      if (c != 'r' && c != 'f' && c != 'u') {
        return false;
      }
    }
    if (at >= end) {
      return false;
    }
    const size_t width = source.substr(at, 3) == std::string(3, source[at]) ? 3 : 1;
    const std::string close(width, source[at]);
    for (at += width; at < end;) {
      if (source.substr(at, width) == close) {
        at += width;
        return true;
      }
      const std::string_view two = source.substr(at, 2);
      if (source[at] == '\\' && raw) {
        add(two, at, 2);
        at += 2;
      } else if (source[at] == '\\') {
        if (!read_escape()) {
          return false;
        }
      } else if (format && (two == "{{" || two == "}}")) {
        add(two.substr(0, 1), at, 2);
        at += 2;
      } else if (format && source[at] == '{') {
        if (!read_gap()) {
          return false;
        }
      } else if (two == "\r\n") {
        add("\n", at, 2);
        at += 2;
      } else {
        add(two.substr(0, 1), at, 1);
        ++at;
      }
    }
    return false;
  }
};

// Lays the segments along the text. false: they are not what the text was made of, or not clearly so.
bool lay_along(const std::vector<Segment>& segments, std::string_view text, SqlPlaces& places) {
  size_t gaps = 0;
  size_t written = 0;
  for (const Segment& segment : segments) {
    gaps += segment.gap.end > 0 ? 1 : 0;
    written += segment.text.size();
  }
  constexpr size_t most_gaps = 64;  // to be looked for
  size_t looked_for = 0;
  size_t at = 0;
  for (size_t i = 0; i < segments.size(); ++i) {
    const Segment& segment = segments[i];
    if (segment.gap.end > 0) {
      const std::string_view next = i + 1 < segments.size() ? std::string_view(segments[i + 1].text) : "";
      size_t behind = at + sql_hole.size();
      if (text.substr(at, sql_hole.size()) != sql_hole) {
        if (++looked_for > most_gaps) {
          return false;
        }
        behind = gaps == 1 && text.size() >= written ? at + text.size() - written : text.find(next, at);
        if (gaps > 1 && (next.empty() || behind == std::string_view::npos ||
                         (i + 2 < segments.size() && text.find(next, behind + 1) != std::string_view::npos))) {
          return false;
        }
        if (gaps > 1 && i + 2 >= segments.size()) {
          behind = text.size() - next.size();
        }
      }
      places.runs.push_back({static_cast<uint32_t>(at), static_cast<uint32_t>(behind - at), segment.gap});
      at = behind;
      continue;
    }
    if (at > text.size() || text.substr(at, segment.text.size()) != segment.text) {
      return false;
    }
    for (SqlPlaces::Run run : segment.runs) {
      run.text += static_cast<uint32_t>(at);
      places.runs.push_back(run);
    }
    at += segment.text.size();
  }
  return at == text.size();
}

}  // namespace

Span SqlPlaces::of(size_t begin, size_t end) const {
  begin = before_removal(*this, begin);
  end = end == 0 ? 0 : before_removal(*this, end - 1) + 1;
  const Run* first = run_at(*this, begin);
  const Run* last = end > begin ? run_at(*this, end - 1) : first;
  if (!first || !last) {
    return whole;
  }
  const auto place = [](const Run& run, size_t at, bool behind) {
    const bool verbatim = run.length == run.source.end - run.source.begin;
    if (verbatim) {
      return run.source.begin + static_cast<uint32_t>(std::min<size_t>(at - run.text, run.length));
    }
    return behind ? run.source.end : run.source.begin;
  };
  const Span span{place(*first, begin, false), place(*last, end, true)};
  return span.begin <= span.end ? span : whole;
}

SqlPlaces places_of(const PyValue& value, std::string_view text, std::string_view source, Span whole) {
  SqlPlaces places{whole};
  const char* start = value.open ? nullptr : value.text.data();
  const bool verbatim = start && start >= source.data() && start + text.size() <= source.data() + source.size();
  if (verbatim) {
    const auto at = static_cast<uint32_t>(start - source.data());
    const auto length = static_cast<uint32_t>(text.size());
    places.runs.push_back({0, length, {at, at + length}});
    return places;
  }
  LiteralReader reader{source, value.span.begin, std::min<size_t>(value.span.end, source.size())};
  while (reader.skip_between()) {
    if (!reader.read_literal()) {
      return places;
    }
  }
  if (!lay_along(reader.segments, text, places)) {
    places.runs.clear();
  }
  // Empty runs, such as those of a backslash at a line's end, hold no byte.
  std::erase_if(places.runs, [](const SqlPlaces::Run& run) { return run.length == 0; });
  return places;
}

}  // namespace spiritsafe
