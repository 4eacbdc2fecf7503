#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers
"""Makes `y` and the formula's constants in log_pcen.json anew from the mel powers `E` that stand there (float64, no numpy).

The powers are six bands of 150 frames; they are data, everything else follows from them.  Run: /usr/bin/python3 make_log_pcen.py"""
import json, math, os

PATH = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'log_pcen.json')
S, ALPHA, EPS = .08, .98, 1e-6


def log_pcen(E):
    M = list(E[0])
    y = []
    for frame in E:
        M = [(1-S)*m+S*e for m, e in zip(M, frame)]
        y.append([math.log(1+e/(EPS+m)**ALPHA) for m, e in zip(M, frame)])
    return y


if __name__ == '__main__':
    data = json.load(open(PATH))
    new = log_pcen(data['E'])
    print('largest change of y: %.1e' % max(abs(a-b) for r, q in zip(new, data['y']) for a, b in zip(r, q)))
    data.update(s=S, alpha=ALPHA, eps=EPS, y=new)
    with open(PATH, 'w') as f:
        json.dump(data, f)
