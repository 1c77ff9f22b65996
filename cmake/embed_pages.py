"""Writes the C++ source that holds the pages: embed_pages.py WEB OUT

The modules of the shop become one script and those of the client another; whatever is worth it is compressed; what the
shell (index.html) refers to is named by its content, so that it can be cached for ever.
"""

import gzip
import hashlib
import os
import re
import sys

from bundle import bundle

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".ts": "text/plain; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}


class File:
    def __init__(self, path, content, lasting="kRevalidated"):
        self.path, self.content, self.lasting = path, content, lasting
        zipped = gzip.compress(content, 9, mtime=0)
        self.zipped = zipped if len(zipped) < len(content) * 0.9 else b""
        self.tag = hashlib.sha256(content).hexdigest()[:16]


def read(web, path):
    with open(os.path.join(web, path), encoding="utf-8") as file:
        return file.read()


def small_css(text):
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return "\n".join(line.strip() for line in text.split("\n") if line.strip()) + "\n"


def asset(name, text):
    """Twice: by its content, for ever; and as what is current, for shells that are older or newer than we are."""
    content = text.encode()
    stem, ending = os.path.splitext(name)
    hashed = f"/assets/{stem}-{hashlib.sha256(content).hexdigest()[:12]}{ending}"
    return [File(hashed, content, "kForever"), File("/assets/" + name, content)]


def pages(web):
    assets = asset("shop.js", bundle(web, "shop/app.js")) + asset("shop.css", small_css(read(web, "shop.css")))
    shell = read(web, "index.html")
    for source, file in (("/shop/app.js", assets[0]), ("/shop.css", assets[2])):
        if shell.count(f'"{source}"') != 1:
            raise SystemExit(f"index.html has to refer to {source} once")
        shell = shell.replace(source, file.path)
    images = [name for name in sorted(os.listdir(web)) if name.endswith(".svg")]
    return [
        File("/", shell.encode()),
        *assets,
        File("/client/doorbuster.js", bundle(web, "client/doorbuster.js").encode(), "kForAnyPage"),
        File("/client/doorbuster.d.ts", read(web, "client/doorbuster.d.ts").encode(), "kForAnyPage"),
        *(File("/" + name, read(web, name).encode(), "kDay") for name in images),
    ]


def array(name, content):
    return f"constexpr char {name}[] = {{{','.join(str(b if b < 128 else b - 256) for b in content) or '0'}}};\n"


def source(files):
    arrays, rows = "", ""
    for number, file in enumerate(files):
        arrays += array(f"kPlain{number}", file.content) + array(f"kZipped{number}", file.zipped)
        kind = TYPES[os.path.splitext(file.path)[1] or ".html"]
        rows += (
            f'    EmbeddedFile{{"{file.path}", "{kind}", "{file.tag}", Lasting::{file.lasting}, '
            f"{{kPlain{number}, {len(file.content)}}}, {{kZipped{number}, {len(file.zipped)}}}}},\n"
        )
    return f"""#include "app/embedded.h"

#include <array>

namespace doorbuster::app {{
namespace {{

{arrays}
constexpr std::array kFiles = {{
{rows}}};

}}  // namespace

std::span<const EmbeddedFile> embedded_files() {{ return kFiles; }}

}}  // namespace doorbuster::app
"""


if __name__ == "__main__":
    with open(sys.argv[2], "w", encoding="utf-8") as out:
        out.write(source(pages(sys.argv[1])))
