// SPDX-License-Identifier: Apache-2.0
#include "adapters/github/job_files.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace spiritsafe::github {

std::string show_outputs(const std::vector<Output>& outputs) {
  std::string text;
  for (const Output& output : outputs) {
    // The end of the value is a line that is not in it.
    std::string end = "end";
    while (output.value.find(end) != std::string::npos) {
      end += "_";
    }
    text += fmt::format("{}<<{}\n{}\n{}\n", output.name, end, output.value, end);
  }
  return text;
}

std::string show_counts_as_json(const Counts& counts) {
  const nlohmann::ordered_json json = {{"error", counts.error},       {"approval", counts.approval},
                                       {"warn", counts.warn},         {"advice", counts.advice},
                                       {"waived", counts.waived},     {"approved", counts.approved},
                                       {"baseline", counts.baseline}, {"undecided", counts.undecided}};
  return json.dump();
}

}  // namespace spiritsafe::github
