/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* For the tests of how deep mxclassify goes: a classifier that goes to the last
 * exit if nothing is short, and what became of it. */
#pragma once

#include "classifier.h"
#include "steady-clock.h"

#include <gst/check/gsttestclock.h>

#define MS GST_MSECOND
#define N 8000

static const Model model = {8000, 1, 400, 200};

/* Windows that each exit answered when mean_exit() was called last. */
static guint64 counted[EXITS];

/* All exits, if nothing is short. */
static inline Classifier
deep_classifier (void)
{
  Classifier c = classifier_new (&model);

  memset (counted, 0, sizeof counted);
  steady_step = 0;
  gst_util_set_object_arg (G_OBJECT (c.element), "policy", "last");
  classifier_set_caps (&c, model.rate, model.channels);
  return c;
}

static inline void
set_clock (Classifier *c, GstClockTime time)
{
  GstTestClock *clock = gst_harness_get_testclock (c->harness);

  gst_test_clock_set_time (clock, time);
  gst_object_unref (clock);
}

/* One window more, whenever it was heard; its answer (transfer full). */
static inline GstStructure *
next_answer (Classifier *c, GstClockTime pts)
{
  g_autofree gfloat *samples = noise (model.window, 3);
  g_autoptr (GPtrArray) messages = NULL;
  GstBuffer *buffer = piece (samples, 1, 0, model.window, model.rate, pts);

  GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
  classifier_push (c, buffer);
  messages = classifier_messages (c);
  fail_unless_equals_int (messages->len, 1);
  return gst_structure_copy (messages->pdata[0]);
}

static inline gboolean
get_flag (const GstStructure *answer, const gchar *field)
{
  gboolean flag = FALSE;

  fail_unless (gst_structure_get_boolean (answer, field, &flag), "%s", field);
  return flag;
}

static inline void
assert_exit (Classifier *c, GstClockTime pts, guint exit)
{
  g_autoptr (GstStructure) answer = next_answer (c, pts);

  fail_unless_equals_int (get_uint (answer, "exit"), exit);
  fail_unless_equals_int (get_flag (answer, "limited"), exit < EXITS);
  fail_if (get_flag (answer, "skipped"));
}

static inline GstStructure *
stats_of (Classifier *c)
{
  GstStructure *stats;

  g_object_get (c->element, "stats", &stats, NULL);
  return stats;
}

static inline gdouble
get_double (const GstStructure *structure, const gchar *field)
{
  gdouble value = NAN;

  fail_unless (gst_structure_get_double (structure, field, &value));
  return value;
}

static inline guint64
get_element (const GstStructure *stats, const gchar *field, guint i)
{
  const GValue *array = gst_structure_get_value (stats, field);

  fail_unless_equals_int (gst_value_array_get_size (array), EXITS);
  return g_value_get_uint64 (gst_value_array_get_value (array, i));
}
