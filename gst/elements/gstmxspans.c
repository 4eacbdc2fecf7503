/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxspans.h"

void
gst_mx_spans_add (GArray *spans, guint64 end, const gchar *label, gboolean gap)
{
  const GstMxSpan span = {end, label, gap};
  GstMxSpan *last =
      spans->len > 0 ? gst_mx_spans_get (spans, spans->len - 1) : NULL;

  if (end <= (last ? last->end : 0))
    return;
  if (gap && last && last->gap)
    last->end = end;
  else
    g_array_append_val (spans, span);
}

static guint64
frame_at (gdouble seconds, gint rate)
{
  return (guint64)(seconds * rate + 0.5);
}

/* One frame too many is a matter of rounding. */
static gboolean
check_end (const GstMxStretch *stretch, gint rate, guint64 own, GError **error)
{
  if (frame_at (stretch->end, rate) <= own + 1)
    return TRUE;
  g_set_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
      "Line %u of labels.csv ends at %g s, expected an end within %s, which "
      "lasts %g s",
      stretch->line, stretch->end, stretch->path, (gdouble)own / rate);
  return FALSE;
}

gboolean
gst_mx_spans_add_stretches (GArray *spans, const GstMxChosen *chosen, gint rate,
    guint64 ahead, guint64 own, guint64 frames, GError **error)
{
  for (guint i = 0; i < chosen->item->n_stretches; i++) {
    const GstMxStretch *stretch = chosen->item->stretches + i;

    if (!check_end (stretch, rate, own, error))
      return FALSE;
    gst_mx_spans_add (
        spans, ahead + frame_at (stretch->start, rate), NULL, TRUE);
    gst_mx_spans_add (spans, ahead + MIN (frame_at (stretch->end, rate), own),
        chosen->labelled ? stretch->label : NULL, FALSE);
  }
  gst_mx_spans_add (spans, frames, NULL, TRUE);
  return TRUE;
}
