/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* gst-multiexit-report-1.0: reports of mxevalsink as one HTML page. */

#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

#include "gstmxreportpage.h"

/* FALSE: said why on stderr. */
static gboolean
load (gchar **filenames, GPtrArray *reports)
{
  for (guint i = 0; filenames[i] != NULL; i++) {
    GError *error = NULL;
    GstMxReport *report = gst_mx_report_load (filenames[i], &error);

    if (report == NULL) {
      fprintf (stderr, "%s: %s\n", g_get_prgname (), error->message);
      g_error_free (error);
      return FALSE;
    }
    g_ptr_array_add (reports, report);
  }
  return TRUE;
}

int
main (int argc, char **argv)
{
  GPtrArray *reports =
      g_ptr_array_new_with_free_func ((GDestroyNotify)gst_mx_report_free);
  GString *page;
  gboolean done;

  setlocale (LC_ALL, "");
  g_set_prgname ("gst-multiexit-report-1.0");
  if (argc < 2 || argv[1][0] == '-') {
    fprintf (stderr,
        "Usage: %s REPORT.json [REPORT.json ...] > report.html\n\n"
        "REPORT.json: what mxevalsink wrote to its property location.  Models\n"
        "are called as their files.\n",
        g_get_prgname ());
    return 2;
  }
  if (!load (argv + 1, reports))
    return EXIT_FAILURE;
  page = gst_mx_report_page_new (
      (GstMxReport *const *)reports->pdata, reports->len);
  done = fwrite (page->str, page->len, 1, stdout) == 1 && fflush (stdout) == 0;
  if (!done)
    fprintf (stderr, "%s: the page cannot be written: %s\n", g_get_prgname (),
        g_strerror (errno));
  g_string_free (page, TRUE);
  g_ptr_array_unref (reports);
  return done ? EXIT_SUCCESS : EXIT_FAILURE;
}
