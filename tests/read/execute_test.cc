// SPDX-License-Identifier: Apache-2.0
// Raw SQL in all its forms.
#include <boost/test/unit_test.hpp>

#include "tests/read/frame.h"

namespace spiritsafe {
namespace {

// clang-format off
const Case cases[] = {
    {R"(op.execute("UPDATE t SET a = 1"))",
     R"(execute execute_form=op_execute sql_form=literal sql_text=UPDATE t SET a = 1 sql=(update class=dml table=t tables=[t] concurrently=no if_exists=no has_where=no columns=[a]))"},
    {R"(op.execute(sa.text('DELETE FROM t WHERE a = 1')))",
     R"(execute execute_form=op_execute sql_form=literal sql_text=DELETE FROM t WHERE a = 1 sql=(delete class=dml table=t tables=[t] concurrently=no if_exists=no has_where=yes))"},
    {R"(op.execute("""
    ALTER TABLE t ADD COLUMN a int;
    CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a);
"""))",
     R"(execute execute_form=op_execute sql_form=literal sql_text=
        ALTER TABLE t ADD COLUMN a int;
        CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a);
     sql=(alter_table class=ddl table=t tables=[t] concurrently=no if_exists=no; create_index class=ddl table=t tables=[t] concurrently=yes if_exists=yes))"},
    {R"(op.execute(f"ALTER TABLE {x()} ADD COLUMN a int"))",
     R"(execute execute_form=op_execute sql_form=interpolated sql_text=? dynamic=`f"ALTER TABLE {x()} ADD COLUMN a int"` is computed when the migration runs sql=(alter_table class=ddl table=? tables=[?, …] concurrently=? if_exists=? cascade=?…))"},
    {R"(op.execute(f"UPDATE t SET a = 1 {x()}"))",
     R"(execute execute_form=op_execute sql_form=interpolated sql_text=? dynamic=`f"UPDATE t SET a = 1 {x()}"` is computed when the migration runs sql=(? class=? table=? tables=? concurrently=? if_exists=? has_where=? columns=? cascade=? setting=? local=? syntax_error=?…))"},
    {R"(op.execute("DELETE FROM %s" % table_of()))",
     R"(execute execute_form=op_execute sql_form=interpolated sql_text=? dynamic=`"DELETE FROM %s" % table_of()` is computed when the migration runs sql=(delete class=dml table=? tables=[?, …] concurrently=? if_exists=? has_where=? cascade=?…))"},
    {R"(op.execute("DROP TABLE " + "t"))",
     R"(execute execute_form=op_execute sql_form=literal sql_text=DROP TABLE t sql=(drop_table class=ddl table=t tables=[t] concurrently=no if_exists=no))"},
    {R"(op.execute(sql_of()))",
     R"(execute execute_form=op_execute sql_form=unreadable sql_text=? dynamic=`sql_of()` is computed when the migration runs sql=?)"},
    {R"(op.execute(sa.table("t").update().where(sa.column("a") == 1).values(a=2)))",
     R"(execute execute_form=op_execute sql_form=expression sql_text=? sql=(update class=dml table=t tables=[t] has_where=yes columns=[a]))"},
    {R"(op.execute(sa.delete(sa.table("t"))))",
     R"(execute execute_form=op_execute sql_form=expression sql_text=? sql=(delete class=dml table=t tables=[t] has_where=no))"},
    {R"(bind = op.get_bind()
bind.execute(sa.text("SELECT 1 WHERE a = :a"), {"a": 1}))",
     R"(execute execute_form=connection sql_form=literal sql_text=SELECT 1 WHERE a = :a sql=(select class=query concurrently=no if_exists=no))"},
    {R"(op.get_bind().exec_driver_sql("SELECT * FROM t WHERE a = %s", (1,)))",
     R"(execute execute_form=connection sql_form=literal sql_text=SELECT * FROM t WHERE a = %s sql=(select class=query table=t tables=[t] concurrently=no if_exists=no))"},
    {R"(session = orm.Session(bind=op.get_bind())
session.execute("SELECT 1")
session.add(User())
session.query(User).update({"a": 1})
class User:
    __tablename__ = "user"
session.query(User).delete()
session.query(User).filter(User.id == 1).order_by(User.id).delete()
session.query(User).distinct().delete()
session.commit())",
     R"(execute execute_form=session sql_form=literal sql_text=SELECT 1 sql=(select class=query concurrently=no if_exists=no)
execute execute_form=session sql_form=expression sql_text=? sql=(insert class=dml table=? tables=?)
execute execute_form=session sql_form=expression sql_text=? sql=(update class=dml table=? tables=? has_where=no columns=[a])
execute execute_form=session sql_form=expression sql_text=? sql=(delete class=dml table=user tables=[user] has_where=no)
execute execute_form=session sql_form=expression sql_text=? sql=(delete class=dml table=user tables=[user] has_where=yes)
execute execute_form=session sql_form=expression sql_text=? sql=(delete class=dml table=user tables=[user] has_where=?))"},
    {R"(with Session(op.get_bind()) as s:
    s.execute(sa.text("TRUNCATE a, b CASCADE")))",
     R"(execute execute_form=session sql_form=literal sql_text=TRUNCATE a, b CASCADE sql=(truncate class=dml table=a tables=[a, b] concurrently=no if_exists=no cascade=yes))"},
    {R"(op.get_context().execute("SELECT 1"))",
     R"(execute execute_form=other sql_form=literal sql_text=SELECT 1 sql=(select class=query concurrently=no if_exists=no))"},
    {R"(op.execute("SELECT ' :x'"))",
     R"(execute execute_form=op_execute sql_form=literal sql_text=SELECT ' :x' unescaped_parameter=:x sql=(select class=query concurrently=no if_exists=no))"},
    {R"(op.execute(sa.text("UPDATE t SET a = :x").bindparams(x=1)))",
     R"(execute execute_form=op_execute sql_form=literal sql_text=UPDATE t SET a = :x sql=(update class=dml table=t tables=[t] concurrently=no if_exists=no has_where=no columns=[a]))"},
    {R"(op.execute(sa.text("DELETE FROM t WHERE a IN :all AND b = :x").bindparams(x=1)))",
     R"(execute execute_form=op_execute sql_form=literal sql_text=DELETE FROM t WHERE a IN :all AND b = :x sql=(delete class=dml table=t tables=[t] concurrently=no if_exists=no has_where=yes))"},
    {R"(op.execute("SELECT a::int, 'b:c', '\\:d'"))",
     R"(execute execute_form=op_execute sql_form=literal sql_text=SELECT a::int, 'b:c', '\:d' sql=(select class=query concurrently=no if_exists=no))"},
    {R"(op.execute("SELEC 1"))",
     R"(execute execute_form=op_execute sql_form=literal sql_text=SELEC 1 sql=(? class=unreadable table=? tables=? concurrently=? if_exists=? has_where=? columns=? cascade=? setting=? local=? syntax_error=syntax error at or near "SELEC"))"},
    {R"(op.execute("CREATE TYPE e AS ENUM ('a'); ALTER TYPE e ADD VALUE IF NOT EXISTS 'b'; DROP TYPE e"))",
     R"(execute execute_form=op_execute sql_form=literal sql_text=CREATE TYPE e AS ENUM ('a'); ALTER TYPE e ADD VALUE IF NOT EXISTS 'b'; DROP TYPE e sql=(create_type class=enum_type concurrently=no if_exists=no; alter_enum class=enum_type concurrently=no if_exists=yes; drop_type class=ddl concurrently=no if_exists=no))"},
    {R"(op.execute("SET LOCAL lock_timeout = '5s'; RESET ALL; SHOW x; COMMIT; BEGIN; VACUUM t; ANALYZE t; REINDEX TABLE CONCURRENTLY t"))",
     R"(execute execute_form=op_execute sql_form=literal sql_text=SET LOCAL lock_timeout = '5s'; RESET ALL; SHOW x; COMMIT; BEGIN; VACUUM t; ANALYZE t; REINDEX TABLE CONCURRENTLY t sql=(set class=session_setting concurrently=no if_exists=no setting=lock_timeout local=yes; reset class=session_setting concurrently=no if_exists=no; show class=query concurrently=no if_exists=no; commit class=transaction concurrently=no if_exists=no; begin class=transaction concurrently=no if_exists=no; vacuum class=maintenance table=t tables=[t] concurrently=no if_exists=no; analyze class=maintenance table=t tables=[t] concurrently=no if_exists=no; reindex class=maintenance table=t tables=[t] concurrently=yes if_exists=no))"},
    {R"(op.execute("DROP TABLE IF EXISTS s.a, b CASCADE; DROP INDEX CONCURRENTLY i; DROP VIEW v"))",
     R"(execute execute_form=op_execute sql_form=literal sql_text=DROP TABLE IF EXISTS s.a, b CASCADE; DROP INDEX CONCURRENTLY i; DROP VIEW v sql=(drop_table class=ddl table=a schema=s tables=[a, b] concurrently=no if_exists=yes cascade=yes; drop_index class=ddl concurrently=yes if_exists=no; drop_view class=ddl table=v tables=[v] concurrently=no if_exists=no))"},
    {R"(op.execute("ALTER TABLE a RENAME TO b; ALTER TABLE a RENAME COLUMN x TO y; COMMENT ON TABLE t IS 'x'; COMMENT ON COLUMN t.c IS 'x'"))",
     R"(execute execute_form=op_execute sql_form=literal sql_text=ALTER TABLE a RENAME TO b; ALTER TABLE a RENAME COLUMN x TO y; COMMENT ON TABLE t IS 'x'; COMMENT ON COLUMN t.c IS 'x' sql=(rename class=ddl table=a tables=[a] concurrently=no if_exists=no; rename class=ddl table=a tables=[a] concurrently=no if_exists=no; comment class=ddl table=t tables=[t] concurrently=no if_exists=no; comment class=ddl table=t tables=[t] concurrently=no if_exists=no))"},
    {R"(op.execute("WITH x AS (SELECT * FROM a) INSERT INTO b SELECT * FROM x JOIN c ON true"))",
     R"(execute execute_form=op_execute sql_form=literal sql_text=WITH x AS (SELECT * FROM a) INSERT INTO b SELECT * FROM x JOIN c ON true sql=(insert class=dml table=b tables=[b, c, a] concurrently=no if_exists=no))"},
    {R"(op.execute("CREATE VIEW v AS SELECT 1; CREATE MATERIALIZED VIEW m AS SELECT 1; REFRESH MATERIALIZED VIEW CONCURRENTLY m; CREATE EXTENSION IF NOT EXISTS x; GRANT SELECT ON t TO u; REVOKE SELECT ON t FROM u; LOCK t; DO $$ BEGIN END $$; CALL p(); CLUSTER t; COPY t TO STDOUT; TRUNCATE t"))",
     R"(execute execute_form=op_execute sql_form=literal sql_text=CREATE VIEW v AS SELECT 1; CREATE MATERIALIZED VIEW m AS SELECT 1; REFRESH MATERIALIZED VIEW CONCURRENTLY m; CREATE EXTENSION IF NOT EXISTS x; GRANT SELECT ON t TO u; REVOKE SELECT ON t FROM u; LOCK t; DO $$ BEGIN END $$; CALL p(); CLUSTER t; COPY t TO STDOUT; TRUNCATE t sql=(create_view class=ddl table=v tables=[v] concurrently=no if_exists=no; create_materialized_view class=ddl table=m tables=[m] concurrently=no if_exists=no; refresh_materialized_view class=maintenance table=m tables=[m] concurrently=yes if_exists=no on_new_table=yes; create_extension class=ddl concurrently=no if_exists=yes; grant class=ddl table=t tables=[t] concurrently=no if_exists=no; revoke class=ddl table=t tables=[t] concurrently=no if_exists=no; lock class=other table=t tables=[t] concurrently=no if_exists=no; do class=other concurrently=no if_exists=no; call class=other concurrently=no if_exists=no; cluster class=maintenance table=t tables=[t] concurrently=no if_exists=no; copy class=dml table=t tables=[t] concurrently=no if_exists=no; truncate class=dml table=t tables=[t] concurrently=no if_exists=no))"},
    {R"x(op.execute("CREATE FUNCTION f() RETURNS trigger AS $$ BEGIN; RETURN NEW; END $$ LANGUAGE plpgsql; CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()"))x",
     R"(execute execute_form=op_execute sql_form=literal sql_text=CREATE FUNCTION f() RETURNS trigger AS $$ BEGIN; RETURN NEW; END $$ LANGUAGE plpgsql; CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f() sql=(create_function class=ddl concurrently=no if_exists=no; create_trigger class=ddl table=t tables=[t] concurrently=no if_exists=no))"},
    {R"(op.execute("SELECT 'unterminated"))",
     R"(execute execute_form=op_execute sql_form=literal sql_text=SELECT 'unterminated sql=(? class=unreadable table=? tables=? concurrently=? if_exists=? has_where=? columns=? cascade=? setting=? local=? syntax_error=unterminated quoted string at or near "'unterminated"))"},
    {R"(op.execute("-- nothing\n;"))",
     R"(execute execute_form=op_execute sql_form=literal sql_text=-- nothing
;)"},
    {R"(op.execute(open("x.sql").read()))",
     R"(execute execute_form=op_execute sql_form=unreadable sql_text=? dynamic=`open("x.sql").read()` is computed when the migration runs sql=?)"},
    {R"(op.execute(sa.DDL("DROP TABLE t")))",
     R"(execute execute_form=op_execute sql_form=literal sql_text=DROP TABLE t sql=(drop_table class=ddl table=t tables=[t] concurrently=no if_exists=no))"},
    {R"(op.execute(textwrap.dedent("""
    SELECT 1""")))",
     R"(execute execute_form=op_execute sql_form=literal sql_text=
SELECT 1 sql=(select class=query concurrently=no if_exists=no))"},
    {R"(q = "SELECT 1"
q += "; SELECT 2"
op.execute(q))",
     R"(execute execute_form=op_execute sql_form=literal sql_text=SELECT 1; SELECT 2 sql=(select class=query concurrently=no if_exists=no; select class=query concurrently=no if_exists=no))"},
    {R"(op.execute("SELECT a FROM t WHERE b = :b AND c = %(c)s"))",
     R"(execute execute_form=op_execute sql_form=literal sql_text=SELECT a FROM t WHERE b = :b AND c = %(c)s unescaped_parameter=:b sql=(select class=query table=t tables=[t] concurrently=no if_exists=no))"},
    {R"(cursor = op.get_bind().connection.cursor()
cursor.execute("SELECT 1"))",
     R"(execute execute_form=other sql_form=literal sql_text=SELECT 1 sql=(select class=query concurrently=no if_exists=no))"},
    {R"(op.execute("SELECT %s" % 5))",
     R"(execute execute_form=op_execute sql_form=literal sql_text=SELECT 5 sql=(select class=query concurrently=no if_exists=no))"},
    {R"(op.execute("MERGE INTO t USING s ON t.a = s.a WHEN MATCHED THEN DELETE"))",
     R"(execute execute_form=op_execute sql_form=literal sql_text=MERGE INTO t USING s ON t.a = s.a WHEN MATCHED THEN DELETE sql=(merge class=dml table=t tables=[t, s] concurrently=no if_exists=no))"},
    {R"x(op.execute(sa.schema.DropTable(sa.table("users"), if_exists=True)))x",
     R"(drop_table table=users target=users if_exists=yes)"},
    {R"(users = sa.Table("users", sa.MetaData(), sa.Column("id", sa.Integer(), primary_key=True), schema="s")
op.get_bind().execute(sa.schema.CreateTable(users, if_not_exists=True)))",
     R"(create_table table=users schema=s target=users if_not_exists=yes new_columns=(id type=Integer() type_family=integer nullable=no primary_key=yes))"},
    {R"(op.get_bind().execute(sa.schema.DropTable(metadata.tables["a"])))",
     R"(drop_table table=? target=? dynamic=`metadata.tables["a"]` is computed when the migration runs)"},
    {R"(op.execute(sa.schema.DropIndex(sa.Index("i"))))", R"(drop_index target=i)"},
    {R"(op.execute(sa.schema.CreateIndex(sa.Index("i", t.c.a))))",
     R"(create_index table=? target=i columns=? dynamic=`sa.schema.CreateIndex(sa.Index("i", t.c.a))` is computed when the migration runs)"},
    {R"(op.execute(sa.schema.DropConstraint(sa.UniqueConstraint("a", name="u"), cascade=True)))",
     R"(drop_constraint table=? target=u cascade=yes constraint_kind=unique dynamic=`sa.schema.DropConstraint(sa.UniqueConstraint("a", name="u")…` is computed when the migration runs)"},
    {R"(op.execute(sa.schema.CreateSequence(sa.Sequence("q"))); op.execute(sa.schema.DropSchema("s", cascade=True)))",
     R"(create_sequence target=q
drop_schema target=s cascade=yes)"},
    {R"(op.execute(sa.schema.AddConstraint(c)))",
     R"(unrecognised table=? target=? columns=? dynamic=`sa.schema.AddConstraint(c)` is computed when the migration runs)"},
    {R"(op.get_context().impl.drop_table(sa.Table("users", sa.MetaData())))",
     R"(unrecognised table=? target=? columns=? dynamic=`op.get_context().impl.drop_table` is called on what is behind op new_columns=?
…)"},
    {R"(impl = op.get_context().impl
impl.add_column("users", sa.Column("a", sa.Text())))",
     R"(unrecognised table=? target=? columns=? dynamic=`impl.add_column` is called on what is behind op new_columns=?
…)"},
    {R"(op.get_context().get_current_revision()
if op.get_context().impl.transactional_ddl:
    pass)", R"()"},
};
// clang-format on

}  // namespace

BOOST_AUTO_TEST_SUITE(read_execute)

BOOST_AUTO_TEST_CASE(raw_sql_is_read_and_classified) {
  for (const Case& test : cases) {
    BOOST_TEST_CONTEXT(test.source) { BOOST_TEST(upgrade_of(test.source) == test.facts); }
  }
}

BOOST_AUTO_TEST_CASE(what_a_newer_server_reads_is_not_told_by_an_older_parser) {
  static constexpr std::string_view newer[] = {
      "ALTER TABLE t ADD CONSTRAINT n NOT NULL a",
      "ALTER TABLE t ALTER CONSTRAINT c NOT ENFORCED",
      "ALTER TABLE t ALTER COLUMN c SET EXPRESSION AS (a * 2)",
      "ALTER TABLE t SET ACCESS METHOD DEFAULT",
      "ALTER TABLE t ADD COLUMN b int GENERATED ALWAYS AS (a * 2) VIRTUAL",
      "ALTER TABLE t ADD CONSTRAINT k PRIMARY KEY (id, during WITHOUT OVERLAPS)",
      "CREATE TABLE t (a int NOT NULL NO INHERIT)",
      "SELECT JSON_OBJECT('a': 1)",
      "SELECT a IS JSON OBJECT FROM t",
      "SELECT * FROM JSON_TABLE('[1]', '$[*]' COLUMNS (a int PATH '$'))",
      "MERGE INTO t USING s ON t.a = s.a WHEN NOT MATCHED BY SOURCE THEN DELETE",
      "UPDATE t SET a = 1 RETURNING WITH (OLD AS o) o.a",
      "GRANT a TO b WITH INHERIT TRUE",
      "CREATE STATISTICS ON a, b FROM t",
      "VACUUM ONLY t",
      "REINDEX DATABASE",
      "SELECT 1_000, 0x1F",
      "ALTER DEFAULT PRIVILEGES GRANT SELECT ON LARGE OBJECTS TO r",
  };
  ReadOptions options;
  for (const std::string_view sql : newer) {
    const std::string body = std::string("op.execute(sa.DDL(\"").append(sql).append("\"))");
    for (const int version : {0, 15, 16, 18}) {
      options.postgres_version = version;
      const ReadFile read = read_text(in_upgrade(body), options);
      BOOST_TEST_CONTEXT(sql << " on " << version) {
        BOOST_TEST_REQUIRE(read.migration->statements.items.size() == 1);
        const Statement& statement = read.migration->statements.items[0];
        BOOST_TEST((statement.statement_class.value == StatementClass::unreadable));
        BOOST_TEST((statement.syntax_error.state == (version > 15 ? State::unknown : State::known)));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(an_alias_that_a_newer_server_does_not_need_is_put_in) {
  const ReadFile read =
      read_text(in_upgrade(R"(op.execute("DELETE FROM t USING (SELECT 1), (VALUES (2)) WHERE t.a = 1"))"));
  const Statement& statement = read.migration->statements.items[0];
  BOOST_TEST((statement.statement_class.value == StatementClass::dml));
  BOOST_TEST(statement.syntax_error.is_absent());
  BOOST_TEST(statement.text.value == "DELETE FROM t USING (SELECT 1), (VALUES (2)) WHERE t.a = 1");
  BOOST_TEST(statement.table.value == "t");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spiritsafe
