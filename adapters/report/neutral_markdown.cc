// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <vector>

#include "adapters/report/neutral.h"
#include "engine/text/printable.h"

namespace spiritsafe {
namespace {

// A zero-width space: what stands around it is no longer one word, so it is no mention and no reference.
constexpr std::string_view gap = "&#8203;";

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_letter(char c) { return is_upper(c) || (c >= 'a' && c <= 'z'); }
bool is_word(char c) { return is_letter(c) || is_digit(c) || c == '_'; }
char lower(char c) { return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c; }
bool is_emoji_letter(char c) { return is_word(c) || c == '+' || c == '-'; }

// The text around one character; NUL where there is none.
struct Around {
  std::string_view text = {};
  size_t at = 0;
  char before(size_t distance = 1) const { return distance <= at ? text[at - distance] : '\0'; }
  char after(size_t distance = 1) const { return at + distance < text.size() ? text[at + distance] : '\0'; }
};

// `:name:`. Each colon looks only as far as the longest name goes.
bool is_emoji(const Around& around) {
  constexpr size_t longest = 64;
  size_t length = 0;
  while (length < longest && is_emoji_letter(around.after(length + 1))) {
    ++length;
  }
  return length > 0 && around.after(length + 1) == ':';
}

// `GH-1`, and `ABC-1` of other trackers.
bool is_key_hyphen(const Around& around) {
  return is_digit(around.after()) &&
         (is_upper(around.before()) || (is_digit(around.before()) && is_upper(around.before(2))) ||
          (lower(around.before()) == 'h' && lower(around.before(2)) == 'g'));
}

// Would the character, with what follows, be read as the begin of a reference, an address or an emoji, once shown?
bool begins_reference(char c, const Around& around) {
  const char next = around.after();
  switch (c) {
    case '@':
      return true;  // @user, @org/team, user@host, repository@commit
    case '#':
    case '~':
    case '%':
    case '^':
      return is_word(next) || next == '"' || next == '\'';  // #1, ~label, ~"a label", %milestone, ^alert#1
    case '!':
    case '&':
    case '$':
      return is_digit(next);  // merge request, epic, snippet
    case '*':
      return is_letter(next);  // *iteration:1
    case '[':
      return is_letter(next) || next == '_' || next == '+' ||
             next == '-';  // [vulnerability:1], [+ inline difference +]
    case '{':
      return next == '+' || next == '-';
    case ':':
      return (next == '/' && around.after(2) == '/') || is_emoji(around);
    case '-':
      return is_key_hyphen(around);
    default:
      return false;
  }
}

// What is markup anywhere, and what is so only at the begin of a line (of which the begin of a text is treated as one).
std::string_view reference_of(char c, const Around& around, bool at_begin) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '\\':
      return "&#92;";
    case '`':
      return "&#96;";
    case '*':
      return "&#42;";
    case '[':
      return "&#91;";
    case ']':
      return "&#93;";
    case '|':
      return "&#124;";
    case '~':
      return "&#126;";
    case '$':
      return "&#36;";
    case '_': {
      // Within a word it is no emphasis, and names stay readable.
      const auto is_inner = [](char other) { return is_letter(other) || is_digit(other); };
      return is_inner(around.before()) && is_inner(around.after()) ? "" : "&#95;";
    }
    case '#':
      return at_begin ? "&#35;" : "";
    case '+':
      return at_begin ? "&#43;" : "";
    case '-':
      return at_begin ? "&#45;" : "";
    case '=':
      return at_begin ? "&#61;" : "";
    case ':':
      return at_begin ? "&#58;" : "";
    case '/':
      return at_begin ? "&#47;" : "";
    case '.':
    case ')': {
      // `1. item`
      const std::string_view number = around.text.substr(0, around.at);
      const bool numbered = !number.empty() && number.size() < 10 && std::ranges::all_of(number, is_digit);
      return !numbered ? "" : c == '.' ? "&#46;" : "&#41;";
    }
    default:
      return "";
  }
}

bool ends_www(const Around& around) {
  return lower(around.before()) == 'w' && lower(around.before(2)) == 'w' && lower(around.before(3)) == 'w' &&
         !is_word(around.before(4));
}

// `printed` is printable already.
void append_text(std::string& out, std::string_view printed, bool at_begin) {
  for (size_t i = 0; i < printed.size(); ++i) {
    const char c = printed[i];
    const Around around{printed, i};
    if (c == '.' && ends_www(around)) {
      out += gap;
    }
    const std::string_view reference = reference_of(c, around, at_begin && i == 0);
    if (reference.empty()) {
      out += c;
    } else {
      out += reference;
    }
    if (begins_reference(c, around)) {
      out += gap;
    }
  }
}

std::string_view trimmed(std::string_view text) {
  const size_t begin = text.find_first_not_of(' ');
  return begin == std::string_view::npos ? std::string_view()
                                         : text.substr(begin, text.find_last_not_of(' ') + 1 - begin);
}

size_t longest_run(std::string_view text, char wanted) {
  size_t longest = 0, run = 0;
  for (const char c : text) {
    run = c == wanted ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

void append_code(std::string& out, std::string_view printed) {
  const std::string fence(longest_run(printed, '`') + 1, '`');
  const auto needs_space = [](char c) { return c == '`' || c == ' '; };
  const std::string_view space = needs_space(printed.front()) || needs_space(printed.back()) ? " " : "";
  out += fence;
  out += space;
  out += printed;
  out += space;
  out += fence;
}

bool is_blank(std::string_view text) { return text.find_first_not_of(' ') == std::string_view::npos; }

}  // namespace

std::string markdown_text(std::string_view text) {
  const std::string printed = printable(text);
  std::string out;
  out.reserve(printed.size() + printed.size() / 4);
  append_text(out, trimmed(printed), true);
  return out;
}

std::string markdown_prose(std::string_view text) {
  const std::string printed = printable(text);
  std::string_view rest = trimmed(printed);
  std::string out;
  out.reserve(rest.size() + rest.size() / 4);
  while (!rest.empty()) {
    const size_t open = rest.find('`');
    const size_t close = open == std::string_view::npos ? open : rest.find('`', open + 1);
    if (close == std::string_view::npos) {
      append_text(out, rest, out.empty());
      break;
    }
    const std::string_view code = rest.substr(open + 1, close - open - 1);
    if (is_blank(code)) {
      append_text(out, rest.substr(0, close + 1), out.empty());
    } else {
      append_text(out, rest.substr(0, open), out.empty());
      append_code(out, code);
    }
    rest.remove_prefix(close + 1);
  }
  return out;
}

std::string markdown_code(std::string_view text) {
  const std::string printed = printable(text);
  std::string out;
  if (is_blank(printed)) {
    return out;
  }
  append_code(out, printed);
  return out;
}

std::string markdown_block(std::string_view text, std::string_view language) {
  const std::string printed = printable(text, true);
  const std::string fence(std::max<size_t>(3, longest_run(printed, '`') + 1), '`');
  std::string out = fence;
  out += language;
  out += '\n';
  for (size_t i = 0; i < printed.size(); ++i) {
    const bool begins_line = i == 0 || printed[i - 1] == '\n';
    if (begins_line && printed[i] == '/') {
      out += ' ';
    }
    out += printed[i];
  }
  if (!printed.empty() && printed.back() != '\n') {
    out += '\n';
  }
  return out + fence + '\n';
}

std::string markdown_link(std::string_view label, std::string_view url) {
  std::string out = "[";
  out += label;
  out += "](";
  for (const char c : url) {
    // An address of the platform holds none of these; whatever does cannot leave the brackets.
    if (static_cast<unsigned char>(c) <= ' ' || c == '<' || c == '>' || c == '(' || c == ')' || c == '\\' ||
        static_cast<unsigned char>(c) == 0x7F || c == '`' || c == '[' || c == ']') {
      static constexpr char hex[] = "0123456789ABCDEF";
      out += '%';
      out += hex[static_cast<unsigned char>(c) >> 4];
      out += hex[static_cast<unsigned char>(c) & 15];
    } else {
      out += c;
    }
  }
  return out + ")";
}

}  // namespace spiritsafe
