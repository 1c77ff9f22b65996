"""People who buy, in a real browser: with a mouse, with a keyboard, on a phone, in the dark."""

import time

import walker


class Walk(walker.Walk):
    def test_a_guest_buys_with_the_mouse_and_a_reload_in_the_middle_loses_nothing(self):
        browser = self.visit("/")
        browser.click_on("Game console, launch edition")
        browser.click_on("Buy one")
        browser.wait_for_text("Reserved for you")
        self.assertEqual(browser.evaluate("location.pathname"), "/s/demo/checkout")
        self.assertEqual(browser.evaluate("document.activeElement.textContent"), "Reserved for you")
        browser.call("Page.reload")
        browser.wait_for_text("Reserved for you")
        self.pay(browser)
        browser.wait_for_text("It is yours!")
        self.assertTrue(browser.evaluate("location.pathname").startswith("/orders/"))
        self.assertEqual(self.shop.sale("demo")["sold"], 1)
        self.assertEqual(self.own_trouble(browser), [])

    def test_a_declined_payment_can_be_tried_again(self):
        self.shop.new_sale("declined")
        browser = self.buyer("declined")
        self.pay(browser, "decline")
        browser.wait_for_text("The payment was declined")
        browser.click_on("Try again")
        browser.wait_for_text("nothing was charged")
        self.pay(browser)
        browser.wait_for_text("It is yours!")

    def test_who_pays_too_late_is_told_where_the_money_goes(self):
        self.shop.new_sale("late", hold_seconds=5, payment_grace_seconds=1)
        browser = self.buyer("late")
        browser.click("button.main")
        browser.wait_for("document.querySelector('[name=late_ms]') !== null")
        browser.evaluate("document.querySelector('[name=late_ms]').value = 12000")
        browser.click('button[value="pay-late"]')
        browser.wait_for_text("Waiting for the payment")
        browser.wait_for_text("Not paid in time")
        browser.wait_for_text("Your payment came too late")
        browser.wait_for_text("to you, in full")
        self.assertEqual(self.shop.sale("late")["sold"], 0)

    def test_the_last_unit_is_given_back_and_another_guest_takes_it(self):
        self.shop.new_sale("last", units=1)
        first = self.buyer("last")
        second = self.visit("/s/last")
        second.wait_for_text("All units are reserved at this moment")
        second.click_on("Try again")
        second.wait_for_text("Reservations that are not paid come back")
        self.give_back(first)
        second.click_on("Buy one")
        second.wait_for_text("Reserved for you")

    def test_a_reservation_runs_out_before_the_eyes(self):
        self.shop.new_sale("short", hold_seconds=2)
        browser = self.buyer("short")
        browser.wait_for_text("It is not reserved any more")
        self.assertEqual(self.shop.sale("short")["available"], 3)

    def test_the_countdown_follows_the_server_and_not_the_visitors_clock(self):
        opens_at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 8))
        self.shop.new_sale("soon", opens_at=opens_at)
        browser = self.visit("/")
        wrong = "const right = Date.now; Date.now = () => right() - 5 * 3600e3;"
        browser.call("Page.addScriptToEvaluateOnNewDocument", source=wrong)
        browser.go(self.shop.url + "/s/soon")
        browser.wait_for("/^0:0[0-9]$/.test(document.querySelector('.opening .digits')?.textContent)")
        browser.click_on("Buy one")
        browser.wait_for_text("Reserved for you")
        browser.wait_for("/^[45]:[0-9][0-9]$/.test(document.querySelector('.digits').textContent)")

    def test_who_forgot_what_they_have_is_led_back_to_it(self):
        self.shop.new_sale("forgotten")
        browser = self.buyer("forgotten")
        browser.evaluate("localStorage.clear()")
        browser.go(self.shop.url + "/s/forgotten")
        browser.click_on("Buy one")
        browser.wait_for_text("Reserved for you")
        self.assertEqual(self.shop.sale("forgotten")["held"], 1)

    def test_who_may_have_two_buys_two(self):
        self.shop.new_sale("pair", per_customer=2)
        browser = self.buyer("pair")
        self.pay(browser)
        browser.wait_for_text("It is yours!")
        browser.click_on("To the sale")
        browser.wait_for_text("You have bought one.")
        browser.click_on("Buy one")
        browser.wait_for_text("Reserved for you")
        self.pay(browser)
        browser.wait_for_text("It is yours!")
        self.assertEqual(self.shop.sale("pair")["sold"], 2)

    def test_the_back_button_and_links_lead_through_the_pages_without_a_reload(self):
        browser = self.visit("/")
        browser.click_on("Poster of the launch, numbered")
        browser.wait_for_text("Join the queue")
        browser.evaluate("window.sameDocument = true")
        browser.evaluate("history.back()")
        browser.wait_for("document.activeElement.textContent === 'On sale'")
        browser.evaluate("history.forward()")
        browser.wait_for("document.title.startsWith('Poster of the launch')")
        self.assertTrue(browser.evaluate("window.sameDocument"))

    def test_addresses_that_lead_nowhere_say_so(self):
        self.visit("/s/nothing").wait_for_text("There is no such sale")
        self.visit("/orders/nothing").wait_for_text("There is no such order")

    def test_it_fits_on_a_phone(self):
        for path in ("/", "/s/demo", "/s/demo-queue", "/s/nothing", "/s/demo-queue/queue", "/s/demo/checkout"):
            browser = self.visit(path, width=320, height=640)
            browser.wait_for("document.querySelector('h1') !== null")
            self.assertLessEqual(browser.evaluate("document.documentElement.scrollWidth"), 320, path)
            browser.close()

    def test_the_first_page_is_small(self):
        browser = self.visit("/livez")
        browser.evaluate("0")
        browser.go(self.shop.url + "/s/demo")
        browser.wait_for_text("Buy one")
        sizes = browser.evaluate("""performance.getEntriesByType("navigation").concat(
            performance.getEntriesByType("resource")).map((e) => [e.name, e.transferSize])""")
        sent = sum(size for _, size in sizes)
        print(f"{sent} bytes with their heads: {sizes}")
        self.assertLessEqual(sum(size > 0 for _, size in sizes), 6)
        self.assertLessEqual(sent, 30 * 1024)


if __name__ == "__main__":
    walker.main()
