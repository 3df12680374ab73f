// SPDX-License-Identifier: Apache-2.0
// What the classes of a project say of its tables: SQLModel's, SQLAlchemy's declarative ones, and Table(…) objects.
// Plain data that engine/read makes of Python modules; what cannot be known of them is unknown. Texts and lists are
// views into ModelsFacts::arena, which the facts keep, and into the texts of the files that the caller keeps.
#pragma once

#include <memory>
#include <vector>

#include "engine/facts/behaviours.h"
#include "engine/facts/kinds.h"
#include "engine/facts/migration.h"
#include "engine/facts/schema.h"
#include "engine/facts/value.h"
#include "engine/text/arena.h"

namespace spiritsafe {

struct File;
struct Model;
struct ModelModule;

// What an annotation comes to when Optional, Annotated and aliases are taken away.
enum class PythonType : uint8_t {
  string,
  email,      // pydantic's EmailStr
  text_like,  // Path, IPv4Address and the like
  floating,
  boolean,
  integer,
  datetime,
  date,
  timedelta,
  time,
  bytes,
  decimal,
  uuid,
  enumeration,          // class E(Enum)
  string_enumeration,   // class E(str, Enum), StrEnum
  integer_enumeration,  // class E(int, Enum), IntEnum
  other,                // dict, list, Any, a union of two types, …: no column type of its own
};
inline constexpr size_t python_type_count = static_cast<size_t>(PythonType::other) + 1;
template <>
std::span<const std::string_view> names_of<PythonType>();

// A Python enumeration that is a column's type.
struct EnumClass {
  Span span = {};
  const File* file = nullptr;
  Text name = {};      // of the class
  Texts members = {};  // their names, which SQLAlchemy stores, in order; aliases of another member are left out
  Texts values = {};   // as long as members; what is no text is unknown
};

// How a column came to be in a model.
enum class FieldForm : uint8_t {
  annotation,   // of its annotation and Field(…), if any: SQLModel makes the column
  sa_column,    // Field(sa_column=Column(…)): the column is as it is written
  declarative,  // Column(…) or mapped_column(…) as an attribute, or in Table(…)
};
template <>
std::span<const std::string_view> names_of<FieldForm>();

struct ModelField {
  Span span = {};              // the statement in the class that has it, which may be a mixin's
  const File* file = nullptr;  // of that class
  Text class_name = {};        // likewise
  Text name = {};              // of the attribute
  FieldForm form = FieldForm::annotation;
  Text annotation = {};  // as written; absent: none
  Fact<PythonType> python_type = {};
  Flag noneable = {};         // the annotation allows None
  Flag default_none = {};     // the default is None; absent: there is none
  Flag has_default = {};      // it has a default or a default_factory
  bool demanded = false;      // the default is `...`
  Text default_factory = {};  // its full name, `datetime.datetime.utcnow`; of a lambda as written
  Number max_length = {}, max_digits = {}, decimal_places = {};  // of Field(…) or of the annotation
  const EnumClass* enumeration = nullptr;                        // that is its type, or that its Enum(…) names
  bool enum_of_values = false;  // values_callable: the values are stored, not the members' names
  Texts field_arguments = {};   // the names of what Field(…) is given
  // What SQLAlchemy is told: all of Column(…), sa_type, sa_column_args, sa_column_kwargs. `nullable` is absent where
  // it is not written; `name` is absent where the attribute's name is taken.
  Column column = {};
  Text own_type = {};                // `Money(12)`: a type that is not SQLAlchemy's own, with the numbers it is given
  Text type_schema = {};             // of an enum type
  Flag as_uuid = {};                 // of UUID(…); absent where it is not written
  Texts foreign_key_arguments = {};  // the names of what ForeignKey(…) is given besides its target
  Flag native_enum = {};
  List<Constraint> checks = {};  // CheckConstraint(…) inside of Column(…)
  bool open = false;             // more may be said of it than could be read
  Text why = {};                 // of what is unknown
  Flag own = {};                 // it stands in the class of its model, not in one of the bases
  Texts shared_with = {};        // other models that have it from the same statement
  Flag target_exists = {};       // a model or a migration makes the table of its foreign key; absent: it has none
  const TableColumn* expected = nullptr;  // the column that it comes to, where it is known
  const Model* model = nullptr;
};

struct ModelIndex {
  Span span = {};
  Text name = {};      // absent: by the naming convention
  Texts columns = {};  // names of columns or of attributes; an expression is unknown
  Flag unique = {};
  Text condition = {};  // postgresql_where
};

struct ModelRelationship {
  Span span = {};
  const File* file = nullptr;  // of the class that has it
  Text name = {};
  bool native = false;        // SQLModel's Relationship(…), not SQLAlchemy's relationship(…)
  Flag sa_relationship = {};  // Relationship(sa_relationship=…)
  const Model* model = nullptr;
  Text target = {};      // the class that it leads to
  Text link_model = {};  // the class of the link table
};

// A class with a table of its own, or a Table(…).
struct Model {
  Span span = {};  // the header of the class, or the call
  const File* file = nullptr;
  Text module = {};  // `app.models.user`
  Text name = {};    // of the class; of a Table(…) the variable
  bool is_sqlmodel = false;
  bool is_core = false;  // Table(…)
  Text table_name = {};
  Text schema = {};  // its own or the metadata's; absent: the default one
  Text comment = {};
  std::span<const ModelField> fields = {};  // those that make columns, over all base classes; sorted as Python has them
  std::span<const Constraint> constraints = {};  // of __table_args__ and of Table(…)
  std::span<const ModelIndex> indexes = {};
  std::span<const ModelRelationship> relationships = {};
  Flag imported = {};                    // env.py reaches its module, so that autogenerate sees it
  Flag exported = {};                    // `package` binds its name; absent where there is no such package
  const ModelModule* package = nullptr;  // the package around that imports models, as `app/models/__init__.py`
  bool mapper_arguments = false;         // it has __mapper_args__, which may name the key
  Flag has_primary_key = {};
  Flag table_args_not_tuple = {};  // true: __table_args__ is a constraint, or a list
  bool pydantic_1 = false;         // its project has pydantic 1, which copies what a base says
  Text same_table = {};            // where another model has a table of that name: `app/models/user.py:12`
  Text table_of = {};              // the class above whose table it shares; such a model has no table of its own
  bool extends_table = false;      // extend_existing or keep_existing: another one may have made the table
  bool open = false;               // there may be columns, constraints or indexes that could not be read
  Text why = {};                   // of open, or of an unknown table name
};

// A Python module that env.py reaches, or that may define models.
struct ModelModule {
  Span span = {};  // its beginning, where it does not parse, or the first name that nothing binds
  const File* file = nullptr;
  Text name = {};          // `app.models.user`
  Flag imported = {};      // env.py reaches it
  Text syntax_error = {};  // absent where it parses
  std::span<const InlineWaiver> waivers = {};
  Number import_place =
      {};                // the byte behind its last import, else behind its docstring; absent where none can be told
  Texts undefined = {};  // names that it loads and nothing binds; only of modules with models
  std::vector<const Model*> models = {};
  std::vector<const ModelField*> fields = {};  // that stand in it, once for all models that have them
  std::vector<const ModelRelationship*> relationships = {};
};

// One thing in which what the models ask for and what the migrations make differ (engine/schema/drift.h), at the place
// of what made it so, as far as that is here.
struct Difference {
  Span span = {};
  const File* file = nullptr;  // of the model or of the migration
  DriftKind kind = DriftKind::table;
  DriftSide side = DriftSide::both;
  Text table = {};              // with its schema, where it has one; of enum_values the type
  Text name = {};               // of the column or index; absent where the table or one of its keys is meant
  Texts columns = {};           // that it is about; open where not all are known
  Text models = {};             // what the models say of it; absent where they have no such thing
  Text migrations = {};         // likewise
  Fact<DriftCause> cause = {};  // absent: there is no base to compare with
  Flag same_family = {};        // of a type: both are of one type family; else absent
  Flag has_member_values = {};  // of enum_values: the migrations have the members' values where their names are stored
  const Model* model = nullptr;
  const ModelField* field = nullptr;
  const Operation* operation = nullptr;  // of the change, that is about the same thing; else the one that made it
};

// A row of MetaData(naming_convention={…}).
struct NamingRule {
  Text key = {};  // `ix`, `uq`, `ck`, `fk`, `pk`
  Text pattern = {};
};

struct ModelsFacts {
  Arena arena = {};
  std::vector<const Model*> models = {};  // by the order in which their modules are read
  std::vector<const Model*> heirs = {};   // classes that share the table of one above: they have none of their own
  std::vector<std::unique_ptr<ModelModule>> modules = {};  // by path
  std::vector<const EnumClass*> enums = {};
  std::vector<NamingRule> naming = {};  // of the target metadata; empty: SQLAlchemy's own
  bool naming_unknown = false;
  Text schema = {};  // of the target metadata
  // What env.py gives autogenerate: `include_object` or `include_name`, which may leave out what only the database has,
  // and what that is; include_schemas; the name of Alembic's own table.
  Text filter = {};
  std::span<const LeftOut> left_out = {};
  Flag include_schemas = {};
  Text version_table = {};
  std::vector<Text> doubts = {};  // why there may be more models: modules that are imported in a way that is not read
  PackageVersions versions = {};
  SqlmodelBehaviour behaviour = {};  // of its version of SQLModel
};

}  // namespace spiritsafe
