"""The rows of short links: what it costs to send a visitor on, and to say that there is no such link."""

import concurrent.futures
import http.client
import json
import time

from box import Failure, both_cores
from load import with_wrk
from report import Row, medians_of, say
from rows_http import CONNECTIONS, TURN_SECONDS, cpu_row, in_short_turns
from servers import nginx_answering

BULK_ROWS = 10_000
BULK_REQUESTS = 8  # a connection and round
LONG_URL = "https://shop.example/drop?from=mail"
# As a browser sends it: the user agent is looked at for each click, and the referrer is kept.
FIELDS = {
    "User-Agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 "
                  "Safari/537.36",
    "Referer": "https://news.example/2026/11/black-friday",
    "Accept-Language": "en-US,en;q=0.9",
    "Accept-Encoding": "gzip, deflate, br",
}
CLICKS = 'doorbuster_links_clicks_total{result="%s"}'


def redirect(rounds, shop):
    """One link that everybody follows; each click is in the log at the end, and none is lost."""
    with shop.open_server() as us:
        shop.shorten(us, LONG_URL, "mail")
        with nginx_answering(301, LONG_URL) as peer:
            results = in_short_turns(rounds, lambda: follow(us, "/mail"), lambda: follow(peer, "/mail"))
        followed = sum(result["requests"] for result in results["ours"])
        durable, lost = (shop.metric(us, CLICKS % what) for what in ("durable", "lost"))
        # What a turn of wrk has asked for when it ends is answered and not counted by it.
        if lost or not followed <= durable <= followed + len(results["ours"]) * CONNECTIONS:
            raise Failure(f"{followed} clicks, of which {durable} are in the log and {lost} are lost")
    yield cpu_row("redirect of a hot link, its click in the log", "nginx return 301", results, 1.15, 0.95)


def unknown(rounds, shop):
    """A code that is nobody's."""
    with shop.open_server() as us:
        size = len(us.ask("GET", "/zzzzzzz")[1])
        with nginx_answering(404, "x" * size) as peer:
            refused = ("/zzzzzzz", True)
            results = in_short_turns(rounds, lambda: follow(us, *refused), lambda: follow(peer, *refused))
    yield cpu_row("unknown code", f"nginx return 404, {size} bytes", results, 1.1, 0.95)


def bulk_create(rounds, shop):
    """Ten thousand links a request over two connections, each durable before its answer. The server has both cores, as
    at home; the load is little beside it."""
    body = "\n".join(json.dumps({"long_url": f"{LONG_URL}&row={i}"}) for i in range(BULK_ROWS))
    with shop.open_server(reactors=2, core=both_cores()) as us:
        fields = shop.operator | {"Content-Type": "application/x-ndjson"}

        def send():
            connection = http.client.HTTPConnection("127.0.0.1", us.port, timeout=30)
            for _ in range(BULK_REQUESTS):
                connection.request("POST", "/api/v1/urls/bulk", body, fields)
                answer = connection.getresponse()
                if answer.status != 200 or not answer.read().startswith(b'{"created":%d,' % BULK_ROWS):
                    raise Failure(f"a bulk request was answered with {answer.status}")

        results = []
        for number in range(rounds):
            before = us.cpu()
            start = time.monotonic()
            with concurrent.futures.ThreadPoolExecutor(2) as clients:
                for sent in [clients.submit(send) for _ in range(2)]:
                    sent.result()
            seconds = time.monotonic() - start
            links = 2 * BULK_REQUESTS * BULK_ROWS
            results.append({"per_second": links / seconds, "cpu_us": (us.cpu() - before) / links * 1e6})
            say(f"round {number + 1} of {rounds}: {results[-1]['per_second']:,.0f} links/s, "
                f"{results[-1]['cpu_us']:.1f} us CPU")  # fmt: skip
    middle = medians_of(results)
    yield Row(
        name="links in bulk, durable", results={"ours": results}, unit="/s", value=middle["per_second"],
        better="higher", at_least=100_000, aim=300_000, note=f"{middle['cpu_us']:.1f} us CPU a link",
    )  # fmt: skip


def follow(server, path, refused=False):
    return with_wrk(server, path, CONNECTIONS, TURN_SECONDS, FIELDS, refused)
