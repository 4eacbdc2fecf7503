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
        counts = dict(re.findall(r"^(\w+) +(\d+) +\d+ +[\d.]+$", result.stdout,
                                 re.MULTILINE))
        self.assertEqual(counts, {"normal": "4", "premature_ventricular": "1"})
        with open(report, encoding="utf-8") as file:
            found = json.load(file)
        self.assertEqual(found["unlabelled"], 1)
        self.assertAlmostEqual(found["events"]["hours"] * 3600, SECONDS)

    def test_a_folder_without_beats_is_named(self):
        result = heartbeats(self.folder)
        self.assertNotEqual(result.returncode, 0)
        self.assertIn(f"{self.folder}: no *_beats.csv", result.stderr)


if __name__ == "__main__":
    unittest.main()
