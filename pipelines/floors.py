# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers

"""The tables of docs/results.md, section Four sensors, against what the reference
measured.  Rows of text as in foursensors.py; a figure that misses its floor is bold,
and told in the line below the table."""

import os
import statistics

import reference
from foursensors import (ALL, FEW, SETS, area, exit_of, gained, mean, of_set, one,
                         runs_of, signed, spoilt, values)
from results import REFERENCE

MEASURES = ("exit 1", "exit 4", "area", ".8", "its cost")


class Floors:
    """Counts them; bold is what misses one.  Compared as printed."""

    def __init__(self):
        self.held, self.missed = 0, []

    def text(self, what, value, floor, at_most=False, digits=1):
        shown = f"{value:.{digits}f}"
        if floor is None:
            return shown
        short = (float(shown) - floor) * (1 if at_most else -1)
        if short <= 0:
            self.held += 1
            return shown
        self.missed.append(f"{what} by {short:.{digits}f}")
        return f"**{shown}**"

    def line(self):
        return (f"{self.held} of {self.held + len(self.missed)} floors hold; missed: "
                + ("; ".join(self.missed) or "none") + ".")


def listed(figures):
    return " / ".join("-" if figure is None else f"{figure:.1f}" for figure in figures)


def figures(runs):
    """Of each measure, run by run."""
    return (exit_of(runs, 0), exit_of(runs, -1), area(runs),
            values(runs, "clean", "accuracy"), values(runs, "clean", "mean-cost"))


def against(folder):
    rows = [["exit 1 / exit 4 / area / .8 / its cost", "floor", "reference", "here"]]
    floors = Floors()
    for name, place, stem, objective, floor, told in reference.EXITS:
        runs = runs_of(os.path.join(folder, place), stem, [objective])[objective]
        short = name.partition(" (")[0]
        ours = [floors.text(f"{short}, {what}", mean(figure), least,
                            what == MEASURES[-1])
                for what, figure, least in zip(MEASURES, figures(runs), floor)]
        rows.append([name, listed(floor), listed(told), " / ".join(ours)])
    return rows, floors.line()


def against_spoilt(folder):
    rows = [["area", "spoilt by", "floor", "reference", "here"]]
    floors = Floors()
    for name, place, stem, objective, ways in reference.SPOILT:
        runs = runs_of(os.path.join(folder, place), stem, [objective])[objective]
        short = name.partition(" (")[0]
        ours = [floors.text(
            f"{short}, {way}",
            mean(spoilt(runs) if way == "spoilt" else area(runs, way)), floor)
                for way, (floor, _) in ways.items()]
        rows.append([name, " / ".join("mean" if way == "spoilt" else way
                                      for way in ways),
                     listed(floor for floor, _ in ways.values()),
                     listed(told for _, told in ways.values()), " / ".join(ours)])
    return rows, floors.line()


def spread(of_runs):
    """Standard deviation, and standard error of the mean."""
    deviation = statistics.stdev(of_runs)
    return f" ± {deviation:.1f} ({deviation / len(of_runs) ** .5:.1f})"


def ten_of(folder, name, objectives, floor, floors):
    """The rows of one set; the floor is that of the last objective."""
    found = {objective: (*figures(runs), area(runs, "valid")) for objective, runs in
             runs_of(folder, f"few-{name}", objectives, 10).items()}
    for objective, measured in found.items():
        least = floor if objective == objectives[-1] else [None] * len(floor)
        yield [f"{name}: {objective_name(objective)}"] + [
            floors.text(f"{name}, {what}", mean(figure), limit,
                        what == MEASURES[-1]) + spread(figure)
            for what, figure, limit in zip(MEASURES, measured, least)] + [
                one(measured[-1]) + spread(measured[-1])]
    for objective in objectives[1:]:
        apart = [[ours - theirs for ours, theirs in zip(*both)]
                 for both in zip(found[objective], found[REFERENCE])]
        yield [f"{name}: {objective_name(objective)} - augmented"] + [
            signed(figure) + spread(figure) for figure in apart]


def ten(folder):
    """Few labels of those two sets that miss floors, with ten seeds."""
    floors, rows = Floors(), [["", *MEASURES, "validation: area"]]
    for name, objectives in (("ecg", (REFERENCE, ALL[-1], FEW[-1])),
                             ("emg", (REFERENCE, FEW[-1]))):
        told = next(entry for entry in reference.EXITS
                    if entry[2] == f"few-{name}")
        for words, told_of in (("floor", told[4]), ("reference, three seeds", told[5])):
            rows.append([f"{name}: {words}", *listed(told_of).split(" / "), ""])
        rows += ten_of(folder, name, objectives, told[4], floors)
    return rows, floors.line()


def objective_name(objective):
    return {"consistent-exit": "soft", "few-labels": "hard"}.get(objective, objective)


def row_of(name, target, told, of_sets, each):
    """@of_sets: set -> differences of its runs; the target is one for @each set or
    for their mean."""
    means = {name: mean(apart) for name, apart in of_sets.items()}
    lone = len(means) == 1
    ours = ", ".join(("" if lone else f"{name} ") + signed([value])
                     for name, value in means.items())
    middle = mean(means.values())
    reached = all(round(value, 1) >= target
                  for value in (means.values() if each else [middle]))
    if not each and not lone:
        ours = f"{signed([middle])} ({ours})"
    return [name, f"{target:+.1f}", told, ours if reached else f"**{ours}: missed**"]


def between(folder, pairs, figure, *words):
    """Of two folder, stem and objective: the first less the second."""
    ours, theirs = (runs_of(os.path.join(folder, place), stem, [objective])
                    [objective] for place, stem, objective in pairs)
    return {pairs[0][1]: gained(ours, theirs, figure, *words)}


def differences(folder):
    few = {name: of_set(folder, name, True) for name in SETS}
    every = {name: of_set(folder, name, False) for name in SETS}
    best, soft = FEW[-1], ALL[-1]

    def apart(sets, objective, base, figure, *words):
        return {name: gained(found[objective(name)], found[base], figure, *words)
                for name, found in sets.items()}

    def chosen(name):
        return soft if name == "activity" else best

    raw, envelope = ("heads", "emg-raw", soft), ("", "emg", soft)
    return [["", "target", "reference", "here"],
            row_of("1. few labels: consistent exit training (hard; activity soft) - "
                   "augmented, area, mean", 1, "+2.1",
                   apart(few, chosen, REFERENCE, area), False),
            row_of("... spoilt, mean", 1.5, "+3.0",
                   apart(few, chosen, REFERENCE, spoilt), False),
            row_of("2. all labels: consistent exit training - augmented, area, each",
                   -1, "speech +0.3, activity -0.3, ecg -0.1, emg +1.0",
                   apart(every, lambda _: soft, REFERENCE, area), True),
            row_of("... exit 1, mean", 0, "+0.9",
                   apart(every, lambda _: soft, REFERENCE, exit_of, 0), False),
            row_of("3. all labels, area spoilt: augmented - supervised, each", 3,
                   "speech +23, ecg +3, emg +6",
                   apart(every, lambda _: REFERENCE, ALL[0], spoilt), True),
            row_of("... consistent exit training - supervised, each", 3, "",
                   apart(every, lambda _: soft, ALL[0], spoilt), True),
            row_of("4. emg, envelope - waveform, area, validation people, 300 steps",
                   4, "+7 to +10 after 150 to 200 steps",
                   between(folder, (envelope, raw), area, "valid"), True),
            row_of("... 150 steps", 4, "",
                   between(folder, (("short", "emg", soft), ("short", "emg-raw", soft)),
                           area, "valid"), True),
            row_of("... ecg, four segments - mean, exit 1, validation people, 200 "
                   "steps", 2, "+6 to +9 after 150 steps",
                   between(folder, (("", "ecg", soft), ("heads", "ecg-mean", soft)),
                           exit_of, 0, "valid"), True),
            row_of("... 150 steps", 2, "",
                   between(folder, (("short", "ecg", soft),
                                    ("short", "ecg-mean", soft)),
                           exit_of, 0, "valid"), True)]
