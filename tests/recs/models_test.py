"""Models that learn in a real server: the answer changes to what was learnt, what would be worse is refused, a killed
server serves the same model again, and a damaged one is set aside.

Usage: models_test.py DOORBUSTER
"""

import random
import sys
import time
import unittest

from recs_server import RecsServer, event

BINARY = sys.argv.pop(1)
ITEMS = 60
VISITS = 2_600
BEGAN = int(time.time()) - 40 * 86_400


class Visits:
    """People come back to what they looked at first; programs go through the catalogue in order."""

    def __init__(self, server):
        self.server, self.random, self.count = server, random.Random(1), 0

    def visit(self, items):
        self.count += 1

        def at(step):
            return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(BEGAN + 60 * self.count + step))

        return [event("view", f"i{item}", session=f"v{self.count}", at=at(step)) for step, item in enumerate(items)]

    def tell(self, visits):
        rows = [row for visit in visits for row in visit]
        for begin in range(0, len(rows), 1_000):
            self.server.tell(*rows[begin : begin + 1_000])

    def people(self, count):
        def items():
            x, y, z = self.random.sample(range(ITEMS), 3)
            return [x, y, x, z, x]

        self.tell(self.visit(items()) for _ in range(count))

    def programs(self, count):
        def items():
            first = self.random.randrange(ITEMS)
            return [(first + step) % ITEMS for step in range(5)]

        self.tell(self.visit(items()) for _ in range(count))


class Models(unittest.TestCase):
    def models(self):
        return self.server.operator("GET", "/models").json

    def train(self):
        trainings = len(self.models()["trainings"])
        self.assertEqual(self.server.operator("POST", "/models/train").status, 202)
        deadline = time.monotonic() + 600
        while len(self.models()["trainings"]) == trainings:
            self.assertLess(time.monotonic(), deadline, "nothing is learnt")
            time.sleep(0.2)
        return self.models()["trainings"][0]

    def activate(self, version):
        self.assertEqual(self.server.operator("POST", f"/models/{version}/activate").status, 202)
        deadline = time.monotonic() + 30
        while self.models()["in_service"] != version:
            self.assertLess(time.monotonic(), deadline, f"{version} does not come into service")
            time.sleep(0.05)

    def asked(self):
        """What somebody is shown who has looked at two items."""
        body = {"history": [event("view", "i3"), event("view", "i40")], "n": 5}
        answer = self.server.public("POST", "/recommendations", body).json
        return answer["model_version"], [(one["item"], one["source"]) for one in answer["items"]]

    def test_what_was_learnt_serves_and_outlives_a_crash(self):
        with RecsServer(BINARY, "--recs-training-every-seconds", "0") as server:
            self.server = server
            visits = Visits(server)
            visits.people(VISITS)
            self.assertEqual(self.models(), {"in_service": "untrained", "is_training": False, "models": [],
                                             "trainings": []})  # fmt: skip
            version, items = self.asked()
            self.assertEqual(version, "untrained")
            self.assertNotIn("i3", dict(items))

            training = self.train()
            self.assertEqual((training["outcome"], training["version"], training["reason"]),
                             ("in-service", "learnt-1", None))  # fmt: skip
            new, old = training["validation"]["visit"], training["validation_in_service"]["visit"]
            self.assertGreater(new["mrr_at_20"], old["mrr_at_20"])
            version, items = self.asked()
            self.assertEqual((version, items[0]), ("learnt-1", ("i3", "reminder")))
            model = self.models()["models"][0]
            self.assertEqual((model["version"], model["in_service"], model["learnt_from"]["visits"]),
                             ("learnt-1", True, VISITS))  # fmt: skip
            self.assertEqual(self.train()["outcome"], "too-little")

            visits.programs(3_500)
            visits.people(460)
            training = self.train()
            self.assertEqual(training["outcome"], "refused", training)
            self.assertIn("worse than learnt-1", training["reason"])
            self.assertEqual(self.asked()[0], "learnt-1")
            self.assertIn("doorbuster_recs_models_refused_in_a_row 1", self.metrics())

            before = self.asked()
            server.kill()
            server.start()
            self.assertEqual(self.asked(), before)
            self.assertEqual(self.models()["in_service"], "learnt-1")

            self.activate("untrained")
            self.assertEqual(self.asked()[0], "untrained")
            self.activate("learnt-1")
            self.assertEqual(self.asked(), before)
            self.assertEqual(server.operator("POST", "/models/learnt-9/activate").status, 404)
            self.assertEqual(server.public("GET", "/models").status, 401)

            server.kill()
            saved = server.folder / "data" / "views" / "recs-model-0.state"
            content = bytearray(saved.read_bytes())
            content[len(content) // 2] ^= 1
            saved.write_bytes(content)
            server.start()
            self.assertEqual(self.asked()[0], "untrained")
            training = self.train()
            self.assertEqual((training["outcome"], training["version"]), ("in-service", "learnt-2"), training)
            self.assertEqual(self.asked()[0], "learnt-2")

    def metrics(self):
        return self.server.request("GET", "/metrics").body.decode()


if __name__ == "__main__":
    unittest.main(verbosity=2)
