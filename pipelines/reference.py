# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers

"""What an independent reference measured with the same people, networks and steps,
and the floors that say what it takes to have reproduced it: per cent.  Made once,
by another program; floors.py and folds.py read it."""

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

# In folds, without validation people: folder, stem, objective and fold (None: the
# mean of three) of the runs to compare; measure, as results.py and folds.py call it
# -> floor and measured.
_FEW_DIGITS = {
    "F1 1": (69, 70.9), "F1 last": (75, 77.3), "area": (75, 76.7),
    "acc .8": (75.5, 77.7), "cost .8": (70, 67),
    "white-10": (69, 71.4), "white-0": (59, 61.7), "pink-10": (72, 74.4)}
_FEW_ACTIVITY = {
    "F1 1": (78.5, 80.5), "F1 last": (83.5, 85.8), "area": (83, 85.1),
    "half a point": (1.5, 1.22), "cost .8": (47, 43),
    "noise-5": (81.5, 83.7), "lost-2": (72, 74.3), "rotated-20": (80, 82.2)}
FOLDS = (
    ("digits, few labels, half the width, soft", "recipe", "few-network-a-half",
     "consistent-exit", None, _FEW_DIGITS),
    ("digits, few labels, half the width, hard", "recipe", "few-network-a-half",
     "few-labels", None, _FEW_DIGITS),
    ("digits, all labels, half the width", "recipe", "network-a-half",
     "consistent-exit", None,
     {"F1 1": (75, 77.3), "F1 last": (81.5, 83.3), "area": (81, 82.7),
      "acc .8": (81.5, 83.5), "cost .8": (67, 64), "exit .8": (2.4, 2.32),
      "white-10": (74, 76.0), "pink-10": (78, 80.4)}),
    ("digits, all labels", "full", "network-a", "consistent-exit", None,
     {"acc 1": (79.5, 81.8), "acc 4": (82.5, 84.6), "area": (82, 84.2),
      "acc .8": (82.5, 84.5), "cost .8": (60, 53)}),
    ("digits, all labels, theo and yweweler", "full", "network-a", "consistent-exit", 3,
     {"acc 1": (87, 89.3), "acc 4": (89, 90.9), "area": (89, 90.8),
      "half a point": (1.4, 1.17)}),
    ("digits, all labels, half the width, their own split", "split", "network-a-half",
     "consistent-exit", None,
     {"worst acc": (98, 99.0), "half a point": (1.2, 1.0), "white-10": (94, 95.8)}),
    ("activity, few labels, its own split, soft", "activity", "few-activity-mean",
     "consistent-exit", 1, _FEW_ACTIVITY),
    ("activity, few labels, its own split, hard", "activity", "few-activity-mean",
     "few-labels", 1, _FEW_ACTIVITY),
    ("activity, all labels, its own split", "activity", "activity-mean",
     "consistent-exit", 1,
     {"F1 1": (78, 80.1), "F1 last": (85, 87.2), "area": (85, 87.0)}),
    ("activity, few labels, soft", "activity", "few-activity-mean", "consistent-exit",
     None, {"area": (86.5, 88.5)}),
    ("activity, few labels, hard", "activity", "few-activity-mean", "few-labels",
     None, {"area": (86.5, 88.5)}),
    ("activity, all labels", "activity", "activity-mean", "consistent-exit", None,
     {"area": (89.5, 91.2)}),
)

# As targets.py has those of the digits.
FOLDS_ASKED = (
    (4, "few", "area", "area", "supervised", 3, None, 5.3),
    (4, "few", "noise-5", "noise-5", "supervised", 15, None, 20),
    (4, "few", "lost-2", "lost-2", "supervised", 10, None, 14),
    (4, "few", "area", "area", "augmented", -.5, None, .5),
    (4, "few", "lost-2", "lost-2", "augmented", 1, None, 2.4),
)
