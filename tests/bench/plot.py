#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers

"""Time per exit as a plot, ours beside ONNX Runtime's.

    tests/bench/plot.py RESULTS.json > FILE.svg
"""

import json
import math
import sys

PANELS = (("network-a", "Network A: audio, 98 frames of 40 bands"),
          ("network-b", "Network B: six axes, 128 samples"))
ROWS = ("exit 1", "exit 2", "exit 3", "exit 4", "mix, beside all four answers")
NAMES = ("exit 1", "exit 2", "exit 3", "exit 4", "60/20/10/10 %")
OURS, PEER = "#0060c0", "#b0b0b0"
WIDTH, PANEL, HEIGHT, BASE, BAR = 880, 440, 350, 270, 26
LEFT = 50
# Others took more of the processors than this: not a quiet machine.
QUIET = .05


def text(x, y, words, anchor="middle", size=12, fill="#000"):
    return '<text x="%g" y="%g" text-anchor="%s" font-size="%d" fill="%s">%s</text>' % (
        x, y, anchor, size, fill, words)


def nice_step(largest):
    """Of about four lines of a grid."""
    power = 10 ** math.floor(math.log10(largest / 4))
    return next(m * power for m in (1, 2, 5, 10) if m * power * 4.5 >= largest)


def bar(x, y_of, value, fill):
    y = y_of(value)
    return ['<rect x="%g" y="%.1f" width="%d" height="%.1f" fill="%s"/>' % (
        x, y, BAR, BASE - y, fill), text(x + BAR / 2, y - 4, "%.0f" % value, size=11)]


def draw_panel(left, title, rows):
    us = [row["us"] for row in rows]
    peer = [row["ORT us"] for row in rows]
    largest = max(us + [p for p in peer if p is not None])
    step = nice_step(largest)

    def y_of(value):
        return BASE - value * (BASE - 60) / largest

    out = [text(left + LEFT, 24, title, "start", 14),
           text(left + LEFT - 6, 44, "us", "end", 11, "#555")]
    line = 0
    while line <= largest:
        out.append('<path d="M%g %.1fh%d" stroke="#ddd"/>' % (
            left + LEFT, y_of(line), PANEL - LEFT - 15))
        out.append(text(left + LEFT - 6, y_of(line) + 4, "%g" % line, "end", 11, "#555"))
        line += step
    for i, name in enumerate(NAMES):
        x = left + LEFT + 12 + i * 73
        out += bar(x, y_of, us[i], OURS)
        if peer[i] is not None:
            out += bar(x + BAR + 2, y_of, peer[i], PEER)
            out.append(text(x + BAR + 1, BASE + 32, "%.2f x" % rows[i]["ORT / it"], fill=OURS))
        out.append(text(x + BAR + 1, BASE + 16, name))
    return out


def legend(machine, has_peer):
    y = HEIGHT - 14
    out = ['<rect x="%d" y="%d" width="12" height="12" fill="%s"/>' % (LEFT, y - 10, OURS),
           text(LEFT + 18, y, "gst-multiexit", "start")]
    if has_peer:
        out += ['<rect x="160" y="%d" width="12" height="12" fill="%s"/>' % (y - 10, PEER),
                text(178, y, "ONNX Runtime (mix: its four-output graph)", "start")]
    load = machine["others"]
    where = "One thread, %s, %s" % (machine["processor"], machine["date"])
    if load > QUIET:
        where += ", under load"
    return out + [text(WIDTH - 15, y, where, "end", 11, "#555")]


def draw(result):
    values = {(row["section"], row["row"]): row["values"] for row in result["rows"]}
    out = ['<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" '
           'font-family="sans-serif">' % (WIDTH, HEIGHT),
           '<rect width="100%" height="100%" fill="white"/>']
    has_peer = False
    for i, (name, title) in enumerate(PANELS):
        rows = [values["Time of a window, " + name, row] for row in ROWS]
        has_peer = has_peer or rows[0]["ORT us"] is not None
        out += draw_panel(i * PANEL, title, rows)
    return "\n".join(out + legend(result["machine"], has_peer) + ["</svg>"]) + "\n"


if __name__ == "__main__":
    with open(sys.argv[1]) as results:
        print(draw(json.load(results)), end="")
