"""The connector in deploy/nginx, as it stands there: a customer arrives, waits, is let in; nobody else gets through.

usage: nginx_test.py DOORBUSTER
"""

import json
import subprocess
import sys
import time
import unittest

from shop import ROOM, SHOP, Browser, Shop

BINARY = sys.argv.pop(1)

PLACES = """
  location /other { set $doorbuster_sale other; set $doorbuster_when_down closed;
    include /etc/nginx/doorbuster/doorbuster-protect.conf; proxy_pass http://127.0.0.1:9000; }
  location /brief { set $doorbuster_sale brief; set $doorbuster_when_down closed;
    include /etc/nginx/doorbuster/doorbuster-protect.conf; proxy_pass http://127.0.0.1:9000; }
  location /both { set $doorbuster_sale other,ps5; set $doorbuster_when_down closed;
    include /etc/nginx/doorbuster/doorbuster-protect.conf; proxy_pass http://127.0.0.1:9000; }
  location /mistaken { set $doorbuster_sale nothing; set $doorbuster_when_down open;
    include /etc/nginx/doorbuster/doorbuster-protect.conf; proxy_pass http://127.0.0.1:9000; }
  location /open { set $doorbuster_sale ps5; set $doorbuster_when_down open;
    include /etc/nginx/doorbuster/doorbuster-protect.conf; proxy_pass http://127.0.0.1:9000; }
"""


class Forgetful(Browser):
    """Keeps the room's cookies and not the shop's."""

    def keep(self, host, field):
        if host == ROOM:
            super().keep(host, field)


class BehindTheRoom(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.shop = Shop(BINARY, PLACES)
        cls.addClassCleanup(cls.shop.close)
        cls.shop.new_sale("ps5", units=100)
        cls.shop.new_sale("other", units=100)
        cls.shop.new_sale("brief", units=100, hold_seconds=2)

    def arrive(self, path="/checkout?sku=1"):
        browser = Browser(self.shop)
        return browser, browser.go(self.shop.url + path)

    def assert_refused(self, browser, path="/checkout"):
        """Not a byte of the site, but the way to the room."""
        answer = browser.request("GET", self.shop.url + path)
        self.assertEqual(answer.status, 302, answer.body)
        self.assertTrue(answer.headers["Location"].startswith(self.shop.room_url + "/q/"), answer.headers["Location"])
        self.assertNotIn(b"told", answer.body)

    def test_a_customer_goes_through_the_room_and_sees_the_checkout(self):
        browser, page = self.arrive()
        self.assertEqual((page.host, page.path, page.status), (SHOP, "/checkout?sku=1", 200), page.steps)
        self.assertTrue(page.steps[0].startswith(f"{self.shop.room_url}/q/ps5?return=https%3A%2F%2F{SHOP}"))
        self.assertEqual(page.steps[1], page.steps[0] + "&cookie=sent")
        self.assertIn("doorbuster_admission=", page.steps[2])
        self.assertEqual(page.steps[3], self.shop.url + "/checkout?sku=1")
        told = page.json["told"]
        self.assertEqual(told["X-Doorbuster-Sale"], "ps5")
        self.assertEqual(len(told["X-Doorbuster-Entry"]), 26)
        kept = browser.cookies[SHOP, "doorbuster_admission"]
        self.assertLessEqual({"HttpOnly", "Secure", "SameSite=Lax", "Path=/"}, kept[2])
        self.assertLessEqual(kept[1] - time.time(), 300)
        self.assertEqual(browser.go(self.shop.url + "/checkout/pay").steps, [], "once in, there is no further detour")

    def test_who_has_to_wait_is_shown_the_room_and_let_in_when_it_is_their_turn(self):
        self.shop.new_sale("line", units=1)
        first = Browser(self.shop)
        api = f"{self.shop.room_url}/api/v1/sales/line"
        held = first.request("POST", api + "/queue")
        hold = json.loads(first.request("POST", api + "/holds").body)["id"]
        self.assertEqual(held.status, 202)
        second = Browser(self.shop)
        page = second.go(f"{self.shop.room_url}/q/line?return={self.shop.url}/line")
        self.assertEqual((page.host, page.path.partition("?")[0], page.status), (ROOM, "/s/line/queue", 200))
        self.assertIn(b"<main", page.body)
        entry = json.loads(second.request("POST", api + "/queue").body)
        self.assertEqual(entry["state"], "waiting")
        again = second.go(f"{self.shop.room_url}/q/line?return={self.shop.url}/line")
        self.assertEqual(again.host, ROOM, "who waits already goes on waiting")
        self.assertEqual(first.request("DELETE", f"{self.shop.room_url}/api/v1/holds/{hold}").status, 200)
        page = second.go(f"{self.shop.room_url}/q/line?return={self.shop.url}/line")
        self.assertEqual((page.host, page.path.partition("=")[0]), (SHOP, "/line?doorbuster_admission"))

    def test_a_visitor_is_sent_to_the_room_whatever_the_length_of_what_they_ask_for(self):
        for place in ("/checkout", "/open"):
            for query in ("a" * 1_900, "a" * 3_500, "%C3%A4" * 300, "%C3%A4" * 600, "&a=b" * 400):
                self.assert_refused(Browser(self.shop), f"{place}?pad={query}")
        _, page = self.arrive("/checkout?pad=" + "a" * 1_900)
        self.assertEqual((page.status, page.json["path"]), (200, "/checkout?pad=" + "a" * 1_900))

    def test_what_keeps_no_cookies_takes_nobodys_place(self):
        self.shop.new_sale("other2", units=10)
        place = f"{self.shop.room_url}/q/other2?return={self.shop.url}/"
        browser = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
        for name in ({}, browser):
            told = self.curl(place, name)
            self.assertIn("This needs cookies" if name else "<main", told)
        self.assertEqual(self.shop.sale("other2")["available"], 10)
        self.assertIn("told", self.curl(place, browser, "--cookie-jar", "/dev/null"))
        self.assertEqual(self.shop.sale("other2")["available"], 9, "with cookies it is a browser like any other")

    def test_a_site_whose_cookie_is_lost_is_noticed_before_the_browser_gives_up(self):
        page = Forgetful(self.shop).go(self.shop.url + "/checkout")
        self.assertEqual((page.host, page.status), (ROOM, 403))
        self.assertIn(b"You are in, but the site does not see it", page.body)

    def curl(self, address, headers, *more):
        """What it ends up with, following redirects."""
        command = ["curl", "--silent", "--location", "--max-redirs", "20", "--cacert", str(self.shop.home / "cert.pem")]
        for host in (SHOP, ROOM):
            command += ["--resolve", f"{host}:{self.shop.port}:127.0.0.1"]
        for name, value in headers.items():
            command += ["--header", f"{name}: {value}"]
        return subprocess.run(command + [*more, address], check=True, capture_output=True, text=True).stdout

    def test_a_place_that_belongs_to_no_sale_is_shut(self):
        self.assertEqual(Browser(self.shop).request("GET", self.shop.url + "/mistaken").status, 503)
        self.assertIn("auth request unexpected status: 400", self.shop.errors())

    def test_the_shop_itself_is_open_to_everybody(self):
        self.assertEqual(self.arrive("/")[1].steps, [])

    def test_what_a_browser_says_of_itself_does_not_reach_the_site(self):
        lies = {"X-Doorbuster-Entry": "me", "X-Doorbuster-Sale": "all", "X-Doorbuster-Expires": "never"}
        browser, _ = self.arrive()
        told = json.loads(browser.request("GET", self.shop.url + "/checkout", lies).body)["told"]
        self.assertEqual(told["X-Doorbuster-Sale"], "ps5")
        self.assertNotIn("me", told.values())
        self.assertNotIn("never", told.values())

    def test_a_forged_admission_is_refused(self):
        browser, _ = self.arrive()
        good = browser.admission()
        for at in (5, len(good) // 2, len(good) - 5):
            forger = Browser(self.shop)
            forged = good[:at] + ("A" if good[at] != "A" else "B") + good[at + 1 :]
            forger.keep(SHOP, f"doorbuster_admission={forged}")
            self.assert_refused(forger)
            self.assert_refused(Browser(self.shop), f"/checkout?doorbuster_admission={forged}")
        self.assert_refused(Browser(self.shop), "/checkout?admission=")

    def test_an_admission_to_another_sale_is_refused(self):
        browser, page = self.arrive("/other")
        self.assertEqual(page.json["told"]["X-Doorbuster-Sale"], "other")
        self.assert_refused(browser)
        self.assertEqual(browser.request("GET", self.shop.url + "/both").status, 200)
        self.assert_refused(browser, f"/checkout?doorbuster_admission={browser.admission()}")

    def test_an_admission_that_is_over_is_refused(self):
        browser, page = self.arrive("/brief")
        self.assertEqual(page.status, 200)
        token = browser.admission()
        time.sleep(2.5)
        browser.keep(SHOP, f"doorbuster_admission={token}")  # a browser that does not let go of it
        self.assert_refused(browser, "/brief")

    def test_an_admission_ends_with_its_turn(self):
        browser, _ = self.arrive()
        queue = f"{self.shop.room_url}/api/v1/sales/ps5"
        entry = json.loads(browser.request("POST", queue + "/queue").body)
        self.assertEqual(browser.request("DELETE", f"{self.shop.room_url}/api/v1/holds/{entry['hold']}").status, 200)
        self.assert_refused(browser)

    def test_the_way_back_keeps_what_is_in_the_address(self):
        path = "/checkout/a%20b?sku=1&x=%26%3D&doorbuster_admission=old.old.old&y"
        _, page = self.arrive(path)
        self.assertEqual(page.json["path"], "/checkout/a%20b?sku=1&x=%26%3D&y")

    def test_the_sites_own_parameter_of_that_name_reaches_the_site(self):
        for path in ("/checkout?admission=adult", "/checkout?Admission=adult&x=1"):
            browser, page = self.arrive(path)
            self.assertEqual(page.json["path"], path)
            self.assertEqual(browser.request("GET", self.shop.url + path).json["path"], path)

    def test_the_reserved_name_in_any_letters_ends_in_the_clean_address(self):
        for name in ("Doorbuster_Admission", "DOORBUSTER_ADMISSION"):
            browser, page = self.arrive(f"/checkout?x=1&{name}=nonsense")
            self.assertEqual(page.json["path"], "/checkout?x=1")
            again = browser.go(f"{self.shop.url}/checkout?{name}={browser.admission()}&x=1")
            self.assertEqual(again.json["path"], "/checkout?x=1")

    def test_a_form_that_comes_too_late_goes_to_the_room_too(self):
        answer = Browser(self.shop).request("POST", self.shop.url + "/checkout", body=b"a=b")
        self.assertEqual(answer.status, 302)
        browser, _ = self.arrive()
        self.assertEqual(browser.request("POST", self.shop.url + "/checkout", body=b"a=b").status, 200)

    def test_without_the_server_a_place_is_open_or_shut_as_was_chosen(self):
        shop = Shop(BINARY, PLACES)
        self.addCleanup(shop.close)
        shop.new_sale("ps5", units=1)
        browser = Browser(shop)
        self.assertEqual(browser.go(shop.url + "/checkout").status, 200)
        shop.server.kill()
        shut = browser.request("GET", shop.url + "/checkout")
        self.assertEqual((shut.status, shut.headers["Retry-After"]), (503, "5"))
        passed = browser.request("GET", shop.url + "/open", {"X-Doorbuster-Entry": "me"})
        self.assertEqual((passed.status, passed.json["told"].get("X-Doorbuster-Entry")), (200, None))
        self.assertEqual(browser.request("GET", shop.url + "/open?doorbuster_admission=x").status, 200)
        self.assertEqual(browser.request("GET", shop.url + "/checkout?doorbuster_admission=x").status, 503)
        self.assertEqual(browser.request("GET", shop.url + "/").status, 200)
        shop.server.start()
        patience = time.monotonic() + 15
        while browser.request("GET", shop.url + "/checkout").status != 200:
            self.assertLess(time.monotonic(), patience, "nginx does not come back to the server")
            time.sleep(0.1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
