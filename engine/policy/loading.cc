// SPDX-License-Identifier: Apache-2.0
#include "engine/policy/loading.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "engine/text/printable.h"
#include "engine/text/suggest.h"

namespace spiritsafe {
namespace {

// A hostile file of 1 MiB could make as many mistakes as it has lines.
constexpr size_t most_errors = 200;
constexpr std::array<std::string_view, 5> level_names = {"off", "advice", "warn", "approval", "error"};

void note(Loading& loading, Error error) {
  if (loading.muted > 0) {
    return;
  }
  const auto same = [&](const Error& other) {
    return other.at == error.at && other.path == error.path && other.message == error.message;
  };
  if (std::ranges::any_of(loading.errors, same)) {
    return;
  }
  if (loading.errors.size() >= most_errors) {
    ++loading.untold;
    return;
  }
  loading.errors.push_back(std::move(error));
}

Error error_in(const Loading& loading, const YamlNode& at, Span span, std::string message,
               std::vector<std::string> hints) {
  const LoadedFile& file = loading.files[at.file];
  if (at.line == 0) {
    return {file.path, {0, 0}, std::move(message), std::move(hints), {}, 1};
  }
  if (file.text.empty()) {
    return {file.path, {at.line, at.column}, std::move(message), std::move(hints), {}, 1};
  }
  return error_at(file.path, file.text, span, std::move(message), std::move(hints));
}

}  // namespace

std::string_view name_of(Level level) { return level_names[static_cast<size_t>(level)]; }

void fail(Loading& loading, const YamlNode& at, std::string message, std::vector<std::string> hints) {
  note(loading, error_in(loading, at, at.span, std::move(message), std::move(hints)));
}

void fail_inside(Loading& loading, const YamlNode& at, size_t offset, size_t length, std::string message,
                 std::vector<std::string> hints) {
  const uint32_t quote = at.style == YamlNode::Style::plain ? 0 : 1;
  const std::string_view source = slice(loading.files[at.file].text, {at.span.begin + quote, at.span.end - quote});
  Span span = at.span;
  // Escapes and folded lines move things: then the whole scalar is pointed at.
  if (at.style != YamlNode::Style::block && source == at.text) {
    span.begin = at.span.begin + quote + static_cast<uint32_t>(offset);
    span.end = span.begin + static_cast<uint32_t>(length);
  }
  note(loading, error_in(loading, at, span, std::move(message), std::move(hints)));
}

void fail_name(Loading& loading, const YamlNode& at, std::string message, std::vector<std::string> hints) {
  if (!loading.incomplete) {
    fail(loading, at, std::move(message), std::move(hints));
  }
}

std::vector<std::string> did_you_mean(std::string_view word, const std::vector<std::string_view>& candidates) {
  const std::string_view near = nearest(word, candidates);
  return near.empty() ? std::vector<std::string>() : std::vector<std::string>{fmt::format("did you mean `{}`?", near)};
}

bool is_extension(std::string_view key) { return key.starts_with("x-"); }

PolicyPlace place_of(const YamlNode& node) { return {node.file, node.line, node.column}; }

bool check_keys(Loading& loading, const YamlNode& node, std::string_view what,
                const std::vector<std::string_view>& keys) {
  if (!node.is_map()) {
    fail(loading, node, fmt::format("{} is a map of keys and values", what),
         {fmt::format("its keys are {}", joined(keys))});
    return false;
  }
  if (loading.files[node.file].checked) {
    return true;
  }
  for (const YamlEntry& entry : node.entries()) {
    if (is_extension(entry.key.text)) {
      continue;
    }
    if (std::ranges::find(keys, entry.key.text) == keys.end()) {
      std::vector<std::string> hints = did_you_mean(entry.key.text, keys);
      if (hints.empty()) {
        hints = {fmt::format("its keys are {}; a key that begins with `x-` is ignored", joined(keys))};
      }
      fail(loading, entry.key, fmt::format("{} has no `{}`", what, shown(entry.key.text)), std::move(hints));
    } else if (entry.value.kind == YamlNode::Kind::empty) {
      fail(loading, entry.key, fmt::format("`{}` has no value", entry.key.text));
    }
  }
  return true;
}

std::string read_text(Loading& loading, const YamlNode* node, std::string_view name) {
  if (!node || node->kind == YamlNode::Kind::empty) {
    return {};
  }
  if (!node->is_scalar()) {
    fail(loading, *node, fmt::format("`{}` is a text", name));
    return {};
  }
  return std::string(node->text);
}

std::vector<std::string> read_texts(Loading& loading, const YamlNode* node, std::string_view name) {
  std::vector<std::string> texts;
  if (!node || node->kind == YamlNode::Kind::empty) {
    return texts;
  }
  if (!node->is_list()) {
    fail(loading, *node, fmt::format("`{}` is a list of texts", name), {fmt::format("write {}: [a, b]", name)});
    return texts;
  }
  texts.reserve(node->count);
  for (const YamlNode& item : node->items()) {
    if (item.is_scalar()) {
      texts.emplace_back(item.text);
    } else {
      fail(loading, item, fmt::format("`{}` is a list of texts", name));
    }
  }
  return texts;
}

std::optional<int64_t> read_integer(Loading& loading, const YamlNode* node, std::string_view name) {
  if (!node || node->kind == YamlNode::Kind::empty) {
    return {};
  }
  const std::optional<int64_t> number = node->is_scalar() ? parse_integer(node->text) : std::nullopt;
  if (!number) {
    fail(loading, *node,
         node->is_scalar() ? fmt::format("`{}` is a number, not `{}`", name, shown(node->text))
                           : fmt::format("`{}` is a number", name));
  }
  return number;
}

std::optional<size_t> read_word(Loading& loading, const YamlNode* node, std::string_view name,
                                const std::vector<std::string_view>& words) {
  if (!node || node->kind == YamlNode::Kind::empty) {
    return {};
  }
  if (node->is_scalar()) {
    const auto found = std::ranges::find(words, node->text);
    if (found != words.end()) {
      return static_cast<size_t>(found - words.begin());
    }
  }
  std::vector<std::string> hints = node->is_scalar() ? did_you_mean(node->text, words) : std::vector<std::string>();
  fail(loading, *node,
       fmt::format("`{}` is one of {}{}", name, joined(words),
                   node->is_scalar() ? fmt::format(", not `{}`", shown(node->text)) : ""),
       std::move(hints));
  return {};
}

std::optional<std::string> read_dialect(Loading& loading, const YamlNode& node, std::string_view name) {
  const std::vector<std::string_view> words(std::begin(dialect_names), std::end(dialect_names));
  const std::optional<size_t> index = read_word(loading, &node, name, words);
  return index ? std::optional(std::string(words[*index])) : std::nullopt;
}

std::optional<Level> read_level(Loading& loading, const YamlNode* node) {
  static const std::vector<std::string_view> words(level_names.begin(), level_names.end());
  const std::optional<size_t> index = read_word(loading, node, "level", words);
  return index ? std::optional(static_cast<Level>(*index)) : std::nullopt;
}

Globs read_globs(Loading& loading, const std::vector<const YamlNode*>& patterns) {
  std::vector<std::string> texts;
  for (const YamlNode* pattern : patterns) {
    texts.emplace_back(pattern->text);
  }
  if (const auto known = loading.globs.find(texts); known != loading.globs.end()) {
    return known->second;
  }
  Globs globs(texts);
  if (!globs.mistake().empty()) {
    const auto at = std::ranges::find(texts, globs.mistake()) - texts.begin();
    fail(loading, *patterns[static_cast<size_t>(at)], fmt::format("`{}` is no glob", shown(globs.mistake())),
         {"`*` within a folder, `**` across folders, `?`, `[a-z]`, `{a,b}`"});
    return globs;
  }
  loading.globs.emplace(std::move(texts), globs);
  return globs;
}

std::optional<int64_t> parse_integer(std::string_view text) {
  int64_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  return problem == std::errc() && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

bool is_name(std::string_view text) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  const auto inner = [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '-'; };
  return !text.empty() && letter(text[0]) && std::ranges::all_of(text, inner);
}

std::string shown(std::string_view text) { return shortened(text, 60); }

std::string in_one_line(const YamlNode& node) {
  std::string out;
  for (const YamlNode& item : node.items()) {
    out += (out.empty() ? "" : ", ") + in_one_line(item);
  }
  if (node.is_list()) {
    return "[" + out + "]";
  }
  for (const YamlEntry& entry : node.entries()) {
    out += (out.empty() ? "" : ", ") + std::string(entry.key.text) + ": " + in_one_line(entry.value);
  }
  return node.is_map() ? "{" + out + "}" : std::string(node.text);
}

std::string joined(const std::vector<std::string_view>& words, std::string_view separator) {
  return fmt::format("{}", fmt::join(words, separator));
}

}  // namespace spiritsafe
