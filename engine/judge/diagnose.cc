// SPDX-License-Identifier: Apache-2.0
#include "engine/judge/diagnose.h"

#include <algorithm>
#include <map>
#include <set>

#include <re2/re2.h>
#include <re2/set.h>

#include "engine/text/printable.h"

namespace spiritsafe {
namespace {

constexpr size_t most_explanations = 50;
constexpr size_t most_other_lines = 5;
constexpr size_t longest_value = 80;
constexpr size_t longest_message = 400;
// A line that is longer is looked at in pieces, each with the end of the one before it.
constexpr size_t longest_piece = 64 << 10;
constexpr size_t overlap = 4 << 10;

using Values = std::vector<std::pair<std::string, std::string>>;

struct Entry {
  const Rule* rule = nullptr;
  const Diagnosis* diagnosis = nullptr;
  const Signature* signature = nullptr;
  const std::string& id() const { return rule ? rule->id : diagnosis->id; }
};

std::vector<Entry> entries_of(const std::vector<const Policy*>& policies) {
  std::vector<Entry> entries;
  std::set<std::string_view> seen;
  for (const Policy* policy : policies) {
    for (const Rule& rule : policy->rules) {  // the rows of a table of cases share their signatures
      if (!rule.signatures.empty() && seen.insert(rule.id).second) {
        for (const Signature& signature : rule.signatures) {
          entries.push_back({&rule, nullptr, &signature});
        }
      }
    }
    for (const Diagnosis& diagnosis : policy->diagnoses) {
      if (seen.insert(diagnosis.id).second) {
        for (const Signature& signature : diagnosis.signatures) {
          entries.push_back({nullptr, &diagnosis, &signature});
        }
      }
    }
  }
  return entries;
}

// All signatures at once; which of them match a text.
class Signatures {
 public:
  explicit Signatures(std::vector<Entry> entries)
      : entries_(std::move(entries)), set_(options(), re2::RE2::UNANCHORED) {
    for (const Entry& entry : entries_) {
      set_.Add(entry.signature->pattern->text(), nullptr);
    }
    compiled_ = !entries_.empty() && set_.Compile();
  }

  const std::vector<Entry>& entries() const { return entries_; }

  void match(std::string_view text, std::vector<int>& out) const {
    out.clear();
    re2::RE2::Set::ErrorInfo error{};
    if (compiled_ && (set_.Match(text, &out, &error) || error.kind == re2::RE2::Set::kNoError)) {
      std::ranges::sort(out);
      return;
    }
    out.clear();  // the set ran out of memory on this text: one after the other
    for (size_t i = 0; i < entries_.size(); ++i) {
      if (re2::RE2::PartialMatch(text, entries_[i].signature->pattern->compiled())) {
        out.push_back(static_cast<int>(i));
      }
    }
  }

 private:
  static re2::RE2::Options options() {
    re2::RE2::Options options(re2::RE2::Quiet);
    options.set_max_mem(32 << 20);
    return options;
  }

  std::vector<Entry> entries_;
  re2::RE2::Set set_;
  bool compiled_ = false;
};

struct Found {
  const Entry* entry = nullptr;
  size_t weight = 0;  // bytes of the match that the pattern itself spells out
  size_t length = 0;  // of the match
  size_t at = 0;      // where in the line it begins
  Values values = {};
};

Found find(const Entry& entry, std::string_view text, std::string_view line) {
  Found found{&entry};
  const re2::RE2& pattern = entry.signature->pattern->compiled();
  std::vector<re2::StringPiece> groups(static_cast<size_t>(pattern.NumberOfCapturingGroups()) + 1);
  if (!pattern.Match(text, 0, text.size(), re2::RE2::UNANCHORED, groups.data(), static_cast<int>(groups.size()))) {
    return found;
  }
  found.weight = groups[0].size();
  found.length = groups[0].size();
  found.at = static_cast<size_t>(groups[0].data() - line.data());
  for (const auto& [index, name] : pattern.CapturingGroupNames()) {
    const re2::StringPiece& group = groups[static_cast<size_t>(index)];
    found.weight -= std::min<size_t>(found.weight, group.size());
    found.values.emplace_back(
        name, group.data() ? shortened(std::string_view(group.data(), group.size()), longest_value) : "(none)");
  }
  return found;
}

// Without the sequences that colour a terminal or name its window, and without the end of a Windows line.
std::string_view without_escapes(std::string_view line, std::string& room) {
  if (line.ends_with('\r')) {
    line.remove_suffix(1);
  }
  if (line.find('\x1b') == std::string_view::npos) {
    return line;
  }
  room.clear();
  for (size_t i = 0; i < line.size(); ++i) {
    if (line[i] != '\x1b') {
      room += line[i];
    } else if (i + 1 < line.size() && line[i + 1] == '[') {
      for (i += 2; i < line.size() && !(line[i] >= '@' && line[i] <= '~'); ++i) {
      }
    } else if (i + 1 < line.size() && line[i + 1] == ']') {
      for (i += 2; i < line.size() && line[i] != '\a' && line[i] != '\x1b'; ++i) {
      }
      i += i + 1 < line.size() && line[i] == '\x1b' && line[i + 1] == '\\' ? 1 : 0;
    }
  }
  return room;
}

// Of a very long line the part around the match.
std::string excerpt(std::string_view line, size_t at) {
  constexpr size_t before = 100;
  size_t begin = line.size() > longest_message && at > before ? at - before : 0;
  while (begin > 0 && begin < line.size() && (static_cast<unsigned char>(line[begin]) & 0xC0) == 0x80) {
    ++begin;  // not in the middle of a character
  }
  return (begin > 0 ? "…" : "") + shortened(line.substr(begin), longest_message);
}

class Reading {
 public:
  explicit Reading(const Signatures& signatures) : signatures_(signatures) {}

  void read_line(std::string_view line, uint32_t number) {
    std::vector<Found> found;
    for (size_t begin = 0;; begin += longest_piece - overlap) {
      const std::string_view piece = line.substr(begin, longest_piece);
      signatures_.match(piece, matched_);
      for (const int index : matched_) {
        add(found, find(signatures_.entries()[static_cast<size_t>(index)], piece, line));
      }
      if (begin + piece.size() >= line.size()) {
        break;
      }
    }
    size_t most = 0;
    for (const Found& each : found) {
      most = std::max(most, each.weight);
    }
    for (const Found& each : found) {
      if (each.weight == most) {
        note(each, found, line, number);
      }
    }
  }

  LogReading finish(uint32_t lines) {
    LogReading reading;
    reading.lines = lines;
    reading.dropped = dropped_;
    for (auto& [key, explanation] : explanations_) {
      reading.explanations.push_back(std::move(explanation));
    }
    std::ranges::stable_sort(reading.explanations, [](const Explanation& a, const Explanation& b) {
      return std::pair(b.line, id_of(a)) < std::pair(a.line, id_of(b));
    });
    return reading;
  }

 private:
  // One of each rule or diagnosis: the one that says most.
  static void add(std::vector<Found>& all, Found found) {
    const auto known = std::ranges::find_if(all, [&](const Found& each) {
      return each.entry->rule == found.entry->rule && each.entry->diagnosis == found.entry->diagnosis;
    });
    if (known == all.end()) {
      all.push_back(std::move(found));
    } else if (std::pair(known->weight, known->length) < std::pair(found.weight, found.length)) {
      *known = std::move(found);
    }
  }

  void note(const Found& found, const std::vector<Found>& all, std::string_view line, uint32_t number) {
    std::string key = found.entry->id();
    for (const auto& [name, value] : found.values) {
      key += '\n' + value;
    }
    Explanation& explanation = explanations_[key];
    if (explanation.line != 0 && explanation.other_lines.size() < most_other_lines) {
      explanation.other_lines.push_back(explanation.line);
    }
    explanation.rule = found.entry->rule;
    explanation.diagnosis = found.entry->diagnosis;
    explanation.line = number;
    explanation.message = excerpt(line, found.at);
    explanation.values = found.values;
    explanation.also.clear();
    for (const Found& other : all) {
      if (other.weight < found.weight) {
        explanation.also.push_back(other.entry->id());
      }
    }
    if (explanations_.size() > most_explanations) {
      explanations_.erase(
          std::ranges::min_element(explanations_, {}, [](const auto& each) { return each.second.line; }));
      ++dropped_;
    }
  }

  const Signatures& signatures_;
  std::map<std::string, Explanation> explanations_ = {};
  std::vector<int> matched_ = {};
  size_t dropped_ = 0;
};

}  // namespace

LogReading diagnose_log(std::string_view log, const std::vector<const Policy*>& policies) {
  const Signatures signatures(entries_of(policies));
  Reading reading(signatures);
  std::string room;
  uint32_t number = 0;
  while (!log.empty()) {
    const size_t end = log.find('\n');
    reading.read_line(without_escapes(log.substr(0, end), room), ++number);
    log.remove_prefix(end == std::string_view::npos ? log.size() : end + 1);
  }
  return reading.finish(number);
}

std::string fill(const GroupText& text, const std::vector<std::pair<std::string, std::string>>& values) {
  std::string out;
  for (const GroupText::Piece& piece : text.pieces) {
    out += piece.literal;
    if (!piece.group.empty()) {
      const auto value = std::ranges::find(values, piece.group, &std::pair<std::string, std::string>::first);
      out += value == values.end() ? "(none)" : value->second;
    }
  }
  return out;
}

std::string_view id_of(const Explanation& explanation) {
  return explanation.rule ? explanation.rule->id : explanation.diagnosis->id;
}

}  // namespace spiritsafe
