"""The rows about one whole server with a million holds: how soon it is back after kill -9, and what it remembers."""

import os
import signal
import time

from box import Failure, resident_bytes
from load import with_ours
from report import Row, median_of, say
from servers import Server, free_port, serve, stopping

MILLION = 1_000_000
CONNECTIONS = 256
FILL_SECONDS = 240
NEVER = ("--log-snapshot-every-events", "1000000000")  # for the start whose snapshot is lost; no other row has it
HOLDS = "/api/v1/sales/drop/holds"
QUEUE = "/api/v1/sales/drop/queue"


def ask_for_all(shop, server, path, status, count=MILLION, **more):
    """So many customers, each once; everyone has to get what they ask for."""
    result = with_ours(server, path, CONNECTIONS, FILL_SECONDS, method="POST", tokens=shop.tokens(MILLION),
                       requests=count, expect=status, **more)  # fmt: skip
    if result["wanted"] != count:
        raise Failure(f"{result['wanted']} of {count} customers were served in {FILL_SECONDS} s")
    return result


def restart(rounds, shop):
    """A million holds, kill -9, start: from exec to the first 200 of /readyz, by the log alone and with a snapshot."""
    for name, flags in (("log alone", NEVER), ("with a snapshot", ("--log-snapshot-every-events", "900000"))):
        with shop.data() as data:
            fill(shop, data, flags)
            results = {"ours": [start_again(shop, data, flags, number) for number in range(rounds)]}
        yield Row(
            name=f"kill -9, ready again, 1,000,000 events, {name}", results=results,
            value=median_of([r["ready_seconds"] for r in results["ours"]]), unit="s", at_least=2, aim=0.5,
            strictly=True, note=f"{results['ours'][0]['log_mib']:.0f} MiB of log, snapshot: {has_snapshot(results)}",
        )  # fmt: skip


def fill(shop, data, flags):
    with stopping(Server(free_port())) as server:
        serve(server, data, *shop.config, *flags)
        server.await_answer("/readyz")
        shop.put_on(server, "drop", 2 * MILLION)
        shop.await_open(server, "drop")
        result = ask_for_all(shop, server, HOLDS, 201)
        say(f"a million holds in {result['seconds']:.1f} s ({result['per_second']:,.0f}/s)")
        if "900000" in flags:
            await_snapshot(data)
        server.stop(signal.SIGKILL)


def await_snapshot(data):
    for _ in range(600):
        if snapshots(data):
            return
        time.sleep(0.1)
    raise Failure("no snapshot was written")


def snapshots(data):
    return [name for name in os.listdir(os.path.join(data, "log")) if name.endswith(".snapshot")]


def has_snapshot(results):
    return "yes" if results["ours"][0]["snapshots"] else "none"


def start_again(shop, data, flags, number):
    """Starts, waits until ready, looks whether all is there, and kills again."""
    with stopping(Server(free_port())) as server:
        start = time.perf_counter()
        serve(server, data, *shop.config, *flags)
        server.await_answer("/readyz", pause=0.002)
        ready = time.perf_counter() - start
        held = shop.status(server, "drop")["held"]
        cpu = server.cpu()
        server.stop(signal.SIGKILL)
    if held != MILLION:
        raise Failure(f"after kill -9 and a start {held} of {MILLION} holds are there")
    say(f"start {number + 1}: ready after {ready:.2f} s, {cpu:.2f} s of CPU")
    return {"ready_seconds": ready, "cpu_seconds": cpu, "log_mib": size_of(os.path.join(data, "log")) / 2**20,
            "snapshots": len(snapshots(data))}  # fmt: skip


def size_of(folder):
    return sum(os.path.getsize(os.path.join(where, name)) for where, _, names in os.walk(folder) for name in names)


def memory(rounds, shop):
    """Growth of the server's resident memory by a million live holds, and by a million entries of a queue."""
    rounds = min(rounds, 1)
    holds = [grow(shop, HOLDS, 201, "none") for _ in range(rounds)]
    yield memory_row("live hold", holds)
    yield growth_row(holds)
    yield memory_row("entry in a queue", [grow(shop, QUEUE, 202, "fifo") for _ in range(rounds)])


def memory_row(what, rounds):
    return Row(
        name=f"memory a {what}, whole server", results={"ours": rounds}, unit="bytes", at_least=200, aim=100,
        value=median_of([r["bytes_each"] for r in rounds]), note="resident memory, RocksDB's buffers included",
    )  # fmt: skip


def grow(shop, path, status, queue):
    """Fills in tenths; the first tenth and the last tell whether a customer costs more when there are many."""
    with shop.open_server() as server:
        shop.put_on(server, "drop", 2 * MILLION if queue == "none" else 1, queue=queue)
        shop.await_open(server, "drop")
        part = MILLION // 10
        before = resident_bytes(server.pids[0])
        costs = [ask_for_all(shop, server, path, status, part, skip=number * part)["cpu_us"] for number in range(10)]
        after = settled(server)
        status = shop.status(server, "drop")
    if status["held" if queue == "none" else "waiting"] + status["offered"] != MILLION:
        raise Failure(f"a million were served, but the server says {status}")
    each = (after - before) / MILLION
    say(f"{each:.0f} bytes each; CPU a request {costs[0]:.1f} us at first, {costs[-1]:.1f} us at the end")
    return {"bytes_each": each, "first_cpu_us": costs[0], "last_cpu_us": costs[-1], "resident_mib": after / 2**20}


def settled(server):
    """The resident memory when it does not move any more: the views may be behind."""
    last = resident_bytes(server.pids[0])
    for _ in range(60):
        time.sleep(0.5)
        now = resident_bytes(server.pids[0])
        if abs(now - last) < 2**20:
            return now
        last = now
    return last


def growth_row(rounds):
    return Row(
        name="how it grows: HTTP hold, first 100,000 against last of 1,000,000", results={"ours": rounds},
        value=median_of([r["last_cpu_us"] / r["first_cpu_us"] for r in rounds]), unit="x CPU a request",
        at_least=1.5, aim=1.0,
    )  # fmt: skip
