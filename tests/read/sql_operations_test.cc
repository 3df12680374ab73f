// SPDX-License-Identifier: Apache-2.0
// What SQL amounts to: the same operations as Alembic's, with the same facts.
#include <boost/test/unit_test.hpp>

#include "tests/read/frame.h"

namespace spiritsafe {
namespace {

// clang-format off
const Case cases[] = {
    {R"x(CREATE TABLE s.t (id serial PRIMARY KEY, a varchar(5) DEFAULT now() NOT NULL, b int[] UNIQUE))x",
     R"x(create_table table=t schema=s target=t new_columns=(id type=serial type_family=integer nullable=no server_default=? primary_key=yes; a type=varchar(5) type_family=string length=5 nullable=no server_default=now(); b type=int[] type_family=array nullable=yes unique=yes) constraints=(unique columns=[b]))x"},
    {R"x(CREATE TABLE IF NOT EXISTS t (a int CONSTRAINT f REFERENCES o (id) ON DELETE CASCADE, CONSTRAINT c CHECK (a > 0), PRIMARY KEY (a)))x",
     R"x(create_table table=t target=t if_not_exists=yes new_columns=(a type=int type_family=integer nullable=no foreign_key=o.id ondelete=CASCADE) constraints=(foreign_key f columns=[a] referent_table=o referent_columns=[id] ondelete=CASCADE; check c condition=a > 0; primary_key columns=[a]))x"},
    {R"x(CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY, b int GENERATED ALWAYS AS (id * 2) STORED, c timestamptz, d mood, e "Odd", LIKE o))x",
     R"x(create_table table=t target=t new_columns=(id type=bigint type_family=big_integer nullable=no identity=yes; b type=int type_family=integer nullable=yes computed=yes; c type=timestamptz type_family=datetime_with_timezone nullable=yes; d type=mood type_family=other nullable=yes; e type=Odd type_family=other nullable=yes…) constraints=(…))x"},
    {R"x(CREATE TEMP TABLE t AS SELECT 1)x",
     R"x(create_table table=t target=t temporary=yes new_columns=(…) constraints=(…))x"},
    {R"x(SELECT 1 INTO t)x",
     R"x(create_table table=t target=t new_columns=(…) constraints=(…))x"},
    {R"x(CREATE TABLE t PARTITION OF p FOR VALUES IN (1))x",
     R"x(create_table table=t target=t new_columns=(…) constraints=(…))x"},
    {R"x(DROP TABLE IF EXISTS s.a, b CASCADE)x",
     R"x(drop_table table=a schema=s target=a if_exists=yes cascade=yes
drop_table table=b target=b if_exists=yes cascade=yes)x"},
    {R"x(ALTER TABLE t ADD COLUMN IF NOT EXISTS a numeric(10, 2) NOT NULL DEFAULT 0)x",
     R"x(add_column table=t target=a if_not_exists=yes new_columns=(a type=numeric(10, 2) type_family=numeric precision=10 scale=2 nullable=no server_default=0) at ADD COLUMN IF NOT EXISTS a numeric(10, 2) NOT NULL DEFAULT 0)x"},
    {R"x(ALTER TABLE t ADD a int UNIQUE REFERENCES o CHECK (a > 0))x",
     R"x(add_column table=t target=a new_columns=(a type=int type_family=integer nullable=yes unique=yes foreign_key=? check=yes) at ADD a int UNIQUE REFERENCES o CHECK (a > 0)
create_unique_constraint table=t columns=[a] constraint_kind=unique implicit=yes on_new_columns=yes at ADD a int UNIQUE REFERENCES o CHECK (a > 0)
create_foreign_key table=t columns=[a] referent_table=o constraint_kind=foreign_key implicit=yes on_new_columns=yes at ADD a int UNIQUE REFERENCES o CHECK (a > 0))x"},
    {R"x(ALTER TABLE t ADD a text COLLATE "C" CONSTRAINT n NOT NULL, ADD b int DEFAULT (f(1, 2)))x",
     R"x(add_column table=t target=a new_columns=(a type=text type_family=text nullable=no) at ADD a text COLLATE "C" CONSTRAINT n NOT NULL
add_column table=t target=b new_columns=(b type=int type_family=integer nullable=yes server_default=(f(1, 2))) at ADD b int DEFAULT (f(1, 2)))x"},
    {R"x(ALTER TABLE "A b".t DROP COLUMN IF EXISTS a CASCADE)x",
     R"x(drop_column table=t schema=A b target=a if_exists=yes cascade=yes at DROP COLUMN IF EXISTS a CASCADE)x"},
    {R"x(ALTER TABLE t ALTER a TYPE varchar(3) USING left(a, 3), ALTER a SET DEFAULT 'x, y', ALTER b DROP DEFAULT)x",
     R"x(alter_column table=t target=a type=varchar(3) type_family=string length=3 using_expression=left(a, 3) at ALTER a TYPE varchar(3) USING left(a, 3)
alter_column table=t target=a server_default='x, y' at ALTER a SET DEFAULT 'x, y'
alter_column table=t target=b drops_server_default=yes at ALTER b DROP DEFAULT)x"},
    {R"x(ALTER TABLE t ALTER a SET NOT NULL, ALTER b DROP NOT NULL)x",
     R"x(alter_column table=t target=a nullable=no at ALTER a SET NOT NULL
alter_column table=t target=b nullable=yes at ALTER b DROP NOT NULL)x"},
    {R"x(ALTER TABLE t ADD CONSTRAINT u UNIQUE (a, b), ADD UNIQUE USING INDEX i, ADD PRIMARY KEY (a))x",
     R"x(create_unique_constraint table=t target=u columns=[a, b] constraint_kind=unique at ADD CONSTRAINT u UNIQUE (a, b)
create_unique_constraint table=t target=i columns=? using_index=i constraint_kind=unique at ADD UNIQUE USING INDEX i
create_primary_key table=t columns=[a] constraint_kind=primary_key at ADD PRIMARY KEY (a))x"},
    {R"x(ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES s.o (b) ON DELETE SET NULL NOT VALID, ADD CHECK (a > 0))x",
     R"x(create_foreign_key table=t target=f columns=[a] not_valid=yes referent_table=o referent_columns=[b] ondelete=SET NULL constraint_kind=foreign_key at ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES s.o (b) ON DELETE SET NULL NOT VALID
create_check_constraint table=t condition=a > 0 constraint_kind=check at ADD CHECK (a > 0))x"},
    {R"x(ALTER TABLE t ADD CONSTRAINT e EXCLUDE USING gist (r WITH =))x",
     R"x(create_exclude_constraint table=t target=e columns=? constraint_kind=exclude at ADD CONSTRAINT e EXCLUDE USING gist (r WITH =))x"},
    {R"x(ALTER TABLE IF EXISTS t DROP CONSTRAINT c, VALIDATE CONSTRAINT d)x",
     R"x(drop_constraint table=t target=c if_exists=yes at DROP CONSTRAINT c
validate_constraint table=t target=d if_exists=yes at VALIDATE CONSTRAINT d)x"},
    {R"x(ALTER TABLE t ADD a int, ENABLE ROW LEVEL SECURITY, INHERIT p)x",
     R"x(add_column table=t target=a new_columns=(a type=int type_family=integer nullable=yes) at ADD a int (not all))x"},
    {R"x(ALTER TABLE t RENAME a TO b)x",
     R"x(alter_column table=t target=a new_name=b)x"},
    {R"x(ALTER TABLE s.t RENAME TO u)x",
     R"x(rename_table table=t schema=s target=t new_name=u)x"},
    {R"x(ALTER TABLE t RENAME CONSTRAINT a TO b)x",
     R"x(rename_constraint table=t target=a new_name=b)x"},
    {R"x(ALTER INDEX s.a RENAME TO b)x",
     R"x(rename_index schema=s target=a new_name=b)x"},
    {R"x(CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON s.t USING btree (a, lower(b)) WHERE a IS NULL)x",
     R"x(create_index table=t schema=s target=i columns=[a, ?] unique=yes concurrently=yes if_not_exists=yes condition=a IS NULL)x"},
    {R"x(CREATE INDEX ON t (a))x",
     R"x(create_index table=t columns=[a])x"},
    {R"x(DROP INDEX CONCURRENTLY IF EXISTS s.i, j)x",
     R"x(drop_index schema=s target=i concurrently=yes if_exists=yes
drop_index target=j concurrently=yes if_exists=yes)x"},
    {R"x(CREATE TYPE s.e AS ENUM ('a', 'b'))x",
     R"x(create_enum schema=s target=e enum_values=[a, b])x"},
    {R"x(ALTER TYPE e ADD VALUE IF NOT EXISTS 'c' BEFORE 'a')x",
     R"x(add_enum_value target=e if_not_exists=yes enum_values=[c])x"},
    {R"x(ALTER TYPE e RENAME VALUE 'a' TO 'b')x",
     R"x(rename_enum_value target=e new_name=b enum_values=[a])x"},
    {R"x(DROP TYPE e)x",
     R"x(drop_enum target=e)x"},
    {R"x(COMMENT ON TABLE t IS 'x')x",
     R"x(create_table_comment table=t comment=x)x"},
    {R"x(COMMENT ON TABLE t IS NULL)x",
     R"x(drop_table_comment table=t)x"},
    {R"x(COMMENT ON COLUMN s.t.a IS '')x",
     R"x(alter_column table=t schema=s target=a comment=)x"},
    {R"x(COMMENT ON COLUMN t.a IS NULL)x",
     R"x(alter_column table=t target=a drops_comment=yes)x"},
    {R"x(CREATE SCHEMA IF NOT EXISTS s)x",
     R"x(create_schema target=s if_not_exists=yes)x"},
    {R"x(DROP SCHEMA s CASCADE)x",
     R"x(drop_schema target=s cascade=yes (not all))x"},
    {R"x(CREATE SEQUENCE s.q)x",
     R"x(create_sequence schema=s target=q)x"},
    {R"x(DROP SEQUENCE q)x",
     R"x(drop_sequence target=q)x"},
    {R"x(CREATE OR REPLACE VIEW s.v AS SELECT 1)x",
     R"x(create_view schema=s target=v)x"},
    {R"x(CREATE MATERIALIZED VIEW v AS SELECT 1)x",
     R"x(create_view target=v)x"},
    {R"x(DROP VIEW v)x",
     R"x(drop_view target=v)x"},
    {R"x(ALTER TABLE t OWNER TO o)x",
     R"x()x"},
    {R"x(ALTER TABLE t OWNER TO o; UPDATE t SET a = 1; DROP FUNCTION f())x",
     R"x()x"},
};
// clang-format on

// The operations that were read in these statements, and where each stands where that is not the whole.
std::string amounts_to(std::string_view sql) {
  const ReadFile read = read_text(in_upgrade(std::string("op.execute(\"\"\"").append(sql).append("\"\"\")")));
  std::string text;
  for (const Operation& operation : read.migration->upgrade.items) {
    if (operation.written_as != WrittenAs::sql) {
      continue;
    }
    text.append(text.empty() ? "" : "\n");
    text.append(dump_item(entity_of<Operation>(), &operation,
                          {"direction", "written_as", "call", "text", "earlier", "later", "step", "migration", "column",
                           "comment_distance", "statement", "sql", "column_names"}));
    const std::string_view place = slice(read.file->source.text, operation.span);
    text.append(place == sql ? "" : std::string(" at ").append(place));
    text.append(operation.statement->is_told ? "" : " (not all)");
  }
  return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(read_sql_operations)

BOOST_AUTO_TEST_CASE(a_statement_amounts_to_operations) {
  for (const Case& test : cases) {
    BOOST_TEST_CONTEXT(test.source) { BOOST_TEST(amounts_to(test.source) == test.facts); }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spiritsafe
