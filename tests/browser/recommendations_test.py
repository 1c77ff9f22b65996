"""A page of another origin shows what a server recommends, by one script tag.

usage: recommendations_test.py DOORBUSTER [--screenshots FOLDER]
"""

import http.server
import threading

import walker

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Camera</title><h1>Camera</h1>
<div id="more"></div>
<script src="{server}/client/recommendations.js" async
        data-item="camera" data-n="3" data-surface="product" data-target="#more"
        data-heading="Goes with it"></script>"""
POLICY = "default-src 'none'; script-src {server}; connect-src {server}; img-src 'self'"


class Elsewhere(http.server.BaseHTTPRequestHandler):
    server_of_scripts = ""

    def do_GET(self):
        body = PAGE.format(server=self.server_of_scripts).encode() if self.path == "/camera" else b"the card"
        self.send_response(200)
        self.send_header("Content-Type", "text/html" if self.path == "/camera" else "text/plain")
        self.send_header("Content-Security-Policy", POLICY.format(server=self.server_of_scripts))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *ignored):
        pass


class RecommendationsWalk(walker.Walk):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Elsewhere.server_of_scripts = cls.shop.url
        cls.site = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)
        cls.elsewhere = f"http://localhost:{cls.site.server_port}"
        threading.Thread(target=cls.site.serve_forever, daemon=True).start()

    @classmethod
    def tearDownClass(cls):
        cls.site.shutdown()
        cls.site.server_close()
        super().tearDownClass()

    def viewed(self, item):
        return self.shop.operator("GET", f"/api/v1/recs/items/{item}")["viewed_by"]

    def test_a_page_of_another_origin_shows_and_tells(self):
        put = lambda item, **what: self.shop.operator("PUT", f"/api/v1/recs/items/{item}", what)  # noqa: E731
        put("camera", title="Camera", url="/camera")
        put("card", title="<i>Card</i>", url="/card", price=19.9, currency="EUR")
        events = [{"type": "purchase", "item": item, "user": "ann"} for item in ("camera", "card")]
        self.shop.operator("POST", "/api/v1/recs/events", events)
        before = (self.viewed("camera"), self.viewed("card"))
        browser = walker.Browser()
        self.addCleanup(browser.close)
        browser.go(self.elsewhere + "/camera")
        browser.wait_for_text("Goes with it")
        shown = browser.evaluate("document.querySelector('#more a').innerText")
        self.assertEqual(shown.split(), "<i>Card</i> €19.90 it was bought together with Camera".split())
        self.take_picture(browser, "recommendations-elsewhere")
        self.assertEqual(browser.evaluate("document.cookie"), "")
        self.assertEqual(self.own_trouble(browser), [])
        self.assertEqual(self.viewed("camera"), before[0] + 1)
        browser.click("#more a")
        browser.wait_for("location.pathname === '/card'")
        browser.wait_for("document.body.innerText === 'the card'")
        deadline = walker.time.monotonic() + 10
        while self.viewed("card") == before[1] and walker.time.monotonic() < deadline:
            walker.time.sleep(0.1)
        self.assertEqual(self.viewed("card"), before[1] + 1, "the click is not known")

    def test_where_the_service_is_gone_the_page_is_whole(self):
        Elsewhere.server_of_scripts = "http://127.0.0.1:1"
        self.addCleanup(setattr, Elsewhere, "server_of_scripts", self.shop.url)
        browser = walker.Browser()
        self.addCleanup(browser.close)
        browser.go(self.elsewhere + "/camera")
        browser.wait_for_text("Camera")
        self.assertEqual(browser.evaluate("document.querySelector('#more').childElementCount"), 0)


if __name__ == "__main__":
    walker.main()
