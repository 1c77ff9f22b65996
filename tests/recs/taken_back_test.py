"""What is cancelled and who is forgotten leave nothing behind, in a real server that is killed again and again while it
happens, with events that come late, twice, and again because nobody answered: afterwards it counts as a server that
never heard of any of it; and what it has saved has no byte of who was forgotten.

Usage: taken_back_test.py DOORBUSTER
"""

import http.client
import random
import sys
import time

from recs_server import RecsServer, event

ROUNDS = 5
ITEMS = [f"item-{n}" for n in range(8)]
USERS = [f"user-{n}" for n in range(10)]
FORGOTTEN = USERS[:3]
MARK = "a-mark-that-stands-nowhere-else"


class History:
    """Events of one run, in the order in which they are sent, and which of them are left at the end."""

    def __init__(self, seed):
        self.random, self.number, self.rows, self.taken_back = random.Random(seed), 0, [], set()
        self.base = time.time() - 40 * 86_400

    def row(self):
        self.number += 1
        user, item = self.random.choice(USERS), self.random.choice(ITEMS)
        kind = self.random.choice(["view", "view", "cart", "purchase", "purchase", "cancel"])
        # Up to thirty days late, and no two at one moment.
        at = self.base + self.random.randrange(30 * 86_400) + self.number / 1_000
        moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(at)) + f".{int(at * 1_000) % 1_000:03}Z"
        row = event(kind, item, user=user, at=moment, id=f"e{self.number}", value=1.5)
        self.rows.append(row)
        if kind == "cancel":
            self.cancel(row)
        return row

    def cancel(self, row):
        self.taken_back.add(row["id"])
        same = [each for each in self.rows if each["type"] == "purchase" and each["id"] not in self.taken_back
                and (each["user"], each["item"]) == (row["user"], row["item"])]  # fmt: skip
        if same:
            self.taken_back.add(max(same, key=lambda each: each["at"])["id"])

    def left(self):
        return [row for row in self.rows if row["id"] not in self.taken_back and row["user"] not in FORGOTTEN]


def tell_until_answered(server, rows, dice):
    """Asked again, each time by the next process, until there is an answer; sometimes it is killed meanwhile."""
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        try:
            if dice.random() < 0.1:
                connection.connect()
                server.process.kill()
            told = server.tell(*rows, connection=connection)
            assert told["recorded"] + told["duplicates"] == len(rows), told
            return
        except (OSError, http.client.HTTPException):
            server.process.wait()
            server.start()
        finally:
            connection.close()


def counts(server):
    """Of each item, and of each pair of them: whole numbers."""
    found = {}
    for item in ITEMS:
        known = server.operator("GET", f"/items/{item}").json
        found[item] = (known["bought_by"], known["viewed_by"])
        answer = server.operator("GET", f"/items/{item}/also-bought?n=100").json
        told = server.operator("GET", f"/explain?recommendation={answer['recommendation']}").json
        for one in told["items"]:
            found[item, one["item"]] = tuple(one.get(name, 0) for name in ("popularity", "pair_weight_bought"))
    return found


def saved_bytes(server):
    """Of the tables and of snapshots, not of the log, which is the past."""
    files = [file for file in (server.folder / "data").rglob("*") if file.is_file()]
    return {file.name: file.read_bytes() for file in files if "views" in file.parts or ".snapshot" in file.name}


def stop(server):
    server.process.terminate()
    assert server.process.wait(timeout=30) == 0


def main(binary):
    history, dice = History(7), random.Random(8)
    complaints, kills = [], 0
    with RecsServer(binary) as server:
        for user in FORGOTTEN:
            assert server.operator("PUT", f"/users/{user}", {"mark": f"{MARK}-{user}"}).status == 201
        for _ in range(ROUNDS):
            for _ in range(12):
                rows = [history.row() for _ in range(dice.randrange(1, 20))]
                again = [dice.choice(history.rows) for _ in range(dice.randrange(3))]
                tell_until_answered(server, rows, dice)
                tell_until_answered(server, again or rows[:1], dice)
            kills += 1
            server.kill()
            server.start()
        stop(server)
        if not any(MARK.encode() in held for held in saved_bytes(server).values()):
            complaints.append("nothing is saved of users who are there, so the comparison below would show nothing")
        server.start()
        for user in FORGOTTEN:
            assert server.operator("DELETE", f"/users/{user}").status == 204
        server.kill()
        server.start()
        found = counts(server)
        for user in FORGOTTEN:
            if server.operator("GET", f"/users/{user}").status != 404:
                complaints.append(f"{user} is forgotten and there")
        stop(server)
        complaints += [f"{name} has a mark of who is forgotten" for name, held in saved_bytes(server).items()
                       if MARK.encode() in held]  # fmt: skip
    with RecsServer(binary) as server:
        server.tell(*[event("impression", item, session="s") for item in ITEMS])  # the same numbers
        left = history.left()
        for begin in range(0, len(left), 500):
            server.tell(*left[begin : begin + 500])
        wanted = counts(server)
    complaints += [f"{key}: {found.get(key)}, not {wanted.get(key)}" for key in {**found, **wanted}
                   if found.get(key) != wanted.get(key)]  # fmt: skip
    print(f"{len(history.rows)} events, {len(left)} left, {kills} kills between requests, {len(complaints)} complaints")
    for complaint in complaints[:20]:
        print("  " + complaint)
    return 1 if complaints or len(left) < 100 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
