"""Just enough C++ for the checks: comments and literals blanked out, includes, the extent of functions."""

import re
from dataclasses import dataclass

CXX_SUFFIXES = (".h", ".cc")
_SUFFIX_OF_CHECKED = ("_test", "_fuzz", "_bench")

_TOKEN = re.compile(
    r'//[^\n]*|/\*.*?\*/'
    r'|R"(?P<tag>[^()\s\\]{0,16})\(.*?\)(?P=tag)"|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9A-Fa-f])'(?:\\.|[^'\\\n])+'",
    re.DOTALL,
)
_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(["<])([^">]+)[">]', re.MULTILINE)


@dataclass(frozen=True)
class Include:
    line: int
    quoted: bool
    name: str


@dataclass(frozen=True)
class Function:
    head: str
    first_line: int
    last_line: int

    @property
    def lines(self):
        return self.last_line - self.first_line + 1


def is_checking_code(path):
    """Tests, fuzzers and benches: code that is not part of what runs in production."""
    stem = path.rsplit("/", 1)[-1].split(".")[0]
    return stem.endswith(_SUFFIX_OF_CHECKED) or "_test_" in stem


def without_comments_and_literals(text):
    """The same text with comments and literals replaced by blanks; lines stay where they are."""
    return _TOKEN.sub(_blank, text)


def _blank(match):
    return re.sub(r"[^\n]", " ", match.group())


def includes(text):
    return [Include(line_of(text, m.start()), m.group(1) == '"', m.group(2)) for m in _INCLUDE.finditer(text)]


def line_of(text, at):
    return text.count("\n", 0, at) + 1


_CONTAINER = re.compile(r"\b(namespace|class|struct|union|extern)\b")
_INITIALIZER_LIST = re.compile(r"\)\s*(?:noexcept\s*)?:(?!:)")
_WORD_BEFORE = re.compile(r"(\w+|>)\s*$")
_BEFORE_FUNCTION = re.compile(r"(?:\s*(?:public|private|protected)\s*:(?!:))*\s*")
_AFTER_PARAMETERS = {"const", "noexcept", "override", "final", "mutable", "try", "else", "do"}


def functions(text):
    """Every function with a body, outermost only: a lambda counts as part of the function around it."""
    code = without_preprocessor(without_comments_and_literals(text))
    found, stack, head_start = [], [], 0
    for match in re.finditer(r"[{};]", code):
        at, mark = match.start(), match.group()
        if mark == "{":
            stack.append(_open(code, at, head_start, stack))
            if stack[-1][0] == "container":
                head_start = at + 1
        elif mark == "}" and stack:
            kind, start = stack.pop()
            if kind == "function":
                head = " ".join(code[start:at].split("{")[0].split())
                found.append(Function(head, line_of(code, start), line_of(code, at)))
        between = all(kind == "container" for kind, _ in stack)
        if mark != "{" and between and not _inside_initializer(code, at, mark):
            head_start = at + 1
    return found


def without_preprocessor(code):
    return re.sub(r"^[ \t]*#(?:[^\n\\]|\\\n|\\.)*", _blank, code, flags=re.MULTILINE)


def _open(code, at, head_start, stack):
    if any(kind != "container" for kind, _ in stack):
        return ("block", at)
    head = re.sub(r"template\s*<[^{};]*?>(?=\s*[\w\[(])", " ", code[head_start:at])
    if _CONTAINER.search(head) and "(" not in re.sub(r"alignas\s*\([^)]*\)", "", head):
        return ("container", at)
    if "(" not in head or head.rstrip().endswith("=") or _opens_member(head):
        return ("block", at)
    return ("function", _BEFORE_FUNCTION.match(code, head_start).end())


def _opens_member(head):
    """Whether the brace belongs to `: member_{value}` rather than to the body of a constructor."""
    word = _WORD_BEFORE.search(head)
    return bool(_INITIALIZER_LIST.search(head) and word and word.group(1) not in _AFTER_PARAMETERS)


def _inside_initializer(code, at, mark):
    return mark == "}" and re.match(r"\s*[,{]", code[at + 1 :]) is not None
