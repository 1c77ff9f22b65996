"""Habits of our C++: guards, header paragraphs, ownership, fuzzers with a corpus."""

import re

from cxx import CXX_SUFFIXES, is_checking_code, line_of, without_comments_and_literals
from tree import Finding

SINGLE_OWNER = re.compile(r"^src/(?:[a-z_]+/machine|cell|log)/")
SHARED = re.compile(r"\b(?:shared_ptr|make_shared|enable_shared_from_this)\b")


def check_headers(tree):
    """A header begins with a paragraph that says what the thing is, then #pragma once."""
    for path, text in tree.select(".h"):
        above, guard, _ = text.partition("#pragma once\n")
        if not guard:
            yield Finding(path, 1, "no '#pragma once'")
        elif not above.startswith("//") or re.search(r"^(?!//).", above, re.MULTILINE):
            yield Finding(path, 1, "begin with a comment that says what it is; '#pragma once' follows")


def check_ownership(tree):
    for path, text in tree.select(*CXX_SUFFIXES):
        if not SINGLE_OWNER.match(path) or is_checking_code(path):
            continue
        code = without_comments_and_literals(text)
        for match in SHARED.finditer(code):
            line = line_of(code, match.start())
            yield Finding(path, line, f"{match.group()}: machines, cells and logs have one owner each")


def check_fuzzers(tree):
    for path, text in tree.select("_fuzz.cc"):
        folder, _, name = path.rpartition("/")
        corpus = f"{folder}/corpus/{name.removesuffix('.cc')}/"
        if not any(other.startswith(corpus) for other in tree.paths):
            yield Finding(path, 0, f"a fuzzer needs inputs to start from in {corpus}")
        if "LLVMFuzzerTestOneInput" not in text:
            yield Finding(path, 0, "a *_fuzz.cc defines LLVMFuzzerTestOneInput")
