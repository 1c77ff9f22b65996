"""A real `doorbuster serve` on a folder of its own, and requests to it."""

import base64
import hashlib
import hmac
import http.client
import json
import pathlib
import shutil
import subprocess
import tempfile
import time

from free_port import free_port


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def mint(secret, sub, **claims):
    """A customer's token: HS256, the secret's text as it stands."""
    header = base64url(json.dumps({"alg": "HS256", "typ": "JWT"}).encode())
    payload = base64url(json.dumps({"exp": int(time.time()) + 3600, **claims, "sub": sub}).encode())
    signature = hmac.new(secret.encode(), f"{header}.{payload}".encode(), hashlib.sha256).digest()
    return f"{header}.{payload}.{base64url(signature)}"


class Answer:
    def __init__(self, response, body):
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.body = body

    @property
    def json(self):
        return json.loads(self.body)


class LiveServer:
    patience_seconds = 20  # for it to start

    def __init__(self, binary, *flags):
        self.binary = binary
        self.flags = list(flags)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="doorbuster-"))
        self.port = free_port()
        self.process = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self):
        """Starts the server and returns when it is ready."""
        arguments = ["serve", "--listen", f"127.0.0.1:{self.port}", "--data", str(self.folder / "data")]
        arguments += self.flags
        if not any(flag.startswith("--guard-policy") for flag in self.flags):
            arguments.append("--guard-policy=open")  # all requests of a test come from one address
        with open(self.folder / "server.log", "ab") as log:
            self.process = subprocess.Popen([self.binary, *arguments], stdout=log, stderr=log, cwd=self.folder)
        patience = time.monotonic() + self.patience_seconds
        while not self.is_ready():
            if self.process.poll() is not None or time.monotonic() > patience:
                raise RuntimeError("the server does not start:\n" + (self.folder / "server.log").read_text())
            time.sleep(0.02)

    def is_ready(self):
        try:
            return self.request("GET", "/readyz").status == 200
        except (OSError, http.client.HTTPException):
            return False

    def kill(self):
        """As a power cut would, from the process's point of view."""
        self.process.kill()
        self.process.wait()

    def key(self, name):
        return (self.folder / "data" / name).read_text()

    def request(self, method, target, headers=None, body=None, connection=None):
        """One request over a connection of its own, or over the given one."""
        mine = connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            mine.request(method, target, body=body, headers=headers or {})
            response = mine.getresponse()
            streamed = response.getheader("Content-Type") == "text/event-stream" and method != "HEAD"
            return Answer(response, response.read1(65536) if streamed else response.read())
        finally:
            if connection is None:
                mine.close()
