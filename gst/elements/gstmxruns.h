/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* A sink that collects something from READY to READY: each time it plays, it
 * begins anew, with the properties as they were set in READY.  GstBaseSink's
 * start() and stop() would do that once from NULL to NULL. */
#pragma once

#include <gst/base/gstbasesink.h>

G_BEGIN_DECLS

typedef struct {
  gboolean (*begin) (GstBaseSink *sink); /* FALSE: an error was posted */
  void (*end) (GstBaseSink *sink);       /* also where it could not go on */
} GstMxRuns;

/* The element's change_state(); @parent: its parent's class. */
GstStateChangeReturn gst_mx_runs_change_state (const GstMxRuns *runs,
    gpointer parent, GstElement *element, GstStateChange transition);

G_END_DECLS
