"""What a server understood of a sequence of bytes: a list of (method, target, content), one for each request it took.

Ours tells it itself (doorbuster_null --echo); nginx and haproxy pass what they understood on to a recording backend;
h11 is asked in this process.
"""

import io
import os
import pathlib
import re
import socket
import subprocess
import sys
import threading
import time

import h11

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "api"))
from free_port import free_port  # noqa: E402

PATIENCE_SECONDS = 2
SILENCE_SECONDS = 0.1


def exchange(port, data):
    """Sends the bytes and returns what comes back until the server ends. If it is silent, we end our side."""
    answer = b""
    with socket.create_connection(("127.0.0.1", port), timeout=SILENCE_SECONDS) as connection:
        try:
            connection.sendall(data)
            while piece := receive_or_end(connection):
                answer += piece
        except (ConnectionError, TimeoutError):
            pass
    return answer


def receive_or_end(connection):
    try:
        return connection.recv(65536)
    except TimeoutError:
        connection.settimeout(PATIENCE_SECONDS)
        connection.shutdown(socket.SHUT_WR)
        return connection.recv(65536)


def wait_for(port, process):
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            if process.poll() is not None:
                break
            time.sleep(0.02)
    raise RuntimeError(f"{process.args[0]} does not listen on 127.0.0.1:{port}")


def origin_form(target):
    return re.sub(r"^https?://[^/?]*", "", target) or "/"


class Server:
    """A process that listens; `understood(data)` is what it made of the bytes."""

    def __init__(self, name, command, port):
        self.name = name
        self.port = port
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for(port, self.process)

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=10)


class Doorbuster(Server):
    def __init__(self, binary):
        port = free_port()
        super().__init__("doorbuster", [binary, "--echo", "--threads", "1", "--listen", f"127.0.0.1:{port}"], port)

    def understood(self, data):
        requests = []
        answer = exchange(self.port, data)
        while answer:
            status, body, answer = cut_response(answer)
            if status == 200:
                requests.append(parse_echo(body))
        return requests


def cut_response(data):
    """Status, body and rest. The echo of HEAD has no body, which shows in what follows it."""
    head, _, rest = data.partition(b"\r\n\r\n")
    status = int(head.split(b" ", 2)[1])
    length = re.search(rb"\r\nContent-Length: (\d+)", head)
    size = int(length.group(1)) if length and status >= 200 else 0
    if status == 200 and (rest.startswith(b"HTTP/1.1 ") or not rest):
        return status, b"HEAD /case\n", rest
    return status, rest[:size], rest[size:]


def parse_echo(body):
    line, _, content = body.partition(b"\n")
    method, target = line.decode("latin-1").split(" ", 1)
    return method, origin_form(target), content


class Backend:
    """Takes well-formed requests from a proxy, one connection after the other, and remembers them."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.seen = []
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            connection, _ = self.listener.accept()
            threading.Thread(target=self.serve_one, args=(connection,), daemon=True).start()

    def serve_one(self, connection):
        connection.settimeout(PATIENCE_SECONDS)
        with connection:
            peer = h11.Connection(h11.SERVER)
            try:
                request = read_request(peer, lambda: connection.recv(65536))
            except (h11.RemoteProtocolError, OSError):
                return  # the proxy gave up in the middle: it did not take the request
            if request is not None:
                self.seen.append(request)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


def read_request(peer, receive):
    """The next whole request of an h11 connection, or None at the end of the bytes."""
    request, content = None, b""
    while True:
        event = peer.next_event()
        if event is h11.NEED_DATA:
            peer.receive_data(receive())
        elif isinstance(event, h11.Request):
            request = event
        elif isinstance(event, h11.Data):
            content += bytes(event.data)
        elif isinstance(event, h11.EndOfMessage):
            return request.method.decode(), origin_form(request.target.decode("latin-1")), content
        else:
            return None


class Proxy(Server):
    def __init__(self, name, command, port, backend):
        self.backend = backend
        super().__init__(name, command, port)

    def understood(self, data):
        self.backend.seen.clear()
        exchange(self.port, data)
        return list(self.backend.seen)


def write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def nginx(folder):
    backend, port = Backend(), free_port()
    user = "user root;" if os.geteuid() == 0 else ""
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    config = f"""
{user} daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/nginx.log;
events {{ worker_connections 256; }}
http {{ access_log off; {temporary}
  server {{ listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://127.0.0.1:{backend.port}; proxy_ignore_client_abort on; proxy_next_upstream off; }} }} }}
"""
    path = write(f"{folder}/nginx.conf", config)
    return Proxy("nginx", ["nginx", "-e", f"{folder}/nginx.log", "-c", path, "-p", folder], port, backend)


def haproxy(folder):
    backend, port = Backend(), free_port()
    config = f"""
global
  maxconn 256
defaults
  mode http
  timeout connect 2s
  timeout client 2s
  timeout server 2s
  option http-server-close
frontend front
  bind 127.0.0.1:{port}
  default_backend back
backend back
  http-reuse never
  server recorder 127.0.0.1:{backend.port}
"""
    return Proxy("haproxy", ["haproxy", "-db", "-f", write(f"{folder}/haproxy.cfg", config)], port, backend)


class H11:
    name = "h11"

    def understood(self, data):
        peer = h11.Connection(h11.SERVER)
        feed = io.BytesIO(data)
        requests = []
        try:
            while request := read_request(peer, feed.read):
                requests.append(request)
                peer.send(h11.Response(status_code=200, headers=[("Content-Length", "0")]))
                peer.send(h11.EndOfMessage())
                peer.start_next_cycle()
        except (h11.RemoteProtocolError, h11.LocalProtocolError):
            pass
        return requests

    def stop(self):
        pass
