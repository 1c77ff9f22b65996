"""Links move here: files of other products by the command, kills in the middle, and a round trip through our own
export.

Usage: import_test.py DOORBUSTER
"""

import http.client
import json
import pathlib
import re
import subprocess
import sys
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "api"))
from live_server import LiveServer  # noqa: E402

BINARY = sys.argv.pop(1)
FILES = pathlib.Path(__file__).resolve().parent / "imports"
PERSON = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0"}
PATIENCE_SECONDS = 30
LINKS, ROUNDS = 3_000, 5


class Server(LiveServer):
    def __init__(self):
        super().__init__(BINARY, "--services", "links")
        self.start()
        self.operator = {"Authorization": "Bearer " + self.key("operator.key")}

    def command(self, product, *arguments, file="-", stdin=None):
        """`doorbuster links import`; its exit code and what it printed."""
        key = self.folder / "data" / "operator.key"
        done = subprocess.run(
            [BINARY, "links", "import", "--from", product, str(file), "--server", f"http://127.0.0.1:{self.port}",
             "--key", key, *arguments],
            input=stdin, capture_output=True, text=True, timeout=120,
        )  # fmt: skip
        return done.returncode, done.stdout + done.stderr

    def link(self, code):
        return self.request("GET", "/api/v1/urls/" + code, self.operator).json

    def follow(self, code):
        answer = self.request("GET", "/" + code, PERSON)
        return answer.status, answer.headers.get("location")

    def counted(self, code):
        """What is known of its clicks, once all events were read."""
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            is_counted = self.events_behind() == 0
            answer = self.request("GET", "/api/v1/analytics/" + code, self.operator)
            if answer.status == 200 and is_counted:
                return answer.json
            if time.monotonic() > end:
                raise AssertionError(f"{answer.status} {answer.body}, {self.events_behind()} events behind")
            time.sleep(0.02)

    def events_behind(self):
        metrics = self.request("GET", "/metrics", self.operator).body.decode()
        return int(re.search(r"^doorbuster_links_events_behind (\d+)$", metrics, re.MULTILINE)[1])


def sums_agree(seen):
    """Whether all that is told of a link's clicks adds up."""
    dates = sum(day["clicks"] for day in seen["clicks_by_date"]) + seen["imported"]["without_date"]
    referrers = seen["no_referrer"] + seen["other_referrers"] + sum(r["clicks"] for r in seen["top_referrers"])
    named = [sum(seen[by].values()) for by in ("geographic_distribution", "browsers", "systems", "devices")]
    return {seen["people"] + seen["bots"], dates, referrers, *named} == {seen["total_clicks"]}


class Moving(unittest.TestCase):
    def setUp(self):
        self.server = Server()
        self.addCleanup(self.server.__exit__)

    def assert_is(self, code, url, made, clicks, bots=0):
        link = self.server.link(code)
        self.assertEqual((link["long_url"], link["created_at"]), (url, made))
        seen = self.server.counted(code)
        self.assertEqual((seen["total_clicks"], seen["bots"]), (clicks, bots), code)
        self.assertTrue(sums_agree(seen), seen)
        self.assertEqual(self.server.follow(code), (301, url))

    def test_each_products_file_keeps_codes_dates_and_counts(self):
        moved = {
            "shlink.json": ("aB3xZ", "https://shop.example/spring?utm_source=mail#top", "2021-03-14T08:26:53.000Z",
                            1205, 105),  # fmt: skip
            "kutt.json": ("Xk3p", "https://shop.example/kutt", "2020-07-30T20:31:54.123Z", 42),
            "yourls.json": ("ozh", "http://ozh.example/?a=1&b=2", "2009-08-22T22:25:00.000Z", 1337),
            "bitly.json": ("3xYzAbC", "https://shop.example/spring", "2019-08-24T14:15:22.000Z", 12),
            "dub.json": ("gh7", "https://shop.example/dub", "2023-09-01T12:34:56.789Z", 77),
        }
        for name, expected in moved.items():
            self.server.command(name.removesuffix(".json"), file=FILES / name)
            self.assert_is(*expected)

    def test_each_products_table_is_there_already_after_its_answer_was_taken(self):
        for product in ("shlink", "kutt", "yourls", "bitly", "dub"):
            self.server.command(product, "--page=1", file=FILES / f"{product}.json")
            _, said = self.server.command(product, "--page=1", file=FILES / f"{product}.csv")
            self.assertRegex(said, r"(?m)^  made +0$", said)
            self.assertNotRegex(said, r"(?m)^  already there +0$", said)

    def test_the_command_says_what_is_not_taken_and_what_of_the_rest(self):
        code, said = self.server.command("kutt", "--dry-run", file=FILES / "kutt.json")
        self.assertEqual(code, 1, said)
        self.assertIn("link 1 (secret): it has a password, which is not taken", said)
        self.assertRegex(said, r"(?m)^  would be made +2$")
        self.assertEqual(self.server.follow("Xk3p")[0], 404)
        code, said = self.server.command("dub", "--domain=dub.example", "--allow-without-password",
                                         stdin=(FILES / "dub.json").read_text())  # fmt: skip
        self.assertEqual(code, 0, said)
        self.assertIn("1 times: it had a password, which is not taken: everybody may follow it", said)
        self.assertRegex(said, r"(?m)^  made +3$")
        code, said = self.server.command("dub", "--tz=Mars/Base", file=FILES / "dub.json")
        self.assertEqual(code, 1, said)
        self.assertIn("tz is a name of the IANA time zone database", said)

    def many(self):
        rows = [{"key": f"many-{i}", "url": f"https://shop.example/{i}", "clicks": i % 7,
                 "createdAt": "2024-01-01T00:00:00Z"} for i in range(LINKS)]  # fmt: skip
        return "\n".join(json.dumps(row) for row in rows)

    def assert_all_came_once(self):
        exported = self.server.request("GET", "/api/v1/urls/export?format=csv", self.server.operator).body.decode()
        clicks = {line.split(",")[0]: int(line.split(",")[11]) for line in exported.splitlines()[1:]}
        self.assertEqual(clicks, {f"many-{i}": i % 7 for i in range(LINKS)})

    def test_a_kill_in_the_middle_loses_nothing_and_doubles_nothing(self):
        body, target = self.many(), "/api/v1/urls/import?format=dub"
        for number in range(ROUNDS):

            def send():
                try:
                    self.server.request("POST", target, self.server.operator, body)
                except (OSError, http.client.HTTPException):
                    pass  # the server was killed

            sender = threading.Thread(target=send)
            sender.start()
            time.sleep(0.03 * number)
            self.server.kill()
            sender.join()
            self.server.start()
            made = self.server.request("GET", "/api/v1/urls?limit=1000", self.server.operator).json["links"]
            self.assertIn(len(made), (0, 1000), "a part of a request")
            for link in made[::97]:
                clicks = int(link["short_code"].removeprefix("many-")) % 7
                self.assertEqual(self.server.counted(link["short_code"])["total_clicks"], clicks)
        answer = self.server.request("POST", target, self.server.operator, body)
        self.assertEqual(answer.json["created"] + answer.json["already_there"], LINKS)
        self.server.counted("many-0")
        self.assert_all_came_once()

    def test_a_command_that_was_cut_off_goes_on_where_it_stopped(self):
        file = self.server.folder / "many.ndjson"
        file.write_text(self.many())
        commander = threading.Thread(target=lambda: self.server.command("dub", "--page=100", file=file))
        commander.start()
        time.sleep(0.3)
        self.server.kill()
        commander.join()
        self.server.start()
        code, said = self.server.command("dub", "--page=250", file=file)
        self.assertEqual(code, 0, said)
        self.server.counted("many-0")
        self.assert_all_came_once()

    def test_a_server_takes_what_another_one_exported(self):
        self.server.command("bitly", file=FILES / "bitly.json")
        self.server.command("shlink", file=FILES / "shlink.json")
        closed = {"long_url": "https://shop.example/in", "custom_alias": "closed", "password": "open sesame",
                  "external_id": "7", "rules": [{"when": {"query": ["a"]}, "long_url": "https://shop.example/a"}]}
        made = self.server.request("POST", "/api/v1/urls", self.server.operator, json.dumps(closed))
        self.assertEqual(made.status, 201, made.body)
        for _ in range(3):
            self.server.follow("3xYzAbC")
        end = time.monotonic() + PATIENCE_SECONDS
        while self.server.counted("3xYzAbC")["total_clicks"] < 15:
            self.assertLess(time.monotonic(), end)
            time.sleep(0.02)
        table = self.server.request("GET", "/api/v1/urls/export?format=csv", self.server.operator).body.decode()
        other = Server()
        self.addCleanup(other.__exit__)
        code, said = other.command("csv", stdin=table)
        self.assertEqual(code, 0, said)
        self.assertNotEqual(other.follow("closed")[0], 301, "it has its password still")
        for code in ("3xYzAbC", "spring-sale", "aB3xZ", "few", "rules", "closed"):
            there = {name: value for name, value in self.server.link(code).items() if name != "short_url"}
            self.assertEqual({name: value for name, value in other.link(code).items() if name != "short_url"}, there)
            before, after = self.server.counted(code), other.counted(code)
            for what in ("total_clicks", "people", "bots", "clicks_by_date"):
                self.assertEqual(after[what], before[what], (code, what))
            self.assertTrue(sums_agree(after), after)
        self.assertEqual([other.follow("few")[0] for _ in range(5)], [301] * 4 + [410], "ten visits, six of people")


if __name__ == "__main__":
    unittest.main(verbosity=2)
