/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-evaluator.h"

#include "check-main.h"
#include "mx-session.h"
#include "nets.h"

#define ROWS 5
#define WINDOW 21
#define CHANNELS 4
#define FLOATS (WINDOW * CHANNELS)

static MxNetwork *
make_network (int net)
{
  g_autoptr (MxDescription) description = nets_describe (net);
  g_autofree float *weights = nets_weights (description->program, 3);
  return mx_network_new (description, weights);
}

static void
fill (MxBatch *batch, const float *samples, int rows)
{
  mx_batch_clear (batch);
  for (int r = 0; r < rows; r++)
    mx_batch_add (batch, samples + r * FLOATS, NULL, -1);
}

static void
draw (float *samples)
{
  MxRng rng;
  mx_rng_init (&rng, 7, 0);
  for (int i = 0; i < ROWS * FLOATS; i++)
    samples[i] = mx_rng_normal (&rng);
}

/* What a live stream hears at this exit. */
static void
ask_session (
    MxNetwork *network, unsigned exit, const float *window, float *answer)
{
  MxSession *session = mx_session_new (network);
  MxPolicy policy;
  MxResult result;
  bool answered;
  mx_policy_init (&policy);
  policy.kind = MX_POLICY_LAST;
  policy.max_exit = exit;
  mx_session_set_policy (session, &policy);
  mx_session_push (session, window, WINDOW, &result, &answered);
  ck_assert (answered);
  memcpy (answer, result.probabilities, 3 * sizeof *answer);
  mx_session_free (session);
}

START_TEST (every_exit_answers_as_it_would_in_a_stream)
{
  g_autoptr (MxNetwork) network = make_network (_i);
  MxEvaluator *evaluator = mx_evaluator_new (network, ROWS, NULL);
  MxBatch *batch = mx_evaluator_new_batch (evaluator);
  float samples[ROWS * FLOATS];
  draw (samples);
  fill (batch, samples, ROWS);
  const float *const *logits = mx_evaluator_run (evaluator, batch);
  for (unsigned e = 0; e < network->program->n_stages; e++)
    for (int r = 0; r < ROWS; r++) {
      float expected[3], found[3];
      ask_session (network, e + 1, samples + r * FLOATS, expected);
      mx_softmax (logits[e] + r * 3, 3, 1, found);
      for (int c = 0; c < 3; c++)
        ck_assert_float_eq_tol (found[c], expected[c], 1e-5);
    }
  mx_evaluator_free (evaluator);
  mx_batch_free (batch);
}
END_TEST

START_TEST (an_answer_depends_on_its_window_alone)
{
  g_autoptr (MxNetwork) network = make_network (_i);
  MxParallel *parallel = mx_parallel_new (2);
  MxEvaluator *many = mx_evaluator_new (network, ROWS, parallel);
  MxEvaluator *one = mx_evaluator_new (network, 1, NULL);
  MxBatch *batch = mx_evaluator_new_batch (many);
  float samples[ROWS * FLOATS];
  draw (samples);
  fill (batch, samples, ROWS);
  const float *const *all = mx_evaluator_run (many, batch);
  for (int r = 0; r < ROWS; r++) {
    fill (batch, samples + r * FLOATS, 1);
    const float *const *alone = mx_evaluator_run (one, batch);
    for (size_t e = 0; e < network->program->n_stages; e++)
      ck_assert_mem_eq (alone[e], all[e] + r * 3, 3 * sizeof (float));
  }
  mx_batch_free (batch);
  mx_evaluator_free (one);
  mx_evaluator_free (many);
  mx_parallel_free (parallel);
}
END_TEST

static void
add_tests (TCase *tcase)
{
  tcase_add_loop_test (
      tcase, every_exit_answers_as_it_would_in_a_stream, 0, N_NETS);
  tcase_add_loop_test (tcase, an_answer_depends_on_its_window_alone, 0, N_NETS);
}

CHECK_MAIN ("evaluator", add_tests)
