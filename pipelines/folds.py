#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers

"""folds.py FOLDER PAGE: puts the tables of folds.sh into PAGE, each between its
marker and the next end.  Nothing is written unless all runs are there, and a marker
for each table.  Per cent, means over folds and seeds."""

import functools
import os
import statistics
import sys

import reference
import results
import targets
from floors import Floors
from foursensors import Nothing
from marked import Unmarked, fill, markdown, told_of

SCRIPT = "folds.sh"
DIGITS = ("white-10", "white-0", "pink-10")
ACTIVITY = ("noise-5", "lost-2", "rotated-20")
ALL = ("supervised", "augmented", "consistent-exit")
FEW = ALL + (targets.HARD,)
DISTILLED = "self-distillation"
# Name of a table: folder, stem, objectives with few and with all labels, ways to
# spoil, and the fold, or none for all.
TABLES = {
    "digits": ("full", "network-a", (), (*ALL, DISTILLED), DIGITS, None),
    "shipped": ("shipped", "digits", (), (*ALL, DISTILLED), DIGITS, None),
    "half": ("recipe", targets.STEM, (*FEW, DISTILLED), ALL[1:], DIGITS, None),
    "split": ("split", targets.STEM, (), ALL, DIGITS, None),
    "activity": ("activity", "activity-mean", FEW, ALL, ACTIVITY, None),
    "activity-split": ("activity", "activity-mean", FEW, ALL, ACTIVITY, 1),
}
MEASURES = ("acc 1", "acc 2", "acc 3", "acc 4", "F1 1", "F1 last", "area")
OPERATION = ("acc .8", "cost .8", "exit .8", "half a point")
# The least is the best.
AT_MOST = ("cost .8", "exit .8", "half a point")
# In exits from 1, not in per cent.
DEPTHS = ("exit .8", "half a point")


def figures(kinds):
    """Of one run: measure -> value.  Half a point: the mean exit of the cheapest
    threshold whose accuracy is at most that below the last exit's."""
    told = {name: 100 * value for name, value in
            (results.quality(kinds) | results.operation(kinds)).items()}
    told["worst acc"] = min(value for name, value in told.items()
                            if name[:4] == "acc " and name[4:].isdigit())
    told["half a point"] = kinds["clean"]["curve"]["sufficient"]["mean-exit"]
    return told


@functools.cache
def runs_of(stem, objective):
    """(fold, seed) -> measure -> value"""
    runs = {run: figures(kinds) for run, kinds in
            sorted(results.reports(stem, objective).items())}
    if not runs:
        raise Nothing(f"{stem}: no run of {objective}")
    return runs


def in_fold(runs, fold):
    return [run for (number, _), run in runs.items() if fold in (None, number)]


def mean(runs, measure):
    return statistics.fmean(run[measure] for run in runs)


def shown(runs, measure):
    return f"{mean(runs, measure):.{2 if measure in DEPTHS else 1}f}"


def worth(folder, name):
    place, stem, few, every, ways, fold = TABLES[name]
    measures = (*MEASURES, *ways, *OPERATION)
    rows = [["", "runs", *measures]]
    for labels, prefix, objectives in (("few", "few-", few), ("all", "", every)):
        for objective in objectives:
            runs = in_fold(runs_of(os.path.join(folder, place, prefix + stem),
                                   objective), fold)
            called = targets.NAMES.get(objective, objective) if few else objective
            rows.append([f"{labels}: {called}" if few else called, f"{len(runs)}",
                         *(shown(runs, measure) for measure in measures)])
    return rows


def against(folder):
    rows = [["", "", "floor", "reference", "here"]]
    floors = Floors()
    for name, place, stem, objective, fold, limits in reference.FOLDS:
        runs = in_fold(runs_of(os.path.join(folder, place, stem), objective), fold)
        ours = [floors.text(f"{name}, {measure}", mean(runs, measure), floor,
                            measure in AT_MOST, 2 if measure in DEPTHS else 1)
                for measure, (floor, _) in limits.items()]
        rows.append([name, " / ".join(limits),
                     " / ".join(f"{floor:g}" for floor, _ in limits.values()),
                     " / ".join(f"{told:g}" for _, told in limits.values()),
                     " / ".join(ours)])
    return rows, floors.line()


def differences(folder, place, stem, asked):
    found = {prefix + stem: {
        objective: runs_of(os.path.join(folder, place, prefix + stem), objective)
        for objective in objectives} for prefix, objectives in
             (("few-", FEW), ("", ALL[1:]))}
    return targets.differences(found, stem, asked)


def tables(folder):
    """name -> Markdown"""
    told = {"run": told_of(folder)}
    for name in TABLES:
        told[name] = markdown(worth(folder, name))
    told["floors"] = markdown(against(folder))
    told["half-differences"] = markdown(
        differences(folder, "recipe", targets.STEM, targets.DIFFERENCES))
    told["activity-differences"] = markdown(
        differences(folder, "activity", "activity-mean", reference.FOLDS_ASKED))
    return told


def main():
    if len(sys.argv) != 3:
        sys.exit(f"usage: {sys.argv[0]} FOLDER PAGE")
    folder, page = sys.argv[1:]
    try:
        fill(page, SCRIPT, tables(folder))
    except (Unmarked, Nothing) as why:
        sys.exit(f"{page}: {why}")


if __name__ == "__main__":
    main()
