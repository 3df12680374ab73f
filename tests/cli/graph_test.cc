// SPDX-License-Identifier: Apache-2.0
// `spiritsafe graph` in all its formats, held to files in expected/.
#include <cctype>

#include <boost/test/unit_test.hpp>

#include "tests/cli/fixture.h"

namespace spiritsafe {
namespace {

std::string read_text(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

void add(const Folder& folder, const std::string& id, const std::string& down, const std::string& message = "add x",
         const std::string& rest = "branch_labels = None\ndepends_on = None\n") {
  folder.write("migrations/versions/" + id + "_x.py", "\"\"\"" + message + "\"\"\"\nrevision = '" + id +
                                                          "'\ndown_revision = " + down + "\n" + rest +
                                                          "\n\ndef upgrade():\n    pass\n");
}

const std::string hostile = R"(<script>alert(1)</script> ]] --> \"] ; click r0 \" & end \x1b[31m %%{init}%%)";

}  // namespace

BOOST_AUTO_TEST_SUITE(graph)

BOOST_AUTO_TEST_CASE(each_format_is_as_expected) {
  const std::string top = std::filesystem::current_path().string() + "/tests/cli/expected/";
  const Folder folder;
  folder.write("alembic.ini", ini);
  folder.write("migrations/env.py", "");
  add(folder, "aaaa", "None", "create tables");
  add(folder, "bbbb", "'aaaa'", "left");
  add(folder, "cccc", "'aaaa'", "right");
  add(folder, "dddd", "('bbbb', 'cccc')", "merge both");
  add(folder, "eeee", "'dddd'", hostile);
  add(folder, "ffff", "'bbbb'", "reports", "branch_labels = ('reports\\n<b>',)\ndepends_on = 'cccc'\n");
  add(folder, "gggg", "'nowhere'", "lost");
  for (const std::string format : {"text", "mermaid", "dot", "svg", "json"}) {
    BOOST_TEST_CONTEXT(format) {
      const Outcome outcome = folder.run({"graph", "--all", "--format", format});
      BOOST_TEST(outcome.exit == 0);
      BOOST_TEST(outcome.out.find('\x1b') == std::string::npos);
      const std::string path = top + "graph." + (format == "text" ? "txt" : format);
      if (std::getenv("UPDATE_EXPECTED")) {
        std::ofstream(path, std::ios::binary) << outcome.out;
        BOOST_ERROR("wrote " + path + "; look at the difference and run again");
      }
      BOOST_TEST(outcome.out == read_text(path), "differs from " << path << "\n" << outcome.out);
    }
  }
}

BOOST_AUTO_TEST_CASE(an_unknown_format_is_an_error) {
  const Folder folder;
  BOOST_TEST(folder.run({"graph", "--format", "png"}).exit == 2);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spiritsafe
