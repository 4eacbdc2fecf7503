/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* An application that has samples and wants to know what they contain:
 * appsrc ! mxclassify ! appsink, one printed line for each result.
 *
 *   classify-app                            one and a half seconds of a tone
 *   classify-app SAMPLES [RATE [MODEL]]     raw S16LE, one channel; 8000 Hz,
 * and the model built in
 *
 * Outside of this tree it is built with
 *
 *   cc -o classify-app classify-app.c \
 *     $(pkg-config --cflags --libs gstmultiexit-1.0 gstreamer-app-1.0) -lm */
#include <gst/app/app.h>
#include <gst/multiexit/multiexit.h>
#include <math.h>

typedef struct {
  gint16 *samples;
  gsize n, position;
  guint rate;         /* Hz */
  const gchar *model; /* NULL: built in */
} Recording;

static gboolean
recording_load (Recording *recording, const gchar *filename, GError **error)
{
  gsize size;

  if (!g_file_get_contents (
          filename, (gchar **)&recording->samples, &size, error))
    return FALSE;
  recording->n = size / sizeof (gint16);
  return TRUE;
}

static void
recording_generate (Recording *recording)
{
  recording->n = recording->rate * 3 / 2;
  recording->samples = g_new (gint16, recording->n);
  for (gsize i = 0; i < recording->n; i++) {
    gint16 sample = 8000 * sin (2 * G_PI * 440 * i / recording->rate);

    recording->samples[i] = GINT16_TO_LE (sample);
  }
}

/* appsrc wants more: 20 ms, as a sound card would give. */
static void
push_samples (GstAppSrc *src, G_GNUC_UNUSED guint length, gpointer user_data)
{
  Recording *recording = user_data;
  gsize start = recording->position, rate = recording->rate;
  gsize n = MIN (rate / 50 + 1, recording->n - start);
  GstBuffer *buffer;

  if (n == 0) {
    gst_app_src_end_of_stream (src);
    return;
  }
  buffer =
      gst_buffer_new_memdup (recording->samples + start, n * sizeof (gint16));
  GST_BUFFER_PTS (buffer) = gst_util_uint64_scale (start, GST_SECOND, rate);
  GST_BUFFER_DURATION (buffer) = gst_util_uint64_scale (n, GST_SECOND, rate);
  recording->position += n;
  gst_app_src_push_buffer (src, buffer);
}

static void
print (const GstMxPrediction *prediction)
{
  g_print ("%6.2f s  %-10s %5.1f %%  exit %u of %u%s\n",
      (gdouble)gst_mx_prediction_get_timestamp (prediction) / GST_SECOND,
      gst_mx_prediction_get_label (prediction),
      100 * gst_mx_prediction_get_confidence (prediction),
      gst_mx_prediction_get_exit (prediction),
      gst_mx_prediction_get_exits (prediction),
      gst_mx_prediction_is_finite (prediction) ? "" : "  no answer");
}

/* Most results ride on a buffer; that of a recording which ended before it
 * filled a window comes as an event. */
static void
read_results (GstMiniObject *object)
{
  if (GST_IS_SAMPLE (object)) {
    g_autolist (GstMxPrediction) all = gst_mx_prediction_list_from_buffer (
        gst_sample_get_buffer (GST_SAMPLE (object)));

    for (GList *i = all; i != NULL; i = i->next)
      print (i->data);
  } else if (GST_IS_EVENT (object)) {
    g_autoptr (GstMxPrediction) prediction =
        gst_mx_prediction_from_event (GST_EVENT (object));

    if (prediction != NULL)
      print (prediction);
  }
}

/* After the end of the stream: it also comes after an error. */
static gboolean
report_error (GstElement *pipeline)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  g_autoptr (GstMessage) message =
      gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  g_autoptr (GError) error = NULL;

  if (message == NULL)
    return FALSE;
  gst_message_parse_error (message, &error, NULL);
  g_printerr ("%s\n", error->message);
  return TRUE;
}

static gboolean
classify (Recording *recording)
{
  g_autofree gchar *line = g_strdup_printf (
      "appsrc name=in format=time caps=audio/x-raw,format=S16LE,channels=1,"
      "rate=%u,layout=interleaved ! mxclassify name=model post-messages=false "
      "! "
      "appsink name=out sync=false max-buffers=10",
      recording->rate);
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) pipeline = gst_parse_launch (line, &error);
  g_autoptr (GstElement) in = NULL;
  g_autoptr (GstElement) model = NULL;
  g_autoptr (GstElement) out = NULL;
  GstMiniObject *object;
  gboolean failed;

  if (error != NULL) {
    g_printerr ("%s\n", error->message);
    return FALSE;
  }
  in = gst_bin_get_by_name (GST_BIN (pipeline), "in");
  model = gst_bin_get_by_name (GST_BIN (pipeline), "model");
  out = gst_bin_get_by_name (GST_BIN (pipeline), "out");
  g_object_set (model, "model-file", recording->model, NULL);
  g_signal_connect (in, "need-data", G_CALLBACK (push_samples), recording);

  if (gst_element_set_state (pipeline, GST_STATE_PLAYING) !=
      GST_STATE_CHANGE_FAILURE)
    while ((object = gst_app_sink_pull_object (GST_APP_SINK (out))) != NULL) {
      read_results (object);
      gst_mini_object_unref (object);
    }
  failed = report_error (pipeline);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  return !failed;
}

int
main (int argc, char **argv)
{
  Recording recording = {.rate = 8000};
  g_autoptr (GError) error = NULL;
  gboolean good;

  gst_init (&argc, &argv);
  if (argc > 2)
    recording.rate = MAX (1, atoi (argv[2]));
  if (argc > 3)
    recording.model = argv[3];
  if (argc < 2) {
    recording_generate (&recording);
  } else if (!recording_load (&recording, argv[1], &error)) {
    g_printerr ("%s\n", error->message);
    return 1;
  }
  good = classify (&recording);
  g_free (recording.samples);
  return good ? 0 : 1;
}
