/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* How many of the windows that lie in gaps are trained on: at most three in ten
 * of all.  With more, words are taken for nothing. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  guint64 windows; /* chosen so far */
  guint64 wanted;  /* of these, in the last gap */
} GstMxGapShare;

/* Of `windows` in the next gap; @all: chosen so far in gaps and elsewhere,
 * those of this gap are added. */
gsize gst_mx_gap_share_choose (
    GstMxGapShare *self, gsize windows, guint64 *all);

G_END_DECLS
