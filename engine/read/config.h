// SPDX-License-Identifier: Apache-2.0
// alembic.ini, pyproject.toml and env.py: where a project's migrations are and what it works with. Texts only: the
// caller reads the files and finds the folders.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/text/error.h"

namespace spiritsafe {

// One section of an ini file that names a script_location, with Python ConfigParser's rules applied: keys in lower
// case, continuation lines, `%(name)s` and `%%`, and (as people write it, though ConfigParser keeps it) no inline
// comment.
struct AlembicSection {
  std::string name = {};  // `alembic`
  std::string script_location = {};
  std::vector<std::string> version_locations = {};  // empty: `versions` in script_location
  bool recursive = false;
  std::string file_template = {};
  std::string truncate_slug_length = {};
  std::string url = {};  // sqlalchemy.url
  std::vector<std::string> prepend_sys_path = {};
};

// `here` is the folder of the file, for `%(here)s`. An ini file of something else gives an empty list; one that Alembic
// could not read is an error.
Result<std::vector<AlembicSection>> read_alembic_ini(std::string_view path, std::string_view text,
                                                     std::string_view here);

struct Pyproject {
  std::optional<AlembicSection> alembic = {};  // [tool.alembic]
  std::string requires_python = {};
  std::vector<std::string> dependencies = {};  // names in lower case, `_` as `-`, of all groups
  std::string name = {};
};
Result<Pyproject> read_pyproject(std::string_view path, std::string_view text, std::string_view here);

// The names of requirements.txt's packages, in lower case, `_` as `-`.
std::vector<std::string> read_requirements(std::string_view text);

// The dialect in a database URL or in the text of an env.py (`postgresql`, `sqlite`, `mysql`, …); empty where none is
// named.
std::string dialect_of_url(std::string_view url);

// The lowest Python that `requires-python` admits, such as {3, 9} for ">=3.9,<4"; nothing where it names no lower
// bound.
std::optional<std::pair<int, int>> lowest_python(std::string_view requires_python);

}  // namespace spiritsafe
