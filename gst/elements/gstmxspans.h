/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What a recording is announced as: spans that follow each other, each with a
 * label, without one, or a gap. */
#pragma once

#include "gstmxselection.h"

G_BEGIN_DECLS

typedef struct {
  guint64 end;        /* frame behind it */
  const gchar *label; /* NULL: none */
  gboolean gap;
} GstMxSpan;

#define gst_mx_spans_get(spans, i) (&g_array_index ((spans), GstMxSpan, (i)))

/* From where the last one ends; none if that is not ahead of `end`.  A gap
 * behind a gap makes it longer. */
void gst_mx_spans_add (
    GArray *spans, guint64 end, const gchar *label, gboolean gap);

/* The stretches of a recording of `own` frames that begins at frame `ahead`,
 * and the gaps between them, up to `frames`.  FALSE, with an error: a stretch
 * ends behind the recording. */
gboolean gst_mx_spans_add_stretches (GArray *spans, const GstMxChosen *chosen,
    gint rate, guint64 ahead, guint64 own, guint64 frames, GError **error);

G_END_DECLS
