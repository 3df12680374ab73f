// SPDX-License-Identifier: Apache-2.0
// What the parts of the loader share: the files read so far, the mistakes found so far, and how plain values are read.
#pragma once

#include <deque>
#include <map>
#include <optional>

#include "engine/policy/load.h"
#include "engine/policy/yaml_tree.h"

namespace spiritsafe {

struct LoadedFile {
  std::string path = {};
  std::string text = {};  // empty for an embedded pack: its mistakes show no line
  bool checked = false;   // embedded: it was held to everything when it was built
};

struct Loading {
  const LoadOptions& options;
  std::deque<LoadedFile> files = {};  // a deque, so that texts stay where they are
  Arena arena = {};
  Errors errors = {};
  std::map<std::vector<std::string>, Globs> globs = {};  // many rules share one list of files
  size_t untold = 0;                                     // mistakes beyond those that are told
  bool incomplete = false;  // a pack or file is missing, so nothing is said about names that it may have
  int muted = 0;            // above 0: what goes wrong was already reported elsewhere
};

// Notes a mistake at a node; the same one at the same place is noted once.
void fail(Loading& loading, const YamlNode& at, std::string message, std::vector<std::string> hints = {});
// The same for a part of a scalar: `length` bytes from `offset` of its text.
void fail_inside(Loading& loading, const YamlNode& at, size_t offset, size_t length, std::string message,
                 std::vector<std::string> hints = {});
// A name that a missing pack or file may define: noted only where none is missing.
void fail_name(Loading& loading, const YamlNode& at, std::string message, std::vector<std::string> hints = {});
// ``did you mean `x`?`` as the only hint, or none.
std::vector<std::string> did_you_mean(std::string_view word, const std::vector<std::string_view>& candidates);

bool is_extension(std::string_view key);  // `x-…`, which nobody reads
PolicyPlace place_of(const YamlNode& node);
// The closed set of keys of a map; also says where a key has no value, and where `node` is no map at all.
bool check_keys(Loading& loading, const YamlNode& node, std::string_view what,
                const std::vector<std::string_view>& keys);

// Plain values, without `$names`. `name` is what the user calls it. Absent nodes (nullptr) and empty ones give nothing.
std::string read_text(Loading& loading, const YamlNode* node, std::string_view name);
std::vector<std::string> read_texts(Loading& loading, const YamlNode* node, std::string_view name);
std::optional<int64_t> read_integer(Loading& loading, const YamlNode* node, std::string_view name);
std::optional<size_t> read_word(Loading& loading, const YamlNode* node, std::string_view name,
                                const std::vector<std::string_view>& words);
// One of the databases that are told apart, by SQLAlchemy's name.
std::optional<std::string> read_dialect(Loading& loading, const YamlNode& node, std::string_view name);
std::optional<Level> read_level(Loading& loading, const YamlNode* node);
// Globs, with the malformed one pointed at.
Globs read_globs(Loading& loading, const std::vector<const YamlNode*>& patterns);

std::optional<int64_t> parse_integer(std::string_view text);
bool is_name(std::string_view text);       // letters, digits, `_` and `-`, beginning with a letter or `_`
std::string shown(std::string_view text);  // a user's word for a message: one line, not too long
// A node in one line, as flow style has it.
std::string in_one_line(const YamlNode& node);
std::string joined(const std::vector<std::string_view>& words, std::string_view separator = ", ");

}  // namespace spiritsafe
