// SPDX-License-Identifier: Apache-2.0
// What a `$name` stands for: a rule's parameter, a list, a setting, or a column of a rule's cases.
//
// A text is a reference when it is `$` and a name and nothing else; `$$x` is the text `$x`. In a list a reference to a
// list puts that list's texts in its place. A name means one thing: a parameter, list, map and setting never share one.
#pragma once

#include <map>
#include <unordered_map>

#include "engine/policy/loading.h"

namespace spiritsafe {

// The scalars of a value after its references were followed. Each still knows the file and line it was written in.
struct Operand {
  bool list = false;
  std::vector<const YamlNode*> values = {};
};

struct NamedMap {
  const YamlEntry* entry = nullptr;
  std::shared_ptr<const std::map<std::string, std::string>> texts = {};
};

// A setting that some pack declares (`default`, `help`), or one of the engine's own.
struct Setting {
  const YamlEntry* declared = nullptr;
  Operand value = {};
};

// The names of all files of a policy together.
struct Names {
  std::unordered_map<std::string_view, std::pair<const YamlEntry*, Operand>> lists = {};
  std::unordered_map<std::string_view, NamedMap> maps = {};
  std::unordered_map<std::string_view, const YamlEntry*> conditions = {};
  std::unordered_map<std::string_view, Setting> settings = {};
};

// The names of one rule.
struct RuleNames {
  std::vector<std::pair<std::string_view, Operand>> params = {};
  const YamlNode* row = nullptr;  // of `cases:`
  bool has_cases = false;
};

// `$name` and nothing else.
bool is_reference(std::string_view text);
// A scalar's text with `$$` undone.
std::string_view literal(const YamlNode& scalar);

// What `$name` stands for; `rule` is nullptr in what is shared between rules. Reports an unknown name.
std::optional<Operand> follow_reference(Loading& loading, const Names& names, const RuleNames* rule, const YamlNode& at,
                                        std::string_view reference, size_t offset = 0);
// A scalar or a list of scalars, with references followed. `name` is what the value is held against.
std::optional<Operand> read_operand(Loading& loading, const Names& names, const RuleNames* rule, const YamlNode& node,
                                    std::string_view name);

// Every name that the scalars of a tree refer to, `$name` and `{$name}`, and the maps behind `through:`; for the lint
// of names that nobody uses.
void collect_references(const YamlNode& node, std::vector<std::string_view>& found);

}  // namespace spiritsafe
