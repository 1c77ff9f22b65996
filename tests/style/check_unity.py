"""The release compiles a dozen files of a module as one: a name of an anonymous namespace stands in one of them."""

import re

from cxx import is_checking_code, line_of, without_comments_and_literals, without_preprocessor
from tree import Finding

ANONYMOUS = re.compile(r"^namespace \{$(.*?)^\}  // namespace$", re.MULTILINE | re.DOTALL)
# Declarations that begin in the first column: of types, constants and functions.
TYPE = re.compile(r"^(?:struct|class|enum class|enum|union|using) (\w+)\b(?!::)", re.MULTILINE)
VALUE = re.compile(
    r"^(?:inline |static |thread_local |constinit )*const(?:expr)? [\w:<>, *&]*?\b(\w+)(?:\[\w*\])?(?= =|\{|;)",
    re.MULTILINE,
)
FUNCTION = re.compile(r"^(?!return|if|for|while|switch|struct|class|enum|using|template|namespace)"
                      r"[A-Za-z][\w:<>, *&\[\]]*?[ *&](\w+)\(", re.MULTILINE)  # fmt: skip


def check(tree):
    modules = [path.removesuffix("CMakeLists.txt") for path, _ in tree.select("CMakeLists.txt", under="src/")]
    seen = {}  # (module, name) -> path
    for path, text in tree.select(".cc", under="src/"):
        if is_checking_code(path) or "/main" in path:
            continue
        module = max((folder for folder in modules if path.startswith(folder)), key=len, default="src/")
        for line, name in private_names(text):
            first = seen.setdefault((module, name), path)
            if first != path:
                what = f"{name} is a private name of {first}, too: the release compiles them together"
                yield Finding(path, line, what)


def private_names(text):
    for part in ANONYMOUS.finditer(text):
        code = without_preprocessor(without_comments_and_literals(part.group(1)))
        first = line_of(text, part.start(1))
        for pattern in (TYPE, VALUE, FUNCTION):
            for match in pattern.finditer(code):
                yield first + line_of(code, match.start()) - 1, match.group(1)
