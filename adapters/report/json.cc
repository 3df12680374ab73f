// SPDX-License-Identifier: Apache-2.0
// The stable JSON contract. Written straight into one string: building a tree of 50,000 findings first costs more time
// and memory than judging them.
#include <algorithm>
#include <charconv>
#include <thread>
#include <unordered_map>

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

// `why` and `fix` of a rule, quoted once for all of its findings.
class RuleTexts {
 public:
  const std::string& of(const Rule& rule) {
    const auto [found, is_new] = texts_.try_emplace(&rule);
    if (is_new) {
      std::string& out = found->second;
      out = ", \"why\": ";
      append_string(out, rule.why);
      out += ", \"fix\": ";
      append_string(out, rule.fix);
    }
    return found->second;
  }

 private:
  std::unordered_map<const Rule*, std::string> texts_;
};

void append_finding(std::string& out, const Finding& finding, RuleTexts& texts) {
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
  out += texts.of(*finding.rule);
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

template <class T, class Append>
void append_list(std::string& out, std::string_view name, const std::vector<T>& items, Append append) {
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

// Parts of the list are written side by side and put together in their order.
void append_findings(std::string& out, const std::vector<Finding>& findings, unsigned threads) {
  constexpr size_t worth_a_thread = 2000;
  const size_t count = std::clamp<size_t>(findings.size() / worth_a_thread, 1, std::max(1u, threads));
  std::vector<std::string> parts(count);
  const auto write = [&](size_t part) {
    RuleTexts texts;
    std::string& text = parts[part];
    const size_t begin = findings.size() * part / count, end = findings.size() * (part + 1) / count;
    text.reserve((end - begin) * 900);
    for (size_t i = begin; i < end; ++i) {
      text += i == 0 ? "\n" : ",\n";
      append_finding(text, findings[i], texts);
    }
  };
  std::vector<std::thread> pool;
  for (size_t part = 1; part < count; ++part) {
    pool.emplace_back(write, part);
  }
  write(0);
  for (std::thread& thread : pool) {
    thread.join();
  }
  out += "  \"findings\": [";
  for (const std::string& part : parts) {
    out += part;
  }
  out += findings.empty() ? "],\n" : "\n  ],\n";
}

}  // namespace

std::string write_json(const Judgement& judgement, const ReportOptions& options) {
  std::string out;
  out.reserve(1024 + judgement.findings.size() * 900 + judgement.migrations.size() * 240);
  out += "{\n  \"version\": 1,\n  \"verdict\": \"";
  out += name_of(judgement.verdict);
  out += "\",\n  \"counts\": {";
  const Counts& counts = judgement.counts;
  const std::pair<std::string_view, int> rows[] = {{"error", counts.error},        {"approval", counts.approval},
                                                   {"warn", counts.warn},          {"advice", counts.advice},
                                                   {"waived", counts.waived},      {"approved", counts.approved},
                                                   {"undecided", counts.undecided}};
  for (const auto& [name, count] : rows) {
    member(out, name, static_cast<uint64_t>(count));
  }
  out += "},\n";
  append_findings(out, judgement.findings, options.threads);
  append_list(out, "migrations", judgement.migrations, append_migration);
  out += "  \"policy\": {";
  member(out, "source", options.policy_source);
  member(out, "digest", options.policy_digest);
  out += "}\n}\n";
  return out;
}

}  // namespace spiritsafe
