"""The row of the first page: what a visitor's browser asks for when it opens the sale, and how many bytes come back."""

import os
import socket
import sys
import time
from urllib.parse import urlsplit

from box import ROOT, Failure
from report import Row, say

sys.path.append(os.path.join(ROOT, "tests", "browser"))
from cdp import Browser  # noqa: E402  the driver of the page's own tests

ASKED = "['navigation', 'resource'].flatMap((kind) => performance.getEntriesByType(kind)).map((entry) => entry.name)"
SETTLE_SECONDS = 1  # so that what the page asks for last is asked for too
BROWSERS_FIELDS = "Accept-Encoding: gzip, deflate, br, zstd\r\nAccept: */*\r\nConnection: close\r\n"


def first_page(_rounds, shop):
    """Chromium opens the sale's page; what it asked for is asked for again, and every byte of the answers counted."""
    with shop.open_server() as us:
        shop.put_on(us, "drop", 1_000, queue="draw", guests=True)
        shop.await_open(us, "drop")
        asked = asked_by_browser(us)
        sizes = {path: len(answer_of(us, path)) for path in asked}
    for path, size in sizes.items():
        say(f"{size:>7,} bytes {path}")
    result = {"bytes": sum(sizes.values()), "requests": len(sizes)}
    yield Row(name="first page", results={"ours": [result]}, value=result["bytes"] / 1024, unit="KiB", at_least=60,
              aim=30, note="heads included, gzip, nothing cached")  # fmt: skip
    yield Row(name="first page's requests", results={"ours": [result]}, value=result["requests"], unit="", at_least=6,
              aim=6)  # fmt: skip


def asked_by_browser(server):
    """The paths, each once: what the page asks for again and again counts as one request of the first page."""
    browser = Browser()
    try:
        browser.go(f"http://127.0.0.1:{server.port}/s/drop")
        browser.wait_for_text("Bench")
        time.sleep(SETTLE_SECONDS)
        names = browser.evaluate(ASKED)
    finally:
        browser.close()
    return list(dict.fromkeys(path_of(name) for name in names))


def path_of(url):
    parts = urlsplit(url)
    return parts.path + ("?" + parts.query if parts.query else "")


def answer_of(server, path):
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n{BROWSERS_FIELDS}\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(request.encode())
        answer = b"".join(iter(lambda: connection.recv(65_536), b""))
    if not answer.startswith(b"HTTP/1.1 200"):
        raise Failure(f"{path} was answered {answer[:60]!r}")
    return answer
