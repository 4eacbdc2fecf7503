#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers
#
# Makes examples of what lies between heart beats, so that a model can be trained
# that answers "nothing" there.  Two beats of one patient are joined, a drawn time
# apart, and a window is cut between them.
#
#   pipelines/between-beats.py DATA FOLDER [COUNT]
#
# DATA: a folder of WAVs of one length, with 16 bits, each with its beat in the
# middle, and a manifest.csv with the columns path, label, split, subject
# (models/ecg.md).  FOLDER: gets COUNT (1000) WAVs of the split train, and a
# manifest.csv of them and of DATA's.  The same DATA gives the same bytes.

import array
import csv
import pathlib
import random
import sys
import wave

COLUMNS = ("path", "label", "split", "subject")
APART = (.45, 1.3)   # seconds from beat to beat
FROM_BEAT = .1       # so near to a beat, or nearer, is not between beats
FADE = .04           # from the one into the other, either side of the middle
EDGE = 8             # samples at an end, whose mean is its level
# What is half as steep as the annotated two, so near to the middle, is a beat, too.
STEEP, SPAN, AROUND = .5, 3, .11
TRIES = 1000


class Beat:
    """A WAV: `rate`, `channels`, each a list of samples."""

    def __init__(self, path):
        try:
            with wave.open(str(path)) as file:
                if file.getsampwidth() != 2:
                    sys.exit(f"{path}: {8 * file.getsampwidth()} bits, expected 16")
                self.rate = file.getframerate()
                count = file.getnchannels()
                samples = array.array("h", file.readframes(file.getnframes()))
        except (wave.Error, EOFError) as error:
            sys.exit(f"{path}: {error}, expected a WAV")
        if sys.byteorder == "big":
            samples.byteswap()
        self.channels = [list(samples[c::count]) for c in range(count)]
        self.length = len(self.channels[0])

    def shape(self):
        return self.rate, len(self.channels), self.length


def bridge(first, second, apart):
    """Where windows hardly reach each other: a line from level to level."""
    begin, end = len(first) - EDGE, apart + EDGE
    low = sum(first[-EDGE:]) / EDGE
    high = sum(second[:EDGE]) / EDGE
    line = [low + (high - low) * t / (end - begin) for t in range(end - begin)]
    return first[:begin] + line + second[EDGE:]


def cross_fade(first, second, apart, fade):
    """What lies nearer to a beat is that beat's."""
    middle = (len(first) + apart) // 2
    joined = first[:middle - fade] + second[middle - fade - apart:]
    for t in range(middle - fade, middle + fade):
        share = (t - middle + fade) / (2 * fade)
        joined[t] = (1 - share) * first[t] + share * second[t - apart]
    return joined


def join(first, second, apart):
    """Channels of first.length + apart samples."""
    shared = first.length - apart
    fade = min(round(FADE * first.rate), shared // 2)
    if shared < 2 * EDGE:
        return [bridge(a, b, apart)
                for a, b in zip(first.channels, second.channels)]
    return [cross_fade(a, b, apart, fade)
            for a, b in zip(first.channels, second.channels)]


def steepness(channels, begin, end):
    return max((abs(c[t + SPAN] - c[t])
                for c in channels for t in range(begin, end - SPAN)), default=0)


def between(first, second, chance):
    """A window of what lies between the two, or None: a third beat is there."""
    rate, half = first.rate, first.length // 2
    apart = chance.randint(*(round(s * rate) for s in APART))
    near, around = round(FROM_BEAT * rate), round(AROUND * rate)
    joined = join(first, second, apart)
    middle = half + chance.randint(near, apart - near)
    beat = min(steepness(joined, at - around // 2, at + around // 2)
               for at in (half, half + apart))
    begin = max(middle - around, half + around // 2)
    end = min(middle + around, half + apart - around // 2)
    if steepness(joined, begin, end) > STEEP * beat:
        return None
    return [c[middle - half:middle - half + first.length] for c in joined]


def draw(people, number, chance):
    """Of everybody in turn."""
    subject, beats = people[number % len(people)]
    for _ in range(TRIES):
        window = between(*chance.sample(beats, 2), chance)
        if window:
            return subject, beats[0].rate, window
    return sys.exit(f"{subject}: {TRIES} times there was a beat between two beats; "
                    f"expected windows with one beat, in the middle")


def write_wav(path, rate, channels):
    samples = array.array("h", [max(-32768, min(32767, round(value)))
                                for frame in zip(*channels) for value in frame])
    if sys.byteorder == "big":
        samples.byteswap()
    with wave.open(str(path), "wb") as file:
        file.setnchannels(len(channels))
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.tobytes())


def read_rows(data):
    manifest = data / "manifest.csv"
    with open(manifest, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for column in COLUMNS:
        if not rows or column not in rows[0]:
            sys.exit(f"{manifest}: no column {column!r}, or no example")
    return rows


def read_people(data, rows):
    """Of each subject of the split train, in order, its beats: two at least."""
    people = {}
    for row in rows:
        if row["split"] == "train":
            people.setdefault(row["subject"], []).append(
                Beat(data / row["path"]))
    beats = [beat for some in people.values() for beat in some]
    for beat in beats:
        if beat.shape() != beats[0].shape() or beat.length < beat.rate // 2:
            sys.exit(f"{data}: a beat has rate, channels, samples {beat.shape()}, "
                     f"expected {beats[0].shape()} and half a second or more")
    people = {name: some for name, some in sorted(people.items()) if len(some) > 1}
    if not people:
        sys.exit(f"{data}: nobody in the split train has two beats")
    return people


def main():
    if len(sys.argv) not in (3, 4):
        sys.exit(f"usage: {sys.argv[0]} DATA FOLDER [COUNT]")
    data, folder = (pathlib.Path(name).resolve() for name in sys.argv[1:3])
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 1000
    rows = read_rows(data)
    people = list(read_people(data, rows).items())
    folder.mkdir(parents=True, exist_ok=True)
    chance = random.Random(1)
    with open(folder / "manifest.csv", "w", newline="", encoding="utf-8") as file:
        manifest = csv.writer(file, lineterminator="\n")
        manifest.writerow(COLUMNS)
        for row in rows:
            manifest.writerow((data / row["path"], row["label"], row["split"],
                               row["subject"]))
        for number in range(count):
            subject, rate, window = draw(people, number, chance)
            name = f"{number:05}.wav"
            write_wav(folder / name, rate, window)
            manifest.writerow((name, "nothing", "train", subject))
    print(f"{count} windows between beats of {len(people)} people")


if __name__ == "__main__":
    try:
        main()
    except OSError as error:
        sys.exit(f"{error.filename}: {error.strerror}")
