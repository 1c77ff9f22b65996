"""The rows of the waiting room over HTTP: joins, polls, the opening, streams, the transcript, the first page."""

import json
import os
import subprocess
import time

from box import Failure, cores, on_core
from load import with_ours
from parts import part, run
from report import Row, median_of, say
from rows_http import alternate, check_kept, cpu_row, durable
from rows_server import ask_for_all
from servers import RELEASE, nginx_lua_redis, nginx_returning, redis_ask

SECONDS = 3
CONNECTIONS = 64
JOIN_TOKENS = 600_000
POLLED_ENTRIES = 20_000
POLL_ROUND_TURNS = 3
QUEUE = "/api/v1/sales/drop/queue"
NOT_YET = "2099-01-01T00:00:00Z"
UNITS = 10_000
OPENING_SECONDS = 3  # from the moment that it is said to the opening
POSITION = "position/1000000"


def joins(rounds, shop):
    """Into the pre-queue of a draw: each customer once, durable before it is answered, with a receipt."""
    asked = {"method": "POST", "tokens": shop.tokens(JOIN_TOKENS), "expect": 202, "body_holds": '"state":"waiting"'}
    return durable("durable join", rounds, lambda c: join_us(shop, c, asked), lambda c: join_peer(c, asked),
                   ((2.5, 4), (3.5, 5)))  # fmt: skip


def join_us(shop, connections, asked):
    with shop.open_server() as us:
        shop.put_on(us, "drop", UNITS, queue="draw", opens_at=NOT_YET)
        shop.await_state(us, "drop", "prequeue")
        result = with_ours(us, QUEUE, connections, SECONDS, **asked)
        result["told"] = shop.told(us)
        waiting = shop.status(us, "drop")["waiting"]
    return check_kept(result, waiting, "our server", "joins")


def join_peer(connections, asked):
    with nginx_lua_redis(0) as peer:
        result = with_ours(peer, QUEUE, connections, SECONDS, **asked)
        waiting = int(redis_ask(peer.folder, "GET", "places"))
    return check_kept(result, waiting, "the peer", "joins")


def poll(rounds, shop):
    """Of entries that wait in an open sale, far from the front: what a waiting room asks for nearly all the time."""
    with shop.open_server() as us:
        shop.put_on(us, "drop", 1, queue="fifo")
        shop.await_state(us, "drop", "open")
        targets = entries_of(shop, us, POLLED_ENTRIES, skip=1)
        with open(targets, encoding="ascii") as file:
            size = len(us.ask("GET", file.readline().strip())[1])
        asked = {"targets": targets, "repeat": True, "skip": 1_000}
        wanted = {**asked, "expect": 200, "body_holds": '"state":"waiting"'}
        with nginx_returning("x" * size) as peer:
            results = alternate(
                rounds * POLL_ROUND_TURNS,
                lambda _: with_ours(us, "", CONNECTIONS, 1, **wanted),
                lambda _: with_ours(peer, "", CONNECTIONS, 1, **asked),
            )
    yield cpu_row("poll of an entry", f"nginx return 200, {size} bytes", results, 1.2, 1.0)


def entries_of(shop, server, count, suffix="", skip=0):
    """So many customers join; returns a file with the address of each one's entry a line, as its customer asks for it.
    """
    folder = os.path.dirname(server.data)
    bodies, targets = os.path.join(folder, "bodies"), os.path.join(folder, "targets")
    ask_for_all(shop, server, QUEUE, 202, count, bodies=bodies)
    with open(bodies, encoding="utf-8") as joined, open(targets, "w", encoding="ascii") as out:
        for line in list(joined)[skip:]:
            entry = json.loads(line)
            out.write(f"{QUEUE}/{entry['id']}{suffix}?token={entry['token']}\n")
    return targets


def opening(rounds, shop):
    """A million entries; from opens_at until the status, asked for every millisecond, tells of an offer. Then the
    transcript of the same draw."""
    openings, transcripts = [], []
    for _ in range(min(rounds, 3)):
        with shop.open_server() as us:
            shop.put_on(us, "drop", UNITS, queue="draw", opens_at=NOT_YET)
            shop.await_state(us, "drop", "prequeue")
            ask_for_all(shop, us, QUEUE, 202)
            openings.append(seconds_to_first_offer(shop, us))
            say(f"first offer {openings[-1]['seconds'] * 1000:.1f} ms after the opening")
            transcripts.append(transcript(us))
    yield Row(
        name="opening with 1,000,000 entries, until the first offer", results={"ours": openings}, unit="s",
        value=median_of([o["seconds"] for o in openings]), at_least=1, aim=0.1, strictly=True,
        note="seen by a client that asks every millisecond",
    )  # fmt: skip
    yield Row(
        name="transcript of 1,000,000 entries, made and verified", results={"ours": transcripts}, unit="s",
        value=median_of([t["made_seconds"] + t["verified_seconds"] for t in transcripts]), at_least=20, aim=5,
        strictly=True, note=transcript_note(transcripts),
    )  # fmt: skip


def seconds_to_first_offer(shop, server):
    opens = open_soon(shop, server, OPENING_SECONDS)
    cpu = None
    while time.time() < opens + 10:
        if cpu is None and time.time() > opens - 0.05:
            cpu = server.cpu()
        status = shop.status(server, "drop")
        if status["now_serving"] > 0:
            return {"seconds": time.time() - opens, "cpu_seconds": server.cpu() - cpu, "offered": status["offered"]}
        time.sleep(0.001)
    raise Failure(f"nobody was offered anything in ten seconds: {status}")


def open_soon(shop, server, seconds):
    """Moves the opening to a whole second soon; returns when that is, in seconds of the epoch."""
    opens = int(time.time()) + seconds
    text = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(opens))
    status, body = server.ask("PATCH", "/api/v1/sales/drop", json.dumps({"opens_at": text}), shop.operator)
    if status != 200:
        raise Failure(f"the opening could not be moved: {status} {body.decode()[:300]}")
    return opens


def transcript(server):
    path = os.path.join(os.path.dirname(server.data), "transcript")
    url = f"http://127.0.0.1:{server.port}/api/v1/sales/drop/transcript"
    start = time.perf_counter()
    run(["curl", "--fail", "--silent", "--show-error", "--output", path, url])
    made = time.perf_counter()
    said = run([os.path.join(RELEASE, "doorbuster"), "verify", path])
    verified = time.perf_counter()
    say(f"made in {made - start:.2f} s, verified in {verified - made:.2f} s: {said.strip().splitlines()[0]}")
    return {"made_seconds": made - start, "verified_seconds": verified - made, "mib": os.path.getsize(path) / 2**20}


def transcript_note(rounds):
    made, verified = (median_of([r[key] for r in rounds]) for key in ("made_seconds", "verified_seconds"))
    return f"{rounds[0]['mib']:.0f} MiB: made in {made:.2f} s, verified in {verified:.2f} s"


def position(rounds, _shop):
    """Of an entry after a draw over a million, computed on read."""
    results = part("sale/machine", "sale_machine_draw_bench", POSITION, rounds)
    yield Row(
        name="position of an entry after a draw of 1,000,000", results={"ours": results}, unit="us",
        value=median_of([r["microseconds"] for r in results]), at_least=1.5, aim=0.7, strictly=True,
    )  # fmt: skip
