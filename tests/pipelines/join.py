# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers

"""pipelines/join-windows.py: what touches becomes one, what does not stays."""

import os
import pathlib
import struct
import subprocess
import tempfile
import unittest

SCRIPT = os.path.join(os.environ["MX_PIPELINES"], "join-windows.py")
HEADER = "path,label,split,subject,experiment,start_sample\n"


def wav(samples, rate=50, frame=4):
    form = struct.pack("<HHIIHH", 3, 1, rate, rate * frame, frame, 32)
    body = struct.pack(f"<{len(samples)}f", *samples)
    return (b"RIFF" + struct.pack("<I", 36 + len(body)) + b"WAVEfmt "
            + struct.pack("<I", 16) + form + b"data"
            + struct.pack("<I", len(body)) + body)


class Join(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.data = pathlib.Path(self.folder.name, "data")
        self.joined = pathlib.Path(self.folder.name, "joined")
        self.data.mkdir()

    def put(self, *rows):
        for path, *_, start in rows:
            (self.data / path).write_bytes(wav([start, start + 1]))
        (self.data / "manifest.csv").write_text(
            HEADER + "".join(f"{','.join(map(str, row))}\n" for row in rows))

    def join(self):
        return subprocess.run(["python3", SCRIPT, self.data, self.joined],
                              capture_output=True, text=True, check=False)

    def test_windows_that_touch_become_one_recording(self):
        self.put(("b.wav", "sit", "train", "p", 1, 12),
                 ("a.wav", "run", "train", "p", 1, 10),
                 ("c.wav", "sit", "train", "p", 1, 15),
                 ("d.wav", "sit", "test", "p", 1, 17),
                 ("e.wav", "sit", "test", "p", 2, 19))
        self.assertEqual(self.join().stdout, "5 windows, 4 recordings\n")
        self.assertEqual((self.joined / "00000.wav").read_bytes(),
                         wav([10, 11, 12, 13]))
        self.assertEqual((self.joined / "labels.csv").read_text().splitlines()[:4],
                         ["path,start_s,end_s,label",
                          "00000.wav,0.000000000,0.040000000,run",
                          "00000.wav,0.040000000,0.080000000,sit",
                          "00001.wav,0.000000000,0.040000000,sit"])
        self.assertEqual((self.joined / "manifest.csv").read_text(),
                         "path,label,split,subject\n00000.wav,,train,p\n"
                         "00001.wav,,train,p\n00002.wav,,test,p\n"
                         "00003.wav,,test,p\n")

    def test_what_cannot_be_read_is_named(self):
        self.put(("a.wav", "run", "train", "p", 1, 10))
        for bad in (b"", b"RIFF\0\0\0\0WAVE", b"text", wav([1], rate=0),
                    wav([1, 2, 3], frame=8), wav([1, 2])[:-1]):
            (self.data / "a.wav").write_bytes(bad)
            result = self.join()
            self.assertNotEqual(result.returncode, 0)
            self.assertIn("a.wav: ", result.stderr)
            self.assertNotIn("Traceback", result.stderr)

    def test_a_column_that_is_not_there_is_named(self):
        (self.data / "manifest.csv").write_text("path,label\na.wav,run\n")
        result = self.join()
        self.assertIn("no column 'split'", result.stderr)
        self.assertNotIn("Traceback", result.stderr)

    def test_a_row_that_makes_no_sense_is_named(self):
        self.put(("a.wav", "run", "train", "p", 1, 10))
        for row, words in (("a.wav,run,train,p,1,soon", "line 2: start_sample"),
                           ("b.wav,run,train,p,1,10", "b.wav: No such file")):
            (self.data / "manifest.csv").write_text(f"{HEADER}{row}\n")
            result = self.join()
            self.assertIn(words, result.stderr)
            self.assertNotIn("Traceback", result.stderr)


if __name__ == "__main__":
    unittest.main()
