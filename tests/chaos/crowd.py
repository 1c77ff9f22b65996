"""Customers who reserve, ask again with the same Idempotency-Key when nobody answers, give back, and begin to pay, and
who remember what they were told: the history that a server is held to after every restart."""

import asyncio
import random
import uuid

from wire import NoAnswer, Wire

PAUSE_SECONDS = 0.05
ONE_IN_SO_MANY_PAYS = 5  # who pays is done: nobody settles. The others go on, so that the log grows to the end


class Broken(Exception):
    """A promise was broken; the message says which."""


class Customer:
    def __init__(self, crowd, number, token):
        self.crowd, self.number, self.token = crowd, number, token
        self.wire = Wire(crowd.port)
        self.random = random.Random(crowd.seed * 1_000_003 + number)
        self.key = None
        self.hold = None
        self.state = None  # of the hold as far as this customer knows: held, paying, releasing, released
        self.lost_touch = False
        self.wishes = [self.release, self.release, self.release, self.repeat]
        if number % ONE_IN_SO_MANY_PAYS == 0:
            self.wishes.append(self.pay)

    async def ask(self, method, path, key=None):
        """Asks until somebody answers something else than "try again"."""
        while True:
            try:
                answer = await self.wire.ask(method, path, self.token, key)
            except NoAnswer:
                self.crowd.unanswered += 1
                self.lost_touch = True
                await asyncio.sleep(self.random.uniform(0, 4 * PAUSE_SECONDS))
                continue
            self.crowd.note(answer)
            if answer.status != 503:
                return answer
            await asyncio.sleep(self.random.uniform(0, 4 * PAUSE_SECONDS))

    async def live(self):
        while not self.crowd.is_over:
            await self.one_round()
            await asyncio.sleep(self.random.uniform(0, PAUSE_SECONDS))

    async def one_round(self):
        if self.lost_touch:
            self.lost_touch = False
            await self.check()
        elif self.state is None or self.state == "released":
            await self.reserve(f"{self.number}-{uuid.UUID(int=self.random.getrandbits(128))}")
        elif self.state == "held":
            await self.random.choice(self.wishes)()
        else:
            await self.check()

    async def reserve(self, key):
        answer = await self.ask("POST", f"/api/v1/sales/{self.crowd.sale}/holds", key)
        if answer.status == 409 and answer.problem() == "sold-out":
            return
        if answer.status not in (200, 201):
            raise Broken(f"customer {self.number} could not reserve: {answer.status} {answer.body}")
        self.key, self.hold, self.state = key, answer.json()["id"], "held"
        self.crowd.given(self.hold, self.number)

    async def repeat(self):
        answer = await self.ask("POST", f"/api/v1/sales/{self.crowd.sale}/holds", self.key)
        if answer.status not in (200, 201) or answer.json()["id"] != self.hold:
            raise Broken(f"the same key gave another hold: {answer.status} {answer.body}, not {self.hold}")

    async def release(self):
        self.state = "releasing"
        answer = await self.ask("DELETE", f"/api/v1/holds/{self.hold}")
        if answer.status not in (200, 204, 410):
            raise Broken(f"a hold could not be released: {answer.status} {answer.body}")
        self.state = "released"

    async def pay(self):
        answer = await self.ask("POST", f"/api/v1/holds/{self.hold}/payment", f"pay-{self.hold}")
        if answer.status != 202:
            raise Broken(f"a payment could not be started: {answer.status} {answer.body}")
        self.state = "paying"

    async def check(self):
        if self.hold is None:
            return
        answer = await self.ask("GET", f"/api/v1/holds/{self.hold}")
        found = answer.json().get("state") if answer.status == 200 else answer.problem()
        wanted = {"held": ["held"], "paying": ["paying"], "released": ["released", "hold-released"]}[self.state]
        if found not in wanted:
            raise Broken(f"hold {self.hold} of customer {self.number} was acknowledged as {self.state}, and is {found}")
        self.crowd.checks += 1


class Crowd:
    def __init__(self, port, sale, tokens, seed):
        self.port, self.sale, self.seed = port, sale, seed
        self.is_over = False
        self.holders = {}
        self.statuses = {}
        self.unanswered = 0
        self.checks = 0
        self.customers = [Customer(self, number, token) for number, token in enumerate(tokens)]

    def given(self, hold, customer):
        if self.holders.setdefault(hold, customer) != customer:
            raise Broken(f"hold {hold} was given to customers {self.holders[hold]} and {customer}")

    def note(self, answer):
        self.statuses[answer.status] = self.statuses.get(answer.status, 0) + 1
        if answer.status >= 500 and answer.status != 503:
            raise Broken(f"the server said {answer.status}: {answer.body}")
        if answer.status == 503 and "retry-after" not in answer.headers:
            raise Broken("a 503 came without Retry-After")

    async def live(self):
        await asyncio.gather(*(customer.live() for customer in self.customers))

    async def check_all(self):
        """Everybody looks; call it when the crowd's life is over and the server is there."""
        await asyncio.gather(*(customer.check() for customer in self.customers))
        for customer in self.customers:
            customer.wire.close()

    def live_holds(self):
        return sum(customer.state in ("held", "paying") for customer in self.customers)

    def summary(self):
        answers = ", ".join(f"{count} x {status}" for status, count in sorted(self.statuses.items()))
        return f"{len(self.holders)} holds, {self.unanswered} calls unanswered, {self.checks} checks; {answers}"
