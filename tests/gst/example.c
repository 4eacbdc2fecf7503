/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include <gst/check/check.h>

#include <gst/multiexit/gstmxexample.h>

static GstEvent *
event_from (const gchar *text)
{
  GstStructure *structure = gst_structure_from_string (text, NULL);

  fail_unless (structure != NULL, "not a structure: %s", text);
  return gst_event_new_custom (GST_EVENT_CUSTOM_DOWNSTREAM_STICKY, structure);
}

GST_START_TEST (a_data_set_comes_back_as_it_was_sent)
{
  gchar *names[] = {(gchar *)"b", (gchar *)"a", (gchar *)"zwölf", NULL};
  const GstMxDataset sent = {names, G_MAXUINT64, -1, 9};
  GstMxDataset got = {NULL};
  GstEvent *event = gst_mx_dataset_event_new (&sent);

  fail_unless (GST_EVENT_IS_STICKY (event));
  fail_unless (GST_EVENT_IS_SERIALIZED (event));
  fail_unless (gst_mx_dataset_event_parse (event, &got));
  fail_unless (g_strv_equal (
      (const gchar *const *)got.labels, (const gchar *const *)names));
  fail_unless_equals_uint64 (got.examples, G_MAXUINT64);
  fail_unless_equals_int (got.epochs, -1);
  fail_unless_equals_uint64 (got.valid, 9);
  gst_mx_dataset_clear (&got);
  fail_unless (got.labels == NULL);
  gst_event_unref (event);
}
GST_END_TEST;

GST_START_TEST (a_data_set_without_labels_has_an_empty_list)
{
  const GstMxDataset sent = {NULL, 3, 2};
  GstMxDataset got = {NULL};
  GstEvent *event = gst_mx_dataset_event_new (&sent);

  fail_unless (gst_mx_dataset_event_parse (event, &got));
  fail_unless (got.labels != NULL && got.labels[0] == NULL);
  gst_mx_dataset_clear (&got);
  gst_event_unref (event);
}
GST_END_TEST;

GST_START_TEST (an_example_comes_back_as_it_was_sent)
{
  GstMxExample sent = {(gchar *)"yes", 7, 3, (gchar *)"train", (gchar *)"anna",
      (gchar *)"train/yes/1, 2 \"x\".wav"};
  GstMxExample got = {NULL};
  GstEvent *event = gst_mx_example_event_new (&sent);

  fail_unless (GST_EVENT_IS_STICKY (event));
  fail_unless (gst_mx_example_event_parse (event, &got));
  fail_unless_equals_string (got.label, sent.label);
  fail_unless_equals_uint64 (got.index, 7);
  fail_unless_equals_int (got.epoch, 3);
  fail_unless_equals_string (got.split, sent.split);
  fail_unless_equals_string (got.subject, sent.subject);
  fail_unless_equals_string (got.path, sent.path);
  gst_mx_example_clear (&got);
  fail_unless (got.label == NULL && got.path == NULL);
  gst_event_unref (event);
}
GST_END_TEST;

GST_START_TEST (an_unlabelled_example_has_no_label_field)
{
  const GstMxExample sent = {NULL, 1, 0};
  GstMxExample got = {NULL};
  GstEvent *event = gst_mx_example_event_new (&sent);

  fail_if (gst_structure_has_field (gst_event_get_structure (event), "label"));
  fail_unless (gst_mx_example_event_parse (event, &got));
  fail_unless (got.label == NULL && got.split == NULL);
  gst_mx_example_clear (&got);
  gst_event_unref (event);
}
GST_END_TEST;

GST_START_TEST (a_gap_says_so_and_how_long_it_lasts)
{
  const GstMxExample sent = {.index = 1, .duration = 5, .gap = TRUE};
  GstEvent *event = gst_mx_example_event_new (&sent);
  GstMxExample *got = gst_mx_example_from_event (event), *copy;

  copy = gst_mx_example_copy (got);
  fail_unless (copy->gap && copy->label == NULL);
  fail_unless_equals_uint64 (copy->duration, 5);
  gst_mx_example_free (copy);
  gst_mx_example_free (got);
  gst_event_unref (event);
}
GST_END_TEST;

GST_START_TEST (a_repeated_example_says_how_often_it_came)
{
  const GstMxExample sent = {.index = 1, .repeat = 3};
  GstEvent *event = gst_mx_example_event_new (&sent);
  GstMxExample *got = gst_mx_example_from_event (event);
  GstMxExample *copy = gst_mx_example_copy (got);

  fail_unless_equals_int (got->repeat, 3);
  fail_unless_equals_int (copy->repeat, 3);
  gst_mx_example_free (copy);
  gst_mx_example_free (got);
  gst_event_unref (event);
}
GST_END_TEST;

GST_START_TEST (an_example_that_is_no_gap_and_of_any_length_says_neither)
{
  const GstMxExample sent = {.label = (gchar *)"yes"};
  GstEvent *event = gst_mx_example_event_new (&sent);
  const GstStructure *structure = gst_event_get_structure (event);

  fail_if (gst_structure_has_field (structure, "gap"));
  fail_if (gst_structure_has_field (structure, "duration"));
  gst_event_unref (event);
}
GST_END_TEST;

GST_START_TEST (an_empty_label_is_no_label)
{
  GstMxExample got = {NULL};
  GstEvent *event = event_from (
      "GstMxExample, index=(guint64)1, epoch=(uint)0, label=(string)\"\"");

  fail_unless (gst_mx_example_event_parse (event, &got));
  fail_unless (got.label == NULL);
  gst_event_unref (event);
}
GST_END_TEST;

static const gchar *const strangers[] = {
    "Other",
    "GstMxDataset",
    "GstMxDataset, labels=(string)<a, b>, examples=(guint64)1",
    "GstMxDataset, examples=(guint64)1, epochs=(int)1",
    "GstMxDataset, labels=(string)a, examples=(guint64)1, epochs=(int)1",
    "GstMxDataset, labels=(int)<1, 2>, examples=(guint64)1, epochs=(int)1",
    "GstMxDataset, labels=(string)<a>, examples=(int)1, epochs=(int)1",
    "GstMxDataset, labels=(string)<a>, examples=(guint64)1, epochs=(int)-2",
    "GstMxExample",
    "GstMxExample, index=(guint64)1",
    "GstMxDataset, examples=(guint64)5, epochs=1, labels=<a, b>, valid=(int)1",
    "GstMxDataset, examples=(guint64)5, epochs=1, labels=<a>, "
    "valid=(guint64)6",
    "GstMxExample, epoch=(uint)1",
    "GstMxExample, index=(int)1, epoch=(uint)1",
    "GstMxExample, index=(guint64)1, epoch=(uint)1, label=(int)1",
    "GstMxExample, index=(guint64)1, epoch=(uint)1, label=a, path=(double)1",
    "GstMxExample, index=(guint64)1, epoch=(uint)1, label=a, gap=true",
    "GstMxExample, index=(guint64)1, epoch=(uint)1, gap=(int)1",
    "GstMxExample, index=(guint64)1, epoch=(uint)1, duration=(int)1",
    "GstMxExample, index=(guint64)1, epoch=(uint)1, repeat=(guint64)1",
};

GST_START_TEST (an_event_with_other_fields_sets_nothing)
{
  GstEvent *event = event_from (strangers[__i__]);
  GstMxDataset dataset = {NULL, 42, 42};
  GstMxExample example = {NULL, 42, 42};

  fail_if (gst_mx_dataset_event_parse (event, &dataset));
  fail_unless (dataset.labels == NULL);
  fail_unless_equals_uint64 (dataset.examples, 42);
  fail_if (gst_mx_example_event_parse (event, &example));
  fail_unless (example.label == NULL && example.path == NULL);
  fail_unless_equals_uint64 (example.index, 42);
  gst_event_unref (event);
}
GST_END_TEST;

GST_START_TEST (an_event_of_another_type_is_not_taken)
{
  GstMxExample example = {NULL};
  GstStructure *structure = gst_structure_from_string (
      "GstMxExample, index=(guint64)1, epoch=(uint)0", NULL);
  GstEvent *event =
      gst_event_new_custom (GST_EVENT_CUSTOM_DOWNSTREAM, structure);

  fail_if (gst_mx_example_event_parse (event, &example));
  gst_event_unref (event);
  event = gst_event_new_eos ();
  fail_if (gst_mx_example_event_parse (event, &example));
  gst_event_unref (event);
}
GST_END_TEST;

GST_START_TEST (both_events_stick_to_a_pad_and_the_last_example_counts)
{
  const GstMxDataset dataset = {NULL, 2, 1};
  GstMxExample example = {NULL, 0, 0};
  GstPad *pad = gst_pad_new ("src", GST_PAD_SRC);
  GstEvent *event;

  gst_pad_set_active (pad, TRUE);
  gst_pad_push_event (pad, gst_event_new_stream_start ("test"));
  gst_pad_push_event (pad, gst_mx_dataset_event_new (&dataset));
  for (example.index = 0; example.index < 3; example.index++)
    gst_pad_push_event (pad, gst_mx_example_event_new (&example));

  event = gst_pad_get_sticky_event (pad, GST_EVENT_CUSTOM_DOWNSTREAM_STICKY, 0);
  fail_unless (gst_event_has_name (event, "GstMxDataset"));
  gst_event_unref (event);
  event = gst_pad_get_sticky_event (pad, GST_EVENT_CUSTOM_DOWNSTREAM_STICKY, 1);
  fail_unless (gst_mx_example_event_parse (event, &example));
  fail_unless_equals_uint64 (example.index, 2);
  gst_event_unref (event);
  fail_if (
      gst_pad_get_sticky_event (pad, GST_EVENT_CUSTOM_DOWNSTREAM_STICKY, 2));
  gst_pad_set_active (pad, FALSE);
  gst_object_unref (pad);
}
GST_END_TEST;

GST_START_TEST (a_data_set_on_the_heap_is_the_same)
{
  const gchar *const names[] = {"b", "a", NULL};
  GstMxDataset *dataset = gst_mx_dataset_new (names, 5, -1);
  g_autoptr (GstEvent) event = gst_mx_dataset_event_new (dataset);
  g_autoptr (GstEvent) eos = gst_event_new_eos ();
  g_autoptr (GstMxDataset) got = gst_mx_dataset_from_event (event);
  g_autoptr (GstMxDataset) copy = NULL;

  dataset->valid = 2;
  copy = g_boxed_copy (GST_TYPE_MX_DATASET, dataset);

  fail_unless_equals_uint64 (copy->valid, 2);
  gst_mx_dataset_free (dataset);
  fail_unless (g_strv_equal ((const gchar *const *)got->labels, names));
  fail_unless (g_strv_equal ((const gchar *const *)copy->labels, names));
  fail_unless_equals_uint64 (got->examples, 5);
  fail_unless_equals_uint64 (copy->examples, 5);
  fail_unless_equals_int (got->epochs, -1);
  fail_unless_equals_int (copy->epochs, -1);
  fail_unless (gst_mx_dataset_from_event (eos) == NULL);
}
GST_END_TEST;

static void
assert_example (const GstMxExample *example)
{
  fail_unless_equals_string (example->label, "yes");
  fail_unless_equals_uint64 (example->index, 7);
  fail_unless_equals_int (example->epoch, 3);
  fail_unless (example->split == NULL);
  fail_unless_equals_string (example->subject, "anna");
  fail_unless_equals_string (example->path, "yes/1.wav");
}

GST_START_TEST (an_example_on_the_heap_is_the_same)
{
  GstMxExample *example =
      gst_mx_example_new ("yes", 7, 3, NULL, "anna", "yes/1.wav");
  g_autoptr (GstEvent) event = gst_mx_example_event_new (example);
  g_autoptr (GstEvent) eos = gst_event_new_eos ();
  g_autoptr (GstMxExample) got = gst_mx_example_from_event (event);
  g_autoptr (GstMxExample) copy = g_boxed_copy (GST_TYPE_MX_EXAMPLE, example);

  gst_mx_example_free (example);
  assert_example (got);
  assert_example (copy);
  fail_unless (gst_mx_example_from_event (eos) == NULL);
}
GST_END_TEST;

static Suite *
example_suite (void)
{
  Suite *suite = suite_create ("example");
  TCase *tc = tcase_create ("events");

  suite_add_tcase (suite, tc);
  tcase_add_test (tc, a_data_set_comes_back_as_it_was_sent);
  tcase_add_test (tc, a_data_set_without_labels_has_an_empty_list);
  tcase_add_test (tc, an_example_comes_back_as_it_was_sent);
  tcase_add_test (tc, an_unlabelled_example_has_no_label_field);
  tcase_add_test (tc, a_gap_says_so_and_how_long_it_lasts);
  tcase_add_test (tc, a_repeated_example_says_how_often_it_came);
  tcase_add_test (tc, an_example_that_is_no_gap_and_of_any_length_says_neither);
  tcase_add_test (tc, an_empty_label_is_no_label);
  tcase_add_loop_test (
      tc, an_event_with_other_fields_sets_nothing, 0, G_N_ELEMENTS (strangers));
  tcase_add_test (tc, an_event_of_another_type_is_not_taken);
  tcase_add_test (tc, both_events_stick_to_a_pad_and_the_last_example_counts);
  tcase_add_test (tc, a_data_set_on_the_heap_is_the_same);
  tcase_add_test (tc, an_example_on_the_heap_is_the_same);
  return suite;
}

GST_CHECK_MAIN (example);
