"""Data folders as earlier versions left them: today's server starts on each, and finds what is known to be in it.

Each was written by write.py with a server of that time, and has a snapshot and events behind it. A snapshot of a
version that is no longer read is set aside, which the log says in one line, and the log alone gives the same. Then the
server is stopped and started once more: what it wrote itself is what it finds. All this at the time of the log, by a
clock that is set back: a day later holds would be forgotten, and a month later the sales.

Usage: golden_test.py DOORBUSTER
"""

import json
import pathlib
import sys
import tarfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "api"))
from faked_clock import faked_clock  # noqa: E402
from live_server import LiveServer, mint  # noqa: E402
from write import state_of  # noqa: E402

# Before the first folder was written: so the server goes on by the time of its log, and forgets nothing for being old.
LONG_AGO = "@2026-11-20 00:00:00"


class GoldenServer(LiveServer):
    def start(self):
        (self.folder / "clock").write_text(LONG_AGO)
        with faked_clock(self.folder / "clock"):
            super().start()


class Golden:
    def __init__(self, binary, archive):
        self.name = archive.name.removesuffix(".tar.gz")
        self.was_set_aside = 0
        self.expected = json.loads((HERE / f"{self.name}.json").read_text(encoding="utf-8"))
        self.server = GoldenServer(binary)
        with tarfile.open(archive) as tar:
            tar.extractall(self.server.folder)

    def ask(self, path, sub=None):
        credentials = mint(self.server.key("shop.key"), sub) if sub else self.server.key("operator.key").strip()
        answer = self.server.request("GET", "/api/v1" + path, {"Authorization": "Bearer " + credentials})
        return answer.json

    def mistakes(self):
        for sale, wanted in self.expected["sales"].items():
            found = self.ask(f"/sales/{sale}")
            for name, value in wanted.items():
                if found.get(name) != value:
                    yield f"the sale {sale} has {name} {found.get(name, found)}, not {value}"
        for sub, hold in self.expected["holds"].items():
            found = self.ask(f"/holds/{hold['id']}", sub)
            if state_of(found) != hold["state"]:
                yield f"the hold of {sub} is {found}, not {hold['state']}"
        yield from self.mistakes_of_orders()

    def mistakes_of_orders(self):
        orders = self.ask("/sales/free/orders").get("orders", [])
        sold = sum(order["state"] == "sold" for order in orders)
        if sold != self.expected["sales"]["free"]["sold"]:
            yield f"the operator finds {sold} orders that are sold: {orders}"

    def set_aside(self):
        lines = (self.server.folder / "server.log").read_text(encoding="utf-8").splitlines()
        return [line for line in lines if "it was set aside" in line]

    def trial(self):
        """Of the server that has just started on the folder."""
        yield from self.mistakes()
        self.was_set_aside = len(said := self.set_aside())
        if self.was_set_aside > 1:
            yield f"more than one line says that a snapshot was set aside: {said}"
        if (self.server.folder / "data" / "log" / "cell-0.snapshot.aside").exists() != bool(said):
            yield f"what was set aside is not what the log says: {said}"
        self.server.process.terminate()
        if (code := self.server.process.wait(timeout=60)) != 0:
            yield f"the server ended with {code}"
        self.server.start()
        yield from (f"once more: {mistake}" for mistake in self.mistakes())
        if len(self.set_aside()) != self.was_set_aside:
            yield f"its own snapshot was set aside: {self.set_aside()}"


def main(binary):
    archives = sorted(HERE.glob("*.tar.gz"))
    assert len(archives) >= 2, "the golden folders are missing"
    failed = False
    set_aside = 0
    for archive in archives:
        golden = Golden(binary, archive)
        with golden.server:
            mistakes = list(golden.trial())
        print(f"{golden.name}: {len(mistakes)} mistakes")
        for mistake in mistakes[:20]:
            print("  " + mistake)
        failed = failed or bool(mistakes)
        set_aside += golden.was_set_aside
    print(f"{set_aside} of {len(archives)} snapshots were set aside")
    return failed or set_aside == 0  # the oldest are of versions that nobody reads any more


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
