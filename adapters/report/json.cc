// SPDX-License-Identifier: Apache-2.0
// The stable JSON contract. Written straight into text: building a tree of 50,000 findings first costs more time and
// memory than judging them.
#include <algorithm>
#include <atomic>
#include <charconv>
#include <condition_variable>
#include <mutex>
#include <ostream>
#include <sstream>
#include <thread>
#include <unordered_map>

#include "adapters/report/report.h"
#include "engine/text/bytes.h"
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

// ASCII without anything that JSON writes otherwise.
bool is_plain(std::string_view text) {
  const auto special = [](uint64_t bytes) {
    return (bytes & high_bits) | bytes_below(bytes, 0x20) | bytes_equal(bytes, '"') | bytes_equal(bytes, '\\') |
           bytes_equal(bytes, 0x7F);
  };
  const char* at = text.data();
  size_t left = text.size();
  for (; left >= 8; at += 8, left -= 8) {
    if (special(eight_bytes(at)) != 0) {
      return false;
    }
  }
  uint64_t rest = every_byte * ' ';
  std::memcpy(&rest, at, left);
  return special(rest) == 0;
}

// Paths and names of strangers need not be UTF-8, but JSON must be.
void append_string(std::string& out, std::string_view text) {
  if (is_plain(text)) {
    out += '"';
    out += text;
    out += '"';
    return;
  }
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
  explicit RuleTexts(const std::vector<Finding>& findings) {
    for (const Finding& finding : findings) {
      const auto [found, is_new] = texts_.try_emplace(finding.rule);
      if (is_new) {
        std::string& out = found->second;
        out = ", \"why\": ";
        append_string(out, finding.rule->why);
        out += ", \"fix\": ";
        append_string(out, finding.rule->fix);
      }
    }
  }
  const std::string& of(const Rule& rule) const { return texts_.at(&rule); }

 private:
  std::unordered_map<const Rule*, std::string> texts_;
};

void append_finding(std::string& out, const Finding& finding, const RuleTexts& texts) {
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
  if (!finding.instead.empty()) {
    member(out, "instead", finding.instead);
  }
  member(out, "fingerprint", finding.fingerprint);
  if (!finding.state_reason.empty()) {
    member(out, "reason", finding.state_reason);
  }
  if (finding.approval) {
    key(out, "approval");
    out += '{';
    member(out, "by", finding.approval->by);
    member(out, "who", finding.approval->who);
    member(out, "via", finding.approval->via);
    member(out, "set_aside", finding.approval->set_aside);
    if (!finding.approval->digest.empty()) {
      member(out, "digest", finding.approval->digest);
    }
    out += '}';
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

// Calls `append(text, i)` for parts 0 … count - 1 side by side, and writes what they append in their order. Each thread
// has one text, so that the whole report is never in memory.
template <class Append>
void write_parts(std::ostream& out, size_t count, unsigned threads, Append append) {
  std::atomic<size_t> next = 0;
  size_t written = 0;
  std::mutex mutex;
  std::condition_variable turn;
  const auto work = [&] {
    std::string text;
    for (size_t part = next++; part < count; part = next++) {
      text.clear();
      append(text, part);
      std::unique_lock lock(mutex);
      turn.wait(lock, [&] { return written == part; });
      out << text;
      ++written;
      turn.notify_all();
    }
  };
  std::vector<std::thread> pool;
  for (size_t i = 1; i < std::min<size_t>(threads, count); ++i) {
    pool.emplace_back(work);
  }
  work();
  for (std::thread& thread : pool) {
    thread.join();
  }
}

// `  "name": [items],`
template <class T, class Append>
void write_list(std::ostream& out, std::string_view name, const std::vector<T>& items, unsigned threads,
                Append append) {
  constexpr size_t part_size = 256;
  out << "  \"" << name << "\": [";
  write_parts(out, (items.size() + part_size - 1) / part_size, threads, [&](std::string& text, size_t part) {
    const size_t begin = part * part_size, end = std::min(begin + part_size, items.size());
    for (size_t i = begin; i < end; ++i) {
      text += i == 0 ? "\n" : ",\n";
      append(text, items[i]);
    }
  });
  out << (items.empty() ? "],\n" : "\n  ],\n");
}

}  // namespace

void write_json(std::ostream& out, const Judgement& judgement, const ReportOptions& options) {
  std::string head = "{\n  \"version\": 1,\n  \"verdict\": \"";
  head += name_of(judgement.verdict);
  head += "\",\n  \"counts\": {";
  const Counts& counts = judgement.counts;
  const std::pair<std::string_view, int> rows[] = {{"error", counts.error},        {"approval", counts.approval},
                                                   {"warn", counts.warn},          {"advice", counts.advice},
                                                   {"waived", counts.waived},      {"approved", counts.approved},
                                                   {"undecided", counts.undecided}};
  for (const auto& [name, count] : rows) {
    member(head, name, static_cast<uint64_t>(count));
  }
  out << head << "},\n";
  const RuleTexts texts(judgement.findings);
  write_list(out, "findings", judgement.findings, options.threads,
             [&](std::string& text, const Finding& finding) { append_finding(text, finding, texts); });
  write_list(out, "migrations", judgement.migrations, options.threads, append_migration);
  std::string tail = "  \"policy\": {";
  member(tail, "source", options.policy_source);
  member(tail, "digest", options.policy_digest);
  out << tail << "}\n}\n";
}

std::string write_json(const Judgement& judgement, const ReportOptions& options) {
  std::ostringstream out;
  write_json(out, judgement, options);
  return out.str();
}

}  // namespace spiritsafe
