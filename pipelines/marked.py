# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers

"""Tables in Markdown, and pages that hold them between markers, so that what a
script has measured can be put there again."""

import os
import re

END = "<!-- end -->"


class Unmarked(Exception):
    """A page has not one place for each table."""


def begin(script, name):
    return f"<!-- made by pipelines/{script}: {name} -->"


def markdown(made):
    """@made: rows, or rows and a line that stands below."""
    rows, line = made if isinstance(made, tuple) else (made, None)
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    lines.insert(1, "|---" * len(rows[0]) + "|")
    return "\n".join(lines + (["", line] if line else []))


def told_of(folder):
    """By what the runs of results.sh in it were made, and how long that took; its
    file machine says where."""
    seconds, stages, commits = 0, 0, []
    for path, _, files in sorted(os.walk(folder)):
        if "durations" in files:
            with open(os.path.join(path, "durations"), encoding="utf-8") as file:
                for took, _, commit in map(str.split, file):
                    seconds, stages = seconds + int(took), stages + 1
                    if commit not in commits:
                        commits.append(commit)
    with open(os.path.join(folder, "machine"), encoding="utf-8") as file:
        machine = file.read().strip()
    return (f"{stages} stages took {seconds / 3600:.1f} hours in all on {machine}; "
            f"commits {', '.join(commits)}.")


def filled(text, script, told):
    """@text with each of the tables between its marker and the next end; @told:
    name -> Markdown, all that the script makes."""
    for name, table in told.items():
        marker = begin(script, name)
        if text.count(marker) != 1:
            raise Unmarked(f"{text.count(marker)} times {marker}, for one")
        before, rest = text.split(marker)
        inside, end, after = rest.partition(END)
        if not end or "<!-- made by" in inside:
            raise Unmarked(f"no {END} after {marker}")
        text = f"{before}{marker}\n\n{table}\n\n{END}{after}"
    known = {begin(script, name) for name in told}
    for marker in re.findall(re.escape(begin(script, "\0")).replace("\0", ".*?"), text):
        if marker not in known:
            raise Unmarked(f"nothing is made for {marker}")
    return text


def fill(page, script, told):
    """As a whole or not at all."""
    with open(page, encoding="utf-8") as file:
        text = filled(file.read(), script, told)
    with open(page + ".part", "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(page + ".part", page)
