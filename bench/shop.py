"""What a shop does before a drop: keys, a sale, signed customers."""

import base64
import contextlib
import json
import os
import shutil
import subprocess
import time

from box import Failure, cores
from servers import RELEASE, doorbuster, nginx_returning, scratch

CHALLENGES_SECONDS = 5
SECRET = "whsec_" + base64.b64encode(b"b" * 32).decode()


class Shop:
    """A data folder that a first start has filled with keys, and tokens that are signed with them.

    Its servers are what production has: snapshots as by default, and a webhook that is told of everything. Who takes it
    is an nginx on the load's core, so that the load loses little of that core to it.
    """

    def __init__(self, folder, webhook):
        self.template = os.path.join(folder, "template")
        self.folder = folder
        self.config = self.configured(webhook)
        self.minted = {}
        os.makedirs(self.template)
        with doorbuster(self.template):
            pass
        with open(os.path.join(self.template, "operator.key"), encoding="ascii") as file:
            self.operator = {"Authorization": f"Bearer {file.read().strip()}"}

    def configured(self, webhook):
        """The flags of a server that tells this receiver of everything."""
        path = os.path.join(self.folder, f"webhook-{webhook.port}.toml")
        with open(path, "w", encoding="ascii") as file:
            file.write(f'[[webhooks]]\nurl = "http://127.0.0.1:{webhook.port}/"\nsecret = "{SECRET}"\n')
        return ("--config", path)

    def tokens(self, count):
        """A file of at least so many tokens, a customer each."""
        for known, path in self.minted.items():
            if known >= count:
                return path
        path = os.path.join(self.folder, f"tokens-{count}")
        command = [os.path.join(RELEASE, "doorbuster"), "token", "--data", self.template, "--sub", "customer",
                   "--count", str(count), "--out", path]  # fmt: skip
        subprocess.run(command, check=True, timeout=120, stdout=subprocess.DEVNULL)
        self.minted[count] = path
        return path

    @contextlib.contextmanager
    def data(self):
        """A fresh data folder with the shop's keys and nothing in its log."""
        with scratch("data") as folder:
            data = os.path.join(folder, "var")
            shutil.copytree(self.template, data)
            yield data

    @contextlib.contextmanager
    def open_server(self, *flags, webhook=None, **where):
        """A fresh server that is ready."""
        config = self.configured(webhook) if webhook else self.config
        with self.data() as data, doorbuster(data, *config, *flags, **where) as server:
            server.data = data
            self.await_challenges(server)
            yield server

    def await_challenges(self, server):
        """Until the guard makes no more of them, which it does at the start, while it would be idle."""
        end = time.monotonic() + CHALLENGES_SECONDS
        made, unchanged = 0, 0
        while time.monotonic() < end and unchanged < 3:
            time.sleep(0.1)
            before, made = made, self.metric(server, "doorbuster_guard_challenges_ready")
            unchanged = unchanged + 1 if made == before else 0

    def put_on(self, server, sale, units, **settings):
        """An open sale; returns what the server says of it."""
        asked = {"id": sale, "title": "Bench", "units": units, "queue": "none", "opens_at": "2020-01-01T00:00:00Z",
                 "hold_seconds": 86_400, **settings}  # fmt: skip
        status, body = server.ask("POST", "/api/v1/sales", json.dumps(asked), self.operator)
        if status != 201:
            raise Failure(f"the sale could not be made: {status} {body.decode()[:300]}")
        return self.status(server, sale)

    def status(self, server, sale):
        status, body = server.ask("GET", f"/api/v1/sales/{sale}")
        if status != 200:
            raise Failure(f"the sale could not be read: {status} {body.decode()[:300]}")
        return json.loads(body)

    def shorten(self, server, long_url, alias):
        asked = {"long_url": long_url, "custom_alias": alias}
        status, body = server.ask("POST", "/api/v1/urls", json.dumps(asked), self.operator)
        if status != 201:
            raise Failure(f"the link could not be made: {status} {body.decode()[:300]}")

    def told(self, server):
        """The number of events that webhooks have taken so far."""
        return self.metric(server, "doorbuster_webhook_delivered_total")

    def metric(self, server, name):
        """The sum of the series whose names begin so."""
        status, body = server.ask("GET", "/metrics", headers=self.operator)
        if status != 200:
            raise Failure(f"the metrics could not be read: {status}")
        lines = [line for line in body.decode().splitlines() if line.startswith(name)]
        return sum(int(line.split()[-1]) for line in lines)

    def await_open(self, server, sale):
        self.await_state(server, sale, "open")

    def await_state(self, server, sale, state):
        for _ in range(200):
            if self.status(server, sale)["state"] == state:
                return
        raise Failure(f"the sale did not become '{state}'")


@contextlib.contextmanager
def shop():
    with scratch("shop") as folder, nginx_returning("", cores()[1]) as webhook:
        yield Shop(folder, webhook)
