/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-group.h"

#include "check-main.h"
#include "group-threads.h"

START_TEST (a_trainer_alone_is_a_group_of_one)
{
  double values[] = {1, 2};

  mx_group_sum (NULL, values, 2);
  mx_group_gather (NULL, values, 2);
  mx_group_broadcast (NULL, values, sizeof values);
  ck_assert_double_eq (values[0], 1);
  ck_assert_uint_eq (mx_group_get_rank (NULL), 0);
  ck_assert_uint_eq (mx_group_get_size (NULL), 1);
  mx_group_close (NULL, true);
}
END_TEST

static void
exchange (MxGroup *group, void *data)
{
  double sum = (double)(group->rank + 1);
  float single = (float)sum;
  double rows[6] = {9, 9, 9, 9, 9, 9};
  int told = group->rank == 0 ? 7 : 0;

  rows[2 * group->rank] = sum;
  rows[2 * group->rank + 1] = -sum;
  mx_group_sum (group, &sum, 1);
  mx_group_sum_floats (group, &single, 1);
  mx_group_gather (group, rows, 2);
  mx_group_broadcast (group, &told, sizeof told);
  ck_assert_double_eq (sum, 6);
  ck_assert_float_eq (single, 6);
  ck_assert_int_eq (told, 7);
  for (int i = 0; i < 6; i++)
    ck_assert_double_eq (rows[i], i % 2 ? -(i / 2 + 1) : i / 2 + 1);
}

START_TEST (members_get_what_all_members_give)
{
  run_members (3, exchange, NULL);
}
END_TEST

static const struct {
  const char *names[2], *values[2];
  size_t rank, size;
} environments[] = {
    {{"OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"}, {"3", "4"}, 3, 4},
    {{"PMI_RANK", "PMI_SIZE"}, {"0", "2"}, 0, 2},
    {{"PMI_RANK", "PMI_SIZE"}, {"0", "1"}, 0, 1}, /* alone */
    {{"PMI_RANK", "PMI_SIZE"}, {"2", "2"}, 0, 1}, /* nonsense */
    {{"PMI_RANK", "PMI_SIZE"}, {"x", "2"}, 0, 1},
    {{"PMI_RANK", "PMI_SIZE"}, {"-1", "2"}, 0, 1},
    {{"PMI_RANK", "PMI_SIZE"}, {"0", ""}, 0, 1},
    {{"PMI_RANK", "PMI_SIZE"}, {"0", NULL}, 0, 1},
};

static void
set_environment (int i)
{
  static const char *const all[] = {"OMPI_COMM_WORLD_RANK",
      "OMPI_COMM_WORLD_SIZE", "PMI_RANK", "PMI_SIZE", NULL};

  for (int n = 0; all[n] != NULL; n++)
    g_unsetenv (all[n]);
  for (int n = 0; n < 2; n++)
    if (environments[i].values[n] != NULL)
      g_setenv (environments[i].names[n], environments[i].values[n], TRUE);
}

START_TEST (mpirun_says_which_rank_this_is)
{
  size_t rank = 99, size = 99;

  set_environment (_i);
  ck_assert_int_eq (
      mx_group_get_environment (&rank, &size), environments[_i].size > 1);
  ck_assert_uint_eq (rank, environments[_i].rank);
  ck_assert_uint_eq (size, environments[_i].size);
}
END_TEST

START_TEST (without_mpirun_no_module_is_opened)
{
  g_autoptr (GError) error = NULL;

  set_environment (2);
  g_setenv ("MX_GROUP_MODULE", "/nowhere", TRUE);
  ck_assert_ptr_null (mx_group_open (&error));
  ck_assert_ptr_null (error);
}
END_TEST

START_TEST (a_module_that_is_not_there_is_named)
{
  g_autoptr (GError) error = NULL;

  set_environment (0);
  g_setenv ("MX_GROUP_MODULE", "/nowhere/module.so", TRUE);
  ck_assert_ptr_null (mx_group_open (&error));
  ck_assert (g_error_matches (error, MX_GROUP_ERROR, MX_GROUP_ERROR_MODULE));
  ck_assert_ptr_nonnull (strstr (error->message, "/nowhere/module.so"));
}
END_TEST

static void
add_tests (TCase *tcase)
{
  tcase_add_test (tcase, a_trainer_alone_is_a_group_of_one);
  tcase_add_test (tcase, members_get_what_all_members_give);
  tcase_add_loop_test (
      tcase, mpirun_says_which_rank_this_is, 0, G_N_ELEMENTS (environments));
  tcase_add_test (tcase, without_mpirun_no_module_is_opened);
  tcase_add_test (tcase, a_module_that_is_not_there_is_named);
}

CHECK_MAIN ("group", add_tests)
