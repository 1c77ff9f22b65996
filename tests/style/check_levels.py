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

SERVICE_LEVEL = 4
MACHINE_LEVEL = 1

# Folders by level. A file includes its own folder and any level below.
LEVELS = {
    "base": 0,
    "ops/metrics": 1,
    "log": 2,
    "cell": 2,
    "net": 2,
    "ops": 2,
    "auth": 2,
    "platform": 3,
    "sale": SERVICE_LEVEL,
    "counter": SERVICE_LEVEL,
    "guard": SERVICE_LEVEL,
    "links": SERVICE_LEVEL,
    "recs": SERVICE_LEVEL,
    "live": SERVICE_LEVEL,
    "region": SERVICE_LEVEL,
    "app": 5,
    "demo": 5,
    "stampede": 5,
}
# Within a level there is an order in two places: a cell appends to a log, and the app starts what visits its server.
SAME_LEVEL = {("cell", "log"), ("app", "demo"), ("app", "stampede")}

# Within a folder its sub-folders have an order, too; what lies in the folder itself has the place of "". A service's
# machine is a level of its own (1), whatever the service.
SERVICE_ORDER = {"views": 0, "api": 1, "": 2}
SUB_LEVELS = {
    "platform": {"views": 0, "outbound": 0, "api": 1, "operators": 2, "webhooks": 3, "sandbox": 3, "": 4},
    "log": {"": 0, "memory": 1, "rocksdb": 1, "postgresql": 1},
    "net": {"": 0, "null_server": 1},
} | {folder: SERVICE_ORDER for folder, level in LEVELS.items() if level == SERVICE_LEVEL}
SUB_LEVELS["links"] = {"store": -1, "views": 0, "imports": 1, "abuse": 1, "api": 2, "": 3}
SUB_LEVELS["recs"] = {"models": -2, "training": -1, "views": 0, "evaluation": 1, "imports": 2, "api": 1, "": 2}
# What is made for tests, and programs of their own, may know all of their folder.
ABOVE_ALL = {"testing", "testdata", "corpus", "main", "server", "api_listing"}

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
    nested = "/".join(parts[:2])
    if len(parts) > 2 and (parts[1] == "machine" or nested in LEVELS):
        return nested, LEVELS.get(nested, MACHINE_LEVEL)
    return parts[0], LEVELS.get(parts[0])


def is_machine(folder):
    return folder.endswith("/machine")


def may_include(user, used):
    (folder, level), (other, other_level) = user, used
    if folder == other:
        return True
    if (folder, other) in SAME_LEVEL:
        return True
    if is_machine(other) and level == SERVICE_LEVEL:
        return other.split("/")[0] == folder  # a service has its own machine, and knows the others by their events
    return other_level < level


def sub_folder_of(path):
    """'views' for sale/views/x.h, '' for sale/x.h."""
    parts = path.split("/")
    return parts[1] if len(parts) > 2 else ""


def sub_level_error(path, include):
    """What is wrong with an include within one folder, if anything is."""
    folder = path.split("/")[0]
    order = SUB_LEVELS.get(folder)
    user, used = sub_folder_of(path), sub_folder_of(include)
    machines = "machine" in (user, used)  # a level of its own, looked at by may_include
    if order is None or machines or folder != include.split("/")[0] or user == used:
        return None
    if user in ABOVE_ALL or is_checking_code(path):
        return None
    if used in ABOVE_ALL:
        return f"src/{path} may not include {include}, which is for tests"
    for name in (user, used):
        if name not in order:
            return f"src/{folder}/{name}/ has no place in its folder; give it one in check_levels.py"
    if order[used] < order[user]:
        return None
    return f"src/{folder}/{user}{'/' if user else ''} may not include {include}, which stands above or beside it"


def check(tree):
    for path, text in tree.select(*CXX_SUFFIXES, under="src/"):
        user = folder_of(path.removeprefix("src/"))
        if user[1] is None:
            yield Finding(path, 0, f"src/{user[0]}/ has no level; give it one in ARCHITECTURE.md and check_levels.py")
            continue
        for include in includes(text):
            yield from check_include(tree, path, user, include)
        if is_machine(user[0]) and not is_checking_code(path):
            yield from check_purity(path, text)


def check_include(tree, path, user, include):
    if not include.quoted:
        return
    if not tree.exists("src/" + include.name):
        yield Finding(path, include.line, f'"{include.name}" is not a file; quoted includes are written from src/')
        return
    wrong = sub_level_error(path.removeprefix("src/"), include.name)
    if wrong:
        yield Finding(path, include.line, wrong)
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
