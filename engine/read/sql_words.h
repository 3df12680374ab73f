// SPDX-License-Identifier: Apache-2.0
// SQL as text: quotes, comments, words and commas. Internal to engine/read.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace spiritsafe {

struct SqlPiece {
  size_t begin = 0;
  size_t end = 0;
};

bool is_sql_space(char c);
bool is_sql_word(char c);
// Where the quoted text, comment or dollar-quoted text that begins at `at` ends; `at` where none begins there.
size_t skip_quoted(std::string_view sql, size_t at);
// Without white space and comments at both ends.
SqlPiece trimmed(std::string_view sql, SqlPiece piece);
// What stands between the commas that are in no parentheses, brackets, quotes or comments.
std::vector<SqlPiece> pieces_at_commas(std::string_view sql, SqlPiece within);
// Where the word (in lower case), outside of parentheses, brackets, quotes and comments, begins first; npos: nowhere.
size_t find_sql_word(std::string_view sql, SqlPiece within, std::string_view word);

// Calls `use` with each word outside of quotes and comments, in lower case, until it returns false.
template <class Use>
void each_sql_word(std::string_view sql, Use use) {
  for (size_t at = 0; at < sql.size();) {
    if (const size_t behind = skip_quoted(sql, at); behind > at) {
      at = behind;
      continue;
    }
    if (!is_sql_word(sql[at])) {
      ++at;
      continue;
    }
    std::string word;
    for (; at < sql.size() && is_sql_word(sql[at]); ++at) {
      word += static_cast<char>(sql[at] >= 'A' && sql[at] <= 'Z' ? sql[at] - 'A' + 'a' : sql[at]);
    }
    if (!use(word)) {
      return;
    }
  }
}

}  // namespace spiritsafe
