"""A safety net: the waiting room stands before a whole site all the time. Nobody sees it while the site has room;
beyond that people wait, and whose visit is over lines up again.

usage: net_test.py DOORBUSTER
"""

import json
import sys
import time
import unittest

from shop import ROOM, SHOP, Browser, Shop

BINARY = sys.argv.pop(1)
VISIT_SECONDS = 8  # room for a disk that takes its time in between

PLACES = """
  location /site { set $doorbuster_sale net; set $doorbuster_when_down open;
    include /etc/nginx/doorbuster/doorbuster-protect.conf; proxy_pass http://127.0.0.1:9000; }
"""


class SafetyNet(unittest.TestCase):
    def setUp(self):
        self.shop = Shop(BINARY, PLACES)
        self.addCleanup(self.shop.close)

    def stretch(self, **settings):
        self.shop.new_sale("net", queue="pass", **{"hold_seconds": VISIT_SECONDS} | settings)

    def arrive(self, browser=None):
        browser = browser or Browser(self.shop)
        return browser, browser.go(self.shop.url + "/site?page=1")

    def is_in(self, page):
        return (page.host, page.path) == (SHOP, "/site?page=1")

    def is_in_the_room(self, page):
        return (page.host, page.path.partition("?")[0]) == (ROOM, "/s/net/queue")

    def stand_in_line(self, browser):
        """What the room's script does first."""
        return json.loads(browser.request("POST", f"{self.shop.room_url}/api/v1/sales/net/queue").body)

    def until_in(self, browser, seconds):
        end = time.monotonic() + seconds
        while not self.is_in(self.arrive(browser)[1]):
            self.assertLess(time.monotonic(), end, "still outside")
            time.sleep(0.1)

    def test_the_third_waits_until_one_of_two_visits_ends(self):
        self.stretch(units=2)
        began = time.monotonic()
        first, page = self.arrive()
        self.assertTrue(self.is_in(page), page.steps)
        self.assertTrue(self.is_in(self.arrive()[1]))
        third, page = self.arrive()
        self.assertTrue(self.is_in_the_room(page), page.steps)
        self.assertEqual(self.stand_in_line(third)["state"], "waiting")
        self.assertTrue(self.is_in(self.arrive(first)[1]), "who is in stays in")
        self.until_in(third, VISIT_SECONDS + 3)
        self.assertGreater(time.monotonic() - began, VISIT_SECONDS - 0.1)

    def test_who_comes_back_after_a_visit_lines_up_again(self):
        self.stretch(units=1)
        first, page = self.arrive()
        self.assertTrue(self.is_in(page))
        second, page = self.arrive()
        self.assertTrue(self.is_in_the_room(page))
        self.stand_in_line(second)
        time.sleep(VISIT_SECONDS + 0.2)
        self.assertTrue(self.is_in_the_room(self.arrive(first)[1]), "the place is the second's")
        self.until_in(second, VISIT_SECONDS - 2)
        self.until_in(first, VISIT_SECONDS + 2)

    def test_visits_follow_one_another_unseen_while_there_is_room(self):
        self.stretch(units=2)
        browser, _ = self.arrive()
        entry = self.stand_in_line(browser)["id"]
        time.sleep(VISIT_SECONDS + 0.2)
        _, page = self.arrive(browser)
        self.assertTrue(self.is_in(page), page.steps)
        self.assertNotEqual(self.stand_in_line(browser)["id"], entry)

    def test_a_visitor_may_come_as_often_as_they_like(self):
        self.stretch(units=1, hold_seconds=60)
        browser = Browser(self.shop)
        for _ in range(40):
            self.assertTrue(self.is_in(self.arrive(browser)[1]))
            hold = self.stand_in_line(browser)["hold"]
            self.assertEqual(browser.request("DELETE", f"{self.shop.room_url}/api/v1/holds/{hold}").status, 200)

    def test_a_net_that_is_paused_lets_nobody_new_in_and_one_that_is_closed_everybody(self):
        self.stretch(units=2, hold_seconds=60)
        first, page = self.arrive()
        self.assertTrue(self.is_in(page))
        self.shop.operator("POST", "/api/v1/sales/net/pause")
        self.assertTrue(self.is_in_the_room(self.arrive()[1]))
        self.assertTrue(self.is_in(self.arrive(first)[1]))
        self.shop.operator("POST", "/api/v1/sales/net/close")
        page = self.arrive()[1]
        self.assertTrue(self.is_in(page))
        self.assertEqual((page.steps, page.json["told"].get("X-Doorbuster-Entry")), ([], None))

    def test_the_outflow_says_how_many_come_in_a_minute(self):
        self.stretch(units=100, outflow_per_minute=6)
        self.assertTrue(self.is_in(self.arrive()[1]))
        second, page = self.arrive()
        self.assertTrue(self.is_in_the_room(page), page.steps)
        self.stand_in_line(second)
        self.until_in(second, 12)


if __name__ == "__main__":
    unittest.main(verbosity=2)
