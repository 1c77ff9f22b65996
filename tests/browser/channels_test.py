"""People come to a sale by its links and buy; the operator's board shows what each link has brought, as it happens.

usage: channels_test.py DOORBUSTER [--screenshots FOLDER]
"""

import walker


class Channels(walker.Walk):
    def row(self, browser, words):
        """The cells of the link that is called so: clicks, joins, units, units per click."""
        rows = "[...document.querySelectorAll('.channels tbody tr')]"
        return browser.evaluate(
            f"{rows}.filter((row) => row.querySelector('th').textContent.startsWith('{words}'))"
            ".map((row) => [...row.querySelectorAll('td')].map((cell) => cell.textContent))[0] ?? null"
        )

    def wait_for_row(self, browser, words, *cells):
        rows = "[...document.querySelectorAll('.channels tbody tr')]"
        is_there = f"{rows}.some((row) => row.querySelector('th').textContent.startsWith('{words}')"
        shown = " && ".join(
            f"row.querySelectorAll('td')[{at}].textContent === '{text}'" for at, text in enumerate(cells)
        )
        try:
            browser.wait_for(f"{is_there} && {shown})")
        except Exception as trouble:
            raise AssertionError(f"{words}: {self.row(browser, words)} and not {cells}") from trouble

    def test_each_link_shows_what_it_brings(self):
        self.shop.new_sale("drop", queue="none", units=20)
        board = self.log_in("/operator/s/drop")
        board.wait_for_text("Where people come from")
        board.click(".channels summary")
        board.write("#field-title", "Newsletter")
        board.write("#field-custom_alias", "api")
        board.click_on("Make a link")
        board.wait_for_text("must be another word")
        board.write("#field-custom_alias", "mail")
        board.click_on("Make a link")
        board.wait_for_text("/mail leads to the sale.")
        board.write("#field-title", "Poster")
        board.write("#field-custom_alias", "wall")
        board.click_on("Make a link")
        self.wait_for_row(board, "Poster", "0", "0", "0", "–")
        buyer = self.visit_with_a_window("/mail")
        # Who passes the address on passes on the sale's own.
        buyer.wait_for("location.pathname === '/s/drop' && location.search === ''")
        buyer.call("Page.reload")
        buyer.click_on("Buy one")
        buyer.wait_for_text("Reserved for you")
        self.pay(buyer)
        buyer.wait_for_text("It is yours!")
        self.wait_for_row(board, "Newsletter", "1", "0", "1", "100 %")
        self.buyer("drop")
        self.wait_for_row(board, "No link", "–", "0", "0", "–")
        board.evaluate("document.querySelector('.channels').scrollIntoView()")
        self.take_picture(board, "operator-channels")
        self.assertEqual([words for words in self.own_trouble(board) if "400" not in words], [])

    def test_a_place_in_a_queue_says_by_which_link_its_owner_came(self):
        self.shop.new_sale("line", queue="fifo", units=5)
        made = self.shop.operator("POST", "/api/v1/sales/line/links", {"title": "Video"})
        waiter = self.visit_with_a_window("/" + made["short_code"])
        waiter.click_on("Join the queue")
        waiter.wait_for_text("It is your turn!")
        found = self.shop.operator("GET", "/api/v1/sales/line/links")["links"][0]
        self.assertEqual((found["people"], found["joins"]), (1, 1))

    def test_the_board_fits_on_a_phone(self):
        self.shop.new_sale("small", queue="none", units=20)
        for title in ("A newsletter with a long name that somebody has chosen without thinking of phones", "Poster"):
            self.shop.operator("POST", "/api/v1/sales/small/links", {"title": title})
        board = self.log_in("/operator/s/small", width=360, height=800)
        board.wait_for("document.querySelectorAll('.channels tbody tr').length === 3")
        self.assertLessEqual(board.evaluate("document.documentElement.scrollWidth"), 360)
        board.evaluate("document.querySelector('.channels').scrollIntoView()")
        self.take_picture(board, "operator-channels-phone")


if __name__ == "__main__":
    walker.main()
