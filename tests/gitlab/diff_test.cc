// SPDX-License-Identifier: Apache-2.0
#include "adapters/gitlab/diff.h"

#include <boost/test/unit_test.hpp>

namespace spiritsafe {
namespace {

using Lines = std::map<uint32_t, uint32_t>;

gitlab::Diff one_file(const std::string& unified) {
  gitlab::Diff diff;
  diff.version = {1, "base", "start", "head", {}};
  diff.files = {{"old.py", "new.py", gitlab::lines_of(unified)}};
  return diff;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(gitlab_diff)

BOOST_AUTO_TEST_CASE(each_shown_line_has_its_numbers) {
  const struct {
    std::string_view what;
    std::string unified;
    Lines expected;
  } cases[] = {
      {"added, removed, as it was",
       "@@ -1,3 +1,4 @@\n one\n-two\n+new\n three\n+four\n",
       {{1, 1}, {2, 0}, {3, 3}, {4, 0}}},
      {"a new file", "@@ -0,0 +1,2 @@\n+a\n+b\n", {{1, 0}, {2, 0}}},
      {"two parts",
       "@@ -1 +1 @@\n-a\n+b\n@@ -10,2 +10,3 @@ def upgrade():\n x\n+y\n z\n",
       {{1, 0}, {10, 10}, {11, 0}, {12, 11}}},
      {"no newline at the end",
       "@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n",
       {{1, 0}}},
      {"a file's head", "--- a/x\n+++ b/x\n@@ -1 +1,2 @@\n a\n+b\n", {{1, 1}, {2, 0}}},
      {"cut in the middle", "@@ -1,3 +1,4 @@\n one\n+tw", {{1, 1}, {2, 0}}},
      {"nothing, where it is too large", "", {}},
      {"no diff", "x\ny\n", {}},
      {"numbers out of range", "@@ -99999999999,1 +99999999999,1 @@\n+a\n", {}},
  };
  for (const auto& each : cases) {
    BOOST_TEST_CONTEXT(each.what) {
      const Lines lines = gitlab::lines_of(each.unified);
      BOOST_TEST((lines == each.expected));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_position_is_what_the_diff_shows) {
  const gitlab::Diff diff = one_file("@@ -1,2 +1,3 @@\n one\n+new\n two\n");
  const auto shown = [&](const std::string& path, uint32_t line) {
    const auto position = gitlab::position_at(diff, path, line);
    return position ? position->dump() : std::string();
  };
  const std::string begin =
      R"({"position_type":"text","base_sha":"base","start_sha":"start","head_sha":"head","old_path":"old.py","new_path":"new.py",)";
  BOOST_TEST(shown("new.py", 2) == begin + R"("new_line":2})");
  BOOST_TEST(shown("new.py", 3) == begin + R"("new_line":3,"old_line":2})");
  BOOST_TEST(shown("new.py", 4) == "");
  BOOST_TEST(shown("old.py", 2) == "");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spiritsafe
