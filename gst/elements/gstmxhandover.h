/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Which model an mxclassify listens with, and which is to take over while it
 * plays: the property `model-file`.  Part of the element.
 *
 * Whoever sets the property loads the model and makes its memory, in his own
 * thread; it then waits as successor.  The streaming thread finds it, asks
 * whether it can hear the stream, and lets it take over.  A model that cannot
 * be loaded or cannot hear is refused with a warning, the one in use goes on,
 * and the property names that one again. */
#pragma once

#include "gstmxclassifysettings.h"
#include "gstmxlistener.h"

#include <gst/base/gstbasetransform.h>

G_BEGIN_DECLS

typedef struct _GstMxSuccessor GstMxSuccessor;

typedef struct {
  GstBaseTransform *element;
  GstMxClassifySettings *settings; /* under its object lock */
  GstMxListenerFunc func;
  gpointer user_data;

  /* Held while a file is read, so that of two settings the later one counts;
   * never by the streaming thread, nor while a message is posted. */
  GMutex loading;

  /* under the object lock */
  gchar *wanted;             /* the property */
  gchar *file;               /* that `network` came from; NULL: built in */
  MxNetwork *network;        /* in use, from _start() to _stop() */
  GstMxSuccessor *successor; /* waits; or NULL */
} GstMxHandover;

/* @element, @settings: borrowed; @func, @user_data: for all listeners. */
void gst_mx_handover_init (GstMxHandover *self, GstBaseTransform *element,
    GstMxClassifySettings *settings, GstMxListenerFunc func,
    gpointer user_data);
void gst_mx_handover_clear (GstMxHandover *self);

/* The property, in any thread.  If the element plays, loads the model, even one
 * of the same name if the file changed; posts why not. */
void gst_mx_handover_set_file (GstMxHandover *self, const gchar *filename);

/* The property `exit-thresholds`, in any thread: if they are none for the model
 * in use, posts why, and those before still hold. */
void gst_mx_handover_set_thresholds (GstMxHandover *self, const GValue *value);

/* Loads what is wanted.  NULL: an error was posted; it cannot be loaded, or the
 * settings do not fit it. */
GstMxListener *gst_mx_handover_start (GstMxHandover *self);
/* Behind it no listener of _start() or _adopt() may be used. */
void gst_mx_handover_stop (GstMxHandover *self);

/* In the streaming thread.  TRUE: the successor took over, at the next window
 * or, where no recording is under way, at once; *listener was replaced, and the
 * message "mxclassify-model" posted.
 * @info: of the next buffer. */
gboolean gst_mx_handover_adopt (
    GstMxHandover *self, GstMxListener **listener, const GstAudioInfo *info);

G_END_DECLS
