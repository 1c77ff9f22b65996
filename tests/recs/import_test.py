"""A shop's catalogue and orders, brought to a real server by `doorbuster recs import`.

Usage: import_test.py DOORBUSTER
"""

import datetime
import gzip
import subprocess
import sys
import unittest

from recs_server import RecsServer

BINARY = sys.argv.pop(1)

CATALOGUE = '''id,title,category,brand,price,currency,url,image,in_stock,lens
camera,"Camera, ""small""",photo,Lux,499.50,EUR,/camera,https://shop.example/c.png,true,35
card,Memory card,photo|cards,Lux,19.90,EUR,/card,,yes,
bad-price,Nothing,photo,Lux,cheap,EUR,/x,,yes,
bad-url,Nothing,photo,Lux,1,EUR,ftp://shop.example/,,yes,
torn,"Never
tripod,Tripod,photo,Lux,80,EUR,/tripod,,no,
bag,Bag,bags,Own,30,EUR,/bag,,1,
'''

ORDERS = """order,customer,item,quantity,at,price
1,ann,camera,1,2026-11-01T10:00:00Z,499.50
1,ann,card,2,2026-11-01T10:00:00Z,19.90
2,,camera,1,2026-11-02T10:00:00Z,499.50
2,,card,1,2026-11-02T10:00:00Z,19.90
3,bob,bag,one,2026-11-03T10:00:00Z,30
4,bob,bag,1,2026-11-03T10:00:00Z,30
4,bob,bag,-1,2026-11-04T10:00:00Z,30
"""

INVOICES = """InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
536365,85123A,HEART HOLDER,6,12/1/2010 8:26,2.55,17850,United Kingdom
536365,71053,LANTERN,6,12/1/2010 8:26,3.39,17850,United Kingdom
536366,71053,thrown away,-10,12/1/2010 9:00,0,,United Kingdom
C536367,71053,LANTERN,-6,12/2/2010 9:00,3.39,17850,United Kingdom
"""


class Import(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = RecsServer(BINARY)
        cls.server.start()

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__()

    def file(self, name, text):
        path = self.server.folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def bring(self, *flags, key="operator.key"):
        command = [BINARY, "recs", "import", "--server", f"http://127.0.0.1:{self.server.port}"]
        key_file = self.file("key-of-import", self.server.key(key))
        return subprocess.run([*command, "--key", key_file, *flags], capture_output=True, text=True, timeout=60)

    def known(self, item):
        return self.server.operator("GET", f"/items/{item}").json

    def test_a_shop_recommends_after_one_command_and_twice_counts_once(self):
        items = self.file("catalogue.csv", CATALOGUE)
        orders = self.file("orders.csv.gz", gzip.compress(ORDERS.encode()))
        done = self.bring("--items", items, "--orders", orders)
        self.assertEqual(done.returncode, 1, done)
        lines = done.stdout.splitlines()
        self.assertEqual([line.split(": ")[0] for line in lines if line.startswith(f"{items}:")],
                         [f"{items}:{line}" for line in (4, 6, 5)], done.stdout)  # fmt: skip
        self.assertIn("is no price", done.stdout)
        self.assertIn("an address begins with https://", done.stdout)
        self.assertIn("items: 7 rows, 4 stored, 3 refused", lines)
        self.assertIn(f"{orders}:6: 'one' is no quantity", done.stdout)
        self.assertIn("orders: 7 rows, 6 recorded, 0 known before, 0 passed over, 1 refused", lines)
        self.assertIn("4 rows are not taken", done.stderr)
        camera = self.known("camera")
        self.assertEqual(camera["title"], 'Camera, "small"')
        self.assertEqual((camera["price"], camera["attributes"]), (499.5, {"lens": 35}))
        self.assertEqual((camera["bought_by"], self.known("bag")["bought_by"]), (2, 0))
        self.assertEqual(self.known("tripod")["in_stock"], False)
        self.assertEqual(self.server.items("/items/camera/also-bought", n=1), ["card"])
        again = self.bring("--orders", orders)
        self.assertIn("orders: 7 rows, 0 recorded, 6 known before, 0 passed over, 1 refused", again.stdout)
        self.assertEqual(self.known("camera")["bought_by"], 2)

    def test_invoices_are_taken_as_they_were_published(self):
        done = self.bring("--orders", self.file("online-retail.csv", INVOICES))
        self.assertEqual((done.returncode, done.stderr), (0, ""), done)
        self.assertEqual(done.stdout, "orders: 4 rows, 3 recorded, 0 known before, 1 passed over, 0 refused\n")
        self.assertEqual((self.known("85123A")["bought_by"], self.known("71053")["bought_by"]), (1, 0))

    def test_a_table_of_long_ago_is_tried_as_if_it_were_new(self):
        rows = [f"{order},{item},1,12/1/2010 8:26,1,{order}"
                for order in (901, 902, 903) for item in ("old-a", "old-b")]  # fmt: skip
        orders = self.file("long-ago.csv", "InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice,CustomerID\n"
                           + "\n".join(rows))  # fmt: skip
        days = (datetime.date.today() - datetime.date(2010, 12, 2)).days
        done = self.bring("--orders", orders, "--days-later", str(days))
        self.assertEqual(done.stdout, "orders: 6 rows, 6 recorded, 0 known before, 0 passed over, 0 refused\n")
        self.assertEqual(self.server.items("/items/old-a/also-bought", n=1), ["old-b"])
        answer = self.server.operator("GET", "/items/old-a/also-bought?n=1").json["items"][0]
        self.assertEqual(answer["source"], "also-bought")

    def test_more_rows_than_a_call_takes_and_a_page_of_which_nothing_can_be_used(self):
        rows = [f"many-{n},{'ftp://' if n < 1_000 else '/'}x" for n in range(2_500)]
        items = self.file("many.csv", "id,url\n" + "\n".join(rows))
        done = self.bring("--items", items)
        self.assertEqual(done.stdout.splitlines()[-1], "items: 2500 rows, 1500 stored, 1000 refused")
        self.assertEqual(sum(line.startswith(f"{items}:") for line in done.stdout.splitlines()), 1_000)
        self.assertEqual(self.known("many-2499")["url"], "/x")

    def test_says_what_keeps_it_from_working(self):
        items = self.file("catalogue.csv", CATALOGUE)
        done = self.bring("--items", items, key="shop.key")
        self.assertEqual(done.returncode, 1)
        self.assertIn("from here on nothing is sent: ", done.stderr)
        self.assertIn("nothing to import", self.bring().stderr)
        self.assertIn("can't be read", self.bring("--items", "/nowhere.csv").stderr)
        self.assertIn("names no column", self.bring("--orders", items).stderr)
        self.assertIn("is empty", self.bring("--orders", self.file("none.csv", "")).stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
