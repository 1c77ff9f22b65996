"""Webhooks of short links: a real receiver that sometimes refuses, and a server that is killed again and again while
links are made, changed, taken down, followed until they are used up, and taken away. Whatever was acknowledged is told;
nothing is told that did not happen; events of one link come in their order; and each says what its schema says.

Usage: webhooks_test.py DOORBUSTER
"""

import http.client
import http.server
import json
import pathlib
import random
import sys
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "api"))
from live_server import LiveServer  # noqa: E402
from openapi import Document  # noqa: E402
from webhook_receiver import Receiver  # noqa: E402

URLS = "/api/v1/urls"
TAKE_DOWNS = "/api/v1/abuse/take-downs"
PERSON = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0"}
ROUNDS = 4
MAKERS = 3
PATIENCE_SECONDS = 60


class Memory(Receiver):
    """Remembers what it took, in the order of coming, and refuses some of it."""

    def __init__(self, document):
        self.events = []
        self.chance = random.Random(1)
        self.lock = threading.Lock()
        super().__init__(document)

    def handler(self):
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                refused = receiver.chance.random() < 0.03
                if not refused:
                    receiver.take(self.headers, body)
                self.send_response(500 if refused else 204)
                self.end_headers()

            def log_message(self, *_):
                pass

        return Handler

    def take(self, headers, body):
        with self.lock:
            super().take(headers, body)
            self.events.append(json.loads(body))


class Maker(threading.Thread):
    """A link from its making to its end, again and again: what was acknowledged of each, and what was only asked."""

    def __init__(self, server, name):
        super().__init__()
        self.server, self.name = server, name
        self.operator = {"Authorization": "Bearer " + server.key("operator.key")}
        self.acknowledged, self.asked, self.number = [], set(), 0

    def do(self, kind, code, method, path, body=None):
        self.asked.add((kind, code))
        answer = self.server.request(method, path, self.operator, body and json.dumps(body))
        if 200 <= answer.status < 300:
            self.acknowledged.append((kind, code))
        return answer

    def run(self):
        try:
            while True:
                self.number += 1
                self.live(f"{self.name}-{self.number}")
        except (OSError, http.client.HTTPException):
            pass  # the server was killed

    def live(self, code):
        path = f"{URLS}/{code}"
        link = {"long_url": "https://shop.example/", "custom_alias": code, "max_visits": 2}
        self.do("link.created", code, "POST", URLS, link)
        self.do("link.changed", code, "PATCH", path, {"title": code})
        self.asked.add(("link.used_up", code))
        statuses = [self.server.request("GET", "/" + code, PERSON).status for _ in range(3)]
        if statuses == [301, 301, 410]:
            self.acknowledged.append(("link.used_up", code))
        taken = self.do("link.taken_down", code, "POST", TAKE_DOWNS, {"short_code": code, "reason": "a test"})
        if taken.status == 201:
            self.do("link.restored", code, "DELETE", f"{TAKE_DOWNS}/{taken.json['id']}")
        self.do("link.deleted", code, "DELETE", path)


class Webhooks(unittest.TestCase):
    def setUp(self):
        self.receiver = Memory(Document())
        self.addCleanup(self.receiver.close)
        self.server = self.enterContext(LiveServer(sys.argv[1]))
        self.operator = {"Authorization": "Bearer " + self.server.key("operator.key")}

    def listen(self, *types):
        made = self.server.request("POST", "/api/v1/webhooks", self.operator,
                                   json.dumps({"url": self.receiver.url, "events": list(types)}))  # fmt: skip
        self.assertEqual(made.status, 201, made.body)

    def told(self):
        with self.receiver.lock:
            return [(event["type"], event["partitionkey"]) for event in self.receiver.events]

    def wait_until_told(self, wanted):
        patience = time.monotonic() + PATIENCE_SECONDS
        while missing := set(wanted) - set(self.told()):
            self.assertLess(time.monotonic(), patience, f"{len(missing)} were not told, such as {sorted(missing)[:5]}")
            time.sleep(0.1)

    def test_each_acknowledged_change_is_told_and_no_other(self):
        self.listen()
        acknowledged, asked = [], set()
        for number in range(ROUNDS):
            makers = [Maker(self.server, f"{number}-{each}") for each in range(MAKERS)]
            for maker in makers:
                maker.start()
            time.sleep(1)
            self.server.kill()
            for maker in makers:
                maker.join()
                acknowledged += maker.acknowledged
                asked |= maker.asked
            self.server.start()
        self.assertGreater(len(acknowledged), ROUNDS * MAKERS)
        self.wait_until_told(acknowledged)
        self.assertEqual(set(self.told()) - asked, set(), "something is told that nobody asked for")
        self.assertEqual(self.receiver.complaints, [])
        self.come_in_order()

    def come_in_order(self):
        """Of what came first for each id: a delivery may come again after a kill."""
        seen, last, times = set(), {}, {}
        for event in self.receiver.events:
            if event["id"] in seen:
                continue
            seen.add(event["id"])
            key, sequence = event["partitionkey"], int(event["sequence"])
            self.assertGreater(sequence, last.get(key, 0), f"{event} is out of order")
            last[key] = sequence
            times[sequence] = event["time"]
        in_order = [times[sequence] for sequence in sorted(times)]
        self.assertEqual(in_order, sorted(in_order))

    def test_a_link_that_expires_while_the_server_is_down_is_told_once(self):
        self.listen("link.expired")
        soon = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 2))
        for code in ("brief", "later"):
            link = {"long_url": "https://shop.example/", "custom_alias": code, "expiration_date": soon}
            self.assertEqual(self.server.request("POST", URLS, self.operator, json.dumps(link)).status, 201)
        never = self.server.request("PATCH", f"{URLS}/later", self.operator, '{"expiration_date": null}')
        self.assertEqual(never.status, 200)
        self.server.kill()
        time.sleep(3)
        self.server.start()
        self.wait_until_told([("link.expired", "brief")])
        time.sleep(1.5)
        self.server.kill()
        self.server.start()
        time.sleep(1.5)
        self.assertEqual(set(self.told()), {("link.expired", "brief")})
        self.assertEqual(len({event["id"] for event in self.receiver.events}), 1)
        self.assertEqual(self.receiver.complaints, [])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
