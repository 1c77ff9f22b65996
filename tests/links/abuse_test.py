"""Take-downs and lists of threats on a real server: while people follow a link over many connections, nobody is sent on
once its take-down is answered; all of it is so after a kill; and a list that is put in place while the server runs
holds for links that were stored before.

Usage: abuse_test.py DOORBUSTER
"""

import http.client
import json
import pathlib
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "api"))
from live_server import LiveServer  # noqa: E402

TAKE_DOWNS = "/api/v1/abuse/take-downs"
FOLLOWERS = 6
ROUNDS = 10


class Follower(threading.Thread):
    """Follows a link again and again: when each answer was asked for and heard, and what it was."""

    def __init__(self, server, code):
        super().__init__()
        self.server, self.code, self.seen, self.over = server, code, [], threading.Event()

    def run(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=10)
        while not self.over.is_set():
            asked = time.monotonic()
            status = self.server.request("GET", "/" + self.code, {}, None, connection).status
            self.seen.append((asked, time.monotonic(), status))


def operate(server, method, path, body=None):
    operator = {"Authorization": "Bearer " + server.key("operator.key")}
    return server.request(method, path, operator, None if body is None else json.dumps(body))


def make(server, code, url):
    answer = operate(server, "POST", "/api/v1/urls", {"long_url": url, "custom_alias": code})
    assert answer.status == 201, answer.body


def complaints_about_take_downs(server):
    """Each take-down holds from its answer on, on every connection, and so does each restoring."""
    make(server, "mail", "https://bad.example/x")
    followers = [Follower(server, "mail") for _ in range(FOLLOWERS)]
    for follower in followers:
        follower.start()
    windows = []  # (from, until, status): what whoever asks and hears between must hear
    for number in range(ROUNDS):
        what = {"short_code": "mail"} if number % 2 else {"domain": "bad.example"}
        made = operate(server, "POST", TAKE_DOWNS, what | {"reason": "a test"})
        taken_at = time.monotonic()
        time.sleep(0.05)
        windows.append((taken_at, time.monotonic(), 451))
        operate(server, "DELETE", f"{TAKE_DOWNS}/{made.json['id']}")
        restored_at = time.monotonic()
        time.sleep(0.05)
        windows.append((restored_at, time.monotonic(), 301))
    for follower in followers:
        follower.over.set()
        follower.join()
    heard = 0
    for begin, end, wanted in windows:
        for follower in followers:
            statuses = [status for asked, heard_at, status in follower.seen if begin < asked and heard_at < end]
            heard += len(statuses)
            if set(statuses) - {wanted}:
                yield f"in a window of {wanted} somebody heard {statuses}"
    if heard < ROUNDS * FOLLOWERS:
        yield f"only {heard} visits fell into the windows"


def complaints_after_a_kill(server):
    make(server, "gone", "https://gone.example/")
    make(server, "kept", "https://kept.example/")
    for what in ({"short_code": "gone"}, {"domain": "kept.example"}):
        operate(server, "POST", TAKE_DOWNS, what | {"reason": "a test", "notice": "by order"})
    newest = operate(server, "GET", TAKE_DOWNS).json["take_downs"][0]
    operate(server, "DELETE", f"{TAKE_DOWNS}/{newest['id']}")
    server.kill()
    server.start()
    for code, wanted in (("gone", 451), ("kept", 301)):
        if (status := server.request("GET", "/" + code).status) != wanted:
            yield f"after a kill {code} is answered {status}, not {wanted}"
    exported = operate(server, "GET", "/api/v1/urls/export?format=nginx").body.decode()
    if '"/gone"' in exported or '"/kept"' not in exported:
        yield f"the map for nginx is {exported}"
    actions = [line["action"] for line in operate(server, "GET", "/api/v1/audit").json["lines"]]
    if actions[:3] != ["restored", "taken down", "taken down"]:
        yield f"the trail says {actions}"


def complaints_about_lists(server, threats):
    make(server, "evil", "https://www.evil.example/login")
    if (status := server.request("GET", "/evil").status) != 301:
        yield f"a link that no list names is answered {status}"
    beside = threats.with_name("new.txt")
    beside.write_text("evil.example\n")
    beside.rename(threats)
    patience = time.monotonic() + 15
    while server.request("GET", "/evil").status != 403 and time.monotonic() < patience:
        time.sleep(0.1)
    while not operate(server, "GET", "/api/v1/abuse/flagged").json["links"] and time.monotonic() < patience:
        time.sleep(0.1)
    flagged = [link["short_code"] for link in operate(server, "GET", "/api/v1/abuse/flagged").json["links"]]
    if (status := server.request("GET", "/evil").status) != 403 or flagged != ["evil"]:
        yield f"a list was put in place: the link is answered {status}, and {flagged} are flagged"


def main(binary):
    with LiveServer(binary, "--services", "links", "--threads-reactors", "2") as server:
        threats = server.folder / "threats.txt"
        threats.write_text("")
        server.kill()
        server.flags += ["--links-threat-lists", str(threats)]
        server.start()
        found = [*complaints_about_take_downs(server), *complaints_after_a_kill(server)]
        found += complaints_about_lists(server, threats)
    for complaint in found[:20]:
        print(complaint)
    print(f"{len(found)} complaints")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
