"""Kills a server of recommendations while events come, again and again: what was acknowledged counts once and is there,
also where its sender asks again because the answer was lost; and what a start reads from what was saved is what it
reads from the log alone.

Usage: kill_test.py DOORBUSTER
"""

import http.client
import random
import shutil
import sys
import threading
import time

from recs_server import RecsServer, event

ROUNDS = 6
THREADS = 3


class Shopper(threading.Thread):
    """Sends events with ids, in order; what was not answered is sent again in the next round."""

    def __init__(self, server, number):
        super().__init__()
        self.server, self.number, self.random = server, number, random.Random(number)
        self.unanswered, self.answered, self.sent = [], [], 0
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        self.complaints = []
        self.has_enough = False

    def rows(self):
        rows = []
        for _ in range(self.random.randrange(1, 40)):
            self.sent += 1
            user = f"u{self.number}-{self.sent}"  # one event each, so that counts of visitors are counts of events
            rows.append(event("view", f"item-{self.random.randrange(20)}", user=user, id=f"{self.number}-{self.sent}"))
        return rows

    def run(self):
        try:
            while not self.has_enough:
                rows = self.unanswered or self.rows()
                self.unanswered = rows
                told = self.server.tell(*rows, connection=self.connection)
                if told["recorded"] + told["duplicates"] != len(rows):
                    self.complaints.append(f"of {len(rows)} rows {told} are told")
                self.answered += rows
                self.unanswered = []
        except (OSError, http.client.HTTPException):
            pass  # the server was killed


def counts(server):
    return {f"item-{n}": server.operator("GET", f"/items/item-{n}").json.get("viewed_by", 0) for n in range(20)}


def complaints_about(server, shoppers):
    seen = counts(server)
    for item, count in seen.items():
        must = sum(row["item"] == item for shopper in shoppers for row in shopper.answered)
        may = must + sum(row["item"] == item for shopper in shoppers for row in shopper.unanswered)
        if not must <= count <= may:
            yield f"{item} is counted {count} times; {must} were acknowledged, {may} sent"


def main(binary):
    complaints = []
    with RecsServer(binary) as server:
        shoppers = [Shopper(server, number) for number in range(THREADS)]
        for number in range(ROUNDS):
            for shopper in shoppers:
                shopper.start()
            time.sleep(1 + random.Random(number).random())
            if number % 3 == 1:
                for shopper in shoppers:
                    shopper.has_enough = True
                for shopper in shoppers:
                    shopper.join()
                server.process.terminate()
                server.process.wait(timeout=30)
            else:
                server.kill()
            for shopper in shoppers:
                shopper.join()
            server.start()
            complaints += complaints_about(server, shoppers)
            shoppers = [again(server, shopper) for shopper in shoppers]
        before = counts(server)
        server.kill()
        shutil.rmtree(server.folder / "data" / "views")
        server.start()
        if counts(server) != before:
            complaints.append(f"{before} is {counts(server)} from the log alone")
    complaints += [complaint for shopper in shoppers for complaint in shopper.complaints]
    sent = sum(shopper.sent for shopper in shoppers)
    if sent < 1_000:
        complaints.append(f"only {sent} events were sent")
    for complaint in complaints[:20]:
        print(complaint)
    print(f"{sent} events, {len(complaints)} complaints")
    return 1 if complaints else 0


def again(server, former):
    shopper = Shopper(server, former.number)
    shopper.random, shopper.sent, shopper.complaints = former.random, former.sent, former.complaints
    shopper.unanswered, shopper.answered = former.unanswered, former.answered
    return shopper


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
