"""A shop with a checkout behind the waiting room: a real site, a real nginx with deploy/nginx, a real server."""

import http.client
import http.server
import json
import pathlib
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

TREE = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TREE / "tests" / "api"))
from live_server import LiveServer, free_port  # noqa: E402

CONNECTOR = TREE / "deploy" / "nginx"
SHOP = "shop.example"
ROOM = "room.shop.example"
PATIENCE_SECONDS = 10


class Site(http.server.BaseHTTPRequestHandler):
    """Shows what it was asked, and what it was told of who asks."""

    def do_GET(self):
        told = {name: value for name, value in self.headers.items() if name.startswith("X-Doorbuster-")}
        body = json.dumps({"path": self.path, "told": told}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, *_):
        pass


class Page:
    """What a browser ends up with."""

    def __init__(self, host, path, status, headers, body, steps):
        self.host, self.path, self.status, self.headers, self.body = host, path, status, headers, body
        self.steps = steps  # the addresses of all redirects on the way

    @property
    def json(self):
        return json.loads(self.body)


class Browser:
    """Keeps cookies and follows redirects, as a browser without scripts does."""

    def __init__(self, shop):
        self.shop = shop
        self.cookies = {}  # (host, name) -> (value, end, attributes)

    def request(self, method, address, headers=None, body=None):
        parts = urllib.parse.urlsplit(address)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        connection = self.shop.connect(parts.hostname)
        try:
            sent = {"Host": parts.netloc, "Cookie": self.cookie_field(parts.hostname), **(headers or {})}
            connection.request(method, path, body=body, headers=sent)
            response = connection.getresponse()
            for field in response.headers.get_all("Set-Cookie") or []:
                self.keep(parts.hostname, field)
            return Page(parts.hostname, path, response.status, response.headers, response.read(), [])
        finally:
            connection.close()

    def go(self, address):
        steps = []
        while True:
            page = self.request("GET", address, {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"})
            if page.status not in (301, 302, 303):
                page.steps = steps
                return page
            address = urllib.parse.urljoin(address, page.headers["Location"])
            steps.append(address)
            if len(steps) > 20:  # as browsers do
                raise AssertionError(f"goes round in circles: {steps}")

    def keep(self, host, field):
        pair, *attributes = [each.strip() for each in field.split(";")]
        name, _, value = pair.partition("=")
        ages = [int(each.partition("=")[2]) for each in attributes if each.startswith("Max-Age=")]
        self.cookies[host, name] = (value, time.time() + (ages[0] if ages else 1e9), set(attributes))

    def cookie_field(self, host):
        alive = [(name, kept) for (at, name), kept in self.cookies.items() if at == host and kept[1] > time.time()]
        return "; ".join(f"{name}={kept[0]}" for name, kept in alive)

    def admission(self):
        return self.cookies[SHOP, "doorbuster_admission"][0]


class Shop:
    """`places` is more of nginx's configuration for the shop's own server."""

    def __init__(self, binary, places="", **settings):
        self.folder = tempfile.TemporaryDirectory(prefix="doorbuster-shop-")
        self.home = pathlib.Path(self.folder.name)
        self.port = free_port()
        self.url = f"https://{SHOP}:{self.port}"
        self.room_url = f"https://{ROOM}:{self.port}"
        flags = {"base-url": self.room_url, "admissions-return-to": self.url + "/"} | settings
        self.server = LiveServer(binary, *[each for name in flags for each in (f"--{name}", flags[name])])
        self.server.start()
        self.site = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
        threading.Thread(target=self.site.serve_forever, daemon=True).start()
        self.start_nginx(places)

    def start_nginx(self, places):
        command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        command += ["-days", "2", "-subj", "/CN=shop", "-addext", f"subjectAltName=DNS:{SHOP},DNS:{ROOM}"]
        command += ["-keyout", self.home / "key.pem", "-out", self.home / "cert.pem"]
        subprocess.run(command, check=True, capture_output=True)
        (self.home / "doorbuster").mkdir()
        for part in CONNECTOR.glob("doorbuster-*.conf"):
            (self.home / "doorbuster" / part.name).write_text(self.fitted(part.read_text()))
        (self.home / "nginx.conf").write_text(self.config(places))
        command = ["nginx", "-p", self.home, "-c", self.home / "nginx.conf", "-e", self.home / "error.log"]
        self.nginx = subprocess.Popen(command)
        self.tls = ssl.create_default_context(cafile=self.home / "cert.pem")
        patience = time.monotonic() + PATIENCE_SECONDS
        while not self.listens():
            if time.monotonic() > patience or self.nginx.poll() is not None:
                raise RuntimeError("nginx does not listen:\n" + self.errors())
            time.sleep(0.02)

    def fitted(self, text):
        """The connector's files as they are, but for addresses, ports and folders that a test can have."""
        text = text.replace("/etc/nginx/doorbuster/", f"{self.home}/doorbuster/")
        text = text.replace("127.0.0.1:8080", f"127.0.0.1:{self.server.port}")
        text = text.replace("127.0.0.1:9000", f"127.0.0.1:{self.site.server_port}")
        text = text.replace("listen 443 ssl", f"listen 127.0.0.1:{self.port} ssl")
        text = text.replace("/etc/ssl/shop/fullchain.pem", f"{self.home}/cert.pem")
        return text.replace("/etc/ssl/shop/key.pem", f"{self.home}/key.pem")

    def config(self, places):
        example = (CONNECTOR / "example.conf").read_text()
        mark = "  # The shop itself: open to everybody.\n"
        if example.count(mark) != 1:
            raise AssertionError("the example has changed: where do a test's places go?")
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        folders = "".join(f"{kind}_temp_path {self.home}/{kind};\n" for kind in kinds)
        return (
            f"daemon off;\nmaster_process off;\npid {self.home}/pid;\nevents {{ worker_connections 1024; }}\n"
            f"http {{\naccess_log off;\n{folders}{self.fitted(example.replace(mark, places + mark))}}}\n"
        )

    def listens(self):
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            return True
        except OSError:
            return False

    def connect(self, host):
        connection = http.client.HTTPSConnection(host, self.port, timeout=10, context=self.tls)
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=10)
        connection.sock = self.tls.wrap_socket(plain, server_hostname=host)
        return connection

    def errors(self):
        log = self.home / "error.log"
        return log.read_text() if log.exists() else ""

    def operator(self, method, path, body=None):
        headers = {"Authorization": "Bearer " + self.server.key("operator.key")}
        answer = self.server.request(method, path, headers, json.dumps(body) if body is not None else None)
        if answer.status >= 400:
            raise AssertionError(f"{method} {path}: {answer.status} {answer.body}")
        return answer

    def new_sale(self, sale, **settings):
        body = {"id": sale, "title": sale, "units": 1, "opens_at": "2020-01-01T00:00:00Z"}
        body |= {"queue": "fifo", "guests": True}
        self.operator("POST", "/api/v1/sales", body | settings)

    def sale(self, sale):
        return json.loads(self.operator("GET", "/api/v1/sales/" + sale).body)

    def close(self):
        self.nginx.terminate()
        self.nginx.wait()
        self.site.shutdown()
        self.site.server_close()
        self.server.__exit__()
        self.folder.cleanup()
