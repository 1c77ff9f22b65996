"""Made up interactions of very different shops, in the files of `doorbuster recs evaluate`: nobody has tuned anything
to them.

Everything follows from a name and a seed. Users like a few groups of items, and within a group some items more than
others, so that there is something to be learnt; a tenth is chance.
"""

import argparse
import bisect
import itertools
import os
import random
from dataclasses import dataclass
from datetime import datetime, timedelta

MILLION = 1_000_000
GROUP = 50  # items that go together
FIRST_DAY = datetime(2024, 1, 1, 8, 0)
DAYS = 300
SPLIT = "2024-10-01"  # behind nine tenths of the days
HELD_OUT = 5  # one item in so many
TEST_SESSIONS = 20  # one session in so many
BASKET = 8


@dataclass(frozen=True)
class Shape:
    users: int
    items: int
    each: int  # interactions of a user
    pareto: float = 0  # of how much users do: 0, all the same
    zipf: float = 0.8  # how popular items are within their group, and groups
    repeats: bool = False  # the same item again and again


SHAPES = {
    "many-users": Shape(users=200_000, items=1_000, each=5),
    "many-items": Shape(users=2_000, items=100_000, each=500),
    "short-lists": Shape(users=100_000, items=100_000, each=10),
    "long-lists": Shape(users=400, items=5_000, each=2_500),
    "middle": Shape(users=20_000, items=9_900, each=50),
    "skewed": Shape(users=50_000, items=30_000, each=20, pareto=1.1, zipf=1.3),
    "repeats": Shape(users=50_000, items=20, each=20, repeats=True),
    "tiny": Shape(users=50, items=40, each=8),
    "one-item": Shape(users=1_000, items=1, each=5),
    "one-user": Shape(users=1, items=200, each=100),
}


class Draws:
    """Numbers below n, the first ones more often."""

    def __init__(self, n, power, random_numbers):
        self.bounds = list(itertools.accumulate((i + 1) ** -power for i in range(n)))
        self.random = random_numbers

    def __call__(self):
        return bisect.bisect_left(self.bounds, self.random.random() * self.bounds[-1])


def histories(shape, seed=1):
    """Of each user, the oldest first; items may come twice."""
    numbers = random.Random(seed)
    groups = max(1, shape.items // GROUP)
    group_of, place_of = Draws(groups, shape.zipf, numbers), Draws(min(GROUP, shape.items), shape.zipf, numbers)
    left = shape.users * shape.each
    for _ in range(shape.users):
        size = shape.each
        if shape.pareto:
            size = min(int(shape.each * 0.1 * numbers.paretovariate(shape.pareto)) + 1, left, 20_000)
        left -= size
        if size <= 0:
            return
        if shape.repeats:
            yield [numbers.randrange(shape.items)] * size
            continue
        liked = [group_of() for _ in range(max(3, size // 20))]
        yield [one_item(shape, numbers, liked, groups, place_of) for _ in range(size)]


def one_item(shape, numbers, liked, groups, place_of):
    if numbers.random() < 0.1:
        return numbers.randrange(shape.items)
    group = numbers.choice(liked)
    return min(group + groups * place_of(), shape.items - 1)


def write_set(name, folder):
    """taste.txt and taste-test.txt, sequence.txt, sessions.txt and prefixes.txt, baskets.csv."""
    os.makedirs(folder, exist_ok=True)
    if os.path.exists(os.path.join(folder, "done")):
        return folder
    shape = SHAPES[name]
    names = ("taste.txt", "taste-test.txt", "sequence.txt", "sessions.txt", "prefixes.txt", "baskets.csv")
    taste, test, sequence, sessions, prefixes, baskets = (
        open(os.path.join(folder, each), "w", encoding="utf-8") for each in names)  # fmt: skip
    baskets.write("InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n")
    numbers = random.Random(2)
    invoices = []
    for user, history in enumerate(histories(shape)):
        words = [f"i{item}" for item in history]
        sequence.write(f"u{user} {' '.join(words)}\n")
        known = list(dict.fromkeys(words))
        held = known[len(known) - len(known) // HELD_OUT:]
        taste.write(f"u{user} {' '.join(known[: len(known) - len(held)])}\n")
        if held:
            test.write(f"u{user} {' '.join(held)}\n")
        if user % TEST_SESSIONS == 0 and len(words) > 1:
            for length in range(1, min(len(words), 20)):
                prefixes.write(f"{' '.join(words[:length])}\t{words[length]}\n")
        else:
            sessions.write(" ".join(words) + "\n")
        for begin in range(0, len(words), BASKET):
            minute = numbers.randrange(DAYS * 24 * 60)
            invoices.append((minute, user, words[begin : begin + BASKET]))
    invoices.sort(key=lambda invoice: invoice[0])
    for number, (minute, user, words) in enumerate(invoices):
        at = (FIRST_DAY + timedelta(minutes=minute)).strftime("%Y-%m-%d %H:%M")
        for word in words:
            baskets.write(f"{500_000 + number},{word},thing {word} of {int(word[1:]) % 97},1,{at},2.5,{user},Nowhere\n")
    for file in (taste, test, sequence, sessions, prefixes, baskets):
        file.close()
    with open(os.path.join(folder, "done"), "w", encoding="utf-8"):
        pass
    return folder


def main():
    parser = argparse.ArgumentParser(description="Write made up data sets for doorbuster recs evaluate.")
    parser.add_argument("folder")
    parser.add_argument("names", nargs="*", help="of " + " ".join(SHAPES) + "; all of them without any")
    arguments = parser.parse_args()
    for name in arguments.names or SHAPES:
        write_set(name, os.path.join(arguments.folder, name))
        print(name, flush=True)


if __name__ == "__main__":
    main()
