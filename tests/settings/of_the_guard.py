"""Rows of the guard, whose policies tests/guard tries further."""

import contextlib
import time

from row import holds, row, same
from shop import SALES, Shop

RESERVES = 10  # that an address may have at once by the policy "drop"


def reserved(shop, requests=20, headers=lambda number: {}):
    """How many of so many new guests got a unit."""
    answers = [shop.request("POST", f"{SALES}/drop/holds", headers(number)) for number in range(requests)]
    return sum(answer.status == 201 for answer in answers)


def from_elsewhere(number):
    return {"X-Forwarded-For": f"198.51.{number}.7"}


@contextlib.contextmanager
def sells_to_guests(binary, **settings):
    with Shop(binary, {f"guard.{name}": value for name, value in settings.items()}) as shop:
        same(shop.sell(units=1000, guests=True).status, 201)
        yield shop


@row
def guard__policy(binary):
    for policy, units in (("drop", RESERVES), ("fortress", 0), ("open", 20)):
        with sells_to_guests(binary, policy=policy) as shop:
            same(reserved(shop), units, policy)


@row
def guard__trusted_proxies(binary):
    for proxies, units in (("10.0.0.0/8", RESERVES), ("127.0.0.1", 20)):
        with sells_to_guests(binary, policy="drop", trusted_proxies=proxies) as shop:
            same(reserved(shop, headers=from_elsewhere), units, proxies)


@row
def guard__keys(binary):
    """Those of a small table push each other out; each request has two."""
    for keys, forgets in ((1_000, True), (1_000_000, False)):
        with sells_to_guests(binary, policy="drop", trusted_proxies="127.0.0.1", keys=keys) as shop:
            connection = shop.connection()
            for number in range(3_000):
                address = {"X-Forwarded-For": f"198.{number // 250}.{number % 250}.7"}
                shop.request("POST", f"{SALES}/drop/holds", address, None, connection)
            same(shop.metric("doorbuster_guard_keys_forgotten_total") > 0, forgets, f"{keys} keys")


@row
def guard__challenges(binary):
    for challenges in (16, 40):
        with sells_to_guests(binary, policy="fortress", challenges=challenges) as shop:
            end = time.monotonic() + 20
            while shop.metric("doorbuster_guard_challenges_ready") < challenges and time.monotonic() < end:
                time.sleep(0.05)
            time.sleep(0.3)
            same(shop.metric("doorbuster_guard_challenges_ready"), float(challenges))
            given = shop.request("GET", "/api/v1/guard/challenge")
            holds(given.status == 200 and "SCRYPT" in given.body.decode(), given.body)
