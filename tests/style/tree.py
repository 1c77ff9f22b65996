"""The source tree as the checks see it: a mapping from a path, relative to the root, to its text.

The self-tests build trees of a few lines by hand; run.py reads the real one.
"""

import os
from dataclasses import dataclass

IGNORED_FOLDERS = {".git", "build", "var", "node_modules", "__pycache__", "corpus"}
IGNORED_PREFIXES = ("cmake-build-", ".cache")
LARGEST_TEXT = 2_000_000


@dataclass(frozen=True)
class Finding:
    path: str
    line: int  # 0 where the finding is about the whole file
    message: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.message}"


class Tree:
    def __init__(self, files, other_paths=()):
        """`files` are texts by path; `other_paths` exist too, but are binary, ignored or folders."""
        self.files = dict(files)
        self.paths = set(self.files) | set(other_paths)
        for path in list(self.paths):
            self.paths.update(folders_above(path))

    def select(self, *suffixes, under=""):
        """Paths and texts of the files whose names end so, in order of the paths."""
        return [(p, t) for p, t in sorted(self.files.items()) if p.endswith(suffixes) and p.startswith(under)]

    def exists(self, path):
        return path.rstrip("/") in self.paths


def folders_above(path):
    while "/" in path:
        path = path.rsplit("/", 1)[0]
        yield path


def read_tree(root):
    files, others = {}, []
    for folder, names, leaves in os.walk(root):
        inside = os.path.relpath(folder, root)
        others += [os.path.normpath(os.path.join(inside, n)) for n in names if n == "corpus"]
        names[:] = [n for n in names if n not in IGNORED_FOLDERS and not n.startswith(IGNORED_PREFIXES)]
        for leaf in leaves:
            path = os.path.normpath(os.path.join(inside, leaf))
            text = read_text(os.path.join(root, path))
            if text is None:
                others.append(path)
            else:
                files[path] = text
    return Tree(files, others + corpus_files(root))


def corpus_files(root):
    """Inputs of fuzzers are bytes, not text; the checks need to know only that they are there."""
    found = []
    for folder, names, leaves in os.walk(os.path.join(root, "src")):
        if "/corpus" in folder:
            found += [os.path.relpath(os.path.join(folder, leaf), root) for leaf in leaves]
    return found


def read_text(path):
    if os.path.basename(path) == ".git" or os.path.islink(path) or not os.path.isfile(path):
        return None
    if os.path.getsize(path) > LARGEST_TEXT:
        return None
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except UnicodeDecodeError:
        return None
