"""Links that do not lead everybody to the same place, as visitors of a real server have them: rules, variants,
passwords and the visitor's query; and that nobody is led where no operator has said.

Usage: rules_test.py DOORBUSTER
"""

import concurrent.futures
import json
import pathlib
import subprocess
import sys
import time
import unittest
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "api"))
from live_server import LiveServer  # noqa: E402

BINARY = sys.argv.pop(1)
PATIENCE_SECONDS = 10
FIREFOX = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0"}
PHONE = {"User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 "
                       "(KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1"}  # fmt: skip
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
# As a stranger might send them: none may change where the visitor goes.
EVIL = ["//evil.example", "@evil.example", ":@evil.example", "\\evil.example", "/..//evil.example", "#@evil.example",
        "%0d%0aLocation:%20https://evil.example", "%0D%0A%0D%0A<script>", "?//evil.example", "https://evil.example",
        "url=https://evil.example&next=//evil.example", "%", "%zz", "a=%00", "&&&", "=", "\u00e4=\u202e"]  # fmt: skip

SCRIPT = """
const addresses = JSON.parse(require("fs").readFileSync(0, "utf8"));
console.log(JSON.stringify(addresses.map((text) => { const url = new URL(text); return [url.origin, url.pathname,
  url.hash, url.username]; })));
"""


def read_by_browser(addresses):
    """Origin, path, fragment and user of each, as a browser reads it."""
    asked = json.dumps(addresses)
    done = subprocess.run(["node", "-e", SCRIPT], input=asked, capture_output=True, text=True, check=True)
    return [tuple(each) for each in json.loads(done.stdout)]


class Rules(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = LiveServer(BINARY, "--services", "links", "--guard-trusted-proxies=127.0.0.1",
                                "--guard-country-header=X-Country")  # fmt: skip
        cls.server.start()
        cls.operator = {"Authorization": "Bearer " + cls.server.key("operator.key")}

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__()

    def make(self, alias, **members):
        body = {"long_url": "https://shop.example/drop", "custom_alias": alias} | members
        answer = self.server.request("POST", "/api/v1/urls", self.operator, json.dumps(body))
        self.assertEqual(answer.status, 201, answer.body)
        return answer.json

    def change(self, alias, **members):
        answer = self.server.request("PATCH", f"/api/v1/urls/{alias}", self.operator, json.dumps(members))
        self.assertEqual(answer.status, 200, answer.body)
        return answer.json

    def visit(self, target, headers=FIREFOX):
        return self.server.request("GET", "/" + target, headers)

    def led(self, target, headers=FIREFOX):
        answer = self.visit(target, headers)
        self.assertEqual(answer.status, 301, answer.body)
        return answer.headers["location"]

    def counted(self, alias, clicks):
        patience = time.monotonic() + PATIENCE_SECONDS
        while True:
            answer = self.server.request("GET", f"/api/v1/analytics/{alias}", self.operator)
            known = answer.json["total_clicks"] if answer.status == 200 else 0  # not read yet, after a start
            if known >= clicks or time.monotonic() > patience:
                self.assertEqual((answer.status, known), (200, clicks))
                return answer.json
            time.sleep(0.02)

    def test_rules_lead_by_all_that_is_known(self):
        conditions = {"device": ["phone"], "browser": ["edge"], "language": ["de"], "country": ["CH"],
                      "address": ["198.51.100.0/24", "2001:db8::/32"], "query": ["src=mail"]}  # fmt: skip
        rules = [{"when": {name: values}, "long_url": f"https://shop.example/{name}"}
                 for name, values in conditions.items()]  # fmt: skip
        rules.append({"when": {"since": "2020-01-01T00:00:00Z", "until": "2021-01-01T00:00:00Z"},
                      "long_url": "https://shop.example/past"})  # fmt: skip
        self.make("known", rules=rules)
        edge = {"User-Agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
                              "Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"}  # fmt: skip
        visitors = {"device": ("known", PHONE), "browser": ("known", edge),
                    "language": ("known", FIREFOX | {"Accept-Language": "de-AT,en;q=0.9"}),
                    "country": ("known", FIREFOX | {"X-Country": "CH"}),
                    "address": ("known", FIREFOX | {"X-Forwarded-For": "198.51.100.7"}),
                    "query": ("known?src=mail", FIREFOX), "drop": ("known", FIREFOX)}  # fmt: skip
        for name, (target, headers) in visitors.items():
            self.assertEqual(self.led(target, headers), f"https://shop.example/{name}")
        six = FIREFOX | {"X-Forwarded-For": "2001:db8:1::7"}
        self.assertEqual(self.led("known", six), "https://shop.example/address")
        for name, (target, headers) in visitors.items():
            described = {"user_agent": headers["User-Agent"], "accept_language": headers.get("Accept-Language", ""),
                         "country": headers.get("X-Country", "ZZ"), "query": target.partition("?")[2],
                         "address": headers.get("X-Forwarded-For", "127.0.0.1")}  # fmt: skip
            explained = self.server.request("GET", "/api/v1/urls/known/explain?" + urllib.parse.urlencode(described),
                                            self.operator)  # fmt: skip
            self.assertEqual(explained.json["destination"], f"https://shop.example/{name}")
            looked_at = [conditions_of["unmet"] for conditions_of in explained.json["rules"][:-1]]
            self.assertEqual(looked_at, list(conditions)[: len(looked_at)], "why none before it")
        self.counted("known", 8)

    def test_rules_are_kept_by_what_changes_something_else(self):
        rules = [{"when": {"query": ["a"]}, "long_url": "https://shop.example/a"}]
        self.assertEqual(self.make("kept", rules=rules, forward_query=True)["rules"], rules)
        changed = self.change("kept", title="Kept", long_url="https://shop.example/other")
        self.assertEqual((changed["rules"], changed["forward_query"]), (rules, True))
        self.server.kill()
        self.server.start()
        self.assertEqual(self.led("kept?a"), "https://shop.example/a?a")
        self.assertEqual(self.led("kept?b"), "https://shop.example/other?b")

    def test_a_strangers_query_leads_nowhere_else(self):
        page = "https://shop.example/drop?own=1#top"
        self.make("forward", long_url=page, forward_query=True,
                  rules=[{"when": {"query": ["de"]}, "long_url": "https://de.example/"}])  # fmt: skip
        sent = []
        for evil in EVIL:
            raw = evil.encode().decode("latin-1")  # as bytes that no browser would send
            for target in (f"forward?{raw}", f"forward?own=2&{raw}", f"forward?x={raw}"):
                try:
                    answer = self.visit(target)
                except ValueError:
                    answer = self.visit(urllib.parse.quote(target, safe="?=&/:@%#\\"))
                if answer.status == 400:
                    continue  # no request at all
                self.assertEqual(answer.status, 301, target)
                self.assertEqual(answer.body, b"")
                self.assertNotIn("set-cookie", answer.headers)
                sent.append(answer.headers["location"])
        self.assertGreater(len(sent), 30)
        self.assertEqual(set(read_by_browser(sent)), {("https://shop.example", "/drop", "#top", "")})
        self.assertEqual(read_by_browser([self.led("forward?de&//evil.example")])[0][0], "https://de.example")
        self.assertEqual(self.led("forward?" + "a" * 2049), page, "too long to be forwarded")

    def test_no_rule_and_no_variant_leads_back_or_astray(self):
        base = self.make("target")["short_url"].rpartition("/")[0]
        for address in ("javascript:alert(1)", "//evil.example", "https://user@evil.example/", f"{base}/target",
                        "https://evil.example\\@shop.example/", "https:/evil.example", "data:text/html,x"):  # fmt: skip
            rule = {"when": {"query": ["a"]}, "long_url": address}
            variants = [{"name": "a", "long_url": "https://a.example/"}, {"name": "b", "long_url": address}]
            for members in ({"rules": [rule]}, {"variants": variants}):
                body = {"long_url": "https://shop.example/"} | members
                answer = self.server.request("POST", "/api/v1/urls", self.operator, json.dumps(body))
                self.assertEqual(answer.status, 400, address)
                self.assertIn("/long_url: must", answer.json["detail"])

    def test_variants_share_people_out_and_add_up(self):
        variants = [{"name": "old", "long_url": "https://old.example/", "weight": 1},
                    {"name": "new", "long_url": "https://new.example/", "weight": 3}]  # fmt: skip
        self.make("split", variants=variants)
        people = [FIREFOX | {"X-Forwarded-For": f"203.0.113.{i}"} for i in range(200)]
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            first = list(pool.map(lambda person: self.led("split", person), people))
            again = list(pool.map(lambda person: self.led("split", person), people))
        self.assertEqual(first, again, "everybody stays where they were")
        self.assertTrue(110 < first.count("https://new.example/") < 185, first.count("https://new.example/"))
        counts = self.counted("split", 400)
        self.assertEqual(counts["variants"][1]["clicks"], 2 * first.count("https://new.example/"))
        sums = [each["clicks"] for each in counts["variants"]] + [counts["other_variants"], counts["no_variant"]]
        self.assertEqual(sum(sums), 400)
        self.server.kill()
        self.server.start()
        self.assertEqual(self.led("split", people[0]), first[0], "also after a crash")
        self.assertEqual(self.counted("split", 401)["no_variant"], 0)

    def test_a_password_is_asked_for_and_never_told(self):
        made = self.make("secret", password="correct horse", max_visits=2)
        self.assertTrue(made["has_password"])
        self.assertNotIn("password", made)
        page = FIREFOX | {"Accept": "text/html", "Referer": "https://news.example/story"}
        shown = self.visit("secret", page)
        self.assertEqual((shown.status, shown.headers["cache-control"]), (200, "no-store"))
        for answer in (shown, self.visit("secret"), self.visit("secret+", page)):
            self.assertNotIn(b"shop.example", answer.body)
            self.assertNotIn("location", answer.headers)
        wrong = self.server.request("POST", "/secret", FORM | page, "password=horse")
        self.assertEqual(wrong.status, 403)
        self.assertNotIn(b"shop.example", wrong.body)
        right = "password=correct+horse&from=https%3A%2F%2Fnews.example%2Fstory"
        for _ in range(2):
            sent = self.server.request("POST", "/secret", FORM | page, right)
            self.assertEqual((sent.status, sent.headers["location"]), (303, "https://shop.example/drop"))
        self.assertEqual(self.server.request("POST", "/secret", FORM | page, right).status, 410)
        counts = self.counted("secret", 2)
        self.assertEqual(counts["top_referrers"][0]["referrer"], "news.example")
        log = (self.server.folder / "server.log").read_text()
        self.assertNotIn("horse", log)
        self.assertFalse(any(b"correct horse" in file.read_bytes() for file in self.server.folder.rglob("*")
                             if file.is_file()), "nothing on the disk holds it")  # fmt: skip

    def test_guesses_are_bounded_by_network(self):
        self.make("guessed", password="x")
        guess = lambda who, word: self.server.request("POST", "/guessed", FORM | {"X-Forwarded-For": who},  # noqa: E731
                                                      "password=" + word).status  # fmt: skip
        with concurrent.futures.ThreadPoolExecutor(20) as pool:
            answers = list(pool.map(lambda _: guess("192.0.2.1", "y"), range(20)))
        self.assertLessEqual(answers.count(403), 11)  # one more after six seconds
        self.assertGreaterEqual(answers.count(429), 9)
        self.assertEqual(guess("192.0.2.1", "x"), 429)
        self.assertEqual(guess("192.0.2.2", "x"), 303, "others are not held up")
        self.make("plain")
        began = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            guesses = [pool.submit(guess, f"198.51.100.{i}", "y") for i in range(24)]
            worst = 0
            while not all(each.done() for each in guesses):
                one = time.monotonic()
                self.led("plain")
                worst = max(worst, time.monotonic() - one)
        self.assertLess(worst, (time.monotonic() - began) / 2, "visitors of other links do not wait for guesses")


if __name__ == "__main__":
    unittest.main()
