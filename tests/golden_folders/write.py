"""Writes a golden folder: the data folder of a server of today (or of an old commit), and what is known to be in it.

A line (fifo) and a free-for-all, holds in every state that ends (sold through the sandbox, released, expired), a
snapshot, and behind it events that were never in one, because the server was killed. RocksDB's own notes are left out.

Usage: write.py DOORBUSTER NAME, which makes NAME.tar.gz and NAME.json beside this file. The keys in it are throwaway.
"""

import http.client
import json
import pathlib
import re
import subprocess
import sys
import time
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "api"))
from archive import pack  # noqa: E402
from live_server import LiveServer, free_port, mint  # noqa: E402

LEFT_OUT = re.compile(r"/(LOG(\.old\..*)?|sandbox.*)$")
PATIENCE_SECONDS = 30


def until(wish):
    patience = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < patience:
        if found := wish():
            return found
        time.sleep(0.1)
    raise RuntimeError("it did not come true")


def state_of(hold):
    return hold.get("state") or hold["type"].rpartition("/hold-")[2]


class Writer:
    def __init__(self, binary):
        self.sandbox_port = free_port()
        provider = f"http://127.0.0.1:{self.sandbox_port}"
        self.server = LiveServer(binary, "--payment-url", provider)
        self.server.flags += ["--base-url", f"http://127.0.0.1:{self.server.port}"]
        self.server.start()
        arguments = ["--listen", f"127.0.0.1:{self.sandbox_port}", "--data", str(self.server.folder / "data")]
        self.sandbox = subprocess.Popen([binary, "sandbox", *arguments], stderr=subprocess.DEVNULL)
        self.holds = {}  # customer -> id

    def ask(self, method, path, body=None, sub=None):
        credentials = mint(self.server.key("shop.key"), sub) if sub else self.server.key("operator.key").strip()
        headers = {"Authorization": "Bearer " + credentials, "Content-Type": "application/json"}
        if method == "POST":
            headers["Idempotency-Key"] = f"{sub} {path} {(body or {}).get('id', '')}"
        answer = self.server.request(method, "/api/v1" + path, headers, json.dumps(body) if body else None)
        assert answer.status < 300 or answer.status == 410, (method, path, answer.status, answer.body)
        return answer.json if answer.body else None

    def create(self, sale, queue, **more):
        price = {"amount": 4900, "currency": "EUR"}
        settings = {"id": sale, "title": f"The sale {sale}", "units": 8, "price": price, "queue": queue}
        self.ask("POST", "/sales", settings | {"opens_at": "2020-01-01T00:00:00Z"} | more)

    def reserve(self, sale, sub):
        self.holds[sub] = self.ask("POST", f"/sales/{sale}/holds", sub=sub)["id"]

    def state(self, sub):
        """As golden_test.py reads it: a hold that came to nothing is gone, and the problem's type says how."""
        return state_of(self.ask("GET", f"/holds/{self.holds[sub]}", sub=sub))

    def buy(self, sub):
        self.ask("POST", f"/holds/{self.holds[sub]}/payment", sub=sub)
        order = until(lambda: self.ask("GET", f"/holds/{self.holds[sub]}", sub=sub)["order"])
        page = until(lambda: self.ask("GET", f"/orders/{order}", sub=sub).get("redirect_url"))
        connection = http.client.HTTPConnection("127.0.0.1", self.sandbox_port, timeout=10)
        connection.request("POST", urllib.parse.urlparse(page).path, "action=pay")
        assert connection.getresponse().status == 303
        until(lambda: self.state(sub) == "sold")

    def join(self, sale, sub):
        return self.ask("POST", f"/sales/{sale}/queue", sub=sub)["id"]

    def write(self):
        """Half of it before the snapshot, which the orderly end makes, and half behind it."""
        self.create("free", "none", hold_seconds=2)
        self.create("line", "fifo")
        for number in range(4):
            self.reserve("free", f"free-{number}")
        self.buy("free-0")
        self.ask("DELETE", f"/holds/{self.holds['free-1']}", sub="free-1")
        for number in range(3):
            self.join("line", f"line-{number}")
        until(lambda: self.state("free-2") == "expired")
        self.server.process.terminate()
        assert self.server.process.wait(timeout=30) == 0
        self.server.start()
        self.reserve("free", "free-4")
        self.buy("free-4")
        self.reserve("free", "free-5")
        self.ask("DELETE", f"/holds/{self.holds['free-5']}", sub="free-5")
        self.ask("POST", "/sales/line/close", {"reason": "sold elsewhere"})
        until(lambda: self.state("free-3") == "expired")
        self.server.kill()

    def expected(self):
        """What every later program must find; nothing in it is a matter of time."""
        states = {sub: self.state(sub) for sub in self.holds}
        sales = {}
        for sale in ("free", "line"):
            shown = self.ask("GET", f"/sales/{sale}")
            sales[sale] = {name: shown[name] for name in ("title", "units", "price", "sold", "state", "held")}
        holds = {sub: {"id": self.holds[sub], "state": state} for sub, state in states.items()}
        return {"sales": sales, "holds": holds}

    def end(self):
        for process in (self.sandbox, self.server.process):
            process.kill()
            process.wait()


def main(binary, name):
    writer = Writer(binary)
    try:
        writer.write()
        pack(writer.server.folder / "data", HERE / f"{name}.tar.gz", LEFT_OUT)
        writer.server.start()
        (HERE / f"{name}.json").write_text(json.dumps(writer.expected(), indent=1) + "\n", encoding="utf-8")
    finally:
        writer.end()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
