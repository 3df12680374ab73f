// SPDX-License-Identifier: Apache-2.0
// Texts with placeholders: `{path}`, `{capture.path}`, `{because}`, `{$name}`; `{{` and `}}` are braces. In code also
// `{text, argument=value}`.
#include <fmt/format.h>

#include "engine/policy/compiler.h"

namespace spiritsafe {
namespace {

void add_literal(Template& text, std::string_view literal) {
  if (literal.empty()) {
    return;
  }
  if (text.pieces.empty() || text.pieces.back().kind != Template::Piece::Kind::literal) {
    text.pieces.push_back({});
  }
  text.pieces.back().literal += literal;
}

// The value of a name stands in the text as it is; a list's texts stand with commas.
void add_value(Compiler& compiler, Template& text, const YamlNode& node, std::string_view reference, size_t offset) {
  const std::optional<Operand> operand =
      follow_reference(compiler.loading, compiler.names, compiler.rule, node, reference, offset);
  if (!operand) {
    return;
  }
  std::string value;
  for (const YamlNode* each : operand->values) {
    value += (value.empty() ? "" : ", ") + std::string(literal(*each));
  }
  add_literal(text, value);
}

void add_path(Compiler& compiler, Template& text, const YamlNode& node, std::string_view path, size_t offset,
              const Here& here) {
  const std::optional<Reach> reach = resolve_path(compiler, node, path, offset, here);
  if (!reach) {
    return;
  }
  if (reach->type == Type::item) {
    fail_inside(compiler.loading, node, offset, path.size(),
                fmt::format("`{}` is one {}, and a text needs one of its fields", path, reach->entity->name),
                {fmt::format("e.g. {{{}.{}}}", path, reach->entity->fields.front().name)});
    return;
  }
  if (reach->type == Type::items) {
    fail_inside(compiler.loading, node, offset, path.size(),
                fmt::format("`{}` is list of items, and a text needs one of them", path),
                {"name one by `as:` under a `some:`, and print its fields"});
    return;
  }
  Template::Piece piece;
  piece.kind = Template::Piece::Kind::path;
  piece.path = reach->path;
  text.pieces.push_back(std::move(piece));
}

// `{text, unique=True}`
void add_call(Compiler& compiler, Template& text, const YamlNode& node, std::string_view placeholder, size_t offset,
              const Here& here) {
  const size_t comma = placeholder.find(',');
  const size_t before = text.pieces.size();
  add_path(compiler, text, node, placeholder.substr(0, comma), offset, here);
  if (text.pieces.size() > before) {
    text.pieces.back().arguments = placeholder.substr(comma);
  }
}

void add_because(Compiler& compiler, Template& text, const YamlNode& node, size_t offset) {
  if (!compiler.has_because) {
    fail_inside(compiler.loading, node, offset, 7, "`{because}` has nothing to say here",
                {"it prints the label that matches of an `any:` with labels under `where:`"});
    return;
  }
  Template::Piece piece;
  piece.kind = Template::Piece::Kind::because;
  text.pieces.push_back(std::move(piece));
}

Template compile(Compiler& compiler, const YamlNode& node, const Here& here, bool is_code) {
  Template text;
  if (!node.is_scalar()) {
    fail(compiler.loading, node, "a text with placeholders is needed here");
    return text;
  }
  const std::string_view whole = node.text;
  size_t at = 0;
  while (at < whole.size()) {
    const size_t brace = std::min(whole.find_first_of("{}", at), whole.size());
    add_literal(text, whole.substr(at, brace - at));
    if (brace == whole.size()) {
      break;
    }
    if (whole.substr(brace).starts_with("{{") || whole.substr(brace).starts_with("}}")) {
      add_literal(text, whole.substr(brace, 1));
      at = brace + 2;
      continue;
    }
    if (whole[brace] == '}') {
      add_literal(text, "}");
      at = brace + 1;
      continue;
    }
    const size_t end = whole.find('}', brace);
    if (end == std::string_view::npos) {
      fail_inside(compiler.loading, node, brace, 1, "this `{` has no `}`",
                  {"a brace that is to be printed is written `{{`"});
      break;
    }
    const std::string_view placeholder = whole.substr(brace + 1, end - brace - 1);
    if (placeholder == "because") {
      add_because(compiler, text, node, brace + 1);
    } else if (is_reference(placeholder)) {
      add_value(compiler, text, node, placeholder, brace + 1);
    } else if (is_code && placeholder.find(", ") != std::string_view::npos) {
      add_call(compiler, text, node, placeholder, brace + 1, here);
    } else if (placeholder.empty() || placeholder.find_first_of(" \t\n{\"'") != std::string_view::npos) {
      fail_inside(compiler.loading, node, brace, end - brace + 1,
                  fmt::format("`{{{}}}` is no placeholder", shown(placeholder)),
                  {"a placeholder is a path such as {table}; a brace that is to be printed is written `{{`"});
    } else {
      add_path(compiler, text, node, placeholder, brace + 1, here);
    }
    at = end + 1;
  }
  return text;
}

}  // namespace

Template compile_template(Compiler& compiler, const YamlNode& node, const Here& here) {
  return compile(compiler, node, here, false);
}

Template compile_code(Compiler& compiler, const YamlNode& node, const Here& here) {
  return compile(compiler, node, here, true);
}

}  // namespace spiritsafe
