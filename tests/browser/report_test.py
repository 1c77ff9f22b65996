"""The report of a sale that a crowd has bought out, by its link and for its operator, on any screen and on paper.

usage: report_test.py DOORBUSTER [--screenshots FOLDER]
"""

import time

import walker


class Report(walker.Walk):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        opens_at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 8))
        cls.shop.new_sale("drop", queue="draw", units=60, opens_at=opens_at, claim_seconds=2, hold_seconds=3,
                          payment_grace_seconds=1, item=walker.ITEM, outflow_per_minute=600)  # fmt: skip
        cls.shop.operator("POST", "/api/v1/sales/drop/links", {"title": "Newsletter", "custom_alias": "news"})
        cls.shop.crowd("drop", "--customers", "250", "--pace", "20")
        cls.shop.new_sale("open")
        cls.link = cls.shop.operator("GET", "/api/v1/sales/drop/report")["share_url"]

    def test_whoever_has_the_link_reads_how_fast_and_how_fair_it_was(self):
        browser = self.visit(self.link)
        browser.wait_for_text("Report of a finished sale")
        for words in ("until all were sold", "Every unit was offered strictly in the order of the places",
                      "The places look like pure chance", "Promises kept", "The draw's proof"):  # fmt: skip
            browser.wait_for_text(words)
        report = self.shop.operator("GET", "/api/v1/sales/drop/report")
        browser.wait_for_text(report["sale"]["draw"]["secret"])
        self.assertEqual(browser.evaluate("document.querySelectorAll('.promises .right').length"), 3)
        self.assertEqual(browser.evaluate("document.querySelectorAll('.tenths li').length"), 10)
        browser.wait_for("document.querySelectorAll('canvas').length === 3")
        self.assertTrue(browser.evaluate("document.title.startsWith('Report: Sale drop')"))
        self.assertFalse(browser.evaluate("document.body.innerText.includes('CSV')"))
        self.assertIsNone(browser.evaluate("document.querySelector('.channels')"), "that is for operators")
        self.assertEqual(browser.trouble, [])

    def test_it_fits_on_a_phone(self):
        for width in (320, 390):
            browser = self.visit(self.link, width=width, height=844)
            browser.wait_for("document.querySelectorAll('canvas').length === 3")
            self.assertLessEqual(browser.evaluate("document.documentElement.scrollWidth"), width)
            browser.close()

    def test_it_can_be_printed(self):
        browser = self.visit(self.link, dark=True)
        browser.wait_for("document.querySelectorAll('canvas').length === 3")
        curves = "document.querySelector('canvas').toDataURL()"
        dark = browser.evaluate(curves)
        browser.call("Emulation.setEmulatedMedia", media="print")
        browser.wait_for(f"{curves} !== '{dark}'")
        light = self.visit(self.link)
        light.wait_for("document.querySelectorAll('canvas').length === 3")
        for name in ("--flow-sold", "--accent", "--good"):
            colour = f"getComputedStyle(document.body).getPropertyValue('{name}')"
            self.assertEqual(browser.evaluate(colour), light.evaluate(colour), name)
        self.assertEqual(browser.evaluate("getComputedStyle(document.body).backgroundColor"), "rgb(255, 255, 255)")
        self.assertEqual(browser.evaluate("getComputedStyle(document.querySelector('.tools')).display"), "none")
        browser.call("Emulation.setDeviceMetricsOverride", width=500, height=700, deviceScaleFactor=1, mobile=False)
        boxes = "[...document.querySelectorAll('canvas')].map((e) => e.getBoundingClientRect().toJSON())"
        for box in browser.evaluate(boxes):
            self.assertLessEqual(box["right"], 500)
            self.assertGreater(box["height"], 50)

    def test_a_wrong_link_a_sale_that_goes_on_and_nobody_in_particular_are_told_so(self):
        for path, words in ((self.link[:-1], "This link is not good"), ("/reports/drop", "This report needs its link"),
                            ("/reports/none" + self.link[self.link.index("?"):], "There is no such sale"),
                            ("/reports/", "There is no such sale")):  # fmt: skip
            browser = self.visit(path)
            browser.wait_for_text(words)
            browser.close()

    def test_a_page_that_waits_for_the_end_of_a_sale_shows_it_then(self):
        browser = self.visit(self.shop.operator("GET", "/api/v1/sales/open/report")["share_url"])
        browser.wait_for_text("The sale is not over yet")
        self.shop.operator("POST", "/api/v1/sales/open/close")
        browser.wait_for_text("This sale had no queue")

    def test_an_operator_who_is_logged_in_copies_the_link_and_takes_the_tables(self):
        browser = self.visit("/livez")
        with open(self.shop.data + "/operator.key") as file:
            key = file.read().strip()
        browser.evaluate(f"""fetch("/api/v1/session", {{ method: "POST", body: JSON.stringify({{ key: "{key}" }}),
            headers: {{ "Content-Type": "application/json" }} }}).then((answer) => answer.status)""")
        browser.go(self.shop.url + "/reports/drop")
        browser.wait_for_text("Report of a finished sale")
        browser.wait_for_text("Where people came from")
        self.assertEqual(browser.evaluate("document.querySelectorAll('.channels tbody tr').length"), 2)
        self.assertEqual(browser.evaluate("document.querySelector('.channels tbody th').textContent"), "Newsletter")
        joins = "[...document.querySelectorAll('.channels td:nth-of-type(2)')].map((cell) => cell.innerText)"
        self.assertEqual(sum(int(each) for each in browser.evaluate(joins)), 250)
        self.take_picture(browser, "report-channels")
        browser.click_on("Copy share link")
        browser.wait_for(f"""document.querySelector(".tools").innerText.includes("Copied")
            || document.querySelector(".tools").innerText.includes("{self.link}")""")
        tables = browser.evaluate("""Promise.all([...document.querySelectorAll("a[href$='.csv']")].map(
            (a) => fetch(a.href).then((answer) => answer.text())))""")
        self.assertTrue(tables[0].startswith("order,hold,customer,state"))
        self.assertGreaterEqual(tables[0].count("\r\n"), 61)
        self.assertTrue(tables[1].startswith("sequence,at,actor,action"))


if __name__ == "__main__":
    walker.main()
