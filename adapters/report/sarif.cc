// SPDX-License-Identifier: Apache-2.0
// SARIF 2.1.0, within the limits of GitHub's code scanning. What is waived, approved or in the baseline is there too,
// suppressed.
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "adapters/report/cut.h"
#include "adapters/report/json_text.h"
#include "adapters/report/neutral.h"
#include "adapters/report/report.h"
#include "adapters/report/severity.h"
#include "engine/text/printable.h"

namespace spiritsafe {
namespace {

// Of code scanning: with more results in a run it refuses the file, and of what it takes it shows the first ones.
constexpr size_t most_results = 25'000;
constexpr size_t most_results_shown = 5'000;
constexpr size_t most_tags = 10;
constexpr size_t longest_message = 8'000;

using RuleNumbers = std::map<std::string_view, std::pair<const Rule*, size_t>>;  // by id; the number in `rules`

// SARIF reads `[text](address)` as a link and `{0}` as a place for an argument, in plain texts too.
std::string sarif_text(std::string_view text) {
  const std::string printed = cut_to_units(printable(text, true), longest_message);
  std::string out;
  for (size_t i = 0; i < printed.size(); ++i) {
    const char c = printed[i];
    if (c == '[' || c == ']' || c == '\\') {
      out += '\\';
    }
    out += c;
    if (c == '{') {
      const size_t end = printed.find_first_not_of("0123456789", i + 1);
      if (end != std::string::npos && end > i + 1 && printed[end] == '}') {
        out += '{';
        out.append(printed, i + 1, end - i - 1);
        out += "}}";
        i = end;
      }
    }
  }
  return out;
}

// `drop-column` → `DropColumn`
std::string name_of_rule(std::string_view id) {
  std::string name;
  bool upper = true;
  for (const char c : id) {
    if (c == '-' || c == '_') {
      upper = true;
      continue;
    }
    name += upper && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    upper = false;
  }
  return name;
}

void append_text_member(std::string& out, std::string_view name, std::string_view text) {
  json_key(out, name);
  out += '{';
  json_member(out, "text", text);
  out += '}';
}

std::string help_text(const Rule& rule) {
  std::string text = rule.why.empty() ? rule.title : rule.why;
  if (!rule.fix.empty()) {
    text += "\n\nFix: " + rule.fix;
  }
  return text;
}

std::string help_markdown(const Rule& rule) {
  std::string text = markdown_prose(rule.why.empty() ? rule.title : rule.why);
  if (!rule.fix.empty()) {
    text += "\n\n**Fix:** " + markdown_prose(rule.fix);
  }
  for (const std::string& link : rule.links) {
    text += "\n\n" + markdown_link(markdown_code(link), link);
  }
  return text;
}

void append_rule(std::string& out, const Rule& rule) {
  out += "            {";
  json_member(out, "id", rule.id);
  if (rule.id.find('-') != std::string::npos) {  // of one word it would say the id again
    json_member(out, "name", name_of_rule(rule.id));
  }
  append_text_member(out, "shortDescription", sarif_text(rule.title.empty() ? rule.id : rule.title));
  append_text_member(out, "fullDescription", sarif_text(rule.why.empty() ? rule.title : rule.why));
  json_key(out, "help");
  out += '{';
  json_member(out, "text", sarif_text(help_text(rule)));
  json_member(out, "markdown", help_markdown(rule));
  out += '}';
  if (!rule.links.empty() && rule.links.front().starts_with("https://")) {
    json_member(out, "helpUri", rule.links.front());
  }
  json_key(out, "defaultConfiguration");
  out += '{';
  json_member(out, "level", severity_of(rule.level).sarif);
  out += '}';
  std::vector<std::string> tags;
  for (const std::string& tag : rule.tags) {
    if (tags.size() < most_tags) {
      tags.push_back(tag);
    }
  }
  json_key(out, "properties");
  out += '{';
  json_member(out, "pack", rule.pack);
  json_member(out, "tags", tags);
  out += "}}";
}

void append_location(std::string& out, const Finding& finding, const ReportOptions& options) {
  const std::string path = place_of(finding, options);
  json_key(out, "locations");
  out += "[{\"physicalLocation\": {\"artifactLocation\": {";
  if (path.starts_with('/')) {
    json_member(out, "uri", "file://" + uri_path(path));
  } else {
    json_member(out, "uri", uri_path(path));
    json_member(out, "uriBaseId", "%SRCROOT%");
  }
  out += "}, \"region\": {";
  json_member(out, "startLine", finding.begin.line);
  json_member(out, "startColumn", finding.begin.column);
  json_member(out, "endLine", std::max(finding.begin.line, finding.end.line));
  json_member(
      out, "endColumn",
      finding.end.line > finding.begin.line ? finding.end.column : std::max(finding.begin.column, finding.end.column));
  out += "}}}]";
}

void append_result(std::string& out, const Finding& finding, const RuleNumbers& rules, const ReportOptions& options) {
  out += "        {";
  json_member(out, "ruleId", finding.rule->id);
  json_member(out, "ruleIndex", rules.find(finding.rule->id)->second.second);
  json_member(out, "level", severity_of(finding.level).sarif);
  const bool undecided = finding.state == FindingState::undecided;
  append_text_member(
      out, "message",
      sarif_text(undecided ? fmt::format("{} ({})", finding.message, finding.state_reason) : finding.message));
  append_location(out, finding, options);
  json_key(out, "partialFingerprints");
  out += '{';
  json_member(out, "spiritsafe/v1", finding.fingerprint);
  out += '}';
  json_key(out, "suppressions");
  out += '[';
  if (!stands(finding)) {
    out += "{\"kind\": \"external\", \"status\": \"accepted\"";
    json_member(out, "justification", sarif_text(fmt::format("{}: {}", name_of(finding.state), finding.state_reason)));
    out += '}';
  }
  out += ']';
  json_key(out, "properties");
  out += '{';
  json_member(out, "state", name_of(finding.state));
  json_member(out, "spiritsafeLevel", name_of(finding.level));
  json_member(out, "revision", finding.revision);
  if (!finding.instead.empty()) {
    json_member(out, "instead", sarif_text(finding.instead));
  }
  out += "}}";
}

RuleNumbers number_rules(const std::vector<const Finding*>& findings) {
  RuleNumbers rules;
  for (const Finding* finding : findings) {
    rules.try_emplace(finding->rule->id, finding->rule, 0);
  }
  size_t number = 0;
  for (auto& [id, rule] : rules) {
    rule.second = number++;
  }
  return rules;
}

// In the order of the report; where not all may go in, the most important ones.
std::vector<const Finding*> results_of(const Judgement& judgement, const ReportOptions& options) {
  std::vector<const Finding*> all;
  for (const Finding& finding : judgement.findings) {
    all.push_back(&finding);
  }
  if (all.size() <= most_results_shown) {
    return all;
  }
  std::vector<const Finding*> first = by_importance(judgement, options);
  for (const Finding* finding : all) {
    if (!stands(*finding)) {
      first.push_back(finding);
    }
  }
  first.resize(std::min(first.size(), most_results));
  return first;
}

std::vector<std::string> notices(const Judgement& judgement, const ReportOptions& options, size_t results) {
  std::vector<std::string> texts = options.notes;
  const size_t all = judgement.findings.size();
  if (results < all) {
    texts.push_back(
        fmt::format("{} of {} findings are in this file, the most important ones: code scanning takes no "
                    "more; the JSON report has them all",
                    results, all));
  }
  if (results > most_results_shown) {
    texts.push_back(
        fmt::format("{} of {} findings are shown by code scanning, the most important ones", most_results_shown, all));
  }
  return texts;
}

void append_invocation(std::string& out, const Judgement& judgement, const std::vector<std::string>& texts) {
  out += "      \"invocations\": [{";
  json_flag(out, "executionSuccessful", judgement.verdict != Verdict::unusable);
  json_key(out, "toolExecutionNotifications");
  out += '[';
  for (const std::string& text : texts) {
    out += out.back() == '[' ? "{" : ", {";
    json_member(out, "level", "note");
    append_text_member(out, "message", sarif_text(text));
    out += '}';
  }
  out += "]}],\n";
}

template <class Items, class Append>
void append_lines(std::string& out, const Items& items, Append append, std::string_view indent) {
  bool first = true;
  for (const auto& item : items) {
    out += first ? "\n" : ",\n";
    first = false;
    append(item);
  }
  if (!first) {
    out += '\n';
    out += indent;
  }
  out += ']';
}

}  // namespace

std::string write_sarif(const Judgement& judgement, const ReportOptions& options) {
  const std::vector<const Finding*> results = results_of(judgement, options);
  const RuleNumbers rules = number_rules(results);
  std::string out;
  out.reserve(2048 + results.size() * 800);
  out +=
      "{\n  \"$schema\": \"https://json.schemastore.org/sarif-2.1.0.json\",\n  \"version\": \"2.1.0\",\n  \"runs\": [\n"
      "    {\n      \"tool\": {\n        \"driver\": {\n          ";
  std::string driver = "{";
  json_member(driver, "name", "spiritsafe");
  json_member(driver, "version", options.version);
  json_member(driver, "semanticVersion", options.version);
  out += driver.substr(1) + ",\n          \"rules\": [";
  append_lines(
      out, rules, [&](const auto& rule) { append_rule(out, *rule.second.first); }, "          ");
  out += "\n        }\n      },\n";
  append_invocation(out, judgement, notices(judgement, options, results.size()));
  out +=
      "      \"columnKind\": \"unicodeCodePoints\",\n      \"originalUriBaseIds\": {\"%SRCROOT%\": {\"description\": "
      "{\"text\": \"the repository's top\"}}},\n      \"results\": [";
  append_lines(
      out, results, [&](const Finding* finding) { append_result(out, *finding, rules, options); }, "      ");
  out += "\n    }\n  ]\n}\n";
  return out;
}

}  // namespace spiritsafe
