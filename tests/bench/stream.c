/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What streaming saves: the same network, its stages streamed or windowed, on
 * windows that start a tenth of a window apart.  For each exit the time and the
 * multiply-accumulates of a hop, without the front end, and their ratios; then
 * the time with it.  Both take turns, so that they meet the same busy machine.
 */

#include "mx-session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HOPS 600
#define WARM                                                                   \
  60 /* hops before what is measured: the first window is a whole one */

static const char *const architectures[] = {
    "words-stream.json", "activity-stream.json"};

typedef struct {
  MxNetwork *network;
  MxSession *session;
  double stages[HOPS], all[HOPS]; /* ns */
  double macs;
} Side;

static int
compare (const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double
median_us (double *ns)
{
  qsort (ns + WARM, HOPS - WARM, sizeof *ns, compare);
  return ns[WARM + (HOPS - WARM) / 2] / 1e3;
}

static MxNetwork *
make_network (const char *architecture, bool streamed)
{
  g_autoptr (GError) error = NULL;
  const char *const labels[] = {
      "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", NULL};
  g_autofree char *path =
      g_build_filename (g_getenv ("MX_MODELS"), architecture, NULL);
  g_autofree char *text = NULL;
  g_autoptr (MxDescription) description = NULL;

  if (g_file_get_contents (path, &text, NULL, &error)) {
    char *member = strstr (text, "\"streamed\": 4");
    if (!streamed && member != NULL)
      member[strlen ("\"streamed\": ")] = '0';
    description = mx_description_new (text, -1, path, labels, &error);
  }
  if (description == NULL) {
    fprintf (stderr, "%s\n", error->message);
    exit (EXIT_FAILURE);
  }
  g_autofree float *weights = g_new (float, description->program->n_weights);
  mx_program_init_weights (description->program, 1, weights);
  return mx_network_new (description, weights);
}

static double
stage_time (const MxSession *session, double *all)
{
  MxTimings timings;
  double ns = 0;

  mx_session_get_timings (session, &timings);
  for (size_t s = 0; s < MX_MAX_EXITS; s++)
    ns += timings.times[s];
  *all = ns + timings.frontend_ns;
  return ns;
}

/* Pushes until the next answer. */
static void
hear_hop (Side *side, const float *samples, size_t n, size_t *at, int hop)
{
  const size_t channels = side->network->description->channels;
  double all, stages = stage_time (side->session, &all), all_after;
  MxResult result;
  bool answered = false;

  while (!answered) {
    *at += mx_session_push (
        side->session, samples + *at * channels, n - *at, &result, &answered);
    if (*at == n)
      *at = 0;
  }
  side->stages[hop] = stage_time (side->session, &all_after) - stages;
  side->all[hop] = all_after - all;
  if (hop >= WARM)
    side->macs += (double)result.macs / (HOPS - WARM);
}

static void
run_exit (const char *architecture, unsigned exit)
{
  Side sides[2] = {0};
  size_t at[2] = {0}, n = 0;
  g_autofree float *samples = NULL;
  double stages[2], all[2];

  for (int k = 0; k < 2; k++) {
    MxPolicy policy;

    sides[k].network = make_network (architecture, k == 0);
    sides[k].session = mx_session_new (sides[k].network);
    mx_policy_init (&policy);
    policy.kind = MX_POLICY_LAST;
    policy.max_exit = exit;
    mx_session_set_policy (sides[k].session, &policy);
  }
  const MxDescription *description = sides[0].network->description;
  n = description->window * 5;
  samples = g_new (float, n * description->channels);
  MxRng rng;
  mx_rng_init (&rng, 1, 1);
  for (size_t i = 0; i < n * description->channels; i++)
    samples[i] = mx_rng_normal (&rng) * .1;

  for (int hop = 0; hop < HOPS; hop++)
    for (int k = 0; k < 2; k++)
      hear_hop (&sides[k], samples, n, &at[k], hop);
  for (int k = 0; k < 2; k++) {
    stages[k] = median_us (sides[k].stages);
    all[k] = median_us (sides[k].all);
    mx_session_free (sides[k].session);
  }
  printf ("  %4u  %8.1f %8.1f %6.1f  %8.1f %8.1f %6.1f  %8.1f %8.1f %6.1f\n",
      exit, sides[0].macs / 1e3, sides[1].macs / 1e3,
      sides[1].macs / sides[0].macs, stages[0], stages[1],
      stages[1] / stages[0], all[0], all[1], all[1] / all[0]);
  for (int k = 0; k < 2; k++)
    mx_network_unref (sides[k].network);
}

int
main (void)
{
  for (size_t i = 0; i < G_N_ELEMENTS (architectures); i++) {
    g_autoptr (MxNetwork) network = make_network (architectures[i], true);
    g_autofree char *summary = mx_description_summary (network->description);

    printf ("%s, %s kernels\n%s\n", architectures[i], mx_kernels_get ()->name,
        summary);
    printf ("        thousands of MACs         us of the stages          us "
            "with the front end\n");
    printf ("  exit  streamed windowed  ratio  streamed windowed  ratio  "
            "streamed windowed  ratio\n");
    for (unsigned exit = 1; exit <= network->program->n_stages; exit++)
      run_exit (architectures[i], exit);
    printf ("\n");
  }
  return EXIT_SUCCESS;
}
