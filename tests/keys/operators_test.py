"""Who gets in as an operator of a real server, also after a restart and while others try wrong keys."""

import http.client
import itertools
import json
import pathlib
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "settings"))
from row import holds, same  # noqa: E402
from shop import Shop  # noqa: E402

SESSION = "/api/v1/session"


def log_in(shop, key, connection=None):
    return shop.request("POST", SESSION, {}, json.dumps({"key": key}), connection)


def other_secret(key):
    return key[:20] + ("B" if key[20] == "A" else "A") + key[21:]


def wrong_secrets_keep_nobody_out(binary):
    with Shop(binary, {"threads.reactors": 2}) as shop:
        right = shop.key("operator.key")
        for _ in range(4):
            shop.kill()
            shop.start()
            done, enough = threading.Event(), threading.Event()

            def flood():
                connection = http.client.HTTPConnection("127.0.0.1", shop.port, timeout=20)
                for count in itertools.count():
                    if done.is_set():
                        return
                    log_in(shop, other_secret(right), connection)
                    if count == 8:
                        enough.set()

            flooding = threading.Thread(target=flood)
            flooding.start()
            try:
                enough.wait(20)
                same([log_in(shop, right).status for _ in range(3)], [201] * 3, "the right key among wrong ones")
            finally:
                done.set()
                flooding.join()
            same(log_in(shop, other_secret(right)).status, 401)


def logged_out_is_logged_out(binary):
    with Shop(binary) as shop:
        made = log_in(shop, shop.key("operator.key"))
        cookie = {"Cookie": made.headers["set-cookie"].partition(";")[0], "X-CSRF-Token": made.json["csrf_token"]}
        other = log_in(shop, shop.key("operator.key"))
        same(shop.request("DELETE", SESSION, cookie).status, 204)
        for _ in range(2):
            shop.kill()
            shop.start()
            same(shop.request("GET", "/api/v1/keys", cookie).status, 401, "a session that was ended")
            kept = {"Cookie": other.headers["set-cookie"].partition(";")[0]}
            same(shop.request("GET", "/api/v1/keys", kept).status, 200, "one that was not")
        mode = (shop.folder / "data" / "ended-sessions.json").stat().st_mode & 0o777
        holds(mode == 0o600, f"the file has mode {mode:o}")


def trail(shop):
    return [(line["action"], line["address"]) for line in shop.operator("GET", "/api/v1/audit").json["lines"]]


def what_operators_do_is_in_the_trail(binary):
    """Also after the server was killed; and failed log-ins do not fill it."""
    with Shop(binary) as shop:
        hook = {"url": "http://127.0.0.1:9/hook", "name": "till"}
        made = shop.operator("POST", "/api/v1/webhooks", hook)
        same(made.status, 201)
        path = "/api/v1/webhooks/" + made.json["id"]
        for method, target in [("POST", path + "/disable"), ("POST", path + "/enable"), ("POST", path + "/secret"),
                               ("DELETE", path), ("POST", "/api/v1/admission-keys")]:
            holds(shop.operator(method, target).status < 300, f"{method} {target}")
        key = shop.operator("POST", "/api/v1/keys", {"kind": "operator", "name": "Ada"}).json
        same(shop.operator("DELETE", "/api/v1/keys/" + key["id"]).status, 204)
        same(log_in(shop, shop.key("operator.key")).status, 201)
        for _ in range(300):
            log_in(shop, other_secret(shop.key("operator.key")))
        expected = ["log-in failed"] * 20 + ["logged in", "key revoked", "key made", "admission key rotated",
                                             "webhook deleted", "webhook secret rotated", "webhook enabled",
                                             "webhook disabled", "webhook made"]
        same(trail(shop), [(action, "127.0.0.1") for action in expected])
        shop.kill()
        shop.start()
        same(trail(shop), [(action, "127.0.0.1") for action in expected], "after a restart")


if __name__ == "__main__":
    for test in (wrong_secrets_keep_nobody_out, logged_out_is_logged_out, what_operators_do_is_in_the_trail):
        test(sys.argv[1])
        print(f"{test.__name__}: ok", flush=True)
