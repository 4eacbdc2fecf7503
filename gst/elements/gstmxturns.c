/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxturns.h"

#include <gst/gst.h>

typedef struct {
  guint64 share, rest; /* rest: shares of all behind it */
  gint64 lead;         /* it is due while this is below its share */
} Source;

struct _GstMxTurns {
  guint n;
  Source sources[];
};

GstMxTurns *
gst_mx_turns_new (const guint *shares, guint n)
{
  GstMxTurns *self =
      g_malloc0 (sizeof (GstMxTurns) + (gsize)n * sizeof (Source));
  guint64 rest = 0;

  self->n = n;
  for (guint i = n; i-- > 0; rest += shares[i])
    self->sources[i] = (Source){.share = shares[i], .rest = rest};
  return self;
}

void
gst_mx_turns_free (GstMxTurns *self)
{
  g_free (self);
}

guint
gst_mx_turns_next (const GstMxTurns *self)
{
  guint i = 0;

  while (i < self->n - 1 &&
         self->sources[i].lead >= (gint64)self->sources[i].share)
    i++;
  return i;
}

void
gst_mx_turns_count (GstMxTurns *self, guint source)
{
  for (guint i = 0; i < source; i++)
    self->sources[i].lead -= (gint64)self->sources[i].share;
  self->sources[source].lead += (gint64)self->sources[source].rest;
}

guint64
gst_mx_turns_before (const GstMxTurns *self, guint64 k)
{
  const Source *first = &self->sources[0];

  return gst_util_uint64_scale (k, first->share + first->rest, first->share);
}

guint64
gst_mx_turns_share_before (const GstMxTurns *self, guint source, guint64 k)
{
  return gst_util_uint64_scale (
      k, self->sources[source].share, self->sources[0].share);
}
