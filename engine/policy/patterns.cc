// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <mutex>

#include <fmt/format.h>
#include <re2/re2.h>

#include "engine/policy/compiler.h"

namespace spiritsafe {
namespace {

RE2::Options pattern_options() {
  RE2::Options options(RE2::Quiet);
  options.set_max_mem(1 << 20);  // a pattern of a policy; `a{1000}{1000}` is refused
  return options;
}

std::vector<std::string> hints_for(std::string_view problem, std::string_view piece) {
  if (piece.starts_with("(?=") || piece.starts_with("(?!") || piece.starts_with("(?<") ||
      problem.find("(?!") != std::string_view::npos) {
    return {"look-ahead is not supported; write the positive pattern under `not:`"};
  }
  if (piece.size() == 2 && piece[0] == '\\' && piece[1] >= '1' && piece[1] <= '9') {
    return {"back-references are not supported"};
  }
  return {};
}

// What stands between double quotes, as it has to be written between single ones.
std::string single_quoted(std::string_view source) {
  std::string out = "'";
  for (size_t i = 0; i < source.size(); ++i) {
    if (source[i] == '\\' && i + 1 < source.size() && (source[i + 1] == '\\' || source[i + 1] == '"')) {
      ++i;
    }
    out += source[i] == '\'' ? "''" : std::string(1, source[i]);
  }
  return out + "'";
}

}  // namespace

struct Pattern::Lazy {
  std::once_flag once = {};
  std::unique_ptr<const re2::RE2> compiled = {};
};

Pattern::Pattern(std::string text) : text_(std::move(text)), lazy_(std::make_shared<Lazy>()) {}

const re2::RE2& Pattern::compiled() const {
  std::call_once(lazy_->once, [&] { lazy_->compiled = std::make_unique<const re2::RE2>(text_, pattern_options()); });
  return *lazy_->compiled;
}

std::optional<Pattern> compile_pattern(Loading& loading, const YamlNode& node) {
  const LoadedFile& file = loading.files[node.file];
  Pattern pattern{std::string(literal(node))};
  if (file.checked) {
    return pattern;
  }
  if (node.style == YamlNode::Style::double_quoted) {
    const std::string_view source = slice(file.text, {node.span.begin + 1, node.span.end - 1});
    if (source.find('\\') != std::string_view::npos) {
      fail(loading, node, "a pattern in double quotes loses its backslashes",
           {fmt::format("use single quotes: {}", single_quoted(source))});
      return {};
    }
  }
  if (!pattern.compiled().ok()) {
    const std::string& problem = pattern.compiled().error();
    fail(loading, node, fmt::format("bad pattern: {}", problem), hints_for(problem, pattern.compiled().error_arg()));
    return {};
  }
  return pattern;
}

}  // namespace spiritsafe
