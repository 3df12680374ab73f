// SPDX-License-Identifier: Apache-2.0
// A policy as it is judged by: rules compiled against the vocabulary, every `$name` replaced by its value, every path
// resolved to fields. load.h makes it; engine/judge evaluates it. Nothing in here can be wrong any more.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/facts/vocabulary.h"
#include "engine/text/glob.h"

namespace re2 {
class RE2;
}

namespace spiritsafe {

// A place in one of the policy's files (Policy::files).
struct PolicyPlace {
  uint16_t file = 0;
  uint32_t line = 0;  // from 1
  uint32_t column = 0;
};

enum class Level : uint8_t { off, advice, warn, approval, error };
enum class Scope : uint8_t { added, changed, all, repo };
// What becomes of an item about which a rule cannot tell.
enum class Undecided : uint8_t { ignore, advice, same };
std::string_view name_of(Level level);

// A regular expression that is compiled when it is first used (they were tried when the policy was checked), by any
// thread.
class Pattern {
 public:
  explicit Pattern(std::string text);
  const std::string& text() const { return text_; }
  const re2::RE2& compiled() const;

 private:
  std::string text_;
  struct Lazy;
  std::shared_ptr<Lazy> lazy_;
};

// Where a path begins: the item at hand, or an item with a name. Slot 0 is the judged item; `as:` makes the others.
struct Path {
  int slot = -1;                          // -1: the item at hand
  std::vector<const Field*> fields = {};  // all but the last lead to one item each; empty: the item itself
  std::string text = {};                  // as written, for explanations
};

struct Condition;

// Number of something: all bounds that are set must hold.
struct Range {
  std::optional<int64_t> equal = {}, less_than = {}, at_most = {}, more_than = {}, at_least = {};
};

// What a path's value is held against. Several operators in one map are an `all` of conditions on the same path.
struct Matcher {
  enum class Kind : uint8_t {
    equals,  // texts (any of them), number or boolean: `value` and `[value]`
    is_absent,
    is_present,
    is_known,
    is_unknown,
    same_as,  // other, optionally through a map
    matches,
    contains,
    starts_with,
    ends_with,      // text
    length,         // text: characters
    words,          // text, lower-cased and split at non-alphanumerics: `inner` on the list of words
    number,         // range
    includes,       // texts: texts[0] is among them
    size,           // texts, items: range
    same_items_as,  // texts: other, in any order
    duplicates,     // texts: boolean
    some,
    every,
    none,      // texts: `inner` on each; items: `block` on each
    count,     // items: range over those that hold `block`, distinct by `distinct`
    block,     // item: `block` on it
    all_of,    // inside some, every, none on texts: all `parts` hold
    negation,  // inside all_of: `inner` does not hold
  };
  Kind kind = Kind::equals;
  std::vector<std::string> texts = {};
  uint64_t small = 0;  // equals on a choice or boolean: the same as bits, by Field::small; 0: not made
  Range range = {};
  bool boolean = false;
  std::optional<Pattern> pattern = {};
  Path other = {};
  std::shared_ptr<const std::map<std::string, std::string>> through = {};
  std::shared_ptr<const Matcher> inner = {};
  bool inner_negated = false;  // `some: {not: …}` on texts
  std::shared_ptr<const Condition> block = {};
  std::optional<Path> distinct = {};
  std::vector<Matcher> parts = {};
  // some, every, none, count, block: the slot that holds the item at hand while `block` is asked about it (the block
  // may refer to it); after a `some` that holds, the slot keeps the first item that matched. -1: nobody refers to it.
  int slot = -1;
};

// A condition tree. `id` numbers the conditions of a rule, for coverage and explanations.
struct Condition {
  enum class Kind : uint8_t { all, any, negation, test };
  Kind kind = Kind::all;
  uint32_t id = 0;
  PolicyPlace place = {};
  std::vector<Condition> parts = {};     // all, any; negation has one
  std::vector<std::string> labels = {};  // any: {because}, one for each part; empty where the parts have none
  Path path = {};                        // test
  Matcher matcher = {};                  // test
  std::string text = {};                 // as one would write it in one line, for explanations: `kind = add_column`
};

// A text with placeholders. In code (`instead:`), `[[…]]` is left out where a value in it is absent.
struct Template {
  struct Piece {
    enum class Kind : uint8_t { literal, path, because };
    Kind kind = Kind::literal;
    std::string literal = {};
    Path path = {};
    std::string arguments = {};  // of `{text, unique=True}` in code: what the call gets besides its own
  };
  std::vector<Piece> pieces = {};
};

struct Exception {
  std::string label = {};
  Condition condition = {};
};

// A further place of a fix: what its pattern finds is replaced, or the text is put at the end of a function.
struct Replacement {
  std::optional<Pattern> pattern = {};
  std::optional<Direction> at_end_of = {};
  Template text = {};
};

struct Autofix {
  enum class Kind : uint8_t { insert, replace, remove };
  Kind kind = Kind::insert;
  bool safe = false;
  Template text = {};                       // insert, replace
  std::vector<std::string> anchors = {};    // insert: `import:sqlalchemy` or `last_import`, the first that is there
  bool before = false;                      // insert: as lines of code before the item in `slot`
  std::optional<Direction> at_end_of = {};  // insert: as the last lines of upgrade() or downgrade()
  std::optional<Path> each = {};            // insert at_end_of: a list, and the text once for each of its texts
  std::optional<Path> module = {};          // insert: behind the imports of another module than the item's own file
  std::optional<Pattern> pattern = {};      // replace: what of the line or item is replaced; absent: the captured item
  int slot = 0;                             // replace, remove, insert before: the captured item
  bool in_file = false;                     // replace: the pattern is looked for in the whole file
  std::vector<Replacement> also = {};       // replace: in the same place; insert: at the end of a function
};

// A message of Alembic, SQLAlchemy or PostgreSQL that this rule explains.
struct Signature {
  std::optional<Pattern> pattern = {};  // a literal text is a quoted pattern
  std::string text = {};                // as written
  std::string example = {};
};

// A text with `{group}` for what a named group of the signature's pattern found.
struct GroupText {
  struct Piece {
    std::string literal = {};
    std::string group = {};  // comes after the literal; empty: none
  };
  std::vector<Piece> pieces = {};
};

// A failure that is told by its message and that no rule explains as well: `diagnoses:` of a pack.
struct Diagnosis {
  std::string id = {};
  std::string pack = {};
  PolicyPlace place = {};
  GroupText title = {};
  GroupText why = {};
  GroupText fix = {};
  std::vector<std::string> links = {};
  std::vector<std::string> rules = {};  // that find it before it happens
  std::vector<Signature> signatures = {};
};

// A revision of an example's `history:`, `base:` or `incoming:`.
struct ExampleRevision {
  std::string revision = {};
  std::vector<std::string> parents = {};
  bool has_parents = false;                       // else it builds on the one before it
  std::map<std::string, std::string> parts = {};  // upgrade, downgrade, message, …
};

// One bad or good example, with the frame not yet put around it. Kept as written; judge/examples.h makes files of it.
struct Example {
  bool bad = false;
  PolicyPlace place = {};
  std::map<std::string, std::string> parts = {};  // upgrade, downgrade, message, head, docstring, model, line, in, …
  std::vector<std::string> parents = {};
  bool has_parents = false;
  std::map<std::string, std::string> files = {};
  std::vector<ExampleRevision> history = {};  // what the base has and the change leaves as it is
  std::vector<ExampleRevision> base_revisions =
      {};                                        // what the base had and the change has otherwise, or has not any more
  std::map<std::string, std::string> base = {};  // the same of other files, by path
  bool has_base = false;                         // `base:` was written as a map, or `was:`
  std::vector<ExampleRevision> incoming = {};    // what the base branch got meanwhile
  std::vector<std::pair<std::string, std::string>> facts = {};  // change, on_base, code_changed, …
  std::string says = {};
  int at = 0;  // line of the snippet; 0: not asked
  std::optional<std::string> becomes = {};
};

// A parameter of a rule with the value that this policy gives it; lists are joined by `, `. For lists and pages.
struct Parameter {
  std::string name = {};
  std::string help = {};
  std::string fallback = {};  // the rule's own default
  std::string value = {};
};

// A pack or file that sets something, for `policy explain`.
struct SetBy {
  std::string source = {};  // the pack or file
  PolicyPlace place = {};
  std::string text = {};  // what it says, in one line
};

// `level: off` rules are in the policy too: an override may turn one on, and lists show them.
struct Rule {
  std::string id = {};
  std::string pack = {};
  PolicyPlace place = {};
  std::string title = {};
  const Entity* entity = nullptr;
  Scope scope = Scope::added;
  Globs files = {};  // empty: all
  // The database that it speaks of: it is not asked in projects that are known to work with another one, nor about what
  // never runs on it (every_branch: about that as well). Empty: any.
  std::string dialect = {};
  bool every_branch = false;
  bool only_alembic = false;  // it is not asked in projects whose migrations are files of SQL
  Level level = Level::warn;
  std::optional<Level> floor = {};
  std::vector<std::string> approval_by = {};
  std::vector<std::string> approval_via = {};  // `review`, `label`; empty: either
  Undecided undecided = Undecided::ignore;     // default set from the level
  Condition where = {};                        // an empty `all` where there is none
  std::optional<Condition> require = {};
  std::vector<Exception> unless = {};
  Template message = {};
  int at_slot = 0;  // the item that the finding points to
  int slot_count = 1;
  uint32_t condition_count = 0;
  int case_index = -1;            // which row of `cases:`; a rule with cases is one Rule per row, all of one id
  std::string because = {};       // why a policy changed its level
  Level own_level = Level::warn;  // before any pack or file changed it
  std::vector<std::pair<std::string, Level>> level_changes = {};  // who set which level, in order
  std::string why = {};
  std::string fix = {};
  std::optional<Template> instead = {};  // the safe way, as code that a person can paste
  std::vector<std::string> links = {};
  std::optional<Autofix> autofix = {};
  std::vector<Signature> signatures = {};
  std::vector<Example> examples = {};  // only where the policy was loaded with examples
  std::vector<std::string> formerly = {};
  std::string status = {};  // draft, stable, deprecated; empty: stable
  std::vector<Parameter> parameters = {};
  std::vector<std::string> file_patterns = {};  // `files:` as written
  std::vector<std::string> tags = {};
  std::vector<std::string> changed_by = {};  // the packs and files that set something of it, in order
  std::vector<SetBy> steps = {};             // the same, with what each of them says
};

// Selects another level for some files, tables or projects; later ones win.
struct Override {
  Globs files = {};
  std::vector<std::string> tables = {};
  Globs projects = {};
  std::map<std::string, Level> levels = {};  // rule id → level
  std::map<std::string, std::string> because = {};
  std::string source = {};  // the pack or file that says it
  PolicyPlace place = {};
  std::string selects = {};  // as written: `files: [legacy/**]`
};

// An operation that a plugin registered, and what it amounts to.
struct KnownOperation {
  std::string name = {};  // `sync_enum_values`
  std::vector<OperationKind> amounts_to = {};
};

struct PolicySettings {
  std::vector<std::string> exclude = {};
  Globs exclude_globs = {};
  std::string start_after = {};
  std::vector<KnownOperation> known_operations = {};
  std::map<std::string, std::string> texts = {};               // any other setting: `postgres_version`
  std::map<std::string, std::vector<std::string>> lists = {};  // `large_tables`
  std::map<std::string, std::vector<SetBy>> steps = {};        // who set each of them, in order
};

// A statement that proves a row of effects, on a real server.
struct EffectExample {
  PolicyPlace place = {};
  std::string name = {};
  std::string setup = {};
  std::string sql = {};
  std::string op = {};  // the same as Alembic writes it; empty: it is no operation of Alembic's
};

// What a kind of operation or statement does to the database's traffic.
struct EffectRow {
  std::string id = {};
  PolicyPlace place = {};
  const Entity* entity = nullptr;  // operation or statement
  Condition where = {};
  int slot_count = 1;
  LockEffect effect = {};  // without `row` and what its locks block
  std::vector<EffectExample> examples = {};
};

struct Policy {
  std::string source = {};                   // `spiritsafe.yml` or `builtin:sqlmodel`
  std::string digest = {};                   // of everything that decides, 16 hex digits
  std::vector<std::string> files = {};       // paths, by PolicyPlace::file
  std::vector<std::string> packs = {};       // in the order they were loaded
  std::vector<Rule> rules = {};              // sorted by id, then row
  std::vector<Diagnosis> diagnoses = {};     // sorted by id
  std::vector<EffectRow> effects = {};       // in the order in which they are asked
  std::map<LockMode, Blocked> blocked = {};  // what waits for a lock
  Behaviours behaviours = {};                // of packages, by version; empty where no pack says it
  std::vector<Override> overrides = {};
  PolicySettings settings = {};
  std::map<std::string, std::string> frames = {};  // pack → what plain-string examples are put into
  std::string waivers_path = {};
  std::map<std::string, std::vector<std::string>> approvers =
      {};  // group → github:user, github:org/team, gitlab:user, label:name
};

}  // namespace spiritsafe
