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

    def test_the_life_of_a_webhook(self):
        receiver = Receiver()
        browser = self.log_in("/operator")
        browser.click_on("Webhooks")
        browser.wait_for_text("Nobody is told anything yet.")
        browser.write("#field-url", "shop.example")
        browser.click_on("Make it")
        browser.wait_for_text("needs a url that begins with https:// or http://")
        self.assertEqual(browser.evaluate("document.activeElement.id"), "field-url")
        browser.write("#field-url", receiver.url)
        browser.write("#field-name", "the till")
        browser.click_on("Make it")
        browser.wait_for("document.querySelector('#secret')?.textContent.startsWith('whsec_') ?? false")
        self.take_picture(browser, "operator-webhooks-secret")
        browser.click_on("I have kept it")
        browser.wait_for("document.querySelector('#secret') === null")
        browser.click_on("Test")
        browser.wait_for_text("the till took the test: 204")
        self.assertTrue(receiver.has_heard("webhook.test"))
        self.shop.new_sale("told", queue="none", units=2)
        self.assertTrue(receiver.has_heard("sale.created"))
        browser.click_on("Disable")
        browser.wait_for_text("disabled by an operator")
        browser.click_on("Enable")
        browser.wait_for_text("the till is told on.")
        browser.click_on("Replay …")
        self.answer_yes(browser)
        self.assertTrue(receiver.has_heard("sale.created", times=2))
        browser.click_on("New secret …")
        self.answer_yes(browser)
        browser.wait_for("document.querySelector('#secret')?.textContent.startsWith('whsec_') ?? false")
        browser.click_on("I have kept it")
        receiver.status = 410
        self.shop.new_sale("gone", queue="none", units=2)
        browser.wait_for_text("disabled: it answered 410, Gone")
        self.take_picture(browser, "operator-webhooks-gone")
        receiver.status = 204
        browser.click_on("Enable")
        browser.wait_for_text("healthy")
        browser.click_on("Delete …")
        self.answer_yes(browser)
        browser.wait_for_text("Nobody is told anything yet.")
        self.assertEqual([words for words in self.own_trouble(browser) if "400" not in words], [])
        far = {"url": "http://127.0.0.1:9/" + "long/" * 30, "name": "far away"}
        self.shop.operator("POST", "/api/v1/webhooks", far)
        phone = self.log_in("/operator/webhooks", width=390, height=844, dark=True)
        phone.wait_for_text("far away")
        self.assertFalse(phone.evaluate("document.documentElement.scrollWidth > innerWidth"))
        self.take_picture(phone, "operator-webhooks-phone")


if __name__ == "__main__":
    walker.main()
