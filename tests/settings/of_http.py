"""Rows of the settings of HTTP: what one connection sees of each."""

import threading
import time

from row import holds, row, same
from shop import Listener, Peer, Shop

GET = "GET /livez HTTP/1.1\r\nHost: x\r\n\r\n"


@row
def http__header_bytes(binary):
    for settings, status in [({}, 200), ({"http.header_bytes": 1024}, 431)]:
        with Shop(binary, settings) as shop:
            same(shop.request("GET", "/livez", {"X-Long": "x" * 2000}).status, status)


@row
def http__body_bytes(binary):
    for settings, status in [({}, 400), ({"http.body_bytes": 1024}, 413)]:
        with Shop(binary, settings) as shop:
            same(shop.operator("POST", "/api/v1/sales", {"title": "x" * 2000}).status, status)


@row
def http__max_connections(binary):
    for settings, status in [({}, 200), ({"http.max_connections": 16, "http.connections_per_address": 16}, 0)]:
        same(status_of_first(binary, settings, 20), status)


@row
def http__connections_per_address(binary):
    for settings, status in [({}, 200), ({"http.connections_per_address": 16}, 0)]:
        same(status_of_first(binary, settings, 20), status)


def status_of_first(binary, settings, count):
    """Whether the first of so many idle connections is still there when the last one is answered."""
    with Shop(binary, settings) as shop:
        peers = [Peer(shop.port) for _ in range(count)]
        peers[-1].send(GET)
        same(peers[-1].read_answer(), 200)
        try:
            peers[0].send(GET)
        except ConnectionError:
            return 0
        return peers[0].read_answer()


@row
def http__buffer_bytes(binary):
    """Bodies that are on their way fill it; whoever comes then is sent away."""
    head = "POST /api/v1/sales HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n"
    for settings, is_refused in [({}, False), ({"http.buffer_bytes": 1048576}, True)]:
        with Shop(binary, settings) as shop:
            peers = [Peer(shop.port) for _ in range(40)]
            for peer in peers:
                try:
                    peer.send(head + "x" * 59000)
                except ConnectionError:
                    pass
            refused = shop_refused(peers)
            same(refused > 0, is_refused, f"{refused} of 40 were refused")


def shop_refused(peers):
    refused = 0
    for peer in peers:
        peer.socket.settimeout(0.2)
        try:
            refused += peer.read_answer() in (0, 503)
        except TimeoutError:
            pass
    return refused


@row
def http__header_deadline_seconds(binary):
    with Shop(binary, {"http.header_deadline_seconds": 1}) as shop:
        peer = Peer(shop.port)
        peer.send("GET /livez HTTP/1.1\r\nHo")
        holds(peer.seconds_to_end(5) < 4, "half a header is waited for")


@row
def http__min_receive_bytes_per_second(binary):
    """7,000 bytes at once are 14 seconds at the usual 500 a second, and nothing at a billion."""
    with Shop(binary, {"http.min_receive_bytes_per_second": 1000000000}) as shop:
        peer = Peer(shop.port)
        peer.send("POST /api/v1/sales HTTP/1.1\r\nHost: x\r\nContent-Length: 9000\r\n\r\n" + "x" * 7000)
        holds(peer.seconds_to_end(12) < 10, "a slow sender is not cut off")


@row
def http__idle_seconds(binary):
    with Shop(binary, {"http.idle_seconds": 1}) as shop:
        peer = Peer(shop.port)
        peer.send(GET)
        same(peer.read_answer(), 200)
        holds(peer.seconds_to_end(6) < 5, "a silent connection is kept")


@row
def http__answer_deadline_seconds(binary):
    """A payment waits for its provider, who is silent, and is answered in time."""
    provider = Listener()
    for settings, least, most in [({}, 2.5, 20), ({"http.answer_deadline_seconds": 1}, 0, 2.4)]:
        with Shop(binary, settings | {"payment.url": provider.url}) as shop:
            shop.sell(price={"amount": 1, "currency": "EUR"})
            begun = time.monotonic()
            same(shop.pay("alice").status, 202)
            took = time.monotonic() - begun
            holds(least <= took <= most, f"it took {took:.1f} s to answer")


@row
def http__drain_seconds(binary):
    """A body that never ends is waited for that long."""
    for seconds, least, most in [(0, 0, 3), (4, 3.5, 20)]:
        with Shop(binary, {"http.drain_seconds": seconds}) as shop:
            peer = Peer(shop.port)
            peer.send(GET + "POST /api/v1/sales HTTP/1.1\r\nHost: x\r\nContent-Length: 9000\r\n\r\nx")
            same(peer.read_answer(), 200)
            talker = threading.Timer(0.5, peer.send, ["x"])
            talker.start()
            took = shop.seconds_to_stop()
            talker.cancel()
            holds(least <= took <= most, f"it took {took:.1f} s to stop")
