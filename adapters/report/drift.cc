// SPDX-License-Identifier: Apache-2.0
#include "adapters/report/drift.h"

#include <algorithm>

#include <fmt/format.h>

#include "adapters/report/json_text.h"
#include "adapters/report/paint.h"
#include "adapters/report/schema.h"
#include "engine/facts/project.h"
#include "engine/text/printable.h"

namespace spiritsafe {
namespace {

DriftPlace place_of(const Operation* operation) {
  if (!operation || !operation->migration) {
    return {};
  }
  const File& file = *operation->migration->file;
  const Text& revision = operation->migration->revision;
  return {file.source.path, LineIndex(file.source.text).locate(operation->span.begin).line,
          std::string(revision.is_known() ? revision.value : std::string_view())};
}

std::string shown(const DriftPlace& place) {
  return place.line == 0 ? std::string() : fmt::format(" ({}:{})", printable(place.path), place.line);
}

// `column nick`, `type of email`
std::string subject_of(const DriftLine& line) {
  std::string kind = line.kind;
  std::ranges::replace(kind, '_', ' ');
  if (line.name.empty()) {
    return kind;
  }
  static constexpr std::string_view kinds[] = {"type", "nullable", "server_default", "identity", "computed", "comment"};
  const bool of_a_column = std::ranges::find(kinds, line.kind) != std::end(kinds);
  return fmt::format("{}{}{}", of_a_column ? "" : kind + " ", printable(line.name), of_a_column ? ", " + kind : "");
}

// Of what only a column or table that both sides have can lack.
std::string_view nothing_of(DriftKind kind) {
  return kind == DriftKind::server_default ? "no default"
         : kind == DriftKind::comment      ? "no comment"
         : kind == DriftKind::identity     ? "no identity"
         : kind == DriftKind::computed     ? "not computed"
                                           : "";
}

std::string sentence_of(const DriftLine& line) {
  if (line.migrations.empty() || line.models.empty()) {
    const bool models = line.migrations.empty();
    const std::string& what = models ? line.models : line.migrations;
    return fmt::format("only in the {}{}{}", models ? "models" : "migrations",
                       what == "there" ? "" : ": " + printable(what),
                       shown(models ? line.in_models : line.in_migrations));
  }
  return fmt::format("{} in the models{}, {} in the migrations{}", printable(line.models), shown(line.in_models),
                     printable(line.migrations), shown(line.in_migrations));
}

void append_place(std::string& out, std::string_view name, const std::string& says, const DriftPlace& place) {
  json_key(out, name);
  if (says.empty()) {
    out += "null";
    return;
  }
  out += '{';
  json_member(out, "says", says);
  json_member(out, "path", place.path);
  json_member(out, "line", uint64_t{place.line});
  json_member(out, "name", place.name);
  out += '}';
}

}  // namespace

DriftReport make_drift_report(const DriftFound& found) {
  DriftReport report;
  report.uncertain = found.uncertain;
  for (const Drift& drift : found.differences) {
    const ModelPlace model = place_of_model(drift.model, drift.field, drift.span);
    const std::string nothing(nothing_of(drift.kind));
    report.lines.push_back({std::string(name_of(drift.kind)),
                            drift.table,
                            drift.name,
                            drift.migrations.empty() ? nothing : drift.migrations,
                            drift.models.empty() ? nothing : drift.models,
                            place_of(drift.operation),
                            {model.path, model.line, model.name}});
  }
  return report;
}

std::string write_drift(const std::vector<DriftReport>& reports, bool colour) {
  std::string out;
  for (const DriftReport& report : reports) {
    if (reports.size() > 1) {
      out += painted(report.project.empty() ? "." : printable(report.project), bold, colour) + "\n";
    }
    std::string table;
    for (const DriftLine& line : report.lines) {
      if (line.table != table || &line == &report.lines.front()) {
        table = line.table;
        out += painted(printable(table), bold, colour) + "\n";
      }
      out += fmt::format("  {}: {}\n", subject_of(line), sentence_of(line));
    }
    for (const std::string& uncertain : report.uncertain) {
      out += painted(fmt::format("not compared: {}", printable(uncertain)), dim, colour) + "\n";
    }
    const size_t count = report.lines.size();
    out += fmt::format(
        "{}{} between {} {} of the models and the migrations{}\n", count > 0 || !report.uncertain.empty() ? "\n" : "",
        count == 0   ? "no difference"
        : count == 1 ? "1 difference"
                     : fmt::format("{} differences", count),
        report.tables, report.tables == 1 ? "table" : "tables",
        report.uncertain.empty() ? "" : fmt::format("; {} could not be compared", report.uncertain.size()));
  }
  return out;
}

std::string write_drift_json(const std::vector<DriftReport>& reports) {
  std::string out = "{\"version\": 1, \"projects\": [";
  for (const DriftReport& report : reports) {
    out += &report == &reports.front() ? "\n  {" : ",\n  {";
    json_member(out, "project", report.project);
    json_member(out, "env", report.environment);
    json_member(out, "tables", uint64_t{report.tables});
    json_key(out, "differences");
    out += '[';
    for (const DriftLine& line : report.lines) {
      out += &line == &report.lines.front() ? "\n    {" : ",\n    {";
      json_member(out, "kind", line.kind);
      json_member(out, "table", line.table);
      json_member(out, "name", line.name);
      append_place(out, "migrations", line.migrations, line.in_migrations);
      append_place(out, "models", line.models, line.in_models);
      out += '}';
    }
    out += ']';
    json_member(out, "not_compared", report.uncertain);
    out += '}';
  }
  return out + "]}\n";
}

}  // namespace spiritsafe
