# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers

"""The tables of docs/results.md, section Four sensors, but for those against the
reference: of the reports that four-sensors.sh has.  Per cent; each table is a list
of rows of text, the first the heads of the columns."""

import functools
import os
import statistics

import results

SETS = ("speech", "activity", "ecg", "emg")
ALL = ("supervised", "self-distillation", "augmented", "consistent-exit")
FEW = ALL + ("few-labels",)
NAMES = {"consistent-exit": "consistent-exit, soft",
         "few-labels": "consistent-exit, hard"}
AVERAGED = "average-weights=.98"
MASKED = "consistent-exit,confidence-threshold=.8"
# Hard targets by other settings, with so many seeds.
AVERAGE, UNSURE = "teacher-average=.98", "confidence-threshold=0"
HARD = {"few-labels": "hard",
        f"few-labels,{AVERAGE}": "... averaged teacher",
        f"few-labels,{UNSURE}": "... without a threshold",
        f"few-labels,{AVERAGE},{UNSURE}": "... both"}
HARD_SEEDS = {"speech": 5, "activity": 5, "ecg": 10, "emg": 10}

# For compared(): what it is called, and folder, stem and objective of its runs.
FRONTS = (
    ("speech: mean and max", "", "speech", "consistent-exit"),
    ("speech: mean", "heads", "speech-mean", "consistent-exit"),
    ("ecg: mean in four segments", "", "ecg", "consistent-exit"),
    ("ecg: mean", "heads", "ecg-mean", "consistent-exit"),
    ("ecg, 150 steps: segments", "short", "ecg", "consistent-exit"),
    ("ecg, 150 steps: mean", "short", "ecg-mean", "consistent-exit"),
    ("emg: envelope", "", "emg", "consistent-exit"),
    ("emg: waveform", "heads", "emg-raw", "consistent-exit"),
    ("emg, 150 steps: envelope", "short", "emg", "consistent-exit"),
    ("emg, 150 steps: waveform", "short", "emg-raw", "consistent-exit"))
TRIED = (
    ("emg, all labels: augmented", "", "emg", "augmented"),
    ("... consistent-exit", "", "emg", "consistent-exit"),
    ("... averaged weights", "", "emg", f"consistent-exit,{AVERAGED}"),
    ("... 600 steps, augmented", "long", "emg", "augmented"),
    ("... 600 steps, consistent-exit", "long", "emg", "consistent-exit"),
    ("emg, few labels: augmented", "", "few-emg", "augmented"),
    ("... hard", "", "few-emg", "few-labels"),
    ("... 600 steps, augmented", "long", "few-emg", "augmented"),
    ("... 600 steps, hard", "long", "few-emg", "few-labels"),
    ("ecg, few labels: augmented", "", "few-ecg", "augmented"),
    ("... hard", "", "few-ecg", "few-labels"),
    ("... soft", "", "few-ecg", "consistent-exit"),
    ("... soft, with the mask of hard", "", "few-ecg", MASKED),
    ("... hard, averaged weights", "", "few-ecg", f"few-labels,{AVERAGED}"),
    ("... 400 steps, augmented", "long", "few-ecg", "augmented"),
    ("... 400 steps, hard", "long", "few-ecg", "few-labels"))
# And the ways to spoil recordings that it is about.
ENDURED = tuple((*words, names) for names, rows in (
    (("hum", "noise-6"), (
        ("emg, all labels: augmented", "", "emg", "augmented"),
        ("... consistent-exit", "", "emg", "consistent-exit"),
        ("noise from 6 dB on: augmented", "emg-noise", "emg", "augmented"),
        ("... consistent-exit", "emg-noise", "emg", "consistent-exit"),
        ("and hum .25, to 1: augmented", "emg-noise-hum", "emg", "augmented"),
        ("... consistent-exit", "emg-noise-hum", "emg", "consistent-exit"),
        ("hum .25, to 1: consistent-exit", "emg-hum-rare", "emg", "consistent-exit"),
        ("hum .5, to .5: consistent-exit", "emg-hum-half", "emg", "consistent-exit"),
        ("hum .5, to 1: augmented", "emg-hum", "emg", "augmented"),
        ("... consistent-exit", "emg-hum", "emg", "consistent-exit"),
        ("... and noise from 6 dB on", "emg-hum-noise", "emg", "consistent-exit"),
        ("hum always, to 1: consistent-exit", "emg-hum-always", "emg",
         "consistent-exit"))),
    (("lost-1",), (
        ("ecg, all labels: augmented", "", "ecg", "augmented"),
        ("... consistent-exit", "", "ecg", "consistent-exit"),
        ("leads lost .1: consistent-exit", "ecg-lead-1", "ecg", "consistent-exit"),
        ("leads lost .3: consistent-exit", "ecg-lead-3", "ecg", "consistent-exit"),
        ("leads lost .5: consistent-exit", "ecg-lead-5", "ecg", "consistent-exit"))),
    (("hum", "noise-10"), (
        ("ecg, all labels: consistent-exit", "", "ecg", "consistent-exit"),
        ("hum to .56, noise from 10 dB on", "ecg-hum-noise", "ecg",
         "consistent-exit"),
        ("ecg, few labels: augmented", "", "few-ecg", "augmented"),
        ("... hard", "", "few-ecg", "few-labels"),
        ("hum to .56: augmented", "ecg-hum", "few-ecg", "augmented"),
        ("... hard", "ecg-hum", "few-ecg", "few-labels"),
        ("and noise from 10 dB on: augmented", "ecg-hum-noise", "few-ecg",
         "augmented"),
        ("... hard", "ecg-hum-noise", "few-ecg", "few-labels"))))
    for words in rows)
# With ten seeds: what it is called, set, folder, and ways to spoil.
ENDURED_TEN = (
    ("hum to .56, noise from 10 dB on", "ecg", "ecg-hum-noise", ("hum", "noise-10")),
    ("noise from 6 dB on", "emg", "emg-noise", ("hum", "noise-6")))


class Nothing(Exception):
    """A folder lacks what a table is of."""


# Several tables are of the same runs.
reports = functools.cache(results.reports)


def runs_of(folder, stem, objectives, count=3):
    """objective -> kinds of each run, of those that all have the first @count."""
    found = {objective: reports(os.path.join(folder, stem), objective)
             for objective in objectives}
    runs = results.paired(found)
    if len(runs) < count:
        raise Nothing(f"{os.path.join(folder, stem)}: {len(runs)} finished runs of "
                      f"{', '.join(objectives)}, for {count}")
    return {objective: [kinds[run] for run in runs[:count]]
            for objective, kinds in found.items()}


def values(runs, *path):
    """One figure of each run, in per cent."""
    told = []
    for kinds in runs:
        value = kinds
        for step in path:
            value = value[step]
        told.append(100 * value)
    return told


def exit_of(runs, number, kind="clean", what="accuracy"):
    return values(runs, kind, "all-exits", number, what)


def area(runs, kind="clean"):
    return values(runs, kind, "curve", "area")


def spoilt(runs, prefix=""):
    areas = [results.spoilt(kinds, prefix).values() for kinds in runs]
    if not all(areas):
        raise Nothing(f"no {prefix}reports of spoilt recordings in some run")
    return [100 * statistics.fmean(of_run) for of_run in areas]


def mean(of_runs):
    return statistics.fmean(of_runs)


def one(of_runs):
    return f"{mean(of_runs):.1f}"


def several(of_runs):
    """With the standard deviation over the runs."""
    return f"{mean(of_runs):.1f} ± {statistics.stdev(of_runs):.1f}"


def error(of_runs):
    """The standard error of their mean."""
    return f" ± {statistics.stdev(of_runs) / len(of_runs) ** .5:.1f}"


def at_cost(accuracies, costs):
    return f"{mean(accuracies):.1f} at {mean(costs):.1f}"


def operated(runs, kind="clean"):
    """With the thresholds that were set there."""
    return at_cost(values(runs, kind, "accuracy"), values(runs, kind, "mean-cost"))


def of_set(folder, name, few):
    return runs_of(folder, ("few-" if few else "") + name, FEW if few else ALL)


def called(name, objective, few):
    return f"{name}: {NAMES.get(objective, objective) if few else objective}"


def worth(folder, few):
    """What exits are worth."""
    rows = [["", "exit 1", "exit 4", "F1, exit 1", "F1, exit 4", "area",
             "area, spoilt", "at .8", "cost"]]
    for name in SETS:
        for objective, runs in of_set(folder, name, few).items():
            rows.append([
                called(name, objective, few),
                several(exit_of(runs, 0)), several(exit_of(runs, -1)),
                one(exit_of(runs, 0, what="macro-f1")),
                one(exit_of(runs, -1, what="macro-f1")), several(area(runs)),
                several(spoilt(runs)), one(values(runs, "clean", "accuracy")),
                one(values(runs, "clean", "mean-cost"))])
    return rows


def as_good(runs, base):
    points = [results.as_good(kinds, other) for kinds, other in zip(runs, base)]
    return at_cost(values(points, "acc"), values(points, "cost"))


def earlier(folder, few):
    """What leaving early is worth, by four rules."""
    rows = [["", "last exit", "half a point", "as augmented", ".98", "agreed", ".8"]]
    for name in SETS:
        found = of_set(folder, name, few)
        for objective, runs in found.items():
            agreed = values(runs, "agreement", "agreed")
            rows.append([
                called(name, objective, few),
                one(values(runs, "clean", "curve", "last", "accuracy")),
                operated(runs, "sufficient"),
                as_good(runs, found[results.REFERENCE]),
                operated(runs, "agreement"),
                f"{min(agreed):.1f} to {max(agreed):.1f}", operated(runs)])
    return rows


def gained(runs, base, figure, *words):
    """Run by run."""
    return [ours - theirs for ours, theirs in
            zip(figure(runs, *words), figure(base, *words))]


def signed(of_runs):
    # Nothing is no loss: + 0 takes the sign of -0.0.
    return f"{round(mean(of_runs), 1) + 0:+.1f}"


def lead(folder):
    """Consistent exit training against augmentation, a row a set."""
    rows = [["", "exit 1", "area", "area, spoilt", "validation: area",
             "area, spoilt", "cost: augmented", "consistent exit", "accuracy there"]]
    for few in (False, True):
        for name in SETS:
            found = of_set(folder, name, few)
            runs, base = found[FEW[-1] if few else ALL[-1]], found[results.REFERENCE]
            apart = gained(runs, base, area)
            rows.append([
                f"{name}, {'few labels (hard)' if few else 'all labels'}",
                signed(gained(runs, base, exit_of, 0)),
                f"{signed(apart)} ± {statistics.stdev(apart):.1f}",
                signed(gained(runs, base, spoilt)),
                signed(gained(runs, base, area, "valid")),
                signed(gained(runs, base, spoilt, results.VALID)),
                one(values(base, "sufficient", "mean-cost")),
                one(values(runs, "sufficient", "mean-cost")),
                signed(gained(runs, base, values, "sufficient", "accuracy"))])
    return rows


def hard(folder):
    """Few labels: hard targets by other settings, less augmentation."""
    rows = [["", "validation: exit 1", "area", "area, spoilt", "at .8",
             "test: exit 1", "area", "area, spoilt", "at .8"]]
    sums = {objective: [] for objective in HARD}
    for name, seeds in HARD_SEEDS.items():
        found = runs_of(folder, f"few-{name}", [results.REFERENCE, *HARD], seeds)
        for objective, called_here in HARD.items():
            apart = [gained(found[objective], found[results.REFERENCE], *words)
                     for words in ((exit_of, 0, "valid"), (area, "valid"),
                                   (spoilt, results.VALID),
                                   (values, "valid", "accuracy"),
                                   (exit_of, 0), (area,), (spoilt,),
                                   (values, "clean", "accuracy"))]
            sums[objective].append([mean(figure) for figure in apart])
            rows.append([f"{name}, {seeds} seeds: {called_here}"]
                        + [signed(figure) + error(figure) for figure in apart])
    for objective, called_here in HARD.items():
        rows.append([f"mean of the sets: {called_here}"]
                    + [signed(figures) for figures in zip(*sums[objective])])
    return rows


def exits_area(runs, kind="clean"):
    return " / ".join(map(one, (exit_of(runs, 0, kind), exit_of(runs, -1, kind),
                                area(runs, kind))))


def compared(folder, entries):
    """As recorded and spoilt, test and validation people."""
    rows = [["", "test people", "spoilt", "at .8", "validation people", "spoilt"]]
    for name, place, stem, objective in entries:
        runs = runs_of(os.path.join(folder, place), stem, [objective])[objective]
        rows.append([name, exits_area(runs), one(spoilt(runs)), operated(runs),
                     exits_area(runs, "valid"), one(spoilt(runs, results.VALID))])
    return rows


def ways(runs, prefix, names):
    told = [results.spoilt(kinds, prefix) for kinds in runs]
    return " / ".join(one([100 * areas[name] for areas in told]) for name in names)


def endured(folder, entries):
    """Area as recorded, and where recordings are spoilt in those ways that floors
    were missed in."""
    rows = [["area", "spoilt by", "test people", "spoilt", "validation people",
             "spoilt"]]
    for name, place, stem, objective, names in entries:
        runs = runs_of(os.path.join(folder, place), stem, [objective])[objective]
        rows.append([name, " / ".join(names), several(area(runs)),
                     ways(runs, "", names), several(area(runs, "valid")),
                     ways(runs, results.VALID, names)])
    return rows


def endured_ten(folder):
    """Few labels, ten seeds: training perturbed more less the recipe, area."""
    rows = [["", "test people", "spoilt by", "", "validation people", "spoilt"]]
    for told, name, place, names in ENDURED_TEN:
        for objective in (results.REFERENCE, FEW[-1]):
            more, recipe = (
                runs_of(os.path.join(folder, where), f"few-{name}", [objective], 10)
                [objective] for where in (place, ""))

            def apart(*kinds):
                of_kinds = (gained(more, recipe, area, kind) for kind in kinds)
                return " / ".join(signed(figure) + error(figure)
                                  for figure in of_kinds)

            rows.append([
                f"{name}, {told}: {'hard' if objective == FEW[-1] else objective}",
                apart("clean"), " / ".join(names), apart(*names), apart("valid"),
                apart(*(results.VALID + way for way in names))])
    return rows
