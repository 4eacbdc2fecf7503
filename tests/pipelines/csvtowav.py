# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers

"""pipelines/csv-to-wav.py: numbers as they are, and slips by file and line."""

import os
import pathlib
import struct
import subprocess
import tempfile
import unittest

SCRIPT = os.path.join(os.environ["MX_PIPELINES"], "csv-to-wav.py")


class CsvToWav(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.put("labels.csv", "path,label,subject,split\n"
                 "a.csv,up,ann,train\nb.csv,\"down, fast\",ben,test\n")
        self.put("a.csv", "t,x,y,z\n0,1,2,-3\n1,3,2,5.5\n")
        self.put("b.csv", "\ufeffz,y,x\n100,200,300\n")

    def put(self, name, text):
        (self.folder / name).write_text(text, encoding="utf-8")

    def run_script(self, *options):
        return subprocess.run(
            ["python3", SCRIPT, self.folder / "labels.csv", self.folder / "data",
             *(options or ("rate=100", "columns=x,y,z"))],
            capture_output=True, text=True, check=False)

    def refuses(self, words, *options):
        run = self.run_script(*options)
        self.assertNotEqual(run.returncode, 0)
        self.assertNotIn("Traceback", run.stderr)
        for word in words:
            self.assertIn(word, run.stderr)

    def samples(self, name):
        data = (self.folder / "data" / name).read_bytes()
        tag, channels, rate, _, frame = struct.unpack_from("<HHIIH", data, 20)
        self.assertEqual((tag, channels, rate, frame), (0xfffe, 3, 100, 12))
        self.assertEqual(struct.unpack_from("<I", data, 4)[0], len(data) - 8)
        size, = struct.unpack_from("<I", data, 64)
        self.assertEqual(len(data), 68 + size)
        return struct.unpack_from(f"<{size // 4}f", data, 68)

    def test_columns_become_channels_by_name(self):
        self.assertEqual(self.run_script().returncode, 0)
        self.assertEqual(self.samples("00000.wav"), (1, 2, -3, 3, 2, 5.5))
        self.assertEqual(self.samples("00001.wav"), (300, 200, 100))
        self.assertEqual(
            (self.folder / "data" / "manifest.csv").read_text(),
            "path,label,subject,split\n00000.wav,up,ann,train\n"
            "00001.wav,\"down, fast\",ben,test\n")

    def test_rest_and_scale_know_nothing_of_the_test(self):
        self.assertEqual(
            self.run_script("rate=100", "columns=x,y,z", "factor=2").stdout,
            '2 recordings, 0.0 s\nrest="<4,4,2.5>" scale="<2,0,8.5>"\n')
        self.assertEqual(self.samples("00001.wav")[0], 600)

    def test_stretches_become_labels_over_time_of_one_recording(self):
        self.put("labels.csv", "label,subject,path,start_s,end_s\n"
                 "up,ann,a.csv,0,0.01\nup,ben,b.csv,0,0.01\n"
                 "\"down, fast\",ann,a.csv,0.01,0.02\n")
        self.assertTrue(self.run_script().stdout.startswith("2 recordings"))
        self.assertEqual((self.folder / "data" / "manifest.csv").read_text(),
                         "label,subject,path\n,ann,00000.wav\n,ben,00001.wav\n")
        self.assertEqual((self.folder / "data" / "labels.csv").read_text(),
                         "path,start_s,end_s,label\n00000.wav,0,0.01,up\n"
                         "00001.wav,0,0.01,up\n00000.wav,0.01,0.02,\"down, fast\"\n")

    def test_a_slip_leaves_no_half_of_a_data_set(self):
        self.put("b.csv", "x,y,z\n1,,3\n")
        self.refuses(["b.csv: line 2: y"])
        self.assertFalse((self.folder / "data" / "manifest.csv").exists())

    def test_slips_are_told_of_with_their_place(self):
        self.refuses(["a.csv", "'w'", "t, x, y, z"], "rate=100", "columns=w")
        self.refuses(["rate=fast"], "rate=fast", "columns=x")
        self.refuses(["columns=... is missing"], "rate=100", "factor=1")
        for value in ("", "high", "nan", "1e39"):
            self.put("a.csv", f"x,y,z\n1,2,3\n1,{value},3\n")
            self.refuses(["a.csv: line 3: y", repr(value), "expected a number"])
        self.put("a.csv", "x,y,z\n1,2,3\n1,2\n")
        self.refuses(["a.csv: line 3: z", "expected a number"])
        self.put("a.csv", "x,y,z\n")
        self.refuses(["a.csv: no line behind the first"])
        (self.folder / "a.csv").unlink()
        self.refuses(["a.csv: No such file"])
        self.put("labels.csv", "file,label\na.csv,up\n")
        self.refuses(["labels.csv: no column 'path'", "file, label"])
        self.put("labels.csv", "path,from_ms,to_ms,label\na.csv,0,9,up\n"
                 "a.csv,9,20,down\n")
        self.refuses(["labels.csv: a recording stands in several lines",
                      "start_s and end_s"])
        self.put("labels.csv", "path,start_s,to_s,label\na.csv,0,9,up\n")
        self.refuses(["labels.csv: no column 'end_s'"])
        (self.folder / "labels.csv").unlink()
        (self.folder / "labels.csv").mkdir()
        self.refuses(["labels.csv: found a folder, expected a CSV"])


if __name__ == "__main__":
    unittest.main()
