"""What the walks share: one shop for all of a file's tests, browsers that are closed after each, pictures if wanted.

usage of each *_test.py: DOORBUSTER [--screenshots FOLDER]
"""

import json
import os
import sys
import time
import unittest

from cdp import CHROMIUM, Browser
from shop import Shop

BINARY = sys.argv[1]
SCREENSHOTS = sys.argv[sys.argv.index("--screenshots") + 1] if "--screenshots" in sys.argv else None
SKIPPED = 77  # what CTest is told to take for "skipped"

ITEM = {"sku": "POSTER-1", "title": "Poster", "image_url": "/demo-poster.svg", "description": "Numbered, on paper."}


def show_a_window(page):
    """Lets the browser say that it has one, as those that people use; everything else is its own."""
    agent = page.evaluate("navigator.userAgent").replace("HeadlessChrome", "Chrome")
    version = agent.partition("Chrome/")[2].partition(".")[0]
    page.call("Emulation.setUserAgentOverride", userAgent=agent, userAgentMetadata={
        "brands": [{"brand": "Chromium", "version": version}], "fullVersion": version, "platform": "Linux",
        "platformVersion": "", "architecture": "x86", "model": "", "mobile": False})  # fmt: skip


class Walk(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.shop = Shop(BINARY)

    @classmethod
    def tearDownClass(cls):
        cls.shop.close()

    def visit(self, path, **how):
        browser = Browser(**how)
        self.addCleanup(browser.close)
        browser.go(self.shop.url + path)
        return browser

    def visit_with_a_window(self, path):
        browser = self.visit("/")
        show_a_window(browser)
        browser.go(self.shop.url + path)
        return browser

    def come(self, sale, presses, sees, **how):
        """Somebody who opens the sale's page, presses one button after another and sees these words at last."""
        browser = self.visit(f"/s/{sale}", **how)
        for button in presses:
            browser.click_on(button)
        browser.wait_for_text(sees)
        return browser

    def buyer(self, sale, **how):
        """Somebody who has a unit of a sale without a queue."""
        return self.come(sale, ["Buy one"], "Reserved for you", **how)

    def holder(self, sale, **how):
        """Somebody who has a unit of a sale with a queue."""
        return self.come(sale, ["Join the queue", "Take it"], "Reserved for you", **how)

    def waiter(self, sale, **how):
        """Somebody who is in line."""
        return self.come(sale, ["Join the queue"], "You are in the queue", **how)

    def order(self, sale, attached):
        """A guest who reserves, with words of their own, and begins to pay."""
        guest = self.visit("/livez")
        how = "{method: 'POST', headers: {'Content-Type': 'application/json'}, body: %s}"
        hold = f"fetch('/api/v1/sales/{sale}/holds', {how % json.dumps(json.dumps(attached))})"
        pay = "fetch(`/api/v1/holds/${hold.id}/payment`, {method: 'POST'})"
        paid = f"{hold}.then((answer) => answer.json()).then((hold) => {pay}).then((answer) => answer.ok)"
        self.assertTrue(guest.evaluate(paid))

    def operator_key(self):
        with open(self.shop.data + "/operator.key") as file:
            return file.read().strip()

    def log_in(self, path="/operator", **how):
        browser = self.visit(path, **how)
        browser.write("#key", self.operator_key())
        browser.click_on("Log in")
        browser.wait_for_text("Log out")
        return browser

    def board(self, sale, **how):
        browser = self.log_in(f"/operator/s/{sale}", **how)
        browser.wait_for("(document.querySelector('[data-count=waiting]')?.textContent ?? '') !== ''")
        return browser

    def give_back(self, browser):
        browser.click_on("Give it back")
        browser.click('dialog button[value="yes"]')
        browser.wait_for_text("you have nothing in this sale any more")

    def pay(self, browser, choice="pay"):
        browser.wait_for("""[...document.querySelectorAll("button")].some((e) => e.textContent.startsWith("Pay "))""")
        browser.click("button.main")
        browser.wait_for(f"location.href.startsWith('{self.shop.payments}/pay/')")
        browser.click(f'button[value="{choice}"]')

    def tab_to(self, browser, text):
        focused = "document.activeElement.textContent.trim()"
        texts = """[...document.querySelectorAll("button, a")].map((e) => e.textContent.trim())"""
        browser.wait_for(f"{texts}.includes('{text}')")
        for _ in range(40):
            if browser.evaluate(focused) == text:
                return
            browser.press("Tab")
        self.fail(f"the keyboard does not reach '{text}'")

    def own_trouble(self, browser):
        """What the shop's pages complained about; the sandbox's are another matter."""
        return [words for words in browser.trouble if self.shop.payments not in words]

    def take_picture(self, browser, name):
        if SCREENSHOTS:
            os.makedirs(SCREENSHOTS, exist_ok=True)
            time.sleep(0.6)
            browser.screenshot(f"{SCREENSHOTS}/{name}.png")


def main():
    if CHROMIUM is None:
        print("skipped: there is no Chromium here (apt-get install chromium)")
        sys.exit(SKIPPED)
    unittest.main(module="__main__", argv=sys.argv[:1], verbosity=2)
