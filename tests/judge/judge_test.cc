// SPDX-License-Identifier: Apache-2.0
// Rules from YAML and migrations from Python, judged: what is found, where, at which level, and what becomes of it.
#include "engine/judge/judge.h"

#include "engine/judge/identity.h"
#include "tests/judge/build.h"

namespace spiritsafe {
namespace {

using namespace tests;

const std::string drop_column = R"(
rules:
  drop-column:
    title: Drops a column
    for_each: operation
    where: {kind: drop_column, direction: upgrade}
    unless:
      the table is created here:
        migration.upgrade: {some: {kind: create_table, table: {same_as: operation.table}}}
    level: approval
    message: "Removes `{table}.{target}`."
)";

Judgement judge_text(const Policy& policy, const std::vector<std::pair<std::string, std::string>>& files,
                     JudgeOptions options = {}) {
  // Findings point into the project; the tests read them afterwards.
  static std::vector<std::unique_ptr<Project>> kept;
  kept.push_back(project_of(files));
  if (options.today.empty()) {
    options.today = "2026-01-01";
  }
  return judge({kept.back().get()}, policy, options);
}

BOOST_AUTO_TEST_SUITE(judge_suite)

BOOST_AUTO_TEST_CASE(findings_are_sorted_and_the_verdict_is_the_worst) {
  const Policy policy = policy_of(drop_column + R"(
  sql:
    title: SQL
    for_each: operation
    where: {kind: execute}
    level: error
    message: "{sql_text}"
  script:
    title: Script
    for_each: line
    where: {text: {matches: '\balembic\b'}}
    level: warn
    message: "{text}"
)");
  const auto judgement = judge_text(
      policy, {{"b.py", migration_text("op.execute('SELECT 1'); op.drop_column('u', 'x')\nop.drop_column('u', 'y')")},
               {"a.sh", "true\nalembic upgrade head\n"}});
  BOOST_TEST(shown(judgement) ==
             "a.sh:2:1 warn open script: alembic upgrade head\n"
             "b.py:6:5 error open sql: SELECT 1\n"
             "b.py:6:29 approval open drop-column: Removes `u.x`.\n"
             "b.py:7:5 approval open drop-column: Removes `u.y`.\n");
  BOOST_TEST((judgement.verdict == Verdict::blocked));
  BOOST_TEST(judgement.counts.error == 1);
  BOOST_TEST(judgement.counts.approval == 2);
  BOOST_TEST(judgement.counts.warn == 1);
}

BOOST_AUTO_TEST_CASE(an_exception_that_holds_exempts) {
  const Policy policy = policy_of(drop_column);
  const auto judgement = judge_text(
      policy,
      {{"a.py", migration_text("op.create_table('u', sa.Column('x', sa.Integer()))\nop.drop_column('u', 'x')")}});
  BOOST_TEST(shown(judgement) == "");
  BOOST_TEST((judgement.verdict == Verdict::clean));
}

BOOST_AUTO_TEST_CASE(an_undecided_rule_does_as_its_policy_says) {
  const auto with = [](std::string_view undecided) {
    return policy_of(
        "rules:\n  on-user:\n    title: T\n    for_each: operation\n    where: {kind: execute, sql_text: {contains: "
        "user}}\n"
        "    level: error\n    undecided: " +
        std::string(undecided) + "\n    message: \"{sql_text}\"\n");
  };
  const std::vector<std::pair<std::string, std::string>> files = {{"a.py", migration_text("op.execute(make())")}};
  const Policy ignore = with("ignore");
  BOOST_TEST(shown(judge_text(ignore, files)) == "");
  const Policy advice = with("advice");
  const Judgement advised = judge_text(advice, files);
  BOOST_TEST(shown(advised) == "a.py:6:5 advice undecided on-user: `make()`\n");
  BOOST_TEST((advised.verdict == Verdict::clean));
  BOOST_TEST(advised.counts.undecided == 1);
  const Policy same = with("same");
  const Judgement blocked = judge_text(same, files);
  BOOST_TEST(shown(blocked) == "a.py:6:5 error undecided on-user: `make()`\n");
  BOOST_TEST((blocked.verdict == Verdict::blocked));
  BOOST_TEST(blocked.findings[0].state_reason.starts_with("cannot tell whether sql_text contains user"));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_told_of_a_broken_migration_is_counted_once) {
  const Policy policy = policy_of(R"(
rules:
  broken:
    title: T
    for_each: migration
    where: {syntax_error: {is: present}}
    level: error
    message: "does not parse"
  one:
    title: T
    for_each: migration
    where: {upgrade: {some: {kind: execute}}}
    level: error
    message: "SQL"
  two:
    title: T
    for_each: migration
    where: {upgrade: {size: 0}}
    level: error
    message: "empty"
)");
  const Judgement judgement = judge_text(policy, {{"a.py", "def upgrade(:\n"}});
  BOOST_TEST(judgement.findings.size() == 1u);
  BOOST_TEST(judgement.findings[0].rule->id == "broken");
  BOOST_TEST(judgement.counts.undecided == 1);
}

BOOST_AUTO_TEST_CASE(values_of_strangers_are_harmless_in_messages) {
  const Policy policy = policy_of(drop_column);
  const Judgement judgement =
      judge_text(policy, {{"a.py", migration_text("op.drop_column('u\\x1b[31m', 'a\\nb\\u202e')\nop.drop_column('" +
                                                  std::string(300, 'x') + "', 'y')")}});
  BOOST_TEST(judgement.findings[0].message == "Removes `u\\x1b[31m.a b\\u202e`.");
  BOOST_TEST(judgement.findings[1].message == "Removes `" + std::string(199, 'x') + "….y`.");
}

BOOST_AUTO_TEST_CASE(overrides_change_levels_by_file_and_table_and_the_last_wins) {
  const Policy policy = policy_of(drop_column + R"(
overrides:
  - files: ['old/**']
    rules: {drop-column: {level: 'off', because: history}}
  - tables: [big]
    rules: {drop-column: {level: error}}
)");
  const std::string text = migration_text("op.drop_column('big', 'x')\nop.drop_column('small', 'y')");
  const Judgement judgement = judge_text(policy, {{"new/a.py", text}, {"old/a.py", text}});
  BOOST_TEST(shown(judgement) ==
             "new/a.py:6:5 error open drop-column: Removes `big.x`.\n"
             "new/a.py:7:5 approval open drop-column: Removes `small.y`.\n"
             "old/a.py:6:5 error open drop-column: Removes `big.x`.\n");
}

BOOST_AUTO_TEST_CASE(what_is_excluded_or_before_the_start_is_not_judged) {
  const Policy policy = policy_of("settings:\n  exclude: ['gone/**']\n  start_after: bbb\n" + drop_column);
  const auto child = [](const std::string& revision, const std::string& parents) {
    return "from alembic import op\nrevision = '" + revision + "'\ndown_revision = " + parents +
           "\ndef upgrade():\n    op.drop_column('t', '" + revision + "')\n";
  };
  const Judgement judgement = judge_text(policy, {{"a.py", child("aaa", "None")},
                                                  {"b.py", child("bbb", "'aaa'")},
                                                  {"c.py", child("ccc", "('bbb',)")},
                                                  {"d.py", child("ddd", "'aaa'")},
                                                  {"gone/e.py", child("eee", "'ccc'")}});
  BOOST_TEST(shown(judgement) ==
             "c.py:5:5 approval open drop-column: Removes `t.ccc`.\n"
             "d.py:5:5 approval open drop-column: Removes `t.ddd`.\n");
  BOOST_TEST(judgement.notes.empty());
  const Policy wrong = policy_of("settings:\n  start_after: zzz\n" + drop_column);
  const Judgement noted = judge_text(wrong, {{"a.py", child("aaa", "None")}});
  BOOST_TEST(noted.notes.front() == "`start_after: zzz` names no revision, so every migration is judged");
}

BOOST_AUTO_TEST_CASE(scopes_ask_about_what_the_change_did) {
  const auto scoped = [](std::string_view scope) {
    return policy_of("rules:\n  any:\n    title: T\n    for_each: migration\n    scope: " + std::string(scope) +
                     "\n    where: {revision: {is: known}}\n    level: warn\n    message: \"{revision}\"\n");
  };
  const auto project = project_of({{"a.py", migration_text("pass", "added")},
                                   {"b.py", migration_text("pass", "modified")},
                                   {"c.py", migration_text("pass", "unchanged")}});
  project->files[1]->change = Change::modified;
  project->files[2]->change = Change::unchanged;
  const auto messages = [&](std::string_view scope) {
    std::string out;
    const Policy policy = scoped(scope);
    for (const Finding& finding : judge({project.get()}, policy).findings) {
      out += finding.message + " ";
    }
    return out;
  };
  BOOST_TEST(messages("added") == "added ");
  BOOST_TEST(messages("changed") == "added modified ");
  BOOST_TEST(messages("all") == "added modified unchanged ");
}

BOOST_AUTO_TEST_CASE(fingerprints_do_not_move_with_lines_layout_or_file_names) {
  const Policy policy = policy_of(drop_column);
  const auto fingerprints = [&](const std::string& path, const std::string& text) {
    std::vector<std::string> all;
    for (const Finding& finding : judge_text(policy, {{path, text}}).findings) {
      all.push_back(finding.fingerprint);
    }
    return all;
  };
  const auto before = fingerprints(
      "a.py", migration_text("op.drop_column('u', 'x')\nop.drop_column('u', 'y')\nop.drop_column('u', 'x')"));
  BOOST_TEST(before.size() == 3u);
  BOOST_TEST(before[0].size() == 16u);
  BOOST_TEST(before[0] != before[1]);
  BOOST_TEST(before[0] != before[2]);
  const auto after = fingerprints(
      "b.py", "# a comment\n\n" + migration_text("# why\nop.drop_column(\n  \"u\",\n  'x',\n)\n\nop.drop_column('u', "
                                                 "column_name='y')  # gone\nop.drop_column('u', 'x')"));
  BOOST_TEST(before == after, boost::test_tools::per_element());
  BOOST_TEST(fingerprints("a.py", migration_text("op.drop_column('u', 'x')", "bbb"))[0] != before[0]);
}

BOOST_AUTO_TEST_CASE(raw_sql_is_told_apart_by_its_text_but_not_by_its_white_space) {
  const Policy policy = policy_of(
      "rules:\n  sql:\n    title: T\n    for_each: operation\n    where: {kind: execute}\n    level: warn\n    "
      "message: \"{sql_text}\"\n");
  const auto fingerprint = [&](const std::string& body) {
    return judge_text(policy, {{"a.py", migration_text(body)}}).findings.at(0).fingerprint;
  };
  BOOST_TEST(fingerprint("op.execute('UPDATE a SET b = 1')") ==
             fingerprint("op.execute('''UPDATE a\n       SET b = 1''')"));
  BOOST_TEST(fingerprint("op.execute('UPDATE a SET b = 1')") != fingerprint("op.execute('UPDATE a SET b = 2')"));
}

BOOST_AUTO_TEST_CASE(summaries_tell_what_upgrade_does_with_the_named_kinds_first) {
  const Policy policy = policy_of(drop_column);
  Policy destructive = policy;
  destructive.settings.lists["destructive_operations"] = {"drop_column", "drop_table"};
  const std::vector<std::pair<std::string, std::string>> files = {
      {"a.py", migration_text("op.create_table('u', sa.Column('x', sa.Integer(), index=True))\n"
                              "op.add_column('u', sa.Column('y', sa.Integer()))\n"
                              "op.alter_column('u', 'y', nullable=False, type_=sa.String(5))\n"
                              "op.create_index('ix', 'u', ['x'])\n"
                              "op.create_foreign_key('fk', 'u', 'v', ['a'], ['b'])\n"
                              "op.execute('UPDATE u SET x = 1')\n"
                              "op.execute(make())\n"
                              "op.drop_column('u', 'z', schema='s')\n"
                              "op.rename_table('u', 'w')")}};
  const auto words = [&](const Policy& each) {
    std::string out;
    const Judgement judgement = judge_text(each, files);
    for (const std::string& change : judgement.migrations.at(0).changes) {
      out += change + "\n";
    }
    return out;
  };
  const std::string others =
      "adds table u\n"
      "adds column u.y\n"
      "alters column u.y: type, not null\n"
      "adds index ix on u\n"
      "adds foreign key fk on u to v\n"
      "runs SQL (update u)\n"
      "runs SQL (unknown)\n";
  BOOST_TEST(words(policy) == others + "drops column s.u.z\nrenames table u to w\n");
  BOOST_TEST(words(destructive) == "drops column s.u.z\n" + others + "renames table u to w\n");
}

BOOST_AUTO_TEST_CASE(several_threads_find_what_one_finds) {
  const Policy policy = policy_of(drop_column);
  std::vector<std::pair<std::string, std::string>> files;
  for (int i = 0; i < 200; ++i) {
    files.push_back(
        {"m" + std::to_string(i) + ".py", migration_text("op.drop_column('u', 'x')", "r" + std::to_string(i))});
  }
  JudgeOptions four;
  four.threads = 4;
  const std::string one = shown(judge_text(policy, files));
  BOOST_TEST(one.size() > 1000u);
  BOOST_TEST(one == shown(judge_text(policy, files, four)));
}

// Long lists are looked up by an index; it must find what walking them finds. Each migration is the same twice over,
// once below and once above the length from which an index is used.
BOOST_AUTO_TEST_CASE(long_lists_give_the_same_answers_as_short_ones) {
  const Policy policy = policy_of(R"(
maps:
  inverse: {create_table: drop_table, add_column: drop_column}
rules:
  join:
    title: T
    for_each: operation
    where:
      kind: [add_column, drop_column, create_table]
      migration.upgrade: {none: {kind: drop_table, table: {same_as: operation.table}}}
    unless:
      created before: {earlier: {some: {kind: create_table, table: {same_as: operation.table}}}}
      much sql: {later: {some: {kind: execute}}, migration.upgrade: {count: {where: {target: {same_as: operation.target}}, at_least: 3}}}
    require:
      migration.downgrade: {some: {kind: {same_as: operation.kind, through: inverse}, target: {same_as: operation.target}}}
    level: warn
    message: "{kind} {table} {target}"
)");
  const std::string body =
      "op.create_table('a', sa.Column('x', sa.Integer()))\nop.add_column('a', sa.Column('y', sa.Integer()))\n"
      "op.add_column('b', sa.Column('y', sa.Integer()))\nop.add_column(name, sa.Column('z', sa.Integer()))\n"
      "op.add_column('c', sa.Column('w', sa.Integer()))\nop.drop_table('c')\nop.add_column('d', sa.Column('q', "
      "sa.Integer()))\n"
      "op.execute('SELECT 1')\nop.drop_column('e', 'r')";
  const std::string down = "\ndef downgrade():\n    op.drop_column('d', 'q')\n    op.drop_column('b', 'y2')\n";
  const auto judged = [&](size_t padding) {
    std::string long_body = body;
    for (size_t i = 0; i < padding; ++i) {
      long_body += "\nop.alter_column('pad" + std::to_string(i) + "', 'p', comment='x')";
    }
    std::string text = migration_text(long_body);
    text = text.substr(0, text.rfind("\ndef downgrade")) + down;
    for (size_t i = 0; i < padding; ++i) {
      text += "    op.alter_column('pad', 'p" + std::to_string(i) + "', comment='x')\n";
    }
    std::string messages;
    for (const Finding& finding : judge_text(policy, {{"a.py", text}}).findings) {
      messages += finding.message + "\n";
    }
    return messages;
  };
  const std::string few = judged(0);
  BOOST_TEST(few.find("drop_column e r") != std::string::npos);
  BOOST_TEST(few == judged(200));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace spiritsafe
