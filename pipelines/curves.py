# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers

"""curves.py LOG ...: logs of mxtrainsink as one HTML page on stdout.

A training that was resumed has some steps twice: what was logged last counts."""

import json
import math
import os
import sys

from page import (COLOURS, DASHES, Chart, Wrong, document, duration, number,
                    percent, table, text)


def load(filename):
    """The events of a log, in order."""
    events = []
    try:
        with open(filename, encoding="utf-8") as file:
            lines = file.read().split("\n")
    except (OSError, ValueError) as error:
        raise Wrong(f"{filename}: cannot be read: {error}") from error
    for i, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            event = json.loads(line)
        except ValueError as error:
            # A training that runs, or was killed, may be in the middle of it.
            if i == len(lines):
                break
            raise Wrong(f"{filename}: line {i} is no JSON: {error}") from error
        if not isinstance(event, dict) or "event" not in event:
            raise Wrong(f"{filename}: line {i}: expected a line of the log of "
                        "mxtrainsink, with a field \"event\"")
        events.append(event)
    if not events:
        raise Wrong(f"{filename}: is empty")
    return last_run(events)


def last_run(events):
    """From the last beginning on."""
    begins = [i for i, e in enumerate(events) if e["event"] == "begin"]
    while len(begins) > 1 and any(e["event"] == "resume"
                                  for e in events[begins[-1]:begins[-1] + 2]):
        begins.pop()
    return events[begins[-1] if begins else 0:]


def points(events, kinds, key):
    """What was logged last for each step, in order of steps."""
    found = {e["step"]: e for e in events
             if e["event"] in kinds and key in e and "step" in e}
    return [found[step] for step in sorted(found)]


def finite(value):
    return isinstance(value, (int, float)) and math.isfinite(value)


def round_up(value, unit=None):
    """To five times a round number; @unit: of which it is a multiple."""
    if value <= 0:
        return 1
    size = 10 ** math.floor(math.log10(value / 5))
    return next(5 * size * n for n in (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)
                if 5 * size * n >= value * (1 - 1e-9)
                and (unit is None or size * n % unit == 0))


def whole_range(low, high):
    """Of whole numbers, and in how many parts it is shown."""
    if high - low <= 10:
        return (low, max(high, low + 1)), max(high - low, 1)
    return (0, round_up(high, 1)), 5


def percentages(least):
    """A range up to 100 % in five round parts."""
    return next((1 - 5 * part, 1) for part in (.01, .02, .04, .05, .1, .2)
                if 1 - 5 * part <= least or part == .2)


def curves(lines, x_name, y_name, caption, y=None, marks=()):
    """@lines: of name and points; @y: a range of percentages, None: from 0;
    @marks: of x and a text."""
    lines = [(n, [(a, b) for a, b in ps if finite(b)]) for n, ps in lines]
    lines = [(n, ps) for n, ps in lines if ps]
    if not lines:
        return ""
    xs = [p[0] for _, ps in lines for p in ps]
    across, parts = whole_range(min(xs), max(xs))
    top = round_up(max(p[1] for _, ps in lines for p in ps))
    chart = Chart(400, 280, across, y or (0, top), caption)
    chart.axes(x_name, y_name, "{:.0f}", "{:.0%}" if y else "{:.3g}", parts)
    for x, what in marks:
        chart.line([(x, chart.y[0]), (x, chart.y[1])], stroke="#888",
                   stroke_dasharray="3 3")
        px, py = chart.at(x, chart.y[1])
        chart.add("text", what, x=f"{px - 4:.1f}", y=f"{py + 12:.1f}",
                  text_anchor="end")
    for i, (name, ps) in enumerate(lines):
        colour, dash = COLOURS[i % 6], DASHES[i % 6]
        chart.line(ps, stroke=colour, stroke_width=2, stroke_dasharray=dash)
        if len(ps) == 1:
            px, py = chart.at(*ps[0])
            chart.add("circle", cx=f"{px:.1f}", cy=f"{py:.1f}", r=3, fill=colour)
    keys = "".join(
        f"<li><svg width=\"28\" height=\"8\"><line x1=\"0\" x2=\"28\" y1=\"4\" "
        f"y2=\"4\" stroke=\"{COLOURS[i % 6]}\" stroke-width=\"2\" "
        f"stroke-dasharray=\"{DASHES[i % 6]}\"/></svg> {text(name)}</li>"
        for i, (name, _) in enumerate(lines))
    if len(lines) > 1:
        caption = f"{text(caption)}<ul class=\"keys\">{keys}</ul>"
    return chart.drawn(caption)


def losses(events):
    steps = points(events, ("step",), "loss")
    steps = steps or points(events, ("epoch", "end"), "loss")
    names = (("all", "loss"), ("cross-entropy, clean", "clean-loss"),
             ("consistency", "consistency-loss"))
    lines = [(name, [(e["step"], e[key]) for e in steps if key in e])
             for name, key in names]
    valid = points(events, ("epoch", "end"), "valid-loss")
    lines.append(("cross-entropy, valid",
                  [(e["step"], e["valid-loss"]) for e in valid]))
    return curves(lines, "step", "loss", "Losses")


def accuracies(epochs, key, caption, marks=()):
    exits = max((len(e[key]) for e in epochs if key in e), default=0)
    lines = [(f"exit {x + 1}", [(e["epoch"], e[key][x]) for e in epochs
                                if key in e and x < len(e[key])])
             for x in range(exits)]
    if key == "valid-accuracy":
        lines.append(("area of all thresholds",
                      [(e["epoch"], e["valid-auc"]) for e in epochs
                       if "valid-auc" in e]))
    least = min((p[1] for _, ps in lines for p in ps if finite(p[1])),
                default=0)
    return curves(lines, "epoch", "right, %", caption,
                  percentages(least), marks=marks)


def outcome(events):
    last = events[-1]
    told = {
        "end": f"Ended after {duration(last.get('elapsed'))}; the model is in "
               f"{last.get('location', '?')}.",
        "stop": "Stopped before the end of the stream.",
        "error": "Failed: " + str(last.get("text", "")),
    }
    return told.get(last["event"], "Not ended when this page was made.")


def epoch_table(epochs):
    rows = []
    for e in epochs:
        rows.append((
            e["epoch"], e["step"], number(e.get("loss"), 3),
            " ".join(percent(a) for a in e.get("accuracy", [])),
            " ".join(percent(a) for a in e.get("valid-accuracy", [])),
            percent(e.get("valid-auc")), e.get("best-epoch", "–")))
    return table(("epoch", "step", "loss", "exits, trained on",
                  "exits, valid", "valid area", "best epoch"), rows)


def training(name, events):
    by_epoch = {e["epoch"]: e for e in events if e["event"] in ("epoch", "end")
                and "epoch" in e}
    epochs = [by_epoch[e] for e in sorted(by_epoch)]
    best = epochs[-1].get("best-epoch") if epochs else None
    marks = [(best, "kept")] if best else []
    rates = points(events, ("step", "epoch", "end"), "learning-rate")
    begin = next((e.get("text", "") for e in events if e["event"] == "begin"),
                 "")
    return "".join((
        f"<h2>{text(name)}</h2>\n<p>{text(begin)}</p>\n"
        f"<p>{text(outcome(events))}</p>\n<div class=\"some\">",
        losses(events),
        accuracies(epochs, "valid-accuracy", "Examples to measure with", marks),
        accuracies(epochs, "accuracy", "Examples trained on, as they were"),
        curves([("learning rate", [(e["step"], 1000 * e["learning-rate"])
                                   for e in rates])],
               "step", "learning rate, thousandths", "Learning rate"),
        "</div>\n<h3>Epochs</h3>\n", epoch_table(epochs) if epochs else
        "<p>None has ended.</p>\n"))


def main(filenames):
    try:
        body = "".join(training(os.path.basename(f), load(f))
                       for f in filenames)
    except Wrong as error:
        sys.exit(f"{sys.argv[0]}: {error}")
    except (KeyError, TypeError, IndexError, AttributeError) as error:
        sys.exit(f"{sys.argv[0]}: a log lacks what it must have: {error!r}")
    sys.stdout.reconfigure(encoding="utf-8")
    sys.stdout.write(document("Training", body))


if __name__ == "__main__":
    main(sys.argv[1:])
