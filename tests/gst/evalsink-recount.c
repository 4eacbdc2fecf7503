/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Random streams through mxevalsink; recount.py computes its report again, from
 * the predictions it wrote. */

#include "evalsink-rig.h"

#include "mx-rng.h"

#define CLASSES 3

/* The last one is of the data alone: the model does not know it. */
static const gchar *const names[CLASSES + 1] = {"a", "b", "c", "d"};

typedef struct {
  Fixture f;
  gchar *folder, *predictions, *report;
  gboolean all_exits;
  MxRng rng;
  guint64 now;   /* ms */
  guint64 index; /* of the next example */
  guint64 seed;
} Rig;

static guint
below (Rig *rig, guint n)
{
  return (guint)mx_rng_below (&rig->rng, n);
}

static void
set_up (Rig *rig, guint64 seed, guint64 tolerance)
{
  memset (rig, 0, sizeof *rig);
  mx_rng_init (&rig->rng, seed, 0);
  rig->seed = seed;
  rig->all_exits = seed % 4 != 0;
  rig->folder = g_dir_make_tmp ("evalsink-XXXXXX", NULL);
  rig->predictions = g_build_filename (rig->folder, "predictions", NULL);
  rig->report = g_build_filename (rig->folder, "report", NULL);
  begin (&rig->f);
  gst_element_set_state (rig->f.harness->element, GST_STATE_NULL);
  g_object_set (rig->f.harness->element, "location", rig->report, "predictions",
      rig->predictions, "event-tolerance", tolerance, NULL);
  gst_element_set_state (rig->f.harness->element, GST_STATE_PLAYING);
  gst_harness_push_event (
      rig->f.harness, gst_event_new_stream_start ("random"));
}

static void
tear_down (Rig *rig)
{
  end (&rig->f);
  g_remove (rig->predictions);
  g_remove (rig->report);
  g_rmdir (rig->folder);
  g_free (rig->predictions);
  g_free (rig->report);
  g_free (rig->folder);
}

static void
append_double (GValue *array, gdouble number)
{
  GValue value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_DOUBLE);
  g_value_set_double (&value, number);
  gst_value_array_append_and_take_value (array, &value);
}

/* Deeper exits are surer and more often right; confidences are few, so that
 * many are equal.  Returns the class. */
static guint
append_row (Rig *rig, GValue *row, guint truth, guint exit)
{
  guint class = below (rig, 10) < 4 + exit ? truth : below (rig, CLASSES);
  gdouble sure = (gfloat)((7 + below (rig, 9)) / 16.);

  for (guint c = 0; c < CLASSES; c++)
    append_double (row, c == class ? sure : (1 - sure) / (CLASSES - 1));
  return class;
}

static void
set_exits (Rig *rig, GstStructure *result, guint truth, Answer *answer)
{
  GValue rows = G_VALUE_INIT, labels = G_VALUE_INIT, macs = G_VALUE_INIT;
  guint chosen = 1 + below (rig, EXITS);

  gst_value_array_init (&rows, EXITS * CLASSES);
  gst_value_array_init (&labels, EXITS);
  gst_value_array_init (&macs, EXITS);
  for (guint e = 1; e <= EXITS; e++) {
    GValue label = G_VALUE_INIT, cost = G_VALUE_INIT;
    guint class = append_row (rig, &rows, truth, e);

    g_value_init (&label, G_TYPE_STRING);
    g_value_set_static_string (&label, names[class]);
    gst_value_array_append_and_take_value (&labels, &label);
    g_value_init (&cost, G_TYPE_UINT64);
    g_value_set_uint64 (&cost, e == EXITS ? FULL : e * 240 + below (rig, 10));
    if (e == chosen)
      *answer = (Answer){names[class],
          g_value_get_double (
              gst_value_array_get_value (&rows, (e - 1) * CLASSES + class)),
          e, g_value_get_uint64 (&cost)};
    gst_value_array_append_and_take_value (&macs, &cost);
  }
  if (rig->all_exits) {
    gst_structure_set_value (result, "exit-probabilities", &rows);
    gst_structure_set_value (result, "exit-labels", &labels);
    gst_structure_set_value (result, "exit-macs", &macs);
  }
  g_value_unset (&rows);
  g_value_unset (&labels);
  g_value_unset (&macs);
}

/* On a buffer of its own, twice now and then. */
static void
push_window (Rig *rig, guint truth, guint64 start, guint64 duration)
{
  g_autoptr (GstStructure) beside = gst_structure_new_empty ("beside");
  GstBuffer *buffer = gst_buffer_new ();
  GstStructure *result;
  Answer answer;

  set_exits (rig, beside, truth, &answer);
  result = new_result (rig->f.sequence++, &answer, CLASSES);
  for (gint i = 0; i < gst_structure_n_fields (beside); i++) {
    const gchar *field = gst_structure_nth_field_name (beside, (guint)i);

    gst_structure_set_value (
        result, field, gst_structure_get_value (beside, field));
  }
  gst_structure_set (result, "latency", G_TYPE_UINT64,
      (guint64)below (rig, 1000000), "finite", G_TYPE_BOOLEAN,
      below (rig, 20) > 0, NULL);
  if (duration > 0)
    gst_structure_set (result, "timestamp", G_TYPE_UINT64, start * GST_MSECOND,
        "duration", G_TYPE_UINT64, duration * GST_MSECOND, NULL);
  for (guint i = below (rig, 3); i < 3; i += 2)
    gst_mx_result_meta_add (buffer, result);
  if (gst_buffer_get_custom_meta (buffer, "GstMxResult") == NULL)
    gst_mx_result_meta_add (buffer, result);
  GST_BUFFER_PTS (buffer) = (start + duration) * GST_MSECOND;
  gst_structure_free (result);
  fail_unless_equals_int (
      gst_harness_push (rig->f.harness, buffer), GST_FLOW_OK);
}

static void
push_random_example (Rig *rig, gint truth, gboolean gap, guint64 duration)
{
  static const gchar *const people[] = {"anna", "ben", NULL};
  g_autofree gchar *path = g_strdup_printf ("%03u.wav", (guint)rig->index);
  const GstMxExample example = {
      .label = truth < 0 || gap ? NULL : (gchar *)names[truth],
      .index = rig->index++,
      .path = path,
      .subject = (gchar *)people[below (rig, 3)],
      .gap = gap,
      .duration = duration * GST_MSECOND,
  };

  gst_harness_push_event (rig->f.harness, gst_mx_example_event_new (&example));
}

/* -1: unlabelled.  Now and then all of a stream has one label, or none. */
static gint
random_truth (Rig *rig)
{
  switch (rig->seed / 6) {
  case 0:
    return (gint)below (rig, CLASSES + 1) - 1;
  case 1:
    return (gint)below (rig, CLASSES + 2) - 1;
  default:
    return (gint)((rig->seed + rig->seed / 3) % 3) - 1;
  }
}

/* What a window hears that the model knows. */
static guint
heard (gint truth)
{
  return truth < 0 || truth >= CLASSES ? 0 : (guint)truth;
}

static void
push_isolated (Rig *rig, guint n)
{
  for (guint i = 0; i < n; i++) {
    gint truth = random_truth (rig);

    push_random_example (rig, truth, FALSE, 0);
    for (guint w = below (rig, 4); w > 0; w--)
      push_window (rig, heard (truth), 0, 0);
  }
}

static void
push_silent_buffer (Rig *rig, guint64 at, gboolean discont)
{
  GstBuffer *buffer = gst_buffer_new ();

  GST_BUFFER_PTS (buffer) = at * GST_MSECOND;
  if (discont)
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
  gst_harness_push (rig->f.harness, buffer);
}

/* Stretches with a label, without one, and gaps; windows of 1 s each 300 ms. */
static void
push_recording (Rig *rig, guint n)
{
  guint64 at = 0, window = 0;

  for (guint i = 0; i < n; i++) {
    gboolean gap = below (rig, 3) == 0;
    gint truth = random_truth (rig);
    guint64 duration = 100 + 100 * below (rig, 40);

    push_random_example (rig, truth, gap, duration);
    push_silent_buffer (rig, at, i == 0);
    at += duration;
    for (; window + 1000 <= at; window += 300)
      push_window (rig, heard (truth), window, 1000);
  }
}

static void
push_mixture (Rig *rig, guint n)
{
  push_isolated (rig, n / 4);
  push_recording (rig, n / 2);
  push_isolated (rig, n / 4);
  push_recording (rig, n / 2);
  push_recording (rig, n / 2);
}

static void
recount (const Rig *rig, const gchar *tolerance)
{
  const gchar *argv[] = {g_getenv ("MX_PYTHON"), g_getenv ("MX_RECOUNT"),
      rig->predictions, rig->report, tolerance, NULL};
  g_autofree gchar *told = NULL;
  gint status = 0;
  g_autoptr (GError) error = NULL;

  fail_unless (g_spawn_sync (NULL, (gchar **)argv, NULL, G_SPAWN_DEFAULT, NULL,
                   NULL, &told, NULL, &status, &error),
      "%s", error ? error->message : "");
  fail_unless (g_spawn_check_wait_status (status, NULL), "%s", told);
}

static void (*const pushes[]) (Rig *rig, guint n) = {
    push_isolated, push_recording, push_mixture};
static const gchar *const tolerances[] = {NULL, "0", "700000000"};

GST_START_TEST (the_report_is_what_another_program_counts)
{
  const gchar *tolerance = tolerances[__i__ / 3 % 3];
  Rig rig;

  set_up (&rig, (guint64)__i__,
      tolerance ? g_ascii_strtoull (tolerance, NULL, 10) : GST_CLOCK_TIME_NONE);
  pushes[__i__ % 3](&rig, 120);
  gst_structure_free (finish (&rig.f));
  recount (&rig, tolerance);
  tear_down (&rig);
}
GST_END_TEST;

GST_START_TEST (predictions_of_a_stream_that_did_not_end_are_not_written)
{
  Rig rig;

  set_up (&rig, 1, 0);
  push_isolated (&rig, 10);
  gst_element_set_state (rig.f.harness->element, GST_STATE_NULL);
  fail_if (g_file_test (rig.predictions, G_FILE_TEST_EXISTS));
  /* Nothing else is left either. */
  fail_unless_equals_int (g_rmdir (rig.folder), 0);
  tear_down (&rig);
}
GST_END_TEST;

static Suite *
evalsink_recount_suite (void)
{
  Suite *suite = suite_create ("evalsink_recount");
  TCase *tcase = tcase_create ("evalsink_recount");

  suite_add_tcase (suite, tcase);
  if (g_getenv ("MX_PYTHON") != NULL)
    tcase_add_loop_test (
        tcase, the_report_is_what_another_program_counts, 0, 18);
  tcase_add_test (
      tcase, predictions_of_a_stream_that_did_not_end_are_not_written);
  return suite;
}

GST_CHECK_MAIN (evalsink_recount);
