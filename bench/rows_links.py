"""The rows of short links: what it costs to send a visitor on, and to say that there is no such link."""

from box import Failure
from load import with_wrk
from rows_http import CONNECTIONS, TURN_SECONDS, cpu_row, in_short_turns
from servers import nginx_answering

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


def follow(server, path, refused=False):
    return with_wrk(server, path, CONNECTIONS, TURN_SECONDS, FIELDS, refused)
