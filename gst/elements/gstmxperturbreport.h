/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Says what mxperturb did, in its log and in metas on the buffers. */
#pragma once

#include "gstmxgather.h"
#include "src/mx-perturb.h"

G_BEGIN_DECLS

typedef struct {
  gsize frames;
  guint epoch, repeat;
  guint64 index; /* of the example */
  guint64 part;  /* in the example, or in the stream */
} GstMxPerturbStretch;

/* For class_init. */
void gst_mx_perturb_report_register (void);

/* Of the next frames that are gathered. */
void gst_mx_perturb_report (GstElement *element, GstMxGather *gather,
    const GstMxPerturbStretch *stretch, const MxPerturbed *done,
    gboolean attach_meta);

G_END_DECLS
