"""The calls of recommendations, as conformance.py makes them."""

import json


class RecsCalls:
    """A part of Conformance."""

    def recommend(self):
        """Events, a catalogue and answers; returns what can be named in paths."""
        recs = "/api/v1/recs"
        camera = {"categories": ["photo"], "price": 499.5, "currency": "EUR", "title": "Camera", "brand": "Acme",
                  "url": "https://shop.example/camera", "attributes": {"mount": "x", "new": True, "mm": 35},
                  "published_at": "2026-01-01T00:00:00Z", "vectors": {"text": [0.5] * 8}}  # fmt: skip
        self.expect(201, "PUT", recs + "/items/camera", self.operator, camera)
        self.expect(200, "PUT", recs + "/items/camera", self.operator, camera)
        self.expect(400, "PUT", recs + "/items/camera", self.operator, {"price": "dear"})
        self.expect(401, "PUT", recs + "/items/camera", {}, camera)
        self.expect(200, "POST", recs + "/items:batch", self.operator, [camera | {"item": "card"}, {"price": 1}])
        self.expect(400, "POST", recs + "/items:batch", self.operator, [{"price": 1}])
        self.expect(200, "PATCH", recs + "/items/card", self.operator, {"in_stock": True})
        self.expect(201, "PATCH", recs + "/items/strap", self.operator, {"in_stock": False})
        self.expect(400, "PATCH", recs + "/items/card", self.operator, {})
        self.expect(200, "GET", recs + "/items/camera", self.operator)
        self.expect(404, "GET", recs + "/items/nothing", self.operator)
        events = [{"type": "purchase", "item": item, "user": "ann", "id": item} for item in ("camera", "card")]
        self.expect(202, "POST", recs + "/events", self.operator, events + [{"type": "view"}])
        lines = self.operator | {"Content-Type": "application/x-ndjson"}
        self.expect(202, "POST", recs + "/events", lines, "\n".join(json.dumps(event) for event in events))
        self.expect(202, "POST", recs + "/events", {}, [{"type": "view", "item": "camera", "session": "s"}])
        self.expect(400, "POST", recs + "/events", {}, events)
        self.expect(400, "POST", recs + "/events", self.operator, "x")
        for path in ("/items/camera/also-bought", "/items/camera/also-viewed", "/items/camera/similar",
                     "/items/nothing/also-bought", "/recommendations", "/popular",
                     "/trending"):  # fmt: skip
            answer = self.expect(200, "GET", f"{recs}{path}?n=3&session=s&filter=price+%3E+1")
            self.expect(400, "GET", f"{recs}{path}?n=101")
            self.expect(400, "GET", f"{recs}{path}?filter=price")
            self.expect(401, "GET", f"{recs}{path}?user=ann")
            self.expect(200, "GET", f"{recs}{path}?user=ann", self.customer("ann"))
        self.expect(200, "GET", recs + "/popular?category=photo")
        self.expect(200, "GET", recs + "/trending?category=photo&window=7d")
        self.expect(400, "GET", recs + "/trending?window=1y")
        history = {"history": [{"item": "camera", "type": "purchase"}]}
        self.expect(200, "POST", recs + "/recommendations", {}, history | {"n": 2, "filter": "in_stock"})
        self.expect(400, "POST", recs + "/recommendations", {}, {"n": 0})
        many = [history | {"n": 2}, {"user": "ann"}, {"n": 0}]
        self.expect(200, "POST", recs + "/recommendations:batch", self.operator, many)
        self.expect(400, "POST", recs + "/recommendations:batch", self.operator, [])
        self.expect(401, "POST", recs + "/recommendations:batch", {}, many)
        self.expect(200, "POST", recs + "/rank", {}, history | {"items": ["nothing", "card"]})
        self.expect(400, "POST", recs + "/rank", {}, history)
        self.expect(200, "GET", f"{recs}/explain?recommendation={answer.json['recommendation']}", self.operator)
        self.expect(404, "GET", recs + "/explain?recommendation=rec_0123456789abcdef", self.operator)
        self.experiment(recs)
        self.expect(200, "GET", recs + "/usage", self.operator)
        self.expect(401, "GET", recs + "/usage")
        self.people(recs)
        self.models(recs)
        expression = {"expression": "INCLUDE ItemID WHERE Items.PRICE < $MOST"}
        documents = {"rules": {"action": "boost", "filter": "price < 5"}, "surfaces": {"n": 3},
                     "personalize/filters": expression}  # fmt: skip
        for kind, document in documents.items():
            for status in (201, 200):
                self.expect(status, "PUT", f"{recs}/{kind}/one", self.operator, document)
            self.expect(400, "PUT", f"{recs}/{kind}/one", self.operator, {"filter": "price <"})
            self.expect(200, "GET", f"{recs}/{kind}?offset=0&limit=1", self.operator)
            self.expect(400, "GET", f"{recs}/{kind}?limit=many", self.operator)
            self.expect(204, "DELETE", f"{recs}/{kind}/one", self.operator)
            self.expect(404, "DELETE", f"{recs}/{kind}/one", self.operator)
        self.expect(200, "POST", recs + "/personalize/credentials", self.operator)
        self.expect(401, "POST", recs + "/personalize/credentials")
        self.expect(204, "DELETE", recs + "/items/strap", self.operator)
        self.expect(404, "DELETE", recs + "/items/nothing", self.operator)
        return {"item": "camera", "rule": "one", "surface": "one", "experiment": "one", "filter": "one",
                "version": "learnt-9"}

    def experiment(self, recs):
        """What comes of answers, and what changes them."""
        one = recs + "/experiments/one"
        rules = {"cap": {"action": "cap", "by": "brand", "most": 1, "loosen": True},
                 "shelf": {"action": "promote", "items": ["strap", "card"], "share": 0.5,
                           "starts_at": "2026-01-01T00:00:00Z"}}  # fmt: skip
        for rule, document in rules.items():
            self.expect(201, "PUT", f"{recs}/rules/{rule}", self.operator, document)
        self.expect(400, "PUT", recs + "/rules/cap", self.operator, {"action": "cap", "by": "colour", "most": 1})
        self.expect(201, "PUT", recs + "/surfaces/tried", self.operator, {"lambda": 0.5, "explore": 0.5})
        for kind in ("ab", "interleave", "holdout"):
            shows = {"shows": "popular"} if kind == "holdout" else {"lambda": 0.7}
            document = {"kind": kind, "surfaces": ["tried"], "variants": [{"name": "a"}, {"name": "b"} | shows]}
            self.expect(200 if kind != "ab" else 201, "PUT", one, self.operator, document)
            for visitor in range(6):
                path = f"{recs}/recommendations?n=3&surface=tried&session={kind}-{visitor}"
                answer = self.expect(200, "GET", path).json
                events = [{"type": kind_of, "item": item["item"], "recommendation": answer["recommendation"],
                           "session": f"{kind}-{visitor}"}
                          for item in answer["items"] for kind_of in ("impression", "click")]  # fmt: skip
                if events:
                    self.expect(202, "POST", recs + "/events", {}, events)
            self.expect(200, "GET", one + "/report", self.operator)
        self.expect(200, "GET", recs + "/surfaces/tried/report?days=3", self.operator)
        self.expect(400, "GET", recs + "/surfaces/tried/report?days=91", self.operator)
        self.expect(401, "GET", recs + "/surfaces/tried/report")
        self.expect(400, "PUT", one, self.operator, {"kind": "ab", "variants": [{"name": "a"}]})
        self.expect(200, "GET", one, self.operator)
        self.expect(200, "GET", recs + "/experiments", self.operator)
        self.expect(204, "DELETE", one, self.operator)
        for method, path in (("GET", one), ("GET", one + "/report"), ("DELETE", one)):
            self.expect(404, method, path, self.operator)
        for path in ("/rules/cap", "/rules/shelf", "/surfaces/tried"):
            self.expect(204, "DELETE", recs + path, self.operator)
        for path in ("/popular?country=DE&window=24h", "/trending?country=DE&window=1h"):
            self.expect(200, "GET", recs + path)
        self.expect(400, "GET", recs + "/popular?country=x")

    def models(self, recs):
        self.expect(200, "GET", recs + "/models", self.operator)
        self.expect(401, "GET", recs + "/models")
        self.expect(202, "POST", recs + "/models/train", self.operator)
        self.expect(401, "POST", recs + "/models/train", {})
        self.expect(202, "POST", recs + "/models/untrained/activate", self.operator)
        self.expect(404, "POST", recs + "/models/learnt-9/activate", self.operator)

    def people(self, recs):
        self.expect(200, "PUT", recs + "/users/ann", self.operator, {"segment": "regular"})
        self.expect(201, "PUT", recs + "/users/bea", self.operator, {})
        self.expect(400, "PUT", recs + "/users/ann", self.operator, [])
        self.expect(200, "GET", recs + "/users/ann", self.customer("ann"))
        self.expect(401, "GET", recs + "/users/ann", self.customer("bea"))
        self.expect(404, "GET", recs + "/users/nobody", self.operator)
        self.expect(204, "DELETE", recs + "/users/bea", self.customer("bea"))
        self.expect(404, "DELETE", recs + "/users/bea", self.operator)
