"""What comes of what is recommended, and what operators try: over real sockets.

Usage: experiments_test.py DOORBUSTER
"""

import sys
import threading
import time
import unittest

from recs_server import RecsServer, event

BINARY = sys.argv.pop(1)


class Experiments(unittest.TestCase):
    def setUp(self):
        self.server = RecsServer(BINARY, "--recs-weights", "wishlist=7")
        self.server.start()
        self.addCleanup(self.server.__exit__)
        items = [{"item": f"e{n}", "categories": ["even" if n % 2 == 0 else "odd"], "brand": f"brand-{n // 10}"}
                 for n in range(40)]  # fmt: skip
        self.server.operator("POST", "/items:batch", items)
        self.server.tell(*[event("view", f"e{n}", session=f"s{k}") for n in range(40) for k in range(40 - n)])

    def put(self, path, body, status=201):
        answer = self.server.operator("PUT", path, body)
        self.assertEqual(answer.status, status, answer.body)

    def get(self, path):
        answer = self.server.operator("GET", path)
        self.assertEqual(answer.status, 200, answer.body)
        return answer.json

    def drop(self, *paths):
        for path in paths:
            self.assertEqual(self.server.operator("DELETE", path).status, 204)

    def respond(self, kind, answer, *items, **members):
        return self.server.tell(*[event(kind, item, recommendation=answer["recommendation"], **members)
                                  for item in items])  # fmt: skip

    def test_what_is_seen_and_clicked_counts_once_where_it_was_shown(self):
        answer = self.get("/recommendations?session=c1&surface=once&n=5")
        names = [one["item"] for one in answer["items"]]
        told = self.respond("impression", answer, *names, session="c1")
        self.assertEqual((told["recorded"], told["duplicates"]), (5, 0))
        told = self.respond("impression", answer, *names, session="c1", id="another-id")
        self.assertEqual((told["recorded"], told["duplicates"]), (0, 5))
        self.assertEqual(self.respond("click", answer, names[1], names[1], session="c1")["duplicates"], 1)
        self.server.tell(event("impression", "e1", session="c1", surface="once"))  # of no answer
        report = self.get("/surfaces/once/report")
        self.assertEqual((report["impressions"], report["clicks"]), (5, 1))
        self.assertEqual((report["unattributed_impressions"], report["unattributed_clicks"]), (1, 0))
        self.assertAlmostEqual(report["ctr"]["value"], 0.2)
        self.assertLess(report["ctr"]["low"], 0.2)
        self.assertEqual(sum(each["impressions"] for each in report["by_source"]), 5)
        self.assertEqual([each["clicks"] for each in report["by_position"]], [0, 1, 0, 0, 0, 0, 0, 0])
        self.assertEqual(len(report["by_day"]), 28)
        self.assertEqual(report["by_day"][-1]["clicks"], 1)
        self.assertEqual(len(self.get("/surfaces/once/report?days=3")["by_day"]), 3)

    def test_what_was_clicked_was_seen(self):
        answer = self.get("/recommendations?session=c2&surface=unseen&n=5")
        self.respond("click", answer, answer["items"][0]["item"], session="c2")
        report = self.get("/surfaces/unseen/report")
        self.assertEqual((report["impressions"], report["clicks"]), (1, 1))

    def test_items_are_drawn_with_the_propensities_that_are_said(self):
        # So far apart that no click changes their order.
        self.server.operator("POST", "/items:batch", [{"item": f"d{n}", "categories": ["drawn"]} for n in range(7)])
        for n in range(7):
            self.server.tell(*[event("purchase", f"d{n}", user=f"d{n}-{k}") for k in range(30 * (7 - n))])
        self.put("/surfaces/drawn", {"filter": "category = 'drawn'", "n": 4, "explore": 0.5, "explore_positions": 1,
                                     "explore_pool": 4})  # fmt: skip
        shown = {}
        for visit in range(300):
            answer = self.get(f"/recommendations?session=none-{visit}&surface=drawn")
            self.assertEqual(len(answer["items"]), 4)
            *fixed, last = answer["items"]
            self.assertTrue(all("propensity" not in one for one in fixed))
            shown.setdefault(last["item"], []).append(last["propensity"])
            self.respond("impression", answer, last["item"], session=f"none-{visit}")
            if visit % 3 == 0:
                self.respond("click", answer, last["item"], session=f"none-{visit}")
        self.assertEqual(set(shown), {"d3", "d4", "d5", "d6"})
        best = max(shown, key=lambda item: len(shown[item]))
        self.assertEqual(set(shown[best]), {0.625})
        self.assertAlmostEqual(len(shown[best]), 187, delta=40)
        report = self.get("/surfaces/drawn/report")
        self.assertEqual(report["explored_impressions"], 300)
        logged, greedy, uniform = report["policies"]
        self.assertAlmostEqual(logged["ips"]["value"], 1 / 3, places=6)
        self.assertAlmostEqual(logged["snips"]["value"], 1 / 3, places=6)
        for policy in (greedy, uniform):
            self.assertAlmostEqual(policy["snips"]["value"], 1 / 3, delta=4 * policy["snips"]["standard_error"])
            self.assertLess(policy["effective_sample_size"], 300)
        self.drop("/surfaces/drawn")

    def test_an_experiment_is_answered_counted_and_judged(self):
        self.put("/experiments/colours", {
            "kind": "ab", "surfaces": ["tried"],
            "variants": [{"name": "usual"}, {"name": "other", "rules": "pinned"}]})  # fmt: skip
        self.put("/rules/pinned-first", {"action": "pin", "items": ["e33"], "set": "pinned"})
        variants = {}
        for visitor in range(400):
            who = f"v{visitor}"
            answer = self.get(f"/recommendations?session={who}&surface=tried&n=2")
            self.assertEqual(answer["experiment"]["name"], "colours")
            variant = answer["experiment"]["variant"]
            variants.setdefault(variant, []).append(who)
            self.assertEqual(answer["items"][0]["source"] == "pinned", variant == "other")
            self.respond("impression", answer, *[one["item"] for one in answer["items"]], session=who)
            if variant == "other" and visitor % 2 == 0 or visitor % 10 == 1:
                self.respond("click", answer, answer["items"][0]["item"], session=who)
                self.server.tell(event("purchase", answer["items"][0]["item"], session=who))
        again = self.get(f"/recommendations?session={variants['other'][0]}&surface=tried&n=2")
        self.assertEqual(again["experiment"]["variant"], "other", "a visitor's variant stays")
        self.assertNotIn("experiment", self.get("/recommendations?session=v1&n=2"), "it is not on this surface")
        ranking = {"items": ["e3", "e2", "e1"], "session": "v1", "surface": "tried"}
        answer = self.server.operator("POST", "/rank", ranking).json
        self.assertEqual(len(answer["items"]), 3)
        self.assertNotIn("experiment", answer)

        def look():
            report = self.get("/experiments/colours/report")
            usual, other = report["variants"]
            self.assertEqual(other["visitors_exposed"], len(variants["other"]))
            self.assertEqual(usual["visitors_exposed"] + other["visitors_exposed"], 400)
            self.assertEqual(usual["impressions"] + other["impressions"], 800)
            self.assertEqual(other["visitors_bought"], other["visitors_clicked"])
            self.assertEqual(other["purchases_attributed"], other["purchases"])
            self.assertGreater(other["rate"]["value"], 0.4)
            self.assertEqual((report["verdict"]["state"], report["verdict"]["variant"]), ("decided", "other"))
            self.assertLess(report["verdict"]["comparisons"][0]["p_value"], 0.05)
            self.assertFalse(report["sample_ratio"]["is_mismatch"])
            return report

        before = look()
        self.server.kill()
        self.server.start()
        self.assertEqual(look(), before, "a crash takes nothing of it")
        self.server.process.terminate()
        self.server.process.wait()
        self.server.start()
        self.assertEqual(look(), before, "nor does a start from what was saved")
        self.assertEqual(self.get("/experiments")["total"], 1)
        self.assertEqual(self.get("/experiments/colours")["kind"], "ab")
        self.drop("/experiments/colours", "/rules/pinned-first")
        self.assertEqual(self.server.operator("GET", "/experiments/colours/report").status, 404)

    def test_two_variants_share_an_answer(self):
        self.put("/experiments/both", {
            "kind": "interleave", "surfaces": ["shared"],
            "variants": [{"name": "a"}, {"name": "b", "rules": "odd"}]})  # fmt: skip
        self.put("/rules/odd-only", {"action": "exclude", "filter": "category = 'even'", "set": "odd"})
        for visit in range(40):
            answer = self.get(f"/recommendations?session=i{visit}&surface=shared&n=4")
            self.assertEqual(answer["experiment"], {"name": "both", "variant": None})
            self.assertEqual({one["variant"] for one in answer["items"]}, {"a", "b"})
            theirs = [one["item"] for one in answer["items"] if one["variant"] == "b"]
            self.respond("click", answer, theirs[0], session=f"i{visit}")
        report = self.get("/experiments/both/report")
        self.assertEqual([each["wins"] for each in report["variants"]], [0, 40])
        self.assertEqual((report["verdict"]["test"], report["verdict"]["variant"]), ("beta-binomial-sprt", "b"))
        self.assertIsNone(report["sample_ratio"])
        self.drop("/experiments/both", "/rules/odd-only")

    def test_a_holdout_is_shown_nothing_and_still_counted(self):
        self.put("/experiments/none", {"kind": "holdout", "surfaces": ["held"],
                                       "variants": [{"name": "all"}, {"name": "held", "shows": "nothing"}]})
        shown = {"all": 0, "held": 0}
        for visitor in range(60):
            answer = self.get(f"/recommendations?session=h{visitor}&surface=held&n=3")
            variant = answer["experiment"]["variant"]
            shown[variant] += 1
            self.assertEqual(len(answer["items"]), 3 if variant == "all" else 0)
            self.server.tell(event("view", "e1", session=f"h{visitor}"))
        report = self.get("/experiments/none/report")
        self.assertEqual(report["metric"], "purchases")
        self.assertEqual([each["visitors"] for each in report["variants"]], [shown["all"], shown["held"]])
        self.assertEqual(report["verdict"]["state"], "too-early")
        self.drop("/experiments/none")

    def test_caps_promotions_and_variety_have_their_way(self):
        items = self.server.items
        asked = {"session": "nobody", "surface": "ranked", "n": 6}
        self.assertEqual(items("/recommendations", **asked), [f"e{n}" for n in range(6)])
        self.put("/rules/cap", {"action": "cap", "by": "brand", "most": 2, "surfaces": ["ranked"]})
        self.assertEqual(items("/recommendations", **asked), ["e0", "e1", "e10", "e11", "e20", "e21"])
        self.assertEqual(len(items("/recommendations", **(asked | {"n": 30}))), 8)
        loose = {"action": "cap", "by": "brand", "most": 2, "loosen": True, "surfaces": ["ranked"]}
        self.put("/rules/cap", loose, 200)
        answer = self.get("/recommendations?session=nobody&surface=ranked&n=30")["items"]
        self.assertEqual([one.get("beyond_cap", False) for one in answer], [False] * 8 + [True] * 22)
        self.drop("/rules/cap")
        past, future = "2020-01-01T00:00:00Z", "2090-01-01T00:00:00Z"
        promotion = {"action": "promote", "items": ["e39"], "position": 2, "surfaces": ["ranked"]}
        self.put("/rules/shelf", promotion | {"ends_at": past})
        self.assertNotIn("e39", items("/recommendations", **asked))
        self.put("/rules/shelf", promotion | {"starts_at": past, "ends_at": future}, 200)
        answer = self.get("/recommendations?session=nobody&surface=ranked&n=3")["items"]
        self.assertEqual([(one["item"], one.get("promoted", False)) for one in answer],
                         [("e0", False), ("e39", True), ("e1", False)])  # fmt: skip
        self.server.operator("PATCH", "/items/e39", {"in_stock": False})
        self.assertNotIn("e39", items("/recommendations", **asked))
        self.server.operator("PATCH", "/items/e39", {"in_stock": True})
        self.drop("/rules/shelf")

    def test_more_variety_shows_more_categories(self):
        server = self.server
        alike = [{"item": f"m{n}", "categories": ["lamps" if n < 6 else f"other-{n}"]} for n in range(9)]
        server.operator("POST", "/items:batch", alike + [{"item": "desk"}])
        for n in range(9):
            server.tell(*[event("purchase", item, user=f"mmr-{n}-{k}") for k in range(12 - n)
                          for item in ("desk", f"m{n}")])  # fmt: skip
        usual = server.items("/items/desk/also-bought", n=3)
        self.assertTrue(all(item in {f"m{n}" for n in range(6)} for item in usual), usual)
        self.put("/surfaces/varied", {"lambda": 0.4})
        varied = server.items("/items/desk/also-bought", n=3, surface="varied")
        self.assertEqual(varied[0], usual[0])
        self.assertGreater(len(set(varied) - {f"m{n}" for n in range(6)}), 0, varied)
        self.assertEqual(len(server.items("/items/desk/also-bought", n=30, surface="varied")), 30)
        self.drop("/surfaces/varied")

    def test_kinds_of_the_shops_own_keep_their_name_and_weigh_what_is_said(self):
        server = self.server
        server.tell(event("wishlist", "own-1", user="olga"), event("hovered", "own-2", user="olga"))
        known = server.operator("GET", "/users/olga").json["events"]
        self.assertEqual([touch["type"] for touch in known], ["wishlist", "hovered"])
        for more, first in ((6, "own-1"), (2, "own-3")):  # 6 views, then 8
            server.tell(*[event("view", "own-3", session=f"own-{more}-{n}") for n in range(more)])
            self.assertEqual(server.items("/popular", n=1, filter="item in ('own-1', 'own-3')"), [first])
        self.assertEqual(server.operator("GET", "/items/own-2").json["viewed_by"], 0)

    def test_what_is_popular_differs_by_country_and_by_time(self):
        server = self.server
        past = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 3 * 86_400))
        server.operator("PUT", "/users/pia", {"country": "PT"})
        server.tell(*[event("purchase", "c-de", session=f"de{n}", country="DE", at=past) for n in range(90)])
        server.tell(*[event("purchase", "c-fr", session=f"fr{n}", country="FR") for n in range(80)])
        server.tell(event("purchase", "c-pt", user="pia"))
        first = lambda **query: server.items("/popular", n=1, **query)  # noqa: E731
        self.assertEqual(first(country="DE"), ["c-de"])
        self.assertEqual(first(country="FR"), ["c-fr"])
        self.assertEqual(first(country="PT"), ["c-pt"], "as the user's profile says")
        self.assertEqual(first(window="7d"), ["c-de"])
        self.assertEqual(first(window="24h"), ["c-fr"])
        self.assertEqual(first(window="24h", country="DE"), first(), "nothing of late there: what is popular")
        self.assertEqual(server.items("/trending", n=1, country="FR", window="1h"), ["c-fr"])
        self.assertEqual(server.public("GET", "/popular?country=germany").status, 400)
        self.assertEqual(server.public("GET", "/popular?window=1y").status, 400)
        self.assertEqual(server.operator("POST", "/events", [event("view", "x", session="s", country="d")]).status, 400)

    def test_lists_have_pages(self):
        for n in range(5):
            self.put(f"/surfaces/page-{n}", {"n": 3})
        page = self.get("/surfaces?offset=1&limit=2")
        self.assertEqual([each["name"] for each in page["documents"]], ["page-1", "page-2"])
        self.assertEqual((page["total"], page["offset"]), (5, 1))
        self.assertEqual(self.server.operator("GET", "/rules?limit=x").status, 400)
        self.drop(*[f"/surfaces/page-{n}" for n in range(5)])

    def test_an_answer_is_forgotten_with_whom_it_was_for(self):
        server = self.server
        server.tell(event("view", "e1", user="fay"), event("view", "e2", user="fay", session="fay-1"))
        answers = [self.get("/recommendations?user=fay"), self.get("/recommendations?session=fay-1")]
        for answer in answers:
            self.assertEqual(self.get(f"/explain?recommendation={answer['recommendation']}")["from"][-1][0], "e")
        self.assertEqual(server.customer("fay", "DELETE", "/users/fay").status, 204)
        for answer in answers:
            path = f"/explain?recommendation={answer['recommendation']}"
            self.assertEqual(server.operator("GET", path).status, 404)

    def test_nothing_sold_out_is_shown_while_stock_changes(self):
        """Whoever is told that an item can't be had any more is not shown it, under caps, promotions and drawing."""
        server = self.server
        self.put("/surfaces/busy", {"n": 10, "explore": 0.5, "explore_positions": 5, "lambda": 0.7})
        self.put("/rules/busy-cap", {"action": "cap", "by": "brand", "most": 3, "loosen": True, "surfaces": ["busy"]})
        promotion = {"action": "promote", "items": ["e5", "e6"], "share": 0.2, "surfaces": ["busy"]}
        self.put("/rules/busy-promotion", promotion)
        wrong, done = [], threading.Event()

        def ask(number):
            while not done.is_set():
                asked = {"session": f"busy-{number}", "surface": "busy", "filter": "item != 'e3'"}
                shown = server.items("/recommendations", **asked)
                if "e3" in shown or len(shown) != 10 or len(set(shown)) != 10:
                    wrong.append(shown)

        askers = [threading.Thread(target=ask, args=(n,)) for n in range(3)]
        for asker in askers:
            asker.start()
        for turn in range(60):
            item = f"e{5 + turn % 3}"
            server.operator("PATCH", f"/items/{item}", {"in_stock": False})
            for _ in range(3):
                shown = server.items("/recommendations", session="busy-x", surface="busy")
                if item in shown:
                    wrong.append((item, shown))
            server.operator("PATCH", f"/items/{item}", {"in_stock": True})
        done.set()
        for asker in askers:
            asker.join()
        self.assertEqual(wrong, [])
        self.drop("/surfaces/busy", "/rules/busy-cap", "/rules/busy-promotion")


if __name__ == "__main__":
    unittest.main(verbosity=2)
