// SPDX-License-Identifier: Apache-2.0
#include "adapters/files/read_file.h"

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
Problem read_regular(const std::string& path, size_t largest, std::string* text) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
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
    if (count == 0) {
      break;
    }
    filled += static_cast<size_t>(count);
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

void walk_into(const std::string& folder, int depth, Walk& walk) {
  constexpr int deepest = 64;  // deeper trees are made, not grown
  std::error_code error;
  if (depth > deepest || (fs::directory_iterator(folder, error), error)) {
    walk.unreadable.push_back(folder);
    return;
  }
  for (FolderEntry& entry : list_folder(folder)) {
    if (depth == 0 && folder == ".") {
      entry.path = entry.name;
    }
    const bool descend = entry.is_folder && !entry.is_link && !is_skipped(entry.name);
    const std::string path = entry.path;
    if (!entry.is_folder || descend) {
      walk.entries.push_back(std::move(entry));
    }
    if (descend) {
      walk_into(path, depth + 1, walk);
    }
  }
}

}  // namespace

void read_into(File& file, const std::string& root) {
  struct stat status {};
  const std::string& path = file.source.path;
  if (::lstat(path.c_str(), &status) == 0 && S_ISLNK(status.st_mode)) {
    const std::string target = canonical_path(path);
    if (!target.empty() && !is_within(target, root)) {
      file.problem = FileProblem::symlink_out_of_tree;
      file.problem_detail = "a symbolic link that leads out of the tree";
      return;
    }
  }
  Problem problem = read_regular(path, largest_file, &file.source.text);
  if (problem.kind != FileProblem::none) {
    file.problem = problem.kind;
    file.problem_detail = std::move(problem.detail);
    file.source.text.clear();
  }
}

Result<std::string> read_text(const std::string& path, size_t largest) {
  std::string text;
  const Problem problem = read_regular(path, largest, &text);
  if (problem.kind != FileProblem::none) {
    Error error;
    error.path = path;
    error.message = "cannot be read: " + problem.detail;
    return tl::unexpected(Errors{std::move(error)});
  }
  return text;
}

std::vector<FolderEntry> list_folder(const std::string& folder) {
  std::vector<FolderEntry> entries;
  std::error_code error;
  fs::directory_iterator iterator(folder, fs::directory_options::skip_permission_denied, error);
  for (; !error && iterator != fs::directory_iterator(); iterator.increment(error)) {
    std::error_code ignored;
    FolderEntry entry;
    entry.name = iterator->path().filename().string();
    entry.path = join_path(folder, entry.name);
    entry.is_link = iterator->is_symlink(ignored);
    entry.is_folder = iterator->is_directory(ignored);
    entries.push_back(std::move(entry));
  }
  std::ranges::sort(entries, {}, &FolderEntry::name);
  return entries;
}

Walk walk(const std::string& folder) {
  Walk result;
  walk_into(folder.empty() ? "." : folder, 0, result);
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
  return fmt::format("{}{}{}", folder, folder.ends_with('/') ? "" : "/", name);
}

std::string parent_path(std::string_view path) {
  const size_t slash = path.find_last_of('/');
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
