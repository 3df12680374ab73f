// SPDX-License-Identifier: Apache-2.0
// What rules ask of a difference, beside what it says.
#include <boost/test/unit_test.hpp>

#include <optional>
#include <tuple>

#include "engine/schema/drift.h"

namespace spiritsafe {
namespace {

struct Side {
  TableColumn id = {}, nick = {};
  TableConstraint unique = {};
  Table table = {};
  std::vector<const TableColumn*> columns = {&id, &nick};
  std::vector<const TableConstraint*> constraints = {};
  std::vector<uint32_t> numbers = {2, 1};

  Side() {
    for (TableColumn* column : {&id, &nick}) {
      column->number = column == &id ? 1 : 2;
      column->name = known<std::string_view>(column == &id ? "id" : "nick");
      column->type = known<std::string_view>("integer");
      column->type_family = known(TypeFamily::integer);
      column->nullable = known(false);
    }
  }
  Side(const Side&) = delete;

  Snapshot snapshot() {
    unique.kind = ConstraintKind::unique;
    unique.columns = {numbers, State::known, false};
    table.id = 1;
    table.name = known<std::string_view>("user");
    table.columns = columns;
    table.constraints = constraints;
    Snapshot all;
    all.tables.push_back(&table);
    return all;
  }
};

using Names = std::vector<std::string>;

}  // namespace

BOOST_AUTO_TEST_SUITE(drift_facts)

BOOST_AUTO_TEST_CASE(a_key_tells_its_columns_in_their_order) {
  Side migrations, models;
  migrations.constraints = {&migrations.unique};
  const DriftFound found = find_drift(migrations.snapshot(), models.snapshot());
  BOOST_REQUIRE(found.differences.size() == 1);
  BOOST_CHECK(found.differences[0].kind == DriftKind::unique);
  BOOST_TEST(found.differences[0].columns == (Names{"nick", "id"}));
  BOOST_CHECK(!found.differences[0].same_family);
}

BOOST_AUTO_TEST_CASE(a_type_tells_whether_its_family_stays) {
  const std::tuple<Fact<TypeFamily>, std::optional<bool>> cases[] = {
      {known(TypeFamily::integer), true}, {known(TypeFamily::text), false}, {unknown<TypeFamily>(), {}}};
  for (const auto& [family, same] : cases) {
    Side migrations, models;
    migrations.nick.type = known<std::string_view>("bigint");
    models.nick.type_family = family;
    const DriftFound found = find_drift(migrations.snapshot(), models.snapshot());
    BOOST_REQUIRE(found.differences.size() == 1);
    BOOST_CHECK(found.differences[0].kind == DriftKind::type);
    BOOST_TEST(found.differences[0].columns == Names{"nick"});
    BOOST_CHECK(found.differences[0].same_family == same);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spiritsafe
