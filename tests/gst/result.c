/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include <gst/check/gstcheck.h>
#include <gst/check/gstharness.h>

#include "gst/multiexit/gstmxresult.h"

#define AUDIO_CAPS                                                             \
  "audio/x-raw,format=S16LE,rate=16000,channels=2,layout=interleaved,"         \
  "channel-mask=(bitmask)0x3"

static GstStructure *
new_result (const gchar *name, guint64 sequence)
{
  GstStructure *result =
      gst_structure_new (name, "sequence", G_TYPE_UINT64, sequence, "label",
          G_TYPE_STRING, "seven", "confidence", G_TYPE_DOUBLE, 0.75, NULL);
  GValue probabilities = G_VALUE_INIT;

  gst_value_array_init (&probabilities, 2);
  for (guint i = 0; i < 2; i++) {
    GValue value = G_VALUE_INIT;

    g_value_init (&value, G_TYPE_DOUBLE);
    g_value_set_double (&value, i == 0 ? 0.75 : 0.25);
    gst_value_array_append_and_take_value (&probabilities, &value);
  }
  gst_structure_take_value (result, "probabilities", &probabilities);
  return result;
}

/* Names differ by purpose; the fields must not. */
static void
assert_same_fields (const GstStructure *a, const GstStructure *b)
{
  g_autoptr (GstStructure) copy = gst_structure_copy (b);

  gst_structure_set_name (copy, gst_structure_get_name (a));
  fail_unless (gst_structure_is_equal (a, copy));
}

static gboolean
collect_sequence (const GstStructure *result, gpointer user_data)
{
  guint64 sequence = 0;

  fail_unless (gst_structure_get_uint64 (result, "sequence", &sequence));
  g_array_append_val ((GArray *)user_data, sequence);
  return sequence != 2;
}

static void
assert_sequences (GstBuffer *buffer, guint n, ...)
{
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (guint64));
  va_list expected;

  gst_mx_result_meta_foreach (buffer, collect_sequence, found);
  fail_unless_equals_int (found->len, n);
  va_start (expected, n);
  for (guint i = 0; i < n; i++)
    fail_unless_equals_uint64 (
        g_array_index (found, guint64, i), va_arg (expected, guint64));
  va_end (expected);
}

static void
add_result (GstBuffer *buffer, guint64 sequence)
{
  g_autoptr (GstStructure) result = new_result ("mxclassify", sequence);

  gst_mx_result_meta_add (buffer, result);
}

GST_START_TEST (test_meta_carries_every_field)
{
  g_autoptr (GstStructure) result = new_result ("mxclassify", 0);
  g_autoptr (GstBuffer) buffer = gst_buffer_new ();
  GstCustomMeta *meta = gst_mx_result_meta_add (buffer, result);

  fail_unless (gst_custom_meta_has_name (meta, "GstMxResult"));
  assert_same_fields (gst_custom_meta_get_structure (meta), result);
}
GST_END_TEST;

GST_START_TEST (test_meta_takes_every_field)
{
  g_autoptr (GstStructure) result = new_result ("mxclassify", 0);
  g_autoptr (GstBuffer) buffer = gst_buffer_new ();
  GstStructure *given = gst_structure_copy (result);
  const gchar *label = gst_structure_get_string (given, "label");
  GstCustomMeta *meta = gst_mx_result_meta_take (buffer, given);
  GstStructure *taken = gst_custom_meta_get_structure (meta);

  fail_unless (gst_custom_meta_has_name (meta, "GstMxResult"));
  assert_same_fields (taken, result);
  fail_unless (gst_structure_get_string (taken, "label") == label);
}
GST_END_TEST;

GST_START_TEST (test_meta_is_readable_without_our_library)
{
  g_autoptr (GstBuffer) buffer = gst_buffer_new ();
  GstCustomMeta *meta;

  add_result (buffer, 1);
  meta = gst_buffer_get_custom_meta (buffer, "GstMxResult");
  fail_if (meta == NULL);
  fail_unless_equals_string (
      gst_structure_get_string (gst_custom_meta_get_structure (meta), "label"),
      "seven");
}
GST_END_TEST;

GST_START_TEST (test_meta_has_no_tags)
{
  const GstMetaInfo *info = gst_mx_result_meta_get_info ();
  const gchar *const *tags = gst_meta_api_type_get_tags (info->api);

  fail_unless (tags == NULL || tags[0] == NULL);
  fail_unless (info == gst_mx_result_meta_get_info ());
}
GST_END_TEST;

GST_START_TEST (test_foreach_visits_only_results_and_in_order)
{
  g_autoptr (GstBuffer) buffer = gst_buffer_new ();
  g_autoptr (GstCaps) caps = gst_caps_new_empty_simple ("timestamp/x-other");

  assert_sequences (buffer, 0);
  add_result (buffer, 0);
  gst_buffer_add_reference_timestamp_meta (buffer, caps, 0, 0);
  add_result (buffer, 1);
  assert_sequences (buffer, 2, G_GUINT64_CONSTANT (0), G_GUINT64_CONSTANT (1));
}
GST_END_TEST;

GST_START_TEST (test_foreach_stops_when_told)
{
  g_autoptr (GstBuffer) buffer = gst_buffer_new ();

  for (guint64 i = 1; i < 4; i++)
    add_result (buffer, i);
  assert_sequences (buffer, 2, G_GUINT64_CONSTANT (1), G_GUINT64_CONSTANT (2));
}
GST_END_TEST;

GST_START_TEST (test_copies_and_parts_of_a_buffer_keep_the_result)
{
  g_autoptr (GstBuffer) buffer = gst_buffer_new_allocate (NULL, 64, NULL);
  g_autoptr (GstBuffer) copy = NULL;
  g_autoptr (GstBuffer) part = NULL;

  add_result (buffer, 0);
  copy = gst_buffer_copy (buffer);
  part = gst_buffer_copy_region (buffer, GST_BUFFER_COPY_ALL, 16, 8);
  assert_sequences (copy, 1, G_GUINT64_CONSTANT (0));
  assert_sequences (part, 1, G_GUINT64_CONSTANT (0));
}
GST_END_TEST;

/* Elements that must let a result pass. */
static const gchar *passing[] = {
    "identity",
    "queue",
    "tee name=t ! queue",
    "audioconvert ! capsfilter caps=audio/x-raw,format=F32LE,channels=1",
};

GST_START_TEST (test_result_survives_audio_elements)
{
  GstHarness *h = gst_harness_new_parse (passing[__i__]);
  g_autoptr (GstBuffer) out = NULL;
  GstBuffer *buffer;

  gst_harness_set_src_caps_str (h, AUDIO_CAPS);
  buffer = gst_harness_create_buffer (h, 640);
  gst_buffer_memset (buffer, 0, 0, 640);
  GST_BUFFER_PTS (buffer) = 0;
  GST_BUFFER_DURATION (buffer) = 10 * GST_MSECOND;
  add_result (buffer, 0);
  fail_unless_equals_int (gst_harness_push (h, buffer), GST_FLOW_OK);
  out = gst_harness_pull (h);
  assert_sequences (out, 1, G_GUINT64_CONSTANT (0));
  gst_harness_teardown (h);
}
GST_END_TEST;

GST_START_TEST (test_event_carries_every_field)
{
  g_autoptr (GstStructure) result = new_result ("mxclassify", 7);
  g_autoptr (GstEvent) event = gst_mx_result_event_new (result);
  const GstStructure *parsed = gst_mx_result_event_parse (event);

  fail_unless (GST_EVENT_IS_SERIALIZED (event));
  fail_unless (GST_EVENT_IS_DOWNSTREAM (event));
  fail_if (GST_EVENT_IS_STICKY (event));
  fail_unless (gst_structure_has_name (parsed, "GstMxResult"));
  assert_same_fields (parsed, result);
}
GST_END_TEST;

GST_START_TEST (test_other_events_are_not_results)
{
  g_autoptr (GstEvent) eos = gst_event_new_eos ();
  g_autoptr (GstEvent) other = gst_event_new_custom (
      GST_EVENT_CUSTOM_DOWNSTREAM, gst_structure_new_empty ("GstMxExample"));
  g_autoptr (GstEvent) upstream = gst_event_new_custom (
      GST_EVENT_CUSTOM_UPSTREAM, gst_structure_new_empty ("GstMxResult"));

  fail_unless (gst_mx_result_event_parse (eos) == NULL);
  fail_unless (gst_mx_result_event_parse (other) == NULL);
  fail_unless (gst_mx_result_event_parse (upstream) == NULL);
}
GST_END_TEST;

static Suite *
result_suite (void)
{
  Suite *suite = suite_create ("result");
  TCase *tests = tcase_create ("result");

  suite_add_tcase (suite, tests);
  tcase_add_test (tests, test_meta_carries_every_field);
  tcase_add_test (tests, test_meta_takes_every_field);
  tcase_add_test (tests, test_meta_is_readable_without_our_library);
  tcase_add_test (tests, test_meta_has_no_tags);
  tcase_add_test (tests, test_foreach_visits_only_results_and_in_order);
  tcase_add_test (tests, test_foreach_stops_when_told);
  tcase_add_test (tests, test_copies_and_parts_of_a_buffer_keep_the_result);
  tcase_add_loop_test (
      tests, test_result_survives_audio_elements, 0, G_N_ELEMENTS (passing));
  tcase_add_test (tests, test_event_carries_every_field);
  tcase_add_test (tests, test_other_events_are_not_results);
  return suite;
}

GST_CHECK_MAIN (result);
