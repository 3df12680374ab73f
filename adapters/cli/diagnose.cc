// SPDX-License-Identifier: Apache-2.0
#include "engine/judge/diagnose.h"

#include <fmt/format.h>

#include "adapters/cli/commands.h"
#include "adapters/files/find_policy.h"
#include "adapters/files/read_file.h"
#include "adapters/report/diagnosis.h"

namespace spiritsafe {
namespace {

constexpr size_t largest_log = 64u << 20;

Errors cannot_read(std::string path, std::string message, std::string hint) {
  Error error;
  error.path = std::move(path);
  error.message = std::move(message);
  error.hints = {std::move(hint)};
  return {std::move(error)};
}

const std::string give_the_end = "give its end, where the error stands: tail -c 50M LOG | spiritsafe diagnose";

Result<std::string> read_stream(const Streams& streams) {
  if (!streams.in) {
    return tl::unexpected(cannot_read({}, "there is no standard input", "name the log: spiritsafe diagnose LOG"));
  }
  if (streams.in_is_terminal) {
    streams.err << "reading the log from the terminal; Ctrl-D ends it\n" << std::flush;
  }
  std::string text;
  std::string piece(1 << 16, '\0');
  while (streams.in->read(piece.data(), static_cast<std::streamsize>(piece.size())) || streams.in->gcount() > 0) {
    text.append(piece, 0, static_cast<size_t>(streams.in->gcount()));
    if (text.size() > largest_log) {
      return tl::unexpected(cannot_read("stdin", "the log is larger than 64 MB", give_the_end));
    }
  }
  return text;
}

Result<std::string> read_log(const std::string& path, const Streams& streams) {
  if (path == "-") {
    return read_stream(streams);
  }
  Result<std::string> text = read_text(path, largest_log);
  if (!text) {
    text.error().front().hints = {"a log is a file of at most 64 MB; " + give_the_end};
  }
  return text;
}

}  // namespace

Exit diagnose(const DiagnoseCommand& command, const Streams& streams, bool colour) {
  const bool error_colour = streams.err_is_terminal && colour;
  const std::string path = command.log.empty() ? "-" : command.log;
  const std::string name = path == "-" ? "stdin" : path;
  PolicyRequest request;
  request.packs = command.packs;
  const Result<Policy> packs = load_all_packs(request);
  if (!packs) {
    return unusable(packs.error(), streams, error_colour);
  }
  request.file = command.policy;
  const Result<Policy> team = find_policy(request);
  if (!team && !command.policy.empty()) {
    return unusable(team.error(), streams, error_colour);
  }
  if (!team) {  // who looks at a broken pipeline is helped with what is there
    streams.err << format_errors(team.error(), error_colour) << "note: so only the built-in packs explain the log\n";
  }
  const Result<std::string> text = read_log(path, streams);
  if (!text) {
    return unusable(text.error(), streams, error_colour);
  }
  if (text->starts_with("\xFF\xFE") || text->starts_with("\xFE\xFF")) {
    return unusable(cannot_read(name, "the log is UTF-16, as PowerShell writes it",
                                "turn it into UTF-8: iconv -f UTF-16 -t UTF-8 LOG | spiritsafe diagnose"),
                    streams, error_colour);
  }
  std::vector<const Policy*> policies = {&*packs};
  if (team) {
    policies.push_back(&*team);
  }
  const LogReading reading = diagnose_log(*text, policies);
  streams.out << (command.format == "json" ? write_diagnosis_json(reading, name)
                                           : write_diagnosis(reading, name, colour));
  return Exit::clean;
}

}  // namespace spiritsafe
