"""Whoever shares an address with many lets their browser work instead of waiting, and whoever wants a place in a draw
shortly before it: ALTCHA's own widget, as it came."""

import datetime
import pathlib
import time

import walker
from shop import Shop

SCENARIOS = pathlib.Path(__file__).resolve().parents[2] / "bench" / "scenarios"


class Challenge(walker.Walk):
    @classmethod
    def setUpClass(cls):
        cls.shop = Shop(walker.BINARY, "--guard-policy=drop", "--threads-reactors=1")

    def counted(self, result):
        series = f'doorbuster_guard_challenges_total{{result="{result}"}}'
        lines = self.shop.metrics().splitlines()
        return next(float(line.rpartition(" ")[2]) for line in lines if line.startswith(series))

    def test_a_guest_of_a_busy_address_joins_once_their_browser_has_worked(self):
        self.shop.new_sale("busy", queue="fifo", units=50, item=walker.ITEM)
        patient = self.visit_with_a_window("/s/busy")
        patient.click_on("Join the queue")
        patient.wait_for_text("It is your turn!")
        self.assertEqual(self.counted("given"), 0.0)
        guest = self.visit_with_a_window("/s/busy")
        guest.wait_for_text("Join the queue")
        self.use_up_the_address("busy")
        begin = time.monotonic()
        guest.click_on("Join the queue")
        guest.wait_for("document.querySelector('altcha-widget') !== null")
        self.take_picture(guest, "challenge")
        guest.wait_for_text("It is your turn!")
        print(f"  worked for {time.monotonic() - begin:.1f} s", flush=True)
        guest.click_on("Take it")
        guest.wait_for_text("Reserved for you")
        self.assertEqual(guest.evaluate("document.querySelector('dialog')"), None)
        self.assertGreaterEqual(self.counted("solved"), 1.0)
        self.assertEqual([words for words in self.own_trouble(guest) if "429" not in words], [])

    def test_whoever_does_not_want_to_work_is_told_and_may_try_again(self):
        self.shop.new_sale("tired", queue="fifo", units=50, item=walker.ITEM)
        guest = self.visit("/s/tired")
        guest.wait_for_text("Join the queue")
        guest.evaluate("Worker = class { postMessage() {} addEventListener() {} terminate() {} }")
        self.use_up_the_address("tired")
        guest.click_on("Join the queue")
        guest.wait_for("document.querySelector('altcha-widget') !== null")
        guest.click_on("Never mind")
        guest.wait_for_text("Try again")
        self.assertEqual(guest.evaluate("document.querySelector('dialog')"), None)
        guest.wait_for_text("Join the queue")

    def test_a_person_in_a_browser_is_known_for_a_guest_and_nothing_else(self):
        self.shop.new_sale("calm", queue="fifo", units=50, item=walker.ITEM)
        guest = self.visit_with_a_window("/s/calm")
        before = self.signals()
        guest.click_on("Join the queue")
        guest.wait_for_text("It is your turn!")
        spoken = {name: count - before[name] for name, count in self.signals().items() if count > before[name]}
        self.assertEqual(set(spoken) - {"sessions_of_address"}, {"no_account"})

    def signals(self):
        lines = [line for line in self.shop.metrics().splitlines() if line.startswith("doorbuster_guard_signals_total")]
        return {line.split('"')[1]: float(line.rpartition(" ")[2]) for line in lines}

    def use_up_the_address(self, sale):
        """Last thing before the click: a place comes back every few seconds, and a browser may take that to start."""
        for _ in range(10):
            self.shop.post(f"/api/v1/sales/{sale}/queue")
        self.assertEqual(self.shop.post(f"/api/v1/sales/{sale}/queue"), 429)


class BeforeADraw(walker.Walk):
    @classmethod
    def setUpClass(cls):
        cls.shop = Shop(walker.BINARY, f"--guard-policy={SCENARIOS}/work-before-the-draw.toml", "--threads-reactors=1")

    def test_a_guest_joins_by_themselves_shortly_before_it(self):
        now = datetime.datetime.now(datetime.timezone.utc)
        opens_at = (now + datetime.timedelta(seconds=26)).isoformat(timespec="milliseconds")
        line_opens_at = (now - datetime.timedelta(seconds=5)).isoformat(timespec="milliseconds")
        self.shop.new_sale("lots", queue="draw", units=5, item=walker.ITEM, opens_at=opens_at,
                           prequeue_opens_at=line_opens_at)  # fmt: skip
        guest = self.visit_with_a_window("/s/lots")
        guest.click_on("Join the queue")
        guest.wait_for_text("You join by yourself")
        self.take_picture(guest, "joins-later")
        guest.wait_for("document.querySelector('altcha-widget') !== null", 30)
        guest.wait_for_text("It is your turn!", 40)
        self.assertEqual([words for words in self.own_trouble(guest) if "429" not in words and "403" not in words], [])


walker.main()
