"""Clicks of a link as they happen, read by curl: at once what there is, then each click, and the end once the link is
gone.

Usage: live_test.py DOORBUSTER
"""

import json
import pathlib
import queue
import subprocess
import sys
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "api"))
from live_server import LiveServer  # noqa: E402

PERSON = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0"}
BOT = {"User-Agent": "Googlebot/2.1 (+http://www.google.com/bot.html)"}


class Watcher:
    """What curl prints of a stream, line by line; None once it has ended."""

    def __init__(self, url, key):
        command = ["curl", "--no-buffer", "--silent", "--show-error", "--include", "-H", "Authorization: " + key, url]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.lines = queue.Queue()
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        for line in self.process.stdout:
            self.lines.put(line.rstrip())
        self.lines.put(None)

    def next_data(self, seconds=5):
        """The next event's object, with how long it took; None at the end."""
        begun = time.monotonic()
        while True:
            line = self.lines.get(timeout=seconds)
            if line is None:
                return None, 0
            if line.startswith("data: "):
                return json.loads(line[len("data: ") :]), time.monotonic() - begun

    def close(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


class Live(unittest.TestCase):
    def setUp(self):
        self.server = self.enterContext(LiveServer(sys.argv[1]))
        self.operator = {"Authorization": "Bearer " + self.server.key("operator.key")}
        made = self.ask("POST", "/api/v1/urls", {"long_url": "https://shop.example/", "custom_alias": "mail"})
        self.assertEqual(made.status, 201)

    def ask(self, method, path, body=None):
        return self.server.request(method, path, self.operator, json.dumps(body) if body is not None else None)

    def watch(self, code):
        url = f"http://127.0.0.1:{self.server.port}/api/v1/analytics/{code}/live"
        watcher = Watcher(url, self.operator["Authorization"])
        self.addCleanup(watcher.close)
        return watcher

    def test_each_click_is_told(self):
        first, second = self.watch("mail"), self.watch("mail")
        nothing = {"total_clicks": 0, "people": 0, "bots": 0, "last_at": None}
        for watcher in (first, second):
            self.assertEqual(watcher.next_data()[0], nothing)
        for count, headers in enumerate((PERSON, BOT, PERSON), start=1):
            self.server.request("GET", "/mail", headers)
            for watcher in (first, second):
                told, seconds = watcher.next_data()
                self.assertEqual(told["total_clicks"], count)
                self.assertLess(seconds, 3)
        self.assertEqual((told["people"], told["bots"]), (2, 1))
        self.assertIsNotNone(told["last_at"])
        self.assertEqual(self.ask("DELETE", "/api/v1/urls/mail").status, 204)
        self.assertIsNone(first.next_data(seconds=40)[0], "the link is gone")

    def test_who_comes_later_hears_what_there_is(self):
        for _ in range(5):
            self.server.request("GET", "/mail", PERSON)
        watcher = self.watch("mail")
        deadline = time.monotonic() + 5
        while watcher.next_data()[0]["total_clicks"] < 5:
            self.assertLess(time.monotonic(), deadline)
        self.assertEqual(self.ask("GET", "/api/v1/analytics/nobody/live").status, 404)
        head = self.server.request("HEAD", "/api/v1/analytics/mail/live", self.operator)
        self.assertEqual((head.status, head.headers["x-accel-buffering"]), (200, "no"))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
