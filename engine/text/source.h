// SPDX-License-Identifier: Apache-2.0
// Text and places in it. Facts keep byte offsets (Span); lines and columns are made only where something is shown.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace spiritsafe {

// Bytes [begin, end) of a file's text. Files are limited to 16 MiB, so 32 bits are enough.
struct Span {
  uint32_t begin = 0;
  uint32_t end = 0;
  bool operator==(const Span&) const = default;
};

// A place as people count: line and column from 1, the column in characters (code points), not bytes.
struct Location {
  uint32_t line = 1;
  uint32_t column = 1;
  bool operator==(const Location&) const = default;
};

// A file that was read. `path` is relative to where the user stands, with forward slashes.
struct Source {
  std::string path = {};
  std::string text = {};
};

// The line starts of one text, found once; the text must outlive it. Lines end with \n, \r\n or \r, as in Python.
class LineIndex {
 public:
  explicit LineIndex(std::string_view text);

  // An offset past the end is the end.
  Location locate(uint32_t offset) const;
  // The text of a line without its newline; empty for a line that does not exist.
  std::string_view line(uint32_t number) const;
  // The bytes of a line without its newline.
  Span line_span(uint32_t number) const;
  uint32_t line_count() const { return static_cast<uint32_t>(starts_.size()); }

 private:
  std::string_view text_;
  std::vector<uint32_t> starts_;
};

// The bytes of `span` in `text`, cut to what is there.
std::string_view slice(std::string_view text, Span span);

// The number of characters (code points) in UTF-8 text; a stray byte counts as one.
uint32_t count_characters(std::string_view text);

// The offset of the first byte that is not UTF-8 (overlong forms and surrogates are not), or npos.
size_t find_invalid_utf8(std::string_view text);

}  // namespace spiritsafe
