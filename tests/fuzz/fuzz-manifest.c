/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Whatever manifest.csv is accepted gives examples whose labels are among
 * those of the listing, which are sorted. */
#include "fuzz.h"

#include "gstmxlisting.h"

#include <string.h>

static void
check_items (const GstMxListing *listing)
{
  const gint n = (gint)g_strv_length (listing->labels);

  g_assert_cmpuint (listing->items->len, >, 0);
  for (gint i = 1; i < n; i++)
    g_assert_cmpint (strcmp (listing->labels[i - 1], listing->labels[i]), <, 0);
  for (guint i = 0; i < listing->items->len; i++) {
    const GstMxListingItem *item = gst_mx_listing_item (listing, i);

    g_assert_true (item->path[0] != '\0' && item->filename[0] != '\0');
    g_assert_true (g_utf8_validate (item->path, -1, NULL));
    g_assert_true ((item->label == NULL) == (item->class_index < 0));
    g_assert_cmpint (item->class_index, <, n);
    if (item->label != NULL)
      g_assert_cmpstr (item->label, ==, listing->labels[item->class_index]);
  }
}

bool
fuzz_check (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  GstMxListing *listing = gst_mx_listing_new (fuzz_write (data, size), &error);

  g_assert_true ((listing == NULL) == (error != NULL));
  if (listing == NULL) {
    g_assert_true (g_utf8_validate (error->message, -1, NULL));
    return false;
  }
  check_items (listing);
  gst_mx_listing_free (listing);
  return true;
}
