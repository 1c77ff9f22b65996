"""Documents: every link leads somewhere, and decisions have a number of their own and a line in the index."""

import posixpath
import re

from tree import Finding

LINK = re.compile(r"\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)")
MENTION = re.compile(r"\bdocs/[\w./-]+\.(?:md|yaml|json)\b")
OUTSIDE = re.compile(r"^(?:https?|mailto):")
DECISION = re.compile(r"^docs/decisions/(\d{4})-[a-z0-9-]+\.md$")
INDEX = "docs/decisions/README.md"


def check_links(tree):
    for path, text in tree.select(".md"):
        prose = re.sub(r"```.*?```|`[^`\n]*`", lambda m: re.sub(r"[^\n]", " ", m.group()), text, flags=re.DOTALL)
        for match in LINK.finditer(prose):
            if problem := broken(tree, path, match.group(1)):
                yield Finding(path, prose.count("\n", 0, match.start()) + 1, problem)


def broken(tree, path, link):
    if OUTSIDE.match(link):
        return None
    file, _, anchor = link.partition("#")
    target = posixpath.normpath(posixpath.join(posixpath.dirname(path), file)) if file else path
    if not tree.exists(target):
        return f"the link to {link} leads nowhere"
    if anchor and target.endswith(".md") and anchor not in anchors(tree.files[target]):
        return f"{target} has no heading #{anchor}"
    return None


def anchors(text):
    """The anchors that the usual renderers give to headings."""
    headings = re.findall(r"^#+\s+(.*?)\s*$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def check_mentions(tree):
    """Code and scripts send their readers to documents; those are there, too."""
    for path, text in tree.select(".h", ".cc", ".sh", ".cmake", "CMakeLists.txt", ".md"):
        for match in MENTION.finditer(text):
            if not tree.exists(match.group()):
                yield Finding(path, text.count("\n", 0, match.start()) + 1, f"{match.group()} does not exist")


def check_decisions(tree):
    seen = {}
    index = tree.files.get(INDEX, "")
    for path, text in tree.select(".md", under="docs/decisions/"):
        if path == INDEX:
            continue
        match = DECISION.match(path)
        if not match:
            yield Finding(path, 0, "a decision is named NNNN-its-title.md")
            continue
        number = match.group(1)
        if number in seen:
            yield Finding(path, 0, f"{number} is taken by {seen[number]}")
        seen.setdefault(number, path)
        if path.rsplit("/", 1)[-1] not in index:
            yield Finding(path, 0, f"not in the index, {INDEX}")
        if not text.startswith((f"# {number} ", f"# {number}: ")):
            yield Finding(path, 1, f"the title is '# {number}: ...'")
