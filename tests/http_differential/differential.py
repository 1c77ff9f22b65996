"""Sends the same bytes to doorbuster_null, nginx, haproxy and h11, and holds ours to three rules:

1. What must be refused is refused: not one request is taken, the one that follows it included.
2. What ours takes, at least one peer takes as well, request by request.
3. Where a peer takes a request that ours takes too, both saw the same method, target and content.

Being stricter than a peer is fine: ours may stop earlier. Prints a table of how many requests each server saw.
"""

import argparse
import sys
import tempfile

import cases
import observers


def judge(must_refuse, ours, peers):
    if must_refuse and ours:
        return f"took {ours[0]!r}, which must be refused"
    for index, request in enumerate(ours):
        others = {name: seen[index] for name, seen in peers.items() if index < len(seen)}
        if not others:
            return f"took request {index + 1}, {request!r}, which every peer refuses"
        for name, other in others.items():
            if other != request:
                return f"saw {request!r} where {name} saw {other!r}"
    return None


def run(servers, selected):
    ours, peers = servers[0], servers[1:]
    print(f"{'case':36}" + "".join(f"{server.name:>12}" for server in servers))
    failures, stricter = [], 0
    for name, data, must_refuse in selected:
        data += cases.FOLLOWER
        seen = ours.understood(data)
        others = {peer.name: peer.understood(data) for peer in peers}
        counts = [len(seen)] + [len(other) for other in others.values()]
        failure = judge(must_refuse, seen, others)
        stricter += counts[0] < max(counts)
        print(f"{name:36}" + "".join(f"{count:>12}" for count in counts) + (f"   FAILED: {failure}" if failure else ""))
        if failure:
            failures.append(name)
    print(f"{len(selected)} cases, {stricter} where a peer takes more than ours, {len(failures)} failures")
    return failures


def plain_cases_work(server):
    """A server that refuses everything would pass the three rules."""
    plain = [(name, data + cases.FOLLOWER) for name, data, must_refuse in cases.CASES if not must_refuse]
    broken = [name for name, data in plain if len(server.understood(data)) != 2]
    for name in broken:
        print(f"FAILED: '{name}' and its follower should both be taken")
    return not broken


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("binary", help="path of doorbuster_null")
    parser.add_argument("--case", help="only the cases whose name contains this")
    arguments = parser.parse_args()
    selected = [case for case in cases.CASES if not arguments.case or arguments.case in case[0]]
    with tempfile.TemporaryDirectory(prefix="doorbuster-") as folder:
        peers = [observers.nginx(folder), observers.haproxy(folder), observers.H11()]
        servers = [observers.Doorbuster(arguments.binary), *peers]
        try:
            failures = run(servers, selected)
            works = plain_cases_work(servers[0])
        finally:
            for server in servers:
                server.stop()
    return 1 if failures or not works else 0


if __name__ == "__main__":
    sys.exit(main())
