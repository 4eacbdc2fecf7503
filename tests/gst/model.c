/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Whoever loads the same file shares its network. */

#include "gst/elements/gstmxmodel.h"
#include "successor.h"

#include <fcntl.h>
#include <sys/stat.h>

#define USERS 20

static const Variant one = {{8000, 1, 400, 200}, "one", 1};
static const Variant two = {{8000, 1, 400, 200}, "two", 2};

static MxNetwork *
load_stored (const gchar *file, MxStorage storage)
{
  g_autoptr (GError) error = NULL;
  MxNetwork *network = gst_mx_model_load (file, storage, &error);

  g_assert_no_error (error);
  fail_unless_equals_int (network->storage, storage);
  return network;
}

static MxNetwork *
load (const gchar *file)
{
  return load_stored (file, MX_STORAGE_F32);
}

static void
share_and_let_go (const gchar *file)
{
  MxNetwork *shared = load (file);

  for (guint i = 1; i < USERS; i++)
    fail_unless (load (file) == shared);
  fail_unless_equals_int (gst_mx_model_count (), 1);
  for (guint i = 0; i < USERS; i++) {
    fail_unless_equals_int (gst_mx_model_count (), 1);
    gst_mx_model_unref (shared);
  }
  fail_unless_equals_int (gst_mx_model_count (), 0);
}

GST_START_TEST (test_users_of_a_file_share_one_network)
{
  g_autofree gchar *file = variant_file (&one);

  share_and_let_go (file);
  g_remove (file);
}
GST_END_TEST;

GST_START_TEST (test_users_of_the_built_in_model_share_it)
{
  share_and_let_go (NULL);
}
GST_END_TEST;

static void
share_both_ways (const gchar *file)
{
  MxNetwork *floats = load_stored (file, MX_STORAGE_F32);
  MxNetwork *halves = load_stored (file, MX_STORAGE_F16);

  fail_unless (floats != halves);
  fail_unless_equals_int (gst_mx_model_count (), 2);
  fail_unless (load_stored (file, MX_STORAGE_F16) == halves);
  fail_unless (load_stored (file, MX_STORAGE_F32) == floats);
  fail_unless_equals_int (gst_mx_model_count (), 2);
  for (guint i = 0; i < 2; i++) {
    gst_mx_model_unref (floats);
    gst_mx_model_unref (halves);
  }
  fail_unless_equals_int (gst_mx_model_count (), 0);
}

GST_START_TEST (test_one_file_stored_in_two_ways_is_two_networks)
{
  g_autofree gchar *file = variant_file (&one);

  share_both_ways (file);
  share_both_ways (NULL);
  g_remove (file);
}
GST_END_TEST;

/* Trainers replace it by another; an editor might write into it. */
GST_START_TEST (test_a_file_that_changed_is_loaded_anew)
{
  g_autofree gchar *file = variant_file (&one);
  g_autofree gchar *other = variant_file (&two);
  MxNetwork *before = load (file), *after, *touched;
  struct timespec times[2] = {{.tv_sec = 7, .tv_nsec = 1}, {7, 1}};

  fail_unless_equals_int (g_rename (other, file), 0);
  after = load (file);
  fail_unless (after != before);
  fail_unless_equals_string (before->description->name, "one");
  fail_unless_equals_string (after->description->name, "two");
  fail_unless_equals_int (utimensat (AT_FDCWD, file, times, 0), 0);
  touched = load (file);
  fail_unless (touched != after);
  times[1].tv_nsec = 2;
  fail_unless_equals_int (utimensat (AT_FDCWD, file, times, 0), 0);
  fail_unless_equals_int (gst_mx_model_count (), 3);
  gst_mx_model_unref (touched);
  touched = load (file);
  fail_unless_equals_int (gst_mx_model_count (), 3);
  gst_mx_model_unref (before);
  gst_mx_model_unref (after);
  gst_mx_model_unref (touched);
  fail_unless_equals_int (gst_mx_model_count (), 0);
  g_remove (file);
}
GST_END_TEST;

GST_START_TEST (test_what_cannot_be_loaded_is_not_kept)
{
  g_autofree gchar *file = bad_file ("damaged");
  g_autoptr (GError) error = NULL;

  fail_unless (gst_mx_model_load (file, MX_STORAGE_F16, &error) == NULL);
  fail_unless (error != NULL);
  fail_unless_equals_int (gst_mx_model_count (), 0);
  g_remove (file);
}
GST_END_TEST;

static gpointer
load_often (gpointer file)
{
  for (guint i = 0; i < 300; i++) {
    MxNetwork *a = load (file), *b = load (file);

    /* One that is held stays the one, whoever else comes and goes. */
    fail_unless (a == b);
    gst_mx_model_unref (a);
    gst_mx_model_unref (b);
  }
  return NULL;
}

GST_START_TEST (test_many_threads_load_and_let_go)
{
  g_autofree gchar *file = variant_file (&one);
  GThread *threads[4];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("loader", load_often, file);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  fail_unless_equals_int (gst_mx_model_count (), 0);
  g_remove (file);
}
GST_END_TEST;

static Suite *
model_suite (void)
{
  Suite *suite = suite_create ("model");
  TCase *tests = tcase_create ("model");

  suite_add_tcase (suite, tests);
  tcase_add_test (tests, test_users_of_a_file_share_one_network);
  tcase_add_test (tests, test_users_of_the_built_in_model_share_it);
  tcase_add_test (tests, test_one_file_stored_in_two_ways_is_two_networks);
  tcase_add_test (tests, test_a_file_that_changed_is_loaded_anew);
  tcase_add_test (tests, test_what_cannot_be_loaded_is_not_kept);
  tcase_add_test (tests, test_many_threads_load_and_let_go);
  return suite;
}

GST_CHECK_MAIN (model);
