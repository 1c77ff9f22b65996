"""Abuse reports on a real server: what a visitor's form sends is taken, once for each network, and shown to operators
also after a kill; they dismiss it, which is in the audit trail, or take the link down.

Usage: reports_test.py DOORBUSTER
"""

import json
import pathlib
import re
import sys
import unittest
from urllib.parse import urlencode

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "api"))
from live_server import LiveServer  # noqa: E402

REPORTS = "/api/v1/abuse/reports"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
PAGE = FORM | {"Accept": "text/html"}
PROXY = "127.0.0.1/32"


class Reports(unittest.TestCase):
    def setUp(self):
        self.server = self.enterContext(LiveServer(sys.argv[1], "--guard-trusted-proxies", PROXY))
        self.operator = {"Authorization": "Bearer " + self.server.key("operator.key")}
        self.make("mail")

    def make(self, alias):
        link = json.dumps({"long_url": "https://shop.example/", "custom_alias": alias})
        self.assertEqual(self.server.request("POST", "/api/v1/urls", self.operator, link).status, 201)

    def report(self, code, sender, headers=FORM, **form):
        return self.server.request("POST", f"/{code}+", headers | {"X-Forwarded-For": sender}, urlencode(form))

    def reported(self, query=""):
        answer = self.server.request("GET", REPORTS + query, self.operator)
        self.assertEqual(answer.status, 200)
        return answer.json

    def test_what_the_form_of_the_preview_sends_is_taken(self):
        page = self.server.request("GET", "/mail+", {"Accept": "text/html"}).body.decode()
        reasons = re.findall(r'<option value="(\w+)">', page)
        self.assertEqual(reasons, ["phishing", "malware", "spam", "illegal", "other"])
        self.assertIn('<form method="post">', page)
        for number, reason in enumerate(reasons):
            answer = self.report("mail", f"192.0.2.{number}", PAGE, reason=reason, words=f"<b>{number}</b> \u20ac")
            self.assertEqual(answer.status, 202, answer.body)
            self.assertIn("Thank you", answer.body.decode())
        again = self.report("mail", "192.0.2.1", reason="spam")
        self.assertEqual((again.status, again.json), (202, {"reported": True}))
        for wrong in ({}, {"reason": "no"}, {"reason": "spam", "words": "x" * 251}):
            self.assertEqual(self.report("mail", "192.0.2.99", **wrong).status, 400)
        self.assertEqual(self.report("nobody", "192.0.2.99", reason="spam").status, 404)
        self.server.kill()
        self.server.start()
        known = self.reported()
        self.assertEqual(known["total"], 1)
        (link,) = known["links"]
        self.assertEqual((link["short_code"], link["reports"], link["is_taken_down"]), ("mail", 5, False))
        self.assertEqual(link["reasons"], dict.fromkeys(reasons, 1))
        self.assertEqual([each["words"] for each in link["newest"]], [f"<b>{n}</b> \u20ac" for n in (4, 3, 2, 1, 0)])
        self.assertIn("doorbuster_links_reported 1", self.server.request("GET", "/metrics").body.decode())

    def test_operators_dismiss_them_or_take_the_link_down(self):
        self.make("bad")
        for number in range(3):
            self.report("bad", f"192.0.2.{number}", reason="phishing")
        self.report("mail", "192.0.2.1", reason="other")
        self.assertEqual([each["short_code"] for each in self.reported()["links"]], ["bad", "mail"])
        self.assertEqual([each["short_code"] for each in self.reported("?offset=1&limit=1")["links"]], ["mail"])
        self.assertEqual(self.server.request("DELETE", REPORTS + "/mail").status, 401)
        self.assertEqual(self.server.request("DELETE", REPORTS + "/mail", self.operator).status, 204)
        self.assertEqual(self.server.request("DELETE", REPORTS + "/mail", self.operator).status, 404)
        body = json.dumps({"short_code": "bad", "reason": "reported"})
        self.assertEqual(self.server.request("POST", "/api/v1/abuse/take-downs", self.operator, body).status, 201)
        self.assertEqual([each["is_taken_down"] for each in self.reported()["links"]], [True])
        self.assertEqual(self.report("bad", "192.0.2.77", reason="phishing").status, 451)
        trail = self.server.request("GET", "/api/v1/audit", self.operator).json["lines"]
        self.assertIn(("reports dismissed", "link mail"), [(line["action"], line["detail"]) for line in trail])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
