// SPDX-License-Identifier: Apache-2.0
#include "engine/policy/docs.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/policy/diagnoses.h"
#include "engine/policy/operators.h"
#include "engine/policy/rules.h"

namespace spiritsafe {
namespace {

// Text that stands in a table's cell.
std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    out += c == '|' ? "\\|" : c == '\n' || c == '\r' ? " " : std::string(1, c);
  }
  return out;
}

// Code between fences that it cannot close.
std::string fenced(std::string_view code, std::string_view language) {
  std::string fence = "```";
  while (code.find(fence) != std::string_view::npos) {
    fence += '`';
  }
  return fmt::format("{}{}\n{}{}{}\n", fence, language, code, code.ends_with('\n') ? "" : "\n", fence);
}

std::string text_of(const Template& text) {
  std::string out;
  for (const Template::Piece& piece : text.pieces) {
    out += piece.kind == Template::Piece::Kind::literal ? piece.literal
           : piece.kind == Template::Piece::Kind::path  ? "‹" + piece.path.text + piece.arguments + "›"
                                                        : "‹because›";
  }
  return out;
}

std::string example_text(const Example& example) {
  std::string out;
  for (const auto& [name, value] : example.facts) {
    out += fmt::format("`{}: {}`\n\n", name, value);
  }
  for (const auto& [name, value] : example.parts) {
    if (name == "in") {
      continue;
    }
    const bool python = name == "upgrade" || name == "downgrade" || name == "head" || name == "migration" ||
                        name == "model" || name == "was";
    out += name == "upgrade" && example.parts.size() == 1 ? "" : fmt::format("{}:\n\n", name);
    out += fenced(value, python ? "python" : "");
  }
  for (const auto& [path, value] : example.files) {
    out += fmt::format("`{}`:\n\n{}", path, fenced(value, path.ends_with(".py") ? "python" : ""));
  }
  if (!example.says.empty()) {
    out += fmt::format("\nreported as: {}\n", example.says);
  }
  return out + "\n";
}

void add_examples(std::string& out, const Rule& rule, bool bad) {
  bool first = true;
  for (const Example& example : rule.examples) {
    if (example.bad == bad) {
      out += first ? fmt::format("\n## {}\n\n", bad ? "Reported" : "Not reported") : "";
      first = false;
      out += example_text(example);
    }
  }
}

// The level that a pack or file sets for a rule of another one.
std::optional<Level> level_by(const Rule& rule, const std::string& changer) {
  std::optional<Level> level;
  for (const auto& [who, set] : rule.level_changes) {
    level = who == changer ? std::optional(set) : level;
  }
  return level;
}

std::string type_text(const Field& field) {
  switch (field.type) {
    case Type::text:
      return "text";
    case Type::number:
      return "number";
    case Type::boolean:
      return "true or false";
    case Type::choice: {
      std::vector<std::string_view> words(field.choices.begin(), field.choices.end());
      return "one of " + joined(words);
    }
    case Type::texts:
      return "list of texts";
    case Type::item:
      return fmt::format("one [{0}](#{0})", field.entity);
    case Type::items:
      return fmt::format("list of [{0}](#{0})", field.entity);
  }
  return {};
}

constexpr std::string_view meanings = R"(
## What is fixed

- The keys of a block must all hold. A list of values means one of them. `any:` holds where one of its blocks does. Nothing else is implicit: a list never answers by itself.
- A rule reports an item when `where` holds, `require` (if there is one) does not, and no exception under `unless` holds. An exception that cannot be told does not exempt.
- A value can be *absent* (not written, after the defaults of Alembic and SQLAlchemy) or *unknown* (not to be known from the text). Operators on an absent value do not hold, so `not` does; two absent values are the same. An unknown value gives "cannot tell", which `undecided:` of the rule turns into nothing, an advice, or the same as found.
- `every` does not hold for an empty list; `none: {not: …}` does.
- Texts are compared to the letter. Scalars are read as the field wants them: `no`, `on` and `1e10` stay texts.
- `$name` is a parameter, a list or a setting, `$case.column` a cell of the rule's row; in a list, a list takes the place of its name. A text that begins with `$` is written `$$…`.
- A row of `cases:` may have a `level:` and a `message:` of its own.
- Every item is called by the name of its entity, or by `as:`. A name comes before a field: `operation.table` is the judged operation's table wherever it is written.
- `as:` names an item under `some:`, for what comes after it. A name that is set under `any`, `not`, `none`, `every`, `count`, `unless` or `require` is out of reach outside of it.
- A shared condition (`conditions:`, `use:`) speaks of the item at hand by its entity's name, sees lists and settings but no parameters, and keeps its names to itself.
- `{{` and `}}` in a message print braces; `{path}`, `{name.path}`, `{$name}` and `{because}` are placeholders.
- A diagnosis (`diagnoses:`) explains a message of Alembic, SQLAlchemy or PostgreSQL to `spiritsafe diagnose`; `{group}` in its texts is what a named group of the pattern found, and `rules:` are those that find the failure before it happens. A rule may carry `signatures:` of its own.
- `effects:` of a pack are rows: which operations or statements (`where:`), which `lock` they take on their table and `lock_on_referenced` on the other one, whether it `rewrites` or `scans` the table, and with which error it `fails_with_rows` or `fails_in_transaction`. The first row that holds speaks; where that cannot be told, what the possible rows do not agree on is unknown. Each has `examples:` (`name`, `setup`, `sql`, and `op` where Alembic can write it), which a test runs on a real server. `lock_modes:` says what waits for which lock.
- `behaviours:` of a pack says, by package, what its versions do: rows with `since:` a version, the oldest first, each of which holds until the next one. Where a project's version is not known, the newest row counts. A later pack's rows of a package take the place of those before it.
- A setting is declared with `default:`, `help:` and perhaps `one_of:` its words. An override with `settings: {name: value}` changes its rules as `rules:` does, where the setting has that value; what a later pack or file says of them counts.
- `instead:` is code that a person can paste in place of what was found, with placeholders as in a message. `{text, postgresql_not_valid=True}` is the call with a further argument; a list within quotes becomes many quoted texts; what stands between `[[` and `]]` is left out where a value in it is absent. Where a value is unknown, or does not fit its quotes, none is shown. The examples' is judged as well: the rule must be silent about it.
- `autofix:` is `insert: text` with `after: [{import: module}, last_import]` or with `in: package`, a path to the module whose imports it goes behind; or code as of `instead:` with `before: name` of an item or `at_end_of: downgrade` (with `each:` a list, once for each of its texts), and `also:` further `{insert: …, at_end_of: …}`; or `replace: pattern` (`in: name` for another item than the judged one) or `replace: name` with `with: text`, or `remove: name`.
- `dialect: postgresql` of a pack goes for all its rules: they are not asked in a project that is known to work with another database, nor about what never runs on PostgreSQL (the fact `dialects`). A rule may say `dialect:` itself, or `project_dialect:`, which judges the branches for other databases as well.
- `project_kind: alembic` of a rule: it is not asked in a project whose migrations are files of SQL.
- A rule may be `level: off` where it is defined; whoever turns a rule off later says `because:`. A level never goes below the rule's `floor:`.
- Packs count in order: what a pack extends comes before it, a team's own file last. Values replace, lists too unless `{add: […], remove: […]}` is said. A rule's `since: 2` leaves it out for those who extend the pack as version 1.
- Unknown keys are mistakes at every level, except those that begin with `x-`, which nobody reads.
)";

}  // namespace

std::string rule_page(const std::vector<const Rule*>& rows) {
  const Rule& rule = *rows.front();
  std::string out = fmt::format("# {}\n\n{}\n\n", rule.id, rule.title);
  std::string changes;
  for (const auto& [who, level] : rule.level_changes) {
    changes += fmt::format("{}{}: **{}**", changes.empty() ? "" : ", ", who, name_of(level));
  }
  out += fmt::format("Pack **{}** · level **{}**{} · asked about each {}{}\n", rule.pack, name_of(rule.own_level),
                     changes.empty() ? "" : " (" + changes + ")", rule.entity->name,
                     rule.status.empty() || rule.status == "stable" ? "" : " · " + rule.status);
  if (!rule.dialect.empty()) {
    out += fmt::format("\nAsked where the project works with {}, or where nothing says what it works with{}.\n",
                       rule.dialect, rule.every_branch ? "" : "; not about what never runs on it");
  }
  if (!rule.approval_by.empty()) {
    out += fmt::format("\nApproved by {}.\n", fmt::join(rule.approval_by, ", "));
  }
  if (!rule.because.empty()) {
    out += fmt::format("\nSet by {}: {}\n", rule.changed_by.back(), rule.because);
  }
  out += rule.why.empty() ? "" : fmt::format("\n## Why\n\n{}\n", rule.why);
  out += rule.fix.empty() ? "" : fmt::format("\n## What to do\n\n{}\n", rule.fix);
  if (rule.instead) {
    out += fmt::format("\nInstead, with the names of what was found:\n\n```python\n{}```\n", text_of(*rule.instead));
  }
  out += "\n## What it says\n\n";
  for (const Rule* row : rows) {
    out += fmt::format("- {}{}\n", text_of(row->message),
                       row->own_level == rule.own_level ? "" : fmt::format(" ({})", name_of(row->own_level)));
  }
  if (!rule.unless.empty()) {
    out += "\nNot reported where\n\n";
    for (const Exception& exception : rule.unless) {
      out += fmt::format("- {}\n", exception.label);
    }
  }
  if (!rule.parameters.empty()) {
    out += "\n## Parameters\n\n| name | value | meaning |\n|---|---|---|\n";
    for (const Parameter& parameter : rule.parameters) {
      out += fmt::format("| {} | {} | {} |\n", parameter.name, cell(parameter.value), cell(parameter.help));
    }
  }
  add_examples(out, rule, true);
  add_examples(out, rule, false);
  if (!rule.links.empty()) {
    out += "\n## Links\n\n";
    for (const std::string& link : rule.links) {
      out += fmt::format("- <{}>\n", link);
    }
  }
  return out;
}

std::map<std::string, std::string> policy_pages(const Policy& policy) {
  std::map<std::string, std::vector<const Rule*>> rules;
  for (const Rule& rule : policy.rules) {
    rules[rule.id].push_back(&rule);
  }
  std::map<std::string, std::string> pages;
  // One column for each pack or file that sets levels of others' rules.
  std::vector<std::string> changers;
  for (const std::string& pack : policy.packs) {
    if (std::ranges::any_of(policy.rules, [&](const Rule& rule) { return level_by(rule, pack).has_value(); })) {
      changers.push_back(pack);
    }
  }
  std::string head = "| rule | pack | level |";
  std::string line = "|---|---|---|";
  for (const std::string& changer : changers) {
    head += fmt::format(" in {} |", cell(changer));
    line += "---|";
  }
  std::string index = fmt::format("# Rules of {}\n\n{} reports |\n{}---|\n", policy.source, head, line);
  for (const auto& [id, rows] : rules) {
    const Rule& rule = *rows.front();
    pages[id + ".md"] = rule_page(rows);
    index += fmt::format("| [{0}]({0}.md) | {1} | {2} |", id, rule.pack, name_of(rule.own_level));
    for (const std::string& changer : changers) {
      const std::optional<Level> level = level_by(rule, changer);
      index += level ? fmt::format(" {} |", name_of(*level)) : std::string("  |");
    }
    index += fmt::format(" {} |\n", cell(rule.title));
  }
  pages["README.md"] = index;
  return pages;
}

std::string reference_page() {
  std::string out = "# The policy language\n";
  out += meanings;
  out += fmt::format("\n## Keys\n\n- a rule: {}\n- a change of a rule: {}\n- an example: {}\n", joined(rule_keys()),
                     joined(change_keys()), joined(example_keys()));
  out += fmt::format("- a diagnosis: {}\n", joined(diagnosis_keys()));
  out += "\n## Operators\n\n| operator | of | takes | holds |\n|---|---|---|---|\n";
  for (const Operator& row : operators()) {
    std::vector<std::string_view> types;
    for (const Type type : row.types) {
      const std::string_view name = article_name(type);
      types.push_back(name.starts_with("a ") ? name.substr(2) : name);
    }
    out += fmt::format("| {} | {} | {} | {} |\n", row.name, row.types.size() == 7 ? "anything" : joined(types),
                       row.argument, cell(row.help));
  }
  out += "\n# The vocabulary\n";
  for (const Entity& entity : entities()) {
    out += fmt::format("\n## {}\n\n{}\n\n| field | type | meaning |\n|---|---|---|\n", entity.name, entity.help);
    for (const Field& field : entity.fields) {
      out += fmt::format("| {} | {} | {} |\n", field.name, cell(type_text(field)), cell(field.help));
    }
  }
  return out;
}

}  // namespace spiritsafe
