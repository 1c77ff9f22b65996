"""Takes every number of the settings to both ends of its range, alone and together with those that it meets, and starts
what that configures: the server runs and answers, or it says in a sentence why not. It never ends by a signal.

Usage: ends_test.py DOORBUSTER [--in-little-space]: only what asks for much, where few addresses are to be had. A build
with AddressSanitizer maps terabytes of them, so it can't be asked.
"""

import concurrent.futures
import os
import re
import resource
import sys

from shop import Shop, printed_config

SETTING = re.compile(r"((?:^# .*\n)+)^(\w+) = (-?\d+)$", re.MULTILINE)
SECTION = re.compile(r"^\[(\w+)\]$", re.MULTILINE)
RANGE = re.compile(r"From (-?\d+)\s+(?:# )?to\s+(?:# )?(-?\d+)\.")
# Numbers that share something: memory, address space, files, one table of slots.
TOGETHER = [
    {"limits.holds": "max", "limits.entries": "max", "limits.sales": "max"},
    {"limits.holds": "max", "limits.entries": "max", "limits.sales": "max", "limits.operator_keys": "max"},
    {"limits.holds": "min", "limits.entries": "min", "limits.sales": "min", "limits.operator_keys": "min"},
    {"limits.holds": "max", "limits.sale_share_percent": "min", "limits.guest_share_percent": "max"},
    {"limits.holds": "min", "limits.sale_share_percent": "min", "limits.guest_share_percent": "min"},
    {"limits.ring_commands": "max", "limits.batch_commands": "max", "threads.reactors": "max"},
    {"cells": "max", "limits.holds": "max", "limits.entries": "max", "limits.sales": "max"},
    {"cells": "max", "limits.ring_commands": "max"},
    {"cells": "max", "limits.ring_commands": "min", "threads.reactors": "max"},
    {"limits.ring_commands": "min", "limits.batch_commands": "max"},
    {"limits.ring_commands": "max", "limits.batch_commands": "min"},
    {"http.max_connections": "max", "http.connections_per_address": "max"},
    {"http.max_connections": "min", "http.connections_per_address": "max"},
    {"http.max_connections": "min", "http.connections_per_address": "min"},
    {"http.max_connections": "max", "threads.reactors": "max"},
    {"http.header_bytes": "max", "http.body_bytes": "max", "http.buffer_bytes": "min"},
    {"http.header_bytes": "max", "http.body_bytes": "max", "http.buffer_bytes": "max"},
    {"http.header_deadline_seconds": "min", "http.idle_seconds": "min", "http.answer_deadline_seconds": "min"},
    {"log.snapshot_every_events": "min", "limits.batch_commands": "max"},
]
ODD = [
    {"limits.ring_commands": 1000},
    {"threads.reactors": 257},
    {"limits.holds": 0},
    {"limits.holds": -1},
    {"limits.holds": 10**18},
    {"payment.url": "ftp://a"},
    {"payment.secret": "x" * 40},
]
# Those of a section that there may be many of.
LISTED = [(f"{key} = {value}", starts) for key in ("in_flight", "batch")
          for value, starts in ((1, True), (256, True), (0, False), (257, False))]  # fmt: skip
WEBHOOK = '[[webhooks]]\nurl = "http://127.0.0.1:9/"\nsecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"\n'
# Of addresses, for the round in little space: fewer than the largest tables want, a legal configuration's rings, or
# a server that has hardly anything.
SPACES_MIB = (6 * 1024, 512, 80)


def ends(binary):
    """key -> (least, most)"""
    text = printed_config(binary)
    found = {}
    for match in SETTING.finditer(text):
        section = [name for name in SECTION.finditer(text, 0, match.start(2))]
        key = (section[-1].group(1) + "." if section else "") + match.group(2)
        words = " ".join(line.lstrip("# ") for line in match.group(1).splitlines())
        least, most = RANGE.search(words).groups()
        found[key] = (int(least), int(most))
    return found


def trial(binary, settings):
    """What is wrong with how these settings are taken, or None."""
    shop = Shop(binary, settings)
    shop.patience_seconds = 90  # 256 reactors with sanitizers, and another server beside
    try:
        with shop:
            answer = shop.sell("one")
            if answer.status not in (201, 413, 431, 503):
                return f"{settings}: a sale is answered with {answer.status} {answer.body[:200]}"
            shop.seconds_to_stop()
            code = shop.process.returncode
            return None if code == 0 else f"{settings}: it ends with {code}\n{shop.log()[-600:]}"
    except RuntimeError as error:
        return complaint(settings, shop, str(error))


def trial_of_listed(binary, line, starts):
    try:
        with Shop(binary, config=WEBHOOK + line + "\n"):
            return None if starts else f"a webhook with {line}: it starts"
    except RuntimeError as error:
        return f"a webhook with {line}: {error}" if starts or line.split()[0] not in str(error) else None


def complaint(settings, shop, log):
    code = shop.process.returncode
    said = [line for line in log.splitlines() if line.startswith("doorbuster: ") or "--" in line]
    if code is None:
        shop.process.kill()
        shop.process.wait()
        return f"{settings}: it neither starts nor ends"
    return None if code > 0 and said else f"{settings}: it ends with {code} and says\n{log[-600:]}"


def trial_in_little_space(binary, settings, mebibytes):
    """What the process gets, its child gets."""
    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (mebibytes * 2**20, before[1]))
    try:
        wrong = trial(binary, settings)
        return wrong and f"in {mebibytes} MiB: {wrong}"
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


def trials_of(known):
    value = {"min": 0, "max": 1}
    trials = [{key: end} for key, both in known.items() for end in both]
    trials += [{key: known[key][value[end]] for key, end in group.items()} for group in TOGETHER]
    return trials + ODD


def main(binary):
    known = ends(binary)
    trials = trials_of(known)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as several:
        found = [several.submit(trial, binary, settings) for settings in trials]
        found += [several.submit(trial_of_listed, binary, *listed) for listed in LISTED]
    wrong = [sentence for one in found if (sentence := one.result())]
    for sentence in wrong:
        print(sentence)
    print(f"{len(known)} numbers, {len(trials) + len(LISTED)} configurations, {len(wrong)} complaints")
    return 1 if wrong else 0


def main_in_little_space(binary):
    trials = [settings for settings in trials_of(ends(binary)) if is_large(settings)]
    rounds = [({}, mebibytes) for mebibytes in SPACES_MIB] + [(large, SPACES_MIB[0]) for large in trials]
    wrong = [sentence for one, mebibytes in rounds if (sentence := trial_in_little_space(binary, one, mebibytes))]
    for sentence in wrong:
        print(sentence)
    print(f"{len(rounds)} configurations in little space, {len(wrong)} complaints")
    return 1 if wrong else 0


def is_large(settings):
    large = {"cells": 2, "limits.holds": 10**8, "limits.entries": 10**8, "limits.ring_commands": 10**5}
    return any(settings.get(key, 0) >= least for key, least in large.items())


if __name__ == "__main__":
    little = sys.argv[2:] == ["--in-little-space"]
    sys.exit((main_in_little_space if little else main)(sys.argv[1]))
