"""Guests of one sale ask for all that there is: by joining its queue, and by reserving and giving back. Whoever has a
token of the shop, in that sale or in another, and a guest of another sale, is served all the same: while it goes on,
after the sale was closed, and after the server was killed and started again.

Usage: flood_test.py DOORBUSTER
"""

import http.client
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "api"))
from live_server import LiveServer, mint  # noqa: E402

PLACES = 1000  # of each table: as few as there may be
GUESTS = 600  # of those, in one sale: three quarters of four fifths
SALES = "/api/v1/sales"
FULL = "https://doorbuster.dev/problems/guest-share-reached"


class Flooded(LiveServer):
    def __init__(self, binary):
        super().__init__(binary, f"--limits-holds={PLACES}", f"--limits-entries={PLACES}", "--threads-reactors=1")
        self.customers = 0

    def operator(self, method, path, body):
        headers = {"Authorization": "Bearer " + self.key("operator.key"), "Content-Type": "application/json"}
        return self.request(method, SALES + path, headers, json.dumps(body))

    def sell(self, name, queue):
        sale = {"id": name, "title": name, "units": 5000, "queue": queue, "opens_at": "2020-01-01T00:00:00Z"}
        assert self.operator("POST", "", sale | {"guests": True}).status == 201

    def customer(self):
        """Each time another one, with a token."""
        self.customers += 1
        return {"Authorization": "Bearer " + mint(self.key("shop.key"), f"customer-{self.customers}")}

    def join(self, sale, headers, connection=None):
        return self.request("POST", f"{SALES}/{sale}/queue", headers, None, connection)

    def reserve(self, sale, headers, connection=None):
        return self.request("POST", f"{SALES}/{sale}/holds", headers, None, connection)

    def connection(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)

    def flood_queue(self, sale):
        """How many guests got a place, and the answer to the next."""
        connection = self.connection()
        for joined in range(2 * PLACES):
            answer = self.join(sale, {}, connection)
            if answer.status != 202:
                return joined, answer
        raise AssertionError("guests are taken without an end")

    def flood_holds(self, sale):
        """The same, by guests who give back at once what they have got."""
        connection = self.connection()
        for held in range(2 * PLACES):
            answer = self.reserve(sale, {}, connection)
            if answer.status != 201:
                return held, answer
            cookie = answer.headers["set-cookie"].partition(";")[0]
            path = f"/api/v1/holds/{answer.json['id']}"
            same(self.request("DELETE", path, {"Cookie": cookie}, None, connection).status, 200, "given back")
        raise AssertionError("guests hold without an end")

    def metric(self, series):
        lines = self.request("GET", "/metrics").body.decode().splitlines()
        return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith(series))

    def refusals(self, sale):
        return self.metric(f'doorbuster_sale_refusals_total{{sale="{sale}",type="guest-share-reached"}}')

    def used(self, table, customers):
        return self.metric(f'doorbuster_table_used{{cell="0",table="{table}",customers="{customers}"}}')


def same(seen, expected, what):
    if seen != expected:
        raise AssertionError(f"{what}: {seen!r}, not {expected!r}")


def refused(answer, what):
    same(answer.status, 503, what)
    same(answer.json["type"], FULL, what)
    assert int(answer.headers["retry-after"]) >= 10, f"{what}: to be asked again in {answer.headers['retry-after']} s"
    assert "token" in answer.json["detail"], answer.json


def others_are_served(server, moment, is_flooded_open=True):
    """Nobody but the guests of the flooded sales hears of it."""
    if is_flooded_open:
        same(server.join("queue", server.customer()).status, 202, f"{moment}: a customer of the flooded queue")
        same(server.reserve("holds", server.customer()).status, 201, f"{moment}: a customer of the flooded sale")
    customer = server.customer()
    same(server.join("quiet", customer).status, 202, f"{moment}: a customer of another queue")
    same(server.reserve("quiet", customer).status, 201, f"{moment}: the same, whose turn it is")
    same(server.reserve("other", server.customer()).status, 201, f"{moment}: a customer of another sale")
    same(server.join("quiet", {}).status, 202, f"{moment}: a guest of another queue")
    same(server.reserve("other", {}).status, 201, f"{moment}: a guest of another sale")


def tables_tell(server, guests, places, holds):
    """That guests have so many of each, and customers with a token so many places in line and holds."""
    seen = [server.used(table, of) for table in ("entries", "holds") for of in ("guests", "with_token")]
    same(seen, [guests, places, guests, holds], "what the tables are said to hold")


def main(binary):
    with Flooded(binary) as server:
        for name, queue in (("queue", "fifo"), ("quiet", "fifo"), ("holds", "none"), ("other", "none")):
            server.sell(name, queue)
        joined, answer = server.flood_queue("queue")
        same(joined, GUESTS, "guests in the flooded queue")
        refused(answer, "the next guest")
        held, answer = server.flood_holds("holds")
        same(held, GUESTS, "holds of guests, all of them given back")
        refused(answer, "the next guest's hold")
        same(server.refusals("queue"), 1.0, "refusals that are counted")
        tables_tell(server, guests=GUESTS, places=0, holds=0)
        same(server.metric('doorbuster_table_limit{cell="0",table="holds"}'), PLACES, "the limit that is told")
        others_are_served(server, "under the flood")
        tables_tell(server, guests=GUESTS + 1, places=2, holds=3)
        server.kill()
        server.start()
        tables_tell(server, guests=GUESTS + 1, places=2, holds=3)
        refused(server.join("queue", {}), "a guest after a restart")
        others_are_served(server, "after a restart")
        for sale in ("queue", "holds"):
            same(server.operator("POST", f"/{sale}/close", {"reason": "enough"}).status, 200, "closed")
        others_are_served(server, "after the close", is_flooded_open=False)
        server.process.terminate()
        same(server.process.wait(timeout=60), 0, "an orderly end, with a snapshot")
        server.start()
        others_are_served(server, "after the close and a restart", is_flooded_open=False)
    print(f"{GUESTS} guests in each table of {PLACES} places, and {server.customers} customers were served")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
