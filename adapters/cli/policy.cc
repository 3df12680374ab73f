// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "adapters/cli/commands.h"
#include "adapters/cli/judging.h"
#include "adapters/report/rules.h"
#include "engine/judge/examples.h"

#include "adapters/files/read_file.h"
#include "engine/policy/docs.h"
#include "engine/policy/json_schema.h"

namespace spiritsafe {
namespace {

// Where the sources of the built-in packs lie in a checkout of spiritsafe. The program itself carries them without
// examples.
constexpr const char* packs_of_checkout = "policies";

// The examples of each pack are run with that pack alone: packs above it may change what its rules ask.
Exit test_packs(const std::string& folder, const Streams& streams, bool colour) {
  bool good = true;
  for (const FolderEntry& pack : list_folder(folder)) {
    if (!pack.is_folder) {
      continue;
    }
    PolicyRequest request;
    request.packs = folder;
    request.examples = true;
    request.pack_rules = true;
    Result<Policy> policy = load_pack(request, pack.name);
    if (!policy) {
      return unusable(policy.error(), streams, streams.err_is_terminal && colour);
    }
    std::erase_if(policy->rules, [&](const Rule& rule) { return rule.pack != pack.name; });
    for (Rule& rule : policy->rules) {
      rule.level =
          std::max(rule.level, Level::advice);  // a rule that is off until a team turns it on has to work as well
    }
    const ExampleReport report = test_examples(*policy);
    streams.out << pack.name << ": " << format_report(*policy, report);
    good = good && report.is_good();
  }
  return good ? Exit::clean : Exit::blocked;
}

// The team's own rules.
Exit test_file(const Policy& policy, const Streams& streams) {
  const ExampleReport report = test_examples(policy);
  streams.out << format_report(policy, report);
  return report.is_good() ? Exit::clean : Exit::blocked;
}

}  // namespace

Exit policy(const PolicyCommand& command, const Streams& streams, bool colour) {
  PolicyRequest request;
  request.file = command.policy;
  request.packs = command.packs;
  if (command.kind == PolicyCommand::Kind::schema) {
    streams.out << policy_json_schema();
    return Exit::clean;
  }
  if (command.kind == PolicyCommand::Kind::test) {
    request.examples = true;
    if (request.packs.empty() && request.file.empty() && is_folder(packs_of_checkout)) {
      request.packs = packs_of_checkout;
    }
    if (!request.packs.empty() && request.file.empty()) {
      return test_packs(request.packs, streams, colour);
    }
  }
  const Result<Policy> loaded = find_policy(request);
  if (!loaded) {
    return unusable(loaded.error(), streams, streams.err_is_terminal && colour);
  }
  switch (command.kind) {
    case PolicyCommand::Kind::check:
      streams.out << fmt::format("{}: {} rules, nothing wrong\n", loaded->source, loaded->rules.size());
      return Exit::clean;
    case PolicyCommand::Kind::list:
      streams.out << write_rule_list(*loaded, colour);
      return Exit::clean;
    case PolicyCommand::Kind::explain:
      if (command.rule.empty()) {
        streams.out << write_origins(*loaded, colour);
      } else if (const Rule* rule = find_rule(*loaded, command.rule)) {
        streams.out << write_origin(*loaded, *rule, colour);
      } else {
        return unusable({no_such_rule(*loaded, command.rule)}, streams, streams.err_is_terminal && colour);
      }
      return Exit::clean;
    case PolicyCommand::Kind::test:
      return test_file(*loaded, streams);
    case PolicyCommand::Kind::docs:
      for (const auto& [name, page] : policy_pages(*loaded)) {
        streams.out << page << '\n';
      }
      streams.out << reference_page();
      return Exit::clean;
    case PolicyCommand::Kind::schema:
      break;
  }
  return Exit::unusable;
}

}  // namespace spiritsafe
