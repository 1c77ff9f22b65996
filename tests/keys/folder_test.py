"""Keys, log and what follows from them belong together: every part of a folder that is another server's, missing or
damaged is refused at start with words and nothing is changed, or it is of no account and made anew."""

import hashlib
import json
import pathlib
import shutil
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "settings"))
from row import holds, same  # noqa: E402
from shop import SALES, Shop  # noqa: E402

REFUSED = "refused"
STARTS = "starts"


def lived_in(binary, name):
    """A folder with a sale in which alice holds a unit, with a snapshot and saved views."""
    shop = Shop(binary, {"log.snapshot_every_events": 1000})
    shop.start()
    shop.sell(name, units=2000)
    shop.hold = shop.reserve("alice", name).json["id"]
    same(shop.operator("POST", "/api/v1/admission-keys").status, 201)
    for number in range(600):
        shop.request("DELETE", "/api/v1/holds/" + shop.reserve(f"c{number}", name).json["id"],
                     shop.customer(f"c{number}"))
    same(shop.seconds_to_stop() < 60 and shop.process.returncode, 0)
    shop.data = shop.folder / "data"
    for part in ("log/cell-0.snapshot", "views", "log/identity", "keys.json"):
        holds((shop.data / part).exists(), f"there is no {part}")
    return shop


def remove(path):
    shutil.rmtree(path) if path.is_dir() else path.unlink()


def replace(path, other):
    remove(path)
    shutil.copytree(other, path) if other.is_dir() else shutil.copy(other, path)


def flip(path):
    """One bit, in the middle of the (biggest) file."""
    file = max((f for f in path.rglob("*") if f.is_file()), key=lambda f: f.stat().st_size) if path.is_dir() else path
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def digest(folder):
    """Of each file in it, but for RocksDB's, which tidies up whenever it is opened."""
    files = [file for file in folder.rglob("*") if file.is_file() and file.parent.name != "batches"]
    return {str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


# part -> what comes of (another server's, missing, damaged), and a word of what is said
PARTS = {
    "master.key": ((REFUSED, REFUSED, REFUSED), "master.key"),
    "keys.json": ((REFUSED, REFUSED, REFUSED), "keys.json"),
    "admission-keys.json": ((STARTS, REFUSED, REFUSED), "admission-keys.json"),
    "log": ((REFUSED, REFUSED, None), "log"),
    "log/identity": ((REFUSED, REFUSED, REFUSED), "log"),
    "log/batches": ((REFUSED, REFUSED, None), "Restore the folder from a copy"),
    "log/cell-0.mark": ((REFUSED, REFUSED, STARTS), "mark"),
    "log/cell-0.snapshot": ((STARTS, STARTS, STARTS), ""),
    "views": ((STARTS, STARTS, STARTS), ""),
    "archive": ((STARTS, STARTS, None), ""),
}


def try_it(shop, how):
    """What comes of it; and that is held to alice's hold, or to the folder as it was."""
    before = digest(shop.data)
    (shop.folder / "server.log").write_text("")
    try:
        shop.start()
    except RuntimeError as error:
        same(digest(shop.data), before, f"{how}: the folder after a refused start")
        return REFUSED, str(error)
    seen = shop.request("GET", "/api/v1/holds/" + shop.hold, shop.customer("alice"))
    same(seen.status, 200, f"{how}: alice's hold")
    same(shop.reserve("alice", shop.sale).status, 409, f"{how}: she reserves again")
    same(shop.seconds_to_stop() < 60 and shop.process.returncode, 0)
    return STARTS, shop.log()


def all_pairs(binary):
    mine, other = lived_in(binary, "mine"), lived_in(binary, "other")
    mine.sale = "mine"
    kept = mine.folder / "kept"
    shutil.copytree(mine.data, kept)
    for part, (expected, word) in PARTS.items():
        changes = {"another's": lambda p: replace(mine.data / p, other.data / p),
                   "missing": lambda p: remove(mine.data / p),
                   "damaged": lambda p: flip(mine.data / p)}
        for (kind, change), what in zip(changes.items(), expected):
            if what is None or not (kept / part).exists():
                continue
            shutil.rmtree(mine.data)
            shutil.copytree(kept, mine.data)
            change(part)
            how = f"{kind} {part}"
            came, said = try_it(mine, how)
            same(came, what, f"{how} ({said})")
            holds(came == STARTS or word in said, f"{how}: {said}")
            print(f"  {how}: {came}", flush=True)
    for shop in (mine, other):
        shutil.rmtree(shop.folder, ignore_errors=True)


def of_an_older_release(binary):
    """keys.json of version 1 and a log that does not say whose it is: bound by the first start, and held to it."""
    shop = lived_in(binary, "mine")
    shop.sale = "mine"
    keys = json.loads((shop.data / "keys.json").read_text())
    keys["version"] = 1
    for member in ("revoked", "log", "admission_generation", "mac"):
        del keys[member]
    for key in keys["operators"]:
        del key["check"]
    for key in keys["shops"]:
        del key["origin"]
    (shop.data / "keys.json").write_text(json.dumps(keys))
    (shop.data / "log/identity").unlink()
    without_log = shop.folder / "without"
    shutil.copytree(shop.data, without_log)
    same(try_it(shop, "an older folder")[0], STARTS)
    same(try_it(shop, "the same again")[0], STARTS)
    flip(shop.data / "master.key")
    same(try_it(shop, "with another master key")[0], REFUSED)
    shutil.rmtree(shop.data)
    shutil.copytree(without_log, shop.data)
    remove(shop.data / "log")
    same(try_it(shop, "an older folder without its log")[0], REFUSED)
    shutil.rmtree(shop.folder, ignore_errors=True)


# What a first start makes, in its order.
MADE_BY_A_FIRST_START = ("master.key", "operator.key", "shop.key", "keys.json", "log", "log/identity", "log/batches",
                         "log/cell-0.mark")


def first_start_that_dies(binary):
    """As soon as a file is there, or just after: the folder starts all the same, and keys and log belong together."""
    for part in MADE_BY_A_FIRST_START:
        for moment in (0, 0.001):
            shop = Shop(binary)
            shop.data = shop.folder / "data"
            die_once_there_is(shop, shop.data / part, moment)
            left = sorted(str(path.relative_to(shop.data)) for path in shop.data.rglob("*"))
            shop.sale = "drop"
            how = f"a first start that died {moment} s after {part} ({left})"
            try:
                shop.start()
            except RuntimeError as error:
                raise AssertionError(f"{how}: {error}") from error
            shop.sell("drop")
            shop.hold = shop.reserve("alice").json["id"]
            same(shop.seconds_to_stop() < 60 and shop.process.returncode, 0)
            same(try_it(shop, f"after {how}")[0], STARTS)
            flip(shop.data / "master.key")
            same(try_it(shop, f"another master key after {how}")[0], REFUSED)
            shutil.rmtree(shop.folder, ignore_errors=True)
            print(f"  died {moment} s after {part}: starts", flush=True)


def die_once_there_is(shop, path, moment):
    with open(shop.folder / "first.log", "wb") as log:
        flags = ["--listen", f"127.0.0.1:{shop.port}", "--data", str(shop.data), *shop.flags]
        first = subprocess.Popen([shop.binary, "serve", *flags], stdout=log, stderr=log)
    while not path.exists():
        same(first.poll(), None, f"a first start that has made no {path}")
    time.sleep(moment)
    first.kill()
    first.wait()


if __name__ == "__main__":
    for test in (all_pairs, of_an_older_release, first_start_that_dies):
        test(sys.argv[1])
        print(f"{test.__name__}: ok", flush=True)
