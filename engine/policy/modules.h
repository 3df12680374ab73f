// SPDX-License-Identifier: Apache-2.0
// A policy's files in the order in which they count: what a pack extends comes before it, the team's file comes last.
#pragma once

#include "engine/policy/embedded.h"
#include "engine/policy/loading.h"

namespace spiritsafe {

// A pack, or the team's own file. A pack may have several documents.
struct Module {
  std::string name = {};                 // `sqlmodel`, or the file's path
  std::vector<YamlNode> documents = {};  // maps
  bool builtin = false;
  bool is_pack = false;
  std::string dialect = {};   // the database that the pack speaks of; empty: any
  int64_t version = 1;        // of the pack
  int64_t asked_version = 0;  // by `extends`; 0: the newest
  uint64_t digest = 0;        // of its documents, without the packs that it extends
};

struct Modules {
  std::vector<Module> all = {};
  std::vector<DecodedPack> decoded = {};  // the memory of embedded trees
};

// Everything that `file` extends, and `file` itself.
Modules read_modules(Loading& loading, const PolicyFile& file);
// The same for built-in packs alone.
Modules read_builtin_modules(Loading& loading, const std::vector<std::string>& packs);

// FNV-1a over what decides in a document: no layout, comments, titles, texts for people, examples.
uint64_t digest_of(const YamlNode& document, uint64_t digest);
uint64_t digest_of(std::string_view text, uint64_t digest);
inline constexpr uint64_t empty_digest = 0xCBF29CE484222325;

}  // namespace spiritsafe
