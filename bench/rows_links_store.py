"""The rows of short links beside a store that people would use instead: nginx + Lua + Redis."""

import http.client
import socket
import time

from box import Failure
from load import with_wrk
from report import Row
from rows_http import CONNECTIONS, SECONDS, alternate, in_short_turns, ratio
from rows_links import BULK_ROWS, FIELDS, LONG_URL
from servers import links_in_redis

LINKS = 10_000_000
SETTLING_SECONDS = 300
PEER = "nginx+Lua+Redis"


def long_url(number):
    return f"{LONG_URL}&row={number:08}"


def alias(number):
    """At least three characters, as aliases have."""
    return f"b0{number}"


def create(rounds, shop):
    """One link a request, durable before its answer, 64 at once."""
    fields = shop.operator | {"Content-Type": "application/json"}
    with shop.open_server() as us, links_in_redis() as peer:
        run = lambda server: lambda _: with_wrk(  # noqa: E731
            server, "/api/v1/urls", CONNECTIONS, SECONDS, fields, script="wrk_links.lua", arguments=("create",))
        results = alternate(rounds, run(us), run(peer))
    yield Row(
        name="a link made, durable", peer=f"{PEER} SET NX, fsync always", results=results,
        value=ratio(results, "per_second"), unit="x peer's throughput", at_least=3, aim=5, better="higher",
    )  # fmt: skip


def uniform(rounds, shop):
    """Ten million links, each as likely to be followed as any other: nothing is hot. Ours records each click."""
    follow = lambda server: lambda: at_random(server, LINKS, SECONDS)  # noqa: E731
    with shop.open_server() as us, links_in_redis() as peer:
        add_links(shop, us, 0, LINKS)
        fill_redis(peer)
        await_settled(us)
        results = in_short_turns(rounds, follow(us), follow(peer))
    yield Row(
        name="redirect over 10,000,000 links, uniformly", peer=f"{PEER} GET", results=results,
        value=ratio(results, "per_second"), unit="x peer's throughput", at_least=3, aim=5, better="higher",
    )  # fmt: skip


def add_links(shop, server, first, end):
    """So many that there are links 1 to `end`, of which the first are there."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    fields = shop.operator | {"Content-Type": "application/x-ndjson"}
    for begin in range(first, end, BULK_ROWS):
        numbers = range(begin + 1, begin + BULK_ROWS + 1)
        rows = (f'{{"long_url":"{long_url(i)}","custom_alias":"{alias(i)}"}}' for i in numbers)
        connection.request("POST", "/api/v1/urls/bulk", "\n".join(rows), fields)
        answer = connection.getresponse()
        if answer.status != 200 or not answer.read().startswith(b'{"created":%d,' % BULK_ROWS):
            raise Failure(f"a bulk request was answered with {answer.status}")


def await_settled(server):
    """Until RocksDB has put in order what was written in bulk: as a store is that was not filled a moment ago."""
    for _ in range(SETTLING_SECONDS):
        before = server.cpu()
        time.sleep(1)
        if server.cpu() - before < 0.05:
            return
    raise Failure(f"the server still works {SETTLING_SECONDS} s after the last link was made")


def at_random(server, many, seconds):
    return with_wrk(server, "/", CONNECTIONS, seconds, FIELDS, script="wrk_links.lua", arguments=("follow", str(many)))


def fill_redis(peer):
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(60)
        connection.connect(f"{peer.folder}/redis.sock")
        for begin in range(1, LINKS + 1, BULK_ROWS):
            commands = []
            for i in range(begin, begin + BULK_ROWS):
                key, value = alias(i), long_url(i)
                commands.append(f"*3\r\n$3\r\nSET\r\n${len(key)}\r\n{key}\r\n${len(value)}\r\n{value}\r\n")
            connection.sendall("".join(commands).encode())
            left = len(b"+OK\r\n") * BULK_ROWS
            while left > 0:
                answers = connection.recv(65_536)
                if not answers or answers.strip(b"+OK\r\n"):
                    raise Failure(f"redis answered {answers[:100]}")
                left -= len(answers)
