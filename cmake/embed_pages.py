"""Writes the C++ source that holds the pages: embed_pages.py WEB NPM DOCS OUT

The modules of a shell (a document such as index.html) become one script, those of the client another; whatever is worth
it is compressed; what a shell or a script refers to is named by its content, so that it can be cached for ever. NPM is
where npm_ci.py has put the libraries; DOCS has what a customer needs to check a draw without us.
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
    ".py": "text/plain; charset=utf-8",
    ".md": "text/plain; charset=utf-8",
}

# The documents by their addresses; src/app/pages.cc knows which addresses below are read by the script of each.
SHELLS = {"/": "index.html", "/operator": "operator/index.html", "/reports": "report/index.html"}

# What src/app/demo_shop.cc fills in; nobody is served them as they are.
TEMPLATES = [f"demo_shop/{name}.html" for name in ("layout", "front", "category", "item", "cart", "nothing")]


class File:
    def __init__(self, path, content, cache_policy="kRevalidated"):
        self.path, self.content, self.cache_policy = path, content, cache_policy
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


def uplot(npm):
    """The library of the plots as it came, with the licence that asks to go with it."""
    folder = os.path.join(npm, "node_modules", "uplot")
    licence = "".join(f"// {line}".rstrip() + "\n" for line in read(folder, "LICENSE").split("\n"))
    return licence + read(folder, "dist/uPlot.iife.min.js"), read(folder, "dist/uPlot.min.css")


def altcha(npm):
    """The widget that solves the guard's challenges, and the worker that it lets work, as they came."""
    folder = os.path.join(npm, "node_modules", "altcha")
    licence = "".join(f"// {line}".rstrip() + "\n" for line in read(folder, "LICENSE.txt").split("\n"))
    return {
        "../altcha/altcha.js": asset("altcha.js", licence + read(folder, "dist/external/altcha.min.js")),
        "../altcha/altcha.css": asset("altcha.css", read(folder, "dist/external/altcha.css")),
        "../altcha/scrypt.js": asset("scrypt.js", licence + read(folder, "dist/workers/scrypt.js")),
    }


def script(web, name, entry, fetched):
    """A bundle; the scripts that it fetches on demand are named by their content in it."""
    text = bundle(web, entry)
    for source, files in fetched.items():
        if text.count(f'"{source}"') != 1:
            raise SystemExit(f"{entry} has to refer to {source} once")
        text = text.replace(source, files[0].path)
    return asset(name, text)


def alone(web, entry):
    """A bundle for a tag without type="module", none of whose names are the page's."""
    return f'(() => {{\n"use strict";\n{bundle(web, entry)}}})();\n'


def assets(web, npm):
    """By the name that a shell or a script refers to."""
    library, library_css = uplot(npm)
    fetched = {"../draw/draw.js": script(web, "draw.js", "draw/draw.js", {}), **altcha(npm)}
    return {
        "/shop/app.js": script(web, "shop.js", "shop/app.js", fetched),
        "/shop.css": asset("shop.css", small_css(read(web, "shop.css"))),
        "/report/app.js": asset("report.js", bundle(web, "report/app.js")),
        "/report/report.css": asset("report.css", small_css(read(web, "report/report.css"))),
        "/operator/app.js": asset("operator.js", bundle(web, "operator/app.js")),
        "/operator/operator.css": asset("operator.css", small_css(read(web, "operator/operator.css"))),
        "/demo_shop/shop.js": asset("demo_shop.js", alone(web, "demo_shop/shop.js")),
        "/demo_shop/demo_shop.css": asset("demo_shop.css", small_css(read(web, "demo_shop/demo_shop.css"))),
        "/plots/uplot.js": asset("uplot.js", library),
        "/plots/plots.css": asset("plots.css", library_css + "\n" + small_css(read(web, "plots/plots.css"))),
        **fetched,
    }


def shell(web, source, known):
    """A document, with the names of what it refers to made from their content."""

    def named(match):
        if match.group(1).startswith("/client/"):
            return match.group(0)
        if match.group(1) not in known:
            raise SystemExit(f"{source} refers to {match.group(1)}, which is no asset: {', '.join(known)}")
        return f'"{known[match.group(1)][0].path}"'

    return re.sub(r'"(/[^"]+\.(?:js|css))"', named, read(web, source)).encode()


def pages(web, npm, docs):
    known = assets(web, npm)
    images = [name for name in sorted(os.listdir(web)) if name.endswith(".svg")]
    return [
        *(File(path, shell(web, source, known)) for path, source in SHELLS.items()),
        *(File(f"/{name}", shell(web, name, known), "kTemplate") for name in TEMPLATES),
        *(file for both in known.values() for file in both),
        File("/client/doorbuster.js", bundle(web, "client/doorbuster.js").encode(), "kForAnyPage"),
        File("/client/recommendations.js", alone(web, "client/recommendations.js").encode(), "kForAnyPage"),
        File("/client/doorbuster.d.ts", read(web, "client/doorbuster.d.ts").encode(), "kForAnyPage"),
        File("/draw/verify.py", read(docs, "verify.py").encode()),
        File("/draw/format.md", read(docs, "formats/draw.md").encode()),
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
            f'    EmbeddedFile{{"{file.path}", "{kind}", "{file.tag}", CachePolicy::{file.cache_policy}, '
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
    with open(sys.argv[4], "w", encoding="utf-8") as out:
        out.write(source(pages(sys.argv[1], sys.argv[2], sys.argv[3])))
