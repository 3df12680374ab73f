// SPDX-License-Identifier: Apache-2.0
#include "adapters/report/graph_svg.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/text/printable.h"

namespace spiritsafe {
namespace {

constexpr int row_height = 28, column_width = 22, margin = 20, radius = 6;
constexpr size_t most_rows = 5000;  // no viewer shows more in one picture
constexpr size_t most_columns = 60;
constexpr size_t longest_text = 90;

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : printable(shortened(text, longest_text))) {
    switch (c) {
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '&':
        out += "&amp;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

// The column of each row: a line of the history keeps its own until it meets another one.
std::vector<size_t> columns_of(const Drawing& drawing, size_t rows) {
  constexpr size_t nothing = SIZE_MAX;
  std::vector<size_t> waiting, columns;
  for (size_t row = 0; row < rows; ++row) {
    const auto put = [&](size_t wanted) {
      auto place = std::ranges::find(waiting, wanted);
      place = place != waiting.end() ? place : std::ranges::find(waiting, nothing);
      if (place == waiting.end()) {
        place = waiting.insert(waiting.end(), nothing);
      }
      *place = wanted;
      return static_cast<size_t>(place - waiting.begin());
    };
    const size_t column = put(row);
    columns.push_back(std::min(column, most_columns));
    waiting[column] = nothing;
    for (const size_t parent : drawing.revisions[row].parent_rows) {
      if (parent > row && std::ranges::find(waiting, parent) == waiting.end()) {
        waiting[column] == nothing ? void(waiting[column] = parent) : void(put(parent));
      }
    }
  }
  return columns;
}

struct Point {
  int x = 0;
  int y = 0;
};

void append_edge(std::string& out, Point from, Point to, bool dashed) {
  // Over to the other one's column in the next row, and straight down there: nobody else's place is on the way.
  const int turn = to.y > from.y ? from.y + row_height : from.y - row_height;
  const int half = (from.y + turn) / 2;
  const std::string path = from.x == to.x ? fmt::format("M{} {}V{}", from.x, from.y, to.y)
                                          : fmt::format("M{} {}C{} {} {} {} {} {}V{}", from.x, from.y, from.x, half,
                                                        to.x, half, to.x, turn, to.y);
  out += fmt::format("<path d=\"{}\"{}/>\n", path, dashed ? " stroke-dasharray=\"3 3\"" : "");
}

}  // namespace

std::string draw_svg(std::span<const Drawing> drawings) {
  std::string edges, nodes;
  int top = margin;
  size_t widest = 0;
  for (const Drawing& drawing : drawings) {
    if (drawings.size() > 1) {
      nodes += fmt::format("<text x=\"{}\" y=\"{}\" font-weight=\"bold\">{}</text>\n", margin, top + 4,
                           escaped(drawing.project));
      top += row_height;
    }
    const size_t rows = std::min(drawing.revisions.size(), most_rows);
    const std::vector<size_t> columns = columns_of(drawing, rows);
    const size_t last = columns.empty() ? 0 : *std::ranges::max_element(columns);
    const int text_x = margin + static_cast<int>(last + 1) * column_width;
    const auto point = [&](size_t row) {
      return Point{margin + radius + static_cast<int>(columns[row]) * column_width,
                   top + static_cast<int>(row) * row_height};
    };
    for (size_t row = 0; row < rows; ++row) {
      const DrawnRevision& revision = drawing.revisions[row];
      for (const size_t parent : revision.parent_rows) {
        if (parent < rows && parent != row) {
          append_edge(edges, point(row), point(parent), false);
        }
      }
      for (const size_t dependency : revision.dependency_rows) {
        if (dependency < rows && dependency != row) {
          append_edge(edges, point(row), point(dependency), true);
        }
      }
      const Point at = point(row);
      const std::string_view fill = revision.is_new ? "#2da44e" : revision.from_base ? "#0969da" : "#57606a";
      nodes += fmt::format("<circle cx=\"{}\" cy=\"{}\" r=\"{}\" fill=\"{}\"{}/>\n", at.x, at.y, radius, fill,
                           revision.head ? " stroke=\"#1f2328\" stroke-width=\"2\"" : "");
      std::string text = revision.revision + (revision.message.empty() ? "" : "  " + revision.message);
      for (const std::string& label : revision.labels) {
        text += "  [" + label + "]";
      }
      text += revision.head ? "  (head)" : "";
      text += revision.base ? "  (base)" : "";
      text += revision.is_new ? "  (new)" : revision.from_base ? "  (from the base)" : "";
      widest = std::max(widest, static_cast<size_t>(text_x) + std::min(text.size(), longest_text) * 8);
      nodes += fmt::format("<text x=\"{}\" y=\"{}\">{}</text>\n", text_x, at.y + 4, escaped(text));
    }
    top += static_cast<int>(rows) * row_height;
    if (rows < drawing.revisions.size()) {
      nodes += fmt::format("<text x=\"{}\" y=\"{}\">… and {} older ones</text>\n", text_x, top + 4,
                           drawing.revisions.size() - rows);
      top += row_height;
    }
  }
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\" "
      "font-family=\"monospace\" font-size=\"13\">\n<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n"
      "<g fill=\"none\" stroke=\"#8c959f\" stroke-width=\"2\">\n{2}</g>\n<g fill=\"#1f2328\">\n{3}</g>\n</svg>\n",
      widest + margin, top + margin / 2, edges, nodes);
}

}  // namespace spiritsafe
