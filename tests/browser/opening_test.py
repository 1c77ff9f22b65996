"""People with a page of their own each, when a sale opens."""

import time

import walker

PEOPLE = 10  # each is a process of Chromium's: two hundred would try the machine and not the pages
UNITS = 3


def in_seconds(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds))


class Opening(walker.Walk):
    def each(self, browser, sessions, script):
        values = []
        for session in sessions:
            browser.turn_to(session)
            values.append(browser.evaluate(script))
        return values

    def wait_for_each(self, browser, sessions, script, seconds=120):
        deadline = time.monotonic() + seconds
        while not all(values := self.each(browser, sessions, script)):
            self.assertLess(time.monotonic(), deadline, f"{values.count(False)} pages still wait for: {script}")
            time.sleep(0.2)

    def test_as_many_are_offered_a_unit_as_there_are_and_the_others_see_their_place(self):
        self.shop.new_sale("opening", queue="fifo", units=UNITS, claim_seconds=600, item=walker.ITEM,
                           opens_at=in_seconds(600), prequeue_opens_at=in_seconds(-1))  # fmt: skip
        browser = self.visit("/livez")
        sessions = [browser.open_as_somebody_else(self.shop.url + "/s/opening") for _ in range(PEOPLE)]
        self.wait_for_each(browser, sessions, "document.querySelector('.mine button') !== null")
        self.each(browser, sessions, "document.querySelector('.mine button').click()")
        self.wait_for_each(browser, sessions, "document.querySelector('.place') !== null")
        places = [int(place) for place in self.each(browser, sessions, "document.querySelector('.place').textContent")]
        self.assertEqual(sorted(places), list(range(1, PEOPLE + 1)))

        self.shop.operator("PATCH", "/api/v1/sales/opening", {"opens_at": in_seconds(3)})
        lucky = [session for session, place in zip(sessions, places, strict=True) if place <= UNITS]
        self.wait_for_each(browser, lucky, "document.querySelector('h1').textContent === 'It is your turn!'")
        others = [session for session in sessions if session not in lucky]
        ahead = self.each(browser, others, "document.querySelector('h1').textContent")
        self.assertEqual(set(ahead), {"You are in the queue"})
        self.assertEqual(self.shop.sale("opening")["offered"], UNITS)
        self.assertEqual(set(self.each(browser, sessions, "document.getElementById('connection').textContent")), {""})


if __name__ == "__main__":
    walker.main()
