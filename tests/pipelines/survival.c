/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Which elements between mxclassify and the reader keep a result, copy it to
 * several buffers, or lose it.  What is expected is the table of the
 * documentation itself: it holds for each element that is installed here.
 *
 *   pipelines-survival --table    prints the table, with what is installed
 */

#include <gst/audio/audio.h>

#include "pipeline.h"

/* One on each buffer; buffers are as audio sources make them, of no size that
 * any codec or splitter wants. */
#define RESULTS 100
#define RATE 48000
#define SAMPLES 1024

/* GStreamer 1.x that the counts of the table come from; with others only the
 * fate is compared. */
#define TABLE_MINOR 22

/* What stands between source and sink; in front of it are F32, 48 kHz, stereo
 * where `format` says nothing else. */
typedef struct {
  const gchar *line, *format;
  guint until_minor; /* later 1.x may do otherwise: not compared; 0: all do */
  guint since_minor; /* earlier 1.x cannot: skipped */
  gboolean written;  /* and read again: only what has a textual form comes */
} Passage;

static const Passage passages[] = {
    {"identity"},
    {"queue"},
    {"queue2"},
    {"multiqueue"},
    {"tee"},
    {"valve"},
    {"funnel"},
    {"input-selector"},
    {"concat"},
    {"capssetter caps=audio/x-raw"},
    {"capsfilter"},
    {"mxperturb"},
    {"audioconvert"},
    {"audioconvert ! audio/x-raw,format=S16LE,channels=1"},
    {"audioresample"},
    {"audioresample ! audio/x-raw,rate=8000"},
    {"audiorate"},
    {"volume volume=0.5"},
    {"rgvolume"},
    {"level"},
    {"spectrum"},
    {"cutter", "S16LE"},
    {"audioamplify"},
    {"audiodynamic"},
    {"audioecho delay=1000000"},
    {"audioinvert"},
    {"audiokaraoke"},
    {"audiopanorama"},
    {"audiowsinclimit cutoff=4000"},
    {"audiocheblimit cutoff=4000"},
    {"equalizer-3bands"},
    {"equalizer-nbands"},
    {"freeverb"},
    {"scaletempo"},
    {"deinterleave"},
    {"deinterleave ! interleave"},
    {"audiomixmatrix in-channels=2 out-channels=1 matrix=\"<<(double)0.5,"
     "(double)0.5>>\""},
    {"audiobuffersplit"},
    {"rawaudioparse use-sink-caps=true"},
    {"removesilence remove=true", "S16LE,channels=1"},
    {"webrtcdsp echo-cancel=false", "S16LE"},
    {"speed speed=1.5"},
    {"pitch pitch=1.5"},
    {"audiomixer"},
    {"adder"},
    {"audiointerleave", "F32LE,channels=1"},
    {"mulawenc", "S16LE"},
    {"alawenc", "S16LE"},
    {"mulawenc ! mulawdec", "S16LE"},
    {"opusenc", "S16LE"},
    {"opusenc ! opusdec", "S16LE"},
    {"opusenc ! rtpopuspay", "S16LE"},
    {"vorbisenc"},
    {"flacenc", "S16LE"},
    {"lamemp3enc", "S16LE"},
    {"wavenc"},
    {"opusenc ! oggmux", "S16LE"},
    {"opusenc ! matroskamux", "S16LE"},
    {"rtpL16pay", "S16BE"},
    {"rtpL16pay ! rtpL16depay", "S16BE"},
    {"gdppay"},
    {"gdppay ! gdpdepay"},
    {"unixfdsink socket-type=abstract socket-path=results"
     " wait-for-connection=true async=false sync=false"
     " unixfdsrc socket-type=abstract socket-path=results",
        NULL, 0, 26, TRUE},
    {"wavescope", "S16LE", 26},
    {"spectrascope", "S16LE", 26},
};

typedef struct {
  guint arrivals[RESULTS]; /* on how many buffers each result came */
  guint sent;
  gint held;        /* results that still exist somewhere */
  gint held_at_end; /* of the stream, the elements being still there */
  gboolean written; /* see Passage */
} Journey;

/* --- a journey --- */

static void
note_end_of_result (gpointer held)
{
  g_atomic_int_add ((gint *)held, -1);
}

/* All copies of the meta share the token. */
static GstPadProbeReturn
attach_result (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  Journey *journey = user_data;
  GBytes *token;
  GstStructure *result;

  if (journey->sent == RESULTS)
    return GST_PAD_PROBE_OK;
  g_atomic_int_inc (&journey->held);
  token =
      g_bytes_new_with_free_func ("", 0, note_end_of_result, &journey->held);
  result = gst_structure_new (
      "result", "sequence", G_TYPE_UINT64, (guint64)journey->sent++, NULL);
  if (!journey->written)
    gst_structure_set (result, "token", G_TYPE_BYTES, token, NULL);
  info->data = gst_buffer_make_writable (GST_PAD_PROBE_INFO_BUFFER (info));
  gst_mx_result_meta_add (info->data, result);
  gst_structure_free (result);
  g_bytes_unref (token);
  return GST_PAD_PROBE_OK;
}

static gboolean
note_arrival (const GstStructure *result, gpointer user_data)
{
  Journey *journey = user_data;

  journey->arrivals[get_uint64 (result, "sequence")]++;
  return TRUE;
}

static gboolean
note_arrivals_of_item (GstBuffer **buffer, guint i, gpointer journey)
{
  gst_mx_result_meta_foreach (*buffer, note_arrival, journey);
  return TRUE;
}

/* Payloaders send lists. */
static GstPadProbeReturn
note_arrivals (GstPad *pad, GstPadProbeInfo *info, gpointer journey)
{
  if (info->type & GST_PAD_PROBE_TYPE_BUFFER_LIST)
    gst_buffer_list_foreach (info->data, note_arrivals_of_item, journey);
  else
    gst_mx_result_meta_foreach (info->data, note_arrival, journey);
  return GST_PAD_PROBE_OK;
}

static void
add_probe (GstElement *pipeline, const gchar *element, const gchar *name,
    GstPadProbeCallback callback, Journey *journey)
{
  g_autoptr (GstElement) found =
      gst_bin_get_by_name (GST_BIN (pipeline), element);
  g_autoptr (GstPad) pad = gst_element_get_static_pad (found, name);

  gst_pad_add_probe (pad,
      GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST, callback,
      journey, NULL);
}

/* NULL: an element of the passage is not installed. */
static GstElement *
make_pipeline (const Passage *passage)
{
  const gchar *format = passage->format ? passage->format : GST_AUDIO_NE (F32);
  g_autofree gchar *line = g_strdup_printf (
      "audiotestsrc name=in num-buffers=%u samplesperbuffer=%u !"
      " audio/x-raw,format=%s,rate=%u%s ! %s !"
      " fakesink name=out enable-last-sample=false",
      RESULTS, SAMPLES, format, RATE,
      strstr (format, "channels") ? "" : ",channels=2", passage->line);
  g_autoptr (GError) error = NULL;
  GstElement *pipeline =
      gst_parse_launch_full (line, NULL, GST_PARSE_FLAG_FATAL_ERRORS, &error);

  if (g_error_matches (error, GST_PARSE_ERROR, GST_PARSE_ERROR_NO_SUCH_ELEMENT))
    return NULL;
  fail_unless (error == NULL, "%s: %s", line, error ? error->message : "");
  return pipeline;
}

static void
run_to_end (GstElement *pipeline, const gchar *line)
{
  Run run = {.warnings = g_string_new (NULL), .messages = structures_new ()};

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  wait_for_end (&run, pipeline);
  fail_unless (run.error == NULL, "%s: %s", line, run.error);
  g_string_free (run.warnings, TRUE);
  g_ptr_array_unref (run.messages);
}

/* FALSE: an element of the passage is not installed, or too old. */
static gboolean
travel (const Passage *passage, Journey *journey)
{
  GstElement *pipeline = NULL;
  guint major, minor, micro, nano;

  gst_version (&major, &minor, &micro, &nano);
  if (minor >= passage->since_minor)
    pipeline = make_pipeline (passage);
  if (pipeline == NULL)
    return FALSE;
  *journey = (Journey){.written = passage->written};
  add_probe (pipeline, "in", "src", attach_result, journey);
  add_probe (pipeline, "out", "sink", note_arrivals, journey);
  run_to_end (pipeline, passage->line);
  fail_unless_equals_int (journey->sent, RESULTS);
  journey->held_at_end = g_atomic_int_get (&journey->held);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline);
  fail_unless_equals_int (g_atomic_int_get (&journey->held), 0);
  return TRUE;
}

/* --- the table --- */

static guint
count_arrived (const Journey *journey)
{
  guint arrived = 0;

  for (guint i = 0; i < RESULTS; i++)
    arrived += journey->arrivals[i] > 0;
  return arrived;
}

static guint
count_copies (const Journey *journey)
{
  guint copies = 0;

  for (guint i = 0; i < RESULTS; i++)
    copies += journey->arrivals[i];
  return copies;
}

static const gchar *
fate_of (const Journey *journey)
{
  guint arrived = count_arrived (journey);

  if (arrived == 0)
    return journey->held_at_end == RESULTS ? "hoarded" : "lost";
  if (arrived < RESULTS)
    return "some lost";
  return count_copies (journey) > RESULTS ? "copied" : "kept";
}

/* Up to the fate: what holds for every version of GStreamer. */
static gchar *
row_head (const Passage *passage, const Journey *journey)
{
  return g_strdup_printf ("| `%s` | %s |", passage->line, fate_of (journey));
}

static gchar *
row (const Passage *passage, const Journey *journey)
{
  g_autofree gchar *head = row_head (passage, journey);

  return g_strdup_printf (
      "%s %u | %u |\n", head, count_arrived (journey), count_copies (journey));
}

static gchar *
read_documentation (void)
{
  g_autofree gchar *file = path_in (g_getenv ("MX_DOCS"), "results-meta.md");
  g_autoptr (GError) error = NULL;
  gchar *text = NULL;

  fail_unless (g_file_get_contents (file, &text, NULL, &error), "%s",
      error ? error->message : "");
  return text;
}

static void
compare_with_documentation (const Passage *passage, const Journey *journey)
{
  g_autofree gchar *documentation = read_documentation ();
  g_autofree gchar *expected = NULL;
  guint major, minor, micro, nano;

  gst_version (&major, &minor, &micro, &nano);
  if (passage->until_minor > 0 && minor > passage->until_minor)
    return;
  expected = minor == TABLE_MINOR ? row (passage, journey)
                                  : row_head (passage, journey);
  fail_unless (strstr (documentation, expected) != NULL,
      "docs/results-meta.md does not say: %s", expected);
}

static void
print_row (const Passage *passage, const Journey *journey)
{
  g_autofree gchar *line = row (passage, journey);

  g_print ("%s", line);
}

static gboolean printing;

GST_START_TEST (test_the_documented_fate_is_the_real_one)
{
  const Passage *passage = &passages[__i__];
  Journey journey;

  if (!travel (passage, &journey))
    g_printerr ("skipped, not installed or too old: %s\n", passage->line);
  else if (printing)
    print_row (passage, &journey);
  else
    compare_with_documentation (passage, &journey);
}
GST_END_TEST;

static Suite *
survival_suite (void)
{
  Suite *suite = suite_create ("survival");
  TCase *tests = tcase_create ("survival");

  suite_add_tcase (suite, tests);
  tcase_add_loop_test (tests, test_the_documented_fate_is_the_real_one, 0,
      G_N_ELEMENTS (passages));
  return suite;
}

int
main (int argc, char **argv)
{
  printing = argc > 1 && g_str_equal (argv[1], "--table");
  argc = 1;
  gst_check_init (&argc, &argv);
  if (printing)
    g_print ("| behind `mxclassify` | result | of %u arrive | on buffers |\n"
             "|---|---|---|---|\n",
        RESULTS);
  return gst_check_run_suite (survival_suite (), "survival", __FILE__);
}
