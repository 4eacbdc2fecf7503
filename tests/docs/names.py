#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers
"""What pages and comments name is there: files of this tree, and the pages and
headings that links lead to.  Every source begins with its licence.

    names.py ROOT

ROOT: of the source tree."""

import pathlib
import re
import sys

ROOMS = "docs|gst|models|pipelines|src|tests"
PATH = re.compile(rf"(?<![\w./<-])(?:{ROOMS})/[\w./*<>-]+")
LINK = re.compile(r"\]\(([^)\s]+)\)")
COMMENT = re.compile(r"/\*.*?\*/|^\s*#[^i].*$|\"\"\".*?\"\"\"", re.S | re.M)
LICENCE = "SPDX-License-Identifier: LGPL-2.1-or-later"
MADE = {"mx-ops-dist.c", "mx-ops-dist.h"}
TEXT = {".md"}
CODE = {".c", ".h", ".sh", ".py", ".awk", ".build", ".orc"}


def anchors(page):
    """As the usual renderers make them of headings."""
    found = set()
    text = re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.S | re.M)
    for heading in re.findall(r"^#+ (.*)$", text, re.M):
        plain = re.sub(r"[^\w\- ]", "", heading.lower())
        found.add(plain.replace(" ", "-"))
    return found


def is_there(root, name):
    """Words in capitals and in angles stand for any."""
    name = re.sub(r"<\w*>|\b[A-Z]+(?=\.json)", "*", name).rstrip("./>")
    return any(root.glob(name)) if "*" in name else (root / name).exists()


def broken_links(page, text):
    for link in LINK.findall(text):
        if re.match(r"\w+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        if not target.exists():
            yield f"leads to {link}, which is not there"
        elif anchor and anchor not in anchors(target):
            yield f"leads to {link}, but there is no such heading"


def faults(root, page):
    text = page.read_text("utf-8")
    if page.suffix in TEXT:
        yield from broken_links(page, text)
    else:
        if LICENCE not in text[:200] and page.name not in MADE:
            yield f"does not begin with {LICENCE}"
        text = "\n".join(COMMENT.findall(text))
    for name in sorted(set(PATH.findall(text))):
        if not is_there(root, name):
            yield f"names {name}, which is not there"


def pages(root):
    yield from root.glob("*.md")
    for room in ROOMS.split("|"):
        for page in (root / room).rglob("*"):
            if page.suffix in TEXT | CODE and page.is_file():
                yield page


def main():
    root = pathlib.Path(sys.argv[1])
    found = [f"{page.relative_to(root)} {fault}"
             for page in sorted(pages(root)) for fault in faults(root, page)]
    print(*found, sep="\n")
    return bool(found)


sys.exit(main())
