/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxlabelling.h"

#include "dataset-folder.h"
#include "gstmxorder.h"
#include "mx-rng.h"

static gchar *folder;

static void
set_up (void)
{
  folder = folder_new ();
  folder_put (folder, "manifest.csv",
      "path,label,split\n1.wav,(long),train\n2.wav,c,test\n3.wav,(long),test\n",
      -1);
}

static void
tear_down (void)
{
  folder_free (folder);
}

/* The labels, then each recording with its label or its stretches. */
static gchar *
show (const GstMxListing *listing)
{
  gchar *labels = g_strjoinv (",", listing->labels);
  GString *shown = g_string_new (labels);

  for (guint i = 0; i < listing->items->len; i++) {
    const GstMxListingItem *item = gst_mx_listing_item (listing, i);

    g_string_append_printf (shown, "; %s", item->path);
    if (item->label)
      g_string_append_printf (shown, " %s=%d", item->label, item->class_index);
    for (guint j = 0; j < item->n_stretches; j++) {
      const GstMxStretch *stretch = item->stretches + j;

      g_string_append_printf (shown, " %g-%g %s=%d", stretch->start,
          stretch->end, stretch->label ? stretch->label : "?",
          stretch->class_index);
    }
  }
  g_free (labels);
  return g_string_free (shown, FALSE);
}

/* What a data set with this labels.csv is, or the error without its folder. */
static gchar *
read_and_show (const gchar *text)
{
  GError *error = NULL;
  GstMxListing *listing;
  gchar *shown, **parts;

  folder_put (folder, "labels.csv", text, -1);
  listing = gst_mx_listing_new (folder, &error);
  if (listing) {
    fail_unless (error == NULL);
    shown = show (listing);
    gst_mx_listing_free (listing);
    return shown;
  }
  fail_unless (error->domain == GST_STREAM_ERROR);
  parts = g_strsplit (error->message, folder, -1);
  shown = g_strjoinv ("", parts);
  g_strfreev (parts);
  g_error_free (error);
  return shown;
}

#define HEAD "path,start_s,end_s,label\n"

static const struct {
  const gchar *text, *expected;
} files[] = {
    {HEAD, "(long),c; 1.wav (long)=0; 2.wav c=1; 3.wav (long)=0"},
    {HEAD "1.wav,0,1.5,b\n1.wav,2,3,a\n3.wav,0,1,c\n",
        "a,b,c; 1.wav 0-1.5 b=1 2-3 a=0; 2.wav c=2; 3.wav 0-1 c=2"},
    /* in any order, other columns, one stretch right behind the other */
    {"label,path,start_sample,end_s,start_s\n"
     "a,3.wav,9,2,1\nb,1.wav,9,7,5\nb,3.wav,9, 1 , 0 \n",
        "a,b,c; 1.wav 5-7 b=1; 2.wav c=2; 3.wav 0-1 b=1 1-2 a=0"},
    {HEAD "1.wav,1e-3,2,\n3.wav,0,1,\"x, y\"\n",
        "c,x, y; 1.wav 0.001-2 ?=-1; 2.wav c=0; 3.wav 0-1 x, y=1"},
    {"", "Labels /labels.csv: it is empty, expected a first line with the "
         "columns path,start_s,end_s,label"},
    {"path,begin,end_s,label\n",
        "Labels /labels.csv: no column 'start_s' in the first line, which has: "
        "path, begin, end_s, label"},
    {HEAD "\n1.wav,0,1\n", "Labels /labels.csv: line 3 has 3 fields, "
                           "expected 4"},
    {HEAD "4.wav,0,1,a\n", "Labels /labels.csv: line 2 names '4.wav', expected "
                           "a path of data set /manifest.csv"},
    {HEAD "1.wav,zero,1,a\n", "Labels /labels.csv: line 2 has start_s 'zero', "
                              "expected seconds from 0 to 100000000"},
    {HEAD "1.wav,0,1s,a\n", "Labels /labels.csv: line 2 has end_s '1s', "
                            "expected seconds from 0 to 100000000"},
    {HEAD "1.wav,-1,1,a\n", "Labels /labels.csv: line 2 has start_s '-1', "
                            "expected seconds from 0 to 100000000"},
    {HEAD "1.wav,0,nan,a\n", "Labels /labels.csv: line 2 has end_s 'nan', "
                             "expected seconds from 0 to 100000000"},
    {HEAD "1.wav,0,1e9,a\n", "Labels /labels.csv: line 2 has end_s '1e9', "
                             "expected seconds from 0 to 100000000"},
    {HEAD "1.wav,,1,a\n", "Labels /labels.csv: line 2 has start_s '', "
                          "expected seconds from 0 to 100000000"},
    {HEAD "1.wav,2,2,a\n", "Labels /labels.csv: line 2 ends at 2 s, expected "
                           "an end after its start at 2 s"},
    {HEAD "1.wav,2,4,a\n1.wav,1,2.5,b\n",
        "Labels /labels.csv: line 2 begins at 2 s, expected at 2.5 s or later, "
        "where the stretch of line 3 ends"},
};

GST_START_TEST (a_file_labels_recordings_over_time)
{
  gchar *shown = read_and_show (files[__i__].text);

  fail_unless_equals_string (shown, files[__i__].expected);
  g_free (shown);
}
GST_END_TEST;

GST_START_TEST (a_manifest_given_by_name_has_its_labels_beside_it_too)
{
  gchar *manifest = g_build_filename (folder, "manifest.csv", NULL);
  GstMxListing *listing;

  folder_put (folder, "labels.csv", HEAD "1.wav,0,1,a\n", -1);
  listing = gst_mx_listing_new (manifest, NULL);
  fail_unless_equals_int (gst_mx_listing_item (listing, 0)->n_stretches, 1);
  gst_mx_listing_free (listing);
  g_free (manifest);
}
GST_END_TEST;

GST_START_TEST (each_stretch_is_an_example_and_its_label_one_of_the_classes)
{
  const GstMxChoice all = {.stop = -1, .labelled_fraction = 1};
  const GstMxChoice few = {.labels = (gchar *)"a,c", .stop = -1};
  const GstMxOrderSettings plain = {.shuffle = FALSE};
  GstMxListing *listing;
  GstMxSelection *selection;
  GstMxOrder *order;
  GError *error = NULL;

  for (guint i = 1; i <= 3; i++) {
    gchar *path = g_strdup_printf ("%u.wav", i);

    folder_put (folder, path, "", 0);
    g_free (path);
  }
  folder_put (
      folder, "labels.csv", HEAD "1.wav,0,1,a\n1.wav,1,2,b\n3.wav,1,2,a\n", -1);
  listing = gst_mx_listing_new (folder, NULL);
  selection = gst_mx_selection_new (listing, &all, NULL);
  order = gst_mx_order_new (selection, &plain);
  fail_unless_equals_uint64 (gst_mx_order_count (order), 4);
  gst_mx_order_free (order);
  gst_mx_selection_free (selection);
  fail_unless (gst_mx_selection_new (listing, &few, &error) == NULL);
  fail_unless (strstr (error->message, "1.wav of data set") &&
                   strstr (error->message, "'b', expected one of: a,c"),
      "%s", error->message);
  g_error_free (error);
  gst_mx_listing_free (listing);
}
GST_END_TEST;

static void
check_stretches (const GArray *stretches)
{
  for (guint i = 0; i < stretches->len; i++) {
    const GstMxStretch *stretch = &g_array_index (stretches, GstMxStretch, i);
    const GstMxStretch *last = stretch - 1;

    fail_unless (stretch->start >= 0 && stretch->end > stretch->start);
    if (i > 0 && last->path == stretch->path)
      fail_unless (stretch->start >= last->end);
    else if (i > 0)
      fail_unless (strcmp (last->path, stretch->path) < 0);
  }
}

/* Pieces of good and bad lines in any order. */
/* A letter of two bytes lies across each limit. */
static const gchar *const wordy[] = {
    HEAD "x%s,0,1,a\n", HEAD "1.wav,x%s,1,a\n", "x%s,path\n"};

GST_START_TEST (a_long_name_is_cut_between_letters)
{
  GString *letters = g_string_new (NULL);
  gchar *text, *shown;

  for (guint i = 0; i < 300; i++)
    g_string_append (letters, "\xc3\xa4");
  text = g_strdup_printf (wordy[__i__], letters->str);
  shown = read_and_show (text);
  fail_unless (g_str_has_prefix (shown, "Labels /labels.csv: "));
  fail_unless (g_utf8_validate (shown, -1, NULL));
  fail_unless (strlen (shown) < 600);
  g_free (shown);
  g_free (text);
  g_string_free (letters, TRUE);
}
GST_END_TEST;

GST_START_TEST (any_text_gives_stretches_in_order_or_one_error)
{
  static const gchar *const pieces[] = {HEAD, "1.wav,", "2.wav,", "3.wav,", "0",
      "1", "2.5", "7", "1e", "-", ".", ",", ",", ",", "a", "b", "\n", "\n",
      "\"", "\r\n", "nan", "inf", "\xff", "0x1p3", " "};
  static const gchar *const names[] = {"1.wav", "2.wav", "3.wav"};
  g_autoptr (GHashTable) paths = g_hash_table_new (g_str_hash, g_str_equal);
  GStringChunk *strings = g_string_chunk_new (64);
  const GstMxLabelled labelled = {"test", paths, strings};
  guint accepted = 0;
  MxRng rng;

  mx_rng_init (&rng, 1, 0);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_hash_table_add (paths, (gpointer)names[i]);
  for (guint round = 0; round < 3000; round++) {
    GString *text = g_string_new (mx_rng_below (&rng, 20) ? HEAD : "");
    g_autoptr (GArray) stretches = NULL;
    GError *error = NULL;
    gchar *exact;

    for (guint lines = mx_rng_below (&rng, 4); lines > 0; lines--)
      g_string_append_printf (text, "%s.wav,%u,%u,a\n",
          mx_rng_below (&rng, 2) ? "1" : "2", (guint)mx_rng_below (&rng, 5),
          (guint)mx_rng_below (&rng, 5) + 2);
    for (guint n = mx_rng_below (&rng, 6); n > 0; n--)
      g_string_append (
          text, pieces[mx_rng_below (&rng, G_N_ELEMENTS (pieces))]);
    /* Of its own size, so that a sanitizer sees a read past the end. */
    exact = g_memdup2 (text->str, text->len);
    stretches = gst_mx_labelling_parse (&labelled, exact, text->len, &error);
    if (stretches != NULL) {
      fail_unless (error == NULL);
      check_stretches (stretches);
      accepted++;
    } else {
      fail_unless (error->domain == GST_STREAM_ERROR, "%s", error->message);
      fail_unless (g_utf8_validate (error->message, -1, NULL));
      g_error_free (error);
    }
    g_free (exact);
    g_string_free (text, TRUE);
  }
  g_string_chunk_free (strings);
  fail_unless (accepted > 100 && accepted < 2900, "%u accepted", accepted);
}
GST_END_TEST;

static Suite *
labelling_suite (void)
{
  Suite *suite = suite_create ("labelling");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_checked_fixture (tc, set_up, tear_down);
  tcase_add_loop_test (
      tc, a_file_labels_recordings_over_time, 0, G_N_ELEMENTS (files));
  tcase_add_test (tc, a_manifest_given_by_name_has_its_labels_beside_it_too);
  tcase_add_test (
      tc, each_stretch_is_an_example_and_its_label_one_of_the_classes);
  tcase_add_loop_test (
      tc, a_long_name_is_cut_between_letters, 0, G_N_ELEMENTS (wordy));
  tcase_add_test (tc, any_text_gives_stretches_in_order_or_one_error);
  return suite;
}

GST_CHECK_MAIN (labelling);
