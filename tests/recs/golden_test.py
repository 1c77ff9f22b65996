"""Data folders of recommendations as earlier versions left them: today's server starts on each, and finds what is known
to be in it; from what was saved, from the log alone, and from what it saved itself.

Usage: golden_test.py DOORBUSTER
"""

import contextlib
import json
import shutil
import sys
import tarfile

from golden_write import HERE, found_in
from recs_server import RecsServer


def differences(found, expected, where):
    """What a later program says besides is its own."""
    if isinstance(expected, dict) and isinstance(found, dict):
        for name, value in expected.items():
            yield from differences(found.get(name), value, f"{where}/{name}")
    elif isinstance(expected, list) and isinstance(found, list) and len(found) == len(expected):
        for index, value in enumerate(expected):
            yield from differences(found[index], value, f"{where}/{index}")
    elif found != expected:
        yield f"{where} is {found}, not {expected}"


def mistakes(server, expected, when):
    yield from differences(found_in(server), expected, when)


def trial(server, expected):
    server.start()
    yield from mistakes(server, expected, "as it was left")
    server.process.terminate()
    if (code := server.process.wait(timeout=60)) != 0:
        yield f"the server ended with {code}"
    server.start()
    yield from mistakes(server, expected, "by what it saved itself")
    server.kill()
    shutil.rmtree(server.folder / "data" / "views")
    server.start()
    yield from mistakes(server, expected, "from the log alone")


def main(binary):
    archives = sorted(HERE.glob("*.tar.gz"))
    assert archives, "the golden folders are missing"
    failed = False
    for archive in archives:
        name = archive.name.removesuffix(".tar.gz")
        expected = json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))
        server = RecsServer(binary)
        with contextlib.ExitStack() as at_the_end:
            at_the_end.callback(server.__exit__)
            with tarfile.open(archive) as tar:
                tar.extractall(server.folder)
            found = list(trial(server, expected))
        print(f"{name}: {len(found)} mistakes")
        for mistake in found[:20]:
            print("  " + mistake)
        failed = failed or bool(found)
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
