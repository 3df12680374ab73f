// SPDX-License-Identifier: Apache-2.0
#include "engine/policy/load.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/policy/behaviours.h"
#include "engine/policy/diagnoses.h"
#include "engine/policy/effects.h"
#include "engine/policy/settings.h"

namespace spiritsafe {
namespace {

bool defines_rule(const YamlNode& body) { return body.find("for_each") != nullptr; }

// A rule that lost its `for_each:` is not mistaken for a change.
bool lacks_entity(const YamlNode& body) {
  return std::ranges::any_of(body.entries(), [](const YamlEntry& entry) {
    return entry.key.text == "where" || entry.key.text == "require" || entry.key.text == "message";
  });
}

// `since: 2` on a rule: it came with the pack's second version.
bool is_in_version(Loading& loading, const Module& module, const YamlNode& body) {
  const int64_t since = read_integer(loading, body.find("since"), "since").value_or(1);
  if (since > module.version) {
    fail(loading, *body.find("since"),
         fmt::format("the pack's own version is {}, so nothing in it can be newer", module.version));
  }
  return module.asked_version == 0 || since <= module.asked_version;
}

void define_rules(Loading& loading, const Names& names, const Module& module, RuleTable& rules) {
  for (const YamlNode& root : module.documents) {
    const YamlNode* section = root.find("rules");
    if (section && !section->is_map() && section->kind != YamlNode::Kind::empty) {
      fail(loading, *section, "`rules` is a map of rule ids");
    }
    for (const YamlEntry& entry : section ? section->entries() : std::span<const YamlEntry>()) {
      if (is_extension(entry.key.text) || !entry.value.is_map()) {
        if (!is_extension(entry.key.text)) {
          fail(loading, entry.key,
               fmt::format("`{}` is a rule, or a change such as {{level: warn}}", shown(entry.key.text)));
        }
      } else if (defines_rule(entry.value)) {
        if (const auto known = rules.find(entry.key.text); known != rules.end()) {
          const YamlNode& first = known->second->entry->key;
          fail(loading, entry.key, fmt::format("the rule `{}` is defined twice", entry.key.text),
               {fmt::format("first in {}:{}; to change that one leave out `for_each:`", loading.files[first.file].path,
                            first.line)});
        } else if (is_in_version(loading, module, entry.value)) {
          if (std::unique_ptr<RuleSource> rule = read_rule(loading, names, entry, module.name)) {
            if (!rule->dialect && !module.dialect.empty()) {
              rule->dialect = module.dialect;
            }
            rules.emplace(entry.key.text, std::move(rule));
          }
        }
      }
    }
  }
}

void change_rules(Loading& loading, const Names& names, const Module& module, RuleTable& rules) {
  for (const YamlNode& root : module.documents) {
    const YamlNode* section = root.find("rules");
    for (const YamlEntry& entry : section ? section->entries() : std::span<const YamlEntry>()) {
      if (is_extension(entry.key.text) || !entry.value.is_map() || defines_rule(entry.value)) {
        continue;
      }
      if (!rules.contains(entry.key.text) && lacks_entity(entry.value)) {
        fail(loading, entry.key, fmt::format("`{}` has no `for_each:`", shown(entry.key.text)),
             {"say what it is asked about: for_each: operation"});
      } else if (RuleSource* rule = find_rule(loading, rules, entry.key)) {
        change_rule(loading, names, *rule, entry, module.name);
      }
    }
  }
}

// A group that the team's own files name and that nobody is in could never approve.
void check_groups(Loading& loading, const RuleTable& rules, const Policy& policy) {
  if (policy.approvers.empty()) {
    return;
  }
  std::vector<std::string_view> known;
  for (const auto& [group, members] : policy.approvers) {
    known.push_back(group);
  }
  for (const auto& [id, rule] : rules) {
    for (const std::string& group : rule->approval_by) {
      if (!policy.approvers.contains(group) && !loading.files[rule->entry->key.file].checked) {
        const YamlNode* approval = rule->entry->value.find("approval");
        fail(loading, approval ? *approval : rule->entry->key,
             fmt::format("`{}` is not a group under `approvers:`", shown(group)), did_you_mean(group, known));
      }
    }
  }
}

void read_module_data(Loading& loading, const Module& module, Policy& policy) {
  for (const YamlNode& root : module.documents) {
    if (const YamlNode* frame = root.find("frame")) {
      policy.frames[module.name] = read_text(loading, frame, "frame");
    }
    if (const YamlNode* waivers = root.find("waivers")) {
      policy.waivers_path = read_text(loading, waivers, "waivers");
    }
  }
  read_approvers(loading, module, policy);
}

Policy compile_policy(Loading& loading, const Modules& modules) {
  Policy policy;
  const Names names = read_names(loading, modules);
  check_conditions(loading, names);
  policy.settings = compile_settings(loading, names, modules);
  RuleTable rules;
  uint64_t digest = empty_digest;
  for (const Module& module : modules.all) {
    define_rules(loading, names, module, rules);
    change_rules(loading, names, module, rules);
    change_by_settings(loading, names, rules, module);
    read_module_data(loading, module, policy);
    digest = digest_of(fmt::format("{} {} {:016x}", module.name, module.asked_version, module.digest), digest);
    policy.packs.push_back(module.name);
  }
  for (const Module& module : modules.all) {
    read_overrides(loading, names, rules, module, policy);
    read_diagnoses(loading, rules, module, policy);
    read_effects(loading, names, module, policy);
    read_behaviours(loading, module, policy.behaviours);
  }
  policy.rules.reserve(rules.size());
  for (const auto& [id, rule] : rules) {
    const LoadedFile& file = loading.files[rule->entry->key.file];
    bool in_pack = false;
    for (const Module& module : modules.all) {
      in_pack =
          in_pack || (module.name == rule->pack && module.is_pack && (!module.builtin || loading.options.pack_rules));
    }
    compile_rule(loading, names, *rule, in_pack && !file.checked, policy.rules);
  }
  std::ranges::sort(policy.diagnoses, {}, &Diagnosis::id);
  check_groups(loading, rules, policy);
  if (std::ranges::any_of(loading.files, [](const LoadedFile& file) { return !file.checked; })) {
    check_unused_names(loading, names, modules);
  }
  policy.digest = fmt::format("{:016x}", digest);
  for (const LoadedFile& file : loading.files) {
    policy.files.push_back(file.path);
  }
  return policy;
}

Result<Policy> finish(Loading& loading, Policy policy) {
  if (loading.errors.empty()) {
    return policy;
  }
  // As they stand in the files; the files in the order they were read, which is that of `extends`.
  const auto file_of = [&](const Error& error) {
    return std::ranges::find(loading.files, error.path, &LoadedFile::path) - loading.files.begin();
  };
  std::ranges::stable_sort(loading.errors, [&](const Error& a, const Error& b) {
    return std::tuple(file_of(a), a.at.line, a.at.column) < std::tuple(file_of(b), b.at.line, b.at.column);
  });
  if (loading.untold > 0) {
    loading.errors.push_back({{}, {0, 0}, fmt::format("and {} more mistakes", loading.untold), {}, {}, 1});
  }
  return tl::unexpected(std::move(loading.errors));
}

}  // namespace

Result<Policy> load_policy(const PolicyFile& file, const LoadOptions& options) {
  Loading loading{options};
  const Modules modules = read_modules(loading, file);
  Policy policy = compile_policy(loading, modules);
  policy.source = file.path;
  return finish(loading, std::move(policy));
}

Result<Policy> load_builtin_policy(const std::vector<std::string>& packs, const LoadOptions& options) {
  Loading loading{options};
  const Modules modules = read_builtin_modules(loading, packs);
  Policy policy = compile_policy(loading, modules);
  policy.source = fmt::format("builtin:{}", fmt::join(packs, "+"));
  return finish(loading, std::move(policy));
}

std::vector<std::string> builtin_pack_names() {
  std::vector<std::string> names;
  for (const EmbeddedPack& pack : embedded_packs()) {
    names.emplace_back(pack.name);
  }
  return names;
}

}  // namespace spiritsafe
