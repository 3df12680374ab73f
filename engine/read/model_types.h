// SPDX-License-Identifier: Apache-2.0
// What annotations, SQLAlchemy's types and SQL expressions in models come to. Internal to engine/read.
#pragma once

#include "engine/read/modules.h"

namespace spiritsafe {

// An annotation with Optional, Annotated, Mapped, quotes and aliases taken away.
struct Annotated {
  Fact<PythonType> type = {};
  Flag noneable = {};
  PyClass* enumeration = nullptr;
  Number max_length = {}, max_digits = {}, decimal_places = {};
  Seen field = {};            // the Field(…) or mapped_column(…) inside of Annotated[…]; a call, or unknown
  bool no_column = false;     // ClassVar, Relationship's targets, InitVar
  bool mapped = false;        // Mapped[…]
  std::string_view why = {};  // of an unknown type
};
Annotated read_annotation(ModuleSet& in, const Visible& names, const python::Expr& expression, Span span);

// The type in Column(…) or sa_type into the column; `field` gets the enumeration.
void read_sql_type(ModuleSet& in, const Seen& type, Span span, ModelField& field);

// The SQL text of a server_default: a string in quotes, what text() holds, a call of func.
Text sql_of_default(ModuleSet& in, const Seen& value, Span span);
// The SQL text of a condition or index expression: a string as it is, or text().
Text sql_of_text(ModuleSet& in, const Seen& value, Span span);

// What a function given as include_object (else: include_name) may leave out.
std::span<const LeftOut> read_filter(ModuleSet& in, PyModule& env, const python::Expr* function, bool has_object);

const EnumClass* enum_of(ModuleSet& in, PyClass& one);

// ---- facts of single values; `span`: where they are said in the field's own file ----
Text text_of(ModuleSet& in, const SeenArgument* argument, Span span);
Flag flag_of(const SeenArgument* argument, Span span);
Number number_of(const SeenArgument* argument, Span span);

}  // namespace spiritsafe
