"""The row of the streams: 50,000 customers watch their entries over server-sent events, and the draw is told to all."""

import contextlib
import json
import os
import resource
import subprocess
import time

from box import Failure, cores, on_core
from report import Row, median_of, say
from rows_room import NOT_YET, QUEUE, UNITS, entries_of, open_soon
from rows_server import settled
from servers import RELEASE, die_with_parent

STREAMS = 50_000
OTHER_FILES = 1_000  # of a server: its log, its other connections
OTHER_CONNECTIONS = 300
OPENING_SECONDS = 4
TOOL = os.path.join(RELEASE, "bench", "bench_streams")


def streams(rounds, shop):
    """From opens_at until the last stream has the event with its position in the draw; and the memory of a stream.

    Where a process may not have so many files open, several servers, on the one core, share the streams.
    """
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    servers = -(-STREAMS // (limit - OTHER_FILES))
    say(f"{STREAMS:,} streams on {servers} servers (a process may open {limit:,} files)")
    results = [measure(shop, servers) for _ in range(min(rounds, 3))]
    note = f"{servers} server{'s' if servers > 1 else ''} on one core"
    yield Row(
        name="50,000 event streams, the draw told to the last", results={"ours": results}, unit="s", note=note,
        value=median_of([r["last_seconds"] for r in results]), at_least=0.5, aim=0.3, strictly=True,
    )  # fmt: skip
    yield Row(
        name="memory an event stream", results={"ours": results}, unit="KiB", at_least=8, aim=4,
        value=median_of([r["kib_a_stream"] for r in results]),
        note="resident memory of the server; the kernel's buffers are not in it",
    )  # fmt: skip


def room_for(connections):
    return ("--http-max-connections", str(connections), "--http-connections-per-address", str(connections))


def without_streams(shop, entries):
    """The resident memory of a server that has as many entries, but no room for their streams."""
    with shop.open_server(*room_for(OTHER_CONNECTIONS)) as server:
        fill(shop, server, entries)
        return settled(server)


def measure(shop, count):
    each = STREAMS // count
    before = without_streams(shop, each)
    with contextlib.ExitStack() as stack:
        servers = [stack.enter_context(shop.open_server(*room_for(each + OTHER_CONNECTIONS))) for _ in range(count)]
        targets = [fill(shop, server, each) for server in servers]
        watchers = [stack.enter_context(watching(server, path)) for server, path in zip(servers, targets, strict=True)]
        for watcher in watchers:
            await_ready(watcher)
        grown = sum(settled(server) - before for server in servers)
        opens = [open_soon(shop, server, OPENING_SECONDS) for server in servers]
        if len(set(opens)) > 1:
            raise Failure("the openings did not fall into the same second: try again")
        told = [finish(watcher) for watcher in watchers]
    ahead = time.time() - time.monotonic()  # of the monotonic clock
    result = {name + "_seconds": most(told, name + "_at") + ahead - opens[0] for name in ("first", "median", "last")}
    result["kib_a_stream"] = grown / STREAMS / 1024
    say(", ".join(f"{name} {value:.3f}" for name, value in result.items()))
    return result


def fill(shop, server, count):
    shop.put_on(server, "drop", UNITS, queue="draw", opens_at=NOT_YET)
    shop.await_state(server, "drop", "prequeue")
    return entries_of(shop, server, count, "/events")


@contextlib.contextmanager
def watching(server, targets):
    command = [TOOL, "--port", str(server.port), "--targets", targets, "--until-without", '"position":null']
    process = subprocess.Popen(on_core(cores()[1], command), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                               preexec_fn=die_with_parent)  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def await_ready(watcher):
    if watcher.stdout.readline().strip() != "ready":
        raise Failure(f"the streams did not begin: {watcher.stderr.read().strip()[-400:]}")


def finish(watcher):
    out, errors = watcher.communicate(timeout=60)
    if watcher.returncode != 0:
        raise Failure(f"the streams: {errors.strip()[-400:]}")
    return json.loads(out)


def most(told, name):
    return max(t[name] for t in told)
