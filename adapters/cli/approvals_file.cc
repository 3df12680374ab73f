// SPDX-License-Identifier: Apache-2.0
#include "adapters/cli/approvals_file.h"

#include <algorithm>
#include <optional>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "adapters/files/read_file.h"
#include "engine/text/printable.h"
#include "engine/text/suggest.h"

namespace spiritsafe {
namespace {

using nlohmann::json;

constexpr size_t largest_file = 8u << 20;
constexpr int deepest = 8;
constexpr size_t most_errors = 50;
constexpr size_t longest_word = 60;

const std::vector<std::string_view> file_keys = {"version", "platform", "authors", "head", "approvals"};
const std::vector<std::string_view> review_keys = {"kind",  "user",   "teams",   "bot",     "can_write",
                                                   "state", "commit", "digests", "findings"};
const std::vector<std::string_view> label_keys = {"kind",      "label",  "user",    "teams",   "bot",
                                                  "can_write", "commit", "digests", "findings"};

struct Reading {
  std::string_view path = {};
  Errors errors = {};
};

std::string shown_word(std::string_view word) { return printable(shortened(word, longest_word)); }

// `where` is the place in the document: `approvals[2].bot`.
void fail(Reading& reading, std::string_view where, std::string_view message, std::vector<std::string> hints = {}) {
  if (reading.errors.size() < most_errors) {
    Error error;
    error.path = std::string(reading.path);
    error.message = where.empty() ? std::string(message) : fmt::format("`{}` {}", where, message);
    error.hints = std::move(hints);
    reading.errors.push_back(std::move(error));
  }
}

std::string inside(std::string_view where, std::string_view key) {
  return where.empty() ? std::string(key) : fmt::format("{}.{}", where, key);
}

bool check_keys(Reading& reading, const json& node, std::string_view where, const std::vector<std::string_view>& known,
                const std::vector<std::string_view>& optional) {
  if (!node.is_object()) {
    fail(reading, where.empty() ? "the document" : where, "is an object");
    return false;
  }
  for (const auto& [key, value] : node.items()) {
    if (std::ranges::find(known, key) == known.end()) {
      const std::string_view near = nearest(key, known);
      fail(reading, inside(where, shown_word(key)), "is no key that is known here",
           {near.empty() ? fmt::format("there are {}", fmt::join(known, ", "))
                         : fmt::format("did you mean `{}`?", near)});
    }
  }
  for (const std::string_view key : known) {
    if (!node.contains(key) && std::ranges::find(optional, key) == optional.end()) {
      fail(reading, inside(where, key), "is missing");
    }
  }
  return true;
}

// Values of keys that are there; what is missing was reported.
std::string text_of(Reading& reading, const json& node, std::string_view where, std::string_view key) {
  const auto found = node.find(key);
  if (found == node.end()) {
    return {};
  }
  if (!found->is_string() || found->get_ref<const std::string&>().empty()) {
    fail(reading, inside(where, key), "is a text, and not an empty one");
    return {};
  }
  return found->get<std::string>();
}

bool read_flag(Reading& reading, const json& node, std::string_view where, std::string_view key) {
  const auto found = node.find(key);
  if (found != node.end() && !found->is_boolean()) {
    fail(reading, inside(where, key), "is true or false");
  }
  return found != node.end() && found->is_boolean() && found->get<bool>();
}

std::vector<std::string> read_texts(Reading& reading, const json& node, std::string_view where, std::string_view key) {
  std::vector<std::string> texts;
  const auto found = node.find(key);
  if (found == node.end()) {
    return texts;
  }
  if (!found->is_array()) {
    fail(reading, inside(where, key), "is a list of texts");
    return texts;
  }
  for (const json& each : *found) {
    if (!each.is_string() || each.get_ref<const std::string&>().empty()) {
      fail(reading, inside(where, key), "is a list of texts, none of them empty");
      return {};
    }
    texts.push_back(each.get<std::string>());
  }
  return texts;
}

size_t read_word(Reading& reading, const json& node, std::string_view where, std::string_view key,
                 const std::vector<std::string_view>& words) {
  const std::string text = text_of(reading, node, where, key);
  const auto found = std::ranges::find(words, text);
  if (found == words.end() && !text.empty()) {
    fail(reading, inside(where, key), fmt::format("is {}, not `{}`", fmt::join(words, ", "), shown_word(text)));
  }
  return found == words.end() ? 0 : static_cast<size_t>(found - words.begin());
}

std::map<std::string, std::string> read_digests(Reading& reading, const json& node, std::string_view where) {
  std::map<std::string, std::string> digests;
  const auto found = node.find("digests");
  if (found == node.end()) {
    return digests;
  }
  if (!found->is_object()) {
    fail(reading, inside(where, "digests"), "is an object of paths and the digests of their code");
    return digests;
  }
  for (const auto& [path, digest] : found->items()) {
    const std::string* text = digest.get_ptr<const std::string*>();
    if (!text || text->empty() || text->find_first_not_of("0123456789abcdef") != std::string::npos) {
      fail(reading, inside(where, "digests"), fmt::format("has no hexadecimal digest for `{}`", shown_word(path)));
      continue;
    }
    digests.emplace(path, *text);
  }
  return digests;
}

Approval read_approval(Reading& reading, const json& node, const std::string& where) {
  Approval approval;
  const auto kind = node.is_object() ? node.find("kind") : node.end();
  const bool is_label = node.is_object() && kind != node.end() && *kind == "label";
  if (!check_keys(reading, node, where, is_label ? label_keys : review_keys, {"teams", "digests", "findings"})) {
    return approval;
  }
  read_word(reading, node, where, "kind", {"review", "label"});
  approval.kind = is_label ? Approval::Kind::label : Approval::Kind::review;
  approval.user = text_of(reading, node, where, "user");
  approval.teams = read_texts(reading, node, where, "teams");
  approval.bot = read_flag(reading, node, where, "bot");
  approval.can_write = read_flag(reading, node, where, "can_write");
  approval.commit = text_of(reading, node, where, "commit");
  approval.digests = read_digests(reading, node, where);
  approval.findings = read_texts(reading, node, where, "findings");
  if (is_label) {
    approval.label = text_of(reading, node, where, "label");
  } else {
    approval.answer = static_cast<Approval::Answer>(
        read_word(reading, node, where, "state", {"approved", "changes_requested", "dismissed"}));
  }
  if (node.contains("findings") && approval.findings.empty()) {
    fail(reading, inside(where, "findings"), "is empty: leave it out where the approval speaks of all findings");
  }
  return approval;
}

// The document as a tree; a key that is written twice would otherwise hide what stands behind the first.
std::optional<json> parse(Reading& reading, std::string_view text) {
  std::vector<std::set<std::string>> open;
  std::string repeated;
  bool too_deep = false;
  const json::parser_callback_t watch = [&](int depth, json::parse_event_t event, json& parsed) {
    too_deep = too_deep || depth > deepest;
    if (event == json::parse_event_t::object_start) {
      open.emplace_back();
    } else if (event == json::parse_event_t::object_end && !open.empty()) {
      open.pop_back();
    } else if (event == json::parse_event_t::key && !open.empty() &&
               !open.back().insert(parsed.get<std::string>()).second) {
      repeated = parsed.get<std::string>();
    }
    return !too_deep;
  };
  json tree;
  try {
    tree = json::parse(text, watch);
  } catch (const json::parse_error& error) {
    const size_t at = std::min(error.byte > 0 ? error.byte - 1 : 0, text.size());
    const auto place = static_cast<uint32_t>(at);
    reading.errors.push_back(error_at(reading.path, text, {place, place}, "this is no JSON from here on"));
    return std::nullopt;
  }
  if (too_deep) {
    fail(reading, "", fmt::format("the document is nested deeper than {}", deepest));
    return std::nullopt;
  }
  if (!repeated.empty()) {
    fail(reading, shown_word(repeated), "is written twice in one object");
    return std::nullopt;
  }
  return tree;
}

}  // namespace

Result<Approvals> parse_approvals(std::string_view path, std::string_view text) {
  Reading reading{path};
  Approvals approvals;
  const std::optional<json> tree = parse(reading, text);
  if (!tree || !check_keys(reading, *tree, "", file_keys, {})) {
    return tl::unexpected(std::move(reading.errors));
  }
  if (const auto version = tree->find("version"); version != tree->end() && *version != 1) {
    fail(reading, "version", "is 1", {"a newer program may know another one"});
  }
  const std::vector<std::string_view> platforms = {"github", "gitlab"};
  approvals.platform = platforms[read_word(reading, *tree, "", "platform", platforms)];
  approvals.authors = read_texts(reading, *tree, "", "authors");
  approvals.head = text_of(reading, *tree, "", "head");
  if (tree->contains("authors") && approvals.authors.empty() && reading.errors.empty()) {
    fail(reading, "authors", "names nobody: who opened the change and who has commits in it may not approve it");
  }
  if (const auto list = tree->find("approvals"); list != tree->end()) {
    if (!list->is_array()) {
      fail(reading, "approvals", "is a list");
    } else {
      for (size_t i = 0; i < list->size(); ++i) {
        approvals.given.push_back(read_approval(reading, (*list)[i], fmt::format("approvals[{}]", i)));
      }
    }
  }
  return reading.errors.empty() ? Result<Approvals>(std::move(approvals)) : tl::unexpected(std::move(reading.errors));
}

Result<Approvals> read_approvals(const std::string& path) {
  const Result<std::string> text = read_text(path, largest_file);
  return text ? parse_approvals(path, *text) : tl::unexpected(text.error());
}

}  // namespace spiritsafe
