/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Whether anything can come of a training.  FALSE: an error was posted. */
#pragma once

#include "gstmxtrainrun.h"

G_BEGIN_DECLS

/* Behind a step: the loss has not exploded. */
gboolean gst_mx_train_health_check_step (
    const GstMxTrainRun *run, const MxTrainerStep *done);

/* At the end: something was learnt from. */
gboolean gst_mx_train_health_check_end (const GstMxTrainRun *run);

G_END_DECLS
