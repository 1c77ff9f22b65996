"""Plants each known bug in turn and records which suite catches it, after how many seeds: docs/bug-zoo.md.

`./dev zoo` builds what this needs and calls it. Without arguments every bug is planted; with names of bugs only those
are, and the page keeps what it says of the others. It fails if a bug is caught by no suite, or if a suite fails
without any bug."""

import os
import re
import sys
import time
from typing import NamedTuple

import suites

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.join(ROOT, "build", "zoo")
PAGE = os.path.join(ROOT, "docs", "bug-zoo.md")
ENUMERATOR = re.compile(r"^  k\w+,\s*// ([\w ]+): (.*)$", re.MULTILINE)
NAME = re.compile(r'^    "(\w+)",$', re.MULTILINE)


class Seen(NamedTuple):
    """What was seen of a bug: a cell of the table for each suite that has run it, and what each noticed first."""

    cells: dict
    noticed: list


def read_zoo():
    """[(name, area, what it does)], in the order of src/base/bug_zoo.h."""
    with open(os.path.join(ROOT, "src", "base", "bug_zoo.h"), encoding="utf-8") as header:
        text = header.read()
    names, comments = NAME.findall(text), ENUMERATOR.findall(text)
    if not names or len(names) != len(comments):
        sys.exit("src/base/bug_zoo.h: every bug needs a name, and a comment that begins with its area: // log: ...")
    return [(name, area, what) for name, (area, what) in zip(names, comments)]


def suites_here():
    return [suite for suite in suites.ALL if os.path.exists(os.path.join(BUILD, suite.binary))]


def run_bug(bug, area, present):
    """{title: verdict} of the suites that can meet the bug; an empty name plants none."""
    verdicts = {}
    for suite in present:
        if not bug or not suite.areas or area in suite.areas:
            verdicts[suite.title] = suite.run(BUILD, bug)
    return verdicts


def in_words(verdict):
    if verdict is None:
        return "·"
    if not verdict:
        return "no"
    if verdict.seeds:
        return f"{verdict.unit} {verdict.seeds}"
    return f"{len(verdict.failed)} of {verdict.ran}"


def is_sound(present):
    """Without a bug everything passes, or else the table would tell nothing."""
    for title, verdict in run_bug("", "", present).items():
        if verdict:
            print(f"{title}: fails without any bug: {', '.join(verdict.failed)}")
            return False
    print("without a bug every suite passes", flush=True)
    return True


def run_zoo(zoo, present):
    """What was seen of each bug, by its name, and the names of those that no suite has caught."""
    seen, uncaught = {}, []
    for name, area, _ in zoo:
        start = time.monotonic()
        verdicts = run_bug(name, area, present)
        cells = {title: in_words(verdict) for title, verdict in verdicts.items()}
        seen[name] = Seen(cells, [(title, verdict.failed[0]) for title, verdict in verdicts.items() if verdict])
        if not any(verdicts.values()):
            uncaught.append(name)
        told = ", ".join(f"{title}: {words}" for title, words in cells.items())
        print(f"{name:38} {told} ({time.monotonic() - start:.0f} s)", flush=True)
    return seen, uncaught


def read_page():
    """What the page says that an earlier run has seen."""
    if not os.path.exists(PAGE):
        return {}
    with open(PAGE, encoding="utf-8") as page:
        rows = [line.strip("| \n").split(" | ") for line in page if line.startswith("| ")]
    titles = rows[0][3:]
    seen = {row[0].strip("`"): Seen(dict(zip(titles, row[3:])), []) for row in rows if len(row) == len(rows[0])}
    for row in rows:
        if len(row) == 3 and row[0].strip("`") in seen:
            seen[row[0].strip("`")].noticed.append((row[1], row[2]))
    return seen


HEAD = """# The bug zoo

Known bugs, planted on purpose, one at a time, to learn which test catches each. This page is written by `./dev zoo`,
which builds with `DOORBUSTER_BUG_ZOO=ON`, sees that every suite passes without a bug, and then runs each suite with
each bug that it can meet. In every other build the bugs vanish at compile time (`src/base/bug_zoo.h`).

*3 of 50*: three of the suite's fifty tests fail, by an expectation or by an assertion that ends the process. *seed 7*:
caught in the seventh of {model} seeds, by the quickest of the model's profiles. *run 7*: caught in the simulator's
seventh run, of {simulated} worlds and then {sweeps} small ones that lose their power at every disk operation in
turn. *no*: the suite does not see it. *·*: the bug is in a layer that the suite does not run.
"""


def write_page(zoo, seen, present):
    titles = [suite.title for suite in present]
    with open(PAGE, "w", encoding="utf-8") as page:
        page.write(HEAD.format(**suites.NUMBERS))
        page.write(f"\n| bug | where | what it does | {' | '.join(titles)} |\n")
        page.write("|---" * (3 + len(titles)) + "|\n")
        for name, area, what in zoo:
            cells = " | ".join(seen[name].cells.get(title, in_words(None)) for title in titles)
            page.write(f"| `{name}` | {area} | {what} | {cells} |\n")
        page.write("\n## The first test that notices, or the promise that is broken\n\n")
        page.write("| bug | suite | test or promise |\n|---|---|---|\n")
        for name, _, _ in zoo:
            for title, what in seen[name].noticed:
                page.write(f"| `{name}` | {title} | {what} |\n")
    print(f"wrote {os.path.relpath(PAGE, ROOT)}")


def main():
    zoo, present, wanted = read_zoo(), suites_here(), sys.argv[1:]
    unknown = sorted(set(wanted) - {name for name, _, _ in zoo})
    if unknown:
        sys.exit(f"no such bug: {', '.join(unknown)}; the zoo has: {', '.join(name for name, _, _ in zoo)}")
    if not present:
        sys.exit("nothing is built in build/zoo; run ./dev zoo")
    if not is_sound(present):
        sys.exit(1)
    seen, uncaught = run_zoo([bug for bug in zoo if not wanted or bug[0] in wanted], present)
    known = {**(read_page() if wanted else {}), **seen}
    write_page([bug for bug in zoo if bug[0] in known], known, present)
    print(f"{len(seen) - len(uncaught)} bugs caught, {len(uncaught)} not" + "".join(f"\n  {bug}" for bug in uncaught))
    sys.exit(1 if uncaught else 0)


if __name__ == "__main__":
    main()
