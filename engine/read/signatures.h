// SPDX-License-Identifier: Apache-2.0
// The one table of Alembic's directives, 1.8 to 1.19: their parameters, and which parameter is which fact.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "engine/facts/kinds.h"

namespace spiritsafe {

// What a parameter says about the operation. `ignored` ones are known to Alembic and say nothing that is a fact.
enum class Role : uint8_t {
  ignored,
  table,
  schema,
  target,
  column,
  columns,
  elements,
  members,
  new_name,
  referent_table,
  referent_schema,
  referent_columns,
  condition,
  nullable,
  type,
  server_default,
  comment,
  existing_type,
  existing_nullable,
  unique,
  if_exists,
  if_not_exists,
  constraint_type,
  ondelete,
  onupdate,
  deferrable,
  initially,
  sql,
  parameters,
  rows,
  not_valid,
  concurrently,
  using_expression,
  where,
  index_option,
  partition_by,
  recreate,
  count_,
};
inline constexpr size_t role_count = static_cast<size_t>(Role::count_);

struct DirectiveParameter {
  std::string_view name = {};
  Role role = Role::ignored;
  bool required = false;
  bool keyword_only = false;  // since Alembic 1.11; before that it could be given by place
  bool spread = false;        // `*columns`: takes all further positional arguments
};

struct Directive {
  std::string_view name = {};        // `add_column`
  std::string_view call = {};        // `op.add_column`
  std::string_view batch_call = {};  // `batch_op.add_column`; empty where batch_op does not have it
  OperationKind kind = OperationKind::unrecognised;
  std::span<const DirectiveParameter> parameters = {};
  std::span<const DirectiveParameter> batch_parameters = {};
  bool dialect_keywords = false;  // takes `postgresql_…=` and the like
};

// nullptr where Alembic has no directive of that name.
const Directive* find_signature(std::string_view name);

// `postgresql_where`: a keyword that begins with the name of a dialect.
bool is_dialect_keyword(std::string_view name);
// What the keywords of PostgreSQL say: Role::ignored for those that are no fact.
Role role_of_dialect_keyword(std::string_view name);

// What the parameter was called before Alembic 1.0; Role::ignored where it had no other name.
Role role_of_legacy_keyword(std::string_view name);

}  // namespace spiritsafe
