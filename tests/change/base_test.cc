// SPDX-License-Identifier: Apache-2.0
// What a change is compared with, and which migrations and lines it is asked about: real repositories, the whole
// program.
#include "tests/change/project.h"

namespace spiritsafe {
namespace {

const std::string a1 = "a1a1a1a1a1a1", b2 = "b2b2b2b2b2b2", c3 = "c3c3c3c3c3c3";

std::string approval_of(const std::string& path) { return "approval drop-column " + path + ":20\n"; }
const std::string approval_for_c3 = approval_of(TestProject::path_of(c3)) + "approval, exit 3\n";

// A branch with one new migration that drops a column.
void add_feature(const TestProject& project) {
  project.branch("feature");
  project.drop(c3, b2);
  project.commit("feature");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(base)

// ---- which migrations ----------------------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(old_migrations_are_not_asked_about) {
  const TestProject project;
  project.drop(b2, a1);
  project.commit("an old sin");
  project.branch("feature");
  BOOST_TEST(project.check() == clean);
  project.migrate(c3, b2);
  project.commit("a good one");
  BOOST_TEST(project.check() == clean);
  BOOST_TEST(project.check({"--all"}) == approval_of(TestProject::path_of(b2)) + "approval, exit 3\n");
}

BOOST_AUTO_TEST_CASE(a_new_migration_is_asked_about_wherever_it_is) {
  const TestProject project;
  project.branch("feature");
  project.drop(c3, b2);
  BOOST_TEST_CONTEXT("untracked") { BOOST_TEST(project.check() == approval_for_c3); }
  project.git({"add", "-A"});
  BOOST_TEST_CONTEXT("staged") {
    BOOST_TEST(project.check() == approval_for_c3);
    BOOST_TEST(project.check({"--staged"}) == approval_for_c3);
  }
  project.commit("committed");
  BOOST_TEST_CONTEXT("committed") {
    BOOST_TEST(project.check() == approval_for_c3);
    BOOST_TEST(project.check({"--base", "main"}) == approval_for_c3);
    BOOST_TEST(project.check({"--base", "HEAD"}) == clean);
  }
}

BOOST_AUTO_TEST_CASE(staged_means_what_the_index_holds) {
  const TestProject project;
  project.branch("feature");
  project.drop(c3, b2);
  project.git({"add", "-A"});
  project.migrate(c3, b2);  // mended on the disk only
  BOOST_TEST(project.check({"--staged"}) == approval_for_c3);
  BOOST_TEST(project.check() == clean);
  project.git({"add", "-A"});
  project.drop("d4d4d4d4d4d4", c3);  // not staged
  BOOST_TEST(project.check({"--staged"}) == clean);
  BOOST_TEST(project.check() == approval_of(TestProject::path_of("d4d4d4d4d4d4")) + "approval, exit 3\n");
}

BOOST_AUTO_TEST_CASE(a_renamed_migration_is_not_a_new_one) {
  const TestProject project;
  project.drop(b2, a1);
  project.commit("an old sin");
  project.branch("feature");
  project.git({"mv", TestProject::path_of(b2), "migrations/versions/" + b2 + "_renamed.py"});
  project.commit("renamed");
  BOOST_TEST(project.check().find("drop-column") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_the_base_got_meanwhile_is_not_this_change) {
  const TestProject project;
  project.branch("feature");
  project.write("README", "x\n");
  project.commit("unrelated");
  project.go("main");
  project.drop(c3, b2);
  project.commit("theirs");
  project.go("feature");
  BOOST_TEST(project.check() == clean);
}

BOOST_AUTO_TEST_CASE(file_names_are_data) {
  const TestProject project;
  project.branch("feature");
  const std::vector<std::string> names = {"-rf.py", "a b.py", "q'uote\".py", "new\nline.py", "é.py", "--output=x.py"};
  for (const std::string& name : names) {
    BOOST_TEST_CONTEXT(name) {
      const std::string path = "migrations/versions/" + name;
      project.write(path, TestProject::dropping(c3, b2));
      project.git({"add", "-A"});
      const auto report = nlohmann::json::parse(project.run({"check", "--format", "json"}).out);
      std::vector<std::string> paths;
      for (const auto& finding : report["findings"]) {
        if (finding["rule"] == "drop-column") {
          paths.push_back(finding["path"]);
        }
      }
      BOOST_TEST(paths == std::vector<std::string>{path});
      project.git({"rm", "-q", "-f", "--", path});
    }
  }
}

BOOST_AUTO_TEST_CASE(of_two_projects_only_the_changed_one_is_asked_about) {
  const TestProject project(false);
  for (const std::string name : {"billing", "shop"}) {
    project.write(name + "/alembic.ini", ini);
    project.write(name + "/" + TestProject::path_of(a1), TestProject::dropping(a1, ""));
  }
  project.commit("base");
  project.branch("feature");
  project.write("shop/" + TestProject::path_of(b2), TestProject::dropping(b2, a1));
  project.commit("feature");
  const auto report = nlohmann::json::parse(project.run({"check", "--format", "json"}).out);
  BOOST_REQUIRE(report["findings"].size() == 1u);
  BOOST_TEST(report["findings"][0]["project"] == "shop");
  BOOST_TEST(report["findings"][0]["path"] == "shop/" + TestProject::path_of(b2));
  BOOST_TEST(project.check({"billing"}) == clean);
}

BOOST_AUTO_TEST_CASE(a_file_that_is_named_is_judged_alone_with_its_siblings_as_history) {
  const TestProject project;
  project.branch("feature");
  project.drop(c3, b2);
  project.drop("d4d4d4d4d4d4", c3);
  project.commit("two");
  BOOST_TEST(project.check({TestProject::path_of(c3)}) == approval_for_c3);
  BOOST_TEST(project.check({TestProject::path_of(b2)}) == clean);
  BOOST_TEST(project.check({TestProject::path_of(c3), TestProject::path_of("d4d4d4d4d4d4")}) ==
             approval_of(TestProject::path_of(c3)) + approval_of(TestProject::path_of("d4d4d4d4d4d4")) +
                 "approval, exit 3\n");
}

BOOST_AUTO_TEST_CASE(it_does_not_matter_where_one_stands_or_how_the_path_is_written) {
  const TestProject project;
  add_feature(project);
  const std::string name = c3 + "_add_email_to_user.py";
  std::filesystem::create_directory_symlink(project.path(), project.path() + "/link");
  BOOST_TEST(project.check({project.path()}) ==
             approval_of(project.path() + "/" + TestProject::path_of(c3)) + "approval, exit 3\n");
  std::filesystem::current_path("migrations");
  BOOST_TEST(project.check({".."}) == approval_of("../" + TestProject::path_of(c3)) + "approval, exit 3\n");
  BOOST_TEST(project.check({"versions"}) == approval_of("versions/" + name) + "approval, exit 3\n");
  std::filesystem::current_path(project.path());
  BOOST_TEST(project.check({"link/migrations"}) ==
             approval_of("link/migrations/versions/" + name) + "approval, exit 3\n");
}

BOOST_AUTO_TEST_CASE(of_a_script_only_the_added_lines_are_asked_about) {
  const TestProject project;
  project.write("requirements.txt", "sqlmodel\n");
  project.write("justfile", "alembic-up:\n    alembic upgrade head\n");
  project.write("start.sh", "alembic upgrade head\n");
  project.commit("an old sin");
  project.branch("feature");
  const auto of_scripts = [&] {
    std::string text;
    std::istringstream lines(project.check());
    for (std::string line; std::getline(lines, line);) {
      text += line.find(" direct-alembic-command ") == std::string::npos ? "" : line + "\n";
    }
    return text;
  };
  project.write("start.sh", "echo start\nalembic upgrade head\n");
  BOOST_TEST(of_scripts() == "");
  project.write("start.sh", "echo start\nalembic upgrade head\nexec app\nalembic upgrade +1\n");
  BOOST_TEST(of_scripts() == "warn direct-alembic-command start.sh:4\n");
  project.git({"mv", "start.sh", "run.sh"});
  project.write("run.sh", "alembic upgrade head\n");
  BOOST_TEST(of_scripts() == "");
}

BOOST_AUTO_TEST_CASE(nothing_changed_is_said) {
  const TestProject project;
  project.branch("feature");
  const Outcome outcome = project.run({"check"});
  BOOST_TEST(outcome.out ==
             "no migration has changed since main; --all judges all 2 migrations of 1 project\nverdict: clean\n");
  BOOST_TEST(outcome.exit == 0);
}

// ---- which base ----------------------------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(without_git_every_migration_is_judged_and_it_is_said) {
  const Folder folder;
  folder.write("alembic.ini", ini);
  folder.write(TestProject::path_of(a1), TestProject::dropping(a1, ""));
  const Outcome outcome = folder.run({"check", "--format", "json"});
  BOOST_TEST(TestProject::told(outcome) == approval_of(TestProject::path_of(a1)) + "approval, exit 3\n");
  BOOST_TEST(outcome.err ==
             "note: this is no git repository, so there is nothing to compare with: every migration is judged, as with "
             "--all\n");
}

BOOST_AUTO_TEST_CASE(in_ci_a_missing_repository_is_no_pass) {
  const TestProject project;
  std::filesystem::remove_all(".git");
  BOOST_TEST(project.check({}, {{"CI", "true"}}) ==
             ".: error: is in no git repository, so there is nothing to compare with\n"
             "    = judge everything: --all\n    = git itself must be installed\nexit 2\n");
  BOOST_TEST(project.check({"--all"}, {{"CI", "true"}}) == clean);
}

BOOST_AUTO_TEST_CASE(an_unborn_branch_has_no_base) {
  const TestProject project(false);
  project.write("alembic.ini", ini);
  project.write(TestProject::path_of(a1), TestProject::dropping(a1, ""));
  const Outcome outcome = project.run({"check", "--format", "json"});
  BOOST_TEST(TestProject::told(outcome) == approval_of(TestProject::path_of(a1)) + "approval, exit 3\n");
  BOOST_TEST(outcome.err ==
             "note: the repository has no commit yet, so there is nothing to compare with: every migration is judged, "
             "as with --all\n");
}

BOOST_AUTO_TEST_CASE(the_main_branch_alone_has_no_base) {
  const TestProject project;
  project.drop(c3, b2);
  project.commit("on main");
  const Outcome outcome = project.run({"check", "--format", "json"});
  BOOST_TEST(TestProject::told(outcome) == approval_for_c3);
  BOOST_TEST(outcome.err ==
             "note: the repository has no remote and no main branch beside this one, so there is nothing to compare "
             "with: every migration is judged, as with --all\n");
  BOOST_TEST(project.check({}, {{"CI", "true"}}) ==
             "error: there is no base to compare with\n    = name one: --base REF\n    = or judge everything: "
             "--all\nexit 2\n");
}

BOOST_AUTO_TEST_CASE(a_base_that_is_not_there_is_an_error) {
  const TestProject project;
  BOOST_TEST(project.check({"--base", "origin/release"}) ==
             "error: the base `origin/release` is not in this repository\n    = git fetch origin release\nexit 2\n");
}

BOOST_AUTO_TEST_CASE(branches_without_a_common_commit_cannot_be_compared) {
  const TestProject project;
  project.git({"switch", "-q", "--orphan", "other"});
  project.commit("other");
  project.write("alembic.ini", ini);
  project.migrate(a1, "");
  BOOST_TEST(project.check({"--base", "main"}) ==
             "error: HEAD and the base `main` have no commit in common\n"
             "    = name the base that this branch grew from: --base REF\nexit 2\n");
}

BOOST_AUTO_TEST_CASE(a_clone_is_compared_with_its_remotes_default_branch) {
  const TestProject origin;
  const TestProject clone(false);
  clone.git({"clone", "-q", "file://" + origin.path(), "clone"});
  std::filesystem::current_path("clone");
  clone.drop(c3, b2);
  clone.commit("on main itself");
  BOOST_TEST(clone.check() == approval_for_c3);
  BOOST_TEST(clone.run({"check"}).out.find("1 changed migration since origin/main") != std::string::npos);
  clone.git({"switch", "-q", "--detach"});
  BOOST_TEST_CONTEXT("detached head") { BOOST_TEST(clone.check() == approval_for_c3); }
}

BOOST_AUTO_TEST_CASE(a_worktree_is_a_repository) {
  const TestProject project;
  add_feature(project);
  project.go("main");
  const TestProject other(false);
  std::filesystem::current_path(project.path());
  project.git({"worktree", "add", "-q", other.path() + "/tree", "feature"});
  std::filesystem::current_path(other.path() + "/tree");
  BOOST_TEST(project.check() == approval_for_c3);
}

BOOST_AUTO_TEST_CASE(a_submodule_is_judged_whole_and_it_is_said) {
  const TestProject inner;
  inner.drop(b2, a1);
  inner.commit("an old sin");
  const TestProject outer;
  outer.git({"submodule", "--quiet", "add", "file://" + inner.path(), "lib"});
  outer.commit("with a submodule");
  outer.branch("feature");
  const Outcome outcome = outer.run({"check", "--format", "json"});
  BOOST_TEST(TestProject::told(outcome) == approval_of("lib/" + TestProject::path_of(b2)) + "approval, exit 3\n");
  BOOST_TEST(outcome.err ==
             "note: lib/migrations: is in a repository of its own, so every migration of it is judged\n");
}

BOOST_AUTO_TEST_CASE(a_shallow_clone_without_the_base_is_no_pass) {
  const TestProject origin;
  add_feature(origin);
  origin.write("more", "x\n");
  origin.commit("more");
  const TestProject clone(false);
  clone.git({"clone", "-q", "--depth", "1", "--branch", "feature", "file://" + origin.path(), "clone"});
  std::filesystem::current_path("clone");
  clone.write("event.json",
              R"({"pull_request": {"base": {"ref": "main", "sha": "0123456789012345678901234567890123456789"}}})");
  const Variables github = {
      {"GITHUB_ACTIONS", "true"}, {"GITHUB_EVENT_NAME", "pull_request"}, {"GITHUB_EVENT_PATH", "event.json"}};
  BOOST_TEST(clone.check({}, github) ==
             "error: this checkout is shallow, so it does not reach the base `main`\n"
             "    = give actions/checkout `fetch-depth: 0`\nexit 2\n");
  const Variables gitlab = {{"GITLAB_CI", "true"}, {"CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main"}};
  BOOST_TEST(clone.check({}, gitlab) ==
             "error: this checkout is shallow, so it does not reach the base `main`\n"
             "    = set `GIT_DEPTH: 0` for the job\n"
             "    = let the job fetch its target first: git fetch origin "
             "\"$CI_MERGE_REQUEST_TARGET_BRANCH_NAME:refs/remotes/origin/$CI_MERGE_REQUEST_TARGET_BRANCH_NAME\"\n"
             "exit 2\n");
  BOOST_TEST_CONTEXT("the base is here, what joins it is not") {
    clone.git({"fetch", "-q", "--depth", "1", "origin", "main:refs/remotes/origin/main"});
    BOOST_TEST(clone.check({}, github) ==
               "error: this checkout is shallow, so it does not reach the base `main`\n"
               "    = give actions/checkout `fetch-depth: 0`\nexit 2\n");
  }
  BOOST_TEST_CONTEXT("deep enough") {
    clone.git({"fetch", "-q", "--deepen", "2", "origin"});
    BOOST_TEST(clone.check({}, github) == approval_for_c3);
  }
}

BOOST_AUTO_TEST_CASE(a_partial_clone_is_compared) {
  const TestProject origin;
  origin.git({"config", "uploadpack.allowFilter", "true"});
  origin.git({"config", "uploadpack.allowAnySHA1InWant", "true"});
  add_feature(origin);
  const TestProject clone(false);
  clone.git({"clone", "-q", "--filter=blob:none", "--branch", "feature", "file://" + origin.path(), "clone"});
  std::filesystem::current_path("clone");
  BOOST_TEST(clone.check({"--base", "origin/main"}) == approval_for_c3);
}

BOOST_AUTO_TEST_CASE(somebody_elses_repository_says_what_cures_it) {
  const TestProject project;
  ::setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1", 1);
  ::setenv("GIT_CONFIG_GLOBAL", "/dev/null", 1);
  const std::string told = project.check();
  ::unsetenv("GIT_TEST_ASSUME_DIFFERENT_OWNER");
  ::unsetenv("GIT_CONFIG_GLOBAL");
  BOOST_TEST(told ==
             "error: git refuses this repository, since somebody else owns it\n"
             "    = git config --global --add safe.directory \"$PWD\"\nexit 2\n");
}

// ---- what CI says --------------------------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(github_names_the_base_of_each_event) {
  const TestProject project;
  const std::string before = project.git({"rev-parse", "HEAD"});
  add_feature(project);
  const std::string head = project.git({"rev-parse", "HEAD"});
  project.git({"update-ref", "refs/remotes/origin/main", before});
  const auto github = [&](const std::string& name, const std::string& event) {
    project.write("event.json", event);
    return project.check({}, {{"GITHUB_ACTIONS", "true"},
                              {"GITHUB_EVENT_NAME", name},
                              {"GITHUB_REF", "refs/pull/7/merge"},
                              {"GITHUB_EVENT_PATH", "event.json"}});
  };
  const std::string pull_request =
      R"({"pull_request": {"base": {"ref": "main", "sha": ")" + before + R"("}, "head": {"sha": ")" + head + R"("}}})";
  BOOST_TEST(github("pull_request", pull_request) == approval_for_c3);
  BOOST_TEST(github("pull_request_review", pull_request) == approval_for_c3);
  BOOST_TEST(github("push", R"({"before": ")" + before + "\"}") == approval_for_c3);
  BOOST_TEST(github("push", R"({"before": ")" + head + "\"}") == clean);
  BOOST_TEST(
      github("push",
             R"({"before": "0000000000000000000000000000000000000000", "repository": {"default_branch": "main"}})") ==
      approval_for_c3);
  BOOST_TEST(github("workflow_dispatch", R"({"repository": {"default_branch": "main"}})") == approval_for_c3);
  BOOST_TEST(github("merge_group", R"({"merge_group": {"base_sha": ")" + before + R"(", "head_sha": ")" + head +
                                       "\"}}") == approval_for_c3);
  BOOST_TEST(github("push", R"({"before": "0123456789012345678901234567890123456789"})") ==
             "error: the base `the commit before this push` is not in this repository\n"
             "    = give actions/checkout `fetch-depth: 0`\nexit 2\n");
  BOOST_TEST(github("pull_request", "nonsense") ==
             "event.json: error: the event file is no JSON object\n    = name the base instead: --base REF\nexit 2\n");
  project.go("main");
  BOOST_TEST(github("pull_request_target", pull_request) ==
             "error: what is checked out does not hold the change's last commit " + head +
                 "\n    = GitHub: on pull_request_target give actions/checkout `ref: refs/pull/NUMBER/merge`, and run "
                 "nothing of it\n    = a shallow checkout may hide it: `fetch-depth: 0`\nexit 2\n");
}

BOOST_AUTO_TEST_CASE(the_merge_that_github_checks_out_is_compared_with_its_first_parent) {
  const TestProject project;
  add_feature(project);
  project.go("main");
  project.write("theirs", "x\n");
  project.commit("theirs");
  project.git({"switch", "-q", "--detach"});
  project.git({"merge", "-q", "--no-edit", "feature"});
  const std::string head = project.git({"rev-parse", "feature"});
  project.git({"branch", "-q", "-D", "main"});
  project.write("event.json", R"({"pull_request": {"base": {"ref": "main"}, "head": {"sha": ")" + head + R"("}}})");
  BOOST_TEST(project.check({}, {{"GITHUB_ACTIONS", "true"},
                                {"GITHUB_EVENT_NAME", "pull_request"},
                                {"GITHUB_REF", "refs/pull/7/merge"},
                                {"GITHUB_EVENT_PATH", "event.json"}}) == approval_for_c3);
}

BOOST_AUTO_TEST_CASE(gitlab_names_the_base_of_each_pipeline) {
  const TestProject project;
  const std::string before = project.git({"rev-parse", "HEAD"});
  add_feature(project);
  const auto gitlab = [&](Variables variables) {
    variables["GITLAB_CI"] = "true";
    return project.check({}, variables);
  };
  BOOST_TEST(gitlab({{"CI_COMMIT_BEFORE_SHA", before}}) == approval_for_c3);
  BOOST_TEST_CONTEXT("merged results and merge trains name the target's commit") {
    BOOST_TEST(gitlab({{"CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main"},
                       {"CI_MERGE_REQUEST_TARGET_BRANCH_SHA", before}}) == approval_for_c3);
  }
  const std::string missing =
      "error: the base `main` is not in this repository\n"
      "    = set `GIT_DEPTH: 0` for the job\n"
      "    = let the job fetch its target first: git fetch origin "
      "\"$CI_MERGE_REQUEST_TARGET_BRANCH_NAME:refs/remotes/origin/$CI_MERGE_REQUEST_TARGET_BRANCH_NAME\"\nexit 2\n";
  BOOST_TEST(gitlab({{"CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main"}}) == missing);
  project.git({"update-ref", "refs/remotes/origin/main", before});
  BOOST_TEST(gitlab({{"CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main"}}) == approval_for_c3);
  BOOST_TEST(gitlab({{"CI_COMMIT_BEFORE_SHA", std::string(40, '0')}, {"CI_DEFAULT_BRANCH", "main"}}) ==
             approval_for_c3);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spiritsafe
