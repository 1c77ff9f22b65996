"""An operator makes a webhook from the page, tests it, disables and enables it, tells it again, and deletes it.

usage: webhooks_test.py DOORBUSTER [--screenshots FOLDER]
"""

import http.server
import json
import threading

import walker


class Receiver:
    def __init__(self):
        self.status = 204
        self.types = []
        self.changed = threading.Condition()
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                event = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                with receiver.changed:
                    receiver.types.append(event["type"])
                    receiver.changed.notify_all()
                self.send_response(receiver.status)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def has_heard(self, event_type, times=1):
        with self.changed:
            return self.changed.wait_for(lambda: self.types.count(event_type) >= times, 10)


class WebhooksWalk(walker.Walk):
    def answer_yes(self, browser):
        browser.wait_for("document.querySelector('dialog[open]') !== null")
        browser.click('dialog button[value="yes"]')
        browser.wait_for("document.querySelector('dialog') === null")

    def focused(self, browser):
        return browser.evaluate("document.activeElement.textContent.trim()")

    def take_the_secret(self, browser, picture=None):
        browser.wait_for("document.querySelector('#secret')?.textContent.startsWith('whsec_') ?? false")
        self.assertEqual(self.focused(browser), "Secret of the till")
        if picture:
            self.take_picture(browser, picture)
        browser.click_on("I have saved it")
        browser.wait_for("document.querySelector('#secret') === null")
        self.assertEqual(self.focused(browser), "Webhooks")

    def make_one(self, browser, receiver):
        browser.wait_for_text("There are no webhooks yet.")
        browser.write("#field-url", "shop.example")
        browser.click_on("Create webhook")
        browser.wait_for_text("needs a url that begins with https:// or http://")
        self.assertEqual(browser.evaluate("document.activeElement.id"), "field-url")
        browser.write("#field-url", receiver.url)
        browser.write("#field-name", "the till")
        browser.click_on("Create webhook")
        self.take_the_secret(browser, "operator-webhooks-secret")

    def test_the_life_of_a_webhook(self):
        receiver = Receiver()
        browser = self.log_in("/operator", width=1440)
        browser.click_on("Webhooks")
        self.make_one(browser, receiver)
        browser.click_on("Test")
        browser.wait_for_text("the till answered 204")
        self.assertTrue(receiver.has_heard("webhook.test"))
        self.shop.new_sale("told", queue="none", units=2)
        self.assertTrue(receiver.has_heard("sale.created"))
        browser.click_on("Disable")
        browser.wait_for_text("disabled by an operator")
        browser.click_on("Enable")
        browser.wait_for_text("the till gets events again.")
        browser.click_on("Replay …")
        self.answer_yes(browser)
        self.assertTrue(receiver.has_heard("sale.created", times=2))
        browser.click_on("New secret …")
        self.answer_yes(browser)
        self.take_the_secret(browser)
        receiver.status = 410
        self.shop.new_sale("gone", queue="none", units=2)
        browser.wait_for_text("disabled: it answered 410 Gone")
        self.take_picture(browser, "operator-webhooks-gone")
        receiver.status = 204
        browser.click_on("Enable")
        browser.wait_for_text("healthy")
        browser.click_on("Delete …")
        self.answer_yes(browser)
        browser.wait_for_text("There are no webhooks yet.")
        self.assertEqual([words for words in self.own_trouble(browser) if "400" not in words], [])

    def test_what_is_said_moves_nothing_and_takes_no_focus(self):
        made = self.shop.operator("POST", "/api/v1/webhooks", {"url": Receiver().url, "name": "still"})
        browser = self.log_in("/operator/webhooks")
        self.tab_to(browser, "Disable")
        top = "document.activeElement.getBoundingClientRect().top"
        before = browser.evaluate(top)
        for pressed, said in (("Disable", "still gets no events until"), ("Enable", "still gets events again.")):
            self.assertEqual(self.focused(browser), pressed)
            browser.press("Enter")
            browser.wait_for_text(said)
            self.assertEqual(browser.evaluate(top), before)
            browser.wait_for(f"document.activeElement.textContent !== '{pressed}'")
        self.shop.operator("DELETE", "/api/v1/webhooks/" + made["id"])

    def test_a_long_address_fits_a_phone(self):
        far = {"url": "http://127.0.0.1:9/" + "long/" * 30, "name": "far away", "batch": 50,
               "events": ["order.paid", "order.refund_due", "order.payment_failed"]}  # fmt: skip
        made = self.shop.operator("POST", "/api/v1/webhooks", far)
        self.shop.operator("POST", f"/api/v1/webhooks/{made['id']}/secret")
        for name, looks in (("phone", {"width": 390, "height": 844, "dark": True}), ("desk", {"width": 1440})):
            page = self.log_in("/operator/webhooks", **looks)
            page.wait_for_text("far away")
            page.click_on("Test")
            page.wait_for_text("far away failed the test")
            self.assertFalse(page.evaluate("document.documentElement.scrollWidth > innerWidth"))
            self.take_picture(page, f"operator-webhooks-{name}")
        self.shop.operator("DELETE", "/api/v1/webhooks/" + made["id"])


if __name__ == "__main__":
    walker.main()
