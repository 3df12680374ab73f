#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Asks real CPythons again what they accept, and writes accepted.txt and trees_3.13.txt anew.

    record_accepted.py python3.8 python3.9 python3.10 python3.11 python3.12 python3.13

accepted.txt: a column per version from 3.8 to 3.13, `o` accepted or `x` refused by `ast.parse`, then the source; \\n, \\r, \\t, \\f, \\\\ and
\\xNN stand for their characters. To add a case, add a line with any six letters. trees_3.13.txt: after each source that only 3.12 or later
accept, its tree as dump_ast.py writes it.
"""
import ast
import json
import os
import re
import subprocess
import sys
import tempfile
import warnings

HERE = os.path.dirname(os.path.abspath(__file__))
ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\f": "\\f"}


def escape(source):
    return "".join(ESCAPES.get(c, c if c.isprintable() or ord(c) > 0xFF else "\\x%02x" % ord(c)) for c in source)


def unescape(text):
    names = {"n": "\n", "r": "\r", "t": "\t", "f": "\f", "\\": "\\"}
    return re.sub(r"\\(x..|.)", lambda m: chr(int(m[1][1:], 16)) if m[1][0] == "x" and len(m[1]) == 3 else names[m[1]], text)


def accepts(source):
    try:
        ast.parse(source.encode("utf-8"))
        return True
    except (SyntaxError, ValueError):
        return False


def main():
    if sys.argv[1] == "--answer":
        warnings.simplefilter("ignore")
        print("".join("o" if accepts(source) else "x" for source in json.load(sys.stdin)))
        return
    path = os.path.join(HERE, "accepted.txt")
    with open(path, encoding="utf-8") as file:
        sources = [unescape(line[7:]) for line in file.read().split("\n") if line]
    answers = [
        subprocess.run([python, __file__, "--answer"], input=json.dumps(sources), capture_output=True, text=True, check=True).stdout.strip()
        for python in sys.argv[1:]
    ]
    with open(path, "w", encoding="utf-8") as file:
        for i, source in enumerate(sources):
            file.write("".join(column[i] for column in answers) + " " + escape(source) + "\n")
    with open(os.path.join(HERE, "trees_3.13.txt"), "w", encoding="utf-8") as file, tempfile.NamedTemporaryFile(suffix=".py") as module:
        for i, source in enumerate(sources):
            if answers[3][i] == "x" and answers[5][i] == "o":
                module.seek(0)
                module.truncate()
                module.write(source.encode("utf-8"))
                module.flush()
                dump = subprocess.run([sys.argv[-1], os.path.join(HERE, "dump_ast.py"), "--full", module.name], capture_output=True, check=True)
                file.write("> " + escape(source) + "\n" + dump.stdout.decode("utf-8"))


main()
