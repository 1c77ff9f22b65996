"""The rows of recommendations over HTTP: a shop of 50,000 items whose 100,000 customers did 50 things each.

What people do is made up by recs_sets.py's rules: they like a few groups of items, and a tenth is chance. Of a hundred
events seven are purchases, eight carts and the others views, over the last four weeks.
"""

import concurrent.futures
import contextlib
import http.client
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import recs_sets
from box import RESULTS, Failure, both_cores, free_port, on_core, resident_bytes
from load import with_wrk
from parts import part
from report import Row, median_of, say
from rows_http import in_short_turns, ratio
from servers import RELEASE, Server, doorbuster, nginx_returning, serve, stopping

ITEMS, CUSTOMERS, EVENTS = 50_000, 100_000, 5_000_000
SHAPE = recs_sets.Shape(users=CUSTOMERS, items=ITEMS, each=EVENTS // CUSTOMERS)
ROWS = 1_000  # of a request
DAYS = 28
CONNECTIONS = 4
TURN_SECONDS = 2
WARM_SECONDS = 8  # before answers are measured, most items have been asked for
EVENTS_A_ROUND = 300_000
VISITS = 1_500
MIB = 1 << 20
EVENTS_PATH = "/api/v1/recs/events"
LOOKUPS = "recs_recs_tables_bench"
SETS = os.path.join(RESULTS, "recs-sets")
EVALUATED = (("many-users", "taste"), ("middle", "taste"), ("short-lists", "sequence"), ("middle", "baskets"),
             ("skewed", "sessions"), ("tiny", "taste"))  # fmt: skip
EVALUATION_SECONDS_MAX = 900


def in_process(rounds, _shop):
    """Look-ups and events without HTTP, and how both grow with how much has happened."""
    found = {n: part("recs", LOOKUPS, f"also_bought_of_a_looked_at_item/{n}", rounds, 300) for n in (100_000, EVENTS)}
    yield Row(
        name="also bought, in process, a second of one core", results={"ours": found[EVENTS]}, unit="/s",
        value=median_of([r["items_per_second"] for r in found[EVENTS]]), at_least=500_000, aim=1_000_000,
        better="higher", note=f"{EVENTS:,} events, {ITEMS:,} items",
    )  # fmt: skip
    for name, of in (("event", "event"), ("answer", "also_bought_of_a_looked_at_item"),
                     ("answer for a customer", "for_a_visitor")):  # fmt: skip
        few, many = (part("recs", LOOKUPS, f"{of}/{n}", rounds, 300) for n in (100_000, 10_000_000))
        yield Row(
            name=f"{name}: 10,000,000 events / 100,000", results={"ours": many, "few": few}, unit="x CPU",
            value=median_of([r["microseconds"] for r in many]) / median_of([r["microseconds"] for r in few]),
            at_least=1.5, aim=1.05,
            note=f"{median_of([r['microseconds'] for r in many]):.2f} us and "
                 f"{median_of([r['microseconds'] for r in few]):.2f} us",
        )  # fmt: skip


def over_http(rounds, shop):
    """A server that has been told of five million events: its memory, its answers, and its start after `kill -9`."""
    with shop.data() as data, stopping(Server(free_port())) as us:
        serve(us, data, *shop.config, reactors=2, core=both_cores())
        us.await_answer("/readyz")
        shop.await_challenges(us)
        idle = resident_bytes(us.pids[0])
        told = tell(us, shop, bodies_of(EVENTS))
        say(f"{EVENTS:,} events told, {told['per_second']:,.0f}/s, {told['cpu_us']:.1f} us CPU each")
        grown = resident_bytes(us.pids[0]) - idle
        yield Row(
            name=f"memory of {ITEMS:,} items and {EVENTS:,} events", results={"ours": [{"bytes": grown}]}, unit="MiB",
            value=grown / MIB, at_least=200, aim=100, note=f"{grown / EVENTS:.0f} bytes an event",
        )  # fmt: skip
        before = answers(us, shop)
        us.stop(signal.SIGKILL)
        starts = []
        for _ in range(rounds):
            start = time.monotonic()
            serve(us, data, *shop.config, reactors=2, core=both_cores())
            us.await_answer("/readyz")
            starts.append(time.monotonic() - start)
            if answers(us, shop) != before:
                raise Failure("the answers after a start are not those before it")
            us.stop(signal.SIGKILL)
        yield Row(
            name=f"start after kill -9 with {EVENTS:,} events", unit="s", value=median_of(starts), at_least=3, aim=1,
            results={"ours": [{"seconds": each} for each in starts]},
            note="until /readyz; the answers are those before it",
        )  # fmt: skip
        serve(us, data, *shop.config)
        us.await_answer("/readyz")
        shop.await_challenges(us)
        cold = asked(us, shop, "item", ITEMS, seconds=1)
        say(f"just after the start: {cold['per_second']:,.0f}/s, {cold['cpu_us']:.0f} us CPU an answer about an item")
        asked(us, shop, "item", ITEMS, seconds=WARM_SECONDS)
        yield beside_nginx(rounds, shop, us)
        asked(us, shop, "user", CUSTOMERS, seconds=WARM_SECONDS)
        yield for_customers(rounds, shop, us)


def beside_nginx(rounds, shop, us):
    """Of an item at random each time; the peer's body is as large as ours is on average."""
    size = round(statistics.mean(
        len(ask(us, f"/api/v1/recs/items/item-{i}/also-bought", shop)) for i in range(0, ITEMS, ITEMS // 200)))
    with nginx_returning("x" * size) as peer:
        results = in_short_turns(
            rounds, lambda: asked(us, shop, "item", ITEMS),
            lambda: with_wrk(peer, "/", 64, 1, shop.operator))
    return Row(
        name="also bought over HTTP", peer=f"nginx return 200, {size} bytes", results=results,
        value=ratio(results, "cpu_us"), unit="x peer's CPU a request", at_least=1.5, aim=1.2,
        note=f"{median_of([r['per_second'] for r in results['ours']]):,.0f}/s on one core",
    )  # fmt: skip


def for_customers(rounds, shop, us):
    """Each with a history of 50; eight ask at a time."""
    version = json.loads(ask(us, "/api/v1/recs/recommendations?user=user-1", shop))["model_version"]
    results = [asked(us, shop, "user", CUSTOMERS, connections=8, seconds=TURN_SECONDS) for _ in range(rounds)]
    return Row(
        name="for a customer with a history of 50, over HTTP", results={"ours": results}, unit="ms, p99",
        value=median_of([r["p99_us"] for r in results]) / 1000, at_least=10, aim=3, strictly=True,
        note=f"model {version}; p50 {median_of([r['p50_us'] for r in results]) / 1000:.2f} ms, "
             f"{median_of([r['per_second'] for r in results]):,.0f}/s, "
             f"{median_of([r['cpu_us'] for r in results]):.0f} us CPU; eight at a time",
    )  # fmt: skip


def events(rounds, shop):
    """Told in requests of a thousand over four connections, each with an id: durable and in the tables when answered.
    The server has both cores, and the client what is left of them."""
    with shop.open_server(reactors=2, core=both_cores()) as us:
        tell(us, shop, bodies_of(EVENTS_A_ROUND, "warm"))
        results = []
        for number in range(rounds):
            results.append(tell(us, shop, bodies_of(EVENTS_A_ROUND, f"round{number}")))
            say(f"round {number + 1} of {rounds}: {results[-1]['per_second']:,.0f} events/s, "
                f"{results[-1]['cpu_us']:.2f} us CPU, p99 {results[-1]['p99_us'] / 1000:.1f} ms a request")  # fmt: skip
        yield Row(
            name="events, durable and in the tables", results={"ours": results}, unit="/s", better="higher",
            value=median_of([r["per_second"] for r in results]), at_least=100_000, aim=300_000,
            note=f"{median_of([r['cpu_us'] for r in results]):.2f} us CPU an event",
        )  # fmt: skip


def visible(rounds, shop):
    """One event at a time; once it is answered, another connection has to find it in what is kept of the customer.
    The second row is the same while a million other events are told and the tables are saved."""
    with shop.open_server(reactors=2, core=both_cores()) as us:
        quiet = [seen(us, shop, f"quiet{number}") for number in range(rounds)]
        yield visible_row("an event until it is in the answers", quiet)
        bodies = bodies_of(1_200_000, "beside")
        with concurrent.futures.ThreadPoolExecutor(1) as beside:
            telling = beside.submit(tell, us, shop, bodies, 1, 0.004)
            busy = []
            while not telling.done() and len(busy) < 40:
                busy.append(seen(us, shop, f"busy{len(busy)}", 300))
            telling.result()
        yield visible_row("the same while others are told, and the tables are saved", busy)


def visible_row(name, results):
    return Row(
        name=name, results={"ours": results}, unit="ms, p99", value=median_of([r["p99_us"] for r in results]) / 1000,
        at_least=10, aim=3, strictly=True,
        note=f"p50 {median_of([r['p50_us'] for r in results]) / 1000:.2f}, longest "
             f"{max(r['max_us'] for r in results) / 1000:.1f} ms; each was in the next answer",
    )  # fmt: skip


def seen(us, shop, name, visits=VISITS):
    writer, reader = (http.client.HTTPConnection("127.0.0.1", us.port, timeout=30) for _ in range(2))
    micros = []
    for number in range(visits):
        item, user = f"item-{number * 7 % ITEMS}", f"{name}-{number % 50}"
        row = json.dumps({"type": "view", "item": item, "user": user, "id": f"{name}-{number}"})
        start = time.monotonic()
        status, _ = on_connection(writer, "POST", EVENTS_PATH, row, shop.operator)
        micros.append((time.monotonic() - start) * 1e6)
        _, body = on_connection(reader, "GET", f"/api/v1/recs/users/{user}", None, shop.operator)
        if status != 202 or f'"{item}"'.encode() not in body:
            raise Failure(f"an acknowledged event ({status}) is not in the next answer: {body[:200]}")
    micros.sort()
    return {"p50_us": micros[len(micros) // 2], "p99_us": micros[len(micros) * 99 // 100], "max_us": micros[-1]}


def bodies_of(count, name="e"):
    """Requests of ROWS events each, in order of time; who comes next is chance."""
    numbers = random.Random(name)
    groups = ITEMS // recs_sets.GROUP
    group_of = recs_sets.Draws(groups, SHAPE.zipf, numbers)
    place_of = recs_sets.Draws(recs_sets.GROUP, SHAPE.zipf, numbers)
    places = [place_of() for _ in range(1 << 14)]
    liked = [[group_of() for _ in range(3)] for _ in range(CUSTOMERS)]
    kinds = ["purchase"] * 7 + ["cart"] * 8 + ["view"] * 85
    begin = datetime.now(UTC) - timedelta(days=DAYS)
    bodies = []
    for first in range(0, count, ROWS):
        at = (begin + timedelta(days=DAYS * first / count)).strftime("%Y-%m-%dT%H:%M:%SZ")
        rows = []
        for number in range(first, first + ROWS):
            chance = numbers.random()
            user = int(chance * CUSTOMERS)
            dice = int(chance * CUSTOMERS * 1_000_003) % (1 << 30)
            item = dice % ITEMS if dice % 10 == 0 else liked[user][dice % 3] + groups * places[dice >> 4 & 0x3FFF]
            rows.append(f'{{"type":"{kinds[(dice >> 7) % 100]}","item":"item-{item}","user":"user-{user}","at":"{at}",'
                        f'"id":"{name}{number}"}}')  # fmt: skip
        bodies.append(("[" + ",".join(rows) + "]").encode())
    return bodies


def tell(us, shop, bodies, connections=CONNECTIONS, pause=0):
    """All of these requests; every event has to be recorded."""
    before, start = us.cpu(), time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(connections) as clients:
        told = [clients.submit(tell_some, us, shop, bodies[i::connections], pause) for i in range(connections)]
        micros = sorted(each for one in told for each in one.result())
    seconds = time.monotonic() - start
    rows = len(bodies) * ROWS
    return {"per_second": rows / seconds, "cpu_us": (us.cpu() - before) / rows * 1e6,
            "p50_us": micros[len(micros) // 2], "p99_us": micros[len(micros) * 99 // 100]}  # fmt: skip


def tell_some(us, shop, bodies, pause):
    connection = http.client.HTTPConnection("127.0.0.1", us.port, timeout=60)
    micros = []
    for body in bodies:
        start = time.monotonic()
        status, answer = on_connection(connection, "POST", EVENTS_PATH, body, shop.operator)
        micros.append((time.monotonic() - start) * 1e6)
        if status != 202 or not answer.startswith(b'{"recorded":%d,' % ROWS):
            raise Failure(f"events were answered with {status}: {answer[:200]}")
        if pause:
            time.sleep(pause)
    return micros


def answers(us, shop):
    """What is said of some items and customers, but for what differs from answer to answer."""
    paths = [f"/api/v1/recs/items/item-{i}/also-bought?n=20" for i in range(0, 2_000, 40)]
    paths += [f"/api/v1/recs/recommendations?user=user-{i}" for i in range(0, 2_000, 40)]
    return [json.loads(ask(us, path, shop))["items"] for path in paths]


def asked(us, shop, what, many, connections=64, seconds=1):
    return with_wrk(us, "/", connections, seconds, shop.operator, script="wrk_recs.lua", arguments=(what, str(many)))


def ask(us, path, shop):
    status, body = us.ask("GET", path, headers=shop.operator)
    if status != 200:
        raise Failure(f"{path} was answered with {status}: {body[:200]}")
    return body


def on_connection(connection, method, path, body, fields):
    connection.request(method, path, body, fields)
    answer = connection.getresponse()
    return answer.status, answer.read()


def evaluate(_rounds, _shop):
    """`recs evaluate` on made up shops that nobody has tuned anything to, with both cores: once each."""
    for name, task in EVALUATED:
        folder = recs_sets.write_set(name, os.path.join(SETS, name))
        result = evaluated(folder, task)
        yield Row(
            name=f"recs evaluate, {task}, {name}", results={"ours": [result]}, unit="s", value=result["seconds"],
            at_least=300, aim=120, note=f"{result['MiB']:,.0f} MiB, {result['cpu_seconds']:.0f} s CPU",
            failure="" if result["MiB"] <= 1_024 else f"it took {result['MiB']:,.0f} MiB, and may take 1,024",
        )  # fmt: skip


def evaluated(folder, task):
    files = {
        "taste": ["--train", "taste.txt", "--test", "taste-test.txt"],
        "sequence": ["--train", "sequence.txt"],
        "sessions": ["--train", "sessions.txt", "--test", "prefixes.txt"],
        "baskets": ["--train", "baskets.csv", "--split", recs_sets.SPLIT],
    }
    given = [each if each.startswith("--") or each == recs_sets.SPLIT else os.path.join(folder, each)
             for each in files[task]]  # fmt: skip
    command = [os.path.join(RELEASE, "doorbuster"), "recs", "evaluate", "--task", task, "--threads", "2", *given]
    # A process in between, so that what it says of its children is of this one alone.
    measure = ("import json, resource, subprocess, sys, time\nstart = time.monotonic()\n"
               "done = subprocess.run(sys.argv[1:], capture_output=True, text=True)\n"
               "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
               "print(json.dumps({'status': done.returncode, 'seconds': time.monotonic() - start, "
               "'cpu_seconds': used.ru_utime + used.ru_stime, 'MiB': used.ru_maxrss / 1024, "
               "'error': done.stderr[-300:]}))")  # fmt: skip
    done = subprocess.run(on_core(both_cores(), [sys.executable, "-c", measure, *command]), capture_output=True,
                          text=True, check=True, timeout=EVALUATION_SECONDS_MAX)  # fmt: skip
    result = json.loads(done.stdout)
    if result["status"] != 0:
        raise Failure(f"recs evaluate ended with {result['status']}: {result['error'].strip()}")
    return result
