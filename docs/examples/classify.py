#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers

"""Prints what mxclassify finds in a recording, one line for each result.

    classify.py FILE                     reads the messages on the bus
    classify.py FILE message MODEL       the same, of another model than the built-in one
    classify.py FILE meta [MODEL]        reads the metas on buffers, in the stream
    classify.py FILE typelib [MODEL]     the same, through the library gstmultiexit-1.0

All print the same, but that "meta" misses windows where a buffer completes several.
The first three need nothing but PyGObject.
"""

import signal
import sys

import gi

gi.require_version("Gst", "1.0")
from gi.repository import Gst


def show(timestamp, label, confidence, exit, exits):
    print(f"{timestamp / Gst.SECOND:6.2f} s  {label:10} "
          f"{100 * confidence:5.1f} %  exit {exit} of {exits}")


# --- without our typelib: a result is a Gst.Structure ---


def show_structure(result):
    show(*(result.get_value(field) for field in
           ("timestamp", "label", "confidence", "exit", "exits")))


def on_message(bus, message):
    if message.has_name("mxclassify"):
        show_structure(message.get_structure())


def meta_probe(pad, info):
    if info.type & Gst.PadProbeType.BUFFER:
        # The first result: where windows end more often than buffers, read the
        # messages, or use the library.
        meta = info.get_buffer().get_custom_meta("GstMxResult")
        if meta:
            show_structure(meta.get_structure())
    else:
        # Of a recording that ended before it filled a window.
        event = info.get_event()
        if event.has_name("GstMxResult"):
            show_structure(event.get_structure())
    return Gst.PadProbeReturn.OK


# --- with it: a result is a GstMultiexit.Prediction ---


def show_prediction(prediction):
    show(prediction.get_timestamp(), prediction.get_label(),
         prediction.get_confidence(), prediction.get_exit(),
         prediction.get_exits())


def typelib_probe(pad, info):
    if info.type & Gst.PadProbeType.BUFFER:
        results = GstMultiexit.Prediction.list_from_buffer(info.get_buffer())
    else:
        results = [GstMultiexit.Prediction.from_event(info.get_event())]
    for result in filter(None, results):
        show_prediction(result)
    return Gst.PadProbeReturn.OK


# --- either way ---


def run(pipeline):
    """Until its end; returns the text of an error, or None."""
    bus = pipeline.get_bus()
    pipeline.set_state(Gst.State.PLAYING)
    while True:
        message = bus.timed_pop_filtered(
            Gst.CLOCK_TIME_NONE,
            Gst.MessageType.ELEMENT | Gst.MessageType.EOS | Gst.MessageType.ERROR)
        if message.type != Gst.MessageType.ELEMENT:
            break
        if way == "message":
            on_message(bus, message)
    pipeline.set_state(Gst.State.NULL)
    if message.type == Gst.MessageType.ERROR:
        return message.parse_error()[0].message
    return None


if len(sys.argv) < 2:
    sys.exit(__doc__)
location = sys.argv[1]
way = sys.argv[2] if len(sys.argv) > 2 else "message"
probes = {"message": None, "meta": meta_probe, "typelib": typelib_probe}
if way not in probes:
    sys.exit(__doc__)
if way == "typelib":
    gi.require_version("GstMultiexit", "1.0")
    from gi.repository import GstMultiexit

# So that `classify.py FILE | head` ends without a word.
signal.signal(signal.SIGPIPE, signal.SIG_DFL)
Gst.init(None)
pipeline = Gst.parse_launch(
    "filesrc name=file ! decodebin ! mxclassify name=model ! fakesink name=out")
pipeline.get_by_name("file").set_property("location", location)
if len(sys.argv) > 3:
    pipeline.get_by_name("model").set_property("model-file", sys.argv[3])
if probes[way]:
    pipeline.get_by_name("out").get_static_pad("sink").add_probe(
        Gst.PadProbeType.BUFFER | Gst.PadProbeType.EVENT_DOWNSTREAM, probes[way])
sys.exit(run(pipeline))
