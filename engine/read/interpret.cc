// SPDX-License-Identifier: Apache-2.0
#include "engine/read/interpret.h"

#include <algorithm>

#include "engine/python/visit.h"

namespace spiritsafe {
namespace {

using namespace python;

constexpr uint32_t linear_limit = 12;
constexpr std::string_view in_a_loop = "is computed in a loop";
constexpr std::string_view by_condition = "depends on a condition";
constexpr std::string_view too_much = "is too much to follow";

size_t hash_of(std::string_view name) {
  size_t hash = 1469598103934665603u ^ name.size();
  for (const char c : name) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
  }
  return hash;
}

void add_to_table(PyScope& scope, uint32_t index) {
  for (size_t at = hash_of(scope.bindings[index].name);; ++at) {
    uint32_t& place = scope.table[at & (scope.table_size - 1)];
    if (place == 0) {
      place = index + 1;
      return;
    }
  }
}

void grow_table(Maker& maker, PyScope& scope) {
  scope.table_size = scope.capacity * 2;
  const std::vector<uint32_t> empty(scope.table_size, 0);
  scope.table = maker.arena.copy(empty).data();
  for (uint32_t i = 0; i < scope.count; ++i) {
    add_to_table(scope, i);
  }
}

void set_binding(Interpreter& in, PyScope& scope, std::string_view name, PyValue* value) {
  Binding& binding = bind(in.maker, scope, name);
  if (in.branch != 0 && binding.changed_in != in.branch) {
    in.trail.push_back({&scope, static_cast<uint32_t>(&binding - scope.bindings), binding.changed_in, binding.value});
    binding.changed_in = in.branch;
  }
  binding.value = value;
}

// ---- undecided branches --------------------------------------------------------------------------------------------

// What a branch made of a name.
struct Outcome {
  PyScope* scope = nullptr;
  uint32_t index = 0;
  PyValue* before = nullptr;
  PyValue* after = nullptr;
};

// Several ways on, of which one is taken; nobody knows which. Afterwards a name has a value only where all ways agree.
struct Branches {
  Interpreter& in;
  std::vector<Outcome> outcomes = {};
  uint32_t ways = 0;         // that go on behind
  uint32_t left = 0;         // that left by return, break or continue
  Flow flow = Flow::raised;  // of the ways that do not go on
  Dialects dialects = 0;     // on which one of the ways goes on

  template <class Run>
  void add(Run&& run_branch, Dialects only = every_dialect) {
    const size_t mark = in.trail.size();
    const uint32_t outer = in.branch;
    const Dialects outer_dialects = in.dialects;
    in.dialects = in.dialects & only ? static_cast<Dialects>(in.dialects & only) : in.dialects;
    in.branch = ++in.last_branch;
    in.branches.push_back(in.branch);
    ++in.undecided;
    in.maker.depth = static_cast<uint8_t>(std::min(in.undecided, 255u));
    const Flow ended = run_branch();
    --in.undecided;
    in.maker.depth = static_cast<uint8_t>(std::min(in.undecided, 255u));
    in.branch = outer;
    in.branches.pop_back();
    if (ended == Flow::normal) {
      ++ways;
      dialects = static_cast<Dialects>(dialects | in.dialects);
    } else if (ended != Flow::raised) {
      ++left;
      flow = ended;
    }
    in.dialects = outer_dialects;
    while (in.trail.size() > mark) {
      const Assigned change = in.trail.back();
      in.trail.pop_back();
      Binding& binding = change.scope->bindings[change.index];
      if (ended == Flow::normal) {
        outcomes.push_back({change.scope, change.index, change.before, binding.value});
      }
      binding.value = change.before;
      binding.changed_in = change.changed_in;
    }
  }

  Flow finish() {
    std::ranges::stable_sort(outcomes, [](const Outcome& a, const Outcome& b) {
      return a.scope != b.scope ? std::less<>{}(a.scope, b.scope) : a.index < b.index;
    });
    for (size_t i = 0; i < outcomes.size();) {
      const Outcome& first = outcomes[i];
      size_t end = i;
      bool same = true;
      bool foreign = false;
      for (; end < outcomes.size() && outcomes[end].scope == first.scope && outcomes[end].index == first.index; ++end) {
        same = same && agree(first.after, outcomes[end].after);
        foreign = foreign || (outcomes[end].after && outcomes[end].after->foreign);
      }
      same = same && (end - i == ways || agree(first.after, first.before));
      PyValue* merged = first.after;
      if (!same) {
        merged = make_unknown(in.maker, by_condition, first.after ? first.after->span : Span{});
        merged->foreign = foreign;
      }
      set_binding(in, *first.scope, first.scope->bindings[first.index].name, merged);
      i = end;
    }
    if (ways == 0) {
      return flow;
    }
    in.dialects = dialects;
    in.uncertain = in.uncertain || left > 0;
    return Flow::normal;
  }

  static bool agree(const PyValue* a, const PyValue* b) {
    return a == b ||
           (a && b &&
            (equal(*a, *b) == Truth::yes || (a->kind == ValueKind::connection && b->kind == ValueKind::connection) ||
             (a->kind == ValueKind::path && b->kind == ValueKind::path && a->text == b->text && a->rest == b->rest)));
  }
};

// Before a loop whose rounds are not known: what its body assigns or changes is known no more.
void forget_changes(Interpreter& in, const Stmt& loop) {
  static constexpr std::string_view mutators[] = {"append", "extend", "insert", "add",       "update",
                                                  "pop",    "remove", "clear",  "setdefault"};
  walk(loop, [&](const Node& node) {
    if (const Name* name = as<Name>(&node); name && name->ctx != ExprContext::Load) {
      assign_name(in, name->id, make_unknown(in.maker, in_a_loop, name->span));
    }
    const Attribute* attribute = as<Attribute>(&node);
    const Subscript* item = as<Subscript>(&node);
    const bool mutates = attribute && std::ranges::find(mutators, attribute->attr) != std::end(mutators);
    const Name* changed = mutates                                  ? as<Name>(attribute->value)
                          : item && item->ctx != ExprContext::Load ? as<Name>(item->value)
                                                                   : nullptr;
    for (const PyScope* scope = changed ? in.scope : nullptr; scope; scope = scope->parent) {
      if (const Binding* binding = find_binding(*scope, changed->id)) {
        if (binding->value && (is_sequence(binding->value) || binding->value->kind == ValueKind::dict)) {
          leave_open(*binding->value);
        }
        break;
      }
    }
    return !is_kind<FunctionDef>(node.kind) && node.kind != NodeKind::Lambda && node.kind != NodeKind::ClassDef;
  });
}

// ---- steps ---------------------------------------------------------------------------------------------------------

// A step of upgrade() or downgrade() as long as it lives; nothing in loops, helpers and the module itself.
struct StepGuard {
  Interpreter& in;
  uint32_t outer;
  bool made = false;

  StepGuard(Interpreter& interpreter, Span span, Span function, bool control_flow)
      : in(interpreter), outer(interpreter.step) {
    if (!in.active || in.without_steps > 0) {
      return;
    }
    made = true;
    in.step = static_cast<uint32_t>(in.lists.steps.size());
    Step& step = in.lists.steps.emplace_back();
    step.span = span;
    step.direction = in.direction;
    if (function.end > function.begin) {
      step.call = known(slice(in.text, function), function);
    }
    step.text = known(folded(in, span), span);
    step.in_markers = std::ranges::any_of(
        in.markers, [&](Span range) { return range.begin <= span.begin && span.begin < range.end; });
    step.control_flow = control_flow;
    in.lists.step_links.push_back({UINT32_MAX, static_cast<uint32_t>(in.lists.operations.size()), 0, false});
  }
  ~StepGuard() {
    if (!made) {
      return;
    }
    Links& links = in.lists.step_links[in.step];
    links.count = static_cast<uint32_t>(in.lists.operations.size()) - links.first;
    Step& step = in.lists.steps[in.step];
    if (links.count > 0 && in.lists.operations[links.first].span == step.span) {
      step.call = in.lists.operations[links.first].call;  // `op.add_column`, whatever `op` is called here
    }
    in.step = outer;
  }
  StepGuard(const StepGuard&) = delete;
  StepGuard& operator=(const StepGuard&) = delete;
};

const Call* call_in(const Expr* expression) {
  if (const Await* await = as<Await>(expression)) {
    expression = await->value;
  }
  return as<Call>(expression);
}

Span function_of(const Expr* expression) {
  const Call* call = call_in(expression);
  return call ? call->func->span : Span{};
}

// ---- statements ----------------------------------------------------------------------------------------------------

Flow run_statement(Interpreter& in, const Stmt& statement);

void run_expression(Interpreter& in, const ExprStmt& statement) {
  if (statement.value->kind == NodeKind::Constant) {
    return;
  }
  const Call* call = call_in(statement.value);
  const StepGuard step(in, statement.span, function_of(statement.value), call == nullptr);
  const Node* outer = in.statement_call;
  in.statement_call = call;
  evaluate(in, statement.value);
  in.statement_call = outer;
}

void run_assignment(Interpreter& in, Span span, Sequence<Expr*> targets, const Expr* value) {
  const StepGuard step(in, span, function_of(value), true);
  PyValue* result = evaluate(in, value);
  for (const Expr* target : targets) {
    assign(in, *target, result);
  }
}

void run_augmented(Interpreter& in, const AugAssign& statement) {
  const StepGuard step(in, statement.span, {}, true);
  PyValue* right = evaluate(in, statement.value);
  if (const Name* name = as<Name>(statement.target)) {
    PyValue* left = nullptr;
    for (const PyScope* scope = in.scope; scope && !left; scope = scope->parent) {
      const Binding* binding = find_binding(*scope, name->id);
      left = binding ? binding->value : nullptr;
    }
    if (!left) {
      left = make_unknown(in.maker, {}, name->span);
    }
    if (left->kind == ValueKind::list && statement.op == Operator::Add) {
      const Argument argument{{}, right, statement.span};
      call_container_method(in.maker, *left, "extend", {&argument, 1}, statement.span);
      return;
    }
    assign(in, *name, apply_operator(in.maker, statement.op, *left, *right, statement.span));
    return;
  }
  assign(in, *statement.target, make_unknown(in.maker, {}, statement.span));
}

Flow run_if(Interpreter& in, const If& statement) {
  const StepGuard step(in, statement.span, {}, true);
  ++in.testing;
  const PyValue& condition = *evaluate(in, statement.test);
  --in.testing;
  const DialectTest on = dialect_test(condition);
  // Inside of a branch for one database a test of the dialect can be decided.
  const bool body = (in.dialects & on.yes) != 0;
  const bool orelse = (in.dialects & on.no) != 0;
  if (body != orelse) {
    return run(in, body ? statement.body : statement.orelse);
  }
  Branches branches{in};
  branches.add([&] { return run(in, statement.body); }, on.yes);
  branches.add([&] { return run(in, statement.orelse); }, on.no);
  return branches.finish();
}

// Runs the body for a round that may or may not take place, with nothing known of what changes from round to round.
void run_unknown_rounds(Interpreter& in, const Stmt& loop, const Expr* target, Sequence<Stmt*> body) {
  const size_t before = in.lists.operations.size();
  forget_changes(in, loop);
  Branches branches{in};
  branches.add([&] {
    if (target) {
      assign(in, *target, make_unknown(in.maker, {}, target->span));
    }
    const Flow flow = run(in, body);
    return flow == Flow::broken || flow == Flow::continued ? Flow::normal : flow;
  });
  branches.add([] { return Flow::normal; });
  branches.finish();
  in.open = in.open || in.lists.operations.size() > before;
}

// Runs the body for an item that may be there or not.
void run_possible_round(Interpreter& in, const For& loop, PyValue* item) {
  Branches branches{in};
  branches.add([&] {
    assign(in, *loop.target, item);
    const Flow flow = run(in, loop.body);
    return flow == Flow::broken || flow == Flow::continued ? Flow::normal : flow;
  });
  branches.add([] { return Flow::normal; });
  branches.finish();
}

struct LoopGuard {
  Interpreter& in;
  bool outer_loop;
  Dialects outer_dialects;  // of every round, and behind the loop: a `continue` leaves only the round
  explicit LoopGuard(Interpreter& interpreter) : in(interpreter), outer_loop(in.loop), outer_dialects(in.dialects) {
    in.loop = true;
    ++in.without_steps;
  }
  ~LoopGuard() {
    in.loop = outer_loop;
    in.dialects = outer_dialects;
    --in.without_steps;
  }
  LoopGuard(const LoopGuard&) = delete;
  LoopGuard& operator=(const LoopGuard&) = delete;
};

Flow run_for(Interpreter& in, const For& statement) {
  const StepGuard step(in, statement.span, {}, true);
  PyValue* iterable = evaluate(in, statement.iter);
  const LoopGuard guard(in);
  PyValue* sequence = statement.kind == NodeKind::AsyncFor ? nullptr : iterate(in.maker, *iterable);
  if (!sequence) {
    run_unknown_rounds(in, statement, statement.target, statement.body);
    return run(in, statement.orelse);
  }
  // The body may change the list; Python would see it, but nobody does that.
  const std::vector<PyValue*> items(items_of(*sequence).begin(), items_of(*sequence).end());
  uint32_t rounds = 0;
  const auto is_too_long = [&] {
    const bool ends = ++rounds > most_rounds || ++in.rounds > 10 * most_rounds || in.budget == 0;
    if (ends) {
      add_unrecognised(in, {statement.span, slice(in.text, statement.iter->span), {}, true},
                       "has more rounds than are followed");
    }
    return ends;
  };
  const PyValue* const possible = sequence->possible;
  for (PyValue* item : items) {
    if (is_too_long()) {
      break;
    }
    assign(in, *statement.target, item);
    in.dialects = guard.outer_dialects;
    const Flow flow = run(in, statement.body);
    if (flow == Flow::broken) {
      return Flow::normal;
    }
    if (flow == Flow::returned || flow == Flow::raised) {
      return flow;
    }
  }
  if (sequence->open && !sequence->possible) {
    run_unknown_rounds(in, statement, statement.target, statement.body);
  }
  for (PyValue* item : possible&& possible == sequence->possible ? items_of(*possible) : std::span<PyValue* const>{}) {
    if (is_too_long()) {
      break;
    }
    in.dialects = guard.outer_dialects;
    run_possible_round(in, statement, item);
  }
  return run(in, statement.orelse);
}

Flow run_while(Interpreter& in, const While& statement) {
  const StepGuard step(in, statement.span, {}, true);
  if (truth_of(*evaluate(in, statement.test)) == Truth::no) {
    return run(in, statement.orelse);
  }
  const LoopGuard guard(in);
  run_unknown_rounds(in, statement, nullptr, statement.body);
  return run(in, statement.orelse);
}

Flow run_try(Interpreter& in, const Try& statement) {
  const StepGuard step(in, statement.span, {}, true);
  Flow flow = Flow::normal;
  if (statement.handlers.empty()) {
    flow = run(in, statement.body);
  } else {
    Branches branches{in};
    branches.add([&] {
      const Flow body = run(in, statement.body);
      return body == Flow::normal ? run(in, statement.orelse) : body;
    });
    for (const ExceptHandler& handler : statement.handlers) {
      branches.add([&] {
        if (!handler.name.empty()) {
          assign_name(in, handler.name, make_unknown(in.maker, {}, handler.span));
        }
        return run(in, handler.body);
      });
    }
    flow = branches.finish();
  }
  const Flow last = run(in, statement.finalbody);
  return last == Flow::normal ? flow : last;
}

Flow run_with(Interpreter& in, const With& statement) {
  bool plain = false;
  const bool outer_autocommit = in.autocommit;
  std::vector<PyValue*> contexts;
  const Span head{statement.span.begin, statement.items.back().context_expr->span.end};
  const StepGuard step(in, statement.span, function_of(statement.items.front().context_expr), true);
  for (const WithItem& item : statement.items) {
    PyValue* context = evaluate(in, item.context_expr);
    if (item.optional_vars) {
      assign(in, *item.optional_vars, context);
    }
    in.autocommit = in.autocommit || context->kind == ValueKind::autocommit;
    plain = plain || context->kind == ValueKind::autocommit || context->kind == ValueKind::batch;
  }
  if (step.made) {
    in.lists.steps[in.step].control_flow = !plain;
    in.lists.steps[in.step].text = known(folded(in, head), head);
  }
  const Flow flow = run(in, statement.body);
  in.autocommit = outer_autocommit;
  return flow;
}

void bind_captures(Interpreter& in, const Pattern& pattern) {
  walk(static_cast<const Node&>(pattern), [&](const Node& node) {
    const MatchAs* capture = as<MatchAs>(&node);
    const MatchStar* star = as<MatchStar>(&node);
    const MatchMapping* mapping = as<MatchMapping>(&node);
    const std::string_view name = capture   ? capture->name
                                  : star    ? star->name
                                  : mapping ? mapping->rest
                                            : std::string_view{};
    if (!name.empty()) {
      assign_name(in, name, make_unknown(in.maker, {}, node.span));
    }
    return is_pattern(node.kind);
  });
}

Flow run_match(Interpreter& in, const Match& statement) {
  const StepGuard step(in, statement.span, {}, true);
  evaluate(in, statement.subject);
  Branches branches{in};
  for (const MatchCase& match_case : statement.cases) {
    branches.add([&] {
      bind_captures(in, *match_case.pattern);
      return run(in, match_case.body);
    });
  }
  branches.add([] { return Flow::normal; });
  return branches.finish();
}

void run_import(Interpreter& in, const python::Import& statement) {
  for (const Alias& alias : statement.names) {
    const std::string_view whole = alias.asname.empty() ? alias.name.substr(0, alias.name.find('.')) : alias.name;
    assign_name(in, alias.asname.empty() ? whole : alias.asname, make_path(in.maker, whole, {}, alias.span));
  }
}

void run_import_from(Interpreter& in, const ImportFrom& statement) {
  const bool alembic = statement.level == 0 && statement.module == "alembic";
  const bool sqlalchemy = statement.level == 0 && statement.module == "sqlalchemy";
  for (const Alias& alias : statement.names) {
    std::string_view whole = alembic && alias.name == "op" ? "alembic.op" : std::string_view{};
    if (whole.empty()) {
      std::string joined(statement.level, '.');
      joined.append(statement.module).append(statement.module.empty() || alias.name == "*" ? "" : ".");
      whole = in.maker.arena.copy(alias.name == "*" ? std::string_view(joined)
                                                    : std::string_view(joined.append(alias.name)));
    }
    if (alias.name == "*") {
      // Only of these two is it known what the star brings; it is looked up by the name `*`.
      if (sqlalchemy || statement.module == "alembic.op") {
        assign_name(in, "*", make_path(in.maker, whole, {}, alias.span));
      }
      continue;
    }
    assign_name(in, alias.asname.empty() ? alias.name : alias.asname, make_path(in.maker, whole, {}, alias.span));
  }
}

void bind_definition(Interpreter& in, const Node& node, std::string_view name, ValueKind kind) {
  PyValue* value = make_value(in.maker, kind, node.span);
  value->text = name;
  value->definition = {&node, in.scope};
  assign_name(in, name, value);
}

Flow run_statement(Interpreter& in, const Stmt& statement) {
  switch (statement.kind) {
    case NodeKind::ExprStmt:
      run_expression(in, static_cast<const ExprStmt&>(statement));
      return Flow::normal;
    case NodeKind::Assign: {
      const auto& node = static_cast<const Assign&>(statement);
      run_assignment(in, node.span, node.targets, node.value);
      return Flow::normal;
    }
    case NodeKind::AnnAssign: {
      const auto& node = static_cast<const AnnAssign&>(statement);
      if (node.value) {
        run_assignment(in, node.span, {&node.target, 1}, node.value);
      }
      return Flow::normal;
    }
    case NodeKind::AugAssign:
      run_augmented(in, static_cast<const AugAssign&>(statement));
      return Flow::normal;
    case NodeKind::If:
      return run_if(in, static_cast<const If&>(statement));
    case NodeKind::For:
    case NodeKind::AsyncFor:
      return run_for(in, static_cast<const For&>(statement));
    case NodeKind::While:
      return run_while(in, static_cast<const While&>(statement));
    case NodeKind::Try:
    case NodeKind::TryStar:
      return run_try(in, static_cast<const Try&>(statement));
    case NodeKind::With:
    case NodeKind::AsyncWith:
      return run_with(in, static_cast<const With&>(statement));
    case NodeKind::Match:
      return run_match(in, static_cast<const Match&>(statement));
    case NodeKind::Return: {
      const auto& node = static_cast<const Return&>(statement);
      PyValue* value = nullptr;
      if (node.value) {
        const StepGuard step(in, node.span, function_of(node.value), call_in(node.value) == nullptr);
        const Node* outer = in.statement_call;
        in.statement_call = in.helper ? nullptr : call_in(node.value);
        value = evaluate(in, node.value);
        in.statement_call = outer;
      } else {
        value = make_value(in.maker, ValueKind::none, node.span);
      }
      in.returns.push_back(value);
      return Flow::returned;
    }
    case NodeKind::Raise: {
      const StepGuard step(in, statement.span, {}, true);
      return Flow::raised;
    }
    case NodeKind::Break:
      return Flow::broken;
    case NodeKind::Continue:
      return Flow::continued;
    case NodeKind::Assert:
      evaluate(in, static_cast<const Assert&>(statement).test);
      return Flow::normal;
    case NodeKind::Import:
      run_import(in, static_cast<const python::Import&>(statement));
      return Flow::normal;
    case NodeKind::ImportFrom:
      run_import_from(in, static_cast<const ImportFrom&>(statement));
      return Flow::normal;
    case NodeKind::FunctionDef:
    case NodeKind::AsyncFunctionDef:
      bind_definition(in, statement, static_cast<const FunctionDef&>(statement).name, ValueKind::function);
      return Flow::normal;
    case NodeKind::ClassDef:
      bind_definition(in, statement, static_cast<const ClassDef&>(statement).name, ValueKind::class_of_file);
      return Flow::normal;
    case NodeKind::Global:
      in.scope->globals = static_cast<const Global&>(statement).names;
      return Flow::normal;
    case NodeKind::Delete:
      for (const Expr* target : static_cast<const Delete&>(statement).targets) {
        if (const Name* name = as<Name>(target)) {
          assign_name(in, name->id, make_unknown(in.maker, "is deleted", target->span));
        }
      }
      return Flow::normal;
    default:
      return Flow::normal;
  }
}

// ---- calls ---------------------------------------------------------------------------------------------------------

// Gives the parameters their values in the scope of the call.
void bind_parameters(Interpreter& in, const Arguments& parameters, std::span<const Argument> arguments, bool open,
                     PyScope& scope, PyScope* closure, Span span) {
  std::vector<bool> used(arguments.size(), false);
  size_t place = 0;
  const auto give = [&](const Arg& parameter, const Expr* fallback, bool by_place) {
    PyValue* value = nullptr;
    if (by_place && place < arguments.size() && arguments[place].name.empty()) {
      used[place] = true;
      value = arguments[place++].value;
    }
    for (size_t i = 0; i < arguments.size() && !value; ++i) {
      if (arguments[i].name == parameter.arg) {
        used[i] = true;
        value = arguments[i].value;
      }
    }
    if (!value && fallback && !open) {
      PyScope* outer = in.scope;
      in.scope = closure;
      value = evaluate(in, fallback);
      in.scope = outer;
    }
    bind(in.maker, scope, parameter.arg).value = value ? value : make_unknown(in.maker, {}, span);
  };
  const size_t places = parameters.posonlyargs.size() + parameters.args.size();
  for (size_t i = 0; i < places; ++i) {
    const bool first = i < parameters.posonlyargs.size();
    const Arg& parameter = first ? parameters.posonlyargs[i] : parameters.args[i - parameters.posonlyargs.size()];
    const size_t without = places - std::min(places, parameters.defaults.size());
    give(parameter, i >= without ? parameters.defaults[i - without] : nullptr, true);
  }
  for (size_t i = 0; i < parameters.kwonlyargs.size(); ++i) {
    give(parameters.kwonlyargs[i], i < parameters.kw_defaults.size() ? parameters.kw_defaults[i] : nullptr, false);
  }
  if (parameters.vararg) {
    std::vector<PyValue*> items;
    for (size_t i = 0; i < arguments.size(); ++i) {
      if (!used[i] && arguments[i].name.empty()) {
        items.push_back(arguments[i].value);
      }
    }
    bind(in.maker, scope, parameters.vararg->arg).value = make_sequence(in.maker, ValueKind::tuple, items, open, span);
  }
  if (parameters.kwarg) {
    std::vector<PyValue*> entries;
    for (size_t i = 0; i < arguments.size(); ++i) {
      if (!used[i] && !arguments[i].name.empty()) {
        entries.push_back(make_text(in.maker, arguments[i].name, arguments[i].span));
        entries.push_back(arguments[i].value);
      }
    }
    bind(in.maker, scope, parameters.kwarg->arg).value = make_sequence(in.maker, ValueKind::dict, entries, open, span);
  }
}

// What the returns of a call come to.
PyValue* returned_value(Interpreter& in, size_t mark, Flow flow, bool certain, Span span) {
  PyValue* result = in.returns.size() > mark ? in.returns[mark] : nullptr;
  bool same = result && (flow == Flow::returned || certain);
  for (size_t i = mark; i < in.returns.size(); ++i) {
    same = same && Branches::agree(result, in.returns[i]);
  }
  if (in.returns.size() == mark) {
    return make_value(in.maker, ValueKind::none, span);
  }
  return same ? result : make_unknown(in.maker, by_condition, span);
}

}  // namespace

PyScope* make_scope(Maker& maker, PyScope* parent) {
  PyScope* scope = maker.arena.make<PyScope>();
  scope->parent = parent;
  return scope;
}

Binding* find_binding(const PyScope& scope, std::string_view name) {
  if (!scope.table) {
    for (uint32_t i = 0; i < scope.count; ++i) {
      if (scope.bindings[i].name == name) {
        return &scope.bindings[i];
      }
    }
    return nullptr;
  }
  for (size_t at = hash_of(name);; ++at) {
    const uint32_t place = scope.table[at & (scope.table_size - 1)];
    if (place == 0) {
      return nullptr;
    }
    if (scope.bindings[place - 1].name == name) {
      return &scope.bindings[place - 1];
    }
  }
}

Binding& bind(Maker& maker, PyScope& scope, std::string_view name) {
  if (Binding* found = find_binding(scope, name)) {
    return *found;
  }
  if (scope.count == scope.capacity) {
    scope.capacity = scope.capacity == 0 ? linear_limit : scope.capacity * 2;
    std::vector<Binding> grown(scope.bindings, scope.bindings + scope.count);
    grown.resize(scope.capacity);
    scope.bindings = maker.arena.copy(grown).data();
    if (scope.capacity > linear_limit) {
      grow_table(maker, scope);
    }
  }
  scope.bindings[scope.count] = {name, nullptr, 0};
  if (scope.table) {
    add_to_table(scope, scope.count);
  }
  return scope.bindings[scope.count++];
}

void assign_name(Interpreter& in, std::string_view name, PyValue* value) {
  const bool global = std::ranges::find(in.scope->globals, name) != in.scope->globals.end();
  set_binding(in, global ? *in.module : *in.scope, name, value);
}

void assign(Interpreter& in, const Expr& target, PyValue* value) {
  if (const Name* name = as<Name>(&target)) {
    assign_name(in, name->id, value);
    return;
  }
  if (const Starred* star = as<Starred>(&target)) {
    assign(in, *star->value, make_unknown(in.maker, {}, target.span));
    return;
  }
  const python::List* list = as<python::List>(&target);
  const Tuple* tuple = as<Tuple>(&target);
  if (list || tuple) {
    const Sequence<Expr*> targets = list ? list->elts : tuple->elts;
    const bool starred = std::ranges::any_of(targets, [](const Expr* item) { return item->kind == NodeKind::Starred; });
    const bool fits = is_sequence(value) && !value->open && value->count == targets.size() && !starred;
    for (size_t i = 0; i < targets.size(); ++i) {
      PyValue* item = fits ? value->items[i] : make_unknown(in.maker, {}, targets[i]->span);
      item->foreign = item->foreign || (!fits && value->foreign);
      assign(in, *targets[i], item);
    }
    return;
  }
  if (const Subscript* item = as<Subscript>(&target)) {
    PyValue* container = evaluate(in, item->value);
    if (is_sequence(container) || container->kind == ValueKind::dict) {
      leave_open(*container);
      if (container->kind == ValueKind::dict && in.maker.depth <= container->depth) {
        PyValue* key = evaluate(in, item->slice);
        if (is_text(key) || key->kind == ValueKind::integer) {
          append_item(in.maker, *container, key);
          append_item(in.maker, *container, value);
          container->open = false;
        }
      }
    }
  }
}

Flow run(Interpreter& in, Sequence<Stmt*> statements) {
  if (++in.depth > deepest_evaluation) {
    --in.depth;
    in.open = true;
    return Flow::normal;
  }
  Flow flow = Flow::normal;
  for (const Stmt* statement : statements) {
    if (in.budget == 0) {
      in.open = true;
      break;
    }
    --in.budget;
    flow = run_statement(in, *statement);
    if (flow != Flow::normal) {
      break;
    }
  }
  --in.depth;
  return flow;
}

PyValue* call_function(Interpreter& in, const PyValue& function, std::span<const Argument> arguments, bool open,
                       Span span) {
  const auto& definition = static_cast<const FunctionDef&>(*function.definition.node);
  const bool again = std::ranges::find(in.calls, function.definition.node) != in.calls.end();
  if (again || in.calls.size() >= deepest_call || in.budget == 0) {
    add_unrecognised(in, {span, definition.name, {}, true}, again ? "calls itself" : too_much);
    return make_unknown(in.maker, too_much, span);
  }
  PyScope* scope = make_scope(in.maker, function.definition.scope);
  bind_parameters(in, *definition.args, arguments, open, *scope, function.definition.scope, span);
  PyScope* outer_scope = in.scope;
  const bool outer_helper = in.helper;
  const bool outer_uncertain = in.uncertain;
  const Dialects outer_dialects = in.dialects;
  const uint32_t outer_pure = in.pure;
  const Node* outer_call = in.statement_call;
  const size_t mark = in.returns.size();
  if (!in.helper) {
    in.outer = span;
  }
  const uint32_t outer_testing = in.testing;
  in.testing = 0;
  in.scope = scope;
  in.helper = true;
  in.pure = 0;
  in.statement_call = nullptr;
  ++in.without_steps;
  in.calls.push_back(function.definition.node);
  const Flow flow = run(in, definition.body);
  in.calls.pop_back();
  --in.without_steps;
  PyValue* result = returned_value(in, mark, flow, false, span);
  in.returns.resize(mark);
  in.scope = outer_scope;
  in.helper = outer_helper;
  in.uncertain = outer_uncertain;
  in.dialects = outer_dialects;
  in.pure = outer_pure;
  in.testing = outer_testing;
  in.statement_call = outer_call;
  return result;
}

Flow run_direction(Interpreter& in, const PyValue& function) {
  const auto& definition = static_cast<const FunctionDef&>(*function.definition.node);
  PyScope* scope = make_scope(in.maker, function.definition.scope);
  bind_parameters(in, *definition.args, {}, true, *scope, function.definition.scope, definition.span);
  in.scope = scope;
  in.uncertain = false;
  in.dialects = every_dialect;
  in.open = in.open || !definition.decorator_list.empty();  // a decorator can do anything
  in.calls.push_back(function.definition.node);
  const Flow flow = run(in, definition.body);
  in.calls.pop_back();
  in.returns.clear();
  in.scope = in.module;
  return flow;
}

}  // namespace spiritsafe
