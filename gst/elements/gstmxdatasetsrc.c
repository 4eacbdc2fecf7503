/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/**
 * SECTION:element-mxdatasetsrc
 * @title: mxdatasetsrc
 * @short_description: sends the examples of a data set, one after another
 *
 * Reads a folder `[split/]label/file`, or a `manifest.csv` with the columns
 * path, label and perhaps split and subject, and sends each recording in it,
 * of any format GStreamer decodes, as `audio/x-raw, format=F32LE`. Samples keep
 * their values: nothing is clipped, and more than two channels are sent by
 * index, never mixed.
 *
 * The sticky event `GstMxDataset` comes once, `GstMxExample` before each
 * example; so elements downstream know what they hear. Each example begins
 * with a DISCONT buffer; the running time continues over examples and epochs.
 *
 * With #GstMxDatasetSrc:mode continuous, examples follow each other as one
 * stream with gaps of background between them, which are announced too; so are
 * the changes in long recordings that a file `labels.csv` labels over time.
 *
 * All chance comes from #GstMxDatasetSrc:seed: equal seeds send equal bytes.
 *
 * Processes that mpirun started send a shard of each epoch each.
 *
 * ## Example launch lines
 * |[
 * gst-launch-1.0 mxdatasetsrc location=speech split=test ! audioconvert !
 *   autoaudiosink
 * ]| Plays the examples of the folders speech/test/LABEL.
 * |[
 * gst-launch-1.0 mxdatasetsrc location=speech split=train epochs=40
 *   shuffle=true labelled-fraction=0.1 ! tee name=t ! queue ! train.clean
 *   t. ! queue ! mxperturb ! train.perturbed
 *   mxtrainsink name=train architecture=speech.json location=speech.safetensors
 * ]| Trains with a tenth of the labels.
 * |[
 * gst-launch-1.0 mxdatasetsrc location=speech split=test mode=continuous
 *   level=-26 gain-low=-12 gain-high=12 ! mxclassify hop=100000000 !
 *   mxevalsink location=report.json
 * ]| Evaluates on one stream with gaps.
 */

#include "config.h"

#include <gio/gio.h>
#include <gst/audio/audio.h>
#include <gst/base/gstpushsrc.h>

#include "gstmxcsv.h"
#include "gstmxdatasetsettings.h"

GST_DEBUG_CATEGORY (gst_mx_dataset_src_debug);
#define GST_CAT_DEFAULT gst_mx_dataset_src_debug

#define FORMAT                                                                 \
  "audio/x-raw, format = (string) F32LE, layout = (string) interleaved, "      \
  "rate = (int) [ 1, MAX ], channels = (int) "

static GstStaticPadTemplate src_template =
    GST_STATIC_PAD_TEMPLATE ("src", GST_PAD_SRC, GST_PAD_ALWAYS,
        GST_STATIC_CAPS (FORMAT "[ 1, 2 ]; " FORMAT
                                "[ 3, MAX ], channel-mask = (bitmask) 0x0"));

#define GST_TYPE_MX_DATASET_SRC (gst_mx_dataset_src_get_type ())
G_DECLARE_FINAL_TYPE (
    GstMxDatasetSrc, gst_mx_dataset_src, GST, MX_DATASET_SRC, GstPushSrc)

struct _GstMxDatasetSrc {
  GstPushSrc parent;

  /* under the object lock */
  GstMxDatasetSettings settings;
  gchar *labels; /* in use, from start() to stop() */

  GstMxDecoder *decoder;

  /* from start() to stop(); what is not constant is the streaming thread's */
  GstMxListing *listing;
  GstMxSelection *selection;
  GstMxRecordings *recordings;
  GstMxSender *sender;
  gboolean failed; /* an error was posted */
};

GST_ELEMENT_REGISTER_DECLARE (mxdatasetsrc);
G_DEFINE_FINAL_TYPE (GstMxDatasetSrc, gst_mx_dataset_src, GST_TYPE_PUSH_SRC)
GST_ELEMENT_REGISTER_DEFINE (
    mxdatasetsrc, "mxdatasetsrc", GST_RANK_NONE, GST_TYPE_MX_DATASET_SRC);

/* Cancelling is no error: the pipeline is being stopped or flushed. */
static void
post_error (GstMxDatasetSrc *self, GError *error)
{
  /* What decoders say may end as a sentence already. */
  const gchar *stop = g_str_has_suffix (error->message, ".") ? "" : ".";

  if (error->domain != G_IO_ERROR)
    gst_element_message_full (GST_ELEMENT (self), GST_MESSAGE_ERROR,
        error->domain, error->code, g_strconcat (error->message, stop, NULL),
        gst_mx_decoder_dup_debug (self->decoder), __FILE__, GST_FUNCTION,
        __LINE__);
}

/* What can be decoded is sent, but nobody should train on it unawares. */
static void
warn_if_short (GstMxDatasetSrc *self)
{
  gchar *text = gst_mx_decoder_steal_shortfall (self->decoder);

  if (text)
    GST_ELEMENT_WARNING (self, STREAM, DECODE, ("%s", text), (NULL));
  g_free (text);
}

static gboolean
gst_mx_dataset_src_stop (GstBaseSrc *src)
{
  GstMxDatasetSrc *self = GST_MX_DATASET_SRC (src);

  gst_mx_decoder_close (self->decoder);
  g_clear_pointer (&self->sender, gst_mx_sender_free);
  g_clear_pointer (&self->recordings, gst_mx_recordings_free);
  g_clear_pointer (&self->selection, gst_mx_selection_free);
  g_clear_pointer (&self->listing, gst_mx_listing_free);
  GST_OBJECT_LOCK (self);
  g_clear_pointer (&self->labels, g_free);
  GST_OBJECT_UNLOCK (self);
  return TRUE;
}

/* Who hears nothing cannot train with the others. */
static gboolean
check_share (
    GstMxDatasetSrc *self, const GstMxOrderSettings *order, GError **error)
{
  if (gst_mx_sender_get_examples (self->sender) > 0)
    return TRUE;
  g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
      "Nothing is left for shard %d of %u: found %u examples, expected at "
      "least one for each shard",
      order->shard, order->shards, self->selection->chosen->len);
  return FALSE;
}

static gboolean
keeps_labels (const GstMxChoice *choice)
{
  return choice->labelled_fraction > 0 || choice->labelled_per_class > 0;
}

static gboolean
load (GstMxDatasetSrc *self, GstMxDatasetSettings *settings, GError **error)
{
  if (!settings->location) {
    g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND,
        "Property 'location' is not set, expected the folder or the manifest "
        "of a data set");
    return FALSE;
  }
  if (!gst_mx_continuity_check (&settings->sending.continuity, error) ||
      !gst_mx_dataset_settings_resolve_shard (settings, error))
    return FALSE;
  self->listing =
      keeps_labels (&settings->choice)
          ? gst_mx_listing_new (settings->location, error)
          : gst_mx_listing_new_unlabelled (settings->location, error);
  if (!self->listing)
    return FALSE;
  self->selection =
      gst_mx_selection_new (self->listing, &settings->choice, error);
  if (!self->selection)
    return FALSE;
  self->recordings = gst_mx_recordings_new (
      self->selection, self->decoder, settings->cache_size);
  self->sender =
      gst_mx_sender_new (self->selection, self->recordings, &settings->sending);
  return check_share (self, &settings->sending.order, error);
}

static gboolean
gst_mx_dataset_src_start (GstBaseSrc *src)
{
  GstMxDatasetSrc *self = GST_MX_DATASET_SRC (src);
  GstMxDatasetSettings settings;
  GError *error = NULL;
  gboolean loaded;

  GST_OBJECT_LOCK (self);
  gst_mx_dataset_settings_copy (&self->settings, &settings);
  GST_OBJECT_UNLOCK (self);

  self->failed = FALSE;
  loaded = load (self, &settings, &error);
  gst_mx_dataset_settings_clear (&settings);
  if (!loaded) {
    post_error (self, error);
    g_error_free (error);
    gst_mx_dataset_src_stop (src);
    return FALSE;
  }
  GST_OBJECT_LOCK (self);
  self->labels = gst_mx_csv_format_list (self->selection->labels);
  GST_OBJECT_UNLOCK (self);
  GST_INFO_OBJECT (self, "%u of %u examples of %s",
      self->selection->chosen->len, self->listing->items->len,
      self->listing->name);
  return TRUE;
}

static gboolean
gst_mx_dataset_src_unlock (GstBaseSrc *src)
{
  gst_mx_decoder_set_cancelled (GST_MX_DATASET_SRC (src)->decoder, TRUE);
  return TRUE;
}

static gboolean
gst_mx_dataset_src_unlock_stop (GstBaseSrc *src)
{
  gst_mx_decoder_set_cancelled (GST_MX_DATASET_SRC (src)->decoder, FALSE);
  return TRUE;
}

static GstCaps *
gst_mx_dataset_src_fixate (GstBaseSrc *src, GstCaps *caps)
{
  GstMxDatasetSrc *self = GST_MX_DATASET_SRC (src);
  GstMxFormat found;
  GError *error = NULL;

  if (gst_caps_is_fixed (caps))
    return caps;
  if (!gst_mx_recordings_peek_format (self->recordings, &found, &error)) {
    post_error (self, error);
    g_error_free (error);
    gst_caps_unref (caps);
    return gst_caps_new_empty ();
  }
  warn_if_short (self);
  return GST_BASE_SRC_CLASS (gst_mx_dataset_src_parent_class)
      ->fixate (src, gst_mx_format_fixate (caps, &found));
}

static gboolean
gst_mx_dataset_src_set_caps (GstBaseSrc *src, GstCaps *caps)
{
  GstMxDatasetSrc *self = GST_MX_DATASET_SRC (src);
  GstAudioInfo info;
  GstMxFormat format;

  if (!gst_audio_info_from_caps (&info, caps))
    return FALSE;
  format = (GstMxFormat){info.rate, info.channels};
  gst_mx_sender_set_format (self->sender, &format);
  return TRUE;
}

static GstFlowReturn
gst_mx_dataset_src_create (GstPushSrc *src, GstBuffer **buffer)
{
  GstMxDatasetSrc *self = GST_MX_DATASET_SRC (src);
  GError *error = NULL;
  GstFlowReturn result;

  *buffer = gst_mx_sender_next (self->sender, &error);
  warn_if_short (self);
  if (*buffer)
    return GST_FLOW_OK;
  if (!error)
    return GST_FLOW_EOS;
  result = error->domain == G_IO_ERROR ? GST_FLOW_FLUSHING : GST_FLOW_ERROR;
  post_error (self, error);
  g_error_free (error);
  return result;
}

/* The base class sends SEGMENT only when create() has given the first buffer,
 * so create() comes too early for events that belong behind it. */
static GstPadProbeReturn
send_events (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  GstMxDatasetSrc *self = user_data;
  GstEvent *event;

  while ((event = gst_mx_sender_pop_event (self->sender)))
    gst_pad_push_event (pad, event);
  return GST_PAD_PROBE_OK;
}

/* The base class posts those of elements downstream too. */
static gboolean
gst_mx_dataset_src_post_message (GstElement *element, GstMessage *message)
{
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
    GST_MX_DATASET_SRC (element)->failed = TRUE;
  return GST_ELEMENT_CLASS (gst_mx_dataset_src_parent_class)
      ->post_message (element, message);
}

/* The base class sends EOS behind an error.  It would say that this was all: a
 * trainer would replace a model by one that learnt from a part of the data. */
static GstPadProbeReturn
drop_untrue_eos (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  GstMxDatasetSrc *self = user_data;
  gboolean eos = GST_EVENT_TYPE (info->data) == GST_EVENT_EOS;

  return eos && self->failed ? GST_PAD_PROBE_DROP : GST_PAD_PROBE_OK;
}

static void
gst_mx_dataset_src_set_property (
    GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  GstMxDatasetSrc *self = GST_MX_DATASET_SRC (object);

  GST_OBJECT_LOCK (self);
  gst_mx_dataset_settings_set (&self->settings, pspec, value);
  GST_OBJECT_UNLOCK (self);
}

static void
gst_mx_dataset_src_get_property (
    GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  GstMxDatasetSrc *self = GST_MX_DATASET_SRC (object);

  GST_OBJECT_LOCK (self);
  if (self->labels && g_str_equal (pspec->name, "labels"))
    g_value_set_string (value, self->labels);
  else
    gst_mx_property_get (&self->settings, pspec, value);
  GST_OBJECT_UNLOCK (self);
}

static void
gst_mx_dataset_src_finalize (GObject *object)
{
  GstMxDatasetSrc *self = GST_MX_DATASET_SRC (object);

  gst_mx_dataset_settings_clear (&self->settings);
  gst_mx_decoder_free (self->decoder);
  G_OBJECT_CLASS (gst_mx_dataset_src_parent_class)->finalize (object);
}

static void
gst_mx_dataset_src_init (GstMxDatasetSrc *self)
{
  self->decoder = gst_mx_decoder_new ();
  gst_base_src_set_format (GST_BASE_SRC (self), GST_FORMAT_TIME);
  gst_pad_add_probe (GST_BASE_SRC_PAD (self), GST_PAD_PROBE_TYPE_BUFFER,
      send_events, self, NULL);
  gst_pad_add_probe (GST_BASE_SRC_PAD (self),
      GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, drop_untrue_eos, self, NULL);
}

static void
gst_mx_dataset_src_class_init (GstMxDatasetSrcClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);
  GstBaseSrcClass *src_class = GST_BASE_SRC_CLASS (klass);

  GST_DEBUG_CATEGORY_INIT (
      gst_mx_dataset_src_debug, "mxdatasetsrc", 0, "Data set source");
  object_class->set_property = gst_mx_dataset_src_set_property;
  object_class->get_property = gst_mx_dataset_src_get_property;
  object_class->finalize = gst_mx_dataset_src_finalize;
  gst_mx_dataset_settings_install (object_class);

  src_class->start = gst_mx_dataset_src_start;
  src_class->stop = gst_mx_dataset_src_stop;
  src_class->unlock = gst_mx_dataset_src_unlock;
  src_class->unlock_stop = gst_mx_dataset_src_unlock_stop;
  src_class->fixate = gst_mx_dataset_src_fixate;
  src_class->set_caps = gst_mx_dataset_src_set_caps;
  GST_PUSH_SRC_CLASS (klass)->create = gst_mx_dataset_src_create;

  element_class->post_message = gst_mx_dataset_src_post_message;
  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_set_static_metadata (element_class, "Data set source",
      "Source/Audio",
      "Sends the examples of a data set, with events that say what they are",
      "The gst-multiexit developers");
}
