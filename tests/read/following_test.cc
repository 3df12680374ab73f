// SPDX-License-Identifier: Apache-2.0
// How constants, control flow and helpers are followed.
#include <boost/test/unit_test.hpp>

#include "tests/read/frame.h"

namespace spiritsafe {
namespace {

// clang-format off
const Case cases[] = {
    {R"(T = "user"
op.drop_column(T, "a" + "b"))",
     R"(drop_column table=user target=ab)"},
    {R"(op.drop_table(f"a_{1 + 1}"))",
     R"(drop_table table=a_2 target=a_2)"},
    {R"(op.drop_table(f"a_{x}"))",
     R"(drop_table table=? target=? dynamic=`f"a_{x}"` is computed when the migration runs)"},
    {R"(op.drop_table("%s_%s" % ("a", "b"))
op.drop_table("{}_{n}".format("a", n=1)))",
     R"(drop_table table=a_b target=a_b
drop_table table=a_1 target=a_1)"},
    {R"(op.drop_table("".join(["a", "b"]).upper()))",
     R"(drop_table table=AB target=AB)"},
    {R"(for t in ["a", "b"]:
    op.drop_table(t))",
     R"(drop_table table=a target=a loop=yes
drop_table table=b target=b loop=yes)"},
    {R"(for i, (t, c) in enumerate(zip(("a", "b"), ["x", "y"])):
    op.drop_column(t, f"{c}{i}"))",
     R"(drop_column table=a target=x0 loop=yes
drop_column table=b target=y1 loop=yes)"},
    {R"(for t, cs in {"a": ["x", "y"]}.items():
    for c in cs:
        op.drop_column(t, c))",
     R"(drop_column table=a target=x loop=yes
drop_column table=a target=y loop=yes)"},
    {R"(for t in tables():
    op.drop_table(t))",
     R"(drop_table table=? target=? conditional=yes loop=yes dynamic=`t` is computed when the migration runs
…)"},
    {R"(for n in range(2):
    op.drop_table("t%d" % n))",
     R"(drop_table table=t0 target=t0 loop=yes
drop_table table=t1 target=t1 loop=yes)"},
    {R"(for t in sorted({"b", "a"}):
    if t == "a":
        continue
    op.drop_table(t))",
     R"(drop_table table=b target=b loop=yes)"},
    {R"(for t in ["a", "b"]:
    if check(t):
        break
    op.drop_table(t))",
     R"(drop_table table=a target=a conditional=yes loop=yes
drop_table table=b target=b conditional=yes loop=yes
…)"},
    {R"(if True:
    op.drop_table("a")
else:
    op.drop_table("b"))",
     R"(drop_table table=a target=a)"},
    {R"(if op.get_bind().dialect.name == "postgresql":
    op.drop_table("a")
else:
    op.drop_table("b"))",
     R"(drop_table table=a target=a dialects=[postgresql] conditional=yes
drop_table table=b target=b dialects=[mysql, mariadb, sqlite, mssql, cockroachdb, oracle, other] conditional=yes)"},
    {R"(if op.get_bind().dialect.name != "postgresql":
    return
op.drop_table("a"))",
     R"(drop_table table=a target=a dialects=[postgresql] conditional=yes)"},
    {R"(if not ready():
    raise RuntimeError("x")
op.drop_table("a"))",
     R"(drop_table table=a target=a
…)"},
    {R"(try:
    op.drop_table("a")
except Exception:
    pass)",
     R"(drop_table table=a target=a conditional=yes)"},
    {R"(try:
    op.drop_table("a")
finally:
    op.drop_table("b"))",
     R"(drop_table table=a target=a
drop_table table=b target=b)"},
    {R"(while waiting():
    op.drop_table("a"))",
     R"(drop_table table=a target=a conditional=yes loop=yes
…)"},
    {R"(with op.get_context().autocommit_block():
    op.create_index("i", "t", ["a"])
op.drop_table("a"))",
     R"(create_index table=t target=i columns=[a] autocommit=yes
drop_table table=a target=a)"},
    {R"(c = op.get_context()
with c.autocommit_block(), op.batch_alter_table("t") as b:
    b.drop_column("x"))",
     R"(drop_column table=t target=x batch=yes autocommit=yes)"},
    {R"(def drop(t, *cs, schema=None):
    for c in cs:
        op.drop_column(t, c, schema=schema)
drop("t", "a", "b", schema="s"))",
     R"(drop_column table=t schema=s target=a loop=yes helper=yes
drop_column table=t schema=s target=b loop=yes helper=yes)"},
    {R"(def f(n):
    f(n + 1)
    op.drop_table("t")
f(0))",
     R"(unrecognised table=? target=? columns=? helper=yes dynamic=`f` calls itself new_columns=?
drop_table table=t target=t helper=yes
…)"},
    {R"(def name(x):
    return "ix_" + x
op.drop_index(name("a")))",
     R"(drop_index target=ix_a)"},
    {R"(def g(x):
    if x:
        return "a"
    return "b"
op.drop_table(g(""))
op.drop_table(g(unknown())))",
     R"(drop_table table=b target=b
drop_table table=? target=? dynamic=`g(unknown())` depends on a condition)"},
    {R"(x = "a"
if cond():
    x = "b"
op.drop_table(x))",
     R"(drop_table table=? target=? dynamic=`x` depends on a condition
…)"},
    {R"(x = "a"
if cond():
    x = "a"
op.drop_table(x))",
     R"(drop_table table=a target=a
…)"},
    {R"(ts = ["a"]
ts.append("b")
if cond():
    ts.append("c")
for t in ts:
    op.drop_table(t))",
     R"(drop_table table=a target=a loop=yes
drop_table table=b target=b loop=yes
drop_table table=? target=? conditional=yes loop=yes dynamic=`t` is computed when the migration runs
…)"},
    {R"(op.create_table("t", *[sa.Column(n, sa.Integer()) for n in ("a", "b")]))",
     R"(create_table table=t target=t new_columns=(a type=Integer() type_family=integer nullable=yes; b type=Integer() type_family=integer nullable=yes))"},
    {R"(op.create_table("t", *columns()))",
     R"(create_table table=t target=t dynamic=`op.create_table("t", *columns())` is computed when the migration runs new_columns=(…) constraints=(…))"},
    {R"(cols = [sa.Column("a", sa.Integer())]
op.create_table("t", *cols, sa.Column("b", sa.Integer())))",
     R"(create_table table=t target=t new_columns=(a type=Integer() type_family=integer nullable=yes; b type=Integer() type_family=integer nullable=yes))"},
    {R"(targets = [t for t in ("a", "b", "c") if t != "b" and sa.inspect(op.get_bind()).has_table(t)]
for t in targets:
    op.execute(f"DROP TABLE {t}")
for t in targets:
    op.drop_index(t)
    break)",
     R"(execute execute_form=op_execute sql_form=literal sql_text=DROP TABLE a conditional=yes loop=yes sql=(drop_table class=ddl table=a tables=[a] concurrently=no if_exists=no)
execute execute_form=op_execute sql_form=literal sql_text=DROP TABLE c conditional=yes loop=yes sql=(drop_table class=ddl table=c tables=[c] concurrently=no if_exists=no)
drop_index target=a conditional=yes loop=yes
drop_index target=c conditional=yes loop=yes)"},
    {R"(targets = [t for t in ("a",) if has_table(t)]
targets.remove("a")
for t in targets:
    op.drop_table(t))",
     R"(drop_table table=? target=? conditional=yes loop=yes dynamic=`t` is computed when the migration runs
…)"},
    {R"([op.drop_table(t) for t in ("a", "b") if has_table(t)])",
     R"(drop_table table=a target=a conditional=yes loop=yes
drop_table table=b target=b conditional=yes loop=yes
…)"},
    {R"([op.drop_table(t) for t in ("a", "b")])",
     R"(drop_table table=a target=a loop=yes
drop_table table=b target=b loop=yes)"},
    {R"(kw = dict(schema="s")
op.drop_table("t", **kw))",
     R"(drop_table table=t schema=s target=t)"},
    {R"(op.drop_table("t", **options()))",
     R"(drop_table table=t schema=? target=t if_exists=?)"},
    {R"(helpers.add_columns(op, "t"))",
     R"(unrecognised table=? target=? columns=? dynamic=`helpers.add_columns` is defined elsewhere new_columns=?
…)"},
    {R"(helpers.run_everything()
print("x")
logger = logging.getLogger()
logger.info("x"))",
     R"(unrecognised table=? target=? columns=? dynamic=`helpers.run_everything` is defined elsewhere new_columns=?
…)"},
    {R"(found = helpers.search()
op.drop_table("a"))",
     R"(drop_table table=a target=a
…)"},
    {R"(import requests
found = requests.get("x")
op.drop_table("a"))",
     R"(drop_table table=a target=a)"},
    {R"(if helpers.has_table(op.get_bind(), "t"):
    op.drop_table("t"))",
     R"(drop_table table=t target=t conditional=yes
…)"},
    {R"(getattr(op, "drop_table")("t"))",
     R"(drop_table table=t target=t)"},
    {R"(getattr(op, which)("t"))",
     R"(unrecognised table=? target=? columns=? dynamic=`getattr(op, which)` is not known new_columns=?
…)"},
    {R"(f = lambda: op.drop_table("t")
f())",
     R"(unrecognised table=? target=? columns=? dynamic=`f` is not known new_columns=?
…)"},
    {R"(m = op.batch_alter_table
with m("t") as x:
    x.drop_column("c"))",
     R"(drop_column table=t target=c batch=yes)"},
    {R"(with helpers.batch("t") as b:
    b.drop_column("c"))",
     R"(drop_column table=? schema=? target=c batch=yes dynamic=`b.drop_column("c")` is computed when the migration runs
…)"},
    {R"(op.run_async(work)
op.invoke(make()))",
     R"(execute execute_form=other sql_form=unreadable sql_text=? dynamic=`op.run_async(work)` is computed when the migration runs sql=?
unrecognised table=? target=? columns=? dynamic=`op.invoke` runs an operation object new_columns=?
…)"},
    {R"(match kind():
    case "a":
        op.drop_table("a")
    case other:
        op.drop_table(other))",
     R"(drop_table table=a target=a conditional=yes
drop_table table=? target=? conditional=yes dynamic=`other` is computed when the migration runs
…)"},
    {R"(globals()["upgrade_%s" % engine]())",
     R"(…)"},
    {R"(a, b = "x", "y"
op.drop_column(a, b))",
     R"(drop_column table=x target=y)"},
    {R"(d = {"t": "user"}
op.drop_table(d["t"])
op.drop_table(["a", "b"][-1]))",
     R"(drop_table table=user target=user
drop_table table=b target=b)"},
    {R"(op.drop_table("a" if 1 < 2 else "b")
op.drop_table("a" if x() else "b"))",
     R"(drop_table table=a target=a
drop_table table=? target=? dynamic=`"a" if x() else "b"` depends on a condition)"},
    {R"(if (n := "t"):
    op.drop_table(n))",
     R"(drop_table table=t target=t)"},
    {R"(Base.metadata.create_all(bind=op.get_bind()))",
     R"(unrecognised table=? target=? columns=? dynamic=`Base.metadata.create_all` is defined elsewhere new_columns=?
…)"},
    {R"(op.drop_table("a"); raise NotImplementedError)",
     R"(drop_table table=a target=a)"},
    {R"(async def f(): pass
await f())",
     R"()"},
    {R"(op.drop_column("t", sa.schema.conv("c")))",
     R"(drop_column table=t target=c)"},
};
// clang-format on

}  // namespace

BOOST_AUTO_TEST_SUITE(read_following)

BOOST_AUTO_TEST_CASE(values_and_control_flow_are_followed) {
  for (const Case& test : cases) {
    BOOST_TEST_CONTEXT(test.source) { BOOST_TEST(upgrade_of(test.source) == test.facts); }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spiritsafe
