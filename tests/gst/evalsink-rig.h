/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* For the tests of mxevalsink: the element in a harness, labels and results
 * that come to it, and its report. */
#pragma once

#include <glib/gstdio.h>
#include <gst/check/gstcheck.h>
#include <gst/check/gstharness.h>
#include <math.h>

#include "gst/multiexit/gstmxexample.h"
#include "gst/multiexit/gstmxresult.h"

#define EXITS 4
#define FULL 1000

typedef struct {
  GstHarness *harness;
  GstBus *bus;
  guint64 sequence; /* of the next result */
} Fixture;

static inline void
begin (Fixture *f)
{
  static const gchar *const labels[] = {"a", "b", "c", NULL};
  const GstMxDataset dataset = {(gchar **)labels, 6, 1};

  f->harness = gst_harness_new ("mxevalsink");
  f->bus = gst_bus_new ();
  f->sequence = 0;
  gst_element_set_bus (f->harness->element, f->bus);
  gst_harness_set_src_caps_str (f->harness, "audio/x-raw");
  gst_harness_push_event (f->harness, gst_mx_dataset_event_new (&dataset));
}

static inline void
end (Fixture *f)
{
  gst_element_set_bus (f->harness->element, NULL);
  gst_harness_teardown (f->harness);
  gst_object_unref (f->bus);
}

static inline void
push_example (Fixture *f, const gchar *label)
{
  const GstMxExample example = {.label = (gchar *)label};

  fail_unless (
      gst_harness_push_event (f->harness, gst_mx_example_event_new (&example)));
}

typedef struct {
  const gchar *label;
  gdouble confidence;
  guint exit;
  guint64 macs;
} Answer;

/* The first class has the confidence, the others share the rest. */
static inline GstStructure *
new_result (guint64 sequence, const Answer *answer, guint classes)
{
  GstStructure *result = gst_structure_new ("mxclassify", "sequence",
      G_TYPE_UINT64, sequence, "label", G_TYPE_STRING, answer->label,
      "confidence", G_TYPE_DOUBLE, answer->confidence, "exit", G_TYPE_UINT,
      answer->exit, "exits", G_TYPE_UINT, EXITS, "macs", G_TYPE_UINT64,
      answer->macs, "macs-full", G_TYPE_UINT64, (guint64)FULL, NULL);
  GValue probabilities = G_VALUE_INIT;

  gst_value_array_init (&probabilities, classes);
  for (guint i = 0; i < classes; i++) {
    GValue value = G_VALUE_INIT;

    g_value_init (&value, G_TYPE_DOUBLE);
    g_value_set_double (
        &value, i == 0 ? answer->confidence
                       : (1 - answer->confidence) / (gdouble)(classes - 1));
    gst_value_array_append_and_take_value (&probabilities, &value);
  }
  gst_structure_take_value (result, "probabilities", &probabilities);
  return result;
}

static inline GstFlowReturn
push_structure (Fixture *f, GstStructure *result)
{
  GstBuffer *buffer = gst_buffer_new ();

  gst_mx_result_meta_add (buffer, result);
  gst_structure_free (result);
  return gst_harness_push (f->harness, buffer);
}

static inline void
push_answer (Fixture *f, Answer answer)
{
  fail_unless_equals_int (
      push_structure (f, new_result (f->sequence++, &answer, 3)), GST_FLOW_OK);
}

static inline GstMessage *
pop (Fixture *f, GstMessageType type)
{
  return gst_bus_pop_filtered (f->bus, type);
}

static inline void
assert_error (Fixture *f, const gchar *words)
{
  GstMessage *message = pop (f, GST_MESSAGE_ERROR | GST_MESSAGE_EOS);
  GError *error;

  fail_unless (message != NULL);
  fail_unless_equals_int (GST_MESSAGE_TYPE (message), GST_MESSAGE_ERROR);
  gst_message_parse_error (message, &error, NULL);
  fail_unless (strstr (error->message, words), "%s", error->message);
  g_error_free (error);
  gst_message_unref (message);
}

/* Ends the stream; the message about it (transfer full). */
static inline GstStructure *
finish_with_message (Fixture *f)
{
  GstMessage *message;
  GstStructure *report;

  gst_harness_push_event (f->harness, gst_event_new_eos ());
  message = pop (f, GST_MESSAGE_ELEMENT);
  fail_unless (message != NULL);
  report = gst_structure_copy (gst_message_get_structure (message));
  gst_message_unref (message);
  return report;
}

/* Ends the stream; its report, tables too (transfer full). */
static inline GstStructure *
finish (Fixture *f)
{
  GstStructure *message = finish_with_message (f), *report;

  g_object_get (f->harness->element, "stats", &report, NULL);
  fail_unless (
      gst_structure_has_name (message, gst_structure_get_name (report)));
  gst_structure_free (message);
  return report;
}

static inline void
assert_count (const GstStructure *report, const gchar *field, guint64 expected)
{
  guint64 found = G_MAXUINT64;

  fail_unless (gst_structure_get_uint64 (report, field, &found), "%s", field);
  fail_unless (found == expected,
      "%s: %" G_GUINT64_FORMAT ", expected %" G_GUINT64_FORMAT, field, found,
      expected);
}

static inline void
assert_number (const GstStructure *report, const gchar *field, gdouble expected)
{
  gdouble found = -1;

  fail_unless (gst_structure_get_double (report, field, &found), "%s", field);
  fail_unless (fabs (found - expected) < 1e-9, "%s: %g, expected %g", field,
      found, expected);
}

static inline const GstStructure *
get_windows (const GstStructure *report)
{
  return gst_value_get_structure (gst_structure_get_value (report, "windows"));
}

/* Five examples with a label, one without; one of them has two windows. */
static inline void
push_six_examples (Fixture *f)
{
  push_example (f, "a");
  push_answer (f, (Answer){"a", .9, 1, 250});
  push_example (f, "a");
  push_answer (f, (Answer){"c", .5, 4, 1000});
  push_answer (f, (Answer){"a", .8, 2, 500});
  push_example (f, "b");
  push_answer (f, (Answer){"b", 1., 1, 250});
  push_example (f, "b");
  push_answer (f, (Answer){"a", .4, 4, 1000});
  push_example (f, "c");
  push_answer (f, (Answer){"c", .7, 2, 500});
  push_example (f, NULL);
  push_answer (f, (Answer){"c", .6, 4, 1000});
}
