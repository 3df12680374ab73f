// SPDX-License-Identifier: Apache-2.0
// `diagnoses:`: what is read of it, and whole error texts.
#include <boost/test/unit_test.hpp>

#include "engine/policy/load.h"
#include "tests/policy/base_pack.h"

namespace spiritsafe {
namespace {

Result<Policy> load(const std::string& text) {
  LoadOptions options;
  options.packs = base_pack();
  return load_policy({"p.yml", text}, options);
}

std::string errors_of(const std::string& text) {
  const Result<Policy> policy = load(text);
  return policy ? "" : format_errors(policy.error());
}

const std::string good =
    "language: 1\nextends: [{builtin: base}]\ndiagnoses:\n  disk-full:\n    title: No room for {file}\n"
    "    why: '{{quota}} of {file}.'\n    fix: Delete something.\n    links: [https://example.org/disk]\n"
    "    rules: [drop-column]\n    signatures:\n"
    "      - {pattern: 'no space left writing (?P<file>\\S+)', example: no space left writing a.txt}\n";

std::string with(const std::string& from, const std::string& to) {
  std::string text = good;
  const size_t at = text.find(from);
  BOOST_REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(diagnoses)

BOOST_AUTO_TEST_CASE(a_diagnosis_is_read_with_its_place_and_placeholders) {
  const Result<Policy> policy = load(good);
  BOOST_REQUIRE(policy.has_value());
  BOOST_REQUIRE(policy->diagnoses.size() == 1u);
  const Diagnosis& diagnosis = policy->diagnoses[0];
  BOOST_TEST(diagnosis.id == "disk-full");
  BOOST_TEST(diagnosis.pack == "p.yml");
  BOOST_TEST(diagnosis.place.line == 4u);
  BOOST_TEST(diagnosis.rules == std::vector<std::string>{"drop-column"}, boost::test_tools::per_element());
  BOOST_TEST(diagnosis.links.size() == 1u);
  BOOST_REQUIRE(diagnosis.why.pieces.size() == 2u);
  BOOST_TEST(diagnosis.why.pieces[0].literal == "{quota} of ");
  BOOST_TEST(diagnosis.why.pieces[0].group == "file");
  BOOST_TEST(diagnosis.why.pieces[1].literal == ".");
  BOOST_TEST(diagnosis.why.pieces[1].group == "");
}

BOOST_AUTO_TEST_CASE(a_diagnosis_does_not_change_what_decides) {
  const Result<Policy> with_it = load(good);
  const Result<Policy> without = load(good.substr(0, good.find("diagnoses:")));
  BOOST_REQUIRE((with_it && without));
  BOOST_TEST(with_it->digest == without->digest);
}

BOOST_AUTO_TEST_CASE(every_mistake_is_told_with_its_place) {
  struct Case {
    std::string text, errors;
  };
  const std::vector<Case> cases = {
      {with("No room for {file}", "No room for {fil}"),
       "p.yml:5:25: error: `fil` is not a named group of the signature `no space left writing (?P<file>\\S+)`\n"
       "      5 |     title: No room for {fil}\n"
       "        |                         ^~~\n"
       "    = did you mean `file`?\n"},
      {with("Delete something.", "Delete } something."),
       "p.yml:7:17: error: a brace that stands alone\n"
       "      7 |     fix: Delete } something.\n"
       "        |                 ^\n"
       "    = `{{` and `}}` print braces; `{name}` is a named group of the pattern\n"},
      {with(", example: no space left writing a.txt", ""),
       "p.yml:11:9: error: a signature of a diagnosis needs `example:`\n"
       "     11 |       - {pattern: 'no space left writing (?P<file>\\S+)'}\n"
       "        |         ^\n"
       "    = the line as it was printed, copied from a real log\n"},
      {with("example: no space", "example: some space"),
       "p.yml:11:67: error: the signature does not match its example\n"
       "     11 |       - {pattern: 'no space left writing (?P<file>\\S+)', example: some space left writing a.txt}\n"
       "        |                                                                   "
       "^~~~~~~~~~~~~~~~~~~~~~~~~~~~~\n"},
      {with("    fix: Delete something.\n", ""),
       "p.yml:4:3: error: `disk-full` has no `fix:`\n"
       "      4 |   disk-full:\n"
       "        |   ^~~~~~~~~\n"},
      {with("    fix:", "    fixx:"),
       "p.yml:4:3: error: `disk-full` has no `fix:`\n"
       "      4 |   disk-full:\n"
       "        |   ^~~~~~~~~\n"
       "p.yml:7:5: error: a diagnosis has no `fixx`\n"
       "      7 |     fixx: Delete something.\n"
       "        |     ^~~~\n"
       "    = did you mean `fix`?\n"},
      {with("rules: [drop-column]", "rules: [drop-colum]"),
       "p.yml:9:13: error: there is no rule `drop-colum`\n"
       "      9 |     rules: [drop-colum]\n"
       "        |             ^~~~~~~~~~\n"
       "    = did you mean `drop-column`?\n"},
      {with("  disk-full:", "  drop-column:"),
       "p.yml:4:3: error: `drop-column` is a rule already\n"
       "      4 |   drop-column:\n"
       "        |   ^~~~~~~~~~~\n"
       "    = give the rule the signatures, or the diagnosis another id\n"},
      {with("  disk-full:", "  Disk full:"),
       "p.yml:4:3: error: `Disk full` is no id: small letters and digits in words joined by `-`\n"
       "      4 |   Disk full:\n"
       "        |   ^~~~~~~~~\n"},
      {"language: 1\nextends: [{builtin: base}]\ndiagnoses: [disk-full]\n",
       "p.yml:3:12: error: `diagnoses` is a map of ids\n"
       "      3 | diagnoses: [disk-full]\n"
       "        |            ^\n"
       "    = e.g. diagnoses: {disk-full: {title: …, why: …, fix: …, signatures: […]}}\n"},
      {with("https://example.org", "example.org"),
       "p.yml:8:13: error: `example.org/disk` is no link\n"
       "      8 |     links: [example.org/disk]\n"
       "        |             ^~~~~~~~~~~~~~~~\n"
       "    = a link begins with https://\n"},
  };
  for (const Case& each : cases) {
    BOOST_TEST_CONTEXT(each.text) { BOOST_TEST(errors_of(each.text) == each.errors); }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spiritsafe
