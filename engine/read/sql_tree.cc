// SPDX-License-Identifier: Apache-2.0
#include "engine/read/sql_tree.h"

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace spiritsafe {
namespace {

using Json = nlohmann::json;

constexpr size_t largest_json = 16u << 20;
constexpr size_t deepest = 2000;

class TreeReader : public nlohmann::json_sax<Json> {
 public:
  explicit TreeReader(Arena& arena) : arena_(arena) {}
  const SqlNode* root() const { return root_; }

  bool null() override { return add(SqlNode{}); }
  bool boolean(bool value) override { return add({{}, {}, value ? 1 : 0, nullptr, nullptr}); }
  bool number_integer(number_integer_t value) override { return add({{}, {}, value, nullptr, nullptr}); }
  bool number_unsigned(number_unsigned_t value) override {
    return add({{}, {}, static_cast<int64_t>(value), nullptr, nullptr});
  }
  bool number_float(number_float_t, const string_t&) override { return add(SqlNode{}); }
  bool binary(binary_t&) override { return false; }
  bool string(string_t& value) override { return add({{}, arena_.copy(std::string_view(value)), 0, nullptr, nullptr}); }
  bool start_object(size_t) override { return open(); }
  bool key(string_t& value) override {
    key_ = arena_.copy(std::string_view(value));
    return true;
  }
  bool end_object() override { return close(); }
  bool start_array(size_t) override { return open(); }
  bool end_array() override { return close(); }
  bool parse_error(size_t, const std::string&, const nlohmann::detail::exception&) override { return false; }

 private:
  struct Level {
    SqlNode* node = nullptr;
    SqlNode* last = nullptr;
  };

  bool add(const SqlNode& value) { return append(value) != nullptr; }
  SqlNode* append(const SqlNode& value) {
    SqlNode* node = arena_.make<SqlNode>(value);
    node->key = key_;
    key_ = {};
    if (levels_.empty()) {
      root_ = node;
      return node;
    }
    Level& level = levels_.back();
    if (level.last) {
      level.last->next = node;
    } else {
      level.node->child = node;
    }
    level.last = node;
    return node;
  }
  bool open() {
    if (levels_.size() >= deepest) {
      return false;
    }
    levels_.push_back({append(SqlNode{}), nullptr});
    return true;
  }
  bool close() {
    levels_.pop_back();
    return true;
  }

  Arena& arena_;
  std::vector<Level> levels_ = {};
  std::string_view key_ = {};
  const SqlNode* root_ = nullptr;
};

}  // namespace

const SqlNode* read_sql_tree(std::string_view json, Arena& arena) {
  if (json.size() > largest_json) {
    return nullptr;
  }
  TreeReader reader(arena);
  if (!Json::sax_parse(json, &reader)) {
    return nullptr;
  }
  const SqlNode* statements = field_of(reader.root(), "stmts");
  const SqlNode* statement = statements ? field_of(statements->child, "stmt") : nullptr;
  return statement ? statement->child : nullptr;
}

std::string_view statement_node(std::string_view json) {
  constexpr std::string_view before = R"("stmt":{")";
  const size_t found = json.find(before);
  if (found == std::string_view::npos) {
    return {};
  }
  const std::string_view rest = json.substr(found + before.size());
  return rest.substr(0, rest.find('"'));
}

const SqlNode* field_of(const SqlNode* node, std::string_view key) {
  for (const SqlNode* child = node ? node->child : nullptr; child; child = child->next) {
    if (child->key == key) {
      return child;
    }
  }
  return nullptr;
}

std::string_view text_of(const SqlNode* node, std::string_view key) {
  const SqlNode* found = field_of(node, key);
  return found ? found->text : std::string_view{};
}

int64_t number_of(const SqlNode* node, std::string_view key) {
  const SqlNode* found = field_of(node, key);
  return found ? found->number : 0;
}

const SqlNode* as_node(const SqlNode* item, std::string_view type) {
  return item && item->child && item->child->key == type ? item->child : nullptr;
}

std::string_view string_of(const SqlNode* item) { return text_of(as_node(item, "String"), "sval"); }

}  // namespace spiritsafe
