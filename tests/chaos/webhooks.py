"""kill -9 of the real server while it tells real receivers what happens: each event at least once, in order for each
key, from where it was; a renamed endpoint keeps its position, a new one begins at the tail, a disabled one goes on
where it was."""

import argparse
import http.server
import json
import os
import random
import sys
import tempfile
import threading
import time

from server import Server

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
CUSTOMERS = 8
PATIENCE_SECONDS = 60
SAVED_AFTER_SECONDS = 1.0  # positions are saved every 0.2 s; the machine may be busy


class Broken(Exception):
    pass


def expect(is_so, words):
    if not is_so:
        raise Broken(words)


class Endpoint:
    """What one path has been told: (sequence, key), and whether it was taken, in the order of coming."""

    def __init__(self):
        self.calls = []
        self.status = 204
        self.chance = random.Random(1)
        self.lock = threading.Lock()

    def hear(self, event):
        status = 500 if self.chance.random() < 0.02 else self.status
        time.sleep(self.chance.uniform(0, 0.01))
        with self.lock:
            self.calls.append((int(event["sequence"]), event["partitionkey"], status == 204))
        return status

    def taken(self):
        with self.lock:
            return [(sequence, key) for sequence, key, is_taken in self.calls if is_taken]

    def forget(self):
        with self.lock:
            self.calls.clear()


class Receiver:
    def __init__(self):
        self.endpoints = {}
        endpoints = self.endpoints

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                event = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(endpoints[self.path].hear(event))
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        class Quiet(http.server.ThreadingHTTPServer):
            request_queue_size = 128
            daemon_threads = True

            def handle_error(self, *_):
                pass  # the server is killed in the middle of calls

        self.server = Quiet(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def endpoint(self, path):
        return self.endpoints.setdefault(path, Endpoint())

    def url(self, path):
        return f"http://127.0.0.1:{self.server.server_port}{path}"


class World:
    def __init__(self, binary, folder):
        self.receiver = Receiver()
        self.config = os.path.join(folder, "webhooks.toml")
        self.configure([])
        self.server = Server(binary, folder, "--config", self.config)
        self.tokens = []

    def configure(self, hooks):
        """[(id or "", path)]"""
        with open(self.config, "w", encoding="utf-8") as file:
            for name, path in hooks:
                self.receiver.endpoint(path)
                file.write(f'[[webhooks]]\nurl = "{self.receiver.url(path)}"\nsecret = "{SECRET}"\n')
                file.write(f'id = "{name}"\n' if name else "")

    def start(self):
        self.server.start()
        self.server.wait_until_ready()

    def restart(self):
        self.server.kill()
        self.start()

    def operator(self, method, path, body=None):
        text = None if body is None else json.dumps(body)
        status, answer = self.server.ask(method, "/api/v1" + path, self.server.operator_key(), text)
        expect(200 <= status < 300, f"{method} {path}: {status} {answer}")
        return json.loads(answer) if answer else None

    def sell(self):
        self.operator("POST", "/sales", {"id": "drop", "title": "Drop", "units": 1_000, "queue": "none",
                                         "per_customer": 50, "opens_at": "2020-01-01T00:00:00Z"})  # fmt: skip
        self.tokens = self.server.tokens(CUSTOMERS)

    def hold_and_release(self, token):
        """Two events; fewer if the server is killed meanwhile."""
        status, body = self.server.ask("POST", "/api/v1/sales/drop/holds", token)
        if status in (200, 201):
            self.server.ask("DELETE", f"/api/v1/holds/{json.loads(body)['id']}", token)
        return status

    def happen(self, times=3):
        for _ in range(times):
            for token in self.tokens:
                expect(self.hold_and_release(token) in (200, 201), "a hold is refused")

    def status_of(self, url):
        return next(hook for hook in self.operator("GET", "/webhooks")["webhooks"] if hook["url"] == url)

    def until(self, is_so, words):
        end = time.monotonic() + PATIENCE_SECONDS
        while not is_so():
            expect(time.monotonic() < end, f"{words}: not in {PATIENCE_SECONDS} s")
            time.sleep(0.05)

    def wait_until_told(self, path):
        def is_told():
            lag = self.status_of(self.receiver.url(path))["lag"]
            return lag["events"] == 0 and lag["waiting"] == 0

        self.until(is_told, f"{path} is told everything")

    def truth(self):
        """Every event there is, as an endpoint of its own hears it from the beginning."""
        ear = self.receiver.endpoint("/truth")
        made = self.operator("POST", "/webhooks", {"url": self.receiver.url("/truth"), "name": "truth"})
        self.operator("POST", f"/webhooks/{made['id']}/replay", {"from": "2020-01-01T00:00:00Z"})
        self.until(lambda: ear.taken(), "a replay begins")
        self.wait_until_told("/truth")
        self.operator("DELETE", f"/webhooks/{made['id']}")
        events = dict(ear.taken())
        ear.forget()
        return events


def check_order(name, calls, truth, begin):
    """Whatever comes for the first time comes after all that is older of its key was taken."""
    by_key = {}
    for sequence, key in sorted(truth.items()):
        if sequence > begin:
            by_key.setdefault(key, []).append(sequence)
    taken = set()
    for sequence, key, is_taken in calls:
        missing = [older for older in by_key.get(key, []) if older < sequence and older not in taken]
        expect(not missing, f"{name}: {sequence} came before {missing[:3]} of {key} was taken")
        if is_taken:
            taken.add(sequence)
    lost = sorted(sequence for sequences in by_key.values() for sequence in sequences if sequence not in taken)
    expect(not lost, f"{name}: {len(lost)} events were never told: {lost[:5]}")
    return len(calls) - len({sequence for sequence, _, _ in calls})


def killed_under_load(world, rounds, chance):
    ear = world.receiver.endpoint("/till")
    is_over = threading.Event()

    def live(token):
        while not is_over.is_set():
            world.hold_and_release(token)

    crowd = [threading.Thread(target=live, args=(token,)) for token in world.tokens]
    for each in crowd:
        each.start()
    for _ in range(rounds):
        time.sleep(chance.uniform(0.3, 1.2))
        world.restart()
    is_over.set()
    for each in crowd:
        each.join()
    world.wait_until_told("/till")
    truth = world.truth()
    with ear.lock:
        calls = list(ear.calls)
    again = check_order("under load", calls, truth, begin=0)
    print(f"   {rounds} kills under load: {len(truth)} events, each told in order; {again} calls more than once")


def positions_survive(world):
    ear = world.receiver.endpoint("/till")
    time.sleep(SAVED_AFTER_SECONDS)
    known = {sequence for sequence, _ in ear.taken()}
    ear.forget()
    world.restart()
    world.happen(1)
    world.wait_until_told("/till")
    repeated = {sequence for sequence, _ in ear.taken()} & known
    expect(not repeated, f"what was taken and saved is told again: {sorted(repeated)[:5]}")
    print("   a position survives kill -9")


def renamed_and_new(world):
    """The endpoint at /plain had no id, gets one, and later another url; /late is new."""
    plain, moved = world.receiver.endpoint("/plain"), world.receiver.endpoint("/moved")
    world.wait_until_told("/plain")
    time.sleep(SAVED_AFTER_SECONDS)
    plain.forget()
    plain.status = 503  # it does not take what comes now
    world.happen(1)
    begin = max(world.truth())
    world.configure([("till", "/till"), ("shop", "/plain"), ("late", "/late")])
    world.restart()
    plain.status = 204
    world.until(lambda: len(set(plain.taken())) == 2 * CUSTOMERS, "a renamed endpoint gets what it had missed")
    time.sleep(SAVED_AFTER_SECONDS)
    plain.forget()
    world.configure([("till", "/till"), ("shop", "/moved"), ("late", "/late")])
    world.restart()
    world.happen(1)
    world.wait_until_told("/moved")
    world.wait_until_told("/late")
    late = world.receiver.endpoint("/late").taken()
    expect(late and min(late)[0] > begin, "a new endpoint is told what was before it")
    expect(set(moved.taken()) == set(late), "an endpoint whose url changed does not go on where it was")
    print("   renamed and moved endpoints keep their positions, a new one begins at the tail")


def disabled_and_enabled(world):
    ear = world.receiver.endpoint("/till")
    world.wait_until_told("/till")
    time.sleep(SAVED_AFTER_SECONDS)
    world.operator("POST", "/webhooks/till/disable")
    ear.forget()
    world.happen(1)
    world.restart()
    world.happen(1)
    time.sleep(SAVED_AFTER_SECONDS)
    expect(not ear.calls, "a disabled endpoint is told something")
    expect(world.status_of(world.receiver.url("/till"))["state"] == "disabled", "kill -9 enables an endpoint")
    world.operator("POST", "/webhooks/till/enable")
    world.until(lambda: len(set(ear.taken())) == 4 * CUSTOMERS, "an enabled endpoint gets what it had missed")
    with ear.lock:
        calls = list(ear.calls)
    truth = world.truth()
    check_order("enabled again", calls, truth, begin=min(sequence for sequence, _, _ in calls) - 1)
    print("   a disabled endpoint stays so, and goes on where it was once it is enabled")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("doorbuster", help="the binary")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    arguments = parser.parse_args()
    print(f"webhooks.py --seed {arguments.seed} --rounds {arguments.rounds}")
    with tempfile.TemporaryDirectory(prefix="doorbuster-hooks-") as folder:
        world = World(arguments.doorbuster, folder)
        world.configure([("till", "/till"), ("", "/plain")])
        world.start()
        try:
            world.sell()
            killed_under_load(world, arguments.rounds, random.Random(arguments.seed))
            positions_survive(world)
            renamed_and_new(world)
            disabled_and_enabled(world)
        except (Broken, RuntimeError) as broken:
            print(f"BROKEN: {broken}\n{world.server.log_tail()}", file=sys.stderr)
            return 1
        finally:
            world.server.kill()
    return 0


if __name__ == "__main__":
    sys.exit(main())
