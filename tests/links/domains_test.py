"""Short links of several domains on a real server, asked by curl as browsers would: a code leads elsewhere on each
domain, also after a kill; nothing that a visitor sends changes where a domain sends those who ask for what is
nobody's; and a folder that knows no domains is opened by a server that has some, and the other way round.

Usage: domains_test.py DOORBUSTER
"""

import json
import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "api"))
from live_server import LiveServer  # noqa: E402

URLS = "/api/v1/urls"
LOST = "https://www.brand.example/lost"
CONFIG = f"""
[links]
base_url = "https://go.example"
[[links.domains]]
base_url = "https://brand.example"
not_found_url = "{LOST}"
[[links.domains]]
base_url = "https://second.example"
"""


class Domains(unittest.TestCase):
    def setUp(self):
        self.server = self.enterContext(LiveServer(sys.argv[1]))
        (self.server.folder / "domains.toml").write_text(CONFIG)
        self.with_domains = ["--config", str(self.server.folder / "domains.toml")]

    def restart(self, *flags):
        self.server.kill()
        self.server.flags = list(flags)
        self.server.start()

    def make(self, **link):
        operator = {"Authorization": "Bearer " + self.server.key("operator.key")}
        answer = self.server.request("POST", URLS, operator, json.dumps(link))
        return answer.status, answer.json

    def follow(self, host, path):
        """By curl, which is told where the host is: the status, and where it would go on to."""
        url = f"http://{host}:{self.server.port}{path}"
        seen = subprocess.run(
            ["curl", "--silent", "--output", "/dev/null", "--resolve", f"{host}:{self.server.port}:127.0.0.1",
             "--write-out", "%{http_code} %{redirect_url}", url],
            capture_output=True, text=True, timeout=20, check=True)  # fmt: skip
        status, _, where = seen.stdout.partition(" ")
        return int(status), where

    def test_a_code_leads_elsewhere_on_each_domain(self):
        self.restart(*self.with_domains)
        for domain in ("go.example", "brand.example", "second.example"):
            status, made = self.make(long_url=f"https://{domain}.shop.example/", custom_alias="mail", domain=domain)
            self.assertEqual((status, made["short_url"]), (201, f"https://{domain}/mail"))
            self.assertEqual(self.make(long_url="https://x.example/", custom_alias="mail", domain=domain)[0], 409)
        self.restart(*self.with_domains)
        for domain in ("go.example", "brand.example", "second.example"):
            self.assertEqual(self.follow(domain, "/mail"), (301, f"https://{domain}.shop.example/"))
        self.assertEqual(self.follow("elsewhere.example", "/mail"), (301, "https://go.example.shop.example/"))

    def test_nothing_that_a_visitor_sends_changes_where_they_are_sent(self):
        self.restart(*self.with_domains)
        for path in ("/nobody", "/nobody?to=https://evil.example/", "/https:%2F%2Fevil.example", "/nobody#x"):
            self.assertEqual(self.follow("brand.example", path), (302, LOST), path)
        self.assertEqual(self.follow("second.example", "/nobody"), (404, ""))

    def test_a_folder_is_opened_with_domains_and_without(self):
        self.assertEqual(self.make(long_url="https://shop.example/", custom_alias="old")[0], 201)
        self.restart(*self.with_domains)
        self.assertEqual(self.follow("go.example", "/old"), (301, "https://shop.example/"))
        self.assertEqual(self.follow("second.example", "/old"), (404, ""))
        status, _ = self.make(long_url="https://shop.example/2", custom_alias="new", domain="second.example")
        self.assertEqual(status, 201)
        self.restart()
        self.assertEqual(self.follow("go.example", "/old"), (301, "https://shop.example/"))
        self.assertEqual(self.follow("second.example", "/new"), (404, ""))
        self.restart(*self.with_domains)
        self.assertEqual(self.follow("second.example", "/new"), (301, "https://shop.example/2"))

    def test_domains_that_contradict_each_other_are_refused_at_the_start(self):
        twice = self.server.folder / "twice.toml"
        twice.write_text(CONFIG + '[[links.domains]]\nbase_url = "http://Brand.example"\n')
        with self.assertRaisesRegex(RuntimeError, "have the same host"):
            self.restart("--config", str(twice))
        self.server.flags = []
        self.server.start()


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
