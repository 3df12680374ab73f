// SPDX-License-Identifier: Apache-2.0
#include "engine/judge/identity.h"

#include <fmt/format.h>

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
  uint64_t value() const { return value_; }

 private:
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
      {"file", {"path"}},
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

void add_value(Hash& hash, const Value& value, Type type) {
  hash.add_byte(static_cast<unsigned char>(value.state));
  if (value.state != State::known) {
    return;
  }
  switch (type) {
    case Type::text:
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
    hash.add_folded(operation.sql_text.is_known() ? operation.sql_text.value : operation.text.value);
  }
}

}  // namespace

uint64_t item_identity(Item item) {
  Hash hash;
  hash.add(item.entity->name);
  for (const auto& path : identity_paths(*item.entity)) {
    add_value(hash, follow(path, item.pointer), path.back()->type);
  }
  if (item.entity == &entity_of<Operation>()) {
    add_free_text(hash, *static_cast<const Operation*>(item.pointer));
  }
  return hash.value();
}

void set_fingerprints(std::vector<Finding>& findings) {
  std::unordered_map<uint64_t, uint32_t> occurrences;
  for (Finding& finding : findings) {
    Hash hash;
    hash.add(finding.rule->id);
    hash.add(finding.project);
    hash.add(finding.revision.empty() ? finding.path : finding.revision);
    hash.add(item_identity(finding.item));
    const uint32_t occurrence = occurrences[hash.value()]++;
    hash.add(occurrence);
    finding.fingerprint = fmt::format("{:016x}", hash.value());
  }
}

FindingKey key_of(const Finding& finding) { return {finding.rule->id, item_identity(finding.item)}; }

}  // namespace spiritsafe
