// SPDX-License-Identifier: Apache-2.0
#include "adapters/report/diagnosis.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "adapters/report/paint.h"
#include "engine/text/printable.h"

namespace spiritsafe {
namespace {

using Json = nlohmann::ordered_json;

struct Words {
  std::string title = {}, why = {}, fix = {};
  std::vector<std::string> links = {};
  std::vector<std::string> rules = {};  // that find it before it happens
};

Words texts_of(const Explanation& explanation) {
  if (const Rule* rule = explanation.rule) {
    return {rule->title, rule->why, rule->fix, rule->links, {rule->id}};
  }
  const Diagnosis& diagnosis = *explanation.diagnosis;
  return {fill(diagnosis.title, explanation.values), fill(diagnosis.why, explanation.values),
          fill(diagnosis.fix, explanation.values), diagnosis.links, diagnosis.rules};
}

std::string next_step(const Explanation& explanation, const Words& texts) {
  if (texts.rules.empty()) {
    return {};
  }
  std::string out = fmt::format("`spiritsafe check` finds it before it happens; `spiritsafe explain {}` tells more",
                                fmt::join(texts.rules, "`, `spiritsafe explain "));
  if (explanation.rule && explanation.rule->autofix) {
    out += fmt::format("; `spiritsafe fix{}` mends it", explanation.rule->autofix->safe ? "" : " --unsafe");
  }
  return out;
}

void append(std::string& out, const Explanation& explanation, const std::string& log, bool colour) {
  const Words texts = texts_of(explanation);
  out += fmt::format("{}: {} {}\n", painted(printable(fmt::format("{}:{}", log, explanation.line)), bold, colour),
                     printable(texts.title), painted(fmt::format("[{}]", id_of(explanation)), dim, colour));
  out += fmt::format("  {} {}\n", painted(fmt::format("{:>5} |", explanation.line), dim, colour),
                     printable(explanation.message));
  const auto line = [&](std::string_view name, std::string_view text) {
    out += text.empty() ? std::string() : fmt::format("    = {}: {}\n", name, printable(text));
  };
  if (explanation.rule) {  // a diagnosis names them in its texts
    for (const auto& [name, value] : explanation.values) {
      line(name, value);
    }
  }
  line("why", texts.why);
  line("fix", texts.fix);
  line("next", next_step(explanation, texts));
  line("see", fmt::format("{}", fmt::join(texts.links, ", ")));
  line("also", fmt::format("{}", fmt::join(explanation.also, ", ")));
  if (!explanation.other_lines.empty()) {
    line("said before on line", fmt::format("{}", fmt::join(explanation.other_lines, ", ")));
  }
}

}  // namespace

std::string write_diagnosis(const LogReading& reading, const std::string& log, bool colour) {
  std::string out;
  for (const Explanation& explanation : reading.explanations) {
    append(out, explanation, log, colour);
  }
  const size_t known = reading.explanations.size() + reading.dropped;
  if (known == 0) {
    return fmt::format(
        "{}: {} line{}, and no message that is known\n"
        "    = a message that a team meets again is worth a `diagnoses:` entry in its spiritsafe.yml\n",
        printable(log), reading.lines, reading.lines == 1 ? "" : "s");
  }
  out += fmt::format("{} known message{} in {} line{}", known, known == 1 ? "" : "s", reading.lines,
                     reading.lines == 1 ? "" : "s");
  out += reading.dropped > 0 ? fmt::format(", the last {} of them shown", reading.explanations.size()) : "";
  out += known > 1 ? "; the last one said comes first\n" : "\n";
  return out;
}

std::string write_diagnosis_json(const LogReading& reading, const std::string& log) {
  Json explanations = Json::array();
  for (const Explanation& explanation : reading.explanations) {
    const Words texts = texts_of(explanation);
    Json values = Json::object();
    for (const auto& [name, value] : explanation.values) {
      values[name] = value;
    }
    explanations.push_back({{"id", id_of(explanation)},
                            {"kind", explanation.rule ? "rule" : "diagnosis"},
                            {"title", texts.title},
                            {"line", explanation.line},
                            {"message", explanation.message},
                            {"values", std::move(values)},
                            {"why", texts.why},
                            {"fix", texts.fix},
                            {"rules", texts.rules},
                            {"links", texts.links},
                            {"also", explanation.also},
                            {"other_lines", explanation.other_lines}});
  }
  const Json root = {{"version", 1},
                     {"log", log},
                     {"lines", reading.lines},
                     {"diagnoses", std::move(explanations)},
                     {"dropped", reading.dropped}};
  return root.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace spiritsafe
