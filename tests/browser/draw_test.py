"""People who check, in their own browser, how their place was drawn."""

import json
import time

import walker

STATES = """[...document.querySelectorAll(".steps > li")].map((e) => e.className).join(" ")"""
DRAWN = " ".join(["right"] * 6)


class Draw(walker.Walk):
    def opens_in(self, sale, seconds, **settings):
        opens_at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds))
        self.shop.new_sale(sale, queue="draw", units=2, opens_at=opens_at, item=walker.ITEM, **settings)

    def open_now(self, sale):
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 1))
        self.shop.operator("PATCH", f"/api/v1/sales/{sale}", {"opens_at": now})

    def joined(self, sale, **how):
        return self.come(sale, ["Join the queue"], "Places are drawn in", **how)

    def states(self, browser, expected):
        browser.wait_for(f"{STATES} === {json.dumps(expected)}")

    def test_who_joined_checks_before_the_draw_and_after_it(self):
        self.opens_in("fair", 600)
        for _ in range(3):
            self.joined("fair").close()
        browser = self.joined("fair")
        browser.click_on("How places are drawn")
        browser.wait_for_text("Fair so far")
        self.states(browser, "right right open open open open")
        browser.wait_for("document.activeElement.tagName === 'H1'")
        self.assertTrue(browser.evaluate("document.title.startsWith('How places are drawn')"))
        self.take_picture(browser, "draw-before-desk-light")
        self.open_now("fair")
        browser.wait_for_text("The draw was fair to you", 40)
        self.states(browser, DRAWN)
        place = browser.evaluate("document.querySelector('.steps li:last-child .result').textContent")
        entry = browser.evaluate("JSON.parse(localStorage.getItem('doorbuster::fair')).entry")
        position = self.shop.operator("GET", f"/api/v1/sales/fair/queue/{entry}")["position"]
        self.assertIn(f"It gives you place {position}, and that is", place)
        self.assertEqual(self.own_trouble(browser), [])
        self.take_picture(browser, "draw-after-desk-light")
        browser.call("Page.reload")
        self.states(browser, DRAWN)
        browser.click_on("To your place")
        either = "['Check how your place was drawn', 'Take it']"
        browser.wait_for(f"{either}.some((text) => document.body.innerText.includes(text))")

    def test_what_was_changed_since_the_join_is_said_loudly(self):
        self.opens_in("cheated", 600)
        browser = self.joined("cheated", width=390, height=844)
        browser.evaluate("""(() => { const key = "doorbuster::cheated", kept = JSON.parse(localStorage.getItem(key));
            kept.receipt.commitment = "ab".repeat(32); localStorage.setItem(key, JSON.stringify(kept)); })()""")
        browser.go(self.shop.url + "/s/cheated/draw")
        browser.wait_for_text("Something does not fit")
        browser.wait_for_text("The seal published now is not the one that this browser was given when you joined.")
        browser.wait_for("document.getElementById('alarm').textContent === 'Something does not fit'")
        self.states(browser, "wrong right open open open open")
        self.assertLessEqual(browser.evaluate("document.documentElement.scrollWidth"), 390)
        self.take_picture(browser, "draw-wrong-phone-light")

    def test_who_has_no_receipt_sees_an_example(self):
        self.opens_in("looking", 600)
        self.joined("looking").close()
        browser = self.visit("/s/looking/draw", width=390, height=844, dark=True)
        browser.wait_for_text("the draw of an example with five people")
        self.states(browser, DRAWN)
        browser.wait_for_text("The secret of this sale is sealed")
        self.open_now("looking")
        browser.call("Page.reload")
        browser.wait_for_text("the secret that was shown fits the seal", 40)
        self.take_picture(browser, "draw-example-phone-dark")

    def test_who_came_after_the_draw_is_told_so(self):
        self.opens_in("late", 600)
        for _ in range(2):
            self.joined("late").close()
        self.open_now("late")
        time.sleep(1.5)
        browser = self.waiter("late")
        browser.click_on("Check how your place was drawn")
        browser.wait_for_text("You were not in the draw")
        browser.wait_for_text("behind the 2 who were drawn")

    def test_a_page_that_may_not_calculate_says_why(self):
        self.opens_in("insecure", 600)
        browser = self.visit("/livez")
        browser.call("Page.addScriptToEvaluateOnNewDocument",
                     source="Object.defineProperty(Crypto.prototype, 'subtle', { get: () => undefined })")  # fmt: skip
        browser.go(self.shop.url + "/s/insecure/draw")
        browser.wait_for_text("Not checkable over this connection")
        browser.wait_for_text("Check it without us")

    def test_a_sale_without_a_draw_says_so(self):
        browser = self.visit("/s/demo/draw")
        browser.wait_for_text("No draw here")
        browser.go(self.shop.url + "/s/nothing/draw")
        browser.wait_for_text("There is no such sale")

    def test_the_record_and_the_script_that_checks_it_can_be_had(self):
        for path, words in (("/draw/verify.py", "Checks the public record"), ("/draw/format.md", "# The draw")):
            self.visit(path).wait_for_text(words)


if __name__ == "__main__":
    walker.main()
