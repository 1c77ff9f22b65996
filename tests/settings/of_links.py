"""Rows of short links."""

from row import holds, row, same
from shop import Shop

URLS = "/api/v1/urls"
LOOKUPS = 'doorbuster_links_lookups_total{cache="%s"}'


def shortened(shop, alias):
    answer = shop.operator("POST", URLS, {"long_url": "https://shop.example/", "custom_alias": alias})
    same(answer.status, 201)
    return answer.json


@row
def links__base_url(binary):
    for settings, base in (({"base_url": "https://drop.example"}, "https://drop.example"),
                           ({"links.base_url": "https://go.example"}, "https://go.example")):  # fmt: skip
        with Shop(binary, settings) as shop:
            same(shortened(shop, "mail")["short_url"], f"{base}/mail")


@row
def links__cached(binary):
    """A thousand links asked for in turn, twice: a small cache has forgotten the first by then."""
    for cached, forgets in ((64, True), (65_536, False)):
        with Shop(binary, {"links.cached": cached, "threads.reactors": 1}) as shop:
            for number in range(1_000):
                shortened(shop, f"link-{number}")
            connection = shop.connection()
            for _ in range(2):
                for number in range(1_000):
                    same(shop.request("GET", f"/link-{number}", {}, None, connection).status, 301)
            hits = shop.metric(LOOKUPS % "hit")
            holds((hits < 100) if forgets else (hits > 900), f"{hits} of 2,000 were remembered by {cached} places")


@row
def links__cache_mebibytes(binary):
    for mebibytes in (8, 64):
        with Shop(binary, {"links.cache_mebibytes": mebibytes}) as shop:
            same(shop.metric('doorbuster_links_store_cache_bytes{what="most"}'), mebibytes << 20)
