// SPDX-License-Identifier: Apache-2.0
// The stable JSON contract. Written straight into one string: building a tree of 50,000 findings first costs more time and
// memory than judging them.
#include <charconv>

#include "adapters/report/report.h"
#include "engine/text/source.h"

namespace spiritsafe {
namespace {

void append_quoted(std::string& out, std::string_view text) {
  static constexpr char hex[] = "0123456789abcdef";
  out += '"';
  size_t plain = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7F) {
      continue;
    }
    out.append(text, plain, i - plain);
    plain = i + 1;
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\t':
        out += "\\t";
        break;
      case '\r':
        out += "\\r";
        break;
      default:
        out += "\\u00";
        out += hex[c >> 4];
        out += hex[c & 15];
    }
  }
  out.append(text, plain, text.size() - plain);
  out += '"';
}

// Paths and names of strangers need not be UTF-8, but JSON must be.
void append_string(std::string& out, std::string_view text) {
  size_t bad = find_invalid_utf8(text);
  if (bad == std::string_view::npos) {
    return append_quoted(out, text);
  }
  std::string valid;
  while (bad != std::string_view::npos) {
    valid += text.substr(0, bad);
    valid += "\xEF\xBF\xBD";
    text.remove_prefix(bad + 1);
    bad = find_invalid_utf8(text);
  }
  valid += text;
  append_quoted(out, valid);
}

void append_number(std::string& out, uint64_t number) {
  char digits[20];
  const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  out.append(digits, static_cast<size_t>(end - digits));
}

void key(std::string& out, std::string_view name) {
  if (out.back() != '{') {
    out += ", ";
  }
  out += '"';
  out += name;
  out += "\": ";
}

void member(std::string& out, std::string_view name, std::string_view value) {
  key(out, name);
  append_string(out, value);
}

void member(std::string& out, std::string_view name, uint64_t value) {
  key(out, name);
  append_number(out, value);
}

void member(std::string& out, std::string_view name, const std::vector<std::string>& values) {
  key(out, name);
  out += '[';
  for (const std::string& value : values) {
    if (out.back() != '[') {
      out += ", ";
    }
    append_string(out, value);
  }
  out += ']';
}

void append_finding(std::string& out, const Finding& finding) {
  out += "    {";
  member(out, "rule", finding.rule->id);
  member(out, "level", name_of(finding.level));
  member(out, "state", name_of(finding.state));
  member(out, "project", finding.project);
  member(out, "path", finding.path);
  member(out, "line", finding.begin.line);
  member(out, "column", finding.begin.column);
  member(out, "end_line", finding.end.line);
  member(out, "end_column", finding.end.column);
  member(out, "revision", finding.revision);
  member(out, "message", finding.message);
  member(out, "why", finding.rule->why);
  member(out, "fix", finding.rule->fix);
  member(out, "fingerprint", finding.fingerprint);
  if (!finding.state_reason.empty()) {
    member(out, "reason", finding.state_reason);
  }
  if (finding.suggestion) {
    key(out, "suggestion");
    out += '{';
    member(out, "start_line", finding.suggestion->start_line);
    member(out, "end_line", finding.suggestion->end_line);
    member(out, "text", finding.suggestion->text);
    out += '}';
  }
  out += '}';
}

void append_migration(std::string& out, const MigrationSummary& migration) {
  out += "    {";
  member(out, "path", migration.path);
  member(out, "revision", migration.revision);
  member(out, "parents", migration.parents);
  member(out, "message", migration.message);
  member(out, "changes", migration.changes);
  out += '}';
}

template <class T>
void append_list(std::string& out, std::string_view name, const std::vector<T>& items, void (*append)(std::string&, const T&)) {
  out += "  \"";
  out += name;
  out += "\": [";
  bool first = true;
  for (const T& item : items) {
    out += first ? "\n" : ",\n";
    first = false;
    append(out, item);
  }
  out += items.empty() ? "],\n" : "\n  ],\n";
}

}  // namespace

std::string write_json(const Judgement& judgement, const ReportOptions& options) {
  std::string out;
  out.reserve(1024 + judgement.findings.size() * 640 + judgement.migrations.size() * 240);
  out += "{\n  \"version\": 1,\n  \"verdict\": \"";
  out += name_of(judgement.verdict);
  out += "\",\n  \"counts\": {";
  const Counts& counts = judgement.counts;
  const std::pair<std::string_view, int> rows[] = {
      {"error", counts.error},       {"approval", counts.approval}, {"warn", counts.warn},          {"advice", counts.advice},
      {"waived", counts.waived},     {"approved", counts.approved}, {"undecided", counts.undecided}};
  for (const auto& [name, count] : rows) {
    member(out, name, static_cast<uint64_t>(count));
  }
  out += "},\n";
  append_list(out, "findings", judgement.findings, append_finding);
  append_list(out, "migrations", judgement.migrations, append_migration);
  out += "  \"policy\": {";
  member(out, "source", options.policy_source);
  member(out, "digest", options.policy_digest);
  out += "}\n}\n";
  return out;
}

}  // namespace spiritsafe
