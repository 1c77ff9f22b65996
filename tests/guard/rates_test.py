"""How often who may ask: a real server, and requests from one address.

Usage: rates_test.py DOORBUSTER
"""

import pathlib
import signal
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "settings"))
from row import holds, same  # noqa: E402
from shop import SALES, Shop  # noqa: E402

from browser import BROWSER  # noqa: E402

UNITS = 1000
ADDRESS_RATE = 100  # a minute, of the policy "drop"; a reserve weighs 10
RESERVES = ADDRESS_RATE // 10
UNPAID, UNPAID_OF_PREFIX = 2, 20  # that may be reserved at once
PROBLEM = "https://doorbuster.dev/problems/too-many-requests"


# What nobody has paid for is held against its address (another test); here it is not in the way.
MAY_OWE = "[rates.unpaid]\nper_minute = 9000\nburst = 9000\n[rates.unpaid_prefix]\nper_minute = 9000\nburst = 9000\n"


class Drop(Shop):
    """A sale that takes guests, under the policy that servers have by themselves, but for what is unpaid."""

    def __init__(self, binary, settings=None):
        super().__init__(binary, {"guard.policy": "rates.toml"} | (settings or {}))
        (self.folder / "rates.toml").write_text(MAY_OWE)

    def start(self):
        super().start()
        if self.request("GET", SALES + "/drop").status == 404:
            same(self.sell(units=UNITS, guests=True).status, 201)

    def reserve_as_guest(self, connection, headers=None):
        """Somebody new each time: no cookie comes back."""
        return self.request("POST", f"{SALES}/drop/holds", BROWSER | (headers or {}), None, connection)

    def available(self):
        return self.request("GET", SALES + "/drop").json["available"]

    def counted(self, what, **labels):
        shown = ",".join(f'{name}="{value}"' for name, value in labels.items())
        return self.metric(f"doorbuster_guard_{what}{{{shown}}}")


def units_taken(shop, requests, headers=lambda number: {}):
    """By so many new guests on one connection; and the answer to the last of them."""
    connection, taken, last = shop.connection(), 0, None
    for number in range(requests):
        last = shop.reserve_as_guest(connection, headers(number))
        holds(last.status in (201, 429), f"{last.status}: {last.body}")
        taken += last.status == 201
    return taken, last


def one_connection_takes_no_more_than_its_address_may(binary):
    with Drop(binary) as shop:
        begin = time.monotonic()
        taken, last = units_taken(shop, 900)
        rested = int((time.monotonic() - begin) * ADDRESS_RATE / 60 / 10) + 1  # reserves that the rate gave meanwhile
        holds(RESERVES <= taken <= RESERVES + rested, f"{taken} units in {time.monotonic() - begin:.1f} s")
        same((last.status, last.json["type"]), (429, PROBLEM))
        holds(1 <= int(last.headers["retry-after"]) <= 7, f"Retry-After: {last.headers['retry-after']}")
        same(shop.available(), UNITS - taken)
        same(shop.counted("refused_total", action="reserve", rate="address"), 900.0 - taken)
        same(shop.counted("passed_total", action="reserve"), float(taken))


def customers_of_the_shop_are_not_counted_with_their_address(binary):
    with Drop(binary) as shop:
        units_taken(shop, 30)
        connection = shop.connection()
        for number in range(200):
            same(shop.reserve(f"customer-{number}", connection=connection).status, 201, f"customer {number}")
        answers = [shop.reserve("greedy", connection=connection).status for _ in range(10)]
        same((answers[:6], answers[-1]), ([201] + 5 * [409], 429), "a customer has a rate of their own, of 60")
        same(shop.counted("refused_total", action="reserve", rate="customer"), 4.0)


def nobody_believes_a_stranger_about_their_address(binary):
    def another(number):
        return {"X-Forwarded-For": f"198.51.{number // 200}.{number % 200}"}

    with Drop(binary) as shop:
        taken, _ = units_taken(shop, 60, another)
        holds(taken <= RESERVES + 1, f"{taken} units by who says to be somebody else each time")
    config = {"guard.trusted_proxies": "127.0.0.0/8,203.0.113.7"}
    with Drop(binary, config) as shop:
        same(units_taken(shop, 60, another)[0], 60, "units for sixty addresses behind a trusted proxy")
    with Drop(binary, config) as shop:
        taken, _ = units_taken(shop, 60, lambda number: {
            "X-Forwarded-For": another(number)["X-Forwarded-For"] + ", 192.0.2.9, 203.0.113.7"})
        holds(taken <= RESERVES + 1, f"{taken} units by who forges what stands before the proxies' own words")


def neighbours_have_a_rate_together(binary):
    config = {"guard.trusted_proxies": "127.0.0.1"}
    with Drop(binary, config) as shop:
        taken, last = units_taken(shop, 250, lambda number: {"X-Forwarded-For": f"198.51.100.{number}"})
        holds(200 <= taken <= 205, f"{taken} units for one network of 2,000 a minute")
        holds("network" in last.json["detail"], last.body)
    with Drop(binary, config) as shop:
        taken, _ = units_taken(shop, 60, lambda number: {"X-Forwarded-For": f"2001:db8:1:2::{number:x}"})
        holds(taken <= RESERVES + 1, f"{taken} units for the addresses of one /64")


def a_policy_is_read_again_while_the_server_runs(binary):
    with Drop(binary) as shop:
        policy = shop.folder / "policy.toml"
        shop.flags = [f"--guard-policy={policy}" if flag.startswith("--guard-policy") else flag for flag in shop.flags]
        shop.kill()
        rates = '[rates.address]\nper_minute = 60\nburst = 30\n[rates.prefix]\nburst = 50\n'
        policy.write_text('preset = "drop"\n' + rates + MAY_OWE)
        shop.start()
        same(units_taken(shop, 8)[0], 3, "units with a burst of 30")
        reload(shop, policy, '[rates.address]\nper_minute = 0\n[wieghts]\njoin = 1\n')
        for word in (":2:", "per_minute", ":3:", "wieghts"):
            holds(word in shop.log(), f"no {word} in the log: {shop.log()[-600:]}")
        same(shop.counted("policy_reloads_total", result="refused"), 1.0)
        same(units_taken(shop, 3)[0], 0, "units after a policy that was refused")
        reload(shop, policy, 'mode = "shadow"\n' + MAY_OWE)
        same(units_taken(shop, 40)[0], 40, "units where nothing is enforced")
        holds(shop.counted("refused_total", action="reserve", rate="address") >= 30, "what would have been refused")
        same(shop.counted("mode", mode="shadow"), 1.0)
        reload(shop, policy, 'mode = "off"\n')
        before = shop.counted("passed_total", action="reserve")
        same(units_taken(shop, 40)[0], 40)
        same(shop.counted("passed_total", action="reserve"), before, "counted where nothing is looked at")


def what_is_not_paid_for_is_held_against_its_address(binary):
    with Drop(binary, {"guard.policy": "drop", "guard.trusted_proxies": "127.0.0.1"}) as shop:
        taken, last = units_taken(shop, 9, lambda number: {"X-Forwarded-For": "198.51.100.1"})
        same(taken, UNPAID, "units at once for one address")
        same(last.json["challenge"], "/api/v1/guard/challenge?for=suspects")
        taken, _ = units_taken(shop, 90, lambda number: {"X-Forwarded-For": f"198.51.100.{number // 2 + 2}"})
        same(taken, UNPAID_OF_PREFIX - UNPAID, "and for all beside it")
        same(shop.counted("refused_total", action="reserve", rate="unpaid"), 9.0 - UNPAID)
        same(shop.available(), UNITS - UNPAID_OF_PREFIX)


def reload(shop, policy, text):
    policy.write_text(text)
    lines = shop.log().count("policy was")
    shop.process.send_signal(signal.SIGHUP)
    patience = time.monotonic() + 10
    while shop.log().count("policy was") == lines:
        holds(time.monotonic() < patience, "nothing is said of the policy")
        time.sleep(0.01)


def a_policy_that_can_not_be_used_ends_the_start(binary):
    for policy, words in (("strict", "neither a preset"), ("bad.toml", "would never pass")):
        shop = Drop(binary, {"guard.policy": policy})
        (shop.folder / "bad.toml").write_text("[rates.session]\nburst = 10\n")
        try:
            shop.start()
        except RuntimeError as error:
            holds(words in str(error), str(error))
        else:
            raise AssertionError(f"it starts with {policy}")
        finally:
            shop.kill()


if __name__ == "__main__":
    for test in (one_connection_takes_no_more_than_its_address_may,
                 customers_of_the_shop_are_not_counted_with_their_address,
                 nobody_believes_a_stranger_about_their_address,
                 neighbours_have_a_rate_together,
                 what_is_not_paid_for_is_held_against_its_address,
                 a_policy_is_read_again_while_the_server_runs,
                 a_policy_that_can_not_be_used_ends_the_start):  # fmt: skip
        test(sys.argv[1])
        print(f"{test.__name__}: ok", flush=True)
