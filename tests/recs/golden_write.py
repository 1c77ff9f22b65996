"""Writes a golden folder of recommendations: the data folder of a server of today, and what is known to be in it.

Every kind of event that there is, in a snapshot and in the saved tables, and behind them events that were never in
either, because the server was killed. RocksDB's own notes are left out.

Usage: golden_write.py DOORBUSTER NAME, which makes NAME.tar.gz and NAME.json in golden/. The keys in it are throwaway.
"""

import json
import pathlib
import re
import sys

from recs_server import RecsServer, event

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "golden_folders"))
from archive import pack  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent / "golden"
LEFT_OUT = re.compile(r"/LOG(\.old\..*)?$")
ITEMS = ["camera", "card", "bag", "gone", "strap"]
USERS = ["ann", "bob", "cid", "eve"]
LATE = "2026-03-01T12:00:00.123Z"
DOCUMENTS = {"rules/first": {"action": "pin", "items": ["bag"]}, "surfaces/home": {"n": 2, "filter": "price < 100"},
             "personalize/filters/cheap": {"expression": "INCLUDE ItemID WHERE Items.PRICE < 100"}}  # fmt: skip
TWICE = [event("purchase", "card", user="bob", id="twice"), event("view", "bag", session="s1", id="twice-later")]


def put(server, path, body):
    answer = server.operator("PUT", path, body)
    assert answer.status in (200, 201), (path, answer.body)


def write(server):
    put(server, "/items/camera", {"categories": ["photo"], "price": 499.5, "currency": "EUR", "title": "Camera",
                                  "brand": "Acme", "text": "A camera.", "url": "https://shop.example/camera",
                                  "attributes": {"mm": 35, "new": True, "mount": "x"}, "vectors": {"text": [0.5] * 8},
                                  "published_at": "2026-01-01T00:00:00Z"})  # fmt: skip
    put(server, "/items/card", {"categories": ["photo"], "price": 19.9})
    put(server, "/items/gone", {})
    put(server, "/users/ann", {"segment": "regular"})
    for path, document in (*DOCUMENTS.items(), ("rules/gone", {"action": "exclude", "filter": "price > 1"})):
        put(server, "/" + path, document)
    for user in ("ann", "bob", "cid"):
        server.tell(*[event("purchase", item, user=user) for item in ("camera", "bag")])
    server.tell(TWICE[0], event("cart", "strap", user="ann", session="s1", value=5.5, quantity=3),
                event("view", "camera", user="eve", session="s1"), event("impression", "card", session="s1"),
                event("click", "card", session="s1", at=LATE), event("rated", "card", user="ann"),
                event("cancel", "bag", user="cid"))  # fmt: skip
    assert server.operator("DELETE", "/users/eve").status == 204
    server.process.terminate()
    assert server.process.wait(timeout=30) == 0
    server.start()
    server.tell(TWICE[1], event("purchase", "strap", user="bob", at=LATE), event("view", "card", user="ann"))
    assert server.operator("PATCH", "/items/strap", {"in_stock": False}).status == 200
    assert server.operator("DELETE", "/items/gone").status == 204
    assert server.operator("DELETE", "/rules/gone").status == 204
    server.kill()


def found_in(server):
    """What every later program must find; nothing in it is a matter of time."""
    found = {"items": {}, "users": {}, "documents": {}}
    for item in ITEMS:
        answer = server.operator("GET", f"/items/{item}")
        found["items"][item] = answer.json if answer.status == 200 else answer.status
    for user in USERS:
        answer = server.operator("GET", f"/users/{user}")
        found["users"][user] = answer.json if answer.status == 200 else answer.status
    for kind in ("rules", "surfaces", "personalize/filters"):
        found["documents"][kind] = server.operator("GET", "/" + kind).json
    found["beside_the_camera"] = sorted(server.items("/items/camera/also-bought", n=100))
    found["on_surface"] = server.items("/recommendations", session="s1", surface="home")
    found["again"] = server.tell(*TWICE)
    return found


def main(binary, name):
    with RecsServer(binary) as server:
        write(server)
        pack(server.folder / "data", HERE / f"{name}.tar.gz", LEFT_OUT)
        server.start()
        text = json.dumps(found_in(server), indent=1)
        (HERE / f"{name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
