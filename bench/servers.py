"""Servers that live as long as a `with` block, on free loopback ports, all of a side on one core."""

import contextlib
import ctypes
import hashlib
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

from box import DATA, ROOT, Failure, cores, cpu_seconds, free_port, on_core

PEERS = os.path.join(ROOT, "bench", "peers")
RELEASE = os.path.join(ROOT, "build", "release")
MODULES = "/usr/lib/nginx/modules"
NGINX_CONNECTIONS = 16_384  # a worker: a stampede has 14,000
READY_SECONDS = 60
STOP_SECONDS = 30
PR_SET_PDEATHSIG = 1


@contextlib.contextmanager
def scratch(name):
    """An empty folder on the disk to measure, gone at the end."""
    os.makedirs(DATA, exist_ok=True)
    folder = tempfile.mkdtemp(prefix=f"{name}-", dir=DATA)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def die_with_parent():
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Server:
    """One side of a comparison: its processes, its port, and what they have used."""

    def __init__(self, port):
        self.port = port
        self.processes = []
        self.log = None

    def spawn(self, command, log, core=None):
        self.log = log
        with open(log, "ab") as out:
            process = subprocess.Popen(
                on_core(cores()[0] if core is None else core, command),
                stdin=subprocess.DEVNULL, stdout=out, stderr=out, preexec_fn=die_with_parent, cwd=ROOT,
            )  # fmt: skip
        self.processes.append(process)
        return process

    @property
    def pids(self):
        return [process.pid for process in self.processes]

    def cpu(self):
        return cpu_seconds(self.pids)

    def ask(self, method, path, body=None, headers=None, timeout=10):
        """(status, body) of one request on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, body=body, headers=headers or {})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def await_answer(self, path, wanted=200, pause=0.02):
        end = time.monotonic() + READY_SECONDS
        while time.monotonic() < end:
            with contextlib.suppress(OSError, http.client.HTTPException):
                if self.ask("GET", path)[0] == wanted:
                    return
            for process in self.processes:
                if process.poll() is not None:
                    raise Failure(f"a server ended with {process.returncode}: {tail_of(self.log)}")
            time.sleep(pause)
        raise Failure(f"a server was not ready after {READY_SECONDS} s: {tail_of(self.log)}")

    def stop(self, how=signal.SIGTERM):
        for process in self.processes:
            if process.poll() is None:
                process.send_signal(how)
        for process in self.processes:
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.processes = []


def tail_of(log, size=600):
    with contextlib.suppress(OSError), open(log, encoding="utf-8", errors="replace") as file:
        return file.read()[-size:].strip()
    return "(no log)"


@contextlib.contextmanager
def stopping(server):
    try:
        yield server
    finally:
        server.stop()


def fill_in(name, folder, **values):
    """Writes the peer's configuration with its @NAMES@ replaced; returns where."""
    with open(os.path.join(PEERS, name), encoding="utf-8") as file:
        text = file.read()
    for key, value in {"FOLDER": folder, "PEERS": PEERS, "MODULES": MODULES, **values}.items():
        text = text.replace(f"@{key}@", str(value))
    if os.getuid() != 0:
        text = text.replace("user root;\n", "")
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def nginx_returning(body, core=None, workers=1):
    """nginx `return 200` with this body, on the core of the side that is measured or others."""
    return nginx_answering(200, body, core, workers)


@contextlib.contextmanager
def nginx_answering(status, what, core=None, workers=1):
    """nginx `return` with this status, and a body or where to go."""
    with scratch("nginx") as folder, stopping(Server(free_port())) as server:
        values = {"WORKERS": workers, "CONNECTIONS": NGINX_CONNECTIONS, "ANSWER": f'{status} "{what}"'}
        config = fill_in("return.conf", folder, PORT=server.port, **values)
        server.spawn(["nginx", "-p", folder, "-c", config], os.path.join(folder, "out.log"), core)
        server.await_answer("/", wanted=status)
        yield server


@contextlib.contextmanager
def receiver(*flags):
    """Takes its time over webhooks, on the load's core; GET /count says how many events it has got."""
    with scratch("receiver") as folder, stopping(Server(free_port())) as server:
        command = [sys.executable, os.path.join(ROOT, "bench", "receiver.py"), "--port", str(server.port), *flags]
        server.spawn(command, os.path.join(folder, "out.log"), cores()[1])
        server.await_answer("/count")
        yield server


@contextlib.contextmanager
def nginx_lua_redis(units):
    """nginx + Lua + Redis scripts, with this many units in stock."""
    with scratch("redis") as folder, stopping(Server(free_port())) as server:
        redis = fill_in("redis.conf", folder)
        log = os.path.join(folder, "redis.log")
        server.spawn(["redis-server", redis], log)
        await_redis(folder, log)
        scripts = {name: load_script(folder, f"{name.lower()}_script.lua") for name in ("HOLD", "JOIN")}
        redis_ask(folder, "SET", "stock", str(units))
        config = fill_in("shop.conf", folder, PORT=server.port, **scripts)
        server.spawn(["nginx", "-p", folder, "-c", config], os.path.join(folder, "out.log"))
        server.await_answer("/", wanted=404)
        server.folder = folder
        yield server


@contextlib.contextmanager
def links_in_redis():
    """nginx + Lua + Redis with short links: each write is synced before it is answered."""
    with scratch("redis-links") as folder, stopping(Server(free_port())) as server:
        log = os.path.join(folder, "redis.log")
        server.spawn(["redis-server", fill_in("redis.conf", folder)], log)
        await_redis(folder, log)
        config = fill_in("links.conf", folder, PORT=server.port)
        server.spawn(["nginx", "-p", folder, "-c", config], os.path.join(folder, "out.log"))
        server.await_answer("/nobody", wanted=404)
        server.folder = folder
        yield server


def await_redis(folder, log):
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end:
        with contextlib.suppress(OSError, Failure):
            if redis_ask(folder, "PING") == "PONG":
                return
        time.sleep(0.05)
    raise Failure(f"redis-server was not ready: {tail_of(log)}")


def load_script(folder, name):
    """Returns the script's hash, by which it is called."""
    with open(os.path.join(PEERS, name), encoding="utf-8") as file:
        script = file.read()
    sha = redis_ask(folder, "SCRIPT", "LOAD", script)
    if sha != hashlib.sha1(script.encode()).hexdigest():
        raise Failure(f"redis-server did not take {name}: {sha}")
    return sha


def redis_ask(folder, *words):
    """One command over the socket; only answers of one line or one bulk string are understood."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(5)
        connection.connect(os.path.join(folder, "redis.sock"))
        parts = "".join(f"${len(word.encode())}\r\n{word}\r\n" for word in words)
        connection.sendall(f"*{len(words)}\r\n{parts}".encode())
        reader = connection.makefile("rb")
        head = reader.readline().decode().strip()
        if head.startswith("-"):
            raise Failure(f"redis: {head}")
        return reader.readline().decode().strip() if head.startswith("$") else head[1:]


@contextlib.contextmanager
def null_server():
    """Our HTTP layer with nothing behind it, one reactor."""
    with scratch("null") as folder, stopping(Server(free_port())) as server:
        binary = os.path.join(RELEASE, "src", "net", "doorbuster_null")
        command = [binary, "--threads", "1", "--listen", f"127.0.0.1:{server.port}"]
        server.spawn(command, os.path.join(folder, "out.log"))
        server.await_answer("/")
        yield server


def serve(server, data, *flags, reactors=1, core=None):
    """Starts `doorbuster serve`; await_answer('/readyz') tells when it is ready."""
    command = [os.path.join(RELEASE, "doorbuster"), "serve", "--listen", f"127.0.0.1:{server.port}", "--data", data,
               "--threads-reactors", str(reactors), "--log-output-level", "warning", *flags]  # fmt: skip
    return server.spawn(command, os.path.join(data, "server.log"), core)


@contextlib.contextmanager
def doorbuster(data, *flags, **where):
    """The whole server on this data folder."""
    with stopping(Server(free_port())) as server:
        serve(server, data, *flags, **where)
        server.await_answer("/readyz")
        yield server
