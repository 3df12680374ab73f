// SPDX-License-Identifier: Apache-2.0
#include "engine/python/identifiers.h"

#include <algorithm>

#include "engine/python/unicode_tables.h"

namespace spiritsafe::python {

namespace {

// The Hangul syllables are composed by arithmetic (Unicode, section 3.12).
constexpr char32_t syllable_base = 0xAC00, lead_base = 0x1100, vowel_base = 0x1161, trail_base = 0x11A7;
constexpr char32_t lead_count = 19, vowel_count = 21, trail_count = 28,
                   syllable_count = lead_count * vowel_count * trail_count;

template <class Range>
const Range* find_range(std::span<const Range> ranges, char32_t c) {
  const auto after = std::ranges::upper_bound(ranges, c, {}, &Range::first);
  return after != ranges.begin() && c <= (after - 1)->last ? &*(after - 1) : nullptr;
}

int combining_class(char32_t c) {
  const CombiningRange* range = find_range(combining_ranges, c);
  return range != nullptr ? range->combining_class : 0;
}

void append_decomposed(std::u32string& text, char32_t c) {
  if (c >= syllable_base && c < syllable_base + syllable_count) {
    const char32_t index = c - syllable_base;
    text += lead_base + index / (vowel_count * trail_count);
    text += vowel_base + index % (vowel_count * trail_count) / trail_count;
    if (index % trail_count != 0) {
      text += trail_base + index % trail_count;
    }
    return;
  }
  const auto found = std::ranges::lower_bound(decompositions, c, {}, &Decomposition::code_point);
  if (found == decompositions.end() || found->code_point != c) {
    text += c;
    return;
  }
  const auto characters = decomposed_characters.subspan(found->begin, found->length);
  text.append(characters.begin(), characters.end());
}

// The character that the two make, or 0.
char32_t compose(char32_t first, char32_t second) {
  if (first >= lead_base && first < lead_base + lead_count && second >= vowel_base &&
      second < vowel_base + vowel_count) {
    return syllable_base + ((first - lead_base) * vowel_count + (second - vowel_base)) * trail_count;
  }
  const bool open_syllable =
      first >= syllable_base && first < syllable_base + syllable_count && (first - syllable_base) % trail_count == 0;
  if (open_syllable && second > trail_base && second < trail_base + trail_count) {
    return first + (second - trail_base);
  }
  const auto found = std::ranges::lower_bound(compositions, std::pair(first, second), {},
                                              [](const Composition& row) { return std::pair(row.first, row.second); });
  return found != compositions.end() && found->first == first && found->second == second ? found->composed : 0;
}

void sort_marks(std::u32string& text) {
  for (size_t i = 0; i < text.size();) {
    size_t end = i;
    while (end < text.size() && combining_class(text[end]) != 0) {
      ++end;
    }
    std::ranges::stable_sort(text.begin() + static_cast<std::ptrdiff_t>(i),
                             text.begin() + static_cast<std::ptrdiff_t>(end), {}, combining_class);
    i = end + 1;
  }
}

std::u32string compose_all(const std::u32string& text) {
  std::u32string composed;
  size_t starter = std::u32string::npos;  // where the last character stands that others may be composed with
  int last_class = 0;
  for (const char32_t c : text) {
    const int its_class = combining_class(c);
    const bool adjacent = starter != std::u32string::npos && starter + 1 == composed.size();
    if (starter != std::u32string::npos && (adjacent || last_class < its_class)) {
      if (const char32_t together = compose(composed[starter], c); together != 0) {
        composed[starter] = together;
        continue;
      }
    }
    if (its_class == 0) {
      starter = composed.size();
    }
    last_class = its_class;
    composed += c;
  }
  return composed;
}

}  // namespace

uint32_t decode_utf8(const char*& at) {
  const auto next = [&] { return static_cast<uint32_t>(static_cast<unsigned char>(*at++)); };
  const uint32_t lead = next();
  if (lead < 0x80) {
    return lead;
  }
  uint32_t c = lead < 0xE0 ? lead & 0x1F : lead < 0xF0 ? lead & 0x0F : lead & 0x07;
  for (int i = lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3; i > 0; --i) {
    c = c << 6 | (next() & 0x3F);
  }
  return c;
}

void append_utf8(std::string& text, uint32_t c) {
  const auto byte = [&](uint32_t value) { text.push_back(static_cast<char>(value)); };
  if (c < 0x80) {
    byte(c);
  } else if (c < 0x800) {
    byte(0xC0 | c >> 6), byte(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    byte(0xE0 | c >> 12), byte(0x80 | (c >> 6 & 0x3F)), byte(0x80 | (c & 0x3F));
  } else {
    byte(0xF0 | c >> 18), byte(0x80 | (c >> 12 & 0x3F)), byte(0x80 | (c >> 6 & 0x3F)), byte(0x80 | (c & 0x3F));
  }
}

bool starts_name(uint32_t c) { return find_range(name_start_ranges, c) != nullptr; }

bool continues_name(uint32_t c) { return find_range(name_continue_ranges, c) != nullptr; }

std::string normalize_name(std::string_view name) {
  std::u32string decomposed;
  for (const char* at = name.data(); at < name.data() + name.size();) {
    append_decomposed(decomposed, decode_utf8(at));
  }
  sort_marks(decomposed);
  std::string normalized;
  for (const char32_t c : compose_all(decomposed)) {
    append_utf8(normalized, c);
  }
  return normalized;
}

}  // namespace spiritsafe::python
