"""Reads the QR codes of short links as a phone would (zbar), in every level and several sizes.

Usage: qr_test.py DOORBUSTER
"""

import json
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "api"))
from live_server import LiveServer  # noqa: E402

ALIASES = ["abc", "Black-Friday_2026", "a" * 64]


def read(picture, folder):
    path = folder / "code.png"
    path.write_bytes(picture)
    done = subprocess.run(["zbarimg", "--quiet", "--raw", str(path)], capture_output=True, text=True, check=False)
    return done.stdout.strip()


def main(binary):
    wrong = []
    with LiveServer(binary, "--services", "links", "--links-base-url", "https://go.example") as server:
        operator = {"Authorization": "Bearer " + server.key("operator.key")}
        for alias in ALIASES:
            body = json.dumps({"long_url": "https://shop.example/", "custom_alias": alias})
            assert server.request("POST", "/api/v1/urls", operator, body).status == 201
            for level in "LMQH":
                for scale in (2, 8, 32):
                    answer = server.request("GET", f"/{alias}.qr?format=png&level={level}&scale={scale}")
                    seen = read(answer.body, server.folder)
                    if seen != f"https://go.example/{alias}":
                        wrong.append(f"{alias}, level {level}, {scale} pixels a module, is read as {seen!r}")
    for sentence in wrong:
        print(sentence)
    print(f"{len(ALIASES) * 12} codes, {len(wrong)} complaints")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
