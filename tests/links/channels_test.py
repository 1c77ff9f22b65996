"""The links of a sale: people come by them, join and hold with real calls, the server is killed in between, and for
each link what it has brought adds up.

Usage: channels_test.py DOORBUSTER
"""

import json
import pathlib
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "api"))
from live_server import LiveServer, mint  # noqa: E402

BINARY = sys.argv.pop(1)
PERSON = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0"}
PATIENCE_SECONDS = 30


class Channels(unittest.TestCase):
    def setUp(self):
        self.server = LiveServer(BINARY)
        self.server.start()
        self.addCleanup(self.server.__exit__)

    def operator(self, method, path, body=None):
        headers = {"Authorization": "Bearer " + self.server.key("operator.key")}
        return self.server.request(method, path, headers, json.dumps(body) if body is not None else None)

    def new_sale(self, sale, **settings):
        body = {"id": sale, "title": sale, "units": 50, "queue": "fifo", "opens_at": "2020-01-01T00:00:00Z"}
        answer = self.operator("POST", "/api/v1/sales", body | settings)
        self.assertEqual(answer.status, 201, answer.body)

    def new_link(self, sale, **members):
        answer = self.operator("POST", f"/api/v1/sales/{sale}/links", members)
        self.assertEqual(answer.status, 201, answer.body)
        return answer.json

    def follow(self, code):
        return self.server.request("GET", "/" + code, PERSON)

    def buyer(self, sale, who, channel, holds=False):
        """Joins, and takes a unit where it is their turn."""
        headers = {"Authorization": "Bearer " + mint(self.server.key("shop.key"), who)}
        body = json.dumps({"metadata": {"channel": channel}} if channel else {})
        entry = self.server.request("POST", f"/api/v1/sales/{sale}/queue", headers, body)
        self.assertEqual(entry.status, 202, entry.body)
        if not holds:
            return
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            hold = self.server.request("POST", f"/api/v1/sales/{sale}/holds", headers, "{}")
            if hold.status == 201:
                return
            self.assertLess(time.monotonic(), end, hold.body)
            time.sleep(0.05)

    def brought(self, sale):
        return self.operator("GET", f"/api/v1/sales/{sale}/links").json

    def await_brought(self, sale, expected):
        """`expected`: code (None: no link) -> (people, joins, holds)."""
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            seen = self.brought(sale)
            got = {link["short_code"]: (link["people"], link["joins"], link["holds"]) for link in seen.get("links", [])}
            others = seen.get("others", {})
            got[None] = (None, others.get("joins"), others.get("holds"))
            if got == expected:
                return seen
            self.assertLess(time.monotonic(), end, f"{got} and not {expected}")
            time.sleep(0.05)

    def test_each_link_shows_what_it_has_brought_also_after_a_crash(self):
        self.new_sale("drop")
        mail = self.new_link("drop", title="Newsletter")["short_code"]
        poster = self.new_link("drop", title="Poster", custom_alias="poster")["short_code"]
        answer = self.follow(mail)
        self.assertEqual(answer.status, 301)
        self.assertTrue(answer.headers["location"].endswith(f"/s/drop?channel={mail}"), answer.headers["location"])
        for number in range(6):
            self.follow(mail)
            self.buyer("drop", f"m{number}", mail, holds=number < 3)
        self.follow(poster)
        self.buyer("drop", "p", poster, holds=True)
        self.buyer("drop", "d", None)
        self.buyer("drop", "liar", "nobodys-link")
        expected = {mail: (7, 6, 3), poster: (1, 1, 1), None: (None, 2, 0)}
        self.await_brought("drop", expected)
        self.server.kill()
        self.server.start()
        self.await_brought("drop", expected)
        self.buyer("drop", "late", mail)
        self.await_brought("drop", expected | {mail: (7, 7, 3)})

    def test_a_sale_that_is_not_there_has_no_links(self):
        for method, body in (("GET", None), ("POST", {})):
            answer = self.operator(method, "/api/v1/sales/nothing/links", body)
            self.assertEqual((answer.status, answer.json["type"].rpartition("/")[2]), (404, "sale-not-found"))

    def test_a_link_of_a_sale_is_a_link_like_all_others(self):
        self.new_sale("own-page")
        made = self.new_link("own-page", long_url="https://shop.example/buy?sku=1#top", custom_alias="own")
        self.assertEqual(made["sale"], "own-page")
        self.assertEqual(self.follow("own").headers["location"], "https://shop.example/buy?sku=1&channel=own#top")
        changed = self.operator("PATCH", "/api/v1/urls/own", {"long_url": "https://shop.example/other"})
        self.assertEqual(changed.status, 200, changed.body)
        self.assertEqual(self.follow("own").headers["location"], "https://shop.example/other?channel=own")
        self.assertEqual(self.operator("DELETE", "/api/v1/urls/own").status, 204)
        self.assertEqual(self.brought("own-page")["links"], [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
