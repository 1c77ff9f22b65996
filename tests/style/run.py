"""Runs the checks of the source: all of them, or the ones named. `--list` names them."""

import argparse
import os
import sys

import check_code
import check_docs
import check_levels
import check_names
import check_packages
import check_sizes
import check_text
import check_unity
from tree import read_tree

CHECKS = {
    "levels": check_levels.check,
    "file_sizes": check_sizes.check_files,
    "function_sizes": check_sizes.check_functions,
    "line_widths": check_sizes.check_lines,
    "text": check_text.check,
    "headers": check_code.check_headers,
    "ownership": check_code.check_ownership,
    "fuzzers": check_code.check_fuzzers,
    "private_names": check_unity.check,
    "names": check_names.check,
    "links": check_docs.check_links,
    "decisions": check_docs.check_decisions,
    "packages": check_packages.check,
}


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--root", default=os.path.dirname(os.path.dirname(here)))
    parser.add_argument("checks", nargs="*", metavar="CHECK")
    arguments = parser.parse_args()
    if arguments.list:
        print(";".join(CHECKS))
        return 0
    if unknown := set(arguments.checks) - set(CHECKS):
        parser.error(f"no check is called {', '.join(sorted(unknown))}; there are: {', '.join(CHECKS)}")
    return report(read_tree(arguments.root), arguments.checks or list(CHECKS))


def report(tree, names):
    findings = [(name, finding) for name in names for finding in CHECKS[name](tree)]
    for name, finding in findings:
        print(f"{finding} [{name}]")
    print(f"{len(tree.files)} files, {len(names)} checks, {len(findings)} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
