// SPDX-License-Identifier: Apache-2.0
// The packs inside the program: checked when it was built, then written as bytes that need no YAML parser.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "engine/policy/yaml_tree.h"

namespace spiritsafe {

struct EmbeddedPack {
  std::string_view name;
  std::span<const unsigned char> bytes;
  uint64_t digest;
};

// Those of this program. A program that links spiritsafe_packs has them all, any other one none.
std::span<const EmbeddedPack> embedded_packs();

// A file of a pack as a tree.
struct PackDocument {
  std::string path = {};
  YamlNode root = {};
};

// The documents of a pack without what judging does not need (examples).
std::vector<unsigned char> encode_pack(const std::vector<PackDocument>& documents);

// The trees again; their texts are views of `bytes`. Lines and columns are kept, spans are not. The nodes lie in
// `nodes` and `entries`, which must live as long as the trees.
struct DecodedPack {
  std::vector<PackDocument> documents = {};
  std::unique_ptr<YamlNode[]> nodes = {};
  std::unique_ptr<YamlEntry[]> entries = {};
};
// `first_file` numbers the files. Bytes that encode_pack did not write give a pack without documents.
DecodedPack decode_pack(std::span<const unsigned char> bytes, uint16_t first_file);

}  // namespace spiritsafe
