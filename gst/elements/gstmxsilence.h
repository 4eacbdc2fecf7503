/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* How long a source that others wait for may say nothing.  A pause does not
 * count, nor does the time that downstream takes for what it has said. */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

typedef enum { GST_MX_SILENCE_WARN, GST_MX_SILENCE_ERROR } GstMxSilenceAction;

#define GST_TYPE_MX_SILENCE_ACTION (gst_mx_silence_action_get_type ())
GType gst_mx_silence_action_get_type (void);

typedef struct {
  /* properties, not changed while anything streams */
  GstClockTime timeout; /* 0: for ever */
  GstMxSilenceAction action;

  /* under the lock that the others wait with */
  gboolean playing;
  gboolean busy; /* downstream has it */
  gboolean told; /* of this silence */
  gint64 heard;  /* when, of the monotonic clock */
} GstMxSilence;

void gst_mx_silence_set_playing (GstMxSilence *self, gboolean playing);

/* Whoever is waited for said something; @busy: and downstream has it. */
void gst_mx_silence_break (GstMxSilence *self, gboolean busy);

/* Waits for the condition.  TRUE: in vain, for too long, and nobody was told
 * yet. */
gboolean gst_mx_silence_wait (GstMxSilence *self, GCond *changed, GMutex *lock);

/* A sentence for people (g_free).  @silent, @waits: names of pads. */
gchar *gst_mx_silence_describe (
    const GstMxSilence *self, const gchar *silent, const gchar *waits);

G_END_DECLS
