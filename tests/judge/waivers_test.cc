// SPDX-License-Identifier: Apache-2.0
#include "engine/judge/waivers.h"

#include "tests/judge/build.h"

namespace spiritsafe {
namespace {

using namespace tests;

const std::string rules = R"(
rules:
  drop-column:
    title: T
    for_each: operation
    formerly: [column-drop]
    where: {kind: drop_column}
    level: approval
    message: "drops {target}"
  malformed:
    title: T
    for_each: waiver
    scope: all
    where: {any: [{mistake: {is: present}}, {rule_known: false}]}
    level: warn
    message: "waiver of `{rule}`: {mistake}"
  ended:
    title: T
    for_each: waiver
    scope: all
    where: {expired: true}
    level: warn
    message: "ended {until}"
  unused:
    title: T
    for_each: waiver
    scope: all
    where: {mistake: {is: absent}, rule_known: true, expired: false, used: false}
    level: warn
    message: "unused {rule}"
)";

std::string judged(const std::string& body, const std::string& today, const std::string& settings = "") {
  const Policy policy = policy_of(settings + rules);
  const auto project = project_of({{"a.py", migration_text(body)}});
  JudgeOptions options;
  options.today = today;
  const Judgement judgement = judge({project.get()}, policy, options);
  std::string out;
  for (const Finding& finding : judgement.findings) {
    out += std::to_string(finding.begin.line) + " " + std::string(name_of(finding.state)) + " " + finding.message +
           (finding.state_reason.empty() ? "" : " (" + finding.state_reason + ")") + "\n";
  }
  return out;
}

BOOST_AUTO_TEST_SUITE(waivers_suite)

BOOST_AUTO_TEST_CASE(days_are_counted_from_1970_and_what_is_no_day_is_refused) {
  BOOST_TEST(day_number("1970-01-01").value() == 0);
  BOOST_TEST(day_number("2000-03-01").value() == 11017);
  BOOST_TEST(day_number("2026-06-30").value() == 20634);
  for (const char* wrong : {"", "2026-02-29", "2026-13-01", "2026-00-10", "2026-1-1", "2026-01-32", "20260101",
                            "2026-01-0x", "-026-01-01"}) {
    BOOST_TEST_CONTEXT(wrong) { BOOST_TEST(!day_number(wrong)); }
  }
}

BOOST_AUTO_TEST_CASE(a_waiver_counts_until_its_last_day_and_then_it_is_as_if_there_were_none) {
  const std::string body =
      "op.drop_column('u', 'x')  # spiritsafe: allow drop-column until 2026-03-31 -- empty since 2024";
  BOOST_TEST(judged(body, "2026-03-30") == "6 waived drops x (empty since 2024)\n");
  BOOST_TEST(judged(body, "2026-03-31") == "6 waived drops x (empty since 2024)\n");
  BOOST_TEST(judged(body, "2026-04-01") == "6 open drops x (waiver ended 2026-03-31)\n6 open ended 2026-03-31\n");
}

struct WaiverCase {
  std::string_view name;
  std::string body;
  std::string expected;
};

BOOST_AUTO_TEST_CASE(waivers_speak_of_their_rule_and_their_lines) {
  const std::vector<WaiverCase> cases = {
      {"line above",
       "# spiritsafe: allow drop-column until 2026-03-31 -- why\nop.drop_column('u', 'x')\nop.drop_column('u', 'y')",
       "7 waived drops x (why)\n8 open drops y\n"},
      {"former id", "op.drop_column('u', 'x')  # spiritsafe: allow column-drop until 2026-03-31 -- why",
       "6 waived drops x (why)\n"},
      {"last line of a call",
       "op.drop_column(\n    'u',\n    'x',  # spiritsafe: allow drop-column until 2026-03-31 -- why\n)",
       "6 waived drops x (why)\n"},
      {"another rule", "op.drop_column('u', 'x')  # spiritsafe: allow unused until 2026-03-31 -- why",
       "6 open drops x\n6 open unused unused\n"},
      {"no such rule", "op.drop_column('u', 'x')  # spiritsafe: allow drop-colum until 2026-03-31 -- why",
       "6 open drops x\n6 open waiver of `drop-colum`: (none)\n"},
      {"no reason", "op.drop_column('u', 'x')  # spiritsafe: allow drop-column until 2026-03-31",
       "6 open drops x\n6 open waiver of `drop-column`: it gives no reason; write ` -- ` and why behind the date\n"},
      {"no such day", "op.drop_column('u', 'x')  # spiritsafe: allow drop-column until 2026-02-30 -- why",
       "6 open drops x\n6 open waiver of `drop-column`: the date is not a day of the form YYYY-MM-DD\n"},
      {"one that ended beside one that counts",
       "# spiritsafe: allow drop-column until 2025-06-30 -- old\nop.drop_column('u', 'x')  # spiritsafe: allow "
       "drop-column until 2026-03-31 -- new",
       "6 open ended 2025-06-30\n7 waived drops x (new)\n"},
  };
  for (const WaiverCase& each : cases) {
    BOOST_TEST_CONTEXT(each.name) { BOOST_TEST(judged(each.body, "2026-01-01") == each.expected); }
  }
}

BOOST_AUTO_TEST_CASE(a_waiver_that_lasts_longer_than_allowed_waives_nothing) {
  const std::string body = "op.drop_column('u', 'x')  # spiritsafe: allow drop-column until 2026-04-01 -- why";
  const std::string settings = "settings: {max_waiver_days: 90}\n";
  BOOST_TEST(judged(body, "2026-01-01", settings) == "6 waived drops x (why)\n");
  BOOST_TEST(judged(body, "2025-12-31", settings) ==
             "6 open drops x\n6 open waiver of `drop-column`: it lasts longer than the 90 days that are allowed\n");
}

// Whatever the waiver's day, after it the findings are those of the same file without it.
BOOST_AUTO_TEST_CASE(an_ended_waiver_leaves_the_findings_of_no_waiver) {
  for (const char* until : {"2020-02-29", "2025-12-31", "1999-01-01"}) {
    const Policy policy = policy_of(rules);
    const std::string comment = std::string("  # spiritsafe: allow drop-column until ") + until + " -- why";
    const auto with = project_of({{"a.py", migration_text("op.drop_column('u', 'x')" + comment)}});
    const auto without = project_of({{"a.py", migration_text("op.drop_column('u', 'x')  # some other words")}});
    JudgeOptions options;
    options.today = "2026-01-01";
    Judgement ended = judge({with.get()}, policy, options);
    const Judgement none = judge({without.get()}, policy, options);
    std::erase_if(ended.findings, [](const Finding& finding) { return finding.rule->entity == &entity_of<Waiver>(); });
    BOOST_TEST(shown(ended) == shown(none));
    BOOST_TEST((ended.verdict == none.verdict));
    BOOST_TEST(ended.findings.at(0).fingerprint == none.findings.at(0).fingerprint);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace spiritsafe
