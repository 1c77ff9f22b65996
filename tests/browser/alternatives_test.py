"""What else there is, for those who come too late: on the page of a sale that is sold out, in a real browser."""

import time

import walker

PATIENCE_SECONDS = 10
HEADING = "What else there is"


class Alternatives(walker.Walk):
    def setUp(self):
        self.shop.operator("PUT", "/api/v1/recs/items/lamp", {"title": "Lamp", "url": "https://shop.example/lamp"})

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
        self.assertEqual(links[0], ["https://shop.example/lamp", "Lamp"], "what was bought together comes first")
        self.assertNotIn("/s/gone", [href for href, _ in links])
        self.assertLessEqual(late.evaluate("document.documentElement.scrollWidth"), 320)
        self.assertEqual(self.own_trouble(late), [])
        self.take_picture(late, "alternatives")

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
