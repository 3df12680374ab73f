// SPDX-License-Identifier: Apache-2.0
#include "engine/judge/fix.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <set>

#include <fmt/format.h>

#include "adapters/cli/commands.h"
#include "adapters/cli/judging.h"
#include "adapters/files/read_file.h"
#include "engine/judge/edits.h"
#include "engine/text/printable.h"

namespace spiritsafe {
namespace {

struct FixCounts {
  int fixes = 0;
  int files = 0;
  int refused = 0;
  bool failed = false;
};

// In place and whole: a full disk must not leave half a migration, and a link that a stranger laid where the new file
// is written first must not be followed. A file that was reached by a link is mended where it is.
bool replace_file(const std::string& given, const std::string& text) {
  struct stat before {};
  const std::string path = canonical_path(given);
  std::string beside = path + ".XXXXXX";
  const int file = ::mkstemp(beside.data());
  if (file < 0) {
    return false;
  }
  size_t written = 0;
  while (written < text.size()) {
    const ssize_t count = ::write(file, text.data() + written, text.size() - written);
    if (count <= 0) {
      break;
    }
    written += static_cast<size_t>(count);
  }
  const bool kept_mode = ::stat(path.c_str(), &before) == 0 && ::fchmod(file, before.st_mode & 07777) == 0;
  const bool closed = ::close(file) == 0;
  if (written < text.size() || !kept_mode || !closed || std::rename(beside.c_str(), path.c_str()) != 0) {
    std::remove(beside.c_str());
    return false;
  }
  return true;
}

std::set<const File*> files_with_fixes(const Judgement& judgement) {
  std::set<const File*> files;
  for (const Finding& finding : judgement.findings) {
    if (finding.file && !finding.edits.empty() && !finding.edited && finding.state == FindingState::open) {
      files.insert(finding.file);
    }
  }
  return files;
}

void write_fixed(const FixCommand& command, const Source& before, const std::string& after, int fixes,
                 const Streams& streams, FixCounts& counts) {
  counts.fixes += fixes;
  ++counts.files;
  if (command.diff) {
    streams.out << printable(unified_diff(before.path, before.text, after), true);
  } else if (!replace_file(before.path, after)) {
    streams.err << fmt::format("{}: error: cannot be written\n", printable(before.path));
    counts.failed = true;
  }
}

void fix_one(const FixCommand& command, const Batch& batch, size_t project, const File& file, const Streams& streams,
             FixCounts& counts) {
  FixOptions options;
  options.unsafe = command.unsafe;
  options.read = batch.read_options(project);
  options.judge = batch.options;
  const FixResult result = fix_file(*batch.projects[project], file, *batch.policy, options);
  for (const std::string& refused : result.refused) {
    streams.err << fmt::format("{}: not fixed: {}\n", printable(file.source.path), printable(refused));
    ++counts.refused;
  }
  if (result.applied == 0 || result.text == file.source.text) {
    return;
  }
  write_fixed(command, file.source, result.text, result.applied, streams, counts);
}

// What a project's findings say of other modules than their own.
struct ModuleFixes {
  std::map<std::string, std::vector<Edit>> edits = {};  // by path
  std::map<std::string, Source> before = {};
  std::vector<FindingKey> mended = {};
};

// What other projects' findings point to may be gone: their models may have been read again.
ModuleFixes module_fixes(const Judgement& judgement, const std::string& project, bool unsafe) {
  ModuleFixes fixes;
  for (const Finding& finding : judgement.findings) {
    if (finding.project == project && finding.edited && finding.state == FindingState::open &&
        std::ranges::all_of(finding.edits, [&](const Edit& edit) { return edit.safe || unsafe; })) {
      std::vector<Edit>& of_file = fixes.edits[finding.edited->source.path];
      of_file.insert(of_file.end(), finding.edits.begin(), finding.edits.end());
      fixes.before.emplace(finding.edited->source.path, finding.edited->source);
      fixes.mended.push_back(key_of(finding));
    }
  }
  return fixes;
}

// Tried together, and with the models read again, before they are believed. `found`: of the judgement, counted when all
// that its findings point to was there.
void fix_modules(const FixCommand& command, const Batch& batch, size_t project, const Judgement& judgement,
                 const FindingCounts& found, const Streams& streams, FixCounts& counts) {
  const ModuleFixes fixes = module_fixes(judgement, batch.projects[project]->name, command.unsafe);
  if (fixes.edits.empty()) {
    return;
  }
  std::map<std::string, std::string> texts;
  for (const auto& [path, edits] : fixes.edits) {
    texts.emplace(path, apply_edits(fixes.before.at(path).text, edits));
  }
  batch.read_models_again(project, texts);
  const Judgement again = judge_batch(batch);
  const std::string why = objection(found, count_standing(again.findings), fixes.mended);
  for (const auto& [path, text] : texts) {
    if (why.empty()) {
      write_fixed(command, fixes.before.at(path), text, static_cast<int>(fixes.edits.at(path).size()), streams, counts);
    } else {
      streams.err << fmt::format("{}: not fixed: {}\n", printable(path), printable(why));
      ++counts.refused;
    }
  }
}

}  // namespace

Exit fix(const FixCommand& command, const Streams& streams, bool colour) {
  FixCounts counts;
  const Result<Visit> visit = visit_workspace(command.judge, surroundings(streams), [&](const Batch& batch) {
    const Judgement judgement = judge_batch(batch);
    const std::set<const File*> wanted = files_with_fixes(judgement);
    const FindingCounts found = count_standing(judgement.findings);
    for (size_t project = 0; project < batch.projects.size(); ++project) {
      for (const auto& file : batch.projects[project]->files) {
        if (wanted.contains(file.get())) {
          fix_one(command, batch, project, *file, streams, counts);
        }
      }
      if (batch.projects[project]->models) {
        fix_modules(command, batch, project, judgement, found, streams, counts);
      }
    }
  });
  if (!visit) {
    return unusable(visit.error(), streams, streams.err_is_terminal && colour);
  }
  if (counts.fixes == 0) {
    streams.err << "nothing to fix\n";
  } else {
    streams.err << fmt::format("{} {} {} in {} {}\n", command.diff ? "would make" : "made", counts.fixes,
                               counts.fixes == 1 ? "fix" : "fixes", counts.files, counts.files == 1 ? "file" : "files");
  }
  return counts.failed ? Exit::unusable : Exit::clean;
}

}  // namespace spiritsafe
