"""A stampede of seconds through the real binary: its numbers fit together, and to the server's own.

usage: stampede_test.py DOORBUSTER
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "browser"))

from shop import Shop

BINARY = sys.argv[1]
TINY = str(HERE / "tiny.toml")
UNITS = 40
CLIENTS = {"script": 20, "headless": 20, "thief": 5, "hoarder": 3}
PEOPLE = 70
MEMBERS = ["seed", "guard", "arrivals", "answers_per_second", "answers_per_second_busiest", "connections_an_answer",
           "cpu_us_an_answer", "latency_ms", "statuses", "units", "units_to_humans", "units_to_bots",
           "human_share_of_traffic", "human_share_of_units", "honest_refused_ratio", "honest_delay_seconds_p99",
           "bots_by_kind", "jain", "seconds_to_all_held", "seconds_to_all_sold", "invariant_violations",
           "objectives"]  # fmt: skip
OF_EVERY_RUN = {"stolen_units", "invariant_violations", "server_errors", "units_disagreement", "sent_late_ratio"}


def stampede(*flags):
    return subprocess.run([BINARY, "stampede", *flags], capture_output=True, text=True, timeout=180)


class Stampede(unittest.TestCase):
    def check(self, run, guard, seed, more=()):
        """The object of a run, whose parts have to fit together."""
        told = json.loads(run.stdout)
        self.assertEqual(list(told), [*MEMBERS, *more])
        self.assertGreaterEqual(told["answers_per_second_busiest"], told["answers_per_second"])
        self.assertTrue(0 < told["connections_an_answer"] <= 1, told["connections_an_answer"])
        self.assertGreater(told["cpu_us_an_answer"]["clients"], 0)
        self.assertEqual((told["guard"], told["seed"]), (guard, seed))
        self.assertEqual(told["arrivals"], PEOPLE + sum(CLIENTS.values()))
        self.assertEqual({kind: of["arrivals"] for kind, of in told["bots_by_kind"].items()}, CLIENTS)
        self.assertEqual(told["units"], told["units_to_humans"] + told["units_to_bots"])
        self.assertEqual(told["units_to_bots"], sum(of["units"] for of in told["bots_by_kind"].values()))
        self.assertGreater(told["units_to_humans"], 0)
        self.assertLessEqual(told["units"], UNITS)
        self.assertLessEqual(told["latency_ms"]["p50"], told["latency_ms"]["p99"])
        self.assertGreater(told["statuses"]["202"], PEOPLE, "places in line, and payments begun")
        for ratio in ("human_share_of_traffic", "human_share_of_units", "honest_refused_ratio", "jain"):
            self.assertTrue(0 <= told[ratio] <= 1, f"{ratio}: {told[ratio]}")
        objectives = {objective["name"]: objective for objective in told["objectives"]}
        self.assertLessEqual(OF_EVERY_RUN, set(objectives))
        for name in OF_EVERY_RUN - {"sent_late_ratio"}:
            self.assertTrue(objectives[name]["met"], objectives[name])
        self.assertEqual(run.returncode, 0 if all(each["met"] for each in told["objectives"]) else 1, run.stderr)
        return told

    def test_a_run_on_a_server_of_its_own_tells_one_object(self):
        with tempfile.TemporaryDirectory() as folder:
            labels = pathlib.Path(folder) / "labels.csv"
            run = stampede("--scenario", TINY, "--guard", "on", "--seed", "7", "--json", "--keep", folder,
                           "--labels", str(labels))  # fmt: skip
            told = self.check(run, "on", 7)
            self.assertTrue((pathlib.Path(folder) / "guard-on" / "data" / "shop.key").exists(), "kept")
            self.assertIn("ready", (pathlib.Path(folder) / "guard-on" / "server.log").read_text())
            self.check_labels(labels.read_text(), pathlib.Path(folder) / "guard-on" / "decisions.jsonl")
        self.assertGreater(told["statuses"].get("429", 0), 0, "twenty bots behind one address are refused")
        self.assertGreater(told["cpu_us_an_answer"]["server"], 0)

    def check_labels(self, labels, decisions):
        """Everybody who was let in is named as the server's own decision log names them."""
        first, *lines = labels.splitlines()
        self.assertTrue(first.startswith("# simulated: doorbuster stampede, "), first)
        self.assertTrue(first.endswith(", seed 7"), first)
        named = dict(line.split(",") for line in lines[1:])
        self.assertGreaterEqual(list(named.values()).count("human"), PEOPLE * 9 // 10)
        self.assertGreater(list(named.values()).count("bot"), 0)
        decided = {json.loads(line)["who"] for line in decisions.read_text().splitlines()}
        self.assertGreaterEqual(len(decided & set(named)), len(named) // 2)

    def test_with_the_guard_off_nobody_is_refused(self):
        told = self.check(stampede("--scenario", TINY, "--guard", "off", "--json"), "off", 1)
        self.assertNotIn("429", told["statuses"])
        self.assertGreater(told["units_to_bots"], 0)

    def test_a_server_that_runs_already_is_visited_and_agrees(self):
        shop = Shop(BINARY, "--guard-policy=" + str(HERE / "tiny-policy.toml"))
        self.addCleanup(shop.stop)
        run = stampede("--scenario", TINY, "--json", "--server", shop.url, "--data", shop.data,
                       "--beside", shop.url + "/livez")  # fmt: skip
        told = self.check(run, "on", 1, more=["beside"])
        self.assertIsNone(told["cpu_us_an_answer"]["server"], "nobody said which process it is")
        self.assertGreater(told["beside"]["answers_per_second"], told["answers_per_second"])
        self.assertGreater(told["beside"]["clients_cpu_us"], 0)
        with urllib.request.urlopen(shop.url + "/api/v1/sales", timeout=10) as answer:
            sales = [sale for sale in json.load(answer)["sales"] if sale["id"].startswith("stampede-1-")]
        self.assertEqual(len(sales), 1)
        self.assertGreaterEqual(sales[0]["sold"], told["units"])

    def test_what_a_scenario_or_a_command_must_not_say_is_told(self):
        with tempfile.TemporaryDirectory() as folder:
            bad = pathlib.Path(folder) / "bad.toml"
            bad.write_text(pathlib.Path(TINY).read_text().replace("units = 40", "unist = 40"))
            run = stampede("--scenario", str(bad))
            self.assertEqual(run.returncode, 1)
            self.assertRegex(run.stderr, r"bad\.toml:\d+:.*unist.*sale\.units")
        self.assertIn("--guard on or --guard off", stampede("--scenario", TINY, "--json", "--guard", "both").stderr)
        self.assertIn("belong together", stampede("--scenario", TINY, "--server", "http://127.0.0.1:1").stderr)
        self.assertIn("--guard on and --keep", stampede("--scenario", TINY, "--labels", "labels.csv").stderr)
        elsewhere = stampede("--scenario", TINY, "--server", "http://192.0.2.1", "--data", "/nowhere")
        self.assertIn("not an address on this machine", elsewhere.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
