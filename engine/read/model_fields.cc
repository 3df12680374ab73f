// SPDX-License-Identifier: Apache-2.0
// Which statements of a class and its bases make columns.
#include "engine/read/model_fields.h"

#include <algorithm>
#include <string>

namespace spiritsafe {
namespace {

using namespace python;

// A statement of a class body that may make a column.
struct ClassAttribute {
  std::string_view name = {};
  const Stmt* statement = nullptr;
  const Expr* annotation = nullptr;
  const Expr* value = nullptr;
};

// Something of another package, of which nobody knows whether it is a Field(…).
bool may_be_field(const Seen& value) {
  static constexpr std::string_view plain[] = {
      "builtins", "collections", "dataclasses", "datetime", "decimal", "enum", "ipaddress", "json",
      "math",     "os",          "pathlib",     "pydantic", "secrets", "time", "typing",    "uuid"};
  const Seen& from = value.kind == SeenKind::call ? *value.base : value;
  return from.kind == SeenKind::outside && !std::ranges::binary_search(plain, from.text.substr(0, from.text.find('.')));
}

struct Collected {
  ModuleSet& in;
  PyClass& one;
  FieldsFound found = {};

  void doubt(std::string_view why) {
    found.open = true;
    found.why = found.why.empty() ? why : found.why;
  }

  ModelField start(PyClass& owner, const ClassAttribute& attribute) {
    ModelField field;
    field.span = attribute.statement->span;
    field.file = owner.module->file;
    field.class_name = known(owner.node->name, owner.node->name_span);
    field.own = known(&owner == &one);
    field.name = known(attribute.name, attribute.statement->span);
    if (attribute.annotation) {
      field.annotation = known(slice(owner.module->text, attribute.annotation->span), attribute.annotation->span);
    }
    return field;
  }

  void put(ModelField field) {
    const auto same = [&](const ModelField& other) { return other.name.value == field.name.value; };
    if (const auto found_there = std::ranges::find_if(found.fields, same); found_there != found.fields.end()) {
      *found_there = field;  // what a subclass says replaces all of it
    } else {
      found.fields.push_back(field);
    }
  }

  void remove(std::string_view name) {
    std::erase_if(found.fields, [&](const ModelField& field) { return field.name.value == name; });
  }

  void put_relationship(const ClassAttribute& attribute, const Seen& call, const Visible& names) {
    ModelRelationship made;
    made.span = attribute.statement->span;
    made.file = names.module->file;
    made.name = known(attribute.name, made.span);
    made.native = leaf_in(*call.base, {"sqlmodel"}) == "Relationship";
    if (attribute.annotation) {
      made.target = known(slice(names.module->text, attribute.annotation->span), attribute.annotation->span);
    }
    const SeenArguments arguments = arguments_of(in, call);
    made.sa_relationship = known(arguments.find("sa_relationship") != nullptr, made.span);
    const SeenArgument* link = arguments.find("link_model");
    if (link && link->value.kind == SeenKind::class_of) {
      made.link_model = known(link->value.class_of->node->name, link->span);
    } else if (link) {
      made.link_model = unknown<std::string_view>(link->span);
    }
    found.relationships.push_back(made);
  }

  void set_annotation(ModelField& field, const Annotated& annotated) {
    field.python_type = annotated.type;
    field.noneable = annotated.noneable;
    field.enumeration = annotated.enumeration ? enum_of(in, *annotated.enumeration) : field.enumeration;
    field.max_length = annotated.max_length;
    field.max_digits = annotated.max_digits;
    field.decimal_places = annotated.decimal_places;
    if (annotated.type.is_unknown()) {
      field.why = known(annotated.why);
    }
  }

  // ---- SQLModel ----

  void add_sqlmodel(PyClass& owner, const ClassAttribute& attribute) {
    const Visible& names = *owner.names;
    const Span span = attribute.statement->span;
    ModelField field = start(owner, attribute);
    Annotated annotated;
    if (attribute.annotation) {
      annotated = read_annotation(in, names, *attribute.annotation, attribute.annotation->span);
      if (annotated.no_column) {
        remove(attribute.name);
        return;
      }
      set_annotation(field, annotated);
      if (annotated.field.kind == SeenKind::call) {
        read_field_call(in, annotated.field, field);
      }
    }
    const Seen value = attribute.value ? follow(in, names, attribute.value) : Seen{};
    const std::string_view leaf = value.kind == SeenKind::call
                                      ? leaf_in(*value.base, {"sqlmodel", "sqlalchemy", "pydantic"})
                                      : std::string_view{};
    if (leaf == "Relationship" || leaf == "relationship" || leaf == "association_proxy" || leaf == "column_property" ||
        leaf == "PrivateAttr" || leaf == "hybrid_property" || leaf == "synonym") {
      if (leaf == "Relationship" || leaf == "relationship") {
        put_relationship(attribute, value, names);
      }
      remove(attribute.name);
      return;
    }
    if (!attribute.annotation && leaf != "Field" && leaf != "Column" && leaf != "mapped_column") {
      // pydantic 1 makes a field of a plain value; pydantic 2 refuses it.
      const bool plain =
          value.kind == SeenKind::text || value.kind == SeenKind::integer || value.kind == SeenKind::boolean;
      if (!in.pydantic_1 || value.kind == SeenKind::outside || value.kind == SeenKind::class_of) {
        return;
      }
      if (!plain) {
        doubt("has an attribute without annotation that is not followed");
        return;
      }
      field.python_type = known(value.kind == SeenKind::text      ? PythonType::string
                                : value.kind == SeenKind::integer ? PythonType::integer
                                                                  : PythonType::boolean,
                                span);
      field.noneable = known(false, span);
    }
    if (leaf == "Field") {
      read_field_call(in, value, field);
      if (!attribute.annotation) {
        field.python_type = unknown<PythonType>(span);
        field.noneable = unknown<bool>(span);
        field.why = known(std::string_view("has no annotation"));
      }
    } else if (leaf == "Column" || leaf == "mapped_column") {
      read_column_call(in, value, field);
      field.form = FieldForm::declarative;
    } else if (attribute.value) {
      const auto* constant = as<Constant>(attribute.value);
      field.demanded = constant && constant->value_kind == ConstantKind::Ellipsis;
      field.has_default = known(!field.demanded);
      field.default_none = known(value.kind == SeenKind::none);
      const bool project_call = as<Call>(attribute.value) && value.kind == SeenKind::unknown;
      if (value.kind == SeenKind::unknown || may_be_field(value)) {
        // It may be a Field(…) that was made elsewhere.
        field.default_none = unknown<bool>(span);
        if (project_call || may_be_field(value) || as<Name>(attribute.value) ||
            as<python::Attribute>(attribute.value)) {
          field.open = true;
          field.python_type = unknown<PythonType>(span);
          field.noneable = unknown<bool>(span);
          field.why = known(value.text.empty() || value.kind != SeenKind::unknown
                                ? std::string_view("is given a value that cannot be followed")
                                : value.text);
        }
      }
    }
    put(field);
  }

  // ---- SQLAlchemy's declarative classes ----

  void add_declarative(PyClass& owner, const ClassAttribute& attribute) {
    const Visible& names = *owner.names;
    ModelField field = start(owner, attribute);
    Annotated annotated;
    if (attribute.annotation) {
      annotated = read_annotation(in, names, *attribute.annotation, attribute.annotation->span);
    }
    const Seen value = attribute.value ? follow(in, names, attribute.value) : Seen{};
    const std::string_view leaf = called(value);
    if (leaf == "relationship") {
      put_relationship(attribute, value, names);
      return;
    }
    const bool from_alias = annotated.field.kind == SeenKind::call && called(annotated.field) == "mapped_column";
    if (leaf == "Column" || leaf == "mapped_column" || ((annotated.mapped && !attribute.value) || from_alias)) {
      if (annotated.no_column) {
        return;
      }
      field.form = FieldForm::declarative;
      if (annotated.mapped) {
        set_annotation(field, annotated);
      }
      if (from_alias) {
        read_column_call(in, annotated.field, field);
      }
      if (!leaf.empty()) {
        read_column_call(in, value, field);
      }
      put(field);
    } else if (leaf == "deferred" || leaf == "Column" || leaf == "column_property" || leaf == "composite") {
      doubt("has an attribute that is not followed");
    } else if (value.kind == SeenKind::unknown && attribute.value && as<Call>(attribute.value)) {
      doubt("has an attribute that cannot be followed");
    }
  }

  // @declared_attr def owner_id(cls): return Column(…)
  void add_function(PyClass& owner, const FunctionDef& function, bool sqlmodel) {
    bool declares = false;
    for (const Expr* decorator : function.decorator_list) {
      const Expr* inner = decorator;
      while (const python::Attribute* attribute = as<python::Attribute>(inner)) {
        const Seen seen = follow(in, *owner.names, attribute);
        if (leaf_in(seen, {"sqlalchemy", "sqlmodel"}) == "declared_attr") {
          break;
        }
        inner = attribute->value;
      }
      const Seen seen = follow(in, *owner.names, inner);
      declares = declares || leaf_in(seen, {"sqlalchemy", "sqlmodel"}) == "declared_attr";
    }
    if (!declares || function.name.starts_with("__")) {
      return;
    }
    const Return* result = function.body.empty() ? nullptr : as<Return>(function.body.back());
    const Seen value = result && result->value ? follow(in, *owner.names, result->value) : Seen{};
    const std::string_view leaf = called(value);
    if (leaf == "relationship") {
      return;
    }
    if (leaf == "Column" || leaf == "mapped_column") {
      ClassAttribute attribute{function.name, &function, nullptr, nullptr};
      ModelField field = start(owner, attribute);
      field.form = FieldForm::declarative;
      field.span = function.name_span;
      read_column_call(in, value, field);
      if (function.body.size() > 1 || sqlmodel) {
        field.open = true;
        field.why = known(std::string_view("is made by a function"));
      }
      put(field);
      return;
    }
    doubt("has columns that a function makes");
  }

  void add_class(PyClass& owner, bool sqlmodel) {
    for (const Stmt* statement : owner.node->body) {
      ClassAttribute attribute;
      attribute.statement = statement;
      if (const AnnAssign* annotated = as<AnnAssign>(statement)) {
        const Name* name = as<Name>(annotated->target);
        attribute.name = name ? name->id : std::string_view{};
        attribute.annotation = annotated->annotation;
        attribute.value = annotated->value;
      } else if (const Assign* assign = as<Assign>(statement)) {
        const Name* name = assign->targets.size() == 1 ? as<Name>(assign->targets[0]) : nullptr;
        attribute.name = name ? name->id : std::string_view{};
        attribute.value = assign->value;
        if (!name) {
          doubt("has an assignment to several names");
        }
      } else if (const FunctionDef* function = as<FunctionDef>(statement)) {
        add_function(owner, *function, sqlmodel);
        continue;
      } else if (as<If>(statement) || as<For>(statement) || as<Try>(statement) || as<With>(statement) ||
                 as<While>(statement)) {
        Bindings inside;
        Stmt* const alone[] = {const_cast<Stmt*>(statement)};
        collect_bindings(alone, inside, nullptr);
        if (!inside.empty() && !std::ranges::all_of(inside, [](const auto& entry) {
              return std::ranges::all_of(entry.second, [](const NameBinding& each) {
                return each.for_checkers || as<FunctionDef>(each.statement);
              });
            })) {
          doubt("has attributes that depend on a condition");
        }
        continue;
      }
      if (attribute.name.empty() || attribute.name.starts_with('_') || attribute.name == "model_config" ||
          (attribute.name == "metadata" && !attribute.annotation) || attribute.name == "registry") {
        continue;
      }
      sqlmodel ? add_sqlmodel(owner, attribute) : add_declarative(owner, attribute);
    }
  }
};

}  // namespace

FieldsFound read_sqlmodel_fields(ModuleSet& in, PyClass& one) {
  resolve(in, one);
  Collected collected{in, one};
  if (one.ancestry.open) {
    collected.doubt(one.why);
  }
  for (auto each = one.order.rbegin(); each != one.order.rend(); ++each) {
    resolve(in, **each);
    if (!(*each)->ancestry.pydantic && in.pydantic_1) {
      continue;  // a plain class: its annotations are no fields
    }
    collected.add_class(**each, true);
  }
  return std::move(collected.found);
}

FieldsFound read_declarative_fields(ModuleSet& in, PyClass& one, const std::vector<PyClass*>& without) {
  resolve(in, one);
  Collected collected{in, one};
  if (one.ancestry.open) {
    collected.doubt(one.why);
  }
  for (auto each = one.order.rbegin(); each != one.order.rend(); ++each) {
    if (std::ranges::find(without, *each) == without.end()) {
      if (last_binding((*each)->bindings, "type_annotation_map")) {
        collected.doubt("has a type_annotation_map");
      }
      collected.add_class(**each, false);
    }
  }
  return std::move(collected.found);
}

}  // namespace spiritsafe
