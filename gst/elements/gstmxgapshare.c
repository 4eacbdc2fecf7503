/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxgapshare.h"

#define SHARE .3

gsize
gst_mx_gap_share_choose (GstMxGapShare *self, gsize windows, guint64 *all)
{
  gdouble others = (gdouble)(*all - self->windows);
  gdouble most = others * SHARE / (1 - SHARE) - (gdouble)self->windows;

  self->wanted = MIN (windows, (guint64)MAX (most, 0));
  self->windows += self->wanted;
  *all += self->wanted;
  return self->wanted;
}
