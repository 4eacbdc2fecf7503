/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What the chance of mxperturb depends on: seed, epoch, index, repeat and
 * block, and nothing else. */
#include "perturb-stream.h"

#define MOST 20000 /* frames of any stream here */

static const Stream *streams[] = {&speech, &motion, &sound_without_examples};

/* Samples of one example of a stream. */
static GArray *
take_example (GArray *samples, const Stream *stream, guint number)
{
  GArray *part = g_array_new (FALSE, FALSE, sizeof (gfloat));
  guint first = 0;

  for (guint i = 0; i < number; i++)
    first += stream->examples[i].frames * stream->channels;
  g_array_append_vals (part, &g_array_index (samples, gfloat, first),
      stream->examples[number].frames * stream->channels);
  g_array_unref (samples);
  return part;
}

GST_START_TEST (test_the_size_of_buffers_does_not_matter)
{
  static const guint chunks[] = {1, 7, 160, 5000, MOST};
  Stream stream = *streams[__i__];

  for (guint i = 0; i < G_N_ELEMENTS (chunks); i++) {
    stream.chunk = chunks[i];
    fail_unless (take_equal (perturb ("seed=5", streams[__i__]),
                     perturb ("seed=5", &stream)),
        "not with buffers of %u frames", chunks[i]);
  }
}
GST_END_TEST;

GST_START_TEST (test_a_seed_repeats_and_another_differs)
{
  const Stream *stream = streams[__i__];

  fail_unless (
      take_equal (perturb ("seed=1", stream), perturb ("seed=1", stream)));
  fail_if (take_equal (perturb ("seed=1", stream), perturb ("seed=2", stream)));
}
GST_END_TEST;

GST_START_TEST (test_each_epoch_and_example_has_its_own_chance)
{
  Stream stream = motion;
  GArray *examples[4];

  stream.examples[0].frames = stream.examples[1].frames =
      stream.examples[2].frames = stream.examples[3].frames = 128;
  stream.examples[2].index = 0;
  stream.examples[2].epoch = 1;
  stream.examples[3].index = 0;
  for (guint i = 0; i < 4; i++)
    examples[i] = take_example (perturb ("", &stream), &stream, i);
  fail_unless (take_equal (g_array_ref (examples[0]), examples[3]));
  fail_if (take_equal (g_array_ref (examples[0]), examples[1]));
  fail_if (take_equal (examples[0], examples[2]));
}
GST_END_TEST;

GST_START_TEST (test_a_repeated_example_has_its_own_chance)
{
  Stream stream = motion;
  GArray *examples[4];

  for (guint i = 0; i < 4; i++) {
    stream.examples[i].frames = 128;
    stream.examples[i].index = 7;
    stream.examples[i].repeat = i;
  }
  for (guint i = 0; i < 4; i++)
    examples[i] = take_example (perturb ("", &stream), &stream, i);
  for (guint i = 1; i < 4; i++)
    fail_if (take_equal (g_array_ref (examples[0]), examples[i]));
  g_array_unref (examples[0]);
}
GST_END_TEST;

GST_START_TEST (test_each_block_has_its_own_chance)
{
  static const gchar *gains = "recipe=none gain-probability=1 gain-low=-12 "
                              "gain-high=12 block=100000000";
  const Stream stream = {SPEECH_RATE, 1, 100, {{-1, 0, 2400}}};
  GArray *samples = perturb (gains, &stream);
  gfloat gain[3];

  for (guint i = 0; i < 3; i++)
    gain[i] = g_array_index (samples, gfloat, i * 800 + 3) /
              input_sample (i * 800 + 3, 0);
  fail_if (gain[0] == gain[1] || gain[1] == gain[2] || gain[0] == gain[2]);
  g_array_unref (samples);
}
GST_END_TEST;

GST_START_TEST (test_blocks_before_the_first_example_do_not_matter)
{
  const Stream late = {
      SPEECH_RATE, 1, 400, {{-1, 0, 9000}, {0, 0, 6000}, {1, 0, 5000}}};

  for (guint i = 0; i < 2; i++)
    fail_unless (take_equal (take_example (perturb ("", &late), &late, i + 1),
        take_example (perturb ("", &speech), &speech, i)));
}
GST_END_TEST;

GST_START_TEST (test_the_order_of_examples_does_not_matter)
{
  Stream turned = motion;

  turned.examples[0] = motion.examples[2];
  turned.examples[2] = motion.examples[0];
  for (guint i = 0; i < 3; i++)
    fail_unless (take_equal (take_example (perturb ("", &motion), &motion, i),
        take_example (perturb ("", &turned), &turned, 2 - i)));
}
GST_END_TEST;

static Suite *
perturb_chance_suite (void)
{
  Suite *suite = suite_create ("perturb-chance");
  TCase *tc = tcase_create ("perturb-chance");

  suite_add_tcase (suite, tc);
  tcase_add_loop_test (tc, test_the_size_of_buffers_does_not_matter, 0, 3);
  tcase_add_loop_test (tc, test_a_seed_repeats_and_another_differs, 0, 3);
  tcase_add_test (tc, test_each_epoch_and_example_has_its_own_chance);
  tcase_add_test (tc, test_a_repeated_example_has_its_own_chance);
  tcase_add_test (tc, test_each_block_has_its_own_chance);
  tcase_add_test (tc, test_blocks_before_the_first_example_do_not_matter);
  tcase_add_test (tc, test_the_order_of_examples_does_not_matter);
  return suite;
}

GST_CHECK_MAIN (perturb_chance)
