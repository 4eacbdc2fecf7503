# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers

"""pipelines/between-beats.py: windows that hold no beat in the middle."""

import array
import csv
import os
import pathlib
import subprocess
import tempfile
import unittest
import wave

SCRIPT = os.path.join(os.environ["MX_PIPELINES"], "between-beats.py")
RATE = 100
HEIGHT = 8000


def put_beat(path, level, beats=(RATE // 2,), length=RATE):
    samples = array.array("h", [level] * (2 * length))
    for at in beats:
        samples[2 * at] = samples[2 * at + 1] = level + HEIGHT
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.tobytes())


def read(path):
    with wave.open(str(path)) as file:
        return array.array("h", file.readframes(file.getnframes()))[::2]


class Between(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.data = pathlib.Path(self.folder.name, "data")
        self.made = pathlib.Path(self.folder.name, "made")
        self.data.mkdir()
        self.rows = []

    def put(self, name, split, subject, level, **beat):
        put_beat(self.data / name, level, **beat)
        self.rows.append((name, "normal", split, subject))
        with open(self.data / "manifest.csv", "w", encoding="utf-8") as file:
            csv.writer(file).writerows(
                [("path", "label", "split", "subject"), *self.rows])

    def run_script(self, folder=None):
        return subprocess.run(["python3", SCRIPT, self.data, folder or self.made,
                               "40"], capture_output=True, text=True, check=False)

    def made_rows(self):
        with open(self.made / "manifest.csv", newline="", encoding="utf-8") as file:
            return [row for row in csv.DictReader(file)
                    if row["label"] == "nothing"]

    def test_no_beat_is_in_the_middle_and_no_two_people_in_one_window(self):
        for subject, level in (("a", 1000), ("b", -1000), ("c", 0)):
            split = "test" if subject == "c" else "train"
            self.put(f"{subject}1.wav", split, subject, level)
            self.put(f"{subject}2.wav", split, subject, level)
        result = self.run_script()
        self.assertEqual(result.stdout,
                         "40 windows between beats of 2 people\n", result.stderr)
        rows = self.made_rows()
        self.assertEqual([row["subject"] for row in rows], 20 * ["a", "b"])
        for row in rows:
            self.assertEqual(row["split"], "train")
            level = 1000 if row["subject"] == "a" else -1000
            samples = read(self.made / row["path"])
            beats = [t for t, value in enumerate(samples) if value != level]
            self.assertEqual(len(samples), RATE)
            self.assertLessEqual(len(beats), 2)
            self.assertTrue(all(samples[t] == level + HEIGHT for t in beats))
            self.assertTrue(all(abs(t - RATE // 2) >= RATE // 10 for t in beats))

    def test_the_same_data_give_the_same_bytes(self):
        self.put("1.wav", "train", "a", 0)
        self.put("2.wav", "train", "a", 500)
        again = pathlib.Path(self.folder.name, "again")
        self.run_script()
        self.run_script(again)
        for row in self.made_rows():
            self.assertEqual((self.made / row["path"]).read_bytes(),
                             (again / row["path"]).read_bytes())

    def test_what_cannot_be_used_is_named(self):
        self.put("1.wav", "train", "a", 0)
        for put, words in (
                (lambda: None, "nobody in the split train has two beats"),
                (lambda: self.put("2.wav", "train", "a", 0, length=120),
                 "a beat has rate, channels, samples (100, 2, 120)"),
                (lambda: [put_beat(self.data / name, 0, range(0, 200, 4), 200)
                          for name in ("1.wav", "2.wav")],
                 "times there was a beat between two beats"),
                (lambda: (self.data / "2.wav").write_bytes(b"text"), "2.wav: ")):
            put()
            result = self.run_script()
            self.assertNotEqual(result.returncode, 0)
            self.assertIn(words, result.stderr)
            self.assertNotIn("Traceback", result.stderr)


if __name__ == "__main__":
    unittest.main()
