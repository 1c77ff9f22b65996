"""Somebody tries out codes: after some that are nobody's they are told to wait, and learn nothing of the links that
there are; people at the same address still follow those that are known, and people elsewhere all of them.

Usage: guessing_test.py DOORBUSTER
"""

import http.client
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "api"))
from live_server import LiveServer  # noqa: E402

MISSES = 60  # an address, by the policy "drop"
PAGE = {"Accept": "text/html,*/*;q=0.8"}
GUESSER = {"X-Forwarded-For": "198.51.100.7"}
NEIGHBOUR = {"X-Forwarded-For": "198.51.100.8"}
ELSEWHERE = {"X-Forwarded-For": "203.0.113.7"}


def status(server, connection, path, headers):
    return server.request("GET", path, headers, None, connection).status


def complaints(server):
    operator = {"Authorization": "Bearer " + server.key("operator.key")}
    for alias in ("popular", "hidden", "hidden-too"):
        body = json.dumps({"long_url": "https://shop.example/", "custom_alias": alias})
        if server.request("POST", "/api/v1/urls", operator, body).status != 201:
            yield f"{alias} was not made"
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    if status(server, connection, "/popular", ELSEWHERE) != 301:
        yield "a link is not followed"
    guesses = [status(server, connection, f"/guess{number}", GUESSER) for number in range(5 * MISSES)]
    found = guesses.count(404)
    if not MISSES <= found <= MISSES + 5 or guesses.count(429) != len(guesses) - found:
        yield f"of {len(guesses)} guesses {found} were answered 404, {guesses.count(429)} with 429"
    for path in ("/hidden", "/hidden+", "/hidden.qr", "/nobody", "/nobody+", "/nobody.qr"):
        answer = server.request("GET", path, GUESSER, None, connection)
        if answer.status != 429 or int(answer.headers["retry-after"]) < 1:
            yield f"{path} tells a guesser {answer.status} {answer.headers}"
        answer = server.request("GET", path, GUESSER | PAGE, None, connection)
        if answer.status != 429 or "retry-after" not in answer.headers or b"<html" not in answer.body:
            yield f"{path} shows a guesser {answer.status} {answer.body}"
    for who, path, wanted in (
        (GUESSER, "/popular", 301),
        (GUESSER, "/popular+", 200),
        (GUESSER, f"/guess{found - 1}", 404),
        (NEIGHBOUR, "/hidden", 301),
        (NEIGHBOUR, "/male", 404),
        (ELSEWHERE, "/hidden-too", 301),
    ):
        if (got := status(server, connection, path, who)) != wanted:
            yield f"{who} hears {got} of {path}, not {wanted}"
    if (got := status(server, connection, "/hidden", GUESSER)) != 301:
        yield f"a link that somebody else has followed is answered {got}"


def main(binary):
    flags = ["--services", "links", "--guard-policy", "drop", "--guard-trusted-proxies", "127.0.0.1"]
    flags += ["--threads-reactors", "1"]
    with LiveServer(binary, *flags) as server:
        found = list(complaints(server))
    for complaint in found:
        print(complaint)
    print(f"{len(found)} complaints")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
