"""The rows of the guard: what a request costs that is refused by its rate, and one that passes all rungs."""

import contextlib
import json
import os
import subprocess

from box import ROOT, Failure, both_cores
from parts import part
from report import Row, median_of
from rows_http import HOLDS, cpu_row, in_short_turns, turn
from servers import RELEASE, Server, fill_in, free_port, nginx_returning, scratch, stopping

CHECKED = "a_solution_is_checked/iterations:200000"  # as Google Benchmark calls it
BLACK_FRIDAY = os.path.join(ROOT, "bench", "scenarios", "black-friday.toml")
DAY_SECONDS_MAX = 600
DAYS_BODY = 350  # about what a refusal has
GUESTS_MAX = 20  # more than a rested address may be
# Of `drop` all but how fast an address rests: or else one of a row's million requests passes every six seconds.
POLICY = 'preset = "drop"\n[rates.address]\nper_minute = 1\nburst = 100\n'


def refused(rounds, shop):
    """A guest whose address has used its rate."""
    with scratch("policy") as folder, shop.open_server(f"--guard-policy={policy_in(folder)}") as us:
        shop.put_on(us, "drop", 100, guests=True)
        shop.await_open(us, "drop")
        size = len(refusal(us))
        asked = {"method": "POST"}
        ours = {**asked, "expect": 429, "body_holds": "too-many-requests"}
        with nginx_returning("x" * size) as peer:
            results = in_short_turns(rounds, lambda: turn(us, **ours), lambda: turn(peer, **asked, expect=200))
        yield cpu_row("refused by rate", f"nginx return 200, {size} bytes", results, 1.0, 0.8)
        with nginx_limiting("x" * size) as peer:
            results = in_short_turns(rounds, lambda: turn(us, **ours), lambda: turn(peer, **asked, expect=429))
        yield cpu_row("refused by rate", f"nginx limit_req, {size} bytes", results, 1.0, 0.8)


def policy_in(folder):
    path = os.path.join(folder, "policy.toml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(POLICY)
    return path


def refusal(us):
    for _ in range(GUESTS_MAX):
        status, body = us.ask("POST", HOLDS)
        if status == 429:
            return body
    raise Failure(f"no request of {GUESTS_MAX} was refused: {status} {body.decode()[:300]}")


@contextlib.contextmanager
def nginx_limiting(body):
    with scratch("nginx") as folder, stopping(Server(free_port())) as server:
        config = fill_in("limit_req.conf", folder, PORT=server.port, BODY=body)
        server.spawn(["nginx", "-p", folder, "-c", config], os.path.join(folder, "out.log"))
        server.await_answer("/", wanted=404)
        server.await_answer("/", wanted=429)
        yield server


def black_friday(_rounds, _shop):
    """The drop day itself, once: what the machine gives with its clients beside it, and what they get from nginx."""
    with nginx_returning("x" * DAYS_BODY, both_cores(), workers=2) as peer:
        command = [os.path.join(RELEASE, "doorbuster"), "stampede", "--scenario", BLACK_FRIDAY, "--guard", "on",
                   "--json", "--beside", f"http://127.0.0.1:{peer.port}/"]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=DAY_SECONDS_MAX)
    if not done.stdout:
        raise Failure(f"the stampede ended with {done.returncode}: {done.stderr.strip()[-400:]}")
    seen = json.loads(done.stdout)
    unmet = [each["name"] for each in seen["objectives"] if not each["met"]]
    if unmet:
        raise Failure(f"the scenario's objectives were not met: {', '.join(unmet)}")
    ours = {"per_second": seen["answers_per_second_busiest"], "cpu_us": seen["cpu_us_an_answer"]["server"],
            "clients_cpu_us": seen["cpu_us_an_answer"]["clients"], "p99_ms": seen["latency_ms"]["p99"]}  # fmt: skip
    beside = seen["beside"]
    theirs = {"per_second": beside["answers_per_second"], "clients_cpu_us": beside["clients_cpu_us"],
              "p99_ms": beside["latency_ms_p99"]}  # fmt: skip
    yield Row(
        name="black friday, answers a second", peer="nginx return 200, the same clients",
        results={"ours": [ours], "peer": [theirs]}, value=ours["per_second"] / theirs["per_second"], unit="of nginx's",
        at_least=0.6, aim=0.9, better="higher",
        note=f"p99 {ours['p99_ms']:.0f} ms; {seen['connections_an_answer']:.2f} connections an answer",
    )  # fmt: skip


def ladder(rounds, _shop):
    """Every rung, in the process: what the guard adds to a request that passes."""
    for who in ("a_join_of_a_guest", "a_join_of_a_customer", "a_poll_of_a_guest"):
        yield microseconds(f"the ladder, {who.replace('_', ' ')}", "guard_guard_bench", who, rounds, 1.5, 0.7)


def rates(rounds, _shop):
    """Decisions of the rate table among a million keys, and its memory."""
    results = part("guard", "guard_rate_table_bench", "a_request/1", rounds)
    yield a_second("rate table, decisions", results, 10e6, 10e6)
    yield Row(
        name="rate table, memory of 1,000,000 keys", results={"ours": results}, unit="MiB",
        value=median_of([r["MiB"] for r in results]), at_least=64, aim=64,
    )  # fmt: skip


def challenges(rounds, _shop):
    results = part("guard", "guard_challenge_bench", CHECKED, rounds)
    yield a_second("challenges checked", results, 50_000, 200_000)


def a_second(what, results, at_least, aim):
    return Row(
        name=f"{what} a second of one core", results={"ours": results}, unit="",
        value=median_of([r["items_per_second"] for r in results]), at_least=at_least, aim=aim, better="higher",
    )  # fmt: skip


def microseconds(name, binary, benchmark, rounds, at_least, aim):
    results = part("guard", binary, benchmark, rounds)
    return Row(
        name=name, results={"ours": results}, unit="us CPU", value=median_of([r["microseconds"] for r in results]),
        at_least=at_least, aim=aim,
    )  # fmt: skip
