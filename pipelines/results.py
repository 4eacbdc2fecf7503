#!/usr/bin/env python3
# Reads the reports that compare-objectives.sh has from mxevalsink, writes a table:
# means over folds and seeds, in per cent.
#
#   pipelines/objectives.py STEM OBJECTIVE [OBJECTIVE ...]
#
# Reports are STEM-OBJECTIVE-FOLD-SEED.KIND.json.  Runs that only some of the
# objectives have are left out, so that what is compared is paired.

import glob
import json
import re
import sys


def reports(stem, objective):
    """(fold, seed) -> kind -> report"""
    runs = {}
    for path in glob.glob(f"{glob.escape(stem)}-{objective}-*.json"):
        match = re.fullmatch(r"-(\d+)-(\d+)\.([\w-]+)\.json",
                             path[len(f"{stem}-{objective}"):])
        if match:
            with open(path, encoding="utf-8") as file:
                run = (int(match[1]), int(match[2]))
                runs.setdefault(run, {})[match[3]] = json.load(file)
    return runs


def figures(report):
    """What the table says of a model: name -> value."""
    curve = report["curve"]
    row = {}
    for number, scores in enumerate(report["all-exits"], 1):
        row[f"acc {number}"] = scores["accuracy"]
    row["F1 1"] = report["all-exits"][0]["macro-f1"]
    row["F1 last"] = report["all-exits"][-1]["macro-f1"]
    row["area"] = curve["area"]
    row["suff."] = curve["sufficient"]["mean-cost"]
    row["acc .8"] = report["accuracy"]
    row["cost .8"] = report["mean-cost"]
    row["exit .8"] = report["mean-exit"] / 100
    return row


def row_of(kinds):
    row = figures(kinds["clean"])
    for kind in sorted(kinds):
        if kind != "clean":
            row[kind] = kinds[kind]["curve"]["area"]
    return row


def mean(rows):
    return {name: sum(row[name] for row in rows) / len(rows)
            for name in rows[0]}


def print_row(name, row):
    print(f"{name:<18}" + "".join(
        f" {100 * value:{max(6, len(column))}.{2 if 'exit' in column else 1}f}"
        for column, value in row.items()))


def print_pairs(table, runs):
    """Of each run: area and exit 1 of the last objective beside the others'."""
    *others, last = table
    for other in others:
        print(f"{last} - {other}, each run (points): area; accuracy of exit 1")
        for name in ("area", "acc 1"):
            print("   " + "".join(
                f" {100 * (table[last][run][name] - table[other][run][name]):+6.1f}"
                for run in runs))


def main():
    if len(sys.argv) < 3:
        sys.exit(f"usage: {sys.argv[0]} STEM OBJECTIVE [OBJECTIVE ...]")
    stem, *objectives = sys.argv[1:]
    found = {objective: reports(stem, objective) for objective in objectives}
    most = max((len(kinds) for runs in found.values()
                for kinds in runs.values()), default=0)
    runs = sorted(set.intersection(*(
        {run for run, kinds in runs.items() if len(kinds) == most}
        for runs in found.values())))
    if not runs:
        sys.exit(f"{stem}: no run has been finished for all objectives")
    table = {objective: {run: row_of(found[objective][run]) for run in runs}
             for objective in objectives}
    print(f"{stem.rsplit('/', 1)[-1]}, {len(runs)} runs (fold-seed): "
          + " ".join(f"{fold}-{seed}" for fold, seed in runs))
    rows = {objective: mean(list(table[objective].values()))
            for objective in objectives}
    print(" " * 18 + "".join(
        f" {name:>{max(6, len(name))}}" for name in rows[objectives[0]]))
    for objective, row in rows.items():
        print_row(objective, row)
    print_pairs(table, runs)


if __name__ == "__main__":
    main()
