"""The demo's crowd is a crowd: hundreds stand in a pre-queue at once, buy, are late, leave; the draw can be checked.

usage: crowd_test.py DOORBUSTER
"""

import os
import pathlib
import re
import subprocess
import sys
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "browser"))

from shop import Shop

BINARY = sys.argv[1]


def in_seconds(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds))


class Crowd(unittest.TestCase):
    def setUp(self):
        self.shop = Shop(BINARY)
        self.addCleanup(self.shop.close)

    def crowd(self, sale, *options):
        return [BINARY, "demo", "crowd", "--sale", sale, "--server", self.shop.url, "--data", self.shop.data, *options]

    def test_hundreds_wait_at_once_for_a_draw_that_can_be_checked_and_all_units_are_sold(self):
        self.shop.new_sale("drop", queue="draw", units=40, opens_at=in_seconds(15), claim_seconds=2, hold_seconds=3,
                           payment_grace_seconds=1)  # fmt: skip
        options = ["--customers", "300", "--seed", "5", "--pace", "20"]
        with subprocess.Popen(self.crowd("drop", *options), stdout=subprocess.PIPE, text=True) as crowd:
            most = 0
            while crowd.poll() is None and self.shop.sale("drop")["state"] == "prequeue":
                most = max(most, self.shop.sale("drop")["waiting"])
                time.sleep(0.2)
            told = crowd.communicate(timeout=200)[0]
        self.assertEqual(crowd.returncode, 0, told)
        self.assertGreater(most, 200, "at once in the pre-queue")
        sale = self.shop.sale("drop")
        self.assertEqual(sale["sold"], 40)
        self.assertGreater(sale["draw"]["entries"], 200)
        came, trouble = re.search(r"^(\d+) came.*?(\d+) had trouble", told, re.DOTALL | re.MULTILINE).groups()
        self.assertGreater(int(came), 200)
        self.assertEqual(trouble, "0", told)
        self.assertIn("40 sold = 40; the sale has 40 units.", told)
        self.check_record(f"{self.shop.url}/api/v1/sales/drop/transcript")

    def check_record(self, address):
        record = os.path.join(self.shop.data, "record.txt")
        subprocess.run(["curl", "-sSfo", record, address], check=True)
        checked = subprocess.run([sys.executable, ROOT / "docs" / "verify.py", record], capture_output=True, text=True)
        self.assertTrue(checked.stdout.startswith("RIGHT: sale drop,"), checked.stdout + checked.stderr)

    def test_a_crowd_comes_to_a_sale_without_a_queue_and_tells_its_end_only_if_asked_to(self):
        told = subprocess.run(self.crowd("demo", "--customers", "60", "--pace", "50", "--quiet"), check=True,
                              capture_output=True, text=True, timeout=120).stdout  # fmt: skip
        self.assertNotIn("wait  |", told)
        self.assertIn("60 came:", told)
        self.assertGreater(self.shop.sale("demo")["sold"], 30)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
