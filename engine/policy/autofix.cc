// SPDX-License-Identifier: Apache-2.0
// `autofix:` in its three shapes, and `signatures:`.
#include <algorithm>

#include <fmt/format.h>
#include <re2/re2.h>

#include "engine/policy/rules.h"

namespace spiritsafe {
namespace {

// The item that a fix is about, by its name.
std::optional<int> find_slot(const Compiler& compiler, std::string_view name) {
  const auto found = std::ranges::find(compiler.captures, name, &Capture::name);
  return found != compiler.captures.end() && found->only_in.empty() ? std::optional(found->slot) : std::nullopt;
}

int read_item(Compiler& compiler, const YamlNode& node, std::string_view key) {
  if (const std::optional<int> slot = node.is_scalar() ? find_slot(compiler, node.text) : std::nullopt) {
    return *slot;
  }
  std::vector<std::string_view> known;
  for (const Capture& capture : compiler.captures) {
    known.push_back(capture.name);
  }
  fail(compiler.loading, node, fmt::format("`{}` is the name of an item: {}", key, joined(known)));
  return 0;
}

// A path to the module that an import goes into.
std::optional<Path> read_module(Compiler& compiler, const YamlNode& node, const Here& here) {
  const std::optional<Reach> reach =
      node.is_scalar() ? resolve_path(compiler, node, node.text, 0, here) : std::optional<Reach>();
  if (reach && reach->type == Type::item && reach->entity == &entity_of<ModelModule>()) {
    return reach->path;
  }
  fail(compiler.loading, node, "`in` of an `insert:` leads to the module that gets the line", {"e.g. in: package"});
  return std::nullopt;
}

std::vector<std::string> read_anchors(Loading& loading, const YamlNode& node) {
  std::vector<std::string> anchors;
  const auto add = [&](const YamlNode& anchor) {
    const YamlNode* module = anchor.find("import");
    if (anchor.is_scalar() && anchor.text == "last_import") {
      anchors.emplace_back(anchor.text);
    } else if (module && module->is_scalar() && anchor.count == 1) {
      anchors.push_back("import:" + std::string(module->text));
    } else {
      fail(loading, anchor, "an anchor is `last_import` or `{import: module}`");
    }
  };
  if (!node.is_list()) {
    add(node);
  }
  for (const YamlNode& anchor : node.items()) {
    add(anchor);
  }
  return anchors;
}

std::optional<Direction> read_end(Loading& loading, const YamlNode* node) {
  const std::optional<size_t> word = read_word(loading, node, "at_end_of", {"upgrade", "downgrade"});
  return word ? std::optional(*word == 0 ? Direction::upgrade : Direction::downgrade) : std::nullopt;
}

// Code that `also:` puts at the end of a function.
std::vector<Replacement> read_also_inserted(Compiler& compiler, const YamlNode& node, const Here& here) {
  std::vector<Replacement> also;
  if (!node.is_list()) {
    fail(compiler.loading, node, "`also` is a list of further insertions",
         {"e.g. also: [{insert: 'op.execute(…)', at_end_of: downgrade}]"});
  }
  for (const YamlNode& item : node.items()) {
    const YamlNode* text = item.find("insert");
    const YamlNode* end = item.find("at_end_of");
    if (!check_keys(compiler.loading, item, "an insertion of `also`", {"insert", "at_end_of"})) {
      continue;
    }
    if (!text || !end) {
      fail(compiler.loading, item, "an insertion of `also` needs `insert:` and `at_end_of:`");
      continue;
    }
    also.push_back({std::nullopt, read_end(compiler.loading, end), compile_code(compiler, *text, here)});
  }
  return also;
}

void read_each(Compiler& compiler, const YamlNode& node, const Here& here, Autofix& fix) {
  const std::optional<Reach> list = node.is_scalar() ? resolve_path(compiler, node, node.text, 0, here) : std::nullopt;
  if (!list || list->type != Type::texts || !fix.at_end_of) {
    fail(compiler.loading, node, "`each` is the path of a list of texts, beside `at_end_of:`");
    return;
  }
  fix.each = list->path;
}

// Where `insert:` puts its text: behind an import, or as code before an item or at the end of a function.
void read_insertion(Compiler& compiler, const YamlNode& node, const Here& here, Autofix& fix) {
  Loading& loading = compiler.loading;
  const YamlNode* after = node.find("after");
  const YamlNode* before = node.find("before");
  const YamlNode* end = node.find("at_end_of");
  const YamlNode* in = node.find("in");
  if ((after != nullptr) + (before != nullptr) + (end != nullptr) + (in != nullptr) != 1) {
    fail(loading, node, "`insert:` needs one of `after:`, `before:`, `at_end_of:` and `in:`");
    return;
  }
  fix.kind = Autofix::Kind::insert;
  const YamlNode& text = *node.find("insert");
  fix.text = after || in ? compile_template(compiler, text, here) : compile_code(compiler, text, here);
  if (after) {
    fix.anchors = read_anchors(loading, *after);
  }
  if (in) {
    fix.module = read_module(compiler, *in, here);
  }
  if (before) {
    fix.before = true;
    fix.slot = read_item(compiler, *before, "before");
  }
  fix.at_end_of = end ? read_end(loading, end) : std::nullopt;
  if (const YamlNode* each = node.find("each")) {
    read_each(compiler, *each, here, fix);
  }
  if (const YamlNode* also = node.find("also")) {
    fix.also = read_also_inserted(compiler, *also, here);
  }
}

std::vector<Replacement> read_also(Compiler& compiler, const YamlNode& node, const Here& here) {
  std::vector<Replacement> also;
  if (!node.is_list()) {
    fail(compiler.loading, node, "`also` is a list of further replacements",
         {"e.g. also: [{replace: '^Revises:.*$', with: 'Revises: {rebase_onto}'}]"});
  }
  for (const YamlNode& item : node.items()) {
    if (!check_keys(compiler.loading, item, "a replacement of `also`", {"replace", "with"})) {
      continue;
    }
    const YamlNode* pattern = item.find("replace");
    const YamlNode* with = item.find("with");
    if (!pattern || !pattern->is_scalar() || !with) {
      fail(compiler.loading, item, "a replacement of `also` needs `replace:`, a pattern, and `with:`");
      continue;
    }
    also.push_back({compile_pattern(compiler.loading, *pattern), {}, compile_template(compiler, *with, here)});
  }
  return also;
}

}  // namespace

Autofix compile_autofix(Compiler& compiler, const YamlNode& node, const Here& here) {
  Autofix fix;
  Loading& loading = compiler.loading;
  if (!check_keys(
          loading, node, "`autofix`",
          {"safety", "insert", "after", "before", "at_end_of", "each", "replace", "in", "with", "also", "remove"})) {
    return fix;
  }
  const YamlNode* insert = node.find("insert");
  const YamlNode* replace = node.find("replace");
  const YamlNode* remove = node.find("remove");
  if ((insert != nullptr) + (replace != nullptr) + (remove != nullptr) != 1) {
    fail(loading, node, "`autofix` has one of `insert`, `replace` and `remove`");
    return fix;
  }
  const std::optional<size_t> safety = read_word(loading, node.find("safety"), "safety", {"safe", "unsafe"});
  if (!node.find("safety")) {
    fail(loading, node, "`autofix` needs `safety: safe` or `safety: unsafe`",
         {"safe ones are applied by `spiritsafe fix`, unsafe ones only with --unsafe"});
  }
  fix.safe = safety == 0;
  const auto needs = [&](std::string_view key, std::string_view shape) {
    const YamlNode* value = node.find(key);
    if (!value) {
      fail(loading, node, fmt::format("`{}:` needs `{}:`", shape, key));
    }
    return value;
  };
  const auto refuse = [&](std::string_view key, std::string_view shape) {
    if (const YamlEntry* entry = node.find_entry(key)) {
      fail(loading, entry->key, fmt::format("`{}:` means nothing beside `{}:`", key, shape));
    }
  };
  if (insert) {
    read_insertion(compiler, node, here, fix);
    refuse("with", "insert");
  } else if (replace) {
    fix.kind = Autofix::Kind::replace;
    if (const std::optional<int> slot = replace->is_scalar() ? find_slot(compiler, replace->text) : std::nullopt) {
      fix.slot = *slot;
      refuse("in", "replace");
    } else if (replace->is_scalar()) {
      fix.pattern = compile_pattern(loading, *replace);
      const YamlNode* in = node.find("in");
      fix.in_file = in && in->is_scalar() && in->text == "file";
      fix.slot = in && !fix.in_file ? read_item(compiler, *in, "in") : 0;
    } else {
      fail(loading, *replace, "`replace` is a pattern or the name of an item");
    }
    if (const YamlNode* with = needs("with", "replace")) {
      fix.text = compile_template(compiler, *with, here);
    }
    if (const YamlNode* also = node.find("also")) {
      fix.also = read_also(compiler, *also, here);
    }
    refuse("after", "replace");
    refuse("before", "replace");
    refuse("at_end_of", "replace");
  } else {
    fix.kind = Autofix::Kind::remove;
    fix.slot = read_item(compiler, *remove, "remove");
    refuse("with", "remove");
    refuse("also", "remove");
    refuse("after", "remove");
    refuse("before", "remove");
    refuse("at_end_of", "remove");
    refuse("in", "remove");
  }
  return fix;
}

std::vector<Signature> read_signatures(Loading& loading, const YamlNode& node) {
  std::vector<Signature> signatures;
  if (!node.is_list() && node.kind != YamlNode::Kind::empty) {
    fail(loading, node, "`signatures` is a list", {"e.g. signatures: [{text: what the message says}]"});
  }
  for (const YamlNode& item : node.items()) {
    if (!check_keys(loading, item, "a signature", {"text", "pattern", "example"})) {
      continue;
    }
    const YamlNode* text = item.find("text");
    const YamlNode* pattern = item.find("pattern");
    if ((text != nullptr) == (pattern != nullptr)) {
      fail(loading, item, "a signature has `text:` or `pattern:`");
      continue;
    }
    Signature signature;
    signature.text = read_text(loading, text ? text : pattern, text ? "text" : "pattern");
    signature.pattern = text                   ? std::optional(Pattern(RE2::QuoteMeta(signature.text)))
                        : pattern->is_scalar() ? compile_pattern(loading, *pattern)
                                               : std::nullopt;
    signature.example = read_text(loading, item.find("example"), "example");
    if (!signature.example.empty() && !loading.files[item.file].checked && signature.pattern &&
        !RE2::PartialMatch(signature.example, signature.pattern->compiled())) {
      fail(loading, *item.find("example"), "the signature does not match its example");
    }
    signatures.push_back(std::move(signature));
  }
  return signatures;
}

}  // namespace spiritsafe
