"""What clients of recommendations are told: over real sockets, with the server's own keys.

Usage: calls_test.py DOORBUSTER
"""

import json
import sys
import time
import unittest

from recs_server import RecsServer, event

BINARY = sys.argv.pop(1)


class Calls(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = RecsServer(BINARY)
        cls.server.start()

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__()

    def test_who_has_an_answer_finds_what_they_told_on_any_connection(self):
        for number in range(50):
            camera, card = f"camera-{number}", f"card-{number}"
            told = self.server.tell(event("purchase", camera, user=f"w{number}"),
                                    event("purchase", card, user=f"w{number}"))  # fmt: skip
            self.assertEqual(told, {"recorded": 2, "duplicates": 0, "problems": []})
            answer = self.server.operator("GET", f"/items/{camera}/also-bought?n=1")
            self.assertEqual([one["item"] for one in answer.json["items"]], [card], answer.body)
            self.assertEqual(answer.json["items"][0]["source"], "also-bought")
            self.assertEqual(answer.json["items"][0]["reason"], f"it was bought together with {camera}")
            self.assertEqual(answer.json["freshness_ms"], 0)
            self.assertTrue(answer.json["recommendation"].startswith("rec_"))

    def test_an_event_counts_once_and_a_bad_row_takes_none_with_it(self):
        rows = [event("view", "twice", session="d1", id="e1"), event("view", "twice", session="d1", id="e1"),
                {"type": "view"}, event("view", "once", session="d1", id="e2"), "nonsense"]  # fmt: skip
        told = self.server.tell(*rows)
        self.assertEqual((told["recorded"], told["duplicates"]), (2, 1))
        self.assertEqual([problem["index"] for problem in told["problems"]], [2, 4])
        self.assertEqual(self.server.tell(*rows[:2]), {"recorded": 0, "duplicates": 2, "problems": []})
        item = self.server.operator("GET", "/items/twice").json
        self.assertEqual((item["viewed_by"], item["bought_by"], item["in_catalogue"]), (1, 0, False))

    def test_events_come_a_line_each_too(self):
        lines = "\n".join(json.dumps(event("view", "lined", session=f"l{n}")) for n in range(1_000))
        headers = {"Authorization": "Bearer " + self.server.key("operator.key"), "Content-Type": "application/x-ndjson"}
        answer = self.server.request("POST", "/api/v1/recs/events", headers, lines)
        self.assertEqual((answer.status, answer.json["recorded"]), (202, 1_000))
        answer = self.server.request("POST", "/api/v1/recs/events", headers, lines + "\n{}")
        self.assertEqual(answer.status, 400)

    def test_what_is_sold_out_or_bought_already_is_not_shown(self):
        tell, items = self.server.tell, self.server.items
        tell(*[event("purchase", item, user="s1") for item in ("tent", "stove", "lamp", "mat")])
        self.assertEqual(set(items("/items/tent/also-bought", n=3)), {"stove", "lamp", "mat"})
        self.assertEqual(self.server.operator("PUT", "/items/stove", {"in_stock": False}).status, 200)
        tell(event("purchase", "lamp", user="s2"), event("view", "tent", user="s2"))
        shown = items("/recommendations", user="s2", n=100)
        self.assertIn("mat", shown)
        self.assertNotIn("stove", shown)
        self.assertNotIn("lamp", shown)
        tell(event("cancel", "lamp", user="s2"))
        self.assertIn("lamp", items("/recommendations", user="s2", n=100))

    def test_as_many_come_as_there_are(self):
        boots = [{"item": f"b{n}", "categories": ["boots"]} for n in range(60)]
        stored = self.server.operator("POST", "/items:batch", boots)
        self.assertEqual(stored.json, {"stored": 60, "problems": []})
        self.assertEqual(len(self.server.items("/popular", category="boots", n=60)), 60)
        self.assertEqual(len(self.server.items("/recommendations", session="nobody", n=60)), 60)

    def test_a_user_sees_what_is_known_and_is_forgotten(self):
        server = self.server
        server.tell(event("purchase", "pot", user="ann"), event("purchase", "pan", user="ann", session="ann-1"))
        self.assertEqual(server.items("/items/pot/also-bought", n=1), ["pan"])
        self.assertEqual(server.public("GET", "/users/ann").status, 401)
        self.assertEqual(server.customer("bob", "GET", "/users/ann").status, 401)
        known = server.customer("ann", "GET", "/users/ann").json
        self.assertEqual([touch["item"] for touch in known["events"]], ["pot", "pan"])
        self.assertEqual(server.customer("ann", "DELETE", "/users/ann").status, 204)
        self.assertEqual(server.operator("GET", "/users/ann").status, 404)
        item = server.operator("GET", "/items/pot").json
        self.assertEqual((item["bought_by"], item["viewed_by"]), (0, 0))

    def test_strangers_tell_of_what_they_look_at_and_nothing_else(self):
        server = self.server
        self.assertEqual(server.public("POST", "/events", [event("view", "hat", session="p1")]).status, 202)
        self.assertEqual(server.public("POST", "/events", [event("purchase", "hat", session="p1")]).status, 400)
        self.assertEqual(server.public("POST", "/events", [event("view", "hat", user="ann")]).status, 400)
        self.assertEqual(server.public("PUT", "/items/hat", {}).status, 401)
        self.assertEqual(server.public("GET", "/recommendations?user=ann").status, 401)
        self.assertEqual(server.public("GET", "/recommendations?session=p1").status, 200)

    def test_pages_of_other_origins_may_ask_and_tell(self):
        asked = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST",
                 "Access-Control-Request-Headers": "content-type"}  # fmt: skip
        for path in ("/events", "/rank", "/recommendations", "/popular", "/trending", "/items/a/also-bought",
                     "/items/a/similar"):  # fmt: skip
            answer = self.server.request("OPTIONS", "/api/v1/recs" + path, asked)
            self.assertEqual((answer.status, answer.headers["access-control-allow-origin"]), (204, "*"), path)
            self.assertIn("Content-Type", answer.headers["access-control-allow-headers"])
            self.assertNotIn("access-control-allow-credentials", answer.headers)
        answer = self.server.request("OPTIONS", "/api/v1/recs/events", asked)
        self.assertEqual(answer.headers["allow"], "POST, OPTIONS")
        answer = self.server.request("OPTIONS", "/api/v1/recs/users/ann", asked)
        self.assertNotIn("access-control-allow-origin", answer.headers)
        answer = self.server.public("POST", "/events", [event("view", "hat", session="o1")])
        self.assertEqual(answer.headers["access-control-allow-origin"], "*")

    def test_a_filter_holds_in_every_source_and_says_where_it_is_wrong(self):
        server = self.server
        items = [{"item": f"f{n}", "categories": ["filtered"], "price": n, "attributes": {"size": n % 3}}
                 for n in range(30)]  # fmt: skip
        server.operator("POST", "/items:batch", items)
        wanted = 'category in ("filtered") and price < 20 and attributes.size = 1'
        self.assertEqual(set(server.items("/recommendations", session="f", n=100, filter=wanted)),
                         {f"f{n}" for n in range(20) if n % 3 == 1})  # fmt: skip
        for path in ("/items/f1/also-bought", "/items/f1/similar", "/popular"):
            self.assertEqual(set(server.items(path, n=100, filter="item = 'f5' or item = 'f7'")), {"f5", "f7"}, path)
        answer = server.public("GET", "/popular?filter=price+%3C+'x'")
        self.assertEqual(answer.status, 400)
        self.assertIn("column 9: a number is expected", answer.json["detail"])

    def test_rules_and_surfaces_have_their_way(self):
        server, put = self.server, lambda path, body: self.server.operator("PUT", path, body).status
        items = [{"item": f"r{n}", "brand": "own" if n % 2 else "other", "categories": ["ruled"]} for n in range(8)]
        server.operator("POST", "/items:batch", items)
        server.tell(*[event("view", f"r{n}", session=f"rules-{n % 2}") for n in range(8) for _ in range(1 + n)])
        asked = {"session": "rules-x", "n": 100, "filter": 'category = "ruled"'}
        server.tell(event("view", "r0", session="rules-x"))
        excluded = {"action": "exclude", "filter": "item = 'r6'", "surfaces": ["home"]}
        self.assertEqual(put("/rules/no-others", excluded), 201)
        self.assertIn("r6", server.items("/recommendations", **asked))
        self.assertNotIn("r6", server.items("/recommendations", surface="home", **asked))
        self.assertEqual(put("/rules/first", {"action": "pin", "items": ["r5", "r3"]}), 201)
        self.assertEqual(server.items("/recommendations", **asked)[:2], ["r5", "r3"])
        self.assertEqual(put("/rules/more", {"action": "boost", "filter": "item = 'r2'", "factor": 1000}), 201)
        self.assertEqual(server.items("/recommendations", **asked)[2], "r2")
        self.assertEqual(put("/surfaces/home", {"n": 2, "filter": "brand = 'own'"}), 201)
        answer = server.operator("GET", "/recommendations?session=rules-x&surface=home")
        self.assertEqual([one["item"] for one in answer.json["items"]], ["r5", "r3"])
        self.assertEqual(put("/rules/wrong", {"action": "boost", "filter": "colour = 1"}), 400)
        self.server.kill()
        self.server.start()
        self.assertEqual(server.items("/recommendations", **asked)[:3], ["r5", "r3", "r2"])
        for rule in ("no-others", "first", "more"):
            self.assertEqual(server.operator("DELETE", f"/rules/{rule}").status, 204)
        self.assertEqual(server.items("/recommendations", **asked)[0] == "r5", False)

    def test_a_list_is_put_in_order_and_an_answer_explained(self):
        server = self.server
        server.tell(*[event("purchase", item, user="k1") for item in ("kayak", "paddle")])
        body = {"items": ["spoon", "paddle"], "history": [event("view", "kayak")]}
        server.tell(event("view", "spoon", session="k2"))
        answer = server.operator("POST", "/rank", body).json
        self.assertEqual([(one["item"], one["source"]) for one in answer["items"]],
                         [("paddle", "also-bought"), ("spoon", "as-given")])  # fmt: skip
        told = server.operator("GET", f"/explain?recommendation={answer['recommendation']}").json
        self.assertEqual((told["from"], told["items"][0]["because"]), (["kayak"], "kayak"))
        self.assertGreater(told["items"][0]["pair_weight_bought"], 0)
        self.assertEqual(server.public("GET", f"/explain?recommendation={answer['recommendation']}").status, 401)

    def test_history_may_come_with_the_question(self):
        server = self.server
        server.tell(*[event("purchase", item, user="q1") for item in ("bike", "helmet")])
        body = {"history": [event("view", "bike")], "n": 1}
        self.assertEqual(server.public("POST", "/recommendations", body).json["items"][0]["item"], "helmet")

    def test_what_rises_trends_and_what_was_always_popular_does_not(self):
        server = self.server
        now = int(time.time())
        past = lambda hours: time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now - hours * 3_600))  # noqa: E731
        server.operator("POST", "/items:batch", [{"item": f"t{n}", "categories": ["trends"]} for n in range(3)])
        for day in range(1, 21):
            server.tell(*[event("purchase", "t0", user=f"t{day}-{n}", at=past(24 * day + 1)) for n in range(9)])
        server.tell(*[event("purchase", "t0", user=f"now-{n}") for n in range(8)])
        server.tell(*[event("view", "t1", session=f"now-{n}") for n in range(20)])
        for window in ("1h", "24h", "7d"):
            answer = server.public("GET", f"/trending?window={window}&category=trends&n=2").json
            self.assertEqual((answer["items"][0]["item"], answer["items"][0]["source"]),
                             ("t1" if window != "1h" else "t0", "trending"), answer)  # fmt: skip
        answer = server.public("GET", "/trending?category=trends").json["items"]
        self.assertEqual([one["item"] for one in answer], ["t1", "t0", "t2"])
        self.assertEqual([one["source"] for one in answer], ["trending"] + 2 * ["popular-in-category"])
        self.assertEqual(server.public("GET", "/trending?window=1y").status, 400)

    def test_many_are_answered_at_once_and_one_that_is_wrong_alone_is_not(self):
        server = self.server
        server.tell(*[event("purchase", item, user="m1") for item in ("desk", "chair")])
        server.tell(event("view", "desk", user="m2"), event("view", "desk", session="m3"))
        questions = [{"user": "m2", "n": 1}, {"n": 101}, {"session": "m3", "n": 1}, {"user": "m2", "filter": "price <"},
                     {"user": "m2", "n": 1, "filter": "item != 'chair'"}]  # fmt: skip
        answer = server.operator("POST", "/recommendations:batch", questions).json
        self.assertEqual([each["index"] for each in answer["answers"]], [0, 2, 4])
        self.assertEqual([each["items"][0]["item"] == "chair" for each in answer["answers"]], [True, True, False])
        self.assertEqual(len({each["recommendation"] for each in answer["answers"]}), 3)
        self.assertEqual([each["index"] for each in answer["problems"]], [1, 3])
        self.assertIn("filter: ", answer["problems"][1]["detail"])
        self.assertEqual(server.public("POST", "/recommendations:batch", questions).status, 401)
        answer = server.operator("POST", "/recommendations:batch", [{"user": "m2"}] * 101)
        self.assertEqual(answer.status, 400)


if __name__ == "__main__":
    unittest.main(verbosity=2)
