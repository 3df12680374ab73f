// SPDX-License-Identifier: Apache-2.0
#include "adapters/files/find_policy.h"

#include <map>
#include <mutex>

#include <fmt/format.h>

#include "adapters/files/read_file.h"

namespace spiritsafe {
namespace {

constexpr size_t largest_policy = 4u << 20;  // what is too large is the loader's to say; this only bounds the read

Result<PolicyFile> read_policy_file(const std::string& path, const ReadPolicyText& read = {}) {
  if (read) {
    Result<std::optional<std::string>> text = read(path);
    if (text && *text) {
      return PolicyFile{path, std::move(**text)};
    }
    if (!text) {
      return tl::unexpected(text.error());
    }
    Error error;
    error.path = path;
    error.message = "is not on the base branch";
    return tl::unexpected(Errors{std::move(error)});
  }
  Result<std::string> text = read_text(path, largest_policy);
  if (!text) {
    return tl::unexpected(text.error());
  }
  return PolicyFile{path, std::move(*text)};
}

bool is_there(const std::string& path, const ReadPolicyText& read) {
  if (!read) {
    return is_file(path);
  }
  const auto text = read(path);
  return !text || text->has_value();  // one that cannot be read is reported when it is loaded
}

// The packs of a folder: each of its folders is one.
Result<std::vector<std::pair<std::string, std::vector<PolicyFile>>>> read_packs(const std::string& folder) {
  std::vector<std::pair<std::string, std::vector<PolicyFile>>> packs;
  for (const FolderEntry& pack : list_folder(folder)) {
    if (!pack.is_folder) {
      continue;
    }
    std::vector<PolicyFile> files;
    for (const FolderEntry& entry : list_folder(pack.path)) {
      if (!entry.name.ends_with(".yaml") && !entry.name.ends_with(".yml")) {
        continue;
      }
      Result<PolicyFile> file = read_policy_file(entry.path);
      if (!file) {
        return tl::unexpected(file.error());
      }
      files.push_back(std::move(*file));
    }
    if (!files.empty()) {
      packs.emplace_back(pack.name, std::move(files));
    }
  }
  if (packs.empty()) {
    Error error;
    error.path = folder;
    error.message = "no packs are here";
    error.hints = {"a pack is a folder of YAML files, such as policies/alembic"};
    return tl::unexpected(Errors{std::move(error)});
  }
  return packs;
}

Result<LoadOptions> load_options(const PolicyRequest& request, const std::string& base) {
  LoadOptions options;
  options.examples = request.examples;
  options.pack_rules = request.pack_rules;
  options.read_file = [base, read = request.read](std::string_view path) {
    return read_policy_file(join_path(base, path), read);
  };
  if (!request.packs.empty()) {
    auto packs = read_packs(request.packs);
    if (!packs) {
      return tl::unexpected(packs.error());
    }
    options.packs = std::move(*packs);
  }
  return options;
}

// The nearest policy file at or above a folder, within the repository; empty where there is none.
std::string nearest_policy_file(const std::string& start, const ReadPolicyText& read = {}) {
  std::string folder = start;
  for (int up = 0; up < 64; ++up) {
    const std::string path = join_path(folder, policy_file_name);
    if (is_there(path, read)) {
      return path;
    }
    if (is_folder(join_path(folder, ".git")) || is_file(join_path(folder, ".git"))) {
      return {};
    }
    const std::string canonical = canonical_path(folder);
    if (canonical.empty() || canonical == "/") {
      return {};
    }
    // Above the current folder there is no shorter name left, so go by `..`.
    const bool at_start = folder.empty() || folder.ends_with("..");
    folder = at_start ? join_path(folder, "..") : parent_path(folder);
  }
  return {};
}

std::vector<std::string> fitting_packs(const Settings& settings) {
  if (settings.uses_sqlmodel) {
    return {"sqlmodel"};
  }
  return {"alembic", "postgres"};
}

// Loaded once, by whichever thread asks first.
Result<std::shared_ptr<const Policy>> built_in_policy(const std::vector<std::string>& packs) {
  static std::mutex mutex;
  static std::map<std::vector<std::string>, std::shared_ptr<const Policy>> loaded;
  const std::lock_guard<std::mutex> lock(mutex);
  std::shared_ptr<const Policy>& policy = loaded[packs];
  if (!policy) {
    Result<Policy> made = load_builtin_policy(packs, {});
    if (!made) {
      return tl::unexpected(made.error());
    }
    policy = std::make_shared<const Policy>(std::move(*made));
  }
  return policy;
}

// Each policy is loaded once, however many projects it judges.
class Loaded {
 public:
  explicit Loaded(const PolicyRequest& request) : request_(request) {}

  Result<std::shared_ptr<const Policy>> from_file(const std::string& path) {
    return once(path, [&]() -> Result<Policy> {
      const Result<PolicyFile> file = read_policy_file(path, request_.read);
      if (!file) {
        return tl::unexpected(file.error());
      }
      const Result<LoadOptions> options = load_options(request_, parent_path(path));
      return options ? load_policy(*file, *options) : tl::unexpected(options.error());
    });
  }

  Result<std::shared_ptr<const Policy>> built_in(const std::vector<std::string>& packs) {
    if (request_.packs.empty() && !request_.examples && !request_.pack_rules) {
      return built_in_policy(packs);
    }
    return once("builtin:" + packs.front(), [&]() -> Result<Policy> {
      const Result<LoadOptions> options = load_options(request_, "");
      return options ? load_builtin_policy(packs, *options) : tl::unexpected(options.error());
    });
  }

  Result<std::shared_ptr<const Policy>> for_folder(const std::string& folder, const Settings& settings) {
    const std::string path = request_.file.empty() ? nearest(folder) : request_.file;
    return path.empty() ? built_in(fitting_packs(settings)) : from_file(path);
  }

 private:
  template <class Load>
  Result<std::shared_ptr<const Policy>> once(const std::string& key, const Load& load) {
    if (const auto found = loaded_.find(key); found != loaded_.end()) {
      return found->second;
    }
    Result<Policy> policy = load();
    if (!policy) {
      return tl::unexpected(policy.error());
    }
    return loaded_[key] = std::make_shared<const Policy>(std::move(*policy));
  }

  // The folders above are asked once for all projects below them.
  std::string nearest(const std::string& folder) {
    const auto found = nearest_.find(folder);
    if (found != nearest_.end()) {
      return found->second;
    }
    const std::string path = join_path(folder, policy_file_name);
    const bool ends_here =
        folder.empty() || folder == "/" || folder.ends_with("..") || is_folder(join_path(folder, ".git"));
    return nearest_[folder] = is_there(path, request_.read) ? path
                              : ends_here                   ? nearest_policy_file(folder, request_.read)
                                                            : nearest(parent_path(folder));
  }

  const PolicyRequest& request_;
  std::map<std::string, std::string> nearest_;
  std::map<std::string, std::shared_ptr<const Policy>> loaded_;
};

}  // namespace

Result<Policies> find_policies(const Workspace& workspace, const PolicyRequest& request) {
  Loaded loaded(request);
  Policies policies;
  bool any_sqlmodel = false;
  for (const FoundProject& project : workspace.projects) {
    auto policy = loaded.for_folder(project.folder, project.settings);
    if (!policy) {
      return tl::unexpected(policy.error());
    }
    policies.of_project.push_back(*policy);
    any_sqlmodel = any_sqlmodel || project.settings.uses_sqlmodel;
  }
  Settings settings;
  settings.uses_sqlmodel = any_sqlmodel;
  auto scripts = loaded.for_folder(workspace.top, settings);
  if (!scripts) {
    return tl::unexpected(scripts.error());
  }
  policies.scripts = *scripts;
  return policies;
}

Result<Policy> find_policy(const PolicyRequest& request) {
  Loaded loaded(request);
  const std::string path = request.file.empty() ? nearest_policy_file("") : request.file;
  auto policy = path.empty() ? loaded.built_in(builtin_pack_names()) : loaded.from_file(path);
  if (!policy) {
    return tl::unexpected(policy.error());
  }
  return Policy(**policy);
}

Result<Policy> load_all_packs(const PolicyRequest& request) {
  const Result<LoadOptions> options = load_options(request, "");
  if (!options) {
    return tl::unexpected(options.error());
  }
  std::vector<std::string> names;
  for (const auto& [name, files] : options->packs) {
    names.push_back(name);
  }
  return load_builtin_policy(names.empty() ? builtin_pack_names() : names, *options);
}

Result<Policy> load_pack(const PolicyRequest& request, const std::string& name) {
  const Result<LoadOptions> options = load_options(request, "");
  return options ? load_builtin_policy({name}, *options) : tl::unexpected(options.error());
}

}  // namespace spiritsafe
