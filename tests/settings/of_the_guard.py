"""Rows of the guard, whose policies tests/guard tries further."""

import contextlib
import pathlib
import sys
import tempfile
import time

from row import holds, row, same
from shop import SALES, Shop

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "guard"))
import mmdb  # noqa: E402

UNPAID = 2  # that an address may reserve at once by the policy "drop"


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
    for policy, units in (("drop", UNPAID), ("fortress", 0), ("open", 20)):
        with sells_to_guests(binary, policy=policy) as shop:
            same(reserved(shop), units, policy)


@row
def guard__trusted_proxies(binary):
    for proxies, units in (("10.0.0.0/8", UNPAID), ("127.0.0.1", 20)):
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
            ready = 2 * challenges + 2 * (challenges // 4)  # usual and for draws; for when it is busy, and for suspects
            while shop.metric("doorbuster_guard_challenges_ready") < ready and time.monotonic() < end:
                time.sleep(0.05)
            time.sleep(0.3)
            same(shop.metric("doorbuster_guard_challenges_ready"), float(ready))
            given = shop.request("GET", "/api/v1/guard/challenge")
            holds(given.status == 200 and "SCRYPT" in given.body.decode(), given.body)


def refused_countries(shop, headers):
    """Of a guest who comes so: 0, or 1."""
    same(shop.sell(id="german", units=10, guests=True, allowed_countries=["DE"]).status, 201)
    shop.request("POST", f"{SALES}/german/holds", headers)
    return shop.metric("doorbuster_guard_countries_refused_total")


@row
def guard__country_database(binary):
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/countries.mmdb"
        mmdb.write(path, "Test-Country", {"198.51.0.0/16": {"country": {"iso_code": "DE"}}})
        for settings, refused in (({}, 1.0), ({"country_database": path}, 0.0)):
            with sells_to_guests(binary, policy="drop", trusted_proxies="127.0.0.1", **settings) as shop:
                same(refused_countries(shop, from_elsewhere(1)), refused)


@row
def guard__country_header(binary):
    for header, refused in (("X-Other", 1.0), ("X-Country", 0.0)):
        with sells_to_guests(binary, policy="drop", trusted_proxies="127.0.0.1", country_header=header) as shop:
            same(refused_countries(shop, from_elsewhere(1) | {"X-Country": "DE"}), refused)


@row
def guard__decision_log(binary):
    with tempfile.TemporaryDirectory() as folder:
        log = pathlib.Path(f"{folder}/decisions.jsonl")
        for settings, lines in (({}, 0), ({"decision_log": log}, 3)):
            with sells_to_guests(binary, policy="open", **settings) as shop:
                reserved(shop, 3)
                end = time.monotonic() + 10
                written = 'doorbuster_guard_decisions_total{result="written"}'
                while shop.metric(written) < lines and time.monotonic() < end:
                    time.sleep(0.05)
                same(shop.metric(written), float(lines))
                same(len(log.read_text().splitlines()) if log.exists() else 0, lines)


@contextlib.contextmanager
def policy_of(text):
    with tempfile.NamedTemporaryFile("w", suffix=".toml") as policy:
        policy.write(text)
        policy.flush()
        yield policy.name


@row
def guard__network_database(binary):
    with tempfile.TemporaryDirectory() as folder, policy_of('[networks]\ndata_centre = ["AS64500"]\n') as policy:
        for number in (64500, 64501):
            path = f"{folder}/networks.mmdb"
            mmdb.write(path, "Test-ASN", {"198.51.0.0/16": {"autonomous_system_number": number}})
            with sells_to_guests(binary, policy=policy, trusted_proxies="127.0.0.1", network_database=path) as shop:
                reserved(shop, 1, from_elsewhere)
                same(shop.metric('doorbuster_guard_signals_total{signal="data_centre"}'), float(number == 64500))


@row
def guard__fingerprint_header(binary):
    with policy_of('[fingerprints]\ntools = ["t13d_tool"]\n') as policy:
        for header, spoken in (("X-Other", 0.0), ("X-JA4", 1.0)):
            with sells_to_guests(binary, policy=policy, trusted_proxies="127.0.0.1", fingerprint_header=header) as shop:
                reserved(shop, 1, lambda number: from_elsewhere(number) | {"X-JA4": "t13d_tool"})
                same(shop.metric('doorbuster_guard_signals_total{signal="tls_fingerprint"}'), spoken)
