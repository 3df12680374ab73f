// SPDX-License-Identifier: Apache-2.0
// The one kind of glob: `*` within a folder, `**` across folders, `?`, `[a-z]`, `{a,b}`; the whole path must match.
// A pattern without a slash matches the last part of the path at any depth.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace re2 {
class RE2;
}

namespace spiritsafe {

// Several patterns as one: a path matches when any of them does. `mistake()` names the first pattern that is malformed.
class Globs {
 public:
  Globs() = default;
  explicit Globs(const std::vector<std::string>& patterns);
  bool matches(std::string_view path) const;
  bool empty() const { return !pattern_; }
  const std::string& mistake() const { return mistake_; }
  // The same patterns give the same text, and others another one; empty where there is none.
  std::string text() const;

 private:
  std::shared_ptr<const re2::RE2> pattern_;
  std::string mistake_;
};

}  // namespace spiritsafe
