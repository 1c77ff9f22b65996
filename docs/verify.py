#!/usr/bin/env python3
"""Checks the public record of a draw: verify.py FILE [ENTRY-ID]. Needs nothing but Python; written from
docs/formats/draw.md alone, so that it shares no mistake with the server."""

import hashlib
import hmac
import sys


def sha(data):
    return hashlib.sha256(data).digest()


def root_of(leaves):
    """RFC 6962 section 2.1: the roots of perfect subtrees, largest first, then folded from the right."""
    stack = []
    for number, leaf in enumerate(leaves):
        while number & 1:
            leaf = sha(b"\x01" + stack.pop() + leaf)
            number >>= 1
        stack.append(leaf)
    root = stack.pop() if stack else sha(b"")
    while stack:
        root = sha(b"\x01" + stack.pop() + root)
    return root


class Permutation:
    def __init__(self, key, count):
        self.count = count
        self.half = (max((count - 1).bit_length(), 1) + 1) // 2
        self.mask = (1 << self.half) - 1
        self.rounds = [[self.round(key, r, value) for value in range(1 << self.half)] for r in range(8)]

    def round(self, key, number, value):
        digest = hmac.digest(key, bytes([number]) + value.to_bytes(4, "big"), "sha256")
        return int.from_bytes(digest[:4], "big") & self.mask

    def position(self, index):
        while True:
            left, right = index >> self.half, index & self.mask
            for table in self.rounds:
                left, right = right, left ^ table[right]
            index = left << self.half | right
            if index < self.count:
                return index


def fail(number, why):
    sys.exit(f"WRONG, line {number}: {why}")


def check(lines, wanted):
    def head(number, word):
        parts = lines[number].split(" ") if number < len(lines) else []
        if len(parts) != 2 or parts[0] != word:
            fail(number + 1, f"'{word}' and one word belong here")
        return parts[1]

    if head(0, "doorbuster-draw") != "1":
        fail(1, "only version 1 is known here")
    sale, commitment, secret = head(1, "sale"), head(2, "commitment"), bytes.fromhex(head(3, "secret"))
    if sha(secret).hex() != commitment:
        fail(4, "the secret is not the one that was committed to")
    beacon = bytes.fromhex(head(4, "beacon").replace("-", ""))
    count, root = int(head(5, "entries")), bytes.fromhex(head(6, "root"))
    ids, leaves = [], []
    for index in range(count):
        parts = lines[7 + index].split(" ") if 7 + index < len(lines) else []
        if len(parts) != 4 or parts[:2] != ["entry", str(index)] or len(parts[2]) != 26:
            fail(8 + index, f"'entry {index} ID NONCE' belongs here")
        nonce = bytes.fromhex(parts[3].replace("-", ""))
        leaves.append(sha(b"\x00" + index.to_bytes(8, "big") + parts[2].encode() + nonce))
        ids.append(parts[2])
    if root_of(leaves) != root:
        fail(7 + count, "the entries do not have the root that was published")
    key = hmac.digest(secret, root + count.to_bytes(8, "big") + beacon, "sha256")
    permutation = Permutation(key, count)
    at = {}
    for index, entry in enumerate(ids):
        at[permutation.position(index) + 1] = entry
    offers = history(lines, 7 + count, at)
    if len(set(at.values())) != len(at):
        fail(len(lines), "an entry is there twice")
    print(f"RIGHT: sale {sale}, {count} entries drawn, {len(at) - count} late, {offers} offers in order")
    if wanted:
        print(next((f"{wanted} stands at position {p}" for p, e in at.items() if e == wanted), f"no entry {wanted}"))


def history(lines, start, at):
    """After the draw, to the end: offers go in the order of positions, past nobody who is still there."""
    gone, reached, offers = set(), 1, 0
    for number, line in enumerate(lines[start:], start):
        parts = line.split(" ")
        if parts[0] == "end":
            if parts[1:] != [str(number)] or number + 1 != len(lines):
                fail(number + 1, "lines are missing or too many")
            return offers
        if len(parts) != 4 or parts[0] not in ("late", "offer", "left", "removed"):
            fail(number + 1, "'late', 'offer', 'left', 'removed' or 'end' belongs here")
        position, entry = int(parts[1]), parts[2]
        if parts[0] == "late":
            if position != len(at) + 1:
                fail(number + 1, "who comes late stands behind all others")
            at[position] = entry
        if at.get(position) != entry:
            fail(number + 1, f"position {position} is that of {at.get(position, 'nobody')}")
        if parts[0] == "offer":
            if position < reached or position in gone or any(p not in gone for p in range(reached, position)):
                fail(number + 1, "an offer out of order")
            reached, offers = position + 1, offers + 1
        elif parts[0] != "late":
            gone.add(position)
    sys.exit("WRONG: the last line is missing ('end LINES')")


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    with open(sys.argv[1], encoding="ascii") as file:
        check(file.read().splitlines(), sys.argv[2] if len(sys.argv) == 3 else None)
