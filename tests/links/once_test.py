"""A client that hears no answer asks again, as HTTP clients do: a server is killed again and again while links are made
under Idempotency-Keys and with find_if_exists. In the end there is one link for each key, and one for each address.

Usage: once_test.py DOORBUSTER
"""

import http.client
import json
import pathlib
import sys
import threading
import time
import unittest
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "api"))
from live_server import LiveServer  # noqa: E402

URLS = "/api/v1/urls"
ROUNDS = 4
CLIENTS = 4
PATIENCE_SECONDS = 60


class Client(threading.Thread):
    """Asks for each link until it has heard twice what became of it."""

    def __init__(self, server, name, over):
        super().__init__()
        self.server, self.name, self.over = server, name, over
        self.operator = {"Authorization": "Bearer " + server.key("operator.key")}
        self.codes, self.complaints = {}, []

    def ask(self, headers, link):
        patience = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < patience:
            try:
                answer = self.server.request("POST", URLS, self.operator | headers, json.dumps(link))
                if answer.status != 503:
                    return answer
            except (OSError, http.client.HTTPException):
                time.sleep(0.05)  # the server was killed
        raise AssertionError("nobody answers")

    def run(self):
        number = 0
        while not self.over.is_set():
            number += 1
            url = f"https://shop.example/{self.name}/{number}"
            key = {"Idempotency-Key": str(uuid.uuid4())}
            first, second = (self.ask(key, {"long_url": url}) for _ in range(2))
            if (first.status, first.body) != (201, second.body) or second.status != 201:
                self.complaints.append(f"{first.status} {first.body}, then {second.status} {second.body}")
            if self.ask(key, {"long_url": url + "/other"}).status != 422:
                self.complaints.append(f"{key} stands for two requests")
            once = {"long_url": url + "/once", "find_if_exists": True}
            answers = [self.ask({}, once) for _ in range(2)]
            if answers[0].status not in (200, 201) or answers[1].status != 200:
                self.complaints.append(f"{[each.status for each in answers]} of {once}")
            for answer in [first, *answers]:
                self.codes.setdefault(answer.json["long_url"], set()).add(answer.json["short_code"])


class Once(unittest.TestCase):
    def test_whoever_asks_again_makes_nothing_twice(self):
        server = self.enterContext(LiveServer(sys.argv[1]))
        over = threading.Event()
        clients = [Client(server, f"client-{each}", over) for each in range(CLIENTS)]
        for client in clients:
            client.start()
        for _ in range(ROUNDS):
            time.sleep(0.7)
            server.kill()
            server.start()
        over.set()
        codes = {}
        for client in clients:
            client.join()
            self.assertEqual(client.complaints, [])
            codes |= client.codes
        operator = {"Authorization": "Bearer " + server.key("operator.key")}
        rows = server.request("GET", URLS + "/export", operator).body.decode().splitlines()
        stored = {}
        for row in map(json.loads, rows):
            stored.setdefault(row["long_url"], set()).add(row["custom_alias"])
        self.assertGreater(len(codes), CLIENTS * ROUNDS)
        self.assertEqual(stored, codes)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
