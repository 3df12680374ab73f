// SPDX-License-Identifier: Apache-2.0
// YAML as a tree of texts with places. Nothing is guessed about a scalar's type: `no` and `1e10` are texts, and the
// field that they are held against reads them.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "engine/text/arena.h"
#include "engine/text/error.h"

namespace spiritsafe {

struct YamlEntry;

struct YamlNode {
  enum class Kind : uint8_t { empty, scalar, list, map };
  enum class Style : uint8_t { plain, single_quoted, double_quoted, block };
  Kind kind = Kind::empty;
  Style style = Style::plain;
  uint16_t file = 0;    // which file of the policy it stands in
  uint32_t count = 0;   // of a list or map
  uint32_t line = 0;    // from 1; 0: it stands nowhere
  uint32_t column = 0;  // from 1, in characters
  Span span = {};       // a scalar with its quotes; only the start of lists, maps and block scalars
  std::string_view text = {};
  const YamlNode* first_item = nullptr;
  const YamlEntry* first_entry = nullptr;

  bool is_scalar() const { return kind == Kind::scalar; }
  bool is_list() const { return kind == Kind::list; }
  bool is_map() const { return kind == Kind::map; }
  std::span<const YamlNode> items() const { return {first_item, is_list() ? count : 0}; }
  std::span<const YamlEntry> entries() const;
  // The value of a key, or nullptr; also where this is no map.
  const YamlNode* find(std::string_view key) const;
  const YamlEntry* find_entry(std::string_view key) const;
};

struct YamlEntry {
  YamlNode key = {};  // a scalar
  YamlNode value = {};
};

inline constexpr size_t largest_policy_file = 1u << 20;  // bytes
inline constexpr size_t longest_policy_line = 4000;      // bytes; yaml-cpp's time grows with the square of a flow line
inline constexpr int deepest_policy = 64;                // lists and maps within each other

// What is written in it decides what counts as a mistake.
enum class YamlDialect : uint8_t {
  policy,    // block and flow style, quotes, block scalars; no anchors, aliases, merge keys, tags, duplicate keys or
             // second documents
  workflow,  // what other tools' files may hold: aliases stand for what they name, merge keys are merged, tags are left
             // out, of several values of a key the first counts, of several documents the last
};

// The tree of one file. Its nodes lie in `arena`, their texts too: `text` need not outlive the call. All mistakes are
// reported, except that what follows a place where YAML itself breaks is not read. An empty file is an `empty` node.
Result<YamlNode> parse_yaml(std::string_view path, std::string_view text, uint16_t file, Arena& arena,
                            YamlDialect dialect = YamlDialect::policy);

}  // namespace spiritsafe
