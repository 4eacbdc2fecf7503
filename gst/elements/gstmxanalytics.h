/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* A result as upstream's analytics elements read it: a GstAnalyticsClsMtd, with
 * a confidence for each label, in the buffer's GstAnalyticsRelationMeta.  Only
 * where GStreamer's analytics library, 1.24 or later, was there to build with.
 */
#pragma once

#include "config.h"
#include "mx-session.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* @buffer must be writable.  A result that is no answer is left out: this meta
 * has no word for it. */
#ifdef HAVE_ANALYTICS
void gst_mx_analytics_attach (GstBuffer *buffer, const MxResult *result,
    const MxDescription *description);
#else
static inline void
gst_mx_analytics_attach (
    GstBuffer *buffer, const MxResult *result, const MxDescription *description)
{
}
#endif

G_END_DECLS
