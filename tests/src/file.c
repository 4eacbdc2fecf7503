/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "check-main.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mx-file.h"

static char *folder;

static void
make_folder (void)
{
  folder = g_dir_make_tmp ("mx-file-XXXXXX", NULL);
  ck_assert_ptr_nonnull (folder);
}

static void
remove_folder (void)
{
  GDir *dir = g_dir_open (folder, 0, NULL);
  for (const char *name; (name = g_dir_read_name (dir));) {
    g_autofree char *path = g_build_filename (folder, name, NULL);
    g_remove (path);
  }
  g_dir_close (dir);
  ck_assert_int_eq (g_rmdir (folder), 0);
  g_free (folder);
}

static guint
count_files (void)
{
  guint n = 0;
  GDir *dir = g_dir_open (folder, 0, NULL);
  while (g_dir_read_name (dir))
    n++;
  g_dir_close (dir);
  return n;
}

static void
assert_contains (const char *filename, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = mx_file_read (filename, &error);
  ck_assert_msg (bytes != NULL, "%s", error ? error->message : "");
  ck_assert_uint_eq (g_bytes_get_size (bytes), strlen (text));
  ck_assert_mem_eq (g_bytes_get_data (bytes, NULL), text, strlen (text));
}

static void
assert_replaced (const char *filename, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));
  ck_assert_msg (mx_file_replace (filename, bytes, &error), "%s",
      error ? error->message : "");
  assert_contains (filename, text);
}

static void
assert_not_replaced (const char *filename, GFileError code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = g_bytes_new_static ("new", 3);
  ck_assert (!mx_file_replace (filename, bytes, &error));
  ck_assert_msg (g_error_matches (error, G_FILE_ERROR, code), "%s (%d)",
      error->message, error->code);
  ck_assert_msg (
      g_str_has_prefix (error->message, filename), "%s", error->message);
}

START_TEST (a_file_is_made_and_then_replaced_whole)
{
  g_autofree char *filename = g_build_filename (folder, "a", NULL);
  assert_replaced (filename, "a long first text");
  assert_replaced (filename, "short");
  assert_replaced (filename, "");
  ck_assert_uint_eq (count_files (), 1);
}
END_TEST

START_TEST (a_new_file_has_the_mode_of_any_new_file)
{
  g_autofree char *filename = g_build_filename (folder, "a", NULL);
  umask (027);
  assert_replaced (filename, "text");
  GStatBuf status;
  ck_assert_int_eq (g_stat (filename, &status), 0);
  ck_assert_int_eq (status.st_mode & 0777, 0640);
}
END_TEST

START_TEST (a_folder_that_is_not_there_is_reported)
{
  g_autofree char *filename = g_build_filename (folder, "no", "a", NULL);
  assert_not_replaced (filename, G_FILE_ERROR_NOENT);
}
END_TEST

START_TEST (a_folder_in_place_of_the_file_stays_and_nothing_is_left)
{
  g_autofree char *filename = g_build_filename (folder, "a", NULL);
  ck_assert_int_eq (g_mkdir (filename, 0700), 0);
  assert_not_replaced (filename, G_FILE_ERROR_ISDIR);
  ck_assert (g_file_test (filename, G_FILE_TEST_IS_DIR));
  ck_assert_uint_eq (count_files (), 1);
}
END_TEST

START_TEST (the_old_file_stays_whole_where_the_folder_cannot_be_written)
{
  g_autofree char *filename = g_build_filename (folder, "a", NULL);
  assert_replaced (filename, "old");
  ck_assert_int_eq (g_chmod (folder, 0500), 0);
  /* Root may write anywhere: then there is nothing to see here. */
  if (g_access (folder, W_OK) != 0)
    assert_not_replaced (filename, G_FILE_ERROR_ACCES);
  assert_contains (filename, "old");
  ck_assert_int_eq (g_chmod (folder, 0700), 0);
}
END_TEST

START_TEST (the_old_file_stays_whole_where_the_disk_is_full)
{
  g_autofree char *filename = g_build_filename (folder, "a", NULL);
  assert_replaced (filename, "old");
  /* A limit on the size of files fails as a full disk does. */
  struct rlimit limit = {2, 2};
  signal (SIGXFSZ, SIG_IGN);
  ck_assert_int_eq (setrlimit (RLIMIT_FSIZE, &limit), 0);
  g_autoptr (GBytes) bytes = g_bytes_new_static ("new", 3);
  g_autoptr (GError) error = NULL;
  ck_assert (!mx_file_replace (filename, bytes, &error));
  ck_assert_ptr_nonnull (strstr (error->message, "cannot write: "));
  assert_contains (filename, "old");
  ck_assert_uint_eq (count_files (), 1);
}
END_TEST

START_TEST (what_a_killed_writer_left_is_written_over)
{
  g_autofree char *filename = g_build_filename (folder, "a", NULL);
  g_autofree char *part = g_strconcat (filename, ".part", NULL);
  g_autoptr (GBytes) bytes = g_bytes_new_static ("new", 3);
  assert_replaced (filename, "old");
  assert_replaced (part, "the first half of something long");
  ck_assert (mx_file_replace_locked (filename, bytes, NULL));
  assert_contains (filename, "new");
  ck_assert_uint_eq (count_files (), 1);
}
END_TEST

START_TEST (a_link_in_place_of_what_is_written_is_not_followed)
{
  g_autofree char *filename = g_build_filename (folder, "a", NULL);
  g_autofree char *part = g_strconcat (filename, ".part", NULL);
  g_autofree char *other = g_build_filename (folder, "other", NULL);
  g_autoptr (GBytes) bytes = g_bytes_new_static ("new", 3);
  g_autoptr (GError) error = NULL;
  assert_replaced (other, "mine");
  ck_assert_int_eq (symlink (other, part), 0);
  ck_assert (!mx_file_replace_locked (filename, bytes, &error));
  ck_assert (g_str_has_prefix (error->message, filename));
  assert_contains (other, "mine");
}
END_TEST

START_TEST (what_comes_piece_by_piece_is_seen_when_it_is_whole)
{
  enum { N = 20000 };
  g_autofree char *filename = g_build_filename (folder, "a", NULL);
  g_autoptr (GBytes) found = NULL;
  MxFileWriter *writer;

  assert_replaced (filename, "old");
  writer = mx_file_writer_new (filename, NULL);
  for (unsigned i = 0; i < N; i++)
    ck_assert (mx_file_writer_add (writer, "0123456789", 10, NULL));
  assert_contains (filename, "old");
  mx_file_writer_discard (writer);
  assert_contains (filename, "old");
  ck_assert_uint_eq (count_files (), 1);

  writer = mx_file_writer_new (filename, NULL);
  for (unsigned i = 0; i < N; i++)
    ck_assert (mx_file_writer_add (writer, "0123456789", 10, NULL));
  ck_assert (mx_file_writer_commit (writer, NULL));
  ck_assert_uint_eq (count_files (), 1);
  found = mx_file_read (filename, NULL);
  ck_assert_uint_eq (g_bytes_get_size (found), 10 * N);
  for (unsigned i = 0; i < 10 * N; i++)
    ck_assert_int_eq (
        ((const char *)g_bytes_get_data (found, NULL))[i], '0' + i % 10);
}
END_TEST

START_TEST (only_regular_files_are_read)
{
  g_autofree char *fifo = g_build_filename (folder, "fifo", NULL);
  ck_assert_int_eq (mkfifo (fifo, 0600), 0);
  const char *const names[] = {folder, fifo, "/dev/zero"};
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autoptr (GError) error = NULL;
    ck_assert_ptr_null (mx_file_read (names[i], &error));
    ck_assert (g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_INVAL));
    ck_assert_ptr_nonnull (strstr (error->message, "no regular file"));
  }
}
END_TEST

START_TEST (a_huge_file_is_not_read)
{
  g_autofree char *filename = g_build_filename (folder, "a", NULL);
  assert_replaced (filename, "");
  if (truncate (filename, (off_t)MX_FILE_MAX_SIZE + 1) != 0)
    return; /* this file system knows no sparse files */
  g_autoptr (GError) error = NULL;
  ck_assert_ptr_null (mx_file_read (filename, &error));
  ck_assert_ptr_nonnull (
      strstr (error->message, "found 4294967297 bytes, expected at most"));
}
END_TEST

START_TEST (a_file_that_is_not_there_is_reported)
{
  g_autofree char *filename = g_build_filename (folder, "a", NULL);
  g_autoptr (GError) error = NULL;
  ck_assert_ptr_null (mx_file_read (filename, &error));
  ck_assert (g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT));
  ck_assert (g_str_has_prefix (error->message, filename));
}
END_TEST

START_TEST (a_file_is_writable_where_it_could_be_replaced_and_stays_as_it_is)
{
  g_autofree char *filename = g_build_filename (folder, "a", NULL);
  g_autofree char *inside = g_build_filename (filename, "b", NULL);
  g_autoptr (GError) error = NULL;
  ck_assert (mx_file_check_writable (filename, NULL));
  ck_assert_uint_eq (count_files (), 0);
  assert_replaced (filename, "old");
  ck_assert (mx_file_check_writable (filename, NULL));
  assert_contains (filename, "old");
  ck_assert_uint_eq (count_files (), 1);
  ck_assert (!mx_file_check_writable (inside, &error));
  ck_assert (g_str_has_prefix (error->message, inside));
}
END_TEST

START_TEST (what_is_no_regular_file_is_not_writable)
{
  g_autofree char *fifo = g_build_filename (folder, "fifo", NULL);
  ck_assert_int_eq (mkfifo (fifo, 0600), 0);
  ck_assert (!mx_file_check_writable (fifo, NULL));
  ck_assert (!mx_file_check_writable (folder, NULL));
}
END_TEST

static void
add_tests (TCase *tcase)
{
  tcase_add_checked_fixture (tcase, make_folder, remove_folder);
  tcase_add_test (tcase, a_file_is_made_and_then_replaced_whole);
  tcase_add_test (tcase, a_new_file_has_the_mode_of_any_new_file);
  tcase_add_test (tcase, a_folder_that_is_not_there_is_reported);
  tcase_add_test (
      tcase, a_folder_in_place_of_the_file_stays_and_nothing_is_left);
  tcase_add_test (
      tcase, the_old_file_stays_whole_where_the_folder_cannot_be_written);
  tcase_add_test (tcase, the_old_file_stays_whole_where_the_disk_is_full);
  tcase_add_test (tcase, what_a_killed_writer_left_is_written_over);
  tcase_add_test (tcase, a_link_in_place_of_what_is_written_is_not_followed);
  tcase_add_test (tcase, what_comes_piece_by_piece_is_seen_when_it_is_whole);
  tcase_add_test (tcase, only_regular_files_are_read);
  tcase_add_test (tcase, a_huge_file_is_not_read);
  tcase_add_test (tcase, a_file_that_is_not_there_is_reported);
  tcase_add_test (
      tcase, a_file_is_writable_where_it_could_be_replaced_and_stays_as_it_is);
  tcase_add_test (tcase, what_is_no_regular_file_is_not_writable);
}

CHECK_MAIN ("file", add_tests)
