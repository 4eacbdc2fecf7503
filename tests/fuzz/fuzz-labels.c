/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Whatever labels.csv is accepted gives stretches in the order of time. */
#include "fuzz.h"

#include "gstmxlabelling.h"

static GstMxListing *
listing_new (void)
{
  static const gchar *const paths[] = {"1.wav", "a/2.wav"};
  GstMxListing *listing = g_new0 (GstMxListing, 1);

  listing->name = g_strdup ("fuzz");
  listing->items = g_array_new (FALSE, TRUE, sizeof (GstMxListingItem));
  listing->stretches = g_array_new (FALSE, FALSE, sizeof (GstMxStretch));
  listing->strings = g_string_chunk_new (64);
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++) {
    const GstMxListingItem item = {.path = paths[i], .index = i};

    g_array_append_val (listing->items, item);
  }
  return listing;
}

static void
check_order (const GstMxListingItem *item)
{
  gdouble at = 0;

  for (guint i = 0; i < item->n_stretches; i++) {
    const GstMxStretch *stretch = item->stretches + i;

    g_assert_cmpstr (stretch->path, ==, item->path);
    g_assert_true (stretch->start >= at && stretch->end > stretch->start);
    at = stretch->end;
  }
}

bool
fuzz_check (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  GstMxListing *listing = listing_new ();
  bool accepted =
      gst_mx_labelling_parse (listing, (const gchar *)data, size, &error);

  g_assert_true (accepted == (error == NULL));
  if (error)
    g_assert_true (g_utf8_validate (error->message, -1, NULL));
  for (guint i = 0; accepted && i < listing->items->len; i++)
    check_order (gst_mx_listing_item (listing, i));
  gst_mx_listing_free (listing);
  return accepted;
}
