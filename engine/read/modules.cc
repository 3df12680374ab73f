// SPDX-License-Identifier: Apache-2.0
// The project's modules: which file is which, and which statement binds which name.
#include "engine/read/modules.h"

#include <algorithm>

#include "engine/python/parse.h"

namespace spiritsafe {
namespace {

using namespace python;

bool is_checking(const Expr& test) {
  const Name* name = as<Name>(&test);
  const Attribute* attribute = as<Attribute>(&test);
  return (name && name->id == "TYPE_CHECKING") || (attribute && attribute->attr == "TYPE_CHECKING");
}

struct Collector {
  Bindings& bindings;
  PyModule* module;  // nullptr: of a class
  bool conditional = false;
  bool for_checkers = false;
  int depth = 0;

  void bind(std::string_view name, const Stmt& statement, const Expr* value, const Alias* alias = nullptr) {
    bindings[name].push_back({statement.span.end, conditional, for_checkers, &statement, alias, value});
  }

  void bind_target(const Expr& target, const Stmt& statement, const Expr* value) {
    if (const Name* name = as<Name>(&target)) {
      bind(name->id, statement, value);
      return;
    }
    const Tuple* tuple = as<Tuple>(&target);
    const python::List* list = as<python::List>(&target);
    const Starred* starred = as<Starred>(&target);
    if (starred) {
      bind_target(*starred->value, statement, nullptr);
      return;
    }
    const Sequence<Expr*> targets = tuple ? tuple->elts : list ? list->elts : Sequence<Expr*>{};
    const Tuple* values = as<Tuple>(value);
    const bool fits = values && values->elts.size() == targets.size() &&
                      std::ranges::none_of(targets, [](const Expr* one) { return as<Starred>(one) != nullptr; });
    for (size_t i = 0; i < targets.size() && depth < 50; ++i) {
      ++depth;
      bind_target(*targets[i], statement, fits ? values->elts[i] : nullptr);
      --depth;
    }
  }

  void inside(Sequence<Stmt*> statements, bool checkers = false) {
    const bool outer = conditional;
    const bool outer_checkers = for_checkers;
    conditional = true;
    for_checkers = for_checkers || checkers;
    all(statements);
    conditional = outer;
    for_checkers = outer_checkers;
  }

  void import_from(const ImportFrom& node) {
    for (const Alias& alias : node.names) {
      if (alias.name == "*") {
        if (module) {
          module->stars.emplace_back(&node, for_checkers);
        }
      } else {
        bind(alias.asname.empty() ? alias.name : alias.asname, node, nullptr, &alias);
      }
    }
  }

  void one(const Stmt& statement) {
    if (const Assign* assign = as<Assign>(&statement)) {
      for (const Expr* target : assign->targets) {
        bind_target(*target, statement, assign->value);
      }
    } else if (const AnnAssign* annotated = as<AnnAssign>(&statement)) {
      if (annotated->value) {
        bind_target(*annotated->target, statement, annotated->value);
      }
    } else if (const AugAssign* augmented = as<AugAssign>(&statement)) {
      bind_target(*augmented->target, statement, nullptr);
    } else if (const ClassDef* definition = as<ClassDef>(&statement)) {
      bind(definition->name, statement, nullptr);
    } else if (const FunctionDef* function = as<FunctionDef>(&statement)) {
      bind(function->name, statement, nullptr);
    } else if (const python::Import* import = as<python::Import>(&statement)) {
      for (const Alias& alias : import->names) {
        bind(alias.asname.empty() ? alias.name.substr(0, alias.name.find('.')) : alias.asname, statement, nullptr,
             &alias);
      }
    } else if (const ImportFrom* from = as<ImportFrom>(&statement)) {
      import_from(*from);
    } else if (const If* branch = as<If>(&statement)) {
      inside(branch->body, is_checking(*branch->test));
      is_checking(*branch->test) ? all(branch->orelse) : inside(branch->orelse);
    } else if (const Try* attempt = as<Try>(&statement)) {
      attempt->handlers.empty() ? all(attempt->body) : inside(attempt->body);
      for (const ExceptHandler& handler : attempt->handlers) {
        inside(handler.body);
      }
      inside(attempt->orelse);
      all(attempt->finalbody);
    } else if (const With* with = as<With>(&statement)) {
      for (const WithItem& item : with->items) {
        if (item.optional_vars) {
          bind_target(*item.optional_vars, statement, nullptr);
        }
      }
      all(with->body);
    } else if (const For* loop = as<For>(&statement)) {
      bind_target(*loop->target, statement, nullptr);
      inside(loop->body);
      inside(loop->orelse);
    } else if (const While* loop_while = as<While>(&statement)) {
      inside(loop_while->body);
      inside(loop_while->orelse);
    } else if (const TypeAlias* alias = as<TypeAlias>(&statement)) {
      bind_target(*alias->name, statement, alias->value);
    } else if (const Delete* gone = as<Delete>(&statement)) {
      for (const Expr* target : gone->targets) {
        if (as<Name>(target)) {
          bind_target(*target, statement, nullptr);
        }
      }
    }
  }

  void all(Sequence<Stmt*> statements) {
    if (++depth < 60) {
      for (const Stmt* statement : statements) {
        one(*statement);
      }
    }
    --depth;
  }
};

std::string joined(std::string_view folder, std::string_view path) {
  return folder.empty() || folder == "." ? std::string(path)
         : folder.ends_with('/')         ? std::string(folder).append(path)
                                         : std::string(folder).append("/").append(path);
}

}  // namespace

void collect_bindings(Sequence<Stmt*> statements, Bindings& bindings, PyModule* module) {
  Collector{bindings, module}.all(statements);
}

PyModule* load_file(ModuleSet& in, const std::string& path, std::string name, bool is_package) {
  if (const auto found = in.by_path.find(path); found != in.by_path.end()) {
    return found->second;
  }
  const File* file = in.order.size() < most_modules ? in.find(path) : nullptr;
  if (!file) {
    return in.by_path[path] = nullptr;
  }
  auto made = std::make_unique<PyModule>();
  PyModule& module = *made;
  module.name = std::move(name);
  module.is_package = is_package;
  module.file = file;
  module.text = file->source.text;
  Visible* names = in.scratch.make<Visible>();
  names->module = &module;
  module.names = names;
  in.order.push_back(&module);
  in.by_path[path] = &module;
  in.by_name[module.name.empty() ? "/" + path : module.name] = std::move(made);
  const ParseResult parsed =
      file->problem == FileProblem::none
          ? parse(file->source.text, {in.options.python_major, in.options.python_minor}, in.scratch)
          : ParseResult{};
  // The facts point into the file's text, so one with another encoding is not read.
  if (!parsed || parsed.text.data() != file->source.text.data()) {
    in.doubts.push_back(known(in.kept.copy(std::string_view(path + " cannot be read"))));
    module.syntax_error = parsed.error ? known(in.kept.copy(std::string_view(parsed.error->message)), parsed.error->where)
                                       : unknown<std::string_view>();
    return &module;
  }
  module.tree = parsed.module;
  collect_bindings(parsed.module->body, module.bindings, &module);
  return &module;
}

PyModule* load_module(ModuleSet& in, std::string_view name) {
  if (const auto found = in.by_name.find(name); found != in.by_name.end()) {
    return found->second.get();
  }
  std::string path(name);
  std::ranges::replace(path, '.', '/');
  for (const std::string& folder : in.sources.folders) {
    const std::string base = joined(folder, path);
    for (const bool is_package : {true, false}) {
      if (PyModule* module =
              load_file(in, base + (is_package ? "/__init__.py" : ".py"), std::string(name), is_package)) {
        return module;
      }
    }
  }
  in.by_name[std::string(name)] = nullptr;
  return nullptr;
}

std::string absolute_name(const PyModule& module, const ImportFrom& statement) {
  if (statement.level == 0) {
    return std::string(statement.module);
  }
  std::string name = module.name;
  for (uint32_t up = module.is_package ? 1 : 0; up < statement.level; ++up) {
    if (name.empty()) {
      return {};
    }
    const size_t dot = name.rfind('.');
    name.resize(dot == std::string::npos ? 0 : dot);
  }
  if (!statement.module.empty()) {
    name.append(name.empty() ? "" : ".").append(statement.module);
  }
  return name;
}

}  // namespace spiritsafe
