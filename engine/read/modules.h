// SPDX-License-Identifier: Apache-2.0
// Several modules of a project and what their names stand for, followed on demand from expression to expression: a
// value is a place in some module's text with the names that are seen there. Internal to engine/read.
#pragma once

#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/python/tree.h"
#include "engine/read/models.h"

namespace spiritsafe {

struct PyModule;
struct PyClass;
struct Seen;
struct LocalName;
struct NameBinding;
using Bindings = std::unordered_map<std::string_view, std::vector<NameBinding>>;

enum class SeenKind : uint8_t {
  unknown,  // text: why
  none,
  boolean,
  integer,
  text,
  outside,     // a thing of a package that is not here: text is its full name, `sqlalchemy.String`
  class_of,    // of the project
  function,    // of the project, or a lambda
  module,      // of the project
  call,        // `callee` is what is called; its arguments stand at `expression`
  method,      // `name` of `base`
  metadata,    // text: by what it is told from other ones; `base`: the MetaData(…) call, if any
  member,      // of an enumeration: text is its name
  expression,  // anything else, as it is written: lists, subscripts, lambdas
};

// The names that an expression sees.
struct Visible {
  PyModule* module = nullptr;
  const Visible* outer = nullptr;          // of a class or function: what is around it
  const python::ClassDef* body = nullptr;  // whose statements bind names
  std::span<const LocalName> locals = {};  // of a function: its parameters
  const Bindings* bindings = nullptr;      // of a function: what its own statements bind
  uint32_t before = UINT32_MAX;            // of the module and the class: only what stands before this place
};

struct Seen {
  SeenKind kind = SeenKind::unknown;
  const Visible* names = nullptr;
  const python::Expr* expression = nullptr;
  std::string_view text = {};
  int64_t integer = 0;
  PyClass* class_of = nullptr;
  const python::Arguments* parameters = nullptr;  // function
  const python::FunctionDef* definition = nullptr;
  const python::Expr* returned = nullptr;  // function: what it returns, if it decides nothing
  PyModule* module = nullptr;
  const Seen* base = nullptr;     // call: the callee; method: of what
  const Seen* partial = nullptr;  // call: the functools.partial(…) whose arguments come first
};

struct LocalName {
  std::string_view name = {};
  Seen value = {};
};

struct NameBinding {
  uint32_t at = 0;            // from here on
  bool conditional = false;   // in an if, try, loop
  bool for_checkers = false;  // in `if TYPE_CHECKING:`
  const python::Stmt* statement = nullptr;
  const python::Alias* alias = nullptr;  // imports
  const python::Expr* value = nullptr;   // assignments; nullptr: nobody knows
};

struct PyModule {
  std::string name = {};  // `app.models.user`; empty for env.py
  bool is_package = false;
  const File* file = nullptr;
  std::string_view text = {};
  const python::Module* tree = nullptr;  // nullptr: it does not parse
  Bindings bindings = {};
  std::vector<std::pair<const python::ImportFrom*, bool>> stars = {};  // and whether for_checkers
  const Visible* names = nullptr;                                      // at its end
  bool reached = false;                                                // env.py imports it
  Text syntax_error = {};
};

// What the bases of a class come to.
struct Ancestry {
  bool sqlmodel = false;
  bool pydantic = false;
  bool declarative = false;  // of SQLAlchemy
  bool enumeration = false;
  bool text = false;       // str
  bool integer = false;    // int
  bool decorator = false;  // SQLAlchemy's TypeDecorator
  bool open = false;       // a base is not known
};

struct PyClass {
  const python::ClassDef* node = nullptr;
  PyModule* module = nullptr;
  const Visible* names = nullptr;  // inside of it
  Bindings bindings = {};          // of its body
  bool is_resolved = false;
  std::vector<PyClass*> order = {};  // itself, and its bases in the order in which Python asks them
  Ancestry ancestry = {};
  Seen root = {};             // the call of declarative_base(), where one is a base
  std::string_view why = {};  // of ancestry.open
};

struct ModuleSet {
  const ModelSources& sources;
  const FindFile& find;
  const ReadOptions& options;
  Arena& kept;     // facts live here
  Arena& scratch;  // the same: names and decoded texts of the trees stay in use
  std::map<std::string, std::unique_ptr<PyModule>, std::less<>> by_name = {};  // nullptr: there is no such module
  std::map<std::string, PyModule*, std::less<>> by_path = {};
  std::map<std::string, bool, std::less<>> is_local = {};
  std::vector<PyModule*> order = {};
  std::map<const python::ClassDef*, std::unique_ptr<PyClass>> classes = {};
  std::map<const python::FunctionDef*, std::unique_ptr<Bindings>> of_functions = {};  // what their statements bind
  std::map<const PyClass*, const EnumClass*> enums = {};
  std::vector<Text> doubts = {};
  std::set<std::pair<const PyModule*, std::string_view>> searched = {};  // by stars, which may go in circles
  bool pydantic_1 = false;      // which of pydantic's two ways of collecting fields is in use
  uint64_t budget = 5'000'000;  // steps of following
  uint32_t depth = 0;
};

inline constexpr uint32_t deepest_following = 120;

// ---- modules.cc ----
// By its name, or by its path where it is known to have none; nullptr where there is none here.
PyModule* load_module(ModuleSet& in, std::string_view name);
PyModule* load_file(ModuleSet& in, const std::string& path, std::string name, bool is_package);
// The absolute name that `from … import` means; empty where it leads out of the package.
std::string absolute_name(const PyModule& module, const python::ImportFrom& statement);
void collect_bindings(python::Sequence<python::Stmt*> statements, Bindings& bindings, PyModule* module);

// ---- model_modules.cc ----
// The modules as facts, with what of them stands in which file. Once the models are read.
void add_module_facts(ModuleSet& in, ModelsFacts& facts, const PyModule* env, bool loads_by_name);

// ---- follow.cc ----
Seen follow(ModuleSet& in, const Visible& names, const python::Expr* expression);
Seen follow_name(ModuleSet& in, const Visible& names, std::string_view name);
Seen name_in_module(ModuleSet& in, PyModule& module, std::string_view name, uint32_t before = UINT32_MAX);
Seen attribute_of(ModuleSet& in, const Seen& value, std::string_view name);
Seen unknown_thing(std::string_view why);
// Arguments of a call with `*(…)` and `**{…}` taken apart.
struct SeenArgument {
  std::string_view name = {};
  Seen value = {};
  const python::Expr* expression = nullptr;
  Span span = {};  // in the text where the call stands; of what a dict brings, of the dict
};
struct SeenArguments {
  std::vector<SeenArgument> items = {};
  bool open = false;
  const SeenArgument* find(std::string_view name, size_t place = SIZE_MAX) const;
};
SeenArguments arguments_of(ModuleSet& in, const Seen& call);
// The items of a list or tuple; false where they are not known.
bool items_of(ModuleSet& in, const Seen& value, std::vector<SeenArgument>& items);
// The last part of an outside name, where its package is one of those given; empty where it is not.
std::string_view leaf_in(const Seen& value, std::initializer_list<std::string_view> packages);
// The last part of what a call calls, where that is a thing of SQLAlchemy or SQLModel.
std::string_view called(const Seen& value);
// MetaData(…), a class's or a registry's `metadata` as SeenKind::metadata; unknown where it is none of them.
Seen metadata_of(ModuleSet& in, const Seen& value);
Seen metadata_of_class(ModuleSet& in, PyClass& one);

// ---- classes.cc ----
PyClass* class_of(ModuleSet& in, const python::ClassDef& node, PyModule& module, const Visible& names);
void resolve(ModuleSet& in, PyClass& one);
const NameBinding* last_binding(const Bindings& bindings, std::string_view name);
const EnumClass* read_enum_class(ModuleSet& in, PyClass& one);

}  // namespace spiritsafe
