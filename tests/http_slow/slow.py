"""Attacks doorbuster_null with slowhttptest (slow headers, slow content, slow reading, ranges) all at once.

Holds it to this: while the attack lasts every ordinary request is answered 200 within a second; the server gets rid of
the attackers' connections by itself; and the memory that they took stays within bounds.
"""

import argparse
import http.client
import os
import subprocess
import sys
import time

ATTACK_SECONDS = 13  # longer than the server's patience with a head (10 s)
CONNECTIONS = 250  # of each attack
SLOWEST_ANSWER_SECONDS = 1.0
MEMORY_GROWTH_MAX_KB = 65_536
LEFT_OVER_MAX = 8
GONE_WITHIN_SECONDS = 15  # the send grace (10 s) and the linger time (2 s) after the last attacker's last byte

ATTACKS = {
    "slow headers": ["-H", "-i", "1", "-t", "GET", "-x", "24"],
    "slow content": ["-B", "-i", "1", "-s", "8192", "-x", "10"],
    "ranges": ["-R", "-a", "5", "-b", "2000", "-t", "HEAD"],
    "slow reading": ["-X", "-n", "1", "-w", "64", "-y", "512", "-z", "8", "-k", "8"],
}


def start_server(binary):
    command = [binary, "--echo", "--threads", "1", "--listen", "127.0.0.1:0"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    address = server.stdout.readline().split()[-1]
    return server, address


def start_attack(address, options):
    url = f"http://{address}/{'a' * 4000}"
    size = ["-c", str(CONNECTIONS), "-r", "250", "-l", str(ATTACK_SECONDS), "-p", "3", "-v", "0"]
    command = ["slowhttptest", *size, "-u", url, *options]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def ask(address):
    """Seconds that an ordinary request takes, or what went wrong."""
    begin = time.monotonic()
    connection = http.client.HTTPConnection(address, timeout=5)
    try:
        connection.request("GET", "/ordinary")
        status = connection.getresponse().status
    except OSError as error:
        return None, f"an ordinary request failed: {error}"
    finally:
        connection.close()
    took = time.monotonic() - begin
    if status != 200 or took > SLOWEST_ANSWER_SECONDS:
        return took, f"an ordinary request was answered {status} after {took:.2f} s"
    return took, None


def ask_during(server, address, attacks):
    times, failures, files = [], [], []
    while any(attack.poll() is None for attack in attacks):
        files.append(open_files(server.pid))
        took, failure = ask(address)
        if failure:
            failures.append(failure)
        if took is not None:
            times.append(took)
        time.sleep(0.05)
    return times, failures, files


def open_files(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def resident_kb(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS:"))


def wait_until_gone(pid, before):
    deadline = time.monotonic() + GONE_WITHIN_SECONDS
    while open_files(pid) > before + LEFT_OVER_MAX and time.monotonic() < deadline:
        time.sleep(0.1)
    return open_files(pid) - before


def attack(server, address):
    files, memory = open_files(server.pid), resident_kb(server.pid)
    attacks = [start_attack(address, options) for options in ATTACKS.values()]
    times, failures, seen = ask_during(server, address, attacks)
    most, last = max(seen) - files, seen[-1] - files
    left = wait_until_gone(server.pid, files)
    growth = resident_kb(server.pid) - memory
    print(f"{most} attacking connections at most, {last} just before the attack ended")
    print(f"{len(times)} ordinary requests, the slowest took {max(times, default=0) * 1000:.1f} ms")
    print(f"{left} connections left, {growth} KB more memory")
    if most < CONNECTIONS:
        failures.append(f"the attack never took place: {most} connections")
    if last > most / 2:
        failures.append(f"the server was too patient: {last} of {most} connections lasted as long as the attack")
    if left > LEFT_OVER_MAX:
        failures.append(f"{left} connections are still open")
    if growth > MEMORY_GROWTH_MAX_KB:
        failures.append(f"the server grew by {growth} KB")
    return failures


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("binary", help="path of doorbuster_null")
    server, address = start_server(parser.parse_args().binary)
    try:
        failures = attack(server, address)
    finally:
        server.terminate()
        ended = server.wait(timeout=30)
    if ended != 0:
        failures.append(f"the server ended with {ended}")
    for failure in failures:
        print(f"FAILED: {failure}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
