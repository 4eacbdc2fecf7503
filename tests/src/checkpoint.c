/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-checkpoint.h"

#include "check-main.h"
#include "mx-file.h"

#include <glib/gstdio.h>
#include <unistd.h>
#include <math.h>
#include <string.h>

static char *filename;

static void
set_up (void)
{
  int fd = g_file_open_tmp ("mx-checkpoint-XXXXXX", &filename, NULL);
  ck_assert_int_ge (fd, 0);
  close (fd);
}

static void
tear_down (void)
{
  g_unlink (filename);
  g_free (filename);
}

static const float floats[] = {1, -2.5f, 3e-30f};
static const uint64_t numbers[] = {0, 1, G_MAXUINT64, 0x123456789abcdef0};
static const double reals[] = {1e300, -0., .1};

static MxCheckpoint *
make (const char *batch_size)
{
  MxCheckpoint *checkpoint = mx_checkpoint_new ();
  mx_checkpoint_put_floats (checkpoint, "floats", floats, 3);
  mx_checkpoint_put_numbers (checkpoint, "numbers", numbers, 4);
  mx_checkpoint_put_reals (checkpoint, "reals", reals, 3);
  mx_checkpoint_put_setting (checkpoint, "batch-size", batch_size);
  mx_checkpoint_put_setting (checkpoint, "seed", "1");
  return checkpoint;
}

static MxCheckpoint *
save_and_load (const char *batch_size)
{
  g_autoptr (MxCheckpoint) checkpoint = make (batch_size);
  g_autoptr (GError) error = NULL;
  ck_assert (mx_checkpoint_save (checkpoint, filename, NULL));
  MxCheckpoint *loaded = mx_checkpoint_load (filename, &error);
  ck_assert_msg (loaded != NULL, "%s", error ? error->message : "");
  return loaded;
}

START_TEST (what_was_put_comes_back_bit_for_bit)
{
  g_autoptr (MxCheckpoint) loaded = save_and_load ("64");
  uint64_t n[4];
  double r[3];
  const float *f = mx_checkpoint_get_floats (loaded, "floats", 3, NULL);
  ck_assert_ptr_nonnull (f);
  ck_assert_mem_eq (f, floats, sizeof floats);
  ck_assert (mx_checkpoint_get_numbers (loaded, "numbers", n, 4, NULL));
  ck_assert_mem_eq (n, numbers, sizeof numbers);
  ck_assert (mx_checkpoint_get_reals (loaded, "reals", r, 3, NULL));
  ck_assert_mem_eq (r, reals, sizeof reals);
  ck_assert_uint_eq (mx_checkpoint_count_numbers (loaded, "reals"), 3);
  ck_assert_uint_eq (mx_checkpoint_count_numbers (loaded, "none"), 0);
  ck_assert (mx_checkpoint_has (loaded, "floats"));
  ck_assert (!mx_checkpoint_has (loaded, "none"));
}
END_TEST

START_TEST (other_sizes_types_and_names_are_refused_by_name)
{
  g_autoptr (MxCheckpoint) loaded = save_and_load ("64");
  g_autoptr (GError) size = NULL;
  g_autoptr (GError) type = NULL;
  g_autoptr (GError) name = NULL;
  uint64_t n[4] = {7, 7, 7, 7};
  ck_assert_ptr_null (mx_checkpoint_get_floats (loaded, "floats", 4, &size));
  ck_assert_ptr_nonnull (
      strstr (size->message, "'floats': found F32 [3], expected F32 [4]"));
  ck_assert (!mx_checkpoint_get_numbers (loaded, "floats", n, 3, &type));
  ck_assert (
      g_error_matches (type, MX_CHECKPOINT_ERROR, MX_CHECKPOINT_ERROR_TENSOR));
  ck_assert_ptr_nonnull (
      strstr (type->message, "'floats': found F32 [3], expected I32 [3, 2]"));
  ck_assert (!mx_checkpoint_get_numbers (loaded, "none", n, 3, &name));
  ck_assert_ptr_nonnull (strstr (name->message, "'none': found nothing"));
  ck_assert_uint_eq (n[0], 7);
}
END_TEST

static const float no_numbers[] = {NAN, INFINITY, -INFINITY};

START_TEST (floats_that_are_not_finite_are_refused)
{
  const float values[] = {1, no_numbers[_i], 2};
  g_autoptr (MxCheckpoint) checkpoint = make ("64");
  g_autoptr (GError) error = NULL;
  mx_checkpoint_put_floats (checkpoint, "weights", values, 3);
  ck_assert (mx_checkpoint_save (checkpoint, filename, NULL));
  g_autoptr (MxCheckpoint) loaded = mx_checkpoint_load (filename, NULL);
  ck_assert_ptr_null (mx_checkpoint_get_floats (loaded, "weights", 3, &error));
  ck_assert (
      g_error_matches (error, MX_CHECKPOINT_ERROR, MX_CHECKPOINT_ERROR_TENSOR));
  ck_assert_msg (strstr (error->message, "at 1, expected finite values"), "%s",
      error->message);
}
END_TEST

/* In each byte of the values, which lie at the end of the file. */
START_TEST (a_bit_that_a_disk_turned_is_noticed)
{
  const gsize size = sizeof floats + sizeof numbers + sizeof reals;
  g_autoptr (MxCheckpoint) checkpoint = make ("64");
  g_autofree char *contents = NULL;
  gsize length;
  ck_assert (mx_checkpoint_save (checkpoint, filename, NULL));
  ck_assert (g_file_get_contents (filename, &contents, &length, NULL));
  for (gsize i = length - size; i < length; i++) {
    g_autoptr (GError) error = NULL;
    contents[i] ^= 1 << i % 8;
    g_autoptr (GBytes) bytes = g_bytes_new (contents, length);
    ck_assert (mx_file_replace (filename, bytes, NULL));
    ck_assert_ptr_null (mx_checkpoint_load (filename, &error));
    ck_assert (g_error_matches (
        error, MX_CHECKPOINT_ERROR, MX_CHECKPOINT_ERROR_DAMAGED));
    ck_assert_ptr_nonnull (strstr (error->message, filename));
    contents[i] ^= 1 << i % 8;
  }
}
END_TEST

START_TEST (empty_arrays_change_no_checksum)
{
  g_autoptr (MxCheckpoint) checkpoint = mx_checkpoint_new ();
  g_autoptr (GError) error = NULL;
  for (int i = 0; i < 40; i++) {
    g_autofree char *name = g_strdup_printf ("array-%d", i);
    mx_checkpoint_put_numbers (checkpoint, name, numbers, i % 3 == 0);
  }
  ck_assert (mx_checkpoint_save (checkpoint, filename, NULL));
  g_autoptr (MxCheckpoint) loaded = mx_checkpoint_load (filename, &error);
  ck_assert_msg (loaded != NULL, "%s", error ? error->message : "");
}
END_TEST

START_TEST (settings_that_differ_are_named_with_both_values)
{
  g_autoptr (MxCheckpoint) loaded = save_and_load ("64");
  g_autoptr (MxCheckpoint) same = make ("64");
  g_autoptr (MxCheckpoint) other = make ("32");
  g_autoptr (GError) error = NULL;
  ck_assert (mx_checkpoint_check_settings (loaded, same, NULL));
  ck_assert (mx_checkpoint_has_setting (loaded, "batch-size"));
  ck_assert (!mx_checkpoint_has_setting (loaded, "schedule"));
  mx_checkpoint_put_setting (other, "schedule", "cosine");
  ck_assert (!mx_checkpoint_check_settings (loaded, other, &error));
  ck_assert (g_error_matches (
      error, MX_CHECKPOINT_ERROR, MX_CHECKPOINT_ERROR_SETTINGS));
  ck_assert_ptr_nonnull (
      strstr (error->message, "batch-size was 64, is 32; schedule was "
                              "nothing, is cosine"));
  ck_assert_ptr_null (strstr (error->message, "seed"));
}
END_TEST

START_TEST (long_settings_that_differ_are_only_named)
{
  g_autofree char *text = g_strnfill (5000, 'x');
  g_autoptr (MxCheckpoint) loaded = save_and_load (text);
  g_autoptr (MxCheckpoint) other = make ("32");
  g_autoptr (GError) error = NULL;
  ck_assert (!mx_checkpoint_check_settings (loaded, other, &error));
  ck_assert (g_str_has_suffix (error->message, "batch-size is another"));
}
END_TEST

static const struct {
  const char *contents, *says;
} foreign[] = {
    {"", "expected at least 8"},
    {"\x02\0\0\0\0\0\0\0{}", "version none"},
    {"\x30\0\0\0\0\0\0\0{\"__metadata__\":{\"multiexit.checkpoint\":\"2\"}}   ",
        "version 2"},
};
static const gsize foreign_size[] = {0, 10, 8 + 0x30};

START_TEST (files_that_are_no_checkpoints_are_refused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes =
      g_bytes_new_static (foreign[_i].contents, foreign_size[_i]);
  ck_assert (mx_file_replace (filename, bytes, NULL));
  ck_assert_ptr_null (mx_checkpoint_load (filename, &error));
  ck_assert_msg (
      strstr (error->message, foreign[_i].says), "%s", error->message);
  ck_assert_ptr_nonnull (strstr (error->message, filename));
}
END_TEST

static void
add_tests (TCase *tcase)
{
  tcase_add_checked_fixture (tcase, set_up, tear_down);
  tcase_add_test (tcase, what_was_put_comes_back_bit_for_bit);
  tcase_add_test (tcase, other_sizes_types_and_names_are_refused_by_name);
  tcase_add_loop_test (tcase, floats_that_are_not_finite_are_refused, 0,
      G_N_ELEMENTS (no_numbers));
  tcase_add_test (tcase, a_bit_that_a_disk_turned_is_noticed);
  tcase_add_test (tcase, empty_arrays_change_no_checksum);
  tcase_add_test (tcase, settings_that_differ_are_named_with_both_values);
  tcase_add_test (tcase, long_settings_that_differ_are_only_named);
  tcase_add_loop_test (tcase, files_that_are_no_checkpoints_are_refused, 0,
      G_N_ELEMENTS (foreign));
}

CHECK_MAIN ("checkpoint", add_tests)
