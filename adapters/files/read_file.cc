// SPDX-License-Identifier: Apache-2.0
#include "adapters/files/read_file.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include <fmt/format.h>

#include "engine/read/read.h"
#include "engine/text/parallel.h"

namespace spiritsafe {
namespace {

namespace fs = std::filesystem;

// An open file, closed at the end of the scope.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) {
      ::close(number_);
    }
  }
  int number() const { return number_; }
  bool is_open() const { return number_ >= 0; }

 private:
  int number_;
};

struct Problem {
  FileProblem kind = FileProblem::none;
  std::string detail = {};
};

// O_NONBLOCK: opening a pipe that nobody writes to would wait for ever.
Problem read_regular(const std::string& path, size_t largest, bool follow_link, std::string* text) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | (follow_link ? 0 : O_NOFOLLOW)));
  if (!file.is_open()) {
    const bool loop = errno == ELOOP;
    return {FileProblem::unreadable, loop ? "a symbolic link that leads back to itself" : std::strerror(errno)};
  }
  struct stat status {};
  if (::fstat(file.number(), &status) != 0 || !S_ISREG(status.st_mode)) {
    return {FileProblem::not_a_file, S_ISDIR(status.st_mode) ? "it is a folder" : "it is not a regular file"};
  }
  if (static_cast<size_t>(status.st_size) > largest) {
    return {FileProblem::too_large, fmt::format("it has {} bytes, and at most {} are read", status.st_size, largest)};
  }
  text->resize(static_cast<size_t>(status.st_size) + 1);  // one more, to see the end in the same call
  size_t filled = 0;
  while (true) {
    if (filled == text->size()) {
      if (filled > largest) {
        return {FileProblem::too_large, fmt::format("it grew beyond {} bytes while it was read", largest)};
      }
      text->resize(text->size() * 2);
    }
    const ssize_t count = ::read(file.number(), text->data() + filled, text->size() - filled);
    if (count < 0) {
      return {FileProblem::unreadable, std::strerror(errno)};
    }
    const size_t asked = text->size() - filled;
    filled += static_cast<size_t>(count);
    if (static_cast<size_t>(count) < asked) {
      break;  // of a regular file that is the end
    }
  }
  text->resize(filled);
  return {};
}

bool is_within(std::string_view path, std::string_view root) {
  return path == root || (path.starts_with(root) && (root == "/" || path[root.size()] == '/'));
}

// Folders that hold no code of the project.
bool is_skipped(std::string_view name) {
  static constexpr std::array skipped = {"node_modules", "__pycache__", "venv", "env.bak", "site-packages"};
  static constexpr std::array hidden_but_read = {".github", ".gitlab", ".circleci"};
  return std::ranges::find(skipped, name) != skipped.end() ||
         (name.starts_with('.') && std::ranges::find(hidden_but_read, name) == hidden_but_read.end());
}

bool links_to_folder(int folder, const char* name) {
  struct stat status {};
  return ::fstatat(folder, name, &status, 0) == 0 && S_ISDIR(status.st_mode);
}

bool is_link(int folder, const char* name) {
  struct stat status {};
  return ::fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(status.st_mode);
}

// The entries by name; `listed` becomes false where the folder cannot be read.
std::vector<FolderEntry> read_folder(const std::string& folder, bool& listed) {
  std::vector<FolderEntry> entries;
  const std::unique_ptr<DIR, int (*)(DIR*)> open(::opendir(folder.c_str()), ::closedir);
  listed = open != nullptr;
  errno = 0;
  while (const dirent* found = open ? ::readdir(open.get()) : nullptr) {
    const std::string_view name = found->d_name;
    if (name == "." || name == "..") {
      continue;
    }
    FolderEntry entry;
    entry.name = name;
    entry.path = join_path(folder, name);
    // Nearly every file system says what an entry is; the others are asked.
    const bool unsaid = found->d_type == DT_UNKNOWN;
    entry.is_link = found->d_type == DT_LNK || (unsaid && is_link(::dirfd(open.get()), found->d_name));
    entry.is_folder =
        found->d_type == DT_DIR || ((unsaid || entry.is_link) && links_to_folder(::dirfd(open.get()), found->d_name));
    entries.push_back(std::move(entry));
    errno = 0;
  }
  listed = listed && errno == 0;
  std::ranges::sort(entries, {}, &FolderEntry::name);
  return entries;
}

void walk_into(const std::string& folder, int depth, unsigned threads, Walk& walk) {
  constexpr int deepest = 64;  // deeper trees are made, not grown
  bool listed = depth <= deepest;
  std::vector<FolderEntry> entries = listed ? read_folder(folder, listed) : std::vector<FolderEntry>();
  if (!listed) {
    walk.unreadable.push_back(folder);
  }
  std::erase_if(entries,
                [](const FolderEntry& entry) { return entry.is_folder && (entry.is_link || is_skipped(entry.name)); });
  std::vector<std::string> inner;
  for (const FolderEntry& entry : entries) {
    if (entry.is_folder) {
      inner.push_back(entry.path);
    }
  }
  walk.folders.emplace_back(folder == "." ? std::string() : folder, std::move(entries));
  if (depth >= 2 || threads < 2 || inner.size() < 2) {
    for (const std::string& each : inner) {
      walk_into(each, depth + 1, threads, walk);
    }
    return;
  }
  // The folders beside each other are walked side by side, near the top, where that is worth a thread.
  std::vector<Walk> below(inner.size());
  parallel_for(inner.size(), threads, [&](size_t i) { walk_into(inner[i], depth + 1, 1, below[i]); });
  for (Walk& each : below) {
    std::ranges::move(each.folders, std::back_inserter(walk.folders));
    std::ranges::move(each.unreadable, std::back_inserter(walk.unreadable));
  }
}

}  // namespace

void read_into(File& file, const std::string& root) {
  const std::string& path = file.source.path;
  Problem problem = read_regular(path, largest_file, false, &file.source.text);
  struct stat status {};
  if (problem.kind == FileProblem::unreadable && ::lstat(path.c_str(), &status) == 0 && S_ISLNK(status.st_mode)) {
    const std::string target = canonical_path(path);
    if (!target.empty() && !is_within(target, root)) {
      file.problem = FileProblem::symlink_out_of_tree;
      file.problem_detail = "a symbolic link that leads out of the tree";
      return;
    }
    problem = read_regular(path, largest_file, true, &file.source.text);
  }
  if (problem.kind != FileProblem::none) {
    file.problem = problem.kind;
    file.problem_detail = std::move(problem.detail);
    file.source.text.clear();
  }
}

Result<std::string> read_text(const std::string& path, size_t largest) {
  std::string text;
  const Problem problem = read_regular(path, largest, true, &text);
  if (problem.kind != FileProblem::none) {
    Error error;
    error.path = path;
    error.message = "cannot be read: " + problem.detail;
    return tl::unexpected(Errors{std::move(error)});
  }
  return text;
}

std::vector<FolderEntry> list_folder(const std::string& folder) {
  bool listed = true;
  return read_folder(folder, listed);
}

Walk walk(const std::string& folder, unsigned threads) {
  Walk result;
  walk_into(folder.empty() ? "." : folder, 0, threads, result);
  return result;
}

bool is_folder(const std::string& path) {
  std::error_code ignored;
  return fs::is_directory(path.empty() ? "." : path, ignored);
}

bool is_file(const std::string& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored);
}

std::string join_path(std::string_view folder, std::string_view name) {
  if (folder.empty() || folder == "." || name.starts_with('/')) {
    return std::string(name);
  }
  if (name.empty() || name == ".") {
    return std::string(folder);
  }
  std::string path;
  path.reserve(folder.size() + 1 + name.size());
  path += folder;
  path += folder.ends_with('/') ? "" : "/";
  path += name;
  return path;
}

std::string parent_path(std::string_view path) {
  const size_t slash = path.find_last_of('/');
  if (path == "/") {
    return {};  // so that a walk upwards ends
  }
  return slash == std::string_view::npos ? std::string() : slash == 0 ? "/" : std::string(path.substr(0, slash));
}

std::string_view file_name(std::string_view path) { return path.substr(path.find_last_of('/') + 1); }

std::string normal_path(std::string_view path) {
  std::string normal = fs::path(path).lexically_normal().string();
  while (normal.size() > 1 && normal.ends_with('/')) {
    normal.pop_back();
  }
  return normal == "." ? std::string() : normal;
}

std::string canonical_path(const std::string& path) {
  std::error_code error;
  const fs::path canonical = fs::canonical(path.empty() ? "." : path, error);
  return error ? std::string() : canonical.string();
}

}  // namespace spiritsafe
