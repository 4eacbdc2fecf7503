/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* From results of `mxclassify all-exits=true` to what a calibrator takes. */
#pragma once

#include "mx-calibrator.h"
#include "mx-network.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* @result: a GstMxResult of the model @network; @truth: the class that its
 * window heard, -1: not known.  FALSE, with an error to show to the user: it is
 * not of that model, does not say what all exits answered, or there is no room
 * for more. */
gboolean gst_mx_exits_add (MxCalibrator *calibrator, const MxNetwork *network,
    const GstStructure *result, gint truth, GError **error);

G_END_DECLS
