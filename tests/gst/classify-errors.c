/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What mxclassify refuses, and what it tells the user then. */

#include "classifier.h"

static const Model mono = {8000, 1, 400, 200};
static const Model three = {50, 3, 32, 16};

/* The text of the next error or warning, or NULL. */
static gchar *
pop_text (GstBus *bus, GstMessageType type, GQuark domain, gint code)
{
  g_autoptr (GstMessage) message = gst_bus_pop_filtered (bus, type);
  g_autoptr (GError) error = NULL;

  if (message == NULL)
    return NULL;
  if (type == GST_MESSAGE_ERROR)
    gst_message_parse_error (message, &error, NULL);
  else
    gst_message_parse_warning (message, &error, NULL);
  fail_unless (g_error_matches (error, domain, code), "%s", error->message);
  return g_strdup (error->message);
}

static void
assert_contains (const gchar *text, const gchar *part)
{
  fail_unless (text != NULL && strstr (text, part) != NULL,
      "\"%s\" does not say \"%s\"", text, part);
}

/* --- models --- */

enum { MISSING, EMPTY, TRUNCATED, FOREIGN, FOLDER, UNSET, N_MODELS };

static gchar *
bad_model (gint kind)
{
  g_autofree gchar *good = model_file (&mono);
  g_autoptr (GBytes) contents = NULL;
  gsize size;
  gchar *data;

  g_file_get_contents (good, &data, &size, NULL);
  g_remove (good);
  contents = g_bytes_new_take (data, size);
  if (kind == MISSING)
    return g_steal_pointer (&good);
  if (kind == FOLDER)
    return g_strdup (g_get_tmp_dir ());
  if (kind == UNSET)
    return NULL;
  if (kind == FOREIGN) {
    g_bytes_unref (contents);
    contents = g_bytes_new_static ("RIFF, and not a model at all", 28);
  } else {
    g_autoptr (GBytes) whole = g_steal_pointer (&contents);

    contents = g_bytes_new_from_bytes (whole, 0, kind == EMPTY ? 0 : size / 2);
  }
  return temporary_file (contents);
}

GST_START_TEST (test_a_bad_model_is_refused_at_start)
{
  g_autofree gchar *file = bad_model (__i__);
  g_autofree gchar *text = NULL;
  g_autoptr (GstBus) bus = gst_bus_new ();
  GstElement *element = gst_element_factory_make ("mxclassify", NULL);
  gboolean absent = __i__ == MISSING || __i__ == UNSET;

  gst_element_set_bus (element, bus);
  g_object_set (element, "model-file", file, NULL);
  fail_unless_equals_int (gst_element_set_state (element, GST_STATE_READY),
      GST_STATE_CHANGE_SUCCESS);
  if (gst_element_set_state (element, GST_STATE_PAUSED) ==
      GST_STATE_CHANGE_FAILURE) {
    text = pop_text (bus, GST_MESSAGE_ERROR, GST_RESOURCE_ERROR,
        absent ? GST_RESOURCE_ERROR_NOT_FOUND : GST_RESOURCE_ERROR_READ);
    assert_contains (text, file != NULL ? file : "model-file");
  } else {
    /* Only a build with a model of its own can do without a file. */
    fail_unless_equals_int (__i__, UNSET);
  }
  fail_unless_equals_int (gst_element_set_state (element, GST_STATE_NULL),
      GST_STATE_CHANGE_SUCCESS);
  if (file != NULL && __i__ != FOLDER)
    g_remove (file);
  gst_element_set_bus (element, NULL);
  gst_object_unref (element);
}
GST_END_TEST;

/* --- streams --- */

static const struct {
  const Model *model;
  const gchar *caps;
  const gchar *says[3];
} bad_caps[] = {
    {&three, "audio/x-raw,format=F32LE,rate=50,channels=1,layout=interleaved",
        {"1 channel,", "needs 3", ":sink"}},
    {&three,
        "audio/x-raw,format=F32LE,rate=50,channels=2,layout=interleaved,"
        "channel-mask=(bitmask)0x3",
        {"2 channels,", "needs 3", "\"test\""}},
    {&three, "audio/x-raw,format=F32LE,rate=50,channels=6,layout=interleaved",
        {"channel-mask=(bitmask)0x0", ":sink", "\"test\""}},
    {&mono,
        "audio/"
        "x-raw,format=S16LE,rate=2147483647,channels=1,layout=interleaved",
        {"2147483647 Hz", "8000 Hz", ":sink"}},
};

GST_START_TEST (test_a_stream_the_model_cannot_hear_is_refused)
{
  g_autofree gchar *text = NULL;
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, 96, NULL);
  Classifier c = classifier_new (bad_caps[__i__].model);

  gst_harness_set_src_caps_str (c.harness, bad_caps[__i__].caps);
  fail_unless_equals_int (
      gst_harness_push (c.harness, buffer), GST_FLOW_NOT_NEGOTIATED);
  text = pop_text (
      c.bus, GST_MESSAGE_ERROR, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT);
  for (guint i = 0; i < G_N_ELEMENTS (bad_caps[__i__].says); i++)
    assert_contains (text, bad_caps[__i__].says[i]);
  fail_unless (gst_bus_pop_filtered (c.bus, GST_MESSAGE_ERROR) == NULL);
  classifier_free (&c);
}
GST_END_TEST;

static void
offer (Classifier *c, GstCaps *caps)
{
  gst_harness_push_event (c->harness, gst_event_new_caps (caps));
  for (guint i = 0; i < 4; i++) {
    gst_harness_push_event (
        c->harness, gst_event_new_tag (gst_tag_list_new_empty ()));
    gst_harness_push (c->harness, gst_buffer_new_allocate (NULL, 96, NULL));
  }
}

static guint
count_errors (Classifier *c)
{
  GstMessage *message;
  guint n = 0;

  for (; (message = gst_bus_pop_filtered (c->bus, GST_MESSAGE_ERROR)); n++)
    gst_message_unref (message);
  return n;
}

GST_START_TEST (test_each_refused_caps_are_told_of_once)
{
  g_autoptr (GstCaps) one = gst_caps_from_string (bad_caps[0].caps);
  g_autoptr (GstCaps) two = gst_caps_from_string (bad_caps[1].caps);
  Classifier c = classifier_new (&three);

  gst_harness_set_src_caps (c.harness, gst_caps_ref (one));
  for (guint i = 0; i < 3; i++)
    offer (&c, one);
  fail_unless_equals_int (count_errors (&c), 1);
  offer (&c, two);
  offer (&c, two);
  fail_unless_equals_int (count_errors (&c), 1);
  classifier_set_caps (&c, three.rate, three.channels);
  offer (&c, two);
  fail_unless_equals_int (count_errors (&c), 1);
  classifier_free (&c);
}
GST_END_TEST;

static const struct {
  const Model *model;
  guint rate, channels;
  const gchar *says; /* NULL: nothing */
} doubts[] = {
    {&mono, 8000, 1, NULL},
    {&mono, 44100, 2, NULL},
    {&mono, 2000, 1, NULL},
    {&mono, 1999, 1, "trained on 8000 Hz, the stream has 1999 Hz"},
    {&mono, 8000, 6, "hears only the first of the stream's 6 channels"},
    {&mono, 50, 6, "50 Hz"},
    {&three, 50, 3, NULL},
    {&three, 50, 4, "only the first 3 of the stream's 4 channels"},
};

GST_START_TEST (test_a_stream_that_may_not_suit_the_model_is_doubted_once)
{
  g_autofree gchar *text = NULL;
  g_autofree gchar *another = NULL;
  Classifier c = classifier_new (doubts[__i__].model);

  for (guint i = 0; i < 3; i++)
    classifier_set_caps (&c, doubts[__i__].rate, doubts[__i__].channels);
  text = pop_text (
      c.bus, GST_MESSAGE_WARNING, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT);
  another = pop_text (
      c.bus, GST_MESSAGE_WARNING, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT);
  fail_unless (another == NULL);
  if (doubts[__i__].says == NULL) {
    fail_unless (text == NULL, "%s", text);
  } else {
    assert_contains (text, doubts[__i__].says);
    assert_contains (text, ":sink");
  }
  classifier_free (&c);
}
GST_END_TEST;

/* Two channels are averaged only if they are stereo. */
GST_START_TEST (test_a_pair_that_is_no_stereo_is_doubted)
{
  g_autofree gchar *text = NULL;
  Classifier c = classifier_new (&mono);

  gst_harness_set_src_caps_str (c.harness,
      "audio/x-raw,format=S16LE,rate=8000,channels=2,layout=interleaved,"
      "channel-mask=(bitmask)0x0");
  text = pop_text (
      c.bus, GST_MESSAGE_WARNING, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT);
  assert_contains (text, "2 channels");
  classifier_free (&c);
}
GST_END_TEST;

/* Planes without the meta that says where they are; with one that says they are
 * longer than the buffer; half a frame more than whole ones, and less. */
static const struct {
  gboolean planar, meta;
  gsize size;
  const gchar *told;
} broken_words[] = {
    {TRUE, FALSE, 800,
        "found 800 bytes, expected planes of 2 channels and a GstAudioMeta"},
    {TRUE, TRUE, 796,
        "found 796 bytes, expected planes of 2 channels and a GstAudioMeta"},
    {FALSE, FALSE, 804, "found 804 bytes, expected frames of 8"},
    {FALSE, FALSE, 4, "found 4 bytes, expected frames of 8"},
};

GST_START_TEST (test_buffers_that_do_not_keep_their_word_are_an_error)
{
  g_autofree gchar *description =
      caps_of (GST_AUDIO_NE (F32), 8000, 2, broken_words[__i__].planar);
  g_autoptr (GstCaps) caps = gst_caps_from_string (description);
  g_autofree gchar *text = NULL;
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, 804, NULL);
  GstAudioInfo info;
  Classifier c = classifier_new (&mono);

  fail_unless (gst_audio_info_from_caps (&info, caps));
  gst_harness_set_src_caps (c.harness, g_steal_pointer (&caps));
  if (broken_words[__i__].meta)
    gst_buffer_add_audio_meta (buffer, &info, 100, NULL);
  gst_buffer_set_size (buffer, broken_words[__i__].size);
  fail_unless_equals_int (gst_harness_push (c.harness, buffer), GST_FLOW_ERROR);
  text = pop_text (
      c.bus, GST_MESSAGE_ERROR, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT);
  assert_contains (text, ":sink");
  assert_contains (text, broken_words[__i__].told);
  classifier_free (&c);
}
GST_END_TEST;

GST_START_TEST (test_an_empty_buffer_is_passed)
{
  Classifier c = classifier_new (&mono);

  classifier_set_caps (&c, 8000, 1);
  classifier_push (&c, gst_buffer_new ());
  gst_buffer_unref (gst_harness_pull (c.harness));
  fail_unless (gst_bus_pop_filtered (c.bus, GST_MESSAGE_ERROR) == NULL);
  classifier_free (&c);
}
GST_END_TEST;

/* --- samples --- */

/* Samples 700, 701 and 2500 are none, so windows 2, 3, 11 and 12. */
static void
assert_windows_are_marked (const GPtrArray *found, const GPtrArray *expected)
{
  fail_unless_equals_int (found->len, expected->len);
  for (guint i = 0; i < found->len; i++) {
    const GstStructure *answer = found->pdata[i];
    gboolean finite, hit = i == 2 || i == 3 || i == 11 || i == 12;
    gdouble entropy;

    fail_unless (gst_structure_get (answer, "finite", G_TYPE_BOOLEAN, &finite,
        "entropy", G_TYPE_DOUBLE, &entropy, NULL));
    fail_unless_equals_int (finite, !hit);
    fail_unless_equals_int (ABS (entropy - log (CLASSES)) < 1e-6, hit);
    for (guint k = 0; k < CLASSES; k++)
      fail_unless (
          get_probability (answer, k) ==
          (hit ? 1.f / CLASSES : get_probability (expected->pdata[i], k)));
  }
}

GST_START_TEST (test_windows_with_samples_that_are_no_numbers_are_marked)
{
  g_autofree gfloat *samples = noise (3000, 1);
  g_autofree gchar *warning = NULL;
  g_autofree gchar *another = NULL;
  g_autoptr (GPtrArray) expected =
      expected_answers (&mono, samples, 3000, FALSE);
  g_autoptr (GPtrArray) metas = NULL;
  Classifier c = classifier_new (&mono);

  samples[700] = NAN;
  samples[701] = INFINITY;
  samples[2500] = -INFINITY;
  classifier_set_caps (&c, 8000, 1);
  classifier_push_all (&c, &mono, samples, 3000, 300, 0);
  metas = classifier_metas (&c);
  assert_windows_are_marked (metas, expected);

  warning = pop_text (
      c.bus, GST_MESSAGE_WARNING, GST_STREAM_ERROR, GST_STREAM_ERROR_DECODE);
  another = pop_text (
      c.bus, GST_MESSAGE_WARNING, GST_STREAM_ERROR, GST_STREAM_ERROR_DECODE);
  assert_contains (warning, ":sink");
  fail_unless (another == NULL);
  classifier_free (&c);
}
GST_END_TEST;

GST_START_TEST (test_bad_samples_are_forgotten_behind_the_resampler)
{
  g_autofree gfloat *samples = noise (6000, 1);
  g_autofree gfloat *spoilt = g_memdup2 (samples, 6000 * sizeof (gfloat));
  g_autoptr (GPtrArray) expected = NULL;
  g_autoptr (GPtrArray) found = NULL;
  GstClockTime spoilt_end = GST_FRAMES_TO_CLOCK_TIME (1200, 16000);

  spoilt[1000] = NAN;
  for (guint i = 0; i < 2; i++) {
    Classifier c = classifier_new (&mono);

    classifier_set_caps (&c, 16000, 1);
    classifier_push (
        &c, piece (i == 0 ? samples : spoilt, 1, 0, 6000, 16000, 0));
    *(i == 0 ? &expected : &found) = classifier_metas (&c);
    classifier_free (&c);
  }
  fail_unless_equals_int (found->len, 13);
  for (guint i = 0; i < found->len; i++)
    if (get_uint64 (found->pdata[i], "timestamp") > spoilt_end)
      fail_unless (get_probability (found->pdata[i], 0) ==
                   get_probability (expected->pdata[i], 0));
}
GST_END_TEST;

static Suite *
classify_errors_suite (void)
{
  Suite *suite = suite_create ("classify-errors");
  TCase *tests = tcase_create ("classify-errors");

  suite_add_tcase (suite, tests);
  tcase_add_loop_test (
      tests, test_a_bad_model_is_refused_at_start, 0, N_MODELS);
  tcase_add_loop_test (tests, test_a_stream_the_model_cannot_hear_is_refused, 0,
      G_N_ELEMENTS (bad_caps));
  tcase_add_test (tests, test_each_refused_caps_are_told_of_once);
  tcase_add_loop_test (tests,
      test_a_stream_that_may_not_suit_the_model_is_doubted_once, 0,
      G_N_ELEMENTS (doubts));
  tcase_add_test (tests, test_a_pair_that_is_no_stereo_is_doubted);
  tcase_add_loop_test (tests,
      test_buffers_that_do_not_keep_their_word_are_an_error, 0,
      G_N_ELEMENTS (broken_words));
  tcase_add_test (tests, test_an_empty_buffer_is_passed);
  tcase_add_test (
      tests, test_windows_with_samples_that_are_no_numbers_are_marked);
  tcase_add_test (tests, test_bad_samples_are_forgotten_behind_the_resampler);
  return suite;
}

GST_CHECK_MAIN (classify_errors);
