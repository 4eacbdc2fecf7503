#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers
#
# Puts windows that touch back together: what was cut from a recording without a
# gap becomes one recording again, with labels over time, for networks that learn
# from streams.
#
#   pipelines/join-windows.py DATA FOLDER
#
# DATA: a folder of WAVs with a manifest.csv that has, beside path, label, split and
# subject, the columns experiment (which recording) and start_sample (where in it),
# such as HAPT (models/activity.md).  FOLDER: gets a WAV for each unbroken stretch,
# manifest.csv and labels.csv.  Samples are copied as they are.

import csv
import pathlib
import struct
import sys

COLUMNS = ("path", "label", "split", "subject", "experiment", "start_sample")


class Window:
    """A WAV: `format`, the body of its chunk, `samples` as bytes, `rate` in Hz."""

    def __init__(self, path):
        data = path.read_bytes()
        chunks = {}
        if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
            sys.exit(f"{path}: begins with {data[:12]!r}, expected a WAV")
        place = 12
        while place + 8 <= len(data):
            name = data[place:place + 4]
            size, = struct.unpack_from("<I", data, place + 4)
            chunks[name] = data[place + 8:place + 8 + size]
            place += 8 + size + size % 2
        if len(chunks.get(b"fmt ", b"")) < 16 or b"data" not in chunks:
            sys.exit(f"{path}: no format or no samples")
        self.format = chunks[b"fmt "]
        self.samples = chunks[b"data"]
        self.rate, = struct.unpack_from("<I", self.format, 4)
        self.frame, = struct.unpack_from("<H", self.format, 12)
        if self.rate == 0 or self.frame == 0:
            sys.exit(f"{path}: a rate of {self.rate} Hz, {self.frame} bytes a frame")
        if len(self.samples) % self.frame != 0:
            sys.exit(f"{path}: {len(self.samples)} bytes of samples, expected "
                     f"whole frames of {self.frame} bytes")

    def frames(self):
        return len(self.samples) // self.frame


def stretches(rows):
    """Lists of (row, window), each unbroken and of one kind."""
    found = []
    end = None
    for row, window in rows:
        begin = (row["experiment"], row["split"], int(row["start_sample"]),
                 window.format)
        if begin != end:
            found.append([])
        found[-1].append((row, window))
        end = (*begin[:2], begin[2] + window.frames(), window.format)
    return found


def write_wav(path, windows):
    form = windows[0].format
    samples = b"".join(window.samples for window in windows)
    chunks = b"fmt " + struct.pack("<I", len(form)) + form
    chunks += b"data" + struct.pack("<I", len(samples)) + samples
    path.write_bytes(b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE"
                     + chunks)


def read_rows(folder):
    manifest = folder / "manifest.csv"
    with open(manifest, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for column in COLUMNS:
        if rows and column not in rows[0]:
            sys.exit(f"{manifest}: no column {column!r} in the first line, which "
                     f"has: {', '.join(rows[0])}")
    for line, row in enumerate(rows, 2):
        if not (row["start_sample"] or "").isdecimal():
            sys.exit(f"{manifest}: line {line}: start_sample is "
                     f"{row['start_sample']!r}, expected a whole number")
    rows.sort(key=lambda row: (row["experiment"], int(row["start_sample"])))
    return [(row, Window(folder / row["path"])) for row in rows]


def main():
    if len(sys.argv) != 3:
        sys.exit(f"usage: {sys.argv[0]} DATA FOLDER")
    folder = pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    found = stretches(read_rows(pathlib.Path(sys.argv[1])))
    with open(folder / "manifest.csv", "w", newline="", encoding="utf-8") as file, \
            open(folder / "labels.csv", "w", newline="", encoding="utf-8") as over:
        manifest = csv.writer(file, lineterminator="\n")
        labels = csv.writer(over, lineterminator="\n")
        manifest.writerow(("path", "label", "split", "subject"))
        labels.writerow(("path", "start_s", "end_s", "label"))
        for number, stretch in enumerate(found):
            name = f"{number:05}.wav"
            row = stretch[0][0]
            write_wav(folder / name, [window for _, window in stretch])
            manifest.writerow((name, "", row["split"], row["subject"]))
            frame = 0
            for row, window in stretch:
                begin, frame = frame, frame + window.frames()
                labels.writerow((name, f"{begin / window.rate:.9f}",
                                 f"{frame / window.rate:.9f}", row["label"]))
    print(f"{sum(map(len, found))} windows, {len(found)} recordings")


if __name__ == "__main__":
    try:
        main()
    except OSError as error:
        sys.exit(f"{error.filename}: {error.strerror}")
