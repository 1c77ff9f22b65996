"""A started `doorbuster run` on free ports and a folder of its own, with an operator to talk to it."""

import contextlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "api"))
from free_port import free_port  # noqa: E402


class Shop:
    def __init__(self, binary, *flags):
        self.binary = binary
        self.flags = list(flags)
        if not any(flag.startswith("--guard-policy") for flag in flags):
            self.flags.append("--guard-policy=open")  # all guests of a test come from one address
        self.data = tempfile.mkdtemp(prefix="doorbuster-shop-")
        self.url = f"http://127.0.0.1:{free_port()}"
        self.process = None
        self.payments = f"http://127.0.0.1:{free_port()}"
        self.start()

    def start(self):
        listen = self.url.removeprefix("http://")
        self.process = subprocess.Popen(
            [self.binary, "run", "--listen", listen, "--data", self.data, "--payment-url", self.payments,
             *self.flags],
            stdout=subprocess.PIPE,
            text=True,
        )
        deadline = time.monotonic() + 60
        for line in self.process.stdout:
            if "Ctrl-C" in line:
                return
            assert time.monotonic() < deadline, "the demo did not start in a minute"
        raise RuntimeError(f"the demo ended with status {self.process.wait()}")

    def stop(self):
        """As Ctrl-C does."""
        self.process.terminate()
        self.process.communicate()
        assert self.process.wait(30) == 0, self.process.returncode

    def kill(self):
        """As a power cut does: the server and its sandbox, with no word to either."""
        with open(f"/proc/{self.process.pid}/task/{self.process.pid}/children") as file:
            sandbox = file.read().split()
        self.process.kill()
        self.process.communicate()
        for child in sandbox:
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(child), signal.SIGKILL)

    def operator(self, method, path, body=None):
        with open(self.data + "/operator.key") as file:
            key = file.read().strip()
        request = urllib.request.Request(
            self.url + path,
            data=json.dumps(body).encode() if body is not None else None,
            method=method,
            headers={"Authorization": "Bearer " + key, "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer) if answer.status != 204 else None

    def metrics(self):
        with urllib.request.urlopen(self.url + "/metrics", timeout=10) as answer:
            return answer.read().decode()

    def post(self, path):
        """As a stranger without a cookie; the status."""
        try:
            with urllib.request.urlopen(urllib.request.Request(self.url + path, method="POST"), timeout=10) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code

    def new_sale(self, sale, **settings):
        opens_at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        return self.operator("POST", "/api/v1/sales", {
            "id": sale, "title": "Sale " + sale, "units": 3, "opens_at": opens_at, "queue": "none", "guests": True,
            "price": {"amount": 1999, "currency": "EUR"}, **settings})  # fmt: skip

    def crowd(self, sale, *options):
        """The demo's customers come, and have gone."""
        subprocess.run([self.binary, "demo", "crowd", "--sale", sale, "--server", self.url, "--data", self.data,
                        "--quiet", *options], check=True, timeout=200, stdout=subprocess.DEVNULL)  # fmt: skip

    def sale(self, sale):
        with urllib.request.urlopen(f"{self.url}/api/v1/sales/{sale}", timeout=10) as answer:
            return json.load(answer)

    def close(self):
        if self.process.poll() is None:
            self.stop()
        shutil.rmtree(self.data, ignore_errors=True)
