# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers

"""report.py REPORT.json ...: reports of mxevalsink as one HTML page on stdout.

The page holds everything it shows: no scripts, no fonts, no pictures from
elsewhere; drawings are inline SVG."""

import html
import json
import os
import sys

VERSION = 1
# Apart for most eyes, and by their dashes on paper without colours.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#7a5c00", "#56b4e9")
DASHES = ("", "7 3", "2 3", "9 3 2 3", "4 2", "1 2")
MOST_CLASSES = 30  # a larger matrix is a list

STYLE = """
:root { color-scheme: light; }
body { font: 16px/1.5 system-ui, sans-serif; color: #222; background: #fff;
  max-width: 62rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.6rem; } h2 { margin-top: 2.5rem; border-bottom: 1px solid #ccc; }
h3 { margin: 1.5rem 0 .3rem; } p { max-width: 45rem; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .2rem .6rem; text-align: right; border-bottom: 1px solid #ddd; }
th { font-weight: 600; vertical-align: bottom; }
th:first-child, td:first-child, .text { text-align: left; }
.wide { overflow-x: auto; }
.matrix td { min-width: 1.6rem; text-align: center; padding: .2rem .3rem; }
.matrix thead th { writing-mode: vertical-rl; transform: rotate(180deg);
  text-align: left; padding: .3rem 0; }
svg { max-width: 100%; height: auto; }
svg text { font: 12px system-ui, sans-serif; fill: #222; }
.some { display: flex; flex-wrap: wrap; gap: 1rem; }
figure { margin: 0; } figcaption { font-size: .9rem; color: #555; }
.keys { display: flex; flex-wrap: wrap; gap: 0 1rem; margin: .2rem 0 1rem;
  padding: 0; list-style: none; }
@media print { body { font-size: 10pt; max-width: none; padding: 0; }
  h2 { break-before: page; } figure, table { break-inside: avoid; }
  .wide { overflow: visible; }
  * { -webkit-print-color-adjust: exact; print-color-adjust: exact; } }
"""


class Wrong(Exception):
    """A file that is no report."""


def text(value):
    return html.escape(str(value))


def percent(value):
    return "–" if value is None else f"{100 * value:.1f}\u00a0%"


def number(value, digits=2):
    return "–" if value is None else f"{value:.{digits}f}"


def duration(ns):
    """Of any size, for people."""
    if ns is None:
        return "–"
    for size, unit in ((1e9, "s"), (1e6, "ms"), (1e3, "µs")):
        if ns >= size:
            return f"{ns / size:.3g}\u00a0{unit}"
    return f"{ns:.0f} ns"


def table(head, rows, kind=""):
    cells = "".join(f"<th scope=\"col\">{text(h)}</th>" for h in head)
    body = "".join("<tr>" + "".join(f"<td>{text(c)}</td>" for c in row) +
                   "</tr>\n" for row in rows)
    return (f"<div class=\"wide\"><table class=\"{kind}\"><thead><tr>{cells}"
            f"</tr></thead><tbody>\n{body}</tbody></table></div>\n")


# --- drawings ---

class Chart:
    """Axes over two ranges, in a frame."""

    def __init__(self, width, height, x, y, title):
        self.width, self.height, self.x, self.y = width, height, x, y
        self.left, self.bottom, self.top = 50, 40, 10
        self.parts = [f"<title>{text(title)}</title>"]

    def at(self, x, y):
        (x0, x1), (y0, y1) = self.x, self.y
        across = self.width - self.left - 15
        up = self.height - self.bottom - self.top
        return (self.left + (x - x0) / (x1 - x0) * across,
                self.top + (y1 - y) / (y1 - y0) * up)

    def add(self, element, content=None, **attributes):
        names = "".join(f" {key.rstrip('_').replace('_', '-')}=\"{text(value)}\""
                        for key, value in attributes.items())
        self.parts.append(f"<{element}{names}/>" if content is None else
                          f"<{element}{names}>{text(content)}</{element}>")

    def line(self, points, **attributes):
        places = " ".join("%.1f,%.1f" % self.at(*p) for p in points)
        self.add("polyline", points=places, fill="none", **attributes)

    def axes(self, x_name, y_name, x_text="{:.0%}", y_text="{:.0%}", x_parts=5):
        """The texts say how numbers are written; a percent sign is left out."""
        for i in range(x_parts + 1):
            x = self.x[0] + (self.x[1] - self.x[0]) * i / x_parts
            px, py = self.at(x, self.y[0])
            self.add("text", x_text.format(x).rstrip("%"), x=f"{px:.1f}",
                     y=f"{py + 16:.1f}", text_anchor="middle")
        for i in range(6):
            y = self.y[0] + (self.y[1] - self.y[0]) * i / 5
            px, py = self.at(self.x[0], y)
            self.line([(self.x[0], y), (self.x[1], y)], stroke="#ddd")
            self.add("text", y_text.format(y).rstrip("%"), x=f"{px - 6:.1f}",
                     y=f"{py + 4:.1f}", text_anchor="end")
        middle = (self.left + self.width - 15) / 2
        self.add("text", x_name, x=f"{middle:.0f}", y=self.height - 6,
                 text_anchor="middle")
        half = (self.top + self.height - self.bottom) / 2
        self.add("text", y_name, x=12, y=f"{half:.0f}", text_anchor="middle",
                 transform=f"rotate(-90 12 {half:.0f})")

    def drawn(self, caption):
        return (f"<figure><svg role=\"img\" viewBox=\"0 0 {self.width} "
                f"{self.height}\" width=\"{self.width}\">" +
                "\n".join(self.parts) +
                f"</svg><figcaption>{caption}</figcaption></figure>\n")


def lowest(reports):
    """Where the accuracies begin, in steps of a fifth."""
    values = [p["accuracy"] for _, r in reports
              for p in r.get("curve", {}).get("points", [])]
    values += [r["windows"].get("accuracy") for _, r in reports]
    least = min((v for v in values if v is not None), default=0)
    return max(int(least * 5) / 5 - (0.2 if least * 5 % 1 < .2 else 0), 0)


def quality_against_cost(reports):
    chart = Chart(640, 400, (0, 1), (lowest(reports), 1),
                  "Accuracy against cost")
    chart.axes("mean cost, % of the whole network", "accuracy of windows, %")
    for i, (name, report) in enumerate(reports):
        colour, dash = COLOURS[i % 6], DASHES[i % 6]
        points = [(p["mean-cost"], p["accuracy"])
                  for p in report.get("curve", {}).get("points", [])
                  if p["accuracy"] is not None]
        if points:
            chart.line(points, stroke=colour, stroke_width=2,
                       stroke_dasharray=dash)
        for e, exit in enumerate(report["windows"].get("all-exits", []), 1):
            if exit["accuracy"] is None:
                continue
            x, y = chart.at(min(exit["mean-cost"], 1), exit["accuracy"])
            chart.add("circle", cx=f"{x:.1f}", cy=f"{y:.1f}", r=3, fill="#fff",
                      stroke=colour)
            chart.add("text", e, x=f"{x:.1f}", y=f"{y + 15:.1f}",
                      text_anchor="middle")
        answered = report["windows"]
        if answered["accuracy"] is not None:
            x, y = chart.at(min(answered["mean-cost"], 1), answered["accuracy"])
            chart.add("rect", x=f"{x - 4:.1f}", y=f"{y - 4:.1f}", width=8,
                      height=8, fill=colour)
        y = chart.height - chart.bottom - 12 - 16 * (len(reports) - 1 - i)
        chart.add("line", x1=430, x2=455, y1=y - 4, y2=y - 4, stroke=colour,
                  stroke_width=2, stroke_dasharray=dash)
        chart.add("text", name[:24], x=460, y=y)
    return chart.drawn("Line: all thresholds. Circles: each exit alone. Square: "
                       "as it was answered.")


def depths(report):
    exits = report["windows"]["per-exit"]
    total = sum(e["count"] for e in exits) or 1
    chart = Chart(300, 220, (0, 1), (0, 1), "Windows answered by each exit")
    for i in range(6):
        _, y = chart.at(0, i / 5)
        chart.line([(0, i / 5), (1, i / 5)], stroke="#ddd")
        chart.add("text", 20 * i, x=chart.left - 6, y=f"{y + 4:.1f}",
                  text_anchor="end")
    for i, exit in enumerate(exits):
        x0, y0 = chart.at((i + .15) / len(exits), exit["count"] / total)
        x1, y1 = chart.at((i + .85) / len(exits), 0)
        chart.add("rect", x=f"{x0:.1f}", y=f"{y0:.1f}", width=f"{x1 - x0:.1f}",
                  height=f"{y1 - y0:.1f}", fill=COLOURS[0])
        chart.add("text", i + 1, x=f"{(x0 + x1) / 2:.1f}", y=f"{y1 + 16:.1f}",
                  text_anchor="middle")
    chart.add("text", "exit", x=170, y=214, text_anchor="middle")
    return chart.drawn("Windows answered by each exit, %")


def reliability(scores, caption):
    chart = Chart(230, 230, (0, 1), (0, 1), "Reliability: " + caption)
    chart.axes("confidence, %", "right, %")
    chart.line([(0, 0), (1, 1)], stroke="#888", stroke_dasharray="3 3")
    total = sum(b["labelled"] for b in scores["calibration"]) or 1
    for one in scores["calibration"]:
        if not one["labelled"]:
            continue
        x, y = chart.at(one["confidence"], one["accuracy"])
        size = 2 + 8 * (one["labelled"] / total) ** .5
        chart.add("circle", cx=f"{x:.1f}", cy=f"{y:.1f}", r=f"{size:.1f}",
                  fill=COLOURS[0], fill_opacity=.6)
    error = percent(scores["calibration-error"])
    return chart.drawn(f"{text(caption)}: calibration error {error}")


# --- tables ---

def confusion(report):
    names = [c["label"] for c in report["classes"]]
    rows = report["confusion"]
    if len(names) > MOST_CLASSES:
        pairs = sorted(((n, names[t], names[a]) for t, row in enumerate(rows)
                        for a, n in enumerate(row) if n and t != a),
                       reverse=True)[:MOST_CLASSES]
        return table(("label", "answer", "examples"),
                     [(t, a, n) for n, t, a in pairs])
    head = "".join(f"<th scope=\"col\">{text(n)}</th>" for n in names)
    lines = []
    for name, row in zip(names, rows):
        most = sum(row) or 1
        cells = "".join(
            f"<td style=\"background: rgb({255 - int(170 * n / most)} "
            f"{255 - int(90 * n / most)} 255)\">{n or ''}</td>" for n in row)
        lines.append(f"<tr><th scope=\"row\">{text(name)}</th>{cells}</tr>")
    return ("<div class=\"wide\"><table class=\"matrix\"><thead><tr><th></th>"
            f"{head}</tr></thead><tbody>\n" + "\n".join(lines) +
            "</tbody></table></div>\n")


def exits_table(report):
    exits = report["windows"].get("all-exits")
    if not exits:
        return ""
    return "<h3>Each exit alone</h3>\n" + table(
        ("exit", "cost", "accuracy", "balanced", "macro-F1", "kappa",
         "calibration error", "mean confidence"),
        [(e, percent(s["mean-cost"]), percent(s["accuracy"]),
          percent(s["balanced-accuracy"]), percent(s["macro-f1"]),
          number(s["cohens-kappa"]), percent(s["calibration-error"]),
          percent(s["mean-confidence"])) for e, s in enumerate(exits, 1)])


def events(report):
    found = report.get("events")
    if not found:
        return ""
    delay = found["delay"]
    return "<h3>Events</h3>\n" + (
        f"<p>{found['found']} of {found['count']} found; delay "
        f"{duration(delay['median'])} in the median, "
        f"{duration(delay['quantile-95'])} for 95 %; {found['false']} false ones, "
        f"{number(found['false-per-hour'], 1)} an hour in "
        f"{number(found['hours'])} hours.</p>\n") + table(
            ("label", "events", "found", "recall", "false"),
            [(c["label"], c["count"], c["found"], percent(c["recall"]),
              c["false"]) for c in found["classes"]])


def details(name, report):
    windows = report["windows"]
    times = report["time-to-decision"]
    parts = [f"<h2>{text(name)}</h2>\n", exits_table(report),
             "<h3>Depth</h3>\n", depths(report),
             f"<p>Time to decision: median {duration(times['median'])}, 95 % "
             f"within {duration(times['quantile-95'])}.</p>\n",
             "<h3>Confidence and truth</h3>\n<div class=\"some\">",
             reliability(windows, "as answered")]
    parts += [reliability(exit, f"exit {e}")
              for e, exit in enumerate(windows.get("all-exits", []), 1)]
    parts += ["</div>\n<h3>Labels</h3>\n", table(
        ("label", "examples", "answers", "precision", "recall", "F1"),
        [(c["label"], c["support"], c["answers"], percent(c["precision"]),
          percent(c["recall"]), percent(c["f1"])) for c in report["classes"]]),
        "<h3>Confusion</h3>\n<p>A row for each label, a column for each "
        "answer.</p>\n", confusion(report), events(report)]
    if report["subjects"]:
        parts += ["<h3>Subjects</h3>\n", table(
            ("subject", "examples", "accuracy", "mean exit", "cost"),
            [(s["subject"], s["count"], percent(s["accuracy"]),
              number(s["mean-exit"]), percent(s["mean-cost"]))
             for s in sorted(report["subjects"], key=lambda s: (
                 s["accuracy"] is None, s["accuracy"]))])]
    if report["hardest"]:
        parts += ["<h3>Hardest examples</h3>\n", table(
            ("example", "begin", "label", "answer", "confidence", "exit"),
            [(h.get("path", h.get("index", "")),
              duration(h["begin"]) if "begin" in h else "", h["label"],
              h["answer"], percent(h["confidence"]), h["exit"])
             for h in report["hardest"]])]
    return "".join(parts)


def summary(reports):
    def row(name, r):
        curve = r.get("curve", {})
        return (name, r["labelled"], percent(r["accuracy"]),
                percent(r["balanced-accuracy"]), percent(r["macro-f1"]),
                number(r["cohens-kappa"]), percent(r["calibration-error"]),
                percent(r["windows"]["mean-cost"]),
                number(r["windows"]["mean-exit"]), percent(curve.get("area")),
                percent(curve.get("sufficient", {}).get("mean-cost")))

    return table(("model", "examples", "accuracy", "balanced", "macro-F1",
                  "kappa", "calibration error", "cost", "mean exit",
                  "area of all thresholds", "sufficient cost"),
                 [row(*one) for one in reports])


def document(title, body):
    return (
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, "
        f"initial-scale=1\">\n<title>{title}</title>\n<style>{STYLE}</style>"
        f"</head><body>\n<h1>{title}</h1>\n{body}</body></html>\n")


def page(reports):
    return document("Evaluation", summary(reports) +
        "<p>Accuracy, kappa and calibration are of examples as they were "
        "answered; cost is the mean of all windows, of the whole network's "
        "multiply-accumulates. Area and sufficient cost: the best accuracy that "
        "budgets buy in the mean, and the cost at which a threshold is at most "
        "half a point below the last exit, chosen on these very answers.</p>\n"
        "<h3>Quality against cost</h3>\n" + quality_against_cost(reports) +
        "".join(details(*one) for one in reports))


def load(filename):
    try:
        with open(filename, encoding="utf-8") as file:
            report = json.load(file)
    except (OSError, ValueError) as error:
        raise Wrong(f"{filename}: cannot be read: {error}") from error
    if not isinstance(report, dict) or report.get("version") != VERSION:
        found = report.get("version") if isinstance(report, dict) else None
        raise Wrong(f"{filename}: found version {found}, expected a report of "
                    f"mxevalsink of version {VERSION}")
    return report


def main(filenames):
    try:
        reports = [(os.path.splitext(os.path.basename(f))[0], load(f))
                   for f in filenames]
        written = page(reports)
    except Wrong as error:
        sys.exit(f"{sys.argv[0]}: {error}")
    except (KeyError, TypeError, IndexError, AttributeError) as error:
        sys.exit(f"{sys.argv[0]}: a report lacks what it must have: {error!r}")
    sys.stdout.reconfigure(encoding="utf-8")
    sys.stdout.write(written)


if __name__ == "__main__":
    main(sys.argv[1:])
