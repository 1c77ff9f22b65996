"""A server with some settings, a sale on it, and what the rows of the tests look at."""

import base64
import hashlib
import hmac
import http.client
import http.server
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "api"))
from live_server import LiveServer, base64url, free_port, mint  # noqa: E402, F401

SALES = "/api/v1/sales"
PROVIDER_SECRET = "whsec_" + base64.b64encode(b"0123456789abcdef0123456789abcdef").decode()


def name_of(task):
    """Of a thread; empty if it ended meanwhile."""
    try:
        return (task / "comm").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


class Shop(LiveServer):
    """`serve` with these settings, one for each flag: {"http.body_bytes": 1024}. On a free port and one reactor."""

    def __init__(self, binary, settings=None, config=""):
        super().__init__(binary)
        given = {"threads.reactors": 1} | (settings or {})
        given = {key: ",".join(value) if isinstance(value, list) else value for key, value in given.items()}
        self.flags = [f"--{key.replace('.', '-').replace('_', '-')}={value}" for key, value in given.items()]
        if config:
            (self.folder / "more.toml").write_text(config)
            self.flags += ["--config", str(self.folder / "more.toml")]

    def operator(self, method, path, body=None, key=None):
        headers = {"Authorization": "Bearer " + self.key("operator.key")}
        if key:
            headers["Idempotency-Key"] = key
        return self.request(method, path, headers, None if body is None else json.dumps(body))

    def sell(self, name="drop", **settings):
        sale = {"id": name, "title": name, "units": 5, "queue": "none", "opens_at": "2020-01-01T00:00:00Z"} | settings
        return self.operator("POST", SALES, sale)

    def customer(self, name):
        return {"Authorization": "Bearer " + mint(self.key("shop.key"), name)}

    def reserve(self, name, sale="drop", connection=None):
        return self.request("POST", f"{SALES}/{sale}/holds", self.customer(name), None, connection)

    def pay(self, name):
        hold = self.reserve(name).json["id"]
        return self.request("POST", f"/api/v1/holds/{hold}/payment", self.customer(name))

    def connection(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)

    def log(self):
        return (self.folder / "server.log").read_text()

    def metric(self, series):
        for line in self.request("GET", "/metrics").body.decode().splitlines():
            if line.startswith(series + " "):
                return float(line.rpartition(" ")[2])
        return 0.0

    def threads(self, name):
        tasks = pathlib.Path(f"/proc/{self.process.pid}/task")
        return sum(name_of(task).startswith(name) for task in tasks.iterdir())

    def burst(self, sale, count):
        """Reservations that are all there when the server next looks; the statuses of their answers."""
        path = f"{SALES}/{sale}/holds"
        peers = [Peer(self.port) for _ in range(count)]
        for peer in peers:
            peer.send("GET /livez HTTP/1.1\r\nHost: x\r\n\r\n")
            peer.read_answer()
        os.kill(self.process.pid, signal.SIGSTOP)
        self.await_stopped()
        for number, peer in enumerate(peers):
            token = self.customer(f"burst-{number}")["Authorization"]
            peer.send(f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nAuthorization: {token}\r\n\r\n")
        os.kill(self.process.pid, signal.SIGCONT)
        return [peer.read_answer() for peer in peers]

    def await_stopped(self):
        """A signal is on its way for a while: until then a thread may still read."""
        tasks = pathlib.Path(f"/proc/{self.process.pid}/task")
        while not all((task / "stat").read_text().rpartition(")")[2].split()[0] == "T" for task in tasks.iterdir()):
            time.sleep(0.001)

    def seconds_to_stop(self):
        begin = time.monotonic()
        self.process.terminate()
        self.process.wait(timeout=60)
        return time.monotonic() - begin


def refusal(binary, settings, config=""):
    """What the server says when it does not start."""
    shop = Shop(binary, settings, config)
    try:
        with shop:
            return None
    except RuntimeError as error:
        return str(error)


class Peer:
    """A connection that says byte for byte what it is told to."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=20)
        self.rest = b""

    def send(self, text):
        self.socket.sendall(text.encode())

    def read_answer(self):
        """The status of the next answer; 0 if the connection ends without one."""
        text = self.rest
        while b"\r\n\r\n" not in text:
            try:
                more = self.socket.recv(65536)
            except ConnectionError:
                more = b""
            if not more:
                return 0
            text += more
        head, _, rest = text.partition(b"\r\n\r\n")
        length = int((re.search(rb"\r\nContent-Length: (\d+)", head, re.I) or [0, 0])[1])
        while len(rest) < length and (more := self.socket.recv(65536)):
            rest += more
        self.rest = rest[length:]
        return int(head.split(b" ")[1])

    def seconds_to_end(self, at_most):
        """How long until the other side ends the connection; `at_most` if it does not."""
        begin = time.monotonic()
        self.socket.settimeout(at_most)
        try:
            while self.socket.recv(65536):
                pass
        except TimeoutError:
            return at_most
        except ConnectionError:
            pass
        return time.monotonic() - begin


class Listener:
    """An address that is called: a payment provider that is silent, or the endpoint of a webhook."""

    def __init__(self, answer=None):
        self.calls = []  # (method, path, headers, body)
        self.changed = threading.Condition()
        listener = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                with listener.changed:
                    listener.calls.append((self.command, self.path, dict(self.headers), body))
                    listener.changed.notify_all()
                if answer is None:
                    time.sleep(30)
                    return
                self.send_response(answer)
                self.end_headers()

            do_GET = do_POST

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def wait_for_calls(self, count, seconds=15):
        with self.changed:
            self.changed.wait_for(lambda: len(self.calls) >= count, seconds)

    def wait_for_call(self, seconds=15):
        self.wait_for_calls(1, seconds)
        return self.calls[0] if self.calls else None


def is_signed(call, secret):
    """By Standard Webhooks."""
    _, _, headers, body = call
    headers = {name.lower(): value for name, value in headers.items()}
    text = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    digest = hmac.new(base64.b64decode(secret.removeprefix("whsec_")), text, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode() in headers["webhook-signature"].split(" ")


def mint_by(key, secret, sub):
    """A customer's token that says which key signed it."""
    parts = [{"alg": "HS256", "typ": "JWT", "kid": key}, {"exp": int(time.time()) + 3600, "sub": sub}]
    text = ".".join(base64url(json.dumps(part).encode()) for part in parts)
    return f"{text}.{base64url(hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest())}"


def make_ed25519(path):
    """A private key for mint_ed25519(); its public key, as the configuration has it."""
    subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", path], check=True)
    command = ["openssl", "pkey", "-in", path, "-pubout", "-outform", "DER"]
    return base64url(subprocess.run(command, check=True, capture_output=True).stdout[-32:])


def mint_ed25519(key, path, sub):
    parts = [{"alg": "EdDSA", "typ": "JWT", "kid": key}, {"exp": int(time.time()) + 3600, "sub": sub}]
    text = ".".join(base64url(json.dumps(part).encode()) for part in parts)
    to_sign = path.with_suffix(".txt")
    to_sign.write_text(text)
    command = ["openssl", "pkeyutl", "-sign", "-rawin", "-inkey", path, "-in", to_sign]
    return f"{text}.{base64url(subprocess.run(command, check=True, capture_output=True).stdout)}"


def printed_config(binary, *flags):
    command = [binary, "serve", "--print-config", *flags]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
