/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include <gst/check/gstcheck.h>
#include <math.h>

#include <gst/multiexit/multiexit.h>

#define ALL_FIELDS                                                             \
  "element=(string)words, sequence=(guint64)7, timestamp=(guint64)1000, "      \
  "stream-time=(guint64)2000, running-time=(guint64)3000, "                    \
  "duration=(guint64)4000, finite=(boolean)false, skipped=(boolean)true, "     \
  "limited=(boolean)true, exit=(uint)2, exits=(uint)4, class=(uint)1, "        \
  "label=(string)\"zwei, drei\", confidence=(double)0.75, "                    \
  "entropy=(double)0.5, probabilities=(double)<0.25, 0.75>, "                  \
  "macs=(guint64)300, macs-full=(guint64)18446744073709551614, "               \
  "latency=(guint64)5000, exit-probabilities=(double)<0.5, 0.5, 0.25, "        \
  "0.75>, exit-macs=(guint64)<200, 300>, exit-labels=<eins, \"zwei, drei\">"

/* Each field is there, but none as it should be. */
#define WRONG_TYPES                                                            \
  "element=(int)1, sequence=(int)7, timestamp=(string)1, "                     \
  "stream-time=(gint64)2000, running-time=(double)3000, "                      \
  "duration=(uint)4000, finite=(int)0, skipped=(string)true, "                 \
  "limited=(int)1, exit=(int)2, exits=(guint64)4, class=(int)1, "              \
  "label=(double)1, confidence=(string)0.75, entropy=(int)1, "                 \
  "probabilities=(double)0.25, macs=(uint)300, macs-full=(int)400, "           \
  "latency=(int)5000, exit-probabilities=(float)<0.5>, "                       \
  "exit-macs=(guint64)200, exit-labels=(string)eins"

static GstStructure *
structure_from (const gchar *name, const gchar *fields)
{
  g_autofree gchar *text = g_strdup_printf ("%s, %s;", name, fields);
  GstStructure *structure = gst_structure_from_string (text, NULL);

  fail_unless (structure != NULL, "not a structure: %s", text);
  return structure;
}

static GstMxPrediction *
prediction_from (const gchar *fields)
{
  g_autoptr (GstStructure) structure = structure_from ("result", fields);

  return gst_mx_prediction_from_structure (structure);
}

static void
assert_all_exits (const GstMxPrediction *p)
{
  const gdouble *probabilities;
  const guint64 *macs;
  gsize n = 0;

  probabilities = gst_mx_prediction_get_exit_probabilities (p, &n);
  fail_unless_equals_uint64 (n, 4);
  fail_unless_equals_float (probabilities[0], 0.5);
  fail_unless_equals_float (probabilities[3], 0.75);
  macs = gst_mx_prediction_get_exit_macs (p, &n);
  fail_unless_equals_uint64 (n, 2);
  fail_unless_equals_uint64 (macs[0], 200);
  fail_unless_equals_uint64 (macs[1], 300);
  fail_unless (gst_mx_prediction_get_exit_label (p, 0) == NULL);
  fail_unless_equals_string (gst_mx_prediction_get_exit_label (p, 1), "eins");
  fail_unless_equals_string (
      gst_mx_prediction_get_exit_label (p, 2), "zwei, drei");
  fail_unless (gst_mx_prediction_get_exit_label (p, 3) == NULL);
}

static void
assert_all_fields (const GstMxPrediction *p)
{
  const gdouble *probabilities;
  gsize n = 0;

  fail_unless_equals_string (gst_mx_prediction_get_element (p), "words");
  fail_unless_equals_uint64 (gst_mx_prediction_get_sequence (p), 7);
  fail_unless_equals_uint64 (gst_mx_prediction_get_timestamp (p), 1000);
  fail_unless_equals_uint64 (gst_mx_prediction_get_stream_time (p), 2000);
  fail_unless_equals_uint64 (gst_mx_prediction_get_running_time (p), 3000);
  fail_unless_equals_uint64 (gst_mx_prediction_get_duration (p), 4000);
  fail_unless (gst_mx_prediction_is_finite (p) == FALSE);
  fail_unless (gst_mx_prediction_is_skipped (p) == TRUE);
  fail_unless (gst_mx_prediction_is_limited (p) == TRUE);
  fail_unless_equals_int (gst_mx_prediction_get_exit (p), 2);
  fail_unless_equals_int (gst_mx_prediction_get_exits (p), 4);
  fail_unless_equals_int (gst_mx_prediction_get_class_index (p), 1);
  fail_unless_equals_string (gst_mx_prediction_get_label (p), "zwei, drei");
  fail_unless_equals_float (gst_mx_prediction_get_confidence (p), 0.75);
  fail_unless_equals_float (gst_mx_prediction_get_entropy (p), 0.5);
  probabilities = gst_mx_prediction_get_probabilities (p, &n);
  fail_unless_equals_uint64 (n, 2);
  fail_unless_equals_float (probabilities[0], 0.25);
  fail_unless_equals_float (probabilities[1], 0.75);
  fail_unless_equals_uint64 (gst_mx_prediction_get_macs (p), 300);
  fail_unless_equals_uint64 (
      gst_mx_prediction_get_macs_full (p), G_MAXUINT64 - 1);
  fail_unless_equals_uint64 (gst_mx_prediction_get_latency (p), 5000);
  assert_all_exits (p);
}

static void
assert_defaults (const GstMxPrediction *p)
{
  gsize n = 42;

  fail_unless (gst_mx_prediction_get_element (p) == NULL);
  fail_unless_equals_uint64 (
      gst_mx_prediction_get_sequence (p), GST_BUFFER_OFFSET_NONE);
  fail_unless_equals_uint64 (
      gst_mx_prediction_get_timestamp (p), GST_CLOCK_TIME_NONE);
  fail_unless_equals_uint64 (
      gst_mx_prediction_get_stream_time (p), GST_CLOCK_TIME_NONE);
  fail_unless_equals_uint64 (
      gst_mx_prediction_get_running_time (p), GST_CLOCK_TIME_NONE);
  fail_unless_equals_uint64 (
      gst_mx_prediction_get_duration (p), GST_CLOCK_TIME_NONE);
  fail_unless (gst_mx_prediction_is_finite (p) == TRUE);
  fail_unless (gst_mx_prediction_is_skipped (p) == FALSE);
  fail_unless (gst_mx_prediction_is_limited (p) == FALSE);
  fail_unless_equals_int (gst_mx_prediction_get_exit (p), 0);
  fail_unless_equals_int (gst_mx_prediction_get_exits (p), 0);
  fail_unless_equals_int (gst_mx_prediction_get_class_index (p), -1);
  fail_unless (gst_mx_prediction_get_label (p) == NULL);
  fail_unless (isnan (gst_mx_prediction_get_confidence (p)));
  fail_unless (isnan (gst_mx_prediction_get_entropy (p)));
  fail_unless (gst_mx_prediction_get_probabilities (p, &n) == NULL);
  fail_unless_equals_uint64 (n, 0);
  fail_unless_equals_uint64 (gst_mx_prediction_get_macs (p), 0);
  fail_unless_equals_uint64 (gst_mx_prediction_get_macs_full (p), 0);
  fail_unless_equals_uint64 (
      gst_mx_prediction_get_latency (p), GST_CLOCK_TIME_NONE);
  n = 42;
  fail_unless (gst_mx_prediction_get_exit_probabilities (p, &n) == NULL);
  fail_unless_equals_uint64 (n, 0);
  n = 42;
  fail_unless (gst_mx_prediction_get_exit_macs (p, &n) == NULL);
  fail_unless (gst_mx_prediction_get_exit_label (p, 1) == NULL);
  fail_unless_equals_uint64 (n, 0);
}

GST_START_TEST (every_field_has_its_function)
{
  g_autoptr (GstMxPrediction) p = prediction_from (ALL_FIELDS);

  assert_all_fields (p);
}
GST_END_TEST;

GST_START_TEST (a_missing_field_reads_as_its_default)
{
  g_autoptr (GstStructure) empty = gst_structure_new_empty ("mxclassify");
  g_autoptr (GstMxPrediction) p = gst_mx_prediction_from_structure (empty);

  assert_defaults (p);
}
GST_END_TEST;

GST_START_TEST (a_field_of_another_type_reads_as_its_default)
{
  g_autoptr (GstMxPrediction) p = prediction_from (WRONG_TYPES);

  fail_unless_equals_int (
      gst_structure_n_fields (gst_mx_prediction_get_structure (p)), 22);
  assert_defaults (p);
}
GST_END_TEST;

static const gchar *const no_probabilities[] = {
    "probabilities=(double){0.25, 0.75}",
    "probabilities=(float)<0.25, 0.75>",
    "probabilities=<(double)0.25, (int)1>",
    "probabilities=<(int)1, (double)0.25>",
    "probabilities=<>",
    "probabilities=<<(double)0.25>>",
};

GST_START_TEST (what_is_no_array_of_gdouble_is_no_probabilities)
{
  g_autoptr (GstMxPrediction) p = prediction_from (no_probabilities[__i__]);
  gsize n = 42;

  fail_unless (gst_mx_prediction_get_probabilities (p, &n) == NULL);
  fail_unless_equals_uint64 (n, 0);
  fail_unless (gst_mx_prediction_get_probabilities (p, NULL) == NULL);
}
GST_END_TEST;

GST_START_TEST (strings_without_text_are_no_strings)
{
  g_autoptr (GstStructure) structure = gst_structure_new ("result", "label",
      G_TYPE_STRING, NULL, "element", G_TYPE_STRING, NULL, NULL);
  g_autoptr (GstMxPrediction) p = gst_mx_prediction_from_structure (structure);

  fail_unless (gst_mx_prediction_get_label (p) == NULL);
  fail_unless (gst_mx_prediction_get_element (p) == NULL);
}
GST_END_TEST;

GST_START_TEST (numbers_are_given_as_they_are)
{
  g_autoptr (GstMxPrediction) p =
      prediction_from ("confidence=(double)-7, exit=(uint)9, exits=(uint)2, "
                       "class=(uint)2147483648");

  fail_unless_equals_float (gst_mx_prediction_get_confidence (p), -7);
  fail_unless_equals_int (gst_mx_prediction_get_exit (p), 9);
  fail_unless_equals_int (gst_mx_prediction_get_exits (p), 2);
  /* No gint holds it. */
  fail_unless_equals_int (gst_mx_prediction_get_class_index (p), -1);
}
GST_END_TEST;

GST_START_TEST (fields_that_the_library_does_not_know_are_in_the_structure)
{
  g_autoptr (GstMxPrediction) p = prediction_from ("mood=(string)good");

  fail_unless_equals_string (
      gst_structure_get_string (gst_mx_prediction_get_structure (p), "mood"),
      "good");
}
GST_END_TEST;

GST_START_TEST (only_the_message_of_mxclassify_is_a_result)
{
  g_autoptr (GstMessage) message =
      gst_message_new_element (NULL, structure_from ("mxclassify", ALL_FIELDS));
  g_autoptr (GstMessage) other =
      gst_message_new_element (NULL, structure_from ("level", ALL_FIELDS));
  g_autoptr (GstMessage) application = gst_message_new_application (
      NULL, structure_from ("mxclassify", ALL_FIELDS));
  g_autoptr (GstMessage) eos = gst_message_new_eos (NULL);
  g_autoptr (GstMxPrediction) p = gst_mx_prediction_from_message (message);

  assert_all_fields (p);
  fail_unless (gst_mx_prediction_from_message (other) == NULL);
  fail_unless (gst_mx_prediction_from_message (application) == NULL);
  fail_unless (gst_mx_prediction_from_message (eos) == NULL);
}
GST_END_TEST;

GST_START_TEST (only_the_event_of_mxclassify_is_a_result)
{
  g_autoptr (GstStructure) structure = structure_from ("any", ALL_FIELDS);
  g_autoptr (GstEvent) event = gst_mx_result_event_new (structure);
  g_autoptr (GstEvent) eos = gst_event_new_eos ();
  g_autoptr (GstEvent) sticky =
      gst_event_new_custom (GST_EVENT_CUSTOM_DOWNSTREAM_STICKY,
          structure_from ("GstMxResult", ALL_FIELDS));
  g_autoptr (GstMxPrediction) p = gst_mx_prediction_from_event (event);

  assert_all_fields (p);
  fail_unless (gst_mx_prediction_from_event (eos) == NULL);
  fail_unless (gst_mx_prediction_from_event (sticky) == NULL);
}
GST_END_TEST;

static void
add (GstBuffer *buffer, const gchar *fields)
{
  g_autoptr (GstStructure) structure = structure_from ("mxclassify", fields);

  gst_mx_result_meta_add (buffer, structure);
}

/* The labels of the results on a buffer, in order. */
static gchar *
labels_on (GstBuffer *buffer)
{
  g_autolist (GstMxPrediction) all =
      gst_mx_prediction_list_from_buffer (buffer);
  GString *labels = g_string_new (NULL);

  for (GList *i = all; i; i = i->next)
    g_string_append (labels, gst_mx_prediction_get_label (i->data));
  return g_string_free (labels, FALSE);
}

static const struct {
  const gchar *results[6], *labels;
} cases[] = {
    {{NULL}, ""},
    {{"element=one, sequence=(guint64)0, label=a"}, "a"},
    /* In order of the metas, whatever the sequence. */
    {{"element=one, sequence=(guint64)5, label=a",
         "element=one, sequence=(guint64)4, label=b"},
        "ab"},
    /* Twice the same, met in a row or not. */
    {{"element=one, sequence=(guint64)0, label=a",
         "element=one, sequence=(guint64)0, label=a",
         "element=one, sequence=(guint64)1, label=b",
         "element=one, sequence=(guint64)0, label=a"},
        "ab"},
    /* Two elements count for themselves, and so does one without a name. */
    {{"element=one, sequence=(guint64)0, label=a",
         "element=two, sequence=(guint64)0, label=b",
         "sequence=(guint64)0, label=c",
         "element=two, sequence=(guint64)0, label=b",
         "sequence=(guint64)0, label=c"},
        "abc"},
    /* Nobody knows whether these are one. */
    {{"element=one, label=a", "element=one, label=a",
         "element=one, sequence=(int)0, label=b",
         "element=one, sequence=(int)0, label=b"},
        "aabb"},
};

GST_START_TEST (a_buffer_gives_each_result_once_and_in_order)
{
  g_autoptr (GstBuffer) buffer = gst_buffer_new ();
  g_autoptr (GstCaps) caps = gst_caps_new_empty_simple ("timestamp/x-other");
  g_autofree gchar *labels = NULL;

  gst_buffer_add_reference_timestamp_meta (buffer, caps, 0, 0);
  for (guint i = 0; i < 6 && cases[__i__].results[i]; i++)
    add (buffer, cases[__i__].results[i]);
  labels = labels_on (buffer);
  fail_unless_equals_string (labels, cases[__i__].labels);
}
GST_END_TEST;

GST_START_TEST (a_prediction_outlives_what_it_came_from)
{
  GstBuffer *buffer = gst_buffer_new ();
  GstMxPrediction *p;
  GList *all;

  add (buffer, ALL_FIELDS);
  all = gst_mx_prediction_list_from_buffer (buffer);
  gst_buffer_unref (buffer);
  p = gst_mx_prediction_ref (all->data);
  g_list_free_full (all, (GDestroyNotify)gst_mx_prediction_unref);
  assert_all_fields (p);
  gst_mx_prediction_unref (p);
}
GST_END_TEST;

GST_START_TEST (a_value_holds_a_prediction)
{
  g_autoptr (GstMxPrediction) p = prediction_from (ALL_FIELDS);
  GValue value = G_VALUE_INIT;

  g_value_init (&value, GST_TYPE_MX_PREDICTION);
  g_value_set_boxed (&value, p);
  assert_all_fields (g_value_get_boxed (&value));
  fail_unless (gst_mx_prediction_is_same (p, g_value_get_boxed (&value)));
  g_value_unset (&value);
  assert_all_fields (p);
}
GST_END_TEST;

/* An application may link the library and load the plugin, in either order. */
GST_START_TEST (library_and_plugin_share_one_meta)
{
  g_autoptr (GstElement) element = NULL;
  const GstMetaInfo *info;

  if (__i__ == 0)
    gst_mx_result_meta_get_info ();
  element = gst_element_factory_make ("mxclassify", NULL);
  fail_unless (element != NULL);
  gst_object_ref_sink (element);
  info = gst_mx_result_meta_get_info ();
  fail_unless (info != NULL);
  fail_unless (info == gst_meta_get_info ("GstMxResult"));
}
GST_END_TEST;

static Suite *
prediction_suite (void)
{
  Suite *suite = suite_create ("prediction");
  TCase *tc = tcase_create ("prediction");

  suite_add_tcase (suite, tc);
  tcase_add_test (tc, every_field_has_its_function);
  tcase_add_test (tc, a_missing_field_reads_as_its_default);
  tcase_add_test (tc, a_field_of_another_type_reads_as_its_default);
  tcase_add_loop_test (tc, what_is_no_array_of_gdouble_is_no_probabilities, 0,
      G_N_ELEMENTS (no_probabilities));
  tcase_add_test (tc, strings_without_text_are_no_strings);
  tcase_add_test (tc, numbers_are_given_as_they_are);
  tcase_add_test (
      tc, fields_that_the_library_does_not_know_are_in_the_structure);
  tcase_add_test (tc, only_the_message_of_mxclassify_is_a_result);
  tcase_add_test (tc, only_the_event_of_mxclassify_is_a_result);
  tcase_add_loop_test (tc, a_buffer_gives_each_result_once_and_in_order, 0,
      G_N_ELEMENTS (cases));
  tcase_add_test (tc, a_prediction_outlives_what_it_came_from);
  tcase_add_test (tc, a_value_holds_a_prediction);
  tcase_add_loop_test (tc, library_and_plugin_share_one_meta, 0, 2);
  return suite;
}

GST_CHECK_MAIN (prediction);
