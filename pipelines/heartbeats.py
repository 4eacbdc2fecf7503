# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers

"""What heartbeats.sh prints: python3 heartbeats.py REPORT PREDICTIONS RADIUS CLASSES"""

import json
import math
import sys

STANDS = 100_000_000  # ns: a window alone is no answer where hops are shorter


def quantile(values, share):
    return sorted(values)[math.ceil(share * len(values)) - 1] / 1e6


def read(path):
    """Beats: (begin, end, label or None).  Recordings: lists of results."""
    beats, recordings = [], [[]]
    with open(path, encoding="utf-8") as file:
        for line in map(json.loads, file):
            if line["type"] == "example" and not line["gap"]:
                beats.append((line["begin"], line["begin"] + line["duration"],
                              line.get("label")))
            elif line["type"] == "result":
                recordings[-1].append(line)
            elif line["type"] == "break":
                recordings.append([])
    return beats, [some for some in recordings if some]


def answers(results, classes):
    """Of windows in a row with one label, if they last: label, the middle of their
    centres, the end of the window with which they had lasted long enough."""
    hop = results[1]["timestamp"] - results[0]["timestamp"] if results[1:] else STANDS
    needed = max(1, round(STANDS / hop))
    begin = 0
    for i, result in enumerate(results):
        if i + 1 < len(results) and results[i + 1]["label"] == result["label"]:
            continue
        first = results[begin]
        if result["label"] in classes and i + 1 - begin >= needed:
            middle = (first["timestamp"] + result["timestamp"]
                      + result["duration"]) / 2
            known = results[begin + needed - 1]
            yield (result["label"], middle, known["timestamp"] + known["duration"])
        begin = i + 1


def match(beats, given):
    """Right ones and false ones by label; from a beat's middle to its answer."""
    right, false, delays = {}, {}, []
    taken = set()
    for label, middle, known in given:
        at = next((i for i, (begin, end, _) in enumerate(beats)
                   if begin <= middle < end), None)
        if at is not None and at not in taken and beats[at][2] == label:
            taken.add(at)
            right[label] = right.get(label, 0) + 1
            delays.append(known - (beats[at][0] + beats[at][1]) / 2)
        elif at is None or beats[at][2] is not None:
            false[label] = false.get(label, 0) + 1
    return right, false, delays


def print_windows(report, radius):
    events = report["events"]
    minutes = 60 * events["hours"]
    print(f"{report['labelled']} beats, the window nearest to each: "
          f"accuracy {100 * report['accuracy']:.1f} %, macro-F1 "
          f"{100 * report['macro-f1']:.1f} %, mean cost "
          f"{100 * report['mean-cost']:.1f} %")
    print(f"{'events':<24} {'beats':>6} {'found':>6} {'false a minute':>15}")
    for row in events["classes"]:
        print(f"{row['label']:<24} {row['count']:6} {row['found']:6} "
              f"{row['false'] / minutes:15.1f}")
    delay = events["delay"]
    print(f"from {radius} s before a beat to the end of the first window that "
          f"found it: median {delay['median'] / 1e6:.0f} ms, 95 % "
          f"{delay['quantile-95'] / 1e6:.0f} ms")


def print_answers(beats, recordings, classes, minutes):
    given = [answer for some in recordings for answer in answers(some, classes)]
    right, false, delays = match(beats, given)
    print(f"{'answers that stand':<24} {'beats':>6} {'right':>6} "
          f"{'false a minute':>15}")
    for label in classes:
        count = sum(beat[2] == label for beat in beats)
        print(f"{label:<24} {count:6} {right.get(label, 0):6} "
              f"{false.get(label, 0) / minutes:15.1f}")
    if delays:
        print(f"from a beat to its answer: median {quantile(delays, .5):.0f} ms, "
              f"95 % {quantile(delays, .95):.0f} ms")


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        report = json.load(file)
    print_windows(report, sys.argv[3])
    print_answers(*read(sys.argv[2]), sys.argv[4].split(","),
                  60 * report["events"]["hours"])


if __name__ == "__main__":
    main()
