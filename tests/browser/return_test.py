"""People whom a shop sends to the waiting room, and who go back to its checkout when it is their turn."""

import http.server
import pathlib
import sys
import threading
import urllib.parse

import walker
from shop import Shop

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "api"))
from live_server import mint  # noqa: E402


class Checkout(http.server.BaseHTTPRequestHandler):
    """The shop's own, which shows where it was asked for."""

    def do_GET(self):
        body = f"<!doctype html><title>Checkout</title><h1>The shop's checkout</h1><p>{self.path}</p>".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Return(walker.Walk):
    @classmethod
    def setUpClass(cls):
        cls.site = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Checkout)
        threading.Thread(target=cls.site.serve_forever, daemon=True).start()
        cls.back = f"http://127.0.0.1:{cls.site.server_port}/checkout?sku=1"
        cls.shop = Shop(walker.BINARY, "--admissions-return-to", f"http://127.0.0.1:{cls.site.server_port}/")

    @classmethod
    def tearDownClass(cls):
        cls.site.shutdown()
        super().tearDownClass()

    def link(self, sale, back=None, end=""):
        return f"/q/{sale}?return={urllib.parse.quote(back or self.back, safe='')}{end}"

    def one_place(self, sale, **settings):
        self.shop.new_sale(sale, queue="fifo", units=1, item=walker.ITEM, **settings)

    def wait_for_checkout(self, browser):
        browser.wait_for("document.title === 'Checkout'")
        query = urllib.parse.parse_qs(browser.evaluate("location.search.slice(1)"))
        self.assertEqual(query["sku"], ["1"])
        self.assertEqual(query["doorbuster_admission"][0].count("."), 2)
        return query["doorbuster_admission"][0]

    def test_while_there_is_a_place_nobody_sees_a_room(self):
        self.one_place("free")
        browser = self.visit(self.link("free"))
        self.wait_for_checkout(browser)
        self.assertEqual(self.shop.sale("free")["held"], 1)
        browser.go(self.shop.url + self.link("free"))
        self.wait_for_checkout(browser)
        self.assertEqual(self.shop.sale("free")["waiting"], 0, "who is in comes back to the same place")

    def test_who_has_to_wait_stands_in_line_at_once_and_goes_when_it_is_their_turn(self):
        self.one_place("line")
        first = self.holder("line")
        second = self.visit(self.link("line"), width=390, height=844)
        second.wait_for_text("nobody: you are next")
        self.take_picture(second, "room-with-a-way-back")
        second.call("Page.reload")
        second.wait_for_text("nobody: you are next")
        self.give_back(first)
        self.wait_for_checkout(second)
        self.assertEqual(self.shop.sale("line")["held"], 1)
        self.assertEqual(self.own_trouble(second), [])

    def test_a_tab_that_nobody_looks_at_calls_and_goes_when_it_is_told_to(self):
        self.one_place("hidden")
        first = self.holder("hidden")
        second = self.visit("/", width=390, height=844, dark=True)
        hidden = 'Object.defineProperty(document, "hidden", { get: () => true });'
        second.call("Page.addScriptToEvaluateOnNewDocument", source=hidden)
        second.go(self.shop.url + self.link("hidden"))
        second.wait_for_text("nobody: you are next")
        self.give_back(first)
        second.wait_for_text("On your way back to the shop")
        self.take_picture(second, "turn-with-a-way-back")
        self.assertEqual(self.shop.sale("hidden")["offered"], 1, "nothing is taken for who does not look")
        second.click_on("Go to the shop")
        self.wait_for_checkout(second)

    def test_a_customer_of_the_shop_brings_their_token_and_has_one_place_everywhere(self):
        self.one_place("signed", guests=False)
        with open(self.shop.data + "/shop.key") as file:
            key = file.read()
        first = self.visit(self.link("signed", end="#token=" + mint(key, "alice")))
        self.wait_for_checkout(first)
        second = self.visit(self.link("signed", end="#token=" + mint(key, "bob")))
        second.wait_for_text("nobody: you are next")
        self.assertEqual(second.evaluate("location.hash"), "", "the token is not left in the address")
        other_device = self.visit(self.link("signed", end="#token=" + mint(key, "bob")))
        other_device.wait_for_text("nobody: you are next")
        self.assertEqual(self.shop.sale("signed")["waiting"], 1)
        again = self.visit(self.link("signed", end="#token=" + mint(key, "alice")))
        self.wait_for_checkout(again)

    def test_who_is_a_stranger_where_only_customers_are_let_in_is_told(self):
        self.one_place("strict", guests=False)
        browser = self.visit(self.link("strict"))
        browser.wait_for_text("for customers with an account of the shop")

    def test_when_a_visit_is_over_the_next_begins_with_a_new_place(self):
        self.one_place("brief", hold_seconds=2)
        browser = self.visit(self.link("brief"))
        before = self.wait_for_checkout(browser)
        other = self.visit(self.link("brief"))
        after = self.wait_for_checkout(other)
        self.assertNotEqual(before, after)
        browser.go(self.shop.url + self.link("brief"))
        self.wait_for_checkout(browser)

    def test_a_safety_net_speaks_of_coming_in_and_not_of_units(self):
        self.shop.new_sale("net", queue="pass", units=1, price=None, hold_seconds=300)
        first = self.visit(self.link("net"))
        self.wait_for_checkout(first)
        second = self.visit(self.link("net"), width=390, height=844)
        second.wait_for_text("nobody: you are next")
        second.wait_for_text("seconds to come in")
        self.assertNotIn("Your chance", second.evaluate("document.body.textContent"))
        self.take_picture(second, "safety-net")
        second.go(self.shop.url + "/s/net")
        second.wait_for_text("0 of 1 places free")
        self.assertNotIn("each customer", second.evaluate("document.querySelector('main').innerText"))

    def test_an_address_that_is_not_listed_is_refused_on_every_way(self):
        self.one_place("listed")
        browser = self.visit(self.link("listed", "https://evil.example/"))
        browser.wait_for_text("This link can't be followed")
        self.take_picture(browser, "no-such-return")
        self.assertEqual(self.shop.sale("listed")["available"], 1)
        browser.go(self.shop.url + "/s/listed/queue?return=https%3A%2F%2Fevil.example%2F")
        browser.wait_for_text("The shop has not listed the address")
        browser.wait_for_text("A unit is set aside for you")
        self.take_picture(browser, "no-such-return-at-the-turn")
        self.assertEqual(browser.evaluate("location.origin"), self.shop.url)
        self.assertEqual(self.shop.sale("listed")["held"], 0, "nothing was taken for it")


if __name__ == "__main__":
    walker.main()
