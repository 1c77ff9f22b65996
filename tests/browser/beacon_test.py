"""A sale whose draw waits for a public beacon, walked by a customer and an operator from the join to the record."""

import datetime
import json
import pathlib
import subprocess
import sys
import time
import urllib.request

import walker

VERIFY = pathlib.Path(__file__).resolve().parents[2] / "docs" / "verify.py"
VALUE = "ab" * 32
STATES = """[...document.querySelectorAll(".steps > li")].map((e) => e.className).join(" ")"""


def in_seconds(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds))


class Beacon(walker.Walk):
    def new_sale(self, sale, opens, public, **settings):
        self.shop.new_sale(sale, queue="draw", units=1, opens_at=in_seconds(opens), item=walker.ITEM,
                           beacon={"source": "drand-quicknet", "round": 14212345, "published_at": in_seconds(public)},
                           **settings)  # fmt: skip

    def joined(self, sale, **how):
        browser = self.visit(f"/s/{sale}", **how)
        browser.click_on("Join the queue")
        browser.wait_for_text("The doors open in")
        return browser

    def transcript(self, sale):
        with urllib.request.urlopen(f"{self.shop.url}/api/v1/sales/{sale}/transcript", timeout=10) as answer:
            return answer.read()

    def test_a_sale_is_walked_from_the_join_to_the_record(self):
        self.new_sale("beacon", 25, 60, claim_seconds=60)
        customer = self.joined("beacon", width=390, height=844)
        self.assertIn("round 14212345 of drand-quicknet", customer.evaluate("document.body.innerText"))
        self.take_picture(customer, "beacon-before-phone-light")
        board = self.board("beacon")
        board.wait_for_text("Places will be drawn with round 14212345 of drand-quicknet")

        customer.wait_for_text("The doors are open", 60)
        customer.wait_for_text("Places are drawn as soon as round 14212345 of drand-quicknet is public, about ")
        self.take_picture(customer, "beacon-waiting-phone-light")
        board.wait_for_text("The list is closed.")
        self.take_picture(board, "beacon-board-waiting-desk-light")
        late = self.visit("/s/beacon", dark=True)
        late.wait_for_text("is being drawn by lot")
        late.click_on("Join the queue")
        late.wait_for_text("You came after the doors had opened")
        self.take_picture(late, "beacon-late-desk-dark")
        root = "JSON.parse(localStorage.getItem('doorbuster::beacon')).root"
        customer.wait_for(f"({root} ?? '').length === 64", 40)
        customer.click_on("How places are drawn")
        customer.wait_for(f"{STATES} === 'right right right open open open'")
        customer.wait_for_text("It waits for round 14212345 of drand-quicknet")
        self.take_picture(customer, "beacon-draw-waiting-phone-light")
        customer.click_on("To your place")

        board.wait_for_text("Everybody waits for the beacon.", 90)
        self.assertEqual(self.shop.sale("beacon")["offered"], 0)
        board.write("#beacon-value", "nonsense")
        board.click_on("Draw …")
        board.wait_for_text("A value is 1 to 64 bytes")
        self.take_picture(board, "beacon-board-due-desk-light")
        board.write("#beacon-value", "0x" + VALUE.upper())
        board.click_on("Draw …")
        board.wait_for("document.querySelector('dialog[open]') !== null")
        board.write("#reason", "looked up at drand")
        board.click('dialog button[value="yes"]')
        board.wait_for_text("Drawn with round 14212345 of drand-quicknet")
        board.wait_for_text("looked up at drand", 20)

        customer.wait_for_text("It is your turn!", 60)
        customer.go(self.shop.url + "/s/beacon/draw")
        customer.wait_for_text("The draw was fair to you", 40)
        customer.wait_for_text("that the world's number is round 14212345 of drand-quicknet. Look it up there.")
        self.take_picture(customer, "beacon-draw-after-phone-light")
        late.go(self.shop.url + "/s/beacon/queue")
        late.wait_for("document.querySelector('.place')?.textContent === '2'", 60)
        self.check_record("beacon")
        for browser in (customer, board, late):
            self.assertEqual(self.own_trouble(browser), [])

    def check_record(self, sale):
        path = pathlib.Path(self.shop.data) / "record.txt"
        path.write_bytes(self.transcript(sale))
        self.assertIn(f"beacon {VALUE} drand-quicknet 14212345\n", path.read_text())
        for program in ([walker.BINARY, "verify"], [sys.executable, str(VERIFY)]):
            run = subprocess.run([*program, str(path)], capture_output=True, text=True, check=False)
            self.assertEqual(run.returncode, 0, run.stderr)
            self.assertIn(VALUE, run.stdout)
            self.assertIn("round 14212345 of", run.stdout)

    def test_a_list_that_was_exchanged_while_it_waited_is_found(self):
        self.new_sale("exchanged", 6, 3600)
        browser = self.joined("exchanged")
        browser.wait_for_text("The doors are open", 60)
        browser.wait_for("JSON.parse(localStorage.getItem('doorbuster::exchanged')).root !== undefined", 40)
        browser.evaluate("""(() => { const key = "doorbuster::exchanged", kept = JSON.parse(localStorage.getItem(key));
            kept.root = "ab".repeat(32); localStorage.setItem(key, JSON.stringify(kept)); })()""")
        browser.go(self.shop.url + "/s/exchanged/draw")
        browser.wait_for_text("The list that was drawn from is not the one that this browser saw when it was closed.")
        self.shop.operator("POST", "/api/v1/sales/exchanged/close")
        browser.go(self.shop.url + "/s/exchanged/queue")
        browser.wait_for_text("It was closed before places could be drawn.", 40)

    def test_the_form_asks_for_a_beacon_only_for_a_draw_and_says_what_is_wrong_with_it(self):
        browser = self.log_in("/operator/new")
        browser.wait_for("document.querySelector('#field-title') !== null")
        browser.write("#field-title", "Seats")
        browser.write("#field-units", "5")
        browser.write("#field-id", "formed")
        browser.write("[id='field-beacon.source']", "drand-quicknet")
        browser.click_on("Schedule it")
        browser.wait_for("document.activeElement.id === 'field-beacon.round'")
        browser.write("[id='field-beacon.round']", "14,212,345")
        set_time = ("(() => { const e = document.getElementById('field-beacon.published_at'); e.value = %s;"
                    "e.dispatchEvent(new Event('input')); })()")  # fmt: skip
        browser.evaluate(set_time % "document.getElementById('field-opens_at').value + ':00'")
        browser.click_on("Schedule it")
        browser.wait_for_text("at least one second later than opens_at")
        self.take_picture(browser, "beacon-form-wrong-desk-light")
        day_after = (datetime.datetime.now() + datetime.timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:30")
        browser.evaluate(set_time % json.dumps(day_after))
        browser.evaluate("document.querySelector('input[value=fifo]').click()")
        browser.wait_for("document.getElementById('field-beacon.source').offsetParent === null")
        browser.evaluate("document.querySelector('input[value=draw]').click()")
        browser.click_on("Schedule it")
        browser.wait_for("location.pathname === '/operator/s/formed'")
        beacon = self.shop.sale("formed")["draw"]["beacon"]
        self.assertEqual((beacon["source"], beacon["round"], beacon["value"]), ("drand-quicknet", 14212345, None))
        self.assertEqual(beacon["published_at"][17:19], "30")


if __name__ == "__main__":
    walker.main()
