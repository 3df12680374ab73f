// SPDX-License-Identifier: Apache-2.0
// The snippets of the team rules that spiritsafe began with ("Extending SQLModel with SQLAlchemy"), judged line by
// line: what is right in them is left alone, and their four mistakes are named.
#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "tests/cli/fixture.h"

namespace spiritsafe {
namespace {

const std::string snippets = R"py(from sqlmodel import Field, SQLModel, Column
from sqlalchemy import JSON, ARRAY, String, CheckConstraint, text
from sqlalchemy import UniqueConstraint
from sqlalchemy.dialects.postgresql import UUID, JSONB, ARRAY
from typing import Optional

class Example(SQLModel, table=True):
    id: Optional[int] = Field(default=None, primary_key=True)

    # PostgreSQL JSON column
    metadata_json: dict = Field(
        sa_column=Column(JSON, nullable=False, server_default=text("'{}'"))
    )

    # PostgreSQL ARRAY column
    tags: list = Field(
        sa_column=Column(ARRAY(String), nullable=True)
    )

    # Column with CHECK constraint
    rating: int = Field(
        sa_column=Column(
            Integer,
            CheckConstraint('rating >= 1 AND rating <= 5'),
            nullable=False
        )
    )

    # Text column with specific server default
    status: str = Field(
        sa_column=Column(String, server_default='pending', nullable=False)
    )


class Other(SQLModel, table=True):
    id: str = Field(sa_column=Column(UUID(as_uuid=True), primary_key=True))
    config: dict = Field(sa_column=Column(JSONB, nullable=False))


class User(SQLModel, table=True):
    email: str = Field()
    tenant_id: int = Field()

    __table_args__ = (
        UniqueConstraint('email', 'tenant_id', name='unique_email_per_tenant'),
    )


class Third(SQLModel, table=True):
    id: str = Field(
        sa_column=Column(String, server_default=text("gen_random_uuid()"), primary_key=True)
    )
)py";

}  // namespace

BOOST_AUTO_TEST_SUITE(models_of_the_team_rules)

BOOST_AUTO_TEST_CASE(each_line_is_judged_as_sqlmodel_and_alembic_take_it) {
  const Folder folder;
  folder.write("alembic.ini", ini);
  folder.write("requirements.txt", "sqlmodel\n");
  folder.write("migrations/env.py",
               "from sqlmodel import SQLModel\nimport app.models\ntarget_metadata = SQLModel.metadata\n");
  folder.write("migrations/versions/.keep", "");
  folder.write("app/models.py", snippets);
  const auto report = nlohmann::json::parse(folder.run({"check", "--all", "--format", "json"}).out);
  std::string found;
  for (const auto& finding : report.at("findings")) {
    found += std::to_string(finding.at("line").get<int>()) + " " + finding.at("level").get<std::string>() + " " +
             finding.at("rule").get<std::string>() + "\n";
  }
  BOOST_TEST(found ==
             "11 advice jsonb-preferred\n"
             "21 error check-constraint-in-column\n"  // autogenerate leaves it out
             "23 error model-undefined-name\n"        // Integer
             "36 warn sa-column-annotation-mismatch\n"
             "40 error model-missing-primary-key\n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spiritsafe
