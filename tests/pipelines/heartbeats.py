# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers

"""pipelines/heartbeats.sh: a recording with known beats, of which one is of a class
that the model does not know and two are too near for their radii."""

import array
import json
import math
import os
import re
import subprocess
import tempfile
import unittest
import wave

PIPELINES = os.environ["MX_PIPELINES"]
MODEL = os.path.join(os.environ["MX_MODELS"], "ecg.safetensors")
RATE, SECONDS = 360, 10
BEATS = [(1, "normal"), (2, "normal"), (3, "atrial_premature"),
         (3.9, "premature_ventricular"), (4.05, "normal"), (9.99, "normal")]


def put_recording(folder):
    samples = array.array("h", bytes(4 * RATE * SECONDS))
    for middle, _ in BEATS:
        for t in range(-10, 11):
            frame = int(middle * RATE) + t
            if frame < RATE * SECONDS:
                height = int(4000 * math.cos(t * math.pi / 20))
                samples[2 * frame] = samples[2 * frame + 1] = height
    with wave.open(os.path.join(folder, "one.wav"), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.tobytes())
    with open(os.path.join(folder, "one_beats.csv"), "w",
              encoding="utf-8") as file:
        file.write("sample,time_s,symbol,class\r\n")
        for middle, name in BEATS:
            file.write(f"{int(middle * RATE)},{middle:.4f},?,{name}\r\n")


def heartbeats(folder, **environment):
    return subprocess.run(
        [os.path.join(PIPELINES, "heartbeats.sh"), folder, MODEL],
        env={**os.environ, "MESON_DEVENV": "1", **environment},
        capture_output=True, text=True, check=False)


class Heartbeats(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def test_each_beat_that_the_model_knows_is_an_event(self):
        put_recording(self.folder)
        report = os.path.join(self.folder, "report.json")
        result = heartbeats(self.folder, REPORT=report)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("5 beats, the window nearest to each", result.stdout)
        windows = result.stdout[:result.stdout.index("answers that stand")]
        counts = dict(re.findall(r"^(\w+) +(\d+) +\d+ +[\d.]+$", windows,
                                 re.MULTILINE))
        self.assertEqual(counts, {"normal": "4", "premature_ventricular": "1"})
        with open(report, encoding="utf-8") as file:
            found = json.load(file)
        self.assertEqual(found["unlabelled"], 1)
        self.assertAlmostEqual(found["events"]["hours"] * 3600, SECONDS)

    def test_an_answer_is_for_one_beat_and_stands(self):
        """Hops of 50 ms, centres at 0.5 s and behind: one beat each at 1, 2, 3 s."""
        said = {1.0: "normal", 1.05: "normal",                   # right
                1.5: "premature_ventricular",                    # does not stand
                1.9: "normal", 1.95: "normal", 2.0: "nothing",   # right, then once
                2.05: "normal", 2.1: "normal",                   # more for this beat
                2.5: "normal", 2.55: "normal",                   # for no beat
                3.0: "normal", 3.05: "normal",                   # not known what it is
                4.0: "normal", 4.05: "normal"}                   # a premature one
        lines = [{"type": "example", "gap": False, "label": label,
                  "begin": at * 10**9 - 10**8, "duration": 2 * 10**8}
                 for at, label in ((1, "normal"), (2, "normal"), (3, None),
                                   (4, "premature_ventricular"))]
        lines += [{"type": "result", "timestamp": step * 5 * 10**7,
                   "duration": 10**9,
                   "label": said.get(round(.5 + .05 * step, 2), "nothing")}
                  for step in range(80)]
        events = {"hours": 1 / 60, "classes": [],
                  "delay": {"median": 0, "quantile-95": 0}}
        report = {"labelled": 3, "accuracy": 1, "macro-f1": 1, "mean-cost": 1,
                  "events": events}
        with open(os.path.join(self.folder, "r"), "w", encoding="utf-8") as file:
            json.dump(report, file)
        with open(os.path.join(self.folder, "p"), "w", encoding="utf-8") as file:
            file.writelines(json.dumps(line) + "\n" for line in lines)
        printed = subprocess.run(
            ["python3", os.path.join(PIPELINES, "heartbeats.py"),
             os.path.join(self.folder, "r"), os.path.join(self.folder, "p"), ".1",
             "normal,premature_ventricular"],
            capture_output=True, text=True, check=True).stdout.splitlines()
        self.assertEqual([line.split() for line in printed[-3:-1]],
                         [["normal", "2", "2", "3.0"],
                          ["premature_ventricular", "1", "0", "0.0"]])
        self.assertEqual(printed[-1], "from a beat to its answer: median 450 ms, "
                         "95 % 550 ms")

    def test_a_folder_without_beats_is_named(self):
        result = heartbeats(self.folder)
        self.assertNotEqual(result.returncode, 0)
        self.assertIn(f"{self.folder}: no *_beats.csv", result.stderr)


if __name__ == "__main__":
    unittest.main()
