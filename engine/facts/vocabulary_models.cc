// SPDX-License-Identifier: Apache-2.0
// What a policy can ask about models.
#include "engine/facts/member_fields.h"

namespace spiritsafe {
namespace {

template <class T>
Value is_added_item(const void* p) {
  const auto& item = *static_cast<const T*>(p);
  return value_of(item.file && is_added(*item.file, item.span));
}

// Of the column that the field comes to.
template <auto member>
Field expected_field(std::string_view name, std::string_view help) {
  Field row = field<member>(name, help);
  row.get = [](const void* p) {
    const auto& model_field = *static_cast<const ModelField*>(p);
    return model_field.expected ? value_of(model_field.expected->*member)
                                : Value{.state = State::unknown, .span = model_field.span};
  };
  row.small = nullptr;
  return row;
}

}  // namespace

std::span<const Field> module_fields() {
  static const Field rows[] = {
      field<&ModelModule::name>("name", "its name, `app.models.user`"),
      {"path",
       Type::text,
       "path of its file",
       {},
       {},
       [](const void* p) { return value_of(static_cast<const ModelModule*>(p)->file->path); }},
      field<&ModelModule::imported>("imported", "env.py imports it, so that autogenerate sees its models"),
      field<&ModelModule::syntax_error>("syntax_error", "why it does not parse; absent where it does"),
      field<&ModelModule::undefined>("undefined", "names that it loads and nothing binds; of modules with models"),
      relation<&ModelModule::models>("models", Type::items, "model", "its models"),
      relation<&ModelModule::fields>("fields", Type::items, "field", "the fields that stand in it"),
      relation<&ModelModule::file>("file", Type::item, "file", "its file"),
  };
  return rows;
}

std::span<const Field> model_fields() {
  static const Field rows[] = {
      field<&Model::name>("name", "of the class; of a Table() the variable"),
      field<&Model::module>("module", "the module that it stands in, `app.models.user`"),
      field<&Model::is_sqlmodel>("is_sqlmodel", "a class of SQLModel, not of SQLAlchemy alone"),
      field<&Model::is_core>("is_core", "a Table()"),
      field<&Model::table_name>("table", "its table"),
      field<&Model::schema>("schema", "its schema; absent: the default one"),
      field<&Model::imported>("imported", "env.py reaches its module, so that autogenerate sees it"),
      field<&Model::exported>("exported", "its package binds its name; absent where there is no such package"),
      relation<&Model::package>("package", Type::item, "module", "the package around it that imports models"),
      field<&Model::has_primary_key>("has_primary_key", "a field or a constraint is its primary key"),
      field<&Model::table_args_not_tuple>("table_args_not_tuple",
                                          "__table_args__ is a constraint or a list, which SQLAlchemy refuses"),
      field<&Model::pydantic_1>("pydantic_1", "pydantic 1 makes its fields, by the versions that are pinned"),
      field<&Model::same_table>("same_table", "where another model has a table of that name"),
      field<&Model::table_of>("table_of", "the class above whose table it shares, so that it has none of its own"),
      field<&Model::why>("dynamic", "why more may be said of it than could be read; absent where it was read whole"),
      {"added", Type::boolean, "this change added its first line", {}, {}, is_added_item<Model>},
      relation<&Model::fields>("fields", Type::items, "field", "its fields, over all base classes"),
      relation<&Model::relationships>("relationships", Type::items, "relationship", "its relationships"),
      relation<&Model::file>("file", Type::item, "file", "the file it stands in"),
  };
  return rows;
}

std::span<const Field> model_field_fields() {
  static const Field rows[] = {
      field<&ModelField::name>("name", "of the attribute"),
      field<&ModelField::class_name>("class_name", "the class that it stands in, which may be a base of its model"),
      field<&ModelField::form>("form", "what makes the column"),
      field<&ModelField::annotation>("annotation", "as written; absent: none"),
      field<&ModelField::python_type>("python_type", "what the annotation comes to"),
      field<&ModelField::noneable>("noneable", "the annotation allows None"),
      field<&ModelField::has_default>("has_default", "it has a default or a default_factory"),
      field<&ModelField::default_none>("default_none", "its default is None; absent: it has none"),
      field<&ModelField::default_factory>("default_factory", "its full name, `datetime.datetime.utcnow`"),
      field<&ModelField::field_arguments>("field_arguments", "names of what is written in Field()"),
      field<&ModelField::as_uuid>("as_uuid", "as_uuid= of a UUID column; absent where it is not written"),
      field<&ModelField::foreign_key_arguments>("foreign_key_arguments",
                                                "names of what ForeignKey() is given besides its target"),
      field<&ModelField::own>("own", "it stands in the class of its model, not in a base"),
      field<&ModelField::shared_with>("shared_with", "other models that have it from the same base"),
      field<&ModelField::target_exists>(
          "target_exists", "a model or a migration makes the table of its foreign key; absent: it has none"),
      expected_field<&TableColumn::nullable>("nullable", "its column can hold NULL"),
      expected_field<&TableColumn::type>("type", "of its column, as PostgreSQL says it"),
      expected_field<&TableColumn::type_family>("type_family", "of its column"),
      expected_field<&TableColumn::server_default>("server_default", "of its column, as SQL text"),
      field<&ModelField::why>("dynamic", "why more may be said of it than could be read"),
      {"added", Type::boolean, "this change added its first line", {}, {}, is_added_item<ModelField>},
      {"table",
       Type::text,
       "the table of its model",
       {},
       {},
       [](const void* p) { return value_of(static_cast<const ModelField*>(p)->model->table_name); }},
      {"column",
       Type::item,
       "what SQLAlchemy is told of its column",
       "column",
       {},
       [](const void* p) { return value_of(&static_cast<const ModelField*>(p)->column); }},
      relation<&ModelField::model>("model", Type::item, "model", "the model; of a base's field the first one"),
      relation<&ModelField::file>("file", Type::item, "file", "the file it stands in"),
  };
  return rows;
}

std::span<const Field> relationship_fields() {
  static const Field rows[] = {
      field<&ModelRelationship::name>("name", "of the attribute"),
      field<&ModelRelationship::target>("target", "its annotation, as written"),
      field<&ModelRelationship::native>("native", "SQLModel's Relationship(), not SQLAlchemy's relationship()"),
      field<&ModelRelationship::sa_relationship>("sa_relationship", "it is given sa_relationship="),
      relation<&ModelRelationship::model>("model", Type::item, "model", "the model that has it"),
      relation<&ModelRelationship::file>("file", Type::item, "file", "the file it stands in"),
  };
  return rows;
}

std::span<const Field> difference_fields() {
  static const Field rows[] = {
      field<&Difference::kind>("kind", "what differs"),
      field<&Difference::side>("side", "which of the two have the thing"),
      field<&Difference::table>("table", "the table, with its schema if it has one; of enum_values the type"),
      field<&Difference::name>("name", "of the column or index; absent where the table or a key of it is meant"),
      field<&Difference::columns>("columns", "the columns that it is about"),
      field<&Difference::models>("models", "what the models say of it; absent where they have no such thing"),
      field<&Difference::migrations>("migrations", "what the migrations make of it; absent where they make none"),
      field<&Difference::cause>("cause", "what of the change made it; absent without a base"),
      field<&Difference::same_family>("same_family", "of a type: both are of one family of types"),
      field<&Difference::has_member_values>(
          "has_member_values", "the migrations have the values of an enumeration whose members' names are stored"),
      relation<&Difference::model>("model", Type::item, "model", "the model of the table"),
      relation<&Difference::field>("field", Type::item, "field", "the field that says it"),
      relation<&Difference::operation>("operation", Type::item, "operation",
                                       "the operation of the change about it; else the one that made it"),
      relation<&Difference::file>("file", Type::item, "file", "the file that it is shown in"),
  };
  return rows;
}

}  // namespace spiritsafe
