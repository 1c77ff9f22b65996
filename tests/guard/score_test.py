"""What a real server thinks of those who join: countries and networks by databases, the score, and what is done.

Usage: score_test.py DOORBUSTER
"""

import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "settings"))
from row import holds, same  # noqa: E402
from shop import SALES, Shop  # noqa: E402

import mmdb  # noqa: E402
from browser import BROWSER  # noqa: E402

PROBLEMS = "https://doorbuster.dev/problems/"
GERMAN, FRENCH, CLOUD, NOWHERE = "203.0.113.9", "198.51.100.9", "192.0.2.9", "2001:db8:9::1"
SCRIPT = {"User-Agent": "python-requests/2.31.0"}


class Drop(Shop):
    """Behind a proxy, with databases that know three networks."""

    def __init__(self, binary, policy="", **settings):
        super().__init__(binary, {"guard.trusted_proxies": "127.0.0.1"} | settings)
        countries, networks = self.folder / "countries.mmdb", self.folder / "networks.mmdb"
        mmdb.write(countries, "Test-Country", {
            "203.0.113.0/24": {"country": {"iso_code": "DE", "names": {"en": "Germany"}}},
            "198.51.100.0/24": {"country_code": "FR"}, "192.0.2.0/25": {"country": "US"}})  # fmt: skip
        mmdb.write(networks, "Test-ASN", {"192.0.2.0/25": {"autonomous_system_number": 64500},
                                          "203.0.113.0/24": {"autonomous_system_number": 64501}})
        self.write_policy(policy)
        self.flags = [flag for flag in self.flags if not flag.startswith("--guard-policy")]
        self.flags += [f"--guard-policy={self.folder / 'policy.toml'}", f"--guard-country-database={countries}",
                       f"--guard-network-database={networks}"]

    def write_policy(self, text):
        (self.folder / "policy.toml").write_text(text)

    def join(self, sender, headers):
        return self.request("POST", f"{SALES}/drop/queue", headers | {"X-Forwarded-For": sender})

    def counted(self, what, **labels):
        shown = ",".join(f'{name}="{value}"' for name, value in labels.items())
        return self.metric(f"doorbuster_guard_{what}{{{shown}}}")


def a_person_is_allowed_and_a_script_is_not_so_easily(binary):
    policy = '[networks]\ndata_centre = ["AS64500"]\n[verdicts.deny]\nfrom = 90\n'
    with Drop(binary, policy) as shop:
        same(shop.sell(units=50, guests=True, queue="fifo").status, 201)
        same(shop.join(GERMAN, BROWSER).status, 202, "a guest in a browser, at home")
        same(shop.counted("verdicts_total", verdict="allow"), 1.0)
        same(shop.counted("scores_total", band="0.3"), 1.0, "a guest is worth 0.30")
        same(shop.join(GERMAN, SCRIPT).status, 202, "a script at home")
        same(shop.counted("verdicts_total", verdict="delay"), 1.0)
        refused = shop.join(CLOUD, SCRIPT)
        same((refused.status, refused.json["type"]), (403, PROBLEMS + "denied"))
        same(shop.counted("signals_total", signal="data_centre"), 1.0)
        forger = BROWSER | {"User-Agent": "Mozilla/5.0 (X11) Chrome/131.0.0.0", "sec-ch-ua": "x"}
        challenged = shop.join(NOWHERE, forger)
        same((challenged.status, challenged.json["type"]), (403, PROBLEMS + "challenge-needed"))
        same(shop.counted("signals_total", signal="headers_contradict"), 1.0)
        customer = shop.request("POST", f"{SALES}/drop/queue", shop.customer("alice") | {"X-Forwarded-For": CLOUD})
        same(customer.status, 202, "a customer, wherever they are")


def sales_are_for_the_countries_that_they_name(binary):
    with Drop(binary) as shop:
        same(shop.sell(units=50, guests=True, queue="fifo", allowed_countries=["DE", "US"]).status, 201)
        same(shop.join(GERMAN, BROWSER).status, 202)
        same(shop.join(CLOUD, BROWSER).status, 202)
        for sender, country in ((FRENCH, "FR"), (NOWHERE, "ZZ"), ("192.0.2.200", "ZZ")):
            refused = shop.join(sender, BROWSER)
            same((refused.status, refused.json["type"], refused.json["country"]),
                 (403, PROBLEMS + "country-refused", country))  # fmt: skip
        same(shop.metric("doorbuster_guard_countries_refused_total"), 3.0)
    with Drop(binary, '[countries]\nrefusal = "legal_reasons"\n') as shop:
        same(shop.sell(units=50, guests=True, queue="fifo", denied_countries=["FR"]).status, 201)
        same(shop.join(FRENCH, BROWSER).status, 451)
        same(shop.join(NOWHERE, BROWSER).status, 202)


def a_request_is_explained(binary):
    head = b"POST /x HTTP/1.1\r\nHost: x\r\nUser-Agent: curl/7.88.1\r\n\r\n"

    def explain(*arguments):
        told = subprocess.run([binary, "guard", "explain", *arguments], input=head, capture_output=True, timeout=30)
        return told.returncode, (told.stdout + told.stderr).decode()

    status, words = explain()
    same((status, words.splitlines()[0]), (0, "score 0.65: delay"), words)
    holds("no_account" in words and "no_browser" in words, words)
    status, words = explain("fortress", "--account-age-days", "3", "--country", "DE", "--address", "203.0.113.9")
    same((status, words.splitlines()[0]), (0, "score 0.65: challenge"), words)
    holds("young_account" in words, words)
    status, words = explain("--address", "home")
    holds(status != 0 and "--address" in words, words)


if __name__ == "__main__":
    for test in (a_person_is_allowed_and_a_script_is_not_so_easily,
                 sales_are_for_the_countries_that_they_name,
                 a_request_is_explained):  # fmt: skip
        test(sys.argv[1])
        print(f"{test.__name__}: ok", flush=True)
