"""Follows traces (W3C Trace Context) through the real processes: from a customer's request to the webhook that tells of
it, and through the payment provider's process and back; and begins new ones where the cause is not known.

Usage: follow_test.py DOORBUSTER, the server's binary.
"""

import json
import pathlib
import re
import secrets
import subprocess
import sys
import time
import urllib.parse
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "api"))
from live_server import LiveServer, mint  # noqa: E402
from receiver import Receiver  # noqa: E402

HOLD_SECONDS = 3
TRACEPARENT = re.compile(r"00-(?P<trace>[0-9a-f]{32})-(?P<span>[0-9a-f]{16})-0[01]")
WEBHOOK_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def check(truth, words):
    if not truth:
        raise AssertionError(words)


def trace_id(traceparent):
    match = TRACEPARENT.fullmatch(traceparent or "")
    check(match, f"{traceparent!r} is not a traceparent")
    return match["trace"]


class Sandbox:
    def __init__(self, binary, data):
        command = [binary, "sandbox", "--listen", "127.0.0.1:0", "--data", data]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().split()[-1].rstrip("/")

    def pay(self, address):
        """As a customer does on the page."""
        body = urllib.parse.urlencode({"action": "pay"}).encode()
        opener = urllib.request.build_opener(StayHere)
        try:
            opener.open(urllib.request.Request(address, body), timeout=10).close()
        except urllib.error.HTTPError as answer:
            check(answer.code == 303, f"the sandbox says {answer.code}")

    def close(self):
        self.process.terminate()
        self.process.wait()


class StayHere(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


class Shop:
    def __init__(self, server, sandbox):
        self.server, self.sandbox = server, sandbox
        sale = {"id": "drop", "title": "Drop", "units": 5, "queue": "none", "opens_at": "2020-01-01T00:00:00Z"}
        sale["hold_seconds"] = HOLD_SECONDS
        operator = {"Authorization": "Bearer " + server.key("operator.key")}
        made = server.request("POST", "/api/v1/sales", operator, json.dumps(sale))
        check(made.status == 201, made.body)

    def ask(self, customer, method, path, traceparent=None):
        headers = {"Authorization": "Bearer " + mint(self.server.key("shop.key"), customer)}
        if traceparent:
            headers["traceparent"] = traceparent
        answer = self.server.request(method, path, headers)
        check(answer.status in (200, 201, 202), f"{method} {path}: {answer.status} {answer.body}")
        return answer.json

    def reserve(self, customer, traceparent=None):
        return self.ask(customer, "POST", "/api/v1/sales/drop/holds", traceparent)["id"]


def fresh():
    """A caller's traceparent, and its trace id."""
    trace = secrets.token_hex(16)
    return f"00-{trace}-{secrets.token_hex(8)}-01", trace


def follow_a_purchase(shop, receiver):
    """Each request has its own trace; the payment's passes through the provider's process."""
    reserving, reserved = fresh()
    paying, paid = fresh()
    hold = shop.reserve("alice", reserving)
    told = receiver.wait_for("hold.created")
    check(trace_id(told) == reserved, f"hold.created came with {told}, not in the trace of {reserving}")
    check(told != reserving and told.endswith("-01"), f"{told} is no child of {reserving}")
    order = shop.ask("alice", "POST", f"/api/v1/holds/{hold}/payment", paying)
    check(trace_id(receiver.wait_for("order.created")) == paid, "order.created is in another trace")
    shop.sandbox.pay(order["redirect_url"])
    told = receiver.wait_for("order.paid")
    check(trace_id(told) == paid, f"order.paid came with {told}: the trace of {paying} was lost at the provider")


def begin_where_nothing_is_known(shop, receiver):
    """A request without a trace; and time, which has none either."""
    reserving, reserved = fresh()
    shop.reserve("bob", reserving)
    expired = trace_id(receiver.wait_for("hold.expired"))
    check(expired != reserved, "nobody asked for the hold to expire")
    before = len(receiver.told)
    shop.reserve("carol")
    patience = time.monotonic() + 20
    while len(receiver.told) == before and time.monotonic() < patience:
        time.sleep(0.05)
    event, trace = receiver.told[before]
    check(event == "hold.created" and trace_id(trace) not in (expired, reserved), f"{event} came with {trace}")


def forget_at_a_restart(shop, receiver):
    """The delivery is made after all, in a new trace."""
    receiver.refuses = True
    reserving, reserved = fresh()
    shop.reserve("dave", reserving)
    check(trace_id(receiver.wait_for("hold.created", "refused")) == reserved, "the first attempt is in another trace")
    shop.server.kill()
    receiver.refuses, receiver.told = False, []
    shop.server.start()
    check(trace_id(receiver.wait_for("hold.created")) != reserved, "how can it know the trace?")


def name_the_trace_in_the_log(shop):
    """The provider is gone: the warning tells in which trace it was missed."""
    shop.sandbox.close()
    paying, paid = fresh()
    hold = shop.reserve("erin")
    headers = {"Authorization": "Bearer " + mint(shop.server.key("shop.key"), "erin"), "traceparent": paying}
    shop.server.request("POST", f"/api/v1/holds/{hold}/payment", headers)
    patience = time.monotonic() + 20
    while time.monotonic() < patience:
        lines = (shop.server.folder / "server.log").read_text().splitlines()
        if any("payment provider" in line and f"trace_id={paid}" in line for line in lines):
            return
        time.sleep(0.1)
    raise AssertionError("no line of the log names the trace:\n" + "\n".join(lines[-10:]))


def main():
    receiver = Receiver()
    server = LiveServer(sys.argv[1])
    sandbox = Sandbox(sys.argv[1], str(server.folder / "data"))
    config = server.folder / "doorbuster.toml"
    config.write_text(f'[[webhooks]]\nurl = "{receiver.url}"\nsecret = "{WEBHOOK_SECRET}"\n')
    server.flags = ["--config", str(config), "--payment-url", sandbox.url]
    try:
        with server:
            shop = Shop(server, sandbox)
            for step in (follow_a_purchase, begin_where_nothing_is_known, forget_at_a_restart):
                step(shop, receiver)
                print("ok:", step.__name__.replace("_", " "))
            name_the_trace_in_the_log(shop)
            print("ok: name the trace in the log")
    finally:
        sandbox.close()
        receiver.close()


if __name__ == "__main__":
    main()
