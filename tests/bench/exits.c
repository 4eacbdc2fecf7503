/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What leaving early saves: time from a window's frames to the answer of each
 * exit, beside the multiply-accumulates executed, both as fractions of the
 * last exit's; and the share of the front end.  Exits take turns, so that all
 * meet the same busy machine. */

#include "mx-pass.h"
#include "mx-session.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define TURNS 400

static const char *const architectures[] = {"digits.json", "activity.json"};

static int
compare (const void *a, const void *b)
{
  gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;
  return (x > y) - (x < y);
}

static double
median_us (gint64 *ns)
{
  qsort (ns, TURNS, sizeof *ns, compare);
  return ns[TURNS / 2] / 1e3;
}

static gint64
now_ns (void)
{
  struct timespec t;
  clock_gettime (CLOCK_MONOTONIC, &t);
  return t.tv_sec * G_GINT64_CONSTANT (1000000000) + t.tv_nsec;
}

static MxNetwork *
make_network (const char *architecture)
{
  g_autoptr (GError) error = NULL;
  const char *const labels[] = {
      "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", NULL};
  g_autofree char *path =
      g_build_filename (g_getenv ("MX_MODELS"), architecture, NULL);
  g_autoptr (MxDescription) description =
      mx_description_new_from_file (path, labels, &error);
  if (description == NULL) {
    fprintf (stderr, "%s\n", error->message);
    exit (EXIT_FAILURE);
  }
  g_autofree float *weights = g_new (float, description->program->n_weights);
  mx_program_init_weights (description->program, 1, weights);
  return mx_network_new (description, weights);
}

static gint64
time_exit (MxPass *pass, size_t exit)
{
  gint64 start = now_ns ();
  mx_pass_begin (pass, 1);
  for (size_t s = 0; s < exit; s++)
    mx_pass_run_stage (pass, s);
  return now_ns () - start;
}

/* Samples of one window to the answer of exit 1, by a session. */
static gint64
time_session (MxSession *session, const float *samples, size_t window)
{
  MxResult result;
  bool answered;
  gint64 start = now_ns ();
  mx_session_push (session, samples, window, &result, &answered);
  return now_ns () - start;
}

static void
run (const char *architecture)
{
  static gint64 ns[MX_MAX_EXITS][TURNS], session_ns[TURNS];
  g_autoptr (MxNetwork) network = make_network (architecture);
  const MxDescription *description = network->description;
  const MxProgram *program = network->program;
  MxPass *pass = mx_pass_new (network->program, 1, false, NULL);
  mx_pass_set_weights (pass, network->program_weights, network->prepared,
      network->prepared_offset);
  MxPolicy policy;
  mx_policy_init (&policy);
  policy.max_exit = 1;
  MxSession *session = mx_session_new (network);
  mx_session_set_policy (session, &policy);
  mx_session_set_hop (session, description->window);

  MxRng rng;
  mx_rng_init (&rng, 1, 1);
  size_t n = description->window * description->channels;
  g_autofree float *samples = g_new (float, n);
  for (size_t i = 0; i < n; i++)
    samples[i] = mx_rng_normal (&rng) * .1;

  for (int turn = 0; turn < TURNS; turn++) {
    for (size_t e = 0; e < program->n_stages; e++)
      ns[e][turn] = time_exit (pass, e + 1);
    session_ns[turn] = time_session (session, samples, description->window);
  }

  double us[MX_MAX_EXITS];
  for (size_t e = 0; e < program->n_stages; e++)
    us[e] = median_us (ns[e]);
  double last = us[program->n_stages - 1];
  printf ("%s, %s kernels\n", description->name, mx_kernels_get ()->name);
  printf ("  exit     MACs   of all   time us   of all   GMAC/s\n");
  for (size_t e = 0; e < program->n_stages; e++) {
    double macs = mx_program_macs_to (program, e + 1);
    printf ("  %4zu  %7.3f M  %4.0f %%  %8.1f   %4.0f %%  %7.1f\n", e + 1,
        macs / 1e6, 100 * macs / program->macs, us[e], 100 * us[e] / last,
        macs / us[e] / 1e3);
  }
  printf ("  front end and exit 1: %.1f us, %.2f times exit 1 alone\n\n",
      median_us (session_ns), median_us (session_ns) / us[0]);
  mx_session_free (session);
  mx_pass_free (pass);
}

int
main (void)
{
  for (size_t i = 0; i < G_N_ELEMENTS (architectures); i++)
    run (architectures[i]);
  return EXIT_SUCCESS;
}
