/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* A model that is to take over: which is taken, which refused, what is told of
 * it, and who answers what ends meanwhile. */

#include "successor.h"

/* --- ends of recordings --- */

static const Variant long_one = {{8000, 1, 400, 200}, "long", 2};
static const Variant short_one = {{8000, 1, 300, 150}, "short", 1};

/* Steps: m the short model is set; p piece of 150 samples, P one of 450, d and
 * D the same with DISCONT, c new rate, s segment, f flush, g gap of 10 ms, G of
 * a another, e end of stream.
 * Who answers: L the long one, l what is shorter than its window, S and s the
 * same of the short one. */
static const struct {
  const gchar *steps, *answers;
} endings[] = {
    {"PP", "LLL"},
    {"mP", "SS"},
    {"pmPe", "LS"},
    {"PmPe", "LLLS"},
    {"pmPP", "LSSSS"},
    /* What ends before the short one has been found is the long one's. */
    {"pme", "l"},
    {"pmpe", "l"},
    {"pmdP", "lSSS"},
    {"pmsP", "lSS"},
    {"pmcP", "l"},
    {"pmcPe", "ls"},
    {"pmfP", "SS"},
    /* And so is what ends while the short one listens already. */
    {"pmpdP", "lSSS"},
    {"pmpsP", "lSS"},
    {"pmpcPe", "ls"},
    {"pmpGP", "lSS"},
    {"pmpfP", "SS"},
    {"pmpfpe", "s"},
    /* Both hear a short gap. */
    {"pmpgg", "L"},
    {"pmpggg", "LS"},
    /* Behind the last window nothing is left to answer. */
    {"pmPpD", "LSSSS"},
    {"PmPpe", "LLLSS"},
    {"mpe", "s"},
};

/* Of all that is pushed only gaps have times: one goes on where the last
 * ended. */
static void
push_gap (Classifier *c, GstClockTime *time, GstClockTime duration)
{
  gst_harness_push_event (c->harness, gst_event_new_gap (*time, duration));
  *time += duration;
}

static void
take_step (Classifier *c, const gfloat *samples, gchar step, const gchar *file,
    GstClockTime *time)
{
  switch (step) {
  case 'm':
    g_object_set (c->element, "model-file", file, NULL);
    break;
  case 'p':
  case 'd':
    classifier_push_untimed (c, samples, 150, step == 'd');
    break;
  case 'P':
  case 'D':
    classifier_push_untimed (c, samples, 450, step == 'D');
    break;
  case 'c':
    classifier_set_caps (c, 16000, 1);
    break;
  case 'f':
    gst_harness_push_event (c->harness, gst_event_new_flush_start ());
    gst_harness_push_event (c->harness, gst_event_new_flush_stop (TRUE));
    G_GNUC_FALLTHROUGH;
  case 's':
    classifier_push_segment (c);
    break;
  case 'g':
  case 'G':
    push_gap (c, time, step == 'g' ? 10 * GST_MSECOND : GST_SECOND);
    break;
  case 'e':
    gst_harness_push_event (c->harness, gst_event_new_eos ());
    break;
  default:
    g_assert_not_reached ();
  }
}

static gchar
who (const GstStructure *answer)
{
  gboolean is_long = get_uint (answer, "exits") == long_one.exits;
  GstClockTime duration = get_uint64 (answer, "duration");
  gboolean whole =
      duration >= GST_FRAMES_TO_CLOCK_TIME (is_long ? 400 : 300, 8000);

  return is_long ? (whole ? 'L' : 'l') : (whole ? 'S' : 's');
}

GST_START_TEST (test_what_ends_meanwhile_is_answered_once)
{
  g_autofree gchar *from = variant_file (&long_one);
  g_autofree gchar *to = variant_file (&short_one);
  g_autofree gfloat *samples = noise (450, 1);
  g_autoptr (GString) answers = g_string_new (NULL);
  g_autoptr (Posted) posted = NULL;
  Classifier c = classifier_with_file (from);
  GstClockTime time = GST_SECOND;

  classifier_set_caps (&c, 8000, 1);
  for (const gchar *step = endings[__i__].steps; *step != '\0'; step++)
    take_step (&c, samples, *step, to, &time);
  posted = classifier_posted (&c);
  for (guint i = 0; i < posted->results->len; i++)
    g_string_append_c (answers, who (posted->results->pdata[i]));
  fail_unless (g_str_equal (answers->str, endings[__i__].answers),
      "%s: found %s, expected %s", endings[__i__].steps, answers->str,
      endings[__i__].answers);
  fail_unless_equals_int (posted->errors, 0);
  classifier_free (&c);
  g_remove (from);
  g_remove (to);
}
GST_END_TEST;

/* --- what is taken --- */

/* A stream that the long one listens to, and has heard 300 samples of. */
typedef struct {
  Classifier c;
  gchar *file; /* of the long one */
  gfloat *samples;
  guint notified; /* how often of `model-file` */
  guint labels;   /* and of `labels` */
} Rig;

static void
count (GObject *element, GParamSpec *spec, gpointer counter)
{
  ++*(guint *)counter;
}

static Rig *
rig_new (void)
{
  Rig *rig = g_new0 (Rig, 1);

  rig->file = variant_file (&long_one);
  rig->c = classifier_with_file (rig->file);
  rig->samples = noise (6000, 4);
  classifier_set_caps (&rig->c, 8000, 1);
  classifier_push_untimed (&rig->c, rig->samples, 300, FALSE);
  g_signal_connect (
      rig->c.element, "notify::model-file", G_CALLBACK (count), &rig->notified);
  g_signal_connect (
      rig->c.element, "notify::labels", G_CALLBACK (count), &rig->labels);
  return rig;
}

static void
rig_free (Rig *rig)
{
  g_signal_handlers_disconnect_by_data (rig->c.element, &rig->notified);
  g_signal_handlers_disconnect_by_data (rig->c.element, &rig->labels);
  classifier_free (&rig->c);
  g_remove (rig->file);
  g_free (rig->file);
  g_free (rig->samples);
  g_free (rig);
}

static void
set_file (Rig *rig, const gchar *file)
{
  g_object_set (rig->c.element, "model-file", file, NULL);
}

static void
assert_file (Rig *rig, const gchar *file)
{
  g_autofree gchar *found = get_model_file (rig->c.element);

  fail_unless_equals_string (found, file);
}

/* The rest of the stream, in pieces. */
static Posted *
hear_out (Rig *rig)
{
  for (gsize at = 300; at < 6000; at += 300)
    classifier_push_untimed (&rig->c, rig->samples + at, 300, FALSE);
  return classifier_posted (&rig->c);
}

/* As if nothing had been tried. */
static void
assert_long_one_went_on (Rig *rig, const Posted *posted)
{
  g_autoptr (GPtrArray) expected = structures_new ();
  g_autoptr (MxNetwork) network = variant_network (&long_one);
  MxSession *session = mx_session_new (network);

  for (gsize at = 0; at < 6000;) {
    MxResult result;
    bool answered;

    at += mx_session_push (
        session, rig->samples + at, 6000 - at, &result, &answered);
    if (answered)
      g_ptr_array_add (expected, expected_answer (&result));
  }
  mx_session_free (session);
  assert_answers_match (posted->results, expected, 0);
  fail_unless_equals_int (posted->models->len, 0);
  fail_unless_equals_int (posted->errors, 0);
  fail_unless_equals_int (rig->labels, 0);
  assert_file (rig, rig->file);
}

static const gchar *const bad_files[] = {"missing", "damaged", "folder"};

GST_START_TEST (test_what_cannot_be_loaded_is_told_and_nothing_else_happens)
{
  g_autofree gchar *file = bad_file (bad_files[__i__]);
  g_autoptr (Posted) posted = NULL;
  Rig *rig = rig_new ();

  set_file (rig, file);
  assert_file (rig, rig->file);
  fail_unless (rig->notified >= 1);
  posted = hear_out (rig);
  fail_unless (strstr (posted->warnings->str, file) != NULL, "%s",
      posted->warnings->str);
  assert_long_one_went_on (rig, posted);
  rig_free (rig);
  if (g_str_equal (bad_files[__i__], "damaged"))
    g_remove (file);
}
GST_END_TEST;

GST_START_TEST (test_a_model_that_cannot_hear_the_stream_is_refused)
{
  static const Variant three = {{50, 3, 32, 16}, "three", 2};
  static const gchar *const said[] = {
      "\"three\"", "\"long\"", ":sink", "1 channel,", "needs 3"};
  g_autofree gchar *file = variant_file (&three);
  g_autoptr (Posted) posted = NULL;
  Rig *rig = rig_new ();

  set_file (rig, file);
  assert_file (rig, file);
  posted = hear_out (rig);
  for (guint i = 0; i < G_N_ELEMENTS (said); i++)
    fail_unless (strstr (posted->warnings->str, said[i]) != NULL,
        "\"%s\" does not say %s", posted->warnings->str, said[i]);
  fail_unless (rig->notified >= 2);
  assert_long_one_went_on (rig, posted);
  rig_free (rig);
  g_remove (file);
}
GST_END_TEST;

GST_START_TEST (test_the_model_in_use_does_not_take_over_from_itself)
{
  g_autofree gchar *other = variant_file (&short_one);
  g_autoptr (Posted) posted = NULL;
  Rig *rig = rig_new ();

  set_file (rig, rig->file);
  set_file (rig, other);
  set_file (rig, rig->file);
  posted = hear_out (rig);
  fail_unless_equals_string (posted->warnings->str, "");
  assert_long_one_went_on (rig, posted);
  rig_free (rig);
  g_remove (other);
}
GST_END_TEST;

GST_START_TEST (test_the_last_that_was_set_takes_over)
{
  static const Variant third = {{8000, 1, 200, 200}, "third", 3};
  g_autofree gchar *another = variant_file (&short_one);
  g_autofree gchar *file = variant_file (&third);
  g_autofree gchar *missing = bad_file ("missing");
  g_autoptr (Posted) posted = NULL;
  Rig *rig = rig_new ();

  set_file (rig, another);
  set_file (rig, file);
  /* What cannot be loaded does not outdo what waits. */
  set_file (rig, missing);
  assert_file (rig, file);
  posted = hear_out (rig);
  fail_unless_equals_int (posted->models->len, 1);
  fail_unless_equals_string (
      gst_structure_get_string (posted->models->pdata[0], "name"), "third");
  assert_file (rig, file);
  rig_free (rig);
  g_remove (another);
  g_remove (file);
}
GST_END_TEST;

static guint64
sum_of_exits (const GstStructure *stats, guint length)
{
  const GValue *exits = gst_structure_get_value (stats, "exits");
  guint64 sum = 0;

  fail_unless_equals_int (gst_value_array_get_size (exits), length);
  for (guint i = 0; i < length; i++)
    sum += g_value_get_uint64 (gst_value_array_get_value (exits, i));
  return sum;
}

static const Variant relabelled = {
    {8000, 1, 400, 200}, "relabelled", 5, "[\"x\", \"b\", \"c\"]"};

/* With the same file, as a trainer replaces it. */
GST_START_TEST (test_a_replaced_file_is_told_with_its_labels)
{
  g_autofree gchar *other = variant_file (&relabelled);
  g_autoptr (Posted) posted = NULL;
  g_autoptr (GstStructure) stats = NULL;
  const GstStructure *told;
  const GValue *labels;
  gboolean changed;
  Rig *rig = rig_new ();

  fail_unless_equals_int (g_rename (other, rig->file), 0);
  set_file (rig, rig->file);
  posted = hear_out (rig);
  fail_unless_equals_int (posted->models->len, 1);
  told = posted->models->pdata[0];
  fail_unless_equals_string (
      gst_structure_get_string (told, "model-file"), rig->file);
  fail_unless_equals_string (
      gst_structure_get_string (told, "name"), "relabelled");
  fail_unless (gst_structure_get_boolean (told, "labels-changed", &changed));
  fail_unless (changed && rig->labels == 1);
  labels = gst_structure_get_value (told, "labels");
  fail_unless_equals_string (
      g_value_get_string (gst_value_array_get_value (labels, 0)), "x");
  /* What both answered, the longer histogram. */
  g_object_get (rig->c.element, "stats", &stats, NULL);
  fail_unless_equals_uint64 (
      get_uint64 (stats, "windows"), posted->results->len);
  fail_unless_equals_uint64 (sum_of_exits (stats, 5), posted->results->len);
  rig_free (rig);
}
GST_END_TEST;

GST_START_TEST (test_new_caps_are_the_successors_if_it_waits)
{
  static const Variant three = {{50, 3, 32, 16}, "three", 2};
  g_autofree gchar *file = variant_file (&three);
  g_autoptr (Posted) posted = NULL;
  Classifier c = classifier_with_file (file);

  g_object_set (c.element, "model-file", NULL, NULL);
  classifier_set_caps (&c, 8000, 1);
  posted = classifier_posted (&c);
  fail_unless_equals_int (posted->errors, 0);
  fail_unless_equals_int (posted->models->len, 1);
  classifier_free (&c);
  g_remove (file);
}
GST_END_TEST;

GST_START_TEST (test_below_paused_it_is_the_next_start_that_loads)
{
  g_autofree gchar *missing = bad_file ("missing");
  g_autoptr (Posted) before = NULL;
  g_autoptr (Posted) after = NULL;
  Rig *rig = rig_new ();

  gst_element_set_state (rig->c.element, GST_STATE_READY);
  set_file (rig, missing);
  assert_file (rig, missing);
  before = classifier_posted (&rig->c);
  fail_unless_equals_string (before->warnings->str, "");
  fail_unless_equals_int (
      gst_element_set_state (rig->c.element, GST_STATE_PAUSED),
      GST_STATE_CHANGE_FAILURE);
  after = classifier_posted (&rig->c);
  fail_unless_equals_int (after->errors, 1);
  set_file (rig, rig->file);
  fail_unless_equals_int (
      gst_element_set_state (rig->c.element, GST_STATE_PLAYING),
      GST_STATE_CHANGE_SUCCESS);
  rig_free (rig);
}
GST_END_TEST;

static Suite *
classify_successor_suite (void)
{
  Suite *suite = suite_create ("classify-successor");
  TCase *tests = tcase_create ("classify-successor");

  suite_add_tcase (suite, tests);
  tcase_add_loop_test (tests, test_what_ends_meanwhile_is_answered_once, 0,
      G_N_ELEMENTS (endings));
  tcase_add_loop_test (tests,
      test_what_cannot_be_loaded_is_told_and_nothing_else_happens, 0,
      G_N_ELEMENTS (bad_files));
  tcase_add_test (tests, test_a_model_that_cannot_hear_the_stream_is_refused);
  tcase_add_test (tests, test_the_model_in_use_does_not_take_over_from_itself);
  tcase_add_test (tests, test_the_last_that_was_set_takes_over);
  tcase_add_test (tests, test_a_replaced_file_is_told_with_its_labels);
  tcase_add_test (tests, test_new_caps_are_the_successors_if_it_waits);
  tcase_add_test (tests, test_below_paused_it_is_the_next_start_that_loads);
  return suite;
}

GST_CHECK_MAIN (classify_successor);
