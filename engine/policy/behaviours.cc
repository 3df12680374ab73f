// SPDX-License-Identifier: Apache-2.0
#include "engine/policy/behaviours.h"

#include <algorithm>
#include <span>

#include <fmt/format.h>

namespace spiritsafe {
namespace {

template <class Row>
struct FlagOf {
  std::string_view name = {};
  bool Row::*flag = nullptr;
};
// A package, its rows, and what each of them says.
template <class Row>
struct Package {
  std::string_view name = {};
  std::vector<Row> Behaviours::*rows = nullptr;
  std::span<const FlagOf<Row>> flags = {};
};

constexpr FlagOf<SqlmodelBehaviour> sqlmodel_flags[] = {
    {"enum_first", &SqlmodelBehaviour::enum_first},
    {"keeps_max_length", &SqlmodelBehaviour::keeps_max_length},
    {"has_email", &SqlmodelBehaviour::has_email},
    {"has_decimal_places", &SqlmodelBehaviour::has_decimal_places},
    {"uses_pydantic_1", &SqlmodelBehaviour::uses_pydantic_1},
};
constexpr Package<SqlmodelBehaviour> sqlmodel = {"sqlmodel", &Behaviours::sqlmodel, sqlmodel_flags};

constexpr FlagOf<AlembicBehaviour> alembic_flags[] = {{"compares_types", &AlembicBehaviour::compares_types}};
constexpr Package<AlembicBehaviour> alembic = {"alembic", &Behaviours::alembic, alembic_flags};

template <class Use>
void each_package(Use use) {
  use(sqlmodel);
  use(alembic);
}

template <class Row>
std::vector<std::string_view> keys_of(const Package<Row>& package) {
  std::vector<std::string_view> keys = {"since"};
  for (const FlagOf<Row>& flag : package.flags) {
    keys.push_back(flag.name);
  }
  return keys;
}

// `0.0.9`: up to three numbers.
std::optional<PackageVersion> parse_version(std::string_view text) {
  PackageVersion version;
  for (int* part : {&version.major, &version.minor, &version.patch}) {
    const size_t dot = std::min(text.find('.'), text.size());
    const std::optional<int64_t> number = parse_integer(text.substr(0, dot));
    if (!number || *number < 0 || *number > 1'000'000) {
      return {};
    }
    *part = static_cast<int>(*number);
    if (dot == text.size()) {
      return version;
    }
    text.remove_prefix(dot + 1);
  }
  return {};
}

template <class Row>
std::optional<Row> read_row(Loading& loading, const Package<Row>& package, const YamlNode& node) {
  if (!check_keys(loading, node, fmt::format("a row of `{}`", package.name), keys_of(package))) {
    return {};
  }
  Row row;
  const YamlNode* since = node.find("since");
  const std::optional<PackageVersion> version = since && since->is_scalar() ? parse_version(since->text) : std::nullopt;
  if (!version) {
    fail(loading, since ? *since : node, fmt::format("a row of `{}` says since which version it holds", package.name),
         {"e.g. since: 0.0.14; the oldest row says since: 0"});
    return {};
  }
  row.since = *version;
  for (const FlagOf<Row>& flag : package.flags) {
    const YamlNode* value = node.find(flag.name);
    if (!value) {
      fail(loading, node, fmt::format("a row of `{}` has no `{}:`", package.name, flag.name),
           {"each row says all of them"});
    }
    row.*flag.flag = read_word(loading, value, flag.name, {"false", "true"}) == 1;
  }
  return row;
}

template <class Row>
void read_rows(Loading& loading, const Package<Row>& package, const YamlNode& list, Behaviours& behaviours) {
  if (!list.is_list() || list.count == 0) {
    fail(loading, list, fmt::format("`{}` is a list of rows, the oldest version first", package.name),
         {"e.g. sqlmodel: [{since: 0, …}, {since: 0.0.14, …}]"});
    return;
  }
  std::vector<Row> rows;
  for (const YamlNode& node : list.items()) {
    const std::optional<Row> row = read_row(loading, package, node);
    if (row && !rows.empty() && row->since <= rows.back().since) {
      fail(loading, *node.find("since"), "the rows are in the order of their versions, the oldest first");
    } else if (row) {
      rows.push_back(*row);
    }
  }
  behaviours.*package.rows = std::move(rows);
}

// Of the built-in packs alone, read when it is first asked for.
const Behaviours& builtin_behaviours() {
  static const Behaviours found = [] {
    const LoadOptions options;
    Loading loading{options};
    Behaviours behaviours;
    for (const EmbeddedPack& pack : embedded_packs()) {
      bool has_rows = false;
      each_package([&](const auto& package) { has_rows = has_rows || package.name == pack.name; });
      if (has_rows) {
        const DecodedPack decoded = decode_pack(pack.bytes, 0);
        Module module;
        for (const PackDocument& document : decoded.documents) {
          loading.files.push_back({document.path, {}, true});
          module.documents.push_back(document.root);
        }
        read_behaviours(loading, module, behaviours);
      }
    }
    return behaviours;
  }();
  return found;
}

}  // namespace

void read_behaviours(Loading& loading, const Module& module, Behaviours& behaviours) {
  std::vector<std::string_view> names;
  each_package([&](const auto& package) { names.push_back(package.name); });
  for (const YamlNode& root : module.documents) {
    const YamlNode* section = root.find("behaviours");
    if (!section || !check_keys(loading, *section, "`behaviours`", names)) {
      continue;
    }
    each_package([&](const auto& package) {
      if (const YamlNode* list = section->find(package.name)) {
        read_rows(loading, package, *list, behaviours);
      }
    });
  }
}

Behaviours behaviours_of(const Policy& policy) {
  Behaviours behaviours = policy.behaviours;
  each_package([&](const auto& package) {
    if ((behaviours.*package.rows).empty()) {
      behaviours.*package.rows = builtin_behaviours().*package.rows;
    }
  });
  return behaviours;
}

std::vector<BehaviourKeys> behaviour_keys() {
  std::vector<BehaviourKeys> keys;
  each_package([&](const auto& package) { keys.push_back({package.name, keys_of(package)}); });
  return keys;
}

}  // namespace spiritsafe
