/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* How good answers are, how sure, how deep and how dear: counts only, so that
 * a stream may be as long as it likes.
 *
 * What is not defined (the precision of a class that was never the answer, the
 * accuracy of nothing) is NaN. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mx-policy.h"

#define MX_METRICS_BINS 15
#define MX_METRICS_MAX_CLASSES 2048 /* the confusion matrix is dense */

/* One answer, and the truth. */
typedef struct {
  int truth;         /* class, or -1: not known */
  size_t answer;     /* class */
  double confidence; /* 0..1 */
  unsigned exit;     /* that answered, 1..MX_MAX_EXITS */
  double cost;       /* spent, as a fraction of the full cost */
} MxOutcome;

typedef struct {
  uint64_t n;        /* outcomes */
  uint64_t labelled; /* of these, with a known truth; the first five below */
  uint64_t correct;
  double accuracy;
  double balanced_accuracy; /* mean recall of the classes that occur */
  double macro_f1; /* mean F1 of the classes that occur or were answered */
  /* Agreement beyond chance: (p - q) / (1 - q), where p is the accuracy and q
   * that of answers dealt at random, each as often as it was given (J. Cohen,
   * 1960).  NaN if truth and answers are all one class. */
  double kappa;
  /* Mean over bins of equal width, weighted by what fell into them, of
   * |accuracy - mean confidence|. */
  double calibration_error;
  double confidence, exit, cost; /* means over all n */
} MxScores;

typedef struct {
  uint64_t support; /* outcomes of this class in truth */
  uint64_t answers; /* outcomes whose answer it was, of those labelled */
  uint64_t correct;
  double precision, recall, f1;
} MxClassScores;

/* Outcomes of one exit, or of one bin of confidence: (b / bins, (b + 1) /
 * bins], the first one with its lower bound. */
typedef struct {
  uint64_t n, labelled, correct;
  double accuracy;
  double confidence; /* mean of the labelled */
} MxGroupScores;

typedef struct _MxMetrics MxMetrics;

MxMetrics *mx_metrics_new (void);
MxMetrics *mx_metrics_copy (const MxMetrics *self);
void mx_metrics_free (MxMetrics *self);

/* Classes count up from 0, below MX_METRICS_MAX_CLASSES; there are as many as
 * the largest one seen and mx_metrics_set_classes() say. */
void mx_metrics_add (MxMetrics *self, const MxOutcome *outcome);
void mx_metrics_set_classes (MxMetrics *self, size_t n);

size_t mx_metrics_get_classes (const MxMetrics *self);
/* The deepest exit that answered, 0: none. */
unsigned mx_metrics_get_exits (const MxMetrics *self);
uint64_t mx_metrics_get_confusion (
    const MxMetrics *self, size_t truth, size_t answer);

void mx_metrics_scores (const MxMetrics *self, MxScores *scores);
void mx_metrics_class_scores (
    const MxMetrics *self, size_t class_index, MxClassScores *scores);
void mx_metrics_exit_scores (
    const MxMetrics *self, unsigned exit, MxGroupScores *scores);
void mx_metrics_bin_scores (
    const MxMetrics *self, unsigned bin, MxGroupScores *scores);
