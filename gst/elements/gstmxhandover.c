/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxhandover.h"

#include "gstmxmodel.h"

#include "mx-kernels-bf16.h"

GST_DEBUG_CATEGORY_EXTERN (gst_mx_classify_debug);
#define GST_CAT_DEFAULT gst_mx_classify_debug

struct _GstMxSuccessor {
  gchar *file;
  MxNetwork *network;
  GstMxListener *listener; /* NULL: given away */
};

static void
successor_free (GstMxSuccessor *self)
{
  if (self == NULL)
    return;
  gst_mx_listener_free (self->listener);
  if (self->network != NULL)
    gst_mx_model_unref (self->network);
  g_free (self->file);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GstMxSuccessor, successor_free)

static GstMxSuccessor *
successor_new (
    const GstMxHandover *handover, const gchar *filename, GError **error)
{
  GstMxSuccessor *self;
  MxNetwork *network;
  MxStorage storage;
  gboolean all_exits;
  gsize hop;

  GST_OBJECT_LOCK (handover->element);
  storage = handover->settings->weights;
  GST_OBJECT_UNLOCK (handover->element);
  network = gst_mx_model_load (filename, storage, error);
  if (network == NULL)
    return NULL;
  GST_OBJECT_LOCK (handover->element);
  hop = gst_mx_classify_settings_get_hop (
      handover->settings, network->description->rate);
  all_exits = handover->settings->all_exits;
  GST_OBJECT_UNLOCK (handover->element);
  self = g_new (GstMxSuccessor, 1);
  *self = (GstMxSuccessor){
      .file = g_strdup (filename),
      .network = network,
      .listener = gst_mx_listener_new (network, hop,
          GST_BASE_TRANSFORM_SINK_PAD (handover->element), handover->func,
          handover->user_data),
  };
  gst_mx_listener_set_all_exits (self->listener, all_exits);
  return self;
}

void
gst_mx_handover_init (GstMxHandover *self, GstBaseTransform *element,
    GstMxClassifySettings *settings, GstMxListenerFunc func, gpointer user_data)
{
  *self = (GstMxHandover){
      .element = element,
      .settings = settings,
      .func = func,
      .user_data = user_data,
  };
  g_mutex_init (&self->loading);
}

void
gst_mx_handover_clear (GstMxHandover *self)
{
  g_mutex_clear (&self->loading);
  g_clear_pointer (&self->wanted, g_free);
}

/* --- what is wanted --- */

static void
want (GstMxHandover *self, const gchar *filename)
{
  g_free (self->wanted);
  self->wanted = g_strdup (filename);
}

/* Under the object lock.  Leaves in *successor and *outdone what nobody needs
 * any more. */
static void
propose (
    GstMxHandover *self, GstMxSuccessor **successor, GstMxSuccessor **outdone)
{
  if (self->network == NULL) /* stopped meanwhile */
    return;
  want (self, (*successor)->file);
  *outdone = g_steal_pointer (&self->successor);
  if ((*successor)->network != self->network) {
    self->successor = g_steal_pointer (successor);
  } else {
    g_free (self->file);
    self->file = g_strdup ((*successor)->file);
  }
}

/* Under the object lock.  FALSE: it is too late. */
static gboolean
want_what_there_is (GstMxHandover *self)
{
  if (self->network == NULL)
    return FALSE;
  want (self, self->successor != NULL ? self->successor->file : self->file);
  return TRUE;
}

/* While `loading` is held.  TRUE: there is an error to be told. */
static gboolean
load_successor (GstMxHandover *self, const gchar *filename, GError **error)
{
  g_autoptr (GstMxSuccessor) successor = successor_new (self, filename, error);
  g_autoptr (GstMxSuccessor) outdone = NULL;
  gboolean reverted = FALSE;

  GST_OBJECT_LOCK (self->element);
  if (successor != NULL)
    propose (self, &successor, &outdone);
  else
    reverted = want_what_there_is (self);
  GST_OBJECT_UNLOCK (self->element);
  return reverted;
}

void
gst_mx_handover_set_file (GstMxHandover *self, const gchar *filename)
{
  g_autoptr (GError) error = NULL;
  gboolean plays, failed = FALSE;

  g_mutex_lock (&self->loading);
  GST_OBJECT_LOCK (self->element);
  want (self, filename);
  plays = self->network != NULL;
  GST_OBJECT_UNLOCK (self->element);
  if (plays)
    failed = load_successor (self, filename, &error);
  g_mutex_unlock (&self->loading);
  if (!failed)
    return;
  gst_mx_model_post (
      GST_ELEMENT (self->element), GST_MESSAGE_WARNING, filename, error);
  g_object_notify (G_OBJECT (self->element), "model-file");
}

void
gst_mx_handover_set_thresholds (GstMxHandover *self, const GValue *value)
{
  g_autofree gchar *wrong = NULL;

  GST_OBJECT_LOCK (self->element);
  wrong = gst_mx_classify_settings_set_thresholds (
      self->settings, value, self->network);
  GST_OBJECT_UNLOCK (self->element);
  if (wrong != NULL)
    GST_ELEMENT_WARNING (self->element, LIBRARY, SETTINGS,
        ("%s. The thresholds set before still hold.", wrong), (NULL));
}

/* --- the first model, and the end --- */

/* Returns NULL if it cannot be loaded. */
static GstMxListener *
use_first (GstMxHandover *self, const gchar *filename, GError **error)
{
  g_autoptr (GstMxSuccessor) first = successor_new (self, filename, error);
  g_autofree gchar *summary = NULL;

  if (first == NULL)
    return NULL;
  summary = mx_description_summary (first->network->description);
  GST_INFO_OBJECT (self->element, "%s; %" G_GSIZE_FORMAT " kB of weights",
      summary, first->network->prepared_bytes / 1000);
  if (first->network->storage == MX_STORAGE_BF16 &&
      mx_kernels_bf16_get ()->products == NULL)
    GST_WARNING_OBJECT (self->element,
        "weights=bf16 gains no time here: this processor has no fast "
        "instructions for it, so rounded numbers are computed in 32 bits");
  if (first->network->storage == MX_STORAGE_BF16X3 &&
      mx_kernels_bf16_get ()->split == NULL)
    GST_WARNING_OBJECT (self->element,
        "weights=bf16x3 is weights=f32 here: this processor has no AMX, or the "
        "system does not let it be used");
  GST_OBJECT_LOCK (self->element);
  self->network = g_steal_pointer (&first->network);
  self->file = g_steal_pointer (&first->file);
  GST_OBJECT_UNLOCK (self->element);
  return g_steal_pointer (&first->listener);
}

/* Why the settings are none for the model, or NULL. */
static gchar *
find_misfit (GstMxHandover *self, const MxNetwork *network)
{
  gchar *misfit;

  GST_OBJECT_LOCK (self->element);
  misfit = gst_mx_classify_settings_misfit (self->settings, network);
  GST_OBJECT_UNLOCK (self->element);
  return misfit;
}

static gboolean
fits_settings (GstMxHandover *self)
{
  g_autofree gchar *misfit = find_misfit (self, self->network);

  if (misfit != NULL)
    GST_ELEMENT_ERROR (
        self->element, LIBRARY, SETTINGS, ("%s.", misfit), (NULL));
  return misfit == NULL;
}

GstMxListener *
gst_mx_handover_start (GstMxHandover *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree gchar *filename = NULL;
  GstMxListener *listener;

  g_mutex_lock (&self->loading);
  GST_OBJECT_LOCK (self->element);
  filename = g_strdup (self->wanted);
  GST_OBJECT_UNLOCK (self->element);
  listener = use_first (self, filename, &error);
  g_mutex_unlock (&self->loading);
  if (listener == NULL) {
    gst_mx_model_post (
        GST_ELEMENT (self->element), GST_MESSAGE_ERROR, filename, error);
  } else if (!fits_settings (self)) {
    g_clear_pointer (&listener, gst_mx_listener_free);
    gst_mx_handover_stop (self);
  }
  return listener;
}

void
gst_mx_handover_stop (GstMxHandover *self)
{
  GstMxSuccessor *last = g_new0 (GstMxSuccessor, 1), *successor;

  GST_OBJECT_LOCK (self->element);
  last->network = g_steal_pointer (&self->network);
  last->file = g_steal_pointer (&self->file);
  successor = g_steal_pointer (&self->successor);
  GST_OBJECT_UNLOCK (self->element);
  successor_free (successor);
  successor_free (last);
}

/* --- taking over --- */

static gboolean
fits (GstMxHandover *self, const GstMxSuccessor *successor,
    const GstAudioInfo *info, GError **error)
{
  g_autofree gchar *misfit = find_misfit (self, successor->network);

  if (misfit != NULL) {
    g_set_error_literal (
        error, GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_SETTINGS, misfit);
    return FALSE;
  }
  return gst_mx_listener_set_info (successor->listener, info, error);
}

/* A later setting stays. */
static void
refuse (GstMxHandover *self, const GstMxSuccessor *successor, GError *error)
{
  const gchar *present = self->network->description->name;

  GST_OBJECT_LOCK (self->element);
  if (self->successor == NULL && g_strcmp0 (self->wanted, successor->file) == 0)
    want (self, self->file);
  GST_OBJECT_UNLOCK (self->element);
  GST_ELEMENT_WARNING (self->element, STREAM, FORMAT,
      ("Model \"%s\" cannot take over from \"%s\" on pad %s:%s: %s. \"%s\" "
       "goes "
       "on.",
          successor->network->description->name, present,
          GST_DEBUG_PAD_NAME (GST_BASE_TRANSFORM_SINK_PAD (self->element)),
          error->message, present),
      ("it came from %s",
          successor->file != NULL ? successor->file : "the plugin"));
  g_object_notify (G_OBJECT (self->element), "model-file");
}

static gboolean
has_same_labels (const MxNetwork *a, const MxNetwork *b)
{
  if (a->description->n_labels != b->description->n_labels)
    return FALSE;
  for (gsize i = 0; i < a->description->n_labels; i++)
    if (!g_str_equal (a->description->labels[i], b->description->labels[i]))
      return FALSE;
  return TRUE;
}

static void
announce (GstMxHandover *self, const gchar *file, const MxNetwork *network,
    GstClockTime start, gboolean relabelled)
{
  const GstSegment *segment = &self->element->segment;
  GstClockTime stream_time = GST_CLOCK_TIME_NONE;
  GstClockTime running_time = GST_CLOCK_TIME_NONE;
  GValue labels = G_VALUE_INIT;
  GstStructure *message;

  if (segment->format == GST_FORMAT_TIME) {
    stream_time = gst_segment_to_stream_time (segment, GST_FORMAT_TIME, start);
    running_time =
        gst_segment_to_running_time (segment, GST_FORMAT_TIME, start);
  }
  message = gst_structure_new ("mxclassify-model", "model-file", G_TYPE_STRING,
      file, "name", G_TYPE_STRING, network->description->name, "exits",
      G_TYPE_UINT, (guint)network->program->n_stages, "labels-changed",
      G_TYPE_BOOLEAN, relabelled, "timestamp", GST_TYPE_CLOCK_TIME, start,
      "stream-time", GST_TYPE_CLOCK_TIME, stream_time, "running-time",
      GST_TYPE_CLOCK_TIME, running_time, NULL);
  gst_value_array_init (&labels, network->description->n_labels);
  gst_mx_labels_to_value (network, &labels);
  gst_structure_take_value (message, "labels", &labels);
  GST_INFO_OBJECT (self->element, "%" GST_PTR_FORMAT, message);
  gst_element_post_message (GST_ELEMENT (self->element),
      gst_message_new_element (GST_OBJECT (self->element), message));
  if (relabelled)
    g_object_notify (G_OBJECT (self->element), "labels");
}

/* The successor becomes what was in use. */
static void
exchange (GstMxHandover *self, GstMxSuccessor *successor)
{
  MxNetwork *network = successor->network;
  gchar *file = successor->file;

  GST_OBJECT_LOCK (self->element);
  successor->network = self->network;
  successor->file = self->file;
  self->network = network;
  self->file = file;
  GST_OBJECT_UNLOCK (self->element);
}

static void
take_over (
    GstMxHandover *self, GstMxSuccessor *successor, GstMxListener **listener)
{
  g_autofree gchar *file = g_strdup (successor->file);
  MxNetwork *network = successor->network;
  gboolean relabelled = !has_same_labels (network, self->network);
  MxPolicy policy;

  GST_OBJECT_LOCK (self->element);
  gst_mx_classify_settings_get_policy (self->settings, &policy);
  GST_OBJECT_UNLOCK (self->element);
  gst_mx_listener_set_policy (successor->listener, &policy);
  gst_mx_listener_succeed (successor->listener, *listener);
  *listener = g_steal_pointer (&successor->listener);
  exchange (self, successor);
  announce (
      self, file, network, gst_mx_listener_get_start (*listener), relabelled);
}

gboolean
gst_mx_handover_adopt (
    GstMxHandover *self, GstMxListener **listener, const GstAudioInfo *info)
{
  g_autoptr (GstMxSuccessor) successor = NULL;
  g_autoptr (GError) error = NULL;

  if (gst_mx_listener_is_taking_over (*listener))
    return FALSE;
  GST_OBJECT_LOCK (self->element);
  successor = g_steal_pointer (&self->successor);
  GST_OBJECT_UNLOCK (self->element);
  if (successor == NULL)
    return FALSE;
  if (!fits (self, successor, info, &error)) {
    refuse (self, successor, error);
    return FALSE;
  }
  take_over (self, successor, listener);
  return TRUE;
}
