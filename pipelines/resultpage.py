#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers

"""resultpage.py FOLDER PAGE: puts the tables of four-sensors.sh into PAGE, each
between its marker and the next end, and its plots into results/ beside it.  Nothing
is written unless all runs are there, and a marker for each table."""

import os
import re
import sys

import floors
import foursensors
import results
import resultplots

BEGIN, END = "<!-- made by pipelines/four-sensors.sh: {} -->", "<!-- end -->"


class Unmarked(Exception):
    """A page has not one place for each table."""


def markdown(made):
    """@made: rows, or rows and a line that stands below."""
    rows, line = made if isinstance(made, tuple) else (made, None)
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    lines.insert(1, "|---" * len(rows[0]) + "|")
    return "\n".join(lines + (["", line] if line else []))


def told_of(folder):
    """By what the runs were made, and how long that took."""
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
    return (f"Seeds 0, 1, 2. {stages} stages took {seconds / 3600:.1f} hours in all on "
            f"{machine}; commits {', '.join(commits)}.")


def tables(folder):
    """name -> Markdown"""
    told = {"run": told_of(folder)}
    for name, make in (
            ("all", lambda: foursensors.worth(folder, False)),
            ("few", lambda: foursensors.worth(folder, True)),
            ("earlier-all", lambda: foursensors.earlier(folder, False)),
            ("earlier-few", lambda: foursensors.earlier(folder, True)),
            ("lead", lambda: foursensors.lead(folder)),
            ("floors", lambda: floors.against(folder)),
            ("floors-spoilt", lambda: floors.against_spoilt(folder)),
            ("differences", lambda: floors.differences(folder)),
            ("ten", lambda: floors.ten(folder)),
            ("hard", lambda: foursensors.hard(folder)),
            ("fronts", lambda: foursensors.compared(folder, foursensors.FRONTS)),
            ("tried", lambda: foursensors.compared(folder, foursensors.TRIED)),
            ("endured", lambda: foursensors.endured(folder, foursensors.ENDURED)),
            ("endured-ten", lambda: foursensors.endured_ten(folder))):
        told[name] = markdown(make())
    return told


def filled(text, told):
    """@text with each of the tables between its marker and the next end."""
    for name, table in told.items():
        begin = BEGIN.format(name)
        if text.count(begin) != 1:
            raise Unmarked(f"{text.count(begin)} times {begin}, for one")
        before, rest = text.split(begin)
        inside, end, after = rest.partition(END)
        if not end or "<!-- made by" in inside:
            raise Unmarked(f"no {END} after {begin}")
        text = f"{before}{begin}\n\n{table}\n\n{END}{after}"
    known = {BEGIN.format(name) for name in told}
    for marker in re.findall(re.escape(BEGIN).replace(r"\{\}", ".*?"), text):
        if marker not in known:
            raise Unmarked(f"nothing is made for {marker}")
    return text


def draw(folder, into):
    for few in (False, True):
        for name in foursensors.SETS:
            resultplots.draw(
                os.path.join(into, f"{'few-' if few else ''}{name}.svg"),
                foursensors.of_set(folder, name, few), results.spoilt)


def main():
    if len(sys.argv) != 3:
        sys.exit(f"usage: {sys.argv[0]} FOLDER PAGE")
    folder, page = sys.argv[1:]
    with open(page, encoding="utf-8") as file:
        text = file.read()
    try:
        text = filled(text, tables(folder))
    except (Unmarked, foursensors.Nothing) as why:
        sys.exit(f"{page}: {why}")
    with open(page + ".part", "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(page + ".part", page)
    draw(folder, os.path.join(os.path.dirname(page), "results"))


if __name__ == "__main__":
    main()
