"""Nothing on any page keeps people out: axe-core looks at each, light and dark, as far as a machine can tell.

usage: access_test.py DOORBUSTER --axe FOLDER; FOLDER is where npm may put axe-core
"""

import json
import os
import sys
import time

import walker
from shop import Shop

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "api"))
from npm_packages import fetched  # noqa: E402


def in_seconds(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds))


OPENS_LATER = in_seconds(3600)


def axe_source(folder):
    """The script; None where npm or its registry cannot be had."""
    if not fetched(HERE, folder):
        return None
    with open(os.path.join(folder, "node_modules", "axe-core", "axe.min.js"), encoding="utf-8") as file:
        return file.read()


AXE = axe_source(sys.argv[3])


class Access(walker.Walk):
    def check(self, browser, place):
        for scheme in ("light", "dark"):
            feature = {"name": "prefers-color-scheme", "value": scheme}
            browser.call("Emulation.setEmulatedMedia", features=[feature])
            browser.evaluate(AXE + "; 0")
            found = json.loads(browser.evaluate("axe.run().then((found) => JSON.stringify(found))"))
            told = [f"{v['impact']}: {v['help']}: {[n['html'] for n in v['nodes']]}" for v in found["violations"]]
            self.assertEqual(told, [], f"{place}, {scheme}")
            self.assertIn("color-contrast", [rule["id"] for rule in found["passes"]], f"{place}, {scheme}")

    def test_the_list_and_the_sales(self):
        self.shop.new_sale("later", opens_at=OPENS_LATER, queue="fifo", item=walker.ITEM)
        for path, words in (("/", "On sale"), ("/s/demo", "Buy one"), ("/s/later", "until it opens"),
                            ("/s/nothing", "There is no such sale")):  # fmt: skip
            browser = self.visit(path)
            browser.wait_for_text(words)
            self.check(browser, path)

    def test_the_waiting_room(self):
        self.shop.new_sale("room", queue="fifo", units=1, item=walker.ITEM)
        first = self.come("room", ["Join the queue"], "It is your turn!")
        self.check(first, "the offer")
        second = self.waiter("room", width=390, height=844)
        self.check(second, "the waiting room")
        second.click_on("Leave the queue")
        second.wait_for("document.querySelector('dialog') !== null")
        self.check(second, "the question before leaving")
        second.press("Escape")
        second.go(self.shop.url + "/s/room")
        second.wait_for_text("To your place")
        self.check(second, "the sale while waiting")
        self.check(self.nobody("/s/room/queue"), "a waiting room without a place")

    def test_the_page_that_explains_the_draw(self):
        self.shop.new_sale("drawn", queue="draw", opens_at=OPENS_LATER, item=walker.ITEM)
        browser = self.come("drawn", ["Join the queue", "How places are drawn"], "Fair so far")
        browser.evaluate("document.querySelectorAll('details').forEach((e) => { e.open = true; })")
        self.check(browser, "the draw before the opening")
        browser.evaluate("""(() => { const key = "doorbuster::drawn", kept = JSON.parse(localStorage.getItem(key));
            kept.receipt.commitment = "ab".repeat(32); localStorage.setItem(key, JSON.stringify(kept)); })()""")
        browser.call("Page.reload")
        browser.wait_for_text("Something does not fit")
        self.check(browser, "a draw that does not fit")
        example = self.visit("/s/drawn/draw", width=390, height=844)
        example.wait_for_text("an example with five people")
        self.check(example, "the draw without a receipt")

    def test_a_draw_that_waits_for_its_beacon(self):
        beacon = {"source": "drand-quicknet", "round": 7, "published_at": in_seconds(4)}
        self.shop.new_sale("beacon", queue="draw", opens_at=in_seconds(-1), beacon=beacon, item=walker.ITEM)
        waiting = self.come("beacon", ["Join the queue"], "You came after the doors had opened")
        self.check(waiting, "waiting for the beacon")
        board = self.board("beacon")
        board.wait_for_text("Everybody waits for the beacon.")
        board.write("#beacon-value", "nonsense")
        board.click_on("Draw …")
        board.wait_for_text("A value is 1 to 64 bytes")
        self.check(board, "the board when the beacon is due")

    def test_the_report(self):
        self.shop.new_sale("told", queue="draw", opens_at=in_seconds(5), claim_seconds=2, hold_seconds=2)
        self.shop.crowd("told", "--customers", "30", "--pace", "50")
        self.shop.operator("POST", "/api/v1/sales/told/close")
        browser = self.visit(self.shop.operator("GET", "/api/v1/sales/told/report")["share_url"])
        browser.wait_for_text("Who was offered a unit")
        self.check(browser, "the report")

    def nobody(self, path):
        browser = self.visit(path)
        browser.wait_for_text("To the sale")
        return browser

    def test_the_checkout_and_the_order(self):
        self.shop.new_sale("till", item=walker.ITEM)
        browser = self.buyer("till")
        self.check(browser, "the checkout")
        browser.click("button.main")
        browser.wait_for(f"location.href.startsWith('{self.shop.payments}/pay/')")
        paying = browser.evaluate("location.href")
        browser.go(self.shop.url + "/s/till/checkout")
        browser.wait_for_text("Payment under way")
        self.check(browser, "the checkout while paying")
        browser.go(paying)
        browser.click('button[value="pay"]')
        browser.wait_for_text("It is yours!")
        self.check(browser, "the order")
        self.check(self.nobody("/s/till/checkout"), "a checkout without a reservation")

    def test_the_operators_pages(self):
        browser = self.visit("/operator")
        browser.wait_for_text("Log in as an operator")
        self.check(browser, "logging in")
        self.check(self.log_in("/operator"), "the operator's list")
        hooks = self.log_in("/operator/webhooks")
        hooks.wait_for_text("There are no webhooks yet.")
        self.shop.operator("POST", "/api/v1/webhooks", {"url": "http://127.0.0.1:9/", "name": "the till"})
        hooks.wait_for_text("the till")
        self.check(hooks, "the operator's webhooks")
        self.shop.new_sale("listed", queue="none")
        self.order("listed", {"client_reference": "R-1", "metadata": {"desk": "3"}})
        orders = self.log_in("/operator/s/listed/orders")
        orders.wait_for_text("1 to 1 of 1")
        orders.click("[aria-controls]")
        orders.wait_for_text("Metadata: desk")
        self.check(orders, "the operator's orders")
        archived = self.log_in("/operator/archived")
        archived.wait_for_text("There is none yet.")
        self.check(archived, "the operator's archived sales, none yet")
        form = self.log_in("/operator/new")
        form.click_on("Schedule it")
        form.wait_for_text("is missing")
        self.check(form, "the operator's form")

    def test_the_operators_short_links(self):
        link = {"long_url": "https://shop.example/drop", "custom_alias": "mail", "title": "Mail", "tags": ["mail"]}
        self.shop.operator("POST", "/api/v1/urls", link)
        self.visit("/mail").close()
        links = self.log_in("/operator/links")
        links.wait_for_text("active")
        self.check(links, "the operator's links")
        form = self.log_in("/operator/new-link")
        form.click_on("Make it")
        form.wait_for_text("is missing")
        self.check(form, "the operator's form of a link")
        for size in ({}, {"width": 390, "height": 844}):
            browser = self.log_in("/operator/links/mail", **size)
            browser.wait_for("document.querySelector('[data-breakdown=top_referrers] li') !== null")
            self.check(browser, f"the operator's link, {size}")
        browser.click_on("Edit")
        browser.wait_for("document.querySelector('#field-title')?.value === 'Mail'")
        self.shop.operator("PATCH", "/api/v1/urls/mail", {"title": "Theirs"})
        browser.write("#field-title", "Mine")
        browser.click_on("Save")
        browser.wait_for_text("Somebody else changed this link meanwhile")
        self.check(browser, "a link that two operators change")

    def test_the_operators_board(self):
        self.shop.new_sale("board", queue="fifo", units=1, item=walker.ITEM)
        self.holder("board")
        self.waiter("board")
        for size in ({}, {"width": 390, "height": 844}):
            browser = self.board("board", **size)
            browser.click_on("Look")
            browser.wait_for_text("2 have joined so far.")
            browser.click("summary")
            browser.wait_for("document.querySelector('.plot-rows table') !== null")
            self.check(browser, f"the operator's board, {size}")
        browser.click_on("Pause …")
        browser.wait_for("document.querySelector('dialog[open]') !== null")
        self.check(browser, "the question before a pause")

class AccessOfRecommendations(walker.Walk):
    check = Access.check

    @classmethod
    def setUpClass(cls):
        cls.shop = Shop(walker.BINARY, "--demo-shop")

    def test_the_demo_shop(self):
        for path, words in (("", "For you"), ("/c/coffee", "Popular here"), ("/p/tent-29", "Similar"),
                            ("/nothing", "There is no such page")):  # fmt: skip
            for size in ({}, {"width": 390, "height": 844}):
                browser = self.visit("/demo-shop" + path, **size)
                browser.wait_for_text(words)
                self.check(browser, f"the demo shop{path}, {size}")
        browser.go(self.shop.url + "/demo-shop/p/tent-29")
        browser.click_on("Put into the cart")
        browser.wait_for_text("is in your cart.")
        browser.go(self.shop.url + "/demo-shop/cart")
        browser.wait_for_text("Buy all of it")
        self.check(browser, "the demo shop's cart")

    def test_the_operators_recommendations(self):
        for size in ({}, {"width": 390, "height": 844}):
            browser = self.log_in("/operator/recs", **size)
            browser.wait_for("document.querySelectorAll('.recommended li').length >= 12")
            browser.click(".why summary")
            browser.wait_for("document.querySelector('.why .facts') !== null")
            self.check(browser, f"the operator's recommendations, {size}")
            browser.go(self.shop.url + "/operator/recs/rules")
            browser.wait_for_text("home-trending")
            browser.evaluate("document.querySelectorAll('details').forEach((e) => { e.open = true; })")
            self.check(browser, f"rules and surfaces, {size}")


if __name__ == "__main__":
    if AXE is None:
        print("skipped: axe-core cannot be had (apt-get install npm)")
        sys.exit(walker.SKIPPED)
    walker.main()
