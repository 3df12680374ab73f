// SPDX-License-Identifier: Apache-2.0
// Blocks: maps of conditions, `all`, `any`, `not` and `use`.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "engine/policy/compiler.h"
#include "engine/policy/operators.h"

namespace spiritsafe {
namespace {

Condition group(Condition::Kind kind, const YamlNode& at) {
  Condition condition;
  condition.kind = kind;
  condition.place = place_of(at);
  return condition;
}

Here part_of(const Here& here, std::string_view part) {
  return {here.entity, here.slot, here.only_in.empty() ? part : here.only_in};
}

// `any: [block, …]`, or `any: {because: block, …}`; the same for `all`.
Condition compile_alternatives(Compiler& compiler, const YamlEntry& entry, const Here& here) {
  const bool any = entry.key.text == "any";
  Condition condition = group(any ? Condition::Kind::any : Condition::Kind::all, entry.key);
  if (entry.value.count == 0 || (!entry.value.is_list() && !entry.value.is_map())) {
    fail(compiler.loading, entry.key,
         fmt::format("`{}` is a list of blocks, or a map of labels to blocks", entry.key.text));
    return condition;
  }
  const auto add = [&](const YamlNode& block) {
    const size_t outside = compiler.captures.size();
    condition.parts.push_back(compile_block(compiler, block, any ? part_of(here, "any") : here));
    if (any) {
      leave_part(compiler, outside, "any");
    }
  };
  for (const YamlNode& block : entry.value.items()) {
    add(block);
  }
  for (const YamlEntry& labelled : entry.value.entries()) {
    if (!is_extension(labelled.key.text) && !labelled.value.is_map()) {
      fail(compiler.loading, labelled.value.kind == YamlNode::Kind::empty ? labelled.key : labelled.value,
           fmt::format("under `{}:` stand labels with a block each", entry.key.text),
           {fmt::format("say {}: {{{}: {{field: value}}}}, or {}: [{{field: value}}]", entry.key.text, "a label",
                        entry.key.text)});
      continue;
    }
    if (is_extension(labelled.key.text)) {
      continue;
    }
    add(labelled.value);
    if (any) {
      condition.labels.emplace_back(labelled.key.text);
    }
  }
  if (!condition.labels.empty() && here.only_in.empty()) {
    compiler.has_because = true;
  }
  return condition;
}

Condition compile_negation(Compiler& compiler, const YamlEntry& entry, const Here& here) {
  Condition condition = group(Condition::Kind::negation, entry.key);
  const size_t outside = compiler.captures.size();
  condition.parts.push_back(compile_block(compiler, entry.value, part_of(here, "not")));
  leave_part(compiler, outside, "not");
  return condition;
}

// Conditions that use others twice, which use others twice, grow beyond all bounds.
constexpr int most_uses = 500;

// What goes wrong between shared conditions is seen only while one stands in the place of another, and that is muted.
void fail_aloud(Loading& loading, const YamlNode& at, std::string message) {
  const int muted = std::exchange(loading.muted, 0);
  fail(loading, at, std::move(message));
  loading.muted = muted;
}

// A shared condition, put in the place of its name. Its own names stay its own.
Condition compile_use_of(Compiler& compiler, const YamlNode& name, const Here& here) {
  const auto found = compiler.names.conditions.find(name.text);
  if (found == compiler.names.conditions.end()) {
    std::vector<std::string_view> known;
    for (const auto& [each, entry] : compiler.names.conditions) {
      known.push_back(each);
    }
    std::ranges::sort(known);
    fail_name(compiler.loading, name, fmt::format("no condition is called `{}`", shown(name.text)),
              did_you_mean(name.text, known));
    return group(Condition::Kind::all, name);
  }
  const YamlEntry& shared = *found->second;
  const YamlNode* for_each = shared.value.find("for_each");
  const YamlNode* where = shared.value.find("where");
  if (!for_each || !where) {
    return group(Condition::Kind::all, name);  // reported where it is written
  }
  if (for_each->text != here.entity->name) {
    fail(compiler.loading, name,
         fmt::format("the condition `{}` is about {}, and here the item is {}", name.text, for_each->text,
                     here.entity->name));
    return group(Condition::Kind::all, name);
  }
  if (std::ranges::find(compiler.using_, name.text) != compiler.using_.end()) {
    if (compiler.using_.front() == name.text) {  // else it is reported where the circle begins
      fail_aloud(
          compiler.loading, name,
          fmt::format("the condition `{}` uses itself: {} → {}", name.text, joined(compiler.using_, " → "), name.text));
    }
    return group(Condition::Kind::all, name);
  }
  if (++compiler.uses > most_uses) {
    if (compiler.uses == most_uses + 1) {
      fail_aloud(compiler.loading, name,
                 fmt::format("more than {} shared conditions are used within each other here", most_uses));
    }
    return group(Condition::Kind::all, name);
  }
  if (*here.slot < 0) {
    *here.slot = compiler.slot_count++;
  }
  std::vector<Capture> outside = std::move(compiler.captures);
  const RuleNames* rule = compiler.rule;
  compiler.captures = {{here.entity->name, here.entity, *here.slot, {}}};
  compiler.rule = nullptr;
  compiler.using_.push_back(name.text);
  ++compiler.loading.muted;  // a shared condition is checked once, where it stands
  Condition condition = compile_block(compiler, *where, here);
  --compiler.loading.muted;
  compiler.using_.pop_back();
  compiler.rule = rule;
  compiler.captures = std::move(outside);
  return condition;
}

void compile_use(Compiler& compiler, const YamlEntry& entry, const Here& here, std::vector<Condition>& parts) {
  if (entry.value.is_scalar()) {
    parts.push_back(compile_use_of(compiler, entry.value, here));
    return;
  }
  if (!entry.value.is_list() || entry.value.count == 0) {
    fail(compiler.loading, entry.key, "`use` is the name of a condition, or a list of them");
  }
  for (const YamlNode& name : entry.value.items()) {
    if (name.is_scalar()) {
      parts.push_back(compile_use_of(compiler, name, here));
    } else {
      fail(compiler.loading, name, "`use` is the name of a condition, or a list of them");
    }
  }
}

bool is_item_operator(std::string_view key) { return key != "not" && find_operator(key, Type::item) != nullptr; }

}  // namespace

void add_capture(Compiler& compiler, const YamlNode& as, const Entity& entity, int& slot) {
  const auto is_field = [&](const Entity& each) {
    return each.name == as.text || find_field(each, as.text) != nullptr;
  };
  if (!as.is_scalar() || !is_name(as.text)) {
    fail(compiler.loading, as, "`as:` is a name of letters, digits and `_`");
  } else if (std::ranges::any_of(entities(), is_field)) {
    fail(compiler.loading, as, fmt::format("`{}` cannot be a name here: it is an entity or a field", as.text));
  } else if (std::ranges::find(compiler.captures, as.text, &Capture::name) != compiler.captures.end()) {
    fail(compiler.loading, as, fmt::format("`{}` is the name of another item already", as.text));
  } else {
    if (slot < 0) {
      slot = compiler.slot_count++;
    }
    compiler.captures.push_back({as.text, &entity, slot, {}});
  }
}

void leave_part(Compiler& compiler, size_t captures_before, std::string_view part) {
  for (size_t i = captures_before; i < compiler.captures.size(); ++i) {
    if (compiler.captures[i].only_in.empty()) {
      compiler.captures[i].only_in = part;
    }
  }
}

Condition compile_block(Compiler& compiler, const YamlNode& block, const Here& here) {
  Condition all = group(Condition::Kind::all, block);
  if (!block.is_map()) {
    fail(compiler.loading, block, fmt::format("conditions on {} are a map of fields and matchers", here.entity->name),
         {"e.g. kind: add_column"});
    return all;
  }
  all.parts.reserve(block.count);
  bool said = false;
  for (const YamlEntry& entry : block.entries()) {
    const std::string_view key = entry.key.text;
    if (is_extension(key)) {
      continue;
    }
    said = said || key != "as";
    if (key == "any" || key == "all") {
      all.parts.push_back(compile_alternatives(compiler, entry, here));
    } else if (key == "not") {
      all.parts.push_back(compile_negation(compiler, entry, here));
    } else if (key == "use") {
      compile_use(compiler, entry, here, all.parts);
    } else if (key != "as" && !is_item_operator(key)) {
      if (const std::optional<Reach> reach = resolve_path(compiler, entry.key, key, 0, here)) {
        Condition part = compile_matcher(compiler, *reach, entry.key, entry.value, here);
        if (part.kind != Condition::Kind::all || !part.parts.empty()) {
          all.parts.push_back(std::move(part));
        }
      }
    }
  }
  if (!said) {
    fail(compiler.loading, block, fmt::format("an empty block asks nothing about {}", here.entity->name));
  }
  if (all.parts.size() == 1) {
    return std::move(all.parts.front());
  }
  return all;
}

}  // namespace spiritsafe
