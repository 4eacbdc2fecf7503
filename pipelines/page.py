# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers

"""Pages of curves.py and plots of results.py, which hold everything they show: no
scripts, no fonts, no pictures from elsewhere; drawings are inline SVG.  Style and
colours are those of the pages of mxevalsink."""

import html
import os

# Apart for most eyes, and by their dashes on paper without colours.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#7a5c00", "#56b4e9")
DASHES = ("", "7 3", "2 3", "9 3 2 3", "4 2", "1 2")

with open(os.path.join(os.path.dirname(__file__), "..", "gst", "elements",
                       "page.css"), encoding="utf-8") as css:
    STYLE = css.read()


class Wrong(Exception):
    """A file that is not what it should be."""


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


def document(title, body):
    return (
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, "
        f"initial-scale=1\">\n<title>{title}</title>\n<style>{STYLE}</style>"
        f"</head><body>\n<h1>{title}</h1>\n{body}</body></html>\n")
