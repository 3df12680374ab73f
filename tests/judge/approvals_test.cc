// SPDX-License-Identifier: Apache-2.0
#include "engine/judge/approvals.h"

#include <fmt/format.h>

#include "engine/read/digest.h"
#include "tests/judge/build.h"

namespace spiritsafe {
namespace {

using namespace tests;

const std::string approvers = R"(
approvers:
  dba: [github:Jane, github:acme/dba, label:db-approved]
  security: [github:sam]
  marked: [label:backup-taken]
)";

std::string rules(const std::string& approval = "", const std::string& level = "approval") {
  return approvers + R"(
rules:
  drop-column:
    title: T
    for_each: operation
    where: {kind: drop_column}
    level: )" +
         level + "\n" + (approval.empty() ? "" : "    approval: " + approval + "\n") +
         "    message: \"drops {target}\"\n";
}

std::string digest(std::string_view text) { return code_digests(text).code; }

const std::string now = migration_text("op.drop_column('u', 'x')");
const std::string before = migration_text("op.drop_column('u', 'y')");

Approval review(const std::string& user, const std::string& code = now) {
  Approval approval;
  approval.user = user;
  approval.can_write = true;
  approval.commit = "c1";
  approval.digests = {{"migrations/a.py", digest(code)}};
  return approval;
}

Approval label(const std::string& name, const std::string& user, const std::string& code = now) {
  Approval approval = review(user, code);
  approval.kind = Approval::Kind::label;
  approval.label = name;
  return approval;
}

template <class Change>
Approval with(Approval approval, Change change) {
  change(approval);
  return approval;
}

Approvals change_of(std::vector<Approval> given) { return {"github", {"ada"}, "c9", std::move(given)}; }

// `state reason`, or what is still needed; then the verdict.
std::string judged(const std::string& policy_text, const Approvals* approvals, const std::string& text = now,
                   const std::string& path = "a.py") {
  const Policy policy = policy_of(policy_text);
  const auto project = project_of({{path, text}});
  JudgeOptions options;
  options.today = "2026-06-15";
  options.approvals = approvals;
  const Judgement judgement = judge({project.get()}, policy, options);
  std::string out;
  for (const Finding& finding : judgement.findings) {
    out += fmt::format("{} {}", name_of(finding.state), finding.state_reason);
    if (finding.approval) {
      out += show_need(*finding.approval);
      for (const std::string& each : finding.approval->set_aside) {
        out += "; " + each;
      }
    }
    out += '\n';
  }
  return out + std::string(name_of(judgement.verdict));
}

using Given = std::vector<Approval>;

std::string judged(const std::string& approval, Given given) {
  const Approvals approvals = change_of(std::move(given));
  return judged(rules(approval), &approvals);
}

const std::string anyone = "open anyone with write access but the authors, by review";
const std::string by_dba = "open someone of dba (github:Jane, github:acme/dba, label:db-approved), by review or label";

struct ApprovalCase {
  std::string_view name;
  std::string approval;
  std::vector<Approval> given;
  std::string expected;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(approvals)

BOOST_AUTO_TEST_CASE(what_is_needed_is_said_where_nothing_was_given) {
  BOOST_TEST(judged(rules(), nullptr) == anyone + "\napproval");
  BOOST_TEST(judged("{by: [dba]}", Given{}) == by_dba + "\napproval");
  BOOST_TEST(judged("{by: [dba, security]}", Given{}) ==
             "open someone of dba or security (github:Jane, github:acme/dba, label:db-approved, github:sam), by review "
             "or label\napproval");
  BOOST_TEST(judged("{by: [dba], via: [label]}", Given{}) ==
             "open someone of dba (github:Jane, github:acme/dba, label:db-approved), by label\napproval");
  BOOST_TEST(judged("{by: [security], via: [label]}", Given{}) ==
             "open someone of security (github:sam), by label, and none of them names a label\napproval");
  BOOST_TEST(judged("{via: [label]}", Given{}) ==
             "open by label, and the rule names no group under `approvers:` that has one\napproval");
}

BOOST_AUTO_TEST_CASE(one_approval_of_the_right_person_for_this_code_is_enough) {
  using A = Approval;
  const auto bot = [](A& a) { a.bot = true; };
  const auto outsider = [](A& a) { a.can_write = false; };
  const auto in_team = [](A& a) { a.teams = {"acme/web", "Acme/DBA"}; };
  const auto dismissed = [](A& a) { a.answer = A::Answer::dismissed; };
  const auto refuses = [](A& a) { a.answer = A::Answer::changes_requested; };
  const std::string old = "is for another version of the code";
  const std::vector<ApprovalCase> cases = {
      {"anyone", "", {review("joe")}, "approved approved by joe\nclean"},
      {"an outsider",
       "",
       {with(review("joe"), outsider)},
       anyone + "; the review of joe is by somebody without write access\napproval"},
      {"the author", "", {review("Ada")}, anyone + "; the review of Ada is by an author of the change\napproval"},
      {"a bot", "", {with(review("ci[bot]"), bot)}, anyone + "; the review of ci[bot] is by a bot\napproval"},
      {"dismissed",
       "",
       {review("joe"), with(review("joe"), dismissed)},
       anyone + "; the review of joe was dismissed\napproval"},
      {"changes asked for later",
       "",
       {review("joe"), with(review("joe"), refuses)},
       anyone + "; the review of joe asks for changes\napproval"},
      {"changes asked for earlier",
       "",
       {with(review("joe"), refuses), review("joe")},
       "approved approved by joe\nclean"},
      {"a later edit", "", {review("joe", before)}, anyone + "; the review of joe " + old + "\napproval"},
      {"only a comment was edited", "", {review("joe", now + "# why\n")}, "approved approved by joe\nclean"},
      {"a file of another name then",
       "",
       {with(review("joe"),
             [](A& a) {
               a.digests = {{"old/name.py", digest(now)}};
             })},
       "approved approved by joe\nclean"},
      {"of the head, with other code",
       "",
       {with(review("joe", before), [](A& a) { a.commit = "c9"; })},
       anyone + "; the review of joe " + old + "\napproval"},
      {"of nothing that is known",
       "",
       {with(review("joe"), [](A& a) { a.digests = {}; })},
       anyone + "; the review of joe " + old + "\napproval"},
      {"of other findings",
       "",
       {with(review("joe"), [](A& a) { a.findings = {"0123456789abcdef"}; })},
       anyone + "; the review of joe speaks of other findings\napproval"},
      {"a label without a group", "", {label("db-approved", "joe")}, anyone + "\napproval"},

      {"a member", "{by: [dba]}", {review("jane")}, "approved approved by jane (dba)\nclean"},
      {"a team", "{by: [dba]}", {with(review("kim"), in_team)}, "approved approved by kim (dba)\nclean"},
      {"nobody of the group",
       "{by: [dba]}",
       {review("joe")},
       by_dba + "; the review of joe is by nobody of dba\napproval"},
      {"a member who is the author",
       "{by: [dba]}",
       {with(review("ada"), in_team)},
       by_dba + "; the review of ada is by an author of the change\napproval"},
      {"a label of a member", "{by: [dba]}", {label("DB-approved", "jane")}, "approved approved by jane (dba)\nclean"},
      {"a label of somebody else",
       "{by: [dba]}",
       {label("db-approved", "joe")},
       by_dba + "; the label db-approved of joe is by nobody of dba\napproval"},
      {"a label set before an edit",
       "{by: [dba]}",
       {label("db-approved", "jane", before)},
       by_dba + "; the label db-approved of jane " + old + "\napproval"},
      {"another label", "{by: [dba]}", {label("wontfix", "jane")}, by_dba + "\napproval"},
      {"any one of two groups", "{by: [dba, security]}", {review("sam")}, "approved approved by sam (security)\nclean"},
      {"a group of labels only",
       "{by: [marked]}",
       {label("backup-taken", "joe")},
       "approved approved by joe (marked)\nclean"},
      {"a group of labels only, set by an outsider",
       "{by: [marked]}",
       {with(label("backup-taken", "joe"), outsider)},
       "open someone of marked (label:backup-taken), by review or label; the label backup-taken of joe is by nobody of "
       "marked\napproval"},
      {"review only",
       "{by: [dba], via: [review]}",
       {label("db-approved", "jane")},
       "open someone of dba (github:Jane, github:acme/dba, label:db-approved), by review; the label db-approved of "
       "jane is a label, and a review is asked for\napproval"},
      {"label only",
       "{by: [dba], via: [label]}",
       {review("jane"), label("db-approved", "jane")},
       "approved approved by jane (dba)\nclean"},
      {"label only, by review",
       "{by: [dba], via: [label]}",
       {review("jane")},
       "open someone of dba (github:Jane, github:acme/dba, label:db-approved), by label; the review of jane is a "
       "review, and a label is asked for\napproval"},
  };
  for (const ApprovalCase& each : cases) {
    BOOST_TEST_CONTEXT(each.name) { BOOST_TEST(judged(each.approval, each.given) == each.expected); }
  }
}

BOOST_AUTO_TEST_CASE(people_of_another_platform_are_other_people) {
  Approvals approvals = change_of({review("jane")});
  approvals.platform = "gitlab";
  BOOST_TEST(judged(rules("{by: [dba]}"), &approvals) == by_dba + "; the review of jane is by nobody of dba\napproval");
}

BOOST_AUTO_TEST_CASE(a_group_that_nobody_is_in_approves_nothing) {
  const Approvals approvals = change_of({review("jane")});
  std::string policy = rules("{by: [dba]}");
  policy.replace(0, approvers.size(), "");
  BOOST_TEST(judged(policy, &approvals) ==
             "open someone of dba, and the policy's `approvers:` names nobody there; the review of jane is by nobody "
             "of dba\napproval");
}

BOOST_AUTO_TEST_CASE(errors_are_not_approved_and_what_is_waived_needs_no_approval) {
  const Approvals approvals = change_of({review("joe")});
  BOOST_TEST(judged(rules("", "error"), &approvals) == "open \nblocked");
  const std::string waived =
      migration_text("op.drop_column('u', 'x')  # spiritsafe: allow drop-column until 2026-06-30 -- empty since 2024");
  BOOST_TEST(judged(rules(), &approvals, waived) == "waived empty since 2024\nclean");
  BOOST_TEST(judged(rules(), nullptr, waived) == "waived empty since 2024\nclean");
}

BOOST_AUTO_TEST_CASE(every_finding_needs_its_own) {
  const std::string two = migration_text("op.drop_column('u', 'x')\nop.drop_column('u', 'y')");
  const Policy policy = policy_of(rules());
  const auto project = project_of({{"a.py", two}});
  const Judgement all = judge({project.get()}, policy);
  const Approvals approvals = change_of(
      {with(review("joe", two), [&](Approval& approval) { approval.findings = {all.findings.at(1).fingerprint}; })});
  BOOST_TEST(judged(rules(), &approvals, two) ==
             anyone + "; the review of joe speaks of other findings\napproved approved by joe\napproval");
}

BOOST_AUTO_TEST_CASE(what_stands_in_no_file_is_approved_at_the_head_only) {
  const std::string policy =
      approvers +
      "\nrules:\n  r:\n    title: T\n    for_each: repo\n    where: {migrations: {size: 1}}\n    "
      "level: approval\n    message: m\n";
  const Approvals earlier = change_of({review("joe")});
  const Approvals at_head = change_of({with(review("joe"), [](Approval& approval) { approval.commit = "c9"; })});
  BOOST_TEST(judged(policy, &earlier) == anyone + "; the review of joe is for another version of the code\napproval");
  BOOST_TEST(judged(policy, &at_head) == "approved approved by joe\nclean");
}

BOOST_AUTO_TEST_CASE(names_of_strangers_are_made_harmless) {
  BOOST_TEST(judged("", {review("joe\x1b[31m\n::error::")}) == "approved approved by joe\\x1b[31m ::error::\nclean");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spiritsafe
