/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What a session found in a window, as the structure of gstmxresult.h. */
#pragma once

#include "mx-session.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* When a window was heard, in PTS, both GST_CLOCK_TIME_NONE if unknown; and how
 * long the answer took. */
typedef struct {
  GstClockTime start, end; /* end: where its successor may begin */
  GstClockTime latency;
} GstMxTimes;

/* Whose answer, and the how-manieth. */
typedef struct {
  const gchar *element; /* its name */
  guint64 sequence;
} GstMxSource;

GstStructure *gst_mx_answer_new (const MxResult *result,
    const MxDescription *description, const GstSegment *segment,
    const GstMxTimes *times, const GstMxSource *source);

/* @value: of GST_TYPE_ARRAY, gets strings; none if the network is NULL. */
void gst_mx_labels_to_value (const MxNetwork *network, GValue *value);

G_END_DECLS
