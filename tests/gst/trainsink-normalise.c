/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* A mxtrainsink that finds mean and deviation of its channels in the data. */

#include "trainsink-rig.h"

#include "mx-model-file.h"

#include <unistd.h>

#define EXAMPLES 20
#define EPOCHS 3
#define SCALE 1000.f

static gchar *checkpoint;

static void
set_up (void)
{
  checkpoint = g_strdup_printf (
      "%s/mxtrainsink-normalise-%d", g_get_tmp_dir (), (int)getpid ());
}

static void
tear_down (void)
{
  g_unlink (checkpoint);
  g_free (checkpoint);
}

static void
begin (Rig *rig, const gchar *properties)
{
  g_autofree gchar *all = g_strdup_printf (
      "normalise=auto checkpoint-location=%s checkpoint-interval=1 %s",
      checkpoint, properties);

  rig_init (rig, all, TRUE);
  gst_element_set_state (rig->pipeline, GST_STATE_PLAYING);
  rig_begin (rig->clean, RATE, rig_labels, EXAMPLES, EPOCHS);
  rig_begin (rig->perturbed, RATE, rig_labels, EXAMPLES, EPOCHS);
}

/* Waves as high as a thousand: an untold scale. */
static void
push (Rig *rig, guint n)
{
  for (guint i = 0; i < n; i++) {
    Example example = example_of (i % EXAMPLES, i / EXAMPLES);

    example.length = 2 * WINDOW; /* whole windows, without zeros */
    rig_announce (rig->clean, &example);
    rig_push_samples (rig->clean, &example, SCALE, 1000);
    rig_announce (rig->perturbed, &example);
    rig_push_samples (rig->perturbed, &example, SCALE, 1000);
  }
}

static GBytes *
finish (Rig *rig, gfloat *std)
{
  MxNetwork *network;
  gchar *contents;
  gsize size;

  push (rig, EXAMPLES * EPOCHS);
  rig_end_both (rig);
  rig_expect_end (rig);
  network = mx_model_file_load (rig->location, NULL);
  fail_unless (network != NULL);
  memcpy (std, network->description->frontend.std, CHANNELS * sizeof *std);
  for (guint c = 0; c < CHANNELS; c++)
    fail_unless (ABS (network->description->frontend.mean[c]) < .2f * SCALE);
  mx_network_unref (network);
  fail_unless (g_file_get_contents (rig->location, &contents, &size, NULL));
  rig_clear (rig);
  return g_bytes_new_take (contents, size);
}

/* More windows than there are in an epoch: those of the first one.  A wave in
 * noise deviates by the root of 1/2 + .04. */
GST_START_TEST (test_the_model_holds_what_the_data_are_like)
{
  static const gchar *const held[] = {
      "", "normalise-windows=1", "normalise-windows=24"};
  g_autofree gchar *more = g_strdup_printf ("%s threads=3", held[__i__]);
  g_autoptr (GBytes) one = NULL;
  g_autoptr (GBytes) three = NULL;
  gfloat std[CHANNELS];
  Rig rig;

  begin (&rig, held[__i__]);
  one = finish (&rig, std);
  for (guint c = 0; c < CHANNELS; c++)
    fail_unless (std[c] > .5f * SCALE && std[c] < 1 * SCALE, "%g", std[c]);
  g_unlink (checkpoint);
  begin (&rig, more);
  three = finish (&rig, std);
  fail_unless (g_bytes_equal (one, three));
}
GST_END_TEST;

GST_START_TEST (test_a_training_that_goes_on_keeps_them)
{
  g_autoptr (GBytes) whole = NULL;
  g_autoptr (GBytes) resumed = NULL;
  gfloat std[CHANNELS];
  Rig rig;

  begin (&rig, "normalise-windows=16");
  whole = finish (&rig, std);
  g_unlink (checkpoint);
  begin (&rig, "normalise-windows=16");
  push (&rig, EXAMPLES + 5);
  while (!g_file_test (checkpoint, G_FILE_TEST_EXISTS))
    g_usleep (1000);
  rig_clear (&rig);
  begin (&rig, "normalise-windows=16 resume=true");
  resumed = finish (&rig, std);
  fail_unless (g_bytes_equal (whole, resumed));
}
GST_END_TEST;

GST_START_TEST (test_a_model_keeps_its_own)
{
  g_autofree gchar *start = NULL, *properties = NULL;
  g_autoptr (GBytes) bytes = NULL;
  gfloat std[CHANNELS];
  Rig rig;

  begin (&rig, "");
  bytes = finish (&rig, std);
  g_unlink (checkpoint);
  start = g_strconcat (checkpoint, ".start", NULL);
  fail_unless (g_file_set_contents (start, g_bytes_get_data (bytes, NULL),
      (gssize)g_bytes_get_size (bytes), NULL));
  properties = g_strdup_printf ("architecture=\"\" model-file=%s", start);
  begin (&rig, properties);
  push (&rig, 1);
  rig_end_both (&rig);
  rig_expect_error (&rig, "normalise=auto cannot be used");
  rig_clear (&rig);
  g_unlink (start);
}
GST_END_TEST;

static Suite *
trainsink_normalise_suite (void)
{
  Suite *suite = suite_create ("trainsink-normalise");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_checked_fixture (tc, set_up, tear_down);
  tcase_add_loop_test (tc, test_the_model_holds_what_the_data_are_like, 0, 3);
  tcase_add_test (tc, test_a_training_that_goes_on_keeps_them);
  tcase_add_test (tc, test_a_model_keeps_its_own);
  return suite;
}

GST_CHECK_MAIN (trainsink_normalise);
