// SPDX-License-Identifier: Apache-2.0
// The revision graph by itself. That it is Alembic's is what tests/graph/differential asks Alembic.
#include "engine/schema/graph.h"

#include <boost/test/unit_test.hpp>
#include <deque>

#include "engine/schema/file_name.h"
#include "engine/schema/history.h"

namespace spiritsafe {
namespace {

struct Given {
  std::string revision = {};
  std::vector<std::string> parents = {};
};

// A project of revisions that were never text.
struct Made {
  std::unique_ptr<Project> project = std::make_unique<Project>();
  std::deque<std::string> texts = {};

  Text text(const std::string& value) { return known(std::string_view(texts.emplace_back(value))); }
  Migration& add(const Given& given) {
    auto file = std::make_unique<File>();
    file->source.path = "versions/" + given.revision + ".py";
    file->project = project.get();
    auto migration = std::make_unique<Migration>();
    migration->file = file.get();
    migration->revision = text(given.revision);
    std::vector<Text> parents;
    for (const std::string& parent : given.parents) {
      parents.push_back(text(parent));
    }
    migration->parents.items = project->arena.copy(parents);
    project->files.push_back(std::move(file));
    project->migrations.push_back(std::move(migration));
    return *project->migrations.back();
  }
};

std::string listed(const Texts& texts) {
  std::string out = texts.state == State::unknown ? "unknown" : "";
  for (const Text& text : texts.items) {
    out += (out.empty() ? "" : " ") + std::string(text.value);
  }
  return out;
}

std::string told(const Flag& flag) { return flag.is_known() ? flag.value ? "yes" : "no" : "unknown"; }

}  // namespace

BOOST_AUTO_TEST_SUITE(graph)

BOOST_AUTO_TEST_CASE(what_cannot_be_read_makes_unknown_what_depends_on_it) {
  Made made;
  made.add({"a", {}});
  made.add({"b", {"a", "gone"}});
  link_history(*made.project);
  const auto& migrations = made.project->migrations;
  BOOST_TEST(told(migrations[0]->is_head) == "no");
  BOOST_TEST(told(migrations[1]->is_head) == "yes");
  BOOST_TEST(listed(migrations[1]->missing_parents) == "gone");

  Made partly;
  partly.add({"a", {}});
  partly.add({"b", {"a", "gone"}});
  partly.add({"c", {}}).revision = unknown<std::string_view>();
  link_history(*partly.project);
  BOOST_TEST(told(partly.project->migrations[0]->is_head) == "no");  // whatever the third one is
  BOOST_TEST(told(partly.project->migrations[1]->is_head) == "unknown");
  BOOST_TEST(listed(partly.project->migrations[1]->missing_parents) == "unknown");
  BOOST_TEST(told(partly.project->migrations[2]->is_head) == "unknown");
}

BOOST_AUTO_TEST_CASE(a_cycle_is_told_once_and_in_its_order) {
  Made made;
  made.add({"a", {"c"}});
  made.add({"b", {"a"}});
  made.add({"c", {"b"}});
  made.add({"d", {"c"}});
  link_history(*made.project);
  const auto& migrations = made.project->migrations;
  BOOST_TEST(listed(migrations[0]->cycle) == "a c b");
  BOOST_TEST(listed(migrations[1]->cycle) == "");
  BOOST_TEST(told(migrations[2]->in_cycle) == "yes");
  BOOST_TEST(told(migrations[3]->in_cycle) == "no");
}

// Nothing here may recurse, or take the square of what it is given.
BOOST_AUTO_TEST_CASE(a_hundred_thousand_revisions_of_any_shape_are_linked) {
  constexpr size_t count = 100'000;
  const auto name = [](size_t i) { return "r" + std::to_string(i); };
  const struct {
    std::string what;
    std::vector<std::string> (*parents)(size_t i, std::string (*name)(size_t));
  } cases[] = {
      {"a line", [](size_t i, auto n) { return i == 0 ? std::vector<std::string>{} : std::vector{n(i - 1)}; }},
      {"one circle", [](size_t i, auto n) { return std::vector{n((i + 1) % count)}; }},
      {"heads only", [](size_t, auto) { return std::vector<std::string>{}; }},
      {"a ladder of merges",
       [](size_t i, auto n) {
         return i < 2 ? std::vector<std::string>{} : std::vector{n(i - 1 - i % 2), n(i - 2 - i % 2)};
       }},
      {"everything merged into the last",
       [](size_t i, auto n) {
         std::vector<std::string> all;
         for (size_t each = 1; i == count - 1 && each < i; ++each) {
           all.push_back(n(each));
         }
         return i == 0 || i == count - 1 ? all : std::vector{n(0)};
       }},
  };
  for (const auto& each : cases) {
    BOOST_TEST_CONTEXT(each.what) {
      Made made;
      for (size_t i = 0; i < count; ++i) {
        made.add({name(i), each.parents(
                               i, +[](size_t n) { return "r" + std::to_string(n); })});
      }
      link_history(*made.project);
      std::vector<const Migration*> all;
      for (const auto& migration : made.project->migrations) {
        all.push_back(migration.get());
      }
      BOOST_TEST(history_order(make_graph(all)).size() == count);
    }
  }
}

BOOST_AUTO_TEST_CASE(file_names_are_what_alembic_makes_of_the_template) {
  const struct {
    std::string file_template, path, message, expected;
    Truth follows;
  } cases[] = {
      {"%(rev)s_%(slug)s", "v/a1_add_email.py", "Add e-mail!", "a1_add_e_mail", Truth::yes},
      {"%(rev)s_%(slug)s", "v/a1-add.py", "add", "a1_add", Truth::no},
      {"%%(rev)s_%%(slug)s", "v/a1_add.py", "add", "a1_add", Truth::yes},
      {"%(slug)s", "v/x.py", "squash the share group snapshot members and share",
       "squash_the_share_group_snapshot_members_", Truth::yes},
      {"%(year)d_%(month).2d_%(day).2d_%(hour).2d%(minute).2d-%(rev)s_%(slug)s", "v/2026_01_02_0304-a1_x.py", "x",
       "2026_01_02_0304-a1_x", Truth::yes},
      {"%(year)d/%(month).2d_%(rev)s", "v/2026/01_a1.py", "x", "2026/01_a1", Truth::yes},
      {"%(year)d/%(month).2d_%(rev)s", "v/01_a1.py", "x", "2026/01_a1", Truth::no},
      {"%(epoch)s_%(rev)s", "v/1700000000_a1.py", "x", "unknown", Truth::yes},
      {"%(rev)s_%(slug)s", "v/a1_größe.py", "Größe", "unknown", Truth::yes},
      {"%(rev)s_%(slug)s", "v/a1_.py", "empty message", "a1_", Truth::yes},
      {"%(rev)q", "v/a1.py", "x", "unknown", Truth::unknown},
      {"", "v/a1.py", "x", "unknown", Truth::unknown},
  };
  for (const auto& each : cases) {
    BOOST_TEST_CONTEXT(each.file_template << " " << each.path) {
      Made made;
      Migration& migration = made.add({"a1", {}});
      made.project->files[0]->source.path = each.path;
      migration.message = made.text(each.message);
      migration.header_create_date = made.text("2026-01-02 03:04:05.678901");
      Settings settings;
      settings.file_template = each.file_template;
      const FileNaming naming = file_naming(settings);
      BOOST_TEST(expected_name(migration, naming).value_or("unknown") == each.expected);
      BOOST_TEST((follows_template(migration, naming) == each.follows));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spiritsafe
