/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Which labels the windows had that a model is to be fitted on: those the model
 * knows, and strangers, which are of no use. */
#pragma once

#include <gst/gst.h>

#include "mx-description.h"

G_BEGIN_DECLS

typedef struct {
  const MxDescription *description; /* borrowed */
  guint64 *counts;                  /* [labels], windows */
  guint64 n_strange;
  GPtrArray *strange; /* each once, some of them */
} GstMxTruths;

void gst_mx_truths_begin (GstMxTruths *self, const MxDescription *description);
void gst_mx_truths_clear (GstMxTruths *self);

/* Of a window; NULL: it has none.  Its class, -1: the model knows none such. */
gint gst_mx_truths_add (GstMxTruths *self, const gchar *label);

/* FALSE, and an error was posted: there were labels, none of the model's. Warns
 * of some that are strange, and of a single class. */
gboolean gst_mx_truths_check (const GstMxTruths *self, GstElement *owner);

G_END_DECLS
