// SPDX-License-Identifier: Apache-2.0
#include "adapters/cli/run.h"

#include "adapters/cli/commands.h"
#include "adapters/cli/options.h"

namespace spiritsafe {
namespace {

template <class... Functions>
struct Overloaded : Functions... {
  using Functions::operator()...;
};
template <class... Functions>
Overloaded(Functions...) -> Overloaded<Functions...>;

}  // namespace

int run(const std::vector<std::string>& arguments, const Streams& streams) {
  const Options options = parse_options(arguments);
  const bool colour = options.colour == Options::Colour::always ||
                      (options.colour == Options::Colour::automatic && streams.out_is_terminal);
  const Exit exit =
      std::visit(Overloaded{
                     [&](const Reply& reply) {
                       streams.out << reply.out;
                       streams.err << reply.err;
                       return reply.exit;
                     },
                     [&](const CheckCommand& command) { return check(command, streams, colour); },
                     [&](const GraphCommand& command) { return graph(command, streams, colour); },
                     [&](const SchemaCommand& command) { return schema(command, streams, colour); },
                     [&](const DriftCommand& command) { return drift(command, streams, colour); },
                     [&](const SummaryCommand& command) { return summary(command, streams, colour); },
                     [&](const FixCommand& command) { return fix(command, streams, colour); },
                     [&](const BaselineCommand& command) { return baseline(command, streams, colour); },
                     [&](const ExplainCommand& command) { return explain_rule(command, streams, colour); },
                     [&](const DiagnoseCommand& command) { return diagnose(command, streams, colour); },
                     [&](const InitCommand& command) { return init(command, streams, colour); },
                     [&](const DoctorCommand& command) { return doctor(command, streams, colour); },
                     [&](const FactsCommand& command) { return facts(command, streams, colour); },
                     [&](const PolicyCommand& command) { return policy(command, streams, colour); },
                     [&](const CompletionsCommand& command) {
                       streams.out << command.text;
                       return Exit::clean;
                     },
                 },
                 options.command);
  return static_cast<int>(exit);
}

}  // namespace spiritsafe
