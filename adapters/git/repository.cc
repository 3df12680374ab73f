// SPDX-License-Identifier: Apache-2.0
#include "adapters/git/repository.h"

#include <algorithm>
#include <charconv>
#include <future>
#include <utility>

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

// The commits that names stand for, in their order; empty where there is none. One process for all.
std::vector<std::string> commits_of(const Repository& repository, const std::vector<std::string>& names) {
  std::string requests;
  for (const std::string& name : names) {
    // --batch-check reads one name a line.
    requests += (name.find('\n') == std::string::npos ? name : std::string()) + "^{commit}\n";
  }
  const ProcessResult result = git(repository.top, {"cat-file", "--batch-check=%(objectname)"}, requests);
  std::vector<std::string> commits = split_at(result.out, '\n');
  for (std::string& line : commits) {
    if (line.find(' ') != std::string::npos) {  // `NAME missing`
      line.clear();
    }
  }
  commits.resize(names.size());
  return commits;
}

// Where the change goes to: a name for people, and what it may be called here, the best first.
struct Target {
  std::string name = {};
  std::vector<std::string> tips = {};
  std::vector<std::string> cures = {};
};

Target target_of(const Repository& repository, const ChangeRequest& request) {
  if (!request.base.empty()) {
    const bool remote = request.base.starts_with("origin/");
    return {request.base,
            {request.base, "refs/remotes/origin/" + request.base},
            {fmt::format("git fetch origin {}", remote ? request.base.substr(7) : request.base)}};
  }
  if (!request.ci.tips.empty()) {
    return {request.ci.base_name, request.ci.tips, request.ci.cures};
  }
  const ProcessResult head = git(repository.top, {"symbolic-ref", "--quiet", "refs/remotes/origin/HEAD"});
  Target target;
  if (head.exit == 0) {
    target.tips.push_back(first_line(head.out));
  }
  target.tips.insert(target.tips.end(), {"refs/remotes/origin/main", "refs/remotes/origin/master"});
  const ProcessResult branch = git(repository.top, {"symbolic-ref", "--quiet", "HEAD"});
  for (const char* local : {"refs/heads/main", "refs/heads/master"}) {
    // On the main branch itself there is nothing to compare with but its remote.
    if (branch.exit != 0 || first_line(branch.out) != local) {
      target.tips.push_back(local);
    }
  }
  return target;
}

std::string short_name(std::string_view ref) {
  for (const std::string_view prefix : {"refs/remotes/", "refs/heads/"}) {
    if (ref.starts_with(prefix)) {
      ref.remove_prefix(prefix.size());
    }
  }
  return std::string(ref);
}

template <class T>
Result<T> missing_base(const Repository& repository, const Target& target, bool in_ci) {
  if (target.name.empty()) {
    return failed<T>("there is no base to compare with", {"name one: --base REF", "or judge everything: --all"});
  }
  std::vector<std::string> hints = target.cures;
  if (repository.shallow) {
    if (hints.empty() || hints.front().starts_with("git fetch")) {
      hints = {"git fetch --unshallow"};
      if (in_ci) {
        hints = {"GitHub: give actions/checkout `fetch-depth: 0`; GitLab: set `GIT_DEPTH: 0`",
                 "elsewhere: git fetch --unshallow"};
      }
    }
    return failed<T>(fmt::format("this checkout is shallow, so it does not reach the base `{}`", target.name), hints);
  }
  return failed<T>(fmt::format("the base `{}` is not in this repository", target.name), hints);
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

// The text up to a NUL, which is taken off as well.
std::string_view take_word(std::string_view& text) {
  const size_t end = std::min(text.find('\0'), text.size());
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return word;
}

// `:100644 100644 0a1b 2c3d M\0path\0:… R095\0old\0new\0`, as --raw -z writes it; `text` is what stands behind, the
// patch where one was asked for.
std::vector<ChangedFile> take_files(std::string_view& text) {
  std::vector<ChangedFile> files;
  while (text.starts_with(':')) {
    const std::string_view head = take_word(text);
    const char letter = head.substr(head.rfind(' ') + 1).front();
    ChangedFile file;
    file.change = change_of(letter);
    file.base_path = take_word(text);
    file.path = letter == 'R' || letter == 'C' ? std::string(take_word(text)) : file.base_path;
    if (file.change == Change::added) {
      file.base_path.clear();
    }
    files.push_back(std::move(file));
  }
  text.remove_prefix(text.starts_with('\0') ? 1 : 0);
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

// The parts of the patch come in the order of the files.
void add_lines(std::string_view rest, std::vector<ChangedFile>& files) {
  size_t next = 0;
  ChangedFile* file = nullptr;
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

// Files that git does not track yet and does not ignore.
std::vector<std::string> untracked_files(const Repository& repository) {
  return split_at(git(repository.top, {"ls-files", "--others", "--exclude-standard", "-z"}).out, '\0');
}

const std::vector<std::string> diff_options = {"diff",       "--no-ext-diff",  "--no-textconv",
                                               "--no-color", "--find-renames", "--diff-algorithm=myers"};

ProcessResult diff(const Repository& repository, const std::vector<std::string>& form,
                   const std::vector<std::string>& commits) {
  std::vector<std::string> arguments = diff_options;
  arguments.insert(arguments.end(), form.begin(), form.end());
  arguments.push_back("--end-of-options");
  arguments.insert(arguments.end(), commits.begin(), commits.end());
  arguments.push_back("--");
  return git(repository.top, arguments);
}

std::vector<Commit> commits_since(const Repository& repository, const std::string& base) {
  const ProcessResult result =
      git(repository.top, {"log", "--no-show-signature", "--no-color", "--max-count=1000", "-z", "--format=%H%n%B",
                           "--end-of-options", base + "..HEAD", "--"});
  std::vector<Commit> commits;
  for (const std::string& text : split_at(result.out, '\0')) {
    const size_t end = std::min(text.find('\n'), text.size());
    commits.push_back({text.substr(0, end), text.substr(std::min(end + 1, text.size()))});
  }
  return commits;
}

// Sets `files`, `incoming`, `commits` and `unstaged`, from git processes side by side: they mostly wait for the disk.
Result<void> add_files(const Repository& repository, bool staged, ChangeSet& change) {
  std::vector<std::string> form = {"--raw", "-z", "--patch", "--unified=0", "--no-prefix"};
  if (staged) {
    form.push_back("--cached");
  }
  auto here = std::async(std::launch::async, diff, std::cref(repository), std::move(form),
                         std::vector<std::string>{change.base});
  auto untracked = std::async(std::launch::async, untracked_files, std::cref(repository));
  auto commits = std::async(std::launch::async, commits_since, std::cref(repository), std::cref(change.base));
  ProcessResult incoming;
  incoming.exit = 0;
  if (change.base != change.base_tip) {
    incoming = diff(repository, {"--raw", "-z"}, {change.base, change.base_tip});
  }
  const ProcessResult changed = here.get();
  const std::vector<std::string> new_files = untracked.get();
  change.commits = commits.get();
  for (const ProcessResult* result : {&changed, &std::as_const(incoming)}) {
    if (result->exit != 0 || result->truncated) {
      return failed<void>(fmt::format("git cannot compare with {}: {}", change.base,
                                      result->truncated ? "the change is too large" : first_line(result->err)),
                          {"a partial clone needs its remote: git fetch --refetch"});
    }
  }
  std::string_view patch = changed.out, rest = incoming.out;
  change.files = take_files(patch);
  add_lines(patch, change.files);
  if (staged) {
    change.unstaged = new_files;
  } else {
    for (const std::string& path : new_files) {
      change.files.push_back({path, {}, Change::added, {{1, UINT32_MAX}}});
    }
  }
  std::ranges::sort(change.files, {}, &ChangedFile::path);
  change.incoming = take_files(rest);
  std::ranges::sort(change.incoming, {}, &ChangedFile::path);
  return {};
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
  return std::optional<Repository>(std::move(repository));
}

Result<Comparison> find_change(const Repository& repository, const ChangeRequest& request) {
  const Target target = target_of(repository, request);
  std::vector<std::string> names = target.tips;
  names.insert(names.end(), {"HEAD", request.ci.head.empty() ? "HEAD" : request.ci.head});
  const std::vector<std::string> commits = commits_of(repository, names);
  const auto tips_end = commits.end() - 2;
  const std::string& head = commits[commits.size() - 2];
  const auto tip = std::find_if(commits.begin(), tips_end, [](const auto& each) { return !each.empty(); });
  const bool anything = !target.name.empty() || request.ci.in_ci();  // where a base must be
  if (tip == tips_end && anything) {
    return missing_base<Comparison>(repository, target, request.ci.in_ci());
  }
  if (head.empty() || tip == tips_end) {
    return Comparison{{},
                      head.empty() ? "the repository has no commit yet"
                                   : "the repository has no remote and no main branch beside this one"};
  }
  if (!request.ci.head.empty() &&
      (commits.back().empty() ||
       git(repository.top, {"merge-base", "--is-ancestor", "--end-of-options", commits.back(), "HEAD"}).exit != 0)) {
    return failed<Comparison>(
        fmt::format("what is checked out does not hold the change's last commit {}", request.ci.head),
        {"GitHub: on pull_request_target give actions/checkout `ref: refs/pull/NUMBER/merge`, and run nothing of it",
         "a shallow checkout may hide it: `fetch-depth: 0`"});
  }
  ChangeSet change;
  change.base_tip = *tip;
  change.base_name = target.name.empty() ? short_name(names[static_cast<size_t>(tip - commits.begin())]) : target.name;
  const ProcessResult merge_base = git(repository.top, {"merge-base", "--end-of-options", change.base_tip, head});
  if (merge_base.exit != 0) {
    if (repository.shallow) {
      return missing_base<Comparison>(repository, target, request.ci.in_ci());
    }
    return failed<Comparison>(fmt::format("HEAD and the base `{}` have no commit in common", change.base_name),
                              {"name the base that this branch grew from: --base REF"});
  }
  change.base = first_line(merge_base.out);
  if (Result<void> added = add_files(repository, request.staged, change); !added) {
    return tl::unexpected(added.error());
  }
  return Comparison{std::move(change), {}};
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
