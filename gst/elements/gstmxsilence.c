/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxsilence.h"

G_DEFINE_ENUM_TYPE (GstMxSilenceAction, gst_mx_silence_action,
    {GST_MX_SILENCE_WARN, "Warn, and wait on", "warn"},
    {GST_MX_SILENCE_ERROR, "End with an error", "error"})

void
gst_mx_silence_break (GstMxSilence *self, gboolean busy)
{
  self->busy = busy;
  self->told = FALSE;
  self->heard = g_get_monotonic_time ();
}

void
gst_mx_silence_set_playing (GstMxSilence *self, gboolean playing)
{
  self->playing = playing;
  gst_mx_silence_break (self, self->busy);
}

gboolean
gst_mx_silence_wait (GstMxSilence *self, GCond *changed, GMutex *lock)
{
  gint64 most = (gint64)(self->timeout / GST_USECOND);
  gint64 now = g_get_monotonic_time ();
  gint64 from = self->busy || self->told ? now : self->heard;

  if (self->timeout == 0 || !self->playing) {
    g_cond_wait (changed, lock);
    return FALSE;
  }
  if (g_cond_wait_until (changed, lock, from + most) || self->busy ||
      self->told || !self->playing ||
      g_get_monotonic_time () - self->heard < most)
    return FALSE;
  self->told = TRUE;
  return TRUE;
}

gchar *
gst_mx_silence_describe (
    const GstMxSilence *self, const gchar *silent, const gchar *waits)
{
  return g_strdup_printf (
      "Nothing has arrived on pad %s for %g s, while pad \"%s\" waits for it: "
      "check what stands before it.%s",
      silent, (gdouble)self->timeout / GST_SECOND, waits,
      self->action == GST_MX_SILENCE_WARN
          ? " It is waited for on; see the property timeout-action."
          : "");
}
