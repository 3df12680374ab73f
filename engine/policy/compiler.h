// SPDX-License-Identifier: Apache-2.0
// Conditions from YAML to policy.h, checked against the vocabulary. Used for `where`, `unless`, `require` and shared
// conditions, and for the paths of messages and fixes.
//
// Where the language's description is silent, the strict reading holds: an empty block or list is a mistake, `as:`
// stands only under `some:`, a name made by `as:` is never the name of an entity or a field, and a shared condition
// sees the policy's lists and settings but no rule's parameters.
#pragma once

#include "engine/policy/names.h"

namespace spiritsafe {

// An item with a name: the judged one, or what `as:` named.
struct Capture {
  std::string_view name = {};
  const Entity* entity = nullptr;
  int slot = 0;
  // Not empty: it was set where a condition need not hold, and we have left that place: `any`, `not`, `none`, …
  std::string_view only_in = {};
};

// The item that a block's paths begin at.
struct Here {
  const Entity* entity = nullptr;
  int* slot = nullptr;            // where it is kept; -1 until something needs to refer to it
  std::string_view only_in = {};  // empty: every condition up to here must hold for a finding
};

struct Compiler {
  Loading& loading;
  const Names& names;
  const RuleNames* rule = nullptr;  // nullptr inside shared conditions
  std::vector<Capture> captures = {};
  int slot_count = 1;
  bool has_because = false;                   // some labelled `any:` must hold
  int uses = 0;                               // of shared conditions so far
  std::vector<std::string_view> using_ = {};  // shared conditions that are being compiled, outermost first
};

// Where a path leads.
struct Reach {
  Path path = {};
  const Field* field = nullptr;  // nullptr: the path is the name of an item
  Type type = Type::item;
  const Entity* entity = nullptr;  // of item and items
  std::string_view name() const { return field ? field->name : std::string_view(path.text); }
};

// `text` is `node`'s, or `offset` bytes into it. Reports what is wrong; then there is no value.
std::optional<Reach> resolve_path(Compiler& compiler, const YamlNode& node, std::string_view text, size_t offset,
                                  const Here& here);
// "a text", "a list of items": with its article.
std::string_view article_name(Type type);

// A map of conditions, all of which must hold. What is wrong is reported and left out.
Condition compile_block(Compiler& compiler, const YamlNode& block, const Here& here);
// What stands behind a path.
Condition compile_matcher(Compiler& compiler, const Reach& reach, const YamlNode& key, const YamlNode& value,
                          const Here& here);

// A pattern's text, tried: RE2 takes it, within a bound of memory. `node` is the scalar that was written.
std::optional<Pattern> compile_pattern(Loading& loading, const YamlNode& node);

// `text` with placeholders; `{because}` only where a labelled `any:` must hold.
Template compile_template(Compiler& compiler, const YamlNode& node, const Here& here);
// The same, with `{text, argument=value}`: the call with further arguments.
Template compile_code(Compiler& compiler, const YamlNode& node, const Here& here);

}  // namespace spiritsafe
