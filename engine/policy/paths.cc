// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

#include "engine/policy/compiler.h"

namespace spiritsafe {
namespace {

// find_field searches a row of fields; a policy asks for thousands at each start.
const Field* quick_field(const Entity& entity, std::string_view name) {
  struct Key {
    const Entity* entity;
    std::string_view name;
    bool operator==(const Key&) const = default;
  };
  struct Hash {
    size_t operator()(const Key& key) const {
      return std::hash<std::string_view>()(key.name) ^ std::hash<const void*>()(key.entity);
    }
  };
  static const auto index = [] {
    std::unordered_map<Key, const Field*, Hash> all;
    for (const Entity& each : entities()) {
      for (const Field& field : each.fields) {
        all.try_emplace({&each, field.name}, &field);
      }
    }
    return all;
  }();
  const auto found = index.find({&entity, name});
  return found == index.end() ? nullptr : found->second;
}

void fail_unknown_field(Compiler& compiler, const YamlNode& node, std::string_view word, size_t offset,
                        const Entity& entity, bool first) {
  std::vector<std::string_view> known;
  for (const Field& field : entity.fields) {
    known.push_back(field.name);
  }
  if (first) {
    for (const Capture& capture : compiler.captures) {
      known.push_back(capture.name);
    }
  }
  std::vector<std::string> hints = did_you_mean(word, known);
  if (hints.empty() && known.size() <= 16) {
    hints = {fmt::format("its fields are {}", joined(known))};
  }
  fail_inside(compiler.loading, node, offset, std::max<size_t>(word.size(), 1),
              fmt::format("`{}` is not a field of {}", shown(word), entity.name), std::move(hints));
}

// A path goes on behind a field that leads to no single item.
void fail_step(Compiler& compiler, const YamlNode& node, std::string_view before, const Field& field,
               std::string_view word, size_t offset) {
  std::vector<std::string> hints;
  if (field.type == Type::items) {
    hints = {fmt::format("say `some:`, `every:`, `none:` or `count:` — e.g. {}: {{some: {{{}: …}}}}", before, word)};
  } else if (field.type == Type::texts) {
    hints = {fmt::format("say `some:`, `every:`, `none:` or `includes:` — e.g. {}: {{includes: …}}", before)};
  }
  fail_inside(compiler.loading, node, offset, std::max<size_t>(word.size(), 1),
              fmt::format("`{}` is {}, so `.{}` means nothing{}", field.name, article_name(field.type), shown(word),
                          field.type == Type::items || field.type == Type::texts ? " without saying which one" : ""),
              std::move(hints));
}

const Capture* find_capture(const Compiler& compiler, std::string_view name) {
  const auto found = std::ranges::find(compiler.captures, name, &Capture::name);
  return found == compiler.captures.end() ? nullptr : &*found;
}

}  // namespace

std::string_view article_name(Type type) {
  switch (type) {
    case Type::text:
      return "a text";
    case Type::number:
      return "a number";
    case Type::boolean:
      return "true or false";
    case Type::choice:
      return "one of a few words";
    case Type::texts:
      return "list of texts";
    case Type::item:
      return "one item";
    case Type::items:
      return "list of items";
  }
  return {};
}

std::optional<Reach> resolve_path(Compiler& compiler, const YamlNode& node, std::string_view text, size_t offset,
                                  const Here& here) {
  Reach reach;
  reach.path.text = text;
  reach.entity = here.entity;
  size_t begin = 0;
  bool first = true;
  while (begin <= text.size()) {
    const size_t end = std::min(text.find('.', begin), text.size());
    const std::string_view word = text.substr(begin, end - begin);
    // Names come before fields, so that `operation.table` is the judged item's wherever it is written.
    const Capture* capture = first ? find_capture(compiler, word) : nullptr;
    if (capture) {
      if (!capture->only_in.empty()) {
        fail_inside(
            compiler.loading, node, offset + begin, word.size(), fmt::format("`{}` may be without an item here", word),
            {fmt::format("it is only set when a part under `{}:` matches; name an item under conditions that must hold",
                         capture->only_in)});
        return {};
      }
      reach.path.slot = capture->slot;
      reach.entity = capture->entity;
    } else {
      if (!first && reach.type != Type::item) {
        fail_step(compiler, node, text.substr(0, begin - 1), *reach.field, word, offset + begin);
        return {};
      }
      const Field* field = quick_field(*reach.entity, word);
      if (!field) {
        fail_unknown_field(compiler, node, word, offset + begin, *reach.entity, first);
        return {};
      }
      reach.path.fields.push_back(field);
      reach.field = field;
      reach.type = field->type;
      if (!field->entity.empty()) {
        reach.entity = find_entity(field->entity);
      }
    }
    first = false;
    begin = end + 1;
  }
  return reach;
}

}  // namespace spiritsafe
