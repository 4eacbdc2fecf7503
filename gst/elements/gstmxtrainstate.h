/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* A run of mxtrainsink as a checkpoint: everything that the model, and what is
 * said of it, will still depend on. */
#pragma once

#include "gstmxtrainrun.h"

G_BEGIN_DECLS

/* Between two steps. */
void gst_mx_train_state_save (GstMxTrainRun *run);

/* Goes on from the checkpoint that is there, if it is wanted.  FALSE: an error
 * was posted. */
gboolean gst_mx_train_state_restore (GstMxTrainRun *run);

/* All members of the group must call it: whether they train the same. */
gboolean gst_mx_train_state_check_group (GstMxTrainRun *run);

G_END_DECLS
