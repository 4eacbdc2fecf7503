/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

#define GST_TYPE_MX_TRAIN_SINK (gst_mx_train_sink_get_type ())
G_DECLARE_FINAL_TYPE (
    GstMxTrainSink, gst_mx_train_sink, GST, MX_TRAIN_SINK, GstBin)
GST_ELEMENT_REGISTER_DECLARE (mxtrainsink)

G_END_DECLS
