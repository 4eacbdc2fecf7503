#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers
"""The house stands as the overview says: it lists all sources of src/, and
none includes one of a floor above its own.

    floors.py ROOT

ROOT: of the source tree."""

import pathlib
import re
import sys

ROW = re.compile(r"^\| (ground|\d+) \|([^|]*)\|", re.M)
ROOF = {"mx.h"}
MADE = {"mx-ops.h"}  # of mx-ops.orc, by the build


def floors(overview):
    """name -> its floor; a name may end with * or stand for a family."""
    return {name: 0 if floor == "ground" else int(floor)
            for floor, names in ROW.findall(overview)
            for name in re.findall(r"`(mx-[^`]+)`", names)}


def name_of(source, names):
    """The longest that fits: of "mx-half.c" the name mx-half, not mx-*."""
    fitting = [name for name in names
               if re.match(re.escape(name).replace(r"\*", ".*") + r"([-.]|$)",
                           source)]
    return max(fitting, key=lambda name: len(name.replace("*", "")),
               default=None)


def main():
    root = pathlib.Path(sys.argv[1])
    floor = floors((root / "docs/overview.md").read_text("utf-8"))
    sources = {path.name: path for path in (root / "src").glob("mx*.[cho]*")
               if path.name not in ROOF}
    name = {source: name_of(source, floor) for source in sources}
    found = [f"{source} is not in the overview"
             for source in sources if name[source] is None]
    found += [f"{gone} is in the overview, but not in src"
              for gone in floor.keys() - set(name.values())]
    for source, path in sources.items():
        text = path.read_text("utf-8")
        for other in re.findall(r'^#include "(mx[^"]*)"', text, re.M):
            if other in MADE or None in (name[source], name.get(other)):
                continue
            if floor[name[other]] > floor[name[source]]:
                found.append(f"{source}, floor {floor[name[source]]}, includes "
                             f"{other} of floor {floor[name[other]]}")
    print(*sorted(found), sep="\n")
    return bool(found)


sys.exit(main())
