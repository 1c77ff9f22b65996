"""Kills a server while links are made and followed, again and again, and holds what it knows afterwards to what it has
said: every link that was acknowledged leads where it should; no click is counted that was not made, and none is missing
that was answered a while before the end; no link lets more people through than it may; the sums agree. In every other
round hardly any counts fit into memory, so that they are written to disk all the time; and once in a while the server
is told to end, and saves how far it has heard.

Usage: kill_test.py DOORBUSTER
"""

import http.client
import json
import pathlib
import random
import shutil
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "api"))
from live_server import LiveServer  # noqa: E402

ROUNDS = 8
LITTLE_MEMORY = ["--links-counts-kibibytes", "16"]
THREADS = 4
LIMITED, VISITS_MAX = "limited", 400
DURABLE_WITHIN = 1.0  # seconds, on a machine that is busy with other tests
PERSON = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0"}


class History:
    """What clients saw; each thread writes under the lock."""

    def __init__(self):
        self.lock = threading.Lock()
        self.links = {}  # acknowledged: code -> address
        self.asked = {}  # code -> how many requests to follow it were sent
        self.answered = {}  # code -> when each was answered

    def made(self, code, address):
        with self.lock:
            self.links[code] = address

    def sent(self, code):
        with self.lock:
            self.asked[code] = self.asked.get(code, 0) + 1

    def followed(self, code):
        with self.lock:
            self.answered.setdefault(code, []).append(time.monotonic())

    def any_link(self, random_source):
        with self.lock:
            return random_source.choice(list(self.links.items())) if self.links else None


class Client(threading.Thread):
    def __init__(self, server, history, seed):
        super().__init__()
        self.server, self.history, self.random = server, history, random.Random(seed)
        self.operator = {"Authorization": "Bearer " + server.key("operator.key")}
        self.complaints = []
        self.has_enough = False
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)

    def run(self):
        try:
            while not self.has_enough:
                self.make() if self.random.random() < 0.2 else self.follow()
        except (OSError, http.client.HTTPException):
            pass  # the server was killed

    def make(self):
        address = f"https://shop.example/{self.random.getrandbits(40)}"
        body = json.dumps({"long_url": address})
        answer = self.server.request("POST", "/api/v1/urls", self.operator, body, self.connection)
        if answer.status == 201:
            self.history.made(answer.json["short_code"], address)
        else:
            self.complaints.append(f"a link was not made: {answer.status} {answer.body}")

    def follow(self):
        code, address = self.history.any_link(self.random) or (LIMITED, None)
        if self.random.random() < 0.3:
            code, address = LIMITED, None
        self.history.sent(code)
        answer = self.server.request("GET", f"/{code}", PERSON, None, self.connection)
        if answer.status == 301:
            self.history.followed(code)
        if address and (answer.status, answer.headers.get("location")) != (301, address):
            self.complaints.append(f"{code} leads to {answer.status} {answer.headers}, not to {address}")
        if not address and answer.status not in (301, 410, 503):
            self.complaints.append(f"{code} is answered {answer.status}")


def metric(server, name):
    lines = server.request("GET", "/metrics").body.decode().splitlines()
    return next(float(line.split()[-1]) for line in lines if line.startswith(name + " "))


def end_in_peace(server, clients):
    for client in clients:
        client.has_enough = True
    for client in clients:
        client.join()
    server.process.terminate()
    server.process.wait(timeout=30)


def counted(server, operator, code):
    patience = time.monotonic() + 20
    while True:
        answer = server.request("GET", f"/api/v1/analytics/{code}", operator)
        if answer.status == 200:
            return answer.json
        if time.monotonic() > patience:
            raise AssertionError(f"the clicks of {code} can't be asked for: {answer.status} {answer.body}")
        time.sleep(0.05)


def complaints_about(server, history, killed_at):
    operator = {"Authorization": "Bearer " + server.key("operator.key")}
    for code, address in history.links.items():
        link = server.request("GET", f"/api/v1/urls/{code}", operator)
        if link.status != 200 or link.json["long_url"] != address:
            yield f"{code} was acknowledged, and is {link.status} {link.body}"
    total = 0
    for code in set(history.links) | {LIMITED}:
        seen = counted(server, operator, code)
        clicks = seen["total_clicks"]
        total += clicks
        answered = history.answered.get(code, [])
        must = len(answered) if code == LIMITED else sum(at < killed_at - DURABLE_WITHIN for at in answered)
        if not must <= clicks <= history.asked.get(code, 0):
            yield f"{code}: {clicks} clicks; {must} must be there, {history.asked.get(code, 0)} were asked for"
        days = sum(day["clicks"] for day in seen["clicks_by_date"])
        countries = sum(seen["geographic_distribution"].values())
        referrers = seen["no_referrer"] + seen["other_referrers"] + sum(r["clicks"] for r in seen["top_referrers"])
        named = [sum(seen[by].values()) for by in ("browsers", "systems", "devices")]
        if {clicks, days, countries, referrers, seen["people"] + seen["bots"], *named} != {clicks}:
            yield f"{code}: the sums do not agree: {seen}"
        # All of them come from one address, with one user agent, on a day or, about midnight, two.
        visitors = seen["unique_clicks"]
        if not min(1, clicks) <= visitors["visitors"] <= 2 or visitors["clicks_not_told_apart"] > 0:
            yield f"{code}: one visitor is counted as {visitors}"
        # What stands in the log now was there at the kill: from here on it is what has to be.
        history.answered[code] = [0.0] * clicks
        history.asked[code] = clicks
    limited = len(history.answered[LIMITED])
    if limited > VISITS_MAX:
        yield f"{limited} people went by a link for {VISITS_MAX}"
    print(f"  {len(history.links)} links, {total} clicks, {limited} of {VISITS_MAX} visits", flush=True)


def complaints_about_counts(server, history):
    """What was written in all these lives has to be what the log alone gives."""
    operator = {"Authorization": "Bearer " + server.key("operator.key")}
    before = {code: counted(server, operator, code) for code in history.links}
    server.kill()
    shutil.rmtree(server.folder / "data" / "links-counts")
    server.start()
    for code, seen in before.items():
        anew = counted(server, operator, code)
        if seen != anew:
            yield f"{code} is counted as {seen}, and again from the log as {anew}"


def main(binary):
    history = History()
    complaints = []
    with LiveServer(binary, "--services", "links") as server:
        operator = {"Authorization": "Bearer " + server.key("operator.key")}
        body = {"long_url": "https://shop.example/", "custom_alias": LIMITED, "max_visits": VISITS_MAX}
        answer = server.request("POST", "/api/v1/urls", operator, json.dumps(body))
        assert answer.status == 201, answer.body
        usual = list(server.flags)
        written = 0
        for number in range(ROUNDS):
            clients = [Client(server, history, number * THREADS + i) for i in range(THREADS)]
            for client in clients:
                client.start()
            time.sleep(1.5 + random.Random(number).random())
            written += metric(server, "doorbuster_links_counts_writes_total")
            killed_at = time.monotonic()  # before: where the disk is busy, a process takes its time to be gone
            if number % 4 == 2:
                end_in_peace(server, clients)
            else:
                server.kill()
            for client in clients:
                client.join()
                complaints += client.complaints
            server.flags = usual + (LITTLE_MEMORY if number % 2 == 0 else [])
            server.start()
            complaints += complaints_about(server, history, killed_at)
        complaints += complaints_about_counts(server, history)
    for complaint in complaints[:20]:
        print(complaint)
    if written < ROUNDS:
        complaints.append(f"counts were written {written} times only")
    if len(history.links) < ROUNDS * THREADS:
        complaints.append("hardly a link was made")
    print(f"{len(complaints)} complaints")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
