/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* The stretch of a stream that mxperturb perturbs next as one: of which example
 * it is, and which of its parts.  All chance comes from that and from the seed.
 * For one streaming thread. */
#pragma once

#include "gstmxexample.h"
#include "mx-rng.h"

G_BEGIN_DECLS

/* All zero as a stream begins. */
typedef struct {
  guint epoch, repeat;
  guint64 index;     /* of the example */
  guint64 part;      /* in the example, or in the stream */
  gboolean at_start; /* of what an event announced */
  gboolean in_gap;
  guint64 gap_part; /* the first of the gap */
} GstMxStretch;

/* @is_first: of the stream. */
void gst_mx_stretch_begin_example (
    GstMxStretch *self, const GstMxExample *example, gboolean is_first);

/* To the next one. */
void gst_mx_stretch_advance (GstMxStretch *self);

/* The number of the stream of random numbers. */
guint64 gst_mx_stretch_chance (const GstMxStretch *self);

G_END_DECLS
