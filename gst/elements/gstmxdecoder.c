/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxdecoder.h"

#include <gio/gio.h>
#include <gst/app/gstappsink.h>

#include "gstmxpromise.h"

GST_DEBUG_CATEGORY_EXTERN (gst_mx_dataset_src_debug);
#define GST_CAT_DEFAULT gst_mx_dataset_src_debug

#define LONGEST_BEGINNING (2 * G_TIME_SPAN_SECOND)

/* A pipeline of its own, filesrc ! decodebin ! appsink, that goes from READY to
 * PLAYING and back for each file.  No converter is in it: a converter would
 * reorder and mix what it takes for loudspeakers. */
struct _GstMxDecoder {
  GstElement *pipeline, *source, *sink; /* NULL before the first file */

  /* while a file is decoded, of the pipeline's streaming thread */
  GstMxConversion *conversion;
  guint64 frames; /* as they were decoded */

  GHashTable *short_files; /* names of those that were told of */
  gchar *shortfall;        /* to tell of, NULL: nothing */

  GMutex lock;
  GCond changed;
  /* under the lock */
  gboolean cancelled;
  gboolean begun; /* samples have arrived, or never will */
  gboolean finished;
  GError *error;
  gchar *debug; /* of the error, may be NULL */
};

GstMxDecoder *
gst_mx_decoder_new (void)
{
  GstMxDecoder *decoder = g_new0 (GstMxDecoder, 1);

  decoder->short_files =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_mutex_init (&decoder->lock);
  g_cond_init (&decoder->changed);
  return decoder;
}

void
gst_mx_decoder_free (GstMxDecoder *decoder)
{
  if (!decoder)
    return;
  gst_mx_decoder_close (decoder);
  g_hash_table_unref (decoder->short_files);
  g_free (decoder->shortfall);
  g_free (decoder->debug);
  g_mutex_clear (&decoder->lock);
  g_cond_clear (&decoder->changed);
  g_free (decoder);
}

void
gst_mx_decoder_close (GstMxDecoder *decoder)
{
  g_hash_table_remove_all (decoder->short_files);
  if (!decoder->pipeline)
    return;
  gst_element_set_state (decoder->pipeline, GST_STATE_NULL);
  gst_clear_object (&decoder->pipeline);
}

void
gst_mx_decoder_set_cancelled (GstMxDecoder *decoder, gboolean cancelled)
{
  g_mutex_lock (&decoder->lock);
  decoder->cancelled = cancelled;
  g_cond_signal (&decoder->changed);
  g_mutex_unlock (&decoder->lock);
}

static void
begin (GstMxDecoder *decoder)
{
  g_mutex_lock (&decoder->lock);
  if (!decoder->begun) {
    decoder->begun = TRUE;
    g_cond_signal (&decoder->changed);
  }
  g_mutex_unlock (&decoder->lock);
}

gchar *
gst_mx_decoder_dup_debug (GstMxDecoder *decoder)
{
  gchar *debug;

  g_mutex_lock (&decoder->lock);
  debug = g_strdup (decoder->debug);
  g_mutex_unlock (&decoder->lock);
  return debug;
}

/* Takes `error` and `debug`; only the first one counts, the others follow from
 * it. */
static void
finish_full (GstMxDecoder *decoder, GError *error, gchar *debug)
{
  g_mutex_lock (&decoder->lock);
  if (decoder->finished) {
    g_clear_error (&error);
    g_free (debug);
  } else {
    decoder->error = error;
    decoder->debug = debug;
  }
  decoder->begun = decoder->finished = TRUE;
  g_cond_signal (&decoder->changed);
  g_mutex_unlock (&decoder->lock);
}

static void
finish (GstMxDecoder *decoder, GError *error)
{
  finish_full (decoder, error, NULL);
}

/* A stream that decodebin was told not to care for counts as one for which a
 * decoder is missing. */
static void
explain (GError **error)
{
  if (!g_error_matches (*error, GST_CORE_ERROR, GST_CORE_ERROR_MISSING_PLUGIN))
    return;
  g_clear_error (error);
  *error =
      g_error_new_literal (GST_STREAM_ERROR, GST_STREAM_ERROR_CODEC_NOT_FOUND,
          "it holds no audio that the installed plug-ins decode");
}

static GstBusSyncReply
handle_message (GstBus *bus, GstMessage *message, gpointer user_data)
{
  GstMxDecoder *decoder = user_data;
  GError *error;
  gchar *debug;

  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR) {
    gst_message_parse_error (message, &error, &debug);
    GST_INFO ("%s: %s", error->message, debug);
    explain (&error);
    finish_full (decoder, error, debug);
  }
  gst_message_unref (message);
  return GST_BUS_DROP;
}

/* Channels count by their place here, so it does not matter which loudspeakers
 * the caps give them to, or, as often from wavparse, to none. */
static gboolean
read_caps (const GstCaps *caps, GstAudioInfo *info)
{
  GstCaps *unpositioned = gst_caps_copy (caps);
  gboolean read;

  gst_caps_set_simple (
      unpositioned, "channel-mask", GST_TYPE_BITMASK, (guint64)0, NULL);
  read = gst_audio_info_from_caps (info, unpositioned) &&
         GST_AUDIO_INFO_IS_VALID (info);
  gst_caps_unref (unpositioned);
  return read;
}

static gboolean
take_sample (GstMxDecoder *decoder, GstSample *sample, GError **error)
{
  GstBuffer *buffer = gst_sample_get_buffer (sample);
  GstAudioInfo info;

  if (!read_caps (gst_sample_get_caps (sample), &info)) {
    gchar *found = gst_caps_to_string (gst_sample_get_caps (sample));

    g_set_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
        "its format makes no sense: %s", found);
    g_free (found);
    return FALSE;
  }
  decoder->frames += gst_buffer_get_size (buffer) / GST_AUDIO_INFO_BPF (&info);
  return gst_mx_conversion_push (decoder->conversion, &info, buffer, error);
}

static GstFlowReturn
handle_sample (GstAppSink *sink, gpointer user_data)
{
  GstMxDecoder *decoder = user_data;
  GstSample *sample = gst_app_sink_pull_sample (sink);
  GError *error = NULL;
  gboolean taken;

  if (!sample)
    return GST_FLOW_FLUSHING;
  begin (decoder);
  taken = take_sample (decoder, sample, &error);
  gst_sample_unref (sample);
  if (taken)
    return GST_FLOW_OK;
  finish (decoder, error);
  return GST_FLOW_ERROR;
}

static void
handle_eos (GstAppSink *sink, gpointer user_data)
{
  finish (user_data, NULL);
}

/* decodebin was told to expose nothing but audio.  A second stream of it stays
 * unlinked, which does no harm. */
static void
handle_pad (GstElement *decodebin, GstPad *pad, gpointer user_data)
{
  GstMxDecoder *decoder = user_data;
  GstPad *sinkpad = gst_element_get_static_pad (decoder->sink, "sink");

  if (!gst_pad_is_linked (sinkpad))
    gst_pad_link (pad, sinkpad);
  gst_object_unref (sinkpad);
}

static GstElement *
make (GstMxDecoder *decoder, const gchar *factory, GError **error)
{
  GstElement *element = gst_element_factory_make (factory, NULL);

  if (element)
    gst_bin_add (GST_BIN (decoder->pipeline), element);
  else if (!*error)
    g_set_error (error, GST_CORE_ERROR, GST_CORE_ERROR_MISSING_PLUGIN,
        "GStreamer's element '%s' is not installed", factory);
  return element;
}

static void
set_up (GstMxDecoder *decoder, GstElement *decodebin)
{
  GstAppSinkCallbacks callbacks = {
      .eos = handle_eos, .new_sample = handle_sample};
  GstCaps *caps = gst_caps_new_empty_simple ("audio/x-raw");
  GstBus *bus = gst_element_get_bus (decoder->pipeline);

  g_object_set (decodebin, "caps", caps, "expose-all-streams", FALSE, NULL);
  g_object_set (decoder->sink, "caps", caps, "sync", FALSE,
      "enable-last-sample", FALSE, NULL);
  gst_caps_unref (caps);
  gst_app_sink_set_callbacks (
      GST_APP_SINK (decoder->sink), &callbacks, decoder, NULL);
  g_signal_connect (decodebin, "pad-added", G_CALLBACK (handle_pad), decoder);
  gst_bus_set_sync_handler (bus, handle_message, decoder, NULL);
  gst_object_unref (bus);
  gst_pipeline_use_clock (GST_PIPELINE (decoder->pipeline), NULL);
}

static gboolean
open_pipeline (GstMxDecoder *decoder, GError **error)
{
  GstElement *decodebin;
  GError *missing = NULL;

  if (decoder->pipeline)
    return TRUE;
  decoder->pipeline = gst_object_ref_sink (gst_pipeline_new ("mxdecoder"));
  decoder->source = make (decoder, "filesrc", &missing);
  decodebin = make (decoder, "decodebin", &missing);
  decoder->sink = make (decoder, "appsink", &missing);
  if (missing) {
    g_propagate_error (error, missing);
    gst_clear_object (&decoder->pipeline);
    return FALSE;
  }
  gst_element_link (decoder->source, decodebin);
  set_up (decoder, decodebin);
  return TRUE;
}

/* Until the file's end, its first error, or set_cancelled().
 *
 * An element that is stopped while it still reads headers may start its task
 * once more, and leave that thread behind (wavparse of GStreamer 1.22 does).
 * So what has been cancelled goes on to its first samples, which is a matter of
 * milliseconds, unless the disk is gone: then a thread does not matter. */
static void
wait_for_end (GstMxDecoder *decoder)
{
  gint64 latest;

  g_mutex_lock (&decoder->lock);
  while (!decoder->finished && !decoder->cancelled)
    g_cond_wait (&decoder->changed, &decoder->lock);
  latest = g_get_monotonic_time () + LONGEST_BEGINNING;
  while (!decoder->begun)
    if (!g_cond_wait_until (&decoder->changed, &decoder->lock, latest))
      break;
  g_mutex_unlock (&decoder->lock);
}

static gboolean
is_cancelled (GstMxDecoder *decoder)
{
  gboolean cancelled;

  g_mutex_lock (&decoder->lock);
  cancelled = decoder->cancelled;
  g_mutex_unlock (&decoder->lock);
  return cancelled;
}

static void
set_cancelled_error (GError **error)
{
  g_set_error (
      error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Decoding was cancelled");
}

static void
run (GstMxDecoder *decoder, const gchar *filename, GError **error)
{
  g_object_set (decoder->source, "location", filename, NULL);
  decoder->begun = decoder->finished = FALSE;
  if (gst_element_set_state (decoder->pipeline, GST_STATE_PLAYING) ==
      GST_STATE_CHANGE_FAILURE)
    finish (decoder, g_error_new_literal (GST_STREAM_ERROR,
                         GST_STREAM_ERROR_FAILED, "it cannot be opened"));
  wait_for_end (decoder);

  /* Ends the pipeline's threads: from here on its state is ours. */
  gst_element_set_state (decoder->pipeline, GST_STATE_READY);
  if (decoder->error)
    g_propagate_error (error, g_steal_pointer (&decoder->error));
  else if (!decoder->finished)
    set_cancelled_error (error);
}

static void
name_file (GError **error, const gchar *filename)
{
  gchar *shown = g_filename_display_name (filename);

  g_prefix_error (error, "Could not decode %s: ", shown);
  g_free (shown);
}

static void
forget_debug (GstMxDecoder *decoder)
{
  g_mutex_lock (&decoder->lock);
  g_clear_pointer (&decoder->debug, g_free);
  g_mutex_unlock (&decoder->lock);
}

/* Once for each file: each epoch may decode it. */
static void
check_promise (GstMxDecoder *decoder, const gchar *filename)
{
  g_autofree gchar *missing = gst_mx_promise_check (filename, decoder->frames);
  g_autofree gchar *shown = NULL;

  if (missing == NULL ||
      !g_hash_table_add (decoder->short_files, g_strdup (filename)))
    return;
  shown = g_filename_display_name (filename);
  g_free (decoder->shortfall);
  decoder->shortfall = g_strdup_printf ("%s was cut off or is damaged: %s. "
                                        "What could be decoded is sent.",
      shown, missing);
}

gchar *
gst_mx_decoder_steal_shortfall (GstMxDecoder *decoder)
{
  return g_steal_pointer (&decoder->shortfall);
}

GBytes *
gst_mx_decoder_decode (GstMxDecoder *decoder, const gchar *filename,
    GstMxFormat *format, GError **error)
{
  GError *cause = NULL;
  GBytes *samples = NULL;

  forget_debug (decoder);

  /* A pipe or a device would never end. */
  if (!g_file_test (filename, G_FILE_TEST_IS_REGULAR))
    g_set_error (&cause, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND,
        "there is no such file");
  else if (is_cancelled (decoder))
    set_cancelled_error (&cause);
  else if (open_pipeline (decoder, &cause)) {
    decoder->conversion = gst_mx_conversion_new (format);
    decoder->frames = 0;
    run (decoder, filename, &cause);
    if (!cause)
      samples = gst_mx_conversion_finish (decoder->conversion, format, &cause);
    g_clear_pointer (&decoder->conversion, gst_mx_conversion_free);
  }
  if (!cause) {
    check_promise (decoder, filename);
    return samples;
  }
  if (cause->domain != G_IO_ERROR)
    name_file (&cause, filename);
  g_propagate_error (error, cause);
  return NULL;
}
