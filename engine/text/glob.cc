// SPDX-License-Identifier: Apache-2.0
#include "engine/text/glob.h"

#include <re2/re2.h>

namespace spiritsafe {
namespace {

// One glob as a regular expression, or empty where a bracket or brace is not closed.
std::string to_regex(std::string_view glob) {
  std::string out;
  int braces = 0;
  if (glob.find('/') == std::string_view::npos) {
    out = "(?:.*/)?";
  }
  for (size_t i = 0; i < glob.size(); ++i) {
    const char c = glob[i];
    if (glob.substr(i).starts_with("**/")) {
      out += "(?:.*/)?";
      i += 2;
    } else if (glob.substr(i).starts_with("**")) {
      out += ".*";
      ++i;
    } else if (c == '*') {
      out += "[^/]*";
    } else if (c == '?') {
      out += "[^/]";
    } else if (c == '[') {
      const size_t end = glob.find(']', i + 2);
      if (end == std::string_view::npos) {
        return {};
      }
      std::string set(glob.substr(i + 1, end - i - 1));
      const bool negated = set[0] == '!' || set[0] == '^';
      out += negated ? "[^/" : "[";
      for (const char member : std::string_view(set).substr(negated ? 1 : 0)) {
        out += member == '\\' || member == '[' || member == '^' ? std::string("\\") + member : std::string(1, member);
      }
      out += "]";
      i = end;
    } else if (c == '{') {
      out += "(?:";
      ++braces;
    } else if (c == '}' && braces > 0) {
      out += ")";
      --braces;
    } else if (c == ',' && braces > 0) {
      out += "|";
    } else {
      out += RE2::QuoteMeta(std::string(1, c));
    }
  }
  return braces == 0 ? out : std::string();
}

}  // namespace

Globs::Globs(const std::vector<std::string>& patterns) {
  std::string any;
  for (const std::string& pattern : patterns) {
    const std::string one = to_regex(pattern);
    if (one.empty() && mistake_.empty()) {
      mistake_ = pattern;
    }
    any += (any.empty() ? "" : "|") + one;
  }
  if (patterns.empty() || !mistake_.empty()) {
    return;
  }
  RE2::Options options(RE2::Quiet);
  options.set_dot_nl(true);
  options.set_encoding(RE2::Options::EncodingLatin1);  // paths are bytes
  auto compiled = std::make_shared<const RE2>(any, options);
  if (compiled->ok()) {
    pattern_ = std::move(compiled);
  } else {
    mistake_ = patterns.front();
  }
}

std::string Globs::text() const { return pattern_ ? pattern_->pattern() : std::string(); }

bool Globs::matches(std::string_view path) const { return pattern_ && RE2::FullMatch(path, *pattern_); }

}  // namespace spiritsafe
