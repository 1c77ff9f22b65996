"""Sells to a crowd from the outside, with the server killed in the middle, and counts.

It knows the server by docs/api/openapi.yaml only: calls by their operationId, tokens as the document describes them.
Hundreds of customers reserve at once. Twice the server is killed with SIGKILL and started again; whoever got no answer
asks again with the same Idempotency-Key. In the end exactly the units are sold, nobody has two, and every hold that was
ever acknowledged is found again, unchanged.

Usage: sell.py DOORBUSTER, the server's binary.
"""

import argparse
import http.client
import json
import pathlib
import random
import sys
import threading
import time
import uuid

import yaml

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "api"))
from live_server import LiveServer, mint  # noqa: E402

DOCUMENT = pathlib.Path(__file__).resolve().parents[2] / "docs" / "api" / "openapi.yaml"
PROBLEMS = "https://doorbuster.dev/problems/"
UNITS = 150
CUSTOMERS = 400
AT_ONCE = 40
KILL_AFTER = (30, 90)  # acknowledged holds
PATIENCE_SECONDS = 20


def calls():
    """operationId -> (METHOD, path)"""
    found = {}
    for path, item in yaml.safe_load(DOCUMENT.read_text())["paths"].items():
        for method, operation in item.items():
            if method != "parameters":
                found[operation["operationId"]] = (method.upper(), path)
    return found


class Customer:
    def __init__(self, number):
        self.sub = f"customer-{number}"
        self.key = str(uuid.uuid4())
        self.token = None
        self.hold = None  # as it was acknowledged
        self.refusal = None
        self.attempts = 0


class Drop:
    def __init__(self, server):
        self.server = server
        self.calls = calls()
        self.operator = {"Authorization": "Bearer " + server.key("operator.key")}
        self.shop = server.key("shop.key")
        self.customers = [Customer(number) for number in range(CUSTOMERS)]
        for customer in self.customers:
            customer.token = mint(self.shop, customer.sub)
        self.acknowledged = 0
        self.unanswered = 0
        self.lock = threading.Lock()
        self.give_up_at = time.monotonic() + PATIENCE_SECONDS

    def ask(self, operation, headers, body=None, **names):
        method, path = self.calls[operation]
        return self.server.request(method, path.format(**names), headers, body)

    def create(self):
        sale = {"id": "drop", "title": "Drop", "units": UNITS, "queue": "none", "opens_at": "2020-01-01T00:00:00Z"}
        made = self.ask("createSale", self.operator | {"Idempotency-Key": "drop"}, json.dumps(sale))
        assert made.status == 201, made.body

    def reserve(self, customer):
        """Until there is an answer: a dead server and a 503 are reasons to ask again."""
        headers = {"Authorization": "Bearer " + customer.token, "Idempotency-Key": customer.key}
        while time.monotonic() < self.give_up_at:
            customer.attempts += 1
            try:
                answer = self.ask("reserve", headers, sale="drop")
            except (OSError, http.client.HTTPException):
                with self.lock:
                    self.unanswered += 1
                time.sleep(random.uniform(0.02, 0.1))
                continue
            if answer.status == 201:
                return answer.json, None
            if answer.status != 503:
                return None, answer.json["type"].removeprefix(PROBLEMS)
            time.sleep(0.1)
        return None, "no answer"

    def crowd(self, queue):
        while True:
            with self.lock:
                if not queue:
                    return
                customer = queue.pop()
            customer.hold, customer.refusal = self.reserve(customer)
            with self.lock:
                self.acknowledged += customer.hold is not None

    def rush(self):
        """Everybody at once, while the server dies and comes back."""
        queue = list(self.customers)
        random.shuffle(queue)
        threads = [threading.Thread(target=self.crowd, args=(queue,)) for _ in range(AT_ONCE)]
        for thread in threads:
            thread.start()
        for count in KILL_AFTER:
            while self.acknowledged < count and time.monotonic() < self.give_up_at:
                time.sleep(0.001)
            self.server.kill()
            self.server.start()
        for thread in threads:
            thread.join()

    def mistakes(self):
        """Everything that must not be, as sentences."""
        winners = [customer for customer in self.customers if customer.hold]
        sale = self.ask("showSale", {}, sale="drop").json
        if len(winners) != UNITS:
            yield f"{len(winners)} customers were told that they have a unit; there are {UNITS}"
        if len({customer.hold["id"] for customer in winners}) != len(winners):
            yield "two customers were given the same hold"
        if (sale["held"], sale["available"]) != (UNITS, 0):
            yield f"the sale says {sale['held']} held and {sale['available']} available"
        for refusal in {customer.refusal for customer in self.customers if not customer.hold} - {"sold-out"}:
            yield f"somebody was refused with '{refusal}'"
        for customer in winners:
            yield from self.mistakes_about(customer)

    def mistakes_about(self, customer):
        headers = {"Authorization": "Bearer " + customer.token}
        found = self.ask("showHold", headers, hold=customer.hold["id"])
        if found.status != 200 or found.json != customer.hold:
            yield f"{customer.sub} had {customer.hold} acknowledged, but finds {found.status} {found.body}"
        again = self.ask("reserve", headers | {"Idempotency-Key": customer.key}, sale="drop")
        if again.status != 201 or again.json != customer.hold:
            yield f"{customer.sub} repeated the request and got {again.status} {again.body}, not {customer.hold}"
        more = self.ask("reserve", headers | {"Idempotency-Key": str(uuid.uuid4())}, sale="drop")
        if more.status != 409 or more.json["type"] != PROBLEMS + "one-per-customer":
            yield f"{customer.sub} asked for a second unit and got {more.status} {more.body}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("binary")
    parser.add_argument("--seed", type=int, default=random.randrange(2**32))
    arguments = parser.parse_args()
    random.seed(arguments.seed)
    print(f"seed {arguments.seed}")
    with LiveServer(arguments.binary) as server:
        drop = Drop(server)
        drop.create()
        began = time.monotonic()
        drop.rush()
        print(f"{drop.acknowledged} of {CUSTOMERS} customers have a unit after {time.monotonic() - began:.1f} s, "
              f"{drop.unanswered} requests were lost in {len(KILL_AFTER)} crashes")  # fmt: skip
        mistakes = list(drop.mistakes())
        server.kill()
        server.start()
        mistakes += drop.mistakes()
        for mistake in mistakes[:20]:
            print(mistake)
        print(f"{len(mistakes)} mistakes")
        return 1 if mistakes else 0


if __name__ == "__main__":
    sys.exit(main())
