"""What else there is, for those who come too late: on the page of a sale that is sold out, in a real browser."""

import time

import walker

PATIENCE_SECONDS = 10
HEADING = "What else there is"


class Alternatives(walker.Walk):
    def setUp(self):
        self.shop.operator("PUT", "/api/v1/recs/items/lamp", {
            "title": "Lamp", "url": "https://shop.example/lamp", "image": "/demo-seat.svg", "price": 24.5,
            "currency": "EUR"})  # fmt: skip

    def told(self):
        """Events of visitors that are in the tables."""
        lines = self.shop.metrics().splitlines()
        return sum(float(line.split()[-1]) for line in lines if line.startswith("doorbuster_recs_interactions_total"))

    def wait_for_events(self, at_least):
        end = time.monotonic() + PATIENCE_SECONDS
        while self.told() < at_least:
            self.assertLess(time.monotonic(), end, "nobody told that they had looked")
            time.sleep(0.05)

    def test_who_comes_too_late_finds_somewhere_to_go(self):
        self.shop.new_sale("gone", units=1)
        first = self.buyer("gone")
        self.pay(first)
        first.wait_for_text("It is yours!")
        rows = [{"type": "purchase", "item": item, "user": "w1"} for item in ("gone", "lamp")]
        self.shop.operator("POST", "/api/v1/recs/events", rows)
        late = self.visit("/s/gone", width=320, height=640)
        late.wait_for_text(HEADING)
        links = late.evaluate("""[...document.querySelectorAll(".alternatives a")].map((a) =>
            [a.getAttribute("href"), a.textContent.trim()])""")
        self.assertEqual(links[0], ["https://shop.example/lamp", "Lamp€24.50"], "what was bought together comes first")
        self.assertNotIn("/s/gone", [href for href, _ in links])
        self.assertLessEqual(late.evaluate("document.documentElement.scrollWidth"), 320)
        self.assertEqual(self.own_trouble(late), [])
        decoration = "getComputedStyle(document.querySelector('.alternatives b')).textDecorationLine"
        self.assertEqual(late.evaluate(decoration), "underline", "a name looks like a link")
        width = late.evaluate("document.querySelector('.alternatives img').clientWidth")
        self.assertTrue(0 < width <= 100, f"{width} pixels of 320 for a picture")
        self.take_picture(late, "alternatives")
        if walker.SCREENSHOTS:
            for name, how in (("desk", {}), ("desk-dark", {"dark": True}), ("phone", {"width": 390, "height": 1000}),
                              ("phone-dark", {"width": 390, "height": 1000, "dark": True})):  # fmt: skip
                browser = self.visit("/s/gone", **how)
                browser.wait_for_text(HEADING)
                self.take_picture(browser, f"alternatives-{name}")

    def test_a_sale_that_sells_leads_nowhere_else(self):
        self.shop.new_sale("selling", units=5)
        browser = self.visit("/s/selling")
        browser.wait_for_text("Buy one")
        self.assertNotIn(HEADING, browser.evaluate("document.body.innerText"))

    def test_that_somebody_looked_is_told_when_they_leave(self):
        self.shop.new_sale("looked-at", units=5)
        browser = self.visit("/s/looked-at")
        browser.wait_for_text("Buy one")
        before = self.told()
        browser.click('a[href="/"]')
        self.wait_for_events(before + 1)
        browser.click('a[href="/s/looked-at"]')
        browser.wait_for_text("Buy one")
        browser.go(self.shop.url + "/livez")
        self.wait_for_events(before + 2)


if __name__ == "__main__":
    walker.main()
