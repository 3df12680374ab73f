// SPDX-License-Identifier: Apache-2.0
#include "engine/read/header.h"

#include <algorithm>

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

}  // namespace

void read_docstring(Interpreter& in, const python::Module& module, Migration& migration) {
  const auto* first = module.body.empty() ? nullptr : python::as<python::ExprStmt>(module.body.front());
  migration.header_parents.state = State::absent;
  const auto* constant = first ? python::as<python::Constant>(first->value) : nullptr;
  if (!constant || constant->value_kind != python::ConstantKind::Str) {
    const size_t line_end = std::min(in.text.find('\n'), in.text.size());
    migration.span = {0, static_cast<uint32_t>(line_end)};
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

}  // namespace spiritsafe
