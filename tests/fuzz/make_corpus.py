#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers
"""Writes corpus/: small files that are right, for fuzzing to start from."""

import json
import pathlib
import struct

CORPUS = pathlib.Path(__file__).parent / "corpus"
FORMATS = {"F32": "f", "I32": "i", "F16": "e", "I8": "b"}


def safetensors(tensors, metadata=None, values=None):
    """tensors: (name, dtype, shape) in order; values count upwards, those of
    a scale from above 0.  values: bytes, of tensors that have others."""
    header = {"__metadata__": metadata} if metadata is not None else {}
    data = b""
    for name, dtype, shape in tensors:
        size = 1
        for dim in shape:
            size *= dim
        low = 1 if name.endswith("_scale") else 0
        piece = struct.pack(f"<{size}{FORMATS[dtype]}",
                            *((i % 7 if dtype[0] == "I"
                               else (i % 7 + low) / 8)
                              for i in range(size)))
        piece = (values or {}).get(name, piece)
        header[name] = {"dtype": dtype, "shape": shape,
                        "data_offsets": [len(data), len(data) + len(piece)]}
        data += piece
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + data


def conv(path, out, inputs, kernel):
    return [(path + ".weight", "F32", [out, inputs, kernel]),
            (path + ".bias", "F32", [out])]


def norm(path, channels):
    return [(f"{path}.{name}", "F32", [channels])
            for name in ("weight", "bias", "running_mean", "running_var")]


def dense(path, units, inputs):
    return [(path + ".weight", "F32", [units, inputs]),
            (path + ".bias", "F32", [units])]


PLAIN = {
    "name": "plain",
    "labels": ["no", "yes"],
    "input": {"rate": 50, "channels": 2, "window": 12, "hop": 6},
    "stages": [
        {"layers": [{"kind": "conv1d", "filters": 3, "kernel": 3},
                    {"kind": "batch-norm"}, {"kind": "relu"}],
         "exit": [{"kind": "pool"}, {"kind": "dense"}]},
        {"layers": [{"kind": "conv1d", "filters": 4, "kernel": 3,
                     "stride": 2}],
         "exit": [{"kind": "pool"}, {"kind": "dense"}]}],
}
PLAIN_TENSORS = (
    conv("stages.0.layers.0", 3, 2, 3) + norm("stages.0.layers.1", 3)
    + dense("stages.0.exit.1", 2, 3)
    + conv("stages.1.layers.0", 4, 3, 3) + dense("stages.1.exit.1", 2, 4))

RESIDUAL = {
    "labels": ["a", "b", "c"],
    "input": {"rate": 50, "channels": 4, "window": 21},
    "front-end": {"kind": "raw", "mean": [1, 2, 3, 4], "std": 2},
    "stages": [
        {"layers": [
            {"kind": "residual", "layers": [
                {"kind": "conv1d", "filters": 6, "kernel": 5, "stride": 2,
                 "groups": 2, "bias": False},
                {"kind": "batch-norm", "epsilon": 0.001}, {"kind": "gelu"}],
             "shortcut": [{"kind": "conv1d", "filters": 6, "kernel": 1,
                           "stride": 2, "bias": False}]},
            {"kind": "dropout", "probability": 0.25},
            {"kind": "residual", "layers": [
                {"kind": "conv1d", "filters": 6, "kernel": 3,
                 "dilation": 2}]}],
         "exit": [{"kind": "pool", "method": "mean+max", "segments": 2},
                  {"kind": "dense", "units": 5}, {"kind": "relu"},
                  {"kind": "dense"}]}],
}
RESIDUAL_TENSORS = (
    [("stages.0.layers.0.layers.0.weight", "F32", [6, 2, 5])]
    + norm("stages.0.layers.0.layers.1", 6)
    + [("stages.0.layers.0.shortcut.0.weight", "F32", [6, 4, 1])]
    + conv("stages.0.layers.2.layers.0", 6, 6, 3)
    + dense("stages.0.exit.1", 5, 24) + dense("stages.0.exit.3", 3, 5))


QUANTISED = {
    "labels": ["a", "b"],
    "input": {"rate": 50, "channels": 2, "window": 16, "hop": 8},
    "stages": [
        {"layers": [
            {"kind": "conv1d", "filters": 3, "kernel": 3, "quantised": True},
            {"kind": "batch-norm"}, {"kind": "relu"},
            {"kind": "conv1d", "filters": 4, "kernel": 5, "stride": 2,
             "dilation": 2, "bias": False, "quantised": True}],
         "exit": [{"kind": "pool"}, {"kind": "dense"}]}],
}


def scales(path, filters):
    return [(path + ".weight_scale", "F32", [filters]),
            (path + ".input_range", "F32", [2])]


QUANTISED_TENSORS = (
    [("stages.0.layers.0.weight", "I8", [3, 2, 3]),
     ("stages.0.layers.0.bias", "F32", [3])]
    + scales("stages.0.layers.0", 3) + norm("stages.0.layers.1", 3)
    + [("stages.0.layers.3.weight", "I8", [4, 3, 5])]
    + scales("stages.0.layers.3", 4) + dense("stages.0.exit.1", 2, 4))


def with_front_end(kind, **members):
    return {
        "labels": ["noise", "speech"],
        "input": {"rate": 1000, "channels": 1, "window": 500, "hop": 100},
        "front-end": {"kind": kind, "frame": 25, "hop": 10, "fft": 32,
                      "bands": 6, "low": 20, "high": 500, **members},
        "stages": [
            {"layers": [{"kind": "conv1d", "filters": 4, "kernel": 3,
                         "padding": "causal"}],
             "exit": [{"kind": "pool", "method": "max"},
                      {"kind": "dense"}]}],
    }


def model(description, tensors, **metadata):
    return safetensors(tensors, {
        "multiexit.version": "1",
        "multiexit.description": json.dumps(description), **metadata})


CALIBRATION = {
    "fitted-on": "two people", "windows": 100, "labelled": 40,
    "temperatures": [0.5, 1.25],
    "points": [
        {"thresholds": [0.0], "agreement": 0.875, "cost": 0.25},
        {"thresholds": [0.7], "agreement": 0.98, "cost": 0.5,
         "accuracy": 0.75},
        {"thresholds": [1.0], "agreement": 1, "cost": 1}],
}


# Of a network of 28 weights, 24 of them trained: fuzz-checkpoint.c has it.
CHECKPOINT_TENSORS = (
    [("trainer." + name, "F32", [size]) for name, size in (
        ("weights", 28), ("moments", 48), ("teacher", 28), ("average", 28))]
    + [("trainer.steps", "I32", [1, 2]),
       ("trainer.class-counts", "I32", [2, 2])])

# Two epochs measured, the second one better, and four of five windows of the
# third: so many counts has one exit of two classes.
COUNTS = 3 + 2 + 2 * 2 + 2 * (24 * 64 + 2)
VALIDATION_TENSORS = [
    ("valid.epochs", "I32", [2, 2]), ("valid.values", "I32", [2, 2]),
    ("valid.best-epoch", "I32", [1, 2]), ("valid.best", "F32", [28]),
    ("valid.measured", "F32", [28]), ("valid.counts", "I32", [COUNTS, 2])]
VALIDATION_VALUES = {
    "valid.epochs": struct.pack("<2Q", 1, 2),
    "valid.values": struct.pack("<2d", .5, .75),
    "valid.best-epoch": struct.pack("<Q", 2),
    "valid.counts": struct.pack(f"<{COUNTS}d", 5, 4, *[1] * (COUNTS - 2))}


def scores(**more):
    return {
        "count": 3, "labelled": 2, "accuracy": 0.5, "balanced-accuracy": 0.5,
        "macro-f1": 0.25, "cohens-kappa": None, "calibration-error": 0.125,
        "mean-confidence": 0.75, "mean-exit": 1.5, "mean-cost": 0.5,
        "calibration": [{"labelled": 2, "accuracy": 0.5, "confidence": 0.75},
                        {"labelled": 0, "accuracy": None, "confidence": None}],
        "classes": [
            {"label": "a<b", "support": 2, "answers": 1, "precision": 1,
             "recall": 0.5, "f1": 0.75},
            {"label": "\"c\" & d", "support": 0, "answers": 1,
             "precision": 0, "recall": None, "f1": 0}],
        "confusion": [[1, 1], [0, 0]], **more}


REPORT = scores(
    version=1,
    windows=scores(**{"per-exit": [{"count": 2}, {"count": 1}],
                      "all-exits": [scores(), scores()]}),
    **{"time-to-decision": {"median": 1.5e6, "quantile-95": 3e6},
       "curve": {"area": 0.5, "sufficient": {"mean-cost": 0.75},
                 "points": [{"accuracy": 0.5, "mean-cost": 0.25},
                            {"accuracy": 0.75, "mean-cost": 1}]},
       "subjects": [{"subject": "anna", "count": 3, "accuracy": 0.5},
                    {"subject": "ben", "count": 1, "accuracy": None}],
       "hardest": [{"path": "1.wav", "index": 7, "begin": 10**9,
                    "label": "a<b", "answer": "\"c\" & d",
                    "confidence": 0.875, "exit": 2}]})
EVENTS = {"found": 1, "count": 2, "false": 3, "hours": 0.5,
          "false-per-hour": 6, "delay": {"median": 5e8, "quantile-95": 1e9},
          "classes": [{"label": "a<b", "count": 2, "found": 1, "recall": 0.5,
                       "false": 3}]}


# Heads of recordings, which promise more than there is.
RECORDINGS = {
    "wav": b"RIFF" + struct.pack("<I", 84) + b"WAVELIST" +
           struct.pack("<I", 3) + b"abc\0" + b"fmt " +
           struct.pack("<IHHIIHH", 16, 1, 2, 8000, 32000, 4, 16) +
           b"data" + struct.pack("<I", 40) + bytes(20),
    "flac": b"fLaC" + bytes([0, 0, 0, 34]) + bytes(10) +
            bytes([1, 0xf4, 0, 0xf0]) + struct.pack(">I", 100) + bytes(16),
    "au": b".snd" + struct.pack(">5I", 24, 40, 3, 8000, 1) + bytes(20),
    "mkv": b"\x1a\x45\xdf\xa3\x84\x42\x86\x81\x01"
           b"\x18\x53\x80\x67\x40\x20" + bytes(20),
    "mp4": struct.pack(">I", 16) + b"ftypmp42\0\0\0\0" +
           struct.pack(">I", 1) + b"mdat" + struct.pack(">Q", 60) + bytes(20),
    "mp3": b"ID3\4\0\0" + bytes([0, 0, 0, 5]) + bytes(5) +
           b"\xff\xfb\x90\xc0" + bytes(17) + b"Info" +
           struct.pack(">3I", 3, 7, 400) + bytes(30),
    "ogg": b"OggS\0\2" + bytes(20) + bytes([1, 3]) + b"abc" +
           b"OggS\0\4" + bytes(20) + bytes([2, 255, 9]) + bytes(200),
}


def text(description):
    return json.dumps(description, indent=1).encode()


FILES = {
    "safetensors/empty": safetensors([]),
    "safetensors/all-types": safetensors(
        [("a", "F32", [2, 3]), ("b", "F16", []), ("c", "I8", [5]),
         ("d", "I32", [1, 2, 1]), ("e", "F32", [0, 4])],
        {"format": "pt", "caf\u00e9": "a\n\"b\""}),
    "model-file/plain": model(PLAIN, PLAIN_TENSORS),
    "model-file/residual": model(RESIDUAL, RESIDUAL_TENSORS),
    "model-file/quantised": model(QUANTISED, QUANTISED_TENSORS),
    "model-file/calibrated": model(PLAIN, PLAIN_TENSORS, **{
        "multiexit.calibration": json.dumps(CALIBRATION)}),
    "checkpoint/plain": safetensors(CHECKPOINT_TENSORS, {
        "multiexit.checkpoint": "1", "setting.seed": "1",
        "setting.schedule": "cosine"}),
    "validation/plain": safetensors(
        VALIDATION_TENSORS, {"multiexit.checkpoint": "1"}, VALIDATION_VALUES),
    "description/plain": text(PLAIN),
    "description/residual": text(RESIDUAL),
    "description/quantised": text(QUANTISED),
    "description/log-mel": text(with_front_end(
        "log-mel", floor=1e-6, reference="window-maximum", range=8,
        mean=-7.5, std=1.5)),
    "description/log-pcen": text(with_front_end(
        "log-pcen", smoothing=0.025, alpha=0.98, epsilon=1e-10)),
    "report/continuous": text({**REPORT, "events": EVENTS}),
    "report/spoilt": text({**REPORT, "title": "small", "level": -2.5,
                           "condition": "noise, dB"}),
    "manifest/plain": b"path,label,split,subject,speaker's age\n"
                      b"1.wav,walk,train,anna,7\r\n\"a,2.wav\",,test,,\n"
                      b"/tmp/3.wav,\"sit \"\"down\"\"\",,ben,\"4\n5\"\n",
    **{"promise/" + name: bytes for name, bytes in RECORDINGS.items()},
    "labels/plain": b"path,start_s,end_s,label\n1.wav,0,1.5,walk\n"
                    b"1.wav,1.5,2,\"sit, down\"\na/2.wav,4.98,24.64,\n"
                    b"1.wav,3,4,walk\n",
}

for name, content in FILES.items():
    path = CORPUS / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
