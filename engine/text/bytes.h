// SPDX-License-Identifier: Apache-2.0
// Eight bytes of a text looked at in one go. The questions may say yes about a byte behind one that is meant, never no
// about one that is.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace spiritsafe {

inline constexpr uint64_t every_byte = 0x0101010101010101;
inline constexpr uint64_t high_bits = every_byte * 0x80;

// The first byte is the lowest one.
inline uint64_t eight_bytes(const char* at) {
  uint64_t bytes = 0;
  std::memcpy(&bytes, at, sizeof bytes);
  return std::endian::native == std::endian::little ? bytes : __builtin_bswap64(bytes);
}

// The high bit of each byte that is below `limit`, at most 128.
constexpr uint64_t bytes_below(uint64_t bytes, unsigned char limit) {
  return (bytes - every_byte * limit) & ~bytes & high_bits;
}

constexpr uint64_t bytes_equal(uint64_t bytes, unsigned char byte) {
  return bytes_below(bytes ^ (every_byte * byte), 1);
}

// How many bytes stand before the first one that a question says yes to: 0 to 8.
constexpr size_t bytes_before(uint64_t answer) { return static_cast<size_t>(std::countr_zero(answer)) / 8; }

}  // namespace spiritsafe
