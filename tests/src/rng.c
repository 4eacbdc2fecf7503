/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-rng.h"

#include <check.h>
#include <glib.h>
#include <math.h>

#define GOLDEN_VALUES 12
#define DRAWS 200000

/* One line of rng.txt. */
typedef struct {
  char *what;
  uint64_t seed, stream;
  uint64_t values[GOLDEN_VALUES];
  size_t n;
} Golden;

static void
golden_parse (Golden *golden, const char *line)
{
  g_auto (GStrv) words = g_strsplit (line, " ", -1);
  size_t n = g_strv_length (words);

  ck_assert_uint_ge (n, 4);
  ck_assert_uint_le (n, 3 + GOLDEN_VALUES);
  golden->what = g_strdup (words[0]);
  golden->seed = g_ascii_strtoull (words[1], NULL, 10);
  golden->stream = g_ascii_strtoull (words[2], NULL, 10);
  golden->n = n - 3;
  for (size_t i = 0; i < golden->n; i++)
    golden->values[i] = g_ascii_strtoull (words[3 + i], NULL, 10);
}

static void
assert_golden (const Golden *golden)
{
  uint32_t order[GOLDEN_VALUES];
  MxRng rng = {{1, 2, 3, 4}};

  if (!g_str_equal (golden->what, "state"))
    mx_rng_init (&rng, golden->seed, golden->stream);
  for (size_t i = 0; i < golden->n; i++)
    order[i] = (uint32_t)i;
  mx_rng_shuffle (
      &(MxRng){{rng.state[0], rng.state[1], rng.state[2], rng.state[3]}}, order,
      golden->n);

  for (size_t i = 0; i < golden->n; i++) {
    if (g_str_equal (golden->what, "stream"))
      ck_assert_uint_eq (
          mx_rng_stream (golden->seed, golden->stream), golden->values[i]);
    else if (g_str_equal (golden->what, "shuffle"))
      ck_assert_uint_eq (order[i], golden->values[i]);
    else
      ck_assert_uint_eq (mx_rng_next (&rng), golden->values[i]);
  }
}

START_TEST (outputs_are_those_of_the_independent_implementation)
{
  g_autofree char *name =
      g_build_filename (g_getenv ("MX_TEST_DATA"), "rng.txt", NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  size_t checked = 0;

  ck_assert (g_file_get_contents (name, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  for (size_t i = 0; lines[i] != NULL; i++) {
    Golden golden;

    if (lines[i][0] == '#' || lines[i][0] == '\0')
      continue;
    golden_parse (&golden, lines[i]);
    assert_golden (&golden);
    g_free (golden.what);
    checked++;
  }
  ck_assert_uint_eq (checked, 16);
}
END_TEST

/* Mean, variance, skewness and kurtosis of DRAWS values. */
static void
moments (double (*draw) (MxRng *rng), double m[4])
{
  double *x = g_new (double, DRAWS);
  double mean = 0, sum[5] = {0};
  MxRng rng;

  mx_rng_init (&rng, 1, 2);
  for (size_t i = 0; i < DRAWS; i++)
    mean += (x[i] = draw (&rng)) / DRAWS;
  for (size_t i = 0; i < DRAWS; i++) {
    for (int k = 2; k < 5; k++)
      sum[k] += pow (x[i] - mean, k) / DRAWS;
  }
  m[0] = mean;
  m[1] = sum[2];
  m[2] = sum[3] / pow (sum[2], 1.5);
  m[3] = sum[4] / (sum[2] * sum[2]);
  g_free (x);
}

START_TEST (uniform_numbers_have_the_moments_of_the_uniform_distribution)
{
  double m[4];

  moments (mx_rng_uniform, m);
  ck_assert_double_eq_tol (m[0], 0.5, 0.003);
  ck_assert_double_eq_tol (m[1], 1.0 / 12, 0.001);
  ck_assert_double_eq_tol (m[2], 0, 0.02);
  ck_assert_double_eq_tol (m[3], 1.8, 0.02);
}
END_TEST

START_TEST (normal_numbers_have_the_moments_of_the_normal_distribution)
{
  double m[4];

  moments (mx_rng_normal, m);
  ck_assert_double_eq_tol (m[0], 0, 0.01);
  ck_assert_double_eq_tol (m[1], 1, 0.015);
  ck_assert_double_eq_tol (m[2], 0, 0.03);
  ck_assert_double_eq_tol (m[3], 3, 0.06);
}
END_TEST

START_TEST (uniform_numbers_reach_zero_but_never_one)
{
  /* The next outputs of these states are all zeros and all ones. */
  MxRng lowest = {{0, 5, 0, 0}}, highest = {{0, 5, 0, UINT64_MAX}};

  ck_assert_double_eq (mx_rng_uniform (&lowest), 0.0);
  ck_assert_double_eq (mx_rng_uniform (&highest), 1.0 - 0x1p-53);
}
END_TEST

START_TEST (ranges_hold_their_low_end_and_not_their_high_end)
{
  MxRng rng;

  mx_rng_init (&rng, 3, 0);
  for (int i = 0; i < 10000; i++) {
    double value = mx_rng_range (&rng, -2, 5);

    ck_assert_double_ge (value, -2);
    ck_assert_double_lt (value, 5);
    /* So narrow that rounding would reach the high end half of the time. */
    ck_assert_double_eq (mx_rng_range (&rng, 1, 1 + 0x1p-52), 1);
    ck_assert_double_eq (mx_rng_range (&rng, 4, 4), 4);
  }
}
END_TEST

START_TEST (integers_below_a_bound_are_equally_frequent)
{
  static const uint64_t bounds[] = {1, 2, 3, 6, 10, 17};
  MxRng rng;

  mx_rng_init (&rng, 4, 0);
  for (size_t k = 0; k < G_N_ELEMENTS (bounds); k++) {
    size_t counts[17] = {0};
    double expected = (double)DRAWS / (double)bounds[k];

    for (size_t i = 0; i < DRAWS; i++)
      counts[mx_rng_below (&rng, bounds[k])]++;
    for (size_t i = 0; i < bounds[k]; i++)
      ck_assert_double_eq_tol (
          (double)counts[i], expected, 5 * sqrt (expected));
  }
}
END_TEST

START_TEST (integers_below_a_huge_bound_are_not_biased)
{
  /* Remainders of 64 bits alone would lie in the lower half twice as often. */
  const uint64_t bound = UINT64_MAX / 4 * 3;
  size_t lower = 0;
  MxRng rng;

  mx_rng_init (&rng, 5, 0);
  for (size_t i = 0; i < DRAWS; i++) {
    uint64_t value = mx_rng_below (&rng, bound);

    ck_assert_uint_lt (value, bound);
    lower += value < bound / 3;
  }
  ck_assert_double_eq_tol ((double)lower / DRAWS, 1.0 / 3, 0.01);
}
END_TEST

START_TEST (shuffling_gives_every_permutation_equally_often)
{
  size_t counts[64] = {0}, kinds = 0;
  MxRng rng;

  mx_rng_init (&rng, 6, 0);
  for (size_t i = 0; i < 24000; i++) {
    uint32_t order[4] = {0, 1, 2, 3};

    mx_rng_shuffle (&rng, order, 4);
    ck_assert_uint_eq (
        1u << order[0] | 1u << order[1] | 1u << order[2] | 1u << order[3], 15);
    counts[order[0] * 16 + order[1] * 4 + order[2]]++;
  }
  for (size_t i = 0; i < 64; i++) {
    if (counts[i] == 0)
      continue;
    kinds++;
    ck_assert_double_eq_tol ((double)counts[i], 1000, 160);
  }
  ck_assert_uint_eq (kinds, 24);
}
END_TEST

START_TEST (shuffling_nothing_or_one_thing_draws_nothing)
{
  uint32_t order[1] = {9};
  MxRng rng, untouched;

  mx_rng_init (&rng, 7, 0);
  untouched = rng;
  mx_rng_shuffle (&rng, NULL, 0);
  mx_rng_shuffle (&rng, order, 1);
  ck_assert_uint_eq (order[0], 9);
  ck_assert_mem_eq (&rng, &untouched, sizeof rng);
}
END_TEST

START_TEST (the_state_alone_determines_what_follows)
{
  MxRng rng, copy;

  mx_rng_init (&rng, 8, 0);
  for (int i = 0; i < 3; i++)
    mx_rng_normal (&rng);
  copy = rng;
  for (int i = 0; i < 100; i++) {
    ck_assert_double_eq (mx_rng_normal (&rng), mx_rng_normal (&copy));
    ck_assert_uint_eq (mx_rng_below (&rng, 77), mx_rng_below (&copy, 77));
  }
}
END_TEST

START_TEST (neighbouring_streams_are_not_correlated)
{
  for (uint64_t stream = 0; stream < 8; stream++) {
    double sum = 0;
    MxRng a, b;

    mx_rng_init (&a, 9, stream);
    mx_rng_init (&b, 9, stream + 1);
    for (size_t i = 0; i < DRAWS; i++)
      sum += (mx_rng_uniform (&a) - 0.5) * (mx_rng_uniform (&b) - 0.5);
    ck_assert_double_eq_tol (sum * 12 / DRAWS, 0, 0.012);
  }
}
END_TEST

START_TEST (stream_numbers_depend_on_the_order_of_their_parts)
{
  ck_assert_uint_ne (mx_rng_stream (1, 2), mx_rng_stream (2, 1));
  ck_assert_uint_ne (mx_rng_stream (0, 0), mx_rng_stream (0, 1));
  ck_assert_uint_ne (mx_rng_stream (0, 0), mx_rng_stream (1, 0));
}
END_TEST

static Suite *
rng_suite (void)
{
  Suite *suite = suite_create ("rng");
  TCase *tc = tcase_create ("rng");

  tcase_add_test (tc, outputs_are_those_of_the_independent_implementation);
  tcase_add_test (
      tc, uniform_numbers_have_the_moments_of_the_uniform_distribution);
  tcase_add_test (
      tc, normal_numbers_have_the_moments_of_the_normal_distribution);
  tcase_add_test (tc, uniform_numbers_reach_zero_but_never_one);
  tcase_add_test (tc, ranges_hold_their_low_end_and_not_their_high_end);
  tcase_add_test (tc, integers_below_a_bound_are_equally_frequent);
  tcase_add_test (tc, integers_below_a_huge_bound_are_not_biased);
  tcase_add_test (tc, shuffling_gives_every_permutation_equally_often);
  tcase_add_test (tc, shuffling_nothing_or_one_thing_draws_nothing);
  tcase_add_test (tc, the_state_alone_determines_what_follows);
  tcase_add_test (tc, neighbouring_streams_are_not_correlated);
  tcase_add_test (tc, stream_numbers_depend_on_the_order_of_their_parts);
  suite_add_tcase (suite, tc);
  return suite;
}

int
main (void)
{
  SRunner *runner = srunner_create (rng_suite ());
  int failed;

  srunner_run_all (runner, CK_NORMAL);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed == 0 ? 0 : 1;
}
