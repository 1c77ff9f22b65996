"""A disk that is full: the server ends with a clear word instead of acknowledging what it can't keep, and when there is
room again everything that was acknowledged is there.

Needs a small file system of its own, so it needs to be root; without that it is skipped (exit code 77).
"""

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import time

from crowd import Broken, Crowd
from kill import check_numbers, create_sale
from server import Server

CUSTOMERS = 100
UNITS = 60
SKIPPED = 77
SMALL, LARGE = "size=16m", "size=96m"  # RocksDB reserves 17 MiB for a file of its log, where there is so much room
LEFT_BYTES = 256 * 1024  # when the crowd begins
FULL_WITHIN_SECONDS = 40


def mount(folder):
    return subprocess.run(["mount", "-t", "tmpfs", "-o", SMALL, "doorbuster-full-disk", folder], check=False).returncode


def fill(folder):
    """All but a little of the room that is left."""
    room = os.statvfs(folder)
    with open(os.path.join(folder, "ballast"), "wb") as file:
        file.write(bytes(max(0, room.f_bavail * room.f_frsize - LEFT_BYTES)))


async def until_full(server, crowd):
    living = asyncio.create_task(crowd.live())
    begin = time.monotonic()
    while not server.has_ended() and not living.done():
        if time.monotonic() - begin > FULL_WITHIN_SECONDS:
            raise Broken(f"the disk is full, and after {FULL_WITHIN_SECONDS} s the server still runs")
        await asyncio.sleep(0.1)
    if living.done():
        living.result()
    return living


async def run(server, crowd, folder):
    living = await until_full(server, crowd)
    words = server.log_tail()
    print(f"   the server ended with {server.process.returncode}; its last words:")
    print("   " + words.strip().splitlines()[-1][:200])
    if "no space is left on the disk of" not in words:
        raise Broken("the server ended without saying that the disk is full")
    os.remove(os.path.join(folder, "ballast"))
    subprocess.run(["mount", "-o", f"remount,{LARGE}", folder], check=True)
    server.start()
    await asyncio.get_running_loop().run_in_executor(None, server.wait_until_ready)
    await asyncio.sleep(1)  # everybody asks again
    crowd.is_over = True
    await living
    await crowd.check_all()


def try_it(server, folder):
    server.start()
    try:
        server.wait_until_ready()
        create_sale(server, "full", UNITS)
        crowd = Crowd(server.port, "full", server.tokens(CUSTOMERS), 1)
        fill(folder)
        asyncio.run(run(server, crowd, folder))
        check_numbers(server, crowd, "full", UNITS)
        print(f"   {crowd.summary()}")
    finally:
        server.kill()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("doorbuster", help="the binary")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="doorbuster-full-") as outer:
        folder, words = os.path.join(outer, "disk"), os.path.join(outer, "server.log")
        os.mkdir(folder)
        if os.geteuid() != 0 or mount(folder) != 0:
            print("skipped: a small file system can't be mounted here")
            return SKIPPED
        try:
            server = Server(arguments.doorbuster, folder)
            server.log_path = words  # not on the disk that is full
            try_it(server, folder)
        except (Broken, RuntimeError) as broken:
            print(f"BROKEN: {broken}\n{server.log_tail()}", file=sys.stderr)
            return 1
        finally:
            subprocess.run(["umount", folder], check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
