// SPDX-License-Identifier: Apache-2.0
// Against the real git, in repositories made here.
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <boost/test/unit_test.hpp>

#include "adapters/git/process.h"
#include "adapters/git/repository.h"

namespace spiritsafe {
namespace {

namespace fs = std::filesystem;

class TestRepository {
 public:
  TestRepository() {
    std::string name = (fs::temp_directory_path() / "spiritsafe-git-XXXXXX").string();
    top_ = fs::canonical(::mkdtemp(name.data())).string();
    git({"init", "-q", "-b", "main"});
  }
  TestRepository(const TestRepository&) = delete;
  TestRepository& operator=(const TestRepository&) = delete;
  ~TestRepository() {
    std::error_code ignored;
    fs::remove_all(top_, ignored);
  }

  std::string git(const std::vector<std::string>& arguments) const {
    std::vector<std::string> words = {
        "git", "-C", top_, "-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "commit.gpgsign=false"};
    words.insert(words.end(), arguments.begin(), arguments.end());
    const ProcessResult result = run_process(words, {}, {"GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null"});
    BOOST_REQUIRE_MESSAGE(result.exit == 0, result.err);
    return result.out.substr(0, result.out.find('\n'));
  }
  void write(const std::string& path, const std::string& text) const {
    fs::create_directories((fs::path(top_) / path).parent_path());
    std::ofstream(fs::path(top_) / path, std::ios::binary) << text;
  }
  std::string commit(const std::string& message) const {
    git({"add", "-A"});
    git({"commit", "-q", "--allow-empty", "-m", message});
    return git({"rev-parse", "HEAD"});
  }
  Repository open() const {
    const auto found = find_repository(top_);
    BOOST_REQUIRE(found && *found);
    return **found;
  }
  const std::string& top() const { return top_; }

 private:
  std::string top_;
};

std::string summary(const ChangeSet& change) {
  std::string out;
  for (const ChangedFile& file : change.files) {
    out += std::string(name_of(file.change)) + " " + file.path;
    if (file.change == Change::renamed) {
      out += " from " + file.base_path;
    }
    for (const auto& [first, last] : file.added_lines) {
      out += " " + std::to_string(first) + "-" + (last == UINT32_MAX ? "end" : std::to_string(last));
    }
    out += "\n";
  }
  return out;
}

CiChange in_ci() {
  CiChange ci;
  ci.platform = CiChange::Platform::other;
  return ci;
}

std::string messages(const Errors& errors) { return format_errors(errors); }

}  // namespace

BOOST_AUTO_TEST_SUITE(git)

BOOST_AUTO_TEST_CASE(what_a_branch_changed_is_told_file_by_file_and_line_by_line) {
  const TestRepository made;
  made.write("kept.py", "1\n2\n3\n");
  made.write("edited.py", "1\n2\n3\n");
  made.write("gone.py", "x\n");
  made.write("old name.py", "a\nb\nc\nd\ne\nf\n");
  const std::string base = made.commit("base");
  made.git({"switch", "-q", "-c", "feature"});
  made.write("edited.py", "1\nnew\n2\n3\nlast\n");
  made.git({"rm", "-q", "gone.py"});
  made.git({"mv", "old name.py", "new name.py"});
  made.write("added.py", "1\n2\n");
  made.commit("change");
  made.write("untracked.py", "x\n");
  const auto change = find_change(made.open(), {"main", {}, false});
  BOOST_REQUIRE(change && change->change);
  BOOST_TEST(change->change->base == base);
  BOOST_TEST(summary(*change->change) ==
             "added added.py 1-2\n"
             "modified edited.py 2-2 5-5\n"
             "deleted gone.py\n"
             "renamed new name.py from old name.py\n"
             "added untracked.py 1-end\n");
}

BOOST_AUTO_TEST_CASE(the_change_begins_where_the_branches_parted) {
  const TestRepository made;
  made.write("a.py", "1\n");
  const std::string parted = made.commit("base");
  made.git({"switch", "-q", "-c", "feature"});
  made.write("b.py", "1\n");
  made.commit("mine");
  made.git({"switch", "-q", "main"});
  made.write("c.py", "1\n");
  const std::string tip = made.commit("theirs");
  made.git({"switch", "-q", "feature"});
  const auto change = find_change(made.open(), {"main", in_ci(), false});
  BOOST_REQUIRE(change && change->change);
  BOOST_TEST(change->change->base == parted);
  BOOST_TEST(change->change->base_tip == tip);
  BOOST_TEST(summary(*change->change) == "added b.py 1-1\n");
}

BOOST_AUTO_TEST_CASE(staged_means_only_the_index) {
  const TestRepository made;
  made.write("a.py", "1\n");
  made.commit("base");
  made.write("a.py", "1\n2\n");
  made.git({"add", "a.py"});
  made.write("a.py", "1\n2\n3\n");
  made.write("b.py", "1\n");
  const auto change = find_change(made.open(), {"HEAD", {}, true});
  BOOST_REQUIRE(change && change->change);
  BOOST_TEST(summary(*change->change) == "modified a.py 2-2\n");
}

BOOST_AUTO_TEST_CASE(hostile_names_are_only_names) {
  const std::vector<std::string> names = {"-rf.py",   "a b.py", "new\nline.py", "quo\"te'.py", "$(touch pwned).py",
                                          "tab\t.py", "é.py",   "..x.py"};
  const TestRepository made;
  made.write("start", "");
  const std::string base = made.commit("base");
  for (const std::string& name : names) {
    made.write(name, "+++ b/other.py\n@@ -1,1 +7,9 @@\n");
  }
  made.commit("change");
  const auto change = find_change(made.open(), {base, {}, false});
  BOOST_REQUIRE(change && change->change);
  std::vector<std::string> found;
  for (const ChangedFile& file : change->change->files) {
    found.push_back(file.path);
    BOOST_TEST((file.added_lines == std::vector<std::pair<uint32_t, uint32_t>>{{1, 2}}));
  }
  std::vector<std::string> expected = names;
  std::ranges::sort(expected);
  BOOST_TEST(found == expected, boost::test_tools::per_element());
  BOOST_TEST(!fs::exists(fs::path(made.top()) / "pwned"));
  const auto read = read_at(made.open(), "HEAD", {"-rf.py", "é.py", "missing.py"});
  BOOST_REQUIRE(read.has_value());
  BOOST_TEST(read->size() == 2u);
  BOOST_TEST(read->at("-rf.py") == "+++ b/other.py\n@@ -1,1 +7,9 @@\n");
  const auto listed = list_at(made.open(), "HEAD", "");
  BOOST_REQUIRE(listed.has_value());
  BOOST_TEST(listed->size() == names.size() + 1);
}

BOOST_AUTO_TEST_CASE(a_base_named_like_an_option_is_a_name) {
  const TestRepository made;
  made.write("a", "1\n");
  made.commit("base");
  const auto change = find_change(made.open(), {"--output=pwned", {}, false});
  BOOST_REQUIRE(!change);
  BOOST_TEST(messages(change.error()) ==
             "error: the base `--output=pwned` is not in this repository\n    = git fetch origin --output=pwned\n");
  BOOST_TEST(!fs::exists("pwned"));
}

BOOST_AUTO_TEST_CASE(a_shallow_clone_without_the_base_says_what_cures_it) {
  const TestRepository origin;
  origin.write("a", "1\n");
  origin.commit("one");
  origin.git({"switch", "-q", "-c", "feature"});
  origin.write("b", "1\n");
  origin.commit("two");
  const std::string clone = origin.top() + "/clone";
  origin.git({"clone", "-q", "--depth", "1", "--branch", "feature", "file://" + origin.top(), clone});
  const auto repository = find_repository(clone);
  BOOST_REQUIRE(repository && *repository);
  BOOST_TEST((*repository)->shallow);
  const auto change = find_change(**repository, {"main", in_ci(), false});
  BOOST_REQUIRE(!change);
  BOOST_TEST(messages(change.error()) ==
             "error: this checkout is shallow, so it does not reach the base `main`\n"
             "    = GitHub: give actions/checkout `fetch-depth: 0`; GitLab: set `GIT_DEPTH: 0`\n"
             "    = elsewhere: git fetch --unshallow\n");
}

BOOST_AUTO_TEST_CASE(without_a_base_there_is_nothing_to_compare_with) {
  const TestRepository made;
  const auto unborn = find_change(made.open(), {});
  BOOST_REQUIRE(unborn.has_value());
  BOOST_TEST(unborn->why_none == "the repository has no commit yet");
  made.write("a", "1\n");
  made.commit("base");
  const auto laptop = find_change(made.open(), {});
  BOOST_REQUIRE(laptop.has_value());
  BOOST_TEST(laptop->why_none == "the repository has no remote and no main branch beside this one");
  const auto no_base = find_change(made.open(), {"", in_ci(), false});
  BOOST_REQUIRE(!no_base);
  BOOST_TEST(messages(no_base.error()) ==
             "error: there is no base to compare with\n    = name one: --base REF\n    = or judge everything: --all\n");
  const auto outside = find_repository("/");
  BOOST_REQUIRE(outside.has_value());
  BOOST_TEST(!*outside);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spiritsafe
