/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* The examples that were hardest: those answered wrong, the surest answer
 * first; then those answered right, the least sure first.  So many are kept and
 * no more. */
#pragma once

#include "gstmxexample.h"
#include "mx-metrics.h"

G_BEGIN_DECLS

#define GST_MX_HARDEST_MAX 20

typedef struct {
  MxOutcome outcome;
  GstMxExample *example; /* where it comes from; NULL: unknown */
  GstClockTime begin;    /* PTS; NONE: isolated */
} GstMxHard;

typedef struct {
  GArray *all; /* of GstMxHard, the hardest first */
} GstMxHardest;

void gst_mx_hardest_init (GstMxHardest *self);
void gst_mx_hardest_copy (const GstMxHardest *self, GstMxHardest *to);
void gst_mx_hardest_clear (GstMxHardest *self);

/* @outcome: with a truth.  Of equally hard ones the first stays ahead. */
void gst_mx_hardest_add (GstMxHardest *self, const MxOutcome *outcome,
    const GstMxExample *example, GstClockTime begin);

G_END_DECLS
