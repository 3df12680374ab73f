// SPDX-License-Identifier: Apache-2.0
#include "engine/schema/default_names.h"

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <unordered_set>

namespace spiritsafe {
namespace {

// The first `size` bytes, less those of a character that would be cut in two.
std::string_view clipped(std::string_view text, size_t size) {
  if (text.size() <= size) {
    return text;
  }
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) {
    --size;
  }
  return text.substr(0, size);
}

// MD5 (RFC 1321) in hex digits; SQLAlchemy puts the last four of them behind a name that it has cut.
std::string md5_of(std::string_view text) {
  static constexpr int turns[] = {7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21};
  std::array<uint32_t, 4> state = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
  std::string padded(text);
  padded += '\x80';
  padded.append((120 - padded.size() % 64) % 64, '\0');
  for (int i = 0; i < 8; ++i) {
    padded += static_cast<char>((static_cast<uint64_t>(text.size()) * 8) >> (8 * i));
  }
  for (size_t block = 0; block < padded.size(); block += 64) {
    std::array<uint32_t, 16> words{};
    for (size_t i = 0; i < 64; ++i) {
      words[i / 4] |= static_cast<uint32_t>(static_cast<unsigned char>(padded[block + i])) << (8 * (i % 4));
    }
    auto [a, b, c, d] = state;
    for (uint32_t i = 0; i < 64; ++i) {
      const uint32_t round = i / 16;
      const uint32_t mixed = round == 0   ? (b & c) | (~b & d)
                             : round == 1 ? (d & b) | (~d & c)
                             : round == 2 ? b ^ c ^ d
                                          : c ^ (b | ~d);
      const uint32_t place = (round == 0 ? i : round == 1 ? 5 * i + 1 : round == 2 ? 3 * i + 5 : 7 * i) % 16;
      const auto constant = static_cast<uint32_t>(std::floor(std::fabs(std::sin(i + 1.0)) * 4294967296.0));
      const uint32_t sum = a + mixed + constant + words[place];
      a = d;
      d = c;
      c = b;
      b += std::rotl(sum, turns[round * 4 + i % 4]);
    }
    state = {state[0] + a, state[1] + b, state[2] + c, state[3] + d};
  }
  std::string hex;
  for (const uint32_t word : state) {
    for (int i = 0; i < 4; ++i) {
      const uint32_t byte = word >> (8 * i) & 0xFF;
      hex += "0123456789abcdef"[byte >> 4];
      hex += "0123456789abcdef"[byte & 15];
    }
  }
  return hex;
}

}  // namespace

std::string shortened_by_sqlalchemy(std::string_view name) {
  if (name.size() <= longest_identifier) {
    return std::string(name);
  }
  return std::string(clipped(name, longest_identifier - 8)).append("_").append(md5_of(name).substr(28));
}

std::string object_name(std::string_view one, std::string_view two, std::string_view label) {
  const size_t overhead = (two.empty() ? 0 : 1) + (label.empty() ? 0 : label.size() + 1);
  const size_t room = overhead < longest_identifier ? longest_identifier - overhead : 0;
  size_t first = one.size(), second = two.size();
  while (first + second > room) {
    --(first > second ? first : second);
  }
  std::string name(clipped(one, first));
  if (!two.empty()) {
    name.append("_").append(clipped(two, second));
  }
  if (!label.empty()) {
    name.append("_").append(label);
  }
  return name;
}

std::string free_object_name(std::string_view one, std::string_view two, std::string_view label,
                             const std::function<bool(std::string_view)>& is_taken) {
  std::string name = object_name(one, two, label);
  for (int pass = 1; is_taken(name) && pass < 10000; ++pass) {
    name = object_name(one, two, std::string(label) + std::to_string(pass));
  }
  return name;
}

std::string joined_columns(std::span<const std::string_view> columns) {
  std::string joined;
  std::unordered_set<std::string> seen;
  for (const std::string_view column : columns) {
    std::string name(column);
    for (int i = 1; !seen.insert(name).second; ++i) {
      name = std::string(column) + std::to_string(i);
    }
    joined.append(joined.empty() ? "" : "_").append(name);
    if (joined.size() > longest_identifier) {
      break;
    }
  }
  return joined;
}

}  // namespace spiritsafe
