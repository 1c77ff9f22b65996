"""The rows of many short links and of what is counted of them: statistics of a link with a thousand million clicks,
what a link takes, redirects as links grow in number, and how far counts lag behind clicks."""

import http.client
import json
import os
import subprocess
import threading
import time

from box import Failure, both_cores, last_json, resident_bytes
from load import with_wrk
from report import Row, median_of, say
from rows_links import FIELDS, LONG_URL
from rows_links_store import add_links, alias, at_random, await_settled, long_url
from servers import RELEASE, doorbuster

SECONDS = 3
LINKS = 1_000_000
FEW, MANY = 100_000, 10_000_000
CLICKS = 'doorbuster_links_clicks_total{result="%s"}'
BEHIND = "doorbuster_links_events_behind"
FOLLOWED = 200_000


def statistics(rounds, shop):
    """Through HTTP: all that is counted of a link that was followed 10^9 times in five years, by one client."""
    with shop.data() as data:
        with doorbuster(data, *shop.config) as us:
            shop.shorten(us, LONG_URL, "mail")
        tool = [os.path.join(RELEASE, "bench", "bench_counts"), "--data", data, "--link", "0"]
        made = last_json(subprocess.run(tool, check=True, capture_output=True, text=True, timeout=120).stdout)
        results, sizes = {}, {}
        with doorbuster(data, *shop.config) as us:
            shop.await_challenges(us)
            for name, query in (("month", f"?from={days_ago(30)}"), ("all days", "")):
                path = f"/api/v1/analytics/mail{query}"
                body = us.ask("GET", path, headers=shop.operator)[1]
                if json.loads(body)["total_clicks"] != made["clicks"]:
                    raise Failure("the link has not the clicks that it was given")
                sizes[name] = len(body)
                results[name] = [with_wrk(us, path, 2, SECONDS, shop.operator) for _ in range(rounds)]
    for name, found in results.items():
        yield Row(
            name=f"statistics of a link with {made['clicks']:,} clicks, {name}", results={"ours": found},
            unit="ms, p99", value=median_of([r["p99_us"] for r in found]) / 1000, at_least=1, aim=0.3, strictly=True,
            note=f"p50 {median_of([r['p50_us'] for r in found]) / 1000:.2f} ms, "
                 f"{median_of([r['cpu_us'] for r in found]):.0f} us CPU, {sizes[name]:,} bytes of {made['bytes']:,} "
                 "counted; two at a time",
        )  # fmt: skip


def days_ago(days):
    return time.strftime("%Y-%m-%d", time.gmtime(time.time() - days * 86_400))


def link_sizes(_rounds, shop):
    """A million links by bulk: what each takes beyond its URL; and what is counted of each that is followed."""
    with shop.data() as data:
        with doorbuster(data, *shop.config) as us:
            empty = resident_bytes(us.pids[0])
        with bulk_server(shop, data) as us:
            add_links(shop, us, 0, LINKS)
        urls = LINKS * len(long_url(0))
        disk = bytes_of(os.path.join(data, "links")) - urls
        with doorbuster(data, *shop.config, core=both_cores()) as us:
            memory = resident_bytes(us.pids[0]) - empty
            before = resident_bytes(us.pids[0])
            follow_each(us, FOLLOWED)
            await_counted(shop, us)
            cached = shop.metric(us, 'doorbuster_links_store_cache_bytes{what="used"}')
            followed_memory = resident_bytes(us.pids[0]) - before
        counts_disk = bytes_of(os.path.join(data, "links-counts"))
    yield Row(name="a link on disk, beyond its URL", results={"ours": [{"bytes": disk / LINKS}]}, unit="bytes",
              value=disk / LINKS, at_least=60, aim=30, note=f"{LINKS:,} links by bulk; with all of RocksDB's files")
    yield Row(name="a link in memory, at a start", results={"ours": [{"bytes": memory / LINKS}]}, unit="bytes",
              value=memory / LINKS, at_least=20, aim=4, note=f"{LINKS:,} links; caches are empty then")
    yield Row(
        name="counts of a link that was followed once, on disk", unit="bytes", value=counts_disk / FOLLOWED,
        results={"ours": [{"disk": counts_disk / FOLLOWED, "memory": followed_memory / FOLLOWED}]}, at_least=100,
        aim=60,
        note=f"{FOLLOWED:,} links; the server grew by {followed_memory / 2**20:.0f} MiB, of which {cached / 2**20:.0f} "
             "MiB are the cache of links, and the rest mostly what each reactor remembers",
    )  # fmt: skip


def growth(rounds, shop):
    """Redirects of links at random, each as likely as the others, among 100,000 and among 10,000,000."""
    with shop.data() as data:
        results = {}
        for many in (FEW, MANY):
            with bulk_server(shop, data) as us:
                start = time.monotonic()
                first = 0 if many == FEW else FEW
                add_links(shop, us, first, many)
                made = time.monotonic()
                await_settled(us)
                say(f"{many - first:,} links in {made - start:.0f} s, settled in {time.monotonic() - made:.0f} s more")
            with doorbuster(data, *shop.config) as us:
                shop.await_challenges(us)
                at_random(us, many, SECONDS)  # to warm up
                results[many] = [at_random(us, many, SECONDS) for _ in range(rounds)]
                await_counted(shop, us)
                lost = shop.metric(us, CLICKS % "lost")
                if lost:
                    raise Failure(f"{lost} clicks are lost")
    value = median_of([r["cpu_us"] for r in results[MANY]]) / median_of([r["cpu_us"] for r in results[FEW]])
    yield Row(
        name="redirect of a link at random, 10,000,000 links / 100,000", unit="x CPU", value=value,
        results={"ours": results[MANY], "few": results[FEW]}, at_least=1.5, aim=1.1,
        note=f"{median_of([r['cpu_us'] for r in results[MANY]]):.1f} us and "
             f"{median_of([r['cpu_us'] for r in results[FEW]]):.1f} us, clicks counted",
    )  # fmt: skip


def lag(rounds, shop):
    """How far what is counted lags behind what is durable, at full load: of one link, and of a million at random."""
    with shop.data() as data:
        with bulk_server(shop, data) as us:
            add_links(shop, us, 0, LINKS)
        for name, many in (("one link", 1), ("a million links at random", LINKS)):
            with doorbuster(data, *shop.config) as us:
                results = [watched(shop, us, lambda many=many: at_random(us, many, 2 * SECONDS)) for _ in range(rounds)]
                await_counted(shop, us)
            yield Row(
                name=f"counts behind clicks, {name}", results={"ours": results}, unit="s, at most",
                value=median_of([r["lag_seconds"] for r in results]), at_least=1, aim=0.1, strictly=True,
                note=f"{median_of([r['per_second'] for r in results]):,.0f} redirects/s on one core, "
                     f"{median_of([r['behind'] for r in results]):,.0f} events",
            )  # fmt: skip


def bulk_server(shop, data):
    """As at home: bulk requests are read on threads of their own."""
    return doorbuster(data, *shop.config, reactors=2, core=both_cores())


def follow_each(server, count):
    """The first links, each once."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.connect()
    fields = "".join(f"{name}: {value}\r\n" for name, value in FIELDS.items())
    at_once = 100  # pipelined
    for begin in range(0, count, at_once):
        numbers = range(begin + 1, begin + at_once + 1)
        asked = "".join(f"GET /{alias(i)} HTTP/1.1\r\nHost: x\r\n{fields}\r\n" for i in numbers)
        connection.sock.sendall(asked.encode())
        seen = b""
        while seen.count(b"HTTP/1.1 301") < at_once or not seen.endswith(b"\r\n\r\n"):
            more = connection.sock.recv(1 << 20)
            if not more:
                raise Failure("the server has closed the connection")
            seen += more


def await_counted(shop, server):
    for _ in range(600):
        if shop.metric(server, BEHIND) == 0:
            return
        time.sleep(0.1)
    raise Failure("the clicks are not counted after a minute")


def watched(shop, server, load):
    """The load's result, and how many events were durable and not counted at the worst moment that was seen."""
    done = threading.Event()
    seen = [0]

    def watch():
        while not done.wait(0.05):
            seen[0] = max(seen[0], shop.metric(server, BEHIND))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        result = load()
    finally:
        done.set()
        watcher.join()
    return result | {"behind": seen[0], "lag_seconds": seen[0] / result["per_second"]}


def bytes_of(folder):
    return sum(entry.stat().st_size for entry in os.scandir(folder) if entry.is_file())
