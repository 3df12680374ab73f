// SPDX-License-Identifier: Apache-2.0
// `doctor` without a server; tests/postgres/against_server has one.
#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "tests/cli/fixture.h"

namespace spiritsafe {
namespace {

void write_project(const Folder& folder, const std::string& url = {}) {
  folder.write("alembic.ini", ini + (url.empty() ? "" : "sqlalchemy.url = " + url + "\n"));
  folder.write("pyproject.toml", "[project]\nname = 'x'\ndependencies = ['sqlmodel']\n");
  folder.write("migrations/env.py", "");
  folder.write("migrations/versions/a1b2c3d4e5f6_add_email.py",
               revision("a1b2c3d4e5f6", "", good_upgrade, good_downgrade));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(doctor)

BOOST_AUTO_TEST_CASE(rules_with_the_tag_are_told_by_line) {
  const Folder folder;
  write_project(folder);
  folder.write("justfile", "alembic-auto *args:\n    alembic revision\nalembic-up:\n    alembic upgrade head\n");
  const Outcome outcome = folder.run({"doctor"});
  BOOST_TEST(outcome.exit == 1);
  BOOST_TEST(outcome.out.find("missing  just-recipe-missing") != std::string::npos, outcome.out);
  BOOST_TEST(
      outcome.out.find("No recipe `typecheck`, which checks the types.\n    = Add the recipe to the justfile.\n") !=
          std::string::npos,
      outcome.out);
  BOOST_TEST(outcome.out.find("ok       compose-service-missing") != std::string::npos, outcome.out);
  BOOST_TEST(outcome.out.starts_with("unknown  database"), outcome.out);
}

BOOST_AUTO_TEST_CASE(what_is_missing_comes_before_what_cannot_be_said_in_the_exit_code) {
  const Folder folder;
  write_project(folder);
  BOOST_TEST(folder.run({"doctor"}).exit == 2);  // no URL anywhere, nothing missing
  BOOST_TEST(folder.run({"doctor", "--database-url", "postgresql://app@127.0.0.1:1/app"}).exit == 1);
}

BOOST_AUTO_TEST_CASE(a_password_is_never_printed) {
  const Folder folder;
  write_project(folder);
  for (const std::string url :
       {"postgresql+asyncpg://app:s3cr3t@127.0.0.1:1/app", "postgresql://app:s3cr3t@@127.0.0.1:1/app",
        "postgresql://app:s3cr3t%zz@127.0.0.1:1/app", "postgresql://app:a@s3cr3t@127.0.0.1:1/app",
        "postgresql://app:s3cr3t@127.0.0.1:port/app", "postgresql://app:s3cr3t@127.0.0.1:1/app?s3cr3t=1",
        "mysql://app:s3cr3t@127.0.0.1/app", "s3cr3t", "postgresql://127.0.0.1:1/app?password=s3cr3t"}) {
    BOOST_TEST_CONTEXT(url) {
      const Outcome outcome = folder.run({"doctor", "--database-url", url});
      BOOST_TEST(outcome.exit != 0);
      BOOST_TEST((outcome.out + outcome.err).find("s3cr3t") == std::string::npos, outcome.out + outcome.err);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_url_of_the_checkout_is_only_followed_on_this_machine) {
  const Folder folder;
  for (const std::string host : {"db.invalid", "10.255.255.1", "127.0.0.1,db.invalid"}) {
    BOOST_TEST_CONTEXT(host) {
      write_project(folder, "postgresql://app:s3cr3t@" + host + "/app");
      const Outcome outcome = folder.run({"doctor"});
      BOOST_TEST(outcome.exit == 2);
      BOOST_TEST(outcome.out.starts_with("unknown  database"), outcome.out);
      BOOST_TEST(outcome.out.find("nothing here says where it is, or it is on another machine\n") != std::string::npos);
    }
  }
  write_project(folder, "postgresql://app:s3cr3t@localhost:1/app");
  const Outcome outcome = folder.run({"doctor"});
  BOOST_TEST(outcome.exit == 1);
  BOOST_TEST(outcome.out.find("localhost:1/app: nobody listens there\n") != std::string::npos, outcome.out);
}

BOOST_AUTO_TEST_CASE(programs_get_the_same_as_json) {
  const Folder folder;
  write_project(folder);
  const auto report = nlohmann::json::parse(
      folder.run({"doctor", "--format", "json", "--database-url", "postgresql://app@127.0.0.1:1/app"}).out);
  BOOST_TEST(report["version"] == 1);
  BOOST_TEST(report["checks"][0]["name"] == "database");
  BOOST_TEST(report["checks"][0]["status"] == "missing");
  BOOST_TEST(report["checks"].size() >= 4u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spiritsafe
