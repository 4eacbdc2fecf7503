#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers

"""results.py FOLDER OBJECTIVES STEM [STEM ...]: tables of the reports that
results.sh has from mxevalsink, and STEM.svg of each.

Reports are FOLDER/STEM-OBJECTIVE-FOLD-SEED.KIND.json; OBJECTIVES is one word.
Runs that only some of the objectives have are left out, so that what is
compared is paired.  Means over folds and seeds and standard deviations, in per
cent; exits are numbers from 1."""

import glob
import json
import os
import re
import statistics
import sys

from resultplots import draw

# What is measured as recorded; all other kinds are spoilt, and those of people to
# validate with begin with VALID.
PLAIN = ("clean", "valid", "agreement", "sufficient")
VALID = "valid-"
REFERENCE = "augmented"


def reports(stem, objective):
    """(fold, seed) -> kind -> report"""
    runs = {}
    for path in glob.glob(f"{glob.escape(stem)}-{glob.escape(objective)}-*.json"):
        match = re.fullmatch(r"-(\d+)-(\d+)\.([\w-]+)\.json",
                             path[len(f"{stem}-{objective}"):])
        if match:
            with open(path, encoding="utf-8") as file:
                run = (int(match[1]), int(match[2]))
                report = json.load(file)
            if os.path.exists(path + "l"):
                report["agreed"] = agreed(path + "l")
            runs.setdefault(run, {})[match[3]] = report
    return runs


def paired(found):
    """Of objective -> run -> kinds: the runs that all have, with all kinds."""
    most = max((len(kinds) for runs in found.values()
                for kinds in runs.values()), default=0)
    return sorted(set.intersection(*(
        {run for run, kinds in runs.items() if len(kinds) == most}
        for runs in found.values())))


def spoilt(kinds, prefix=""):
    """Of test people, or, with VALID, of those to validate with: kind -> area"""
    return {kind[len(prefix):]: kinds[kind]["curve"]["area"]
            for kind in sorted(kinds) if kind not in PLAIN
            and kind.startswith(VALID) == (prefix == VALID)}


def quality(kinds):
    """What the exits are worth: name -> value."""
    report = kinds["clean"]
    exits = report["all-exits"]
    row = {f"acc {number}": scores["accuracy"]
           for number, scores in enumerate(exits, 1)}
    row["F1 1"] = exits[0]["macro-f1"]
    row["F1 last"] = exits[-1]["macro-f1"]
    row["area"] = report["curve"]["area"]
    row.update(spoilt(kinds))
    if spoilt(kinds):
        row["spoilt"] = statistics.fmean(spoilt(kinds).values())
    return row


def operation(kinds):
    """What leaving early is worth, thresholds as they were set."""
    report = kinds["clean"]
    row = {"last": report["curve"]["last"]["accuracy"],
           "suff.": report["curve"]["sufficient"]["mean-cost"]}
    for name, kind in ((".8", "clean"), ("agr.", "agreement"),
                       ("val.", "sufficient")):
        if kind in kinds:
            row[f"acc {name}"] = kinds[kind]["accuracy"]
            row[f"cost {name}"] = kinds[kind]["mean-cost"]
            row[f"exit {name}"] = kinds[kind]["mean-exit"] / 100
        if "agreed" in kinds.get(kind, {}):
            row["agreed"] = kinds[kind]["agreed"]
    if "valid" in kinds:
        row["valid 1"] = kinds["valid"]["all-exits"][0]["accuracy"]
        row["valid last"] = kinds["valid"]["all-exits"][-1]["accuracy"]
        row["valid area"] = kinds["valid"]["curve"]["area"]
    if spoilt(kinds, VALID):
        row["valid spoilt"] = statistics.fmean(spoilt(kinds, VALID).values())
    return row


def agreed(path):
    """The share of results, of the file of predictions, that are the last
    exit's."""
    with open(path, encoding="utf-8") as file:
        results = [line for line in map(json.loads, file)
                   if line["type"] == "result"]
    return statistics.fmean(result["label"] == result["exit-labels"][-1]
                            for result in results)


def as_good(kinds, base):
    """On test people, with the cheapest threshold that answers those to validate
    with as well as the last exit of @base does, less half a point."""
    least = base["valid"]["curve"]["last"]["accuracy"] - .005
    good = [(valid["mean-cost"], test)
            for valid, test in zip(kinds["valid"]["curve"]["points"],
                                   kinds["clean"]["curve"]["points"])
            if valid["accuracy"] >= least]
    point = (min(good, key=lambda pair: pair[0])[1] if good
             else kinds["clean"]["curve"]["last"])
    return {"acc": point["accuracy"], "cost": point["mean-cost"],
            "exit": point["mean-exit"] / 100}


def over(rows, function):
    return {name: function([row[name] for row in rows]) for name in rows[0]}


def line(name, row):
    print(f"{name:<26}" + "".join(
        f" {100 * value:{max(6, len(column))}.{2 if 'exit' in column else 1}f}"
        for column, value in row.items()))


def print_table(found, runs, row_of):
    """@row_of: makes a row of a run's number and kinds."""
    rows = {objective: [row_of(run, kinds[run]) for run in runs]
            for objective, kinds in found.items()}
    columns = next(iter(rows.values()))[0]
    print(" " * 26 + "".join(f" {name:>{max(6, len(name))}}" for name in columns))
    for objective, values in rows.items():
        line(objective, over(values, statistics.fmean))
        if len(values) > 1:
            line("  sd", over(values, statistics.stdev))
    print()


def differences(found, runs):
    """Of each objective from the reference, run by run: name -> values."""
    base = found[REFERENCE]
    return {objective: {name: [quality(kinds[run])[name] -
                               quality(base[run])[name] for run in runs]
                        for name in ("acc 1", "area", "spoilt")
                        if name in quality(base[runs[0]])}
            for objective, kinds in found.items() if objective != REFERENCE}


def print_differences(told):
    for objective, values in told.items():
        print(f"{objective} - {REFERENCE}, points, each run: " + "; ".join(
            f"{name}" + "".join(f" {100 * value:+.1f}" for value in of_runs)
            for name, of_runs in values.items()))
    print()


def print_summary(told):
    """Of stem -> objective -> name -> values: means, of each set and of all."""
    print(f"Difference from {REFERENCE}, points: exit 1, area, area spoilt")
    print(" " * 26 + "".join(f" {stem:>20}" for stem in told) + f" {'mean':>20}")
    for objective in next(iter(told.values())):
        means = [[statistics.fmean(values) for values in one[objective].values()]
                 for one in told.values()]
        means.append([statistics.fmean(column) for column in zip(*means)])
        print(f"{objective:<26}" + "".join(" " + "".join(
            f"{100 * value:+7.1f}" for value in mean).rjust(20)
            for mean in means))
    print()


def tables_of(stem, objectives):
    """Prints and draws; returns the differences."""
    found = {objective: reports(stem, objective) for objective in objectives}
    runs = paired(found)
    if not runs:
        sys.exit(f"{stem}: no run has been finished for all objectives")
    print(f"{os.path.basename(stem)}, {len(runs)} runs (fold-seed): "
          + " ".join(f"{fold}-{seed}" for fold, seed in runs))
    print_table(found, runs, lambda run, kinds: quality(kinds))
    print_table(found, runs, lambda run, kinds: operation(kinds))
    told = {}
    if REFERENCE in found:
        base = found[REFERENCE]
        if "valid" in base[runs[0]]:
            print(f"As good, on people to validate with, as the last exit of "
                  f"{REFERENCE}, less half a point:")
            print_table(found, runs,
                        lambda run, kinds: as_good(kinds, base[run]))
        told = differences(found, runs)
        print_differences(told)
    draw(f"{stem}.svg", {objective: [kinds[run] for run in runs]
                         for objective, kinds in found.items()}, spoilt)
    return told


def main():
    if len(sys.argv) < 4:
        sys.exit(f"usage: {sys.argv[0]} FOLDER OBJECTIVES STEM [STEM ...]")
    folder, objectives, *stems = sys.argv[1:]
    told = {stem: tables_of(os.path.join(folder, stem), objectives.split())
            for stem in stems}
    if len(told) > 1 and all(told.values()):
        print_summary(told)


if __name__ == "__main__":
    main()
