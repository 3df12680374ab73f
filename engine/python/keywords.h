// SPDX-License-Identifier: Apache-2.0
// Is this name a keyword? All keywords fit in eight bytes, so one multiplication and one comparison answer. Internal to
// engine/python.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "engine/python/token.h"

namespace spiritsafe::python {

// In the order of TokenKind, from kw_false.
inline constexpr std::array<std::string_view, 35> keyword_texts = {
    "False", "None",     "True",  "and",    "as",   "assert", "async",  "await",    "break",
    "class", "continue", "def",   "del",    "elif", "else",   "except", "finally",  "for",
    "from",  "global",   "if",    "import", "in",   "is",     "lambda", "nonlocal", "not",
    "or",    "pass",     "raise", "return", "try",  "while",  "with",   "yield"};

struct KeywordSlot {
  uint64_t key = 0;
  TokenKind kind = TokenKind::name;
};

constexpr size_t keyword_slot(uint64_t key) {
  return static_cast<size_t>((key * 0x2aa3300b2b711343U) >> 57);  // found by trying: no two keywords share a slot
}

constexpr std::array<KeywordSlot, 128> make_keyword_slots() {
  std::array<KeywordSlot, 128> slots = {};
  for (size_t i = 0; i < keyword_texts.size(); ++i) {
    uint64_t key = 0;
    for (size_t byte = keyword_texts[i].size(); byte-- > 0;) {
      key = key << 8 | static_cast<unsigned char>(keyword_texts[i][byte]);
    }
    slots[keyword_slot(key)] = {key, static_cast<TokenKind>(static_cast<size_t>(TokenKind::kw_false) + i)};
  }
  return slots;
}

inline constexpr std::array<KeywordSlot, 128> keyword_slots = make_keyword_slots();

// `start` has eight readable bytes: the padding after the text sees to that. Names of two to eight letters only.
inline TokenKind keyword_or_name(const char* start, size_t length) {
  uint64_t key = 0;
  std::memcpy(&key, start, 8);  // little endian, as every platform we build for is
  key &= ~uint64_t{0} >> (64 - 8 * length);
  const KeywordSlot& slot = keyword_slots[keyword_slot(key)];
  return slot.key == key ? slot.kind : TokenKind::name;
}

}  // namespace spiritsafe::python
