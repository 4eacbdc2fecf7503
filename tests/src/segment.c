/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What training sees of a window is what a live stream makes of it. */

#include "mx-segment.h"

#include "check-main.h"
#include "mx-gradient.h"
#include "mx-history.h"
#include "mx-session.h"
#include "stream-nets.h"

#include <math.h>

#define NETS 120
#define ROWS 3

typedef struct {
  MxNetwork *network;
  MxProgram *program; /* for segments */
  MxSegmentPlan plan;
  MxPass *pass;
  float *weights, *prepared;
  size_t *offset;
  MxRng rng;
} Fixture;

static void
replace (char **text, const char *from, const char *to)
{
  g_auto (GStrv) pieces = g_strsplit (*text, from, -1);

  g_free (*text);
  *text = g_strjoinv (to, pieces);
}

/* Without the layers that training computes otherwise on purpose. */
static char *
deterministic_net (uint64_t seed)
{
  char *json = random_net (seed);

  replace (&json, "batch-norm", "gelu");
  replace (&json, "dropout", "gelu");
  return json;
}

static void
prepare (Fixture *f)
{
  mx_pass_prepare (f->program, true, f->weights, f->prepared, f->offset, NULL);
}

/* @more: phases of past; false: nothing of that network is streamed. */
static bool
setup (Fixture *f, uint64_t seed, size_t most_past, size_t more)
{
  g_autofree char *json = deterministic_net (seed);
  size_t size;

  f->network = network_of (json, seed);
  const MxProgram *program = f->network->description->program;
  if (program->n_streamed == 0) {
    mx_network_unref (f->network);
    return false;
  }
  mx_rng_init (&f->rng, seed, 3);
  mx_segment_plan_init (&f->plan, program, most_past);
  f->plan.past += more * f->plan.phases;
  f->plan.frames += more * f->plan.phases;
  f->program = mx_segment_program (program, f->plan.frames);
  f->weights =
      g_memdup2 (f->network->weights, program->n_weights * sizeof (float));
  f->offset = mx_pass_prepared_layout (f->program, true, &size);
  f->prepared = g_new0 (float, size + 1);
  f->pass = mx_pass_new (f->program, ROWS, true, NULL);
  mx_pass_set_weights (f->pass, f->weights, f->prepared, f->offset);
  prepare (f);
  return true;
}

static void
teardown (Fixture *f)
{
  mx_pass_free (f->pass);
  mx_program_unref (f->program);
  mx_network_unref (f->network);
  g_free (f->weights);
  g_free (f->prepared);
  g_free (f->offset);
}

static size_t
below (Fixture *f, size_t n)
{
  return mx_rng_below (&f->rng, n);
}

/* From 1 to `most`, of what is left. */
static size_t
piece_of (Fixture *f, size_t left, size_t most)
{
  size_t piece = 1 + below (f, most);

  return MIN (piece, left);
}

/* ------------------------------------------------------------- streams */

static void
hear_in_pieces (Fixture *f, MxHistory *history, const float *samples, size_t n)
{
  size_t channels = f->network->description->channels;

  for (size_t at = 0, piece; at < n; at += piece) {
    piece = piece_of (f, n - at, 300);
    mx_history_hear (history, samples + at * channels, piece);
  }
}

/* Logits of the window at every exit.  The segment lies on the grid as the
 * stream does: it begins where the deepest frames do, in each row of the batch
 * at another such place. */
static void
run_window (Fixture *f, const MxHistory *history, size_t window)
{
  size_t features = f->program->values[0].shape.channels;
  size_t floats = f->plan.frames * features;
  size_t last[ROWS];
  MxTensor input = mx_pass_begin (f->pass, ROWS);

  for (size_t r = 0; r < ROWS; r++) {
    size_t lead = f->plan.past - (f->plan.phases - 1) - r * f->plan.phases;

    if (window < lead)
      lead = window;
    else
      lead += (window - lead) % f->plan.phases;
    memcpy (mx_tensor_row (&input, r), mx_history_get (history, window - lead),
        floats * sizeof (float));
    last[r] = lead + f->network->description->frames - 1;
  }
  mx_pass_set_windows (f->pass, last);
  for (size_t s = 0; s < f->program->n_stages; s++)
    mx_pass_run_stage (f->pass, s);
}

static void
check_answer (Fixture *f, const MxResult *result)
{
  const MxTensor *logits =
      mx_pass_get_value (f->pass, f->program->stages[result->exit - 1].logits);

  for (size_t r = 0; r < ROWS; r++) {
    const float *z = mx_tensor_row (logits, r);
    double sum = 0;

    for (size_t k = 0; k < CLASSES; k++)
      sum += exp (z[k] - z[0]);
    for (size_t k = 0; k < CLASSES; k++)
      ck_assert_double_eq_tol (
          exp (z[k] - z[0]) / sum, result->probabilities[k], 2e-5);
  }
}

/* The past as long as a window can depend on, here; a shorter one cuts off what
 * lies further back. */
START_TEST (a_window_means_the_same_in_a_segment_and_on_the_stream)
{
  Fixture f;

  if (!setup (&f, _i, G_MAXINT32, ROWS))
    return;
  const MxDescription *description = f.network->description;
  size_t step = mx_frontend_config_hop (&description->frontend);
  size_t n = description->window * (3 + below (&f, 10)) + below (&f, step) +
             mx_description_get_latency (description);
  g_autofree float *samples = g_new (float, n * description->channels);
  MxHistory *history = mx_history_new (f.network->description);
  MxSession *session = mx_session_new (f.network);
  MxPolicy policy;
  bool answered;
  size_t answers = 0;

  for (size_t i = 0; i < n * description->channels; i++)
    samples[i] = mx_rng_normal (&f.rng);
  hear_in_pieces (&f, history, samples, n);
  mx_history_hear_silence (history, (f.plan.frames + 1) * step);
  mx_policy_init (&policy);
  policy.kind = MX_POLICY_LAST;
  policy.max_exit = 1 + below (&f, f.program->n_stages);
  mx_session_set_policy (session, &policy);
  mx_session_set_hop (session, (1 + below (&f, description->frames)) * step);
  for (size_t at = 0; at < n;) {
    MxResult result;

    at += mx_session_push (session, samples + at * description->channels,
        piece_of (&f, n - at, 500), &result, &answered);
    if (!answered)
      continue;
    run_window (&f, history, result.start / step);
    check_answer (&f, &result);
    answers++;
  }
  ck_assert_uint_gt (answers, 0);
  mx_session_free (session);
  mx_history_free (history);
  teardown (&f);
}
END_TEST

START_TEST (what_was_dropped_is_all_that_a_history_forgets)
{
  Fixture f;

  if (!setup (&f, _i, 0, 0))
    return;
  const MxDescription *description = f.network->description;
  size_t step = mx_frontend_config_hop (&description->frontend);
  size_t features = description->frontend.features;
  size_t n = 40 * step + below (&f, 500 * step);
  g_autofree float *samples = g_new (float, n * description->channels);
  MxHistory *whole = mx_history_new (f.network->description);
  MxHistory *latest = mx_history_new (f.network->description);

  for (int pass = 0; pass < 2; pass++) {
    size_t first = 0;

    for (size_t i = 0; i < n * description->channels; i++)
      samples[i] = mx_rng_normal (&f.rng);
    samples[n / 2] = NAN;
    mx_history_reset (whole);
    mx_history_hear (whole, samples, n);
    mx_history_reset (latest);
    for (size_t at = 0, piece; at < n; at += piece) {
      piece = piece_of (&f, n - at, 30 * step);
      mx_history_hear (latest, samples + at * description->channels, piece);
      size_t end = mx_history_get_frames (latest);
      size_t kept = piece_of (&f, end - first, 20);
      first = end - kept;
      mx_history_drop (latest, first);
      ck_assert_mem_eq (mx_history_get (latest, first),
          mx_history_get (whole, first),
          (end - first) * features * sizeof (float));
    }
    ck_assert_uint_eq (
        mx_history_get_frames (latest), mx_history_get_frames (whole));
    ck_assert_uint_eq (mx_history_get_samples (latest), n);
  }
  mx_history_free (whole);
  mx_history_free (latest);
  teardown (&f);
}
END_TEST

/* ----------------------------------------------------------- gradients */

/* A weighted sum of all logits, the windows of the rows at different places. */
static double
sum_of_logits (Fixture *f, MxGradient *gradient, float *gradients)
{
  const size_t frames = f->network->description->frames;
  size_t last[ROWS];
  double sum = 0;
  MxTensor input = mx_pass_begin (f->pass, ROWS);
  MxRng rng;

  mx_rng_init (&rng, 5, 5);
  for (size_t r = 0; r < ROWS; r++) {
    for (size_t i = 0; i < input.time * input.channels; i++)
      mx_tensor_row (&input, r)[i] = mx_rng_normal (&rng);
    last[r] = f->plan.past - r % f->plan.phases + frames - 1;
  }
  mx_pass_set_windows (f->pass, last);
  prepare (f);
  for (size_t s = 0; s < f->program->n_stages; s++) {
    MxTensor logits = mx_pass_run_stage (f->pass, s);

    for (size_t i = 0; i < ROWS * CLASSES; i++) {
      float weight = mx_rng_normal (&rng);

      mx_gradient_get_logits (gradient, s)[i] = weight;
      sum += weight * mx_tensor_row (&logits, i / CLASSES)[i % CLASSES];
    }
  }
  if (gradients != NULL)
    mx_gradient_run (gradient, gradients);
  return sum;
}

START_TEST (gradients_through_the_slice_equal_finite_differences)
{
  Fixture f;

  if (!setup (&f, _i, 10, 0))
    return;
  const size_t n = f.program->n_trainable;
  g_autofree float *gradients = g_new (float, f.program->n_weights);
  MxGradient *gradient = mx_gradient_new (f.pass, ROWS);
  double error = 0, norm = 0;
  const float step = 1e-3f;

  sum_of_logits (&f, gradient, gradients);
  for (size_t i = 0; i < n; i += 1 + n / 200) {
    float w = f.weights[i];

    f.weights[i] = w + step;
    double up = sum_of_logits (&f, gradient, NULL);
    f.weights[i] = w - step;
    double down = sum_of_logits (&f, gradient, NULL);
    f.weights[i] = w;
    double numeric = (up - down) / (2 * step);
    error += pow (numeric - gradients[i], 2);
    norm += pow (numeric, 2) + pow (gradients[i], 2);
  }
  ck_assert_double_gt (norm, 1e-4);
  /* A kink of ReLU or max within the step costs a little. */
  ck_assert_msg (
      sqrt (error / norm) < 2e-2, "relative error %g", sqrt (error / norm));
  mx_gradient_free (gradient);
  teardown (&f);
}
END_TEST

static void
add_tests (TCase *tcase)
{
  tcase_add_loop_test (
      tcase, a_window_means_the_same_in_a_segment_and_on_the_stream, 0, NETS);
  tcase_add_loop_test (
      tcase, what_was_dropped_is_all_that_a_history_forgets, 0, 30);
  tcase_add_loop_test (
      tcase, gradients_through_the_slice_equal_finite_differences, 0, 40);
}

CHECK_MAIN ("segment", add_tests)
