#!/usr/bin/env python3
"""Checks the public record of a draw: verify.py FILE [ENTRY-ID]. Plain Python, from docs/formats/draw.md alone."""
import hashlib
import hmac
import sys

def sha(data):
    return hashlib.sha256(data).digest()
def fail(number, why):
    sys.exit(f"WRONG, line {number}: {why}")

def root_of(leaves):
    """RFC 6962 section 2.1: the roots of perfect subtrees, largest first, then folded from the right."""
    stack = []
    for number, leaf in enumerate(leaves):
        while number & 1:
            leaf, number = sha(b"\x01" + stack.pop() + leaf), number >> 1
        stack.append(leaf)
    root = stack.pop() if stack else sha(b"")
    while stack:
        root = sha(b"\x01" + stack.pop() + root)
    return root

def positions(key, count):
    """The position of each index, from 1."""
    half = (max((count - 1).bit_length(), 1) + 1) // 2
    mask = (1 << half) - 1
    def round_value(number, value):
        return int.from_bytes(hmac.digest(key, bytes([number]) + value.to_bytes(4, "big"), "sha256")[:4], "big") & mask
    tables = [[round_value(number, value) for value in range(1 << half)] for number in range(8)]
    for index in range(count):
        while True:
            left, right = index >> half, index & mask
            for table in tables:
                left, right = right, left ^ table[right]
            index = left << half | right
            if index < count:
                break
        yield index + 1

def check(lines, wanted):
    def words(number, first, count):
        found = lines[number].split(" ") if number < len(lines) else []
        if len(found) != count or found[0] != first:
            fail(number + 1, f"'{first}' and {count - 1} more words belong here")
        return found[1:]
    if words(0, "doorbuster-draw", 2) != ["1"]:
        fail(1, "only version 1 is known here")
    (sale,), (commitment,), (secret,) = words(1, "sale", 2), words(2, "commitment", 2), words(3, "secret", 2)
    secret = bytes.fromhex(secret)
    if sha(secret).hex() != commitment:
        fail(4, "the secret is not the one that was committed to")
    value, *where = "-" if lines[4:5] == ["beacon -"] else words(4, "beacon", 4)
    beacon = bytes.fromhex(value.replace("-", ""))
    count, root = int(words(5, "entries", 2)[0]), bytes.fromhex(words(6, "root", 2)[0])
    ids, leaves = [], []
    for index in range(count):
        number, entry, nonce = words(7 + index, "entry", 4)
        if number != str(index) or len(entry) != 26:
            fail(8 + index, f"'entry {index} ID NONCE' belongs here")
        leaves.append(sha(b"\x00" + index.to_bytes(8, "big") + entry.encode() + bytes.fromhex(nonce.replace("-", ""))))
        ids.append(entry)
    if root_of(leaves) != root:
        fail(7 + count, "the entries do not have the root that was published")
    at = dict(zip(positions(hmac.digest(secret, root + count.to_bytes(8, "big") + beacon, "sha256"), count), ids))
    offers = history(lines, 7 + count, at)
    if len(set(at.values())) != len(at):
        fail(len(lines), "an entry is there twice")
    print(f"RIGHT: sale {sale}, {count} entries drawn, {len(at) - count} late, {offers} offers in order" +
          (f"; now compare {value} with round {where[1]} of the beacon {where[0]}" if where else ""))
    if wanted:
        print(next((f"{wanted} stands at position {p}" for p, e in at.items() if e == wanted), f"no entry {wanted}"))

def history(lines, start, at):
    """After the draw, to the end: offers go in the order of positions, past nobody who is still there."""
    gone, reached, offers = set(), 1, 0
    for number, line in enumerate(lines[start:], start):
        words = line.split(" ")
        if words == ["end", str(number)] and number + 1 == len(lines):
            return offers
        if len(words) != 4 or words[0] not in ("late", "offer", "left", "removed"):
            fail(number + 1, "this does not belong here, or lines are missing or too many")
        what, position, entry = words[0], int(words[1]), words[2]
        if what == "late" and position == len(at) + 1:
            at[position] = entry
        if at.get(position) != entry:
            fail(number + 1, f"position {position} is that of {at.get(position, 'nobody')}")
        if what == "offer":
            if position < reached or position in gone or any(p not in gone for p in range(reached, position)):
                fail(number + 1, "an offer out of order")
            reached, offers = position + 1, offers + 1
        elif what != "late":
            gone.add(position)
    fail(len(lines) + 1, "the last line is missing ('end LINES')")

if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    with open(sys.argv[1], encoding="ascii") as file:
        check(file.read().splitlines(), sys.argv[2] if len(sys.argv) == 3 else None)
