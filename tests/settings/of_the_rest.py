"""Rows of addresses, the log, payments, customers, admissions, webhooks and log lines."""

import json
import pathlib
import shutil
import tempfile
import time
from urllib.parse import quote

from row import holds, row, same
from shop import PROVIDER_SECRET, SALES, Listener, Shop, free_port, is_signed, mint_by, refusal
from shop import make_ed25519, mint_ed25519

SECRET = "0123456789abcdef0123456789abcdef"
BACK = "https://shop.example/checkout"
PRICE = {"amount": 100, "currency": "EUR"}


@row
def listen(binary):
    with Shop(binary) as shop:
        same(shop.request("GET", "/livez").status, 200, "at the port that was given")


@row
def admin_listen(binary):
    port = free_port()
    with Shop(binary, {"admin_listen": f"127.0.0.1:{port}"}) as shop:
        same(shop.request("GET", "/metrics").status, 404)
        shop.port = port
        same(shop.request("GET", "/metrics").status, 200)


@row
def data(binary):
    with Shop(binary) as shop:
        holds((shop.folder / "data" / "log").is_dir(), "the log is not in the folder that was given")


@row
def base_url(binary):
    provider = Listener(answer=500)
    with Shop(binary, {"base_url": "HTTPS://drop.example/", "payment.url": provider.url}) as shop:
        shop.sell(guests=True, price=PRICE)
        cookie = shop.request("POST", f"{SALES}/drop/holds").headers["set-cookie"]
        holds(cookie.startswith("__Host-"), f"the cookie is {cookie}")
        shop.pay("alice")
        called = json.loads(provider.wait_for_call()[3])
        same(called["callback_url"], "https://drop.example/api/v1/payments/events")


@row
def services(binary):
    with Shop(binary, {"services": "sale"}) as shop:
        same(shop.operator("GET", "/api/v1/urls").status, 404)
        same(shop.request("GET", SALES).status, 200)
    with Shop(binary, {"services": "links"}) as shop:
        same(shop.operator("GET", "/api/v1/urls").status, 200)
        same(shop.request("GET", SALES).status, 404)
    with Shop(binary, {"services": "recs"}) as shop:
        same(shop.request("GET", "/api/v1/recs/popular").status, 200)
        same(shop.operator("GET", "/api/v1/urls").status, 404)
    refused = refusal(binary, {"services": "tickets"})
    holds("services of this binary: sale, links, recs" in refused, "an unknown service starts")


@row
def cells(binary):
    """Sales of a folder of one cell stay there; new ones spread; and no fewer cells than have sales."""
    with Shop(binary) as shop:
        shop.sell("old")
        stop(shop)
        shop.flags.append("--cells=4")
        shop.start()
        same(shop.reserve("alice", "old").status, 201)
        same(shop.sell("old").status, 409)
        for number in range(12):
            same(shop.sell(f"new-{number}").status, 201)
            same(shop.reserve("alice", f"new-{number}").status, 201)
        busy = [shop.metric(f'doorbuster_cell_events_total{{cell="{cell}"}}') > 0 for cell in range(4)]
        same(busy, [True] * 4)
        stop(shop)
        shop.flags[-1] = "--cells=3"
        try:
            shop.start()
        except RuntimeError as error:
            holds("set cells = 4 or more" in str(error), error)
        else:
            raise AssertionError("it starts without the cell that has sales")


def stop(shop):
    shop.seconds_to_stop()
    same(shop.process.returncode, 0)


@row
def threads__reactors(binary):
    with Shop(binary, {"threads.reactors": 3}) as shop:
        same(shop.threads("reactor-"), 3)


@row
def log__store(binary):
    forgetful = {"log.store": "memory", "log.accept_losing_everything": "true"}
    for settings, store in [({}, "rocksdb"), (forgetful, "memory")]:
        with Shop(binary, settings) as shop:
            same(shop.request("GET", "/readyz").json["durability"]["store"], store)


@row
def log__accept_losing_everything(binary):
    holds("accept_losing_everything" in refusal(binary, {"log.store": "memory"}), "it starts all the same")
    same(refusal(binary, {"log.store": "memory", "log.accept_losing_everything": "true"}), None)


@row
def log__allow_lost_tail(binary):
    """The disk forgets what came after a copy was made, but for the mark of what was durable."""
    with Shop(binary) as shop:
        shop.sell("kept")
        shop.kill()
        log = shop.folder / "data" / "log"
        shutil.copytree(log, shop.folder / "older")
        shop.start()
        for number in range(30):
            shop.sell(f"lost-{number}")
        shop.kill()
        for item in (shop.folder / "older").iterdir():
            if item.suffix != ".mark":
                shutil.rmtree(log / item.name) if item.is_dir() else (log / item.name).unlink()
                shutil.move(item, log / item.name)
        try:
            shop.start()
        except RuntimeError as error:
            holds("--log-allow-lost-tail" in str(error), error)
        else:
            raise AssertionError("it starts, although acknowledged events are missing")
        shop.flags.append("--log-allow-lost-tail")
        shop.start()
        same(shop.request("GET", f"{SALES}/kept").status, 200)


@row
def keys__allow_new(binary):
    with Shop(binary) as shop:
        shop.sell("kept")
        old = shop.key("operator.key")
        stop(shop)
        (shop.folder / "data" / "keys.json").unlink()
        try:
            shop.start()
        except RuntimeError as error:
            holds("--keys-allow-new" in str(error), error)
        else:
            raise AssertionError("it starts with new keys although nobody has allowed it")
        shop.flags.append("--keys-allow-new")
        shop.start()
        holds(shop.key("operator.key") != old, "no new key was made")
        same(shop.operator("GET", "/api/v1/keys").status, 200)
        same(shop.request("GET", f"{SALES}/kept").status, 200)


@row
def log_output__level(binary):
    for level, is_told in [("info", True), ("error", False)]:
        with Shop(binary, {"log_output.level": level}) as shop:
            stop(shop)  # it is ready a little before it says so
            same("ready" in shop.log(), is_told)


@row
def log_output__format(binary):
    with Shop(binary, {"log_output.format": "json"}) as shop:
        stop(shop)
        lines = [line for line in shop.log().splitlines() if line.startswith("{")]
        same([json.loads(line)["msg"] for line in lines if "ready" in line], ["ready"])


@row
def payment__adapter(binary):
    """A real provider needs a secret that both sides were given; one for the sandbox is made."""
    holds("payment.secret must be set" in refusal(binary, {"payment.adapter": "http"}), "it starts without a secret")
    with Shop(binary, {"payment.adapter": "http", "payment.secret": PROVIDER_SECRET}) as shop:
        holds(not (shop.folder / "data" / "payment.secret").exists(), "a secret was made")


@row
def payment__url(binary):
    provider = Listener(answer=500)
    with Shop(binary, {"payment.url": provider.url + "/v1"}) as shop:
        shop.sell(price=PRICE)
        shop.pay("alice")
        same(provider.wait_for_call()[:2], ("POST", "/v1/payments"))


@row
def payment__secret(binary):
    provider = Listener(answer=500)
    with Shop(binary, {"payment.url": provider.url, "payment.secret": PROVIDER_SECRET}) as shop:
        shop.sell(price=PRICE)
        shop.pay("alice")
        holds(is_signed(provider.wait_for_call(), PROVIDER_SECRET), "the call is not signed with the secret")


@row
def payment__timeout_seconds(binary):
    provider = Listener()
    with Shop(binary, {"payment.url": provider.url, "payment.timeout_seconds": 1}) as shop:
        shop.sell(price=PRICE)
        shop.pay("alice")
        begin = time.monotonic()
        while "outcome=" not in shop.log():
            holds(time.monotonic() < begin + 6, "a silent provider is waited for")
            time.sleep(0.1)


@row
def customers__keep_ids(binary):
    for settings, kept in [({}, None), ({"customers.keep_ids": "true"}, "the-shops-alice")]:
        with Shop(binary, settings) as shop:
            shop.sell()
            same(shop.reserve("the-shops-alice").json["customer_id"], kept)


@row
def customers__shop_keys__id(binary):
    config = f'[[customers.shop_keys]]\nid = "extra"\nsecret = "{SECRET}"\n'
    for text, status in [("", 401), (config, 201)]:
        with Shop(binary, config=text) as shop:
            shop.sell()
            token = mint_by("extra", SECRET, "alice")
            same(shop.request("POST", f"{SALES}/drop/holds", {"Authorization": "Bearer " + token}).status, status)


customers__shop_keys__secret = customers__shop_keys__id


@row
def customers__shop_keys__public_key(binary):
    with tempfile.TemporaryDirectory() as folder:
        key = pathlib.Path(folder) / "key.pem"
        public_key = make_ed25519(key)
        config = f'[[customers.shop_keys]]\nid = "extra"\npublic_key = "{public_key}"\n'
        with Shop(binary, config=config) as shop:
            shop.sell()
            token = mint_ed25519("extra", key, "alice")
            same(shop.request("POST", f"{SALES}/drop/holds", {"Authorization": "Bearer " + token}).status, 201)


@row
def admissions__return_to(binary):
    for settings, status in [({}, 400), ({"admissions.return_to": BACK}, 302)]:
        with Shop(binary, settings) as shop:
            shop.sell(queue="fifo")
            same(shop.request("GET", f"/q/drop?return={quote(BACK, safe='')}").status, status)


@row
def admissions__life_seconds(binary):
    with Shop(binary, {"admissions.life_seconds": 10}) as shop:
        shop.sell(queue="fifo")
        entry = shop.request("POST", f"{SALES}/drop/queue", shop.customer("alice")).json
        path = f"{SALES}/drop/queue/{entry['id']}/admission"
        admission = shop.request("POST", path, shop.customer("alice")).json
        cookie = {"Cookie": "doorbuster_admission=" + admission["token"]}
        same(shop.request("GET", "/admissions/verify?sale=drop", cookie).status, 204)
        time.sleep(11)
        same(shop.request("GET", "/admissions/verify?sale=drop", cookie).status, 401)


def webhook(listener, *lines):
    return "\n".join([f'[[webhooks]]\nurl = "{listener.url}/hook"\nsecret = "{PROVIDER_SECRET}"', *lines, ""])


@row
def webhooks__url(binary):
    listener = Listener(answer=204)
    with Shop(binary, config=webhook(listener, 'events = ["hold.created"]')) as shop:
        shop.sell()
        shop.reserve("alice")
        call = listener.wait_for_call()
        same((call[1], json.loads(call[3])["type"]), ("/hook", "hold.created"))
        holds(is_signed(call, PROVIDER_SECRET), "the event is not signed with the secret")


webhooks__secret = webhooks__events = webhooks__url


@row
def webhooks__id(binary):
    listener = Listener(answer=204)
    for lines, status in [([], 404), (['id = "till"'], 200)]:
        with Shop(binary, config=webhook(listener, *lines)) as shop:
            same(shop.operator("GET", "/api/v1/webhooks/till").status, status)


@row
def webhooks__in_flight(binary):
    """So many of its calls a silent endpoint gets."""
    for lines, calls in [([], 6), (["in_flight = 2"], 2)]:
        listener = Listener()
        with Shop(binary, config=webhook(listener, 'events = ["hold.created"]', *lines)) as shop:
            shop.sell(units=9)
            for number in range(6):
                shop.reserve(f"customer-{number}")
            listener.wait_for_calls(calls)
            time.sleep(1)
            same(len(listener.calls), calls)


@row
def webhooks__batch(binary):
    for lines, kind in [([], "application/cloudevents+json"), (["batch = 10"], "application/cloudevents-batch+json")]:
        listener = Listener(answer=204)
        with Shop(binary, config=webhook(listener, *lines)) as shop:
            shop.sell()
            same(listener.wait_for_call()[2]["Content-Type"].partition(";")[0], kind)
