/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Writes what is known of all plugins anew, to $GST_REGISTRY.
 *
 * A test that had to look for itself would load them all into the process that
 * its cases are forked from.  Some start threads, and the thread sanitizer lets
 * no process that was forked from one with threads start any.
 *
 * A plugin of the system that crashes or hangs is no reason not to build: then
 * the tests have to look for themselves. */
#include <glib/gstdio.h>
#include <gst/gst.h>
#include <sys/wait.h>
#include <unistd.h>

#define LONGEST 120 /* seconds */

static int
list_plugins (int argc, char **argv)
{
  g_autoptr (GstPlugin) plugin = NULL;

  alarm (LONGEST);
  gst_init (&argc, &argv);
  plugin = gst_registry_find_plugin (gst_registry_get (), "multiexit");
  return plugin != NULL ? 0 : 1;
}

int
main (int argc, char **argv)
{
  int status = -1;
  pid_t child;

  g_remove (g_getenv ("GST_REGISTRY"));
  child = fork ();
  if (child == 0)
    _exit (list_plugins (argc, argv));
  if (child < 0 || waitpid (child, &status, 0) != child || status != 0)
    g_printerr ("%s: no list of plugins (status %d)\n", argv[0], status);
  return 0;
}
