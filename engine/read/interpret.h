// SPDX-License-Identifier: Apache-2.0
// Follows upgrade() and downgrade() statement by statement, without running anything: which calls they make, with which
// arguments, under which conditions. Internal to engine/read.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "engine/python/tree.h"
#include "engine/read/constants.h"
#include "engine/read/dialects.h"
#include "engine/read/read.h"
#include "engine/read/signatures.h"

namespace spiritsafe {

struct SqlPlaces;

struct Binding {
  std::string_view name = {};
  PyValue* value = nullptr;  // nullptr: not bound (any more)
  uint32_t changed_in = 0;   // the undecided branch that assigned it last
};

// The names of a module, function or comprehension.
struct PyScope {
  PyScope* parent = nullptr;
  Binding* bindings = nullptr;
  uint32_t count = 0;
  uint32_t capacity = 0;
  uint32_t* table = nullptr;  // hash table over the bindings, once there are many
  uint32_t table_size = 0;
  std::span<const std::string_view> globals = {};
};

PyScope* make_scope(Maker& maker, PyScope* parent);
Binding* find_binding(const PyScope& scope, std::string_view name);
Binding& bind(Maker& maker, PyScope& scope, std::string_view name);

// How a block ends.
enum class Flow : uint8_t { normal, returned, raised, broken, continued };

// What an operation or step leads to, by position, until the lists are complete.
struct Links {
  uint32_t step = UINT32_MAX;
  uint32_t first = 0;  // of an operation its statements, of a step its operations
  uint32_t count = 0;
  bool has_sql = false;
  uint32_t statement = UINT32_MAX;  // of an operation written in SQL
};

// What one thread reuses from file to file.
struct Lists {
  std::vector<Operation> operations = {};
  std::vector<Links> operation_links = {};
  std::vector<Step> steps = {};
  std::vector<Links> step_links = {};
  std::vector<Statement> statements = {};
  std::vector<Argument> arguments = {};  // of the calls whose arguments are being evaluated
};

// The value that a name had before an undecided branch.
struct Assigned {
  PyScope* scope = nullptr;
  uint32_t index = 0;
  uint32_t changed_in = 0;
  PyValue* before = nullptr;
};

struct Interpreter {
  std::string_view text;
  const ReadOptions& options;
  Arena& kept;  // facts live here
  Maker maker;  // values live in an arena that dies with the reading
  Lists& lists;
  std::span<const Span> markers = {};
  PyScope* module = nullptr;
  PyScope* scope = nullptr;

  // of the direction that is being read
  bool active = false;  // not while the module's own statements run
  Direction direction = Direction::upgrade;
  bool open = false;        // there may be more operations than those read
  bool dispatches = false;  // calls upgrade_<database>() by a computed name
  uint32_t first_operation = 0;
  bool full = false;

  // where we stand
  uint32_t undecided = 0;             // conditions around
  Dialects dialects = every_dialect;  // the databases on which we can get here
  bool uncertain = false;             // behind a return, break or continue that may have happened
  bool autocommit = false;
  bool loop = false;
  bool helper = false;
  uint32_t without_steps = 0;  // in loops and helpers the calls are no steps of their own
  uint32_t step = UINT32_MAX;
  Span outer = {};       // helper: the call in upgrade() itself
  uint32_t pure = 0;     // inside the arguments of a call that is understood
  uint32_t testing = 0;  // inside the condition of an if
  const python::Node* statement_call = nullptr;
  std::vector<const python::Node*> calls = {};
  std::vector<PyValue*> returns = {};

  // bounds
  uint64_t budget = 0;
  uint32_t depth = 0;
  uint32_t rounds = 0;

  std::vector<Assigned> trail = {};
  uint32_t branch = 0;
  uint32_t last_branch = 0;
  std::vector<uint32_t> branches = {};           // the branch and those around it, the outermost first
  std::span<const uint32_t> branches_kept = {};  // as the last operation has them
  Span folded_span = {};
  std::string_view folded_text = {};
};

inline constexpr uint32_t deepest_call = 20;
inline constexpr uint32_t deepest_evaluation = 600;
inline constexpr uint32_t most_rounds = 1000;       // of one loop; of all loops ten times as many
inline constexpr uint32_t most_operations = 10000;  // of one direction

// ---- interpret.cc ----
Flow run(Interpreter& in, python::Sequence<python::Stmt*> statements);
void assign(Interpreter& in, const python::Expr& target, PyValue* value);
void assign_name(Interpreter& in, std::string_view name, PyValue* value);
// Runs what a function of the file says for these arguments; what it returns.
PyValue* call_function(Interpreter& in, const PyValue& function, std::span<const Argument> arguments, bool open,
                       Span span);
// A whole direction: a function with no arguments to be known.
Flow run_direction(Interpreter& in, const PyValue& function);

// ---- evaluate.cc ----
PyValue* evaluate(Interpreter& in, const python::Expr* expression);
PyValue* evaluate_call(Interpreter& in, const python::Call& call);
PyValue* attribute_of(Interpreter& in, PyValue& value, std::string_view name, Span span);

// ---- operations.cc: these add to the direction's operations ----
struct CallSite {
  Span span = {};
  std::string_view name = {};  // as Alembic calls it
  std::span<const Argument> arguments = {};
  bool open = false;        // there are more arguments, which could not be read
  bool open_names = false;  // among them some that are given by name
};
Operation& add_operation(Interpreter& in, OperationKind kind, const CallSite& site);
// More operations than anyone writes: the rest is not read.
bool is_full(Interpreter& in, const CallSite& site);
// The constraint that an operation of this kind makes; absent: none.
Fact<ConstraintKind> made_constraint(OperationKind kind, Span span);
PyValue* add_directive(Interpreter& in, const Directive& signature, const CallSite& site, const BatchBlock* batch);
void add_execute(Interpreter& in, const CallSite& site, ExecuteForm form, const Argument* sql);
// A method of a Session that changes rows; `query`: what it is called on, where that is a query of the session.
void add_orm_change(Interpreter& in, const CallSite& site, std::string_view method, const PyValue* query);
void add_enum(Interpreter& in, OperationKind kind, const CallSite& site, const PyValue& type);
// Table(…).create() and drop(): `table` is the call, or what create_table returned.
void add_table_change(Interpreter& in, OperationKind kind, const CallSite& site, const PyValue& table);
void add_plugin(Interpreter& in, const PluginOperation& plugin, const CallSite& site);
void add_unrecognised(Interpreter& in, const CallSite& site, std::string_view reason);
BatchBlock* read_batch(Interpreter& in, const CallSite& site);

// ---- columns.cc ----
bool is_call_of(const PyValue* value, std::string_view leaf);
Column read_column(Interpreter& in, const PyValue& call);
// false where the call makes no constraint.
bool read_constraint(Interpreter& in, const PyValue& call, Constraint& constraint);
// `String(length=5)`: the source of a type without its module.
Text type_text(Interpreter& in, const Argument* argument);
Fact<TypeFamily> type_family(const Argument* argument);
// Of a class of SQLAlchemy's or of its dialects; `other` where it is none that is listed.
Fact<TypeFamily> family_of_type(std::string_view leaf);
// What String(n) and Numeric(p, s) say of their size; absent for other types.
struct TypeSize {
  Number length = {};
  Number precision = {};
  Number scale = {};
};
TypeSize type_size(const Argument* argument);
// The call that makes the type: behind with_variant() and the like. nullptr where it is none.
const CallParts* type_call(const PyValue* value, std::string_view& leaf);
Text enum_name(Interpreter& in, const PyValue& type);
Texts enum_values(Interpreter& in, const CallParts& type);
Text sql_of_default(Interpreter& in, const Argument& argument);
// The SQL text of a string, text() or literal_column(); unknown for expressions.
Text sql_of_expression(Interpreter& in, const Argument& argument);

// ---- sql.cc ----
// A text that is SQL, with holes where a value is not known. Its statements are added to in.lists.statements, and what
// they amount to to the operations.
struct SqlSource {
  const PyValue* text = nullptr;
  bool parameters = false;  // colons mean bind parameters, `\:` an escaped colon
  Span span = {};
  const CallSite& site;
};
void read_sql(Interpreter& in, const SqlSource& source);
// Of a file of SQL: where its statements are, without the white space and comments around each; and one of them.
std::vector<Span> split_sql(const std::string& sql);
struct SqlTemplate {
  bool has_placeholders = false;  // holes, or nothing, stand in their place
  bool has_control = false;       // what it says depends on what a template decides
};
void read_sql_statement(Interpreter& in, const std::string& sql, const SqlPlaces& places, SqlTemplate of_template,
                        const CallSite& site);

// ---- facts from values (facts.cc) ----
std::string_view keep(Interpreter& in, std::string_view text);
Text text_fact(Interpreter& in, const Argument* argument);
Flag flag_fact(const Argument* argument);
Texts texts_fact(Interpreter& in, const Argument* argument);
Number number_fact(const Argument* argument);
const Argument* find_keyword(std::span<const Argument> arguments, std::string_view name);
// By name, or the `place`-th by place.
const Argument* find_argument(std::span<const Argument> arguments, std::string_view name, size_t place);
// The source with white space folded, at most 2,000 bytes.
std::string_view folded(Interpreter& in, Span span);
bool has_power(const PyValue* value);

}  // namespace spiritsafe
