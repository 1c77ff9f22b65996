"""ALTCHA as strangers know it: npm's `altcha-lib` solves our challenges, accepts what it solved, and we accept that.

Usage: altcha_test.py DOORBUSTER FOLDER: the server's binary, and where npm may put the packages. Ends with 77 where npm
or its registry is not there.
"""

import base64
import hashlib
import hmac
import json
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "settings"))
from row import holds, same  # noqa: E402
from shop import SALES, Shop  # noqa: E402

from browser import BROWSER  # noqa: E402
from npm_packages import SKIPPED, fetched  # noqa: E402, after shop has said where it is

HERE = pathlib.Path(__file__).resolve().parent / "altcha"
CHALLENGE = "/api/v1/guard/challenge"
PROBLEMS = "https://doorbuster.dev/problems/"


def derived(master, purpose):
    """HKDF-SHA-256 (RFC 5869), in hexadecimal."""
    extracted = hmac.new(bytes(32), master, hashlib.sha256).digest()
    return hmac.new(extracted, purpose.encode() + b"\x01", hashlib.sha256).hexdigest()


def solve(shop, folder):
    master = (shop.folder / "data" / "master.key").read_bytes()
    secrets = [derived(master, f"doorbuster guard challenge{which} v1") for which in ("", " key")]
    command = ["node", "solve.mjs", f"http://127.0.0.1:{shop.port}{CHALLENGE}", *secrets]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True, timeout=60)
    return json.loads(done.stdout)


def join(shop, payload=None):
    return shop.request("POST", f"{SALES}/drop/queue", BROWSER | ({"Altcha": payload} if payload else {}))


def refused(answer, status, problem):
    same((answer.status, answer.json["type"]), (status, PROBLEMS + problem))
    same(answer.json["challenge"], CHALLENGE)


def main(binary, folder):
    policy = "--guard-policy="
    with Shop(binary, {"guard.policy": "fortress"}) as shop:
        same(shop.sell(units=50, guests=True, queue="fifo").status, 201)
        refused(join(shop), 403, "challenge-needed")
        same(shop.request("POST", f"{SALES}/drop/queue", shop.customer("alice")).status, 202, "a customer")
        solved = solve(shop, folder)
        same((solved["verified"], solved["verifiedByWork"]), (True, True), "what the library says of its solution")
        same((solved["algorithm"], solved["cost"]), ("SCRYPT", 128))
        holds(0 <= solved["counter"] < 4_000, solved["counter"])
        same(join(shop, solved["payload"]).status, 202, "joined with the library's solution")
        refused(join(shop, solved["payload"]), 403, "solution-refused")
        refused(join(shop, "nonsense"), 403, "solution-refused")
        refused(join(shop, forged(solved["payload"])), 403, "solution-refused")
        for result, count in {"solved": 1, "used": 1, "malformed": 1, "forged": 1, "needed": 1, "given": 1}.items():
            same(shop.metric(f'doorbuster_guard_challenges_total{{result="{result}"}}'), float(count), result)
        print(f"solved by altcha-lib in {solved['seconds']:.1f} s, {solved['counter']} derivations")
        shop.flags = [f"{policy}drop" if flag.startswith(policy) else flag for flag in shop.flags]
        shop.kill()
        shop.start()
        same([join(shop).status for _ in range(5)], 5 * [202], "joins of an address at rest")
        refused(join(shop), 429, "too-many-requests")
        same(join(shop, solve(shop, folder)["payload"]).status, 202, "worked in place of waiting")
        refused(join(shop), 429, "too-many-requests")


def forged(payload):
    """The same, for longer than it is good."""
    solution = json.loads(base64.b64decode(payload))
    solution["challenge"]["parameters"]["expiresAt"] += 3600
    return base64.b64encode(json.dumps(solution).encode()).decode()


if __name__ == "__main__":
    packages = pathlib.Path(sys.argv[2])
    if not fetched(HERE, packages, "solve.mjs"):
        sys.exit(SKIPPED)
    main(sys.argv[1], packages)
