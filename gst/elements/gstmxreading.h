/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* A result of gstmxresult.h, read by somebody who counts: all fields are there
 * and mean something, or it is refused. */
#pragma once

#include <gst/gst.h>

#include "mx-policy.h"

G_BEGIN_DECLS

typedef struct {
  guint64 sequence, macs, macs_full;
  guint exit, exits, classes;
  gdouble confidence;
  gint class; /* -1: not said */
  gboolean finite;
  GstClockTime timestamp, duration, latency; /* NONE: not said */
  const gchar *label, *element;              /* element: may be NULL */

  guint n_exits; /* that are known: all, or 0 */
  const gchar *exit_labels[MX_MAX_EXITS];
  gdouble exit_confidences[MX_MAX_EXITS];
  gdouble exit_costs[MX_MAX_EXITS]; /* fractions of the last one's */
} GstMxReading;

/* Borrows from the structure.  FALSE, with an error to show to the user. */
gboolean gst_mx_reading_parse (
    GstMxReading *self, const GstStructure *result, GError **error);

G_END_DECLS
