"""The plots draw under the pages' own policy, in both schemes, and say their numbers to those who do not see them.

usage: plots_test.py ROOT NPM [--screenshots FOLDER]; NPM is where the build has put the libraries
"""

import http.server
import os
import re
import sys
import threading
import unittest

from cdp import CHROMIUM, Browser

ROOT, NPM = sys.argv[1:3]
SCREENSHOTS = sys.argv[sys.argv.index("--screenshots") + 1] if "--screenshots" in sys.argv else None
SKIPPED = 77
sys.path.insert(0, os.path.join(ROOT, "cmake"))

from bundle import bundle
from embed_pages import read, uplot

WEB = os.path.join(ROOT, "web")
LINES = r"""[...document.querySelectorAll('canvas')].map((canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    const seen = new Set();
    for (let at = 0; at < data.length; at += 4) if (data[at + 3] > 150) seen.add(data.slice(at, at + 3).join());
    return seen.size; })"""


def policy():
    text = read(os.path.join(ROOT, "src", "app"), "pages.cc")
    quoted = re.search(r"kPolicy =\s+(.*?);\n", text, re.DOTALL).group(1)
    return "".join(re.findall(r'"([^"]*)"', quoted))


def files():
    library, library_css = uplot(NPM)
    css = read(WEB, "shop.css") + library_css + read(WEB, "plots/plots.css")
    html = ('<!doctype html><html lang="en"><title>Plots</title><link rel="stylesheet" href="/css">'
            '<script src="/uplot.js" defer></script><script src="/page.js" type="module"></script>'
            "<main></main></html>")  # fmt: skip
    page = bundle(WEB, os.path.relpath(os.path.join(ROOT, "tests/browser/plots_page.js"), WEB))
    return {"/": ("text/html", html), "/css": ("text/css", css), "/uplot.js": ("text/javascript", library),
            "/page.js": ("text/javascript", page), "/favicon.ico": ("image/svg+xml", "<svg/>")}  # fmt: skip


class Pages(http.server.BaseHTTPRequestHandler):
    known = files()

    def do_GET(self):
        kind, text = self.known[self.path]
        self.send_response(200)
        self.send_header("Content-Type", kind + "; charset=utf-8")
        self.send_header("Content-Security-Policy", policy())
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_):
        pass


class Plots(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages)
        threading.Thread(target=cls.server.serve_forever, daemon=True).start()

    @classmethod
    def tearDownClass(cls):
        cls.server.shutdown()
        cls.server.server_close()

    def visit(self, name, **how):
        browser = Browser(**how)
        self.addCleanup(browser.close)
        browser.go(f"http://127.0.0.1:{self.server.server_port}/")
        browser.wait_for("document.querySelectorAll('canvas').length === 2")
        browser.wait_for(f"{LINES}.every((colours) => colours > 2)")
        if SCREENSHOTS:
            os.makedirs(SCREENSHOTS, exist_ok=True)
            browser.screenshot(f"{SCREENSHOTS}/plots-{name}.png")
        return browser

    def test_they_draw_under_the_policy(self):
        for name, how in (("desk", {}), ("phone", {"width": 390, "height": 844, "dark": True})):
            browser = self.visit(name, **how)
            self.assertEqual(browser.trouble, [], name)
            self.assertFalse(browser.evaluate("document.documentElement.scrollWidth > innerWidth"), name)
            self.assertTrue(browser.evaluate("document.body.innerText.includes('Nothing to show yet.')"))
            self.assertFalse(browser.evaluate("document.body.innerText.includes('undefined')"))

    def test_a_line_is_hidden_and_shown_from_the_legend(self):
        browser = self.visit("legend")
        colours = browser.evaluate(LINES)[0]
        browser.click(".plot-legend li:nth-child(3) button")
        browser.wait_for(f"{LINES}[0] !== {colours}")
        pressed = "document.querySelector('.plot-legend li:nth-child(3) button').getAttribute('aria-pressed')"
        self.assertEqual(browser.evaluate(pressed), "false")
        browser.click(".plot-legend li:nth-child(3) button")
        browser.wait_for(f"{pressed} === 'true'")

    def test_whoever_does_not_see_them_hears_the_last_numbers_and_has_a_table(self):
        browser = self.visit("words")
        label = browser.evaluate("document.querySelector('.plot-canvas').getAttribute('aria-label')")
        self.assertIn("Sold 900, Held 1, Waiting 4.", label)
        browser.click("summary")
        browser.wait_for("document.querySelectorAll('.plot-rows tbody tr').length === 60")
        last = browser.evaluate("document.querySelector('.plot-rows tbody tr:last-child').innerText")
        self.assertEqual(last.split("\t")[1:], ["900", "1", "4"])

    def test_they_take_another_scheme_and_another_width(self):
        browser = self.visit("changes")
        first = browser.evaluate("document.querySelector('canvas').toDataURL()")
        browser.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark"}])
        browser.wait_for(f"document.querySelector('canvas').toDataURL() !== '{first}'")
        browser.call("Emulation.setDeviceMetricsOverride", width=600, height=800, deviceScaleFactor=1, mobile=False)
        browser.wait_for("document.querySelector('canvas').width < 600")


if __name__ == "__main__":
    if CHROMIUM is None:
        print("skipped: there is no Chromium here (apt-get install chromium)")
        sys.exit(SKIPPED)
    unittest.main(argv=sys.argv[:1], verbosity=2)
