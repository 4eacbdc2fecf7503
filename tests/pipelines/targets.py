# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers

"""pipelines/targets.py on reports whose figures are known."""

import json
import os
import subprocess
import tempfile
import unittest

PIPELINES = os.environ["MX_PIPELINES"]
STEM = "network-a-half"
WAYS = ("clean", "white-10", "white-0", "pink-10")


def report(accuracy, area):
    exits = [{"accuracy": value, "macro-f1": value - .01}
             for value in (accuracy, accuracy + .01, accuracy + .02, accuracy + .03)]
    point = {"accuracy": accuracy, "mean-cost": .5}
    return {"accuracy": accuracy, "mean-cost": .7, "mean-exit": 2.5,
            "all-exits": exits,
            "curve": {"area": area, "last": point, "sufficient": point}}


class Targets(unittest.TestCase):

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def put(self, stem, objective, fold, accuracy, area):
        for way in WAYS:
            path = f"{stem}-{objective}-{fold}-1.{way}.json"
            with open(os.path.join(self.folder, path), "w",
                      encoding="utf-8") as file:
                json.dump(report(accuracy, area - (way != "clean") / 4), file)

    def tables(self, *options):
        return subprocess.run(
            ["python3", os.path.join(PIPELINES, "targets.py"), self.folder, *options],
            capture_output=True, encoding="utf-8", check=False)

    def test_means_and_differences_stand_beside_what_was_asked(self):
        for fold, more in ((1, 0), (2, .1)):
            self.put(f"few-{STEM}", "augmented", fold, .6, .6)
            self.put(f"few-{STEM}", "consistent-exit", fold, .6 + more, .62)
            self.put(STEM, "augmented", fold, .7, .7)
            self.put(STEM, "consistent-exit", fold, .7, .704 - more)
        # Only one of the two: no difference.
        self.put(STEM, "augmented", 3, .1, .1)
        lines = self.tables().stdout.splitlines()
        self.assertIn("| few: augmented | 2 | 60.0 (69.2) | 63.0 (71.8) | 59.0 (68.6) | "
                      "62.0 (71.4) | 60.0 (72.7) | 35.0 (68.5) | 35.0 (55.3) | "
                      "35.0 (43.9) | 60.0 (72) | 70.0 (69) |", lines)
        told = {line.split(" | ")[0]: line.split(" | ")[3] for line in lines
                if line.count(" | ") == 4}
        self.assertEqual(told["| 1. few labels: area - augmented"],
                         "+2.0 (+2.0, +2.0)")
        self.assertEqual(told["| 1. few labels: acc 1 - augmented"],
                         "+5.0 (+0.0, +10.0)")
        # Three are missed, one by a fold alone; there is no supervised run.
        self.assertEqual(told["| 2. few labels: white-10 - augmented"],
                         "**+2.0 (+2.0, +2.0)**")
        self.assertEqual(told["| 3. all labels: area - augmented"],
                         "**-4.6 (+0.4, -9.6)**")
        self.assertEqual(told["| 1. few labels: area - supervised"], "")
        # The first exit against the last one of augmentation.
        self.assertEqual(told["| 5. few labels: acc 1 - augmented acc 4"],
                         "+2.0 (-3.0, +7.0)")

    def test_objectives_with_options_are_told_apart(self):
        self.put(STEM, "augmented", 1, .7, .7)
        self.put(STEM, "augmented,learning-rate=.004", 1, .8, .8)
        for options, accuracy in (((), "70.0"), (("learning-rate=.004",), "80.0")):
            self.assertIn(f"| all: augmented | 1 | {accuracy} ",
                          self.tables(*options).stdout)
        self.assertEqual(self.tables("learning-rate=.008").returncode, 1)

    def test_a_folder_without_reports_is_refused(self):
        done = self.tables()
        self.assertEqual(done.returncode, 1)
        self.assertIn("no reports", done.stderr)


unittest.main()
