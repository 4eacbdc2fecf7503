/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* One training from its first example to the file: begins, sorts what comes
 * into that to learn from and that to measure with, saves.  Knows nothing of
 * pads. Functions that return FALSE have posted an error. */
#pragma once

#include "gstmxtrainrun.h"

G_BEGIN_DECLS

/* The next example, of so many windows, or the next gap, of which as many are
 * left as shall be heard; @label: class or -1.  Then see `over` and `is_valid`.
 */
gboolean gst_mx_train_feed_example (GstMxTrainRun *run,
    const GstMxExample *example, gsize *windows, gint32 *label);

/* One of its windows and the perturbed copy (NULL: none), to learn from, where
 * a full batch makes a step, or to measure with. */
gboolean gst_mx_train_feed_window (GstMxTrainRun *run, const gfloat *clean,
    const gfloat *perturbed, gint32 label);

/* The same of a network with streamed stages. */
gboolean gst_mx_train_feed_segment (GstMxTrainRun *run, const MxSegment *clean,
    const MxSegment *perturbed, gint32 label);

/* The stream ended, or training is over: the last batch, the file, the last
 * words. */
gboolean gst_mx_train_feed_end (GstMxTrainRun *run);

G_END_DECLS
