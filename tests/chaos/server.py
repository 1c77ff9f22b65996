"""A real `doorbuster serve` on a free port and a folder of its own: started, killed, stopped, started again."""

import http.client
import os
import pathlib
import signal
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "api"))
from free_port import free_port  # noqa: E402

READY_WITHIN_SECONDS = 60


class Server:
    def __init__(self, binary, folder, *flags):
        self.binary, self.folder, self.flags = binary, folder, flags
        self.port = free_port()
        self.log_path = os.path.join(folder, "server.log")
        self.process = None

    def start(self):
        command = [self.binary, "serve", "--listen", f"127.0.0.1:{self.port}", "--data", self.folder,
                   "--guard-policy=open", *self.flags]
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log)

    def wait_until_ready(self):
        begin = time.monotonic()
        while time.monotonic() - begin < READY_WITHIN_SECONDS:
            if self.process.poll() is not None:
                raise RuntimeError(f"the server ended with {self.process.returncode}:\n{self.log_tail()}")
            if self.ask("GET", "/readyz")[0] == 200:
                return time.monotonic() - begin
            time.sleep(0.02)
        raise RuntimeError(f"the server is not ready after {READY_WITHIN_SECONDS} s:\n{self.log_tail()}")

    def kill(self):
        self.process.kill()
        self.process.wait()

    def freeze(self, seconds):
        self.process.send_signal(signal.SIGSTOP)
        time.sleep(seconds)
        self.process.send_signal(signal.SIGCONT)

    def end(self):
        """Asks it to end, as an operator does; its exit code."""
        self.process.terminate()
        return self.process.wait(timeout=60)

    def has_ended(self):
        return self.process.poll() is not None

    def log_tail(self):
        with open(self.log_path, encoding="utf-8", errors="replace") as log:
            return "".join(log.readlines()[-15:])

    def ask(self, method, path, token=None, body=None):
        """(status, body) of one call; the status is 0 if there was no answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        try:
            connection.request(method, path, body=body, headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        except (OSError, http.client.HTTPException):
            return 0, ""
        finally:
            connection.close()

    def operator_key(self):
        with open(os.path.join(self.folder, "operator.key"), encoding="utf-8") as file:
            return file.read().strip()

    def tokens(self, count):
        out = os.path.join(self.folder, "tokens")
        command = [self.binary, "token", "--sub", "customer", "--count", str(count), "--data", self.folder]
        subprocess.run([*command, "--out", out], check=True)
        with open(out, encoding="utf-8") as file:
            return file.read().split()
