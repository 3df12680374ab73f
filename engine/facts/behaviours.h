// SPDX-License-Identifier: Apache-2.0
// Which versions of its packages a project works with, and what differs from one version to another. The rows are data
// (`behaviours:` of a policy's packs); where there are none, or the version is not known, the newest behaviour counts,
// which is what the structs begin with.
#pragma once

#include <compare>
#include <vector>

namespace spiritsafe {

// What pyproject.toml and lock files pin, or a lower bound of it; {0, 0, 0} where nothing says it.
struct PackageVersion {
  int major = 0, minor = 0, patch = 0;
  auto operator<=>(const PackageVersion&) const = default;
};

struct PackageVersions {
  PackageVersion sqlmodel = {}, sqlalchemy = {}, pydantic = {}, alembic = {};
};

struct SqlmodelBehaviour {
  PackageVersion since = {};
  bool enum_first = true;          // class E(str, Enum) is an enum type, not a text
  bool keeps_max_length = true;    // under pydantic 2
  bool has_email = true;           // under pydantic 2
  bool has_decimal_places = true;  // max_digits and decimal_places of Field(…) count
  bool uses_pydantic_1 = false;    // where the version of pydantic is not known
  bool operator==(const SqlmodelBehaviour&) const = default;
};

struct AlembicBehaviour {
  PackageVersion since = {};
  bool compares_types = true;  // autogenerate does, where env.py does not say compare_type
  bool operator==(const AlembicBehaviour&) const = default;
};

// Of each package the oldest row first; a row holds until the next one.
struct Behaviours {
  std::vector<SqlmodelBehaviour> sqlmodel = {};
  std::vector<AlembicBehaviour> alembic = {};
  bool operator==(const Behaviours&) const = default;
};

template <class Row>
Row behaviour_of(const std::vector<Row>& rows, const PackageVersion& version) {
  Row found = rows.empty() ? Row{} : rows.back();
  for (size_t i = rows.size(); i > 0 && version > PackageVersion{} && found.since > version; --i) {
    found = rows[i - 1];
  }
  return found;
}

// Has nothing changed since? Then a lower bound says as much as the version itself.
template <class Row>
bool is_newest_behaviour(const std::vector<Row>& rows, const PackageVersion& version) {
  return rows.empty() || version >= rows.back().since;
}

inline bool uses_pydantic_1(const PackageVersion& pydantic, const SqlmodelBehaviour& sqlmodel) {
  return pydantic.major == 1 || (pydantic.major == 0 && sqlmodel.uses_pydantic_1);
}

}  // namespace spiritsafe
