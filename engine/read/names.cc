// SPDX-License-Identifier: Apache-2.0
#include "engine/read/names.h"

#include <algorithm>
#include <cstring>

#include "engine/python/visit.h"
#include "engine/read/builtins.h"

namespace spiritsafe {
namespace {

using namespace python;

uint64_t mix(uint64_t value) {
  value *= 0x9E3779B97F4A7C15u;
  return value ^ (value >> 32);
}

uint64_t hash_of(std::string_view text) {
  uint64_t first = 0;
  uint64_t last = 0;
  const size_t part = std::min<size_t>(text.size(), 8);
  std::memcpy(&first, text.data(), part);
  std::memcpy(&last, text.data() + text.size() - part, part);
  uint64_t hash = mix(first + text.size()) ^ mix(last * 3 + text.size());
  for (size_t i = 8; i + 8 < text.size(); i += 8) {
    std::memcpy(&first, text.data() + i, 8);
    hash = mix(hash ^ first);
  }
  return mix(hash);
}

// Hash sets that are emptied for each file by counting up the stamp.
struct Slot {
  uint64_t key = 0;
  uint32_t value = 0;
  uint32_t stamp = 0;
};

class Table {
 public:
  void clear() {
    ++stamp_;
    count_ = 0;
    if (stamp_ == 0) {
      std::ranges::fill(slots_, Slot{});
      stamp_ = 1;
    }
  }
  // The slot of the key for which `same(value)` holds, or a free one, whose stamp is then old.
  template <class Same>
  Slot& find(uint64_t key, Same&& same) {
    if (count_ * 2 >= slots_.size()) {
      grow();
    }
    for (size_t at = key;; ++at) {
      Slot& slot = slots_[at & (slots_.size() - 1)];
      if (slot.stamp != stamp_ || (slot.key == key && same(slot.value))) {
        return slot;
      }
    }
  }
  bool is_free(const Slot& slot) const { return slot.stamp != stamp_; }
  void fill(Slot& slot, uint64_t key, uint32_t value) {
    slot = {key, value, stamp_};
    ++count_;
  }

 private:
  void grow() {
    std::vector<Slot> old = std::move(slots_);
    slots_.assign(std::max<size_t>(old.size() * 2, 256), Slot{});
    for (const Slot& slot : old) {
      if (slot.stamp == stamp_) {
        size_t at = slot.key;
        while (slots_[at & (slots_.size() - 1)].stamp == stamp_) {
          ++at;
        }
        slots_[at & (slots_.size() - 1)] = slot;
      }
    }
  }
  std::vector<Slot> slots_ = {};
  uint32_t stamp_ = 1;
  size_t count_ = 0;
};

enum class ScopeKind : uint8_t { module, function, class_body };
struct ScopeInfo {
  uint32_t parent = 0;
  ScopeKind kind = ScopeKind::module;
};

struct Load {
  Span span = {};
  uint32_t scope = 0;
  uint32_t text = 0;  // in texts
  uint32_t root = 0;
};

struct Workspace {
  std::vector<std::string_view> texts = {};
  std::vector<ScopeInfo> scopes = {};
  std::vector<Load> loads = {};
  std::vector<spiritsafe::Import> imports = {};
  std::vector<Use> uses = {};
  Table names = {};
  Table bound = {};    // scope and name
  Table loaded = {};   // scope and text
  Table globals = {};  // scope and name
};

class NameReader {
 public:
  NameReader(Interpreter& in, Workspace& work) : in_(in), work_(work) {
    work_.texts.clear();
    work_.loads.clear();
    work_.imports.clear();
    work_.uses.clear();
    work_.scopes.assign(1, ScopeInfo{});
    for (Table* table : {&work_.names, &work_.bound, &work_.loaded, &work_.globals}) {
      table->clear();
    }
  }

  void read(const Module& module) {
    block(module.body);
    resolve();
  }

 private:
  // ---- recording ----

  uint32_t intern(std::string_view text) {
    const uint64_t key = hash_of(text);
    Slot& slot = work_.names.find(key, [&](uint32_t id) { return work_.texts[id] == text; });
    if (work_.names.is_free(slot)) {
      work_.names.fill(slot, key, static_cast<uint32_t>(work_.texts.size()));
      work_.texts.push_back(text);
    }
    return slot.value;
  }

  // true where the pair was not there before.
  static bool insert(Table& table, uint32_t scope, uint32_t name) {
    const uint64_t pair = (static_cast<uint64_t>(scope) << 32) | name;
    const uint64_t key = mix(pair + 1);  // one to one, so that equal keys are equal pairs
    Slot& slot = table.find(key, [](uint32_t) { return true; });
    const bool added = table.is_free(slot);
    if (added) {
      table.fill(slot, key, 0);
    }
    return added;
  }
  static bool has(Table& table, uint32_t scope, uint32_t name) {
    const uint64_t key = mix(((static_cast<uint64_t>(scope) << 32) | name) + 1);
    return !table.is_free(table.find(key, [](uint32_t) { return true; }));
  }

  void bind_name(std::string_view name) { bind_in(scope_, name); }
  void bind_in(uint32_t scope, std::string_view name) {
    if (name.empty() || type_checking_ > 0) {
      return;
    }
    const uint32_t id = intern(name);
    if (has_globals_ && has(work_.globals, scope, id)) {
      scope = 0;
    }
    insert(work_.bound, scope, id);
  }

  void load(std::string_view text, std::string_view root, Span span) {
    if (type_checking_ > 0) {
      return;
    }
    const uint32_t id = intern(text);
    if (insert(work_.loaded, scope_, id)) {
      work_.loads.push_back({span, scope_, id, text.size() == root.size() ? id : intern(root)});
    }
  }

  // `a.b.c`: one use; what is in front of the dots otherwise is walked.
  void load_attribute(const Attribute& attribute) {
    size_t length = attribute.attr.size() + 1;
    const Expr* inner = attribute.value;
    while (const Attribute* next = as<Attribute>(inner)) {
      length += next->attr.size() + 1;
      inner = next->value;
    }
    const Name* root = as<Name>(inner);
    if (!root) {
      expression(*inner);
      return;
    }
    const Span span{root->span.begin, attribute.span.end};
    std::string_view text = slice(in_.text, span);
    if (text.size() != root->id.size() + length || !text.starts_with(root->id)) {
      std::string joined;  // there is white space between, or the name is not written as Python reads it
      for (const Expr* part = &attribute; part != root; part = as<Attribute>(part)->value) {
        joined.insert(0, std::string(".").append(as<Attribute>(part)->attr));
      }
      text = in_.kept.copy(std::string_view(joined.insert(0, root->id)));
    }
    load(text, root->id, span);
  }

  // ---- scopes ----

  template <class Walk>
  void within(ScopeKind kind, Walk&& walk_body) {
    const uint32_t outer = scope_;
    scope_ = static_cast<uint32_t>(work_.scopes.size());
    work_.scopes.push_back({outer, kind});
    walk_body();
    scope_ = outer;
  }

  void all(Sequence<Expr*> expressions) {
    for (const Expr* item : expressions) {
      if (item) {
        expression(*item);
      }
    }
  }
  void maybe(const Expr* item) {
    if (item) {
      expression(*item);
    }
  }
  void annotation(const Expr* item) {
    if (item && !future_annotations_) {
      expression(*item);
    }
  }

  void defaults(const Arguments& parameters) {
    all(parameters.defaults);
    all(parameters.kw_defaults);
  }
  void annotations(const Arguments& parameters) {
    for (const Sequence<Arg> group : {parameters.posonlyargs, parameters.args, parameters.kwonlyargs}) {
      for (const Arg& parameter : group) {
        annotation(parameter.annotation);
      }
    }
    for (const Arg* parameter : {parameters.vararg, parameters.kwarg}) {
      annotation(parameter ? parameter->annotation : nullptr);
    }
  }
  void bind_parameters(const Arguments& parameters) {
    for (const Sequence<Arg> group : {parameters.posonlyargs, parameters.args, parameters.kwonlyargs}) {
      for (const Arg& parameter : group) {
        bind_name(parameter.arg);
      }
    }
    for (const Arg* parameter : {parameters.vararg, parameters.kwarg}) {
      bind_name(parameter ? parameter->arg : std::string_view{});
    }
  }
  // Close enough: visible around the definition too.
  void type_params(Sequence<TypeParam> params) {
    for (const TypeParam& param : params) {
      bind_name(param.name);
      maybe(param.bound);
      maybe(param.default_value);
    }
  }

  void function(const FunctionDef& node) {
    all(node.decorator_list);
    bind_name(node.name);
    defaults(*node.args);
    type_params(node.type_params);
    annotations(*node.args);
    annotation(node.returns);
    const ImportPlace outer = place_;
    place_ = ImportPlace::function;
    within(ScopeKind::function, [&] {
      bind_parameters(*node.args);
      block(node.body);
    });
    place_ = outer;
  }

  void class_definition(const ClassDef& node) {
    all(node.decorator_list);
    type_params(node.type_params);
    all(node.bases);
    for (const Keyword& keyword : node.keywords) {
      maybe(keyword.value);
    }
    bind_name(node.name);
    within(ScopeKind::class_body, [&] { block(node.body); });
  }

  void comprehension(Sequence<Comprehension> generators, const Expr* key, const Expr* value) {
    maybe(generators.front().iter);
    within(ScopeKind::function, [&] {
      for (const Comprehension& generator : generators) {
        if (&generator != &generators.front()) {
          maybe(generator.iter);
        }
        maybe(generator.target);
        all(generator.ifs);
      }
      maybe(key);
      maybe(value);
    });
  }

  // A walrus binds outside of the comprehensions around it.
  void walrus(const NamedExpr& node) {
    maybe(node.value);
    if (const Name* name = as<Name>(node.target)) {
      for (uint32_t scope = scope_;; scope = work_.scopes[scope].parent) {
        bind_in(scope, name->id);
        if (scope == 0) {
          break;
        }
      }
    }
  }

  // ---- expressions and statements ----

  void expression(const Expr& node) {
    switch (node.kind) {
      case NodeKind::Constant:
        return;
      case NodeKind::Name: {
        const auto& name = static_cast<const Name&>(node);
        if (name.ctx == ExprContext::Store) {
          bind_name(name.id);
        } else if (name.ctx == ExprContext::Load) {
          load(name.id, name.id, name.span);
        }
        return;
      }
      case NodeKind::Attribute:
        load_attribute(static_cast<const Attribute&>(node));
        return;
      case NodeKind::Call: {
        const auto& call = static_cast<const Call&>(node);
        expression(*call.func);
        all(call.args);
        for (const Keyword& keyword : call.keywords) {
          maybe(keyword.value);
        }
        return;
      }
      // These nest deepest; without the general visitor in between the stack holds out longer.
      case NodeKind::BinOp:
        expression(*static_cast<const BinOp&>(node).left);
        return expression(*static_cast<const BinOp&>(node).right);
      case NodeKind::BoolOp:
        return all(static_cast<const BoolOp&>(node).values);
      case NodeKind::UnaryOp:
        return expression(*static_cast<const UnaryOp&>(node).operand);
      case NodeKind::IfExp:
        expression(*static_cast<const IfExp&>(node).test);
        expression(*static_cast<const IfExp&>(node).body);
        return expression(*static_cast<const IfExp&>(node).orelse);
      case NodeKind::Await:
        return expression(*static_cast<const Await&>(node).value);
      case NodeKind::Subscript:
        expression(*static_cast<const Subscript&>(node).value);
        return expression(*static_cast<const Subscript&>(node).slice);
      case NodeKind::List:
        return all(static_cast<const python::List&>(node).elts);
      case NodeKind::Tuple:
        return all(static_cast<const Tuple&>(node).elts);
      case NodeKind::Lambda: {
        const auto& lambda = static_cast<const Lambda&>(node);
        defaults(*lambda.args);
        within(ScopeKind::function, [&] {
          bind_parameters(*lambda.args);
          maybe(lambda.body);
        });
        return;
      }
      case NodeKind::ListComp:
        return comprehension(static_cast<const ListComp&>(node).generators, nullptr,
                             static_cast<const ListComp&>(node).elt);
      case NodeKind::SetComp:
        return comprehension(static_cast<const SetComp&>(node).generators, nullptr,
                             static_cast<const SetComp&>(node).elt);
      case NodeKind::GeneratorExp:
        return comprehension(static_cast<const GeneratorExp&>(node).generators, nullptr,
                             static_cast<const GeneratorExp&>(node).elt);
      case NodeKind::DictComp:
        return comprehension(static_cast<const DictComp&>(node).generators, static_cast<const DictComp&>(node).key,
                             static_cast<const DictComp&>(node).value);
      case NodeKind::NamedExpr:
        return walrus(static_cast<const NamedExpr&>(node));
      default:
        for_each_child(node, [&](const Node& child) { expression(static_cast<const Expr&>(child)); });
    }
  }

  void block(Sequence<Stmt*> statements) {
    for (const Stmt* item : statements) {
      statement(*item);
    }
  }

  static bool is_type_checking(const Expr& test) {
    const Name* name = as<Name>(&test);
    const Attribute* attribute = as<Attribute>(&test);
    return (name && name->id == "TYPE_CHECKING") || (attribute && attribute->attr == "TYPE_CHECKING");
  }

  void statement(const Stmt& node) {
    switch (node.kind) {
      case NodeKind::ExprStmt:
        return expression(*static_cast<const ExprStmt&>(node).value);
      case NodeKind::Assign: {
        const auto& assignment = static_cast<const Assign&>(node);
        maybe(assignment.value);
        return all(assignment.targets);
      }
      case NodeKind::FunctionDef:
      case NodeKind::AsyncFunctionDef:
        return function(static_cast<const FunctionDef&>(node));
      case NodeKind::ClassDef:
        return class_definition(static_cast<const ClassDef&>(node));
      case NodeKind::Import:
        return import(static_cast<const python::Import&>(node));
      case NodeKind::ImportFrom:
        return import_from(static_cast<const ImportFrom&>(node));
      case NodeKind::Global:
        has_globals_ = true;
        for (const std::string_view name : static_cast<const Global&>(node).names) {
          insert(work_.globals, scope_, intern(name));
        }
        return;
      case NodeKind::AnnAssign:
        return annotated(static_cast<const AnnAssign&>(node));
      case NodeKind::AugAssign: {
        // The target is read first.
        const auto& augmented = static_cast<const AugAssign&>(node);
        if (const Name* name = as<Name>(augmented.target)) {
          load(name->id, name->id, name->span);
        } else {
          maybe(augmented.target);
        }
        return maybe(augmented.value);
      }
      case NodeKind::If: {
        const auto& branch = static_cast<const If&>(node);
        expression(*branch.test);
        const bool never = is_type_checking(*branch.test);
        const ImportPlace outer = place_;
        type_checking_ += never ? 1 : 0;
        place_ = never ? ImportPlace::type_checking : place_;
        block(branch.body);
        place_ = outer;
        type_checking_ -= never ? 1 : 0;
        return block(branch.orelse);
      }
      case NodeKind::Try:
      case NodeKind::TryStar:
        return try_block(static_cast<const Try&>(node));
      case NodeKind::Match: {
        const auto& match = static_cast<const Match&>(node);
        expression(*match.subject);
        for (const MatchCase& match_case : match.cases) {
          pattern(*match_case.pattern);
          maybe(match_case.guard);
          block(match_case.body);
        }
        return;
      }
      case NodeKind::TypeAlias: {
        const auto& alias = static_cast<const TypeAlias&>(node);
        type_params(alias.type_params);
        return maybe(alias.name);
      }
      default:
        for_each_child(node, [&](const Node& child) {
          if (is_stmt(child.kind)) {
            statement(static_cast<const Stmt&>(child));
          } else {
            expression(static_cast<const Expr&>(child));
          }
        });
    }
  }

  void annotated(const AnnAssign& node) {
    // In a function the annotation of a plain name is never evaluated.
    if (!(node.simple && work_.scopes[scope_].kind == ScopeKind::function)) {
      annotation(node.annotation);
    }
    maybe(node.value);
    if (node.value || !as<Name>(node.target)) {
      maybe(node.target);
    }
  }

  void try_block(const Try& node) {
    const ImportPlace outer = place_;
    place_ = place_ == ImportPlace::type_checking ? place_ : ImportPlace::try_block;
    block(node.body);
    for (const ExceptHandler& handler : node.handlers) {
      maybe(handler.type);
      bind_name(handler.name);
      block(handler.body);
    }
    place_ = outer;
    block(node.orelse);
    block(node.finalbody);
  }

  void pattern(const Pattern& node) {
    if (const MatchAs* capture = as<MatchAs>(&node)) {
      bind_name(capture->name);
    } else if (const MatchStar* star = as<MatchStar>(&node)) {
      bind_name(star->name);
    } else if (const MatchMapping* mapping = as<MatchMapping>(&node)) {
      bind_name(mapping->rest);
    }
    for_each_child(node, [&](const Node& child) {
      if (is_pattern(child.kind)) {
        pattern(static_cast<const Pattern&>(child));
      } else {
        expression(static_cast<const Expr&>(child));
      }
    });
  }

  // ---- imports ----

  bool is_local(std::string_view module, uint32_t level) const {
    const auto& local = in_.options.local_packages;
    return level > 0 || std::ranges::find(local, module.substr(0, module.find('.'))) != local.end();
  }

  void import(const python::Import& node) {
    for (const Alias& alias : node.names) {
      const std::string_view binds = alias.asname.empty() ? alias.name.substr(0, alias.name.find('.')) : alias.asname;
      bind_name(binds);
      spiritsafe::Import& fact = work_.imports.emplace_back();
      fact.span = node.names.size() == 1 ? node.span : alias.span;
      fact.module = known(keep(in_, alias.name), alias.span);
      fact.binds = known(keep(in_, binds), alias.span);
      fact.place = place_;
      fact.local = is_local(alias.name, 0);
    }
  }

  void import_from(const ImportFrom& node) {
    if (node.level == 0 && node.module == "__future__") {
      future_annotations_ = future_annotations_ || std::ranges::any_of(node.names, [](const Alias& alias) {
                              return alias.name == "annotations";
                            });
    }
    std::string_view module = keep(in_, node.module);
    if (node.level > 0) {
      module = in_.kept.copy(std::string_view(std::string(node.level, '.').append(node.module)));
    }
    for (const Alias& alias : node.names) {
      const std::string_view binds = alias.asname.empty() ? alias.name : alias.asname;
      const bool star = alias.name == "*";
      star_ = star_ || star;
      if (!star) {
        bind_name(binds);
      }
      spiritsafe::Import& fact = work_.imports.emplace_back();
      fact.span = node.names.size() == 1 ? node.span : alias.span;
      fact.module = known(module, node.span);
      fact.name = known(keep(in_, alias.name), alias.span);
      fact.binds = star ? Text{} : known(keep(in_, binds), alias.span);
      fact.place = place_;
      fact.local = is_local(node.module, node.level);
    }
  }

  // ---- the end ----

  bool is_bound(const Load& load) {
    const uint32_t name = load.root;
    for (uint32_t scope = load.scope;; scope = work_.scopes[scope].parent) {
      if (has_globals_ && has(work_.globals, scope, name)) {
        scope = 0;
      }
      const bool visible = scope == load.scope || work_.scopes[scope].kind != ScopeKind::class_body;
      if (visible && has(work_.bound, scope, name)) {
        return true;
      }
      if (scope == 0) {
        return star_ || is_builtin(work_.texts[name]);
      }
    }
  }

  void resolve() {
    work_.loaded.clear();
    work_.uses.reserve(work_.loads.size());
    for (const Load& load : work_.loads) {
      const bool bound = is_bound(load);
      if (!insert(work_.loaded, bound, load.text)) {
        continue;
      }
      Use& use = work_.uses.emplace_back();
      use.span = load.span;
      use.text = known(keep(in_, work_.texts[load.text]), load.span);
      use.root = known(keep(in_, work_.texts[load.root]), load.span);
      use.bound = bound;
    }
  }

  Interpreter& in_;
  Workspace& work_;
  uint32_t scope_ = 0;
  uint32_t type_checking_ = 0;
  ImportPlace place_ = ImportPlace::module;
  bool has_globals_ = false;
  bool future_annotations_ = false;
  bool star_ = false;
};

}  // namespace

NamesFound read_names(Interpreter& in, const Module& module) {
  static thread_local Workspace work;
  NameReader reader(in, work);
  reader.read(module);
  std::vector<Text> modules;
  for (const spiritsafe::Import& fact : work.imports) {
    if (fact.place == ImportPlace::module) {
      modules.push_back(fact.module);
    }
  }
  // Every import sees the first part of the one list.
  const std::span<const Text> all = in.kept.copy(modules);
  size_t before = 0;
  for (spiritsafe::Import& fact : work.imports) {
    fact.after = {all.first(before), State::known, false};
    before += fact.place == ImportPlace::module ? 1 : 0;
  }
  NamesFound found;
  found.imports.items = in.kept.copy(work.imports);
  found.uses.items = in.kept.copy(work.uses);
  return found;
}

}  // namespace spiritsafe
