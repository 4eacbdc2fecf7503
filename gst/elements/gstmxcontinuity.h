/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What makes examples one stream: the gap ahead of each, the background in it,
 * and the level at which the example itself is heard.
 *
 * All of it depends on seed, epoch and index of the example alone, so that
 * neither order nor sharding changes what is drawn. */
#pragma once

#include "gstmxconversion.h"

G_BEGIN_DECLS

/* Ends of ranges are dB unless said otherwise. */
typedef struct {
  GstClockTime gap_low, gap_high; /* how long, ns */
  /* Power of the background, relative to the level of the example;
   * GST_MX_SILENCE and below: digital silence. */
  gdouble gap_level_low, gap_level_high;
  gdouble level;               /* RMS over all channels, full scale being 1;
                                * 0: as recorded */
  gdouble gain_low, gain_high; /* on top, of the example alone */
} GstMxContinuity;

#define GST_MX_SILENCE (-120.0)
/* A gap is held in memory as a whole. */
#define GST_MX_LONGEST_GAP (60 * GST_SECOND)

typedef struct {
  guint64 frames;     /* of the gap */
  GBytes *background; /* so many frames; NULL: digital silence */
  gfloat gain;        /* of the example */
} GstMxSetting;

/* FALSE, with an error that names the properties: a range lies upside down. */
gboolean gst_mx_continuity_check (
    const GstMxContinuity *continuity, GError **error);

/* Root of the mean square of 32-bit floats, however large. */
gdouble gst_mx_continuity_measure (GBytes *samples);

/* What belongs to an example of root mean square `rms`; `chance`: see
 * gst_mx_chance().  Free `background`. */
GstMxSetting gst_mx_continuity_draw (const GstMxContinuity *continuity,
    guint64 seed, guint64 chance, const GstMxFormat *format, gdouble rms);

G_END_DECLS
