"""Rows of short links."""

import pathlib
import tempfile
import time

from row import holds, row, same
from shop import Shop

URLS = "/api/v1/urls"
DURABLE = 'doorbuster_links_clicks_total{result="durable"}'
LOOKUPS = 'doorbuster_links_lookups_total{cache="%s"}'


def shortened(shop, alias):
    answer = shop.operator("POST", URLS, {"long_url": "https://shop.example/", "custom_alias": alias})
    same(answer.status, 201)
    return answer.json


def await_counted(shop, clicks):
    patience = time.monotonic() + 15
    while shop.metric(DURABLE) < clicks or shop.metric("doorbuster_links_events_behind") > 0:
        holds(time.monotonic() < patience, f"{clicks} clicks are not counted")
        time.sleep(0.02)


@row
def links__base_url(binary):
    for settings, base in (({"base_url": "https://drop.example"}, "https://drop.example"),
                           ({"links.base_url": "https://go.example"}, "https://go.example")):  # fmt: skip
        with Shop(binary, settings) as shop:
            same(shortened(shop, "mail")["short_url"], f"{base}/mail")


@row
def links__not_found_url(binary):
    lost = "https://shop.example/lost"
    for settings, status in (({}, 404), ({"links.not_found_url": lost}, 302)):
        with Shop(binary, settings) as shop:
            answer = shop.request("GET", "/nobody")
            same((answer.status, answer.headers.get("location")), (status, lost if status == 302 else None))


@row
def links__domains__base_url(binary):
    config = '[[links.domains]]\nbase_url = "https://brand.example"\n'
    for text, status in (("", 400), (config, 201)):
        with Shop(binary, config=text) as shop:
            link = {"long_url": "https://shop.example/", "custom_alias": "mail", "domain": "brand.example"}
            same(shop.operator("POST", URLS, link).status, status)
            same(shop.request("GET", "/mail", {"Host": "brand.example"}).status, 301 if status == 201 else 404)
            same(shop.request("GET", "/mail", {"Host": "go.example"}).status, 404)


@row
def links__domains__not_found_url(binary):
    lost = "https://www.brand.example/lost"
    config = f'[[links.domains]]\nbase_url = "https://brand.example"\nnot_found_url = "{lost}"\n'
    with Shop(binary, config=config) as shop:
        answer = shop.request("GET", "/nobody", {"Host": "brand.example"})
        same((answer.status, answer.headers["location"]), (302, lost))
        same(shop.request("GET", "/nobody", {"Host": "go.example"}).status, 404)


@row
def links__codes(binary):
    for codes, statuses in (("number", [201, 201]), ("address", [201, 200])):
        with Shop(binary, {"links.codes": codes}) as shop:
            made = [shop.operator("POST", URLS, {"long_url": "https://shop.example/"}) for _ in range(2)]
            same([answer.status for answer in made], statuses)
            same(made[0].json["short_code"] == made[1].json["short_code"], codes == "address")


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
def links__threat_lists(binary):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(f"{folder}/threats.txt")
        path.write_text("evil.example\n")
        link = {"long_url": "https://evil.example/"}
        for settings, status in (({}, 201), ({"links.threat_lists": path}, 403)):
            with Shop(binary, settings) as shop:
                same(shop.operator("POST", URLS, link).status, status)


@row
def links__report_abuse(binary):
    for address in (None, "mailto:abuse@go.example", "https://go.example/report"):
        with Shop(binary, {"links.report_abuse": address} if address else {}) as shop:
            shortened(shop, "mail")
            page = shop.request("GET", "/mail+").body.decode()
            same("Report abuse" in page, address is not None)
            same(f'href="{address}' in page, address is not None)


@row
def links__robots(binary):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(f"{folder}/robots.txt")
        path.write_text("User-agent: *\nAllow: /\n")
        for settings, rule in (({}, "Disallow: /\n"), ({"links.robots": path}, "Allow: /\n")):
            with Shop(binary, settings) as shop:
                holds(shop.request("GET", "/robots.txt").body.decode().endswith(rule), rule)


@row
def links__cache_mebibytes(binary):
    for mebibytes in (8, 64):
        with Shop(binary, {"links.cache_mebibytes": mebibytes}) as shop:
            same(shop.metric('doorbuster_links_store_cache_bytes{what="most"}'), mebibytes << 20)


@row
def links__counts_kibibytes(binary):
    """A hundred links are followed: with little memory, most of them are counted on disk by then."""
    for kibibytes, writes in ((16, True), (16_384, False)):
        with Shop(binary, {"links.counts_kibibytes": kibibytes}) as shop:
            connection = shop.connection()
            for number in range(100):
                shortened(shop, f"link-{number}")
                same(shop.request("GET", f"/link-{number}", {}, None, connection).status, 301)
            same(shop.metric('doorbuster_links_counts_bytes{what="recent_most"}'), kibibytes << 10)
            await_counted(shop, 100)
            written = shop.metric("doorbuster_links_counts_writes_total")
            holds((written > 2) if writes else (written == 0), f"{written} writes with {kibibytes} KiB")


@row
def links__events_kept(binary):
    for kept, told in ((0, 0), (1_000, 1)):
        with Shop(binary, {"links.events_kept": kept}) as shop:
            shortened(shop, "mail")
            same(shop.metric("doorbuster_links_announced_total"), told)
