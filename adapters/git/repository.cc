// SPDX-License-Identifier: Apache-2.0
#include "adapters/git/repository.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "adapters/git/process.h"

namespace spiritsafe {
namespace {

Error git_error(std::string message, std::vector<std::string> hints) {
  Error error;
  error.message = std::move(message);
  error.hints = std::move(hints);
  return error;
}

template <class T>
Result<T> failed(std::string message, std::vector<std::string> hints) {
  return tl::unexpected(Errors{git_error(std::move(message), std::move(hints))});
}

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

// `-c` settings come before anything the repository says; no pager, no optional locks, messages in English.
ProcessResult git(const std::string& folder, const std::vector<std::string>& arguments, std::string_view input = {}) {
  std::vector<std::string> words = {"git",
                                    "-C",
                                    folder.empty() ? "." : folder,
                                    "-c",
                                    "core.quotepath=off",
                                    "-c",
                                    "core.fsmonitor=false",
                                    "-c",
                                    "diff.external=",
                                    "--no-pager"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  return run_process(words, input, {"LC_ALL=C", "GIT_OPTIONAL_LOCKS=0", "GIT_TERMINAL_PROMPT=0"});
}

std::vector<std::string> split_at(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const size_t end = std::min(text.find(separator), text.size());
    parts.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

// The commit that a name stands for; empty where there is none. `--end-of-options` keeps a name like `--x` a name.
std::string commit_of(const Repository& repository, const std::string& name) {
  const ProcessResult result =
      git(repository.top, {"rev-parse", "--verify", "--quiet", "--end-of-options", name + "^{commit}"});
  return result.exit == 0 ? first_line(result.out) : std::string();
}

// `origin/main`: what the remote says is its default branch, else the usual names.
std::string default_base(const Repository& repository) {
  const ProcessResult head = git(repository.top, {"symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD"});
  if (head.exit == 0) {
    return first_line(head.out);
  }
  for (const char* name : {"origin/main", "origin/master"}) {
    if (!commit_of(repository, name).empty()) {
      return name;
    }
  }
  return {};
}

Result<ChangeSet> missing_base(const Repository& repository, const std::string& base) {
  if (repository.shallow) {
    return failed<ChangeSet>(fmt::format("this checkout is shallow, so it does not reach the base `{}`", base),
                             {"GitHub: give actions/checkout `fetch-depth: 0`; GitLab: set `GIT_DEPTH: 0`",
                              "elsewhere: git fetch --unshallow"});
  }
  return failed<ChangeSet>(fmt::format("the base `{}` is not in this repository", base),
                           {fmt::format("git fetch origin {}", base.starts_with("origin/") ? base.substr(7) : base)});
}

Change change_of(char letter) {
  switch (letter) {
    case 'A':
    case 'C':
      return Change::added;
    case 'D':
      return Change::deleted;
    case 'R':
      return Change::renamed;
    default:
      return Change::modified;  // M, T (type change), U (unmerged)
  }
}

// `M\0path\0R095\0old\0new\0…`, as --name-status -z writes it.
std::vector<ChangedFile> parse_name_status(const std::string& text) {
  std::vector<ChangedFile> files;
  const std::vector<std::string> words = split_at(text, '\0');
  for (size_t i = 0; i + 1 < words.size();) {
    const char letter = words[i].empty() ? 'M' : words[i][0];
    const bool two_paths = (letter == 'R' || letter == 'C') && i + 2 < words.size();
    ChangedFile file;
    file.change = change_of(letter);
    file.path = words[i + (two_paths ? 2 : 1)];
    file.base_path = file.change == Change::added ? std::string() : words[i + 1];
    files.push_back(std::move(file));
    i += two_paths ? 3 : 2;
  }
  return files;
}

// The new side of `@@ -1,2 +3,4 @@`; nothing where lines are only removed.
std::optional<std::pair<uint32_t, uint32_t>> parse_hunk(std::string_view line) {
  const size_t plus = line.find(" +");
  if (!line.starts_with("@@ ") || plus == std::string_view::npos) {
    return {};
  }
  uint32_t first = 0, count = 1;
  const char* end = line.data() + line.size();
  const auto [next, error] = std::from_chars(line.data() + plus + 2, end, first);
  if (error != std::errc()) {
    return {};
  }
  if (next != end && *next == ',') {
    std::from_chars(next + 1, end, count);
  }
  if (count == 0) {
    return {};
  }
  return std::pair{first, first + count - 1};
}

// One diff for all files: its parts come in the order of --name-status, which is asked with the same options.
void add_lines(const std::string& patch, std::vector<ChangedFile>& files) {
  size_t next = 0;
  ChangedFile* file = nullptr;
  std::string_view rest = patch;
  while (!rest.empty()) {
    const size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.starts_with("diff --git ")) {
      file = next < files.size() ? &files[next++] : nullptr;
    } else if (const auto lines = parse_hunk(line); lines && file) {
      file->added_lines.push_back(*lines);
    }
  }
}

// Files that git does not track yet and does not ignore count as added.
void add_untracked(const Repository& repository, std::vector<ChangedFile>& files) {
  const ProcessResult result = git(repository.top, {"ls-files", "--others", "--exclude-standard", "-z"});
  for (std::string& path : split_at(result.out, '\0')) {
    ChangedFile file;
    file.path = std::move(path);
    file.change = Change::added;
    file.added_lines = {{1, UINT32_MAX}};
    files.push_back(std::move(file));
  }
}

Result<std::vector<ChangedFile>> changed_files(const Repository& repository, const std::string& base, bool staged) {
  const auto diff = [&](const std::vector<std::string>& form) {
    std::vector<std::string> arguments = {"diff",       "--no-ext-diff",  "--no-textconv",
                                          "--no-color", "--find-renames", "--diff-algorithm=myers"};
    arguments.insert(arguments.end(), form.begin(), form.end());
    if (staged) {
      arguments.push_back("--cached");
    }
    arguments.insert(arguments.end(), {"--end-of-options", base, "--"});
    return git(repository.top, arguments);
  };
  const ProcessResult status = diff({"--name-status", "-z"});
  const ProcessResult patch = diff({"--unified=0", "--no-prefix"});
  if (status.exit != 0 || patch.exit != 0 || status.truncated || patch.truncated) {
    return failed<std::vector<ChangedFile>>(
        fmt::format("git cannot compare with {}: {}", base, first_line(status.err + patch.err)), {});
  }
  std::vector<ChangedFile> files = parse_name_status(status.out);
  add_lines(patch.out, files);
  if (!staged) {
    add_untracked(repository, files);
  }
  std::ranges::sort(files, {}, &ChangedFile::path);
  return files;
}

}  // namespace

Result<std::optional<Repository>> find_repository(const std::string& folder) {
  const ProcessResult result = git(folder, {"rev-parse", "--show-toplevel", "--is-shallow-repository"});
  if (result.exit != 0) {
    if (result.err.find("dubious ownership") != std::string::npos) {
      return failed<std::optional<Repository>>("git refuses this repository, since somebody else owns it",
                                               {"git config --global --add safe.directory \"$PWD\""});
    }
    return std::optional<Repository>();
  }
  const std::vector<std::string> lines = split_at(result.out, '\n');
  Repository repository;
  repository.top = lines.empty() ? std::string() : lines[0];
  repository.shallow = lines.size() > 1 && lines[1] == "true";
  repository.unborn = commit_of(repository, "HEAD").empty();
  return std::optional<Repository>(std::move(repository));
}

Result<std::optional<ChangeSet>> find_change(const Repository& repository, const ChangeRequest& request) {
  const std::string name = request.base.empty() ? default_base(repository) : request.base;
  if (repository.unborn || name.empty()) {
    if (request.in_ci) {
      return failed<std::optional<ChangeSet>>("there is no base to compare with", {"give one: --base REF"});
    }
    return std::optional<ChangeSet>();
  }
  ChangeSet change;
  change.base_name = name;
  change.base_tip = commit_of(repository, name);
  if (change.base_tip.empty() && !name.starts_with("origin/")) {
    change.base_tip = commit_of(repository, "origin/" + name);
  }
  if (change.base_tip.empty()) {
    return missing_base(repository, name).map([](ChangeSet set) { return std::optional<ChangeSet>(std::move(set)); });
  }
  const ProcessResult merge_base = git(repository.top, {"merge-base", "--end-of-options", change.base_tip, "HEAD"});
  if (merge_base.exit != 0) {
    return missing_base(repository, name).map([](ChangeSet set) { return std::optional<ChangeSet>(std::move(set)); });
  }
  change.base = first_line(merge_base.out);
  Result<std::vector<ChangedFile>> files = changed_files(repository, change.base, request.staged);
  if (!files) {
    return tl::unexpected(files.error());
  }
  change.files = std::move(*files);
  return std::optional<ChangeSet>(std::move(change));
}

Result<std::map<std::string, std::string>> read_at(const Repository& repository, const std::string& commit,
                                                   const std::vector<std::string>& paths) {
  std::map<std::string, std::string> contents;
  std::string requests;
  std::vector<const std::string*> asked;
  for (const std::string& path : paths) {
    if (path.find('\n') == std::string::npos) {  // --batch reads one name a line
      requests += fmt::format("{}:{}\n", commit, path);
      asked.push_back(&path);
    }
  }
  const ProcessResult result = git(repository.top, {"cat-file", "--batch"}, requests);
  std::string_view rest = result.out;
  for (const std::string* path : asked) {
    // `<object> blob <size>\n<bytes>\n`, or `<name> missing\n`.
    const size_t end = rest.find('\n');
    if (end == std::string_view::npos) {
      return failed<std::map<std::string, std::string>>(
          fmt::format("git cannot read {}: {}", commit, first_line(result.err)),
          {"a partial clone needs its remote: git fetch --refetch"});
    }
    const std::string_view header = rest.substr(0, end);
    rest.remove_prefix(end + 1);
    const size_t blob = header.rfind(" blob ");
    size_t size = 0;
    if (blob == std::string_view::npos ||
        std::from_chars(header.data() + blob + 6, header.data() + header.size(), size).ec != std::errc()) {
      continue;
    }
    contents[*path] = std::string(rest.substr(0, size));
    rest.remove_prefix(std::min(rest.size(), size + 1));
  }
  return contents;
}

Result<std::vector<std::string>> list_at(const Repository& repository, const std::string& commit,
                                         const std::string& folder) {
  const ProcessResult result = git(repository.top, {"ls-tree", "-r", "-z", "--name-only", "--full-tree",
                                                    "--end-of-options", commit, "--", folder.empty() ? "." : folder});
  if (result.exit != 0) {
    return failed<std::vector<std::string>>(fmt::format("git cannot list {}: {}", commit, first_line(result.err)), {});
  }
  return split_at(result.out, '\0');
}

}  // namespace spiritsafe
