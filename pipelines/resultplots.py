# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers

"""The plots of results.py: of one set, what each objective answers for a cost,
and what is left of it where recordings are spoilt."""

import os
import statistics

from page import COLOURS, DASHES, Chart, text

WIDTH, HEIGHT, KEYS = 460, 330, 46

# An objective looks the same in all plots.
OBJECTIVES = ("supervised", "augmented", "self-distillation", "consistent-exit",
              "few-labels")


def looks(names):
    """Colour and dashes of each name; those with options follow."""
    others = [name for name in names if name not in OBJECTIVES]
    places = [OBJECTIVES.index(name) if name in OBJECTIVES
              else len(OBJECTIVES) + others.index(name) for name in names]
    return {name: (COLOURS[place % 6], DASHES[place % 6])
            for name, place in zip(names, places)}


def mean_curve(runs):
    """Mean cost and mean accuracy at each threshold."""
    points = zip(*(run["clean"]["curve"]["points"] for run in runs))
    return [(statistics.fmean(p["mean-cost"] for p in at),
             statistics.fmean(p["accuracy"] for p in at)) for at in points]


def mean_exits(runs):
    """Of each exit alone."""
    exits = zip(*(run["clean"]["windows"]["all-exits"] for run in runs))
    return [(statistics.fmean(e["mean-cost"] for e in at),
             statistics.fmean(e["accuracy"] for e in at)) for at in exits]


def bounds(values):
    """In steps of five points, so that a fifth is a whole number of points."""
    low = int(min(values) * 20 - .2) / 20
    high = min(int(max(values) * 20 + 1.2) / 20, 1)
    return max(low, 0), max(high, low + .05)


def costs(of_objectives):
    curves = {name: mean_curve(runs) for name, runs in of_objectives.items()}
    exits = {name: mean_exits(runs) for name, runs in of_objectives.items()}
    everything = [y for lines in (curves, exits)
                  for points in lines.values() for _, y in points]
    chart = Chart(WIDTH, HEIGHT, (0, 1), bounds(everything),
                  "Accuracy against cost")
    chart.axes("mean cost, % of the whole network", "accuracy, %")
    for name, (colour, dashes) in looks(of_objectives).items():
        chart.line(curves[name], stroke=colour, stroke_width=2,
                   stroke_dasharray=dashes)
        for point in exits[name]:
            x, y = chart.at(min(point[0], 1), point[1])
            chart.add("circle", cx=f"{x:.1f}", cy=f"{y:.1f}", r=3, fill="#fff",
                      stroke=colour)
    return chart


def endurance(of_objectives, spoilt):
    """Area, as recorded and spoilt in each way."""
    rows = {name: {"as recorded": statistics.fmean(
        run["clean"]["curve"]["area"] for run in runs)} | {
            kind: statistics.fmean(spoilt(run)[kind] for run in runs)
            for kind in spoilt(runs[0])} for name, runs in of_objectives.items()}
    kinds = list(next(iter(rows.values())))
    colours = [colour for colour, _ in looks(rows).values()]
    chart = Chart(WIDTH, HEIGHT, (0, len(kinds)), (0, 1),
                  "Area where recordings are spoilt")
    chart.axes("", "area, %", x_text="")
    for k, kind in enumerate(kinds):
        x, y = chart.at(k + .5, chart.y[0])
        chart.add("text", kind, x=f"{x:.1f}", y=f"{y + 16:.1f}",
                  text_anchor="middle")
        for i, row in enumerate(rows.values()):
            x, top = chart.at(k + .1 + .8 * i / len(rows), row[kind])
            across, _ = chart.at(k + .1 + .8 * (i + 1) / len(rows), 0)
            chart.add("rect", x=f"{x:.1f}", y=f"{top:.1f}",
                      width=f"{across - x - 1:.1f}", height=f"{y - top:.1f}",
                      fill=colours[i])
    return chart


def keys(names):
    parts = []
    for i, (name, (colour, dashes)) in enumerate(looks(names).items()):
        x, y = 50 + 170 * (i % 5), HEIGHT + 18 + 18 * (i // 5)
        parts.append(
            f'<line x1="{x}" x2="{x + 28}" y1="{y - 4}" y2="{y - 4}" '
            f'stroke="{colour}" stroke-width="3" stroke-dasharray="{dashes}"/>'
            f'<text x="{x + 34}" y="{y}">{text(name)}</text>')
    return parts


def draw(path, of_objectives, spoilt):
    """@of_objectives: name -> kind -> report of each run; @spoilt: kinds of a
    run -> kind -> area."""
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" '
             f'viewBox="0 0 {2 * WIDTH} {HEIGHT + KEYS}" width="{2 * WIDTH}" '
             f'font-family="sans-serif" font-size="12" fill="#222">',
             '<rect width="100%" height="100%" fill="white"/>',
             *costs(of_objectives).parts,
             f'<g transform="translate({WIDTH} 0)">',
             *endurance(of_objectives, spoilt).parts, "</g>",
             *keys(of_objectives), "</svg>\n"]
    with open(path + ".part", "w", encoding="utf-8") as file:
        file.write("\n".join(parts))
    os.replace(path + ".part", path)
