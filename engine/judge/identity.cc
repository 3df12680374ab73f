// SPDX-License-Identifier: Apache-2.0
#include "engine/judge/identity.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <unordered_map>

namespace spiritsafe {
namespace {

// FNV-1a: short, and the same on every machine for good.
class Hash {
 public:
  void add_byte(unsigned char byte) { value_ = (value_ ^ byte) * 1099511628211u; }
  void add(std::string_view text) {
    for (const char c : text) {
      add_byte(static_cast<unsigned char>(c));
    }
    add_byte(0);
  }
  void add(uint64_t number) {
    for (int shift = 0; shift < 64; shift += 8) {
      add_byte(static_cast<unsigned char>(number >> shift));
    }
  }
  // White space runs count as one space, none at the ends.
  void add_folded(std::string_view text) {
    bool space = false;
    bool begun = false;
    for (const char c : text) {
      if (c == ' ' || (c >= '\t' && c <= '\r')) {
        space = begun;
        continue;
      }
      if (space) {
        add_byte(' ');
      }
      add_byte(static_cast<unsigned char>(c));
      space = false;
      begun = true;
    }
    add_byte(0);
  }
  // Source text, whoever formatted it.
  void add_code(std::string_view text) {
    for (size_t i = 0; i < text.size(); ++i) {
      const char c = text[i];
      if (c == '"' || c == '\'') {
        i = add_string(text, i);
      } else if (!is_space(c) && !(c == ',' && closes(text, i + 1))) {
        add_byte(static_cast<unsigned char>(c));
      }
    }
    add_byte(0);
  }
  uint64_t value() const { return value_; }

 private:
  static bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
  // Is a bracket closed behind white space?
  static bool closes(std::string_view text, size_t at) {
    while (at < text.size() && is_space(text[at])) {
      ++at;
    }
    return at < text.size() && (text[at] == ')' || text[at] == ']' || text[at] == '}');
  }
  // A string with either kind of quotes gives the same; returns the place of its last quote.
  size_t add_string(std::string_view text, size_t at) {
    const char quote = text[at];
    add_byte('"');
    for (++at; at < text.size() && text[at] != quote; ++at) {
      if (text[at] == '\\' && at + 1 < text.size()) {
        ++at;
        if (text[at] != '"' && text[at] != '\'') {
          add_byte('\\');
        }
      }
      add_byte(static_cast<unsigned char>(text[at]));
    }
    add_byte('"');
    return at;
  }

  uint64_t value_ = 14695981039346656037u;
};

// The fields that say which one an item is. Entities without a row are told apart by their name, table and text.
struct IdentityRow {
  std::string_view entity;
  std::vector<std::string_view> fields;
};

const std::vector<IdentityRow>& identity_rows() {
  static const std::vector<IdentityRow> rows = {
      {"repo", {}},
      {"migration", {}},
      {"file", {"name"}},
      {"line", {"text"}},
      {"operation", {"kind", "direction", "schema", "table", "target", "new_name", "columns"}},
      {"step", {"direction", "text"}},
      {"column", {"operation.kind", "operation.direction", "operation.table", "name"}},
      {"constraint", {"operation.direction", "operation.table", "kind", "name", "columns"}},
      {"statement", {"text"}},
      {"import", {"module", "name"}},
      {"use", {"root"}},
      {"comment", {"text"}},
      {"waiver", {"rule", "until", "reason"}},
      {"job", {"platform", "name"}},
      {"command", {"job.name", "text", "uses"}},
      {"schema_change", {"kind", "text"}},
      {"env_script", {}},
      {"weakening", {"kind", "subject", "before", "after"}},
      {"branch", {"label"}},
      {"base_migration", {"revision"}},
      {"difference", {"kind", "side", "table", "name", "columns"}},
  };
  return rows;
}

std::vector<const Field*> resolve(const Entity& entity, std::string_view path) {
  std::vector<const Field*> fields;
  const Entity* at = &entity;
  while (at && !path.empty()) {
    const size_t dot = path.find('.');
    const Field* field = find_field(*at, path.substr(0, dot));
    if (!field) {
      return {};
    }
    fields.push_back(field);
    at = field->entity.empty() ? nullptr : find_entity(field->entity);
    path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
  }
  return fields;
}

using FieldPaths = std::vector<std::vector<const Field*>>;

FieldPaths paths_for(const Entity& entity) {
  static const std::vector<std::string_view> common = {"name", "table", "text"};
  const std::vector<std::string_view>* names = &common;
  for (const IdentityRow& row : identity_rows()) {
    names = row.entity == entity.name ? &row.fields : names;
  }
  FieldPaths paths;
  for (const std::string_view name : *names) {
    if (auto path = resolve(entity, name); !path.empty()) {
      paths.push_back(std::move(path));
    }
  }
  return paths;
}

const FieldPaths& identity_paths(const Entity& entity) {
  static const std::unordered_map<const Entity*, FieldPaths> table = [] {
    std::unordered_map<const Entity*, FieldPaths> all;
    for (const Entity& each : entities()) {
      all.emplace(&each, paths_for(each));
    }
    return all;
  }();
  return table.at(&entity);
}

void add_value(Hash& hash, const Value& value, Type type, bool is_code) {
  hash.add_byte(static_cast<unsigned char>(value.state));
  if (value.state != State::known) {
    return;
  }
  switch (type) {
    case Type::text:
      is_code ? hash.add_code(value.text) : hash.add_folded(value.text);
      break;
    case Type::choice:
      hash.add_folded(value.text);
      break;
    case Type::boolean:
      hash.add_byte(value.boolean);
      break;
    case Type::number:
      hash.add(static_cast<uint64_t>(value.number));
      break;
    case Type::texts:
      hash.add(value.texts.size());
      for (const Text& text : value.texts) {
        hash.add_byte(static_cast<unsigned char>(text.state));
        hash.add_folded(text.value);
      }
      break;
    case Type::item:
    case Type::items:
      break;
  }
}

Value follow(const std::vector<const Field*>& path, const void* item) {
  Value value;
  for (const Field* field : path) {
    value = field->get(item);
    if (value.state != State::known) {
      break;
    }
    item = value.item.pointer;
  }
  return value;
}

// What an operation does is in its fields, unless all that is known of it is its text.
void add_free_text(Hash& hash, const Operation& operation) {
  using enum OperationKind;
  if (operation.kind == execute || operation.kind == plugin || operation.kind == unrecognised) {
    if (operation.sql_text.is_known()) {
      hash.add_folded(operation.sql_text.value);
    } else {
      hash.add_code(operation.text.value);
    }
  }
}

}  // namespace

uint64_t item_identity(Item item) {
  Hash hash;
  hash.add(item.entity->name);
  const bool is_code = item.entity == &entity_of<Step>();  // its text is Python
  for (const auto& path : identity_paths(*item.entity)) {
    add_value(hash, follow(path, item.pointer), path.back()->type, is_code);
  }
  if (item.entity == &entity_of<Operation>()) {
    add_free_text(hash, *static_cast<const Operation*>(item.pointer));
  }
  return hash.value();
}

std::string path_from_root(const Standpoint& standpoint, std::string_view path) {
  if (standpoint.root.empty()) {
    return std::string(path);
  }
  const std::string whole = path.starts_with('/') ? std::string(path) : fmt::format("{}/{}", standpoint.here, path);
  std::vector<std::string_view> parts;
  for (size_t begin = 0; begin < whole.size();) {
    const size_t end = std::min(whole.find('/', begin), whole.size());
    const std::string_view part = std::string_view(whole).substr(begin, end - begin);
    begin = end + 1;
    if (part == ".." && !parts.empty()) {
      parts.pop_back();
    } else if (!part.empty() && part != "." && part != "..") {
      parts.push_back(part);
    }
  }
  const std::string normal = fmt::format("/{}", fmt::join(parts, "/"));
  const std::string_view root = standpoint.root == "/" ? std::string_view() : standpoint.root;
  if (normal == standpoint.root) {
    return {};
  }
  return normal.starts_with(root) && normal[root.size()] == '/' ? normal.substr(root.size() + 1) : normal;
}

void set_fingerprints(std::vector<Finding>& findings, const Standpoint& standpoint, std::string_view folder) {
  if (findings.empty()) {
    return;
  }
  const std::string project = standpoint.root.empty() ? std::string() : path_from_root(standpoint, folder);
  std::unordered_map<uint64_t, uint32_t> occurrences;
  for (Finding& finding : findings) {
    Hash hash;
    hash.add(finding.rule->id);
    hash.add(standpoint.root.empty() ? finding.project : project);
    hash.add(finding.revision.empty() ? path_from_root(standpoint, finding.path) : finding.revision);
    hash.add(item_identity(finding.item));
    const uint32_t occurrence = occurrences[hash.value()]++;
    hash.add(occurrence);
    finding.fingerprint = fmt::format("{:016x}", hash.value());
  }
}

FindingKey key_of(const Finding& finding) { return {finding.rule->id, item_identity(finding.item)}; }

}  // namespace spiritsafe
