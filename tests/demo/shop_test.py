"""The demo shop is a shop: what its pages show is there, its shoppers have tastes, and a second start repeats nothing.

usage: shop_test.py DOORBUSTER
"""

import json
import pathlib
import re
import subprocess
import sys
import unittest
import urllib.error
import urllib.request
import xml.etree.ElementTree

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "browser"))

from shop import Shop

BINARY = sys.argv[1]


class DemoShop(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.shop = Shop(BINARY, "--demo-shop")

    @classmethod
    def tearDownClass(cls):
        cls.shop.close()

    def text(self, path):
        with urllib.request.urlopen(self.shop.url + path, timeout=10) as answer:
            return answer.read().decode()

    def recs(self, path):
        return self.shop.operator("GET", "/api/v1/recs" + path)

    def shoppers(self, *options):
        command = [BINARY, "demo", "shoppers", "--server", self.shop.url, "--data", self.shop.data, *options]
        return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout

    def test_every_category_leads_to_items_with_pictures(self):
        categories = re.findall(r'href="/demo-shop/c/([a-z-]+)"', self.text("/demo-shop"))
        self.assertEqual(len(categories), 12)
        for category in categories:
            page = self.text(f"/demo-shop/c/{category}")
            items = re.findall(r'href="/demo-shop/p/([a-z-]+-\d\d)"', page)
            self.assertEqual(len(items), 24, category)
            self.assertIn(f'data-category="{category}"', page)
            for item in items[:5]:
                picture = xml.etree.ElementTree.fromstring(self.text(f"/demo-shop/pictures/{item}.svg"))
                self.assertTrue(picture.tag.endswith("svg"))
                self.assertIn(f'data-item="{item}"', self.text(f"/demo-shop/p/{item}"))
        for path in ("/c/nothing", "/p/tent-51", "/pictures/tent-51.svg", "/p/", "/c/"):
            with self.assertRaises(urllib.error.HTTPError) as refused:
                self.text("/demo-shop" + path)
            self.assertEqual(refused.exception.code, 404, path)
            refused.exception.close()

    def test_all_items_are_looked_through_page_by_page(self):
        found = set()
        for page in range(1, 12):
            listed = self.text(f"/demo-shop/c/games?page={page}")
            found |= set(re.findall(r'href="/demo-shop/p/([a-z-]+-\d\d)"', listed))
        self.assertEqual(len(found), 250)
        self.assertEqual(found, {name for name in found if "games" in self.recs(f"/items/{name}")["categories"]})

    def test_what_goes_with_a_camera_is_known_from_the_start(self):
        items = [self.recs(f"/items/mirrorless-camera-{number:02}") for number in range(1, 51)]
        camera = max(items, key=lambda item: item["bought_by"])
        together = self.recs(f"/items/{camera['item']}/also-bought?n=6")["items"]
        kinds = {self.recs(f"/items/{one['item']}")["categories"][1] for one in together}
        companions = {"memory-card", "lens", "tripod", "camera-bag", "camera-battery"}
        self.assertGreaterEqual(len(kinds & companions), 2, together)
        self.assertEqual(together[0]["source"], "also-bought")

    def test_shoppers_browse_and_tell_their_end(self):
        before = self.recs("/usage")["entries"]
        told = self.shoppers("--shoppers", "50", "--seconds", "6", "--pace", "60")
        events, bought, shown, followed = (int(number) for number in re.search(
            r"50 shoppers: (\d+) events told, (\d+) things bought, (\d+) recommendations shown, (\d+) followed", told
        ).groups())  # fmt: skip
        self.assertGreater(events, 200)
        self.assertGreater(bought, 5)
        self.assertGreater(shown, 20)
        self.assertGreater(shown, followed)
        after = self.recs("/usage")["entries"]
        self.assertGreater(after["users"], before["users"] + 20)
        self.assertGreater(after["interactions"], before["interactions"])

    def test_the_shop_gives_customers_tokens_of_their_own(self):
        def token():
            request = urllib.request.Request(self.shop.url + "/demo-shop/customer", method="POST")
            with urllib.request.urlopen(request, timeout=10) as answer:
                return json.load(answer)["token"]

        first = token()
        self.assertNotEqual(first, token())
        request = urllib.request.Request(
            self.shop.url + "/api/v1/recs/events", method="POST",
            data=json.dumps([{"type": "purchase", "item": "novel-01"}]).encode(),
            headers={"Authorization": "Bearer " + first})  # fmt: skip
        with urllib.request.urlopen(request, timeout=10) as answer:
            self.assertEqual(json.load(answer)["recorded"], 1)

    def test_a_server_without_it_has_no_such_pages(self):
        plain = Shop(BINARY)
        self.addCleanup(plain.close)
        for path in ("/demo-shop", "/demo-shop/pictures/tent-01.svg", "/demo_shop/layout.html"):
            with self.assertRaises(urllib.error.HTTPError) as refused:
                urllib.request.urlopen(plain.url + path, timeout=10)
            self.assertEqual(refused.exception.code, 404, path)
            refused.exception.close()


class SecondStart(unittest.TestCase):
    def test_a_second_start_repeats_nothing(self):
        shop = Shop(BINARY, "--demo-shop")
        self.addCleanup(shop.close)
        before = shop.operator("GET", "/api/v1/recs/usage")["entries"]
        shop.stop()
        shop.start()
        after = shop.operator("GET", "/api/v1/recs/usage")["entries"]
        self.assertEqual(after["interactions"], before["interactions"])
        self.assertLessEqual(after["items"], before["items"] + 1, "the next sale with a draw")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
