/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What a sink behind mxclassify takes in: results on buffers and in events, and
 * the labels that the events of mxdatasetsrc tell, all into a GstMxEvaluation,
 * which is guarded by the sink's object lock. */
#pragma once

#include "gstmxevaluation.h"

G_BEGIN_DECLS

typedef struct {
  GstElement *owner;           /* borrowed */
  GstMxEvaluation *evaluation; /* under the object lock */
  GstEvent *example; /* the streaming thread's: a sticky event may come again */
} GstMxIntake;

void gst_mx_intake_init (GstMxIntake *self, GstElement *owner);
void gst_mx_intake_clear (GstMxIntake *self);

/* Of the sink. */
void gst_mx_intake_start (GstMxIntake *self);
void gst_mx_intake_stop (GstMxIntake *self);

/* FALSE: an error was posted. */
gboolean gst_mx_intake_take_buffer (GstMxIntake *self, GstBuffer *buffer);
gboolean gst_mx_intake_take_event (GstMxIntake *self, GstEvent *event);

/* At the end of the stream. */
void gst_mx_intake_end (GstMxIntake *self);

G_END_DECLS
