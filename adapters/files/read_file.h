// SPDX-License-Identifier: Apache-2.0
// The file system, as the engine may see it: regular files inside the tree, bounded, and a folder's contents in order.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/facts/project.h"
#include "engine/text/error.h"

namespace spiritsafe {

// Reads file.source.text from file.source.path and sets file.problem where that cannot be done: a folder, a pipe, a
// link that leads out of `root` (a canonical path) or nowhere, a file larger than largest_file.
void read_into(File& file, const std::string& root);

// The text of a policy or configuration file; an error that says why where it cannot be read.
Result<std::string> read_text(const std::string& path, size_t largest);

struct FolderEntry {
  std::string path = {};  // as found from where the walk began
  std::string name = {};
  bool is_folder = false;
  bool is_link = false;
};

// Every folder from `folder` downwards with its entries by name; hidden folders (but for .github, .gitlab and
// .circleci), version control, virtual environments and caches are left out, and links to folders are not followed.
// `folder` may be "."; its entries then stand under "".
struct Walk {
  std::vector<std::pair<std::string, std::vector<FolderEntry>>> folders = {};
  std::vector<std::string> unreadable = {};  // folders that could not be listed
};
Walk walk(const std::string& folder, unsigned threads = 1);

// The entries of one folder by name; empty where it cannot be listed.
std::vector<FolderEntry> list_folder(const std::string& folder);

bool is_folder(const std::string& path);
bool is_file(const std::string& path);

// `a/b` and `c` → `a/b/c`; "." and "" add nothing.
std::string join_path(std::string_view folder, std::string_view name);
// `a/b/c` → `a/b`; `c` → "", `/` → "".
std::string parent_path(std::string_view path);
std::string_view file_name(std::string_view path);
// `a/./b/../c` → `a/c`, by text alone.
std::string normal_path(std::string_view path);
// With symbolic links resolved; empty where that cannot be done.
std::string canonical_path(const std::string& path);

}  // namespace spiritsafe
