"""Rows of the limits: what happens when each is reached."""

import json

from row import holds, row, same
from shop import SALES, Shop


@row
def limits__sales(binary):
    for settings, status in [({}, 201), ({"limits.sales": 1}, 503)]:
        with Shop(binary, settings) as shop:
            same(shop.sell("one").status, 201)
            same(shop.sell("two").status, status)


@row
def limits__holds(binary):
    for settings, status in [({}, 201), ({"limits.holds": 1000}, 503)]:
        with Shop(binary, settings | {"limits.sale_share_percent": 100}) as shop:
            shop.sell(units=2000)
            same(shop.burst("drop", 1000), [201] * 1000)
            same(shop.reserve("the-last").status, status)


@row
def limits__entries(binary):
    for settings, status in [({}, 202), ({"limits.entries": 1000}, 503)]:
        with Shop(binary, settings | {"limits.sale_share_percent": 100}) as shop:
            shop.sell(units=1, queue="fifo")
            connection = shop.connection()
            path = f"{SALES}/drop/queue"
            joined = [shop.request("POST", path, shop.customer(f"c{i}"), None, connection).status for i in range(1000)]
            same(set(joined), {202})
            same(shop.request("POST", path, shop.customer("the-last")).status, status)


@row
def limits__sale_share_percent(binary):
    """Of a thousand holds: with the default a sale may have 800, and another one has some all the same."""
    for settings, status in [({"limits.sale_share_percent": 90}, 201), ({}, 503)]:
        with Shop(binary, settings | {"limits.holds": 1000}) as shop:
            shop.sell(units=2000)
            shop.sell("other", units=2000)
            same(shop.burst("drop", 800), [201] * 800)
            same(shop.reserve("the-last").status, status)
            same(shop.reserve("the-first", "other").status, 201)


@row
def limits__guest_share_percent(binary):
    """Of a thousand entries: with the default the guests of a sale may have 600, and the shop's customers the rest."""
    for settings, status in [({"limits.guest_share_percent": 90}, 202), ({}, 503)]:
        with Shop(binary, settings | {"limits.entries": 1000}) as shop:
            shop.sell(units=1, queue="fifo", guests=True)
            connection = shop.connection()
            path = f"{SALES}/drop/queue"
            joined = [shop.request("POST", path, {}, None, connection).status for _ in range(600)]
            same(set(joined), {202})
            same(shop.request("POST", path, {}, None, connection).status, status)
            same(shop.request("POST", path, shop.customer("with-a-token"), None, connection).status, 202)


@row
def limits__annotation_bytes(binary):
    for settings, status in [({}, 201), ({"limits.annotation_bytes": 150}, 503)]:
        with Shop(binary, settings) as shop:
            shop.sell()
            path = f"{SALES}/drop/holds"
            body = json.dumps({"client_reference": "R" * 40})
            same(shop.request("POST", path, shop.customer("a"), body).status, 201)
            same(shop.request("POST", path, shop.customer("b"), body).status, status)
            same(shop.reserve("c").status, 201, "who brings nothing is served")


@row
def limits__operator_keys(binary):
    """A key that is remembered may not be used for something else; one that is forgotten may."""
    for settings, is_remembered in [({}, True), ({"limits.operator_keys": 100}, False)]:
        with Shop(binary, settings) as shop:
            shop.sell()
            shop.operator("PATCH", f"{SALES}/drop", {"units": 6, "reason": "more"}, "the-first")
            for number in range(150):
                shop.operator("PATCH", f"{SALES}/drop", {"units": 7 + number, "reason": "more"}, f"key-{number}")
            again = shop.operator("PATCH", f"{SALES}/drop", {"units": 400, "reason": "more"}, "the-first")
            same(again.status == 422, is_remembered, f"{again.status} {again.body[:200]}")


@row
def limits__ring_commands(binary):
    for settings, busy in [({}, 0), ({"limits.ring_commands": 64}, 200 - 64)]:
        with Shop(binary, settings) as shop:
            shop.sell(units=500)
            statuses = shop.burst("drop", 200)
            same(statuses.count(201) + statuses.count(503), 200)
            refused = statuses.count(503)
            holds(refused > busy / 2 if busy else refused == 0, f"{refused} are told that it is busy")


@row
def limits__batch_commands(binary):
    """Of a burst on an idle cell, the first batch holds what one turn decides."""
    for settings, is_small in [({}, False), ({"limits.batch_commands": 1}, True)]:
        with Shop(binary, settings) as shop:
            shop.sell(units=500)
            one = 'doorbuster_cell_batch_events_bucket{cell="0",le="1"}'
            before = shop.metric(one)
            same(shop.burst("drop", 200), [201] * 200)
            same(shop.metric(one) > before, is_small, f"batches of one event: {shop.metric(one) - before}")


@row
def log__snapshot_every_events(binary):
    for settings, is_saved in [({}, False), ({"log.snapshot_every_events": 1000}, True)]:
        with Shop(binary, settings) as shop:
            shop.sell(units=2000)
            shop.burst("drop", 800)
            shop.burst("drop", 10)
            connection = shop.connection()
            for number in range(400):
                shop.reserve(f"late-{number}", connection=connection)
            same(shop.metric('doorbuster_cell_snapshots_total{cell="0"}') > 0, is_saved)
