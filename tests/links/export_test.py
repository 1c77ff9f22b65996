"""Links outlive their server: what it exports, another one takes, and a real nginx sends visitors on by itself.

Usage: export_test.py DOORBUSTER
"""

import contextlib
import csv
import http.client
import io
import json
import pathlib
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "api"))
from free_port import free_port  # noqa: E402
from live_server import LiveServer  # noqa: E402

BINARY = sys.argv.pop(1)
PATIENCE_SECONDS = 10
UGLY = [
    {"long_url": "https://shop.example/a?b=c&d=%22#top", "custom_alias": "query"},
    {"long_url": "https://shop.example/$uri/${x}", "custom_alias": "dollar"},
    {"long_url": "https://shop.example/it's;{a}'", "custom_alias": "quotes"},
    {"long_url": "https://shop.example/" + "x" * 4000, "custom_alias": "long", "title": '=cmd|" /c"\n',
     "tags": ["a b", "c"]},
    {"long_url": "https://shop.example/late", "custom_alias": "over", "expiration_date": "2020-01-01T00:00:00Z"},
    {"long_url": "https://shop.example/few", "custom_alias": "few", "max_visits": 3, "redirect_status": 307},
]


class Server(LiveServer):
    def __init__(self):
        super().__init__(BINARY, "--services", "links")
        self.start()
        self.operator = {"Authorization": "Bearer " + self.key("operator.key")}

    def bulk(self, lines):
        headers = self.operator | {"Content-Type": "application/x-ndjson"}
        answer = self.request("POST", "/api/v1/urls/bulk", headers, lines)
        return answer.json

    def export(self, form):
        return self.request("GET", f"/api/v1/urls/export?format={form}", self.operator).body.decode()


class Nginx:
    def __init__(self, exported):
        self.folder = tempfile.TemporaryDirectory(prefix="doorbuster-map-")
        home = pathlib.Path(self.folder.name)
        self.port = free_port()
        (home / "links.map.conf").write_text(exported)
        folders = "".join(f"{kind}_temp_path {home}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi",
                                                                            "scgi"))  # fmt: skip
        (home / "nginx.conf").write_text(
            f"daemon off;\nmaster_process off;\npid {home}/pid;\nevents {{}}\nhttp {{\naccess_log off;\n{folders}"
            f"include {home}/links.map.conf;\nserver {{ listen 127.0.0.1:{self.port};\n"
            "if ($doorbuster_link) { return 301 $doorbuster_link; }\nreturn 404; }\n}\n"
        )
        self.process = subprocess.Popen(["nginx", "-p", home, "-c", home / "nginx.conf", "-e", home / "error.log"])
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                self.follow("nothing")
                return
            except OSError as trouble:
                if time.monotonic() > end or self.process.poll() is not None:
                    raise RuntimeError((home / "error.log").read_text()) from trouble
                time.sleep(0.02)

    def follow(self, code):
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)) as connection:
            connection.request("GET", "/" + code)
            answer = connection.getresponse()
            answer.read()
            return answer.status, answer.getheader("Location")

    def close(self):
        self.process.terminate()
        self.process.wait()
        self.folder.cleanup()


class Export(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.addClassCleanup(cls.server.__exit__)
        made = cls.server.bulk("\n".join(json.dumps(row) for row in UGLY))
        assert made["created"] == len(UGLY), made
        many = cls.server.bulk("\n".join(json.dumps({"long_url": f"https://shop.example/{i}"}) for i in range(5_000)))
        cls.generated = [row["short_code"] for row in many["results"]]

    def link_at(self, server, code):
        link = server.request("GET", "/api/v1/urls/" + code, server.operator).json
        return {name: value for name, value in link.items() if name != "short_url"}

    def test_another_server_has_the_same_links_after_it_has_taken_them(self):
        rows = self.server.export("ndjson")
        self.assertEqual(rows.count("\n"), 5_000 + len(UGLY))
        other = Server()
        self.addCleanup(other.__exit__)
        taken = other.bulk(rows)
        self.assertEqual((taken["created"], taken["refused"]), (5_000 + len(UGLY), 0))
        for code in [row["custom_alias"] for row in UGLY] + self.generated[::501]:
            self.assertEqual(self.link_at(other, code), self.link_at(self.server, code))
        self.assertEqual(sorted(other.export("ndjson").splitlines()), sorted(rows.splitlines()))

    def test_a_spreadsheet_can_read_them(self):
        table = list(csv.DictReader(io.StringIO(self.server.export("csv"), newline="")))
        self.assertEqual(len(table), 5_000 + len(UGLY))
        by_code = {row["short_code"]: row for row in table}
        self.assertEqual(by_code["query"]["long_url"], UGLY[0]["long_url"])
        self.assertEqual(by_code["long"]["title"], "'" + UGLY[3]["title"], "no formula")
        self.assertEqual(by_code["few"]["max_visits"], "3")

    def test_nginx_sends_visitors_on_by_itself(self):
        nginx = Nginx(self.server.export("nginx"))
        self.addCleanup(nginx.close)
        for code in ["query", "dollar", "quotes", "long"] + self.generated[::501]:
            known = self.link_at(self.server, code)["long_url"].replace("$", "%24")
            self.assertEqual(nginx.follow(code), (301, known))
        for code in ("over", "few", "nobodys"):
            self.assertEqual(nginx.follow(code)[0], 404, code)


if __name__ == "__main__":
    unittest.main(verbosity=2)
