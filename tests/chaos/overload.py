"""Many times what the server can carry: it answers what it can, refuses the rest at once with 503 and Retry-After,
never says 500, and is well again by itself when the load has gone."""

import argparse
import asyncio
import random
import sys
import tempfile
import time

from crowd import Broken
from kill import create_sale, numbers_of
from server import Server
from wire import Wire

CONNECTIONS = 500
BURST = 24  # requests that a connection sends in one go, before it reads
MAX_CONNECTIONS = 300  # of the server
RING = 64  # commands that may be under way
UNITS = 2_000
SLOWEST_REFUSAL_SECONDS = 3.0
WELL_WITHIN_SECONDS = 2.0


class Tally:
    def __init__(self):
        self.statuses = {}
        self.cut_off = 0
        self.refusal_seconds = []

    def note(self, answer, seconds):
        self.statuses[answer.status] = self.statuses.get(answer.status, 0) + 1
        if answer.status == 503:
            self.refusal_seconds.append(seconds)
            if "retry-after" not in answer.headers:
                raise Broken("a 503 came without Retry-After")
        elif answer.status >= 500:
            raise Broken(f"the server said {answer.status}: {answer.body}")

    def slowest_percent(self):
        ordered = sorted(self.refusal_seconds)
        return ordered[len(ordered) * 99 // 100] if ordered else 0.0


def burst_of(token, chance):
    head = "POST /api/v1/sales/rush/holds HTTP/1.1\r\nHost: rush\r\nContent-Length: 0\r\n"
    head += f"Authorization: Bearer {token}\r\n"
    return "".join(f"{head}Idempotency-Key: {chance.getrandbits(64)}\r\n\r\n" for _ in range(BURST)).encode()


async def rush(port, token, until, tally, chance):
    wire = Wire(port)
    while time.monotonic() < until:
        try:
            await asyncio.wait_for(one_burst(wire, burst_of(token, chance), tally), 15)
        except (OSError, asyncio.IncompleteReadError, asyncio.TimeoutError):
            tally.cut_off += 1
            wire.close()
            await asyncio.sleep(chance.uniform(0, 0.1))
    wire.close()


async def one_burst(wire, burst, tally):
    if wire.writer is None:
        wire.reader, wire.writer = await asyncio.open_connection("127.0.0.1", wire.port)
    begin = time.monotonic()
    wire.writer.write(burst)
    for _ in range(BURST):
        tally.note(await wire.next_answer(), time.monotonic() - begin)
        if wire.writer is None:  # the server closed the connection with its answer
            return


async def overload(server, tokens, seconds, chance):
    tally = Tally()
    until = time.monotonic() + seconds
    await asyncio.gather(*(rush(server.port, token, until, tally, chance) for token in tokens))
    return tally


def check_is_well(server, token):
    begin = time.monotonic()
    for method, path, allowed in (
        ("GET", "/readyz", (200,)),
        ("GET", "/api/v1/sales/rush", (200,)),
        ("POST", "/api/v1/sales/rush/holds", (201, 409)),
    ):
        status, body = server.ask(method, path, token)
        if status not in allowed:
            raise Broken(f"after the load {method} {path} gives {status}: {body}")
    seconds = time.monotonic() - begin
    if seconds > WELL_WITHIN_SECONDS:
        raise Broken(f"after the load three calls take {seconds:.1f} s")
    numbers = numbers_of(server, "rush")
    if sum(numbers[name] for name in ("available", "offered", "held", "paying", "sold")) != UNITS:
        raise Broken(f"after the load the units do not add up: {numbers}")


def check_tally(tally):
    print(f"   {sorted(tally.statuses.items())}, {tally.cut_off} cut off")
    print(f"   {len(tally.refusal_seconds)} refusals, 99 of 100 within {tally.slowest_percent():.3f} s")
    if not tally.refusal_seconds:
        raise Broken("nothing was refused: this was no overload")
    if tally.slowest_percent() > SLOWEST_REFUSAL_SECONDS:
        raise Broken(f"refusals are slow: {tally.slowest_percent():.1f} s")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("doorbuster", help="the binary")
    parser.add_argument("--seconds", type=float, default=6)
    arguments = parser.parse_args()
    limits = ["--http-max-connections", str(MAX_CONNECTIONS), "--http-connections-per-address", str(MAX_CONNECTIONS)]
    limits += ["--limits-ring-commands", str(RING)]
    with tempfile.TemporaryDirectory(prefix="doorbuster-overload-") as folder:
        server = Server(arguments.doorbuster, folder, *limits)
        server.start()
        try:
            server.wait_until_ready()
            create_sale(server, "rush", UNITS)
            tokens = server.tokens(CONNECTIONS + 1)
            tally = asyncio.run(overload(server, tokens[:-1], arguments.seconds, random.Random(1)))
            check_tally(tally)
            check_is_well(server, tokens[-1])
            if server.end() != 0:
                raise Broken("after the load the server does not end well")
        except (Broken, RuntimeError) as broken:
            print(f"BROKEN: {broken}\n{server.log_tail()}", file=sys.stderr)
            return 1
        finally:
            server.kill()
    return 0


if __name__ == "__main__":
    sys.exit(main())
