/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What a training says, as JSON lines at the end of a file.  A disk that is
 * full costs lines, never the training: it is told of once. */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct {
  GstElement *owner; /* not owned: posts the messages */
  gchar *location;   /* NULL: none */
  guint interval;    /* steps from one line to the next; 0: epochs only */
  int fd;            /* -1: not open */
} GstMxTrainLog;

/* FALSE: an error was posted. */
gboolean gst_mx_train_log_open (GstMxTrainLog *self);
void gst_mx_train_log_close (GstMxTrainLog *self);

/* Whether a line is wanted for this step. */
gboolean gst_mx_train_log_wants_step (const GstMxTrainLog *self, guint64 step);

/* A line with `event`, the time of day and the fields of the structure. */
void gst_mx_train_log_write (
    GstMxTrainLog *self, const gchar *event, const GstStructure *structure);

G_END_DECLS
