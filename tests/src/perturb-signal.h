/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Signals for the tests of the perturbations. */
#pragma once

#include <check.h>
#include <glib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "src/mx-perturb-private.h"
#include "src/mx-perturb.h"

#define RATE 1000
#define DRAWS 200

static MxPerturb *perturb;

static inline void
setup (void)
{
  perturb = mx_perturb_new ();
}

static inline void
teardown (void)
{
  mx_perturb_free (perturb);
}

/* White noise of unit power in frames [first, end), zeros around. */
static inline MxSignal
signal_new (size_t n, size_t channels, size_t first, size_t end)
{
  MxSignal signal = {n, channels, RATE, g_new0 (float, n *channels)};
  MxRng rng;

  mx_rng_init (&rng, 7, 0);
  for (size_t i = first * channels; i < end * channels; i++)
    signal.samples[i] = (float)mx_rng_normal (&rng);
  return signal;
}

static inline MxSignal
signal_copy (const MxSignal *signal)
{
  MxSignal copy = *signal;

  copy.samples = g_memdup2 (
      signal->samples, signal->n * signal->channels * sizeof (float));
  return copy;
}

static inline bool
is_equal (const MxSignal *a, const MxSignal *b)
{
  return memcmp (a->samples, b->samples, a->n * a->channels * sizeof (float)) ==
         0;
}

static inline MxPerturbed
apply_with (const MxPerturbation *p, const float *rest, const float *scale,
    uint64_t seed, MxSignal *signal)
{
  MxPerturbed done;
  MxRng rng;

  mx_rng_init (&rng, seed, 0);
  mx_perturb_apply (perturb, p, rest, scale, &rng, signal, &done);
  return done;
}

static inline MxPerturbed
apply (const MxPerturbation *p, uint64_t seed, MxSignal *signal)
{
  return apply_with (p, NULL, NULL, seed, signal);
}

static inline double
power_of (const float *samples, size_t n, size_t stride)
{
  double sum = 0.0;

  for (size_t i = 0; i < n; i++)
    sum += (double)samples[i * stride] * samples[i * stride];
  return sum / (double)n;
}

static inline int
run (Suite *suite, TCase *tc)
{
  SRunner *runner = srunner_create (suite);
  int failed;

  suite_add_tcase (suite, tc);
  tcase_add_checked_fixture (tc, setup, teardown);
  srunner_run_all (runner, CK_NORMAL);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
