/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Small networks, streams for them, and what the answer for a window must be:
 * computed from the window alone, by front end, pass and policy. */
#pragma once

#include "mx-pass.h"
#include "mx-rng.h"
#include "mx-session.h"

#include <check.h>
#include <math.h>
#include <string.h>

#define CLASSES 4
#define STAGES 3
#define MAX_ANSWERS 700

#define STAGE(stride)                                                          \
  "{\"layers\": [{\"kind\": \"conv1d\", \"filters\": 6, \"kernel\": 3,"        \
  " \"stride\": " #stride "}, {\"kind\": \"batch-norm\"},"                     \
  " {\"kind\": \"relu\"}],"                                                    \
  " \"exit\": [{\"kind\": \"pool\"}, {\"kind\": \"dense\"}]}"
#define NETWORK(input, front_end)                                              \
  "{\"input\": {" input "}, " front_end                                        \
  " \"labels\": [\"a\", \"b\", \"c\", \"d\"],"                                 \
  " \"stages\": [" STAGE (1) ", " STAGE (2) ", " STAGE (2) "]}"

/* The mel windows are no multiple of the front end's hop: a few samples stand
 * behind their last frame. */
static const char *const networks[] = {
    NETWORK ("\"rate\": 50, \"channels\": 3, \"window\": 32, \"hop\": 16",
        "\"front-end\": {\"kind\": \"raw\", \"mean\": [0.1, 0, -0.1],"
        " \"std\": 0.5},"),
    NETWORK ("\"rate\": 4000, \"channels\": 1, \"window\": 207, \"hop\": 64",
        "\"front-end\": {\"kind\": \"log-mel\", \"frame\": 40, \"hop\": 16,"
        " \"fft\": 64, \"bands\": 8, \"mean\": -4, \"std\": 2},"),
    NETWORK ("\"rate\": 4000, \"channels\": 1, \"window\": 207, \"hop\": 64",
        "\"front-end\": {\"kind\": \"log-pcen\", \"frame\": 40, \"hop\": 16,"
        " \"fft\": 64, \"bands\": 8, \"mean\": 0.4, \"std\": 0.5},"),
};
enum { RAW, LOG_MEL, LOG_PCEN };

typedef struct {
  MxResult result;
  float probabilities[CLASSES];
} Answer;

static inline MxNetwork *
make_network (int i)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MxDescription) description =
      mx_description_new (networks[i], -1, "test", NULL, &error);

  ck_assert_msg (description != NULL, "%s", error ? error->message : "");
  g_autofree float *weights = g_new0 (float, description->program->n_weights);
  mx_program_init_weights (description->program, 11 + i, weights);
  return mx_network_new (description, weights);
}

static inline float *
make_noise (const MxNetwork *network, size_t n, uint64_t seed)
{
  size_t channels = network->description->channels;
  float *samples = g_new (float, n *channels);
  MxRng rng;

  mx_rng_init (&rng, seed, 0);
  for (size_t i = 0; i < n * channels; i++)
    samples[i] = mx_rng_normal (&rng) * (1 + sin (i * .02));
  return samples;
}

static inline Answer
copy_answer (const MxResult *result)
{
  Answer answer = {.result = *result};

  memcpy (
      answer.probabilities, result->probabilities, sizeof answer.probabilities);
  return answer;
}

/* All answers to samples [n], pushed in random pieces of up to `longest`. */
static inline size_t
push_all (MxSession *session, const float *samples, size_t n, size_t longest,
    Answer *answers)
{
  size_t channels = mx_session_get_network (session)->description->channels;
  size_t n_answers = 0, at = 0;
  MxRng rng;

  mx_rng_init (&rng, longest, 1);
  while (at < n) {
    size_t piece = 1 + mx_rng_below (&rng, longest);

    piece = MIN (piece, n - at);
    while (piece > 0) {
      MxResult result;
      bool answered;
      size_t used = mx_session_push (
          session, samples + at * channels, piece, &result, &answered);

      ck_assert (used <= piece && (answered || used == piece));
      at += used;
      piece -= used;
      if (!answered)
        continue;
      /* Not one sample earlier or later than it ends. */
      ck_assert_uint_eq (result.start + result.length, at);
      ck_assert_uint_lt (n_answers, MAX_ANSWERS);
      answers[n_answers++] = copy_answer (&result);
    }
  }
  return n_answers;
}

/* One window more; the session must be at the end of one, or the start. */
static inline Answer
next_window (MxSession *session, const float *samples)
{
  size_t channels = mx_session_get_network (session)->description->channels;
  MxResult result;
  bool answered = false;

  for (size_t at = 0; !answered;) {
    size_t used = mx_session_push (
        session, samples + at * channels, 1, &result, &answered);

    ck_assert_uint_eq (used, 1);
    at += used;
  }
  return copy_answer (&result);
}

/* What the answer for a window must be, from its frames, with all stages. */
static inline Answer
evaluate_frames (
    const MxNetwork *network, const float *frames, const MxPolicy *policy)
{
  const MxDescription *description = network->description;
  MxPass *pass = mx_pass_new (network->program, 1, false, NULL);
  MxPolicyState state = {0};
  Answer answer = {.result.exit = 0};

  mx_pass_set_weights (pass, network->program_weights, network->prepared,
      network->prepared_offset);
  MxTensor input = mx_pass_begin (pass, 1);
  mx_frontend_normalise (
      &description->frontend, frames, description->frames, input.data);
  for (unsigned exit = 1; exit <= STAGES; exit++) {
    MxTensor logits = mx_pass_run_stage (pass, exit - 1);
    float probabilities[CLASSES];

    mx_softmax (logits.data, CLASSES, 1, probabilities);
    if (answer.result.exit == 0 && mx_policy_stops (policy, &state, exit,
                                       STAGES, probabilities, CLASSES)) {
      answer.result.exit = exit;
      memcpy (answer.probabilities, probabilities, sizeof probabilities);
    }
  }
  mx_pass_free (pass);
  return answer;
}

/* A new array: the frames of the whole recording. */
static inline float *
all_frames (const MxNetwork *network, const float *samples, size_t n)
{
  const MxFrontendConfig *config = &network->description->frontend;
  size_t n_frames = mx_frontend_config_frames (config, n), consumed;
  float *frames = g_new (float, n_frames * config->features);
  MxFrontend *frontend = mx_frontend_new (config);

  mx_frontend_process (frontend, samples, n, frames, n_frames, &consumed);
  mx_frontend_flush (frontend);
  mx_frontend_free (frontend);
  return frames;
}

static inline void
assert_same (const Answer *answer, const Answer *expected)
{
  ck_assert_uint_eq (answer->result.exit, expected->result.exit);
  ck_assert_mem_eq (answer->probabilities, expected->probabilities,
      sizeof answer->probabilities);
}

static inline void
assert_consistent (const MxNetwork *network, const Answer *answer)
{
  const MxResult *result = &answer->result;
  float sum = 0;

  for (size_t k = 0; k < CLASSES; k++) {
    ck_assert (isfinite (answer->probabilities[k]));
    sum += answer->probabilities[k];
  }
  ck_assert_float_eq_tol (sum, 1, 1e-5);
  ck_assert_uint_eq (result->label, mx_argmax (answer->probabilities, CLASSES));
  ck_assert_float_eq (result->confidence, answer->probabilities[result->label]);
  ck_assert_float_eq (
      result->entropy, mx_entropy (answer->probabilities, CLASSES));
  ck_assert_uint_eq (result->exits, STAGES);
  ck_assert_uint_eq (
      result->macs, mx_program_macs_to (network->program, result->exit));
  ck_assert_uint_eq (result->macs_full, network->program->macs);
}

/* A policy that sends some windows to every exit: thresholds are about the
 * median confidences of these untrained networks. */
static inline MxPolicy
mixed_policy (int network)
{
  static const float thresholds[][2] = {
      {.4f, .5f},
      {.31f, .4f},
      {.45f, .32f},
  };
  MxPolicy policy;

  mx_policy_init (&policy);
  policy.threshold[0] = thresholds[network][0];
  policy.threshold[1] = thresholds[network][1];
  return policy;
}
