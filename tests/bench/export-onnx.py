#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers

"""Model files as graphs for ONNX Runtime: one that ends at each exit, and one
that has them all.

    export-onnx.py FOLDER MODEL.safetensors ...

A sequence is an image one pixel high, [1][channels][1][time]: for these the
runtime has its fastest kernels.  Batch-norm is folded into the convolution
before it.  Knows the layers of tests/bench/network-*.json.  Needs
python3-numpy and python3-onnx.
"""

import json
import os
import struct
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

EPSILON = 1e-5  # the default of batch-norm


def read_model(path):
    with open(path, "rb") as file:
        size = struct.unpack("<Q", file.read(8))[0]
        header = json.loads(file.read(size))
        data = file.read()
    description = json.loads(header.pop("__metadata__")["multiexit.description"])
    weights = {}
    for name, about in header.items():
        begin, end = about["data_offsets"]
        weights[name] = np.frombuffer(data[begin:end], "<f4").reshape(about["shape"])
    return description, weights


class Graph:
    def __init__(self, weights):
        self.weights = weights
        self.nodes, self.initializers = [], []

    def node(self, kind, inputs, output=None, **attributes):
        output = output or "v%d" % len(self.nodes)
        self.nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def constant(self, array):
        name = "w%d" % len(self.initializers)
        self.initializers.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def weight(self, path, name):
        return self.weights.get("%s.%s" % (path, name))

    def conv1d(self, layer, path, norm, x):
        weight = self.weight(path, "weight").astype("f8")
        bias = self.weight(path, "bias")
        bias = np.zeros(len(weight)) if bias is None else bias.astype("f8")
        if norm:
            scale = self.weight(norm, "weight") / np.sqrt(
                self.weight(norm, "running_var").astype("f8") + EPSILON)
            weight = weight * scale[:, None, None]
            bias = (bias - self.weight(norm, "running_mean")) * scale + self.weight(norm, "bias")
        kernel = weight.shape[2]
        before = (kernel - 1) // 2
        return self.node(
            "Conv", [x, self.constant(weight[:, :, None, :].astype("f4")),
                     self.constant(bias.astype("f4"))],
            kernel_shape=[1, kernel], strides=[1, layer.get("stride", 1)],
            pads=[0, before, 0, kernel - 1 - before])

    def residual(self, layer, path, x):
        main = self.layers(layer["layers"], path + ".layers", x)
        other = self.layers(layer["shortcut"], path + ".shortcut", x)
        return self.node("Add", [main, other])

    def layers(self, layers, path, x):
        for i, layer in enumerate(layers):
            kind, here = layer["kind"], "%s.%d" % (path, i)
            if kind == "conv1d":
                norm = i + 1 < len(layers) and layers[i + 1]["kind"] == "batch-norm"
                x = self.conv1d(layer, here, norm and "%s.%d" % (path, i + 1), x)
            elif kind == "relu":
                x = self.node("Relu", [x])
            elif kind == "residual":
                x = self.residual(layer, here, x)
            elif kind == "pool":
                assert layer["method"] == "mean"
                x = self.node("Flatten", [self.node("GlobalAveragePool", [x])])
            elif kind == "dense":
                x = self.node("Gemm", [x, self.constant(self.weight(here, "weight")),
                                       self.constant(self.weight(here, "bias"))], transB=1)
            else:
                assert kind == "batch-norm"  # folded
        return x


def export(description, weights, shape, exits, path):
    """Body up to the last of `exits` (from 1), and the heads of these."""
    graph, x, outputs = Graph(weights), "input", []
    for i, stage in enumerate(description["stages"][:exits[-1]]):
        x = graph.layers(stage["layers"], "stages.%d.layers" % i, x)
        if i + 1 in exits:
            logits = graph.layers(stage["exit"], "stages.%d.exit" % i, x)
            name = graph.node("Softmax", [logits], "exit%d" % (i + 1))
            outputs.append(helper.make_tensor_value_info(
                name, TensorProto.FLOAT, [1, len(description["labels"])]))
    inputs = [helper.make_tensor_value_info("input", TensorProto.FLOAT, shape)]
    model = helper.make_model(
        helper.make_graph(graph.nodes, description["name"], inputs, outputs, graph.initializers),
        opset_imports=[helper.make_opsetid("", 13)], ir_version=7)
    onnx.checker.check_model(model)
    onnx.save(model, path)


def input_shape(description):
    given, frontend = description["input"], description.get("front-end", {"kind": "raw"})
    if frontend["kind"] == "raw":
        return [1, given["channels"], 1, given["window"]]
    frames = 1 + (given["window"] - frontend["frame"]) // frontend["hop"]
    return [1, frontend["bands"], 1, frames]


def main(folder, *paths):
    for path in paths:
        description, weights = read_model(path)
        shape = input_shape(description)
        stem = os.path.join(folder, os.path.splitext(os.path.basename(path))[0])
        exits = range(1, len(description["stages"]) + 1)
        for e in exits:
            export(description, weights, shape, [e], "%s-exit%d.onnx" % (stem, e))
        export(description, weights, shape, list(exits), stem + "-all.onnx")


if __name__ == "__main__":
    main(*sys.argv[1:])
