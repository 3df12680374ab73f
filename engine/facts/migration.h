// SPDX-License-Identifier: Apache-2.0
// What can be known of one migration. Plain data: a reader fills it, `link` sets the pointers back, and from then on
// nobody changes it. Texts and lists are views into the arena of the file (project.h).
#pragma once

#include "engine/facts/kinds.h"
#include "engine/facts/locks.h"
#include "engine/facts/schema.h"
#include "engine/facts/value.h"

namespace spiritsafe {

struct File;
struct Migration;
struct ModelField;
struct Operation;
struct Project;
struct Step;

// Column(…) of an operation, a model or SQL's column definition.
struct Column {
  Span span = {};
  Text name = {};
  Text type = {};  // as written, without the module: `String(length=5)`
  Fact<TypeFamily> type_family = {};
  Text type_name = {};  // the name of an enum type: `status` of sa.Enum(…, name="status")
  Texts enum_values = {};
  Number length = {};     // of String(n)
  Number precision = {};  // of Numeric(p, s)
  Number scale = {};
  Flag nullable = {};        // SQLAlchemy's default applied: true, unless it is a primary key
  Text server_default = {};  // its SQL text; FetchedValue counts as unknown; Identity and Computed do not count
  Flag identity = {};
  Flag identity_always = {};  // GENERATED ALWAYS, not BY DEFAULT; absent where it is no identity
  Flag computed = {};
  Text computed_as = {};     // the SQL text of Computed(…)
  Text python_default = {};  // `default=`, as written
  Flag primary_key = {};
  Flag autoincrement = {};  // absent where not written or `auto`
  Flag unique = {};
  Flag index = {};
  Text foreign_key = {};       // `table.column` of an inline ForeignKey
  Text foreign_key_name = {};  // likewise
  Text ondelete = {};          // of that ForeignKey
  Text onupdate = {};          // likewise
  Flag deferrable = {};        // likewise; absent where not written
  Text initially = {};         // likewise: `DEFERRED`, `IMMEDIATE`
  Flag use_alter = {};         // likewise: a create_table does not make it then
  Flag check = {};             // an inline CheckConstraint
  Text comment = {};
  Flag nullable_written = {};    // true where `nullable=` stands in the text
  Flag create_type = {};         // of Enum and ENUM; absent where not written
  Texts arguments = {};          // the names of what is written: `nullable`, `ForeignKey`, `index`
  Texts unknown_arguments = {};  // keywords that SQLAlchemy's Column does not know
  const Operation* operation = nullptr;
  const ModelField* model_field = nullptr;  // that asks for it; set where models are read, of migrations of a change
};

// A constraint inside create_table, or the constraint that a create_* operation makes.
struct Constraint {
  Span span = {};
  Fact<ConstraintKind> kind = {};
  Text name = {};  // absent: unnamed
  Texts columns = {};
  Text referent_table = {};
  Text referent_schema = {};
  Texts referent_columns = {};
  Text ondelete = {};
  Text onupdate = {};
  Flag deferrable = {};  // of a foreign key; absent where not written
  Text initially = {};   // likewise: `DEFERRED`, `IMMEDIATE`
  Flag use_alter = {};   // of a foreign key: a create_table does not make it then
  Text condition = {};
  const Operation* operation = nullptr;
};

// One SQL statement of an execute operation, as PostgreSQL's parser sees it.
struct Statement {
  Span span = {};
  Text text = {};
  Text kind = {};  // `create_index`, `alter_table`, `update`, …; unknown where it does not parse
  Fact<StatementClass> statement_class = {};
  Text table = {};  // the first table named
  Text schema = {};
  Texts tables = {};
  Flag concurrently = {};
  Flag if_exists = {};                         // IF EXISTS or IF NOT EXISTS
  Flag has_where = {};                         // of UPDATE and DELETE: one that asks for something of the rows
  Texts columns = {{}, State::absent, false};  // of UPDATE: what it sets
  Flag cascade = {};
  Text setting = {};       // the name in SET name
  Flag local = {};         // SET LOCAL
  Text syntax_error = {};  // what PostgreSQL's parser says; absent where it parses or was not tried
  // All that it changes of tables, columns, constraints, indexes, enum types, sequences, schemas and names of views is
  // told by the operations that it amounts to, if any.
  bool is_told = false;
  const Operation* operation = nullptr;
  const Migration* migration = nullptr;
};

// One change to the schema or the data, however it is written: op.x(…), batch_op.x(…), an index=True inside a Column.
struct Operation {
  Span span = {};
  OperationKind kind = OperationKind::unrecognised;
  Direction direction = Direction::upgrade;
  WrittenAs written_as = WrittenAs::alembic;
  uint32_t position = 0;  // index in its direction's list
  Text call = {};         // the name called, as Alembic calls it: `op.add_column`, `batch_op.f`
  Text text = {};         // the source of the call, white space folded
  Text table = {};
  Text schema = {};
  Text target = {};    // what is made, changed or dropped: the column, index, constraint, type; for tables the table
  Text new_name = {};  // rename_table, alter_column(new_column_name=…)
  Texts columns = {};  // of an index or constraint; an expression is unknown
  Flag columns_are_text = {};  // columns were given as one string instead of a list
  Flag unique = {};
  Flag concurrently = {};  // absent where not written
  Flag if_exists = {};
  Flag if_not_exists = {};
  Flag not_valid = {};
  Flag nullable = {};  // alter_column: the new one; absent where it does not change
  Text type = {};      // alter_column: the new type
  Fact<TypeFamily> type_family = {};
  Text type_name = {};    // alter_column: the name of the new type, where it is an enum
  Number length = {};     // alter_column: of the new String(n)
  Number precision = {};  // of the new Numeric(p, s)
  Number scale = {};
  Text existing_type = {};
  Fact<TypeFamily> existing_type_family = {};
  Number existing_length = {};
  Number existing_precision = {};
  Number existing_scale = {};
  // What of the size gets smaller: `length`, `digits` (those before the point), `scale`. Absent where the two types are
  // not of one kind, texts or numerics, or one of them is not written.
  Texts shrinks = {{}, State::absent, false};
  Flag existing_nullable = {};
  Text server_default = {};  // alter_column: the new one; `drops_server_default` says that None was written
  Flag drops_server_default = {};
  Text using_expression = {};  // postgresql_using
  Text comment = {};
  Flag drops_comment = {};  // alter_column(comment=None)
  Text referent_table = {};
  Text referent_schema = {};
  Texts referent_columns = {};
  Text ondelete = {};
  Text onupdate = {};
  Flag deferrable = {};                       // of a foreign key; absent where not written
  Text initially = {};                        // likewise: `DEFERRED`, `IMMEDIATE`
  Text condition = {};                        // of a check constraint, postgresql_where of an index
  Fact<ConstraintKind> constraint_kind = {};  // drop_constraint's type_, or what a create_* makes
  Text recreate = {};                         // batch_alter_table(recreate=…) that it stands in
  Flag create_type = {};                      // sa.Enum(create_type=…)
  // Of the enum type that it makes, or that the column which it adds or changes gets: the values, in order.
  Texts enum_values = {};
  Texts unknown_arguments = {};       // keywords that no Alembic version knows for this operation
  Texts positional_arguments = {};    // optional parameters given by place, keyword-only since Alembic 1.11
  Texts missing_arguments = {};       // required parameters that were not given
  List<Column> new_columns = {};      // create_table, add_column
  Texts column_names = {};            // create_table: the names of its columns
  List<Constraint> constraints = {};  // create_table's own
  Text using_index = {};              // ADD CONSTRAINT … UNIQUE USING INDEX
  Flag temporary = {};                // CREATE TEMPORARY TABLE
  Flag partitioned = {};              // create_table: it has PARTITION BY; absent where not written
  Flag special_index = {};            // create_index: no b-tree of columns in their own order; else absent
  Flag cascade = {};                  // DROP … CASCADE
  // Of an operation written in SQL: where it was read. The execute that runs it stands before it, and has it, too.
  const Statement* statement = nullptr;
  // execute
  Fact<ExecuteForm> execute_form = {};
  Fact<SqlText> sql_form = {};
  Text sql_text = {};
  List<Statement> sql = {};
  Text unescaped_parameter = {};  // `:name` that text() turns into a bind parameter, with no value bound to it
  // where it stands
  bool implicit = false;  // made by index=True or unique=True or ForeignKey inside a Column
  bool batch = false;
  Number batch_position = {};  // its place in its batch block, from 1
  // The databases that it can run on, where the control flow around it says so: names of SQLAlchemy's dialects, and
  // `other` for those that are not named in kinds of their own (engine/read/dialects.h).
  Texts dialects = {{}, State::absent, false};
  bool autocommit = false;  // inside autocommit_block()
  // The undecided branches around it, the outermost first, each by a number of its own.
  std::span<const uint32_t> branches = {};
  bool conditional = false;  // inside an if, try or while that could not be decided
  bool loop = false;         // inside a for or while
  bool helper = false;       // in a function that upgrade() or downgrade() calls
  bool in_markers = false;
  Text dynamic = {};             // what could not be known, and why; absent where all is known
  Number comment_distance = {};  // lines between it and the nearest own comment above it in its function; 0 beside it
  const Step* step = nullptr;
  const Migration* migration = nullptr;
};

// A call or statement as written, in order, with the operations that it amounts to.
struct Step {
  Span span = {};
  Direction direction = Direction::upgrade;
  Text call = {};
  Text text = {};
  bool in_markers = false;
  bool control_flow = false;  // an if, for, while, try or assignment rather than a call
  std::span<const Operation> operations = {};
  const Migration* migration = nullptr;
};

struct Import {
  Span span = {};
  Text module = {};  // `sqlalchemy.dialects`
  Text name = {};    // from module import name; absent in `import module`
  Text binds = {};   // the name that it makes
  ImportPlace place = ImportPlace::module;
  bool local = false;  // the module is part of the project itself
  Texts after = {};    // the modules imported before it at module level
  const Migration* migration = nullptr;
};

// A name that is loaded, with the attributes behind it.
struct Use {
  Span span = {};
  Text text = {};     // `sqlmodel.sql.sqltypes.AutoString`
  Text root = {};     // `sqlmodel`
  bool bound = true;  // something in the file, its functions or Python's builtins binds the root
  const Migration* migration = nullptr;
};

struct Comment {
  Span span = {};
  Text text = {};  // without the `#` and the white space around
  CommentKind kind = CommentKind::own;
  uint32_t line = 0;
  bool trailing = false;  // behind code on the same line
  const Migration* migration = nullptr;
};

// An inline waiver, `# spiritsafe: allow RULE until DATE -- reason`, as written.
struct InlineWaiver {
  Span span = {};
  uint32_t line = 0;         // the line it stands on
  uint32_t covers_line = 0;  // the code line it speaks of: its own, or the next one with code; 0: the whole file
  std::string_view rule = {};
  std::string_view until = {};  // YYYY-MM-DD
  std::string_view reason = {};
  std::string_view mistake = {};  // why it is malformed; empty where it is well formed
};

// A waiver as it was judged, inline or not. Made when everything else has been judged, since only then it is known
// whether it was needed.
struct Waiver {
  Span span = {};
  Text rule = {};  // as written; absent where it names none
  Text until = {};
  Text reason = {};
  Text mistake = {};  // why it waives nothing; absent where it is well formed
  bool expired = false;
  Flag used = {};  // something was waived by it, or would be had it not expired; unknown where not all was judged
  bool rule_known = false;               // the policy has the rule, perhaps under a later name
  const Migration* migration = nullptr;  // nullptr: it stands in the team's waiver file
  const File* file = nullptr;
};

struct Migration {
  const File* file = nullptr;
  Span span = {};  // where to point when the whole migration is meant: its docstring or first line
  Text path = {};
  Text name = {};  // the file name without .py
  Text revision = {};
  Texts parents = {};  // down_revision; empty for None; state absent where the variable is missing
  Texts branch_labels = {};
  Texts depends_on = {};
  Text docstring = {};
  Text late_docstring = {};   // a string with the header in it that stands below code, where Python sees no docstring
  Text message = {};          // the docstring's first paragraph, as Alembic reads it
  Text header_revision = {};  // `Revision ID:` of the docstring
  Texts header_parents = {};  // `Revises:` of the docstring
  Text header_create_date = {};
  Number docstring_paragraphs = {};  // apart from the message and the header
  Text syntax_error = {};            // absent where the file parses
  bool has_upgrade = false;
  bool has_downgrade = false;
  Flag upgrade_raises = {};  // its body only raises
  Flag downgrade_raises = {};
  bool autogenerated = false;  // both marker comments in upgrade() or downgrade()
  List<Operation> upgrade = {};
  List<Operation> downgrade = {};
  List<Step> steps = {};  // of upgrade(), then of downgrade()
  List<Statement> statements = {};
  List<Import> imports = {};
  List<Use> uses = {};
  List<Comment> comments = {};
  Texts tables = {};        // the tables that upgrade() touches
  Texts tables_named = {};  // those of them that the message names (case, plural, snake_case and CamelCase folded)
  // The same in groups, `a, b`: linked by foreign keys of this migration and, after the replay, by what the schema
  // links.
  Texts table_groups = {};
  // From the first statement of the function to the end of its last one; empty where it is not defined once at the top,
  // or ends in what nothing can stand behind.
  Span upgrade_body = {};
  Span downgrade_body = {};
  std::span<const InlineWaiver> waivers = {};
  // Hex digits of its code without comments, docstrings and layout (engine/read/digest.h); the second one also without
  // the statement that sets down_revision. Absent where nobody asked for them.
  Text code_digest = {};
  Text body_digest = {};

  // What only the whole history can tell: link_history of engine/schema sets it. Of the graph that the base's tip and
  // the change make together; without a base of what is here.
  Flag is_head = {};            // nothing has it as its down_revision
  Flag is_effective_head = {};  // … nor depends on it
  Flag is_base = {};
  Flag is_merge_point = {};
  List<const Migration*> children = {};
  Texts missing_parents = {};  // what no file has: of down_revision, and of depends_on what is no label either
  List<const Migration*> same_revision = {};  // other files with its revision id
  Text duplicate_of = {};  // path of the first of them: of what the base has, else by path; absent for that one itself
  Flag in_cycle = {};
  Texts cycle = {};                    // the revisions around; only at the first of them by path
  Texts label_taken = {};              // those of its branch_labels that an earlier file or a revision id has already
  Text main_base = {};                 // of a base that is one too many: the base that the rest of its folder builds on
  Texts redundant_parents = {};        // of a merge: parents that other parents build on anyway
  const Migration* on_base = nullptr;  // the same revision as the merge base has it
  Flag code_changed = {};              // its code is not that of on_base, its place in the history aside
  Flag reparented = {};                // its down_revision or depends_on is not that of on_base
  Texts parents_on_base = {};          // down_revision of on_base
  Texts new_parents = {};              // of down_revision: revisions that the base has not
  Texts stale_parents = {};            // of a new revision: parents that the base has built on since
  Text rebase_onto = {};               // of a new revision with one stale parent: the base's only head above that
  Texts inserted_before = {};          // of a new revision: those of the base that build on it now
  Texts conflicts = {};  // `table.column` that this and a revision of the base, which it does not build on, both change
  Texts conflicting = {};  // those revisions
  // By the replay, in the order of the operations; empty where it was not done.
  std::span<const SchemaEffect> upgrade_effects = {}, downgrade_effects = {};
  // By the policy's rows of effects, in the order of the operations and statements; empty where they were not asked.
  std::span<const LockEffect> upgrade_locks = {}, downgrade_locks = {}, statement_locks = {};
  // What downgrade() does not undo of upgrade(), "column `a.b` is left over". Absent where there is nothing to compare.
  Texts asymmetry = {{}, State::absent, false};
  Texts types_left_over = {{}, State::absent, false};  // likewise enum types, by their names
  Text expected_name = {};     // its name by file_template, without .py; unknown where a part of it is not known
  Flag follows_template = {};  // its name could be one that file_template gives, whatever message and date were
};

// The heads that one branch label leads to. Heads without a label: those of one lineage, each a branch.
struct Branch {
  Span span = {};
  Text label = {};
  List<const Migration*> heads = {};  // those that the base has first, then by path
  Texts head_places = {};             // `ae10 (versions/ae10_x.py)`, with `, from the base` where it has it
  Text head_ids = {};                 // `ae10 b2c3`, as `alembic merge` takes them
  Number new_heads = {};              // how many of them the base has not
  const Migration* at = nullptr;      // where to point: the last head that is here
  const Project* project = nullptr;
};

// A revision file of the merge base that the change touches.
struct BaseMigration {
  Span span = {};
  const Migration* was = nullptr;
  const Migration* now = nullptr;  // the file that has its revision now
  Flag deleted = {};               // no file has it any more
  const File* file = nullptr;
};

}  // namespace spiritsafe
