"""People who wait in line, in a real browser, while tabs are closed, networks fail and the server is killed."""

import json
import time

import walker


class Waiting(walker.Walk):
    def one_unit(self, sale, **settings):
        self.shop.new_sale(sale, queue="fifo", units=1, item=walker.ITEM, **settings)

    def test_a_guest_joins_waits_is_offered_and_pays(self):
        self.one_unit("whole")
        first = self.holder("whole")
        second = self.waiter("whole")
        second.wait_for_text("nobody: you are next")
        self.assertEqual(second.evaluate("location.pathname"), "/s/whole/queue")
        second.evaluate("window.sameDocument = true")
        self.give_back(first)
        second.wait_for_text("It is your turn!")
        second.wait_for("document.title.startsWith('It is your turn!')")
        second.wait_for("document.getElementById('alarm').textContent.startsWith('It is your turn!')")
        second.click_on("Take it")
        second.wait_for_text("Reserved for you")
        self.assertEqual(second.evaluate("location.pathname"), "/s/whole/checkout")
        self.assertTrue(second.evaluate("window.sameDocument"))
        self.pay(second)
        second.wait_for_text("It is yours!")
        self.assertEqual(self.own_trouble(second), [])

    def test_a_closed_tab_loses_no_place_and_a_second_tab_shows_the_same(self):
        self.one_unit("tabs")
        first = self.holder("tabs")
        second = self.waiter("tabs")
        second.close_tab_and_open_another()
        second.go(self.shop.url + "/s/tabs")
        second.wait_for_text("You are in the queue, at place 2.")
        second.click_on("To your place")
        second.wait_for_text("nobody: you are next")
        second.close_tab_and_open_another()
        self.give_back(first)
        second.go(self.shop.url + "/s/tabs/queue")
        second.wait_for_text("It is your turn!")
        self.assertEqual(self.shop.sale("tabs")["offered"], 1)

    def test_what_the_shop_says_is_shown_without_a_reload_and_taken_back(self):
        self.one_unit("told")
        self.holder("told")
        second = self.waiter("told")
        second.evaluate("window.sameDocument = true")
        self.shop.operator("PATCH", "/api/v1/sales/told", {"message": "Two more come at noon. Please stay."})
        second.wait_for_text("Two more come at noon.")
        self.take_picture(second, "message")
        self.shop.operator("PATCH", "/api/v1/sales/told", {"message": None})
        second.wait_for("!document.body.textContent.includes('at noon')")
        self.assertTrue(second.evaluate("window.sameDocument"))

    def test_a_lost_network_is_told_and_recovered_from_alone(self):
        self.one_unit("network")
        first = self.holder("network")
        second = self.waiter("network")
        second.lose_network()
        second.wait_for_text("No answer from the shop")
        self.give_back(first)
        second.lose_network(False)
        second.wait_for_text("It is your turn!")
        second.wait_for("document.getElementById('connection').textContent === ''")

    def test_a_button_that_is_pressed_without_a_network_does_its_work_once_there_is_one(self):
        self.one_unit("pressed")
        browser = self.visit("/s/pressed")
        browser.wait_for_text("Join the queue")
        browser.lose_network()
        browser.click_on("Join the queue")
        browser.wait_for_text("No answer from the shop")
        browser.lose_network(False)
        browser.wait_for_text("It is your turn!")

    def test_a_server_that_is_killed_in_the_middle_keeps_every_place(self):
        self.one_unit("killed", hold_seconds=300)
        first = self.holder("killed")
        second = self.waiter("killed")
        self.shop.kill()
        second.wait_for_text("No answer from the shop")
        self.shop.start()
        self.give_back(first)
        second.wait_for_text("It is your turn!", 30)
        second.click_on("Take it")
        second.wait_for_text("Reserved for you")
        self.assertEqual(self.shop.sale("killed")["held"], 1)

    def test_the_keyboard_alone_is_enough_on_a_phone_in_the_dark(self):
        self.one_unit("keyboard")
        first = self.holder("keyboard")
        browser = self.visit("/s/keyboard", width=390, height=844, dark=True)
        self.tab_to(browser, "Join the queue")
        browser.press("Enter")
        browser.wait_for("document.activeElement.textContent === 'You are in the queue'")
        self.tab_to(browser, "Leave the queue")
        browser.press("Enter")
        browser.wait_for("document.querySelector('dialog')?.contains(document.activeElement) === true")
        browser.press("Escape")
        browser.wait_for("document.activeElement.textContent === 'Leave the queue'")
        self.give_back(first)
        browser.wait_for_text("It is your turn!")
        browser.wait_for("document.activeElement.textContent === 'It is your turn!'")
        self.tab_to(browser, "Take it")
        browser.press("Enter")
        browser.wait_for("document.activeElement.textContent === 'Reserved for you'")
        self.assertLessEqual(browser.evaluate("document.documentElement.scrollWidth"), 390)

    def test_who_looks_at_something_else_is_called_back(self):
        self.one_unit("elsewhere")
        first = self.holder("elsewhere")
        second = self.waiter("elsewhere")
        second.click_on("Doorbuster")
        second.wait_for_text("On sale")
        self.give_back(first)
        second.wait_for_text("It is your turn! A unit is set aside for you.")
        second.click_on("See it")
        second.click_on("Take it")
        second.wait_for_text("Reserved for you")

    def test_what_is_done_in_one_tab_is_seen_in_the_other(self):
        self.one_unit("two-tabs")
        first = self.holder("two-tabs")
        second = self.waiter("two-tabs")
        second.evaluate("window.other = window.open('/s/two-tabs/queue'); 0")
        other = "window.other.document.body.innerText.includes"
        second.wait_for(f"{other}('nobody: you are next')")
        self.give_back(first)
        second.wait_for(f"{other}('It is your turn!')")
        second.wait_for_text("It is your turn!")
        second.evaluate("window.other.document.querySelector('button.main').click()")
        second.wait_for(f"{other}('Reserved for you')")
        second.wait_for_text("Reserved for you")

    def called(self, sale, until=None, **media):
        """The titles and sounds of somebody in line who looks at another tab when their turn comes.

        Until that title has been seen, or for three seconds. A page that nobody sees gets its timers seldom and late.
        """
        self.one_unit(sale)
        first = self.holder(sale)
        second = self.waiter(sale)
        second.call("Emulation.setEmulatedMedia", features=[{"name": name, "value": at} for name, at in media.items()])
        second.evaluate("""window.titles = new Set(); window.tones = 0;
            new MutationObserver(() => titles.add(document.title))
                .observe(document.head, {subtree: true, childList: true, characterData: true});
            const make = AudioContext.prototype.createOscillator;
            AudioContext.prototype.createOscillator = function () { tones += 1; return make.call(this); };
            window.other = window.open('/livez'); 0""")
        second.wait_for("document.hidden")
        self.give_back(first)
        second.wait_for_text("It is your turn!")
        if until:
            second.wait_for(f"titles.has({json.dumps(until)})")
        else:
            time.sleep(3)
        found = second.evaluate("[...titles]"), second.evaluate("tones")
        second.evaluate("window.other.close()")
        return found

    def test_who_looks_at_another_tab_is_called_by_title_and_sound(self):
        titles, tones = self.called("calling", until="It is your turn!")
        self.assertIn("It is your turn! · Doorbuster", titles)
        self.assertIn("It is your turn!", titles)
        self.assertEqual(tones, 3)

    def test_who_wants_no_motion_has_a_title_that_stays(self):
        titles, tones = self.called("calmly", **{"prefers-reduced-motion": "reduce"})
        self.assertIn("It is your turn! · Doorbuster", titles)
        self.assertNotIn("It is your turn!", titles)
        self.assertEqual(tones, 3)

    def test_an_open_page_works_little_while_nothing_happens(self):
        self.one_unit("little")
        browser = self.visit("/livez")
        browser.call("Page.addScriptToEvaluateOnNewDocument", source="""window.sounds = [];
            const Real = AudioContext; window.AudioContext = class extends Real { sound = sounds.push(this); };""")
        browser.go(self.shop.url + "/s/little")
        browser.click_on("Join the queue")
        browser.wait_for_text("It is your turn!")
        browser.wait_for("sounds.length === 1 && sounds[0].state === 'suspended'")
        browser.call("Performance.enable")
        before, _, after = self.layouts(browser), time.sleep(3), self.layouts(browser)
        self.assertLess(after - before, 15, "two a second for the time that runs out, sixty for one that glides")

    def layouts(self, browser):
        metrics = browser.call("Performance.getMetrics")["metrics"]
        return next(metric["value"] for metric in metrics if metric["name"] == "LayoutCount")

    def test_who_lets_the_turn_pass_is_told_and_can_stand_in_line_again(self):
        self.one_unit("lapse", claim_seconds=2)
        browser = self.visit("/s/lapse")
        browser.click_on("Join the queue")
        browser.wait_for_text("Your turn has passed")
        browser.click_on("Join the queue")
        browser.wait_for_text("It is your turn!")

    def test_who_leaves_has_left(self):
        self.one_unit("leaving")
        self.holder("leaving")
        browser = self.waiter("leaving")
        browser.click_on("Leave the queue")
        browser.click('dialog button[value="yes"]')
        browser.wait_for_text("you have nothing in this sale any more")
        self.assertEqual(self.shop.sale("leaving")["waiting"], 0)

    def test_who_still_waits_when_the_last_unit_is_sold_is_told_so_and_is_back_in_line_when_more_come(self):
        self.one_unit("gone")
        first = self.holder("gone")
        second = self.waiter("gone", width=390, height=844)
        self.pay(first)
        second.wait_for_text("The last unit was sold before your turn came.")
        self.assertNotIn("undefined", second.evaluate("document.body.innerText"))
        self.take_picture(second, "queue-sold-out-phone-light")
        self.shop.operator("PATCH", "/api/v1/sales/gone", {"units": 2})
        second.wait_for_text("It is your turn!")

    def test_a_place_that_the_shop_takes_away_is_explained(self):
        self.one_unit("removed")
        self.holder("removed")
        browser = self.waiter("removed")
        entry = browser.evaluate("JSON.parse(localStorage.getItem('doorbuster::removed')).entry")
        self.shop.operator("DELETE", f"/api/v1/sales/removed/queue/{entry}")
        browser.wait_for_text("Your place was taken away")
        self.assertNotIn("undefined", browser.evaluate("document.body.innerText"))


if __name__ == "__main__":
    walker.main()
