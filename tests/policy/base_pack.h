// SPDX-License-Identifier: Apache-2.0
// A small pack for the tests of what stands on packs.
#pragma once

#include "engine/policy/load.h"

namespace spiritsafe {

inline constexpr std::string_view base_pack_text = R"(language: 1
pack: base
version: 2
frame: |
  def upgrade():
settings:
  postgres_version: {default: 15, help: the server's major version}
  large_tables: {default: [], help: tables where a lock hurts}
lists:
  vague_words: [wip, fix]
rules:
  message-vague:
    title: Migration message says nothing
    for_each: migration
    params:
      min_words: {default: 2, min: 1, max: 9, help: fewest words in a message}
      vague: {default: $vague_words, help: words that carry no meaning}
      kinds: {default: [add_column], help: operations}
    where:
      any:
        too short: {message: {words: {size: {less_than: $min_words}}}}
        made only of filler words: {message: {words: {every: {one_of: $vague}}}}
      upgrade: {none: {kind: $kinds}}
    level: warn
    message: 'Message "{message}" is {because}, fewer than {$min_words}'
    formerly: [vague-message]
  drop-column:
    title: Drops a column
    for_each: operation
    where: {kind: drop_column}
    level: approval
    floor: approval
    approval: {by: [dba]}
    message: Drops {table}.{target}
  new-in-two:
    title: New
    for_each: operation
    since: 2
    where: {kind: drop_table}
    level: 'off'
    message: m
overrides:
  - tables: $large_tables
    rules: {message-vague: {level: error}}
)";

inline std::vector<std::pair<std::string, std::vector<PolicyFile>>> base_pack() {
  return {{"base", {{"policies/base/pack.yaml", std::string(base_pack_text)}}}};
}

}  // namespace spiritsafe
