"""Whom the guard suspects waits out their minute, and an operator looks at the line before anybody's turn."""

import time

import walker
from shop import Shop


class Suspect(walker.Walk):
    @classmethod
    def setUpClass(cls):
        cls.shop = Shop(walker.BINARY, "--guard-policy=drop")

    def test_a_browser_without_a_window_has_its_place_at_the_end_of_the_minute(self):
        self.shop.new_sale("later", queue="fifo", units=5, item=walker.ITEM)
        if time.time() % 60 > 50:
            time.sleep(60 - time.time() % 60)
        suspect = self.visit("/s/later", width=390, height=844)
        suspect.click_on("Join the queue")
        suspect.wait_for_text("You will get your place at")
        self.take_picture(suspect, "delayed")
        self.assertFalse(suspect.evaluate("document.documentElement.scrollWidth > innerWidth"))
        person = self.visit_with_a_window("/s/later")
        person.click_on("Join the queue")
        person.wait_for_text("It is your turn!")
        self.assertTrue(suspect.evaluate("document.body.innerText.includes('You will get your place at')"))
        suspect.go(self.shop.url + "/s/later")
        suspect.wait_for_text("You are in. Your place is given at")
        suspect.click_on("To your place")
        suspect.wait_for_text("It is your turn!", seconds=70)
        self.assertEqual(self.own_trouble(suspect), [])

    def test_an_operator_looks_at_who_was_drawn_before_anybody_has_their_turn(self):
        opens_at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 15))
        self.shop.new_sale("looked-at", queue="draw", units=2, item=walker.ITEM, review=True, opens_at=opens_at)
        board = self.board("looked-at")
        people = [self.visit_with_a_window("/s/looked-at") for _ in range(2)]
        for person in people:
            person.click_on("Join the queue")
        board.wait_for_text("This is the review", seconds=40)
        board.wait_for("document.querySelectorAll('.line .rows tbody tr').length === 2")
        self.assertIn("0.30", board.evaluate("document.querySelector('.line .rows tbody').innerText"))
        self.assertIn("no account", board.evaluate("document.querySelector('.line .rows tbody').innerText"))
        self.take_picture(board, "review")
        self.assertFalse(people[0].evaluate("document.body.innerText.includes('It is your turn!')"))
        board.click(".line .rows button")
        board.wait_for("document.querySelector('dialog[open]') !== null")
        board.write("#reason", "a bot")
        board.click('dialog button[value="yes"]')
        board.wait_for_text("Place 1 is out of the line.")
        board.click_on("Resume …")
        board.wait_for("document.querySelector('dialog[open]') !== null")
        board.click('dialog button[value="yes"]')
        turns = "document.body.innerText.includes('It is your turn!')"
        out = "document.body.innerText.includes('The shop took your place out of the queue.')"
        for person in people:
            person.wait_for(f"{turns} || {out}")
        self.assertEqual([sum(person.evaluate(each) for person in people) for each in (turns, out)], [1, 1])
        board.wait_for_text("Fairness so far")
        board.wait_for("document.querySelector('.fairness details:not([hidden])') !== null")
        board.evaluate("document.querySelector('.fairness details').open = true")
        board.wait_for_text("Of 2 entries something is known.")
        board.evaluate("document.querySelector('.fairness').scrollIntoView()")
        self.take_picture(board, "fairness")


walker.main()
