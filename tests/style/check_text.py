"""What no text of the project holds: stray blanks, unfinished work, one machine's paths."""

import re

from tree import Finding

UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|HA" r"CK)\b")
MACHINE_PATH = re.compile(r"(?<![\w.~:])/(?:home|work|root)/[\w.]")
BLANK_ENDING = re.compile(r"[ \t\r]+$")


def check(tree):
    for path, text in sorted(tree.files.items()):
        if text and not text.endswith("\n"):
            yield Finding(path, 0, "the last line does not end")
        for number, line in enumerate(text.split("\n"), 1):
            yield from check_line(path, number, line)


def check_line(path, number, line):
    if BLANK_ENDING.search(line):
        yield Finding(path, number, "blanks at the end of the line")
    if match := UNFINISHED.search(line):
        yield Finding(path, number, f"{match.group()}: finish it, or open an issue")
    if match := MACHINE_PATH.search(line):
        yield Finding(path, number, f"'{match.group()}...' is a path of one machine")
