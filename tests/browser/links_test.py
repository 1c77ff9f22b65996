"""An operator makes a short link, watches who follows it, changes it while somebody else does, and deletes it.

usage: links_test.py DOORBUSTER [--screenshots FOLDER]
"""

import http.client
import urllib.error

import walker
from shop import Shop

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
PHONE = {"width": 360, "height": 740}
LONG = {"long_url": "https://shop.example/" + "autumn-sale/" * 20 + "?from=mail",
        "title": "Rindfleischetikettierung" * 4,
        "tags": ["mail", "a-tag-that-is-as-long-as-a-tag-may-be-so-that-it-has-to-break-x"]}  # fmt: skip


class LinksWalk(walker.Walk):
    def follow(self, code, agent=FIREFOX, referrer=None):
        """As a browser does that is told where to go, and goes no further."""
        connection = http.client.HTTPConnection(self.shop.url.removeprefix("http://"), timeout=10)
        came_from = {"Referer": referrer} if referrer else {}
        connection.request("GET", "/" + code, headers={"User-Agent": agent, **came_from})
        answer = connection.getresponse()
        connection.close()
        return answer.status, answer.headers["Location"]

    def new_link(self, **what):
        return self.shop.operator("POST", "/api/v1/urls", {"long_url": "https://shop.example/drop", **what})

    def change(self, code, **what):
        return self.shop.operator("PATCH", "/api/v1/urls/" + code, what)

    def wait_for_count(self, browser, name, number):
        browser.wait_for(f"document.querySelector('[data-count={name}]')?.textContent === '{number}'")

    def wait_for_field(self, browser, name, value):
        browser.wait_for(f"document.querySelector('#field-{name}')?.value === '{value}'")

    def is_refused_at(self, browser, name, words):
        browser.wait_for(f"document.querySelector('#field-{name}-wrong').textContent.includes('{words}')")
        self.assertEqual(browser.evaluate("document.activeElement.id"), "field-" + name)
        self.assertEqual(browser.evaluate("document.activeElement.getAttribute('aria-invalid')"), "true")

    def answer_yes(self, browser):
        browser.wait_for("document.querySelector('dialog[open]') !== null")
        browser.click('dialog button[value="yes"]')
        browser.wait_for("document.querySelector('dialog') === null")

    def has_no_trouble(self, browser, *expected):
        """But what the browser itself writes down of answers with these statuses."""
        statuses = [f"status of {status}" for status in expected]
        trouble = [words for words in self.own_trouble(browser) if not any(status in words for status in statuses)]
        self.assertEqual(trouble, [])

    def fits(self, browser):
        self.assertLessEqual(browser.evaluate("document.documentElement.scrollWidth"), browser.looks[0])

    def test_making_a_link_and_seeing_it_followed(self):
        browser = self.log_in("/operator")
        browser.click_on("Short links")
        browser.click_on("New link")
        browser.wait_for("document.querySelector('#field-long_url') !== null")
        browser.write("#field-long_url", "shop.example/drop")
        browser.write("#field-custom_alias", "operator")
        browser.write("#field-title", "Autumn mail")
        browser.write("#field-tags", "mail, autumn")
        browser.click_on("Make it")
        self.is_refused_at(browser, "long_url", "http")
        self.take_picture(browser, "operator-link-new-wrong")
        browser.write("#field-long_url", "https://shop.example/drop?from=mail")
        browser.click_on("Make it")
        self.is_refused_at(browser, "custom_alias", "must be another word")
        browser.write("#field-custom_alias", "autumn")
        browser.click_on("Make it")
        browser.wait_for("location.pathname === '/operator/links/autumn'")
        browser.wait_for_text("Nobody has followed it yet.")
        made = self.shop.operator("GET", "/api/v1/urls/autumn")
        self.assertEqual((made["title"], made["tags"], made["long_url"], made["redirect_status"]),
                         ("Autumn mail", ["mail", "autumn"], "https://shop.example/drop?from=mail", 301))  # fmt: skip
        self.clicks_come_by_themselves(browser)
        self.address_and_pictures_are_good(browser)
        self.has_no_trouble(browser, 400)

    def address_and_pictures_are_good(self, browser):
        browser.wait_for("document.querySelector('.qr img').naturalWidth > 0")
        kinds = browser.evaluate("""Promise.all([...document.querySelectorAll("a[download], .address a")].map(
            (a) => fetch(a.href).then((answer) => answer.headers.get("Content-Type").split(";")[0])))""")
        self.assertEqual(kinds, ["text/html", "image/svg+xml", "image/png"])
        browser.click_on("Copy")
        said = "document.querySelector('#news').textContent"
        browser.wait_for(f"/^(Copied|Copy it by hand): http:.*autumn/.test({said})")

    def clicks_come_by_themselves(self, browser):
        browser.evaluate("globalThis.notReloaded = true")
        self.assertEqual(self.follow("autumn", referrer="https://news.example/today"),
                         (301, "https://shop.example/drop?from=mail"))  # fmt: skip
        self.wait_for_count(browser, "people", 1)
        self.follow("autumn", agent="curl/8.5.0")
        self.wait_for_count(browser, "total_clicks", 2)
        self.wait_for_count(browser, "bots", 1)
        bars = "document.querySelector('[data-breakdown={}] ol').innerText"
        referrers = browser.evaluate(bars.format("top_referrers"))
        self.assertIn("news.example", referrers)
        self.assertIn("Not named", referrers)
        self.assertIn("Not known", browser.evaluate(bars.format("geographic_distribution")))
        browser.wait_for("document.querySelector('canvas') !== null")
        self.assertTrue(browser.evaluate("globalThis.notReloaded"))
        self.take_picture(browser, "operator-link")

    def test_an_alias_that_another_link_has_is_said_beside_it(self):
        self.new_link(custom_alias="taken")
        browser = self.log_in("/operator/new-link")
        browser.write("#field-long_url", "https://shop.example/")
        browser.write("#field-custom_alias", "taken")
        browser.click_on("Make it")
        self.is_refused_at(browser, "custom_alias", "Choose another one")
        self.wait_for_field(browser, "long_url", "https://shop.example/")
        self.has_no_trouble(browser, 409)

    def test_changing_a_link_that_somebody_else_changes_loses_neither(self):
        self.new_link(custom_alias="shared", title="Before", max_visits=5000)
        browser = self.log_in("/operator/links/shared")
        browser.click_on("Edit")
        self.wait_for_field(browser, "title", "Before")
        self.wait_for_field(browser, "max_visits", "5,000")
        self.change("shared", title="Theirs", tags=["theirs"])
        browser.write("#field-title", "Mine")
        browser.write("#field-max_visits", "")
        browser.click_on("Save")
        browser.wait_for_text("Somebody else changed this link meanwhile")
        self.assertEqual(browser.evaluate("document.activeElement.tagName"), "H2")
        self.take_picture(browser, "operator-link-conflict")
        self.wait_for_field(browser, "title", "Mine")
        self.wait_for_field(browser, "tags", "theirs")
        self.assertEqual(self.shop.operator("GET", "/api/v1/urls/shared")["title"], "Theirs")
        browser.click_on("Save")
        browser.wait_for_text("Saved.")
        browser.wait_for("document.querySelector('h1').textContent === 'Mine'")
        saved = self.shop.operator("GET", "/api/v1/urls/shared")
        self.assertEqual((saved["title"], saved["tags"], saved["max_visits"]), ("Mine", ["theirs"], None))
        self.has_no_trouble(browser, 412)

    def test_taking_what_somebody_else_wrote(self):
        self.new_link(custom_alias="given-up", title="Before")
        browser = self.log_in("/operator/links/given-up/edit")
        self.wait_for_field(browser, "title", "Before")
        self.change("given-up", title="Theirs")
        browser.write("#field-title", "Mine")
        browser.click_on("Save")
        browser.click_on("Take theirs")
        self.wait_for_field(browser, "title", "Theirs")
        browser.click_on("Save")
        browser.wait_for_text("Saved.")
        self.assertEqual(self.shop.operator("GET", "/api/v1/urls/given-up")["title"], "Theirs")
        self.has_no_trouble(browser, 412)

    def test_rules_and_a_password_stay_when_something_else_is_changed(self):
        rules = [{"when": {"country": ["DE", "AT"], "query": ["a,b"]}, "long_url": "https://shop.example/de"}]
        variants = [{"name": name, "long_url": f"https://{name}.example/", "weight": 7} for name in ("old", "new")]
        self.new_link(custom_alias="ruled", title="Before", rules=rules, variants=variants, password="open sesame",
                      forward_query=True)  # fmt: skip
        browser = self.log_in("/operator/links/ruled")
        browser.wait_for_text("asked for")
        browser.click_on("Edit")
        self.wait_for_field(browser, "rules", 'country: DE, AT; query: "a,b" -> https://shop.example/de')
        self.take_picture(browser, "operator-link-rules")
        browser.write("#field-title", "After")
        browser.click_on("Save")
        browser.wait_for_text("Saved.")
        saved = self.shop.operator("GET", "/api/v1/urls/ruled")
        kept = [saved[name] for name in ("title", "rules", "variants", "has_password", "forward_query")]
        self.assertEqual(kept, ["After", rules, variants, True, True])
        browser.click_on("Edit")
        self.wait_for_field(browser, "forward_query", "true")
        browser.write("#field-rules", "device: telephone -> https://shop.example/app")
        browser.click_on("Save")
        self.is_refused_at(browser, "rules", "must be unknown, desktop, phone")
        browser.write("#field-rules", "device: phone -> https://shop.example/app")
        browser.write("#field-variants", "")
        browser.write("#field-password", "")
        browser.click_on("Save")
        browser.wait_for_text("Saved.")
        saved = self.shop.operator("GET", "/api/v1/urls/ruled")
        self.assertEqual(saved["rules"], [{"when": {"device": ["phone"]}, "long_url": "https://shop.example/app"}])
        self.assertEqual((saved["variants"], saved["has_password"]), ([], False))
        self.has_no_trouble(browser, 400)

    def test_a_password_is_asked_for_without_scripts(self):
        self.new_link(custom_alias="secret", password="open sesame", long_url=self.shop.url + "/assets/shop.css")
        browser = self.visit("/secret")
        browser.wait_for_text("This link has a password")
        self.take_picture(browser, "link-password")
        browser.write("#password", "open")
        browser.click_on("Go on")
        browser.wait_for_text("That is not the password")
        browser.write("#password", "open sesame")
        browser.click_on("Go on")
        browser.wait_for("location.pathname === '/assets/shop.css'")

    def test_deleting_a_link(self):
        self.new_link(custom_alias="old", title="Old")
        browser = self.log_in("/operator/links/old")
        browser.wait_for("document.querySelector('h1').textContent === 'Old'")
        self.change("old", title="Changed before it goes")
        browser.click_on("Delete …")
        self.answer_yes(browser)
        browser.wait_for_text("Somebody else changed the link meanwhile: it is not deleted.")
        browser.wait_for("document.querySelector('h1').textContent === 'Changed before it goes'")
        browser.click_on("Delete …")
        self.answer_yes(browser)
        browser.wait_for("location.pathname === '/operator/links'")
        browser.wait_for_text("/old is deleted.")
        with self.assertRaises(urllib.error.HTTPError) as gone:
            self.shop.operator("GET", "/api/v1/urls/old")
        self.assertEqual(gone.exception.code, 404)
        self.has_no_trouble(browser, 412)

    def test_finding_a_link(self):
        for number in range(31):
            self.new_link(custom_alias=f"many-{number}")
        browser = self.log_in("/operator/links", width=1440)
        cards = "document.querySelectorAll('.list .card').length"
        browser.wait_for(f"{cards} === 30")
        self.take_picture(browser, "operator-links")
        browser.click_on("More")
        browser.wait_for(f"{cards} > 30")
        self.assertEqual(browser.evaluate("document.activeElement.textContent"), "many-0")
        browser.write("#field-code", "nothing-here")
        browser.press("Enter")
        self.is_refused_at(browser, "code", "There is no link nothing-here.")
        browser.write("#field-code", self.shop.url + "/many-7+")
        browser.press("Enter")
        browser.wait_for("location.pathname === '/operator/links/many-7'")
        browser.wait_for("document.querySelector('h1').textContent === 'many-7'")
        browser.go(self.shop.url + "/operator/links/nothing-here")
        browser.wait_for_text("There is no such link")
        self.has_no_trouble(browser, 404)

    def test_all_of_it_fits_a_phone(self):
        self.new_link(custom_alias="x" * 64, **LONG)
        self.follow("x" * 64, referrer="https://" + "l" * 60 + ".example/")
        browser = self.log_in("/operator/links", **PHONE, dark=True)
        browser.wait_for_text("Rindfleisch")
        self.fits(browser)
        self.take_picture(browser, "operator-links-phone")
        page = "/operator/links/" + "x" * 64
        for name, path, words in (("link", page, "l" * 40), ("edit", page + "/edit", "Edit Rind"),
                                  ("new", "/operator/new-link", "Leads")):  # fmt: skip
            browser.go(self.shop.url + path)
            browser.wait_for_text(words)
            self.fits(browser)
            self.take_picture(browser, f"operator-link-{name}-phone")
        self.has_no_trouble(browser)

    def test_by_keyboard_alone(self):
        self.new_link(custom_alias="keys")
        browser = self.log_in("/operator/links/keys")
        browser.wait_for("document.querySelector('h1').textContent === 'keys'")
        self.tab_to(browser, "Edit")
        browser.press("Enter")
        self.wait_for_field(browser, "long_url", "https://shop.example/drop")
        while browser.evaluate("document.activeElement.id") != "field-title":
            browser.press("Tab")
        browser.call("Input.insertText", text="By keyboard")
        browser.press("Enter")
        browser.wait_for("document.querySelector('h1').textContent === 'By keyboard'")
        self.has_no_trouble(browser)


class WithoutLinks(walker.Walk):
    @classmethod
    def setUpClass(cls):
        cls.shop = Shop(walker.BINARY, "--services=sale")

    def test_a_server_without_short_links_shows_none(self):
        browser = self.log_in("/operator")
        browser.wait_for_text("Webhooks")
        browser.wait_for("performance.getEntriesByType('resource').some((e) => e.name.includes('/urls'))")
        self.assertNotIn("Short links", browser.evaluate("document.body.innerText"))
        browser.go(self.shop.url + "/operator/links")
        browser.wait_for_text("This server makes no short links")


if __name__ == "__main__":
    walker.main()
