"""Rows of recommendations."""

import json
import random
import time

from row import row, same
from shop import Shop

RECS = "/api/v1/recs"


def tell(shop, events):
    """Sends events; what became of all of them together."""
    told = {"recorded": 0, "duplicates": 0, "problems": []}
    for begin in range(0, len(events), 1_000):
        answer = shop.operator("POST", RECS + "/events", events[begin : begin + 1_000])
        same(answer.status, 202, answer.body)
        told = {name: told[name] + answer.json[name] for name in told}
    return told


def view(item, **members):
    return {"type": "view", "item": item} | members


@row
def recs__items(binary):
    for items, recorded in ((2, 2), (3, 3)):
        with Shop(binary, {"recs.items": items}) as shop:
            same(tell(shop, [view(f"i{n}", session="s") for n in range(3)])["recorded"], recorded)


def is_known(shop, user):
    return shop.operator("GET", f"{RECS}/users/{user}").status == 200


@row
def recs__users(binary):
    for users, remembered in ((2_000, False), (3_000, True)):
        with Shop(binary, {"recs.users": users}) as shop:
            tell(shop, [view("i", user=f"u{n}") for n in range(2_001)])
            same((is_known(shop, "u0"), is_known(shop, "u1")), (remembered, True))


@row
def recs__sessions(binary):
    """What only the first of many sessions looked at is looked at by nobody once there is no room for it."""
    for sessions, viewed_by in ((2_000, 0), (3_000, 1)):
        with Shop(binary, {"recs.sessions": sessions}) as shop:
            tell(shop, [view("first", session="s")] + [view("i", session=f"s{n}") for n in range(2_000)])
            same(shop.operator("GET", RECS + "/items/first").json["viewed_by"], viewed_by)


@row
def recs__event_ids(binary):
    for ids, duplicates in ((1_000, 0), (2_000, 1)):
        with Shop(binary, {"recs.event_ids": ids}) as shop:
            tell(shop, [view("i", session="s", id=str(n)) for n in range(1_001)])
            same(tell(shop, [view("i", session="s", id="0")])["duplicates"], duplicates)


@row
def recs__history(binary):
    for history, kept in ((5, 5), (100, 9)):
        with Shop(binary, {"recs.history": history}) as shop:
            tell(shop, [view(f"i{n}", user="u") for n in range(9)])
            answer = shop.operator("GET", RECS + "/users/u")
            same(len(json.loads(answer.body)["events"]), kept)


@row
def recs__answers(binary):
    """What is clicked of an answer that is not known any more counts where nothing else does."""
    for answers, clicks in ((100, 0), (1_000, 1)):
        with Shop(binary, {"recs.answers": answers}) as shop:
            tell(shop, [view("i", session="s")])
            first = shop.operator("GET", RECS + "/popular?surface=home").json
            for _ in range(100):
                shop.operator("GET", RECS + "/popular?surface=home")
            click = {"type": "click", "item": "i", "session": "s", "recommendation": first["recommendation"]}
            tell(shop, [click])
            same(shop.operator("GET", RECS + "/surfaces/home/report").json["clicks"], clicks)


@row
def recs__weights(binary):
    for weights, viewed_by in ((["hover=4"], 0), (["wishlist=4"], 1)):
        with Shop(binary, {"recs.weights": weights}) as shop:
            tell(shop, [{"type": "wishlist", "item": "i", "session": "s"}])
            same(shop.operator("GET", RECS + "/items/i").json["viewed_by"], viewed_by)


@row
def recs__event_names(binary):
    """What Gorse's clients call a star is a purchase, if nothing else is said."""
    key = "X-API-Key"
    for settings, bought_by in (({}, 1), ({"recs.event_names": ["star=view"]}, 0)):
        with Shop(binary, settings) as shop:
            feedback = [{"FeedbackType": "Star", "UserId": "u", "ItemId": "i", "Timestamp": ""}]
            headers = {key: shop.key("operator.key").strip(), "Content-Type": "application/json"}
            answer = shop.request("POST", RECS + "/gorse/api/feedback", headers, json.dumps(feedback))
            same((answer.status, answer.json), (200, {"RowAffected": 1}))
            same(shop.operator("GET", RECS + "/items/i").json["bought_by"], bought_by)


def trainings(shop):
    return shop.operator("GET", RECS + "/models").json["trainings"]


@row
def recs__training_every_seconds(binary):
    """1,000 views are news enough to learn from, though too little to learn anything of."""
    for seconds, learns in ((0, False), (1, True)):
        with Shop(binary, {"recs.training_every_seconds": seconds}) as shop:
            tell(shop, [view("i", session=f"s{n}") for n in range(1_000)])
            deadline = time.monotonic() + (60 if learns else 4)
            while not trainings(shop) and time.monotonic() < deadline:
                time.sleep(0.1)
            same(bool(trainings(shop)), learns)


@row
def recs__training_threads(binary):
    for threads in (1, 2):
        with Shop(binary, {"recs.training_every_seconds": 0, "recs.training_threads": threads}) as shop:
            choose = random.Random(1)
            tell(shop, [view(f"i{choose.randrange(50)}", session=f"s{n // 5}") for n in range(7_500)])
            same(shop.operator("POST", RECS + "/models/train").status, 202)
            most, deadline = 0, time.monotonic() + 300
            while not trainings(shop) and time.monotonic() < deadline:
                for _ in range(20):
                    most = max(most, shop.threads("recs-training"))
            same(most, threads)
