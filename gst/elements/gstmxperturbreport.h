/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Says what mxperturb did, in its log and in metas on the buffers. */
#pragma once

#include "gstmxgather.h"
#include "gstmxstretch.h"
#include "src/mx-perturb.h"

G_BEGIN_DECLS

/* For class_init. */
void gst_mx_perturb_report_register (void);

/* Of the next @n frames that are gathered. */
void gst_mx_perturb_report (GstElement *element, GstMxGather *gather, gsize n,
    const GstMxStretch *stretch, const MxPerturbed *done, gboolean attach_meta);

G_END_DECLS
