// SPDX-License-Identifier: Apache-2.0
#include "engine/read/sql_head.h"

#include <algorithm>
#include <span>

#include "engine/read/sql_words.h"

namespace spiritsafe {
namespace {

// Words in the order in which they stand; those with a `?` behind them may be missing.
struct HeadRow {
  std::string_view kind = {};
  std::string_view words[8] = {};
};

constexpr HeadRow rows[] = {
    {"create_table", {"create", "global?", "local?", "temp?", "temporary?", "unlogged?", "table"}},
    {"alter_table", {"alter", "table"}},
    {"delete", {"delete", "from"}},
    {"drop_table", {"drop", "table"}},
    {"insert", {"insert", "into"}},
    {"truncate", {"truncate", "table?"}},
    {"update", {"update"}},
};

class HeadReader {
 public:
  explicit HeadReader(std::string_view sql) : sql_(sql) {}

  bool take(std::string_view word) {
    const size_t before = at_;
    if (read_word() == word) {
      return true;
    }
    at_ = before;
    return false;
  }

  // Also in MySQL's quotes; empty: there is none. What is not quoted is in lower case.
  std::string take_name() {
    skip_space();
    const char quote = at_ < sql_.size() ? sql_[at_] : '\0';
    if (quote != '"' && quote != '`') {
      return read_word();
    }
    const size_t end = sql_.find(quote, at_ + 1);
    std::string name(sql_.substr(at_ + 1, end == std::string_view::npos ? 0 : end - at_ - 1));
    at_ = end == std::string_view::npos ? sql_.size() : end + 1;
    return name;
  }

  bool take_dot() {
    skip_space();
    const bool is_there = at_ < sql_.size() && sql_[at_] == '.';
    at_ += is_there ? 1 : 0;
    return is_there;
  }

  size_t at() const { return at_; }

 private:
  void skip_space() { at_ = trimmed(sql_, {at_, sql_.size()}).begin; }

  std::string read_word() {
    skip_space();
    std::string word;
    for (; at_ < sql_.size() && is_sql_word(sql_[at_]); ++at_) {
      word += static_cast<char>(sql_[at_] >= 'A' && sql_[at_] <= 'Z' ? sql_[at_] - 'A' + 'a' : sql_[at_]);
    }
    return word;
  }

  std::string_view sql_;
  size_t at_ = 0;
};

bool take_words(HeadReader& reader, std::span<const std::string_view> words, bool& temporary) {
  for (std::string_view word : words) {
    const bool is_optional = word.ends_with('?');
    word.remove_suffix(is_optional ? 1 : 0);
    const bool is_there = word.empty() || reader.take(word);
    if (!is_there && !is_optional) {
      return false;
    }
    temporary = temporary || (is_there && word.starts_with("temp"));
  }
  return true;
}

}  // namespace

SqlHead sql_head_of(std::string_view sql) {
  for (const HeadRow& row : rows) {
    HeadReader reader(sql);
    SqlHead head;
    if (!take_words(reader, row.words, head.temporary)) {
      continue;
    }
    if (reader.take("if")) {
      reader.take("not");
      head.if_exists = reader.take("exists");
    }
    reader.take("only");
    head.table = reader.take_name();
    while (reader.take_dot()) {
      head.schema = std::move(head.table);
      head.table = reader.take_name();
    }
    if (head.table.empty()) {
      return {};
    }
    const bool is_query =
        row.kind == "create_table" && find_sql_word(sql, {reader.at(), sql.size()}, "as") != std::string_view::npos;
    head.kind = is_query ? "create_table_as" : row.kind;
    return head;
  }
  return {};
}

}  // namespace spiritsafe
