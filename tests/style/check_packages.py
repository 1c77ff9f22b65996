"""packages.txt against the tree: what is used is listed, what is listed is used."""

import ast
import re
import sys

from cxx import CXX_SUFFIXES, includes
from package_map import CMAKE_PACKAGES, INCLUDES, PYTHON_MODULES, SYSTEM_INCLUDES, TOOLS, WITHOUT_A_WORD
from tree import Finding

LIST = "packages.txt"
LINE = re.compile(r"^([a-z0-9][a-z0-9.+-]+)\s+# ((?:run|build|test|bench)(?:,(?:run|build|test|bench))*): \S.*$")
FIND_PACKAGE = re.compile(r"^\s*find_package\((\S+?)(?:\s([^)]*))?\)", re.MULTILINE)
SCRIPTS = (".sh", ".py", ".cmake", "CMakeLists.txt", "CMakePresets.json", ".lua")


def check(tree):
    if LIST not in tree.files:
        yield Finding(LIST, 0, "missing")
        return
    listed = {}
    for number, line in enumerate(tree.files[LIST].split("\n"), 1):
        if line and not line.startswith("#"):
            yield from add_line(listed, number, line)
    used = set(WITHOUT_A_WORD)
    for path, line, what, package in uses(tree):
        if package is UNKNOWN:
            yield Finding(path, line, f"{what} is in no package that package_map.py knows; add it there and to {LIST}")
        elif package is not None:
            used.add(package)
            if package not in listed:
                yield Finding(path, line, f"{what} needs {package}, which {LIST} does not list")
    for name in sorted(set(listed) - used):
        yield Finding(LIST, listed[name], f"nothing that package_map.py knows uses {name}")


def add_line(listed, number, line):
    match = LINE.match(line)
    if not match:
        yield Finding(LIST, number, "write it as: name   # group[,group]: reason   (groups: run, build, test, bench)")
    elif match.group(1) in listed:
        yield Finding(LIST, number, f"{match.group(1)} stands in line {listed[match.group(1)]} already")
    else:
        listed[match.group(1)] = number


UNKNOWN = object()


def uses(tree):
    """(path, line, what, package) of everything that a package brings."""
    for path, text in tree.select("CMakeLists.txt", ".cmake"):
        for match in FIND_PACKAGE.finditer(text):
            for name in with_components(match):
                yield path, line_at(text, match), f"find_package({name})", CMAKE_PACKAGES.get(name, UNKNOWN)
    for path, text in tree.select(*CXX_SUFFIXES):
        for include in includes(text):
            if not include.quoted:
                yield path, include.line, f"<{include.name}>", package_of_header(include.name)
    yield from tools(tree)
    yield from python_imports(tree)


def with_components(match):
    """OpenSSL, or Boost and Boost::json: what a find_package asks for."""
    name, rest = match.group(1), match.group(2) or ""
    components = rest.partition("COMPONENTS")[2].split()
    return [name] + [f"{name}::{component}" for component in components if name == "Boost"]


def package_of_header(name):
    if name.startswith(SYSTEM_INCLUDES) or re.fullmatch(r"[a-z0-9_]+", name):
        return None
    prefixes = [prefix for prefix in INCLUDES if name.startswith(prefix)]
    return INCLUDES[max(prefixes, key=len)] if prefixes else UNKNOWN


def tools(tree):
    """Words in scripts; comments and the checks' own tables do not call anything."""
    word = re.compile(r"(?<![\w.+/-])(" + "|".join(re.escape(tool) for tool in TOOLS) + r")(?![\w+-]|\.\w)")
    scripts = [("dev", tree.files["dev"])] if "dev" in tree.files else []
    for path, text in scripts + tree.select(*SCRIPTS):
        if path.startswith("tests/style/"):
            continue
        for number, line in enumerate(text.split("\n"), 1):
            for tool in word.findall(re.sub(r"(^|\s)#.*", "", line)):
                yield path, number, tool, TOOLS[tool]


def python_imports(tree):
    own = {path.rsplit("/", 1)[-1].removesuffix(".py") for path, _ in tree.select(".py")}
    own |= {folder for path, _ in tree.select(".py") for folder in path.split("/")[:-1]}
    for path, text in tree.select(".py"):
        for line, name in imported(text):
            if name not in own and name not in sys.stdlib_module_names:
                yield path, line, f"import {name}", PYTHON_MODULES.get(name, UNKNOWN)


def imported(text):
    for node in ast.walk(ast.parse(text)):
        names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.level == 0:
            names = [node.module]
        for name in names:
            yield node.lineno, name.split(".")[0]


def line_at(text, match):
    return text.count("\n", 0, match.start()) + 1
