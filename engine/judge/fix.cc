// SPDX-License-Identifier: Apache-2.0
#include "engine/judge/fix.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "engine/judge/edits.h"
#include "engine/judge/locks.h"
#include "engine/read/digest.h"
#include "engine/read/surroundings.h"
#include "engine/schema/history.h"
#include "engine/text/printable.h"

namespace spiritsafe {
namespace {

constexpr int most_rounds = 100;
constexpr int most_tries = 1000;  // versions of one file that are read and judged

// One version of the file, read and judged. Findings point into the project.
struct FileVersion {
  std::string text = {};
  std::unique_ptr<Project> project = {};
  Judgement judgement = {};
};

bool stands(const Finding& finding) {
  return finding.state == FindingState::open || finding.state == FindingState::undecided;
}

bool parses(const FileVersion& version) {
  return std::ranges::all_of(version.project->migrations,
                             [](const auto& migration) { return migration->syntax_error.is_absent(); });
}

std::string objection(const FileVersion& before, const FileVersion& after, const std::vector<const Finding*>& fixed) {
  if (parses(before) && !parses(after)) {
    return "the file would not parse any more";
  }
  std::vector<FindingKey> mended;
  for (const Finding* finding : fixed) {
    mended.push_back(key_of(*finding));
  }
  return objection(count_standing(before.judgement.findings), count_standing(after.judgement.findings), mended);
}

struct Fixing {
  const Project& project;
  const File& file;
  const PreparedPolicy& policy;
  const FixOptions& options;
};

FileVersion make_version(const Fixing& fixing, std::string text) {
  FileVersion version;
  version.text = std::move(text);
  version.project = read_alone(fixing.project, fixing.file, version.text, fixing.options.read);
  link_locks(*version.project, fixing.policy);
  JudgeOptions options = fixing.options.judge;
  options.only.clear();
  options.threads = 1;
  options.summaries = false;
  version.judgement = judge({version.project.get()}, fixing.policy, options);
  return version;
}

bool may_be_fixed(const Finding& finding, bool unsafe) {
  return finding.state == FindingState::open && !finding.edits.empty() && !finding.edited &&
         std::ranges::all_of(finding.edits, [&](const Edit& edit) { return edit.safe || unsafe; });
}

std::string with_edits(const FileVersion& version, const std::vector<const Finding*>& findings) {
  std::vector<Edit> edits;
  for (const Finding* finding : findings) {
    edits.insert(edits.end(), finding->edits.begin(), finding->edits.end());
  }
  return apply_edits(version.text, edits);
}

}  // namespace

FindingCounts count_standing(const std::vector<Finding>& findings) {
  FindingCounts counts;
  for (const Finding& finding : findings) {
    counts[key_of(finding)] += stands(finding);
  }
  return counts;
}

std::string objection(FindingCounts before, const FindingCounts& after, const std::vector<FindingKey>& mended) {
  FindingCounts& allowed = before;
  for (const FindingKey& key : mended) {
    --allowed[key];
  }
  for (const FindingKey& key : mended) {
    if (const auto found = after.find(key); found != after.end() && found->second > allowed[key]) {
      return "it would still be reported";
    }
  }
  for (const auto& [key, number] : after) {
    if (number > allowed[key]) {
      return fmt::format("`{}` would be reported then", key.rule);
    }
  }
  return {};
}

std::unique_ptr<Project> read_alone(const Project& project, const File& file, std::string text,
                                    const ReadOptions& options) {
  auto alone = std::make_unique<Project>();
  alone->name = project.name;
  alone->settings = project.settings;
  alone->has_base = project.has_base;
  alone->around = project.around;
  auto copy = std::make_unique<File>();
  copy->source = {file.source.path, std::move(text)};
  copy->change = file.change;
  copy->on_base = file.on_base;
  copy->before = file.before;
  copy->beside_project = file.beside_project;
  copy->project = alone.get();
  classify(*copy);
  alone->files.push_back(std::move(copy));
  File& added = *alone->files.front();
  const bool is_migration =
      std::ranges::any_of(project.migrations, [&](const auto& migration) { return migration->file == &file; });
  if (is_migration) {
    alone->migrations.push_back(read_migration(added, options));
    read_code_digests(*alone, *alone->migrations.front());
    link_history(*alone, project, file);
  } else {
    read_surroundings(added, options);
  }
  return alone;
}

FixResult fix_file(const Project& project, const File& file, const PreparedPolicy& policy, const FixOptions& options) {
  const Fixing fixing{project, file, policy, options};
  FixResult result;
  std::set<FindingKey> refused;
  FileVersion now = make_version(fixing, file.source.text);
  int tries = 0;
  for (int round = 0; round < most_rounds && tries < most_tries; ++round) {
    std::vector<const Finding*> fixable;
    for (const Finding& finding : now.judgement.findings) {
      if (may_be_fixed(finding, options.unsafe) && !refused.contains(key_of(finding))) {
        fixable.push_back(&finding);
      }
    }
    if (fixable.empty()) {
      break;
    }
    // All at once where that does no harm; else the first that does none.
    FileVersion next = make_version(fixing, with_edits(now, fixable));
    std::vector<const Finding*> taken = fixable;
    if (!objection(now, next, fixable).empty()) {
      taken.clear();
      for (const Finding* finding : fixable) {
        if (++tries > most_tries) {
          break;
        }
        next = make_version(fixing, with_edits(now, {finding}));
        const std::string why = objection(now, next, {finding});
        if (why.empty()) {
          taken = {finding};
          break;
        }
        refused.insert(key_of(*finding));
        result.refused.push_back(fmt::format("{}:{}: the fix of `{}` was not made: {}", printable(finding->path),
                                             finding->begin.line, finding->rule->id, why));
      }
    }
    if (taken.empty()) {
      break;
    }
    result.applied += static_cast<int>(taken.size());
    now = std::move(next);
  }
  result.text = std::move(now.text);
  return result;
}

}  // namespace spiritsafe
