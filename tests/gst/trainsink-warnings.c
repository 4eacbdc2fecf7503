/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What mxtrainsink warns of while it goes on. */
#include "trainsink-rig.h"

static GstPadProbeReturn
spoil (GstPad *pad, GstPadProbeInfo *info, gpointer value)
{
  GstBuffer *buffer =
      gst_buffer_make_writable (GST_PAD_PROBE_INFO_BUFFER (info));

  gst_buffer_fill (buffer, 4, value, sizeof (gfloat));
  GST_PAD_PROBE_INFO_DATA (info) = buffer;
  return GST_PAD_PROBE_OK;
}

static const struct {
  gfloat value;
  const gchar *pad;
} spoilt[] = {{NAN, "clean"}, {INFINITY, "clean"}, {-INFINITY, "perturbed"}};

GST_START_TEST (test_samples_that_are_no_numbers_are_told_of_once)
{
  GstMxExample example = {
      .path = (gchar *)"dir/a.wav", .label = (gchar *)"slow", .index = 3};
  GstMessage *message;
  gchar *words, *debug;
  GError *warning;
  GstPad *pad;
  Rig rig;

  rig_init (&rig, "warm-up=0", TRUE);
  pad = g_str_equal (spoilt[__i__].pad, "clean") ? rig.clean : rig.perturbed;
  gst_element_set_state (rig.pipeline, GST_STATE_PLAYING);
  rig_begin_both (&rig);
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, spoil,
      (gpointer)&spoilt[__i__].value, NULL);
  for (; example.index < 9; example.index++) {
    Example samples = example_of (example.index, 0);

    gst_pad_push_event (rig.clean, gst_mx_example_event_new (&example));
    gst_pad_push_event (rig.perturbed, gst_mx_example_event_new (&example));
    rig_push_samples (rig.clean, &samples, 1, 1000);
    rig_push_samples (rig.perturbed, &samples, 1, 1000);
  }
  rig_end_both (&rig);
  message = gst_bus_timed_pop_filtered (rig.bus, RIG_PATIENCE,
      GST_MESSAGE_WARNING | GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  fail_unless_equals_int (GST_MESSAGE_TYPE (message), GST_MESSAGE_WARNING);
  gst_message_parse_warning (message, &warning, &debug);
  words = g_strdup_printf (
      "Example 3 (dir/a.wav) has samples on pad \"%s\"", spoilt[__i__].pad);
  fail_unless (strstr (warning->message, words), "%s", warning->message);
  g_free (words);
  g_free (debug);
  g_error_free (warning);
  gst_message_unref (message);
  message = gst_bus_timed_pop_filtered (rig.bus, RIG_PATIENCE,
      GST_MESSAGE_WARNING | GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  fail_unless_equals_int (GST_MESSAGE_TYPE (message), GST_MESSAGE_EOS);
  gst_message_unref (message);
  rig_clear (&rig);
}
GST_END_TEST;

static gchar *
pop_warning (Rig *rig)
{
  g_autoptr (GstMessage) message = gst_bus_timed_pop_filtered (rig->bus,
      RIG_PATIENCE, GST_MESSAGE_WARNING | GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  g_autoptr (GError) warning = NULL;

  fail_if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR);
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS)
    return NULL;
  gst_message_parse_warning (message, &warning, NULL);
  return g_strdup (warning->message);
}

GST_START_TEST (test_a_batch_larger_than_the_data_is_told_of)
{
  static const gchar *const lines[] = {
      "batch-size=1024", "batch-size=1024 warm-up=1"};
  static const gchar *const says[] = {
      "after step 1, within the warm-up of 30 steps", NULL};
  g_autofree gchar *warning = NULL;
  Rig rig;

  rig_init (&rig, lines[__i__], TRUE);
  gst_element_set_state (rig.pipeline, GST_STATE_PLAYING);
  rig_begin_both (&rig);
  for (guint64 i = 0; i < 4; i++) {
    Example samples = example_of (i, 0);

    rig_push_pair (&rig, &samples, &samples);
  }
  rig_end_both (&rig);
  warning = pop_warning (&rig);
  fail_unless_equals_int (warning != NULL, says[__i__] != NULL);
  if (warning != NULL)
    fail_unless (strstr (warning, says[__i__]), "%s", warning);
  rig_clear (&rig);
}
GST_END_TEST;

static Suite *
trainsink_warnings_suite (void)
{
  Suite *suite = suite_create ("trainsink-warnings");
  TCase *tcase = tcase_create ("trainsink-warnings");

  suite_add_tcase (suite, tcase);
  tcase_add_loop_test (tcase, test_samples_that_are_no_numbers_are_told_of_once,
      0, G_N_ELEMENTS (spoilt));
  tcase_add_loop_test (
      tcase, test_a_batch_larger_than_the_data_is_told_of, 0, 2);
  return suite;
}

GST_CHECK_MAIN (trainsink_warnings)
