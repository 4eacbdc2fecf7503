#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers

"""targets.py FOLDER [OPTIONS]: of what results.sh has made in FOLDER of the digits,
network A at half width, all labels and few: two tables in Markdown.  The first has
each measure and, in brackets, what an independent reference measured, white noise
alone; the second the differences that are asked for, each over the runs that both
objectives have.  OPTIONS: all objectives with these, as they stood behind the comma,
for example learning-rate=.004.  Per cent, means over folds and seeds."""

import statistics
import sys

import results
from marked import markdown

STEM = "network-a-half"
MEASURES = ("acc 1", "acc 4", "F1 1", "F1 last", "area", "white-10", "white-0",
            "pink-10", "acc .8", "cost .8")
KINDS = ("clean", "white-10", "white-0", "pink-10")
HARD = "few-labels"
NAMES = {"consistent-exit": "consistent-exit, soft", HARD: "consistent-exit, hard"}

# Of each stem and objective, the measures above.  One run a fold.
REFERENCE = {
    f"few-{STEM}": {
        "supervised": (70.4, 68.0, 69.9, 68.0, 70.8, 30.3, 10.2, 39.8, 68.2, 68),
        "augmented": (69.2, 71.8, 68.6, 71.4, 72.7, 68.5, 55.3, 43.9, 72.0, 69),
        "consistent-exit": (72.7, 77.5, 72.3, 77.3, 77.1, 73.6, 61.0, 44.8, 77.7, 67),
        HARD: (None, None, None, None, 77.0, None, None, None, None, None)},
    STEM: {
        "supervised": (75.4, 78.6, 75.6, 78.8, 78.3, 31.8, 17.2, 41.5, 78.5, 67),
        "augmented": (72.2, 81.5, 72.1, 81.6, 80.1, 75.7, 62.5, 42.5, 81.5, 68),
        "consistent-exit": (76.3, 82.7, 76.5, 82.8, 82.0, 77.8, 65.3, 45.8, 82.7, 65)}}

# Target, labels, measure, less which measure of which objective; asked for in the
# mean and in the worst fold, and what the reference measured.
DIFFERENCES = (
    (1, "few", "area", "area", "augmented", 1.5, None, 3.6),
    (1, "few", "area", "area", "supervised", 4, None, 6.3),
    (1, "few", "acc 1", "acc 1", "augmented", .5, None, 2.2),
    (2, "few", "white-10", "white-10", "augmented", 3, None, 5.1),
    (2, "few", "white-10", "white-10", "supervised", 35, None, 43),
    (5, "few", "acc 1", "acc 4", "augmented", -1, None, .9),
    (3, "all", "area", "area", "augmented", .5, -1, 1.8))


def measured(folder, options):
    """stem -> objective -> run -> measure -> per cent"""
    return {stem: {
        objective: {run: {name: 100 * value for name, value in (
            results.quality(kinds) | results.operation(kinds)).items()}
                    for run, kinds in sorted(
                        results.reports(f"{folder}/{stem}",
                                        objective + options).items())
                    if all(kind in kinds for kind in KINDS)}
        for objective in objectives} for stem, objectives in REFERENCE.items()}


def mean(runs, measure):
    return statistics.fmean(run[measure] for run in runs.values())


def cell(value, told):
    return f"{value:.1f}" if told is None else f"{value:.1f} ({told:g})"


def measures(found):
    rows = [["", "runs", *MEASURES]]
    for stem, objectives in found.items():
        labels = "few" if stem.startswith("few") else "all"
        for objective, runs in objectives.items():
            if runs:
                rows.append([
                    f"{labels}: {NAMES.get(objective, objective)}", f"{len(runs)}",
                    *(cell(mean(runs, measure), told) for measure, told in
                      zip(MEASURES, REFERENCE[stem][objective]))])
    return rows


def folds(ours, base, measure, other):
    """What is gained in each fold."""
    return [mean({run: ours[run] for run in ours if run[0] == fold}, measure)
            - mean({run: base[run] for run in base if run[0] == fold}, other)
            for fold in sorted({run[0] for run in ours})]


def gained(objectives, arm, measure, other, base, least, worst):
    """Bold is what misses the target, as printed."""
    both = objectives.get(arm, {}).keys() & objectives.get(base, {}).keys()
    if not both:
        return ""
    ours, theirs = ({run: objectives[name][run] for run in both}
                    for name in (arm, base))
    value = mean(ours, measure) - mean(theirs, other)
    each = folds(ours, theirs, measure, other)
    text = f"{value:+.1f} ({', '.join(f'{fold:+.1f}' for fold in each)})"
    missed = round(value, 1) < least or (
        worst is not None and round(min(each), 1) < worst)
    return f"**{text}**" if missed else text


def differences(found, stem, asked):
    """@found: stem -> objective -> run -> measure -> per cent; @asked: as
    DIFFERENCES.  Rows of text."""
    rows = [["", "asked", "reference", "soft: mean (folds)", "hard"]]
    for number, labels, measure, other, base, least, worst, told in asked:
        objectives = found[stem if labels == "all" else f"few-{stem}"]
        ours = [gained(objectives, arm, measure, other, base, least, worst)
                for arm in ("consistent-exit", HARD)]
        limits = f"{least:+g}" + (f"; {worst:+g}" if worst is not None else "")
        against = "" if other == measure else f" {other}"
        rows.append([f"{number}. {labels} labels: {measure} - {base}{against}",
                     limits, f"{told:+g}", *ours])
    return rows


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(f"usage: {sys.argv[0]} FOLDER [OPTIONS]")
    found = measured(sys.argv[1], "".join(f",{text}" for text in sys.argv[2:]))
    if not any(runs for objectives in found.values() for runs in objectives.values()):
        sys.exit(f"{sys.argv[1]}: no reports of {STEM}")
    print(markdown(measures(found)))
    print()
    print(markdown(differences(found, STEM, DIFFERENCES)))


if __name__ == "__main__":
    main()
