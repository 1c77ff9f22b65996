"""Two hundred people with a page of their own each, when a sale opens and when its server is killed.

Their pages are loaded, scripted and laid out, but not painted: that is three quarters of their cost here, and each
person has a phone for it.
"""

import sys
import time

import walker
from cdp import SHELL, Browser

PEOPLE = 200
UNITS = 50
MORE_UNITS = 10
SECONDS_MAX = 90  # for each step, of all pages together on a busy machine of two cores; see what is printed

CONNECTION = "document.getElementById('connection').textContent"
HEADING = "document.querySelector('h1').textContent"
ENTRY = """fetch("/api/v1/sales/opening/queue/" + JSON.parse(localStorage["doorbuster::opening"]).entry)
    .then((answer) => answer.json()).then(({ position, state }) => [position, state])"""


def in_seconds(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds))


class Opening(walker.Walk):
    def each(self, script):
        return self.browser.evaluate_each(self.people, script)

    def wait_for_each(self, what, script):
        """Until it has been true of every page."""
        began, missing = time.monotonic(), self.people
        while missing:
            values = self.browser.evaluate_each(missing, script)
            missing = [page for page, value in zip(missing, values, strict=True) if value is not True]
            late = time.monotonic() - began > SECONDS_MAX
            self.assertFalse(late and missing, f"{len(missing)} pages still wait for: {script}")
            time.sleep(0.3)
        print(f"{time.monotonic() - began:5.1f} s: {what}", flush=True)

    def all_join(self):
        self.wait_for_each("all see the sale", "document.querySelector('.mine button') !== null")
        self.each("document.querySelector('.mine button').click()")
        self.wait_for_each("all have joined", HEADING + " === 'You are in'")
        self.assertEqual(self.shop.sale("opening")["waiting"], PEOPLE)

    def check_places(self, offered):
        """Each page says what the server says of its own place, and the first in line have the offers. The places."""
        entries, headings = self.each(ENTRY), self.each(HEADING)
        positions = [position for position, _ in entries]
        self.assertEqual(sorted(positions), list(range(1, PEOPLE + 1)))
        shown = self.each("Number(document.querySelector('.place')?.textContent)")
        for (position, state), heading, place in zip(entries, headings, shown, strict=True):
            is_offered = position <= offered
            self.assertEqual(state, "offered" if is_offered else "waiting", position)
            self.assertEqual(heading, "It is your turn!" if is_offered else "You are in the queue", position)
            self.assertEqual(place, None if is_offered else position)
        self.assertEqual(self.shop.sale("opening")["offered"], offered)
        trouble = self.each("['connection', 'news'].map((id) => document.getElementById(id).textContent).join('')")
        self.assertEqual(set(trouble), {""})
        return positions

    def test_each_of_two_hundred_sees_their_place_or_their_offer_and_a_killed_server_moves_nobody(self):
        self.shop.new_sale("opening", queue="draw", units=UNITS, claim_seconds=900, item=walker.ITEM,
                           opens_at=in_seconds(900), prequeue_opens_at=in_seconds(-1))  # fmt: skip
        self.browser = Browser(program=SHELL, flags=["--disable-threaded-compositing"])
        self.addCleanup(self.browser.close)
        self.people = [self.browser.open_as_somebody_else(self.shop.url + "/s/opening") for _ in range(PEOPLE)]
        for domain in ("Runtime", "Log"):
            self.browser.call_each(self.people, domain + ".enable")
        self.all_join()

        self.shop.operator("PATCH", "/api/v1/sales/opening", {"opens_at": in_seconds(3)})
        self.wait_for_each("all see their place or their offer, from three seconds before the opening",
                           f"['It is your turn!', 'You are in the queue'].includes({HEADING})")  # fmt: skip
        before = self.check_places(UNITS)
        self.assertEqual(self.browser.trouble, [])

        self.shop.kill()
        self.wait_for_each("all see that nobody answers", CONNECTION + " !== ''")
        self.shop.start()
        self.wait_for_each("all are back", CONNECTION + " === ''")
        self.assertEqual(self.check_places(UNITS), before)

        self.shop.operator("PATCH", "/api/v1/sales/opening", {"units": UNITS + MORE_UNITS})
        self.wait_for_each("the next in line have their offer",
                           f"{HEADING} === 'It is your turn!' || "
                           f"Number(document.querySelector('.place').textContent) > {UNITS + MORE_UNITS}")  # fmt: skip
        self.assertEqual(self.check_places(UNITS + MORE_UNITS), before)


if __name__ == "__main__":
    if SHELL is None:
        print("skipped: there is no Chromium without windows here (apt-get install chromium-headless-shell)")
        sys.exit(walker.SKIPPED)
    walker.main()
