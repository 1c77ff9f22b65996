"""Changes every setting of a running server, and sees the effect of it.

A row is a function named after the setting, with `__` for each dot: also those of lists of sections, such as
`webhooks__batch`. A setting that `serve --print-config` prints and
that has no row fails the test, and so does a row whose setting is gone.

Usage: effects_test.py DOORBUSTER [SETTING...]
"""

import concurrent.futures
import os
import re
import sys
import time
import tomllib

import of_http
import of_limits
import of_links
import of_recs
import of_the_guard
import of_the_rest
from shop import printed_config

LIST = re.compile(r"any number of \[\[([\w.]+)\]\]\.\n((?:#.*\n?)+)")


def settings_of(binary):
    """Keys with their sections, and those of the lists of sections, which have no flags."""
    text = printed_config(binary)
    keys = []
    for name, value in tomllib.loads(text).items():
        keys += [f"{name}.{key}" for key in value] if isinstance(value, dict) else [name]
    for name, members in LIST.findall(text):
        keys += [f"{name}.{key}" for key in re.findall(r"^#   (\w+): ", members, re.MULTILINE)]
    return keys


def rows():
    found = {}
    for module in (of_http, of_limits, of_links, of_recs, of_the_guard, of_the_rest):
        for name, function in vars(module).items():
            if getattr(function, "is_row", False):
                found[name.replace("__", ".")] = function
    return found


def effect(test, key, binary):
    """The key, how many seconds it took, and a list of what is wrong."""
    begin = time.monotonic()
    try:
        test(binary)
        complaint = []
    except (AssertionError, RuntimeError, OSError, KeyError, ValueError) as error:
        complaint = [f"{key}: {type(error).__name__} {error}"]
    return key, time.monotonic() - begin, complaint


def main(binary, *chosen):
    settings, tests = settings_of(binary), rows()
    wrong = [f"{key} has no row that sees its effect" for key in settings if key not in tests]
    wrong += [f"{key} has a row, but is no setting" for key in tests if key not in settings]
    asked = [key for key in tests if not chosen or key in chosen]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as several:
        for key, seconds, complaint in several.map(lambda key: effect(tests[key], key, binary), asked):
            print(f"{seconds:6.1f} s  {key}", flush=True)
            wrong += complaint
    for sentence in wrong:
        print(sentence)
    print(f"{len(settings)} settings, {len(wrong)} complaints")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
