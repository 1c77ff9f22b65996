"""Holds what the server makes of long addresses to what a browser's own URL (Node's, the same standard) makes of them:
whatever is taken is kept as the browser would send it, and what a browser does not take is refused.

Usage: addresses_test.py DOORBUSTER
"""

import itertools
import json
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "api"))
from live_server import LiveServer  # noqa: E402

SCHEMES = ["http://", "https://", "HTTPS://", "ftp://", "javascript:", "//", "https:/", "https:", "data:text/html,", ""]
HOSTS = ["shop.example", "Shop.EXAMPLE", "shop.example.", "shop..example", "a_b.example", "xn--strae-oqa.example",
         "127.0.0.1", "127.1", "0x7f.1", "2130706433", "010.0.0.1", "1.2.3.4.5", "256.0.0.1", "1.2.3", "[::1]",
         "[2001:DB8::1]", "[::1", "user@shop.example", "user:pass@shop.example", "shop.example@evil.example", "",
         "shop%2eexample", "shop example", "shop\texample", "shop.example\\@evil.example", "straße.example",
         "ｇｏ.example", "faß.de", "☃.example", "💩.la", "ＥＸＡＭＰＬＥ.example", "１２７.０.０.１", "a。example",
         "xn--a.example", "xn--.example", "xn--zzzzzz.example", "XN--STRAE-OQA.example", "אבג.example", "1א.example",
         "a\u200db.example", "क्\u200dष.example", "a\u00adb.example", "ä" * 64 + ".example", "\ufffd.example",
         "ex\u0338ample.example", "日本語。ＪＰ", "xn--xn---epa.example", "ab--c.example", "ǆ.example", "K.example",
         "-a.example", "a-.example", "localhost", "a" * 64 + ".example"]  # fmt: skip
PORTS = ["", ":", ":80", ":443", ":8443", ":0", ":00443", ":65536", ":x", ":8443x"]
PATHS = ["", "/", "/a/b", "/a//b", "/./a", "/a/../b", "/%2e%2e/b", "/a%2Fb", "/a%2fb", "/%zz", "/%", "/a b", "/a\tb",
         "/ä", "/a\"b", "/a<b>", "/a{b}", "/a|b", "/a^b", "/a`b", "/a'b", "/a[b]", "/a;b=c,d", "/a\\b", "/a\u202eb",
         "/\x01", "/a:b@c!$&'()*+"]  # fmt: skip
TAILS = ["", "?", "?a=b&c=d", "?a=b c", "?ä=ö", "?a='b'", "?a=\"b\"", "?a=<b>", "?a={b}", "?a=[b]|c^d`e", "?a=b\\c",
         "?a=%zz", "?https://x/", "#", "#a", "#ä", "#a`b", "#a{b}", "?a#b?c", "?+%20"]  # fmt: skip

SCRIPT = """
const lines = require("fs").readFileSync(0, "utf8").split("\\n");
for (const line of JSON.parse(lines[0])) {
  let out = null;
  try { const url = new URL(line); out = { href: url.href, protocol: url.protocol, username: url.username }; } catch {}
  console.log(JSON.stringify(out));
}
"""


def corpus():
    plain = ("https://", "shop.example", "", "/", "")
    parts = (SCHEMES, HOSTS, PORTS, PATHS, TAILS)
    for place, values in enumerate(parts):  # each part in all its forms, the others plain
        for value in values:
            yield "".join(plain[:place] + (value,) + plain[place + 1 :])
    for host, path in itertools.product(HOSTS[:8], PATHS):
        yield f"https://{host}{path}"
    for path, tail in itertools.product(PATHS[:12], TAILS):
        yield f"http://shop.example{path}{tail}"


def read_by_browser(addresses):
    asked = json.dumps(addresses)
    done = subprocess.run(["node", "-e", SCRIPT], input=asked, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def main(binary):
    addresses = sorted(set(corpus()))
    taken, wrong = 0, []
    with LiveServer(binary, "--services", "links") as server:
        operator = {"Authorization": "Bearer " + server.key("operator.key")}
        for address, browser in zip(addresses, read_by_browser(addresses), strict=True):
            answer = server.request("POST", "/api/v1/urls", operator, json.dumps({"long_url": address}))
            if answer.status == 400:
                continue
            taken += 1
            if answer.status != 201:
                wrong.append(f"{address!r} -> {answer.status} {answer.body}")
                continue
            kept = answer.json["long_url"]
            if browser is None or browser["protocol"] not in ("http:", "https:") or browser["username"]:
                wrong.append(f"{address!r} is kept as {kept!r}, and a browser has {browser}")
            elif kept != browser["href"]:
                wrong.append(f"{address!r} is kept as {kept!r}, and sent by a browser as {browser['href']!r}")
    for sentence in wrong[:40]:
        print(sentence)
    print(f"{len(addresses)} addresses, {taken} taken, {len(wrong)} complaints")
    return 1 if wrong or taken < 200 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
