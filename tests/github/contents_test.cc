// SPDX-License-Identifier: Apache-2.0
#include "adapters/github/contents.h"

#include <boost/test/unit_test.hpp>

#include "tests/github/build.h"

namespace spiritsafe::tests {
namespace {

std::string read(int status, const std::string& body) {
  const auto text = github::read_content(
      [&](const Request& request) {
        BOOST_TEST(request.url == "/repos/o/r/contents/backend%2Fa%20b.py?ref=" + head);
        return Result<Response>(Response{status, {}, body, ""});
      },
      context(), "backend/a b.py", head);
  return text.value_or("none");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(contents)

BOOST_AUTO_TEST_CASE(a_file_of_a_commit_is_read_as_github_sends_it) {
  const struct {
    std::string content, expected;
  } cases[] = {
      {"", ""},
      {"YQ==", "a"},
      {"YWI=", "ab"},
      {"YWJj\\n", "abc"},
      {"aW1wb3J0\\nIHNxbG1v\\nZGVsCg==\\n", "import sqlmodel\n"},
      {"/+8=", "\xFF\xEF"},
      {"YQ=a", "none"},
      {"Y Q", "none"},
      {"<html>", "none"},
  };
  for (const auto& each : cases) {
    BOOST_TEST(read(200, R"({"encoding": "base64", "content": ")" + each.content + "\"}") == each.expected);
  }
  BOOST_TEST(read(200, R"({"encoding": "none", "content": ""})") == "none");
  BOOST_TEST(read(200, "[]") == "none");
  BOOST_TEST(read(200, "{") == "none");
  BOOST_TEST(read(404, R"({"encoding": "base64", "content": "YQ=="})") == "none");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spiritsafe::tests
