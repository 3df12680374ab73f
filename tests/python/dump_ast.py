#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""CPython's tree of a file in the normal form of dump.h.

    dump_ast.py --full FILE   prints it
    dump_ast.py < LIST        prints, for each path on the list, its SHA-1, or `refused` and why, with the path before it

`--no-spans` before these leaves all places out: before 3.10 CPython had fewer of them, and some were wrong.
"""
import ast
import hashlib
import re
import struct
import sys
import warnings

LINE_END = re.compile(rb"\r\n|\r|\n")
HIDDEN = {"type_comment", "type_ignores", "kind"}
SPANS = "--no-spans" not in sys.argv
EXACT_FSTRINGS = sys.version_info >= (3, 12)


def utf8(data):
    """The text as UTF-8: what byte offsets count in."""
    try:
        data.decode("utf-8")
        return data
    except UnicodeDecodeError:
        cookie = re.search(rb"coding[:=][ \t]*([-\w.]+)", data)
        if cookie is None:
            raise SyntaxError("not UTF-8: 3.12 and later do not look at comments, but the file cannot be run") from None
        return data.decode(cookie.group(1).decode()).encode("utf-8")


class Dump:
    def __init__(self, text):
        self.text = text
        self.starts = [3 if text.startswith(b"\xef\xbb\xbf") else 0] + [match.end() for match in LINE_END.finditer(text)]
        self.has_named = b"\\N{" in text
        self.named = False  # in an f-string with \N{…}
        self.in_fstring = 0
        self.out = []

    def value(self, node, named):
        value = node.value
        if isinstance(value, str):
            return b"Str ?" if named else b"Str " + escape(value.encode("utf-8", "surrogatepass"))
        if isinstance(value, bytes):
            return b"Bytes " + escape(value)
        if value is None or value is True or value is False:
            return str(value).encode()
        if value is Ellipsis:
            return b"Ellipsis"
        if isinstance(value, int):
            return b"Int %d" % value if value < 1 << 63 else b"Int %s" % hex(value).encode()
        if isinstance(value, float):
            return b"Float " + struct.pack(">d", value).hex().encode()
        return b"Complex " + struct.pack(">d", value.imag).hex().encode()

    def node(self, node):
        kind = type(node).__name__
        head = kind.encode()
        joined = kind == "JoinedStr"
        named = self.named
        if kind == "Index":  # until 3.8
            return self.node(node.value)
        if kind == "ExtSlice":
            node = ast.Tuple(elts=node.dims, ctx=ast.Load())
            kind, head = "Tuple", b"Tuple"
        if hasattr(node, "lineno") and node.end_lineno is not None:
            begin = self.starts[node.lineno - 1] + node.col_offset
            end = self.starts[node.end_lineno - 1] + node.end_col_offset
            if self.has_named and not self.in_fstring and (joined or kind == "Constant"):
                named = b"\\N{" in self.text[begin:end]
            made_up = kind in ("Constant", "FormattedValue", "JoinedStr") and self.in_part
            if SPANS and (not self.in_fstring or (EXACT_FSTRINGS and not made_up)):
                head += b" %d-%d" % (begin, end)
        if kind == "Constant":
            head += b" " + self.value(node, named)
            if not self.in_fstring:
                head += b" u" if node.kind else b""
            self.out.append(head)
            return
        self.out.append(head)
        outer_named, self.named = self.named, named
        outer_part, self.in_part = self.in_part, joined or (kind == "FormattedValue")
        self.in_fstring += joined
        for name in node._fields:
            if name in HIDDEN:
                continue
            if kind == "FormattedValue" and name == "value":
                self.in_part = False
            self.field(getattr(node, name, None))
            if kind == "FormattedValue" and name == "value":
                self.in_part = True
        self.in_fstring -= joined
        self.named = outer_named
        self.in_part = outer_part

    in_part = False

    def field(self, value):
        if isinstance(value, ast.AST):
            self.node(value)
        elif isinstance(value, list):
            self.out.append(b"[")
            for item in value:
                if not (self.in_part and isinstance(item, ast.Constant) and item.value == ""):  # 3.12.0 has empty ones
                    self.field(item)
            self.out.append(b"]")
        elif isinstance(value, str):
            self.out.append(b"'" + value.encode("utf-8", "surrogatepass"))
        else:
            self.out.append(str(value).encode())


def escape(data):
    return data.replace(b"\\", b"\\\\").replace(b"\n", b"\\n")


def dump(path):
    with open(path, "rb") as file:
        data = file.read()
    module = ast.parse(data)
    result = Dump(utf8(data))
    result.field(module.body)
    return b"\n".join(result.out) + b"\n"


def main():
    sys.setrecursionlimit(9000)
    warnings.simplefilter("ignore")
    if "--full" in sys.argv:
        sys.stdout.buffer.write(dump(sys.argv[-1]))
        return
    for line in sys.stdin.buffer:
        path = line.rstrip(b"\n")
        try:
            answer = hashlib.sha1(dump(path)).hexdigest()
        except (SyntaxError, ValueError, RecursionError, MemoryError, LookupError) as error:
            answer = "refused " + " ".join(ascii(str(error)).split())[:120]
        sys.stdout.buffer.write(path + b"\t" + answer.encode() + b"\n")
    sys.stdout.buffer.flush()


main()
