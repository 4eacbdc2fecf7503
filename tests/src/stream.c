/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "stream-nets.h"
#include "stream-oracle.h"

#include "check-main.h"
#include "mx-grid.h"
#include "mx-session.h"

#include <string.h>

#define NETS 160
#define MAX_WINDOWS 700

typedef struct {
  MxNetwork *network;
  size_t n, channels, frames; /* samples of the recording, frames of a window */
  size_t hop, step;           /* samples; of the front end */
  float *samples;
  uint64_t now; /* ns */
  MxRng rng;
} Fixture;

typedef struct {
  MxResult result;
  float probabilities[CLASSES];
  size_t heard; /* samples, when it came */
} Answer;

static size_t
below (Fixture *f, size_t n)
{
  return mx_rng_below (&f->rng, n);
}

/* Noise with stretches of silence, so that something is skipped. */
static void
make_samples (Fixture *f)
{
  f->samples = g_new0 (float, f->n * f->channels);
  for (size_t i = 0; i < f->n * f->channels; i++)
    if (i / f->channels / (4 * f->frames * f->step) % 3 != 1)
      f->samples[i] = mx_rng_normal (&f->rng);
}

static void
setup (Fixture *f, int seed)
{
  g_autofree char *json = random_net (seed);

  memset (f, 0, sizeof *f);
  mx_rng_init (&f->rng, seed, 9);
  f->network = network_of (json, seed);
  const MxDescription *description = f->network->description;
  f->channels = description->channels;
  f->step = mx_frontend_config_hop (&description->frontend);
  f->frames = description->frames;
  f->hop = (1 + below (f, seed % 3 ? f->frames : 3 * f->frames)) * f->step;
  f->n = description->window +
         f->hop * below (f, MIN (50, 1200 * f->step / f->hop)) +
         below (f, f->hop);
  make_samples (f);
}

static void
teardown (Fixture *f)
{
  mx_network_unref (f->network);
  g_free (f->samples);
}

static MxPolicy
random_policy (Fixture *f)
{
  MxPolicy policy;

  mx_policy_init (&policy);
  policy.kind = below (f, MX_POLICY_LAST + 1);
  policy.max_exit = below (f, 5);
  policy.temporal_patience = below (f, 3);
  policy.difference_threshold = below (f, 3) ? 0 : .05f;
  policy.budget = below (f, 2) * .5f;
  policy.deadline = below (f, 2) * below (f, 3000);
  for (size_t i = 0; i < MX_MAX_EXITS; i++)
    policy.threshold[i] = mx_rng_range (&f->rng, .3, .8);
  return policy;
}

/* Whatever it says, answers must be right: those cut short, and those of stages
 * that came nearer before they were run. */
static uint64_t
random_clock (void *user_data)
{
  Fixture *f = user_data;

  f->now += below (f, 300);
  return f->now;
}

static MxPolicy
go_to (unsigned exit)
{
  MxPolicy policy;

  mx_policy_init (&policy);
  policy.kind = MX_POLICY_LAST;
  policy.max_exit = exit;
  return policy;
}

static void
note (Answer *answers, size_t *n, const MxResult *result, size_t heard)
{
  Answer *answer = &answers[(*n)++];

  ck_assert_uint_le (*n, MAX_WINDOWS);
  answer->result = *result;
  answer->heard = heard;
  memcpy (answer->probabilities, result->probabilities,
      sizeof answer->probabilities);
}

/* The whole recording in random pieces.  @moody: the policy changes now and
 * then.  Returns the number of answers. */
static size_t
listen (Fixture *f, MxSession *session, bool moody, Answer *answers)
{
  size_t n_answers = 0, longest = 1 + below (f, 3 * f->hop);
  MxResult result;

  for (size_t at = 0; at < f->n;) {
    size_t piece = 1 + below (f, longest);
    bool answered;

    piece = MIN (piece, f->n - at);
    if (moody && below (f, 40) == 0) {
      MxPolicy policy = random_policy (f);
      mx_session_set_policy (session, &policy);
    }
    at += mx_session_push (
        session, f->samples + at * f->channels, piece, &result, &answered);
    if (answered)
      note (answers, &n_answers, &result, at);
  }
  while (mx_session_drain (session, &result))
    note (answers, &n_answers, &result, f->n);
  return n_answers;
}

/* Frames of the recording and of the silence behind it, normalised. */
static float *
all_frames (const Fixture *f, size_t *n)
{
  const MxDescription *description = f->network->description;
  size_t length = f->n + mx_description_get_latency (description), used;
  g_autofree float *samples = g_new0 (float, length * f->channels);
  MxFrontend *frontend = mx_frontend_new (&description->frontend);

  memcpy (samples, f->samples, f->n * f->channels * sizeof *samples);
  *n = mx_frontend_config_frames (&description->frontend, length);
  float *frames = g_new (float, *n * description->frontend.features);
  mx_frontend_process (frontend, samples, length, frames, *n, &used);
  mx_frontend_flush (frontend);
  mx_frontend_normalise (&description->frontend, frames, *n, frames);
  mx_frontend_free (frontend);
  return frames;
}

static void
check_when (const Fixture *f, const Answer *answers, size_t n)
{
  const MxDescription *description = f->network->description;
  size_t latency = mx_description_get_latency (description);

  ck_assert_uint_eq (n, 1 + (f->n - description->window) / f->hop);
  for (size_t k = 0; k < n; k++) {
    const MxResult *result = &answers[k].result;
    size_t due = k * f->hop + description->window + latency;

    ck_assert_uint_eq (result->start, k * f->hop);
    ck_assert_uint_eq (result->length, description->window);
    ck_assert_uint_eq (answers[k].heard, MIN (due, f->n));
    ck_assert (result->finite);
  }
}

START_TEST (answers_are_those_of_the_whole_stream_whatever_the_policy)
{
  g_autofree Answer *answers = g_new (Answer, MAX_WINDOWS);
  Fixture f;
  Oracle oracle;
  size_t n_frames, n;

  setup (&f, _i);
  g_autofree float *frames = all_frames (&f, &n_frames);
  MxSession *session = mx_session_new (f.network);
  MxPolicy policy = random_policy (&f);

  ck_assert_uint_eq (mx_session_get_latency (session),
      mx_description_get_latency (f.network->description));
  mx_session_set_hop (session, f.hop);
  mx_session_set_clock (session, random_clock, &f);
  mx_session_set_policy (session, &policy);
  n = listen (&f, session, true, answers);
  check_when (&f, answers, n);
  oracle_hear (&oracle, f.network, frames, n_frames);
  for (size_t k = 0; k < n; k++) {
    double expected[MX_MAX_EXITS][CLASSES];
    const MxResult *result = &answers[k].result;

    if (result->skipped)
      continue;
    oracle_answer (&oracle, k * f.hop / f.step, expected);
    for (size_t c = 0; c < CLASSES; c++)
      ck_assert_msg (fabs (answers[k].probabilities[c] -
                           expected[result->exit - 1][c]) < 1e-5,
          "net %d, window %zu, exit %u: %g %g", _i, k, result->exit,
          answers[k].probabilities[c], expected[result->exit - 1][c]);
  }
  oracle_clear (&oracle);
  mx_session_free (session);
  teardown (&f);
}
END_TEST

/* Every frame by another hop, in other pieces, by another way to the exit. */
START_TEST (an_answer_has_the_same_bits_however_it_was_reached)
{
  g_autofree Answer *answers = g_new (Answer, MAX_WINDOWS);
  g_autofree Answer *other = g_new (Answer, MAX_WINDOWS);
  Fixture f;
  size_t n;

  setup (&f, _i);
  f.n = MIN (f.n, f.network->description->window + 400 * f.step);
  MxSession *session = mx_session_new (f.network);
  size_t hop = f.hop, exits = f.network->program->n_stages;

  mx_session_set_hop (session, hop);
  mx_session_set_clock (session, random_clock, &f);
  n = listen (&f, session, true, answers);
  f.hop = f.step;
  mx_session_set_hop (session, f.hop);
  for (size_t exit = 1; exit <= exits; exit++) {
    MxPolicy policy = go_to (exit);

    mx_session_set_policy (session, &policy);
    listen (&f, session, false, other);
    for (size_t k = 0; k < n; k++)
      if (answers[k].result.exit == exit && !answers[k].result.skipped)
        ck_assert_mem_eq (answers[k].probabilities,
            other[k * (hop / f.step)].probabilities,
            sizeof answers[k].probabilities);
  }
  mx_session_free (session);
  teardown (&f);
}
END_TEST

/* Layers that count what they compute. */
static const MxProgram *watched;
static const MxLayerKind *real_kind[256];
static MxLayerKind counting_kind[256];
static uint64_t executed;

static void
count_and_forward (const MxLayer *layer, const MxLayerRun *run)
{
  size_t i = 0;

  while (watched->layers[i] != layer)
    i++;
  executed += layer->macs / layer->out.time * run->y.time;
  real_kind[i]->forward (layer, run);
}

static void
watch (const MxProgram *program)
{
  watched = program;
  ck_assert_uint_le (program->n_layers, G_N_ELEMENTS (real_kind));
  for (size_t i = 0; i < program->n_layers; i++) {
    real_kind[i] = program->layers[i]->kind;
    counting_kind[i] = *real_kind[i];
    counting_kind[i].forward = count_and_forward;
    program->layers[i]->kind = &counting_kind[i];
  }
  executed = 0;
}

START_TEST (macs_are_those_executed_and_never_more_than_all)
{
  g_autofree Answer *answers = g_new (Answer, MAX_WINDOWS);
  uint64_t sum = 0, full = 0;
  Fixture f;
  size_t n;

  setup (&f, _i);
  MxSession *session = mx_session_new (f.network);
  MxPolicy policy = go_to (0);

  mx_session_set_hop (session, f.hop);
  mx_session_set_clock (session, random_clock, &f);
  watch (f.network->program);
  n = listen (&f, session, true, answers);
  for (size_t k = 0; k < n; k++) {
    sum += answers[k].result.macs;
    full += answers[k].result.macs_full;
  }
  ck_assert_uint_eq (sum, executed);
  ck_assert_uint_le (sum, full);

  executed = sum = 0;
  mx_session_set_policy (session, &policy);
  n = listen (&f, session, false, answers);
  for (size_t k = 0; k < n; k++) {
    sum += answers[k].result.macs;
    ck_assert_uint_eq (answers[k].result.macs, answers[k].result.macs_full);
  }
  ck_assert_uint_eq (sum, executed);
  mx_session_free (session);
  teardown (&f);
}
END_TEST

START_TEST (a_stream_costs_per_hop_what_the_program_says)
{
  g_autofree Answer *answers = g_new (Answer, MAX_WINDOWS);
  Fixture f;
  size_t n;

  setup (&f, _i);
  const MxProgram *program = f.network->program;
  f.hop = f.step * (1 + below (&f, MIN (6, f.frames / 3)));
  f.n = f.network->description->window + f.hop * 300;
  g_free (f.samples);
  make_samples (&f);
  MxSession *session = mx_session_new (f.network);
  mx_session_set_hop (session, f.hop);
  for (size_t exit = 1; exit <= program->n_stages; exit++) {
    MxPolicy policy = go_to (exit);
    double expected = mx_grid_macs_per_hop (program, exit, f.hop / f.step);
    double sum = 0;

    mx_session_set_policy (session, &policy);
    n = listen (&f, session, false, answers);
    for (size_t k = 1; k < n; k++)
      sum += answers[k].result.macs;
    ck_assert_double_eq_tol (sum / (n - 1), expected, .02 * expected + 1);
  }
  mx_session_free (session);
  teardown (&f);
}
END_TEST

static void
add_tests (TCase *tcase)
{
  tcase_add_loop_test (tcase,
      answers_are_those_of_the_whole_stream_whatever_the_policy, 0, NETS);
  tcase_add_loop_test (
      tcase, an_answer_has_the_same_bits_however_it_was_reached, 0, NETS / 2);
  tcase_add_loop_test (
      tcase, macs_are_those_executed_and_never_more_than_all, 0, NETS / 2);
  tcase_add_loop_test (
      tcase, a_stream_costs_per_hop_what_the_program_says, 0, NETS / 4);
}

CHECK_MAIN ("stream", add_tests)
