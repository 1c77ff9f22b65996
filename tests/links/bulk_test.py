"""Many links in one request: ten thousand rows, what comes of a request that is sent again, and of one that a kill of
the server has cut off.

Usage: bulk_test.py DOORBUSTER
"""

import http.client
import json
import pathlib
import sys
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "api"))
from live_server import LiveServer  # noqa: E402

BINARY = sys.argv.pop(1)
BULK = "/api/v1/urls/bulk"
ROUNDS = 5
PATIENCE_SECONDS = 60


def rows(count, prefix="row"):
    return "\n".join(json.dumps({"long_url": f"https://shop.example/{prefix}/{i}", "tags": ["x" * 40]})
                     for i in range(count))  # fmt: skip


class Bulk(unittest.TestCase):
    def setUp(self):
        self.server = LiveServer(BINARY, "--services", "links")
        self.server.start()
        self.addCleanup(self.server.__exit__)
        self.operator = {"Authorization": "Bearer " + self.server.key("operator.key")}

    def make(self, body, key):
        """As a client should: who is told to ask again does so, with the same key."""
        headers = self.operator | {"Content-Type": "application/x-ndjson", "Idempotency-Key": key}
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            answer = self.server.request("POST", BULK, headers, body)
            if answer.status != 503 or time.monotonic() > end:
                return answer
            time.sleep(0.2)

    def links(self):
        """All that there are: code -> address."""
        found, cursor = {}, ""
        while cursor is not None:
            page = self.server.request("GET", f"/api/v1/urls?limit=1000{cursor}", self.operator).json
            found |= {link["short_code"]: link["long_url"] for link in page["links"]}
            cursor = f"&cursor={page['next']}" if page["next"] else None
        return found

    def test_ten_thousand_rows_are_one_request(self):
        body = rows(10_000)
        self.assertGreater(len(body), 65_536)
        answer = self.make(body, "many")
        self.assertEqual(answer.status, 200, answer.body[:300])
        self.assertEqual((answer.json["created"], answer.json["refused"]), (10_000, 0))
        links = self.links()
        self.assertEqual(len(links), 10_000)
        for row in answer.json["results"][::997]:
            self.assertEqual(links[row["short_code"]], f"https://shop.example/row/{row['row']}")
        self.assertEqual(self.make(rows(10_001), "too many").status, 400)
        self.assertEqual(self.server.request("POST", "/api/v1/urls", self.operator, body).status, 413)

    def test_a_request_that_is_sent_four_times_at_once_is_one(self):
        body, answers = rows(3_000), []
        callers = [threading.Thread(target=lambda: answers.append(self.make(body, "once"))) for _ in range(4)]
        for caller in callers:
            caller.start()
        for caller in callers:
            caller.join()
        self.assertEqual({answer.status for answer in answers}, {200})
        self.assertEqual(len({answer.body for answer in answers}), 1)
        self.assertEqual(len(self.links()), 3_000)

    def test_a_kill_leaves_all_rows_of_a_request_or_none_and_a_repetition_makes_them_once(self):
        for number in range(ROUNDS):
            body, key = rows(4_000, f"round-{number}"), f"round-{number}"

            def send(body=body, key=key):
                try:
                    self.make(body, key)
                except (OSError, http.client.HTTPException):
                    pass  # the server was killed

            sender = threading.Thread(target=send)
            sender.start()
            time.sleep(0.02 + 0.04 * number)
            self.server.kill()
            sender.join()
            self.server.start()
            made = len(self.links())
            self.assertIn(made, (4_000 * number, 4_000 * (number + 1)), "a part of a request")
            answer = self.make(body, key)
            self.assertEqual((answer.status, answer.json["created"]), (200, 4_000), answer.body[:300])
            links = self.links()
            self.assertEqual(len(links), 4_000 * (number + 1), "a request was made twice")
            for row in answer.json["results"][::499]:
                self.assertEqual(links[row["short_code"]], f"https://shop.example/round-{number}/{row['row']}")


if __name__ == "__main__":
    unittest.main(verbosity=2)
