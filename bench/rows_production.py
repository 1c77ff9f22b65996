"""The rows of a server in the middle of its life: snapshots, webhooks, two cores, an empty folder, an old shop."""

import http.client
import json
import os
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

from box import Failure, both_cores, last_json, resident_bytes
from load import with_ours
from report import Row, median_of, say
from rows_server import HOLDS, NEVER, settled
from servers import RELEASE, Server, free_port, receiver, scratch, serve, stopping

TOOL = os.path.join(RELEASE, "bench", "bench_fill")
CONNECTIONS = 64
SECONDS = 3
HOLD_TOKENS = 600_000
MANY_UNITS = 3_000_000

LIVE_HOLDS = 4_000_000
ROOM = ("--limits-holds", "8000000")
ROOM_FOR_MORE = ("--limits-holds", "14000000")
STARTS = 3  # of each side in a round
SNAPSHOT_SECONDS = 10  # a busy core takes half of it for one
ALWAYS = ("--log-snapshot-every-events", "20000")  # the next one is due when the last is done

WEBHOOK_UNITS = 10_000
WEBHOOK_EVENTS = 3 * WEBHOOK_UNITS
WEBHOOK_DELAY_MILLIS = 50
WEBHOOK_CUSTOMERS_AT_ONCE = 64
WEBHOOK_PATIENCE_SECONDS = 120

CELLS = (1, 2, 16)

OLD_SALES = 2_000
OLD_DAYS = 2_000  # a drop a day: thirty of them are kept at a time, each with some 1,700 holds
ARCHIVE_PATIENCE_SECONDS = 300


def fill(data, *arguments):
    done = subprocess.run([TOOL, *map(str, arguments), "--data", data], capture_output=True, text=True, timeout=900,
                          check=False)  # fmt: skip
    if done.returncode != 0:
        raise Failure(f"bench_fill ended with {done.returncode}: {done.stderr.strip()[-400:]}")
    events = last_json(done.stdout)["events"]
    say(f"{events:,} events in the log")
    return events


def hold(shop, server, sale, seconds=SECONDS):
    shop.put_on(server, sale, MANY_UNITS)
    shop.await_open(server, sale)
    return with_ours(server, f"/api/v1/sales/{sale}/holds", CONNECTIONS, seconds, method="POST",
                     tokens=shop.tokens(HOLD_TOKENS * seconds // SECONDS), expect=201)  # fmt: skip


def snapshot(rounds, shop):
    """The p99 of a hold while snapshots of four million live holds are written one after the other, and without."""
    results = {"ours": [], "without": []}
    with shop.data() as data:
        fill(data, "holds", "--holds", LIVE_HOLDS)
        for number in range(rounds):
            for name, flags in (("without", NEVER), ("ours", ALWAYS)):
                results[name].append(hold_while(shop, data, flags, f"drop-{name}-{number}"))
            say(f"round {number + 1}: p99 {results['without'][-1]['p99_us'] / 1000:.1f} ms without, "
                f"{results['ours'][-1]['p99_us'] / 1000:.1f} ms meanwhile")  # fmt: skip
    pairs = zip(results["ours"], results["without"], strict=True)
    yield Row(
        name="hold during a snapshot of 4,000,000 records", results=results, unit="x p99 without", at_least=2, aim=1.3,
        value=median_of([a["p99_us"] / b["p99_us"] for a, b in pairs]),
        note=f"longest {max(r['max_us'] for r in results['ours']) / 1000:.0f} ms",
    )  # fmt: skip


def hold_while(shop, data, flags, sale):
    with stopping(Server(free_port())) as server:
        timed_start(shop, server, data, *ROOM_FOR_MORE, *flags)
        settled(server)
        result = hold(shop, server, sale, SNAPSHOT_SECONDS)
        result["snapshots"] = snapshots_saved(server)
        if flags is ALWAYS and not result["snapshots"]:
            raise Failure("no snapshot was written meanwhile")
        return result


def snapshots_saved(server):
    """By this server since its start; a new one replaces the old one under its name."""
    _, text = server.ask("GET", "/metrics")
    series = b"doorbuster_cell_snapshots_total{"
    return int(next(line.split()[1] for line in text.splitlines() if line.startswith(series)))


def webhooks(rounds, shop):
    """Holds, gives back and holds again for 10,000 customers; until a receiver that takes 50 ms has every event."""
    results = {"ours": [deliver(shop) for _ in range(min(rounds, 2))]}
    yield Row(
        name="30,000 events told to a receiver that takes 50 ms", results=results, unit="s", at_least=60, aim=30,
        value=median_of([r["seconds"] for r in results["ours"]]),
        note=f"asked for within {results['ours'][0]['asked_seconds']:.1f} s",
    )  # fmt: skip


def deliver(shop):
    with receiver("--delay", str(WEBHOOK_DELAY_MILLIS)) as hook, shop.open_server(webhook=hook) as server:
        shop.put_on(server, "drop", WEBHOOK_UNITS)
        shop.await_open(server, "drop")
        told_before = count(hook)
        start = time.monotonic()
        with open(shop.tokens(HOLD_TOKENS), encoding="ascii") as file:
            customers = [file.readline().strip() for _ in range(WEBHOOK_UNITS)]
        with ThreadPoolExecutor(WEBHOOK_CUSTOMERS_AT_ONCE) as crowd:
            shares = [customers[number::WEBHOOK_CUSTOMERS_AT_ONCE] for number in range(WEBHOOK_CUSTOMERS_AT_ONCE)]
            list(crowd.map(lambda share: hold_release_hold(server.port, share), shares))
        asked = time.monotonic() - start
        while (told := count(hook) - told_before) < WEBHOOK_EVENTS:
            if time.monotonic() - start > WEBHOOK_PATIENCE_SECONDS:
                raise Failure(f"{told} of {WEBHOOK_EVENTS} events were told in {WEBHOOK_PATIENCE_SECONDS} s")
            time.sleep(0.1)
        result = {"seconds": time.monotonic() - start, "asked_seconds": asked}
        say(f"all told after {result['seconds']:.1f} s")
        return result


def count(hook):
    return int(hook.ask("GET", "/count")[1])


def hold_release_hold(port, customers):
    """For one after the other of these customers, over one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for token in customers:
        held = json.loads(asked_for(connection, "POST", HOLDS, token, 201))
        asked_for(connection, "DELETE", f"/api/v1/holds/{held['id']}", token, 200)
        asked_for(connection, "POST", HOLDS, token, 201)
    connection.close()


def asked_for(connection, method, path, token, wanted):
    connection.request(method, path, headers={"Authorization": f"Bearer {token}"})
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != wanted:
        raise Failure(f"{method} {path}: {answer.status} {body.decode()[:200]}")
    return body


def both(rounds, shop):
    """Two reactors on both cores with the load beside them, and one on one core with the load on the other."""
    results = {"ours": [], "one_core": []}
    for _ in range(rounds):
        results["one_core"].append(hold_on(shop, 1, None, None))
        results["ours"].append(hold_on(shop, 2, both_cores(), both_cores()))
        one, two = (results[name][-1]["per_second"] for name in ("one_core", "ours"))
        say(f"{one:,.0f}/s on one core, {two:,.0f}/s on both")
    pairs = zip(results["ours"], results["one_core"], strict=True)
    ours, load, two = (median_of([r[key] for r in results[name]]) for name, key in (
        ("one_core", "cpu_us"), ("ours", "load_cpu_us"), ("ours", "cpu_us")))  # fmt: skip
    yield Row(
        name="holds on both cores, 256 connections", results=results, unit="x one core's throughput", at_least=1.5,
        value=median_of([a["per_second"] / b["per_second"] for a, b in pairs]), aim=1.8, better="higher",
        note=f"a hold takes {ours:.1f} us on one core, {two:.1f} on both and {load:.1f} of the load beside it: "
             f"{2 * ours / (ours + load):.2f} if two reactors cost no more and no core waited",
    )  # fmt: skip


def hold_on(shop, reactors, core, load_core):
    with shop.open_server(reactors=reactors, core=core) as us:
        shop.put_on(us, "drop", MANY_UNITS)
        shop.await_open(us, "drop")
        return with_ours(us, HOLDS, 256, SECONDS, method="POST", tokens=shop.tokens(HOLD_TOKENS), expect=201,
                         core=load_core)  # fmt: skip


def in_cells(rounds, shop):
    """Holds in sixteen sales at once, by a server with one cell, two and sixteen, on as many reactors as cores."""
    results = {cells: [] for cells in CELLS}
    for _ in range(rounds):
        for cells, each in results.items():
            each.append(hold_in_many(shop, cells))
        say(", ".join(f"{each[-1]['per_second']:,.0f}/s in {cells}" for cells, each in results.items()))
    for cells in CELLS[1:]:
        pairs = zip(results[cells], results[1], strict=True)
        yield Row(
            name=f"holds in sixteen sales, {cells} cells", results={"ours": results[cells], "one_cell": results[1]},
            value=median_of([a["per_second"] / b["per_second"] for a, b in pairs]), unit="x one cell's throughput",
            at_least=0.9, aim=1.5, better="higher", note="the load shares the cores with the reactors",
        )  # fmt: skip


def hold_in_many(shop, cells):
    with shop.open_server("--cells", str(cells), reactors=2, core=both_cores()) as us:
        sales = [f"drop-{number}" for number in range(16)]
        for sale in sales:
            shop.put_on(us, sale, MANY_UNITS // 16)
            shop.await_open(us, sale)
        asked = {"method": "POST", "tokens": shop.tokens(HOLD_TOKENS), "expect": 201, "core": both_cores()}
        with ThreadPoolExecutor(len(sales)) as crowd:  # each sale has customers of its own
            loads = list(crowd.map(
                lambda number: with_ours(us, f"/api/v1/sales/{sales[number]}/holds", 16, SECONDS, **asked,
                                         skip=number * HOLD_TOKENS // len(sales)), range(len(sales))))  # fmt: skip
        return {"per_second": sum(load["per_second"] for load in loads),
                "p99_us": max(load["p99_us"] for load in loads)}  # fmt: skip


def idle(rounds, shop):
    """A server on an empty folder that nobody asks anything: how soon it is ready, and what it takes."""
    results = [start_idle(shop) for _ in range(rounds)]
    in_cells = [start_idle(shop, "--cells", "16") for _ in range(rounds)]
    yield Row(
        name="start on an empty folder", results={"ours": results}, unit="s", at_least=0.3, aim=0.2,
        value=median_of([r["ready_seconds"] for r in results]), note="its keys are made, too",
    )  # fmt: skip
    yield Row(
        name="idle memory", results={"ours": results}, unit="MiB", at_least=150, aim=100,
        value=median_of([r["resident_mib"] for r in results]),
    )  # fmt: skip
    yield Row(
        name="idle memory, 16 cells", results={"ours": in_cells, "one_cell": results}, unit="x one cell's", at_least=2,
        value=median_of([r["resident_mib"] for r in in_cells]) / median_of([r["resident_mib"] for r in results]),
        aim=1.5,
    )  # fmt: skip


def start_idle(shop, *flags):
    with scratch("empty") as folder:
        data = os.path.join(folder, "var")
        os.makedirs(data)
        with stopping(Server(free_port())) as server:
            ready = timed_start(shop, server, data, *flags)
            result = {"ready_seconds": ready, "resident_mib": settled(server) / 2**20}
    say(f"ready after {ready:.3f} s, {result['resident_mib']:.0f} MiB")
    return result


def timed_start(shop, server, data, *flags):
    start = time.perf_counter()
    serve(server, data, *shop.config, *flags)
    server.await_answer("/readyz", pause=0.002)
    return time.perf_counter() - start


def archive(rounds, shop):
    """Beside an empty server: one with 2,000 sales that were sold out and archived long ago, 10,000,000 events."""
    results = {"ours": [], "empty": []}
    with shop.data() as old, shop.data() as empty:
        events = fill(old, "history", "--sales", OLD_SALES, "--days", OLD_DAYS)
        for data in (old, empty):  # a server that was stopped as it should be has left a snapshot and saved views
            with stopping(Server(free_port())) as server:
                timed_start(shop, server, data, *ROOM)
                await_views(server)
        archived = len(os.listdir(os.path.join(old, "archive")))
        if archived != OLD_SALES:
            raise Failure(f"{archived} of {OLD_SALES} sales are archived")
        os.sync()  # what was long ago is on the disk by now
        for _ in range(STARTS * rounds):  # each is short, and waits for the disk some ten times
            for name, data in (("empty", empty), ("ours", old)):
                results[name].append(started_on(shop, data))
            say(f"start {results['ours'][-1]}, empty {results['empty'][-1]}")
        for number in range(rounds):  # behind all starts: from now on "empty" is not
            for name, data in (("empty", empty), ("ours", old)):
                results[name].append(held_on(shop, data, f"drop-{number}"))
            say(f"hold {results['ours'][-1]}, empty {results['empty'][-1]}")
    for what, key, unit in (("start", "ready_seconds", "s"), ("memory", "resident_mib", "MiB"),
                            ("hold", "cpu_us", "us CPU")):  # fmt: skip
        of_it = {name: [r for r in rounds_of if key in r] for name, rounds_of in results.items()}
        ours, ground = (median_of([r[key] for r in of_it[name]]) for name in ("ours", "empty"))
        yield Row(
            name=f"an old shop: {what}", results=of_it, value=ours / ground, unit="x an empty server's", at_least=1.2,
            aim=1.05, note=f"{events:,} events; {ours:.3g} {unit}, empty {ground:.3g}",
        )  # fmt: skip


def await_views(server):
    """Until the views have heard of all that is durable: by then they have filed every sale that is archived."""
    end = time.monotonic() + ARCHIVE_PATIENCE_SECONDS
    while time.monotonic() < end:
        _, text = server.ask("GET", "/metrics")
        series = (b"doorbuster_views_sequence{", b"doorbuster_cell_durable_sequence{")
        known = [float(line.split(b" ")[1]) for line in text.splitlines() if line.startswith(series)]
        if len(known) == 2 and known[0] == known[1]:
            return
        time.sleep(0.2)
    raise Failure(f"the views are behind after {ARCHIVE_PATIENCE_SECONDS} s: {known}")


def started_on(shop, data):
    with stopping(Server(free_port())) as server:
        ready = timed_start(shop, server, data, *ROOM)
        return {"ready_seconds": ready, "resident_mib": settled(server) / 2**20}


def held_on(shop, data, sale):
    with stopping(Server(free_port())) as server:
        timed_start(shop, server, data, *ROOM)
        result = hold(shop, server, sale)
    return {"cpu_us": result["cpu_us"], "p99_us": result["p99_us"]}
