// SPDX-License-Identifier: Apache-2.0
#include "engine/read/header.h"

#include <algorithm>
#include <string>

namespace spiritsafe {
namespace {

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_space(text.front())) {
    text.remove_prefix(1);
  }
  while (!text.empty() && is_space(text.back())) {
    text.remove_suffix(1);
  }
  return text;
}

bool same_word(std::string_view a, std::string_view lower) {
  return a.size() == lower.size() &&
         std::ranges::equal(a, lower, [](char x, char y) { return (x >= 'A' && x <= 'Z' ? x - 'A' + 'a' : x) == y; });
}

// ---- the tables that a message names -------------------------------------------------------------------------------

bool is_lower(char c) { return (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// As far as a message is written: `categories`, `boxes`, `users`.
void make_singular(std::string& word) {
  const auto ends = [&](std::string_view end) { return word.size() > end.size() + 1 && word.ends_with(end); };
  if (ends("ies")) {
    word.replace(word.size() - 3, 3, "y");
  } else if (ends("sses") || ends("xes") || ends("ches") || ends("shes")) {
    word.resize(word.size() - 2);
  } else if (ends("s") && !ends("ss")) {
    word.pop_back();
  }
}

// `UserProfiles of user_groups` as user, profile, of, user, group.
std::vector<std::string> folded_words(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  const auto end_word = [&] {
    make_singular(word);
    if (!word.empty()) {
      words.push_back(std::move(word));
    }
    word.clear();
  };
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (!is_lower(c) && !is_upper(c) && !is_digit(c)) {
      end_word();
      continue;
    }
    const bool hump = is_upper(c) && i > 0 && (is_lower(text[i - 1]) || is_digit(text[i - 1]));
    const bool last_of_initials =
        is_upper(c) && i > 0 && is_upper(text[i - 1]) && i + 1 < text.size() && is_lower(text[i + 1]);
    if (hump || last_of_initials) {
      end_word();
    }
    word += static_cast<char>(is_upper(c) ? c - 'A' + 'a' : c);
  }
  end_word();
  return words;
}

// Do some words in a row, joined, spell it?
bool spells(const std::vector<std::string>& words, std::string_view wanted) {
  for (size_t first = 0; first < words.size(); ++first) {
    std::string_view rest = wanted;
    for (size_t i = first; i < words.size() && !rest.empty() && rest.starts_with(words[i]); ++i) {
      rest.remove_prefix(words[i].size());
    }
    if (rest.empty()) {
      return true;
    }
  }
  return false;
}

enum class HeaderField : uint8_t { none, revision, parents, create_date };

// Which field a line of the docstring is, and its value.
HeaderField header_field(std::string_view line, std::string_view& value) {
  const size_t colon = line.find(':');
  if (colon == std::string_view::npos) {
    return HeaderField::none;
  }
  const std::string_view name = trim(line.substr(0, colon));
  value = trim(line.substr(colon + 1));
  return same_word(name, "revision id")   ? HeaderField::revision
         : same_word(name, "revises")     ? HeaderField::parents
         : same_word(name, "create date") ? HeaderField::create_date
                                          : HeaderField::none;
}

// `abc, def (head)` without what stands around the ids.
Texts split_parents(Interpreter& in, std::string_view value, Span span) {
  std::vector<Text> parents;
  for (size_t begin = 0; begin <= value.size();) {
    const size_t end = std::min(value.find(',', begin), value.size());
    std::string_view id = trim(value.substr(begin, end - begin));
    id = trim(id.substr(0, id.find(" (")));
    while (!id.empty() && std::string_view("()[]'\"").find(id.front()) != std::string_view::npos) {
      id.remove_prefix(1);
    }
    while (!id.empty() && std::string_view("()[]'\"").find(id.back()) != std::string_view::npos) {
      id.remove_suffix(1);
    }
    if (!id.empty() && !same_word(id, "none")) {
      parents.push_back(known(id, span));
    }
    begin = end + 1;
  }
  return {in.kept.copy(parents), State::known, false};
}

// `str`, `("a", "b")` or `None` as a list.
Texts list_of(Interpreter& in, std::string_view name) {
  const Binding* binding = find_binding(*in.module, name);
  if (!binding || !binding->value) {
    return {{}, State::absent, false};
  }
  PyValue* value = binding->value;
  if (value->kind == ValueKind::none) {
    return {};
  }
  const Argument argument{{}, value, value->span};
  return texts_fact(in, &argument);
}

// A string below the imports that looks like the header.
Text late_docstring(Interpreter& in, const python::Module& module) {
  for (const python::Stmt* statement : module.body) {
    const auto* expression = python::as<python::ExprStmt>(statement);
    const auto* constant = expression ? python::as<python::Constant>(expression->value) : nullptr;
    if (!constant || constant->value_kind != python::ConstantKind::Str) {
      continue;
    }
    const std::string_view text = constant->value;
    if (text.find("Revision ID") != std::string_view::npos || text.find("Revises") != std::string_view::npos) {
      return known(keep(in, text), constant->span);
    }
  }
  return {};
}

}  // namespace

void read_docstring(Interpreter& in, const python::Module& module, Migration& migration) {
  const auto* first = module.body.empty() ? nullptr : python::as<python::ExprStmt>(module.body.front());
  migration.header_parents.state = State::absent;
  const auto* constant = first ? python::as<python::Constant>(first->value) : nullptr;
  if (!constant || constant->value_kind != python::ConstantKind::Str) {
    const size_t line_end = std::min(in.text.find('\n'), in.text.size());
    migration.span = {0, static_cast<uint32_t>(line_end)};
    migration.late_docstring = late_docstring(in, module);
    return;
  }
  migration.span = constant->span;
  const std::string_view text = keep(in, constant->value);
  migration.docstring = known(text, constant->span);
  const std::string_view stripped = trim(text);
  migration.message = known(stripped.substr(0, stripped.find("\n\n")), constant->span);
  int64_t paragraphs = 0;
  bool in_paragraph = false;
  bool has_field = false;
  bool is_message = true;
  const auto end_paragraph = [&] {
    paragraphs += in_paragraph && !has_field && !is_message ? 1 : 0;
    is_message = is_message && !in_paragraph;
    in_paragraph = has_field = false;
  };
  for (size_t begin = 0; begin <= stripped.size();) {
    const size_t end = std::min(stripped.find('\n', begin), stripped.size());
    const std::string_view line = trim(stripped.substr(begin, end - begin));
    begin = end + 1;
    if (line.empty()) {
      end_paragraph();
      continue;
    }
    in_paragraph = true;
    std::string_view value;
    switch (header_field(line, value)) {
      case HeaderField::revision:
        migration.header_revision = known(value, constant->span);
        has_field = true;
        break;
      case HeaderField::parents:
        migration.header_parents = split_parents(in, value, constant->span);
        has_field = true;
        break;
      case HeaderField::create_date:
        migration.header_create_date = known(value, constant->span);
        has_field = true;
        break;
      case HeaderField::none:
        break;
    }
  }
  end_paragraph();
  migration.docstring_paragraphs = known(paragraphs, constant->span);
}

void read_identifiers(Interpreter& in, Migration& migration) {
  const Binding* revision = find_binding(*in.module, "revision");
  if (revision && revision->value) {
    const Argument argument{{}, revision->value, revision->value->span};
    migration.revision = text_fact(in, &argument);
  }
  migration.parents = list_of(in, "down_revision");
  migration.branch_labels = list_of(in, "branch_labels");
  migration.depends_on = list_of(in, "depends_on");
}

Texts tables_named(Interpreter& in, const Texts& tables, const Text& message) {
  constexpr size_t longest_message = 1000;
  constexpr size_t most_tables = 200;
  if (!message.is_known() || tables.state != State::known) {
    return {{}, message.is_absent() ? State::absent : State::unknown, true};
  }
  const std::vector<std::string> words = folded_words(message.value.substr(0, longest_message));
  std::vector<Text> named;
  for (const Text& table : tables.items.first(std::min(tables.items.size(), most_tables))) {
    std::string wanted;
    for (const std::string& word : folded_words(table.value)) {
      wanted += word;
    }
    if (!wanted.empty() && spells(words, wanted)) {
      named.push_back(table);
    }
  }
  return {in.kept.copy(named), State::known, tables.open || tables.items.size() > most_tables};
}

}  // namespace spiritsafe
