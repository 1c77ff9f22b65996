"""An operator looks for sales that are archived: the newest first, a page at a time, each with its board and report.

A server archives a sale 30 days after it is closed, so the data folder is made by bench_fill, which has a clock of its
own.

usage: archived_test.py DOORBUSTER BENCH_FILL [--screenshots FOLDER]
"""

import shutil
import subprocess
import sys
import time

import walker

SALES = 120  # a page has 50
UNITS = 3
FILL = sys.argv[2]


class ArchivedWalk(walker.Walk):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shop.stop()
        shutil.rmtree(cls.shop.data)
        command = [FILL, "history", "--sales", str(SALES), "--units", str(UNITS), "--data", cls.shop.data]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        cls.shop.start()
        deadline = time.monotonic() + 60  # the views hear of it all, one event after the other
        while cls.shop.operator("GET", "/api/v1/archived-sales?limit=0")["total"] < SALES:
            assert time.monotonic() < deadline
            time.sleep(0.1)

    def ids(self, browser):
        return browser.evaluate("[...document.querySelectorAll('tbody th')].map((e) => e.textContent)")

    def without_effect(self, browser):
        return browser.evaluate("[...document.querySelectorAll('[aria-disabled=true]')].map((e) => e.textContent)")

    def wait_for_first(self, browser, number):
        browser.wait_for(f"document.querySelector('tbody th')?.textContent === 'old-{number}'")

    def test_pages_of_archived_sales(self):
        browser = self.log_in("/operator", width=1440)
        browser.click_on("Archived")
        self.wait_for_first(browser, SALES - 1)
        self.assertEqual(browser.evaluate("document.title"), "Archived sales · Doorbuster operator")
        browser.wait_for_text("1 to 50 of 120")
        self.assertEqual(self.ids(browser), [f"old-{SALES - 1 - i}" for i in range(50)])
        self.take_picture(browser, "operator-archived")
        browser.click_on("Older")
        browser.wait_for_text("51 to 100 of 120")
        self.assertEqual(browser.evaluate("document.activeElement.textContent"), "Archived sales")
        browser.click_on("Older")
        browser.wait_for_text("101 to 120 of 120")
        self.assertEqual(self.ids(browser), [f"old-{19 - i}" for i in range(20)])
        self.assertEqual(self.without_effect(browser), ["Older"])
        browser.click_on("Newer")
        browser.wait_for_text("51 to 100 of 120")
        browser.click_on("Newer")
        browser.wait_for_text("1 to 50 of 120")
        self.assertEqual(self.without_effect(browser), ["Newer"])
        self.assertEqual(self.own_trouble(browser), [])

    def test_short_ids_stay_on_a_line_on_a_phone(self):
        browser = self.log_in("/operator/archived", width=390)
        self.wait_for_first(browser, SALES - 1)
        lines = "[...document.querySelectorAll('tbody th a')].map((e) => e.getClientRects().length)"
        self.assertEqual(set(browser.evaluate(lines)), {1})
        self.assertTrue(browser.evaluate("document.documentElement.scrollWidth <= 390"))

    def test_an_archived_sale_has_its_board_and_its_report(self):
        browser = self.log_in("/operator/archived")
        self.wait_for_first(browser, SALES - 1)
        browser.click_on(f"old-{SALES - 1}")
        browser.wait_for(f"document.querySelector('[data-count=sold]')?.textContent === '{UNITS}'")
        browser.wait_for_text("archived")
        browser.go(self.shop.url + "/operator/archived")
        self.wait_for_first(browser, SALES - 1)
        browser.click_on("Report")
        browser.wait_for_text("Copy share link")
        self.assertEqual(self.own_trouble(browser), [])

    def test_it_fits_a_phone(self):
        page = self.log_in("/operator/archived", width=390, height=844, dark=True)
        self.wait_for_first(page, SALES - 1)
        self.assertFalse(page.evaluate("document.documentElement.scrollWidth > innerWidth"))
        self.take_picture(page, "operator-archived-phone")


class NothingArchived(walker.Walk):
    def test_says_when_a_sale_is_archived(self):
        browser = self.log_in("/operator/archived")
        browser.wait_for_text("A sale is archived 30 days after it is closed. There is none yet.")
        self.assertFalse(browser.evaluate("document.querySelector('tbody').offsetParent !== null"))


if __name__ == "__main__":
    walker.main()
