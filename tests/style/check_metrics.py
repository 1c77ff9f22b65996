"""docs/metrics.md lists every metric that the code registers, with its kind, and no other."""

import re

from cxx import CXX_SUFFIXES, is_checking_code, line_of
from tree import Finding

DOCUMENT = "docs/metrics.md"
# A call that registers a metric (or a helper named `observe` that does), or the type line of text written by hand.
REGISTERED = re.compile(
    r"(?:\b(counter|gauge|level|histogram|observed|observe)\(\s*\"|# TYPE )((?:doorbuster|process)_\w+)\b")
LISTED = re.compile(r"^\| `((?:doorbuster|process)_\w+)(?:\{[^}`]*\})?` \| (\w+) \|", re.MULTILINE)


def check(tree):
    text = tree.files.get(DOCUMENT, "")
    listed = {match.group(1): (line_of(text, match.start()), match.group(2)) for match in LISTED.finditer(text)}
    registered = {}
    for path, line, name, kind in registrations(tree):
        registered[name] = kind
        if name not in listed:
            yield Finding(path, line, f"{name} is not in {DOCUMENT}")
        elif listed[name][1] != kind:
            yield Finding(DOCUMENT, listed[name][0], f"{name} is a {kind}")
    for name in sorted(set(listed) - set(registered)):
        yield Finding(DOCUMENT, listed[name][0], f"no code registers {name}")


def registrations(tree):
    for path, text in tree.select(*CXX_SUFFIXES, under="src/"):
        if is_checking_code(path):
            continue
        for match in REGISTERED.finditer(text):
            yield path, line_of(text, match.start()), match.group(2), shown_kind(*match.groups())


def shown_kind(call, name):
    """The type that the exposition gives it."""
    if call == "histogram":
        return "histogram"
    return "counter" if name.endswith("_total") else "gauge"
