// SPDX-License-Identifier: Apache-2.0
// Whole error texts, caret included. A case's texts begin behind the first newline.
#include <string>

#include <boost/test/unit_test.hpp>

#include "engine/policy/load.h"
#include "tests/policy/base_pack.h"

namespace spiritsafe {
namespace {

struct Case {
  std::string_view name;
  std::string_view policy;
  std::string_view errors;
};

// Raw strings begin on a line of their own.
std::string unfolded(std::string_view text) { return std::string(text.starts_with('\n') ? text.substr(1) : text); }

// What is YAML and no policy.
const Case load_cases[] = {
    {"an empty file", "",
     R"(
p.yml: error: the policy is empty
    = begin with language: 1
)"},
    {"only a text", R"(
hello
)",
     R"(
p.yml:1:1: error: a policy is a map of keys and values
      1 | hello
        | ^~~~~
    = its keys are language, requires, pack, version, frame, dialect, extends, settings, lists, maps, conditions, rules, overrides, waivers, approvers, diagnoses, effects, lock_modes, behaviours
)"},
    {"conditions that grow", R"(
language: 1
conditions:
  c0: {for_each: operation, where: {kind: add_column}}
  c1: {for_each: operation, where: {use: [c0, c0]}}
  c2: {for_each: operation, where: {use: [c1, c1]}}
  c3: {for_each: operation, where: {use: [c2, c2]}}
  c4: {for_each: operation, where: {use: [c3, c3]}}
  c5: {for_each: operation, where: {use: [c4, c4]}}
  c6: {for_each: operation, where: {use: [c5, c5]}}
  c7: {for_each: operation, where: {use: [c6, c6]}}
  c8: {for_each: operation, where: {use: [c7, c7]}}
  c9: {for_each: operation, where: {use: [c8, c8]}}
)",
     R"(
p.yml:4:47: error: more than 500 shared conditions are used within each other here
      4 |   c1: {for_each: operation, where: {use: [c0, c0]}}
        |                                               ^~
p.yml:5:47: error: more than 500 shared conditions are used within each other here
      5 |   c2: {for_each: operation, where: {use: [c1, c1]}}
        |                                               ^~
)"},
    {"no language", R"(
rules: {}
)",
     R"(
p.yml:1:1: error: a policy begins with `language: 1`
      1 | rules: {}
        | ^
)"},
    {"another language", R"(
language: 2
)",
     R"(
p.yml:1:11: error: `language` is 1, not `2`
      1 | language: 2
        |           ^
    = a newer program may know it
)"},
    {"a newer program is needed", R"(
language: 1
requires: ">=99.1"
)",
     R"(
p.yml:2:11: error: this policy needs spiritsafe >=99.1, and this is 0.1.0
      2 | requires: ">=99.1"
        |           ^~~~~~~~
    = install a newer one
)"},
    {"requires is no version", R"(
language: 1
requires: new
)",
     R"(
p.yml:2:11: error: `requires` is a version of this program such as ">=1.4"
      2 | requires: new
        |           ^~~
)"},
    {"an unknown key at the top", R"(
language: 1
rule: {}
)",
     R"(
p.yml:2:1: error: a policy has no `rule`
      2 | rule: {}
        | ^~~~
    = did you mean `rules`?
)"},
    {"a key without a value", R"(
language: 1
waivers:
)",
     R"(
p.yml:2:1: error: `waivers` has no value
      2 | waivers:
        | ^~~~~~~
)"},
    {"an unknown key of a rule", R"(
language: 1
rules:
  a-rule:
    title: T
    for_each: operation
    where: {kind: add_column}
    level: warn
    mesage: m
)",
     R"(
p.yml:3:3: error: `a-rule` has no `message:`
      3 |   a-rule:
        |   ^~~~~~
p.yml:8:5: error: a rule has no `mesage`
      8 |     mesage: m
        |     ^~~~~~
    = did you mean `message`?
)"},
    {"an id that is not kebab-case", R"(
language: 1
rules:
  A_rule:
    title: T
    for_each: operation
    where: {kind: add_column}
    level: warn
    message: m
)",
     R"(
p.yml:3:3: error: `A_rule` is no rule id: small letters and digits in words joined by `-`
      3 |   A_rule:
        |   ^~~~~~
)"},
    {"neither where nor require", R"(
language: 1
rules:
  a-rule:
    title: T
    for_each: operation
    level: warn
    message: m
)",
     R"(
p.yml:3:3: error: `a-rule` has neither `where:` nor `require:`, so it would report everything
      3 |   a-rule:
        |   ^~~~~~
)"},
    {"an unknown entity", R"(
language: 1
rules:
  a-rule:
    title: T
    for_each: operatoin
    where: {kind: add_column}
    level: warn
    message: m
)",
     R"(
p.yml:5:15: error: `for_each` is one of repo, file, line, migration, operation, step, column, constraint, statement, import, use, comment, waiver, job, command, schema_change, env_script, weakening, branch, base_migration, module, model, field, relationship, difference, not `operatoin`
      5 |     for_each: operatoin
        |               ^~~~~~~~~
    = did you mean `operation`?
)"},
    {"a rule without for_each", R"(
language: 1
rules:
  a-rule:
    title: T
    where: {kind: add_column}
    level: warn
    message: m
)",
     R"(
p.yml:3:3: error: `a-rule` has no `for_each:`
      3 |   a-rule:
        |   ^~~~~~
    = say what it is asked about: for_each: operation
)"},
    {"an unknown level", R"(
language: 1
rules:
  a-rule:
    title: T
    for_each: operation
    where: {kind: add_column}
    level: eror
    message: m
)",
     R"(
p.yml:7:12: error: `level` is one of off, advice, warn, approval, error, not `eror`
      7 |     level: eror
        |            ^~~~
    = did you mean `error`?
)"},
    {"a field that is not there", R"(
language: 1
rules:
  a-rule:
    title: T
    for_each: operation
    where:
      column.sever_default: {is: absent}
    level: warn
    message: m
)",
     R"(
p.yml:7:14: error: `sever_default` is not a field of column
      7 |       column.sever_default: {is: absent}
        |              ^~~~~~~~~~~~~
    = did you mean `server_default`?
)"},
    {"a field of no short entity", R"(
language: 1
rules:
  a-rule:
    title: T
    for_each: operation
    where:
      tabel: user
    level: warn
    message: m
)",
     R"(
p.yml:7:7: error: `tabel` is not a field of operation
      7 |       tabel: user
        |       ^~~~~
    = did you mean `table`?
)"},
    {"a word that is never there", R"(
language: 1
rules:
  a-rule:
    title: T
    for_each: operation
    where:
      kind: create_indx
    level: warn
    message: m
)",
     R"(
p.yml:7:13: error: `kind` is never `create_indx`
      7 |       kind: create_indx
        |             ^~~~~~~~~~~
    = did you mean `create_index`?
)"},
    {"a word of a list that is never there", R"(
language: 1
rules:
  a-rule:
    title: T
    for_each: operation
    where:
      kind: [add_column, create_indx]
    level: warn
    message: m
)",
     R"(
p.yml:7:26: error: `kind` is never `create_indx`
      7 |       kind: [add_column, create_indx]
        |                          ^~~~~~~~~~~
    = did you mean `create_index`?
)"},
    {"a list without a quantifier", R"(
language: 1
rules:
  a-rule:
    title: T
    for_each: migration
    where:
      downgrade.kind: add_column
    level: warn
    message: m
)",
     R"(
p.yml:7:17: error: `downgrade` is list of items, so `.kind` means nothing without saying which one
      7 |       downgrade.kind: add_column
        |                 ^~~~
    = say `some:`, `every:`, `none:` or `count:` — e.g. downgrade: {some: {kind: …}}
)"},
    {"a list of texts without a quantifier", R"(
language: 1
rules:
  a-rule:
    title: T
    for_each: operation
    where:
      columns: id
    level: warn
    message: m
)",
     R"(
p.yml:7:16: error: `columns` is list of texts, and a list is never equal to a value
      7 |       columns: id
        |                ^~
    = say `some:`, `every:`, `none:`, `includes:` or `size:`
)"},
    {"a field under a list", R"(
language: 1
rules:
  a-rule:
    title: T
    for_each: operation
    where:
      migration.upgrade: {kind: add_column}
    level: warn
    message: m
)",
     R"(
p.yml:7:27: error: `upgrade` is list of items, which has no `kind`
      7 |       migration.upgrade: {kind: add_column}
        |                           ^~~~
    = say `some:`, `every:`, `none:` or `count:` — e.g. migration.upgrade: {some: {kind: …}}
)"},
    {"a step behind a text", R"(
language: 1
rules:
  a-rule:
    title: T
    for_each: operation
    where:
      table.name: x
    level: warn
    message: m
)",
     R"(
p.yml:7:13: error: `table` is a text, so `.name` means nothing
      7 |       table.name: x
        |             ^~~~
)"},
    {"an item held against a value", R"(
language: 1
rules:
  a-rule:
    title: T
    for_each: operation
    where:
      column: id
    level: warn
    message: m
)",
     R"(
p.yml:7:15: error: `column` is one column, not a value
      7 |       column: id
        |               ^~
    = ask about one of its fields: column: {field: …}
)"},
    {"a boolean that is none", R"(
language: 1
rules:
  a-rule:
    title: T
    for_each: operation
    where:
      concurrently: yes
    level: warn
    message: m
)",
     R"(
p.yml:7:21: error: `concurrently` is true or false, not `yes`
      7 |       concurrently: yes
        |                     ^~~
)"},
    {"a number that is none", R"(
language: 1
rules:
  a-rule:
    title: T
    for_each: column
    where: {length: many}
    level: warn
    message: m
)",
     R"(
p.yml:6:21: error: `length` is a number, not `many`
      6 |     where: {length: many}
        |                     ^~~~
)"},
    {"an operator that is misspelt", R"(
language: 1
rules:
  a-rule:
    title: T
    for_each: operation
    where:
      table: {mathces: x}
    level: warn
    message: m
)",
     R"(
p.yml:7:15: error: `table` is a text, which has no `mathces`
      7 |       table: {mathces: x}
        |               ^~~~~~~
    = did you mean `matches`?
)"},
    {"an operator of another type", R"(
language: 1
rules:
  a-rule:
    title: T
    for_each: operation
    where:
      table: {size: 3}
    level: warn
    message: m
)",
     R"(
p.yml:7:15: error: `table` is a text, which has no `size`
      7 |       table: {size: 3}
        |               ^~~~
    = it can be asked by is, not, same_as, through, matches, contains, starts_with, ends_with, one_of, length, words
)"},
    {"an operator of words on a list", R"(
language: 1
rules:
  a-rule:
    title: T
    for_each: operation
    where:
      columns: {matches: x}
    level: warn
    message: m
)",
     R"(
p.yml:7:17: error: `columns` is list of texts, which has no `matches`
      7 |       columns: {matches: x}
        |                 ^~~~~~~
    = say `some:`, `every:`, `none:`, `includes:` or `size:`
)"},
    {"an empty matcher", R"(
language: 1
rules:
  a-rule:
    title: T
    for_each: operation
    where:
      table: {}
    level: warn
    message: m
)",
     R"(
p.yml:7:14: error: nothing is asked about `table`
      7 |       table: {}
        |              ^
)"},
    {"a field without a matcher", R"(
language: 1
rules:
  a-rule:
    title: T
    for_each: operation
    where:
      table:
    level: warn
    message: m
)",
     R"(
p.yml:7:7: error: `table` has no value
      7 |       table:
        |       ^~~~~
    = for an argument that is not written say `{is: absent}`
)"},
    {"an empty block", R"(
language: 1
rules:
  a-rule:
    title: T
    for_each: operation
    where: {}
    level: warn
    message: m
)",
     R"(
p.yml:6:12: error: an empty block asks nothing about operation
      6 |     where: {}
        |            ^
)"},
    {"an empty list", R"(
language: 1
rules:
  a-rule:
    title: T
    for_each: operation
    where:
      kind: []
    level: warn
    message: m
)",
     R"(
p.yml:7:13: error: an empty list: `kind` is never one of nothing
      7 |       kind: []
        |             ^
)"},
    {"is with another word", R"(
language: 1
rules:
  a-rule:
    title: T
    for_each: operation
    where:
      table: {is: missing}
    level: warn
    message: m
)",
     R"(
p.yml:7:19: error: `is` is one of absent, present, known, unknown, not `missing`
      7 |       table: {is: missing}
        |                   ^~~~~~~
)"},
    {"a pattern with a look-ahead", R"(
language: 1
rules:
  a-rule:
    title: T
    for_each: operation
    where:
      table: {matches: '(?!x)'}
    level: warn
    message: m
)",
     R"(
p.yml:7:24: error: bad pattern: invalid perl operator: (?!
      7 |       table: {matches: '(?!x)'}
        |                        ^~~~~~~
    = look-ahead is not supported; write the positive pattern under `not:`
)"},
    {"a pattern with a back-reference", R"(
language: 1
rules:
  a-rule:
    title: T
    for_each: operation
    where:
      table: {matches: '(a)\1'}
    level: warn
    message: m
)",
     R"(
p.yml:7:24: error: bad pattern: invalid escape sequence: \1
      7 |       table: {matches: '(a)\1'}
        |                        ^~~~~~~
    = back-references are not supported
)"},
    {"a pattern that is not closed", R"(
language: 1
rules:
  a-rule:
    title: T
    for_each: operation
    where:
      table: {matches: '(a'}
    level: warn
    message: m
)",
     R"(
p.yml:7:24: error: bad pattern: missing ): (a
      7 |       table: {matches: '(a'}
        |                        ^~~~
)"},
    {"a pattern that would be huge", R"(
language: 1
rules:
  a-rule:
    title: T
    for_each: operation
    where:
      table: {matches: '((a{100}){100}){100}'}
    level: warn
    message: m
)",
     R"(
p.yml:7:24: error: bad pattern: invalid repetition size: {100}
      7 |       table: {matches: '((a{100}){100}){100}'}
        |                        ^~~~~~~~~~~~~~~~~~~~~~
)"},
    {"a pattern whose backslash is an escape", R"(
language: 1
rules:
  a-rule:
    title: T
    for_each: operation
    where:
      table: {matches: "\bx"}
    level: warn
    message: m
)",
     R"(
p.yml:7:24: error: a pattern in double quotes loses its backslashes
      7 |       table: {matches: "\bx"}
        |                        ^~~~~
    = use single quotes: '\bx'
)"},
    {"same_as with a path that is not there", R"(
language: 1
rules:
  a-rule:
    title: T
    for_each: operation
    where:
      migration.upgrade: {some: {table: {same_as: operation.tabel}}}
    level: warn
    message: m
)",
     R"(
p.yml:7:61: error: `tabel` is not a field of operation
      7 |       migration.upgrade: {some: {table: {same_as: operation.tabel}}}
        |                                                             ^~~~~
    = did you mean `table`?
)"},
    {"same_as between types", R"(
language: 1
rules:
  a-rule:
    title: T
    for_each: operation
    where:
      table: {same_as: autocommit}
    level: warn
    message: m
)",
     R"(
p.yml:7:24: error: `table` is a text and `autocommit` is true or false: they are never the same
      7 |       table: {same_as: autocommit}
        |                        ^~~~~~~~~~
)"},
    {"same_as on a list", R"(
language: 1
rules:
  a-rule:
    title: T
    for_each: operation
    where:
      columns: {same_as: table}
    level: warn
    message: m
)",
     R"(
p.yml:7:17: error: `columns` is list of texts, which has no `same_as`
      7 |       columns: {same_as: table}
        |                 ^~~~~~~
    = say `some:`, `every:`, `none:`, `includes:` or `size:`
)"},
    {"same_items_as on a text", R"(
language: 1
rules:
  a-rule:
    title: T
    for_each: operation
    where:
      columns: {same_items_as: table}
    level: warn
    message: m
)",
     R"(
p.yml:7:32: error: `same_items_as` needs a list of texts, and `table` is a text
      7 |       columns: {same_items_as: table}
        |                                ^~~~~
)"},
    {"through an unknown map", R"(
language: 1
maps: {inverse: {add_column: drop_column}}
rules:
  a-rule:
    title: T
    for_each: operation
    where: {kind: {same_as: kind, through: invers}}
    level: warn
    message: m
)",
     R"(
p.yml:2:8: error: the map `inverse` is never used
      2 | maps: {inverse: {add_column: drop_column}}
        |        ^~~~~~~
p.yml:7:44: error: no map is called `invers`
      7 |     where: {kind: {same_as: kind, through: invers}}
        |                                            ^~~~~~
    = did you mean `inverse`?
)"},
    {"a map with a word that is never there", R"(
language: 1
maps:
  inverse: {add_colum: drop_column, drop_column: ad_column}
rules:
  a-rule:
    title: T
    for_each: operation
    where: {migration.downgrade: {some: {kind: {same_as: operation.kind, through: inverse}}}}
    level: warn
    message: m
)",
     R"(
p.yml:3:13: error: `kind` is never `add_colum`
      3 |   inverse: {add_colum: drop_column, drop_column: ad_column}
        |             ^~~~~~~~~
    = did you mean `add_column`?
p.yml:3:50: error: `kind` is never `ad_column`
      3 |   inverse: {add_colum: drop_column, drop_column: ad_column}
        |                                                  ^~~~~~~~~
    = did you mean `add_column`?
)"},
    {"through without same_as", R"(
language: 1
maps: {inverse: {add_column: drop_column}}
rules:
  a-rule:
    title: T
    for_each: operation
    where: {kind: {through: inverse}}
    level: warn
    message: m
)",
     R"(
p.yml:7:20: error: `through` stands beside `same_as`
      7 |     where: {kind: {through: inverse}}
        |                    ^~~~~~~
)"},
    {"count without a bound", R"(
language: 1
rules:
  a-rule:
    title: T
    for_each: operation
    where:
      migration.upgrade: {count: {where: {kind: add_column}}}
    level: warn
    message: m
)",
     R"(
p.yml:7:27: error: `count` needs a bound
      7 |       migration.upgrade: {count: {where: {kind: add_column}}}
        |                           ^~~~~
    = say `less_than:`, `at_most:`, `more_than:` or `at_least:`
)"},
    {"count with a key that is not there", R"(
language: 1
rules:
  a-rule:
    title: T
    for_each: operation
    where:
      migration.upgrade: {count: {wher: {kind: add_column}, at_least: 2}}
    level: warn
    message: m
)",
     R"(
p.yml:7:35: error: `count` has no `wher`
      7 |       migration.upgrade: {count: {wher: {kind: add_column}, at_least: 2}}
        |                                   ^~~~
    = did you mean `where`?
)"},
    {"count by a list", R"(
language: 1
rules:
  a-rule:
    title: T
    for_each: operation
    where:
      migration.upgrade: {count: {distinct: columns, at_least: 2}}
    level: warn
    message: m
)",
     R"(
p.yml:7:45: error: `distinct` is the path of a single value, and `columns` is list of texts
      7 |       migration.upgrade: {count: {distinct: columns, at_least: 2}}
        |                                             ^~~~~~~
)"},
    {"as under none", R"(
language: 1
rules:
  a-rule:
    title: T
    for_each: operation
    where:
      migration.upgrade: {none: {as: other, kind: add_column}}
    level: warn
    message: m
)",
     R"(
p.yml:7:34: error: `as:` names an item only under `some:`
      7 |       migration.upgrade: {none: {as: other, kind: add_column}}
        |                                  ^~
)"},
    {"as with the name of an entity", R"(
language: 1
rules:
  a-rule:
    title: T
    for_each: operation
    where:
      migration.upgrade: {some: {as: column, kind: add_column}}
    level: warn
    message: m
)",
     R"(
p.yml:7:38: error: `column` cannot be a name here: it is an entity or a field
      7 |       migration.upgrade: {some: {as: column, kind: add_column}}
        |                                      ^~~~~~
)"},
    {"as with the name of a field", R"(
language: 1
rules:
  a-rule:
    title: T
    for_each: operation
    where:
      migration.upgrade: {some: {as: table, kind: add_column}}
    level: warn
    message: m
)",
     R"(
p.yml:7:38: error: `table` cannot be a name here: it is an entity or a field
      7 |       migration.upgrade: {some: {as: table, kind: add_column}}
        |                                      ^~~~~
)"},
    {"as twice", R"(
language: 1
rules:
  a-rule:
    title: T
    for_each: operation
    where:
      migration.upgrade: {some: {as: one, kind: add_column}}
      migration.downgrade: {some: {as: one, kind: add_column}}
    level: warn
    message: m
)",
     R"(
p.yml:8:40: error: `one` is the name of another item already
      8 |       migration.downgrade: {some: {as: one, kind: add_column}}
        |                                        ^~~
)"},
    {"any that is no list", R"(
language: 1
rules:
  a-rule:
    title: T
    for_each: operation
    where:
      any: {kind: add_column}
    level: warn
    message: m
)",
     R"(
p.yml:7:19: error: under `any:` stand labels with a block each
      7 |       any: {kind: add_column}
        |                   ^~~~~~~~~~
    = say any: {a label: {field: value}}, or any: [{field: value}]
)"},
    {"not on nothing", R"(
language: 1
rules:
  a-rule:
    title: T
    for_each: operation
    where:
      not: {}
    level: warn
    message: m
)",
     R"(
p.yml:7:12: error: an empty block asks nothing about operation
      7 |       not: {}
        |            ^
)"},
    {"an unknown condition", R"(
language: 1
rules:
  a-rule:
    title: T
    for_each: operation
    where:
      use: on a new tabel
    level: warn
    message: m
conditions:
  on a new table:
    for_each: operation
    where: {kind: add_column}
)",
     R"(
p.yml:7:12: error: no condition is called `on a new tabel`
      7 |       use: on a new tabel
        |            ^~~~~~~~~~~~~~
    = did you mean `on a new table`?
)"},
    {"a condition for another entity", R"(
language: 1
rules:
  a-rule:
    title: T
    for_each: operation
    where:
      use: is a merge
    level: warn
    message: m
conditions:
  is a merge:
    for_each: migration
    where: {parents: {size: 2}}
)",
     R"(
p.yml:7:12: error: the condition `is a merge` is about migration, and here the item is operation
      7 |       use: is a merge
        |            ^~~~~~~~~~
)"},
    {"a condition that uses itself", R"(
language: 1
conditions:
  a: {for_each: operation, where: {use: b}}
  b: {for_each: operation, where: {use: a}}
)",
     R"(
p.yml:3:41: error: the condition `b` uses itself: b → a → b
      3 |   a: {for_each: operation, where: {use: b}}
        |                                         ^
p.yml:4:41: error: the condition `a` uses itself: a → b → a
      4 |   b: {for_each: operation, where: {use: a}}
        |                                         ^
)"},
    {"a mistake in a shared condition is told once", R"(
language: 1
conditions:
  a: {for_each: operation, where: {tabel: x}}
rules:
  one: {title: T, for_each: operation, where: {use: a}, level: warn, message: m}
  two: {title: T, for_each: operation, where: {use: a}, level: warn, message: m}
)",
     R"(
p.yml:3:36: error: `tabel` is not a field of operation
      3 |   a: {for_each: operation, where: {tabel: x}}
        |                                    ^~~~~
    = did you mean `table`?
)"},
    {"a shared condition sees no parameters", R"(
language: 1
conditions:
  a: {for_each: operation, where: {table: $name}}
rules:
  a-rule:
    title: T
    for_each: operation
    params: {name: {default: x, help: h}}
    where: {use: a, table: $name}
    level: warn
    message: m
)",
     R"(
p.yml:3:43: error: no list or setting is called `name`
      3 |   a: {for_each: operation, where: {table: $name}}
        |                                           ^~~~~
    = a text that begins with `$` is written `$$name`
)"},
    {"a message with a misspelt field", R"(
language: 1
rules:
  a-rule:
    title: T
    for_each: operation
    where: {migration.uses: {some: {root: sqlmodel, as: first_use}}}
    at: first_use
    level: warn
    message: '`{first_use.txt}` needs `import sqlmodel`'
)",
     R"(
p.yml:9:27: error: `txt` is not a field of use
      9 |     message: '`{first_use.txt}` needs `import sqlmodel`'
        |                           ^~~
    = did you mean `text`?
)"},
    {"a message with an item", R"(
language: 1
rules:
  a-rule:
    title: T
    for_each: operation
    where: {kind: add_column}
    level: warn
    message: '{column}'
)",
     R"(
p.yml:8:16: error: `column` is one column, and a text needs one of its fields
      8 |     message: '{column}'
        |                ^~~~~~
    = e.g. {column.name}
)"},
    {"a message with a list of items", R"(
language: 1
rules:
  a-rule:
    title: T
    for_each: operation
    where: {kind: add_column}
    level: warn
    message: '{migration.upgrade}'
)",
     R"(
p.yml:8:16: error: `migration.upgrade` is list of items, and a text needs one of them
      8 |     message: '{migration.upgrade}'
        |                ^~~~~~~~~~~~~~~~~
    = name one by `as:` under a `some:`, and print its fields
)"},
    {"a message with an unknown parameter", R"(
language: 1
rules:
  a-rule:
    title: T
    for_each: operation
    where: {kind: add_column}
    level: warn
    message: '{$min}'
)",
     R"(
p.yml:8:16: error: no parameter, list or setting is called `min`
      8 |     message: '{$min}'
        |                ^~~~
    = a text that begins with `$` is written `$$min`
)"},
    {"a message with because but no labels", R"(
language: 1
rules:
  a-rule:
    title: T
    for_each: operation
    where: {kind: add_column}
    level: warn
    message: 'it is {because}'
)",
     R"(
p.yml:8:22: error: `{because}` has nothing to say here
      8 |     message: 'it is {because}'
        |                      ^~~~~~~
    = it prints the label that matches of an `any:` with labels under `where:`
)"},
    {"a brace without end", R"(
language: 1
rules:
  a-rule:
    title: T
    for_each: operation
    where: {kind: add_column}
    level: warn
    message: '{table'
)",
     R"(
p.yml:8:15: error: this `{` has no `}`
      8 |     message: '{table'
        |               ^
    = a brace that is to be printed is written `{{`
)"},
    {"a brace that is no placeholder", R"(
language: 1
rules:
  a-rule:
    title: T
    for_each: operation
    where: {kind: add_column}
    level: warn
    message: '{a b}'
)",
     R"(
p.yml:8:15: error: `{a b}` is no placeholder
      8 |     message: '{a b}'
        |               ^~~~~
    = a placeholder is a path such as {table}; a brace that is to be printed is written `{{`
)"},
    {"a capture that may not be set", R"(
language: 1
rules:
  a-rule:
    title: T
    for_each: operation
    where:
      any:
        - migration.uses: {some: {root: sqlmodel, as: first_use}}
        - kind: add_column
    level: warn
    message: '{first_use.text}'
)",
     R"(
p.yml:11:16: error: `first_use` may be without an item here
     11 |     message: '{first_use.text}'
        |                ^~~~~~~~~
    = it is only set when a part under `any:` matches; name an item under conditions that must hold
)"},
    {"at what may not be set", R"(
language: 1
rules:
  a-rule:
    title: T
    for_each: operation
    where: {kind: add_column}
    unless: {x: {migration.uses: {some: {root: a, as: first_use}}}}
    at: first_use
    level: warn
    message: m
)",
     R"(
p.yml:8:9: error: `first_use` may be without an item here
      8 |     at: first_use
        |         ^~~~~~~~~
    = it is only set when a part under `unless:` matches; name an item under conditions that must hold
)"},
    {"at nothing", R"(
language: 1
rules:
  a-rule:
    title: T
    for_each: operation
    where: {kind: add_column}
    at: frist
    level: warn
    message: m
)",
     R"(
p.yml:7:9: error: `at` is the name of an item: operation
      7 |     at: frist
        |         ^~~~~
)"},
    {"unless without labels", R"(
language: 1
rules:
  a-rule:
    title: T
    for_each: operation
    where: {kind: add_column}
    unless: {table: x}
    level: warn
    message: m
)",
     R"(
p.yml:7:14: error: `unless` has labels, and under each a block; `table` has none
      7 |     unless: {table: x}
        |              ^~~~~
    = e.g. unless: {the table is new: {table: {…}}}
)"},
    {"a parameter without help", R"(
language: 1
rules:
  a-rule:
    title: T
    for_each: operation
    params: {a: {default: 1}}
    where: {table: $a}
    level: warn
    message: m
)",
     R"(
p.yml:6:14: error: the parameter `a` needs `default` and `help`
      6 |     params: {a: {default: 1}}
        |              ^
)"},
    {"a parameter that is never used", R"(
language: 1
rules:
  a-rule:
    title: T
    for_each: operation
    params: {a: {default: 1, help: h}}
    where: {table: x}
    level: warn
    message: m
)",
     R"(
p.yml:6:14: error: the parameter `a` is never used
      6 |     params: {a: {default: 1, help: h}}
        |              ^
    = write `$a` where its value belongs, or remove it
)"},
    {"a parameter with a list's name", R"(
language: 1
lists: {a: [x]}
rules:
  a-rule:
    title: T
    for_each: operation
    params: {a: {default: 1, help: h}}
    where: {table: $a}
    level: warn
    message: m
)",
     R"(
p.yml:7:14: error: `$a` could be this parameter or a list
      7 |     params: {a: {default: 1, help: h}}
        |              ^
    = give one of them another name
)"},
    {"a name that nobody defines", R"(
language: 1
lists: {tables: [x]}
rules:
  a-rule:
    title: T
    for_each: operation
    where: {table: $tabels}
    level: warn
    message: m
)",
     R"(
p.yml:2:9: error: the list `tables` is never used
      2 | lists: {tables: [x]}
        |         ^~~~~~
p.yml:7:20: error: no parameter, list or setting is called `tabels`
      7 |     where: {table: $tabels}
        |                    ^~~~~~~
    = did you mean `tables`?
)"},
    {"a list that is never used", R"(
language: 1
lists: {a: [x]}
maps: {b: {x: y}}
)",
     R"(
p.yml:2:9: error: the list `a` is never used
      2 | lists: {a: [x]}
        |         ^
p.yml:3:8: error: the map `b` is never used
      3 | maps: {b: {x: y}}
        |        ^
)"},
    {"a list twice is a key twice", R"(
language: 1
lists:
  a: [x]
  a: [y]
)",
     R"(
p.yml:4:3: error: `a` is written twice in this block
      4 |   a: [y]
        |   ^
    = first written on line 3
)"},
    {"a map as a value", R"(
language: 1
maps: {a: {x: y}}
rules:
  a-rule:
    title: T
    for_each: operation
    where: {table: $a}
    level: warn
    message: m
)",
     R"(
p.yml:7:20: error: `$a` is a map, and here a value is needed
      7 |     where: {table: $a}
        |                    ^~
    = a map stands behind `through:`
)"},
    {"a word in a list that is never there", R"(
language: 1
lists:
  kinds:
    - add_column
    - drop_colum
rules:
  a-rule:
    title: T
    for_each: operation
    where: {kind: $kinds}
    level: warn
    message: m
)",
     R"(
p.yml:5:7: error: `kind` is never `drop_colum`
      5 |     - drop_colum
        |       ^~~~~~~~~~
    = did you mean `drop_column`?
    = it is used in p.yml:10
)"},
    {"a list where a number is needed", R"(
language: 1
rules:
  a-rule:
    title: T
    for_each: operation
    params: {n: {default: [1], help: h}}
    where: {columns: {size: {at_least: $n}}}
    level: warn
    message: m
)",
     R"(
p.yml:7:40: error: `at_least` is one number, not a list
      7 |     where: {columns: {size: {at_least: $n}}}
        |                                        ^~
)"},
    {"case columns without cases", R"(
language: 1
rules:
  a-rule:
    title: T
    for_each: operation
    where:
      table: $case.x
    level: warn
    message: m
)",
     R"(
p.yml:7:14: error: `$case.x` needs a rule with `cases:`
      7 |       table: $case.x
        |              ^~~~~~~
)"},
    {"a case column that a row lacks", R"(
language: 1
rules:
  a-rule:
    title: T
    for_each: operation
    cases: [{t: a, w: b}, {t: c}]
    where: {table: $case.t, target: $case.w}
    level: warn
    message: m
)",
     R"(
p.yml:7:37: error: the row of `cases:` on line 6 has no `w`
      7 |     where: {table: $case.t, target: $case.w}
        |                                     ^~~~~~~
    = did you mean `t`?
)"},
    {"a case column that is never used", R"(
language: 1
rules:
  a-rule:
    title: T
    for_each: operation
    cases: [{t: a, w: b}]
    where: {table: $case.t}
    level: warn
    message: m
)",
     R"(
p.yml:6:20: error: the column `w` is never used
      6 |     cases: [{t: a, w: b}]
        |                    ^
    = write `$case.w` where its value belongs, or remove it
)"},
    {"a scope of one's own", R"(
language: 1
rules:
  a-rule:
    title: T
    for_each: operation
    scope: everything
    where: {kind: add_column}
    level: warn
    message: m
)",
     R"(
p.yml:6:12: error: `scope` is one of added, changed, all, repo, not `everything`
      6 |     scope: everything
        |            ^~~~~~~~~~
)"},
    {"scope repo for operations", R"(
language: 1
rules:
  a-rule:
    title: T
    for_each: operation
    scope: repo
    where: {kind: add_column}
    level: warn
    message: m
)",
     R"(
p.yml:6:12: error: `scope: repo` needs `for_each: repo`
      6 |     scope: repo
        |            ^~~~
)"},
    {"a glob that is none", R"(
language: 1
rules:
  a-rule: {title: T, for_each: line, files: ['[a'], where: {text: x}, level: warn, message: m}
)",
     R"(
p.yml:3:46: error: `[a` is no glob
      3 |   a-rule: {title: T, for_each: line, files: ['[a'], where: {text: x}, level: warn, message: m}
        |                                              ^~~~
    = `*` within a folder, `**` across folders, `?`, `[a-z]`, `{a,b}`
)"},
    {"a floor above the level", R"(
language: 1
rules:
  a-rule:
    title: T
    for_each: operation
    where: {kind: add_column}
    level: warn
    floor: error
    message: m
)",
     R"(
p.yml:8:12: error: the floor error is above the rule's own level warn
      8 |     floor: error
        |            ^~~~~
)"},
    {"a link that is none", R"(
language: 1
rules:
  a-rule:
    title: T
    for_each: operation
    where: {kind: add_column}
    level: warn
    message: m
    links: [docs]
)",
     R"(
p.yml:9:13: error: `docs` is no link
      9 |     links: [docs]
        |             ^~~~
    = a link begins with https://
)"},
    {"an autofix of two shapes", R"(
language: 1
rules:
  a-rule:
    title: T
    for_each: operation
    where: {kind: add_column}
    level: warn
    message: m
    autofix: {safety: safe, insert: x, remove: operation}
)",
     R"(
p.yml:9:14: error: `autofix` has one of `insert`, `replace` and `remove`
      9 |     autofix: {safety: safe, insert: x, remove: operation}
        |              ^
)"},
    {"an autofix without safety", R"(
language: 1
rules:
  a-rule:
    title: T
    for_each: operation
    where: {kind: add_column}
    level: warn
    message: m
    autofix: {insert: import x, after: last_import}
)",
     R"(
p.yml:9:14: error: `autofix` needs `safety: safe` or `safety: unsafe`
      9 |     autofix: {insert: import x, after: last_import}
        |              ^
    = safe ones are applied by `spiritsafe fix`, unsafe ones only with --unsafe
)"},
    {"an autofix with an unknown anchor", R"(
language: 1
rules:
  a-rule:
    title: T
    for_each: operation
    where: {kind: add_column}
    level: warn
    message: m
    autofix: {safety: safe, insert: import x, after: [first_import]}
)",
     R"(
p.yml:9:55: error: an anchor is `last_import` or `{import: module}`
      9 |     autofix: {safety: safe, insert: import x, after: [first_import]}
        |                                                       ^~~~~~~~~~~~
)"},
    {"a signature that misses its example", R"(
language: 1
rules:
  a-rule:
    title: T
    for_each: operation
    where: {kind: add_column}
    level: warn
    message: m
    signatures:
      - {text: no such table, example: there is a table}
)",
     R"(
p.yml:10:40: error: the signature does not match its example
     10 |       - {text: no such table, example: there is a table}
        |                                        ^~~~~~~~~~~~~~~~
)"},
    {"a key of an example that is not there", R"(
language: 1
rules:
  a-rule:
    title: T
    for_each: operation
    where: {kind: add_column}
    level: warn
    message: m
    examples: {bad: [{upgrad: pass}]}
)",
     R"(
p.yml:9:23: error: an example has no `upgrad`
      9 |     examples: {bad: [{upgrad: pass}]}
        |                       ^~~~~~
    = did you mean `upgrade`?
)"},
    {"an approval by another way", R"(
language: 1
rules:
  a-rule:
    title: T
    for_each: operation
    where: {kind: add_column}
    level: approval
    approval: {by: [dba], via: [mail]}
    message: m
)",
     R"(
p.yml:8:32: error: `via` is review, label, not `mail`
      8 |     approval: {by: [dba], via: [mail]}
        |                                ^
)"},
    {"a group that has nobody", R"(
language: 1
approvers: {dba: ['github:jane']}
rules:
  a-rule:
    title: T
    for_each: operation
    where: {kind: add_column}
    level: approval
    approval: {by: [db]}
    message: m
)",
     R"(
p.yml:9:15: error: `db` is not a group under `approvers:`
      9 |     approval: {by: [db]}
        |               ^
    = did you mean `dba`?
)"},
    {"an approver of no platform", R"(
language: 1
approvers: {dba: [jane]}
)",
     R"(
p.yml:2:19: error: an approver is github:user, github:org/team, gitlab:user or label:name
      2 | approvers: {dba: [jane]}
        |                   ^~~~
)"},
    {"a setting that nobody declares", R"(
language: 1
settings: {exclud: ['a/**']}
)",
     R"(
p.yml:2:12: error: there is no setting `exclud`
      2 | settings: {exclud: ['a/**']}
        |            ^~~~~~
    = did you mean `exclude`?
)"},
    {"known operations of an unknown kind", R"(
language: 1
settings:
  known_operations: {create_view: [create_vew]}
)",
     R"(
p.yml:3:36: error: `create_view` is one of create_table, drop_table, rename_table, add_column, drop_column, alter_column, create_index, drop_index, create_unique_constraint, create_primary_key, create_foreign_key, create_check_constraint, create_exclude_constraint, drop_constraint, create_table_comment, drop_table_comment, execute, bulk_insert, create_enum, drop_enum, add_enum_value, rename_enum_value, rename_enum, rename_constraint, rename_index, validate_constraint, create_schema, drop_schema, create_sequence, drop_sequence, create_view, drop_view, plugin, unrecognised, not `create_vew`
      3 |   known_operations: {create_view: [create_vew]}
        |                                    ^~~~~~~~~~
    = did you mean `create_view`?
)"},
    {"extends git", R"(
language: 1
extends:
  - git: https://example.org/policy
    ref: v7
    sha256: 9c4d
)",
     R"(
p.yml:3:10: error: packs from git are not supported yet
      3 |   - git: https://example.org/policy
        |          ^~~~~~~~~~~~~~~~~~~~~~~~~~
    = check the pack out beside this file and say `file: path`
)"},
    {"extends a word", R"(
language: 1
extends: sqlmodel
)",
     R"(
p.yml:2:10: error: `extends` is a list of packs
      2 | extends: sqlmodel
        |          ^~~~~~~~
    = say extends: [{builtin: sqlmodel}]
)"},
    {"extends an unknown pack", R"(
language: 1
extends: [{builtin: sqlmodl}]
)",
     R"(
p.yml:2:21: error: there is no built-in pack `sqlmodl`
      2 | extends: [{builtin: sqlmodl}]
        |                     ^~~~~~~
    = there are none in this program
)"},
    {"several mistakes at once", R"(
language: 1
rules:
  a-rule:
    title: T
    for_each: operation
    where:
      knd: add_column
      concurrently: yes
      table: {matches: '['}
    level: eror
    message: '{tabel}'
)",
     R"(
p.yml:7:7: error: `knd` is not a field of operation
      7 |       knd: add_column
        |       ^~~
    = did you mean `kind`?
p.yml:8:21: error: `concurrently` is true or false, not `yes`
      8 |       concurrently: yes
        |                     ^~~
p.yml:9:24: error: bad pattern: missing ]: [
      9 |       table: {matches: '['}
        |                        ^~~
p.yml:10:12: error: `level` is one of off, advice, warn, approval, error, not `eror`
     10 |     level: eror
        |            ^~~~
    = did you mean `error`?
p.yml:11:16: error: `tabel` is not a field of operation
     11 |     message: '{tabel}'
        |                ^~~~~
    = did you mean `table`?
)"},
};

// What a team's file cannot say about the pack `base`.
const Case team_cases[] = {
    {"an unknown rule", R"(
language: 1
extends: [{builtin: base}]
rules: {mesage-vague: {level: warn}}
)",
     R"(
p.yml:3:9: error: there is no rule `mesage-vague`
      3 | rules: {mesage-vague: {level: warn}}
        |         ^~~~~~~~~~~~
    = did you mean `message-vague`?
)"},
    {"an unknown parameter", R"(
language: 1
extends: [{builtin: base}]
rules: {message-vague: {with: {min_word: 3}}}
)",
     R"(
p.yml:3:32: error: `min_word` is not a parameter of message-vague
      3 | rules: {message-vague: {with: {min_word: 3}}}
        |                                ^~~~~~~~
    = did you mean `min_words`?
)"},
    {"a parameter of the wrong type", R"(
language: 1
extends: [{builtin: base}]
rules: {message-vague: {with: {min_words: three}}}
)",
     R"(
p.yml:3:43: error: `min_words` is a number, not `three`
      3 | rules: {message-vague: {with: {min_words: three}}}
        |                                           ^~~~~
)"},
    {"a parameter out of bounds", R"(
language: 1
extends: [{builtin: base}]
rules: {message-vague: {with: {min_words: 0}}}
)",
     R"(
p.yml:3:43: error: `min_words` is at least 1, not 0
      3 | rules: {message-vague: {with: {min_words: 0}}}
        |                                           ^
)"},
    {"a list parameter that is no list", R"(
language: 1
extends: [{builtin: base}]
rules: {message-vague: {with: {vague: wip}}}
)",
     R"(
p.yml:3:39: error: `vague` is a list of texts
      3 | rules: {message-vague: {with: {vague: wip}}}
        |                                       ^~~
)"},
    {"removing what is not there", R"(
language: 1
extends: [{builtin: base}]
rules: {message-vague: {with: {vague: {remove: [wp]}}}}
)",
     R"(
p.yml:3:49: error: `wp` is not in `vague`, so it cannot be removed
      3 | rules: {message-vague: {with: {vague: {remove: [wp]}}}}
        |                                                 ^~
    = did you mean `wip`?
)"},
    {"off without a reason", R"(
language: 1
extends: [{builtin: base}]
rules: {message-vague: {level: off}}
)",
     R"(
p.yml:3:32: error: `message-vague` is turned off without a reason
      3 | rules: {message-vague: {level: off}}
        |                                ^~~
    = say why: {level: off, because: …}
)"},
    {"below the floor", R"(
language: 1
extends: [{builtin: base}]
rules: {drop-column: {level: warn}}
)",
     R"(
p.yml:3:30: error: `drop-column` has the floor approval: it can be raised, not lowered to warn
      3 | rules: {drop-column: {level: warn}}
        |                              ^~~~
    = what is all right in one place is said by a waiver
)"},
    {"a change with a rule's keys", R"(
language: 1
extends: [{builtin: base}]
rules: {message-vague: {where: {kind: x}}}
)",
     R"(
p.yml:3:25: error: a change of a rule has no `where`
      3 | rules: {message-vague: {where: {kind: x}}}
        |                         ^~~~~
    = its keys are level, with, approval, because; a key that begins with `x-` is ignored
)"},
    {"a rule that a pack has", R"(
language: 1
extends: [{builtin: base}]
rules:
  message-vague: {title: T, for_each: migration, where: {parents: {size: 2}}, level: warn, message: m}
)",
     R"(
p.yml:4:3: error: the rule `message-vague` is defined twice
      4 |   message-vague: {title: T, for_each: migration, where: {parents: {size: 2}}, level: warn, message: m}
        |   ^~~~~~~~~~~~~
    = first in policies/base/pack.yaml:12; to change that one leave out `for_each:`
)"},
    {"a list that a pack has", R"(
language: 1
extends: [{builtin: base}]
lists: {vague_words: [x]}
)",
     R"(
p.yml:3:9: error: the list `vague_words` is defined twice
      3 | lists: {vague_words: [x]}
        |         ^~~~~~~~~~~
    = first in policies/base/pack.yaml:10
)"},
    {"a setting of the wrong type", R"(
language: 1
extends: [{builtin: base}]
settings: {postgres_version: new}
)",
     R"(
p.yml:3:30: error: `postgres_version` is a number, not `new`
      3 | settings: {postgres_version: new}
        |                              ^~~
)"},
    {"an override without a selector", R"(
language: 1
extends: [{builtin: base}]
overrides: [{rules: {message-vague: {level: error}}}]
)",
     R"(
p.yml:3:13: error: an override needs `files:`, `tables:`, `projects:` or `settings:`
      3 | overrides: [{rules: {message-vague: {level: error}}}]
        |             ^
    = for all of them change the rule under `rules:`
)"},
    {"an override by settings and files", R"(
language: 1
extends: [{builtin: base}]
overrides: [{settings: {postgres_version: 15}, files: ['a/**'], rules: {message-vague: {level: error}}}]
)",
     R"(
p.yml:3:48: error: an override by settings has no `files`
      3 | overrides: [{settings: {postgres_version: 15}, files: ['a/**'], rules: {message-vague: {level: error}}}]
        |                                                ^~~~~
    = its keys are settings, rules; a key that begins with `x-` is ignored
)"},
    {"an override by an unknown setting, of an unknown rule", R"(
language: 1
extends: [{builtin: base}]
overrides: [{settings: {postgres_versio: 15}, rules: {message-vage: {level: error}}}]
)",
     R"(
p.yml:3:25: error: there is no setting `postgres_versio`
      3 | overrides: [{settings: {postgres_versio: 15}, rules: {message-vage: {level: error}}}]
        |                         ^~~~~~~~~~~~~~~
    = did you mean `postgres_version`?
p.yml:3:55: error: there is no rule `message-vage`
      3 | overrides: [{settings: {postgres_versio: 15}, rules: {message-vage: {level: error}}}]
        |                                                       ^~~~~~~~~~~~
    = did you mean `message-vague`?
)"},
    {"an override by a word that a setting cannot be", R"(
language: 1
extends: [{builtin: base}]
settings: {mode: {default: plain, one_of: [plain, grand], help: h}}
overrides: [{settings: {mode: grande}, rules: {message-vague: {level: error}}}]
)",
     R"(
p.yml:4:31: error: `mode` is one of plain, grand, not `grande`
      4 | overrides: [{settings: {mode: grande}, rules: {message-vague: {level: error}}}]
        |                               ^~~~~~
    = did you mean `grand`?
)"},
    {"a default that is none of its words", R"(
language: 1
extends: [{builtin: base}]
settings: {mode: {default: plai, one_of: [plain, grand], help: h}}
)",
     R"(
p.yml:3:28: error: `mode` is one of plain, grand, not `plai`
      3 | settings: {mode: {default: plai, one_of: [plain, grand], help: h}}
        |                            ^~~~
    = did you mean `plain`?
)"},
    {"an override of an unknown rule", R"(
language: 1
extends: [{builtin: base}]
overrides: [{files: ['a/**'], rules: {message-vage: {level: error}}}]
)",
     R"(
p.yml:3:39: error: there is no rule `message-vage`
      3 | overrides: [{files: ['a/**'], rules: {message-vage: {level: error}}}]
        |                                       ^~~~~~~~~~~~
    = did you mean `message-vague`?
)"},
    {"an override below the floor", R"(
language: 1
extends: [{builtin: base}]
overrides: [{files: ['a/**'], rules: {drop-column: {level: off, because: x}}}]
)",
     R"(
p.yml:3:60: error: `drop-column` has the floor approval: it can be raised, not lowered to off
      3 | overrides: [{files: ['a/**'], rules: {drop-column: {level: off, because: x}}}]
        |                                                            ^~~
    = what is all right in one place is said by a waiver
)"},
    {"a version that the pack has not", R"(
language: 1
extends: [{builtin: base, version: 9}]
)",
     R"(
p.yml:2:21: error: the built-in pack `base` has no version 9: its newest is 2
      2 | extends: [{builtin: base, version: 9}]
        |                     ^~~~
)"},
    {"a value that a rule cannot use", R"(
language: 1
extends: [{builtin: base}]
rules: {message-vague: {with: {kinds: [drop_tabel]}}}
)",
     R"(
p.yml:3:40: error: `kind` is never `drop_tabel`
      3 | rules: {message-vague: {with: {kinds: [drop_tabel]}}}
        |                                        ^~~~~~~~~~
    = did you mean `drop_table`?
    = it is used in policies/base/pack.yaml:23
)"},
};

std::string errors_of(std::string text, bool with_base) {
  LoadOptions options;
  if (with_base) {
    options.packs = base_pack();
  }
  const Result<Policy> policy = load_policy({"p.yml", std::move(text)}, options);
  return policy ? "" : format_errors(policy.error());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(policy_errors)

BOOST_AUTO_TEST_CASE(every_mistake_has_its_place_and_its_next_step) {
  for (const Case& each : load_cases) {
    BOOST_TEST_CONTEXT(each.name) { BOOST_TEST(errors_of(unfolded(each.policy), false) == unfolded(each.errors)); }
  }
}

BOOST_AUTO_TEST_CASE(a_team_cannot_say_what_its_packs_do_not_know) {
  for (const Case& each : team_cases) {
    BOOST_TEST_CONTEXT(each.name) { BOOST_TEST(errors_of(unfolded(each.policy), true) == unfolded(each.errors)); }
  }
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace spiritsafe
