// SPDX-License-Identifier: Apache-2.0
// What a call is: an operation of Alembic, raw SQL, a function of this file, a constructor, or something that nobody
// here knows.
#include <algorithm>

#include "engine/read/builtins.h"
#include "engine/read/interpret.h"

namespace spiritsafe {
namespace {

using python::Attribute;
using python::Call;
using python::Expr;
using python::Keyword;

template <size_t n>
bool one_of(std::string_view word, const std::string_view (&words)[n]) {
  return std::ranges::find(words, word) != std::end(words);
}

constexpr std::string_view executing[] = {"execute", "exec_driver_sql", "executemany", "scalar",
                                          "scalars", "executescript",   "exec"};
constexpr std::string_view logging[] = {"debug", "info", "warning", "warn", "error", "exception", "critical", "log"};
// Of statements and tables of SQLAlchemy: whatever they are called on, they change nothing by themselves.
constexpr std::string_view building[] = {"select",      "insert",   "update",      "delete",
                                         "where",       "values",   "join",        "outerjoin",
                                         "order_by",    "filter",   "select_from", "with_only_columns",
                                         "from_select", "group_by", "limit",       "distinct"};
constexpr std::string_view orm_changes[] = {
    "add", "add_all", "delete", "merge", "bulk_save_objects", "bulk_insert_mappings", "bulk_update_mappings"};

constexpr std::string_view harmless_of_context[] = {"begin_transaction", "configure", "get_current_heads",
                                                    "get_current_revision"};

// What is being called, with everything that is known of it.
struct CallContext {
  const Call& node;
  CallSite site;
  bool statement = false;  // nobody uses what it returns
};

PyValue* unknown_result(Interpreter& in, const CallContext& call, bool foreign = false) {
  PyValue* value = make_unknown(in.maker, {}, call.node.span);
  value->foreign = foreign;
  return value;
}

PyValue* make_kind(Interpreter& in, const CallContext& call, ValueKind kind) {
  return make_value(in.maker, kind, call.node.span);
}

PyValue* make_call(Interpreter& in, const CallContext& call, PyValue* callee, std::string_view method) {
  PyValue* value = make_kind(in, call, ValueKind::call);
  value->open = call.site.open;
  value->call = in.maker.arena.make<CallParts>(callee, method, call.site.arguments, call.site.open, call.node.span,
                                               call.node.func->span);
  return value;
}

// Names with dots between, and nothing else.
bool is_dotted(const Attribute& attribute) {
  const Expr* inner = attribute.value;
  while (const Attribute* next = python::as<Attribute>(inner)) {
    inner = next->value;
  }
  return inner->kind == python::NodeKind::Name;
}

// The function called as it is written.
std::string_view written_name(Interpreter& in, const Call& node) { return folded(in, node.func->span); }

bool given_power(const CallContext& call) {
  return std::ranges::any_of(call.site.arguments, [](const Argument& argument) { return has_power(argument.value); });
}

// Code that is not here may change the lists that it gets.
void open_arguments(const CallContext& call) {
  for (const Argument& argument : call.site.arguments) {
    if (argument.value->kind == ValueKind::list || argument.value->kind == ValueKind::dict ||
        argument.value->kind == ValueKind::set) {
      leave_open(*argument.value);
    }
  }
}

// A step that may do anything.
PyValue* not_understood(Interpreter& in, CallContext& call, std::string_view reason) {
  open_arguments(call);
  if (in.testing > 0 && !call.statement) {
    // A question about the database, most likely; but who knows what it does.
    in.open = in.open || in.active;
    return unknown_result(in, call, true);
  }
  if (in.active) {
    call.site.name = written_name(in, call.node);
    add_unrecognised(in, call.site, reason);
  }
  return unknown_result(in, call, true);
}

// What is not inlined here and below keeps the frames of nested calls small: files may nest hundreds of them.
[[gnu::noinline]] std::span<const Argument> evaluate_arguments(Interpreter& in, const Call& node, CallSite& site) {
  bool& open = site.open;
  // One stack for all calls that are being read: what is inside is taken off before what is outside goes on.
  std::vector<Argument>& stack = in.lists.arguments;
  const size_t base = stack.size();
  const auto add = [&](std::string_view name, PyValue* value, Span span) { stack.push_back({name, value, span}); };
  for (const Expr* expression : node.args) {
    const auto* starred = python::as<python::Starred>(expression);
    if (!starred) {
      add({}, evaluate(in, expression), expression->span);
      continue;
    }
    PyValue* sequence = iterate(in.maker, *evaluate(in, starred->value));
    open = open || !sequence || sequence->open;
    for (PyValue* item : sequence ? items_of(*sequence) : std::span<PyValue* const>{}) {
      add({}, item, item->span);
    }
  }
  for (const Keyword& keyword : node.keywords) {
    PyValue* value = evaluate(in, keyword.value);
    if (!keyword.arg.empty()) {
      add(keyword.arg, value, keyword.value->span);
      continue;
    }
    const bool dict = value->kind == ValueKind::dict;
    site.open_names = site.open_names || !dict || value->open;
    open = open || site.open_names;
    for (uint32_t i = 0; dict && i + 1 < value->count; i += 2) {
      if (is_text(value->items[i])) {
        add(value->items[i]->text, value->items[i + 1], value->items[i + 1]->span);
      } else {
        open = site.open_names = true;
      }
    }
  }
  const std::span<const Argument> arguments = in.maker.arena.copy(std::span<const Argument>(stack).subspan(base));
  stack.resize(base);
  return arguments;
}

// ---- Alembic -------------------------------------------------------------------------------------------------------

const PluginOperation* find_plugin(const Interpreter& in, std::string_view name) {
  const auto& plugins = in.options.plugin_operations;
  const auto found = std::ranges::find(plugins, name, &PluginOperation::name);
  return found == plugins.end() ? nullptr : &*found;
}

PyValue* call_directive(Interpreter& in, CallContext& call, std::string_view name, const BatchBlock* batch) {
  const Directive* signature = find_signature(name);
  if (signature && (!batch || !signature->batch_call.empty())) {
    call.site.name = batch ? signature->batch_call : signature->call;
    return add_directive(in, *signature, call.site, batch);
  }
  call.site.name = in.maker.arena.copy(std::string(batch ? "batch_op." : "op.").append(name));
  if (const PluginOperation* plugin = find_plugin(in, name)) {
    add_plugin(in, *plugin, call.site);
    return unknown_result(in, call);
  }
  add_unrecognised(in, call.site, "is no operation that is known");
  return unknown_result(in, call, true);
}

PyValue* call_op(Interpreter& in, CallContext& call, std::string_view name) {
  const auto& arguments = call.site.arguments;
  if (name == "f" || name == "inline_literal") {
    return arguments.empty() ? unknown_result(in, call) : name == "f" ? arguments[0].value : unknown_result(in, call);
  }
  if (name == "get_bind") {
    return make_kind(in, call, ValueKind::connection);
  }
  if (name == "get_context") {
    return make_kind(in, call, ValueKind::context);
  }
  if (name == "batch_alter_table") {
    PyValue* value = make_kind(in, call, ValueKind::batch);
    value->batch = read_batch(in, call.site);
    return value;
  }
  if (name == "run_async" || name == "invoke") {
    call.site.name = name == "invoke" ? "op.invoke" : "op.run_async";
    const PyValue* operation = arguments.empty() ? nullptr : arguments[0].value;
    if (name == "invoke" && is_call_of(operation, "ExecuteSQLOp")) {
      add_execute(in, call.site, ExecuteForm::other, find_argument(operation->call->arguments, "sqltext", 0));
    } else if (name == "run_async") {
      add_execute(in, call.site, ExecuteForm::other, nullptr);
    } else {
      add_unrecognised(in, call.site, "runs an operation object");
    }
    return unknown_result(in, call);
  }
  if (name == "register_operation" || name == "implementation_for") {
    return unknown_result(in, call);
  }
  return call_directive(in, call, name, nullptr);
}

PyValue* call_context(Interpreter& in, CallContext& call, std::string_view name) {
  if (name == "get_context") {
    return make_kind(in, call, ValueKind::context);
  }
  if (name == "get_bind") {
    return make_kind(in, call, ValueKind::connection);
  }
  if (name == "execute") {
    call.site.name = "context.execute";
    add_execute(in, call.site, ExecuteForm::other, find_argument(call.site.arguments, "sql", 0));
  }
  return unknown_result(in, call);
}

// ---- things that execute -------------------------------------------------------------------------------------------

PyValue* call_execute(Interpreter& in, CallContext& call, ExecuteForm form) {
  call.site.name = written_name(in, call.node);
  const auto positional =
      std::ranges::find_if(call.site.arguments, [](const Argument& argument) { return argument.name.empty(); });
  const Argument* sql = positional != call.site.arguments.end() ? &*positional : nullptr;
  static constexpr std::string_view names[] = {"statement", "clause", "sqltext", "object_", "sql"};
  for (size_t i = 0; i < std::size(names) && !sql; ++i) {
    sql = find_keyword(call.site.arguments, names[i]);
  }
  add_execute(in, call.site, form, sql);
  return unknown_result(in, call);
}

PyValue* call_connection(Interpreter& in, CallContext& call, std::string_view method) {
  static constexpr std::string_view same[] = {"connect",           "begin",           "begin_nested",
                                              "execution_options", "get_transaction", "get_bind"};
  if (one_of(method, executing)) {
    return call_execute(in, call, ExecuteForm::connection);
  }
  if (one_of(method, same)) {
    return make_kind(in, call, ValueKind::connection);
  }
  if (method == "run_sync" || method == "run_callable" || method == "transaction") {
    return not_understood(in, call, "calls a function that is not followed");
  }
  return unknown_result(in, call);
}

PyValue* call_session(Interpreter& in, CallContext& call, PyValue* session, std::string_view method) {
  if (one_of(method, executing)) {
    return call_execute(in, call, ExecuteForm::session);
  }
  if (one_of(method, orm_changes)) {
    call.site.name = written_name(in, call.node);
    add_orm_change(in, call.site, method, nullptr);
    return unknown_result(in, call);
  }
  if (method == "query") {
    return make_call(in, call, session, method);
  }
  if (method == "connection" || method == "get_bind") {
    return make_kind(in, call, ValueKind::connection);
  }
  return method == "begin" || method == "begin_nested" || method == "__enter__" ? session : unknown_result(in, call);
}

// The thing at the start of `users.update().where(…)`.
const PyValue* base_of(const PyValue* value) {
  while (value->kind == ValueKind::call && !value->call->method.empty()) {
    value = value->call->callee;
  }
  return value;
}

PyValue* call_on_unknown(Interpreter& in, CallContext& call, PyValue* receiver, std::string_view method);

PyValue* call_table(Interpreter& in, CallContext& call, PyValue* table, std::string_view method) {
  call.site.name = written_name(in, call.node);
  add_table_change(in, method == "create" ? OperationKind::create_table : OperationKind::drop_table, call.site, *table);
  return unknown_result(in, call);
}

// A method of what a constructor made, or of what a method of that returned.
PyValue* call_on_call(Interpreter& in, CallContext& call, PyValue* receiver, std::string_view method) {
  std::string_view leaf;
  const CallParts* made = type_call(receiver, leaf);
  if (made && (method == "create" || method == "drop") && (leaf == "Enum" || leaf == "ENUM")) {
    call.site.name = written_name(in, call.node);
    add_enum(in, method == "create" ? OperationKind::create_enum : OperationKind::drop_enum, call.site, *receiver);
    return unknown_result(in, call);
  }
  const bool makes = method == "create" || method == "drop";
  if (makes && is_call_of(receiver, "Table") && !receiver->foreign) {
    return call_table(in, call, receiver, method);
  }
  const PyValue* base = base_of(receiver);
  if (base->kind == ValueKind::session && (method == "update" || method == "delete")) {
    call.site.name = written_name(in, call.node);
    add_orm_change(in, call.site, method, receiver);
    return unknown_result(in, call);
  }
  if (receiver->foreign) {
    if (one_of(method, building) && !call.statement) {
      PyValue* value = make_call(in, call, receiver, method);
      value->foreign = true;
      return value;
    }
    if (call.statement && find_signature(method)) {
      return call_on_unknown(in, call, receiver, method);
    }
    if (call.statement && !one_of(method, logging)) {
      return one_of(method, executing) ? call_execute(in, call, ExecuteForm::other)
                                       : not_understood(in, call, "is defined elsewhere");
    }
    return one_of(method, executing) ? call_execute(in, call, ExecuteForm::other) : unknown_result(in, call, true);
  }
  // Of a MetaData, an Index or a Sequence; without a connection it is the one that the MetaData is bound to.
  const bool runs = makes || method == "create_all" || method == "drop_all";
  const bool of_sqlalchemy = base->kind == ValueKind::call && base->call->callee->kind == ValueKind::path &&
                             root_kind(*base->call->callee) == Root::sqlalchemy;
  if (runs && (given_power(call) || of_sqlalchemy)) {
    return not_understood(in, call, "changes the schema through an object");
  }
  if (one_of(method, executing) && call.statement) {
    return call_execute(in, call, ExecuteForm::other);
  }
  return make_call(in, call, receiver, method);
}

PyValue* call_on_unknown(Interpreter& in, CallContext& call, PyValue* receiver, std::string_view method) {
  if (one_of(method, executing) && (!call.site.arguments.empty() || call.statement)) {
    return call_execute(in, call, ExecuteForm::other);
  }
  // `helper.add_column(…)` of something that is not known: what else should it be.
  const Directive* signature = method == "execute" ? nullptr : find_signature(method);
  if (signature && call.statement && in.active) {
    static const BatchBlock nothing{unknown<std::string_view>(), unknown<std::string_view>(), {}, nullptr};
    if (!signature->batch_call.empty()) {
      return call_directive(in, call, method, &nothing);
    }
    return not_understood(in, call, "is not known");
  }
  if (one_of(method, building) && !call.statement && !given_power(call)) {
    PyValue* value = make_call(in, call, receiver, method);
    value->foreign = receiver->foreign;
    return value;
  }
  const bool runs = method == "create_all" || method == "drop_all";
  if (runs || given_power(call) || (receiver->foreign && call.statement && !one_of(method, logging))) {
    return not_understood(in, call, receiver->foreign ? "is defined elsewhere" : "is not known");
  }
  return unknown_result(in, call, receiver->foreign);
}

[[gnu::noinline]] PyValue* call_method(Interpreter& in, CallContext& call, PyValue* receiver, std::string_view method) {
  switch (receiver->kind) {
    case ValueKind::batch:
      if (method == "f") {
        return call.site.arguments.empty() ? unknown_result(in, call) : call.site.arguments[0].value;
      }
      return call_directive(in, call, method, receiver->batch);
    case ValueKind::connection:
      return call_connection(in, call, method);
    case ValueKind::session:
      return call_session(in, call, receiver, method);
    case ValueKind::context:
      if (method == "autocommit_block") {
        return make_kind(in, call, ValueKind::autocommit);
      }
      if (method == "execute" || method == "_exec") {
        return call_execute(in, call, ExecuteForm::other);
      }
      // Alembic's own implementation behind op.*, which takes other arguments.
      if (find_signature(method) || (call.statement && !one_of(method, harmless_of_context))) {
        return not_understood(in, call, "is called on what is behind op");
      }
      return unknown_result(in, call);
    case ValueKind::text:
      return call_text_method(in.maker, *receiver, method, call.site.arguments, call.node.span);
    case ValueKind::list:
    case ValueKind::tuple:
    case ValueKind::set:
    case ValueKind::dict: {
      // `functions.get("upgrade")()` and the like are not followed, the containers themselves are.
      return call_container_method(in.maker, *receiver, method, call.site.arguments, call.node.span);
    }
    case ValueKind::call:
      return call_on_call(in, call, receiver, method);
    case ValueKind::table:
      return method == "create" || method == "drop" ? call_table(in, call, receiver, method)
                                                    : make_call(in, call, receiver, method);
    case ValueKind::class_of_file:
      return call.statement || given_power(call) ? not_understood(in, call, "is a method of a class")
                                                 : unknown_result(in, call, true);
    case ValueKind::dialect_name:
      return call_dialect_method(in.maker, *receiver, method, call.site.arguments, call.node.span);
    case ValueKind::globals:
    case ValueKind::dispatcher:
      if (method == "get" && !call.site.arguments.empty()) {
        return subscript(in.maker, *receiver, *call.site.arguments[0].value, call.node.span);
      }
      return unknown_result(in, call);
    default:
      return call_on_unknown(in, call, receiver, method);
  }
}

// ---- functions of modules ------------------------------------------------------------------------------------------

PyValue* call_builtin_name(Interpreter& in, CallContext& call, std::string_view name) {
  const auto& arguments = call.site.arguments;
  if (name == "globals" || name == "locals" || name == "vars") {
    return make_kind(in, call, ValueKind::globals);
  }
  if (name == "str" && arguments.size() == 1 && arguments[0].value->kind == ValueKind::dialect_name) {
    return arguments[0].value;
  }
  if (name == "getattr" && arguments.size() >= 2 && is_text(arguments[1].value)) {
    return attribute_of(in, *arguments[0].value, arguments[1].value->text, call.node.span);
  }
  if (name == "getattr" && has_power(arguments.empty() ? make_unknown(in.maker, {}, {}) : arguments[0].value)) {
    return unknown_result(in, call, true);
  }
  if (name == "eval" && arguments.size() == 1) {
    PyValue* globals = make_kind(in, call, ValueKind::globals);
    PyValue* function = subscript(in.maker, *globals, *arguments[0].value, call.node.span);
    if (function->kind == ValueKind::dispatcher) {
      in.dispatches = in.active;
      return function;
    }
  }
  if (name == "exec" || name == "eval") {
    return not_understood(in, call, "runs computed code");
  }
  if (!call.site.open) {
    if (PyValue* value = call_builtin(in.maker, name, arguments, call.node.span)) {
      return value;
    }
  }
  if (given_power(call) && name != "isinstance" && name != "hasattr" && name != "print" && name != "getattr" &&
      name != "callable" && name != "repr" && name != "str" && name != "type" && name != "id") {
    return not_understood(in, call, "is given the database");
  }
  return unknown_result(in, call);
}

PyValue* call_sqlalchemy(Interpreter& in, CallContext& call, PyValue* callee) {
  const std::string_view leaf = leaf_of(*callee);
  if (leaf == "Session" || leaf == "AsyncSession") {
    return make_kind(in, call, ValueKind::session);
  }
  if (leaf == "conv" || leaf == "quoted_name") {
    return call.site.arguments.empty() ? unknown_result(in, call) : call.site.arguments[0].value;
  }
  if (leaf == "inspect" || leaf == "reflection" || callee->rest.ends_with("Inspector.from_engine")) {
    return unknown_result(in, call);
  }
  if (leaf == "create_engine") {
    return make_kind(in, call, ValueKind::connection);
  }
  return make_call(in, call, callee, {});
}

// A function of code that is not here.
PyValue* call_foreign(Interpreter& in, CallContext& call, PyValue* callee) {
  const std::string_view leaf = leaf_of(*callee);
  if (leaf == "Session" && given_power(call)) {
    return make_kind(in, call, ValueKind::session);
  }
  if (one_of(leaf, executing) && !call.site.arguments.empty()) {
    return call_execute(in, call, ExecuteForm::other);
  }
  if (call.statement && one_of(leaf, logging)) {
    return unknown_result(in, call);
  }
  const bool reads = std::ranges::find(in.options.reading_functions, leaf) != in.options.reading_functions.end();
  if (!reads && in.pure == 0 && (call.statement || given_power(call))) {
    return not_understood(in, call, "is defined elsewhere");
  }
  // By custom a class: it makes a type or a value.
  const bool constructor = !leaf.empty() && leaf.front() >= 'A' && leaf.front() <= 'Z';
  // What a package outside of the project computes from nothing of the database's changes nothing in it.
  // A name without a dot is bound by nothing here: a star import may have brought it.
  const bool own = root_of(*callee).empty() || full_path(in.maker, *callee).find('.') == std::string_view::npos ||
                   std::ranges::find(in.options.local_packages, root_of(*callee)) != in.options.local_packages.end();
  in.open = in.open || (in.active && in.pure == 0 && !constructor && own && !reads);
  open_arguments(call);
  PyValue* value = make_call(in, call, callee, {});
  value->foreign = true;
  return value;
}

PyValue* call_path(Interpreter& in, CallContext& call, PyValue* callee) {
  const Root kind = root_kind(*callee);
  if (kind == Root::sqlalchemy) {
    return call_sqlalchemy(in, call, callee);
  }
  if (kind == Root::alembic) {
    if (const std::string_view name = path_after(*callee, "alembic.op"); !name.empty()) {
      return call_op(in, call, name);
    }
    if (const std::string_view name = path_after(*callee, "alembic.context"); !name.empty()) {
      return call_context(in, call, name);
    }
    return make_call(in, call, callee, {});  // operation objects, which `op.invoke` would run
  }
  const std::string_view root = root_of(*callee);
  if (callee->rest.empty() && is_builtin(callee->text)) {
    return call_builtin_name(in, call, callee->text);
  }
  if (path_is(*callee, "textwrap.dedent") || path_is(*callee, "inspect.cleandoc")) {
    return call.site.arguments.empty() ? unknown_result(in, call)
                                       : dedent(in.maker, *call.site.arguments[0].value, call.node.span);
  }
  if (path_is(*callee, "os.system") || path_is(*callee, "importlib.import_module")) {
    return call.statement ? not_understood(in, call, "is not followed") : unknown_result(in, call, true);
  }
  if (is_harmless_module(root)) {
    return given_power(call) ? not_understood(in, call, "is given the database") : unknown_result(in, call);
  }
  return call_foreign(in, call, callee);
}

[[gnu::noinline]] PyValue* call_value(Interpreter& in, CallContext& call, PyValue* callee) {
  switch (callee->kind) {
    case ValueKind::path:
      return call_path(in, call, callee);
    case ValueKind::function:
      return call_function(in, *callee, call.site.arguments, call.site.open, call.node.span);
    case ValueKind::dispatcher:
      in.dispatches = in.active;
      return unknown_result(in, call);
    case ValueKind::class_of_file: {
      PyValue* value = make_call(in, call, callee, {});
      value->foreign = true;
      return value;
    }
    case ValueKind::call:
      if (is_call_of(callee, "sessionmaker") || is_call_of(callee, "scoped_session") ||
          is_call_of(callee, "async_sessionmaker")) {
        return make_kind(in, call, ValueKind::session);
      }
      [[fallthrough]];
    default:
      if (call.statement || given_power(call)) {
        return not_understood(in, call, "is not known");
      }
      in.open = in.open || (in.active && in.pure == 0);
      return unknown_result(in, call, true);
  }
}

}  // namespace

PyValue* evaluate_call(Interpreter& in, const Call& node) {
  const bool statement = in.statement_call == &node;
  const python::Node* outer_call = in.statement_call;
  in.statement_call = nullptr;
  // `op.add_column` is a path; in `op.get_bind().execute` there is an object, of which a method is called.
  const Attribute* attribute = python::as<Attribute>(node.func);
  PyValue* callee = !attribute || is_dotted(*attribute) ? evaluate(in, node.func) : nullptr;
  PyValue* receiver = nullptr;
  if (attribute && (!callee || callee->kind != ValueKind::path)) {
    receiver = evaluate(in, attribute->value);
    if (receiver->kind == ValueKind::path) {
      callee = attribute_of(in, *receiver, attribute->attr, node.func->span);
      receiver = nullptr;
    }
  }
  const bool understood = !receiver && callee->kind == ValueKind::path && root_kind(*callee) != Root::other;
  in.pure += understood || (receiver && receiver->kind == ValueKind::batch) ? 1 : 0;
  CallContext call{node, {node.span}, statement};
  call.site.arguments = evaluate_arguments(in, node, call.site);
  in.pure -= understood || (receiver && receiver->kind == ValueKind::batch) ? 1 : 0;
  PyValue* result = receiver ? call_method(in, call, receiver, attribute->attr) : call_value(in, call, callee);
  in.statement_call = outer_call;
  return result;
}

}  // namespace spiritsafe
