"""Users of short links on a real server that is killed again and again: nobody has made more links than they may, what
was acknowledged is there and is theirs, and what is left of the month is what was not made. Then a user takes all that
is kept of them along, and leaves; the server is killed while they do.

Usage: users_test.py DOORBUSTER
"""

import concurrent.futures
import http.client
import json
import pathlib
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "api"))
from live_server import LiveServer  # noqa: E402

LIMIT = 600
ROUNDS = 4
URLS = "/api/v1/urls"


class Users(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(LiveServer(sys.argv[1]))
        cls.operator = "Bearer " + cls.server.key("operator.key")

    def ask(self, method, path, key, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=10)
        try:
            connection.request(method, path, json.dumps(body) if body is not None else None, {"Authorization": key})
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def user(self, limit):
        status, made = self.ask("POST", "/api/v1/users", self.operator, {"name": "shop", "monthly_limit": limit})
        self.assertEqual(status, 201, made)
        user = json.loads(made)["id"]
        status, key = self.ask("POST", f"/api/v1/users/{user}/keys", self.operator, {"name": "office"})
        self.assertEqual(status, 201, key)
        return user, "Bearer " + json.loads(key)["key"]

    def restart(self):
        self.server.kill()
        self.server.start()

    def exported(self, user):
        status, lines = self.ask("GET", f"/api/v1/users/{user}/export", self.operator)
        self.assertEqual(status, 200)
        rows = [json.loads(line) for line in lines.splitlines()]
        self.assertEqual(rows[-1], {"end": True})
        return rows[:-1]

    def make_until_killed(self, key, codes):
        """Links one after another; what was acknowledged goes to `codes`. Whether the limit was met."""
        while True:
            try:
                status, answer = self.ask("POST", URLS, key, {"long_url": "https://shop.example/drop"})
            except (OSError, http.client.HTTPException):
                return False
            if status == 429:
                return True
            if status == 503:
                continue
            self.assertEqual(status, 201, answer)
            codes.append(json.loads(answer)["short_code"])

    def test_nobody_makes_more_than_they_may_whatever_happens(self):
        user, key = self.user(LIMIT)
        codes = []
        is_met = False
        for round_number in range(100):
            with concurrent.futures.ThreadPoolExecutor(4) as pool:
                making = [pool.submit(self.make_until_killed, key, codes) for _ in range(4)]
                if round_number < ROUNDS:
                    time.sleep(0.2)
                    self.server.kill()
                is_met = any([each.result() for each in making])
            if round_number < ROUNDS:
                self.server.start()
            if is_met:
                break
        self.assertTrue(is_met)
        self.assertGreater(len(codes), LIMIT / 2)
        rows = self.exported(user)
        stored = [row["link"]["short_code"] for row in rows if "link" in row]
        self.assertEqual(len(stored), LIMIT, "as many as they may, with those of which nobody heard")
        self.assertLessEqual(set(codes), set(stored))
        self.assertEqual(len(codes), len(set(codes)))
        self.assertEqual({row["link"]["owner"] for row in rows if "link" in row}, {user})
        self.assertEqual([row["usage"]["links"] for row in rows if "usage" in row], [LIMIT])
        # One that goes makes no room.
        self.assertEqual(self.ask("DELETE", f"{URLS}/{codes[0]}", key)[0], 204)
        self.assertEqual(self.ask("POST", URLS, key, {"long_url": "https://shop.example/"})[0], 429)
        status, usage = self.ask("GET", "/api/v1/users/me/usage", key)
        self.assertEqual((status, json.loads(usage)["left"]), (200, 0))

    def test_who_leaves_is_gone_with_all_that_is_theirs(self):
        user, key = self.user(10_000)
        links = [{"long_url": f"https://shop.example/{i}"} for i in range(3_000)]
        status, made = self.ask("POST", URLS + "/bulk", key, links)
        self.assertEqual((status, json.loads(made)["created"]), (200, len(links)))
        codes = [row["short_code"] for row in json.loads(made)["results"]]
        status, kept = self.ask("POST", URLS, self.operator, {"long_url": "https://shop.example/kept"})
        self.assertEqual(status, 201)
        self.assertEqual(self.ask("DELETE", "/api/v1/users/me", key)[0], 202)
        self.restart()
        self.assertEqual(self.ask("GET", "/api/v1/users/me", key)[0], 403, "whoever leaves may ask for nothing more")
        deadline = time.monotonic() + 60
        while self.ask("GET", f"/api/v1/users/{user}", self.operator)[0] != 404:
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.1)
        self.assertEqual(self.ask("GET", "/api/v1/users/me", key)[0], 401)
        for code in codes[:: len(codes) // 50]:
            self.assertEqual(self.ask("GET", f"{URLS}/{code}", self.operator)[0], 404)
            self.assertEqual(self.ask("GET", "/" + code, "")[0], 404)
        self.assertEqual(self.ask("GET", f"{URLS}/{json.loads(kept)['short_code']}", self.operator)[0], 200)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
