"""Joins ES modules into one script, so that a page needs one request and no tool from elsewhere.

The modules share one scope then, so what would change their meaning is refused: names given twice, imports under
another name, templates over several lines (indentation is dropped).
"""

import os
import re

NAMES = r"\{(\s*\w+(?:,\s*\w+)*,?\s*)\}"
IMPORT = re.compile(rf'^import {NAMES} from "([^"]+)";\n', re.MULTILINE)
PASSED_ON = re.compile(rf'^export {NAMES} from "([^"]+)";\n', re.MULTILINE)
EXPORT = re.compile(r"^export (?=class |function |async function |const |let )", re.MULTILINE)
TOP_NAME = re.compile(r"^(?:async )?(?:function|class|const|let) (\w+)", re.MULTILINE)


class Trouble(Exception):
    pass


def bundle(folder, entry):
    """The script's text. It exports what the entry passes on from other modules, and nothing else."""
    modules, exported = {}, []
    take(folder, os.path.normpath(entry), modules, set())
    with open(os.path.join(folder, entry), encoding="utf-8") as file:
        for names, _ in PASSED_ON.findall(file.read()):
            exported += [name.strip() for name in names.split(",")]
    owners = {}
    for path, text in modules.items():
        for name in TOP_NAME.findall(text):
            if owners.setdefault(name, path) != path:
                raise Trouble(f"{path}: '{name}' is a name in {owners[name]}, too")
    ending = f"export {{ {', '.join(exported)} }};\n" if exported else ""
    return "".join(small(path, text) for path, text in modules.items()) + ending


def take(folder, path, modules, above):
    """Those that a module needs come before it; two that need each other only in functions may do so."""
    if path in modules or path in above:
        return
    with open(os.path.join(folder, path), encoding="utf-8") as file:
        text = file.read()
    for _, source in IMPORT.findall(text) + PASSED_ON.findall(text):
        take(folder, os.path.normpath(os.path.join(os.path.dirname(path), source)), modules, above | {path})
    modules[path] = EXPORT.sub("", PASSED_ON.sub("", IMPORT.sub("", text)))


def small(path, text):
    lines = []
    for number, line in enumerate(text.split("\n"), 1):
        if re.match(r"(import|export)\b", line):
            raise Trouble(f"{path}:{number}: only `import {{ names }} from` and `export` before a declaration")
        if line.count("`") % 2:
            raise Trouble(f"{path}:{number}: a template over several lines")
        line = line.strip()
        if line and not line.startswith("//"):
            lines.append(line + "\n")
    return "".join(lines)
