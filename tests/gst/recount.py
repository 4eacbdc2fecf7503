# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers

"""recount.py PREDICTIONS REPORT [TOLERANCE]: computes all figures of a report
of mxevalsink from its predictions, in another way, and compares.  TOLERANCE: of
events, in ns.  Needs nothing but Python."""

import collections
import json
import math
import struct
import sys

BINS = 15
ROUNDING = 1000  # ns
HARDEST = 20


class Outcome:
    """One answer: of the policy, or of an exit."""

    def __init__(self, answer, confidence, exit, cost):
        self.answer, self.confidence = answer, confidence
        self.exit, self.cost, self.truth = exit, cost, None

    def of(self, truth):
        copy = Outcome(self.answer, self.confidence, self.exit, self.cost)
        copy.truth = truth
        return copy


def outcomes_of(result):
    """The answer, then that of each exit."""
    full = result["macs-full"]
    found = [Outcome(result["label"], result["confidence"], result["exit"],
                     result["macs"] / full)]
    if "exit-probabilities" in result:
        flat, n = result["exit-probabilities"], len(result["probabilities"])
        for e, label in enumerate(result["exit-labels"]):
            found.append(Outcome(label, max(flat[e * n:(e + 1) * n]), e + 1,
                                 result["exit-macs"][e] / full))
    return found


# --- who answers what ---

class Evaluation:
    def __init__(self, lines, tolerance):
        self.tolerance = tolerance
        self.examples, self.windows, self.gaps = [], [], []  # lists of outcomes
        self.told = []  # (example, outcomes or None)
        self.strays = self.not_finite = 0
        self.latencies, self.heard = [], 0
        self.recordings = []  # (examples, windows) of continuous streams
        self.isolated, self.surest, self.recording = None, None, ([], [])
        for line in lines:
            getattr(self, "see_" + line["type"])(line)
        self.end_isolated()
        self.end_recording()

    def end_isolated(self):
        if self.isolated is not None:
            self.told.append((self.isolated, self.surest))
        self.isolated = self.surest = None

    def end_recording(self):
        if any(self.recording):
            self.recordings.append(self.recording)
            for example in self.recording[0]:
                if not example["gap"]:
                    self.told.append((example, self.nearest(example)))
        self.recording = ([], [])

    def nearest(self, example):
        if example["begin"] < 0:
            return None
        begin, duration = example["begin"], example["duration"]
        best, least = None, None
        for start, length, outcomes in self.recording[1]:
            if start + length <= begin or start >= begin + duration:
                continue
            far = abs(start + length // 2 - (begin + duration // 2))
            if least is None or far < least:
                best, least = outcomes, far
        return best

    def see_break(self, line):
        self.end_recording()

    def see_example(self, line):
        self.end_isolated()
        if line["duration"] > 0:
            self.recording[0].append(line)
            if line["begin"] >= 0:
                self.heard += line["duration"]
            return
        self.end_recording()
        if not line["gap"]:
            self.isolated = line

    def see_result(self, line):
        if not line.get("finite", True):
            self.not_finite += 1
            return
        outcomes = outcomes_of(line)
        if line.get("latency", -1) >= 0:
            self.latencies.append(line["latency"])
        if self.recording[0] and line.get("timestamp", -1) >= 0:
            self.place(line, outcomes)
            return
        truth = (self.isolated or {}).get("label")
        self.windows.append([o.of(truth) for o in outcomes])
        if self.isolated is None:
            self.strays += 1
        elif self.surest is None:
            self.surest = outcomes
        else:
            self.surest = [b if b.confidence > a.confidence else a
                           for a, b in zip(self.surest, outcomes)]

    def place(self, line, outcomes):
        start, length = line["timestamp"], line["duration"]
        truth, in_gaps = None, 0
        for example in self.recording[0]:
            begin = example["begin"]
            end = begin + example["duration"]
            if begin < 0 or end <= start or begin >= start + length:
                continue
            if example["gap"]:
                in_gaps += min(end, start + length) - max(begin, start)
            elif begin <= start + length // 2 < end:
                truth = example.get("label")
        self.recording[1].append((start, length, outcomes))
        wholly = in_gaps + ROUNDING >= length
        (self.gaps if wholly else self.windows).append(
            [o.of(None if wholly else truth) for o in outcomes])


# --- scores ---

def mean(values):
    values = list(values)
    return sum(values) / len(values) if values else math.nan


def scores(outcomes):
    labelled = [o for o in outcomes if o.truth is not None]
    n = len(labelled)
    right = [o for o in labelled if o.truth == o.answer]
    supports = collections.Counter(o.truth for o in labelled)
    answers = collections.Counter(o.answer for o in labelled)
    hits = collections.Counter(o.truth for o in right)
    bins = collections.defaultdict(list)
    for o in outcomes:
        bins[bin_of(o.confidence)].append(o)
    chance = sum(supports[c] * answers[c] for c in supports) / n**2 if n else 0
    accuracy = len(right) / n if n else math.nan
    return {
        "count": len(outcomes), "labelled": n, "correct": len(right),
        "accuracy": accuracy,
        "balanced-accuracy": mean(hits[c] / supports[c] for c in supports),
        "macro-f1": mean(2 * hits[c] / (supports[c] + answers[c])
                         for c in {*supports, *answers}),
        "cohens-kappa": ((accuracy - chance) / (1 - chance)
                         if n and chance < 1 else math.nan),
        "calibration-error": sum(
            abs(sum((o.truth == o.answer) - o.confidence
                    for o in b if o.truth is not None))
            for b in bins.values()) / n if n else math.nan,
        "mean-confidence": mean(o.confidence for o in outcomes),
        "mean-exit": mean(o.exit for o in outcomes),
        "mean-cost": mean(o.cost for o in outcomes),
        "calibration": [group(bins[b]) for b in range(BINS)],
    }


def bin_of(confidence):
    return next((b for b in range(BINS) if confidence <= (b + 1) / BINS), BINS)


def group(outcomes):
    labelled = [o for o in outcomes if o.truth is not None]
    return {
        "count": len(outcomes), "labelled": len(labelled),
        "correct": sum(o.truth == o.answer for o in labelled),
        "accuracy": mean(o.truth == o.answer for o in labelled),
        "confidence": mean(o.confidence for o in labelled),
    }


def per_exit(outcomes):
    exits = max((o.exit for o in outcomes), default=0)
    return [group([o for o in outcomes if o.exit == e + 1])
            for e in range(exits)]


def share(part, whole):
    return part / whole if whole else math.nan


def tables(outcomes, names):
    """Label by label: scores, and the rows of the confusion matrix."""
    rows = [[sum(o.truth == t and o.answer == a for o in outcomes)
             for a in names] for t in names]
    classes = []
    for i, name in enumerate(names):
        support, answers = sum(rows[i]), sum(row[i] for row in rows)
        classes.append({
            "label": name, "support": support, "answers": answers,
            "correct": rows[i][i], "precision": share(rows[i][i], answers),
            "recall": share(rows[i][i], support),
            "f1": share(2 * rows[i][i], support + answers)})
    return {"classes": classes, "confusion": rows}


def curve(windows, sufficient):
    """Thresholds one after the other, each window anew.  @sufficient: the one
    that was found."""
    windows = [w[1:] for w in windows if w[0].truth is not None and len(w) > 1]
    if not windows:
        return None

    def point(threshold):
        # The property is a float.
        threshold = struct.unpack("f", struct.pack("f", threshold))[0]
        chosen = [next((o for o in w[:-1] if o.confidence >= threshold), w[-1])
                  for w in windows]
        return (mean(o.cost for o in chosen),
                mean(o.truth == o.answer for o in chosen),
                mean(o.exit for o in chosen))

    known = sorted({o.confidence for w in windows for o in w})
    points = [point(t) for t in [0, *known, 2]]
    area, best = 0, 0
    for (cost, accuracy, _), (following, _, _) in zip(points, points[1:]):
        best = max(best, accuracy)
        area += best * (following - cost)
    span = points[-1][0] - points[0][0]
    last = points[-1]
    enough = next(p for p in points if p[1] >= last[1] - .005 - 1e-12)
    compare("curve.sufficient.threshold",
            list(point(2 if sufficient is None else sufficient)), list(enough))
    return {
        "count": len(windows), "left-out": 0,
        "area": area / span if span > 0 else max(best, last[1]),
        "last": dict(zip(("mean-cost", "accuracy", "mean-exit"), last)),
        "sufficient": dict(zip(("mean-cost", "accuracy", "mean-exit"), enough)),
        "points": [dict(zip(("mean-cost", "accuracy", "mean-exit", "threshold"),
                            (*point(i / 100), i / 100))) for i in range(101)],
    }


def events(evaluation):
    heard = {e["label"] for r in evaluation.recordings for e in r[0]
             if e.get("label") is not None}
    heard |= {e["label"] for e, _ in evaluation.told if e.get("label")}
    counts = {label: collections.Counter() for label in heard}
    delays = []
    for examples, windows in evaluation.recordings:
        examples = [e for e in examples if e["begin"] >= 0 and not e["gap"]]
        run = None
        for e in examples:
            if e.get("label") is None:
                continue
            counts[e["label"]]["count"] += 1
            for start, length, outcomes in windows:
                late = (length if evaluation.tolerance is None
                        else evaluation.tolerance)
                end = start + length
                if (outcomes[0].answer == e["label"] and
                        e["begin"] < end <= e["begin"] + e["duration"] + late):
                    counts[e["label"]]["found"] += 1
                    delays.append(end - e["begin"])
                    break
        for start, length, outcomes in windows:
            late = (length if evaluation.tolerance is None
                    else evaluation.tolerance)
            answer, end = outcomes[0].answer, start + length
            excused = any(
                end > e["begin"] and
                (start < e["begin"] + e["duration"] or
                 (e.get("label") is not None and
                  end <= e["begin"] + e["duration"] + late))
                for e in examples if e.get("label") in (None, answer))
            if not excused and run != answer and answer in heard:
                counts[answer]["false"] += 1
            run = None if excused else answer
    hours = evaluation.heard / 3600e9
    count, found, wrong = (sum(c[what] for c in counts.values())
                           for what in ("count", "found", "false"))
    return {"count": count, "found": found, "false": wrong, "hours": hours,
            "recall": share(found, count),
            "false-per-hour": share(wrong, hours),
            "delay": times(delays),
            "classes": {label: {"count": c["count"], "found": c["found"],
                                "recall": share(c["found"], c["count"]),
                                "false": c["false"]}
                        for label, c in counts.items()}}


class Above(float):
    """The least of what is allowed: a quantile may be 1/32 too large."""


def quantile(values, fraction):
    """The least that so many are at most."""
    if not values:
        return math.nan
    return Above(sorted(values)[max(math.ceil(fraction * len(values)) - 1, 0)])


def times(values):
    return {"count": len(values), "mean": mean(values),
            "median": quantile(values, .5),
            "quantile-95": quantile(values, .95),
            "quantile-99": quantile(values, .99),
            "maximum": max(values, default=math.nan)}


def hardest(examples):
    labelled = [(e, o[0].of(e["label"])) for e, o in examples
                if o is not None and e.get("label") is not None]
    labelled.sort(key=lambda pair: -(
        1 + pair[1].confidence if pair[1].truth != pair[1].answer
        else 1 - pair[1].confidence))
    return [{"label": o.truth, "answer": o.answer, "index": e["index"],
             "epoch": e["epoch"], "exit": o.exit, "confidence": o.confidence,
             "path": e["path"], "subject": e.get("subject"),
             "begin": e["begin"] if e["begin"] >= 0 else None}
            for e, o in labelled[:HARDEST]]


def subjects(examples):
    names = dict.fromkeys(e["subject"] for e, o in examples if o and "subject" in e)
    found = []
    for name in names:
        one = scores([o[0].of(e.get("label")) for e, o in examples
                      if o and e.get("subject") == name])
        found.append({"subject": name, **{k: one[k] for k in (
            "count", "labelled", "correct", "accuracy", "mean-exit",
            "mean-cost")}})
    return found


# --- comparing ---

failures = 0


def compare(path, found, expected):
    global failures
    if isinstance(expected, dict):
        for key, value in expected.items():
            compare(f"{path}.{key}", (found or {}).get(key), value)
        return
    if isinstance(expected, list):
        compare(path + ".length", len(found or []), len(expected))
        for i, (a, b) in enumerate(zip(found or [], expected)):
            compare(f"{path}[{i}]", a, b)
        return
    if isinstance(expected, float) and math.isnan(expected):
        same = found is None
    elif isinstance(expected, Above):
        same = (found is not None and
                expected <= found <= expected * (1 + 1 / 32))
    elif isinstance(expected, (int, float)):
        same = found is not None and math.isclose(
            found, expected, rel_tol=1e-6, abs_tol=1e-6)
    else:
        same = found == expected
    if not same:
        failures += 1
        print(f"{path}: found {found}, expected {expected}")


def compare_board(path, found, boards):
    """@boards: lists of outcomes: the answer's, then those of each exit."""
    names = [c["label"] for c in found["classes"]]
    policy = [w[0] for w in boards]
    compare(path, found, {**scores(policy), **tables(policy, names),
                          "per-exit": per_exit(policy)})
    exits = max((len(w) for w in boards), default=1) - 1
    if exits:
        each = [[w[e + 1] for w in boards if len(w) > e + 1]
                for e in range(exits)]
        compare(path + ".all-exits", found["all-exits"],
                [{**scores(one), **tables(one, names)} for one in each])


def main(predictions, report, tolerance=None):
    with open(predictions, encoding="utf-8") as file:
        evaluation = Evaluation([json.loads(line) for line in file],
                                int(tolerance) if tolerance else None)
    with open(report, encoding="utf-8") as file:
        found = json.load(file)
    told = evaluation.told
    compare("report", found, {
        "version": 1,
        "announced": len(told),
        "unlabelled": sum(e.get("label") is None for e, _ in told),
        "missing": sum(o is None and e.get("label") is not None
                       for e, o in told),
        "strays": evaluation.strays,
        "not-finite": evaluation.not_finite,
        "time-to-decision": times(evaluation.latencies),
        "subjects": subjects(told),
        "hardest": hardest(told),
    })
    compare_board("examples", found, [
        [one.of(e.get("label")) for one in o] for e, o in told if o])
    compare_board("windows", found["windows"], evaluation.windows)
    compare_board("gaps", found["gaps"], evaluation.gaps)
    expected = curve(evaluation.windows, found.get("curve", {}).get(
        "sufficient", {}).get("threshold"))
    if expected:
        compare("curve", found["curve"], expected)
    if evaluation.heard:
        by_label = {c["label"]: c for c in found["events"]["classes"]}
        expected = events(evaluation)
        compare("events", {**found["events"], "classes": by_label}, expected)
        compare("events.labels", sorted(by_label), sorted(expected["classes"]))
    heard = {e.get("label") for e, _ in told}
    compare("alarms", found["gaps"]["alarms"],
            sum(w[0].answer in heard for w in evaluation.gaps))
    print(f"{len(told)} examples, {len(evaluation.windows)} windows, "
          f"{failures} differences")
    return failures > 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
