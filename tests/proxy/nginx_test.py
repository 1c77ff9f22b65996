"""A shop behind nginx, configured as docs/operations.md says: everything a customer does has to work through it.

usage: nginx_test.py DOORBUSTER
"""

import concurrent.futures
import http.client
import json
import pathlib
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "api"))
from edge import Edge  # noqa: E402
from live_server import Answer, LiveServer, mint  # noqa: E402

BINARY = sys.argv.pop(1)
CROWD = 300
AT_ONCE = 60


class BehindNginx(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = LiveServer(BINARY)
        cls.edge = Edge(cls.server.port)
        cls.addClassCleanup(cls.edge.close)
        cls.server.flags = ["--base-url", cls.edge.base_url, "--http-connections-per-address", "4096"]
        cls.server.start()
        cls.addClassCleanup(cls.server.__exit__)

    def connect(self):
        return http.client.HTTPSConnection("127.0.0.1", self.edge.port, timeout=10, context=self.edge.tls)

    def ask(self, method, path, headers=None, body=None):
        connection = self.connect()
        try:
            connection.request(method, path, body=body, headers=headers or {})
            response = connection.getresponse()
            return Answer(response, response.read())
        finally:
            connection.close()

    def customer(self, name):
        return {"Authorization": "Bearer " + mint(self.server.key("shop.key"), name)}

    def create(self, sale, **settings):
        body = {"id": sale, "title": sale, "units": 1, "opens_at": "2020-01-01T00:00:00Z", "queue": "none", **settings}
        operator = {"Authorization": "Bearer " + self.server.key("operator.key")}
        made = self.ask("POST", "/api/v1/sales", operator, json.dumps(body))
        self.assertEqual(made.status, 201, made.body)

    def test_the_page_comes_by_http_2(self):
        command = ["curl", "--silent", "--cacert", self.edge.home / "cert.pem", "--http2", "--output", "/dev/null"]
        command += ["--write-out", "%{http_version} %{http_code}", self.edge.base_url + "/"]
        self.assertEqual(subprocess.run(command, capture_output=True, text=True, check=True).stdout, "2 200")

    def test_a_guest_buys_with_a_cookie_that_only_tls_sees(self):
        self.create("guests", guests=True, units=2)
        held = self.ask("POST", "/api/v1/sales/guests/holds", {"Idempotency-Key": "a"})
        self.assertEqual(held.status, 201, held.body)
        cookie = held.headers["set-cookie"]
        self.assertIn("Secure", cookie)
        again = self.ask("GET", "/api/v1/holds/" + held.json["id"], {"Cookie": cookie.partition(";")[0]})
        self.assertEqual(again.status, 200, again.body)

    def test_a_change_in_the_queue_is_told_at_once(self):
        self.create("queue", queue="fifo")
        first = self.ask("POST", "/api/v1/sales/queue/queue", self.customer("alice")).json["id"]
        second = self.ask("POST", "/api/v1/sales/queue/queue", self.customer("bob")).json["id"]
        connection = self.connect()
        connection.request("GET", f"/api/v1/sales/queue/queue/{second}/events", headers=self.customer("bob"))
        stream = connection.getresponse()
        self.assertIn('"waiting"', self.next_data(stream))
        began = time.monotonic()
        self.assertEqual(self.ask("DELETE", f"/api/v1/sales/queue/queue/{first}", self.customer("alice")).status, 200)
        while '"offered"' not in self.next_data(stream):
            pass
        self.assertLess(time.monotonic() - began, 3)
        connection.close()

    @staticmethod
    def next_data(stream):
        while not (line := stream.readline().decode()).startswith("data:"):
            if not line:
                raise AssertionError("the stream has ended")
        return line

    def test_a_crowd_gets_every_unit_and_nobody_an_error(self):
        self.create("crowd", units=100)

        def reserve(number):
            headers = self.customer(f"crowd-{number}") | {"Idempotency-Key": str(number)}
            return self.ask("POST", "/api/v1/sales/crowd/holds", headers).status

        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            statuses = list(pool.map(reserve, range(CROWD)))
        self.assertEqual((statuses.count(201), statuses.count(409)), (100, CROWD - 100), self.edge.errors())

    def test_a_refusal_keeps_its_words_and_fields(self):
        refused = self.ask("POST", "/")
        self.assertEqual((refused.status, refused.headers["allow"]), (405, "GET, HEAD, OPTIONS"))
        self.assertEqual(refused.headers["content-type"], "application/problem+json")

    def test_a_restart_is_a_gap_and_nothing_more(self):
        self.create("gap", units=1)
        headers = self.customer("gina") | {"Idempotency-Key": "once"}
        held = self.ask("POST", "/api/v1/sales/gap/holds", headers)
        self.server.kill()
        self.assertEqual(self.ask("GET", "/api/v1/sales/gap").status, 502)
        self.server.start()
        patience = time.monotonic() + 15
        while (again := self.ask("POST", "/api/v1/sales/gap/holds", headers)).status == 502:
            self.assertLess(time.monotonic(), patience, "nginx does not come back to the server")
            time.sleep(0.1)
        self.assertEqual((again.status, again.json), (201, held.json))


if __name__ == "__main__":
    unittest.main(verbosity=2)
