"""Names in plain words: tests in one style, and none of the words that only we understood."""

import re

from cxx import without_comments_and_literals
from tree import Finding

TEST = re.compile(r"^\s*TEST(?:_F|_P)?\(\s*\w+,\s*(\w+)", re.MULTILINE)
SNAKE_CASE = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)*")

# A word of ours, and what the field calls it. In code only: comments and literals may use the words of the language.
COINED = {
    r"\bDesk\b": "request handler",
    r"\bDoorway\b": "admission flow",
    r"\bErrand\b": "kind",
    r"\bOperatorDoor\b": "operator authenticator",
    r"\bPaymentNews\b": "payment notification",
    r"\b(is_)?vain\b": "abandoned",
    r"\bhopeless\b": "exhausted",
    r"\bforgets_soon\b": "short retention",
    r"\bgone_early_?\b": "early leavers",
    r"\w*[Tt]enths?\b": "deciles",
    r"\bReturnList\b": "redirect allow-list",
    r"\bLasting\b": "cache policy",
    r"\bEdgeWatch\b": "load sampler",
    r"\bFront\b": "dispatcher",
    r"\bk?Sentences\b": "explanations",
    r"\bcontradictions?(_in|_between)?\b": "validate",
    r"\bwritten_ahead\b": "preallocated",
    r"\byes_or_no\b": "boolean",
    r"\bStreet\b": "crowd context",
    r"\bTill\b": "fake gateway",
    r"\bAgenda\b": "event queue",
    r"\bStretch(es)?\b": "range, or window",
    r"\btell_cell\b": "enqueue",
}
COINED_PHRASES = {
    "Who are you": "Authentication required",
    "Mend the cause": "Fix the cause, then restart.",
}


def check(tree):
    for path, text in tree.select(".h", ".cc"):
        code = without_comments_and_literals(text)
        for match in TEST.finditer(code):
            if not SNAKE_CASE.fullmatch(match.group(1)):
                yield Finding(path, line_of(code, match.start(1)), f"{match.group(1)}: tests have names_like_this")
        yield from coined(path, code, COINED)
    for path, text in tree.select(".h", ".cc", ".ts", ".md", ".py", ".html"):
        if not path.startswith("tests/style/"):
            yield from coined(path, text, {re.escape(phrase): plain for phrase, plain in COINED_PHRASES.items()})


def coined(path, text, words):
    for word, plain in words.items():
        for match in re.finditer(word, text):
            yield Finding(path, line_of(text, match.start()), f"'{match.group()}': say {plain}")


def line_of(text, position):
    return text.count("\n", 0, position) + 1
