"""What recommendations for a very large shop take, computed from what was measured on one machine.

Every number is named: what was measured (docs/speed-of-light.md), what is assumed of the shop, and what is assumed of
the machines and their price. Any of them can be given; docs/recs/sizing.md holds the table without any.
"""

import argparse
import math
from dataclasses import dataclass, fields

GIB = 1 << 30


@dataclass
class Sizing:
    # Measured.
    item_us: float = 15.9  # CPU of an answer about an item, over HTTP
    customer_us: float = 146.0  # CPU of an answer for a customer, over HTTP
    event_us: float = 3.9  # CPU of an event, durable and in the tables
    bytes_an_item: float = 850.0
    bytes_a_visitor: float = 200.0
    bytes_an_event: float = 43.0  # of the histories that are kept
    bytes_an_answer: float = 1_300.0
    log_bytes_an_event: float = 21.0
    # Assumed of the shop.
    items: float = 350e6
    categories: float = 50
    users: float = 300e6
    requests_a_second: float = 1e6
    share_for_customers: float = 0.25  # of the requests; the others are about an item
    categories_a_customer: float = 3  # whose servers know the customer, and answer a question for them
    events_kept: float = 50  # of a user, in all categories
    sessions: float = 100e6  # kept, of ten events each
    events_a_session: float = 10
    events_a_request: float = 0.33  # a page asks three times, and tells of one view
    # Assumed of the machines.
    replicas: float = 2  # of each server; each hears all events of its category
    busy: float = 0.5  # of the cores at the peak
    cores_a_machine: float = 16
    gib_a_machine: float = 128
    memory_used: float = 0.7
    price_a_core: float = 0.03  # an hour, in euros
    price_a_gib: float = 0.004


def lines_of(given):
    """(what, value, unit, how it is computed)"""
    about_items = given.requests_a_second * (1 - given.share_for_customers)
    for_customers = given.requests_a_second * given.share_for_customers * given.categories_a_customer
    events = given.requests_a_second * given.events_a_request
    cores_items = about_items * given.item_us / 1e6
    cores_customers = for_customers * given.customer_us / 1e6
    cores_events = events * given.event_us / 1e6 * given.replicas
    cores = (cores_items + cores_customers + cores_events) / given.busy
    kept = given.users * given.events_kept + given.sessions * given.events_a_session
    visitors = given.users * given.categories_a_customer + given.sessions
    memory = (given.items * given.bytes_an_item + visitors * given.bytes_a_visitor + kept * given.bytes_an_event) / GIB
    all_memory = memory * given.replicas / given.memory_used
    shards = math.ceil(memory / given.memory_used / given.gib_a_machine)
    machines = max(math.ceil(cores / given.cores_a_machine), math.ceil(all_memory / given.gib_a_machine))
    euros = machines * (given.cores_a_machine * given.price_a_core + given.gib_a_machine * given.price_a_gib)
    network = given.requests_a_second * given.bytes_an_answer * 8 / 1e9
    log = events * given.log_bytes_an_event * 86_400 / GIB
    return [
        ("answers about an item", about_items, "a second", "requests that are not for a customer"),
        ("answers for customers", for_customers, "a second", "each asks the servers of so many categories"),
        ("events", events, "a second", "told by pages"),
        ("cores for answers about items", cores_items, "cores", "answers x CPU each"),
        ("cores for answers for customers", cores_customers, "cores", "answers x CPU each"),
        ("cores for events", cores_events, "cores", "events x CPU each x replicas"),
        ("cores in all", cores, "cores", "at the share of busy cores"),
        ("memory of one copy", memory, "GiB", "items, visitors in each of their categories, events kept"),
        ("memory of all copies", all_memory, "GiB", "x replicas, at the share of memory used"),
        ("machines that one copy needs", shards, "machines", f"for {given.categories:.0f} categories, or parts"),
        ("machines", machines, "machines", "by cores or by memory, whichever asks for more"),
        ("network", network, "Gbit/s", "bodies of answers"),
        ("log", log, "GiB a day", "events x bytes each, before it is archived"),
        ("cost", euros, "euros an hour", "machines x (cores x price + GiB x price)"),
        ("cost of a million answers", euros / (given.requests_a_second * 3.6e3) * 1e6, "euros", ""),
    ]  # fmt: skip


def shown(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def main():
    parser = argparse.ArgumentParser(description="What recommendations for a very large shop take.")
    for field in fields(Sizing):
        parser.add_argument("--" + field.name.replace("_", "-"), type=float, default=field.default)
    given = Sizing(**vars(parser.parse_args()))
    print("| what | | | how |\n|---|---|---|---|")
    for what, value, unit, how in lines_of(given):
        print(f"| {what} | {shown(value)} | {unit} | {how} |")


if __name__ == "__main__":
    main()
