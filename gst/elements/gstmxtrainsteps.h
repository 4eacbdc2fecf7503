/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* When a training steps, measures and ends an epoch: alone, when it wants to;
 * in a group, when all agree.  FALSE: an error was posted. */
#pragma once

#include "gstmxtrainrun.h"

G_BEGIN_DECLS

/* To learn from, in all epochs; 0: unknown. */
guint64 gst_mx_train_steps_planned (const GstMxTrainRun *run);

/* Returns when what is wanted has come about; until then takes part in what
 * others want.  Behind WANT_EPOCH and WANT_END see `over`. */
gboolean gst_mx_train_steps_meet (GstMxTrainRun *run, GstMxWant want);

/* A step with what is left of the last batch, if that makes one. */
gboolean gst_mx_train_steps_finish (GstMxTrainRun *run);

G_END_DECLS
