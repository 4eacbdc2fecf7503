/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What budget, temporal patience and difference detection save on real people,
 * and what it costs: the shipped model of activities on the windows of six
 * people it never met, as they follow each other.  Skipped where the
 * recordings are not. */

#include "mx-model-file.h"
#include "mx-session.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check-main.h"

#define WINDOW (128 * 6) /* floats */

typedef struct {
  GPtrArray *paths; /* in the order of time */
  float *samples;   /* [paths][WINDOW] */
  size_t *labels;
} Recordings;

static int
compare_recordings (gconstpointer a, gconstpointer b)
{
  const char *x = strrchr (*(char **)a, '/'), *y = strrchr (*(char **)b, '/');

  return strcmp (x, y);
}

static void
read_samples (const char *path, float *samples)
{
  g_autofree char *bytes = NULL;
  gsize length, size = WINDOW * sizeof (float);

  ck_assert (g_file_get_contents (path, &bytes, &length, NULL));
  ck_assert_uint_gt (length, size);
  /* Its chunk of data is the last. */
  memcpy (samples, bytes + length - size, size);
}

static bool
find_recordings (Recordings *recordings, const MxDescription *description)
{
  g_autofree char *folder =
      g_build_filename (g_getenv ("MX_SHARED"), "data", "hapt", NULL);
  g_autofree char *manifest = g_build_filename (folder, "manifest.csv", NULL);
  g_autofree char *text = NULL;

  if (!g_file_get_contents (manifest, &text, NULL, NULL)) {
    g_print ("skipped: no recordings at %s (MX_SHARED)\n", folder);
    return false;
  }
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  recordings->paths = g_ptr_array_new_with_free_func (g_free);
  for (char **line = lines; *line != NULL; line++) {
    if (g_str_has_prefix (*line, "test/"))
      g_ptr_array_add (recordings->paths,
          g_build_filename (folder, strtok (*line, ","), NULL));
  }
  g_ptr_array_sort (recordings->paths, compare_recordings);
  recordings->samples = g_new (float, recordings->paths->len *WINDOW);
  recordings->labels = g_new (size_t, recordings->paths->len);
  for (guint i = 0; i < recordings->paths->len; i++) {
    const char *path = g_ptr_array_index (recordings->paths, i);
    g_autofree char *parent = g_path_get_dirname (path);
    g_autofree char *label = g_path_get_basename (parent);

    read_samples (path, recordings->samples + i * WINDOW);
    recordings->labels[i] = mx_description_find_label (description, label);
  }
  return true;
}

typedef struct {
  double accuracy, cost, skipped;
} Outcome;

static Outcome
evaluate (MxNetwork *network, const Recordings *recordings,
    const MxPolicy *policy, const char *name)
{
  size_t n = recordings->paths->len;
  MxSession *session = mx_session_new (network);
  Outcome outcome = {0};

  mx_session_set_policy (session, policy);
  mx_session_set_hop (session, 128);
  for (size_t i = 0; i < n; i++) {
    MxResult result;
    bool answered;

    mx_session_push (
        session, recordings->samples + i * WINDOW, 128, &result, &answered);
    ck_assert (answered);
    outcome.accuracy += (double)(result.label == recordings->labels[i]) / n;
    outcome.cost += (double)result.macs / result.macs_full / n;
    outcome.skipped += (double)result.skipped / n;
  }
  g_print ("%-28s accuracy %.2f %%  cost %5.2f %%  skipped %4.1f %%  threshold "
           "at the end %.3f\n",
      name, 100 * outcome.accuracy, 100 * outcome.cost, 100 * outcome.skipped,
      mx_session_get_threshold (session));
  mx_session_free (session);
  return outcome;
}

static void
try_budgets (MxNetwork *network, const Recordings *recordings, double accuracy)
{
  static const float budgets[] = {.25f, .3f, .5f, .8f};
  static const char *const kinds[] = {
      "confidence", "entropy", "margin", "patience", "last"};

  for (size_t i = 0; i < G_N_ELEMENTS (budgets); i++) {
    for (int kind = MX_POLICY_CONFIDENCE; kind <= MX_POLICY_LAST; kind++) {
      g_autofree char *name =
          g_strdup_printf ("%s, budget %.2f", kinds[kind], budgets[i]);
      MxPolicy policy;
      Outcome outcome;

      mx_policy_init (&policy);
      policy.kind = kind;
      policy.budget = budgets[i];
      outcome = evaluate (network, recordings, &policy, name);
      ck_assert_double_lt (outcome.cost, budgets[i] + .02);
      /* Patience may need less. */
      if (kind != MX_POLICY_PATIENCE)
        ck_assert_double_gt (outcome.cost, budgets[i] - .02);
      if (kind == MX_POLICY_CONFIDENCE)
        ck_assert_double_gt (outcome.accuracy, accuracy - .04);
    }
  }
}

START_TEST (real_people_are_recognised_within_the_budget)
{
  g_autofree char *path =
      g_build_filename (g_getenv ("MX_MODELS"), "activity.safetensors", NULL);
  g_autoptr (MxNetwork) network = mx_model_file_load (path, NULL);
  Recordings recordings;
  MxPolicy policy;
  Outcome plain, outcome;

  ck_assert_ptr_nonnull (network);
  if (!find_recordings (&recordings, network->description))
    return;
  mx_policy_init (&policy);
  plain = evaluate (network, &recordings, &policy, "confidence .8");
  ck_assert_double_gt (plain.accuracy, .85);
  try_budgets (network, &recordings, plain.accuracy);

  mx_policy_init (&policy);
  policy.temporal_patience = 4;
  outcome = evaluate (network, &recordings, &policy, "temporal patience 4");
  ck_assert_double_lt (outcome.cost, plain.cost);
  policy.kind = MX_POLICY_LAST;
  outcome = evaluate (network, &recordings, &policy, "the same, policy last");
  ck_assert_double_lt (outcome.cost, .8);
  ck_assert_double_gt (outcome.accuracy, plain.accuracy - .02);

  mx_policy_init (&policy);
  policy.difference_threshold = .1f;
  outcome = evaluate (network, &recordings, &policy, "difference .1");
  ck_assert_double_lt (outcome.cost, plain.cost);
  ck_assert_double_gt (outcome.accuracy, plain.accuracy - .02);
  /* What lying still saves for minutes is not all spent later. */
  policy.budget = .5f;
  outcome = evaluate (network, &recordings, &policy, "the same, budget .5");
  ck_assert_double_lt (outcome.cost, .52);
  ck_assert_double_gt (outcome.cost, .4);

  g_ptr_array_unref (recordings.paths);
  g_free (recordings.samples);
  g_free (recordings.labels);
}
END_TEST

static void
add_tests (TCase *tcase)
{
  tcase_add_test (tcase, real_people_are_recognised_within_the_budget);
}

CHECK_MAIN ("session-recordings", add_tests)
