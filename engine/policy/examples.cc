// SPDX-License-Identifier: Apache-2.0
// `examples: {bad: […], good: […]}`: kept as written; engine/judge makes files of them.
#include <algorithm>

#include <fmt/format.h>

#include "engine/policy/rules.h"

namespace spiritsafe {
namespace {

// What a file of an example is made of, and what is said about that file.
const std::vector<std::string_view> part_keys = {"upgrade",  "downgrade", "message", "docstring", "head",
                                                 "revision", "migration", "sql",     "path",      "model",
                                                 "line",     "in",        "was"};
const std::vector<std::string_view> fact_keys = {"change", "on_base", "problem", "named_in_request"};
const std::vector<std::string_view> history_keys = {"revision", "parents",   "upgrade", "downgrade", "message",
                                                    "path",     "docstring", "head",    "migration"};

bool is_one_of(const std::vector<std::string_view>& keys, std::string_view key) {
  return std::ranges::find(keys, key) != keys.end();
}

std::vector<ExampleRevision> read_history(Loading& loading, const YamlNode& node, std::string_view key) {
  std::vector<ExampleRevision> history;
  if (!node.is_list()) {
    fail(loading, node, fmt::format("`{}` is a list of revisions", key),
         {fmt::format("e.g. {}: [{{revision: a}}, {{revision: b, parents: [a]}}]", key)});
  }
  for (const YamlNode& item : node.items()) {
    if (!check_keys(loading, item, fmt::format("a revision of `{}`", key), history_keys)) {
      continue;
    }
    ExampleRevision revision;
    for (const YamlEntry& entry : item.entries()) {
      if (entry.key.text == "parents") {
        revision.parents = read_texts(loading, &entry.value, "parents");
        revision.has_parents = true;
      } else if (entry.key.text == "revision") {
        revision.revision = read_text(loading, &entry.value, "revision");
      } else if (is_one_of(history_keys, entry.key.text)) {
        revision.parts.emplace(entry.key.text, read_text(loading, &entry.value, entry.key.text));
      }
    }
    if (revision.revision.empty()) {
      fail(loading, item, fmt::format("a revision of `{}` needs `revision:`", key));
    }
    history.push_back(std::move(revision));
  }
  return history;
}

void read_part(Loading& loading, const YamlEntry& entry, Example& example) {
  const std::string_view key = entry.key.text;
  if (is_one_of(part_keys, key)) {
    example.parts.emplace(key, read_text(loading, &entry.value, key));
    example.has_base = example.has_base || key == "was";
  } else if (is_one_of(fact_keys, key)) {
    example.facts.emplace_back(key, read_text(loading, &entry.value, key));
  } else if (key == "parents") {
    example.parents = read_texts(loading, &entry.value, key);
    example.has_parents = true;
  } else if (key == "history") {
    example.history = read_history(loading, entry.value, key);
  } else if (key == "base" && entry.value.is_list()) {
    example.base_revisions = read_history(loading, entry.value, key);
  } else if (key == "incoming") {
    example.incoming = read_history(loading, entry.value, key);
  } else if (key == "says") {
    example.says = read_text(loading, &entry.value, key);
  } else if (key == "becomes") {
    example.becomes = read_text(loading, &entry.value, key);
  } else if (key == "at") {
    const int64_t line = read_integer(loading, &entry.value, key).value_or(1);
    if (line < 1 || line > 1'000'000) {
      fail(loading, entry.value, "`at` is a line of the example, counted from 1");
    }
    example.at = static_cast<int>(std::clamp<int64_t>(line, 1, 1'000'000));
  } else if (key == "files" || key == "base") {
    if (!entry.value.is_map()) {
      fail(loading, entry.value, fmt::format("`{}` is a map of paths to texts", key));
    }
    example.has_base = example.has_base || key == "base";
    for (const YamlEntry& file : entry.value.entries()) {
      (key == "base" ? example.base : example.files)
          .emplace(file.key.text, read_text(loading, &file.value, file.key.text));
    }
  }
}

Example read_example(Loading& loading, const YamlNode& node, bool bad) {
  Example example;
  example.bad = bad;
  example.place = place_of(node);
  if (node.is_scalar()) {
    example.parts.emplace("upgrade", node.text);
  } else if (node.kind == YamlNode::Kind::empty) {
    fail(loading, node, "an example without anything in it");
  } else if (check_keys(loading, node, "an example", example_keys())) {
    for (const YamlEntry& entry : node.entries()) {
      read_part(loading, entry, example);
    }
    if (!bad && !example.says.empty()) {
      fail(loading, node.find_entry("says")->key, "a good example is not reported, so it says nothing");
    }
  }
  return example;
}

}  // namespace

const std::vector<std::string_view>& example_keys() {
  static const std::vector<std::string_view> keys = [] {
    std::vector<std::string_view> all = part_keys;
    all.insert(all.end(), fact_keys.begin(), fact_keys.end());
    all.insert(all.end(), {"parents", "history", "base", "incoming", "files", "says", "at", "becomes"});
    return all;
  }();
  return keys;
}

std::vector<Example> read_examples(Loading& loading, const YamlNode& node) {
  std::vector<Example> examples;
  if (!check_keys(loading, node, "`examples`", {"bad", "good"})) {
    return examples;
  }
  for (const YamlEntry& side : node.entries()) {
    if (!side.value.is_list() && side.value.kind != YamlNode::Kind::empty) {
      fail(loading, side.value, fmt::format("`{}` is a list of examples", side.key.text));
    }
    for (const YamlNode& each : side.value.items()) {
      examples.push_back(read_example(loading, each, side.key.text == "bad"));
    }
  }
  return examples;
}

}  // namespace spiritsafe
