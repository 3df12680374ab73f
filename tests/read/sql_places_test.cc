// SPDX-License-Identifier: Apache-2.0
// Where statements and their clauses stand in Python's strings.
#include <boost/test/unit_test.hpp>

#include "tests/read/frame.h"

namespace spiritsafe {
namespace {

// The source, and the places of its statements and of what they amount to, a line each.
const Case cases[] = {
    {R"(op.execute("DROP TABLE a"))", "DROP TABLE a\n  DROP TABLE a\n"},
    {R"(op.execute("DROP TABLE \"a\"; DROP TABLE b"))",
     "DROP TABLE \\\"a\\\"\n  DROP TABLE \\\"a\\\"\nDROP TABLE b\n  DROP TABLE b\n"},
    {R"(op.execute('ALTER TABLE a\n  DROP b,\n  DROP \x63, DROP d'))",
     // An escape that is not followed: the whole argument.
     "'ALTER TABLE a\\n  DROP b,\\n  DROP \\x63, DROP d'\n"
     "  'ALTER TABLE a\\n  DROP b,\\n  DROP \\x63, DROP d'\n"
     "  'ALTER TABLE a\\n  DROP b,\\n  DROP \\x63, DROP d'\n"
     "  'ALTER TABLE a\\n  DROP b,\\n  DROP \\x63, DROP d'\n"},
    {R"(op.execute("ALTER TABLE a\n DROP \"ü\",\n DROP c"))",
     "ALTER TABLE a\\n DROP \\\"ü\\\",\\n DROP c\n  DROP \\\"ü\\\"\n  DROP c\n"},
    {"op.execute(\n    'ALTER TABLE a '  # why\n    'DROP b, '\n    \"DROP c\"\n)",
     "ALTER TABLE a '  # why\n        'DROP b, '\n        \"DROP c\n  DROP b\n  DROP c\n"},
    {"op.execute('DROP TABLE a; ' + (r'DROP TABLE b'))",
     "DROP TABLE a\n  DROP TABLE a\nDROP TABLE b\n  DROP TABLE b\n"},
    {"op.execute(sa.text('''SELECT '\\:a'; DROP TABLE b'''))", "SELECT '\\:a'\nDROP TABLE b\n  DROP TABLE b\n"},
    {"name = 'a'\nop.execute(f'ALTER TABLE {name} DROP b, DROP {name}_c')",
     "ALTER TABLE {name} DROP b, DROP {name}_c\n  DROP b\n  DROP {name}_c\n"},
    {"name = 'abc'\nop.execute(f'DROP TABLE x; DROP TABLE {name}; DROP TABLE y')",
     "DROP TABLE x\n  DROP TABLE x\nDROP TABLE {name}\n  DROP TABLE {name}\nDROP TABLE y\n  DROP TABLE y\n"},
    {"op.execute(f'ALTER TABLE {name()} DROP b, DROP c')", "ALTER TABLE {name()} DROP b, DROP c\n  DROP b\n  DROP c\n"},
    {"op.execute('DROP TABLE %s' % 'a')", "'DROP TABLE %s' % 'a'\n  'DROP TABLE %s' % 'a'\n"},
    {"sql = 'DROP TABLE ' 'a'\nop.execute(sql)", "DROP TABLE ' 'a\n  DROP TABLE ' 'a\n"},
};

std::string places_in(std::string_view body) {
  const ReadFile read = read_text(in_upgrade(body));
  const std::string_view text = read.file->source.text;
  std::string places;
  for (const Statement& statement : read.migration->statements.items) {
    places.append(slice(text, statement.span)).append("\n");
    for (const Operation& operation : read.migration->upgrade.items) {
      if (operation.statement == &statement) {
        places.append("  ").append(slice(text, operation.span)).append("\n");
      }
    }
  }
  return places;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(read_sql_places)

BOOST_AUTO_TEST_CASE(statements_and_clauses_stand_where_they_are_written) {
  for (const Case& test : cases) {
    BOOST_TEST_CONTEXT(test.source) { BOOST_TEST(places_in(test.source) == test.facts); }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spiritsafe
