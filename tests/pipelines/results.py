# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers

"""pipelines/results.sh, end to end on a made-up set of motion, and what it makes
of reports whose figures are known."""

import array
import json
import math
import os
import random
import struct
import subprocess
import sys
import tempfile
import unittest
import wave
import xml.etree.ElementTree

PIPELINES = os.environ["MX_PIPELINES"]
# What results.sh takes from whoever runs the tests would be tested with.
OURS = {name: value for name, value in os.environ.items() if name not in (
    "LABELS", "SEEDS", "OBJECTIVES", "STEPS", "PERTURB", "BASELINES", "DIGITS",
    "WIDTH", "FOLDS")}
PEOPLE = [f"p{i:02}" for i in range(6)]
VALID = "p00,p05"  # every fifth from the first
FRAMES, AXES, RATE = 128, 6, 50


def put_tone(path, turns, chance, rate=RATE, frames=FRAMES, channels=AXES):
    samples = array.array("h", (
        int(9000 * math.sin(turns * 2 * math.pi * t / frames + channel) +
            2000 * chance.random())
        for t in range(frames) for channel in range(channels)))
    with wave.open(path, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.tobytes())


def put_manifest(folder, lines):
    with open(os.path.join(folder, "manifest.csv"), "w", encoding="utf-8") as file:
        file.write("path,label,split,subject\n" + "\n".join(lines) + "\n")


def put_set(folder):
    """Fast and slow motion of six people to train on and one to test with."""
    chance = random.Random(3)
    lines = []
    for person in PEOPLE + ["t00"]:
        for i in range(8):
            path = f"{person}-{i}.wav"
            put_tone(os.path.join(folder, path),
                     (8 if i % 2 else 1) + chance.random(), chance)
            lines.append(f"{path},{('slow', 'fast')[i % 2]},"
                         f"{'test' if person == 't00' else 'train'},{person}")
    put_manifest(folder, lines)


def put_digits(folder):
    """Short tones, two "digits" of six speakers."""
    chance = random.Random(4)
    lines = []
    for who in ("george", "jackson", "lucas", "nicolas", "theo", "yweweler"):
        for digit, turns in (("one", 30), ("two", 90)):
            path = f"{who}-{digit}.wav"
            put_tone(os.path.join(folder, path), turns + 5 * chance.random(),
                     chance, rate=8000, frames=1600, channels=1)
            lines.append(f"{path},{digit},train,{who}")
    put_manifest(folder, lines)


def metadata(path):
    with open(path, "rb") as file:
        size = struct.unpack("<Q", file.read(8))[0]
        return json.loads(file.read(size))["__metadata__"]


def report(accuracy, area, cost=.5):
    def scores(value):
        return {"accuracy": value, "macro-f1": value, "mean-cost": cost}
    point = {"threshold": .5, "accuracy": accuracy, "mean-cost": cost,
             "mean-exit": 2}
    exits = [scores(accuracy), scores(accuracy + .1)]
    return {**scores(accuracy), "mean-exit": 2, "all-exits": exits,
            "windows": {"all-exits": exits},
            "curve": {"area": area, "last": point, "sufficient": point,
                      "points": [point, {**point, "mean-cost": 1}]}}


class Results(unittest.TestCase):

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.out = os.path.join(self.folder, "out")

    def run_script(self, *words, **settings):
        # The elements are known already: nothing is to be built.
        return subprocess.run(
            [os.path.join(PIPELINES, "results.sh"), *words],
            env={**OURS, "MESON_DEVENV": "1", **settings},
            capture_output=True, encoding="utf-8", check=False)

    def read(self, name):
        with open(os.path.join(self.out, name), encoding="utf-8") as file:
            return file.read()

    def test_a_set_has_tables_and_plots_and_is_not_made_twice(self):
        data = os.path.join(self.folder, "data")
        os.mkdir(data)
        put_set(data)
        words = (self.out, f"activity={data}", f"activity-mean={data}")
        settings = {"STEPS": "2", "OBJECTIVES": "augmented consistent-exit"}
        done = self.run_script(*words, **settings)
        self.assertEqual(done.returncode, 0, done.stderr)
        for row in ("activity, 1 runs", "activity-mean, 1 runs", "lost-2",
                    "agreed", "valid area", "valid spoilt", "As good, on people",
                    "consistent-exit - augmented",
                    "Difference from augmented"):
            self.assertIn(row, done.stdout)
        for plot in ("activity.svg", "activity-mean.svg"):
            xml.etree.ElementTree.fromstring(self.read(plot))

        # Validation people are calibrated on, and not trained on.
        stem = os.path.join(self.out, "activity-consistent-exit-1-0")
        told = metadata(stem + ".safetensors")["multiexit.calibration"]
        self.assertIn(f"subjects={VALID}", json.loads(told)["fitted-on"])
        self.assertIn("example 32/32", self.read(
            os.path.basename(stem) + ".trained.safetensors.log"))
        heard = json.loads(self.read(os.path.basename(stem) + ".clean.json"))
        self.assertEqual([s["subject"] for s in heard["subjects"]], ["t00"])
        heard = json.loads(self.read(os.path.basename(stem) + ".valid-lost-2.json"))
        self.assertEqual([s["subject"] for s in heard["subjects"]],
                         VALID.split(","))

        # Only what is missing is made again, and is the same.
        first = self.read("durations").splitlines()
        self.assertEqual({len(line.split()) for line in first}, {3})
        os.remove(stem + ".lost-2.json")
        again = self.run_script(*words, **settings)
        self.assertEqual(again.returncode, 0, again.stderr)
        made = self.read("durations").splitlines()[len(first):]
        self.assertEqual([line.split()[1] for line in made],
                         [os.path.basename(stem) + ".lost-2.json"])
        self.assertEqual(again.stdout.rsplit("\n", 2)[0],
                         done.stdout.rsplit("\n", 2)[0])

    def test_digits_have_folds_and_half_the_width(self):
        data = os.path.join(self.folder, "data")
        os.mkdir(data)
        put_digits(data)
        done = self.run_script(
            self.out, f"digits={data}", WIDTH="half", LABELS="few", FOLDS="2 3",
            STEPS="2", OBJECTIVES="supervised few-labels")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("few-digits-half, 2 runs (fold-seed): 2-1 3-1", done.stdout)
        self.assertIn('"filters": 80', self.read("digits-half.json"))
        heard = json.loads(self.read("few-digits-half-few-labels-3-1.clean.json"))
        self.assertEqual([s["subject"] for s in heard["subjects"]],
                         ["theo", "yweweler"])

    def test_baselines_may_hear_labelled_recordings_alone(self):
        data = os.path.join(self.folder, "data")
        os.mkdir(data)
        put_digits(data)
        done = self.run_script(
            self.out, f"digits={data}", WIDTH="half", LABELS="few", FOLDS="2",
            STEPS="2", OBJECTIVES="supervised few-labels", BASELINES="labelled")
        self.assertEqual(done.returncode, 0, done.stderr)
        # Of eight recordings two keep their labels; six are one third in nine.
        for objective, words in (("supervised", "epoch 128/128  example 2/2 "),
                                 ("few-labels", "epoch 18/18  example 9/9 ")):
            self.assertIn(words, self.read(
                f"few-digits-half-{objective}-2-1.safetensors.log"))

    def test_others_have_folds_too_and_the_split_of_their_data(self):
        data = os.path.join(self.folder, "data")
        os.mkdir(data)
        put_set(data)
        words = {"STEPS": "2", "LABELS": "few", "OBJECTIVES": "few-labels"}
        done = self.run_script(self.out, f"activity-mean={data}", FOLDS="0", **words)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("few-activity-mean, 1 runs (fold-seed): 0-1", done.stdout)
        stem = "few-activity-mean-few-labels-0-1"
        heard = json.loads(self.read(f"{stem}.clean.json"))
        self.assertEqual([s["subject"] for s in heard["subjects"]], ["t00"])
        # All six people, of whom ten windows of each class have a label.
        self.assertIn("example 42/42 ", self.read(f"{stem}.safetensors.log"))
        self.assertIn('"mean"', self.read("activity-mean.json"))

        # Nobody of this set is in the second fold; ecg has none.
        done = self.run_script(self.out, f"ecg={data}", FOLDS="2", **words)
        self.assertEqual(done.returncode, 2)
        self.assertIn("there is no fold 2 of ecg", done.stderr)

    def test_a_stage_that_fails_ends_the_run_and_says_which(self):
        data = os.path.join(self.folder, "data")
        os.mkdir(data)
        put_manifest(data, ["no.wav,a,train,ann"])
        done = self.run_script(self.out, f"emg={data}")
        self.assertEqual(done.returncode, 1)
        self.assertIn("stopped making", done.stderr)
        self.assertIn("emg-supervised-1-0.trained.safetensors", done.stderr)

    def test_more_perturbation_reaches_the_training_and_nothing_else(self):
        data = os.path.join(self.folder, "data")
        os.mkdir(data)
        put_set(data)
        told = {}
        for name, more in (("usual", ""), ("more", "strength=.1")):
            out = os.path.join(self.folder, name)
            done = self.run_script(out, f"activity={data}", STEPS="2",
                                   OBJECTIVES="supervised augmented", PERTURB=more)
            self.assertEqual(done.returncode, 0, done.stderr)
            for objective in ("supervised", "augmented"):
                told[name, objective] = [
                    line for line in done.stdout.splitlines()
                    if line.startswith(f"{objective}  ")]
        self.assertEqual(told["usual", "supervised"], told["more", "supervised"])
        self.assertNotEqual(told["usual", "augmented"], told["more", "augmented"])

    def test_a_set_that_nobody_knows_is_refused(self):
        for name, words in (("smell", "no sensor is called smell"),
                            ("emg-best", "there is no set emg-best")):
            done = self.run_script(self.out, f"{name}={self.folder}")
            self.assertEqual(done.returncode, 2)
            self.assertIn(words, done.stderr)

    def test_called_without_words_it_says_how(self):
        done = self.run_script()
        self.assertEqual(done.returncode, 2)
        self.assertIn("SET=DATA", done.stderr)

    def put(self, objective, seed, clean, area, noise):
        for kind, one in (("clean", report(clean, area)),
                          ("noise", report(clean, noise))):
            path = f"s-{objective}-1-{seed}.{kind}.json"
            with open(os.path.join(self.out, path), "w",
                      encoding="utf-8") as file:
                json.dump(one, file)

    def test_means_deviations_and_paired_differences_are_right(self):
        os.mkdir(self.out)
        self.put("augmented", 0, .50, .60, .30)
        self.put("augmented", 1, .54, .62, .40)
        self.put("consistent-exit", 0, .60, .70, .35)
        self.put("consistent-exit", 1, .52, .64, .45)
        # Not done for all: left out.
        self.put("augmented", 2, .99, .99, .99)
        done = subprocess.run(
            ["python3", os.path.join(PIPELINES, "results.py"), self.out,
             "augmented consistent-exit", "s"],
            capture_output=True, encoding="utf-8", check=True)
        rows = [line.split() for line in done.stdout.splitlines()]
        self.assertIn("2 runs", done.stdout)
        # Exits 1 and 2, their F1, area, noise, mean of what is spoilt.
        self.assertIn("augmented 52.0 62.0 52.0 62.0 61.0 35.0 35.0".split(),
                      rows)
        self.assertIn("sd 5.7 5.7 5.7 5.7 4.2 7.1 7.1".split(), rows)
        self.assertIn("acc 1 +10.0 -2.0; area +10.0 +2.0; spoilt +5.0 +5.0",
                      done.stdout)

    def test_as_good_is_chosen_by_people_to_validate_with(self):
        sys.path.insert(0, PIPELINES)
        import results
        def kind(*accuracies):
            points = [{"accuracy": accuracy, "mean-cost": (i + 1) / 4,
                       "mean-exit": i + 1}
                      for i, accuracy in enumerate(accuracies)]
            return {"curve": {"points": points, "last": points[-1]}}
        base = {"valid": kind(.5, .5, .6, .8)}
        kinds = {"valid": kind(.7, .796, .9, .9), "clean": kind(.1, .2, .3, .4)}
        self.assertEqual(results.as_good(kinds, base),
                         {"acc": .2, "cost": .5, "exit": .02})
        # It never gets there: the last exit.
        kinds["valid"] = kind(.1, .1, .1, .1)
        self.assertEqual(results.as_good(kinds, base)["acc"], .4)


unittest.main()
