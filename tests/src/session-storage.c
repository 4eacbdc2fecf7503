/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What a session answers in 16 bits, streamed or windowed: about what it
 * answers in floats, with two bfloat16 nearly; with weights stored in halves to
 * the bit what it answers with these numbers in floats; in bfloat16 the same
 * bits whatever the hop. */

#include "stream-nets.h"

#include "check-main.h"
#include "mx-kernels-bf16.h"
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

/* Values of the program, one after the other as they were computed. */
static void
keep (size_t value, const MxTensor *tensor, void *user_data)
{
  GPtrArray *values = user_data;

  while (values->len <= value)
    g_ptr_array_add (values, g_array_new (FALSE, FALSE, sizeof (float)));
  g_array_append_vals (values->pdata[value], mx_tensor_row (tensor, 0),
      (guint)(tensor->time * tensor->channels));
}

/* @hops: from window to window, of the hops of the network.  @values: NULL, or
 * to be filled. */
static Answers
hear_values (MxNetwork *network, size_t hops, GPtrArray *values)
{
  const MxObserver observer = {values != NULL ? keep : NULL, values};
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
  mx_session_set_observer (session, &observer);
  mx_session_set_hop (session, hops * network->description->hop);
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
  ck_assert_uint_gt (answers.n, 5 / hops);
  return answers;
}

static Answers
hear (MxNetwork *network, size_t hops)
{
  return hear_values (network, hops, NULL);
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
  const Answers of_halves = hear (halves, 1), of_floats = hear (floats, 1);
  Answers of_rounded;

  assert_near (&of_halves, &of_floats, 5e-3f);
  ck_assert_uint_gt (round_weights (floats, halves), 0);
  of_rounded = hear (floats, 1);
  ck_assert_mem_eq (&of_halves, &of_rounded, sizeof of_halves);
  ck_assert_mem_ne (&of_halves, &of_floats, sizeof of_halves);
}
END_TEST

/* How far values are from others, of their size (root of the mean square). */
static double
distance (const GArray *values, const GArray *others)
{
  double squares = 0, errors = 0;

  ck_assert_uint_eq (values->len, others->len);
  for (guint i = 0; i < values->len; i++) {
    double value = g_array_index (values, float, i);
    double error = value - g_array_index (others, float, i);

    squares += value * value;
    errors += error * error;
  }
  return sqrt (errors / (squares + 1e-30));
}

/* How far the values of the network's layers may be from those in floats.
 * Each rounding is off by up to 2^-8, .004, of a number, of two by 2^-17;
 * layers amplify. */
static const struct {
  MxStorage storage;
  double most;
} bf16[] = {{MX_STORAGE_BF16, 1.0 / 50}, {MX_STORAGE_BF16X3, 1.0 / 5000}};

/* Each network in each way. */
static MxNetwork *
network_of_test (int test)
{
  const uint64_t seed = (uint64_t)test / G_N_ELEMENTS (bf16);
  g_autofree char *json = random_net (seed);

  return network_of (json, seed);
}

START_TEST (bfloat16_computes_about_what_floats_do)
{
  const size_t way = (size_t)_i % G_N_ELEMENTS (bf16);
  g_autoptr (MxNetwork) floats = network_of_test (_i);
  g_autoptr (MxNetwork) rounded =
      mx_network_new_stored (floats, bf16[way].storage);
  g_autoptr (MxNetwork) again = mx_network_new_stored (rounded, MX_STORAGE_F32);
  g_autoptr (GPtrArray) of_floats =
      g_ptr_array_new_with_free_func ((GDestroyNotify)g_array_unref);
  g_autoptr (GPtrArray) of_bf16 =
      g_ptr_array_new_with_free_func ((GDestroyNotify)g_array_unref);
  const Answers first = hear_values (floats, 1, of_floats);
  const Answers second = hear (again, 1);

  hear_values (rounded, 1, of_bf16);
  for (guint v = 0; v < of_floats->len; v++)
    ck_assert_double_le (
        distance (of_floats->pdata[v], of_bf16->pdata[v]), bf16[way].most);
  ck_assert_mem_eq (&first, &second, sizeof first);
}
END_TEST

/* Of a stream other frames come at a time then. */
START_TEST (bfloat16_answers_alike_whatever_the_hop)
{
  const size_t way = (size_t)_i % G_N_ELEMENTS (bf16);
  g_autoptr (MxNetwork) floats = network_of_test (_i);
  g_autoptr (MxNetwork) rounded =
      mx_network_new_stored (floats, bf16[way].storage);
  const Answers every = hear (rounded, 1), third = hear (rounded, 3);

  for (size_t i = 0; i < third.n && 3 * i < every.n; i++)
    ck_assert_mem_eq (every.probabilities[3 * i], third.probabilities[i],
        sizeof third.probabilities[i]);
}
END_TEST

/* Otherwise they would be floats, and no test of theirs says anything. */
START_TEST (two_bfloat16_are_not_floats_where_they_are_served)
{
  size_t others = 0;

  for (uint64_t seed = 0; seed < NETS; seed++) {
    g_autofree char *json = random_net (seed);
    g_autoptr (MxNetwork) floats = network_of (json, seed);
    g_autoptr (MxNetwork) two =
        mx_network_new_stored (floats, MX_STORAGE_BF16X3);
    const Answers first = hear (floats, 1), second = hear (two, 1);

    others += memcmp (&first, &second, sizeof first) != 0;
  }
  if (mx_kernels_bf16_get ()->split != NULL)
    ck_assert_uint_gt (others, NETS / 2);
  else
    ck_assert_uint_eq (others, 0);
}
END_TEST

static void
add_tests (TCase *tcase)
{
  tcase_add_loop_test (
      tcase, halves_answer_as_the_same_numbers_in_floats, 0, NETS);
  tcase_add_loop_test (tcase, bfloat16_computes_about_what_floats_do, 0,
      NETS * G_N_ELEMENTS (bf16));
  tcase_add_loop_test (tcase, bfloat16_answers_alike_whatever_the_hop, 0,
      NETS * G_N_ELEMENTS (bf16));
  tcase_add_test (tcase, two_bfloat16_are_not_floats_where_they_are_served);
}

CHECK_MAIN ("session-storage", add_tests)
