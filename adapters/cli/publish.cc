// SPDX-License-Identifier: Apache-2.0
#include "adapters/cli/publish.h"

#include <fmt/format.h>

#include "adapters/cli/publish_github.h"
#include "adapters/cli/publish_gitlab.h"
#include "engine/text/printable.h"

namespace spiritsafe {
namespace {

// Reports that a program reads end where they end.
bool is_for_people(const std::string& format) { return format == "text"; }

}  // namespace

std::optional<Publisher> open_publisher(const CheckCommand& command, const Streams& streams) {
  if (command.publish.platform == "github") {
    return open_github(command, streams);
  }
  if (command.publish.platform == "gitlab") {
    return open_gitlab(command, streams);
  }
  if (!command.publish.dry_run) {
    return std::nullopt;
  }
  Publisher nobody;
  nobody.notes = {"nothing would be sent: --publish names no platform"};
  nobody.publish = [](const Judgement&, const ReportOptions&) {
    Publication publication;
    publication.requests = "[]\n";
    return publication;
  };
  return nobody;
}

bool publish(const Publisher& publisher, const CheckCommand& command, const Judgement& judgement,
             const ReportOptions& options, const Streams& streams) {
  for (const std::string& note : publisher.notes) {
    streams.err << "note: " << printable(note) << '\n';
  }
  const Publication publication = publisher.publish(judgement, options);
  if (command.publish.dry_run) {
    streams.out << publication.requests << std::flush;
  }
  for (const std::string& line : publication.lines) {
    streams.err << printable(line) << '\n';
  }
  if (publication.errors.empty()) {
    return true;
  }
  streams.err << format_errors(publication.errors, streams.err_is_terminal && options.colour);
  streams.err << "note: not all was published; the verdict is the same\n";
  if (command.format != "github") {
    (is_for_people(command.format) ? streams.out : streams.err) << publication.fallback << std::flush;
  }
  return false;
}

}  // namespace spiritsafe
