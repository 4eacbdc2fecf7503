/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-file-lock.h"

#include "check-main.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char *folder, *filename, *lockname;

static void
set_up (void)
{
  folder = g_dir_make_tmp ("mx-file-lock-XXXXXX", NULL);
  filename = g_build_filename (folder, "model", NULL);
  lockname = g_strconcat (filename, ".lock", NULL);
}

static void
tear_down (void)
{
  g_unlink (lockname);
  ck_assert_int_eq (g_rmdir (folder), 0);
  g_free (folder);
  g_free (filename);
  g_free (lockname);
}

START_TEST (one_at_a_time_has_a_file_and_the_next_may_have_it_then)
{
  g_autoptr (MxFileLock) first = mx_file_lock_new (filename, NULL);
  g_autoptr (MxFileLock) second = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *who = g_strdup_printf ("(process %ld)", (long)getpid ());
  ck_assert_ptr_nonnull (first);
  ck_assert_ptr_null (mx_file_lock_new (filename, &error));
  ck_assert (g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_EXIST));
  ck_assert_msg (strstr (error->message, who) != NULL, "%s", error->message);
  g_clear_pointer (&first, mx_file_lock_free);
  ck_assert (!g_file_test (lockname, G_FILE_TEST_EXISTS));
  second = mx_file_lock_new (filename, NULL);
  ck_assert_ptr_nonnull (second);
}
END_TEST

START_TEST (another_file_is_free)
{
  g_autoptr (MxFileLock) first = mx_file_lock_new (filename, NULL);
  g_autofree char *other = g_strconcat (filename, "2", NULL);
  g_autoptr (MxFileLock) second = mx_file_lock_new (other, NULL);
  ck_assert_ptr_nonnull (first);
  ck_assert_ptr_nonnull (second);
}
END_TEST

START_TEST (a_process_that_was_killed_has_nothing_any_more)
{
  int ready[2];
  char byte;
  ck_assert_int_eq (pipe (ready), 0);
  pid_t child = fork ();
  if (child == 0) {
    MxFileLock *lock = mx_file_lock_new (filename, NULL);
    if (write (ready[1], lock ? "y" : "n", 1) == 1)
      pause ();
    _exit (1);
  }
  ck_assert_int_eq (read (ready[0], &byte, 1), 1);
  ck_assert_int_eq (byte, 'y');
  ck_assert_ptr_null (mx_file_lock_new (filename, NULL));
  kill (child, SIGKILL);
  waitpid (child, NULL, 0);
  ck_assert (g_file_test (lockname, G_FILE_TEST_EXISTS));
  g_autoptr (MxFileLock) lock = mx_file_lock_new (filename, NULL);
  ck_assert_ptr_nonnull (lock);
}
END_TEST

START_TEST (where_no_file_can_be_no_lock_is)
{
  g_autofree char *nowhere = g_build_filename (folder, "no", "model", NULL);
  g_autoptr (GError) error = NULL;
  ck_assert_ptr_null (mx_file_lock_new (nowhere, &error));
  ck_assert (g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT));
  ck_assert (g_str_has_prefix (error->message, nowhere));
}
END_TEST

static void
add_tests (TCase *tcase)
{
  tcase_add_checked_fixture (tcase, set_up, tear_down);
  tcase_add_test (
      tcase, one_at_a_time_has_a_file_and_the_next_may_have_it_then);
  tcase_add_test (tcase, another_file_is_free);
  tcase_add_test (tcase, a_process_that_was_killed_has_nothing_any_more);
  tcase_add_test (tcase, where_no_file_can_be_no_lock_is);
}

CHECK_MAIN ("file-lock", add_tests)
