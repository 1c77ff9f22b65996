"""Calls every operation of docs/api/openapi.yaml on a live server, well and badly, and holds every answer to it.

Usage: conformance.py DOORBUSTER, the server's binary.
"""

import http.client
import json
import sys
import time
from urllib.parse import quote

from link_calls import LinkCalls, now_and
from live_server import LiveServer, mint
from openapi import Document
from recs_calls import RecsCalls
from webhook_receiver import Receiver

# One value of each JSON type: whatever a member is, most of these are not it.
WRONG_VALUES = [None, True, -1, 1.5, "", "x" * 5000, [], {"a": 1}]

WEBHOOK_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BACK = "https://shop.example/checkout?sku=1#top"


class Conformance(LinkCalls, RecsCalls):
    def __init__(self, server):
        self.server = server
        self.document = Document()
        self.connection = None
        self.operator = {"Authorization": "Bearer " + server.key("operator.key")}
        self.seen = {}  # (operationId, status) -> how often
        self.complaints = []
        self.requests = 0

    def customer(self, sub, **claims):
        return {"Authorization": "Bearer " + mint(self.server.key("shop.key"), sub, **claims)}

    def call(self, method, target, headers=None, body=None):
        """One request; its answer is checked and counted."""
        if isinstance(body, (dict, list)):
            body = json.dumps(body)
        streams = target.partition("?")[0].endswith(("/events", "/transcript"))
        if self.connection is None or method == "HEAD" or streams:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=10)
        answer = self.server.request(method, target, headers, body, self.connection)
        if answer.headers.get("connection") == "close" or answer.headers.get("content-type") == "text/event-stream":
            self.connection = None
        self.requests += 1
        self.complaints += self.document.complaints(method, target, answer.status, answer.headers, answer.body)
        if answer.status >= 500 and answer.status not in (501, 503):
            self.complaints.append(f"{method} {target} -> {answer.status}: a server never says this")
        operation = self.document.operation(method, target.partition("?")[0])
        if operation:
            key = (operation["operationId"], answer.status)
            self.seen[key] = self.seen.get(key, 0) + 1
        return answer

    def expect(self, status, *request):
        answer = self.call(*request)
        if answer.status != status:
            self.complaints.append(f"{request[0]} {request[1]} -> {answer.status}, not {status}: {answer.body[:200]}")
        return answer

    def sell(self):
        """A sale without a queue, from its making to its end; returns what can be named in paths."""
        sales = "/api/v1/sales"
        rush = {"id": "rush", "title": "Rush", "units": 2, "queue": "none", "opens_at": now_and(-1),
                "price": {"amount": 100, "currency": "EUR"}, "item": {"sku": "r"}, "guests": True}  # fmt: skip
        self.expect(201, "POST", sales, self.operator | {"Idempotency-Key": "c"}, rush)
        self.expect(201, "POST", sales, self.operator | {"Idempotency-Key": "c"}, rush)
        self.expect(422, "POST", sales, self.operator | {"Idempotency-Key": "c"}, rush | {"units": 3})
        self.expect(409, "POST", sales, self.operator, rush)
        tag = self.expect(200, "GET", sales + "/rush").headers["etag"]
        self.expect(304, "GET", sales + "/rush", {"If-None-Match": tag})
        tag = self.expect(200, "GET", sales).headers["etag"]
        self.expect(304, "GET", sales, {"If-None-Match": tag})
        attached = {"client_reference": "=R-4711", "metadata": {"desk": "3", "Größe": "L"}}
        hold = self.expect(201, "POST", sales + "/rush/holds", self.customer("alice"), attached).json["id"]
        self.expect(400, "POST", sales + "/rush/holds", self.customer("bob"), {"metadata": {"desk": 3}})
        self.expect(400, "POST", sales + "/rush/holds", self.customer("bob"), {"client_reference": "r" * 129})
        self.expect(409, "POST", sales + "/rush/holds", self.customer("alice"))
        self.expect(409, "POST", sales + "/rush/queue", self.customer("bob"))
        guest = self.expect(201, "POST", sales + "/rush/holds")
        cookie = {"Cookie": guest.headers["set-cookie"].partition(";")[0]}
        self.expect(200, "GET", "/api/v1/holds/" + guest.json["id"], cookie)
        self.expect(409, "POST", sales + "/rush/holds", self.customer("carol"))
        self.expect(409, "PATCH", sales + "/rush", self.operator, {"units": 1})
        self.expect(200, "DELETE", "/api/v1/holds/" + guest.json["id"], cookie)
        self.expect(410, "GET", "/api/v1/holds/" + guest.json["id"], cookie)
        self.expect(200, "PATCH", sales + "/rush", self.operator, {"units": 5, "reason": "more"})
        order = self.call("POST", f"/api/v1/holds/{hold}/payment", self.customer("alice"))
        if order.status == 202:
            self.expect(200, "GET", "/api/v1/orders/" + order.json["id"], self.customer("alice"))
            self.expect(200, "GET", f"/api/v1/orders/{order.json['id']}-2", self.customer("alice"))
            self.expect(409, "DELETE", "/api/v1/holds/" + hold, self.customer("alice"))
        self.expect(401, "POST", "/api/v1/payments/events", {}, {"hold": "x"})
        return {"sale": "rush", "hold": hold, "order": order.json.get("id", hold)}

    def queue(self):
        sales = "/api/v1/sales"
        line = {"id": "line", "title": "Line", "units": 1, "queue": "fifo", "opens_at": now_and(3600),
                "prequeue_opens_at": now_and(-1)}  # fmt: skip
        self.expect(201, "POST", sales, self.operator, line)
        attached = {"client_reference": "R-1", "metadata": None}
        alice = self.expect(202, "POST", sales + "/line/queue", self.customer("alice"), attached).json
        self.expect(200, "POST", sales + "/line/queue", self.customer("alice"))
        self.expect(400, "POST", sales + "/line/queue", self.customer("bob"), {"metadata": "x"})
        path = f"{sales}/line/queue/{alice['id']}"
        self.expect(200, "GET", f"{path}?token={alice['token']}")
        self.expect(200, "HEAD", f"{path}?token={alice['token']}")
        self.expect(200, "GET", f"{path}/events?token={alice['token']}")
        self.expect(404, "GET", path, self.customer("bob"))
        self.expect(403, "GET", path, self.customer("alice", sale="rush"))
        self.expect(409, "POST", sales + "/line/holds", self.customer("alice"))
        self.expect(200, "PATCH", sales + "/line", self.operator, {"opens_at": now_and(3000)})
        bob = self.expect(202, "POST", sales + "/line/queue", self.customer("bob")).json
        self.expect(200, "DELETE", f"{sales}/line/queue/{bob['id']}", self.operator, {"reason": "a bot"})
        self.expect(204, "GET", f"{sales}/line/queue/{bob['id']}/events?token={bob['token']}")
        self.expect(403, "POST", sales + "/line/queue", self.customer("bob"))
        return {"entry": alice["id"]}

    def admit(self):
        """An open line, whose first is let in."""
        sales = "/api/v1/sales"
        door = {"id": "door", "title": "Door", "units": 1, "queue": "fifo", "opens_at": now_and(-1)}
        self.expect(201, "POST", sales, self.operator, door)
        alice = self.expect(202, "POST", sales + "/door/queue", self.customer("alice")).json
        path = f"{sales}/door/queue/{alice['id']}/admission"
        token = self.expect(201, "POST", path, self.customer("alice")).json["token"]
        shown = {"Cookie": "doorbuster_admission=" + token}
        self.expect(204, "GET", "/admissions/verify?sale=door", shown)
        self.expect(401, "GET", "/admissions/verify?sale=rush", shown)
        shown = {"X-Original-URI": "/checkout?doorbuster_admission=" + token}
        self.expect(302, "GET", "/admissions/keep?sale=door", shown)
        self.expect(302, "GET", "/q/door?return=" + quote(BACK, safe=""))
        self.expect(400, "GET", "/q/door?return=x")
        back = self.expect(201, "POST", path, self.customer("alice"), {"return_to": BACK}).json["return_to"]
        self.expect(201, "POST", f"{path}?token={alice['token']}", {}, {"return_to": back})
        self.expect(400, "POST", path, self.customer("alice"), {"return_to": "https://shop.example:8443/checkout"})
        bob = self.expect(202, "POST", sales + "/door/queue", self.customer("bob")).json
        self.expect(409, "POST", f"{sales}/door/queue/{bob['id']}/admission", self.customer("bob"))
        self.expect(201, "POST", "/api/v1/admission-keys", self.operator)
        tag = self.expect(200, "GET", "/.well-known/jwks.json").headers["etag"]
        self.expect(304, "GET", "/.well-known/jwks.json", {"If-None-Match": tag})

    def draw(self):
        """A line that says nothing of its queue, from the receipt to the record."""
        sales = "/api/v1/sales"
        drawn = {"id": "drawn", "title": "Drawn", "units": 1, "opens_at": now_and(2)}
        self.expect(201, "POST", sales, self.operator, drawn)
        alice = self.expect(202, "POST", sales + "/drawn/queue", self.customer("alice"), {"nonce": "bHVja3k"}).json
        self.expect(409, "GET", sales + "/drawn/transcript")
        self.expect(200, "POST", sales + "/drawn/queue", self.customer("alice"))
        path = f"{sales}/drawn/queue/{alice['id']}"
        self.until(lambda: self.call("GET", sales + "/drawn").json["draw"]["drawn"])
        self.until(lambda: self.call("GET", sales + "/drawn/transcript").status == 200)
        self.expect(200, "GET", f"{path}/receipt?token={alice['token']}")
        self.expect(200, "HEAD", f"{path}/receipt?token={alice['token']}")
        self.expect(200, "HEAD", sales + "/drawn/transcript")
        bob = self.expect(202, "POST", sales + "/drawn/queue", self.customer("bob")).json
        self.expect(409, "GET", f"{sales}/drawn/queue/{bob['id']}/receipt?token={bob['token']}")

    def draw_with_a_beacon(self):
        """Whose places wait for what nobody knows when it opens."""
        sales, value = "/api/v1/sales", {"value": "ab" * 32}
        beacon = {"source": "drand-quicknet", "round": 7, "published_at": now_and(4)}
        drawn = {"id": "beacon", "title": "Beacon", "units": 1, "opens_at": now_and(1), "beacon": beacon}
        self.expect(400, "POST", sales, self.operator, drawn | {"queue": "fifo"})
        self.expect(400, "POST", sales, self.operator, drawn | {"opens_at": beacon["published_at"]})
        passed = {"opens_at": now_and(-9), "beacon": beacon | {"published_at": now_and(-1)}}
        self.expect(409, "POST", sales, self.operator, drawn | passed)
        self.expect(201, "POST", sales, self.operator, drawn)
        alice = self.expect(202, "POST", sales + "/beacon/queue", self.customer("alice")).json
        self.expect(409, "POST", sales + "/beacon/beacon", self.operator, value)
        self.expect(400, "PATCH", sales + "/beacon", self.operator, {"beacon": beacon})
        self.until(lambda: self.call("GET", sales + "/beacon").json["draw"]["root"])
        receipt = f"{sales}/beacon/queue/{alice['id']}/receipt?token={alice['token']}"
        self.until(lambda: self.call("GET", receipt).json["proof"] is not None)
        self.expect(409, "GET", sales + "/beacon/transcript")
        self.until(lambda: self.call("POST", sales + "/beacon/beacon", self.operator, value).status == 200)
        self.expect(200, "POST", sales + "/beacon/beacon", self.operator, value)
        self.expect(409, "POST", sales + "/beacon/beacon", self.operator, {"value": "cd"})
        self.expect(409, "POST", sales + "/drawn/beacon", self.operator, value)
        self.until(lambda: self.call("GET", sales + "/beacon/transcript").status == 200)

    def until(self, done, what="the sale was drawn"):
        end = time.monotonic() + 20
        while not done():
            if time.monotonic() > end:
                raise SystemExit(f"20 s were over before {what}")
            time.sleep(0.1)

    def operate(self):
        sales = "/api/v1/sales"
        draft = {"id": "draft", "title": "Draft", "units": 1, "opens_at": now_and(-1), "draft": True}
        self.expect(201, "POST", sales, self.operator, draft)
        self.expect(404, "GET", sales + "/draft")
        self.expect(200, "GET", sales + "/draft", self.operator)
        self.expect(200, "GET", sales, self.operator)
        self.expect(200, "PATCH", sales + "/draft", self.operator, {"draft": False})
        self.expect(200, "POST", sales + "/draft/pause", self.operator, {"reason": "tea"})
        self.expect(409, "POST", sales + "/draft/pause", self.operator)
        self.expect(200, "POST", sales + "/draft/resume", self.operator)
        self.expect(200, "POST", sales + "/draft/close", self.operator)
        for what in ("report", "orders?limit=1", "orders?client_reference=%3DR-4711&state=paying",
                     "orders?from=2020-01-01T00:00:00Z&to=2120-01-01T00:00:00%2B02:00", "orders.csv", "audit",
                     "audit.csv", "flow", "board", "queue?limit=2", "queue?customer=alice"):  # fmt: skip
            self.expect(200, "GET", f"{sales}/rush/{what}", self.operator)
        for sale, status in (("rush", 409), ("draft", 200)):
            link = self.call("GET", f"{sales}/{sale}/report", self.operator).json["share_url"].partition("?")[2]
            for what in ("report", "flow"):
                self.expect(status, "GET", f"{sales}/{sale}/{what}?{link}")
                self.expect(403, "GET", f"{sales}/{sale}/{what}?{link[:-1]}")
        for wrong in ("limit=many", "state=gone", "from=yesterday", "client_reference="):
            self.expect(400, "GET", f"{sales}/rush/orders?{wrong}", self.operator)
        self.expect(200, "GET", "/api/v1/archived-sales?limit=10", self.operator)
        made = self.expect(201, "POST", "/api/v1/keys", self.operator, {"kind": "shop", "name": "till", "id": "till"})
        self.expect(409, "POST", "/api/v1/keys", self.operator, {"kind": "shop", "name": "till", "id": "till"})
        self.expect(200, "GET", "/api/v1/keys", self.operator)
        self.expect(200, "GET", "/api/v1/audit?limit=2", self.operator)
        self.expect(204, "DELETE", made.headers["location"], self.operator)
        self.expect(404, "DELETE", made.headers["location"], self.operator)
        key = self.operator["Authorization"].removeprefix("Bearer ")
        self.expect(401, "POST", "/api/v1/session", {}, {"key": "dbk_x"})
        session = self.expect(201, "POST", "/api/v1/session", {}, {"key": key})
        cookie = {"Cookie": session.headers["set-cookie"].partition(";")[0]}
        self.expect(200, "GET", "/api/v1/session", cookie)
        self.expect(403, "DELETE", "/api/v1/session", cookie)
        self.expect(204, "DELETE", "/api/v1/session", cookie | {"X-CSRF-Token": session.json["csrf_token"]})
        self.expect(401, "GET", f"{sales}/rush/audit", cookie)
        challenge, patience = "/api/v1/guard/challenge", time.monotonic() + 20
        while self.call("GET", challenge).status == 503 and time.monotonic() < patience:
            time.sleep(0.1)  # they are made ahead, by a thread that lets all others go first
        self.expect(200, "GET", challenge)
        for path in ("/livez", "/readyz"):
            self.expect(200, "GET", path)
        metrics = self.expect(200, "GET", "/metrics").body
        if b'doorbuster_sale_refusals_total{sale="rush",type="one-per-customer"} 1\n' not in metrics:
            self.complaints.append("/metrics does not tell that alice was refused a second unit of rush")
        return {"key": "till"}

    def hear(self, receivers):
        """Endpoints that hear everything from now on, one of them in batches; returns what can be named in paths."""
        hooks, key = "/api/v1/webhooks", {"Idempotency-Key": "h"}
        single, batches = ({"url": each.url, "name": "till"} for each in receivers)
        made = self.expect(201, "POST", hooks, self.operator | key, single)
        again = self.expect(201, "POST", hooks, self.operator | key, single)
        if again.json["secret"] != made.json["secret"]:
            self.complaints.append("the same request made two secrets")
        self.expect(422, "POST", hooks, self.operator | key, batches)
        self.expect(201, "POST", hooks, self.operator, batches | {"batch": 50})
        self.expect(409, "PATCH", hooks + "/configured", self.operator, {"name": "x"})
        self.expect(409, "DELETE", hooks + "/configured", self.operator)
        self.expect(200, "POST", hooks + "/configured/disable", self.operator)
        self.expect(200, "GET", hooks, self.operator)
        path = made.headers["location"]
        self.expect(200, "GET", path, self.operator)
        self.expect(200, "PATCH", path, self.operator, {"in_flight": 8})
        self.expect(200, "POST", path + "/secret", self.operator)
        if not self.expect(200, "POST", path + "/test", self.operator).json["delivered"]:
            self.complaints.append("the test was not delivered")
        return {"endpoint": path.rpartition("/")[2]}

    def heard(self, receivers, names):
        """What all receivers were told; then an endpoint is disabled, told again, and deleted."""
        path = "/api/v1/webhooks/" + names["endpoint"]
        wanted = {"sale.created", "sale.opened", "hold.created", "hold.released", "entry.created", "sale.drawn"}
        wanted |= {"link." + what for what in ("created", "changed", "deleted", "expired", "used_up", "taken_down")}
        wanted |= {"link_domain.taken_down", "link_domain.restored"}
        self.until(lambda: all(wanted <= each.types for each in receivers), "the webhooks were told")
        receivers[0].types.clear()
        self.expect(200, "POST", path + "/disable", self.operator)
        self.expect(200, "POST", path + "/replay", self.operator, {"from": now_and(-3600)})
        self.expect(200, "POST", path + "/enable", self.operator)
        self.until(lambda: wanted <= receivers[0].types, "the webhooks were told again")
        self.expect(204, "DELETE", path, self.operator)
        for receiver in receivers:
            self.complaints += receiver.complaints

    def misuse(self, names):
        """Every call with every sort of caller, and with bodies that are wrong in every way the document allows."""
        nobody_has = {name: "0" * 26 for name in names}
        callers = [{}, {"Authorization": "Bearer x"}, {"Authorization": "Basic YTpi"}, self.customer("mallory"),
                   self.customer("alice", sale="other"), {"Authorization": "Bearer dbk_0123456789ab_x"}]  # fmt: skip
        for method, template, operation in self.document.operations():
            for given in (names, nobody_has):
                path = template.format(**given)
                for caller in callers:
                    self.call(method, path, caller)
                    if method == "GET":
                        self.call("HEAD", path, caller)
                if method != "GET":
                    for body in self.wrong_bodies(operation):
                        self.call(method, path, self.operator, body)
            self.call("PUT", template.format(**names))
            self.call("OPTIONS", template.format(**names))

    def wrong_bodies(self, operation):
        yield from ("{", "[]", "null", '"x"', '{"a":1,"a":2}', '{"nonsense":1}', "{}x", "\xff", "[" * 100)
        content = self.document.resolve(operation.get("requestBody", {})).get("content", {})
        for example in content.get("application/json", {}).get("examples", {}).values():
            is_list = isinstance(example["value"], list)
            for good in example["value"] if is_list else [example["value"]]:
                for name in good:
                    for value in WRONG_VALUES:
                        wrong = good | {name: value}
                        yield [wrong] if is_list else wrong

    def unvisited(self):
        """Successes that the document promises and nobody has seen."""
        for _, _, operation in self.document.operations():
            for status in operation["responses"]:
                if status.startswith("2") and (operation["operationId"], int(status)) not in self.seen:
                    yield operation["operationId"], status


def main(binary):
    server = LiveServer(binary, "--admissions-return-to", "https://shop.example/checkout")
    (server.folder / "policy.toml").write_text('preset = "drop"\nmode = "shadow"\n')  # all requests have one address
    server.flags.append(f"--guard-policy={server.folder}/policy.toml")
    config = server.folder / "doorbuster.toml"
    config.write_text(f'[[webhooks]]\nid = "configured"\nurl = "http://127.0.0.1:9/"\nsecret = "{WEBHOOK_SECRET}"\n')
    server.flags += ["--config", str(config)]
    with server:
        check = Conformance(server)
        receivers = [Receiver(check.document) for _ in range(2)]
        hearing = check.hear(receivers)
        names = hearing | check.sell() | check.queue() | check.operate() | check.recommend() | check.shorten()
        check.draw()
        check.draw_with_a_beacon()
        check.admit()
        check.misuse(names | {"endpoint": "configured"})
        check.heard(receivers, names)
        # Only a provider can sign an event; without one a payment can't be started, either.
        beyond = {"takePaymentEvent", "startPayment", "showOrder"}
        missing = [each for each in check.unvisited() if each[0] not in beyond]
        for complaint in check.complaints[:40]:
            print(complaint)
        for operation, status in missing:
            print(f"{operation} was never answered with {status}")
        print(f"{check.requests} requests, {len(check.complaints)} complaints")
        return 1 if check.complaints or missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
