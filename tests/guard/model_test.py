"""A model from a real server's decisions: logged, labelled, trained on, named by the policy, and heard.

Usage: model_test.py DOORBUSTER
"""

import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "settings"))
from row import holds, same  # noqa: E402
from shop import SALES, Shop  # noqa: E402

from browser import BROWSER  # noqa: E402

EACH = 80  # people, and bots
ON_THE_WIRE = "POST /x HTTP/1.1\r\nHost: x\r\n" + "".join(f"{name}: {value}\r\n" for name, value in BROWSER.items())


class Drop(Shop):
    """Whose bots are people to the card: they have accounts and browsers, and a program that moves a pointer evenly."""

    def __init__(self, binary):
        super().__init__(binary, {"guard.trusted_proxies": "127.0.0.1"})
        self.policy, self.decisions = self.folder / "policy.toml", self.folder / "decisions.jsonl"
        self.policy.write_text("")
        self.flags = [flag for flag in self.flags if not flag.startswith("--guard-policy")]
        self.flags += [f"--guard-policy={self.policy}", f"--guard-decision-log={self.decisions}"]
        self.random = random.Random(5)

    def join(self, name, is_bot):
        moves = 40 + self.random.randrange(4) if is_bot else self.random.randrange(60, 200)
        page = {"Doorbuster-Page": f"first={self.random.randrange(600, 6000)},moves={moves},keys=1,touches=0,focus=1"}
        answer = self.request("POST", f"{SALES}/drop/queue", self.customer(name) | BROWSER | page)
        same(answer.status, 202, name)
        return answer.json["id"]

    def logged(self, count):
        end = time.monotonic() + 20
        lines = []
        while len(lines) < count and time.monotonic() < end:
            time.sleep(0.05)
            lines = self.decisions.read_text().splitlines()
        same(len(lines), count, "lines of the decision log")
        return [json.loads(line) for line in lines]

    def customers_in_line(self):
        """As an operator sees them: the hash of each entry's customer."""
        listed, begin = {}, 1
        while page := self.operator("GET", f"{SALES}/drop/queue?from={begin}&limit=100").json["entries"]:
            listed |= {entry["id"]: entry["customer"] for entry in page}
            begin += len(page)
        return listed

    def reload(self, policy):
        """The policy is read again; whether it is used."""
        before = self.reloads()
        self.policy.write_text(policy)
        os.kill(self.process.pid, signal.SIGHUP)
        end = time.monotonic() + 20
        while self.reloads() == before and time.monotonic() < end:
            time.sleep(0.05)
        return self.reloads()[0] > before[0]

    def reloads(self):
        return [self.metric(f'doorbuster_guard_policy_reloads_total{{result="{result}"}}')
                for result in ("used", "refused")]  # fmt: skip

    def verdicts(self, verdict):
        return self.metric(f'doorbuster_guard_verdicts_total{{verdict="{verdict}"}}')

    def has_library(self):
        return "libxgboost" in pathlib.Path(f"/proc/{self.process.pid}/maps").read_text()


def run(binary, *arguments, **more):
    told = subprocess.run([binary, "guard", *map(str, arguments)], capture_output=True, timeout=120, **more)
    return told.returncode, (told.stdout + told.stderr).decode()


def play(shop):
    """People and bots come, and what each of them is gets written down. The card lets all of them pass."""
    same(shop.sell(units=5, guests=True, queue="fifo").status, 201)
    bots = {}
    for number in range(EACH):
        for is_bot in (False, True):
            bots[shop.join(f"{'bot' if is_bot else 'person'}-{number}", is_bot)] = is_bot
    guest = shop.request("POST", f"{SALES}/drop/queue", BROWSER).json["id"]
    same(shop.verdicts("allow"), 2.0 * EACH + 1)
    lines, customers = shop.logged(2 * EACH + 1), shop.customers_in_line()
    same(sorted(line["who"] for line in lines), sorted(customer[:16] for customer in customers.values()))
    same([line["who"] for line in lines if line["features"]["new_session"]], [customers[guest][:16]])
    holds(all("127.0.0.1" not in json.dumps(line) and "Mozilla" not in json.dumps(line) for line in lines), lines[0])
    labels = [f"{customers[entry]},{'bot' if is_bot else 'human'}\n" for entry, is_bot in bots.items()]
    (shop.folder / "labels.csv").write_text("who,label\n" + "".join(labels))


def train(binary, shop, *more):
    return run(binary, "train", "--log", shop.decisions, "--labels", shop.folder / "labels.csv", "--labels-from",
               "this test", "--out", shop.folder / "model.json", *more)  # fmt: skip


def a_model_decides_what_the_card_can_not(binary):
    with Drop(binary) as shop:
        play(shop)
        status, words = train(binary, shop, "--rounds", 50)
        same(status, 0, words)
        card = (shop.folder / "model.md").read_text()
        for part in ("| where the labels came from | this test |", "| held out | 20 people, 20 bots |",
                     "| decisions without, not used | 1 |", "| `page_moves` |"):  # fmt: skip
            holds(part in card, f"{part} is not in:\n{card}")
        holds("simulation" not in card, card)
        holds(not shop.has_library(), "the server has loaded libxgboost without a model")
        holds(shop.reload('[score]\nmodel = "model.json"\n'), shop.log())
        holds(shop.has_library(), "the server has not loaded libxgboost")
        before = shop.verdicts("allow")
        shop.join("another-person", False)
        same(shop.verdicts("allow"), before + 1, "a person, as before")
        answer = shop.request("POST", f"{SALES}/drop/queue", shop.customer("another-bot") | BROWSER
                              | {"Doorbuster-Page": "first=2000,moves=41,keys=1,touches=0,focus=1"})  # fmt: skip
        same(answer.status, 403, "a bot that the card does not know")
        same(shop.verdicts("challenge"), 1.0)
        line = shop.logged(2 * EACH + 3)[-1]
        same((line["by"], line["verdict"], line["score"] > 0.8), ("model", "challenge", True), line)
        explain(binary, shop)
        (shop.folder / "model.json").write_text("nonsense")
        holds(not shop.reload('[score]\nmodel = "model.json"\n'), "a model that is none was used")
        holds("model.json' can't be used: libxgboost says" in shop.log(), shop.log())
        shop.join("a-third-person", False)
        same(shop.logged(2 * EACH + 4)[-1]["by"], "model", "the model before goes on")
        holds(shop.reload(""), shop.log())
        shop.join("a-second-bot", True)
        same(shop.logged(2 * EACH + 5)[-1]["by"], "scorecard")


def explain(binary, shop):
    head = (ON_THE_WIRE + "\r\n").encode()
    status, words = run(binary, "explain", shop.policy, "--customer", input=head)
    same(status, 0, words)
    holds("in log-odds of a bot:" in words and "page_moves            30" in words, words)
    holds("The card alone would say 0.00:" in words, words)


def what_can_not_be_trained_on_is_said(binary):
    with Drop(binary) as shop:
        same(shop.sell(units=5, guests=True, queue="fifo").status, 201)
        shop.join("somebody", False)
        who = shop.logged(1)[0]["who"]
        labels = shop.folder / "labels.csv"
        for text, part in ((f"{who},human\n{who},robot\n", "labels.csv:2: "), (f"{who},human\n", "needs 50 of each"),
                           ("", "no labels")):  # fmt: skip
            labels.write_text(text)
            status, words = train(binary, shop)
            holds(status != 0 and part in words, words)
        labels.write_text(f"{who},human\n")
        with shop.decisions.open("a") as log:
            log.write('{"time":')
        status, words = train(binary, shop)
        holds(status != 0 and "decisions.jsonl:2: is no decision" in words, words)
        status, words = run(binary, "train", "--log", shop.decisions, "--labels", labels, "--out", "model.json")
        holds(status != 0 and "--labels-from" in words, words)
        holds(not (shop.folder / "model.json").exists(), "there is a model")


if __name__ == "__main__":
    for test in (a_model_decides_what_the_card_can_not, what_can_not_be_trained_on_is_said):
        test(sys.argv[1])
        print(f"{test.__name__}: ok", flush=True)
