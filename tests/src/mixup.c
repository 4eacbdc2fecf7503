/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-mixup.h"

#include "check-main.h"

#include <glib.h>
#include <math.h>
#include <string.h>

#define ROWS 11
#define TIME 3
#define CHANNELS 2
#define FLOATS (TIME * CHANNELS)

/* Three labelled pairs, an unlabelled one, three labelled without a copy. */
static const int32_t labels[ROWS] = {0, 0, 1, 1, 2, 2, -1, -1, 3, 4, 5};
static const int32_t partners[ROWS] = {-1, 0, -1, 2, -1, 4, -1, 6, -1, -1, -1};

typedef struct {
  MxMixup *mixup;
  MxTensor input;
  float *memory;
  float before[ROWS][FLOATS];
} Case;

static void
mix (Case *c, double alpha, uint64_t seed)
{
  MxRng rng;

  c->mixup = mx_mixup_new (ROWS);
  c->input = (MxTensor){.time = TIME, .channels = CHANNELS, .pad_left = 1};
  c->memory = mx_tensors_allocate (&c->input, 1, ROWS);
  c->input.rows = ROWS;
  mx_rng_init (&rng, 9, 0);
  for (size_t r = 0; r < ROWS; r++)
    for (size_t i = 0; i < FLOATS; i++)
      c->before[r][i] = mx_tensor_row (&c->input, r)[i] =
          (float)mx_rng_normal (&rng);
  mx_rng_init (&rng, seed, 0);
  mx_mixup_apply (c->mixup, alpha, &rng, labels, partners, &c->input);
}

static void
clear (Case *c)
{
  mx_mixup_free (c->mixup);
  g_aligned_free (c->memory);
}

/* The clean row that has label @label. */
static size_t
row_of (int32_t label)
{
  for (size_t r = 0; r < ROWS; r++)
    if (labels[r] == label && partners[r] < 0)
      return r;
  ck_abort_msg ("no row of class %d", label);
}

START_TEST (each_row_is_the_mixture_that_its_share_says)
{
  for (uint64_t seed = 0; seed < 50; seed++) {
    Case c;

    mix (&c, .4, seed);
    for (size_t r = 0; r < ROWS; r++) {
      float m = mx_mixup_get_shares (c.mixup)[r];
      int32_t other = mx_mixup_get_others (c.mixup)[r];
      size_t partner;

      ck_assert (m >= .5f && m <= 1);
      if (m == 1) {
        ck_assert_mem_eq (
            mx_tensor_row (&c.input, r), c.before[r], sizeof c.before[r]);
        continue;
      }
      partner = row_of (other) + (partners[r] >= 0);
      for (size_t i = 0; i < FLOATS; i++)
        ck_assert_float_eq_tol (mx_tensor_row (&c.input, r)[i],
            m * c.before[r][i] + (1 - m) * c.before[partner][i], 1e-6f);
    }
    clear (&c);
  }
}
END_TEST

START_TEST (a_copy_is_mixed_like_its_row)
{
  for (uint64_t seed = 0; seed < 50; seed++) {
    Case c;

    mix (&c, 1, seed);
    for (size_t r = 0; r < ROWS; r++) {
      if (partners[r] < 0)
        continue;
      ck_assert_float_eq (mx_mixup_get_shares (c.mixup)[r],
          mx_mixup_get_shares (c.mixup)[partners[r]]);
      ck_assert_int_eq (mx_mixup_get_others (c.mixup)[r],
          mx_mixup_get_others (c.mixup)[partners[r]]);
    }
    clear (&c);
  }
}
END_TEST

START_TEST (unlabelled_rows_are_left_alone)
{
  for (uint64_t seed = 0; seed < 50; seed++) {
    Case c;

    mix (&c, 1, seed);
    for (size_t r = 6; r < 8; r++) {
      ck_assert_float_eq (mx_mixup_get_shares (c.mixup)[r], 1);
      ck_assert_mem_eq (
          mx_tensor_row (&c.input, r), c.before[r], sizeof c.before[r]);
    }
    clear (&c);
  }
}
END_TEST

/* Beta (alpha, alpha): mean of the larger side. */
static const struct {
  double alpha, mean;
} shapes[] = {
    {1, .75},                                  /* uniform */
    {.4, 0.8398}, {.1, 0.9416}, {1e-3, .9993}, /* nearly always one of both */
};

START_TEST (shares_are_drawn_from_beta)
{
  double sum = 0;
  int n = 0;

  for (uint64_t seed = 0; seed < 4000; seed++) {
    Case c;

    mix (&c, shapes[_i].alpha, seed);
    for (size_t r = 0; r < ROWS; r++) {
      /* Both of a couple have the same share. */
      if (partners[r] < 0 && mx_mixup_get_others (c.mixup)[r] > labels[r]) {
        sum += mx_mixup_get_shares (c.mixup)[r];
        n++;
      }
    }
    clear (&c);
  }
  ck_assert_int_gt (n, 4000);
  /* Five standard deviations of the mean of a uniform number in .5..1. */
  ck_assert_double_eq_tol (
      sum / n, shapes[_i].mean, 5 * .1443 / sqrt ((double)n));
}
END_TEST

static void
add_tests (TCase *tcase)
{
  tcase_add_test (tcase, each_row_is_the_mixture_that_its_share_says);
  tcase_add_test (tcase, a_copy_is_mixed_like_its_row);
  tcase_add_test (tcase, unlabelled_rows_are_left_alone);
  tcase_add_loop_test (
      tcase, shares_are_drawn_from_beta, 0, (int)G_N_ELEMENTS (shapes));
}

CHECK_MAIN ("mixup", add_tests)
