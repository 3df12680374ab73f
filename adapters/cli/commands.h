// SPDX-License-Identifier: Apache-2.0
// One function for each command; each returns the exit code.
#pragma once

#include "adapters/cli/options.h"
#include "adapters/cli/run.h"
#include "engine/policy/policy.h"
#include "engine/text/error.h"

namespace spiritsafe {

Exit check(const CheckCommand& command, const Streams& streams, bool colour);
Exit graph(const GraphCommand& command, const Streams& streams, bool colour);
Exit schema(const SchemaCommand& command, const Streams& streams, bool colour);
Exit drift(const DriftCommand& command, const Streams& streams, bool colour);
Exit summary(const SummaryCommand& command, const Streams& streams, bool colour);
Exit fix(const FixCommand& command, const Streams& streams, bool colour);
Exit baseline(const BaselineCommand& command, const Streams& streams, bool colour);
Exit explain_rule(const ExplainCommand& command, const Streams& streams, bool colour);
Exit diagnose(const DiagnoseCommand& command, const Streams& streams, bool colour);
Exit init(const InitCommand& command, const Streams& streams, bool colour);
Exit doctor(const DoctorCommand& command, const Streams& streams, bool colour);
Exit facts(const FactsCommand& command, const Streams& streams, bool colour);
Exit policy(const PolicyCommand& command, const Streams& streams, bool colour);

// A rule by its id or one it had formerly; nullptr where there is none, and what to say then.
const Rule* find_rule(const Policy& policy, const std::string& id);
Error no_such_rule(const Policy& policy, const std::string& id);

// Writes the errors to the error stream.
Exit unusable(const Errors& errors, const Streams& streams, bool colour);

}  // namespace spiritsafe
