"""Webhooks as strangers' libraries see them: signatures checked by npm's `standardwebhooks`, events and batches read by
npm's `cloudevents`. One endpoint gets events one by one, another one in batches; both hear the same, in order for each
key.

Usage: receive.py DOORBUSTER FOLDER: the server's binary, and where npm may put the packages. Ends with 77 where npm or
its registry cannot be had.
"""

import json
import pathlib
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "api"))
from live_server import LiveServer, mint  # noqa: E402
from npm_packages import SKIPPED, fetched  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent / "webhooks"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
CUSTOMERS = 30
PATIENCE_SECONDS = 30


class Receiver:
    def __init__(self, folder):
        command = ["node", "receiver.js", SECRET]
        self.process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().strip()
        self.requests = []
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        for line in self.process.stdout:
            self.requests.append(json.loads(line))

    def events(self):
        return [event for request in list(self.requests) for event in request.get("events", [])]

    def close(self):
        self.process.terminate()
        self.process.wait()


def sell(server):
    operator = {"Authorization": "Bearer " + server.key("operator.key")}
    sale = {"id": "drop", "title": "Drop", "units": CUSTOMERS, "queue": "none", "opens_at": "2020-01-01T00:00:00Z"}
    assert server.request("POST", "/api/v1/sales", operator, json.dumps(sale)).status == 201
    for number in range(CUSTOMERS):
        customer = {"Authorization": "Bearer " + mint(server.key("shop.key"), f"customer-{number}")}
        hold = server.request("POST", "/api/v1/sales/drop/holds", customer)
        assert hold.status == 201, hold.body
        gone = server.request("DELETE", "/api/v1/holds/" + hold.json["id"], customer)
        assert gone.status == 200, gone.body


def wait_for(receiver):
    patience = time.monotonic() + PATIENCE_SECONDS
    while sum(event["type"] == "hold.released" for event in receiver.events()) < CUSTOMERS:
        assert time.monotonic() < patience, f"only {len(receiver.events())} events, and {receiver.requests[-3:]}"
        time.sleep(0.1)


def check(receiver, batches):
    troubles = [request for request in receiver.requests if "trouble" in request]
    assert not troubles, troubles[:3]
    assert all(request["batch"] == batches for request in receiver.requests)
    last = {}
    for event in receiver.events():
        assert int(event["sequence"]) > last.get(event["partitionkey"], 0), f"{event} is out of order"
        last[event["partitionkey"]] = int(event["sequence"])
    if batches:
        assert len(receiver.requests) < len(receiver.events()), "no batch held more than one event"


def main(binary, folder):
    if not fetched(HERE, folder, "receiver.js"):
        return SKIPPED
    one, many = Receiver(folder), Receiver(folder)
    server = LiveServer(binary)
    config = server.folder / "doorbuster.toml"
    hook = '[[webhooks]]\nid = "{}"\nurl = "{}"\nsecret = "{}"\nbatch = {}\nin_flight = {}\n'
    config.write_text(hook.format("one", one.url, SECRET, 1, 16) + hook.format("many", many.url, SECRET, 50, 1))
    server.flags = ["--config", str(config)]
    try:
        with server:
            sell(server)
            for receiver in (one, many):
                wait_for(receiver)
    finally:
        one.close()
        many.close()
    check(one, batches=False)
    check(many, batches=True)
    by_one, by_many = ({event["id"]: event["type"] for event in receiver.events()} for receiver in (one, many))
    assert by_one == by_many, f"they did not hear the same: {sorted(by_one.items() ^ by_many.items())[:5]}"
    print(f"{len(one.events())} events in {len(one.requests)} requests, and in {len(many.requests)} of batches")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], pathlib.Path(sys.argv[2])))
