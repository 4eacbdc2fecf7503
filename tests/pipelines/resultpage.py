# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers

"""pipelines/resultpage.py: what it puts into a page, of reports whose figures are
known, and when it refuses to."""

import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

PIPELINES = os.environ["MX_PIPELINES"]
DOCS = os.environ["MX_DOCS"]
sys.path.insert(0, PIPELINES)

import floors
import foursensors
import marked
import reference
import resultpage
import results

WAYS = {"speech": ("white-10", "white-0", "pink-10"),
        "activity": ("noise-5", "lost-2", "rotated-20"),
        "ecg": ("wander", "hum", "motion", "noise-10", "lost-1"),
        "emg": ("noise-12", "noise-6", "hum", "lost-1")}


def report(area, accuracy=.9, cost=.5):
    """@accuracy: of the last of two exits; the first has a tenth less."""
    point = {"threshold": .5, "accuracy": accuracy, "mean-cost": cost,
             "mean-exit": 2}
    exits = [{"accuracy": value, "macro-f1": value, "mean-cost": cost}
             for value in (accuracy - .1, accuracy)]
    return {"accuracy": accuracy, "macro-f1": accuracy, "mean-cost": cost,
            "mean-exit": 2, "all-exits": exits, "windows": {"all-exits": exits},
            "curve": {"area": area, "last": point, "sufficient": point,
                      "points": [point]}}


def put(folder, stem, objective, seeds=3, **figures):
    """Reports of @seeds runs, .01 apart, of which the second has these figures."""
    os.makedirs(folder, exist_ok=True)
    ways = WAYS[re.sub("^few-", "", stem).split("-")[0]]
    for seed in range(seeds):
        for kind in ("clean", "valid", "agreement", "sufficient", *ways,
                     *("valid-" + way for way in ways)):
            path = os.path.join(folder, f"{stem}-{objective}-1-{seed}.{kind}.json")
            with open(path, "w", encoding="utf-8") as file:
                json.dump(report(figures.get(kind, .95) + .01 * (seed - 1)), file)
            if kind == "agreement":
                with open(path + "l", "w", encoding="utf-8") as file:
                    file.write('{"type": "result", "label": "a", '
                               '"exit-labels": ["b", "a"]}\n')


def put_all(folder):
    """All runs that the page is of."""
    for name in foursensors.SETS:
        for objective in foursensors.FEW:
            put(folder, f"few-{name}", objective, 10 if name in ("ecg", "emg") else 3)
        for objective in (results.REFERENCE, *foursensors.HARD):
            put(folder, f"few-{name}", objective, foursensors.HARD_SEEDS[name])
    for words in (*[("", name, objective) for name in foursensors.SETS
                    for objective in foursensors.ALL],
                  *(words[1:4] for words in (
                      *reference.EXITS, *reference.SPOILT, *foursensors.FRONTS,
                      *foursensors.TRIED, *foursensors.ENDURED))):
        place, stem, objective = words
        if not os.path.exists(os.path.join(
                folder, place, f"{stem}-{objective}-1-0.clean.json")):
            put(os.path.join(folder, place), stem, objective)
    for _, name, place, _ in foursensors.ENDURED_TEN:
        for objective in ("augmented", "few-labels"):
            put(os.path.join(folder, place), f"few-{name}", objective, 10)
    put(os.path.join(folder, "emg-noise"), "few-emg", "few-labels", 10, hum=.97)
    put(folder, "speech", "augmented", clean=.80)
    put(folder, "few-speech", "few-labels,teacher-average=.98", 5, valid=.97)
    put(folder, "speech", "consistent-exit", clean=.86, valid=.7,
        **{"white-10": .70})
    for name, text in (("durations", "3600 a.json abc1234\n1800 b.json abc1234\n"),
                       ("machine", "2 cores of a thing\n")):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(text)


class Page(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = folder.name
        put_all(cls.folder)

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.page = os.path.join(folder.name, "page.md")
        os.mkdir(os.path.join(folder.name, "results"))

    def put_page(self, *names):
        with open(self.page, "w", encoding="utf-8") as file:
            file.write("before\n" + "between\n".join(
                f"{marked.begin(resultpage.SCRIPT, name)}\nstale\n"
                f"{marked.END}\n" for name in names) + "after\n")

    def run_script(self):
        return subprocess.run(
            ["python3", os.path.join(PIPELINES, "resultpage.py"), self.folder,
             self.page], capture_output=True, encoding="utf-8", check=False)

    def read(self):
        with open(self.page, encoding="utf-8") as file:
            return file.read()

    def test_the_page_of_this_project_has_a_place_for_each_table(self):
        with open(os.path.join(DOCS, "results.md"), encoding="utf-8") as file:
            marked.filled(file.read(), resultpage.SCRIPT, resultpage.tables(self.folder))

    def test_all_tables_and_plots_are_made(self):
        self.put_page(*resultpage.tables(self.folder))
        done = self.run_script()
        self.assertEqual(done.returncode, 0, done.stderr)
        page = self.read()
        self.assertNotIn("stale", page)
        self.assertEqual((page[:7], page[-6:]), ("before\n", "after\n"))
        # Means of .85, .86, .87, and their deviation.
        self.assertIn("| speech: consistent-exit | 80.0 ± 0.0 | 90.0 ± 0.0 | 80.0 | "
                      "90.0 | 86.0 ± 1.0 | 86.7 ± 1.0 | 90.0 | 50.0 |", page)
        self.assertIn("speech +6.0, activity +0.0", page)
        self.assertIn("| speech, all labels | +0.0 | +6.0 ± 0.0 | -8.3 | -25.0 |", page)
        # Of .94 to 1.03.
        self.assertIn("| emg: hard | 80.0 ± 0.0 (0.0) | 90.0 ± 0.0 (0.0) | "
                      "98.5 ± 3.0 (1.0) |", page)
        self.assertIn("| 81.0 / 83.5 / 84.5 / - / - | 83.6 / 86.1 / 87.1 / - / - | "
                      "**80.0** / 90.0 / 86.0 / 90.0 / 50.0 |", page)
        self.assertIn("speech, all labels, white-10 by 6.5", page)
        self.assertIn("| speech, 5 seeds: ... averaged teacher | +0.0 ± 0.0 | "
                      "+2.0 ± 0.0 |", page)
        self.assertIn("| mean of the sets: ... averaged teacher | +0.0 | +0.5 |", page)
        self.assertIn("| emg, noise from 6 dB on: hard | +0.0 ± 0.0 | hum / noise-6 | "
                      "+2.0 ± 0.0 / +0.0 ± 0.0 |", page)
        self.assertIn("2 stages took 1.5 hours", page)
        self.assertIn("commits abc1234.", page)
        beside = os.path.join(os.path.dirname(self.page), "results")
        plots = sorted(os.listdir(beside))
        self.assertEqual(plots, sorted(f"{few}{name}.svg" for few in ("", "few-")
                                       for name in foursensors.SETS))
        for plot in plots:
            xml.etree.ElementTree.parse(os.path.join(beside, plot))

    def test_without_all_runs_and_markers_nothing_is_written(self):
        names = list(resultpage.tables(self.folder))
        for marked, missing, why in (
                (names[1:], None, "made by pipelines/four-sensors.sh: run"),
                (names, "few-ecg-few-labels-1-9.clean.json", "few-ecg: 9 finished")):
            self.put_page(*marked)
            before = self.read()
            if missing:
                os.rename(os.path.join(self.folder, missing), self.page + ".hidden")
            done = self.run_script()
            if missing:
                os.rename(self.page + ".hidden", os.path.join(self.folder, missing))
            self.assertEqual(done.returncode, 1)
            self.assertIn(why, done.stderr)
            self.assertEqual(self.read(), before)

    def test_a_missed_floor_is_bold_and_told(self):
        told = floors.Floors()
        self.assertEqual(told.text("a", 70.04, 70), "70.0")
        self.assertEqual(told.text("b", 69.94, 70), "**69.9**")
        self.assertEqual(told.text("c", 51.2, 50, at_most=True), "**51.2**")
        self.assertEqual(told.text("d", 1, None), "1.0")
        self.assertEqual(told.line(),
                         "1 of 3 floors hold; missed: b by 0.1; c by 1.2.")

    def test_a_target_is_for_each_set_or_for_their_mean(self):
        apart = {"a": [2, 4], "b": [-1, -1]}
        self.assertEqual(floors.row_of("n", 1, "r", apart, False),
                         ["n", "+1.0", "r", "+1.0 (a +3.0, b -1.0)"])
        self.assertEqual(floors.row_of("n", 0, "r", apart, True)[-1],
                         "**a +3.0, b -1.0: missed**")


unittest.main()
