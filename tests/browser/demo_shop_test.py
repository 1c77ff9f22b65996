"""The demo shop of `doorbuster run --demo-shop`, in a real browser: what it recommends follows the clicks.

usage: demo_shop_test.py DOORBUSTER [--screenshots FOLDER]
"""

import json
import time

import walker
from shop import Shop

PATIENCE_SECONDS = 10
FIRST_PAGE_BYTES = 60_000  # all of it, as it comes over the network; pictures are of a kilobyte each


class DemoShop(walker.Walk):
    @classmethod
    def setUpClass(cls):
        cls.shop = Shop(walker.BINARY, "--demo-shop")

    def shown_in(self, browser, row):
        """Of a row of recommendations: the items, by their addresses."""
        browser.wait_for(f"document.querySelectorAll('#{row} a').length > 0")
        return browser.evaluate(f"""[...document.querySelectorAll("#{row} a")].map((a) =>
            a.getAttribute("href").split("/").at(-1))""")

    def look_at(self, browser, item):
        browser.go(f"{self.shop.url}/demo-shop/p/{item}")
        browser.wait_for_text("Put into the cart")
        self.shown_in(browser, "similar")

    def item(self, name):
        return self.shop.operator("GET", f"/api/v1/recs/items/{name}")

    def favourites(self, kind):
        """Of a kind: those that are looked at the most."""
        items = [f"{kind}-{number:02}" for number in range(1, 51)]
        return sorted(items, key=lambda name: -self.item(name)["viewed_by"])

    def test_three_clicks_change_what_is_for_you(self):
        browser = self.visit("/demo-shop")
        before = self.shown_in(browser, "for-you")
        for item in self.favourites("tent")[:3]:
            self.look_at(browser, item)
        browser.click(".mark")
        browser.wait_for_text("Three thousand things")
        after = self.shown_in(browser, "for-you")
        outdoors = [name for name in after if "outdoors" in self.item(name)["categories"]]
        self.assertGreaterEqual(len(outdoors), 5, after)
        self.assertNotEqual(before, after)
        reasons = browser.evaluate("""[...document.querySelectorAll("#for-you .doorbuster-reason")].map((e) =>
            e.textContent)""")
        self.assertEqual(len(reasons), len(after))
        self.assertTrue(any("together with" in words and "tent" in words for words in reasons), reasons)
        self.assertEqual(self.own_trouble(browser), [])

    def test_what_was_bought_is_not_shown_again(self):
        first, *others = self.favourites("espresso-machine")
        browser = self.visit("/demo-shop")
        for other in others[:2]:
            self.look_at(browser, other)
        together = self.shop.operator("GET", f"/api/v1/recs/items/{others[0]}/also-viewed?n=8")["items"]
        wanted = next(one["item"] for one in together if one["item"] not in others[:2])
        self.look_at(browser, others[0])
        self.assertIn(wanted, self.shown_in(browser, "viewed"))
        self.look_at(browser, wanted)
        browser.click_on("Put into the cart")
        browser.wait_for_text("is in your cart.")
        self.assertEqual(browser.evaluate("document.getElementById('cart-count').textContent"), "1")
        before = self.item(wanted)["bought_by"]
        browser.click('a[href="/demo-shop/cart"]')
        browser.click_on("Buy all of it")
        browser.wait_for_text("Your cart is empty.")
        self.assertEqual(self.item(wanted)["bought_by"], before + 1)
        self.look_at(browser, others[0])
        self.assertNotIn(wanted, self.shown_in(browser, "viewed"))
        self.assertNotIn(wanted, self.shown_in(browser, "bought"))
        browser.go(self.shop.url + "/demo-shop")
        self.assertNotIn(wanted, self.shown_in(browser, "for-you"))
        self.assertTrue(first)
        self.assertEqual(self.own_trouble(browser), [])

    def test_that_somebody_looks_is_told_once(self):
        name = self.favourites("novel")[-1]
        before = self.item(name)["viewed_by"]
        told = self.told()
        self.look_at(self.visit("/demo-shop"), name)
        self.assertEqual(self.item(name)["viewed_by"], before + 1)
        self.assertEqual(self.told(), told + 1)

    def told(self):
        lines = self.shop.metrics().splitlines()
        return sum(float(line.split()[-1]) for line in lines if line.startswith("doorbuster_recs_interactions_total"))

    def test_the_drop_and_the_shop_lead_to_each_other(self):
        browser = self.visit("/demo-shop")
        browser.click(".drop")
        browser.wait_for_text("Buy one")
        self.shop.operator("POST", "/api/v1/sales/demo-queue/close", {})
        browser.go(self.shop.url + "/s/demo-queue")
        browser.wait_for_text("What else there is")
        links = browser.evaluate("""[...document.querySelectorAll(".alternatives a")].map((a) =>
            a.getAttribute("href"))""")
        into = [href for href in links if "/demo-shop/p/" in href]
        self.assertTrue(into, links)
        pictures = "[...document.querySelectorAll('.alternatives img')].every((e) => e.complete && e.naturalWidth > 0)"
        browser.wait_for(pictures)
        browser.go(into[0])
        browser.wait_for_text("Put into the cart")
        self.assertEqual(self.own_trouble(browser), [])

    def test_the_first_page_is_light(self):
        browser = self.visit("/demo-shop")
        self.shown_in(browser, "for-you")
        self.shown_in(browser, "trending")
        browser.wait_for("[...document.images].filter((e) => e.loading !== 'lazy').every((e) => e.complete)")
        sizes = json.loads(browser.evaluate("""JSON.stringify(["navigation", "resource"].flatMap((type) =>
            performance.getEntriesByType(type)).map((e) => [e.name, e.transferSize]))"""))
        self.assertLess(sum(size for _, size in sizes), FIRST_PAGE_BYTES, sizes)

    def test_on_a_phone_nothing_is_wider_than_the_page(self):
        for path in ("", "/c/kitchen", "/c/kitchen?kind=tent&page=2", "/p/tablet-01", "/cart", "/nothing"):
            browser = self.visit("/demo-shop" + path, width=320, height=640)
            browser.wait_for("document.querySelector('h1') !== null && document.readyState === 'complete'")
            self.assertLessEqual(browser.evaluate("document.documentElement.scrollWidth"), 320, path)

    def test_pictures_to_look_at(self):
        if not walker.SCREENSHOTS:
            self.skipTest("only for whoever wants to look")
        for name, how in (("desk", {"height": 1700}), ("desk-dark", {"dark": True, "height": 1700}),
                          ("phone", {"width": 390, "height": 1700}),
                          ("phone-dark", {"width": 390, "height": 1700, "dark": True})):  # fmt: skip
            browser = self.visit("/demo-shop/p/tent-29", **how)
            self.shown_in(browser, "similar")
            self.take_picture(browser, f"demo-shop-item-{name}")
            for page, path in (("front", ""), ("category", "/c/coffee"), ("cart", "/cart")):
                if page == "cart":
                    browser.go(self.shop.url + "/demo-shop/p/tent-29")
                    browser.click_on("Put into the cart")
                    browser.wait_for_text("is in your cart.")
                browser.go(self.shop.url + "/demo-shop" + path)
                time.sleep(1)
                self.take_picture(browser, f"demo-shop-{page}-{name}")


if __name__ == "__main__":
    walker.main()
