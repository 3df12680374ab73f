// SPDX-License-Identifier: Apache-2.0
// Each directive in both spellings.
#include <boost/test/unit_test.hpp>

#include "tests/read/frame.h"

namespace spiritsafe {
namespace {

// clang-format off
const Case cases[] = {
    {R"(op.create_table("t", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("e", sa.String(50), nullable=False, server_default="x", index=True, unique=True), sa.ForeignKeyConstraint(["a"], ["s.user.id"], name="fk", ondelete="CASCADE"), sa.UniqueConstraint("a", "b", name="uq"), sa.CheckConstraint("a > 0"), sa.Index("ix", "a"), comment="c", if_not_exists=True))",
     R"(create_table table=t target=t if_not_exists=yes comment=c new_columns=(id type=Integer() type_family=integer nullable=no primary_key=yes; e type=String(50) type_family=string length=50 nullable=no server_default='x' unique=yes index=yes) constraints=(foreign_key fk columns=[a] referent_table=user referent_columns=[id] ondelete=CASCADE; unique uq columns=[a, b]; check condition=a > 0)
create_index table=t target=ix_t_e columns=[e] unique=yes implicit=yes on_new_table=?
create_index table=t target=ix columns=[a] implicit=yes on_new_table=?)"},
    {R"(op.drop_table("t", schema="s", if_exists=True))",
     R"(drop_table table=t schema=s target=t if_exists=yes)"},
    {R"(op.rename_table("a", "b"))",
     R"(rename_table table=a target=a new_name=b)"},
    {R"(op.add_column("t", sa.Column("u", sa.Integer(), sa.ForeignKey("user.id"), unique=True, default=1)))",
     R"(add_column table=t target=u new_columns=(u type=Integer() type_family=integer nullable=yes python_default=1 unique=yes foreign_key=user.id)
create_unique_constraint table=t columns=[u] constraint_kind=unique implicit=yes on_new_columns=yes
create_foreign_key table=t columns=[u] referent_table=user referent_columns=[id] constraint_kind=foreign_key implicit=yes on_new_columns=yes)"},
    {R"(with op.batch_alter_table("t", schema="s", recreate="always") as b:
    b.add_column(sa.Column("x", sa.Text()), insert_after="y")
    b.drop_column("z"))",
     R"(add_column table=t schema=s target=x recreate=always batch=yes new_columns=(x type=Text() type_family=text nullable=yes)
drop_column table=t schema=s target=z recreate=always batch=yes)"},
    {R"(op.drop_column("t", "c"))",
     R"(drop_column table=t target=c)"},
    {R"(op.alter_column("t", "c", existing_type=sa.VARCHAR(length=5), type_=sa.BigInteger(), nullable=False, postgresql_using="c::bigint", new_column_name="d", comment=None))",
     R"(alter_column table=t target=c new_name=d nullable=no type=BigInteger() type_family=big_integer existing_type=VARCHAR(length=5) existing_type_family=string existing_length=5 using_expression=c::bigint drops_comment=yes)"},
    {R"x(op.alter_column("t", "c", server_default=None)
op.alter_column("t", "c", server_default=False, comment=False)
op.alter_column("t", "c", server_default=sa.text("now()")))x",
     R"(alter_column table=t target=c drops_server_default=yes
alter_column table=t target=c
alter_column table=t target=c server_default=now())"},
    {R"(op.alter_column("t", "c", type=sa.Text(), _type=1, default=2))",
     R"(alter_column table=t target=c unknown_arguments=[type, _type, default])"},
    {R"x(op.create_index("ix", "t", ["a", sa.text("lower(b)")], unique=True, postgresql_concurrently=True, postgresql_where=sa.text("a > 1"), postgresql_using="gin", if_not_exists=True))x",
     R"(create_index table=t target=ix columns=[a, ?] unique=yes concurrently=yes if_not_exists=yes special_index=yes condition=a > 1)"},
    {R"(op.create_index("ix", "t", "a"))",
     R"(create_index table=t target=ix columns=[a] columns_are_text=yes)"},
    {R"(op.drop_index("ix")
op.drop_index(op.f("ix"), table_name="t", postgresql_concurrently=True))",
     R"(drop_index target=ix
drop_index table=t target=ix concurrently=yes)"},
    {R"(op.create_unique_constraint(None, "t", "b"))",
     R"(create_unique_constraint table=t columns=[b] columns_are_text=yes constraint_kind=unique)"},
    {R"(op.create_primary_key("pk", "t", ["a"]))",
     R"(create_primary_key table=t target=pk columns=[a] constraint_kind=primary_key)"},
    {R"(op.create_foreign_key(None, "a", "b", ["x"], ["id"], ondelete="SET NULL", postgresql_not_valid=True))",
     R"(create_foreign_key table=a columns=[x] not_valid=yes referent_table=b referent_columns=[id] ondelete=SET NULL constraint_kind=foreign_key)"},
    {R"(with op.batch_alter_table("a") as batch_op:
    batch_op.create_foreign_key("fk", "b", ["x"], ["id"])
    batch_op.create_index("ix", ["x"])
    batch_op.drop_constraint("fk", type_="foreignkey")
    batch_op.execute("SELECT 1"))",
     R"(create_foreign_key table=a target=fk columns=[x] referent_table=b referent_columns=[id] constraint_kind=foreign_key batch=yes
create_index table=a target=ix columns=[x] batch=yes
drop_constraint table=a target=fk constraint_kind=foreign_key batch=yes
execute execute_form=op_execute sql_form=literal sql_text=SELECT 1 batch=yes sql=(select class=query concurrently=no if_exists=no))"},
    {R"(op.create_check_constraint("ck", "t", "a > 0")
op.create_check_constraint("ck", "t", sa.column("a") > 0))",
     R"(create_check_constraint table=t target=ck condition=a > 0 constraint_kind=check
create_check_constraint table=t target=ck condition=? constraint_kind=check)"},
    {R"(op.create_exclude_constraint("ex", "t", ("period", "&&"), where="x", using="gist"))",
     R"(create_exclude_constraint table=t target=ex condition=x constraint_kind=exclude)"},
    {R"(op.drop_constraint("c", "t", "unique")
op.drop_constraint(None, "t"))",
     R"(drop_constraint table=t target=c constraint_kind=unique
drop_constraint table=t)"},
    {R"(op.create_table_comment("t", "text", existing_comment="old")
op.drop_table_comment("t"))",
     R"(create_table_comment table=t comment=text
drop_table_comment table=t)"},
    {R"(op.bulk_insert(sa.table("t", sa.column("a")), [{"a": 1}]))",
     R"(bulk_insert table=t)"},
    {R"(t = op.create_table("t", sa.Column("a", sa.Integer()))
op.bulk_insert(t, []))",
     R"(create_table table=t target=t new_columns=(a type=Integer() type_family=integer nullable=yes)
bulk_insert table=t on_new_table=yes)"},
    {R"(sa.Enum("a", "b", name="status").create(op.get_bind(), checkfirst=True))",
     R"(create_enum target=status if_not_exists=yes)"},
    {R"(kind = postgresql.ENUM("a", name="kind", schema="s", create_type=False)
kind.drop(op.get_bind())
op.add_column("t", sa.Column("k", kind)))",
     R"(drop_enum schema=s target=kind create_type=no
add_column table=t target=k new_columns=(k type=ENUM("a", name="kind", schema="s", create_type=False) type_family=enumeration type_name=kind enum_values=[a] nullable=yes create_type=no))"},
    {R"(op.add_column("t", None, None)
op.add_column()
op.drop_column("t", "c", "s"))",
     R"(add_column table=t target=? positional_arguments=[schema] dynamic=`None` is computed when the migration runs new_columns=?
add_column target=? missing_arguments=[table_name, column] new_columns=?
drop_column table=t schema=s target=c positional_arguments=[schema] on_new_column=?)"},
    {R"(op.sync_enum_values("public", "e", ["a"]))",
     R"(unrecognised table=? target=? columns=? dynamic=`op.sync_enum_values` is no operation that is known new_columns=?
…)"},
    {R"(op.drop_constraint(name="c", table_name="t", type_="check"))",
     R"(drop_constraint table=t target=c constraint_kind=check unknown_arguments=[name])"},
};
// clang-format on

}  // namespace

BOOST_AUTO_TEST_SUITE(read_operations)

BOOST_AUTO_TEST_CASE(each_directive_gives_its_operation) {
  for (const Case& test : cases) {
    BOOST_TEST_CONTEXT(test.source) { BOOST_TEST(upgrade_of(test.source) == test.facts); }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spiritsafe
