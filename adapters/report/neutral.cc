// SPDX-License-Identifier: Apache-2.0
#include "adapters/report/neutral.h"

#include <algorithm>

#include "engine/text/printable.h"

namespace spiritsafe {
namespace {

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

void append_percent(std::string& out, char c) {
  static constexpr char hex[] = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(c);
  out += '%';
  out += hex[byte >> 4];
  out += hex[byte & 15];
}

// The five characters that mean something in HTML and XML.
std::string with_entities(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

// U+FFFE and U+FFFF are characters of UTF-8, but not of XML.
std::string without_noncharacters(std::string text) {
  for (size_t i = text.find("\xEF\xBF"); i != std::string::npos && i + 2 < text.size();
       i = text.find("\xEF\xBF", i + 1)) {
    if (text[i + 2] == '\xBE' || text[i + 2] == '\xBF') {
      text[i + 2] = '\xBD';  // U+FFFD
    }
  }
  return text;
}

std::string escaped_command(std::string_view text, bool property) {
  std::string out;
  for (const char c : text) {
    const bool special = c == '%' || c == '\r' || c == '\n' || (property && (c == ':' || c == ','));
    if (special) {
      append_percent(out, c);
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace

std::string html_text(std::string_view text, bool keep_newlines) {
  return with_entities(without_noncharacters(printable(text, keep_newlines)));
}

std::string xml_text(std::string_view text, bool keep_newlines) { return html_text(text, keep_newlines); }

std::string command_data(std::string_view text) { return escaped_command(printable(text, true), false); }

std::string command_property(std::string_view text) { return escaped_command(printable(text), true); }

std::string uri_path(std::string_view path) {
  std::string out;
  out.reserve(path.size());
  for (const char c : path) {
    if (is_unreserved(c) || c == '/') {
      out += c;
    } else {
      append_percent(out, c);
    }
  }
  return out;
}

}  // namespace spiritsafe
