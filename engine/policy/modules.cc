// SPDX-License-Identifier: Apache-2.0
#include "engine/policy/modules.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#ifndef SPIRITSAFE_VERSION
#define SPIRITSAFE_VERSION "0.1.0"
#endif

namespace spiritsafe {
namespace {

constexpr size_t most_files = 4096;
constexpr int deepest_extends = 16;

const std::vector<std::string_view> document_keys = {"language",   "requires", "pack",       "version",   "frame",
                                                     "dialect",    "extends",  "settings",   "lists",     "maps",
                                                     "conditions", "rules",    "overrides",  "waivers",   "approvers",
                                                     "diagnoses",  "effects",  "lock_modes", "behaviours"};

struct Reading {
  Loading& loading;
  Modules modules = {};
  std::vector<std::string> open = {};  // packs and files whose `extends` is being followed, outermost first
};

void add_builtin(Reading& reading, const YamlNode& name, int64_t version);
void add_file(Reading& reading, PolicyFile file, const YamlNode* asked);

// ---- documents -----------------------------------------------------------------------------------------------------

std::vector<int64_t> version_parts(std::string_view text) {
  std::vector<int64_t> parts;
  while (!text.empty()) {
    const size_t dot = std::min(text.find('.'), text.size());
    const std::optional<int64_t> part = parse_integer(text.substr(0, dot));
    if (!part || *part < 0) {
      return {};
    }
    parts.push_back(*part);
    text.remove_prefix(std::min(dot + 1, text.size()));
  }
  parts.resize(std::max<size_t>(parts.size(), 3));
  return parts;
}

void check_head(Loading& loading, const YamlNode& root, bool needs_language) {
  const YamlNode* language = root.find("language");
  if (!language && needs_language) {
    fail(loading, root, "a policy begins with `language: 1`");
  } else if (language && language->text != "1") {
    fail(loading, *language, fmt::format("`language` is 1, not `{}`", shown(language->text)),
         {"a newer program may know it"});
  }
  if (const YamlNode* needed = root.find("requires"); needed && needed->kind != YamlNode::Kind::empty) {
    const std::string_view text = needed->text;
    const std::vector<int64_t> version =
        version_parts(text.starts_with(">=") ? text.substr(std::min(text.find_first_not_of(' ', 2), text.size())) : "");
    if (!text.starts_with(">=") || version.empty() || text.size() > 40) {
      fail(loading, *needed, "`requires` is a version of this program such as \">=1.4\"");
    } else if (version > version_parts(SPIRITSAFE_VERSION)) {
      fail(loading, *needed, fmt::format("this policy needs spiritsafe {}, and this is {}", text, SPIRITSAFE_VERSION),
           {"install a newer one"});
    }
  }
}

uint16_t add_source(Loading& loading, std::string path, std::string text, bool checked) {
  loading.files.push_back({std::move(path), std::move(text), checked});
  return static_cast<uint16_t>(loading.files.size() - 1);
}

// The tree of one file, or nothing where it cannot be used at all.
std::optional<YamlNode> read_document(Loading& loading, const PolicyFile& file) {
  if (loading.files.size() >= most_files) {
    return {};
  }
  const uint16_t number = add_source(loading, file.path, file.text, false);
  Result<YamlNode> root = parse_yaml(loading.files[number].path, loading.files[number].text, number, loading.arena);
  if (!root) {
    loading.incomplete = true;
    for (Error& error : root.error()) {
      loading.errors.push_back(std::move(error));
    }
    return {};
  }
  root->file = number;
  if (root->kind == YamlNode::Kind::empty) {
    YamlNode whole;
    whole.file = number;
    fail(loading, whole, "the policy is empty", {"begin with language: 1"});
    return {};
  }
  if (!check_keys(loading, *root, "a policy", document_keys)) {
    return {};
  }
  return *root;
}

// ---- extends -------------------------------------------------------------------------------------------------------

void read_reference(Reading& reading, const YamlNode& pack) {
  Loading& loading = reading.loading;
  if (!check_keys(loading, pack, "a pack under `extends`", {"builtin", "version", "file", "git", "ref", "sha256"})) {
    return;
  }
  const YamlNode* builtin = pack.find("builtin");
  const YamlNode* file = pack.find("file");
  if (const YamlNode* git = pack.find("git")) {
    loading.incomplete = true;
    fail(loading, *git, "packs from git are not supported yet",
         {"check the pack out beside this file and say `file: path`"});
    return;
  }
  if ((builtin != nullptr) == (file != nullptr)) {
    fail(loading, pack, "a pack under `extends` is `builtin: name` or `file: path`");
    return;
  }
  if (builtin && builtin->is_scalar()) {
    add_builtin(reading, *builtin, read_integer(loading, pack.find("version"), "version").value_or(0));
  } else if (file && file->is_scalar()) {
    const std::string& from = loading.files[file->file].path;
    const std::string folder =
        from.find('/') == std::string::npos ? std::string() : from.substr(0, from.rfind('/') + 1);
    if (file->text.starts_with('/')) {
      fail(loading, *file, "a pack's path is relative to this file");
    } else if (!loading.options.read_file) {
      loading.incomplete = true;
      fail(loading, *file, "packs of files cannot be read here");
    } else if (Result<PolicyFile> read = loading.options.read_file(folder + std::string(file->text))) {
      add_file(reading, std::move(*read), file);
    } else {
      loading.incomplete = true;
      fail(loading, *file,
           fmt::format("cannot read `{}`{}", shown(file->text),
                       read.error().empty() ? "" : ": " + read.error().front().message));
    }
  } else {
    fail(loading, builtin ? *builtin : *file, fmt::format("`{}` is a text", builtin ? "builtin" : "file"));
  }
}

void read_extends(Reading& reading, const YamlNode& root) {
  const YamlNode* extends = root.find("extends");
  if (!extends || extends->kind == YamlNode::Kind::empty) {
    return;
  }
  if (extends->is_map()) {
    read_reference(reading, *extends);
    return;
  }
  if (extends->is_scalar()) {
    fail(reading.loading, *extends, "`extends` is a list of packs",
         {fmt::format("say extends: [{{builtin: {}}}]", shown(extends->text))});
  }
  for (const YamlNode& pack : extends->items()) {
    read_reference(reading, pack);
  }
}

// False, and a mistake noted, where the pack is among those that led here.
bool enter(Reading& reading, const std::string& name, const YamlNode* asked) {
  if (std::ranges::find(reading.open, name) != reading.open.end() || reading.open.size() >= deepest_extends) {
    if (asked) {
      std::vector<std::string_view> chain(reading.open.begin(), reading.open.end());
      fail(reading.loading, *asked, fmt::format("`{}` extends itself: {} → {}", name, joined(chain, " → "), name));
    }
    return false;
  }
  reading.open.push_back(name);
  return true;
}

Module* find_module(Reading& reading, std::string_view name) {
  const auto found = std::ranges::find(reading.modules.all, name, &Module::name);
  return found == reading.modules.all.end() ? nullptr : &*found;
}

// What the documents of a pack say about the pack itself.
void read_identity(Loading& loading, Module& module) {
  bool has_language = false;
  for (const YamlNode& root : module.documents) {
    has_language = has_language || root.find("language");
    check_head(loading, root, false);
    if (const YamlNode* pack = root.find("pack")) {
      module.is_pack = true;
      if (module.builtin && pack->text != module.name) {
        fail(loading, *pack, fmt::format("this file belongs to the pack `{}`", module.name));
      }
    }
    if (const YamlNode* dialect = root.find("dialect")) {
      module.dialect = read_dialect(loading, *dialect, "dialect").value_or(std::string());
      if (!root.find("pack")) {
        fail(loading, *dialect, "`dialect` is a pack's, and this file has no `pack:`",
             {"a rule may have a `dialect:` of its own"});
      }
    }
    if (const YamlNode* version = root.find("version")) {
      module.version = read_integer(loading, version, "version").value_or(1);
      if (!root.find("pack")) {
        fail(loading, *version, "`version` is a pack's, and this file has no `pack:`");
      }
    }
  }
  if (!has_language && !module.documents.empty()) {
    check_head(loading, module.documents.front(), true);
  }
}

void add_module(Reading& reading, Module module) {
  for (const YamlNode& root : module.documents) {
    read_extends(reading, root);
  }
  reading.modules.all.push_back(std::move(module));
}

// ---- built-in packs ------------------------------------------------------------------------------------------------

bool read_builtin_documents(Reading& reading, Module& module) {
  Loading& loading = reading.loading;
  for (const auto& [name, files] : loading.options.packs) {
    if (name != module.name) {
      continue;
    }
    for (const PolicyFile& file : files) {
      if (std::optional<YamlNode> root = read_document(loading, file)) {
        module.documents.push_back(*root);
      }
    }
    module.digest = empty_digest;
    for (const YamlNode& root : module.documents) {
      module.digest = digest_of(root, module.digest);
    }
    return true;
  }
  if (!loading.options.packs.empty()) {
    return false;
  }
  for (const EmbeddedPack& pack : embedded_packs()) {
    if (pack.name == module.name) {
      DecodedPack decoded = decode_pack(pack.bytes, static_cast<uint16_t>(loading.files.size()));
      for (const PackDocument& document : decoded.documents) {
        add_source(loading, document.path, {}, true);
        module.documents.push_back(document.root);
      }
      module.digest = pack.digest;
      reading.modules.decoded.push_back(std::move(decoded));
      return true;
    }
  }
  return false;
}

void add_builtin(Reading& reading, const YamlNode& asked, int64_t version) {
  Loading& loading = reading.loading;
  const std::string name(asked.text);
  if (Module* known = find_module(reading, name)) {
    if (version != 0 && known->asked_version != 0 && version != known->asked_version) {
      fail(loading, asked,
           fmt::format("the pack `{}` is extended as version {} and as version {}", name, known->asked_version,
                       version));
    }
    known->asked_version = std::max(known->asked_version, version);
    return;
  }
  if (!enter(reading, name, &asked)) {
    return;
  }
  Module module;
  module.name = name;
  module.builtin = true;
  module.asked_version = version;
  if (read_builtin_documents(reading, module)) {
    read_identity(loading, module);
    module.is_pack = true;
    if (version < 0 || version > module.version) {
      fail(loading, asked,
           fmt::format("the built-in pack `{}` has no version {}: its newest is {}", name, version, module.version));
    }
    add_module(reading, std::move(module));
  } else {
    std::vector<std::string> names = loading.options.packs.empty() ? builtin_pack_names() : std::vector<std::string>();
    for (const auto& [each, files] : loading.options.packs) {
      names.push_back(each);
    }
    const std::vector<std::string_view> known(names.begin(), names.end());
    std::vector<std::string> hints = did_you_mean(name, known);
    if (hints.empty()) {
      hints = {known.empty() ? std::string("there are none in this program")
                             : fmt::format("there are {}", joined(known))};
    }
    loading.incomplete = true;
    fail(loading, asked, fmt::format("there is no built-in pack `{}`", shown(name)), std::move(hints));
  }
  reading.open.pop_back();
}

// ---- files ---------------------------------------------------------------------------------------------------------

void add_file(Reading& reading, PolicyFile file, const YamlNode* asked) {
  if (find_module(reading, file.path) || !enter(reading, file.path, asked)) {
    return;
  }
  Module module;
  module.name = file.path;
  if (const std::optional<YamlNode> root = read_document(reading.loading, file)) {
    module.documents.push_back(*root);
    module.digest = digest_of(*root, empty_digest);
    read_identity(reading.loading, module);
    if (asked && !module.is_pack) {
      fail(reading.loading, *asked,
           fmt::format("`{}` has no `pack: name`, so it cannot be extended", shown(asked->text)));
    }
    add_module(reading, std::move(module));
  }
  reading.open.pop_back();
}

// ---- digest --------------------------------------------------------------------------------------------------------

// Keys of a rule whose values are for people.
bool is_for_people(std::string_view key) {
  static constexpr std::array<std::string_view, 11> keys = {
      "title", "message", "why", "fix", "instead", "links", "examples", "tags", "signatures", "status", "autofix"};
  return std::ranges::find(keys, key) != keys.end();
}

uint64_t digest_of_tree(const YamlNode& node, uint64_t digest) {
  static constexpr std::array<std::string_view, 4> marks = {"empty", "scalar", "list", "map"};
  digest = digest_of(marks[static_cast<size_t>(node.kind)], digest);
  if (node.is_scalar()) {
    return digest_of(node.text, digest);
  }
  for (const YamlNode& item : node.items()) {
    digest = digest_of_tree(item, digest);
  }
  for (const YamlEntry& entry : node.entries()) {
    if (!is_extension(entry.key.text)) {
      digest = digest_of_tree(entry.value, digest_of(entry.key.text, digest));
    }
  }
  return digest_of("end", digest);
}

uint64_t digest_of_rules(const YamlNode& rules, uint64_t digest) {
  for (const YamlEntry& rule : rules.entries()) {
    digest = digest_of(rule.key.text, digest);
    for (const YamlEntry& entry : rule.value.entries()) {
      if (!is_for_people(entry.key.text) && !is_extension(entry.key.text)) {
        digest = digest_of_tree(entry.value, digest_of(entry.key.text, digest));
      }
    }
  }
  return digest;
}

}  // namespace

uint64_t digest_of(std::string_view text, uint64_t digest) {
  for (const char c : text) {
    digest = (digest ^ static_cast<unsigned char>(c)) * 0x100000001B3;
  }
  return (digest ^ 0xFF) * 0x100000001B3;  // no UTF-8 text holds this byte: texts do not run into each other
}

uint64_t digest_of(const YamlNode& document, uint64_t digest) {
  for (const YamlEntry& entry : document.entries()) {
    if (entry.key.text != "frame" && entry.key.text != "diagnoses" && !is_extension(entry.key.text)) {
      digest = digest_of(entry.key.text, digest);
      const bool has_examples = entry.key.text == "rules" || entry.key.text == "effects";
      digest = has_examples ? digest_of_rules(entry.value, digest) : digest_of_tree(entry.value, digest);
    }
  }
  return digest;
}

Modules read_modules(Loading& loading, const PolicyFile& file) {
  Reading reading{loading};
  add_file(reading, file, nullptr);
  return std::move(reading.modules);
}

Modules read_builtin_modules(Loading& loading, const std::vector<std::string>& packs) {
  Reading reading{loading};
  for (const std::string& pack : packs) {
    YamlNode asked;
    asked.kind = YamlNode::Kind::scalar;
    asked.text = pack;
    if (loading.files.empty()) {
      add_source(loading, {}, {}, true);
    }
    add_builtin(reading, asked, 0);
  }
  return std::move(reading.modules);
}

}  // namespace spiritsafe
