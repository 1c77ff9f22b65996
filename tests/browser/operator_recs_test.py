"""Operators see what is recommended and why, how it fares, and say what may be shown.

usage: operator_recs_test.py DOORBUSTER [--screenshots FOLDER]
"""

import subprocess
import time

import walker
from shop import Shop

SIZES = (("desk", {"height": 3400}), ("desk-dark", {"dark": True, "height": 3400}),
         ("phone", {"width": 390, "height": 3400}),
         ("phone-dark", {"width": 390, "height": 3400, "dark": True}))  # fmt: skip


class OperatorRecs(walker.Walk):
    @classmethod
    def setUpClass(cls):
        cls.shop = Shop(walker.BINARY, "--demo-shop")

    def page(self, path="/operator/recs", **how):
        browser = self.log_in(path, **how)
        browser.wait_for_text("What is recommended")
        browser.wait_for("document.querySelectorAll('.recommended li').length >= 12")
        return browser

    def titles(self, browser):
        return browser.evaluate("[...document.querySelectorAll('.answers h2')].map((e) => e.textContent)")

    def test_an_item_a_user_and_a_visit_side_by_side(self):
        self.shop.operator("POST", "/api/v1/recs/events", [
            {"type": "purchase", "item": "tent-29", "user": "ann"},
            {"type": "view", "item": "espresso-machine-07", "session": "v-1"}])  # fmt: skip
        browser = self.page()
        self.assertEqual(self.titles(browser), ["Trending in 24 hours", "Popular", "For somebody new"])
        browser.write("#field-item", "tent-29")
        browser.write("#field-user", "ann")
        browser.write("#field-session", "v-1")
        browser.click_on("Show")
        browser.wait_for("document.querySelectorAll('.answers section').length === 5")
        self.assertEqual(self.titles(browser), ["Bought together", "Looked at together", "Similar", "For the user",
                                                "For the visit"])  # fmt: skip
        browser.wait_for("[...document.querySelectorAll('.recommended')].every((e) => e.children.length === 6)")
        reasons = browser.evaluate("document.querySelector('.answers section:nth-child(1)').innerText")
        self.assertRegex(reasons, r"bought together with .* tent")
        browser.click(".why summary")
        browser.wait_for("document.querySelector('.why .facts') !== null")
        self.assertIn("Because of", browser.evaluate("document.querySelector('.why').innerText"))
        self.assertEqual(self.own_trouble(browser), [])

    def test_a_filter_that_cannot_be_read_is_said_beside_it(self):
        browser = self.page()
        browser.write("#field-filter", "price <")
        browser.click_on("Show")
        browser.wait_for("document.activeElement.id === 'field-filter'")
        self.assertNotEqual(browser.evaluate("document.getElementById('field-filter-wrong').textContent"), "")

    def test_a_name_in_an_answer_is_asked_about(self):
        browser = self.page()
        first = browser.evaluate("document.querySelector('.recommended button').textContent")
        browser.click(".recommended button")
        browser.wait_for("document.querySelector('.answers h2')?.textContent === 'Bought together'")
        item = browser.evaluate("document.querySelector('#field-item').value")
        self.assertEqual(self.shop.operator("GET", f"/api/v1/recs/items/{item}")["title"], first)

    def test_numbers_are_those_of_the_server(self):
        for number in range(1, 21):
            self.shop.operator("GET", f"/api/v1/recs/items/novel-{number:02}/similar?n=20")
        browser = self.page()
        browser.wait_for("document.querySelector('.tile b') !== null")
        usage = self.shop.operator("GET", "/api/v1/recs/usage")
        shown = browser.evaluate("document.querySelector('section[aria-label=Numbers]').innerText")
        self.assertIn(f"of {usage['recommended']['items_shown']:,} items", shown)
        tables = browser.evaluate("""[...document.querySelectorAll('.breakdowns .panel:nth-child(2) .name')].map((e) =>
            e.textContent)""")
        self.assertEqual(len(tables), len(usage["memory"]))
        sizes = [table["bytes"] for table in usage["memory"]]
        self.assertEqual(sizes, sorted(sizes, reverse=True), "the largest first")
        self.assertGreaterEqual(usage["recommended"]["answers"], 20)

    def test_what_is_followed_is_told_of_each_surface(self):
        for number in range(30):
            answer = self.shop.operator("GET", f"/api/v1/recs/popular?n=4&surface=home&session=follower-{number}")
            shown = [{"type": kind, "item": item["item"], "session": f"follower-{number}",
                      "recommendation": answer["recommendation"]}
                     for place, item in enumerate(answer["items"])
                     for kind in ("impression", "click") if kind == "impression" or place == 0]  # fmt: skip
            self.shop.operator("POST", "/api/v1/recs/events", shown)
        report = self.shop.operator("GET", "/api/v1/recs/surfaces/home/report")
        browser = self.page()
        browser.wait_for("document.querySelector('section[aria-label=Surfaces] .rows table') !== null")
        rows = browser.evaluate("""[...document.querySelectorAll('section[aria-label=Surfaces] tbody tr')].map((e) =>
            e.innerText.split("\\t").map((cell) => cell.trim()))""")
        home = next(row for row in rows if row[0] == "home")
        self.assertEqual(home[1:3], [f"{report['impressions']:,}", f"{report['clicks']:,}"])
        self.assertRegex(home[3], r"^2\d\.\d % \(\d+\.\d to \d+\.\d\)$")
        browser.wait_for("document.querySelector('section[aria-label=Surfaces] canvas') !== null")

    def test_a_rule_and_a_surface_are_made_changed_and_removed(self):
        browser = self.log_in("/operator/recs/rules")
        browser.wait_for_text("A form for one")
        browser.evaluate("document.querySelector('section[aria-label=Rules] details').open = true")
        browser.write("#field-rules-name", "no-tents")
        browser.write("#field-rules-action", "exclude")
        browser.write("#field-rules-filter", "category =")
        browser.click("section[aria-label=Rules] form .main")
        browser.wait_for("document.activeElement.id === 'field-rules-filter'")
        browser.write("#field-rules-filter", 'category = "tent"')
        browser.click("section[aria-label=Rules] form .main")
        browser.wait_for_text("The rule no-tents holds from now on.")
        rules = self.shop.operator("GET", "/api/v1/recs/rules")["documents"]
        self.assertEqual(rules, [{"name": "no-tents",
                                  "document": {"action": "exclude", "filter": 'category = "tent"'}}])  # fmt: skip
        similar = self.shop.operator("GET", "/api/v1/recs/items/tent-29/similar?n=50")["items"]
        self.assertFalse([one for one in similar if one["item"].startswith("tent-")])
        browser.click_on("Change")
        browser.wait_for("document.querySelector('#field-rules-name').value === 'no-tents'")
        browser.write("#field-rules-filter", "price > 300")
        browser.click("section[aria-label=Rules] form .main")
        browser.wait_for_text("filter: price > 300")
        browser.click_on("Remove …")
        browser.wait_for("document.querySelector('dialog[open]') !== null")
        browser.click('dialog button[value="yes"]')
        browser.wait_for_text("The rule no-tents is gone.")
        self.assertEqual(self.shop.operator("GET", "/api/v1/recs/rules")["documents"], [])
        self.assertIn("home-trending", browser.evaluate("document.body.innerText"))
        trouble = [words for words in self.own_trouble(browser) if "400" not in words]
        self.assertEqual(trouble, [])

    def test_the_list_of_sales_leads_there(self):
        browser = self.log_in("/operator")
        browser.click('a[href="/operator/recs"]')
        browser.wait_for_text("What is recommended")

    def test_on_a_phone_nothing_is_wider_than_the_page(self):
        for path in ("/operator/recs", "/operator/recs/rules"):
            browser = self.log_in(path, width=320, height=800)
            browser.wait_for("document.querySelectorAll('.panel').length > 1")
            time.sleep(1)
            self.assertLessEqual(browser.evaluate("document.documentElement.scrollWidth"), 320, path)

    def test_pictures_to_look_at(self):
        if not walker.SCREENSHOTS:
            self.skipTest("only for whoever wants to look")
        shoppers = ["demo", "shoppers", "--seconds", "15", "--pace", "30"]
        server = ["--server", self.shop.url, "--data", self.shop.data]
        subprocess.run([walker.BINARY, *shoppers, *server], check=True, stdout=subprocess.DEVNULL)
        for name, how in SIZES:
            browser = self.page(**how)
            self.take_picture(browser, f"operator-recs-{name}")
            browser.write("#field-item", "tent-29")
            browser.click_on("Show")
            browser.wait_for("document.querySelector('.answers h2')?.textContent === 'Bought together'")
            browser.click(".why summary")
            self.take_picture(browser, f"operator-recs-item-{name}")
            browser.go(self.shop.url + "/operator/recs/rules")
            browser.wait_for_text("home-trending")
            self.take_picture(browser, f"operator-recs-rules-{name}")


if __name__ == "__main__":
    walker.main()
