// SPDX-License-Identifier: Apache-2.0
// What a Column says.
#include <boost/test/unit_test.hpp>

#include "tests/read/frame.h"

namespace spiritsafe {
namespace {

// clang-format off
const Case cases[] = {
    {R"(sa.Column("a", sa.Integer))",
     R"(a type=Integer type_family=integer nullable=yes)"},
    {R"(sa.Column("a", sa.Integer(), primary_key=True))",
     R"(a type=Integer() type_family=integer nullable=no primary_key=yes arguments=[primary_key])"},
    {R"(sa.Column("a", sa.Integer(), sa.Identity(always=True)))",
     R"(a type=Integer() type_family=integer nullable=no identity=yes identity_always=yes arguments=[Identity])"},
    {R"(sa.Column("a", sa.Integer(), sa.Computed("b + 1", persisted=True)))",
     R"(a type=Integer() type_family=integer nullable=yes computed=yes computed_as=b + 1 arguments=[Computed])"},
    {R"x(sa.Column("a", sa.String(length=5), server_default=sa.text("lower('X')")))x",
     R"(a type=String(length=5) type_family=string length=5 nullable=yes server_default=lower('X') arguments=[server_default])"},
    {R"(sa.Column("a", sa.DateTime(timezone=True), server_default=sa.func.now()))",
     R"(a type=DateTime(timezone=True) type_family=datetime_with_timezone nullable=yes server_default=now() arguments=[server_default])"},
    {R"(sa.Column("a", sa.DateTime(), server_default=sa.func.current_timestamp()))",
     R"(a type=DateTime() type_family=datetime nullable=yes server_default=CURRENT_TIMESTAMP arguments=[server_default])"},
    {R"(sa.Column("a", sa.Boolean(), server_default=sa.true()))",
     R"(a type=Boolean() type_family=boolean nullable=yes server_default=true arguments=[server_default])"},
    {R"(sa.Column("a", sa.Boolean(), server_default=sa.sql.expression.false()))",
     R"(a type=Boolean() type_family=boolean nullable=yes server_default=false arguments=[server_default])"},
    {R"(sa.Column("a", sa.UUID(), server_default=sa.func.gen_random_uuid()))",
     R"(a type=UUID() type_family=uuid nullable=yes server_default=gen_random_uuid() arguments=[server_default])"},
    {R"(sa.Column("a", sa.DateTime(), server_default=sa.func.timezone("utc", sa.func.now())))",
     R"(a type=DateTime() type_family=datetime nullable=yes server_default=timezone('utc', now()) arguments=[server_default])"},
    {R"(sa.Column("a", sa.Text(), server_default=sa.FetchedValue()))",
     R"(a type=Text() type_family=text nullable=yes server_default=? arguments=[server_default])"},
    {R"(sa.Column("a", sa.Text(), server_default="it's"))",
     R"(a type=Text() type_family=text nullable=yes server_default='it''s' arguments=[server_default])"},
    {R"(sa.Column("a", sa.Enum("x", "y", name="e", create_type=False)))",
     R"(a type=Enum("x", "y", name="e", create_type=False) type_family=enumeration type_name=e enum_values=[x, y] nullable=yes create_type=no)"},
    {R"(sa.Column("a", postgresql.ARRAY(sa.VARCHAR(length=2))))",
     R"(a type=ARRAY(VARCHAR(length=2)) type_family=array nullable=yes)"},
    {R"(sa.Column("a", sa.JSON().with_variant(postgresql.JSONB(), "postgresql")))",
     R"(a type=JSON().with_variant(JSONB(), "postgresql") type_family=jsonb nullable=yes)"},
    {R"(sa.Column("a", sa.Numeric(10, 2), sa.CheckConstraint("a > 0"), comment="c"))",
     R"(a type=Numeric(10, 2) type_family=numeric precision=10 scale=2 nullable=yes check=yes comment=c arguments=[CheckConstraint, comment])"},
    {R"(sa.Column("a", app.types.Money("EUR", scale=sa.x.y), server_defaults="0", type=1))",
     R"(a type=Money("EUR", scale=y) type_family=other nullable=yes arguments=[server_defaults, type] unknown_arguments=[server_defaults, type])"},
    {R"(sa.Column("a", sqlmodel.sql.sqltypes.AutoString(length=255), nullable=False))",
     R"(a type=AutoString(length=255) type_family=string length=255 nullable=no nullable_written=yes arguments=[nullable])"},
    {R"(sa.Column("a", sa.ForeignKey("u.id"), nullable=compute()))",
     R"(a nullable=? nullable_written=yes foreign_key=u.id arguments=[ForeignKey, nullable])"},
    {R"(sa.Column("a", sa.Integer(), **options()))",
     R"(a type=Integer() type_family=integer nullable=? server_default=? primary_key=? unique=? index=? arguments=[…])"},
    {R"(sa.Column(sa.Integer(), name="a"))",
     R"(type=Integer() type_family=integer nullable=yes arguments=[name])"},
    {R"(sa.Column("a", sa.Float(53), default=lambda: 1))",
     R"(a type=Float(53) type_family=floating precision=53 nullable=yes python_default=lambda: 1 arguments=[default])"},
    {R"(sa.Column(name(), sa.Integer()))",
     R"(? type=Integer() type_family=integer nullable=yes)"},
    {R"(sa.Column("a", column_type))",
     R"(a type=column_type type_family=? nullable=yes)"},
    {R"(sa.Column("a", sa.TIMESTAMP(timezone=TZ)))",
     R"(a type=TIMESTAMP(timezone=TZ) type_family=? nullable=yes)"},
};
// clang-format on

}  // namespace

BOOST_AUTO_TEST_SUITE(read_columns)

BOOST_AUTO_TEST_CASE(a_column_gives_its_facts) {
  for (const Case& test : cases) {
    BOOST_TEST_CONTEXT(test.source) { BOOST_TEST(column_of(test.source) == test.facts); }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spiritsafe
