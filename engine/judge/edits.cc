// SPDX-License-Identifier: Apache-2.0
#include "engine/judge/edits.h"

#include <re2/re2.h>

#include <algorithm>
#include <tuple>

#include "engine/judge/show.h"

namespace spiritsafe {
namespace {

constexpr std::string_view import_anchor = "import:";
constexpr std::string_view last_import_anchor = "last_import";

// The newline that the file uses near an offset.
std::string_view newline_at(std::string_view text, size_t offset) {
  size_t end = text.find_first_of("\r\n", offset);
  if (end == std::string_view::npos) {
    end = text.find_first_of("\r\n");
  }
  if (end == std::string_view::npos || text[end] == '\n') {
    return "\n";
  }
  return end + 1 < text.size() && text[end + 1] == '\n' ? "\r\n" : "\r";
}

std::string with_newlines(std::string_view text, std::string_view newline) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\r') {
      continue;
    }
    out += text[i] == '\n' ? newline : text.substr(i, 1);
  }
  return out;
}

uint32_t line_begin(std::string_view text, uint32_t offset) {
  const size_t before = offset == 0 ? std::string_view::npos : text.find_last_of("\r\n", offset - 1);
  return before == std::string_view::npos ? 0 : static_cast<uint32_t>(before + 1);
}

// Behind the newline of the line that holds `offset`.
uint32_t line_end(std::string_view text, uint32_t offset) {
  size_t end = text.find_first_of("\r\n", offset);
  if (end == std::string_view::npos) {
    return static_cast<uint32_t>(text.size());
  }
  end += text.substr(end, 2) == "\r\n" ? 2 : 1;
  return static_cast<uint32_t>(end);
}

// Of several names that one statement imports each has its own place; the module's is the whole statement.
uint32_t statement_end(const Import& import) { return std::max(import.span.end, import.module.span.end); }

const Import* find_anchor(const Migration& migration, std::string_view anchor) {
  const Import* found = nullptr;
  for (const Import& import : migration.imports.items) {
    if (import.place != ImportPlace::module || !import.module.is_known()) {
      continue;
    }
    const bool wanted = anchor.starts_with(import_anchor) ? import.module.value == anchor.substr(import_anchor.size())
                                                          : anchor == last_import_anchor;
    if (wanted && (!found || import.span.begin > found->span.begin)) {
      found = &import;
    }
  }
  return found;
}

// Lines of code with the indentation of the line that holds `like`, to stand from `at` on.
std::optional<Edit> insert_lines(std::string_view text, uint32_t like, uint32_t at, std::string_view code, bool safe) {
  const uint32_t begin = line_begin(text, like);
  const std::string_view indent = text.substr(begin, like - begin);
  if (indent.find_first_not_of(" \t") != std::string_view::npos) {
    return std::nullopt;  // something else stands before it
  }
  const std::string_view newline = newline_at(text, begin);
  const bool ends_in_newline = at > 0 && (text[at - 1] == '\n' || text[at - 1] == '\r');
  std::string inserted(ends_in_newline ? std::string_view() : newline);
  for (size_t from = 0; from < code.size();) {
    const size_t end = std::min(code.find('\n', from), code.size());
    inserted.append(indent).append(code.substr(from, end - from));
    from = end + 1;
    inserted += from < code.size() || ends_in_newline ? newline : std::string_view();
  }
  return Edit{{at, at}, std::move(inserted), safe};
}

std::optional<Edit> insert_at_end(const Migration* migration, Direction direction, std::string_view text,
                                  std::string_view code, bool safe) {
  const Span body = !migration                        ? Span{}
                    : direction == Direction::upgrade ? migration->upgrade_body
                                                      : migration->downgrade_body;
  if (body.end == 0) {
    return std::nullopt;
  }
  return insert_lines(text, body.begin, line_end(text, body.end), code, safe);
}

// Code before an item or at the end of a function, and what `also:` asks for where that has a place.
std::vector<Edit> insert_code(const Autofix& fix, Item item, Item target, const Room& room, std::string_view text) {
  const Migration* migration = target.entity->migration(target.pointer);
  const size_t count = fix.each ? value_at(*fix.each, item, room).texts.size() : 1;
  std::string code;
  for (size_t i = 0; i < count; ++i) {
    const std::optional<std::string> line =
        format_code(fix.text, item, room, fix.each ? std::optional(i) : std::nullopt);
    if (!line) {
      return {};
    }
    code.append(code.empty() ? "" : "\n").append(*line);
  }
  const uint32_t begin = target.entity->span(target.pointer).begin;
  std::optional<Edit> edit = fix.before ? insert_lines(text, begin, line_begin(text, begin), code, fix.safe)
                                        : insert_at_end(migration, *fix.at_end_of, text, code, fix.safe);
  if (!edit) {
    return {};
  }
  std::vector<Edit> edits = {*std::move(edit)};
  for (const Replacement& also : fix.also) {
    const std::optional<std::string> line = format_code(also.text, item, room);
    std::optional<Edit> further =
        line && also.at_end_of ? insert_at_end(migration, *also.at_end_of, text, *line, fix.safe) : std::nullopt;
    if (further) {
      edits.push_back(*std::move(further));
    }
  }
  return edits;
}

std::vector<Edit> insert(const Autofix& fix, const Migration* migration, std::string_view text, std::string_view line) {
  const Import* anchor = nullptr;
  for (size_t i = 0; migration && i < fix.anchors.size() && !anchor; ++i) {
    anchor = find_anchor(*migration, fix.anchors[i]);
  }
  if (!anchor) {
    return {};
  }
  const std::string_view newline = newline_at(text, statement_end(*anchor));
  const uint32_t begin = line_begin(text, std::min(anchor->span.begin, anchor->module.span.begin));
  const std::string_view indent =
      text.substr(begin, std::min(text.find_first_not_of(" \t", begin), text.size()) - begin);
  const uint32_t at = line_end(text, statement_end(*anchor));
  const bool ends_in_newline = at > 0 && (text[at - 1] == '\n' || text[at - 1] == '\r');
  std::string inserted;
  inserted += ends_in_newline ? std::string_view() : newline;
  inserted += indent;
  inserted += with_newlines(line, newline);
  inserted += ends_in_newline ? newline : std::string_view();
  return {{{at, at}, std::move(inserted), fix.safe}};
}

// What the pattern finds; of a pattern with a group `(?P<replaced>…)` what that one holds.
std::optional<Span> find_match(const Pattern& pattern, Span span, std::string_view text) {
  const std::string_view part = slice(text, span);
  const RE2& compiled = pattern.compiled();
  const auto& groups = compiled.NamedCapturingGroups();
  const auto group = groups.find("replaced");
  const int index = group == groups.end() ? 0 : group->second;
  std::vector<re2::StringPiece> matches(static_cast<size_t>(index) + 1);
  if (!compiled.Match(part, 0, part.size(), RE2::UNANCHORED, matches.data(), index + 1) || !matches.back().data()) {
    return std::nullopt;
  }
  const auto begin = span.begin + static_cast<uint32_t>(matches.back().data() - part.data());
  return Span{begin, begin + static_cast<uint32_t>(matches.back().size())};
}

std::vector<Edit> replace(const Autofix& fix, Span span, std::string_view text, std::string_view with) {
  if (fix.pattern) {
    const std::optional<Span> match = find_match(*fix.pattern, span, text);
    if (!match) {
      return {};
    }
    span = *match;
  }
  return {{span, with_newlines(with, newline_at(text, span.begin)), fix.safe}};
}

// The further places, as far as they are there.
void append_also(std::vector<Edit>& edits, const Autofix& fix, Span span, std::string_view text, Item item,
                 const Room& room) {
  for (const Replacement& also : fix.also) {
    const std::optional<std::string> with = format_raw(also.text, item, room);
    const std::optional<Span> match = also.pattern ? find_match(*also.pattern, span, text) : std::nullopt;
    if (with && match) {
      edits.push_back({*match, with_newlines(*with, newline_at(text, match->begin)), fix.safe});
    }
  }
}

// With its line, where nothing else stands there.
std::vector<Edit> remove(const Autofix& fix, Span span, std::string_view text) {
  const uint32_t begin = line_begin(text, span.begin);
  const uint32_t end = line_end(text, span.end);
  const auto is_blank = [&](uint32_t from, uint32_t to) {
    return text.substr(from, to - from).find_first_not_of(" \t\r\n;") == std::string_view::npos;
  };
  if (is_blank(begin, span.begin) && is_blank(span.end, end)) {
    span = {begin, end};
  }
  return {{span, {}, fix.safe}};
}

// ---- showing --------------------------------------------------------------------------------------------------------

std::vector<std::string_view> split_lines(std::string_view text) {
  std::vector<std::string_view> lines;
  for (uint32_t at = 0; at < text.size();) {
    const uint32_t end = line_end(text, at);
    lines.push_back(text.substr(at, end - at));
    at = end;
  }
  return lines;
}

struct DiffLine {
  char sign = ' ';
  std::string_view text = {};
};

// Of the part that differs; a very large one is shown as replaced whole.
void append_difference(std::vector<DiffLine>& out, std::span<const std::string_view> a,
                       std::span<const std::string_view> b) {
  constexpr size_t most_cells = 4'000'000;
  const size_t width = b.size() + 1;
  std::vector<uint32_t> common;
  const bool small_enough = (a.size() + 1) * width <= most_cells;
  if (small_enough) {
    common.assign((a.size() + 1) * width, 0);  // [i][j]: lines in common of a from i and b from j
    for (size_t i = a.size(); i-- > 0;) {
      for (size_t j = b.size(); j-- > 0;) {
        common[i * width + j] = a[i] == b[j] ? common[(i + 1) * width + j + 1] + 1
                                             : std::max(common[(i + 1) * width + j], common[i * width + j + 1]);
      }
    }
  }
  size_t i = 0;
  size_t j = 0;
  while (i < a.size() || j < b.size()) {
    if (small_enough && i < a.size() && j < b.size() && a[i] == b[j]) {
      out.push_back({' ', a[i]});
      ++i;
      ++j;
    } else if (i < a.size() &&
               (!small_enough || j == b.size() || common[(i + 1) * width + j] >= common[i * width + j + 1])) {
      out.push_back({'-', a[i++]});
    } else {
      out.push_back({'+', b[j++]});
    }
  }
}

std::vector<DiffLine> compare(const std::vector<std::string_view>& a, const std::vector<std::string_view>& b) {
  size_t front = 0;
  while (front < a.size() && front < b.size() && a[front] == b[front]) {
    ++front;
  }
  size_t back = 0;
  while (back < a.size() - front && back < b.size() - front && a[a.size() - 1 - back] == b[b.size() - 1 - back]) {
    ++back;
  }
  std::vector<DiffLine> lines;
  for (size_t i = 0; i < front; ++i) {
    lines.push_back({' ', a[i]});
  }
  append_difference(lines, std::span(a).subspan(front, a.size() - front - back),
                    std::span(b).subspan(front, b.size() - front - back));
  for (size_t i = a.size() - back; i < a.size(); ++i) {
    lines.push_back({' ', a[i]});
  }
  return lines;
}

struct Range2 {
  size_t first = 0;
  size_t last = 0;  // behind the last one
};

// Runs of changed lines with three lines around them; runs that touch are one.
std::vector<Range2> find_hunks(const std::vector<DiffLine>& lines) {
  constexpr size_t context = 3;
  std::vector<Range2> hunks;
  for (size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].sign == ' ') {
      continue;
    }
    const Range2 around{i < context ? 0 : i - context, std::min(lines.size(), i + context + 1)};
    if (!hunks.empty() && around.first <= hunks.back().last) {
      hunks.back().last = around.last;
    } else {
      hunks.push_back(around);
    }
  }
  return hunks;
}

std::string hunk_range(size_t first, size_t count) {
  return count == 1 ? std::to_string(first + 1)
                    : std::to_string(count == 0 ? first : first + 1) + "," + std::to_string(count);
}

void append_hunk(std::string& out, const std::vector<DiffLine>& lines, Range2 hunk) {
  size_t old_first = 0, new_first = 0, old_count = 0, new_count = 0;
  for (size_t i = 0; i < hunk.last; ++i) {
    const bool inside = i >= hunk.first;
    (inside ? old_count : old_first) += lines[i].sign != '+';
    (inside ? new_count : new_first) += lines[i].sign != '-';
  }
  out += "@@ -" + hunk_range(old_first, old_count) + " +" + hunk_range(new_first, new_count) + " @@\n";
  for (size_t i = hunk.first; i < hunk.last; ++i) {
    out += lines[i].sign;
    out += lines[i].text;
    if (!lines[i].text.ends_with('\n') && !lines[i].text.ends_with('\r')) {
      out += "\n\\ No newline at end of file\n";
    }
  }
}

// A line of its own behind the imports of another module.
FileEdits insert_into_module(const Autofix& fix, Item item, const Room& room) {
  const Value module = value_at(*fix.module, item, room);
  const std::optional<std::string> line = format_raw(fix.text, item, room);
  if (module.state != State::known || !line) {
    return {};
  }
  const auto& into = *static_cast<const ModelModule*>(module.item.pointer);
  if (!into.import_place.is_known()) {
    return {};
  }
  const std::string_view text = into.file->source.text;
  const auto behind = static_cast<uint32_t>(into.import_place.value);
  const uint32_t at = behind == 0 ? 0 : line_end(text, behind);
  const std::string_view newline = newline_at(text, behind);
  const bool begins_line = at == 0 || text[at - 1] == '\n' || text[at - 1] == '\r';
  std::string inserted = (begins_line ? std::string() : std::string(newline)) + *line + std::string(newline);
  return {into.file, {{{at, at}, std::move(inserted), fix.safe}}};
}

}  // namespace

FileEdits make_edits(const Rule& rule, Item item, const Room& room) {
  if (!rule.autofix) {
    return {};
  }
  const Autofix& fix = *rule.autofix;
  if (fix.module) {
    return insert_into_module(fix, item, room);
  }
  const auto slot = static_cast<size_t>(fix.slot);
  const Item target = slot < room.slots.size() && room.slots[slot] ? room.slots[slot] : item;
  const File* file = target.entity->file(target.pointer);
  if (file && (fix.before || fix.at_end_of)) {
    return {file, insert_code(fix, item, target, room, file->source.text)};
  }
  const std::optional<std::string> text = format_raw(fix.text, item, room);
  if (!file || !text) {
    return {};
  }
  const std::string_view source = file->source.text;
  const Span span = fix.in_file ? Span{0, static_cast<uint32_t>(source.size())} : target.entity->span(target.pointer);
  switch (fix.kind) {
    case Autofix::Kind::insert:
      return {file, insert(fix, target.entity->migration(target.pointer), source, *text)};
    case Autofix::Kind::replace: {
      std::vector<Edit> edits = replace(fix, span, source, *text);
      if (!edits.empty()) {
        append_also(edits, fix, span, source, item, room);
      }
      return {file, std::move(edits)};
    }
    case Autofix::Kind::remove:
      return {file, remove(fix, span, source)};
  }
  return {};
}

std::vector<Edit> without_conflicts(std::vector<Edit> edits) {
  const auto order = [](const Edit& edit) { return std::tie(edit.span.begin, edit.span.end, edit.text); };
  std::ranges::stable_sort(edits, {}, order);
  std::vector<Edit> kept;
  for (Edit& edit : edits) {
    if (kept.empty() || (edit.span.begin >= kept.back().span.end && order(edit) != order(kept.back()))) {
      kept.push_back(std::move(edit));
    }
  }
  return kept;
}

std::string apply_edits(std::string_view text, const std::vector<Edit>& edits) {
  std::string out;
  size_t at = 0;
  for (const Edit& edit : without_conflicts(edits)) {
    const size_t begin = std::min<size_t>(edit.span.begin, text.size());
    out += text.substr(at, begin - at);
    out += edit.text;
    at = std::min<size_t>(edit.span.end, text.size());
  }
  out += text.substr(at);
  return out;
}

std::optional<Suggestion> make_suggestion(std::string_view text, const LineIndex& lines,
                                          const std::vector<Edit>& edits) {
  const std::vector<Edit> ordered = without_conflicts(edits);
  if (ordered.empty()) {
    return std::nullopt;
  }
  const uint32_t begin = ordered.front().span.begin;
  const uint32_t end = ordered.back().span.end;
  const bool whole_lines =
      begin == line_begin(text, begin) && end == line_begin(text, end) &&
      (ordered.back().text.empty() || ordered.back().text.ends_with('\n') || ordered.back().text.ends_with('\r'));
  Suggestion suggestion;
  suggestion.start_line = lines.locate(begin).line;
  suggestion.end_line = whole_lines ? lines.locate(end).line - 1 : lines.locate(end).line;
  const Span span{lines.line_span(suggestion.start_line).begin,
                  whole_lines ? end : lines.line_span(suggestion.end_line).end};
  std::vector<Edit> moved = ordered;
  for (Edit& edit : moved) {
    edit.span = {edit.span.begin - span.begin, edit.span.end - span.begin};
  }
  suggestion.text = apply_edits(slice(text, span), moved);
  while (suggestion.text.ends_with('\n') || suggestion.text.ends_with('\r')) {
    suggestion.text.pop_back();
  }
  if (suggestion.end_line < suggestion.start_line && suggestion.start_line <= lines.line_count()) {
    const std::string_view next = slice(text, lines.line_span(suggestion.start_line));
    suggestion.next_line = std::string(next.substr(0, next.find_first_of("\r\n")));
  }
  return suggestion;
}

std::string unified_diff(std::string_view path, std::string_view before, std::string_view after) {
  if (before == after) {
    return {};
  }
  const std::vector<DiffLine> lines = compare(split_lines(before), split_lines(after));
  std::string out = "--- a/" + std::string(path) + "\n+++ b/" + std::string(path) + "\n";
  for (const Range2 hunk : find_hunks(lines)) {
    append_hunk(out, lines, hunk);
  }
  return out;
}

}  // namespace spiritsafe
