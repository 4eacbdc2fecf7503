/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What a session answers with weights stored in halves: to the bit what it
 * answers with these numbers in floats, about what it answers with those they
 * were rounded from, streamed or windowed. */

#include "stream-nets.h"

#include "check-main.h"
#include "mx-pass.h"
#include "mx-session.h"

#include <math.h>
#include <string.h>

#define NETS 40
#define WINDOWS 20
#define N 4000

/* Answers of the deepest exit. */
typedef struct {
  size_t n;
  float probabilities[WINDOWS][CLASSES];
} Answers;

static Answers
hear (MxNetwork *network)
{
  const size_t channels = network->description->channels;
  g_autofree float *samples = g_new (float, N *channels);
  MxSession *session = mx_session_new (network);
  Answers answers = {0};
  MxPolicy policy;
  MxRng rng;

  mx_rng_init (&rng, 3, 0);
  for (size_t i = 0; i < N * channels; i++)
    samples[i] = (float)mx_rng_normal (&rng);
  mx_policy_init (&policy);
  policy.kind = MX_POLICY_LAST;
  mx_session_set_policy (session, &policy);
  for (size_t at = 0; at < N && answers.n < WINDOWS;) {
    MxResult result;
    bool answered;

    at += mx_session_push (
        session, samples + at * channels, N - at, &result, &answered);
    if (answered)
      memcpy (answers.probabilities[answers.n++], result.probabilities,
          sizeof answers.probabilities[0]);
  }
  mx_session_free (session);
  ck_assert_uint_gt (answers.n, 5);
  return answers;
}

/* In place: the weights of layers that `halves` stores so. */
static size_t
round_weights (MxNetwork *floats, const MxNetwork *halves)
{
  const MxProgram *program = floats->program;
  size_t rounded = 0;

  for (size_t i = 0; i < program->n_layers; i++) {
    const MxParameter *weight = &program->layers[i]->parameters[0];
    float *w = floats->program_weights + weight->offset;

    if (!halves->program->layers[i]->half)
      continue;
    rounded++;
    for (size_t k = 0; k < weight->size; k++)
      w[k] = mx_half_to_float (mx_half_from_float (w[k]));
  }
  mx_pass_prepare (program, false, floats->program_weights, floats->prepared,
      floats->prepared_offset, NULL);
  return rounded;
}

static void
assert_near (const Answers *a, const Answers *b, float tolerance)
{
  ck_assert_uint_eq (a->n, b->n);
  for (size_t i = 0; i < a->n; i++)
    for (size_t k = 0; k < CLASSES; k++)
      ck_assert_float_eq_tol (
          a->probabilities[i][k], b->probabilities[i][k], tolerance);
}

START_TEST (halves_answer_as_the_same_numbers_in_floats)
{
  g_autofree char *json = random_net ((uint64_t)_i);
  g_autoptr (MxNetwork) floats = network_of (json, (uint64_t)_i);
  g_autoptr (MxNetwork) halves = mx_network_new_stored (floats, MX_STORAGE_F16);
  const Answers of_halves = hear (halves), of_floats = hear (floats);
  Answers of_rounded;

  assert_near (&of_halves, &of_floats, 5e-3f);
  ck_assert_uint_gt (round_weights (floats, halves), 0);
  of_rounded = hear (floats);
  ck_assert_mem_eq (&of_halves, &of_rounded, sizeof of_halves);
  ck_assert_mem_ne (&of_halves, &of_floats, sizeof of_halves);
}
END_TEST

static void
add_tests (TCase *tcase)
{
  tcase_add_loop_test (
      tcase, halves_answer_as_the_same_numbers_in_floats, 0, NETS);
}

CHECK_MAIN ("session-halves", add_tests)
