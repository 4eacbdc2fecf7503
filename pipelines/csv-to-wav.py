#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers
#
# Makes a data set for mxdatasetsrc of sensor recordings that are CSV files.
#
#   pipelines/csv-to-wav.py LABELS FOLDER rate=HZ columns=NAME,NAME,... [factor=NUMBER]
#
# LABELS: a CSV with a line for each recording; its columns path (relative to
# LABELS) and label are needed, others, such as subject and split, are kept.  With
# columns start_s and end_s it has a line for each stretch of a recording.
# FOLDER: gets a float WAV for each recording, then manifest.csv and, of stretches,
# labels.csv.  columns: of the recordings, one for each channel, by the names in
# their first line.  factor: each number is multiplied by it, for example by
# 0.101972 to make g of m/s2.
# Prints the rest and scale of mxperturb, mean and deviation of each channel over
# all that is not of the split test.

import array
import csv
import math
import pathlib
import struct
import sys

OPTIONS = ("rate", "columns", "factor")
STRETCH = ("start_s", "end_s")
# KSDATAFORMAT_SUBTYPE_IEEE_FLOAT
FLOAT = bytes.fromhex("0300000000001000800000aa00389b71")


def read_options(words):
    options = {"factor": "1"}
    for word in words:
        name, equals, value = word.partition("=")
        if name not in OPTIONS or not equals:
            sys.exit(f"{word}: expected one of: "
                     f"{', '.join(f'{option}=...' for option in OPTIONS)}")
        options[name] = value
    for name in OPTIONS:
        if not options.get(name):
            sys.exit(f"{name}=... is missing")
    if not options["rate"].isdecimal() or int(options["rate"]) == 0:
        sys.exit(f"rate={options['rate']}: expected a whole number of Hz above 0")
    return (int(options["rate"]), options["columns"].split(","),
            to_number(options["factor"], "factor"))


def to_number(text, where):
    try:
        value = float(text)
    except (TypeError, ValueError):
        value = math.nan
    # What does not fit into a float of 32 bits would be no number in the WAV.
    if not abs(value) < 3.4e38:
        sys.exit(f"{where}: {text!r}, expected a number")
    return value


def read_table(path, columns):
    """The lines of a CSV as dictionaries, with their numbers."""
    with open(path, newline="", encoding="utf-8-sig") as file:
        table = csv.DictReader(file, skipinitialspace=True)
        found = table.fieldnames or []
        for column in columns:
            if column not in found:
                sys.exit(f"{path}: no column {column!r} in the first line, which "
                         f"has: {', '.join(found)}")
        return [(table.line_num, row) for row in table]


def read_frames(path, columns, factor):
    frames = [[factor * to_number(row[column], f"{path}: line {line}: {column}")
               for column in columns] for line, row in read_table(path, columns)]
    if not frames:
        sys.exit(f"{path}: no line behind the first, expected samples")
    return frames


def write_table(path, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, [name for name in rows[0] if name],
                               extrasaction="ignore", lineterminator="\n")
        table.writeheader()
        table.writerows(rows)


def read_labels(path):
    """A line for each recording, and the stretches, if there are any."""
    rows = [row for _, row in read_table(path, ("path", "label"))]
    if not rows:
        sys.exit(f"{path}: no line behind the first, expected recordings")
    recordings = {}
    for row in rows:
        recordings.setdefault(row["path"], row)
    if not any(name in rows[0] for name in STRETCH):
        if len(recordings) < len(rows):
            sys.exit(f"{path}: a recording stands in several lines, expected the "
                     f"columns {' and '.join(STRETCH)}, or one line for each")
        return rows, []
    stretches = [{name: row[name] for name in ("path", *STRETCH, "label")}
                 for _, row in read_table(path, STRETCH)]
    # Which label a recording has is said by its stretches alone.
    return [{name: "" if name == "label" else value for name, value in row.items()
             if name not in STRETCH} for row in recordings.values()], stretches


def write_wav(path, frames, rate):
    channels = len(frames[0])
    samples = array.array("f", [value for frame in frames for value in frame])
    if sys.byteorder == "big":
        samples.byteswap()
    body = samples.tobytes()
    # The extensible form: in the plain one, wavparse says no channel-mask of three
    # channels, and nothing behind it would take them.
    form = struct.pack("<HHIIHHHHI", 0xfffe, channels, rate, 4 * channels * rate,
                       4 * channels, 32, 22, 32, 0) + FLOAT
    chunks = (b"WAVEfmt " + struct.pack("<I", len(form)) + form
              + b"data" + struct.pack("<I", len(body)) + body)
    path.write_bytes(b"RIFF" + struct.pack("<I", len(chunks)) + chunks)


class Moments:
    """Mean and deviation of each channel."""

    def __init__(self, channels):
        self.n = 0
        self.mean = [0.0] * channels
        self.squares = [0.0] * channels

    def add(self, frames):
        for frame in frames:
            self.n += 1
            for i, value in enumerate(frame):
                step = value - self.mean[i]
                self.mean[i] += step / self.n
                self.squares[i] += step * (value - self.mean[i])

    def __str__(self):
        deviation = [math.sqrt(square / self.n) for square in self.squares]
        return (f'rest="<{",".join(f"{x:.4g}" for x in self.mean)}>" '
                f'scale="<{",".join(f"{x:.4g}" for x in deviation)}>"')


def main():
    if len(sys.argv) < 4:
        sys.exit(f"usage: {sys.argv[0]} LABELS FOLDER rate=HZ "
                 "columns=NAME,NAME,... [factor=NUMBER]")
    labels, folder = map(pathlib.Path, sys.argv[1:3])
    rate, columns, factor = read_options(sys.argv[3:])
    if labels.is_dir():
        sys.exit(f"{labels}: found a folder, expected a CSV that names the "
                 "recordings in it (docs/own-sensor.md makes one)")
    rows, stretches = read_labels(labels)
    folder.mkdir(parents=True, exist_ok=True)
    moments = Moments(len(columns))
    seconds = 0.0
    names = {}
    for row in rows:
        frames = read_frames(labels.parent / row["path"], columns, factor)
        names[row["path"]] = f"{len(names):05}.wav"
        write_wav(folder / names[row["path"]], frames, rate)
        seconds += len(frames) / rate
        if row.get("split") != "test":
            moments.add(frames)
    # Behind the last recording: what is wrong with one leaves no half of a data set.
    for name, table in (("manifest.csv", rows), ("labels.csv", stretches)):
        if table:
            write_table(folder / name, [{**row, "path": names[row["path"]]}
                                        for row in table])
    print(f"{len(rows)} recordings, {seconds:.1f} s")
    if moments.n > 0:
        print(moments)


if __name__ == "__main__":
    try:
        main()
    except OSError as error:
        sys.exit(f"{error.filename}: {error.strerror}")
