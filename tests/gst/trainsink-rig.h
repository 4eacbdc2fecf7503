/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* A mxtrainsink in a pipeline, with a source pad before each of its pads, and
 * examples to push: slow and fast waves in noise. */
#pragma once

#include "gstmxexample.h"
#include "mx-rng.h"

#include <glib/gstdio.h>
#include <gst/check/gstcheck.h>
#include <math.h>

#define RATE 50
#define CHANNELS 2
#define WINDOW 16

static const gchar *const rig_labels[] = {"slow", "fast", NULL};

static const gchar rig_architecture[] =
    "{\"name\": \"waves\","
    " \"input\": {\"rate\": 50, \"channels\": 2, \"window\": 16},"
    " \"stages\": ["
    "  {\"layers\": [{\"kind\": \"conv1d\", \"filters\": 8, \"kernel\": 3},"
    "    {\"kind\": \"batch-norm\"}, {\"kind\": \"relu\"}],"
    "   \"exit\": [{\"kind\": \"pool\", \"method\": \"mean+max\"},"
    "    {\"kind\": \"dense\"}]},"
    "  {\"layers\": [{\"kind\": \"conv1d\", \"filters\": 8, \"kernel\": 3,"
    "     \"stride\": 2}, {\"kind\": \"batch-norm\"}, {\"kind\": \"relu\"}],"
    "   \"exit\": [{\"kind\": \"pool\", \"method\": \"mean\"},"
    "    {\"kind\": \"dense\"}]}]}";

typedef struct {
  gchar *folder, *architecture, *location;
  GstElement *pipeline, *sink;
  GstPad *clean, *perturbed; /* perturbed: NULL: not linked */
  GstBus *bus;
  guint trouble; /* row of a table of streams */
} Rig;

static inline void
rig_folder (Rig *rig)
{
  rig->folder = g_dir_make_tmp ("mxtrainsink-XXXXXX", NULL);
  rig->architecture = g_build_filename (rig->folder, "waves.json", NULL);
  rig->location = g_build_filename (rig->folder, "waves.safetensors", NULL);
  fail_unless (
      g_file_set_contents (rig->architecture, rig_architecture, -1, NULL));
}

static inline GstPad *
rig_branch (Rig *rig, const gchar *name)
{
  GstPad *source = gst_pad_new (name, GST_PAD_SRC);
  GstPad *sink = gst_element_get_static_pad (rig->sink, name);

  if (sink == NULL)
    sink = gst_element_request_pad_simple (rig->sink, name);
  fail_unless_equals_int (gst_pad_link (source, sink), GST_PAD_LINK_OK);
  gst_pad_set_active (source, TRUE);
  gst_object_unref (sink);
  return source;
}

/* @properties: as in gst-launch. */
static inline void
rig_init (Rig *rig, const gchar *properties, gboolean pairs)
{
  gchar *line;

  rig_folder (rig);
  line = g_strdup_printf ("mxtrainsink name=train architecture=%s location=%s "
                          "batch-size=8 threads=1 %s",
      rig->architecture, rig->location, properties);
  rig->pipeline = gst_pipeline_new (NULL);
  rig->sink = gst_parse_launch (line, NULL);
  fail_unless (rig->sink != NULL);
  g_free (line);
  gst_bin_add (GST_BIN (rig->pipeline), rig->sink);
  rig->bus = gst_element_get_bus (rig->pipeline);
  rig->clean = rig_branch (rig, "clean");
  rig->perturbed = pairs ? rig_branch (rig, "perturbed") : NULL;
}

static inline void
rig_clear (Rig *rig)
{
  gst_element_set_state (rig->pipeline, GST_STATE_NULL);
  gst_clear_object (&rig->clean);
  gst_clear_object (&rig->perturbed);
  gst_object_unref (rig->bus);
  gst_object_unref (rig->pipeline);
  g_unlink (rig->architecture);
  g_unlink (rig->location);
  fail_unless_equals_int (g_rmdir (rig->folder), 0);
  g_free (rig->folder);
  g_free (rig->architecture);
  g_free (rig->location);
}

/* -------------------------------------------------------------- stream */

static inline void
rig_begin (GstPad *pad, gint rate, const gchar *const *labels, guint64 examples,
    gint epochs)
{
  GstMxDataset dataset = {(gchar **)labels, examples, epochs};
  GstCaps *caps = gst_caps_new_simple ("audio/x-raw", "format", G_TYPE_STRING,
      "F32LE", "layout", G_TYPE_STRING, "interleaved", "rate", G_TYPE_INT, rate,
      "channels", G_TYPE_INT, CHANNELS, NULL);
  GstSegment segment;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_pad_push_event (pad, gst_event_new_stream_start (GST_PAD_NAME (pad)));
  gst_pad_push_event (pad, gst_event_new_caps (caps));
  gst_pad_push_event (pad, gst_event_new_segment (&segment));
  if (labels != NULL)
    gst_pad_push_event (pad, gst_mx_dataset_event_new (&dataset));
  gst_caps_unref (caps);
}

/* What example `index` of epoch `epoch` is; @length: 0: as drawn. */
typedef struct {
  guint64 index;
  guint epoch;
  const gchar *label; /* NULL: unlabelled */
  gsize length;       /* sample frames */
  const gchar *split; /* NULL: unknown */
} Example;

/* Even ones are slow, odd ones fast; 5 to 40 frames, so some are shorter than
 * a window and some longer than two. */
static inline Example
example_of (guint64 index, guint epoch)
{
  return (Example){index, epoch, rig_labels[index % 2], 5 + index * 7 % 36};
}

static inline void
rig_announce (GstPad *pad, const Example *e)
{
  GstMxExample example = {.label = (gchar *)e->label,
      .index = e->index,
      .epoch = e->epoch,
      .split = (gchar *)e->split};

  gst_pad_push_event (pad, gst_mx_example_event_new (&example));
}

/* @scale: of the samples; @chunk: frames in a buffer. */
static inline GstFlowReturn
rig_push_samples (GstPad *pad, const Example *e, gfloat scale, gsize chunk)
{
  gboolean perturbed = g_str_equal (GST_PAD_NAME (pad), "perturbed");
  gdouble speed = e->index % 2 ? 2.2 : .5;
  GstFlowReturn flow = GST_FLOW_OK;
  MxRng rng;

  mx_rng_init (&rng, 99 + perturbed, mx_rng_stream (e->epoch, e->index));
  for (gsize t = 0; t < e->length && flow == GST_FLOW_OK; t += chunk) {
    gsize n = MIN (chunk, e->length - t);
    gfloat *samples = g_new (gfloat, n * CHANNELS);

    for (gsize i = 0; i < n; i++) {
      for (gsize c = 0; c < CHANNELS; c++)
        samples[i * CHANNELS + c] =
            scale * (gfloat)(sin (speed * (gdouble)(t + i) + (gdouble)c) +
                             .2 * mx_rng_normal (&rng));
    }
    flow = gst_pad_push (
        pad, gst_buffer_new_wrapped (samples, n * CHANNELS * sizeof (gfloat)));
  }
  return flow;
}

static inline GstFlowReturn
rig_push (GstPad *pad, const Example *e, gsize chunk)
{
  rig_announce (pad, e);
  return rig_push_samples (pad, e, 1, chunk);
}

static inline void
rig_push_pair (Rig *rig, const Example *clean, const Example *perturbed)
{
  rig_push (rig->clean, clean, 1000);
  rig_push (rig->perturbed, perturbed, 1000);
}

static inline void
rig_begin_both (Rig *rig)
{
  rig_begin (rig->clean, RATE, rig_labels, 4, 1);
  rig_begin (rig->perturbed, RATE, rig_labels, 4, 1);
}

static inline void
rig_end_both (Rig *rig)
{
  gst_pad_push_event (rig->clean, gst_event_new_eos ());
  gst_pad_push_event (rig->perturbed, gst_event_new_eos ());
}

/* ---------------------------------------------------------------- outcome */

#define RIG_PATIENCE (60 * GST_SECOND)

/* Waits for the end; NULL: EOS, else the text of the error. */
static inline gchar *
rig_wait (Rig *rig)
{
  GstMessage *message = gst_bus_timed_pop_filtered (
      rig->bus, RIG_PATIENCE, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  gchar *text = NULL;

  fail_unless (message != NULL, "neither end nor error");
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR) {
    GError *error;

    gst_message_parse_error (message, &error, NULL);
    text = g_strdup (error->message);
    g_error_free (error);
  }
  gst_message_unref (message);
  return text;
}

static inline void
rig_expect_end (Rig *rig)
{
  gchar *text = rig_wait (rig);

  fail_unless (text == NULL, "%s", text);
}

static inline void
rig_expect_error (Rig *rig, const gchar *words)
{
  gchar *text = rig_wait (rig);

  fail_unless (text != NULL, "ended, expected: %s", words);
  fail_unless (
      strstr (text, words) != NULL, "\"%s\" does not say \"%s\"", text, words);
  g_free (text);
}
