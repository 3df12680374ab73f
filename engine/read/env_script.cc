// SPDX-License-Identifier: Apache-2.0
// env.py, as far as its text says what it does.
#include <algorithm>
#include <string>
#include <vector>

#include "engine/python/parse.h"
#include "engine/python/visit.h"
#include "engine/read/surroundings.h"

namespace spiritsafe {
namespace {

constexpr int most_configured = 20;  // calls of configure() in one function

std::string_view name_of_call(const python::Call& call) {
  const auto* attribute = python::as<python::Attribute>(call.func);
  return attribute ? attribute->attr : std::string_view();
}

std::string_view receiver_of(const python::Call& call) {
  const auto* attribute = python::as<python::Attribute>(call.func);
  const auto* name = attribute ? python::as<python::Name>(attribute->value) : nullptr;
  return name ? name->id : std::string_view();
}

const python::Keyword* find_keyword(const python::Call& call, std::string_view name) {
  const auto found = std::ranges::find(call.keywords, name, &python::Keyword::arg);
  return found == call.keywords.end() ? nullptr : &*found;
}

// The calls of a function in the order of its text; not those of functions inside of it.
struct Body {
  std::vector<const python::Call*> calls = {};
  std::vector<Span> own_transactions = {};  // `with connection.begin():`, outermost ones, in order
};

Body read_body(python::Sequence<python::Stmt*> statements) {
  Body body;
  for (const python::Stmt* statement : statements) {
    if (python::as<python::FunctionDef>(statement) || python::as<python::ClassDef>(statement)) {
      continue;
    }
    python::walk(*statement, [&](const python::Node& node) {
      if (const auto* call = python::as<python::Call>(&node)) {
        body.calls.push_back(call);
      } else if (const auto* with = python::as<python::With>(&node)) {
        for (const python::WithItem& item : with->items) {
          const auto* opened = python::as<python::Call>(item.context_expr);
          const bool inside = !body.own_transactions.empty() && with->span.begin < body.own_transactions.back().end;
          if (opened && name_of_call(*opened) == "begin" && !inside) {
            body.own_transactions.push_back(with->span);
          }
        }
      }
      return !python::as<python::FunctionDef>(&node);
    });
  }
  std::ranges::stable_sort(body.calls, {}, [](const python::Call* call) { return call->span.begin; });
  return body;
}

// compare_type=, transaction_per_migration=; a function or another expression that is no name counts as true.
Flag read_flag(const python::Call& configure, std::string_view name) {
  const python::Keyword* written = find_keyword(configure, name);
  const bool open = find_keyword(configure, "") != nullptr;  // **options
  Flag value = open ? unknown<bool>(configure.span) : Flag{};
  if (written) {
    const auto* constant = python::as<python::Constant>(written->value);
    value = !constant || constant->value_kind == python::ConstantKind::True ? known(true, written->span)
            : constant->value_kind == python::ConstantKind::False           ? known(false, written->span)
                                                                            : unknown<bool>(written->span);
  }
  return value;
}

void read_options(EnvScript& script, const python::Call& configure) {
  const Flag value = read_flag(configure, "compare_type");
  script.transaction_per_migration = read_flag(configure, "transaction_per_migration");
  // Of several calls for a connection the one that turns it off is told.
  if (script.compare_type.is_absent() || (value.is_known() && !value.value)) {
    script.compare_type = value;
  }
}

// SQLAlchemy 2.0 begins a transaction with the first execute(). Alembic then takes it for one that its caller ends, and
// where nobody commits, closing the connection rolls the migrations back.
void read_execute(EnvScript& script, File& file, const Body& body, std::string_view connection, uint32_t begins) {
  const auto is_call = [&](const python::Call* call, std::initializer_list<std::string_view> names) {
    return receiver_of(*call) == connection && std::ranges::find(names, name_of_call(*call)) != names.end();
  };
  uint32_t last_end = 0;  // where the last transaction is ended
  for (const python::Call* call : body.calls) {
    // Behind the migrations it is the same connection that is reached another way: context.get_bind().commit().
    const bool by_others = call->span.begin > begins && receiver_of(*call).empty() && name_of_call(*call) == "commit";
    last_end = by_others || is_call(call, {"commit", "rollback"}) ? call->span.begin : last_end;
  }
  for (const python::Call* call : body.calls) {
    if (call->span.begin >= begins || call->span.begin < last_end ||
        !is_call(call, {"execute", "exec_driver_sql", "scalar", "scalars"})) {
      continue;
    }
    const auto behind = std::ranges::upper_bound(body.own_transactions, call->span.begin, {}, &Span::begin);
    const bool inside = behind != body.own_transactions.begin() && call->span.end <= std::prev(behind)->end;
    if (!inside && script.uncommitted_execute.is_absent()) {
      script.uncommitted_execute = known(fold(slice(file.source.text, call->span), file.arena), call->span);
    }
  }
}

// Does it configure a connection?
bool read_function(EnvScript& script, File& file, python::Sequence<python::Stmt*> statements) {
  const Body body = read_body(statements);
  uint32_t begins = 0;
  for (const python::Call* call : body.calls) {
    const std::string_view name = name_of_call(*call);
    if (begins == 0 && (name == "begin_transaction" || name == "run_migrations")) {
      begins = call->span.begin;
    }
  }
  int configured = 0;
  for (const python::Call* call : body.calls) {
    const python::Keyword* connection =
        name_of_call(*call) == "configure" ? find_keyword(*call, "connection") : nullptr;
    if (!connection || ++configured > most_configured) {
      continue;
    }
    read_options(script, *call);
    const auto* name = python::as<python::Name>(connection->value);
    if (name && file.source.text.find("AUTOCOMMIT") == std::string::npos) {
      read_execute(script, file, body, name->id, begins);
    }
  }
  return configured > 0;
}

bool read_module(EnvScript& script, File& file, const python::Module& module) {
  bool configures = read_function(script, file, module.body);
  for (const python::Stmt* statement : module.body) {
    python::walk(*statement, [&](const python::Node& node) {
      if (const auto* function = python::as<python::FunctionDef>(&node)) {
        configures = read_function(script, file, function->body) || configures;
      } else if (const auto* assign = python::as<python::Assign>(&node)) {
        for (const python::Expr* target : assign->targets) {
          const auto* name = python::as<python::Name>(target);
          if (name && name->id == "target_metadata") {
            script.target_metadata =
                known(fold(slice(file.source.text, assign->value->span), file.arena), assign->value->span);
          }
        }
      }
      return python::is_stmt(node.kind);
    });
  }
  return configures;
}

Flag compares_types(const EnvScript& script, bool configures, const ReadOptions& options) {
  if (!script.compare_type.is_absent() || !configures || options.alembic == PackageVersion{}) {
    return script.compare_type.is_known() ? script.compare_type : unknown<bool>(script.compare_type.span);
  }
  return known(behaviour_of(options.behaviours.alembic, options.alembic).compares_types);
}

// It may stand in a comment; whoever writes of it there knows of it. Where the engine comes from elsewhere, it may be
// set there.
Flag sets_lock_timeout(std::string_view text) {
  const auto has = [&](std::string_view word) { return text.find(word) != std::string_view::npos; };
  const bool makes_engine = has("engine_from_config(") || has("create_engine(") || has("create_async_engine(");
  return has("lock_timeout") ? known(true) : makes_engine ? known(false) : unknown<bool>();
}

}  // namespace

void read_env_script(File& file, const ReadOptions& options) {
  EnvScript* script = file.arena.make<EnvScript>();
  script->file = &file;
  file.env_script = script;
  Arena arena;
  const python::ParseResult parsed =
      file.problem == FileProblem::none
          ? python::parse(file.source.text, {options.python_major, options.python_minor}, arena)
          : python::ParseResult{};
  if (!parsed || parsed.text.data() != file.source.text.data()) {
    script->imports = {{}, State::unknown, true};
    script->target_metadata = unknown<std::string_view>();
    script->compare_type = script->compares_types = unknown<bool>();
    script->transaction_per_migration = script->sets_lock_timeout = unknown<bool>();
    script->uncommitted_execute = unknown<std::string_view>();
    return;
  }
  script->imports = imports_of(*parsed.module, file.arena);
  const bool configures = read_module(*script, file, *parsed.module);
  script->compares_types = compares_types(*script, configures, options);
  script->sets_lock_timeout = sets_lock_timeout(file.source.text);
}

}  // namespace spiritsafe
