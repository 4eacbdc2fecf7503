/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What a run leaves behind: the file of the model. */
#pragma once

#include "gstmxtrainrun.h"

G_BEGIN_DECLS

/* The best that was measured, else the last; says so if it is the one that
 * training began with.  FALSE: an error was posted. */
gboolean gst_mx_train_result_save (GstMxTrainRun *run);

G_END_DECLS
