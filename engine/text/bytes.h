// SPDX-License-Identifier: Apache-2.0
// Eight bytes of a text looked at in one go. The questions may say yes about a byte behind one that is meant, never no
// about one that is.
#pragma once

#include <cstdint>
#include <cstring>

namespace spiritsafe {

inline constexpr uint64_t every_byte = 0x0101010101010101;
inline constexpr uint64_t high_bits = every_byte * 0x80;

inline uint64_t eight_bytes(const char* at) {
  uint64_t bytes = 0;
  std::memcpy(&bytes, at, sizeof bytes);
  return bytes;
}

// The high bit of each byte that is below `limit`, at most 128.
constexpr uint64_t bytes_below(uint64_t bytes, unsigned char limit) {
  return (bytes - every_byte * limit) & ~bytes & high_bits;
}

constexpr uint64_t bytes_equal(uint64_t bytes, unsigned char byte) {
  return bytes_below(bytes ^ (every_byte * byte), 1);
}

}  // namespace spiritsafe
