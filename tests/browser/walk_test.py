"""People at the shop's page, in a real browser: with a mouse, with a keyboard, on a phone, in the dark.

usage: walk_test.py DOORBUSTER [--screenshots FOLDER]
"""

import os
import sys
import time
import unittest

from cdp import CHROMIUM, Browser
from shop import Shop

BINARY = sys.argv[1]
SCREENSHOTS = sys.argv[3] if len(sys.argv) > 3 else None
SKIPPED = 77  # what CTest is told to take for "skipped"


def card(sale, rest=""):
    return f'[data-sale="{sale}"] {rest}'.strip()


def button(sale, act):
    return card(sale, f'button[data-act="{act}"]')


class Walk(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.shop = Shop(BINARY)

    @classmethod
    def tearDownClass(cls):
        cls.shop.close()

    def browser(self, **how):
        browser = Browser(**how)
        self.addCleanup(browser.close)
        return browser

    def visit(self, **how):
        browser = self.browser(**how)
        browser.go(self.shop.url + "/")
        browser.wait_for('document.querySelectorAll("article").length > 1')
        return browser

    def wait_for_state(self, browser, sale, state):
        browser.wait_for(f"document.querySelector('{card(sale)}')?.dataset.mine === '{state}'")

    def take_picture(self, browser, name):
        if SCREENSHOTS:
            os.makedirs(SCREENSHOTS, exist_ok=True)
            time.sleep(0.6)
            browser.screenshot(f"{SCREENSHOTS}/{name}.png")

    def test_a_guest_buys_with_the_mouse_and_a_reload_in_the_middle_loses_nothing(self):
        browser = self.visit()
        self.take_picture(browser, "desk-light")
        browser.click(button("demo", "reserve"))
        self.wait_for_state(browser, "demo", "held")
        self.take_picture(browser, "desk-held")
        browser.call("Page.reload")
        self.wait_for_state(browser, "demo", "held")
        browser.click(button("demo", "pay"))
        browser.wait_for(f"location.href.startsWith('{self.shop.payments}/pay/')")
        self.take_picture(browser, "desk-sandbox")
        browser.click('button[value="pay"]')
        self.wait_for_state(browser, "demo", "sold")
        browser.wait_for_text("Paid. It is yours!")
        self.take_picture(browser, "desk-sold")
        self.assertEqual(browser.evaluate("location.search"), "")
        self.assertEqual(self.shop.sale("demo")["sold"], 1)
        self.assertEqual([words for words in browser.trouble if self.shop.payments not in words], [])

    def test_a_declined_payment_can_be_tried_again(self):
        self.shop.new_sale("declined")
        browser = self.visit()
        browser.click(button("declined", "reserve"))
        browser.click(button("declined", "pay"))
        browser.click('button[value="decline"]')
        browser.wait_for_text("The payment was declined")
        browser.click(button("declined", "pay"))
        browser.click('button[value="pay"]')
        self.wait_for_state(browser, "declined", "sold")

    def test_the_last_unit_is_given_back_and_another_guest_takes_it(self):
        self.shop.new_sale("last", units=1)
        first, second = self.visit(), self.visit()
        first.click(button("last", "reserve"))
        self.wait_for_state(first, "last", "held")
        second.wait_for_text("All units are reserved at this moment")
        second.click(button("last", "reserve"))
        second.wait_for_text("Reservations that are not paid come back")
        first.click(button("last", "back"))
        first.wait_for_text("you have nothing in this sale any more")
        second.click(button("last", "reserve"))
        self.wait_for_state(second, "last", "held")

    def test_a_reservation_runs_out_before_the_eyes(self):
        self.shop.new_sale("short", hold_seconds=2)
        browser = self.visit()
        browser.click(button("short", "reserve"))
        self.wait_for_state(browser, "short", "held")
        browser.wait_for_text("Your reservation has run out")
        self.assertEqual(self.shop.sale("short")["available"], 3)

    def test_a_queue_is_waited_through_with_the_keyboard_alone_on_a_phone_in_the_dark(self):
        self.shop.new_sale("queued", queue="fifo", units=1)
        other = self.visit()
        other.click(button("queued", "join"))
        other.click(button("queued", "reserve"))
        self.wait_for_state(other, "queued", "held")
        browser = self.visit(width=390, height=844, dark=True)
        self.tab_to(browser, button("queued", "join"))
        browser.press("Enter")
        self.wait_for_state(browser, "queued", "waiting")
        self.take_picture(browser, "phone-dark-waiting")
        other.click(button("queued", "back"))
        self.wait_for_state(browser, "queued", "offered")
        self.tab_to(browser, button("queued", "reserve"))
        browser.press("Enter")
        self.wait_for_state(browser, "queued", "held")
        self.tab_to(browser, button("queued", "pay"))
        self.assertLessEqual(browser.evaluate("document.documentElement.scrollWidth"), 390)
        self.take_picture(browser, "phone-dark-held")

    def tab_to(self, browser, selector):
        browser.wait_for(f"document.querySelector('{selector}') !== null")
        for _ in range(60):
            if browser.evaluate(f"document.activeElement === document.querySelector('{selector}')"):
                return
            browser.press("Tab")
        self.fail(f"the keyboard does not reach {selector}")

    def test_the_countdown_follows_the_server_and_the_sale_opens_by_itself(self):
        opens_at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 5))
        self.shop.new_sale("soon", opens_at=opens_at)
        browser = self.visit()
        browser.wait_for_text("opens in 0:0")
        self.take_picture(browser, "desk-countdown")
        browser.click(button("soon", "reserve"))
        self.wait_for_state(browser, "soon", "held")

    def test_who_forgot_what_they_have_is_led_back_to_it(self):
        self.shop.new_sale("forgotten")
        browser = self.visit()
        browser.click(button("forgotten", "reserve"))
        self.wait_for_state(browser, "forgotten", "held")
        browser.evaluate("localStorage.clear()")
        browser.call("Page.reload")
        browser.click(button("forgotten", "reserve"))
        self.wait_for_state(browser, "forgotten", "held")
        self.assertEqual(self.shop.sale("forgotten")["held"], 1)

    def test_a_shop_that_goes_away_is_waited_for(self):
        browser = self.visit()
        self.shop.stop()
        browser.wait_for_text("No answer from the shop")
        self.shop.start()
        browser.wait_for("document.getElementById('connection').textContent === 'live'", 40)

    def test_it_is_readable_on_a_phone(self):
        for name, dark in (("phone-light", False), ("phone-dark", True)):
            browser = self.visit(width=390, height=844, dark=dark)
            self.assertLessEqual(browser.evaluate("document.documentElement.scrollWidth"), 390)
            self.take_picture(browser, name)
            browser.close()
        self.take_picture(self.visit(dark=True), "desk-dark")


if __name__ == "__main__":
    if CHROMIUM is None:
        print("skipped: there is no Chromium here (apt-get install chromium)")
        sys.exit(SKIPPED)
    unittest.main(argv=sys.argv[:1], verbosity=2)
