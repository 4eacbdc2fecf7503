/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* A value that its property does not take: GObject keeps the old one and says
 * so, with a warning or, in later versions of GLib, as something critical. */
#pragma once

#include <gst/check/gstcheck.h>
#include <string.h>

static inline void
note_refusal (const gchar *domain, GLogLevelFlags level, const gchar *message,
    gpointer count)
{
  fail_unless (
      strstr (message, "out of range") != NULL, "%s: %s", domain, message);
  ++*(guint *)count;
}

static inline void
assert_refused (GObject *object, const gchar *name, const GValue *value)
{
  const gchar *domain = "GLib-GObject";
  guint refusals = 0;
  GLogLevelFlags fatal = g_log_set_always_fatal (G_LOG_FATAL_MASK);
  guint handler = g_log_set_handler (domain,
      G_LOG_LEVEL_WARNING | G_LOG_LEVEL_CRITICAL, note_refusal, &refusals);

  g_object_set_property (object, name, value);
  g_log_remove_handler (domain, handler);
  g_log_set_always_fatal (fatal);
  fail_unless_equals_int (refusals, 1);
}
