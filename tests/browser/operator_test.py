"""An operator runs a sale from the pages: logs in, makes it, watches people come, steers, and logs out.

usage: operator_test.py DOORBUSTER [--screenshots FOLDER]
"""

import json
import time

import walker


class OperatorWalk(walker.Walk):
    def wait_for_count(self, browser, name, number):
        browser.wait_for(f"document.querySelector('[data-count={name}]')?.textContent === '{number}'")

    def answer(self, browser, reason=""):
        """To the question that is asked before something is done."""
        browser.wait_for("document.querySelector('dialog[open]') !== null")
        if reason:
            browser.write("#reason", reason)
        browser.click('dialog button[value="yes"]')
        browser.wait_for("document.querySelector('dialog') === null")

    def unexpected(self, browser, *expected):
        return [words for words in self.own_trouble(browser) if not any(part in words for part in expected)]

    def test_logging_in_and_out(self):
        browser = self.visit("/operator")
        browser.wait_for_text("Log in as an operator")
        self.take_picture(browser, "operator-login")
        browser.write("#key", "dbk_0123456789ab_nonsense")
        browser.click_on("Log in")
        browser.wait_for_text("This operator key is not one of this server, or was revoked.")
        self.assertEqual(browser.evaluate("document.activeElement.id"), "key")
        browser.write("#key", self.operator_key())
        browser.press("Enter")
        browser.wait_for_text("New sale")
        browser.go(self.shop.url + "/operator")
        browser.wait_for_text("Log out")
        self.assertNotIn("operator", browser.evaluate("document.cookie"), "no script sees the cookie")
        browser.click_on("Log out")
        browser.wait_for_text("Log in as an operator")
        refused = "fetch('/api/v1/sales/demo/pause', {method: 'POST'}).then((answer) => answer.status)"
        self.assertEqual(browser.evaluate(refused), 401)
        self.assertEqual(self.shop.sale("demo")["state"], "open")
        self.assertEqual(self.unexpected(browser, "401"), [])

    def test_making_a_sale_with_help(self):
        browser = self.log_in("/operator/new")
        browser.write("#field-title", "A lamp of glass")
        self.nothing_covers_anything(browser)
        browser.write("#field-units", "none")
        browser.click_on("Schedule it")
        browser.wait_for_text("must be a whole number")
        self.assertEqual(browser.evaluate("document.activeElement.id"), "field-units")
        self.assertEqual(browser.evaluate("document.activeElement.getAttribute('aria-invalid')"), "true")
        self.take_picture(browser, "operator-new-wrong")
        browser.write("#field-units", "1,200")
        browser.write("#field-id", "Lamp")
        browser.click_on("Schedule it")
        browser.wait_for_text("an id is 1 to 64 of a-z, 0-9")
        browser.write("#field-id", "lamp")
        browser.write("#field-price", "1.299")
        browser.write("[aria-label=Currency]", "eur")
        browser.click_on("Save as a draft")
        browser.wait_for_text("is that 1299? EUR has 2 decimals")
        self.assertEqual(browser.evaluate("document.activeElement.id"), "field-price")
        browser.write("#field-price", "1,299")
        browser.wait_for_text("will be €1,299.00")
        browser.write("#field-price", "19.90")
        browser.wait_for_text("will be €19.90")
        browser.click_on("Save as a draft")
        browser.wait_for("location.pathname === '/operator/s/lamp'")
        sale = self.shop.operator("GET", "/api/v1/sales/lamp")
        self.assertEqual((sale["state"], sale["units"], sale["price"], sale["queue"]),
                         ("draft", 1200, {"amount": 1990, "currency": "EUR"}, "draw"))  # fmt: skip
        browser.click_on("Publish …")
        self.answer(browser, "ready")
        browser.wait_for_text("pre-queue, opens in")
        browser.go(self.shop.url + "/operator/new")
        browser.wait_for("document.querySelector('#field-title') !== null")
        browser.write("#field-title", "Another")
        browser.write("#field-units", "1")
        browser.write("#field-id", "lamp")
        browser.click_on("Schedule it")
        browser.wait_for_text("A sale has this id.")
        self.assertEqual(self.unexpected(browser, "400", "409"), [])

    def nothing_covers_anything(self, browser):
        """Of the form: what is written is seen where it is, and not above the next part."""
        wrong = browser.evaluate("""[...document.querySelectorAll("form small, form label, form p")].filter((e) =>
            e.getClientRects().length > 0 && e.getBoundingClientRect().bottom >
            e.closest("section, fieldset, form").getBoundingClientRect().bottom + 1).map((e) => e.textContent)""")
        self.assertEqual(wrong, [])

    def test_steering_a_sale(self):
        self.shop.new_sale("steered", queue="fifo", units=2, item=walker.ITEM)
        browser = self.board("steered")
        first = self.holder("steered")
        self.visit("/s/steered").click_on("Join the queue")
        waiting = self.waiter("steered", width=390, height=844)
        self.wait_for_count(browser, "held", 1)
        self.wait_for_count(browser, "waiting", 1)
        browser.write("#message", "More are on their way.")
        browser.click_on("Send")
        browser.wait_for_text("They read now: “More are on their way.”")
        waiting.wait_for_text("More are on their way.")
        browser.click_on("Pause …")
        self.answer(browser, "a cup of tea")
        self.wait_for_state("steered", "paused")
        browser.click_on("Resume …")
        self.answer(browser)
        self.wait_for_state("steered", "open")
        browser.write("#outflow-exact", "300")
        browser.click_on("Set")
        browser.wait_for_text("of 300 allowed")
        browser.write("#more-units", "3")
        browser.click_on("Add …")
        self.answer(browser, "a pallet was found")
        waiting.wait_for_text("It is your turn!")
        browser.wait_for_text("Fairness so far")
        browser.wait_for_text("strictly in the order of the places")
        self.pay(first)
        self.wait_for_count(browser, "sold", 1)
        self.take_picture(browser, "operator-board")
        csv = "fetch([...document.links].find((e) => e.textContent === 'Orders (CSV)').href).then((all) => all.text())"
        self.assertIn(",sold,", browser.evaluate(csv))
        self.audit_lists(browser, "a cup of tea", "open", "a pallet was found", "outflow_per_minute null -> 300",
                         "More are on their way.", "first start (you)")  # fmt: skip
        browser.go(self.shop.url + "/reports/steered")
        browser.wait_for_text("Copy share link")
        self.assertEqual(self.unexpected(browser), [])

    def test_the_board_of_a_safety_net_speaks_of_places_and_visits(self):
        self.shop.new_sale("net", title="The whole site", queue="pass", units=1, price=None)
        entry = "fetch('/api/v1/sales/net/queue', {method: 'POST', headers: {'Idempotency-Key': 'a'}})"
        inside, waiting = self.visit("/livez"), self.visit("/livez")
        for browser, then in ((inside, "fetch('/api/v1/sales/net/holds', {method: 'POST'})"), (waiting, "0")):
            browser.wait_for(f"{entry}.then(() => {then}).then(() => true)")
        for name, how in (("desk", {}), ("phone", {"width": 390, "height": 844, "dark": True})):
            browser = self.board("net", **how)
            for count, number in (("waiting", 1), ("held", 1), ("available", 0)):
                self.wait_for_count(browser, count, number)
            browser.wait_for_text("Came in when called")
            browser.wait_for("document.querySelector('canvas') !== null")
            text = browser.evaluate("document.querySelector('main').innerText")
            for words in ("Sold", "Paying", "Reserved", "More units", "Orders"):
                self.assertNotIn(words, text)
            self.take_picture(browser, f"operator-net-{name}")
        self.shop.operator("POST", "/api/v1/sales/net/close")
        browser.go(self.shop.url + "/reports/net")
        browser.wait_for_text("From the line to the inside")
        self.take_picture(browser, "report-net-phone")

    def test_finding_an_order(self):
        self.shop.new_sale("found", queue="none", units=3)
        self.order("found", {"client_reference": "<b>R-1</b>", "metadata": {"desk": "<i>3</i>"}})
        self.order("found", {"client_reference": "R-2"})
        browser = self.board("found")
        browser.click_on("Orders")
        browser.wait_for_text("1 to 2 of 2")
        browser.write("#reference", "<b>R-1</b>")
        browser.click_on("Find")
        browser.wait_for_text("1 to 1 of 1")
        browser.wait_for_text("<b>R-1</b>")
        browser.click("[aria-controls]")
        browser.wait_for_text("Metadata: desk")
        browser.wait_for_text("<i>3</i>")
        self.assertIsNone(browser.evaluate("document.querySelector('.rows b, .rows i')?.tagName ?? null"))
        self.take_picture(browser, "operator-orders")
        browser.evaluate("document.querySelector('#state').value = 'sold'")
        browser.click_on("Find")
        browser.wait_for_text("There is no such order.")
        phone = self.log_in("/operator/s/found/orders", width=390, height=844)
        phone.wait_for_text("1 to 2 of 2")
        self.assertFalse(phone.evaluate("document.documentElement.scrollWidth > innerWidth"))
        self.take_picture(phone, "operator-orders-phone")
        self.assertEqual(self.unexpected(browser), [])

    def wait_for_state(self, sale, state):
        deadline = time.monotonic() + 10
        while self.shop.sale(sale)["state"] != state:
            self.assertLess(time.monotonic(), deadline, state)
            time.sleep(0.1)

    def audit_lists(self, browser, *words):
        for each in words:
            browser.wait_for(f"document.querySelector('.audit').innerText.includes({json.dumps(each)})")

    def test_taking_an_entry_out(self):
        self.shop.new_sale("cleaned", queue="fifo", units=1)
        self.holder("cleaned")
        waiting = self.waiter("cleaned")
        browser = self.board("cleaned", width=390, height=844)
        browser.click_on("Look")
        browser.wait_for_text("2 have joined so far.")
        customer = browser.evaluate("document.querySelector('.rows tr:nth-child(2) td[title]').title.slice(0, 32)")
        browser.write("#customer", customer)
        browser.click_on("Find")
        browser.wait_for_text("All that this customer has or had in this line:")
        browser.click(".rows button")
        browser.wait_for("document.querySelector('dialog[open]') !== null")
        browser.click('dialog button[value="yes"]')
        time.sleep(0.3)
        self.assertIsNotNone(browser.evaluate("document.querySelector('dialog[open]')?.tagName ?? null"), "why?")
        self.answer(browser, "a bot")
        waiting.wait_for_text("The shop took your place out of the queue.")
        browser.wait_for_text("Place 2 is out of the line.")
        browser.wait_for("document.querySelector('.rows tbody').innerText.includes('removed')")
        self.audit_lists(browser, "entry removed", "a bot")
        self.assertFalse(browser.evaluate("document.documentElement.scrollWidth > innerWidth"))
        self.take_picture(browser, "operator-board-phone")

    def test_by_keyboard_alone(self):
        self.shop.new_sale("keys", queue="fifo", units=1)
        browser = self.visit("/operator/s/keys")
        browser.wait_for("document.querySelector('#key') !== null")
        self.tab_to_element(browser, "key")
        browser.call("Input.insertText", text=self.operator_key())
        browser.press("Enter")
        browser.wait_for_text("Pause …")
        self.tab_to(browser, "Pause …")
        browser.press("Enter")
        browser.wait_for("document.activeElement.id === 'reason'")
        browser.press("Escape")
        browser.wait_for("document.querySelector('dialog') === null")
        self.assertEqual(self.shop.sale("keys")["state"], "open")
        self.tab_to(browser, "Pause …")
        browser.press("Enter")
        browser.wait_for("document.activeElement.id === 'reason'")
        browser.call("Input.insertText", text="by keyboard")
        browser.press("Enter")
        self.wait_for_state("keys", "paused")

    def tab_to_element(self, browser, name):
        for _ in range(30):
            if browser.evaluate("document.activeElement.id") == name:
                return
            browser.press("Tab")
        self.fail(f"the keyboard does not reach #{name}")

    def test_a_server_that_goes_and_comes_back(self):
        self.shop.new_sale("lost", queue="none", units=5)
        browser = self.board("lost")
        self.wait_for_count(browser, "available", 5)
        self.shop.kill()
        browser.wait_for_text("No answer from the server.")
        self.shop.start()
        browser.wait_for("!document.body.innerText.includes('No answer from the server.')", 40)
        self.shop.operator("PATCH", "/api/v1/sales/lost", {"units": 7})
        self.wait_for_count(browser, "available", 7)

    def test_a_page_that_nobody_looks_at_asks_nothing(self):
        self.shop.new_sale("quiet", queue="none", units=5)
        browser = self.board("quiet")
        self.look_away(browser, True)
        time.sleep(1.5)
        asked = "performance.getEntriesByType('resource').length"
        before = browser.evaluate(asked)
        time.sleep(3.5)
        self.assertEqual(browser.evaluate(asked), before)
        self.shop.operator("PATCH", "/api/v1/sales/quiet", {"units": 6})
        self.look_away(browser, False)
        self.wait_for_count(browser, "available", 6)

    def look_away(self, browser, away):
        hidden = f"{{ value: {json.dumps(away)}, configurable: true }}"
        browser.evaluate(f"Object.defineProperty(document, 'hidden', {hidden});"
                         "document.dispatchEvent(new Event('visibilitychange'))")  # fmt: skip

    def test_pictures_of_a_busy_sale(self):
        if not walker.SCREENSHOTS:
            self.skipTest("only for whoever wants to look")
        self.shop.new_sale("busy", title="Game console, launch edition", queue="fifo", units=40, outflow_per_minute=120,
                           hold_seconds=20, item=walker.ITEM)  # fmt: skip
        for name, how in (("desk", {}), ("desk-dark", {"dark": True}), ("phone", {"width": 390, "height": 844}),
                          ("phone-dark", {"width": 390, "height": 844, "dark": True})):  # fmt: skip
            for page, path in (("list", "/operator"), ("new", "/operator/new"), ("board", "/operator/s/busy")):
                browser = self.log_in(path, **how)
                time.sleep(1)
                self.take_picture(browser, f"operator-{page}-{name}")


if __name__ == "__main__":
    walker.main()
