"""nginx with the example of docs/operations.md: only its address, its certificate and the server's address are
exchanged for what a test can have."""

import pathlib
import re
import socket
import ssl
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "api"))
from free_port import free_port  # noqa: E402

PAGE = pathlib.Path(__file__).resolve().parents[2] / "docs" / "operations.md"
PATIENCE_SECONDS = 10


def example():
    section = PAGE.read_text().partition("## Behind nginx")[2]
    return re.search(r"```\n(upstream .*?)```", section, re.DOTALL)[1]


def swap(text, old, new):
    if text.count(old) != 1:
        raise AssertionError(f"the example should hold '{old}' once")
    return text.replace(old, new)


class Edge:
    def __init__(self, server_port):
        self.folder = tempfile.TemporaryDirectory(prefix="doorbuster-edge-")
        self.home = pathlib.Path(self.folder.name)
        self.port = free_port()
        self.base_url = f"https://127.0.0.1:{self.port}"
        self.make_certificate()
        (self.home / "nginx.conf").write_text(self.config(server_port))
        home = self.home
        command = ["nginx", "-p", str(home), "-c", str(home / "nginx.conf"), "-e", str(home / "error.log")]
        self.process = subprocess.Popen(command)
        self.tls = ssl.create_default_context(cafile=self.home / "cert.pem")
        self.wait()

    def make_certificate(self):
        command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        command += ["-days", "2", "-subj", "/CN=edge", "-addext", "subjectAltName=IP:127.0.0.1"]
        command += ["-keyout", self.home / "key.pem", "-out", self.home / "cert.pem"]
        subprocess.run(command, check=True, capture_output=True)

    def config(self, server_port):
        text = swap(example(), "127.0.0.1:8080", f"127.0.0.1:{server_port}")
        text = swap(text, "listen 443 ssl", f"listen 127.0.0.1:{self.port} ssl")
        text = swap(text, "/etc/ssl/shop/fullchain.pem", str(self.home / "cert.pem"))
        text = swap(text, "/etc/ssl/shop/key.pem", str(self.home / "key.pem"))
        temporary = "".join(
            f"{kind}_temp_path {self.home}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        # As root nginx would hand its workers to a user that may not read the folder.
        return (
            f"daemon off;\nmaster_process off;\npid {self.home}/pid;\nevents {{ worker_connections 1024; }}\n"
            f"http {{\naccess_log off;\n{temporary}{text}}}\n"
        )

    def wait(self):
        patience = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < patience:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.02)
        raise RuntimeError("nginx does not listen:\n" + self.errors())

    def errors(self):
        log = self.home / "error.log"
        return log.read_text() if log.exists() else ""

    def close(self):
        self.process.terminate()
        self.process.wait()
        self.folder.cleanup()
