// SPDX-License-Identifier: Apache-2.0
#include "engine/judge/fix.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
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
    if (finding.file && !finding.edits.empty() && finding.state == FindingState::open) {
      files.insert(finding.file);
    }
  }
  return files;
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
  counts.fixes += result.applied;
  ++counts.files;
  if (command.diff) {
    streams.out << printable(unified_diff(file.source.path, file.source.text, result.text), true);
  } else if (!replace_file(file.source.path, result.text)) {
    streams.err << fmt::format("{}: error: cannot be written\n", printable(file.source.path));
    counts.failed = true;
  }
}

}  // namespace

Exit fix(const FixCommand& command, const Streams& streams, bool colour) {
  FixCounts counts;
  const Result<Visit> visit = visit_workspace(command.judge, surroundings(streams), [&](const Batch& batch) {
    const std::set<const File*> wanted = files_with_fixes(judge_batch(batch));
    for (size_t project = 0; project < batch.projects.size(); ++project) {
      for (const auto& file : batch.projects[project]->files) {
        if (wanted.contains(file.get())) {
          fix_one(command, batch, project, *file, streams, counts);
        }
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
