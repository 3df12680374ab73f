// SPDX-License-Identifier: Apache-2.0
// GitHub's workflow commands. The runner takes the first ten of each type of a step (a composite action is one step)
// and drops the others without a word, so what matters most is printed first and the rest is counted here.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "adapters/report/cut.h"
#include "adapters/report/neutral.h"
#include "adapters/report/report.h"
#include "adapters/report/severity.h"
#include "engine/text/printable.h"

namespace spiritsafe {
namespace {

constexpr size_t most_of_a_type = 10;
constexpr size_t longest_message = 4'096;  // the runner cuts what is longer

struct CommandType {
  std::string_view name;
  std::string_view many;
  size_t count = 0;
};

std::string message_of(const Finding& finding) {
  std::string text = finding.message;
  if (finding.state == FindingState::undecided) {
    text += fmt::format(" ({})", finding.state_reason);
  } else if (!finding.rule->fix.empty()) {
    text += "\nfix: " + finding.rule->fix;
  }
  if (!finding.instead.empty()) {
    text += "\ninstead:\n" + finding.instead;
  }
  return cut_to_units(printable(text, true), longest_message);
}

std::string title_of(const Finding& finding) {
  return finding.level == Level::approval ? finding.rule->id + " needs an approval" : finding.rule->id;
}

void append_command(std::string& out, const Finding& finding, const ReportOptions& options) {
  out += fmt::format("::{} ", severity_of(finding.level).command);
  if (!finding.path.empty()) {
    const uint32_t last = std::max(finding.begin.line, finding.end.line);
    out += fmt::format("file={},line={},endLine={},", command_property(place_of(finding, options)), finding.begin.line,
                       last);
    if (last == finding.begin.line) {  // the runner drops columns of several lines
      out += fmt::format("col={},endColumn={},", finding.begin.column,
                         std::max(finding.begin.column + 1, finding.end.column) - 1);
    }
  }
  out += fmt::format("title={}::{}\n", command_property(title_of(finding)), command_data(message_of(finding)));
}

}  // namespace

std::string write_commands(const Judgement& judgement, const ReportOptions& options) {
  std::array<CommandType, 3> types = {{{"error", "errors", 0}, {"warning", "warnings", 0}, {"notice", "notices", 0}}};
  std::string out;
  for (const Finding* finding : by_importance(judgement, options)) {
    CommandType& type = *std::ranges::find(types, severity_of(finding->level).command, &CommandType::name);
    if (++type.count <= most_of_a_type) {
      append_command(out, *finding, options);
    }
  }
  for (const CommandType& type : types) {
    if (type.count > most_of_a_type) {
      out += fmt::format("{} of {} {} are annotated: GitHub takes no more of a step; the other reports have them all\n",
                         most_of_a_type, type.count, type.many);
    }
  }
  out += fmt::format("{}\nverdict: {}\n", show_counts(judgement.counts), name_of(judgement.verdict));
  return out;
}

}  // namespace spiritsafe
