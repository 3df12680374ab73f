// SPDX-License-Identifier: Apache-2.0
// SHA-1 (FIPS 180-4), to compare dumps without keeping them.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <string>
#include <string_view>

namespace spiritsafe {

inline std::string sha1(std::string_view text) {
  std::array<uint32_t, 5> state = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
  std::string padded(text.substr(text.size() / 64 * 64));
  const size_t whole = text.size() - padded.size();
  padded.push_back('\x80');
  padded.append((padded.size() % 64 <= 56 ? 56 : 120) - padded.size() % 64, '\0');
  for (int shift = 56; shift >= 0; shift -= 8) {
    padded.push_back(static_cast<char>(static_cast<uint64_t>(text.size()) * 8 >> shift));
  }
  const auto add_block = [&](const char* block) {
    std::array<uint32_t, 80> w = {};
    for (size_t i = 0; i < 64; ++i) {
      w[i / 4] = w[i / 4] << 8 | static_cast<unsigned char>(block[i]);
    }
    for (size_t i = 16; i < 80; ++i) {
      w[i] = std::rotl(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
    }
    auto [a, b, c, d, e] = state;
    for (size_t i = 0; i < 80; ++i) {
      const uint32_t f = i < 20   ? (b & c) | (~b & d)
                         : i < 40 ? b ^ c ^ d
                         : i < 60 ? (b & c) | (b & d) | (c & d)
                                  : b ^ c ^ d;
      const uint32_t k = i < 20 ? 0x5A827999 : i < 40 ? 0x6ED9EBA1 : i < 60 ? 0x8F1BBCDC : 0xCA62C1D6;
      const uint32_t next = std::rotl(a, 5) + f + e + k + w[i];
      e = d, d = c, c = std::rotl(b, 30), b = a, a = next;
    }
    state[0] += a, state[1] += b, state[2] += c, state[3] += d, state[4] += e;
  };
  for (size_t at = 0; at < whole; at += 64) {
    add_block(text.data() + at);
  }
  for (size_t at = 0; at < padded.size(); at += 64) {
    add_block(padded.data() + at);
  }
  std::string digest;
  for (const uint32_t word : state) {
    for (int shift = 28; shift >= 0; shift -= 4) {
      digest.push_back("0123456789abcdef"[word >> shift & 0xF]);
    }
  }
  return digest;
}

}  // namespace spiritsafe
