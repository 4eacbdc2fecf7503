# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers

"""gstmultiexit-1.0 as Python sees it. Exit code 77: there is no PyGObject."""

import gc
import math
import sys
import unittest

try:
    import gi

    gi.require_version("Gst", "1.0")
    from gi.repository import Gst
except (ImportError, ValueError) as reason:
    print("skipped:", reason)
    sys.exit(77)
gi.require_version("GstMultiexit", "1.0")
from gi.repository import GstMultiexit

FIELDS = (
    "element=(string)words, sequence=(guint64)7, timestamp=(guint64)1000, "
    "stream-time=(guint64)2000, running-time=(guint64)3000, "
    "duration=(guint64)4000, finite=(boolean)false, skipped=(boolean)true, "
    "limited=(boolean)true, exit=(uint)2, exits=(uint)4, class=(uint)1, "
    "label=(string)two, confidence=(double)0.75, entropy=(double)0.5, "
    "probabilities=(double)<0.25, 0.75>, macs=(guint64)300, "
    "macs-full=(guint64)400, latency=(guint64)5000, "
    "exit-probabilities=(double)<0.5, 0.5, 0.25, 0.75>, "
    "exit-macs=(guint64)<200, 300>, exit-labels=<one, two>"
)
READ = {
    "get_element": ("words", None),
    "get_sequence": (7, Gst.BUFFER_OFFSET_NONE),
    "get_timestamp": (1000, Gst.CLOCK_TIME_NONE),
    "get_stream_time": (2000, Gst.CLOCK_TIME_NONE),
    "get_running_time": (3000, Gst.CLOCK_TIME_NONE),
    "get_duration": (4000, Gst.CLOCK_TIME_NONE),
    "is_finite": (False, True),
    "is_skipped": (True, False),
    "is_limited": (True, False),
    "get_exit": (2, 0),
    "get_exits": (4, 0),
    "get_class_index": (1, -1),
    "get_label": ("two", None),
    "get_confidence": (0.75, math.nan),
    "get_entropy": (0.5, math.nan),
    "get_probabilities": ([0.25, 0.75], []),
    "get_exit_probabilities": ([0.5, 0.5, 0.25, 0.75], []),
    "get_exit_macs": ([200, 300], []),
    "get_macs": (300, 0),
    "get_macs_full": (400, 0),
    "get_latency": (5000, Gst.CLOCK_TIME_NONE),
}


def structure(name="mxclassify", fields=FIELDS):
    return Gst.Structure.new_from_string(f"{name}, {fields};")


class Predictions(unittest.TestCase):
    def assert_reads(self, prediction, which):
        for name, values in READ.items():
            value = getattr(prediction, name)()
            same = value == values[which] or value != value != values[which]
            self.assertTrue(same, f"{name}: {value}")

    def test_every_getter_is_tried(self):
        known = [name for name in dir(GstMultiexit.Prediction)
                 if name.startswith(("get_", "is_"))]
        self.assertEqual(
            sorted(known), sorted([*READ, "get_exit_label", "get_structure", "is_same"]))

    def test_from_structure(self):
        read = GstMultiexit.Prediction.from_structure
        self.assert_reads(read(structure()), 0)
        self.assert_reads(read(Gst.Structure.new_empty("result")), 1)

    def test_each_exit_has_its_label(self):
        prediction = GstMultiexit.Prediction.from_structure(structure())
        self.assertEqual([prediction.get_exit_label(e) for e in range(4)],
                         [None, "one", "two", None])

    def test_from_message(self):
        read = GstMultiexit.Prediction.from_message
        self.assert_reads(read(Gst.Message.new_element(None, structure())), 0)
        self.assertIsNone(read(Gst.Message.new_eos(None)))

    def test_from_event(self):
        read = GstMultiexit.Prediction.from_event
        self.assert_reads(read(GstMultiexit.result_event_new(structure())), 0)
        self.assertIsNone(read(Gst.Event.new_eos()))

    def test_list_outlives_its_buffer(self):
        buffer = Gst.Buffer.new()
        for _ in range(2):
            GstMultiexit.result_meta_add(buffer, structure())
        found = GstMultiexit.Prediction.list_from_buffer(buffer)
        del buffer
        gc.collect()
        self.assertEqual(len(found), 1)
        self.assert_reads(found[0], 0)
        self.assertTrue(found[0].is_same(found[0]))
        self.assertEqual(
            GstMultiexit.Prediction.list_from_buffer(Gst.Buffer.new()), [])

    def test_structure_outlives_its_prediction(self):
        prediction = GstMultiexit.Prediction.from_structure(structure())
        fields = prediction.get_structure()
        del prediction
        gc.collect()
        self.assertEqual(fields.get_string("label"), "two")


class Labels(unittest.TestCase):
    def test_example_comes_back(self):
        sent = GstMultiexit.Example.new("yes", 7, 3, None, "anna", "yes/1.wav")
        got = GstMultiexit.Example.from_event(sent.event_new())
        self.assertEqual((got.label, got.index, got.epoch), ("yes", 7, 3))
        self.assertEqual((got.split, got.subject, got.path),
                         (None, "anna", "yes/1.wav"))
        self.assertIsNone(GstMultiexit.Example.from_event(Gst.Event.new_eos()))

    def test_dataset_comes_back(self):
        sent = GstMultiexit.Dataset.new(["b", "a", "zwölf"], 3, -1)
        got = GstMultiexit.Dataset.from_event(sent.copy().event_new())
        self.assertEqual(got.labels, ["b", "a", "zwölf"])
        self.assertEqual((got.examples, got.epochs), (3, -1))
        self.assertIsNone(GstMultiexit.Dataset.from_event(Gst.Event.new_eos()))


Gst.init(None)
unittest.main()
