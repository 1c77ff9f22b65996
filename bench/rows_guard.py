"""The rows of the guard: what a request costs that is refused by its rate, and one that passes all rungs."""

import contextlib
import os

from box import Failure
from parts import part
from report import Row, median_of
from rows_http import HOLDS, cpu_row, in_short_turns, turn
from servers import Server, fill_in, free_port, nginx_returning, scratch, stopping

CHECKED = "a_solution_is_checked/iterations:200000"  # as Google Benchmark calls it
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
