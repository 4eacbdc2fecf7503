#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers

"""resultpage.py FOLDER PAGE: puts the tables of four-sensors.sh into PAGE, each
between its marker and the next end, and its plots into results/ beside it.  Nothing
is written unless all runs are there, and a marker for each table."""

import os
import sys

import floors
import foursensors
import results
import resultplots
from marked import Unmarked, fill, markdown, told_of

SCRIPT = "four-sensors.sh"


def tables(folder):
    """name -> Markdown"""
    told = {"run": f"Seeds 0, 1, 2. {told_of(folder)}"}
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
    try:
        fill(page, SCRIPT, tables(folder))
    except (Unmarked, foursensors.Nothing) as why:
        sys.exit(f"{page}: {why}")
    draw(folder, os.path.join(os.path.dirname(page), "results"))


if __name__ == "__main__":
    main()
