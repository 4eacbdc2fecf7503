/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Writes what is known of all plugins anew, to $GST_REGISTRY.
 *
 * A test that had to look for itself would load them all into the process that
 * its cases are forked from.  Some start threads, and the thread sanitizer lets
 * no process that was forked from one with threads start any. */
#include <glib/gstdio.h>
#include <gst/gst.h>

int
main (int argc, char **argv)
{
  g_autoptr (GstPlugin) plugin = NULL;

  g_remove (g_getenv ("GST_REGISTRY"));
  gst_init (&argc, &argv);
  plugin = gst_registry_find_plugin (gst_registry_get (), "multiexit");
  return plugin != NULL ? 0 : 1;
}
