# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers

"""What an independent reference measured with the same people, networks and steps,
and the floors that say what it takes to have reproduced it: per cent.  Made once,
by another program; only resultpage.py reads it."""

# Folder, stem and objective of the runs to compare; floor and measured: accuracy
# of exits 1 and 4, area, and of leaving at .8 after temperatures accuracy and
# cost.  None: not measured.
EXITS = (
    ("speech, all labels, heads of the mean", "heads", "speech-mean",
     "consistent-exit", (70.5, 84.0, 82.0, 83.5, 65), (72.7, 86.2, 84.1, 85.7, 60)),
    ("speech, all labels", "", "speech", "consistent-exit",
     (81.0, 83.5, 84.5, None, None), (83.6, 86.1, 87.1, None, None)),
    ("speech, few labels, heads of the mean, hard", "heads", "few-speech-mean",
     "few-labels", (55.5, 63.5, 63.0, 63.0, 86), (58.7, 66.5, 66.1, 66.3, 81)),
    ("speech, few labels, hard", "", "few-speech", "few-labels",
     (None, None, None, None, None), (68.0, 68.0, 70.4, None, None)),
    ("activity, all labels (reference at .8: heads of the mean)", "", "activity",
     "consistent-exit", (83.0, 85.0, 85.0, 84.0, 38), (85.2, 87.3, 87.3, 86.2, 33)),
    ("activity, few labels, soft (reference: heads of the mean)", "",
     "few-activity", "consistent-exit",
     (78.0, 82.5, 82.0, 82.0, 44), (80.3, 84.6, 84.3, 84.4, 39)),
    ("EMG, all labels", "", "emg", "consistent-exit",
     (69.5, 72.5, 73.0, 73.0, 50), (72.5, 75.6, 75.9, 75.6, 46)),
    ("EMG, few labels, hard", "", "few-emg", "few-labels",
     (67.0, 69.0, 71.5, 70.0, 52), (71.0, 72.0, 73.5, 72.2, 49)),
    ("ECG, all labels", "", "ecg", "consistent-exit",
     (94.5, 96.0, 96.0, 96.0, 29), (96.5, 97.9, 98.2, 98.1, 24)),
    ("ECG, few labels, hard", "", "few-ecg", "few-labels",
     (91.5, 92.0, 93.5, 93.0, 52), (93.6, 95.2, 95.8, 95.3, 47)),
)

# Area where recordings are spoilt: way, as pipelines/sensors.sh calls it (spoilt:
# the mean of all) -> floor and measured.
SPOILT = (
    ("speech, all labels", "", "speech", "consistent-exit",
     {"white-10": (76.5, 78.5), "white-0": (68.0, 70.4), "pink-10": (82.5, 84.6)}),
    ("speech, all labels, heads of the mean", "heads", "speech-mean", "consistent-exit",
     {"white-10": (76.5, 78.5), "white-0": (68.0, 70.4), "pink-10": (82.5, 84.6)}),
    ("speech, few labels, hard", "", "few-speech", "few-labels",
     {"white-10": (61.0, 63.9), "pink-10": (61.5, 64.7)}),
    ("speech, few labels, heads of the mean, hard", "heads", "few-speech-mean",
     "few-labels",
     {"white-10": (61.0, 63.9), "pink-10": (61.5, 64.7)}),
    ("activity, all labels (reference: four ways)", "", "activity",
     "consistent-exit", {"spoilt": (79.5, 81.7)}),
    ("activity, few labels, soft", "", "few-activity", "consistent-exit",
     {"noise-5": (80.0, 82.2), "lost-2": (72.0, 74.2), "rotated-20": (79.0, 81.1)}),
    ("EMG, all labels", "", "emg", "consistent-exit",
     {"lost-1": (64.0, 66.6), "noise-12": (70.0, 72.6), "noise-6": (70.0, 72.6),
      "hum": (58.0, 61.1)}),
    ("EMG, few labels, hard", "", "few-emg", "few-labels",
     {"lost-1": (62.0, 65.1), "noise-12": (62.0, 64.8), "noise-6": (62.0, 64.8)}),
    ("ECG, all labels", "", "ecg", "consistent-exit",
     {"wander": (85.0, 87.3), "hum": (91.0, 93.1), "motion": (82.0, 84.4),
      "lost-1": (88.0, 90.3)}),
    ("ECG, few labels, hard", "", "few-ecg", "few-labels",
     {"wander": (80.0, 83.2), "hum": (92.0, 94.7), "noise-10": (90.0, 92.7)}),
)
