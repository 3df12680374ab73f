// SPDX-License-Identifier: Apache-2.0
#include "engine/python/encoding.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <string>

#include "engine/python/identifiers.h"
#include "engine/python/token.h"

namespace spiritsafe::python {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

// Encodings other than UTF-8 in which ASCII bytes are ASCII: files in them that are ASCII are read. Python's names,
// normalised.
constexpr std::array known_encodings = std::to_array<std::string_view>(
    {"ascii",       "us-ascii",     "big5",         "big5-hkscs",   "cp437",        "cp850",          "cp852",
     "cp866",       "cp874",        "cp932",        "cp936",        "cp949",        "cp950",          "cp1250",
     "cp1251",      "cp1252",       "cp1253",       "cp1254",       "cp1255",       "cp1256",         "cp1257",
     "cp1258",      "windows-1250", "windows-1251", "windows-1252", "windows-1254", "euc-jp",         "euc-kr",
     "gb2312",      "gbk",          "gb18030",      "iso-8859-2",   "iso-8859-3",   "iso-8859-4",     "iso-8859-5",
     "iso-8859-6",  "iso-8859-7",   "iso-8859-8",   "iso-8859-9",   "iso-8859-10",  "iso-8859-11",    "iso-8859-13",
     "iso-8859-14", "iso-8859-15",  "iso-8859-16",  "iso8859-1",    "iso8859-2",    "iso8859-15",     "johab",
     "koi8-r",      "koi8-u",       "latin",        "latin1",       "latin-2",      "latin2",         "latin-9",
     "l1",          "l2",           "mac-roman",    "macroman",     "shift-jis",    "shift-jisx0213", "sjis",
     "tis-620",     "utf8",         "u8",           "utf"});

// KOI8-R from 0x80: what CPython's own tests are written in.
constexpr std::u32string_view koi8_r =
    U"─│┌┐└┘├┤┬┴┼▀▄█▌▐░▒▓⌠■∙√≈≤≥\u00A0⌡°²·÷═║╒ё╓╔╕╖╗╘╙╚╛╜╝╞╟╠╡Ё╢╣╤╥╦╧╨╩╪╫╬©юабцдефгхийклмнопярстужвьызшэщчъЮАБЦДЕФГХИЙК"
    U"ЛМНОПЯРСТУЖВЬЫЗШЭЩЧЪ";
static_assert(koi8_r.size() == 128);

bool is_ascii(std::string_view text) {
  const char* at = text.data();
  const char* end = at + text.size();
  uint64_t seen = 0;
  for (; end - at >= 8; at += 8) {
    uint64_t chunk = 0;
    std::memcpy(&chunk, at, 8);
    seen |= chunk;
  }
  for (; at < end; ++at) {
    seen |= static_cast<unsigned char>(*at);
  }
  return (seen & 0x8080808080808080U) == 0;
}

bool is_line_end(char c) { return c == '\n' || c == '\r'; }

// The encoding that a comment in one of the first two lines names (PEP 263): `coding[:=]\s*([-\w.]+)`.
Span find_cookie(std::string_view text, size_t at) {
  for (int line = 0; line < 2; ++line) {
    while (at < text.size() && (text[at] == ' ' || text[at] == '\t' || text[at] == '\f')) {
      ++at;
    }
    if (at < text.size() && text[at] != '#' && !is_line_end(text[at])) {
      return {};
    }
    size_t end = at;
    while (end < text.size() && !is_line_end(text[end])) {
      ++end;
    }
    const std::string_view comment = text.substr(at, end - at);
    for (size_t found = comment.find("coding"); found != std::string_view::npos;
         found = comment.find("coding", found + 1)) {
      size_t name = found + 6;
      if (name >= comment.size() || (comment[name] != ':' && comment[name] != '=')) {
        continue;
      }
      do {
        ++name;
      } while (name < comment.size() && (comment[name] == ' ' || comment[name] == '\t'));
      const auto is_part = [](char c) {
        return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '-' || c == '_' || c == '.';
      };
      size_t name_end = name;
      while (name_end < comment.size() && is_part(comment[name_end])) {
        ++name_end;
      }
      if (name_end > name) {
        return {static_cast<uint32_t>(at + name), static_cast<uint32_t>(at + name_end)};
      }
    }
    at = std::min(text.size(), end + (text.substr(end, 2) == "\r\n" ? 2 : 1));
  }
  return {};
}

// As CPython does it: lower case, `_` is `-`, and only the start counts for the two encodings it knows itself. For the
// others, what is no letter or digit only separates.
std::string normalize_encoding(std::string_view name) {
  std::string normal;
  for (const char c : name) {
    normal.push_back(c == '_' ? '-' : c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c);
  }
  const std::string start = normal.substr(0, 12);
  const auto is = [&](std::string_view wanted) {
    return start == wanted || start.starts_with(std::string(wanted) + "-");
  };
  if (is("utf-8")) {
    return "utf-8";
  }
  if (is("latin-1") || is("iso-8859-1") || is("iso-latin-1")) {
    return "iso-8859-1";
  }
  std::string collapsed;
  for (const char c : normal) {
    if (c != '-' || (!collapsed.empty() && collapsed.back() != '-')) {
      collapsed.push_back(c);
    }
  }
  return collapsed.substr(0, collapsed.find_last_not_of('-') + 1);
}

std::string_view decode_single_bytes(std::string_view bytes, const std::string& encoding, Arena& arena) {
  std::string text;
  for (const char c : bytes) {
    const auto value = static_cast<unsigned char>(c);
    append_utf8(text, value >= 0x80 && encoding == "koi8-r" ? koi8_r[value - 0x80] : value);
  }
  return arena.copy(std::string_view(text));
}

}  // namespace

DecodedText decode_text(std::string_view bytes, Arena& arena) {
  if (bytes.size() > std::numeric_limits<uint32_t>::max() - 64) {
    throw Failure{{{}, "the file is too large"}};
  }
  if (const size_t nul = bytes.find('\0'); nul != std::string_view::npos) {
    const auto at = static_cast<uint32_t>(nul);
    throw Failure{{{at, at + 1}, "a NUL byte cannot stand in Python source"}};
  }
  const bool marked = bytes.starts_with(byte_order_mark);
  const uint32_t begin = marked ? static_cast<uint32_t>(byte_order_mark.size()) : 0;
  const Span cookie = find_cookie(bytes, begin);
  const std::string encoding = cookie.end > cookie.begin ? normalize_encoding(slice(bytes, cookie)) : "utf-8";
  if (encoding != "utf-8" && marked) {
    throw Failure{{cookie, "the file starts with a UTF-8 byte order mark, but names another encoding"}};
  }
  const bool latin = encoding == "iso-8859-1" || encoding == "latin1" || encoding == "latin" || encoding == "l1" ||
                     encoding == "iso8859-1";
  const bool utf8 = encoding == "utf-8" || encoding == "utf8" || encoding == "u8" || encoding == "utf";
  if (!latin && !utf8 && std::ranges::find(known_encodings, encoding) == known_encodings.end()) {
    throw Failure{{cookie, "unknown encoding `" + std::string(slice(bytes, cookie)) + "`"}};
  }
  if (is_ascii(bytes)) {
    return {bytes, begin};
  }
  if (latin || encoding == "koi8-r") {
    return {decode_single_bytes(bytes, encoding, arena), 0};
  }
  if (!utf8) {
    throw Failure{{cookie, "only UTF-8, Latin-1 and KOI8-R are decoded, and `" + std::string(slice(bytes, cookie)) +
                               "` only where the file is ASCII"}};
  }
  if (const size_t invalid = find_invalid_utf8(bytes); invalid != std::string_view::npos) {
    const auto at = static_cast<uint32_t>(invalid);
    throw Failure{{{at, at + 1}, "the file is not UTF-8, and names no other encoding"}};
  }
  return {bytes, begin};
}

}  // namespace spiritsafe::python
