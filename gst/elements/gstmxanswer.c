/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxanswer.h"

#include <gst/audio/audio.h>

static void
set_numbers (
    GstStructure *answer, const gchar *field, const gfloat *numbers, gsize n)
{
  GValue array = G_VALUE_INIT;

  gst_value_array_init (&array, n);
  for (gsize i = 0; i < n; i++) {
    GValue value = G_VALUE_INIT;

    g_value_init (&value, G_TYPE_DOUBLE);
    g_value_set_double (&value, numbers[i]);
    gst_value_array_append_and_take_value (&array, &value);
  }
  gst_structure_take_value (answer, field, &array);
}

static void
set_counts (
    GstStructure *answer, const gchar *field, const uint64_t *counts, gsize n)
{
  GValue array = G_VALUE_INIT;

  gst_value_array_init (&array, n);
  for (gsize i = 0; i < n; i++) {
    GValue value = G_VALUE_INIT;

    g_value_init (&value, G_TYPE_UINT64);
    g_value_set_uint64 (&value, counts[i]);
    gst_value_array_append_and_take_value (&array, &value);
  }
  gst_structure_take_value (answer, field, &array);
}

static void
set_exit_labels (GstStructure *answer, const MxResult *result,
    const MxDescription *description)
{
  gsize classes = description->n_labels;
  GValue array = G_VALUE_INIT;

  gst_value_array_init (&array, result->exits);
  for (gsize e = 0; e < result->exits; e++) {
    const gfloat *row = result->exit_probabilities + e * classes;
    GValue value = G_VALUE_INIT;

    g_value_init (&value, G_TYPE_STRING);
    g_value_set_string (&value, description->labels[mx_argmax (row, classes)]);
    gst_value_array_append_and_take_value (&array, &value);
  }
  gst_structure_take_value (answer, "exit-labels", &array);
}

/* What every exit would have answered, if it is known. */
static void
set_exits (GstStructure *answer, const MxResult *result,
    const MxDescription *description)
{
  gsize classes = description->n_labels;

  if (result->exit_probabilities == NULL)
    return;
  set_exit_labels (answer, result, description);
  set_numbers (answer, "exit-probabilities", result->exit_probabilities,
      result->exits * classes);
  set_numbers (
      answer, "exit-temperatures", result->exit_temperatures, result->exits);
  set_counts (answer, "exit-macs", result->exit_macs, result->exits);
}

GstStructure *
gst_mx_answer_new (const MxResult *result, const MxDescription *description,
    const GstSegment *segment, const GstMxTimes *times,
    const GstMxSource *source)
{
  GstClockTime start = times->start, stream_time = GST_CLOCK_TIME_NONE;
  GstClockTime running_time = GST_CLOCK_TIME_NONE, duration;
  GstStructure *answer;

  duration = GST_CLOCK_TIME_IS_VALID (start)
                 ? times->end - start
                 : GST_FRAMES_TO_CLOCK_TIME (result->length, description->rate);
  if (segment->format == GST_FORMAT_TIME) {
    stream_time = gst_segment_to_stream_time (segment, GST_FORMAT_TIME, start);
    running_time =
        gst_segment_to_running_time (segment, GST_FORMAT_TIME, start);
  }
  answer = gst_structure_new ("mxclassify", "element", G_TYPE_STRING,
      source->element, "sequence", G_TYPE_UINT64, source->sequence, "timestamp",
      GST_TYPE_CLOCK_TIME, start, "stream-time", GST_TYPE_CLOCK_TIME,
      stream_time, "running-time", GST_TYPE_CLOCK_TIME, running_time,
      "duration", GST_TYPE_CLOCK_TIME, duration, "finite", G_TYPE_BOOLEAN,
      result->finite, "exit", G_TYPE_UINT, result->exit, "exits", G_TYPE_UINT,
      result->exits, "class", G_TYPE_UINT, (guint)result->label, "label",
      G_TYPE_STRING, description->labels[result->label], "confidence",
      G_TYPE_DOUBLE, (gdouble)result->confidence, "entropy", G_TYPE_DOUBLE,
      (gdouble)result->entropy, NULL);
  set_numbers (
      answer, "probabilities", result->probabilities, description->n_labels);
  gst_structure_set (answer, "macs", G_TYPE_UINT64, result->macs, "macs-full",
      G_TYPE_UINT64, result->macs_full, "latency", GST_TYPE_CLOCK_TIME,
      times->latency, "skipped", G_TYPE_BOOLEAN, result->skipped, "limited",
      G_TYPE_BOOLEAN, result->limited, NULL);
  set_exits (answer, result, description);
  return answer;
}

void
gst_mx_labels_to_value (const MxNetwork *network, GValue *value)
{
  gsize n = network != NULL ? network->description->n_labels : 0;

  for (gsize i = 0; i < n; i++) {
    GValue label = G_VALUE_INIT;

    g_value_init (&label, G_TYPE_STRING);
    g_value_set_string (&label, network->description->labels[i]);
    gst_value_array_append_and_take_value (value, &label);
  }
}
