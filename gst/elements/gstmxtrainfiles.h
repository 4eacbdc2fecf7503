/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* The files that a training will write: tried out and claimed before it begins,
 * so that no other training writes to them meanwhile. */
#pragma once

#include "mx-file-lock.h"

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct {
  GstElement *owner;    /* not owned: posts the messages */
  gchar *location;      /* the model */
  gchar *checkpoint;    /* NULL: none will be written or read */
  gchar *log;           /* NULL: none; not claimed, trainings may share one */
  MxFileLock *locks[2]; /* NULL: not claimed */
} GstMxTrainFiles;

/* FALSE: an error was posted, and nothing is claimed. */
gboolean gst_mx_train_files_claim (GstMxTrainFiles *self);
void gst_mx_train_files_release (GstMxTrainFiles *self);

/* Releases and frees the names. */
void gst_mx_train_files_clear (GstMxTrainFiles *self);

G_END_DECLS
