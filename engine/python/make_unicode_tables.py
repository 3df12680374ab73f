#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes unicode_tables.cc. Run it with a CPython whose `unicodedata` is the version wanted: ours came from 3.13 (Unicode 15.1).

    python3.13 engine/python/make_unicode_tables.py > engine/python/unicode_tables.cc
"""
import textwrap
import unicodedata

BEYOND_ASCII = [c for c in range(0x80, 0x110000) if not 0xD800 <= c < 0xE000]
HANGUL = range(0xAC00, 0xD7A4)  # computed in identifiers.cc


def ranges(code_points, value=lambda c: None):
    found = []
    for c in code_points:
        if found and found[-1][1] == c - 1 and found[-1][2] == value(c):
            found[-1][1] = c
        else:
            found.append([c, c, value(c)])
    return found


def write(kind, name, rows):
    body = ", ".join("{" + ", ".join(map(hex, row)) + "}" if isinstance(row, (list, tuple)) else hex(row) for row in rows)
    print(f"static constexpr {kind} {name}_data[] = {{")
    print(textwrap.fill(body, 138, initial_indent="    ", subsequent_indent="    ", break_on_hyphens=False))
    print(f"}};\nconst std::span<const {kind}> {name} = {name}_data;\n")


start = [c for c in BEYOND_ASCII if chr(c).isidentifier()]
go_on = [c for c in BEYOND_ASCII if ("a" + chr(c)).isidentifier()]
decompositions, pool = [], []
for c in go_on:
    decomposed = unicodedata.normalize("NFKD", chr(c))
    if c not in HANGUL and decomposed != chr(c):
        decompositions.append((c, len(pool), len(decomposed)))
        pool.extend(map(ord, decomposed))
marks = [c for c in go_on if unicodedata.combining(chr(c))]
pairs = []
for c in BEYOND_ASCII:
    parts = unicodedata.decomposition(chr(c)).split()
    if len(parts) == 2 and parts[0][0] != "<" and unicodedata.normalize("NFC", chr(c)) == chr(c):
        pairs.append((int(parts[0], 16), int(parts[1], 16), c))

print("// SPDX-License-Identifier: Apache-2.0")
print(f"// Made by make_unicode_tables.py from Unicode {unicodedata.unidata_version}; not edited by hand.")
print('#include "engine/python/unicode_tables.h"\n\n// clang-format off\nnamespace spiritsafe::python {\n')
write("CodePointRange", "name_start_ranges", [row[:2] for row in ranges(start)])
write("CodePointRange", "name_continue_ranges", [row[:2] for row in ranges(go_on)])
write("CombiningRange", "combining_ranges", ranges(marks, lambda c: unicodedata.combining(chr(c))))
write("Decomposition", "decompositions", decompositions)
write("char32_t", "decomposed_characters", pool)
write("Composition", "compositions", sorted(pairs))
print("}  // namespace spiritsafe::python")
