/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* For the tests of mxclassify: a small model, the element in a harness, and
 * what a session alone says about the same samples. */
#pragma once

#include <gst/audio/audio.h>
#include <gst/check/gstcheck.h>
#include <gst/check/gstharness.h>
#include <glib/gstdio.h>
#include <math.h>
#include <unistd.h>

#include "mx-model-file.h"
#include "mx-rng.h"
#include "mx-session.h"
#include "result-fields.h"

#define CLASSES 3
#define EXITS 2

typedef struct {
  guint rate, channels, window, hop; /* samples */
  const gchar *front_end;            /* its kind; NULL: raw */
  guint streamed;                    /* leading stages that are */
} Model;

static inline MxNetwork *
model_network (const Model *model)
{
  g_autoptr (GError) error = NULL;
  g_autofree gchar *json = g_strdup_printf (
      "{\"name\": \"test\", \"labels\": [\"a\", \"b\", \"c\"],"
      " \"streamed\": %u, \"input\": {\"rate\": %u, \"channels\": %u, "
      "\"window\": %u,"
      " \"hop\": %u}, \"front-end\": {\"kind\": \"%s\"}, \"stages\": ["
      "{\"layers\": [{\"kind\": \"conv1d\", \"filters\": 6, \"kernel\": 3},"
      " {\"kind\": \"relu\"}],"
      " \"exit\": [{\"kind\": \"pool\"}, {\"kind\": \"dense\"}]},"
      "{\"layers\": [{\"kind\": \"conv1d\", \"filters\": 8, \"kernel\": 5,"
      " \"stride\": 2}, {\"kind\": \"relu\"}],"
      " \"exit\": [{\"kind\": \"pool\"}, {\"kind\": \"dense\"}]}]}",
      model->streamed, model->rate, model->channels, model->window, model->hop,
      model->front_end != NULL ? model->front_end : "raw");
  g_autoptr (MxDescription) description =
      mx_description_new (json, -1, "test", NULL, &error);
  g_autofree gfloat *weights = NULL;

  g_assert_no_error (error);
  weights = g_new (gfloat, description->program->n_weights);
  mx_program_init_weights (description->program, 7, weights);
  /* Far from even odds, so that a wrong sample shows. */
  for (gsize i = 0; i < description->program->n_weights; i++)
    weights[i] *= 3;
  return mx_network_new (description, weights);
}

/* A file that the caller removes. */
static inline gchar *
temporary_file (GBytes *contents)
{
  g_autoptr (GError) error = NULL;
  gchar *name = NULL;
  gint file = g_file_open_tmp ("mx-XXXXXX.safetensors", &name, &error);
  gsize size;
  gconstpointer data = g_bytes_get_data (contents, &size);

  g_assert_no_error (error);
  fail_unless_equals_int (write (file, data, size), size);
  close (file);
  return name;
}

static inline gchar *
model_file (const Model *model)
{
  g_autoptr (MxNetwork) network = model_network (model);
  g_autoptr (GBytes) contents = mx_model_file_write (network);

  return temporary_file (contents);
}

static inline void
set_model (GstElement *element, const Model *model)
{
  g_autofree gchar *file = model_file (model);

  gst_element_set_state (element, GST_STATE_READY);
  g_object_set (element, "model-file", file, NULL);
  fail_unless_equals_int (gst_element_set_state (element, GST_STATE_PAUSED),
      GST_STATE_CHANGE_SUCCESS);
  gst_element_set_state (element, GST_STATE_PLAYING);
  g_remove (file);
}

typedef struct {
  GstHarness *harness;
  GstElement *element;
  GstBus *bus;
  GString *order; /* what came out: see letter_of() */
} Classifier;

/* '.' buffer, 'r' buffer with a result, 'R' result event, 'X' GstMxExample,
 * 't' tag, 'g' gap, 'C' caps, 'S' segment, 'F' flush-stop, 'E' end of stream;
 * 0: not of interest. */
static inline gchar
letter_of (GstPadProbeInfo *info)
{
  if (info->type & GST_PAD_PROBE_TYPE_BUFFER)
    return gst_buffer_get_custom_meta (info->data, "GstMxResult") ? 'r' : '.';
  switch (GST_EVENT_TYPE (info->data)) {
  case GST_EVENT_CUSTOM_DOWNSTREAM:
    return gst_mx_result_event_parse (info->data) != NULL ? 'R' : 0;
  case GST_EVENT_CUSTOM_DOWNSTREAM_STICKY:
    return 'X';
  case GST_EVENT_TAG:
    return 't';
  case GST_EVENT_GAP:
    return 'g';
  case GST_EVENT_CAPS:
    return 'C';
  case GST_EVENT_SEGMENT:
    return 'S';
  case GST_EVENT_FLUSH_STOP:
    return 'F';
  case GST_EVENT_EOS:
    return 'E';
  default:
    return 0;
  }
}

static inline GstPadProbeReturn
note_order (GstPad *pad, GstPadProbeInfo *info, gpointer order)
{
  gchar letter = letter_of (info);

  if (letter != 0)
    g_string_append_c (order, letter);
  return GST_PAD_PROBE_OK;
}

static inline Classifier
classifier_new (const Model *model)
{
  Classifier self = {.order = g_string_new (NULL)};
  g_autoptr (GstPad) pad = NULL;

  self.element = gst_element_factory_make ("mxclassify", NULL);
  fail_unless (self.element != NULL);
  gst_object_ref_sink (self.element);
  self.bus = gst_bus_new ();
  gst_element_set_bus (self.element, self.bus);
  set_model (self.element, model);
  self.harness = gst_harness_new_with_element (self.element, "sink", "src");
  pad = gst_element_get_static_pad (self.element, "src");
  gst_pad_add_probe (pad,
      GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM |
          GST_PAD_PROBE_TYPE_EVENT_FLUSH,
      note_order, self.order, NULL);
  return self;
}

static inline void
classifier_free (Classifier *self)
{
  gst_element_set_state (self->element, GST_STATE_NULL);
  gst_harness_teardown (self->harness);
  g_string_free (self->order, TRUE);
  gst_element_set_bus (self->element, NULL);
  gst_object_unref (self->bus);
  gst_object_unref (self->element);
}

static inline gchar *
caps_of (const gchar *format, guint rate, guint channels, gboolean planar)
{
  return g_strdup_printf ("audio/x-raw,format=%s,rate=%u,channels=%u,"
                          "layout=%s%s",
      format, rate, channels, planar ? "non-interleaved" : "interleaved",
      channels > 2 ? ",channel-mask=(bitmask)0x0" : "");
}

static inline void
classifier_set_caps (Classifier *self, guint rate, guint channels)
{
  g_autofree gchar *caps = caps_of (GST_AUDIO_NE (F32), rate, channels, FALSE);

  gst_harness_set_src_caps_str (self->harness, caps);
}

/* It knows what it is to hear; what came out by then is not noted. */
static inline Classifier
classifier_new_ready (const Model *model)
{
  Classifier self = classifier_new (model);

  classifier_set_caps (&self, model->rate, model->channels);
  g_string_truncate (self.order, 0);
  return self;
}

/* Frames [first, first + n) of `samples`, with PTS from `origin` on. */
static inline GstBuffer *
piece (const gfloat *samples, guint channels, guint64 first, gsize n,
    guint rate, GstClockTime origin)
{
  GstBuffer *buffer = gst_buffer_new_memdup (
      samples + first * channels, n * channels * sizeof (gfloat));

  if (GST_CLOCK_TIME_IS_VALID (origin)) {
    GST_BUFFER_PTS (buffer) = origin + GST_FRAMES_TO_CLOCK_TIME (first, rate);
    GST_BUFFER_DURATION (buffer) = GST_FRAMES_TO_CLOCK_TIME (n, rate);
  }
  return buffer;
}

static inline void
classifier_push (Classifier *self, GstBuffer *buffer)
{
  fail_unless_equals_int (
      gst_harness_push (self->harness, buffer), GST_FLOW_OK);
}

static inline void
classifier_push_all (Classifier *self, const Model *model,
    const gfloat *samples, gsize n, gsize chunk, GstClockTime origin)
{
  for (gsize first = 0; first < n; first += chunk)
    classifier_push (self, piece (samples, model->channels, first,
                               MIN (chunk, n - first), model->rate, origin));
}

/* @n samples of one channel, without a time. */
static inline void
classifier_push_untimed (
    Classifier *self, const gfloat *samples, gsize n, gboolean discont)
{
  GstBuffer *buffer = piece (samples, 1, 0, n, 8000, GST_CLOCK_TIME_NONE);

  if (discont)
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
  classifier_push (self, buffer);
}

/* The whole of time. */
static inline void
classifier_push_segment (Classifier *self)
{
  GstSegment segment;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_harness_push_event (self->harness, gst_event_new_segment (&segment));
}

static inline void
classifier_begin_stream (Classifier *self, guint rate, guint channels)
{
  gst_harness_push_event (self->harness, gst_event_new_stream_start ("next"));
  classifier_set_caps (self, rate, channels);
  classifier_push_segment (self);
}

static inline void
classifier_flush (Classifier *self)
{
  gst_harness_push_event (self->harness, gst_event_new_flush_start ());
  gst_harness_push_event (self->harness, gst_event_new_flush_stop (TRUE));
  classifier_push_segment (self);
}

static inline gfloat *
noise (gsize n, guint64 seed)
{
  gfloat *samples = g_new (gfloat, n);
  MxRng rng;

  mx_rng_init (&rng, seed, 0);
  for (gsize i = 0; i < n; i++)
    samples[i] = mx_rng_normal (&rng) * (1 + i % 400 / 200);
  return samples;
}

/* --- what was answered --- */

/* All element messages so far; others are dropped. */
static inline GPtrArray *
classifier_messages (Classifier *self)
{
  GPtrArray *found = structures_new ();
  GstMessage *message;

  while ((message = gst_bus_pop (self->bus)) != NULL) {
    if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ELEMENT &&
        gst_message_has_name (message, "mxclassify"))
      g_ptr_array_add (
          found, gst_structure_copy (gst_message_get_structure (message)));
    gst_message_unref (message);
  }
  return found;
}

/* The metas on all buffers that came out. */
static inline GPtrArray *
classifier_metas (Classifier *self)
{
  GPtrArray *found = structures_new ();
  GstBuffer *buffer;

  while ((buffer = gst_harness_try_pull (self->harness)) != NULL) {
    gst_mx_result_meta_foreach (buffer, keep_result, found);
    gst_buffer_unref (buffer);
  }
  return found;
}

/* The result events that came out; others are dropped. */
static inline GPtrArray *
classifier_events (Classifier *self)
{
  GPtrArray *found = structures_new ();
  GstEvent *event;

  while ((event = gst_harness_try_pull_event (self->harness)) != NULL) {
    const GstStructure *result = gst_mx_result_event_parse (event);

    if (result != NULL)
      g_ptr_array_add (found, gst_structure_copy (result));
    gst_event_unref (event);
  }
  return found;
}

/* What a session says, as structures with some of the fields. */
static inline GstStructure *
expected_answer (const MxResult *result)
{
  GstStructure *answer = gst_structure_new ("expected", "start", G_TYPE_UINT64,
      result->start, "length", G_TYPE_UINT64, (guint64)result->length, "exit",
      G_TYPE_UINT, result->exit, "class", G_TYPE_UINT, (guint)result->label,
      "macs", G_TYPE_UINT64, result->macs, NULL);
  GValue array = G_VALUE_INIT;

  gst_value_array_init (&array, CLASSES);
  for (guint i = 0; i < CLASSES; i++) {
    GValue value = G_VALUE_INIT;

    g_value_init (&value, G_TYPE_DOUBLE);
    g_value_set_double (&value, result->probabilities[i]);
    gst_value_array_append_and_take_value (&array, &value);
  }
  gst_structure_take_value (answer, "probabilities", &array);
  return answer;
}

static inline GPtrArray *
expected_answers (
    const Model *model, const gfloat *samples, gsize n, gboolean drain)
{
  g_autoptr (MxNetwork) network = model_network (model);
  MxSession *session = mx_session_new (network);
  GPtrArray *answers = structures_new ();
  MxResult result;

  for (gsize done = 0; done < n;) {
    bool answered;

    done += mx_session_push (session, samples + done * model->channels,
        n - done, &result, &answered);
    if (answered)
      g_ptr_array_add (answers, expected_answer (&result));
  }
  while (drain && mx_session_drain (session, &result))
    g_ptr_array_add (answers, expected_answer (&result));
  mx_session_free (session);
  return answers;
}

/* --- comparing --- */

static inline gdouble
get_probability (const GstStructure *structure, guint class)
{
  const GValue *array = gst_structure_get_value (structure, "probabilities");

  fail_unless_equals_int (gst_value_array_get_size (array), CLASSES);
  return g_value_get_double (gst_value_array_get_value (array, class));
}

/* @tolerance: of the probabilities; 0: bit by bit. */
static inline void
assert_answers_match (
    const GPtrArray *found, const GPtrArray *expected, gdouble tolerance)
{
  fail_unless_equals_int (found->len, expected->len);
  for (guint i = 0; i < found->len; i++) {
    for (guint k = 0; k < CLASSES; k++) {
      gdouble a = get_probability (found->pdata[i], k);
      gdouble b = get_probability (expected->pdata[i], k);

      fail_unless (ABS (a - b) <= tolerance,
          "answer %u: found %.9g, expected %.9g", i, a, b);
    }
    if (tolerance == 0)
      fail_unless_equals_int (get_uint (found->pdata[i], "exit"),
          get_uint (expected->pdata[i], "exit"));
  }
}

/* Behind @skipped answers: @n whole windows, of which the first begins at
 * @from. */
static inline void
assert_windows_follow (const Model *model, const GPtrArray *answers,
    guint skipped, guint n, GstClockTime from)
{
  for (guint i = 0; i < n; i++) {
    const GstStructure *answer = answers->pdata[skipped + i];

    fail_unless_equals_uint64 (get_uint64 (answer, "timestamp"),
        from + GST_FRAMES_TO_CLOCK_TIME (i * model->hop, model->rate));
    fail_unless_equals_uint64 (get_uint64 (answer, "duration"),
        GST_FRAMES_TO_CLOCK_TIME (model->window, model->rate));
  }
}
