// SPDX-License-Identifier: Apache-2.0
// What a change does to the history, in real repositories.
#include "tests/change/project.h"

namespace spiritsafe {
namespace {

const std::string a1 = "a1a1a1a1a1a1", b2 = "b2b2b2b2b2b2", c3 = "c3c3c3c3c3c3", d4 = "d4d4d4d4d4d4";

std::string finding(const std::string& level, const std::string& rule, const std::string& id) {
  return level + " " + rule + " " + TestProject::path_of(id) + ":1\n";
}

// Main has got c3 since the branch began.
void move_main_on(const TestProject& project) {
  project.branch("feature");
  project.go("main");
  project.write(TestProject::path_of(c3), revision(c3, b2, "op.drop_index('i')", "pass"));
  project.commit("main goes on");
  project.go("feature");
}

std::string only(const std::string& told, const std::string& rule) {
  std::string out;
  std::istringstream lines(told);
  for (std::string line; std::getline(lines, line);) {
    out += line.find(" " + rule + " ") == std::string::npos ? "" : line + "\n";
  }
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(history)

BOOST_AUTO_TEST_CASE(two_branches_that_are_each_green_make_two_heads_together) {
  const TestProject project;
  move_main_on(project);
  project.migrate(d4, b2);
  project.commit("feature");
  const std::string told = project.check({"--base", "main"});
  BOOST_TEST(only(told, "multiple-heads") == finding("error", "multiple-heads", d4));
  BOOST_TEST(only(told, "stale-parent") == finding("error", "stale-parent", d4));
  BOOST_TEST(project.check({"--all"}) == clean);
}

BOOST_AUTO_TEST_CASE(a_stale_parent_is_mended_in_variable_and_header) {
  const TestProject project;
  move_main_on(project);
  project.migrate(d4, b2);
  project.commit("feature");
  BOOST_TEST(project.run({"fix", "--base", "main"}).exit == 0);
  const std::string text = project.read(TestProject::path_of(d4));
  BOOST_TEST(text.find("Revises: " + c3 + "\n") != std::string::npos);
  BOOST_TEST(text.find("down_revision = \"" + c3 + "\"\n") != std::string::npos);
  BOOST_TEST(only(project.check({"--base", "main"}), "stale-parent") == "");
  BOOST_TEST(only(project.check({"--base", "main"}), "multiple-heads") == "");
}

BOOST_AUTO_TEST_CASE(what_the_base_has_may_be_laid_out_anew_but_not_edited_moved_or_deleted) {
  const TestProject project;
  project.migrate(c3, b2);
  project.commit("base");
  project.branch("feature");
  const std::string path = TestProject::path_of(c3);
  const std::string text = project.read(path);
  project.write(path, "# laid out anew\n" + text);
  BOOST_TEST(project.check({"--base", "main"}) == clean);
  project.write(path, revision(c3, b2, "op.drop_column('user', 'x')", good_downgrade));
  BOOST_TEST(only(project.check({"--base", "main"}), "edited-applied-migration") ==
             finding("approval", "edited-applied-migration", c3));
  project.write(path, revision(c3, a1, good_upgrade, good_downgrade));
  const std::string moved = project.check({"--base", "main"});
  BOOST_TEST(only(moved, "reparented-applied-migration") == finding("approval", "reparented-applied-migration", c3));
  BOOST_TEST(only(moved, "edited-applied-migration") == "");
  std::filesystem::remove(path);
  BOOST_TEST(only(project.check({"--base", "main"}), "deleted-migration") ==
             finding("approval", "deleted-migration", c3));
  project.write("migrations/versions/" + c3 + "_renamed.py", text);
  BOOST_TEST(only(project.check({"--base", "main"}), "deleted-migration") == "");
}

BOOST_AUTO_TEST_CASE(a_revision_below_one_of_the_base_is_told_once) {
  const TestProject project;
  project.branch("feature");
  project.migrate(c3, a1);
  project.migrate(b2, c3);
  const std::string told = project.check({"--base", "main"});
  BOOST_TEST(only(told, "inserted-revision") == finding("error", "inserted-revision", c3));
  BOOST_TEST(only(told, "reparented-applied-migration") == "");
}

BOOST_AUTO_TEST_CASE(one_revision_id_on_both_sides_is_a_duplicate) {
  const TestProject project;
  move_main_on(project);
  project.write("migrations/versions/" + c3 + "_another.py", revision(c3, b2, good_upgrade, good_downgrade));
  BOOST_TEST(only(project.check({"--base", "main"}), "duplicate-revision") ==
             "error duplicate-revision migrations/versions/" + c3 + "_another.py:1\n");
}

BOOST_AUTO_TEST_CASE(the_drawing_says_what_is_new_and_what_the_base_got) {
  const TestProject project;
  move_main_on(project);
  project.migrate(d4, b2);
  project.commit("feature");
  BOOST_TEST(project.run({"graph", "--base", "main"}).out ==
             "◉ " + c3 + "  add email to user  (head)  (from the base)\n│ ◉ " + d4 +
                 "  add email to user  (head)  (new)\n├─╯\n● " + b2 + "  add email to user\n● " + a1 +
                 "  add email to user  (base)\n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spiritsafe
