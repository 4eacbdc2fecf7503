# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers

"""pipelines/robustness.sh on two made-up recordings of motion."""

import array
import glob
import json
import os
import random
import subprocess
import tempfile
import unittest
import wave

PIPELINES = os.environ["MX_PIPELINES"]
MODEL = os.path.join(os.environ["MX_MODELS"], "activity.safetensors")


def put_recording(path, chance):
    samples = array.array("h", (int(chance.gauss(0, 4000))
                                for _ in range(128 * 6)))
    with wave.open(path, "wb") as file:
        file.setnchannels(6)
        file.setsampwidth(2)
        file.setframerate(50)
        file.writeframes(samples.tobytes())


class Robustness(unittest.TestCase):

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.data = os.path.join(self.folder.name, "data")
        self.out = os.path.join(self.folder.name, "out")
        chance = random.Random(1)
        for label in ("walking", "laying"):
            os.makedirs(os.path.join(self.data, label))
            put_recording(os.path.join(self.data, label, "1.wav"), chance)

    def run_it(self, *words):
        return subprocess.run(
            [os.path.join(PIPELINES, "robustness.sh"), *words],
            capture_output=True, encoding="utf-8", check=False)

    def test_each_level_has_a_report_and_the_page_has_all(self):
        done = self.run_it("activity", self.data, MODEL, self.out)
        self.assertEqual(done.returncode, 0, done.stderr)
        levels = {}
        for name in glob.glob(os.path.join(self.out, "*.json")):
            with open(name, encoding="utf-8") as file:
                report = json.load(file)
            self.assertEqual(report["title"], "activity")
            self.assertEqual(report["labelled"], 2)
            levels.setdefault(report.get("condition"), []).append(
                report.get("level"))
        self.assertEqual(levels.pop(None), [None])
        self.assertEqual(
            {condition: len(of) for condition, of in levels.items()},
            {"white noise, signal to noise in dB": 6, "gain, dB": 6,
             "clipped, dB below the peak": 5, "lost, share of channels": 5})
        with open(os.path.join(self.out, "robustness.html"),
                  encoding="utf-8") as file:
            page = file.read()
        for condition in levels:
            self.assertIn(f"<h3>{condition}</h3>", page)
        # Head, a row each, and where the page is.
        self.assertEqual(len(done.stdout.splitlines()), 1 + 1 + 22 + 1)

    def test_an_unknown_sensor_is_refused_by_name(self):
        done = self.run_it("radar", self.data, MODEL, self.out)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("radar", done.stderr)


unittest.main()
