"""What a sale tells is what its customers did: held is in the cart, sold out can not be had; and the page of a sale
that is over has somewhere else to go.

Usage: sales_test.py DOORBUSTER
"""

import json
import sys
import time
import unittest

from recs_server import RecsServer, event

BINARY = sys.argv.pop(1)
PATIENCE_SECONDS = 20


class Sales(unittest.TestCase):
    def setUp(self):
        self.server = RecsServer(BINARY)
        self.server.flags = ["--services", "sale,recs"]
        self.server.start()
        self.addCleanup(self.server.__exit__)

    def sale(self, name, units):
        headers = {"Authorization": "Bearer " + self.server.key("operator.key")}
        body = {"id": name, "title": name, "units": units, "queue": "none", "opens_at": "2020-01-01T00:00:00Z"}
        answer = self.server.request("POST", "/api/v1/sales", headers, json.dumps(body))
        self.assertEqual(answer.status, 201, answer.body)

    def hold(self, sale, who):
        headers = {"Authorization": "Bearer " + self.server.mint(who)}
        answer = self.server.request("POST", f"/api/v1/sales/{sale}/holds", headers, "{}")
        self.assertEqual(answer.status, 201, answer.body)

    def until(self, truth, what):
        end = time.monotonic() + PATIENCE_SECONDS
        while not truth():
            self.assertLess(time.monotonic(), end, what)
            time.sleep(0.05)

    def carts(self, who):
        answer = self.server.operator("GET", f"/users/{who}")
        return [touch["item"] for touch in answer.json["events"]] if answer.status == 200 else []

    def test_who_holds_a_unit_has_it_in_their_cart_once_whatever_crashes(self):
        self.server.operator("PUT", "/items/controller", {"title": "Controller", "url": "https://shop.example/c"})
        self.sale("console", 50)
        for number in range(10):
            self.hold("console", f"w{number}")
            self.server.tell(event("purchase", "controller", user=f"w{number}"))
        self.until(lambda: all("console" in self.carts(f"w{n}") for n in range(10)), "the holds are not there")
        self.server.kill()
        self.server.start()
        self.hold("console", "late")
        self.until(lambda: "console" in self.carts("late"), "a hold after a start is not there")
        self.assertEqual(self.carts("w3").count("console"), 1)
        answer = self.server.public("GET", "/items/console/also-bought?n=1")
        self.assertEqual(answer.json["items"][0]["item"], "controller", answer.body)
        self.assertEqual(answer.json["items"][0]["url"], "https://shop.example/c")

    def test_an_item_of_the_catalogue_says_which_sale_sells_it(self):
        self.server.operator("PUT", "/items/controller", {"title": "Controller"})
        self.server.operator("PUT", "/items/sku-17", {"title": "Console", "sales": ["friday", "monday"]})
        self.sale("friday", 5)
        self.hold("friday", "ann")
        self.server.tell(event("purchase", "controller", user="ann"))
        self.until(lambda: "sku-17" in self.carts("ann"), "the hold is not the item's")
        answer = self.server.public("GET", "/items/friday/also-bought?n=1")
        self.assertEqual(answer.json["items"][0]["item"], "controller", answer.body)
        answer = self.server.public("GET", "/items/controller/also-bought?n=1")
        self.assertEqual(answer.json["items"][0]["item"], "sku-17", answer.body)
        self.assertEqual(answer.json["items"][0]["sales"], ["friday", "monday"])
        self.server.operator("PUT", "/items/sku-17", {"title": "Console"})
        self.hold("friday", "bob")
        self.until(lambda: "friday" in self.carts("bob"), "a sale that sells no item is one itself")

    def test_a_sale_that_is_over_can_not_be_had(self):
        self.server.operator("PUT", "/items/other", {})
        self.sale("brief", 5)
        shown = lambda: "brief" in self.server.items("/popular", n=100)  # noqa: E731
        self.until(shown, "an open sale is not shown")
        headers = {"Authorization": "Bearer " + self.server.key("operator.key")}
        answer = self.server.request("POST", "/api/v1/sales/brief/close", headers, json.dumps({"reason": "over"}))
        self.assertEqual(answer.status, 200, answer.body)
        self.until(lambda: not shown(), "a closed sale is shown")


if __name__ == "__main__":
    unittest.main(verbosity=2)
