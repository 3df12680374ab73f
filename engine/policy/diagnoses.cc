// SPDX-License-Identifier: Apache-2.0
#include "engine/policy/diagnoses.h"

#include <algorithm>

#include <fmt/format.h>
#include <re2/re2.h>

#include "engine/policy/rules.h"

namespace spiritsafe {
namespace {

// Every placeholder has to be a group of every signature: whichever of them matched, the text is whole.
void check_group(Loading& loading, const YamlNode& node, size_t offset, std::string_view group,
                 const std::vector<Signature>& signatures) {
  for (const Signature& signature : signatures) {
    if (!signature.pattern) {
      continue;  // why was reported
    }
    const std::map<std::string, int>& groups = signature.pattern->compiled().NamedCapturingGroups();
    if (groups.contains(std::string(group))) {
      continue;
    }
    std::vector<std::string_view> known;
    for (const auto& [name, index] : groups) {
      known.push_back(name);
    }
    std::vector<std::string> hints = did_you_mean(group, known);
    if (hints.empty()) {
      hints = {fmt::format("it has {}; `{{{{` and `}}}}` print braces",
                           known.empty() ? std::string("none") : joined(known))};
    }
    fail_inside(loading, node, offset, group.size(),
                fmt::format("`{}` is not a named group of the signature `{}`", shown(group), shown(signature.text)),
                std::move(hints));
    return;
  }
}

GroupText read_group_text(Loading& loading, const YamlNode* node, std::string_view key,
                          const std::vector<Signature>& signatures) {
  GroupText out;
  const std::string text = read_text(loading, node, key);
  std::string literal;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool doubled = i + 1 < text.size() && text[i + 1] == text[i];
    if ((text[i] == '{' || text[i] == '}') && doubled) {
      literal += text[i++];
    } else if (text[i] == '{' && text.find('}', i) != std::string::npos) {
      const std::string group = text.substr(i + 1, text.find('}', i) - i - 1);
      if (!loading.files[node->file].checked) {
        check_group(loading, *node, i + 1, group, signatures);
      }
      out.pieces.push_back({std::move(literal), group});
      literal.clear();
      i += group.size() + 1;
    } else if (text[i] == '{' || text[i] == '}') {
      fail_inside(loading, *node, i, 1, "a brace that stands alone",
                  {"`{{` and `}}` print braces; `{name}` is a named group of the pattern"});
    } else {
      literal += text[i];
    }
  }
  out.pieces.push_back({std::move(literal), {}});
  return out;
}

void check_diagnosis(Loading& loading, const RuleTable& rules, const Policy& policy, const YamlEntry& entry) {
  const YamlNode& body = entry.value;
  if (!is_rule_id(entry.key.text)) {
    fail(loading, entry.key,
         fmt::format("`{}` is no id: small letters and digits in words joined by `-`", shown(entry.key.text)));
  }
  if (rules.contains(entry.key.text)) {
    fail(loading, entry.key, fmt::format("`{}` is a rule already", entry.key.text),
         {"give the rule the signatures, or the diagnosis another id"});
  }
  const auto known = std::ranges::find(policy.diagnoses, entry.key.text, &Diagnosis::id);
  if (known != policy.diagnoses.end()) {
    fail(loading, entry.key, fmt::format("the diagnosis `{}` is defined twice", entry.key.text),
         {fmt::format("first in {}:{}", loading.files[known->place.file].path, known->place.line)});
  }
  for (const std::string_view needed : {"title", "why", "fix", "signatures"}) {
    if (!body.find(needed)) {
      fail(loading, entry.key, fmt::format("`{}` has no `{}:`", entry.key.text, needed));
    }
  }
  const YamlNode* signatures = body.find("signatures");
  for (const YamlNode& signature : signatures ? signatures->items() : std::span<const YamlNode>()) {
    if (signature.is_map() && !signature.find("example")) {
      fail(loading, signature, "a signature of a diagnosis needs `example:`",
           {"the line as it was printed, copied from a real log"});
    }
  }
}

}  // namespace

const std::vector<std::string_view>& diagnosis_keys() {
  static const std::vector<std::string_view> keys = {"title", "why", "fix", "links", "rules", "signatures"};
  return keys;
}

void read_diagnoses(Loading& loading, const RuleTable& rules, const Module& module, Policy& policy) {
  for (const YamlNode& root : module.documents) {
    const YamlNode* section = root.find("diagnoses");
    if (section && !section->is_map() && section->kind != YamlNode::Kind::empty) {
      fail(loading, *section, "`diagnoses` is a map of ids",
           {"e.g. diagnoses: {disk-full: {title: …, why: …, fix: …, signatures: […]}}"});
    }
    for (const YamlEntry& entry : section ? section->entries() : std::span<const YamlEntry>()) {
      if (is_extension(entry.key.text) || !check_keys(loading, entry.value, "a diagnosis", diagnosis_keys())) {
        continue;
      }
      const YamlNode& body = entry.value;
      if (!loading.files[entry.key.file].checked) {
        check_diagnosis(loading, rules, policy, entry);
      }
      Diagnosis diagnosis;
      diagnosis.id = entry.key.text;
      diagnosis.pack = module.name;
      diagnosis.place = place_of(entry.key);
      if (const YamlNode* signatures = body.find("signatures")) {
        diagnosis.signatures = read_signatures(loading, *signatures);
      }
      diagnosis.title = read_group_text(loading, body.find("title"), "title", diagnosis.signatures);
      diagnosis.why = read_group_text(loading, body.find("why"), "why", diagnosis.signatures);
      diagnosis.fix = read_group_text(loading, body.find("fix"), "fix", diagnosis.signatures);
      diagnosis.links = read_links(loading, body.find("links"));
      if (const YamlNode* found_by = body.find("rules")) {
        diagnosis.rules = read_texts(loading, found_by, "rules");
        for (const YamlNode& id : found_by->items()) {
          if (!loading.files[id.file].checked) {  // an older version of a pack may not have the rule yet
            find_rule(loading, rules, id);
          }
        }
      }
      policy.diagnoses.push_back(std::move(diagnosis));
    }
  }
}

}  // namespace spiritsafe
