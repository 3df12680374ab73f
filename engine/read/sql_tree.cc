// SPDX-License-Identifier: Apache-2.0
#include "engine/read/sql_tree.h"

#include <rapidjson/reader.h>

#include <cstring>
#include <vector>

namespace spiritsafe {
namespace {

constexpr size_t largest_json = 16u << 20;
constexpr size_t deepest = 2000;

// What RapidJSON tells of the text, by names of its own.
class TreeReader {
 public:
  explicit TreeReader(Arena& arena) : arena_(arena) {}
  const SqlNode* root() const { return root_; }
  bool too_deep() const { return too_deep_; }

  bool Null() { return add(SqlNode{}); }
  bool Bool(bool value) { return add({{}, {}, value ? 1 : 0, nullptr, nullptr}); }
  bool Int(int value) { return Int64(value); }
  bool Uint(unsigned value) { return Int64(value); }
  bool Int64(int64_t value) { return add({{}, {}, value, nullptr, nullptr}); }
  bool Uint64(uint64_t value) { return Int64(static_cast<int64_t>(value)); }
  bool Double(double) { return add(SqlNode{}); }
  bool RawNumber(const char*, rapidjson::SizeType, bool) { return false; }
  bool String(const char* text, rapidjson::SizeType size, bool) {
    return add({{}, std::string_view(text, size), 0, nullptr, nullptr});
  }
  bool Key(const char* text, rapidjson::SizeType size, bool) {
    key_ = hidden_ == 0 ? std::string_view(text, size) : std::string_view();
    return true;
  }
  bool StartObject() { return open(); }
  bool EndObject(rapidjson::SizeType) { return close(); }
  bool StartArray() { return open(); }
  bool EndArray(rapidjson::SizeType) { return close(); }

 private:
  struct Level {
    SqlNode* node = nullptr;
    SqlNode* last = nullptr;
  };

  bool add(const SqlNode& value) { return hidden_ > 0 || append(value) != nullptr; }
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
      too_deep_ = true;
      key_ = {};
      ++hidden_;
    } else {
      levels_.push_back({append(SqlNode{}), nullptr});
    }
    return true;
  }
  bool close() {
    if (hidden_ > 0) {
      --hidden_;
    } else {
      levels_.pop_back();
    }
    return true;
  }

  Arena& arena_;
  std::vector<Level> levels_ = {};
  std::string_view key_ = {};
  const SqlNode* root_ = nullptr;
  size_t hidden_ = 0;  // levels that are left out
  bool too_deep_ = false;
};

}  // namespace

SqlTree read_sql_tree(char* json, Arena& arena) {
  if (std::strlen(json) > largest_json) {
    return {};
  }
  TreeReader tree(arena);
  rapidjson::InsituStringStream stream(json);
  // Iterative: what a stranger nests must not take the stack.
  if (!rapidjson::Reader().Parse<rapidjson::kParseInsituFlag | rapidjson::kParseIterativeFlag>(stream, tree)) {
    return {};
  }
  const SqlNode* statements = field_of(tree.root(), "stmts");
  const SqlNode* statement = statements ? field_of(statements->child, "stmt") : nullptr;
  return {statement ? statement->child : nullptr, tree.too_deep()};
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
