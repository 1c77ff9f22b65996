"""Files that can be held in a head: lines of a file, of a function, columns of a line."""

import ast
import re

from cxx import CXX_SUFFIXES, functions
from tree import Finding

FILE_LINES = 400
FUNCTION_LINES = 70
COLUMNS = 120
CODE = (".h", ".cc", ".py", ".sh", ".cmake", "CMakeLists.txt", ".js", ".mjs", ".ts", ".css", ".html", "/dev", ".lua")
# Wide lines are code's trouble only; a table in Markdown or a vector in JSON has the width that it has.


def code_files(tree):
    return [(p, t) for p, t in sorted(tree.files.items()) if ("/" + p).endswith(CODE)]


def check_files(tree):
    for path, text in code_files(tree):
        lines = text.count("\n")
        if lines > FILE_LINES:
            yield Finding(path, 0, f"{lines} lines; split what is above {FILE_LINES}")


def check_lines(tree):
    for path, text in code_files(tree):
        for number, line in enumerate(text.split("\n"), 1):
            if len(line) > COLUMNS:
                yield Finding(path, number, f"{len(line)} columns; {COLUMNS} at most")


def check_functions(tree):
    for path, text in code_files(tree):
        for name, first, count in functions_of(path, text):
            if count > FUNCTION_LINES:
                yield Finding(path, first, f"'{name[:60]}' has {count} lines; {FUNCTION_LINES} at most")


def functions_of(path, text):
    if path.endswith(CXX_SUFFIXES):
        return [(f.head, f.first_line, f.lines) for f in functions(text)]
    if path.endswith(".py"):
        return python_functions(text)
    if path.endswith(".sh") or path == "dev":
        return shell_functions(text)
    return []


def python_functions(text):
    nodes = [n for n in ast.walk(ast.parse(text)) if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef))]
    return [(n.name, n.lineno, n.end_lineno - n.lineno + 1) for n in nodes]


def shell_functions(text):
    found = []
    for match in re.finditer(r"^(\w+)\(\) \{\n.*?^\}", text, re.DOTALL | re.MULTILINE):
        found.append((match.group(1), text.count("\n", 0, match.start()) + 1, match.group().count("\n") + 1))
    return found
