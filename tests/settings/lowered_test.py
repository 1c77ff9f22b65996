"""Lowers every number of the settings on a data folder that was filled with higher ones. The server starts and finds
all of it, or it says in a sentence what the setting has to be, and has changed nothing: it then starts with that.

Each folder is tried twice: as a server leaves it that is stopped, with a snapshot and saved views, and as one leaves it
that is killed, with nothing but the log.

Usage: lowered_test.py DOORBUSTER
"""

import pathlib
import re
import shutil
import sys

from ends_test import ends
from shop import SALES, Shop

FILLED_WITH = {"cells": 2, "limits.operator_keys": 1000}
SALE_COUNT = 6
HOLDS = 1100  # more than the least that limits.holds and limits.entries can be
KEYS = 150  # the same, of limits.operator_keys
# What a start with the least is refused for, and what it is told to be then. The rest starts.
REFUSED = {
    "cells": r"cells is 1, but the data folder has sales in 2 cells",
    "limits.sales": r"limits\.sales is 1, but cell \d of the data folder keeps \d sales: set limits\.sales = (\d+) or",
    "limits.holds": r"limits\.holds is 1000, but cell \d of the data folder has places for 1\d\d\d holds and orders, "
    r"as many as were once kept at the same time: set limits\.holds = (\d+) or",
    "limits.entries": r"limits\.entries is 1000, but cell \d of the data folder has places for 1\d\d\d entries in "
    r"queues, as many as were once kept at the same time: set limits\.entries = (\d+) or",
}
# What is only legal together.
ALONG = {"http.max_connections": {"http.connections_per_address": 16}}


def fill(shop):
    for number in range(SALE_COUNT):
        assert shop.sell(f"sale-{number}", units=5000).status == 201
    assert shop.sell("line", units=5, queue="fifo").status == 201
    connection = shop.connection()
    for number in range(HOLDS):
        assert shop.reserve(f"c{number}", "sale-0", connection).status == 201
        joined = shop.request("POST", f"{SALES}/line/queue", shop.customer(f"c{number}"), None, connection)
        assert joined.status == 202
    for number in range(KEYS):
        patch = {"units": 5001 + number, "reason": "more"}
        assert shop.operator("PATCH", f"{SALES}/sale-1", patch, f"key-{number}").status == 200


def seen(shop):
    """All that a start must find again."""
    found = {"sales": shop.operator("GET", SALES).json}
    for sale in [f"sale-{number}" for number in range(SALE_COUNT)] + ["line"]:
        found[sale] = shop.operator("GET", f"{SALES}/{sale}").json
    # The same customer gets the same hold, and the same place in the line.
    for number in (0, HOLDS // 2, HOLDS - 1):
        found[f"hold {number}"] = shop.reserve(f"c{number}", "sale-0").body
        found[f"place {number}"] = shop.request("POST", f"{SALES}/line/queue", shop.customer(f"c{number}")).body
    again = shop.operator("PATCH", f"{SALES}/sale-1", {"units": 5000 + KEYS, "reason": "more"}, f"key-{KEYS - 1}")
    found["the newest key"] = (again.status, again.json["units"])
    return found


def started(binary, folder, settings):
    """A server on a copy of the folder: what it shows, or else what it says. And the copy itself."""
    shop = Shop(binary, FILLED_WITH | settings)
    shutil.copytree(folder, shop.folder / "data")
    try:
        shop.start()
    except RuntimeError as error:
        return shop, None, str(error)
    return shop, seen(shop), ""


def end(shop):
    shop.__exit__()


def complaints_of(binary, folder, name, key, least, wanted):
    settings = {key: least} | ALONG.get(key, {})
    shop, found, said = started(binary, folder, settings)
    try:
        if key not in REFUSED:
            if found != wanted:
                yield f"{name}, {settings}: it finds {found or said[-600:]}"
            yield from complaints_of_snapshots(shop, key)
            return
        lines = said.partition("doorbuster: ")[2].splitlines()  # one for each cell that needs more
        needed = [re.match(REFUSED[key], line) for line in lines]
        if not needed or None in needed or shop.process.returncode != 1:
            yield f"{name}, {settings}: it ends with {shop.process.returncode} and says {said[-600:]}"
            return
        yield from complaints_of_trying_again(shop, key, [int(match[1]) for match in needed if match.groups()], wanted)
    finally:
        end(shop)


def complaints_of_trying_again(shop, key, needed, wanted):
    """On the very folder that was refused: with the old value, or with what it has asked for."""
    shop.flags = Shop(shop.binary, FILLED_WITH).flags
    if needed:
        shop.flags.append(f"--{key.replace('.', '-')}={max(needed)}")
    try:
        shop.start()
    except RuntimeError as error:
        yield f"{key}: it does not start again: {str(error)[-600:]}"
        return
    if (found := seen(shop)) != wanted:
        yield f"{key}: after the refusal it finds {found}"
    yield from complaints_of_snapshots(shop, key)


def complaints_of_snapshots(shop, key):
    if any((shop.folder / "data" / "log").glob("*.aside")):
        yield f"{key}: a snapshot was set aside"


def main(binary):
    least_of = {key: least for key, (least, _) in ends(binary).items()}
    unknown = [key for key in REFUSED if key not in least_of]
    wrong = [f"{key} is no setting" for key in unknown]
    trials = 0
    with Shop(binary, FILLED_WITH) as shop:
        fill(shop)
        wanted = seen(shop)
        for name in ("killed", "stopped"):
            if name == "stopped":
                shop.start()
                shop.seconds_to_stop()
            else:
                shop.kill()
            folder = pathlib.Path(shop.folder / name)
            shutil.copytree(shop.folder / "data", folder)
            for key, least in least_of.items():
                wrong += complaints_of(binary, folder, name, key, least, wanted)
                trials += 1
    for sentence in wrong:
        print(sentence)
    print(f"{len(least_of)} numbers, {trials} starts with the least, {len(wrong)} complaints")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
