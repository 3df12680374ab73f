// SPDX-License-Identifier: Apache-2.0
// spiritsafe_embed OUT.cc FOLDER: checks the packs under FOLDER (one folder of YAML files each) as packs owe it to be,
// and writes them as C++ bytes. A mistake in a policy breaks the build with the same text that a user would see.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include <fmt/format.h>

#include "engine/policy/load.h"
#include "engine/policy/modules.h"

namespace spiritsafe {
namespace {

namespace fs = std::filesystem;
using Pack = std::pair<std::string, std::vector<PolicyFile>>;

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// Sorted, so that the same folder gives the same bytes.
std::vector<fs::path> sorted_children(const fs::path& folder) {
  std::vector<fs::path> children;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    children.push_back(entry.path());
  }
  std::ranges::sort(children);
  return children;
}

std::vector<Pack> read_packs(const fs::path& root) {
  std::vector<Pack> packs;
  for (const fs::path& folder : fs::is_directory(root) ? sorted_children(root) : std::vector<fs::path>()) {
    Pack pack{folder.filename().string(), {}};
    for (const fs::path& file : fs::is_directory(folder) ? sorted_children(folder) : std::vector<fs::path>()) {
      if (file.extension() == ".yaml" || file.extension() == ".yml") {
        pack.second.push_back(
            {fmt::format("{}/{}/{}", root.filename().string(), pack.first, file.filename().string()), read_file(file)});
      }
    }
    if (!pack.second.empty()) {
      packs.push_back(std::move(pack));
    }
  }
  return packs;
}

bool check(const std::vector<Pack>& packs) {
  LoadOptions options;
  options.packs = packs;
  options.pack_rules = true;
  std::vector<std::string> names;
  for (const Pack& pack : packs) {
    names.push_back(pack.first);
  }
  const Result<Policy> policy = packs.empty() ? Result<Policy>() : load_builtin_policy(names, options);
  if (!policy) {
    std::cerr << format_errors(policy.error());
  }
  return policy.has_value();
}

// The pack's bytes; its files were checked, so they parse.
std::string pack_source(const Pack& pack, size_t number, std::string& table) {
  Arena arena;
  std::vector<PackDocument> documents;
  uint64_t digest = empty_digest;
  for (const PolicyFile& file : pack.second) {
    documents.push_back({file.path, *parse_yaml(file.path, file.text, 0, arena)});
    digest = digest_of(documents.back().root, digest);
  }
  const std::vector<unsigned char> bytes = encode_pack(documents);
  std::string out = fmt::format("constexpr unsigned char pack_{}[] = {{", number);
  for (size_t i = 0; i < bytes.size(); ++i) {
    out += fmt::format("{}{},", i % 32 == 0 ? "\n" : "", bytes[i]);
  }
  table += fmt::format("    {{\"{}\", pack_{}, 0x{:016x}}},\n", pack.first, number, digest);
  return out + "\n};\n";
}

std::string source_of(const std::vector<Pack>& packs) {
  std::string table;
  std::string out =
      "// Written by spiritsafe_embed from policies/; not to be edited.\n#include "
      "\"engine/policy/embedded.h\"\n\nnamespace spiritsafe {\nnamespace {\n";
  for (size_t i = 0; i < packs.size(); ++i) {
    out += pack_source(packs[i], i, table);
  }
  if (packs.empty()) {
    return out +
           "}  // namespace\n\nstd::span<const EmbeddedPack> embedded_packs() { return {}; }\n}  // namespace "
           "spiritsafe\n";
  }
  return out + "constexpr EmbeddedPack packs[] = {\n" + table +
         "};\n}  // namespace\n\nstd::span<const EmbeddedPack> embedded_packs() { return packs; }\n}  // namespace "
         "spiritsafe\n";
}

}  // namespace
}  // namespace spiritsafe

int main(int count, char** arguments) {
  if (count != 3) {
    std::cerr << "usage: spiritsafe_embed OUT.cc FOLDER\n";
    return 2;
  }
  const auto packs = spiritsafe::read_packs(arguments[2]);
  if (!spiritsafe::check(packs)) {
    return 1;
  }
  std::ofstream out(arguments[1], std::ios::binary);
  out << spiritsafe::source_of(packs);
  return out.good() ? 0 : 2;
}
