/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Whatever report is accepted becomes a page, alone and beside another, and
 * none of its text becomes markup. */
#include "fuzz.h"

#include "gstmxreportpage.h"

#include <string.h>

static void
check_page (const GString *page)
{
  g_assert_true (g_utf8_validate (page->str, (gssize)page->len, NULL));
  g_assert_true (g_str_has_suffix (page->str, "</html>\n"));
  g_assert_null (strstr (page->str, "<script"));
}

bool
fuzz_check (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  GstMxReport *report = gst_mx_report_parse (bytes, "1.json", &error);
  g_assert_true ((report == NULL) == (error != NULL));
  if (report == NULL) {
    g_assert_true (g_utf8_validate (error->message, -1, NULL));
    return false;
  }
  GstMxReport *other = gst_mx_report_parse (bytes, "2.json", NULL);
  GstMxReport *const both[] = {report, other};
  for (guint n = 1; n <= 2; n++) {
    GString *page = gst_mx_report_page_new (both, n);
    check_page (page);
    g_string_free (page, TRUE);
  }
  gst_mx_report_free (report);
  gst_mx_report_free (other);
  return true;
}
