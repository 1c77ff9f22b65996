"""A sale with a draw on a real server that is killed in its pre-queue, and its public record under two verifiers.

Usage: draw.py DOORBUSTER, the server's binary. Plants each fraud that the format promises to show, and wants both
`doorbuster verify` and docs/verify.py to find it.
"""

import datetime
import http.client
import json
import pathlib
import random
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "api"))
from live_server import LiveServer, mint  # noqa: E402

CUSTOMERS = 200
SALE = "/api/v1/sales/drop"
ROUND = 14212345
VALUE = "659943a9eb58255277a86ed8005ea83bfbf8ca7badb4f1b69421ed51aab53db5"


class Shop:
    def __init__(self, server):
        self.server = server
        self.entries = {}

    def ask(self, method, path, headers=None, body=None):
        return self.server.request(method, path, headers, json.dumps(body) if body is not None else None)

    def create(self, seconds, beacon_seconds=None):
        now = datetime.datetime.now(datetime.timezone.utc)
        opens = now + datetime.timedelta(seconds=seconds)
        sale = {"id": "drop", "title": "Drop", "units": 5, "claim_seconds": 2, "opens_at": opens.isoformat()}
        if beacon_seconds:
            public = opens + datetime.timedelta(seconds=beacon_seconds)
            sale["beacon"] = {"source": "drand-quicknet", "round": ROUND, "published_at": public.isoformat()}
        assert self.operate("POST", "/api/v1/sales", sale).status == 201
        return self.ask("GET", SALE).json["draw"]["commitment"]

    def operate(self, method, path, body):
        return self.ask(method, path, {"Authorization": "Bearer " + self.server.key("operator.key")}, body)

    def give_beacon(self):
        """As soon as the server takes it."""
        refused = []

        def given():
            answer = self.operate("POST", SALE + "/beacon", {"value": VALUE})
            refused.append(answer.json.get("type", ""))
            return answer.status == 200

        self.until(given)
        assert "/beacon-not-due" in refused[0], refused

    def join(self, who, nonce=None):
        answer = self.ask("POST", SALE + "/queue", self.token(who), {"nonce": nonce} if nonce else None)
        assert answer.status in (200, 202), answer.body
        known = self.entries.setdefault(who, answer.json)
        assert known["id"] == answer.json["id"], f"{who} has lost their place"
        return answer.json

    def token(self, who):
        return {"Authorization": "Bearer " + mint(self.server.key("shop.key"), who)}

    def leave(self, who):
        assert self.ask("DELETE", f"{SALE}/queue/{self.entries[who]['id']}", self.token(who)).status == 200

    def transcript(self):
        return self.ask("GET", SALE + "/transcript")

    def until(self, done):
        end = time.monotonic() + 30
        while not done():
            assert time.monotonic() < end, "not within 30 s"
            time.sleep(0.1)


def verify(binary, path, entry=None):
    """(exit status, output) of both."""
    ours = [binary, "verify", str(path)] + (["--entry", entry] if entry else [])
    theirs = [sys.executable, str(ROOT / "docs" / "verify.py"), str(path)] + ([entry] if entry else [])
    runs = [subprocess.run(command, capture_output=True, text=True, check=False) for command in (ours, theirs)]
    return [(run.returncode, run.stdout + run.stderr) for run in runs]


def frauds(lines):
    """(what, forged lines), each with a last line that fits."""
    entries = [i for i, line in enumerate(lines) if line.startswith("entry ")]
    offers = [i for i, line in enumerate(lines) if line.startswith("offer ")]
    first, last = entries[0], entries[-1]

    def forged(change):
        copy = list(lines[:-1])
        change(copy)
        return [*copy, f"end {len(copy)}"]

    def replaced(at, text):
        return forged(lambda copy: copy.__setitem__(at, text))

    def swap_entries(copy):
        (a, b) = (copy[first].split(" "), copy[last].split(" "))
        copy[first], copy[last] = " ".join([*a[:2], *b[2:]]), " ".join([*b[:2], *a[2:]])

    def add_entry(copy):
        copy[5] = f"entries {len(entries) + 1}"
        copy.insert(last + 1, f"entry {len(entries)} {'x' * 26} -")

    def remove_entry(copy):
        copy[5] = f"entries {len(entries) - 1}"
        del copy[last]

    yield "an entry added", forged(add_entry)
    yield "an entry removed", forged(remove_entry)
    yield "an entry moved", forged(swap_entries)
    yield "a seed changed", replaced(3, "secret " + "0" * 64)
    yield "a commitment changed", replaced(2, "commitment " + "0" * 64)
    yield "a root changed", replaced(6, "root " + "0" * 64)
    if lines[4] == "beacon -":
        yield "a beacon added", replaced(4, f"beacon 00 drand-quicknet {ROUND}")
    else:
        yield "a beacon left out", replaced(4, "beacon -")
        yield "a beacon's value changed", replaced(4, lines[4].replace(VALUE, VALUE[2:]))
        yield "a beacon without its round", replaced(4, "beacon " + VALUE)
    yield "an offer left out", forged(lambda copy: copy.__delitem__(offers[0]))
    yield "an offer twice", forged(lambda copy: copy.insert(offers[0] + 1, copy[offers[0]]))
    whose = lines[offers[0]].split(" ")[2]
    yield "an offer to somebody else", replaced(offers[0], lines[offers[0]].replace(whose, "x" * 26))


def check_verifiers(binary, shop, commitment):
    path = shop.server.folder / "transcript.txt"
    text = shop.transcript().body.decode()
    path.write_text(text)
    who = random.choice(list(shop.entries))
    place = shop.ask("GET", f"{SALE}/queue/{shop.entries[who]['id']}", shop.token(who)).json["position"]
    for status, said in verify(binary, path, shop.entries[who]["id"]):
        assert status == 0, said
        assert VALUE not in text or (VALUE in said and f"round {ROUND} of" in said), said
        assert f"stands at position {place}" in said, (said, place)
    assert f"commitment {commitment}\n" in text
    for what, forged in frauds(text.splitlines()):
        path.write_text("\n".join(forged) + "\n")
        for number, (status, said) in enumerate(verify(binary, path)):
            assert status != 0, f"verifier {number} did not find: {what}"
            assert "line" in said, f"verifier {number} does not say where: {said}"
            assert "Traceback" not in said, said
    path.write_text(text)


def walk(binary, beacon_seconds=None):
    with LiveServer(binary) as server:
        shop = Shop(server)
        commitment = shop.create(15, beacon_seconds)
        for i in range(CUSTOMERS // 2):
            shop.join(f"c{i}", "bHVja3k" if i % 5 == 0 else None)
        server.kill()
        server.start()
        assert shop.ask("GET", SALE).json["draw"]["commitment"] == commitment
        for i in range(CUSTOMERS):
            shop.join(f"c{i}")
        for i in range(0, CUSTOMERS, 9):
            shop.leave(f"c{i}")
        assert shop.transcript().status == 409
        if beacon_seconds:
            wait_for_the_beacon(shop)
        shop.until(lambda: shop.ask("GET", SALE).json["draw"]["drawn"])
        for i in range(CUSTOMERS, CUSTOMERS + 10):
            shop.join(f"c{i}")
        shop.until(lambda: shop.ask("GET", SALE).json["now_serving"] > 12)
        check_verifiers(binary, shop, commitment)
        server.kill()
        server.start()
        shop.until(lambda: shop.transcript().status == 200)
        check_verifiers(binary, shop, commitment)


def wait_for_the_beacon(shop):
    """The list is closed, and stays what it is across another kill; nobody has a place."""
    shop.until(lambda: shop.ask("GET", SALE).json["draw"]["root"])
    root = shop.ask("GET", SALE).json["draw"]["root"]
    late = shop.join("late")
    assert late["position"] is None and late["receipt"] is None, late
    shop.server.kill()
    shop.server.start()
    draw = shop.ask("GET", SALE).json["draw"]
    assert draw["root"] == root and not draw["drawn"] and draw["secret"] is None, draw
    assert "round 14212345" in shop.transcript().json["detail"]
    shop.give_beacon()
    assert shop.ask("GET", SALE).json["draw"]["root"] == root


def main(binary):
    walk(binary)
    walk(binary, beacon_seconds=8)
    print("both verifiers accept the record and find every fraud, with a beacon and without")


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except http.client.HTTPException as error:
        sys.exit(f"the server broke off: {error}")
