"""The rows that go over HTTP beside a peer: null route, livez, public status, sold out, durable holds, 10,000 units."""

from load import with_ours, with_wrk
from report import Row, median_of, say
from box import Failure
from servers import nginx_lua_redis, nginx_returning, null_server, redis_ask

CONNECTIONS = 64
SECONDS = 3
TURN_SECONDS = 1  # of requests that leave nothing behind: short turns, so that both sides meet the same disturbances
TURNS = 3  # in a round
MANY_UNITS = 3_000_000
HOLD_TOKENS = 600_000
SOLD_OUT_TOKENS = 600_000  # so that nobody asks more often than the guard lets them
DROP_UNITS = 10_000
DROP_CONNECTIONS = 256
DURABLE_PEER = "nginx+Lua+Redis, fsync always"
HOLDS = "/api/v1/sales/drop/holds"


def alternate(rounds, ours, peer):
    """Both in turn, the order changing from round to round; returns the rounds of each."""
    results = {"ours": [], "peer": []}
    for number in range(rounds):
        order = [("ours", ours), ("peer", peer)]
        for name, run in order if number % 2 == 0 else reversed(order):
            results[name].append(run(number))
        say(f"round {number + 1} of {rounds}: " + ", ".join(f"{n} {brief(r[-1])}" for n, r in results.items()))
    return results


def brief(result):
    return f"{result['per_second']:,.0f}/s {result['cpu_us']:.2f} us CPU p99 {result['p99_us'] / 1000:.2f} ms"


def ratio(results, key):
    """The median over the rounds of ours / peer: what disturbs a round disturbs both sides of it."""
    return median_of([a[key] / b[key] for a, b in zip(results["ours"], results["peer"], strict=True)])


def cpu_row(name, peer, results, at_least, aim):
    return Row(
        name=name, peer=peer, results=results, value=ratio(results, "cpu_us"), unit="x peer's CPU a request",
        at_least=at_least, aim=aim, better="lower",
    )  # fmt: skip


def in_short_turns(rounds, ours, peer):
    return alternate(rounds * TURNS, lambda _: ours(), lambda _: peer())


def null_route(rounds, _shop):
    with null_server() as us, nginx_returning("ok\\n") as peer:
        same_body(us, "/", peer)
        results = in_short_turns(rounds, lambda: wrk(us, "/"), lambda: wrk(peer, "/"))
    yield cpu_row("null route", "nginx return 200", results, 0.95, 0.85)


def wrk(server, path):
    return with_wrk(server, path, CONNECTIONS, TURN_SECONDS)


def same_body(us, path, peer):
    ours, theirs = us.ask("GET", path), peer.ask("GET", "/")
    if ours[0] != 200 or theirs[0] != 200 or len(ours[1]) != len(theirs[1]):
        raise Failure(f"the bodies to compare differ: {ours[0]} {len(ours[1])} bytes, {theirs[0]} {len(theirs[1])}")


def livez(rounds, shop):
    """The whole server's cheapest answer: what it costs beside the null route is what stands around each request."""
    with shop.open_server() as us:
        yield beside_nginx("livez of the whole server", rounds, us, "/livez")


def public_status(rounds, shop):
    with shop.open_server() as us:
        shop.put_on(us, "drop", DROP_UNITS)
        shop.await_open(us, "drop")
        yield beside_nginx("public status", rounds, us, "/api/v1/sales/drop")


def beside_nginx(name, rounds, us, path):
    size = len(us.ask("GET", path)[1])
    with nginx_returning("x" * size) as peer:
        same_body(us, path, peer)
        results = in_short_turns(rounds, lambda: wrk(us, path), lambda: wrk(peer, "/"))
    return cpu_row(name, f"nginx return 200, {size} bytes", results, 0.95, 0.85)


def sold_out(rounds, shop):
    tokens = shop.tokens(SOLD_OUT_TOKENS)
    with shop.open_server() as us:
        shop.put_on(us, "drop", 1)
        shop.await_open(us, "drop")
        with_ours(us, HOLDS, 1, 1, method="POST", tokens=tokens, requests=1, expect=201)
        asked = {"method": "POST", "tokens": tokens, "skip": 1, "repeat": True}
        refusal = {**asked, "expect": 409, "body_holds": "sold-out"}
        size = body_size(us, tokens)
        with nginx_returning("x" * size) as peer:
            results = in_short_turns(rounds, lambda: turn(us, **refusal), lambda: turn(peer, **asked, expect=200))
        if shop.status(us, "drop")["held"] != 1:
            raise Failure("a unit too many or too few was held")
    yield cpu_row("sold out", f"nginx return 200, {size} bytes", results, 1.15, 1.0)


def body_size(us, tokens):
    """Of the refusal, so that the peer sends as much."""
    with open(tokens, encoding="ascii") as file:
        file.readline()
        token = file.readline().strip()
    return len(us.ask("POST", HOLDS, headers={"Authorization": f"Bearer {token}"})[1])


def turn(server, **flags):
    return with_ours(server, HOLDS, CONNECTIONS, TURN_SECONDS, **flags)


def durable(name, rounds, ours, peer, bounds):
    """What is on the disk before it is answered, on few and on many connections; both are told on how many."""
    for connections, (at_least, aim) in zip((64, 256), bounds, strict=True):
        say(f"{connections} connections")
        results = alternate(rounds, lambda _, c=connections: ours(c), lambda _, c=connections: peer(c))
        yield Row(
            name=f"{name}, {connections} connections", peer=DURABLE_PEER, results=results,
            value=ratio(results, "per_second"), unit="x peer's throughput", at_least=at_least, aim=aim,
            better="higher",
            note=f"webhooks took {median_of([r['told'] for r in results['ours']]):,.0f} events meanwhile",
        )  # fmt: skip


def check_kept(result, kept, who, what):
    """All that was acknowledged is there, and nothing else."""
    if kept != result["wanted"]:
        raise Failure(f"{who} acknowledged {result['wanted']} {what}, but has {kept}")
    return result


def durable_hold(rounds, shop):
    asked = {"method": "POST", "tokens": shop.tokens(HOLD_TOKENS), "expect": 201, "body_holds": '"state":"held"'}
    return durable("durable hold", rounds, lambda c: hold_on_us(shop, c, asked), lambda c: hold_on_peer(c, asked),
                   ((3, 5), (3, 5)))  # fmt: skip


def hold_on_us(shop, connections, asked, units=MANY_UNITS, **more):
    with shop.open_server() as us:
        shop.put_on(us, "drop", units)
        shop.await_open(us, "drop")
        result = with_ours(us, HOLDS, connections, SECONDS, **asked, **more)
        result["told"] = shop.told(us)
        held = shop.status(us, "drop")["held"]
    return check_kept(result, held, "our server", "holds")


def hold_on_peer(connections, asked, units=MANY_UNITS, **more):
    with nginx_lua_redis(units) as peer:
        result = with_ours(peer, HOLDS, connections, SECONDS, **asked, **more)
        held = units - int(redis_ask(peer.folder, "GET", "stock"))
    return check_kept(result, held, "the peer", "holds")


def all_held(rounds, shop):
    """Twice as many customers as units, each once: the time until the last unit is acknowledged."""
    asked = {"method": "POST", "tokens": shop.tokens(2 * DROP_UNITS), "requests": 2 * DROP_UNITS, "expect": 201,
             "also": 409, "body_holds": '"state":"held"'}  # fmt: skip
    results = alternate(
        rounds,
        lambda _: hold_on_us(shop, DROP_CONNECTIONS, asked, units=DROP_UNITS),
        lambda _: hold_on_peer(DROP_CONNECTIONS, asked, units=DROP_UNITS),
    )
    for result in results["ours"]:
        if result["wanted"] != DROP_UNITS:
            raise Failure(f"{result['wanted']} of {DROP_UNITS} units were held")
    yield Row(
        name="10,000 units all held", peer=DURABLE_PEER, results=results,
        value=median_of([r["last_wanted_seconds"] for r in results["ours"]]), unit="s", at_least=1.0, aim=0.25,
        better="lower", strictly=True,
        note=f"peer {median_of([r['last_wanted_seconds'] for r in results['peer']]):.2f} s",
    )  # fmt: skip
