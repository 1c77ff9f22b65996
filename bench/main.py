"""./dev bench: measures us and our peers in turn, prints one table, writes build/bench/NAME.json.

The README of this folder tells what is measured and why that is fair. A row that could not be measured, or whose
answers were not what they have to be, says so in the table and makes the exit status 1; so does a row that misses its
"at least".
"""

import argparse
import os
import signal
import subprocess
import sys
import time

import rows_counts
import rows_engine
import rows_guard
import rows_http
import rows_links
import rows_links_store
import rows_page
import rows_production
import rows_recs
import rows_recs_server
import rows_room
import rows_server
import rows_streams
from box import RESULTS, Failure, come_first, describe
from report import Row, say, table, write
from shop import shop

BENCHES = {
    "null-route": rows_http.null_route,
    "livez": rows_http.livez,
    "public-status": rows_http.public_status,
    "sold-out": rows_http.sold_out,
    "durable-hold": rows_http.durable_hold,
    "all-held": rows_http.all_held,
    "decisions": rows_engine.decisions,
    "cells": rows_engine.cells,
    "snapshot": rows_engine.snapshot,
    "expiry": rows_engine.expiry,
    "restart": rows_server.restart,
    "memory": rows_server.memory,
    "growth": rows_engine.growth,
    "joins": rows_room.joins,
    "poll": rows_room.poll,
    "position": rows_room.position,
    "opening": rows_room.opening,
    "streams": rows_streams.streams,
    "first-page": rows_page.first_page,
    "snapshot-http": rows_production.snapshot,
    "webhooks": rows_production.webhooks,
    "cores": rows_production.both,
    "sales-in-cells": rows_production.in_cells,
    "idle": rows_production.idle,
    "archive": rows_production.archive,
    "redirect": rows_links.redirect,
    "unknown-code": rows_links.unknown,
    "links-in-bulk": rows_links.bulk_create,
    "link-create": rows_links_store.create,
    "links-uniform": rows_links_store.uniform,
    "links-statistics": rows_counts.statistics,
    "links-sizes": rows_counts.link_sizes,
    "links-growth": rows_counts.growth,
    "links-lag": rows_counts.lag,
    "guard-refused": rows_guard.refused,
    "guard-ladder": rows_guard.ladder,
    "guard-rates": rows_guard.rates,
    "guard-challenges": rows_guard.challenges,
    "black-friday": rows_guard.black_friday,
    "recs-sessions": rows_recs.sessions,
    "recs-synthetic": rows_recs.synthetic,
    "recs-vectors": rows_recs.vectors,
    "recs-tables": rows_recs_server.in_process,
    "recs-server": rows_recs_server.over_http,
    "recs-events": rows_recs_server.events,
    "recs-visible": rows_recs_server.visible,
    "recs-evaluate": rows_recs_server.evaluate,
}
ROUNDS = 5
SECONDS_MAX = 3 * 3600


def main():
    arguments = parse()
    chosen = [name for name in BENCHES if arguments.name in name]
    if not chosen:
        sys.exit(f"no bench has '{arguments.name}' in its name; there are: {' '.join(BENCHES)}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    signal.signal(signal.SIGALRM, lambda *_: sys.exit(f"not done after {SECONDS_MAX} s"))
    signal.alarm(SECONDS_MAX)
    os.makedirs(RESULTS, exist_ok=True)
    machine = describe()
    print(", ".join(f"{key} {value}" for key, value in machine.items()), flush=True)
    rows = []
    with shop() as the_shop:
        for name in chosen:
            rows += measure(name, arguments.rounds, the_shop, machine)
    print("\n" + table(rows))
    return 0 if all(row.reaches(row.at_least) for row in rows) else 1


def parse():
    parser = argparse.ArgumentParser(prog="./dev bench", description="Measure ourselves beside our peers.")
    parser.add_argument("name", nargs="?", default="", help="only benches whose names hold this: " + " ".join(BENCHES))
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="of each side (%(default)s)")
    parser.add_argument("--realtime", action="store_true",
                        help="run what is measured before everybody else (SCHED_RR, as root): for a busy machine")
    arguments = parser.parse_args()
    if arguments.realtime:
        come_first()
    if not 1 <= arguments.rounds <= 100:
        parser.error("--rounds: 1 to 100 are possible")
    return arguments


def measure(name, rounds, the_shop, machine):
    """All rows of one bench; what fails becomes a row that says so."""
    print(f"== {name}", flush=True)
    start = time.monotonic()
    rows = []
    try:
        for row in BENCHES[name](rounds, the_shop):
            rows.append(row)
    except (Failure, OSError, subprocess.SubprocessError) as error:
        rows.append(Row(name=name, failure=str(error).replace("\n", " ")))
        say(f"FAILED: {error}")
    print(f"== {name}: {time.monotonic() - start:.0f} s, {write(name, rows, machine, rounds)}", flush=True)
    return rows


if __name__ == "__main__":
    sys.exit(main())
