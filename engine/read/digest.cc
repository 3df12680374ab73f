// SPDX-License-Identifier: Apache-2.0
#include "engine/read/digest.h"

#include <vector>

#include "engine/python/token.h"
#include "engine/text/sha256.h"

namespace spiritsafe {
namespace {

using python::Token;
using python::TokenKind;

constexpr size_t digits = 32;
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

bool opens(TokenKind kind) {
  return kind == TokenKind::left_paren || kind == TokenKind::left_bracket || kind == TokenKind::left_brace;
}

bool closes(TokenKind kind) {
  return kind == TokenKind::right_paren || kind == TokenKind::right_bracket || kind == TokenKind::right_brace;
}

// Behind these a bracket is that of a call or a subscript.
bool ends_operand(TokenKind kind) {
  return kind == TokenKind::name || kind == TokenKind::string || closes(kind) || kind == TokenKind::fstring_end;
}

struct Bracket {
  TokenKind kind = TokenKind::left_paren;
  bool after_operand = false;
  bool has_comma = false;
};

// Whether a comma right before the end of the bracket changes nothing: `(a,)` and `x[a,]` are tuples.
bool is_layout(const Bracket& bracket) {
  const bool may_be_tuple =
      bracket.after_operand ? bracket.kind == TokenKind::left_bracket : bracket.kind == TokenKind::left_paren;
  return bracket.has_comma || !may_be_tuple;
}

void add_token(Sha256& hash, const Token& token, std::string_view text) {
  const char kind = static_cast<char>(token.kind);
  hash.add({&kind, 1});
  std::string_view content = text.substr(token.begin, token.end - token.begin);
  if (token.kind == TokenKind::string) {
    const size_t front = static_cast<size_t>(token.prefix_length) + token.quote_length;
    content = content.substr(front, content.size() - front - token.quote_length);
    const char form = static_cast<char>((token.bytes ? 2 : 0) + (token.raw && content.find('\\') != content.npos));
    hash.add({&form, 1});
  } else if (token.kind == TokenKind::fstring_start) {
    content = token.raw ? "r" : "";
  } else if (token.kind != TokenKind::name && token.kind != TokenKind::number &&
             token.kind != TokenKind::fstring_middle) {
    return;  // the kind says it all
  }
  hash.add(content);
  hash.add(std::string_view("\0", 1));
}

bool begins_statement(TokenKind before) {
  return before == TokenKind::newline || before == TokenKind::semicolon || before == TokenKind::indent ||
         before == TokenKind::dedent;
}

// Behind the last token of the statement at `at`, its newline included.
size_t end_of_statement(const std::vector<Token>& tokens, size_t at) {
  size_t depth = 0;
  while (at < tokens.size() && tokens[at].kind != TokenKind::end_marker) {
    const TokenKind kind = tokens[at++].kind;
    depth += opens(kind);
    depth -= closes(kind) && depth > 0;
    if (depth == 0 && (kind == TokenKind::newline || kind == TokenKind::semicolon)) {
      break;
    }
  }
  return at;
}

bool is_lone_string(const std::vector<Token>& tokens, size_t at) {
  size_t end = at;
  while (end < tokens.size() && tokens[end].kind == TokenKind::string && !tokens[end].bytes) {
    ++end;
  }
  return end > at && end < tokens.size() &&
         (tokens[end].kind == TokenKind::newline || tokens[end].kind == TokenKind::semicolon ||
          tokens[end].kind == TokenKind::end_marker);
}

bool sets_place(const Token& token, std::string_view text) {
  const std::string_view name = text.substr(token.begin, token.end - token.begin);
  return token.kind == TokenKind::name && (name == "down_revision" || name == "depends_on");
}

std::string digest(const std::vector<Token>& tokens, std::string_view text, bool with_place) {
  Sha256 hash;
  std::vector<Bracket> brackets;
  size_t level = 0;  // of indentation
  TokenKind before = TokenKind::newline;
  for (size_t i = 1; i < tokens.size(); ++i) {
    const Token& token = tokens[i];
    if (brackets.empty() && begins_statement(before)) {
      if (is_lone_string(tokens, i) || (!with_place && level == 0 && sets_place(token, text))) {
        i = end_of_statement(tokens, i) - 1;
        before = TokenKind::newline;
        continue;
      }
    }
    level += token.kind == TokenKind::indent;
    level -= token.kind == TokenKind::dedent && level > 0;
    if (opens(token.kind)) {
      brackets.push_back({token.kind, ends_operand(before), false});
    } else if (closes(token.kind) && !brackets.empty()) {
      brackets.pop_back();
    } else if (token.kind == TokenKind::comma && !brackets.empty()) {
      const bool last = i + 1 < tokens.size() && closes(tokens[i + 1].kind);
      if (last && is_layout(brackets.back())) {
        before = token.kind;
        continue;
      }
      brackets.back().has_comma = true;
    }
    add_token(hash, token, text);
    before = token.kind;
  }
  return hash.hex().substr(0, digits);
}

std::string digest_to_the_letter(std::string_view text) {
  Sha256 hash;
  hash.add("text\n");
  hash.add(text);
  return hash.hex().substr(0, digits);
}

}  // namespace

CodeDigests code_digests(std::string_view text) {
  python::TokenBuffer buffer;
  const bool readable =
      text.size() <= UINT32_MAX / 2 && text.find('\0') == text.npos && find_invalid_utf8(text) == text.npos;
  if (readable) {
    const size_t begin = text.starts_with(byte_order_mark) ? byte_order_mark.size() : 0;
    python::tokenize(text, static_cast<uint32_t>(begin), {}, buffer);
  }
  if (!readable || buffer.tokens.empty() || buffer.tokens.back().kind == TokenKind::failure) {
    const std::string whole = digest_to_the_letter(text);
    return {whole, whole};
  }
  return {digest(buffer.tokens, text, true), digest(buffer.tokens, text, false)};
}

void read_code_digests(Project& project, Migration& migration) {
  const CodeDigests digests = code_digests(migration.file->source.text);
  migration.code_digest = known(project.arena.copy(digests.code));
  migration.body_digest = known(project.arena.copy(digests.body));
}

void read_code_digests(Project& project) {
  if (project.base_migrations.empty()) {
    return;
  }
  for (const auto& migration : project.migrations) {
    if (migration->file->change != Change::unchanged) {
      read_code_digests(project, *migration);
    }
  }
  for (const auto& migration : project.base_migrations) {
    if (migration->file->origin == Origin::merge_base) {
      read_code_digests(project, *migration);
    }
  }
}

}  // namespace spiritsafe
