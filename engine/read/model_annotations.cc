// SPDX-License-Identifier: Apache-2.0
// What the annotation of a field comes to.
#include <algorithm>
#include <string>

#include "engine/python/parse.h"
#include "engine/read/model_fields.h"

namespace spiritsafe {
namespace {

using namespace python;

constexpr int deepest_annotation = 30;

struct NamedType {
  std::string_view name = {};
  PythonType type = PythonType::other;
};
constexpr NamedType named_types[] = {
    {"builtins.bool", PythonType::boolean},
    {"builtins.bytes", PythonType::bytes},
    {"builtins.dict", PythonType::other},
    {"builtins.float", PythonType::floating},
    {"builtins.int", PythonType::integer},
    {"builtins.list", PythonType::other},
    {"builtins.object", PythonType::other},
    {"builtins.set", PythonType::other},
    {"builtins.str", PythonType::string},
    {"builtins.tuple", PythonType::other},
    {"collections.abc.Mapping", PythonType::other},
    {"collections.abc.Sequence", PythonType::other},
    {"datetime.date", PythonType::date},
    {"datetime.datetime", PythonType::datetime},
    {"datetime.time", PythonType::time},
    {"datetime.timedelta", PythonType::timedelta},
    {"decimal.Decimal", PythonType::decimal},
    {"ipaddress.IPv4Address", PythonType::text_like},
    {"ipaddress.IPv4Network", PythonType::text_like},
    {"ipaddress.IPv6Address", PythonType::text_like},
    {"ipaddress.IPv6Network", PythonType::text_like},
    {"pathlib.Path", PythonType::text_like},
    {"pydantic.EmailStr", PythonType::email},
    {"typing.Any", PythonType::other},
    {"typing.Dict", PythonType::other},
    {"typing.List", PythonType::other},
    {"typing.Mapping", PythonType::other},
    {"typing.Sequence", PythonType::other},
    {"typing.Set", PythonType::other},
    {"typing.Tuple", PythonType::other},
    {"uuid.UUID", PythonType::uuid},
};
static_assert(std::ranges::is_sorted(named_types, {}, &NamedType::name));

// typing_extensions and pydantic's own modules give the same things under other names.
std::string usual_name(std::string_view name) {
  const std::string_view top = name.substr(0, name.find('.'));
  const std::string_view leaf = name.substr(name.rfind('.') + 1);
  if (top == "typing_extensions") {
    return "typing." + std::string(leaf);
  }
  return top == "pydantic" ? "pydantic." + std::string(leaf) : std::string(name);
}

struct Reader {
  ModuleSet& in;
  Span span;
  Annotated found = {};
  int depth = 0;
  bool has_type = false;  // a second one makes it a union of several

  void give_up(std::string_view why) {
    found.type = unknown<PythonType>(span);
    found.why = found.why.empty() ? why : found.why;
    has_type = true;
  }

  void give(PythonType type) {
    if (has_type && !(found.type.is_known() && found.type.value == type && type == PythonType::other)) {
      // Several types together have no column type of their own.
      found.type = found.type.is_unknown() ? found.type : known(PythonType::other, span);
      return;
    }
    has_type = true;
    found.type = known(type, span);
  }

  void read_quoted(const Visible& names, std::string_view text) {
    const std::string_view kept = in.scratch.copy(text);
    const ParseResult parsed = text.size() < 2000 ? parse(kept, {}, in.scratch) : ParseResult{};
    const ExprStmt* statement =
        parsed && parsed.module->body.size() == 1 ? as<ExprStmt>(parsed.module->body[0]) : nullptr;
    if (!statement) {
      give_up("has an annotation that cannot be read");
      return;
    }
    Visible* later = in.scratch.make<Visible>(names);  // looked up when all is defined
    later->before = UINT32_MAX;
    read(*later, *statement->value);
  }

  void read_class(PyClass& one) {
    resolve(in, one);
    const Ancestry& ancestry = one.ancestry;
    if (ancestry.open) {
      give_up("has the type of a class with an unknown base");
    } else if (ancestry.enumeration) {
      found.enumeration = &one;
      give(ancestry.text      ? PythonType::string_enumeration
           : ancestry.integer ? PythonType::integer_enumeration
                              : PythonType::enumeration);
    } else if (ancestry.text || ancestry.integer) {
      give(ancestry.text ? PythonType::string : PythonType::integer);
    } else {
      give(PythonType::other);
    }
  }

  void read_outside(std::string_view name) {
    const std::string usual = usual_name(name);
    const auto* row = std::ranges::lower_bound(named_types, std::string_view(usual), {}, &NamedType::name);
    if (row != std::end(named_types) && row->name == usual) {
      give(row->type);
    } else if (usual == "typing.ClassVar" || usual == "dataclasses.InitVar") {
      found.no_column = true;
    } else if (usual == "typing.Optional") {
      give_up("has an annotation that cannot be read");
    } else {
      give_up("has a type of another package");
    }
  }

  void read_metadata(const Visible& names, const Expr& item) {
    const Seen value = follow(in, names, &item);
    const std::string_view leaf = value.kind == SeenKind::call
                                      ? leaf_in(*value.base, {"sqlmodel", "sqlalchemy", "pydantic"})
                                      : std::string_view{};
    if (leaf == "Field" || leaf == "mapped_column") {
      found.field = value;
    } else if (leaf == "StringConstraints" || leaf == "MaxLen" || leaf == "constr") {
      found.max_length = unknown<int64_t>(span);
    }
  }

  void read_subscript(const Visible& names, const Subscript& node) {
    const Seen base = follow(in, names, node.value);
    const Tuple* several = as<Tuple>(node.slice);
    const std::string usual = base.kind == SeenKind::outside ? usual_name(base.text) : std::string();
    if (usual == "typing.Optional") {
      found.noneable = known(true, span);
      read(names, *node.slice);
    } else if (usual == "typing.Union") {
      if (!several) {
        read(names, *node.slice);
      }
      for (const Expr* each : several ? several->elts : Sequence<Expr*>{}) {
        read(names, *each);
      }
    } else if (usual == "typing.Annotated" && several && !several->elts.empty()) {
      read(names, *several->elts[0]);
      for (size_t i = 1; i < several->elts.size(); ++i) {
        read_metadata(names, *several->elts[i]);
      }
    } else if (usual == "typing.Final" || usual == "typing.Required") {
      read(names, *node.slice);
    } else if (usual == "typing.ClassVar" || usual == "dataclasses.InitVar") {
      found.no_column = true;
    } else if (usual == "typing.Literal") {
      give(PythonType::other);
    } else if (base.kind == SeenKind::outside && base.text.starts_with("sqlalchemy.")) {
      const std::string_view leaf = base.text.substr(base.text.rfind('.') + 1);
      found.mapped = true;
      if (leaf == "Mapped" || leaf == "MappedColumn") {
        read(names, *node.slice);
      } else {
        found.no_column = leaf == "WriteOnlyMapped" || leaf == "DynamicMapped";
        give(PythonType::other);
      }
    } else if (base.kind == SeenKind::outside && usual != "typing.Optional") {
      read_outside(base.text);
    } else if (base.kind == SeenKind::class_of) {
      read_class(*base.class_of);
    } else {
      give_up("has an annotation that cannot be followed");
    }
  }

  void read_call(const Seen& call) {
    const std::string_view leaf = leaf_in(*call.base, {"pydantic", "typing", "typing_extensions"});
    const SeenArguments arguments = arguments_of(in, call);
    if (leaf == "condecimal") {
      give(PythonType::decimal);
      found.max_digits = number_of(arguments.find("max_digits"), span);
      found.decimal_places = number_of(arguments.find("decimal_places"), span);
    } else if (leaf == "constr") {
      give(PythonType::string);
      found.max_length = arguments.open || arguments.find("max_length") ? unknown<int64_t>(span) : Number{};
    } else if (leaf == "NewType" && in.pydantic_1 && arguments.items.size() == 2) {
      read(*call.names, *arguments.items[1].expression);
    } else if (leaf == "conint") {
      give(PythonType::integer);
    } else if (leaf == "confloat") {
      give(PythonType::floating);
    } else {
      give_up("has a type that is made by a call");
    }
  }

  void read_seen(const Seen& seen, const Expr& written) {
    switch (seen.kind) {
      case SeenKind::none:
        found.noneable = known(true, span);
        break;
      case SeenKind::text:
        seen.names ? read_quoted(*seen.names, seen.text) : give_up("has an annotation that cannot be read");
        break;
      case SeenKind::outside:
        read_outside(seen.text);
        break;
      case SeenKind::class_of:
        read_class(*seen.class_of);
        break;
      case SeenKind::call:
        read_call(seen);
        break;
      case SeenKind::expression:
        if (seen.expression != &written) {
          read(*seen.names, *seen.expression);  // an alias: what it stands for
          break;
        }
        [[fallthrough]];
      default:
        give_up(seen.kind == SeenKind::unknown && !seen.text.empty() ? seen.text
                                                                     : "has an annotation that cannot be followed");
    }
  }

  void read(const Visible& names, const Expr& node) {
    if (++depth > deepest_annotation || in.budget == 0) {
      give_up("has an annotation that is too much to follow");
    } else if (const BinOp* either = as<BinOp>(&node); either && either->op == Operator::BitOr) {
      read(names, *either->left);
      read(names, *either->right);
    } else if (const Subscript* item = as<Subscript>(&node)) {
      read_subscript(names, *item);
    } else if (const Constant* text = as<Constant>(&node); text && text->value_kind == ConstantKind::Str) {
      text->value_known ? read_quoted(names, text->value) : give_up("has an annotation that cannot be read");
    } else {
      read_seen(follow(in, names, &node), node);
    }
    --depth;
  }
};

}  // namespace

Annotated read_annotation(ModuleSet& in, const Visible& names, const Expr& expression, Span span) {
  Reader reader{in, span};
  reader.found.noneable = known(false, span);
  reader.read(names, expression);
  Annotated& found = reader.found;
  if (!reader.has_type && !found.no_column) {
    reader.give_up("has an annotation without a type");
  }
  if (found.type.is_unknown() && !(found.noneable.value)) {
    found.noneable = unknown<bool>(span);
  }
  return found;
}

}  // namespace spiritsafe
