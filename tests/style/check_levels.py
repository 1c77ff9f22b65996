"""Who may include whom: the levels of ARCHITECTURE.md, without exceptions."""

import re

from cxx import (
    CXX_SUFFIXES,
    includes,
    is_checking_code,
    line_of,
    without_comments_and_literals,
    without_preprocessor,
)
from tree import Finding

# Folders by level. A file includes its own folder and any level below.
LEVELS = {
    "base": 0,
    "log": 2,
    "cell": 2,
    "net": 2,
    "ops": 2,
    "auth": 2,
    "sale": 3,
    "guard": 3,
    "links": 3,
    "recs": 3,
    "live": 3,
    "region": 3,
    "app": 4,
}
MACHINE_LEVEL = 1
# Within level 2 there is an order in one place: a cell appends to a log.
SAME_LEVEL = {("cell", "log")}

# Machines may use only what cannot see the world outside.
PURE_HEADERS = {
    "algorithm", "array", "bit", "charconv", "compare", "concepts", "cstddef", "cstdint", "cstring", "deque",
    "functional", "initializer_list", "iterator", "limits", "map", "memory", "memory_resource", "new", "numeric",
    "optional", "queue", "ranges", "set", "span", "string", "string_view", "tuple", "type_traits", "utility", "variant",
    "vector",
}  # fmt: skip
IMPURE_BASE = {"base/prng.h", "base/ring.h"}
IMPURE_NAMES = re.compile(r"\b(SystemClock|fill_random|unordered_(?:multi)?(?:map|set))\b")


def folder_of(path):
    """('sale/machine', 1) for src/sale/machine/x.h; the level is None for a folder that has none."""
    parts = path.split("/")
    if len(parts) > 2 and parts[1] == "machine":
        return "/".join(parts[:2]), MACHINE_LEVEL
    return parts[0], LEVELS.get(parts[0])


def may_include(user, used):
    (folder, level), (other, other_level) = user, used
    if folder == other:
        return True
    if (folder, other) in SAME_LEVEL:
        return True
    if other_level == MACHINE_LEVEL and level == 3:
        return other.split("/")[0] == folder  # a service has its own machine, and knows the others by their events
    return other_level < level


def check(tree):
    for path, text in tree.select(*CXX_SUFFIXES, under="src/"):
        user = folder_of(path.removeprefix("src/"))
        if user[1] is None:
            yield Finding(path, 0, f"src/{user[0]}/ has no level; give it one in ARCHITECTURE.md and check_levels.py")
            continue
        for include in includes(text):
            yield from check_include(tree, path, user, include)
        if user[1] == MACHINE_LEVEL and not is_checking_code(path):
            yield from check_purity(path, text)


def check_include(tree, path, user, include):
    if not include.quoted:
        return
    if not tree.exists("src/" + include.name):
        yield Finding(path, include.line, f'"{include.name}" is not a file; quoted includes are written from src/')
        return
    used = folder_of(include.name)
    if used[1] is not None and not may_include(user, used):
        rule = f"src/{user[0]}/ (level {user[1]}) may not include {include.name} (level {used[1]})"
        yield Finding(path, include.line, rule)


def check_purity(path, text):
    for include in includes(text):
        if include.name in IMPURE_BASE or (not include.quoted and include.name not in PURE_HEADERS):
            yield Finding(path, include.line, f"a machine is pure: {include.name} is not among what it may use")
    code = without_preprocessor(without_comments_and_literals(text))
    for match in IMPURE_NAMES.finditer(code):
        yield Finding(path, line_of(code, match.start()), f"a machine is pure: no {match.group()}")
