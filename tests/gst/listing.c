/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxlisting.h"

#include <gio/gio.h>

#include "dataset-folder.h"
#include "mx-rng.h"

/* One line for each example, after the labels. */
static gchar *
show (const GstMxListing *listing)
{
  GString *shown = g_string_new (NULL);
  gchar *labels = g_strjoinv (",", listing->labels);

  g_string_append_printf (shown, "%s\n", labels);
  for (guint i = 0; i < listing->items->len; i++) {
    const GstMxListingItem *item = gst_mx_listing_item (listing, i);

    fail_unless_equals_int (item->index, i);
    g_string_append_printf (shown, "%s label=%s class=%d split=%s subject=%s\n",
        item->path, item->label, item->class_index, item->split, item->subject);
  }
  g_free (labels);
  return g_string_free (shown, FALSE);
}

static gchar *
read_and_show (const gchar *location)
{
  GError *error = NULL;
  GstMxListing *listing = gst_mx_listing_new (location, &error);
  gchar *shown;

  if (!listing) {
    shown = g_strconcat ("!", error->message, NULL);
    g_error_free (error);
    return shown;
  }
  fail_unless (error == NULL);
  shown = show (listing);
  gst_mx_listing_free (listing);
  return shown;
}

static void
put_empty (const gchar *folder, const gchar *const *paths)
{
  for (; *paths; paths++)
    folder_put (folder, *paths, "", 0);
}

static const struct {
  const gchar *paths[6], *expected;
} folders[] = {
    {{"b/2", "b/1", "a/x"},
        "a,b\n"
        "a/x label=a class=0 split=(null) subject=(null)\n"
        "b/1 label=b class=1 split=(null) subject=(null)\n"
        "b/2 label=b class=1 split=(null) subject=(null)\n"},
    {{"train/b/1", "test/a/1"},
        "a,b\n"
        "test/a/1 label=a class=0 split=test subject=(null)\n"
        "train/b/1 label=b class=1 split=train subject=(null)\n"},
    /* beside the examples, hidden */
    {{"README", "a/1", "a/.hidden", ".git/x"},
        "a\na/1 label=a class=0 split=(null) subject=(null)\n"},
};

GST_START_TEST (a_folder_names_labels_and_splits)
{
  gchar *folder = folder_new (), *shown;

  put_empty (folder, folders[__i__].paths);
  shown = read_and_show (folder);
  fail_unless_equals_string (shown, folders[__i__].expected);
  g_free (shown);
  folder_free (folder);
}
GST_END_TEST;

GST_START_TEST (files_alone_are_a_data_set_where_nobody_wants_labels)
{
  static const gchar *const files[] = {
      "2.wav", "1.wav", ".hidden", "labels.csv", NULL};
  gchar *folder = folder_new ();
  GError *error = NULL;
  GstMxListing *listing;
  gchar *shown;

  put_empty (folder, files);
  folder_put (folder, "labels.csv", "path,start_s,end_s,label\n", -1);
  listing = gst_mx_listing_new_unlabelled (folder, &error);
  fail_unless (error == NULL, "%s", error ? error->message : "");
  shown = show (listing);
  fail_unless_equals_string (shown,
      "\n1.wav label=(null) class=-1 split=(null) subject=(null)\n"
      "2.wav label=(null) class=-1 split=(null) subject=(null)\n");
  g_free (shown);
  gst_mx_listing_free (listing);
  folder_free (folder);
}
GST_END_TEST;

GST_START_TEST (beside_folders_files_are_no_examples_all_the_same)
{
  gchar *folder = folder_new ();
  GstMxListing *listing;
  gchar *shown;

  put_empty (folder, folders[2].paths);
  listing = gst_mx_listing_new_unlabelled (folder, NULL);
  fail_unless (listing != NULL);
  shown = show (listing);
  fail_unless_equals_string (shown, folders[2].expected);
  g_free (shown);
  gst_mx_listing_free (listing);
  folder_free (folder);
}
GST_END_TEST;

static const struct {
  const gchar *text, *expected;
} manifests[] = {
    {"path,label\nx/1.wav,b\n2.wav,a\n",
        "a,b\n"
        "x/1.wav label=b class=1 split=(null) subject=(null)\n"
        "2.wav label=a class=0 split=(null) subject=(null)\n"},
    /* any order, columns we do not know, an unlabelled example */
    {"seconds,subject,label,split,path\r\n1.5,s1,,train,1.wav\r\n",
        "\n1.wav label=(null) class=-1 split=train subject=s1\n"},
    {"\xef\xbb\xbfpath , label\n\"a, \"\"b\"\".wav\",\"x,y\"\n",
        "x,y\na, \"b\".wav label=x,y class=0 split=(null) subject=(null)\n"},
    /* sorted by bytes: what Python sorts UTF-8 texts by, too */
    {"path,label\n1,b\n2,B\n3,\xc3\xa4\n4,a\n",
        "B,a,b,\xc3\xa4\n"
        "1 label=b class=2 split=(null) subject=(null)\n"
        "2 label=B class=0 split=(null) subject=(null)\n"
        "3 label=\xc3\xa4 class=3 split=(null) subject=(null)\n"
        "4 label=a class=1 split=(null) subject=(null)\n"},
};

GST_START_TEST (a_manifest_names_columns)
{
  gchar *folder = folder_new (), *shown;

  folder_put (folder, "manifest.csv", manifests[__i__].text, -1);
  put_empty (folder, folders[0].paths);
  shown = read_and_show (folder);
  fail_unless_equals_string (shown, manifests[__i__].expected);
  g_free (shown);
  folder_free (folder);
}
GST_END_TEST;

GST_START_TEST (paths_are_relative_to_the_manifest)
{
  gchar *folder = folder_new ();
  gchar *manifest = folder_path (folder, "lists/mine.csv");
  gchar *near = g_build_filename (folder, "lists", "1.wav", NULL);
  gchar *up = g_build_filename (folder, "lists", "../2.wav", NULL);
  GstMxListing *listing;

  folder_put (
      folder, "lists/mine.csv", "path,label\n1.wav,a\n../2.wav,a\n/3.wav,", -1);
  listing = gst_mx_listing_new (manifest, NULL);
  fail_unless_equals_string (gst_mx_listing_item (listing, 0)->filename, near);
  fail_unless_equals_string (gst_mx_listing_item (listing, 1)->filename, up);
  fail_unless_equals_string (
      gst_mx_listing_item (listing, 2)->filename, "/3.wav");
  fail_unless_equals_int (gst_mx_listing_item (listing, 2)->line, 4);
  gst_mx_listing_free (listing);
  g_free (near);
  g_free (up);
  g_free (manifest);
  folder_free (folder);
}
GST_END_TEST;

/* What the message must say, for the contents of manifest.csv. */
static const struct {
  const gchar *text, *message;
} malformed[] = {
    {"", "it is empty, expected a first line with the columns path,label"},
    {"\n\n", "it is empty"},
    {"file,label\n",
        "no column 'path' in the first line, which has: file, label"},
    {"path;label\n1;a\n", "no column 'path'"},
    {"path,class\n1,a\n", "no column 'label'"},
    {"path,label,path\n", "two columns are called 'path'"},
    {"path,label\n", "lists no examples"},
    {"path,label\n1,a\n2\n", "line 3 has 1 fields, expected 2"},
    {"path,label\n1,a,b\n", "line 2 has 3 fields, expected 2"},
    {"path,label\n,a\n", "line 2 names no path"},
    {"path,label\n\"1\n2\",a\n3\n", "line 4 has 1 fields, expected 2"},
    {"path,label\n\"1,a\n", "line 2 opens a quote that nothing closes"},
    {"\"path,label\n1,a\n", "line 1 opens a quote that nothing closes"},
    {"path,label\n1,\xff\n", "line 2 is not UTF-8 text"},
};

GST_START_TEST (a_malformed_manifest_is_refused_at_its_line)
{
  gchar *folder = folder_new (), *shown;
  gchar *manifest = folder_path (folder, "manifest.csv");

  folder_put (folder, "manifest.csv", malformed[__i__].text, -1);
  shown = read_and_show (folder);
  fail_unless (shown[0] == '!' && strstr (shown, malformed[__i__].message),
      "expected \"%s\", got: %s", malformed[__i__].message, shown);
  fail_unless (strstr (shown, manifest) != NULL, "names no file: %s", shown);
  g_free (shown);
  g_free (manifest);
  folder_free (folder);
}
GST_END_TEST;

static const struct {
  const gchar *paths[6], *message;
} odd_folders[] = {
    {{NULL}, "holds no examples"},
    {{"1.wav", "2.wav"}, "holds no examples"},
    {{"a/b/c/1.wav"}, "folder a/b/c lies deeper than split/label/file"},
    {{"a/1.wav", "train/b/2.wav"}, "mixes label/file and split/label/file"},
    {{"train/a/1.wav", "train/README"},
        "mixes label/file and split/label/file"},
    {{"manifest.csv/a/1.wav"}, "expected a regular file"},
};

GST_START_TEST (a_folder_of_another_shape_is_refused)
{
  gchar *folder = folder_new (), *shown;

  put_empty (folder, odd_folders[__i__].paths);
  shown = read_and_show (folder);
  fail_unless (shown[0] == '!' && strstr (shown, odd_folders[__i__].message),
      "expected \"%s\", got: %s", odd_folders[__i__].message, shown);
  fail_unless (strstr (shown, folder) != NULL, "names no folder: %s", shown);
  g_free (shown);
  folder_free (folder);
}
GST_END_TEST;

GST_START_TEST (a_location_that_is_not_there_or_no_file_is_refused)
{
  static const gchar *const locations[] = {"", "/nowhere/at all", "/dev/null"};

  for (guint i = 0; i < G_N_ELEMENTS (locations); i++) {
    GError *error = NULL;

    fail_unless (gst_mx_listing_new (locations[i], &error) == NULL);
    fail_unless (error->domain == GST_RESOURCE_ERROR, "%s", error->message);
    g_error_free (error);
  }
}
GST_END_TEST;

GST_START_TEST (a_folder_that_contains_itself_ends)
{
  gchar *folder = folder_new (), *shown;
  gchar *loop = folder_path (folder, "a/loop");
  GFile *file = g_file_new_for_path (loop);

  folder_put (folder, "a/1.wav", "", 0);
  fail_unless (g_file_make_symbolic_link (file, folder, NULL, NULL));
  shown = read_and_show (folder);
  fail_unless (shown[0] == '!', "%s", shown);
  g_free (shown);
  g_object_unref (file);
  g_free (loop);
  folder_free (folder);
}
GST_END_TEST;

GST_START_TEST (a_damaged_manifest_gives_a_listing_or_an_error)
{
  static const gchar text[] = "path,label,split\n\"a,\"\"b\",x,train\r\n"
                              "c,y,test\nd,,\n";
  gchar *folder = folder_new ();
  MxRng rng;

  mx_rng_init (&rng, 1, 0);
  for (guint round = 0; round < 1000; round++) {
    gchar damaged[sizeof (text)];
    gchar *shown;

    memcpy (damaged, text, sizeof (text));
    for (guint i = 0; i < 1 + round % 3; i++)
      damaged[mx_rng_below (&rng, sizeof (text) - 1)] =
          "\",\n\r\0\xff x"[mx_rng_below (&rng, 8)];
    folder_put (folder, "manifest.csv", damaged,
        sizeof (text) - 1 - mx_rng_below (&rng, 4));
    shown = read_and_show (folder);
    fail_unless (shown[0] != '\0');
    g_free (shown);
  }
  folder_free (folder);
}
GST_END_TEST;

static Suite *
listing_suite (void)
{
  Suite *suite = suite_create ("listing");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_loop_test (
      tc, a_folder_names_labels_and_splits, 0, G_N_ELEMENTS (folders));
  tcase_add_test (tc, files_alone_are_a_data_set_where_nobody_wants_labels);
  tcase_add_test (tc, beside_folders_files_are_no_examples_all_the_same);
  tcase_add_loop_test (
      tc, a_manifest_names_columns, 0, G_N_ELEMENTS (manifests));
  tcase_add_test (tc, paths_are_relative_to_the_manifest);
  tcase_add_loop_test (tc, a_malformed_manifest_is_refused_at_its_line, 0,
      G_N_ELEMENTS (malformed));
  tcase_add_loop_test (
      tc, a_folder_of_another_shape_is_refused, 0, G_N_ELEMENTS (odd_folders));
  tcase_add_test (tc, a_location_that_is_not_there_or_no_file_is_refused);
  tcase_add_test (tc, a_folder_that_contains_itself_ends);
  tcase_add_test (tc, a_damaged_manifest_gives_a_listing_or_an_error);
  return suite;
}

GST_CHECK_MAIN (listing);
