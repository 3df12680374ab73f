// SPDX-License-Identifier: Apache-2.0
// The project's classes: what they inherit from, whose metadata they use, and what an enumeration lists.
#include <algorithm>
#include <string>

#include "engine/read/interpret.h"
#include "engine/read/modules.h"

namespace spiritsafe {
namespace {

using namespace python;

constexpr size_t most_bases = 200;  // of one class, over all generations

// Bases of other packages that add neither columns nor constraints.
constexpr std::string_view harmless[] = {
    "abc.ABC",        "builtins.object", "sqlalchemy.ext.asyncio.AsyncAttrs", "sqlalchemy.orm.MappedAsDataclass",
    "typing.Generic", "typing.Protocol",
};

// false: nobody knows what that base brings.
bool add_outside(std::string_view name, Ancestry& ancestry) {
  const std::string_view top = name.substr(0, name.find('.'));
  const std::string_view leaf = name.substr(name.rfind('.') + 1);
  if (top == "sqlmodel" && leaf == "SQLModel") {
    ancestry.sqlmodel = ancestry.pydantic = true;
  } else if (top == "pydantic" && (leaf == "BaseModel" || leaf == "GenericModel")) {
    ancestry.pydantic = true;
  } else if (top == "sqlalchemy" && leaf.starts_with("DeclarativeBase")) {
    ancestry.declarative = true;
  } else if (top == "sqlalchemy" && leaf == "TypeDecorator") {
    ancestry.decorator = true;
  } else if (top == "enum") {
    ancestry.enumeration = true;
    ancestry.text = ancestry.text || leaf == "StrEnum";
    ancestry.integer = ancestry.integer || leaf == "IntEnum";
    return leaf.ends_with("Enum");
  } else if (top == "builtins" && leaf == "str") {
    ancestry.text = true;
  } else if (top == "builtins" && leaf == "int") {
    ancestry.integer = true;
  } else {
    return std::ranges::find(harmless, name) != std::end(harmless);
  }
  return true;
}

void join(Ancestry& to, const Ancestry& from) {
  to.sqlmodel = to.sqlmodel || from.sqlmodel;
  to.pydantic = to.pydantic || from.pydantic;
  to.declarative = to.declarative || from.declarative;
  to.enumeration = to.enumeration || from.enumeration;
  to.text = to.text || from.text;
  to.integer = to.integer || from.integer;
  to.decorator = to.decorator || from.decorator;
  to.open = to.open || from.open;
}

// Python's order of asking (C3); false where there is none.
bool merge_orders(std::vector<std::vector<PyClass*>> lists, std::vector<PyClass*>& order) {
  for (;;) {
    std::erase_if(lists, [](const auto& list) { return list.empty(); });
    if (lists.empty()) {
      return true;
    }
    if (order.size() > most_bases) {
      return false;
    }
    PyClass* next = nullptr;
    for (const auto& list : lists) {
      const bool waits = std::ranges::any_of(lists, [&](const auto& other) {
        return std::find(other.begin() + 1, other.end(), list.front()) != other.end();
      });
      if (!waits) {
        next = list.front();
        break;
      }
    }
    if (!next) {
      return false;
    }
    order.push_back(next);
    for (auto& list : lists) {
      if (list.front() == next) {
        list.erase(list.begin());
      }
    }
  }
}

void add_base(ModuleSet& in, PyClass& one, const Expr* expression, std::vector<std::vector<PyClass*>>& lists,
              std::vector<PyClass*>& direct) {
  const auto doubt = [&](std::string_view why) {
    one.ancestry.open = true;
    one.why = one.why.empty() ? why : one.why;
  };
  if (const Subscript* generic = as<Subscript>(expression)) {
    expression = generic->value;  // Base[int]
  }
  const Seen base = follow(in, *one.names->outer, expression);
  if (base.kind == SeenKind::class_of) {
    resolve(in, *base.class_of);
    if (base.class_of->order.empty()) {
      doubt("is its own base");
      return;
    }
    join(one.ancestry, base.class_of->ancestry);
    one.why = one.why.empty() ? base.class_of->why : one.why;
    one.root = one.root.kind == SeenKind::unknown ? base.class_of->root : one.root;
    lists.push_back(base.class_of->order);
    direct.push_back(base.class_of);
  } else if (base.kind == SeenKind::outside) {
    const std::string_view type = leaf_in(base, {"sqlalchemy", "sqlmodel"});
    if (!type.empty() && family_of_type(type).value != TypeFamily::other) {
      one.root = base;  // a type of SQLAlchemy's with something added
    } else if (!add_outside(base.text, one.ancestry)) {
      doubt("has a base class of another package");
    }
  } else if (called(base) == "declarative_base" || called(base) == "generate_base" ||
             (base.kind == SeenKind::call && base.base->kind == SeenKind::method &&
              base.base->text == "generate_base" && called(*base.base->base) == "registry")) {
    one.ancestry.declarative = true;
    one.root = base;
  } else {
    doubt("has a base class that cannot be followed");
  }
}

// By what one MetaData(…) or class is told from all others.
std::string_view identity_of(ModuleSet& in, const PyModule& module, Span span) {
  return in.scratch.copy(std::string_view(module.name + ":" + std::to_string(span.begin)));
}

}  // namespace

PyClass* class_of(ModuleSet& in, const ClassDef& node, PyModule& module, const Visible& names) {
  std::unique_ptr<PyClass>& made = in.classes[&node];
  if (!made) {
    made = std::make_unique<PyClass>();
    made->node = &node;
    made->module = &module;
    Visible* around = in.scratch.make<Visible>(names);
    around->before = node.span.begin;
    Visible* inside = in.scratch.make<Visible>();
    inside->module = &module;
    inside->outer = around;
    inside->body = &node;
    made->names = inside;
    collect_bindings(node.body, made->bindings, nullptr);
  }
  return made.get();
}

void resolve(ModuleSet& in, PyClass& one) {
  if (one.is_resolved) {
    return;
  }
  one.is_resolved = true;  // `order` stays empty meanwhile: a class that is its own base meets that
  std::vector<std::vector<PyClass*>> lists;
  std::vector<PyClass*> direct;
  if (in.depth >= deepest_following) {
    one.ancestry.open = true;
    one.why = "has too many generations of base classes";
    one.order = {&one};
    return;
  }
  ++in.depth;
  for (const Expr* base : one.node->bases) {
    add_base(in, one, base, lists, direct);
  }
  --in.depth;
  lists.push_back(direct);
  std::vector<PyClass*> order = {&one};
  if (!merge_orders(std::move(lists), order)) {
    one.ancestry.open = true;
    one.why = "has base classes in an order that Python refuses";
  }
  one.order = std::move(order);
}

const NameBinding* last_binding(const Bindings& bindings, std::string_view name) {
  const auto found = bindings.find(name);
  return found == bindings.end() || found->second.empty() ? nullptr : &found->second.back();
}

Seen metadata_of(ModuleSet& in, const Seen& value) {
  if (value.kind == SeenKind::metadata) {
    return value;
  }
  const std::string_view leaf = called(value);
  if (leaf == "MetaData" || leaf == "registry" || leaf == "declarative_base") {
    if (leaf != "MetaData") {
      const SeenArguments arguments = arguments_of(in, value);
      if (const SeenArgument* given = arguments.find("metadata", leaf == "registry" ? 0 : SIZE_MAX);
          given && given->value.kind != SeenKind::none) {
        return metadata_of(in, given->value);
      }
      if (arguments.open) {
        return unknown_thing("is a metadata that is not known");
      }
    }
    Seen seen;
    seen.kind = SeenKind::metadata;
    seen.text = identity_of(in, *value.names->module, value.expression->span);
    seen.base = leaf == "MetaData" ? in.scratch.make<Seen>(value) : nullptr;
    return seen;
  }
  return unknown_thing("is a metadata that is not known");
}

Seen metadata_of_class(ModuleSet& in, PyClass& one) {
  resolve(in, one);
  for (PyClass* each : one.order) {
    if (const NameBinding* own = last_binding(each->bindings, "metadata"); own && own->value) {
      return metadata_of(in, follow(in, *each->names, own->value));
    }
    for (const Keyword& keyword : each->node->keywords) {
      if (keyword.arg == "registry") {
        return metadata_of(in, follow(in, *each->names->outer, keyword.value));
      }
    }
    if (const NameBinding* own = last_binding(each->bindings, "registry"); own && own->value) {
      return metadata_of(in, follow(in, *each->names, own->value));
    }
  }
  if (one.root.kind == SeenKind::call && one.root.base->kind != SeenKind::method) {
    return metadata_of(in, one.root);
  }
  if (one.root.kind == SeenKind::call) {
    return metadata_of(in, *one.root.base->base);
  }
  Seen seen;
  seen.kind = SeenKind::metadata;
  if (one.ancestry.sqlmodel) {
    seen.text = "sqlmodel";
    return seen;
  }
  if (one.ancestry.declarative && !one.order.empty()) {
    // That of the class that DeclarativeBase itself is a base of: the last one that has it among its ancestors.
    for (auto each = one.order.rbegin(); each != one.order.rend(); ++each) {
      if ((*each)->ancestry.declarative) {
        seen.text = identity_of(in, *(*each)->module, (*each)->node->span);
        return seen;
      }
    }
  }
  return unknown_thing("is a metadata that is not known");
}

const EnumClass* read_enum_class(ModuleSet& in, PyClass& one) {
  resolve(in, one);
  EnumClass* made = in.kept.make<EnumClass>();
  made->span = one.node->name_span;
  made->file = one.module->file;
  made->name = known(one.node->name, one.node->name_span);
  std::vector<Text> members;
  std::vector<Text> values;
  bool open = one.ancestry.open || !one.node->decorator_list.empty();
  for (const Expr* decorator : one.node->decorator_list) {
    const Seen seen = follow(in, *one.names->outer, decorator);
    open = seen.kind != SeenKind::outside || seen.text != "enum.unique";
  }
  for (const Stmt* statement : one.node->body) {
    const Assign* assign = as<Assign>(statement);
    const AnnAssign* annotated = as<AnnAssign>(statement);
    const Name* name = assign && assign->targets.size() == 1 ? as<Name>(assign->targets[0])
                       : annotated && annotated->value       ? as<Name>(annotated->target)
                                                             : nullptr;
    if (!name) {
      const bool plain = as<FunctionDef>(statement) || as<ExprStmt>(statement) || as<Pass>(statement) ||
                         as<ClassDef>(statement) || (annotated && !annotated->value);
      open = open || !plain;
      continue;
    }
    if (name->id.starts_with('_')) {
      open = open || name->id == "_ignore_";
      continue;
    }
    const Seen value = follow(in, *one.names, assign ? assign->value : annotated->value);
    Text stored = unknown<std::string_view>(statement->span);
    if (value.kind == SeenKind::text) {
      stored = known(in.kept.copy(value.text), statement->span);
    } else if (value.kind == SeenKind::integer) {
      stored = known(in.kept.copy(std::string_view(std::to_string(value.integer))), statement->span);
    }
    // Of two names with one value the second is another name of the first; SQLAlchemy's versions differ about it.
    open = open || std::ranges::any_of(values, [&](const Text& other) {
             return other.is_known() && stored.is_known() && other.value == stored.value;
           });
    members.push_back(known(name->id, name->span));
    values.push_back(stored);
  }
  for (PyClass* each : one.order) {
    open = open || (each != &one && each->ancestry.enumeration &&
                    std::ranges::any_of(each->node->body,
                                        [](const Stmt* statement) { return as<Assign>(statement) != nullptr; }));
  }
  made->members = {in.kept.copy(members), State::known, open};
  made->values = {in.kept.copy(values), State::known, open};
  return made;
}

}  // namespace spiritsafe
