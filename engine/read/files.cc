// SPDX-License-Identifier: Apache-2.0
// What a file is by its name and its bytes.
#include <algorithm>
#include <string>

#include "engine/read/read.h"

namespace spiritsafe {
namespace {

struct LanguageRow {
  std::string_view ending = {};
  Language language = Language::other;
};

constexpr LanguageRow endings[] = {
    {".py", Language::python}, {".pyi", Language::python}, {".sql", Language::sql},
    {".sh", Language::shell},  {".bash", Language::shell}, {".zsh", Language::shell},
    {".ksh", Language::shell}, {".yml", Language::yaml},   {".yaml", Language::yaml},
    {".mk", Language::make},   {".just", Language::just},  {".dockerfile", Language::docker},
    {".ini", Language::ini},   {".cfg", Language::ini},    {".toml", Language::toml},
    {".mako", Language::mako},
};

constexpr LanguageRow names[] = {
    {"dockerfile", Language::docker}, {"containerfile", Language::docker}, {"makefile", Language::make},
    {"gnumakefile", Language::make},  {"justfile", Language::just},        {".justfile", Language::just},
};

char lower(char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c); }

// `word` is in lower case.
bool same(std::string_view text, std::string_view word) {
  return text.size() == word.size() &&
         std::equal(text.begin(), text.end(), word.begin(), [](char a, char b) { return lower(a) == b; });
}

Language language_of_name(std::string_view name) {
  for (const LanguageRow& row : names) {
    const std::string_view first = name.substr(0, row.ending.size());
    if (same(name, row.ending) ||
        (row.language == Language::docker && same(first, row.ending) && name.substr(first.size()).starts_with('.'))) {
      return row.language;
    }
  }
  for (const LanguageRow& row : endings) {
    if (name.size() >= row.ending.size() && same(name.substr(name.size() - row.ending.size()), row.ending)) {
      return row.language;
    }
  }
  return Language::other;
}

Language language_of_first_line(std::string_view text) {
  if (text.starts_with("#!")) {
    const std::string_view first = text.substr(0, text.find('\n'));
    return first.find("python") != std::string_view::npos ? Language::python
           : first.find("sh") != std::string_view::npos   ? Language::shell
                                                          : Language::other;
  }
  return Language::other;
}

void set_problem(File& file, FileProblem problem, std::string detail) {
  file.problem = problem;
  file.problem_detail = std::move(detail);
}

std::string line_of(std::string_view text, size_t offset) {
  return std::to_string(LineIndex(text).locate(static_cast<uint32_t>(offset)).line);
}

std::string hexadecimal(char byte) {
  static constexpr char digits[] = "0123456789abcdef";
  const auto value = static_cast<unsigned char>(byte);
  return {'0', 'x', digits[value >> 4], digits[value & 15]};
}

void find_problem(File& file) {
  const std::string& text = file.source.text;
  if (text.size() > largest_file) {
    set_problem(file, FileProblem::too_large, "larger than " + std::to_string(largest_file >> 20) + " MiB");
    return;
  }
  if (const size_t nul = text.find('\0'); nul != std::string::npos) {
    set_problem(file, FileProblem::contains_nul, "line " + line_of(text, nul) + " contains a NUL byte");
    return;
  }
  if (const size_t bad = find_invalid_utf8(text); bad != std::string_view::npos) {
    set_problem(file, FileProblem::not_utf8,
                "line " + line_of(text, bad) + ": byte " + hexadecimal(text[bad]) + " is not UTF-8");
  }
}

}  // namespace

Language language_of(std::string_view path) { return language_of_name(path.substr(path.rfind('/') + 1)); }

void classify(File& file) {
  const std::string_view path = file.source.path;
  const std::string_view name = path.substr(path.rfind('/') + 1);
  file.path = known(path);
  file.name = known(name);
  if (file.problem == FileProblem::none) {
    find_problem(file);
  }
  file.problem_text = file.problem == FileProblem::none ? Text{} : known(std::string_view(file.problem_detail));
  file.language = language_of_name(name);
  if (file.language == Language::other) {
    file.language = language_of_first_line(file.source.text);
  }
}

void read_lines(File& file) {
  file.lines.clear();
  if (file.problem != FileProblem::none || file.source.text.empty()) {
    return;
  }
  const LineIndex index(file.source.text);
  const uint32_t count = index.line_count();
  file.lines.reserve(count);
  for (uint32_t number = 1; number <= count; ++number) {
    const Span span = index.line_span(number);
    if (number == count && span.begin == span.end) {
      break;  // behind the last newline there is no line
    }
    Line& line = file.lines.emplace_back();
    line.span = span;
    line.text = known(slice(file.source.text, span), span);
    line.number = number;
    line.file = &file;
  }
}

}  // namespace spiritsafe
