// SPDX-License-Identifier: Apache-2.0
#include "adapters/report/graph.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "adapters/report/graph_svg.h"
#include "adapters/report/paint.h"
#include "engine/schema/graph.h"
#include "engine/schema/sides.h"
#include "engine/text/printable.h"

namespace spiritsafe {
namespace {

constexpr size_t longest_message = 60;
constexpr size_t most_columns = 40;  // of branch lines; what is further right is not drawn

// ---- from the graph to a drawing ------------------------------------------------------------------------------------

std::vector<std::string> known_texts(const Texts& texts) {
  std::vector<std::string> out;
  for (const Text& text : texts.items) {
    out.push_back(text.is_known() ? std::string(text.value) : std::string("(unknown)"));
  }
  return out;
}

std::vector<DrawnProblem> problems_of(const RevisionGraph& graph) {
  std::vector<DrawnProblem> problems;
  const auto revision = [&](Node node) { return std::string(graph.migrations[node]->revision.value); };
  for (const GraphProblem& problem : graph.problems) {
    problems.push_back({std::string(name_of(problem.fault)), revision(problem.node), {std::string(problem.name)}});
  }
  std::set<Node> on_a_cycle;
  for (const bool with_dependencies : {false, true}) {
    const std::vector<uint32_t> knots = find_knots(graph, with_dependencies);
    std::set<uint32_t> told;
    for (Node node = 0; node < knots.size(); ++node) {
      if (knots[node] == 0 || on_a_cycle.contains(node) || !told.insert(knots[node]).second) {
        continue;
      }
      DrawnProblem problem{std::string(name_of(with_dependencies ? GraphFault::dependency_cycle : GraphFault::cycle)),
                           revision(node),
                           {}};
      for (const Node each : find_cycle(graph, knots, node, with_dependencies)) {
        problem.names.push_back(revision(each));
      }
      problems.push_back(std::move(problem));
    }
    for (Node node = 0; node < knots.size() && !with_dependencies; ++node) {
      if (knots[node] != 0) {
        on_a_cycle.insert(node);
      }
    }
  }
  return problems;
}

// ---- text -----------------------------------------------------------------------------------------------------------

// The columns of branch lines, as `git log --graph` has them: each column waits for one revision.
struct Columns {
  std::vector<size_t> waiting = {};  // a row, or `nothing`
  static constexpr size_t nothing = SIZE_MAX;

  size_t place_of(size_t row) {
    const auto found = std::ranges::find(waiting, row);
    if (found != waiting.end()) {
      return static_cast<size_t>(found - waiting.begin());
    }
    const auto free = std::ranges::find(waiting, nothing);
    if (free != waiting.end()) {
      *free = row;
      return static_cast<size_t>(free - waiting.begin());
    }
    waiting.push_back(row);
    return waiting.size() - 1;
  }
};

// Below a row: which lines end in another column, or begin in one. Empty where all go straight on.
std::string joint(const std::vector<size_t>& before, const std::vector<size_t>& after, size_t place,
                  const std::vector<size_t>& targets) {
  const size_t count = std::min(std::max(before.size(), after.size()), most_columns);
  size_t low = place, high = place;
  for (const size_t target : targets) {
    low = std::min(low, target);
    high = std::max(high, target);
  }
  if (low == high) {
    return {};
  }
  std::string out;
  for (size_t i = 0; i < count; ++i) {
    const bool target = std::ranges::find(targets, i) != targets.end();
    const bool above = i == place || (i < before.size() && before[i] != Columns::nothing);
    const bool below = i < after.size() && after[i] != Columns::nothing;
    const bool crossed = i > low && i < high;
    const bool joins = i == place || target;
    const std::string_view here = joins     ? (i == low         ? (above && below ? "├"
                                                                   : above        ? "╰"
                                                                                  : "╭")
                                               : i == high      ? (above && below ? "┤"
                                                                   : above        ? "╯"
                                                                                  : "╮")
                                               : above && below ? "┼"
                                               : above          ? "┴"
                                                                : "┬")
                                  : crossed ? (above || below ? "│" : "─")
                                            : (above && below ? "│" : " ");
    out += here;
    out += i >= low && i < high ? "─" : " ";
  }
  while (out.ends_with(' ')) {
    out.pop_back();
  }
  return out;
}

std::string marks_of(const DrawnRevision& revision, bool colour) {
  std::string marks;
  const auto add = [&](std::string_view mark, std::string_view code) {
    marks += "  " + painted(fmt::format("({})", mark), code, colour);
  };
  if (revision.head) {
    add(revision.effective_head ? "head" : "head, depended on", colour_of(Level::advice));
  }
  if (revision.base) {
    add("base", dim);
  }
  if (revision.is_new) {
    add("new", colour_of(Level::warn));
  }
  if (revision.from_base) {
    add("from the base", colour_of(Level::approval));
  }
  return marks;
}

std::string problem_text(const DrawnProblem& problem) {
  std::string kind = problem.kind;
  std::ranges::replace(kind, '_', ' ');
  std::vector<std::string> names;
  for (const std::string& name : problem.names) {
    names.push_back(printable(name));
  }
  const bool same = names.size() == 1 && problem.names.front() == problem.revision;
  return fmt::format("{}: {}{}{}", kind, printable(problem.revision), same ? "" : ": ",
                     same ? std::string() : fmt::format("{}", fmt::join(names, ", ")));
}

void append_rows(std::string& out, const Drawing& drawing, bool colour) {
  Columns columns;
  for (size_t row = 0; row < drawing.revisions.size(); ++row) {
    const DrawnRevision& revision = drawing.revisions[row];
    const size_t place = columns.place_of(row);
    std::string line;
    for (size_t i = 0; i < std::min(columns.waiting.size(), most_columns); ++i) {
      line += i == place ? (revision.head ? "◉ " : "● ") : columns.waiting[i] == Columns::nothing ? "  " : "│ ";
    }
    std::vector<size_t> before = columns.waiting;
    columns.waiting[place] = Columns::nothing;
    std::vector<size_t> targets;
    for (const size_t parent : revision.parent_rows) {
      if (parent <= row) {
        continue;  // only on a cycle
      }
      const auto found = std::ranges::find(columns.waiting, parent);
      if (found != columns.waiting.end()) {
        targets.push_back(static_cast<size_t>(found - columns.waiting.begin()));
      } else if (columns.waiting[place] == Columns::nothing) {
        columns.waiting[place] = parent;
        targets.push_back(place);
      } else {
        targets.push_back(columns.place_of(parent));
      }
    }
    const std::string below = joint(before, columns.waiting, place, targets);
    while (!columns.waiting.empty() && columns.waiting.back() == Columns::nothing) {
      columns.waiting.pop_back();
    }
    std::string labels;
    for (const std::string& label : revision.labels) {
      labels += (labels.empty() ? "" : ", ") + printable(label);
    }
    std::string depends;
    for (const std::string& name : revision.depends_on) {
      depends += (depends.empty() ? "  needs " : ", ") + printable(name);
    }
    out += fmt::format("{}{}{}  {}{}{}\n", line, painted(printable(revision.revision), bold, colour),
                       labels.empty() ? "" : " " + painted("[" + labels + "]", dim, colour),
                       printable(shortened(revision.message, longest_message)), painted(depends, dim, colour),
                       marks_of(revision, colour));
    out += below.empty() ? "" : below + "\n";
  }
}

std::string write_text(std::span<const Drawing> drawings, bool colour) {
  std::string out;
  for (const Drawing& drawing : drawings) {
    if (drawings.size() > 1) {
      out += (out.empty() ? "" : "\n") + painted(printable(drawing.project), bold, colour) + "\n";
    }
    append_rows(out, drawing, colour);
    if (drawing.revisions.empty()) {
      out += "no revisions\n";
    }
    for (const DrawnProblem& problem : drawing.problems) {
      out += painted(problem_text(problem), colour_of(Level::error), colour) + "\n";
    }
  }
  return out;
}

// ---- mermaid and dot ------------------------------------------------------------------------------------------------

// Names of nodes are numbers of our own; what strangers wrote stands in labels only.
std::string escaped(std::string_view text, bool mermaid) {
  std::string out;
  for (const char c : printable(text)) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ' ' ||
                       c == '.' || c == '_' || c == '-' || c == ',' || static_cast<unsigned char>(c) >= 0x80;
    if (plain) {
      out += c;
    } else if (mermaid) {
      out += fmt::format("#{};", static_cast<int>(c));
    } else {
      out += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
    }
  }
  return out;
}

std::string label_of(const DrawnRevision& revision, bool mermaid) {
  const std::string_view newline = mermaid ? "<br/>" : "\\n";
  std::string out = escaped(revision.revision, mermaid);
  if (!revision.labels.empty()) {
    std::vector<std::string> labels;
    for (const std::string& label : revision.labels) {
      labels.push_back(escaped(label, mermaid));
    }
    out += fmt::format(" ({})", fmt::join(labels, ", "));
  }
  if (!revision.message.empty()) {
    out += std::string(newline) + escaped(shortened(revision.message, longest_message), mermaid);
  }
  return out;
}

std::string_view class_of(const DrawnRevision& revision) {
  return revision.is_new ? "new" : revision.from_base ? "incoming" : revision.head ? "head" : "";
}

std::string write_mermaid(std::span<const Drawing> drawings, bool) {
  std::string out = "flowchart BT\n";
  size_t number = 0;
  for (const Drawing& drawing : drawings) {
    const bool group = drawings.size() > 1;
    out += group ? fmt::format("  subgraph p{}[\"{}\"]\n", number, escaped(drawing.project, true)) : "";
    for (size_t i = 0; i < drawing.revisions.size(); ++i) {
      const DrawnRevision& revision = drawing.revisions[i];
      const std::string_view style = class_of(revision);
      out +=
          fmt::format("  r{}[\"{}\"]{}{}\n", number + i, label_of(revision, true), style.empty() ? "" : ":::", style);
    }
    for (size_t i = 0; i < drawing.revisions.size(); ++i) {
      for (const size_t parent : drawing.revisions[i].parent_rows) {
        out += fmt::format("  r{} --> r{}\n", number + parent, number + i);
      }
      for (const size_t dependency : drawing.revisions[i].dependency_rows) {
        out += fmt::format("  r{} -.-> r{}\n", number + dependency, number + i);
      }
    }
    out += group ? "  end\n" : "";
    number += drawing.revisions.size();
  }
  out +=
      "  classDef head stroke-width:3px\n  classDef new fill:#e6ffed,stroke:#22863a\n"
      "  classDef incoming fill:#f1f8ff,stroke:#0366d6\n";
  return out;
}

std::string write_dot(std::span<const Drawing> drawings, bool) {
  std::string out = "digraph revisions {\n  rankdir=BT;\n  node [shape=box, fontname=\"monospace\"];\n";
  size_t number = 0, group = 0;
  for (const Drawing& drawing : drawings) {
    const bool grouped = drawings.size() > 1;
    out += grouped ? fmt::format("  subgraph cluster{} {{\n  label=\"{}\";\n", group++, escaped(drawing.project, false))
                   : "";
    for (size_t i = 0; i < drawing.revisions.size(); ++i) {
      const DrawnRevision& revision = drawing.revisions[i];
      const std::string_view style = revision.is_new      ? ", style=filled, fillcolor=\"#e6ffed\""
                                     : revision.from_base ? ", style=filled, fillcolor=\"#f1f8ff\""
                                                          : "";
      out += fmt::format("  r{} [label=\"{}\"{}{}];\n", number + i, label_of(revision, false), style,
                         revision.head ? ", penwidth=3" : "");
    }
    for (size_t i = 0; i < drawing.revisions.size(); ++i) {
      for (const size_t parent : drawing.revisions[i].parent_rows) {
        out += fmt::format("  r{} -> r{};\n", number + parent, number + i);
      }
      for (const size_t dependency : drawing.revisions[i].dependency_rows) {
        out += fmt::format("  r{} -> r{} [style=dashed];\n", number + dependency, number + i);
      }
    }
    out += grouped ? "  }\n" : "";
    number += drawing.revisions.size();
  }
  return out + "}\n";
}

// ---- json -----------------------------------------------------------------------------------------------------------

using Json = nlohmann::ordered_json;

Json json_of(const Drawing& drawing) {
  Json out = {{"heads", drawing.heads},
              {"bases", drawing.bases},
              {"effective_heads", drawing.effective_heads},
              {"revisions", Json::array()},
              {"problems", Json::array()}};
  for (const DrawnRevision& revision : drawing.revisions) {
    Json row = {{"revision", revision.revision}, {"parents", revision.parents}, {"depends_on", revision.depends_on},
                {"labels", revision.labels},     {"path", revision.path},       {"message", revision.message}};
    if (drawing.has_base) {
      row["new"] = revision.is_new;
      row["from_base"] = revision.from_base;
    }
    out["revisions"].push_back(std::move(row));
  }
  for (const DrawnProblem& problem : drawing.problems) {
    out["problems"].push_back({{"kind", problem.kind}, {"revision", problem.revision}, {"names", problem.names}});
  }
  return out;
}

std::string write_json(std::span<const Drawing> drawings, bool) {
  Json out;
  if (drawings.size() == 1) {
    out = json_of(drawings.front());
  } else {
    out["projects"] = Json::array();
    for (const Drawing& drawing : drawings) {
      Json each = {{"project", drawing.project}};
      each.update(json_of(drawing));
      out["projects"].push_back(std::move(each));
    }
  }
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string write_svg(std::span<const Drawing> drawings, bool) { return draw_svg(drawings); }

}  // namespace

Drawing draw(const Project& project) {
  const Sides sides = find_sides(project);
  const RevisionGraph graph = make_graph(sides.merged);
  std::vector<std::vector<std::string_view>> labels;
  spread_labels(graph, labels);
  Drawing drawing;
  drawing.project = project.name;
  drawing.has_base = sides.has_base;
  drawing.problems = problems_of(graph);
  const std::vector<Node> order = history_order(graph);
  std::vector<size_t> row_of(graph.size(), 0);
  for (size_t row = 0; row < order.size(); ++row) {
    row_of[order[row]] = row;
  }
  for (const Node node : order) {
    const Migration& migration = *graph.migrations[node];
    DrawnRevision revision;
    revision.revision = migration.revision.value;
    revision.parents = known_texts(migration.parents);
    revision.depends_on = known_texts(migration.depends_on);
    revision.labels = {labels[node].begin(), labels[node].end()};
    revision.path = migration.file->source.path;
    revision.message = migration.message.is_known() ? std::string(migration.message.value) : std::string();
    std::ranges::transform(graph.parents[node], std::back_inserter(revision.parent_rows),
                           [&](Node parent) { return row_of[parent]; });
    std::ranges::transform(graph.dependencies[node], std::back_inserter(revision.dependency_rows),
                           [&](Node dependency) { return row_of[dependency]; });
    revision.head = graph.children[node].empty();
    revision.effective_head = revision.head && graph.dependents[node].empty();
    revision.base = migration.parents.state == State::known && revision.parents.empty();
    revision.is_new = sides.is_new(revision.revision);
    revision.from_base = migration.file->origin == Origin::base_tip;
    drawing.revisions.push_back(std::move(revision));
  }
  for (Node node = 0; node < graph.size(); ++node) {
    if (graph.counts[node]) {
      const DrawnRevision& revision = drawing.revisions[row_of[node]];
      const auto add = [&](bool is_one, std::vector<std::string>& list) {
        if (is_one) {
          list.push_back(revision.revision);
        }
      };
      add(revision.head, drawing.heads);
      add(graph.dependents[node].empty() && revision.head, drawing.effective_heads);
      add(revision.base, drawing.bases);
    }
  }
  return drawing;
}

std::span<const GraphFormat> graph_formats() {
  static constexpr GraphFormat formats[] = {
      {"text", "newest first, with lines for branches", write_text},
      {"mermaid", "for Markdown on GitHub and GitLab", write_mermaid},
      {"dot", "for Graphviz", write_dot},
      {"svg", "a picture", write_svg},
      {"json", "for programs", write_json},
  };
  return formats;
}

}  // namespace spiritsafe
