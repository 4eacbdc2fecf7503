#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers

"""Training steps by PyTorch, one for each line it reads; answers each with a
line, the milliseconds that it took by the clock, and of processor time: the
peer of bench-training.

    torch-training.py ARCHITECTURE.json CLASSES THREADS

A step: 64 labelled windows and their perturbed copies, cross-entropy at each
exit of both and the symmetric Kullback-Leibler divergence between them, Adam.
What flatters it: it gets frames, not samples; batch-norm is left out (the
convolutions have a bias); and it runs in the form it is fastest in, images one
pixel high, channels last.
"""

import json
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn

BATCH = 64


class Residual(nn.Module):
    def __init__(self, main, shortcut):
        super().__init__()
        self.main, self.shortcut = main, shortcut

    def forward(self, x):
        return self.main(x) + self.shortcut(x)


def build(layers, channels, classes):
    """A sequence, and the channels behind it."""
    modules = []
    for layer in layers:
        kind = layer["kind"]
        if kind == "conv1d":
            kernel, filters = layer["kernel"], layer["filters"]
            modules.append(nn.Conv2d(channels, filters, (1, kernel), (1, layer.get("stride", 1)),
                                     (0, kernel // 2)))
            channels = filters
        elif kind == "relu":
            modules.append(nn.ReLU())
        elif kind == "residual":
            main, behind = build(layer["layers"], channels, classes)
            shortcut, _ = build(layer["shortcut"], channels, classes)
            modules.append(Residual(main, shortcut))
            channels = behind
        elif kind == "pool":
            modules += [nn.AdaptiveAvgPool2d(1), nn.Flatten()]
        elif kind == "dense":
            modules.append(nn.Linear(channels, classes))
        else:
            assert kind == "batch-norm", kind
    return nn.Sequential(*modules), channels


class Network(nn.Module):
    def __init__(self, description, channels, classes):
        super().__init__()
        self.bodies, self.heads = nn.ModuleList(), nn.ModuleList()
        for stage in description["stages"]:
            body, channels = build(stage["layers"], channels, classes)
            self.bodies.append(body)
            self.heads.append(build(stage["exit"], channels, classes)[0])

    def forward(self, x):
        answers = []
        for body, head in zip(self.bodies, self.heads):
            x = body(x)
            answers.append(head(x))
        return answers


def loss_of(answers, labels):
    loss = 0
    for answer in answers:
        clean, perturbed = F.log_softmax(answer[:BATCH], -1), F.log_softmax(answer[BATCH:], -1)
        loss = loss + F.nll_loss(clean, labels) + F.nll_loss(perturbed, labels)
        for a, b in ((clean, perturbed), (perturbed, clean)):
            loss = loss + F.kl_div(a, b, log_target=True, reduction="batchmean")
    return loss


def main(path, classes, threads):
    with open(path) as file:
        description = json.load(file)
    given, frontend = description["input"], description.get("front-end")
    channels, frames = given["channels"], given["window"]
    if frontend:
        channels = frontend["bands"]
        frames = 1 + (frames - frontend["frame"]) // frontend["hop"]
    torch.manual_seed(1)
    torch.set_num_threads(int(threads))
    network = Network(description, channels, int(classes)).to(memory_format=torch.channels_last)
    optimizer = torch.optim.Adam(network.parameters(), 2e-3)
    x = torch.randn(2 * BATCH, channels, 1, frames).to(memory_format=torch.channels_last)
    labels = torch.arange(BATCH) % int(classes)
    for _ in sys.stdin:
        begin, begin_cpu = time.perf_counter(), time.process_time()
        optimizer.zero_grad(set_to_none=True)
        loss_of(network(x), labels).backward()
        optimizer.step()
        print("%.3f %.3f" % ((time.perf_counter() - begin) * 1e3,
                             (time.process_time() - begin_cpu) * 1e3), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
