/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What mxclassify costs a stream: processor time per buffer beside that of
 * `identity` and `level`, with results and without, and the share of it that is
 * the engine's: a session alone that hears as many samples.  Each window takes
 * the whole network, so that all do the same work whatever they hear.  All take
 * turns, a second of stream each, so that all meet the same busy machine. */

#include "bench.h"

#include "mx-model-file.h"
#include "mx-session.h"

#include <gst/audio/audio.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TURNS 31
#define MODEL_RATE 8000 /* of the model, mono */

/* NULL: the pads alone. */
static const struct {
  const char *name, *line;
} subjects[] = {
    {"pads alone", NULL},
    {"identity", "identity"},
    {"level", "level"},
    {"level, no messages", "level post-messages=false"},
    {"mxclassify", "mxclassify policy=last"},
    {"mxclassify, no results",
        "mxclassify policy=last post-messages=false attach-meta=false"},
    {"its session alone", NULL},
};
#define SUBJECTS G_N_ELEMENTS (subjects)
#define IDENTITY 1
#define LEVEL 2
#define SESSION (SUBJECTS - 1)

static const struct {
  guint rate, channels, samples;
} streams[] = {
    {48000, 2, 480},
    {48000, 2, 1024},
    {48000, 2, 1},
    {MODEL_RATE, 1, 80},
};

typedef struct {
  GstElement *element;
  GstPad *source, *sink;
} Rig;

static GstFlowReturn
swallow (GstPad *pad, GstObject *parent, GstBuffer *buffer)
{
  gst_buffer_unref (buffer);
  return GST_FLOW_OK;
}

static GstBusSyncReply
drop_message (GstBus *bus, GstMessage *message, gpointer user_data)
{
  gst_message_unref (message);
  return GST_BUS_DROP;
}

static char *
model_file (void)
{
  return g_build_filename (g_getenv ("MX_MODELS"), "digits.safetensors", NULL);
}

/* --- a rig: source pad, element, sink pad --- */

static void
add_element (Rig *rig, const char *line, const char *model)
{
  GstBus *bus = gst_bus_new ();
  GstPad *in, *out;

  rig->element = gst_parse_launch (line, NULL);
  if (rig->element == NULL)
    return;
  gst_object_ref_sink (rig->element);
  if (g_str_has_prefix (line, "mxclassify"))
    g_object_set (rig->element, "model-file", model, NULL);
  gst_bus_set_sync_handler (bus, drop_message, NULL, NULL);
  gst_element_set_bus (rig->element, bus);
  gst_object_unref (bus);
  in = gst_element_get_static_pad (rig->element, "sink");
  out = gst_element_get_static_pad (rig->element, "src");
  gst_pad_link (rig->source, in);
  gst_pad_link (out, rig->sink);
  gst_object_unref (in);
  gst_object_unref (out);
  gst_element_set_state (rig->element, GST_STATE_PLAYING);
}

static void
begin_stream (Rig *rig, guint rate, guint channels)
{
  GstSegment segment;
  GstAudioInfo info;
  GstCaps *caps;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_audio_info_set_format (&info, GST_AUDIO_FORMAT_F32, rate, channels, NULL);
  caps = gst_audio_info_to_caps (&info);
  gst_pad_push_event (rig->source, gst_event_new_stream_start ("bench"));
  gst_pad_push_event (rig->source, gst_event_new_caps (caps));
  gst_pad_push_event (rig->source, gst_event_new_segment (&segment));
  gst_caps_unref (caps);
}

/* An element that is not installed: `element` is NULL. */
static Rig
rig_new (const char *line, const char *model, guint rate, guint channels)
{
  Rig rig = {.source = gst_pad_new ("source", GST_PAD_SRC),
      .sink = gst_pad_new ("sink", GST_PAD_SINK)};

  gst_pad_set_chain_function (rig.sink, swallow);
  gst_pad_set_active (rig.sink, TRUE);
  gst_pad_set_active (rig.source, TRUE);
  if (line == NULL)
    gst_pad_link (rig.source, rig.sink);
  else
    add_element (&rig, line, model);
  begin_stream (&rig, rate, channels);
  return rig;
}

static void
rig_free (Rig *rig)
{
  if (rig->element != NULL)
    gst_element_set_state (rig->element, GST_STATE_NULL);
  gst_pad_set_active (rig->source, FALSE);
  gst_pad_set_active (rig->sink, FALSE);
  gst_clear_object (&rig->element);
  gst_object_unref (rig->source);
  gst_object_unref (rig->sink);
}

/* --- a second of stream: us per buffer --- */

static double
time_rig (Rig *rig, GstBuffer *template, guint second, guint rate, guint n)
{
  guint buffers = rate / n;
  gint64 begin = bench_cpu_ns ();

  for (guint i = 0; i < buffers; i++) {
    GstBuffer *buffer = gst_buffer_copy (template);

    GST_BUFFER_PTS (buffer) =
        GST_FRAMES_TO_CLOCK_TIME ((guint64)(second * buffers + i) * n, rate);
    GST_BUFFER_DURATION (buffer) = GST_FRAMES_TO_CLOCK_TIME (n, rate);
    gst_pad_push (rig->source, buffer);
  }
  return (double)(bench_cpu_ns () - begin) / buffers / 1e3;
}

/* As many seconds as the buffers have, in as many pieces. */
static double
time_session (MxSession *session, const float *samples, guint rate, guint n)
{
  guint buffers = rate / n;
  gsize pushed = 0;
  gint64 begin = bench_cpu_ns ();

  for (guint i = 0; i < buffers; i++) {
    gsize until = (guint64)(i + 1) * n * MODEL_RATE / rate;

    while (pushed < until) {
      MxResult result;
      bool answered;

      pushed += mx_session_push (
          session, samples + pushed, until - pushed, &result, &answered);
    }
  }
  return (double)(bench_cpu_ns () - begin) / buffers / 1e3;
}

static MxSession *
make_session (MxNetwork *network)
{
  MxSession *session = mx_session_new (network);
  MxPolicy policy;

  mx_policy_init (&policy);
  policy.kind = MX_POLICY_LAST;
  mx_session_set_policy (session, &policy);
  return session;
}

static void
print_table (double us[][TURNS], const gboolean *there, guint channels, guint n,
    guint rate)
{
  static const char *const columns[] = {
      "us/buffer", "/ identity", "/ level", "% of core", NULL};
  g_autofree char *title =
      g_strdup_printf ("Element, %u Hz, %u channel%s, buffers of %u", rate,
          channels, channels == 1 ? "" : "s", n);
  double values[SUBJECTS][4], period = 1e6 * n / rate;

  for (guint s = 0; s < SUBJECTS; s++) {
    values[s][1] = bench_median_ratio (us[s], us[IDENTITY], TURNS);
    values[s][2] =
        there[LEVEL] ? bench_median_ratio (us[s], us[LEVEL], TURNS) : NAN;
  }
  bench_section (title, columns);
  for (guint s = 0; s < SUBJECTS; s++) {
    values[s][0] = bench_median (us[s], TURNS);
    values[s][3] = 100 * values[s][0] / period;
    if (there[s])
      bench_row (subjects[s].name, values[s]);
  }
}

static void
run (MxNetwork *network, const char *model, guint rate, guint channels, guint n)
{
  static double us[SUBJECTS][TURNS];
  g_autofree float *samples = bench_noise (MAX (n * channels, MODEL_RATE));
  GstBuffer *template =
      gst_buffer_new_memdup (samples, n * channels * sizeof (float));
  MxSession *session = make_session (network);
  gboolean there[SUBJECTS];
  Rig rigs[SESSION];

  for (guint s = 0; s < SESSION; s++) {
    rigs[s] = rig_new (subjects[s].line, model, rate, channels);
    there[s] = subjects[s].line == NULL || rigs[s].element != NULL;
  }
  there[SESSION] = TRUE;
  for (guint turn = 0; turn < TURNS; turn++) {
    for (guint s = 0; s < SESSION; s++)
      if (there[s])
        us[s][turn] = time_rig (&rigs[s], template, turn, rate, n);
    us[SESSION][turn] = time_session (session, samples, rate, n);
  }
  print_table (us, there, channels, n, rate);

  for (guint s = 0; s < SESSION; s++)
    rig_free (&rigs[s]);
  mx_session_free (session);
  gst_buffer_unref (template);
}

/* --- the element's own part ---
 *
 * Of a network that does next to nothing, in buffers of its own rate and
 * format: what is left without the pads and without the session is mxclassify
 * itself, the copy of the samples into the session's ring included. */

#define OWN_BUFFER 80

static const struct Part {
  const char *name, *line;
  guint window; /* samples, and hop */
} parts[] = {
    {"a buffer that completes no window", "mxclassify", MODEL_RATE},
    {"one that does, no result sent",
        "mxclassify post-messages=false attach-meta=false", OWN_BUFFER},
    {"one that does, as meta", "mxclassify post-messages=false", OWN_BUFFER},
    {"one that does, as meta and message", "mxclassify", OWN_BUFFER},
};

static MxNetwork *
tiny_network (guint window)
{
  static const char *const labels[] = {"a", "b", "c", NULL};
  g_autofree char *text = g_strdup_printf (
      "{\"name\": \"tiny\", \"input\": {\"rate\": %d, \"channels\": 1, "
      "\"window\": %u, \"hop\": %u}, \"stages\": [{\"layers\": "
      "[{\"kind\": \"pool\", \"method\": \"mean\"}], "
      "\"exit\": [{\"kind\": \"dense\"}]}]}",
      MODEL_RATE, window, window);
  g_autoptr (GError) error = NULL;
  g_autoptr (MxDescription) description =
      mx_description_new (text, -1, "tiny", labels, &error);
  g_autofree float *weights = NULL;

  if (description == NULL) {
    fprintf (stderr, "%s\n", error->message);
    exit (EXIT_FAILURE);
  }
  weights = g_new0 (float, description->program->n_weights);
  return mx_network_new (description, weights);
}

/* All buffers of a second but the last, which completes the long window. */
static double
time_own (Rig *rig, GstBuffer *template, guint second)
{
  const guint buffers = MODEL_RATE / OWN_BUFFER;
  gint64 begin = bench_cpu_ns (), taken = 0;

  for (guint i = 0; i < buffers; i++) {
    GstBuffer *buffer;

    if (i == buffers - 1)
      taken = bench_cpu_ns () - begin;
    buffer = gst_buffer_copy (template);
    GST_BUFFER_PTS (buffer) = GST_FRAMES_TO_CLOCK_TIME (
        (guint64)(second * buffers + i) * OWN_BUFFER, MODEL_RATE);
    GST_BUFFER_DURATION (buffer) =
        GST_FRAMES_TO_CLOCK_TIME (OWN_BUFFER, MODEL_RATE);
    gst_pad_push (rig->source, buffer);
  }
  return (double)taken / (buffers - 1) / 1e3;
}

/* The same of the session. */
static double
time_own_session (MxSession *session, const float *samples)
{
  const guint buffers = MODEL_RATE / OWN_BUFFER;
  gint64 begin = bench_cpu_ns (), taken = 0;

  for (guint i = 0; i < buffers; i++) {
    MxResult result;
    bool answered;

    if (i == buffers - 1)
      taken = bench_cpu_ns () - begin;
    mx_session_push (session, samples, OWN_BUFFER, &result, &answered);
  }
  return (double)taken / (buffers - 1) / 1e3;
}

static void
print_part (const char *name, const double *whole, const double *pads,
    const double *session)
{
  double beyond_pads[TURNS], beyond_both[TURNS], copies[3][TURNS];

  for (guint i = 0; i < TURNS; i++) {
    beyond_pads[i] = whole[i] - pads[i];
    beyond_both[i] = whole[i] - pads[i] - session[i];
  }
  memcpy (copies[0], whole, sizeof copies[0]);
  memcpy (copies[1], pads, sizeof copies[1]);
  memcpy (copies[2], session, sizeof copies[2]);
  bench_row (name,
      (const double[]){bench_median (copies[0], TURNS),
          bench_median (copies[1], TURNS), bench_median (copies[2], TURNS),
          bench_median (beyond_pads, TURNS),
          bench_median (beyond_both, TURNS)});
}

static void
measure_part (const struct Part *part)
{
  static const char *const columns[] = {
      "us/buffer", "pads", "session", "beyond pads", "beyond both", NULL};
  g_autoptr (MxNetwork) network = tiny_network (part->window);
  g_autofree char *file = g_build_filename (
      g_get_tmp_dir (), "bench-element-XXXXXX.safetensors", NULL);
  g_autofree float *samples = bench_noise (OWN_BUFFER);
  GstBuffer *template =
      gst_buffer_new_memdup (samples, OWN_BUFFER * sizeof (float));
  MxSession *session = make_session (network);
  double us[3][TURNS];
  Rig element, pads;

  close (g_mkstemp (file));
  mx_model_file_save (network, file, NULL);
  element = rig_new (part->line, file, MODEL_RATE, 1);
  pads = rig_new (NULL, NULL, MODEL_RATE, 1);
  for (guint turn = 0; turn < TURNS; turn++) {
    us[0][turn] = time_own (&element, template, turn);
    us[1][turn] = time_own (&pads, template, turn);
    us[2][turn] = time_own_session (session, samples);
  }
  if (part == parts)
    bench_section ("Element, its own part, buffers of 80 at 8000 Hz", columns);
  print_part (part->name, us[0], us[1], us[2]);
  unlink (file);
  rig_free (&element);
  rig_free (&pads);
  mx_session_free (session);
  gst_buffer_unref (template);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MxNetwork) network = NULL;
  g_autofree char *file = model_file ();

  gst_init (&argc, &argv);
  network = mx_model_file_load (file, &error);
  if (network == NULL) {
    fprintf (stderr, "%s\n", error->message);
    return EXIT_FAILURE;
  }
  for (guint i = 0; i < G_N_ELEMENTS (streams); i++)
    run (network, file, streams[i].rate, streams[i].channels,
        streams[i].samples);
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    measure_part (&parts[i]);
  return EXIT_SUCCESS;
}
