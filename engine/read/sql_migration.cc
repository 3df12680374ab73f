// SPDX-License-Identifier: Apache-2.0
// A migration that is a file of SQL: as dbmate, goose, sql-migrate, golang-migrate, sqlx and Flyway write them, or none
// of them.
#include <algorithm>
#include <memory>
#include <string>

#include "engine/read/comments.h"
#include "engine/read/gather.h"
#include "engine/read/sql_placeholders.h"
#include "engine/read/sql_words.h"

namespace spiritsafe {
namespace {

constexpr std::string_view sign = "--";

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool same_word(std::string_view text, std::string_view word) {
  return text.size() == word.size() && std::equal(text.begin(), text.end(), word.begin(), [](char a, char b) {
           return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b;
         });
}

std::string_view line_at(std::string_view text, size_t at) {
  return text.substr(at, std::min(text.find('\n', at), text.size()) - at);
}

std::string_view trimmed_line(std::string_view line) {
  while (!line.empty() && is_sql_space(line.back())) {
    line.remove_suffix(1);
  }
  return line;
}

// ---- what is no SQL ------------------------------------------------------------------------------------------------

struct Bare {
  // With spaces in place of what only psql and templates understand, and `_` in place of placeholders.
  std::string sql = {};
  std::vector<Span> commands = {};  // psql's own, `\i other.sql`
  std::vector<Placeholder> placeholders = {};
  std::vector<python::Comment> comments = {};
  uint32_t first_code = UINT32_MAX;
};

// Its statements end where they would with a value in place.
void cover(std::string& sql, const Placeholder& placeholder) {
  const auto begin = sql.begin() + placeholder.span.begin;
  const auto end = sql.begin() + placeholder.span.end;
  const bool is_word = placeholder.role == PlaceholderRole::schema || placeholder.role == PlaceholderRole::name;
  std::fill(begin, end, is_word ? '_' : ' ');
}

void blank(std::string& sql, size_t begin, size_t end) {
  std::replace_if(
      sql.begin() + static_cast<ptrdiff_t>(begin), sql.begin() + static_cast<ptrdiff_t>(end),
      [](char c) { return c != '\n'; }, ' ');
}

// The lines behind `COPY … FROM stdin;` up to `\.` are data.
size_t skip_copy_data(std::string_view text, size_t line_begin) {
  const std::string_view line = trimmed_line(line_at(text, line_begin));
  constexpr std::string_view copy = "copy ", ending = "from stdin;";
  if (line.size() < copy.size() + ending.size() || !same_word(line.substr(0, copy.size()), copy) ||
      !same_word(line.substr(line.size() - ending.size()), ending)) {
    return line_begin;
  }
  size_t at = line_begin + line_at(text, line_begin).size();
  while (at < text.size()) {
    ++at;
    const std::string_view data = line_at(text, at);
    at += data.size();
    if (trimmed_line(data) == "\\.") {
      break;
    }
  }
  return std::min(at, text.size());
}

Bare strip(const std::string& text) {
  Bare bare;
  bare.sql = text;
  bool line_begins = true;  // nothing but white space so far on this line
  int brackets = 0;         // in them a colon parts two bounds
  for (size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == '\n' || is_sql_space(c)) {
      line_begins = line_begins || c == '\n';
      ++at;
    } else if (text.compare(at, sign.size(), sign) == 0) {
      const size_t end = at + trimmed_line(line_at(text, at)).size();
      bare.comments.push_back({{static_cast<uint32_t>(at), static_cast<uint32_t>(end)}, !line_begins});
      at = end;
    } else if (line_begins && c == '\\') {
      const size_t end = at + trimmed_line(line_at(text, at)).size();
      bare.commands.push_back({static_cast<uint32_t>(at), static_cast<uint32_t>(end)});
      blank(bare.sql, at, end);
      at = end;
    } else {
      bare.first_code = std::min(bare.first_code, static_cast<uint32_t>(at));
      const size_t behind_data = line_begins ? skip_copy_data(text, at) : at;
      if (behind_data > at) {
        const size_t data = at + line_at(text, at).size();
        blank(bare.sql, data, behind_data);
        at = behind_data;
        continue;
      }
      line_begins = false;
      brackets = std::max(0, brackets + (c == '[' ? 1 : c == ']' || c == ';' ? -1 : 0));
      if (c == '{' || c == '$' || (c == ':' && brackets == 0)) {
        if (Placeholder placeholder = placeholder_at(text, at); placeholder.span.end > at) {
          at = placeholder.span.end;
          bare.placeholders.push_back(std::move(placeholder));
          continue;
        }
      }
      at = std::max(skip_quoted_with_placeholders(text, at, bare.placeholders), at + 1);
    }
  }
  for (const Placeholder& placeholder : bare.placeholders) {
    cover(bare.sql, placeholder);
  }
  return bare;
}

// ---- up and down ---------------------------------------------------------------------------------------------------

struct Section {
  Direction direction = Direction::upgrade;
  Span span = {};
  bool no_transaction = false;
};

struct Marker {
  std::string_view text = {};
  Direction direction = Direction::upgrade;
};

// dbmate, goose, sql-migrate.
constexpr Marker markers[] = {
    {"migrate:up", Direction::upgrade},  {"migrate:down", Direction::downgrade},
    {"+goose up", Direction::upgrade},   {"+goose down", Direction::downgrade},
    {"+migrate up", Direction::upgrade}, {"+migrate down", Direction::downgrade},
};
constexpr std::string_view without_transaction[] = {"transaction:false", "notransaction"};

std::string_view words_of(std::string_view text, Span comment) {
  std::string_view words = slice(text, comment).substr(sign.size());
  while (!words.empty() && is_sql_space(words.front())) {
    words.remove_prefix(1);
  }
  return words;
}

const Marker* marker_of(std::string_view words) {
  const auto* found = std::ranges::find_if(markers, [&](const Marker& marker) {
    const std::string_view rest = words.substr(std::min(marker.text.size(), words.size()));
    return same_word(words.substr(0, marker.text.size()), marker.text) && (rest.empty() || is_sql_space(rest.front()));
  });
  return found == std::end(markers) ? nullptr : found;
}

// Without a marker all of it goes one way.
std::vector<Section> sections_of(std::string_view text, const Bare& bare, Direction whole) {
  std::vector<Section> sections = {{whole, {0, static_cast<uint32_t>(text.size())}, false}};
  bool marked = false;
  bool no_transaction = false;  // for the whole file
  for (const python::Comment& comment : bare.comments) {
    const std::string_view words = words_of(text, comment.span);
    no_transaction = no_transaction || same_word(words, "+goose no transaction") || same_word(words, "no-transaction");
    const Marker* marker = comment.trailing ? nullptr : marker_of(words);
    if (!marker) {
      continue;
    }
    sections.back().span.end = comment.span.begin;
    sections.push_back({marker->direction, {comment.span.end, static_cast<uint32_t>(text.size())}, false});
    sections.back().no_transaction = std::ranges::any_of(
        without_transaction, [&](std::string_view option) { return words.find(option) != std::string_view::npos; });
    marked = true;
  }
  if (marked && bare.first_code >= sections.front().span.end) {
    sections.erase(sections.begin());
  }
  for (Section& section : sections) {
    section.no_transaction = section.no_transaction || no_transaction;
  }
  return sections;
}

// What goose and sql-migrate send as one text, however many statements are in it.
std::vector<Span> blocks_of(std::string_view text, const Bare& bare) {
  std::vector<Span> blocks;
  uint32_t begin = UINT32_MAX;
  for (const python::Comment& comment : bare.comments) {
    const std::string_view words = words_of(text, comment.span);
    if (same_word(words, "+goose statementbegin") || same_word(words, "+migrate statementbegin")) {
      begin = comment.span.end;
    } else if (begin != UINT32_MAX &&
               (same_word(words, "+goose statementend") || same_word(words, "+migrate statementend"))) {
      blocks.push_back({begin, comment.span.begin});
      begin = UINT32_MAX;
    }
  }
  return blocks;
}

// Several statements in one text are one transaction, also where each text commits by itself.
bool shares_block(const std::vector<Span>& blocks, const std::vector<Span>& statements, Span statement) {
  const auto behind = std::ranges::upper_bound(blocks, statement.begin, {}, &Span::begin);
  if (behind == blocks.begin() || std::prev(behind)->end < statement.end) {
    return false;
  }
  const Span block = *std::prev(behind);
  const auto first = std::ranges::lower_bound(statements, block.begin, {}, &Span::begin);
  return std::distance(first, statements.end()) > 1 && std::next(first)->begin < block.end;
}

// `ALTER TABLE`
std::string_view first_words(Interpreter& in, std::string_view sql) {
  std::string words;
  int count = 0;
  each_sql_word(sql, [&](const std::string& word) {
    if (word.find(sql_hole) != std::string::npos) {
      return false;
    }
    words += (words.empty() ? "" : " ") + word;
    return ++count < 2;
  });
  std::ranges::transform(words, words.begin(),
                         [](char c) { return static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c); });
  return in.kept.copy(std::string_view(words));
}

void add_statement(Interpreter& in, const Bare& bare, Span span) {
  const FilledSql filled = fill_placeholders(bare.sql, span, bare.placeholders, in.options.parted_schemas);
  const CallSite site{span, first_words(in, filled.sql), {}, false};
  if (is_full(in, site)) {
    return;
  }
  in.step = static_cast<uint32_t>(in.lists.steps.size());
  Step& step = in.lists.steps.emplace_back();
  step.span = span;
  step.direction = in.direction;
  step.call = known(site.name, span);
  step.text = known(folded(in, span), span);
  in.lists.step_links.push_back({UINT32_MAX, static_cast<uint32_t>(in.lists.operations.size()), 0, false});

  const size_t index = in.lists.operations.size();
  Operation& operation = add_operation(in, OperationKind::execute, site);
  operation.written_as = WrittenAs::sql;
  operation.execute_form = known(ExecuteForm::other, span);
  operation.sql_form = known(SqlText::literal, span);
  operation.sql_text =
      known(filled.has_placeholders ? slice(in.text, span) : in.kept.copy(slice(bare.sql, span)), span);
  Links& links = in.lists.operation_links[index];
  links.first = static_cast<uint32_t>(in.lists.statements.size());
  links.has_sql = true;
  const uint32_t first = links.first;
  read_sql_statement(in, filled.sql, filled.places, {filled.has_placeholders, filled.has_control}, site);
  in.lists.operation_links[index].count = static_cast<uint32_t>(in.lists.statements.size()) - first;
  in.lists.step_links.back().count = static_cast<uint32_t>(in.lists.operations.size() - index);
  in.step = UINT32_MAX;
}

struct Command {
  Span span = {};
  std::string_view what = {};
};

bool is_control(const Placeholder& placeholder) { return placeholder.role == PlaceholderRole::control; }

// What is no SQL and may do anything, in the order of the file.
std::vector<Command> commands_of(const Bare& bare) {
  std::vector<Command> commands;
  for (const Span span : bare.commands) {
    commands.push_back({span, "is a command of psql"});
  }
  for (const Placeholder& placeholder : bare.placeholders) {
    if (is_control(placeholder)) {
      commands.push_back({placeholder.span, "is a command of a template"});
    }
  }
  std::ranges::sort(commands, {}, [](const Command& command) { return command.span.begin; });
  return commands;
}

// Of a tool that is not known, a file of one statement is taken for one that needs no transaction: psql and most others
// send it as it is.
// Diesel opens one, unless it is told not to; then all of a file goes out as one text.
void read_sections(Interpreter& in, const Bare& bare, const std::vector<Section>& sections, Direction direction,
                   bool is_diesel) {
  in.direction = direction;
  in.first_operation = static_cast<uint32_t>(in.lists.operations.size());
  in.full = false;
  const std::vector<Command> commands = commands_of(bare);
  const std::vector<Span> blocks = blocks_of(in.text, bare);
  // What a template decides, it may decide about any statement: where its blocks end is not looked for.
  in.undecided = std::ranges::any_of(bare.placeholders, is_control) ? 1 : 0;
  const bool marked = sections.size() > 1 || sections.front().span.begin > 0;
  for (const Section& section : sections) {
    if (section.direction != direction) {
      continue;
    }
    const std::string sql(slice(bare.sql, section.span));
    std::vector<Span> statements = split_sql(sql);
    for (Span& statement : statements) {
      statement = {section.span.begin + statement.begin, section.span.begin + statement.end};
    }
    const bool alone = !marked && statements.size() == 1;
    const bool autocommit = section.no_transaction || (alone && (!is_diesel || in.options.without_transaction));
    auto command = commands.begin();
    const auto add_commands = [&](uint32_t until) {
      for (; command != commands.end() && command->span.begin < until; ++command) {
        if (command->span.begin >= section.span.begin) {
          const std::string_view text = in.kept.copy(slice(in.text, command->span));
          add_unrecognised(in, {command->span, text, {}, true}, command->what);
        }
      }
    };
    for (const Span span : statements) {
      add_commands(span.begin);
      in.autocommit = autocommit && !shares_block(blocks, statements, span);
      add_statement(in, bare, span);
    }
    in.autocommit = autocommit;
    add_commands(section.span.end);
  }
}

std::string_view stem_of(std::string_view name) {
  for (const std::string_view ending : {".sql", ".up", ".down"}) {
    name.remove_suffix(name.ends_with(ending) ? ending.size() : 0);
  }
  return name;
}

// `20240101_add_user` says "add user".
Text message_of(Interpreter& in, std::string_view stem) {
  stem.remove_prefix(std::min(stem.find_first_of("_-."), stem.size()));
  // Parts of a stamp: `2024-03-05-120032-0000_x`.
  for (size_t end = 0; end != std::string_view::npos;) {
    const std::string_view part = stem.substr(std::min<size_t>(1, stem.size()));
    end = part.find_first_of("_-.");
    if (end == 0 || end == std::string_view::npos || !std::ranges::all_of(part.substr(0, end), is_digit)) {
      break;
    }
    stem.remove_prefix(end + 1);
  }
  std::string words(stem);
  std::ranges::replace_if(
      words, [](char c) { return c == '_' || c == '-'; }, ' ');
  const size_t begin = words.find_first_not_of(" .");
  return begin == std::string::npos ? Text{} : known(in.kept.copy(std::string_view(words).substr(begin)));
}

// Flyway applies those that can be repeated behind all others.
bool is_repeatable(std::string_view stem) { return stem.starts_with("R__"); }

// `2024-03-05-120032_x` is `20240305120032_x` where other names begin so.
std::string with_plain_stamp(std::string_view stem) {
  constexpr std::string_view stamp = "dddd-dd-dd-dddddd";
  const auto fits = [](char form, char c) { return form == 'd' ? is_digit(c) : c == form; };
  std::string text(stem);
  if (stem.size() >= stamp.size() && std::equal(stamp.begin(), stamp.end(), stem.begin(), fits)) {
    text.erase(10, 1).erase(7, 1).erase(4, 1);
  }
  return text;
}

bool begins_with_plain_stamp(std::string_view stem) {
  constexpr size_t length = 14;
  return stem.size() >= length && std::ranges::all_of(stem.substr(0, length), is_digit);
}

// Numbers as numbers: V2 before V10.
bool comes_before(std::string_view a, std::string_view b) {
  if (is_repeatable(a) != is_repeatable(b)) {
    return is_repeatable(b);
  }
  while (!a.empty() && !b.empty()) {
    if (!is_digit(a.front()) || !is_digit(b.front())) {
      // The version ends at a `_`, and V2 comes before V2.1.
      const auto rank = [](char c) { return c == '_' || c == '-' ? 0 : static_cast<unsigned char>(c); };
      if (rank(a.front()) != rank(b.front())) {
        return rank(a.front()) < rank(b.front());
      }
      a.remove_prefix(1);
      b.remove_prefix(1);
      continue;
    }
    const auto take = [](std::string_view& text) {
      const size_t end = std::min(text.find_first_not_of("0123456789"), text.size());
      std::string_view digits = text.substr(0, end);
      text.remove_prefix(end);
      digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
      return digits;
    };
    const std::string_view first = take(a), second = take(b);
    if (first != second) {
      return first.size() != second.size() ? first.size() < second.size() : first < second;
    }
  }
  return a.size() < b.size();
}

}  // namespace

bool is_sql_downgrade(std::string_view name) {
  return name == "down.sql" || name.ends_with(".down.sql") || (name.size() > 1 && name[0] == 'U' && is_digit(name[1]));
}

std::unique_ptr<Migration> read_sql_migration(File& file, const ReadOptions& options) {
  auto migration = std::make_unique<Migration>();
  migration->file = &file;
  migration->path = known(std::string_view(file.source.path));
  const std::string_view path = file.source.path;
  const std::string_view name = path.substr(path.rfind('/') + 1);
  const bool is_diesel = name == "up.sql" || name == "down.sql";
  const bool is_folder = is_diesel || name == "migration.sql";  // that is the migration
  const std::string_view folder = path.substr(0, path.size() - std::min(name.size() + 1, path.size()));
  const std::string_view stem = is_folder ? folder.substr(folder.rfind('/') + 1) : stem_of(name);
  migration->name = known(is_folder ? stem : name.substr(0, name.size() - std::min<size_t>(name.size(), 4)));
  const bool is_down = is_sql_downgrade(name);
  if (file.problem != FileProblem::none) {
    leave_unknown(*migration);
    migration->syntax_error = unknown<std::string_view>();
    return migration;
  }
  const std::string& text = file.source.text;
  Lists lists;
  Arena scratch;
  Interpreter in{text, options, file.arena, {scratch, text, 16u << 20}, lists};
  in.active = true;
  const Bare bare = strip(text);
  const CommentsFound comments = read_comments(text, bare.comments, sign, bare.first_code, file.arena);
  migration->comments = comments.comments;
  migration->waivers = comments.waivers;
  const std::vector<Section> sections = sections_of(text, bare, is_down ? Direction::downgrade : Direction::upgrade);
  read_sections(in, bare, sections, Direction::upgrade, is_diesel);
  const auto upgrade_count = static_cast<uint32_t>(lists.operations.size());
  read_sections(in, bare, sections, Direction::downgrade, is_diesel);
  migration->has_upgrade = true;
  migration->has_downgrade = lists.operations.size() > upgrade_count;
  migration->upgrade_raises = migration->downgrade_raises = known(false);
  // What undoes another file is no step of the history.
  migration->revision = is_down ? Text{} : known(stem);
  migration->message = message_of(in, stem);
  migration->span = {0, static_cast<uint32_t>(line_at(text, 0).size())};
  link(in, *migration, upgrade_count);
  group_tables(in, *migration);
  return migration;
}

bool has_parted_schemas(const Project& project) {
  std::string first;
  for (const auto& migration : project.migrations) {
    const std::string& text = migration->file->source.text;
    if (!may_have_placeholders(text)) {
      continue;
    }
    for (const Placeholder& placeholder : strip(text).placeholders) {
      if (placeholder.role == PlaceholderRole::schema) {
        first = first.empty() ? placeholder.text : first;
        if (first != placeholder.text) {
          return true;
        }
      }
    }
  }
  return false;
}

void order_sql_migrations(Project& project) {
  std::vector<Migration*> order;
  for (const auto& list : {&project.migrations, &project.base_migrations}) {
    for (const auto& migration : *list) {
      if (migration->revision.is_known()) {
        order.push_back(migration.get());
      }
    }
  }
  const bool has_stamps = std::ranges::any_of(
      order, [](const Migration* migration) { return begins_with_plain_stamp(migration->revision.value); });
  std::ranges::stable_sort(order, [&](const Migration* a, const Migration* b) {
    return has_stamps ? comes_before(with_plain_stamp(a->revision.value), with_plain_stamp(b->revision.value))
                      : comes_before(a->revision.value, b->revision.value);
  });
  const Migration* before = nullptr;  // of the last other revision
  for (size_t i = 0; i < order.size(); ++i) {
    if (i > 0 && order[i - 1]->revision.value != order[i]->revision.value) {
      before = order[i - 1];
    }
    if (before) {
      order[i]->parents = {project.arena.copy(std::span<const Text>(&before->revision, 1)), State::known, false};
    } else {
      order[i]->parents = {{}, State::known, false};
    }
  }
}

}  // namespace spiritsafe
