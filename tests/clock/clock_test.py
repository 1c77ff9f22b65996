"""The machine's clock is set while a real server runs, and between two runs: holds keep their length, nothing opens
that is not due, and operators hear of it. The clock is libfaketime's, which a file sets."""

import datetime
import os
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "settings"))
from row import holds, same  # noqa: E402
from shop import SALES, Shop, mint  # noqa: E402

from faked_clock import faked_clock  # noqa: E402, after shop has said where it is

HOUR = 3600
HOLD = 3


class ClockedShop(Shop):
    def __init__(self, binary):
        super().__init__(binary)
        self.wrong_by(0)

    def wrong_by(self, seconds):
        new = self.folder / "clock.new"
        new.write_text(f"{seconds:+d}s\n")
        os.replace(new, self.folder / "clock")

    def start(self):
        with faked_clock(self.folder / "clock"):
            super().start()

    def customer(self, name):
        """Tokens are held against the machine's clock, wrong as it may be: these are good for a day."""
        return {"Authorization": "Bearer " + mint(self.key("shop.key"), name, exp=int(time.time()) + 86400)}

    def state_of(self, hold):
        return self.request("GET", "/api/v1/holds/" + hold, self.customer("alice")).status

    def sale_state(self, name):
        return self.request("GET", f"{SALES}/{name}").json["state"]

    def opens_later(self, name, seconds):
        at = datetime.datetime.fromtimestamp(time.time() + seconds, datetime.timezone.utc)
        same(self.sell(name, opens_at=at.isoformat(timespec="seconds").replace("+00:00", "Z")).status, 201)

    def clock(self):
        body = self.request("GET", "/readyz").json
        return body["status"], next(check for check in body["checks"] if check["name"] == "clock")

    def await_clock(self, status):
        until = time.monotonic() + 10
        while self.clock()[0] != status:
            holds(time.monotonic() < until, f"/readyz does not say {status}: {self.clock()}")
            time.sleep(0.05)


def hold_until_it_is_over(shop, sale, while_it_lasts):
    """How long alice's hold lasts, in seconds of a clock that nobody sets."""
    begin = time.monotonic()
    hold = shop.reserve("alice", sale).json["id"]
    while_it_lasts()
    while shop.state_of(hold) == 200:
        holds(time.monotonic() - begin < 5 * HOLD, "the hold does not end")
        time.sleep(0.02)
    return time.monotonic() - begin


def is_length(seconds):
    holds(HOLD * 0.94 < seconds < HOLD * 1.06 + 0.7, f"a hold of {HOLD} s lasted {seconds:.2f} s")


def ahead_for_two_seconds(binary):
    with ClockedShop(binary) as shop:
        shop.sell("now", hold_seconds=HOLD)
        shop.opens_later("later", 600)
        same(shop.clock()[0], "pass")

        def jump():
            shop.wrong_by(HOUR)
            shop.await_clock("warn")
            time.sleep(1.5)
            shop.wrong_by(0)

        is_length(hold_until_it_is_over(shop, "now", jump))
        same(shop.sale_state("later"), "scheduled", "a sale that opens in ten minutes")
        same(shop.reserve("bob", "later").status, 409)
        shop.await_clock("pass")
        same(shop.metric("doorbuster_clock_jumps_total"), 1.0)
        holds("clock was set" in shop.log(), shop.log())
        same(shop.seconds_to_stop() < 20, True)
        shop.start()
        same(shop.sale_state("later"), "scheduled", "after a restart")
        is_length(hold_until_it_is_over(shop, "now", lambda: None))


def set_for_good(binary):
    """Forward: at a restart it counts at once. Back: time goes on from where the log has been."""
    with ClockedShop(binary) as shop:
        shop.sell("now", hold_seconds=HOLD)
        for wrong_by in (HOUR, -HOUR):
            is_length(hold_until_it_is_over(shop, "now", lambda: shop.wrong_by(wrong_by)))
            shop.await_clock("warn")
            holds(("behind" if wrong_by > 0 else "ahead of") in shop.clock()[1]["reason"], shop.clock())
            shop.wrong_by(0)
            shop.await_clock("pass")
        shop.wrong_by(HOUR)
        same(shop.seconds_to_stop() < 20, True)
        shop.start()
        same(shop.clock()[0], "pass", "a start believes the clock")
        shop.opens_later("later", HOUR + 600)
        is_length(hold_until_it_is_over(shop, "now", lambda: None))
        shop.wrong_by(0)
        shop.kill()
        shop.start()
        same(shop.clock()[0], "warn", "a start at a time that the log has left behind")
        is_length(hold_until_it_is_over(shop, "now", lambda: None))
        same(shop.sale_state("later"), "scheduled")
        holds(3500 < shop.metric("doorbuster_clock_ahead_seconds") < 3700, "the metric says something else")


if __name__ == "__main__":
    for test in (ahead_for_two_seconds, set_for_good):
        test(sys.argv[1])
        print(f"{test.__name__}: ok", flush=True)
