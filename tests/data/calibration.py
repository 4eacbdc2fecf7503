#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers
"""Writes calibration.json: python3 calibration.py > calibration.json

What three exits might say of forty windows of four classes, and what
calibration must make of it, by trying everything: temperatures by golden
section on the likelihood, thresholds by evaluating each candidate from the
definition."""

import itertools
import json
import math
import random

EXITS, CLASSES, WINDOWS = 3, 4, 40
COSTS = [0.3, 0.6, 1.0]
PRICES = [0.125, 1.0, 8.0, 64.0]

chance = random.Random(17)


def draw_window():
    """Logits of all exits, deeper ones closer to the truth and too sure."""
    truth = chance.randrange(CLASSES)
    difficulty = chance.gauss(0, 1)
    logits = []
    for exit, sharpness in enumerate([0.7, 1.5, 2.2]):
        own = [chance.gauss(0, 1) for _ in range(CLASSES)]
        own[truth] += 1.2 + 0.4 * exit - difficulty
        logits.append([round(sharpness * z, 3) for z in own])
    return logits, truth if chance.random() < 0.9 else -1


def softmax(z, temperature):
    weights = [math.exp((v - max(z)) / temperature) for v in z]
    return [w / sum(weights) for w in weights]


def likelihood(rows, temperature):
    return -sum(math.log(softmax(z, temperature)[y]) for z, y in rows)


def fit_temperature(rows):
    low, high = math.log(0.2), math.log(5)
    ratio = (math.sqrt(5) - 1) / 2
    for _ in range(100):
        a, b = high - ratio * (high - low), low + ratio * (high - low)
        if likelihood(rows, math.exp(a)) < likelihood(rows, math.exp(b)):
            high = b
        else:
            low = a
    return math.exp((low + high) / 2)


def evaluate(windows, truths, thresholds):
    """windows: [n][exits] of (confidence, class)."""
    cost = agreeing = right = 0
    for answers, truth in zip(windows, truths):
        exit = 0
        while exit < EXITS - 1 and answers[exit][0] < thresholds[exit]:
            exit += 1
        cost += COSTS[exit]
        agreeing += answers[exit][1] == answers[-1][1]
        right += answers[exit][1] == truth
    labelled = sum(truth >= 0 for truth in truths)
    return {"thresholds": list(thresholds), "cost": cost / len(windows),
            "agreement": agreeing / len(windows),
            "accuracy": right / labelled}


def candidates(windows, exits):
    """One threshold for each way to cut: half way between neighbours."""
    seen = sorted({answers[e][0] for answers in windows for e in exits})
    return [0] + [(a + b) / 2 for a, b in zip(seen, seen[1:] + [1])]


drawn = [draw_window() for _ in range(WINDOWS)]
truths = [truth for _, truth in drawn]
temperatures = [
    fit_temperature([(z[e], y) for z, y in drawn if y >= 0])
    for e in range(EXITS)]
windows = []
for logits, _ in drawn:
    row = []
    for e in range(EXITS):
        p = softmax(logits[e], temperatures[e])
        row.append((max(p), p.index(max(p))))
    windows.append(row)

single = [evaluate(windows, truths, [t] * (EXITS - 1))
          for t in candidates(windows, range(EXITS - 1))]
cheapest = {}
for target in [0.8, 0.85, 0.9, 0.95, 1.0]:
    reached = [p for p in single if p["agreement"] >= target - 1e-9]
    cheapest[target] = min(reached, key=lambda p: p["cost"])
for_cost = {}
for target in [0.3, 0.5, 0.7, 0.9]:
    afforded = [p for p in single if p["cost"] <= target + 1e-9]
    for_cost[target] = max(afforded, key=lambda p: p["cost"])["cost"]

each = [evaluate(windows, truths, thresholds) for thresholds in
        itertools.product(*(candidates(windows, [e])
                            for e in range(EXITS - 1)))]
least = {price: min(p["cost"] + price * (1 - p["agreement"]) for p in each)
         for price in PRICES}

print(json.dumps({
    "costs": COSTS,
    "logits": [logits for logits, _ in drawn],
    "truths": truths,
    "temperatures": temperatures,
    "answers": windows,
    "cheapest": [{"target": t, **p} for t, p in cheapest.items()],
    "for-cost": [{"target": t, "cost": c} for t, c in for_cost.items()],
    "least-loss": [{"price": p, "loss": v} for p, v in least.items()],
}, indent=None, separators=(",", ":")).replace('],"', '],\n"')
    .replace("]],[[", "]],\n[["))
