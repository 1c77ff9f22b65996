"""Short links by a client that a stranger's library makes of the API's document: it takes links over, makes one,
follows, reads, changes and lists it, and asks who came.

Usage: shorten.py DOORBUSTER FOLDER: the server's binary, and where npm may put the packages. Ends with 77 where npm or
its registry cannot be had.
"""

import json
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "api"))
from live_server import LiveServer  # noqa: E402
from npm_packages import SKIPPED, fetched  # noqa: E402
from openapi import Document  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent / "links"
SEEN = {
    "imported": 1,
    "made": 201,
    "followed": [301, "https://shop.example/drop"],
    "read": "https://shop.example/drop",
    "changed": "Letter",
    "clicks": 1,
    "moved": 7,
    "listed": True,
}


def main(binary, folder):
    if not fetched(HERE, folder, "client.js"):
        return SKIPPED
    with LiveServer(binary, "--services", "links") as server:
        document = server.folder / "openapi.json"
        document.write_text(json.dumps(Document().tree, default=str), encoding="utf-8")
        command = ["node", "client.js", document, f"http://127.0.0.1:{server.port}", server.key("operator.key").strip()]
        seen = json.loads(subprocess.run(command, cwd=folder, check=True, stdout=subprocess.PIPE).stdout)
    assert seen == SEEN, seen
    print(seen)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], pathlib.Path(sys.argv[2])))
