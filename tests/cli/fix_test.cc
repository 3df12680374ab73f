// SPDX-License-Identifier: Apache-2.0
// What `fix` does to files as they really are.
#include <sys/stat.h>

#include <boost/test/unit_test.hpp>

#include "tests/cli/fixture.h"

namespace spiritsafe {
namespace {

namespace fs = std::filesystem;

const std::string lacking =
    revision("0a1b2c3d4e5f", "", "op.add_column('user', sa.Column('email', sqlmodel.sql.sqltypes.AutoString()))",
             good_downgrade);
const std::string path = "migrations/versions/a.py";

std::string mended(std::string text, const std::string& newline = "\n") {
  const std::string anchor = "import sqlalchemy as sa" + newline;
  return text.insert(text.find(anchor) + anchor.size(), "import sqlmodel" + newline);
}

struct SqlmodelProject : Folder {
  SqlmodelProject() {
    write("alembic.ini", ini);
    write("requirements.txt", "sqlmodel\n");
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(fix)

BOOST_AUTO_TEST_CASE(newlines_marks_and_modes_are_kept) {
  std::string windows;
  for (const char c : lacking) {
    windows += c == '\n' ? std::string("\r\n") : std::string(1, c);
  }
  const std::string mark = "\xef\xbb\xbf";
  const struct {
    std::string before;
    std::string after;
  } cases[] = {
      {lacking, mended(lacking)},
      {windows, mended(windows, "\r\n")},
      {mark + lacking, mark + mended(lacking)},
      {lacking.substr(0, lacking.size() - 1), mended(lacking).substr(0, mended(lacking).size() - 1)},
  };
  for (const auto& each : cases) {
    const SqlmodelProject project;
    project.write(path, each.before);
    ::chmod(path.c_str(), 0640);
    BOOST_TEST(project.run({"fix", "."}).err == "made 1 fix in 1 file\n");
    BOOST_TEST(project.read(path) == each.after);
    BOOST_TEST((fs::status(path).permissions() == fs::perms(0640)));
    BOOST_TEST(project.run({"fix", "."}).err == "nothing to fix\n");
  }
}

BOOST_AUTO_TEST_CASE(what_a_link_leads_to_is_mended_and_the_link_stays) {
  const SqlmodelProject project;
  project.write("real.py", lacking);
  fs::create_directories("migrations/versions");
  fs::create_symlink("../../real.py", path);
  BOOST_TEST(project.run({"fix", "."}).err == "made 1 fix in 1 file\n");
  BOOST_TEST(fs::is_symlink(path));
  BOOST_TEST(project.read("real.py") == mended(lacking));
}

BOOST_AUTO_TEST_CASE(a_fix_that_would_break_the_file_is_refused) {
  const SqlmodelProject project;
  std::string continued = lacking;
  const std::string anchor = "import sqlalchemy as sa\n";
  continued.replace(continued.find(anchor), anchor.size(), "import sqlalchemy as sa\\\n\n");
  project.write(path, continued);
  const Outcome outcome = project.run({"fix", "."});
  BOOST_TEST(outcome.err ==
             path + ": not fixed: " + path +
                 ":21: the fix of `sqlmodel-import-missing` was not made: the file would not parse any more\n"
                 "nothing to fix\n");
  BOOST_TEST(project.read(path) == continued);
}

BOOST_AUTO_TEST_CASE(a_model_that_nobody_imports_is_imported_where_the_models_are) {
  const SqlmodelProject project;
  const auto model = [](const std::string& name) {
    return "from sqlmodel import Field, SQLModel\n\n\nclass " + name +
           "(SQLModel, table=True):\n    id: int = Field(primary_key=True)\n";
  };
  project.write("migrations/env.py",
                "from sqlmodel import SQLModel\nimport app.models\ntarget_metadata = SQLModel.metadata\n");
  project.write("app/__init__.py", "");
  project.write("app/models/hero.py", model("Hero"));
  project.write("app/models/team.py", model("Team"));
  project.write("app/models/link.py", model("Link"));
  const std::string before = "\"\"\"All of them.\"\"\"\r\nfrom .hero import Hero\r\n\r\n__all__ = ['Hero']";
  project.write("app/models/__init__.py", before);
  BOOST_TEST(project.run({"fix", ".", "--diff"}).out ==
             "--- a/app/models/__init__.py\n+++ b/app/models/__init__.py\n@@ -1,4 +1,6 @@\n"
             " \"\"\"All of them.\"\"\"\\r\n from .hero import Hero\\r\n"
             "+from app.models.link import Link  # noqa: F401\\r\n+from app.models.team import Team  # noqa: F401\\r\n"
             " \\r\n __all__ = ['Hero']\n\\ No newline at end of file\n");
  BOOST_TEST(project.read("app/models/__init__.py") == before);
  BOOST_TEST(project.run({"fix", "."}).err == "made 2 fixes in 1 file\n");
  BOOST_TEST(project.run({"check", ".", "--all"}).out.find("model-not-imported") == std::string::npos);
  BOOST_TEST(project.run({"fix", "."}).err == "nothing to fix\n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spiritsafe
