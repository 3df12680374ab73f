// SPDX-License-Identifier: Apache-2.0
// Completion scripts, made from the same table of commands and options that parses them.
#pragma once

#include <string>
#include <vector>

namespace spiritsafe {

struct CompletionOption {
  std::string name = {};  // `--format`
  std::string help = {};
  std::vector<std::string> values = {};  // all that may follow it; empty: anything
};

struct CompletionTree {
  std::string name = {};
  std::string help = {};
  std::vector<CompletionOption> options = {};
  std::vector<CompletionTree> commands = {};
};

// `shell` is bash, zsh or fish.
std::string write_completions(const CompletionTree& tree, const std::string& shell);

}  // namespace spiritsafe
