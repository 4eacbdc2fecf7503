/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxmixpad.h"

#include "gstmxproperties.h"

#define DEFAULT_SHARE 1
#define DEFAULT_EXAMPLE_DURATION 0

#define MAX_SHARE 1000000

#define FLAGS                                                                  \
  (G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS |            \
      GST_PARAM_MUTABLE_READY)

G_DEFINE_FINAL_TYPE (GstMxMixPad, gst_mx_mix_pad, GST_TYPE_PAD)

void
gst_mx_mix_pad_reset (GstMxMixPad *self)
{
  self->announced = self->ended = FALSE;
  self->flushing = self->flushes_on = FALSE;
  gst_mx_dataset_clear (&self->dataset);
  self->has_dataset = self->mixes = FALSE;
  self->position = 0;
  gst_clear_event (&self->event);
  self->began = FALSE;
  self->example = (GstMxExample){NULL};
  self->repeat = self->epoch = 0;
  gst_audio_info_init (&self->info);
  self->left = self->cut = 0;
  g_hash_table_remove_all (self->met);
}

gboolean
gst_mx_mix_pad_goes_on (const GstMxMixPad *self, const GstMxExample *example)
{
  const GstMxExample *last = &self->example;

  return self->began && example->index == last->index &&
         example->epoch == last->epoch && example->repeat == last->repeat;
}

/* How often it came in this epoch of the mix before.  Where pointers are
 * short, others may count for it: numbers are skipped, none comes twice. */
static guint
count (GstMxMixPad *self, guint64 index, guint epoch)
{
  gpointer key = GSIZE_TO_POINTER ((gsize)index);
  guint before;

  if (self->epoch != epoch)
    g_hash_table_remove_all (self->met);
  self->epoch = epoch;
  before = GPOINTER_TO_UINT (g_hash_table_lookup (self->met, key));
  g_hash_table_insert (self->met, key, GUINT_TO_POINTER (before + 1));
  return before;
}

GstEvent *
gst_mx_mix_pad_translate (
    GstMxMixPad *self, const GstMxExample *example, guint epoch, guint sources)
{
  gboolean leads = self->position == 0;
  GstMxExample mixed = *example;

  /* A recording that goes on is in the epoch that it began in. */
  if (leads)
    self->repeat = example->repeat;
  else if (!gst_mx_mix_pad_goes_on (self, example))
    self->repeat = count (self, example->index, epoch);
  mixed.index = example->index * sources + self->position;
  mixed.epoch = epoch;
  mixed.repeat = self->repeat;
  self->began = TRUE;
  self->example = (GstMxExample){.index = example->index,
      .epoch = example->epoch,
      .repeat = example->repeat};
  return gst_mx_example_event_new (&mixed);
}

gboolean
gst_mx_mix_pad_may_cut (const GstMxMixPad *self)
{
  gboolean may;

  GST_OBJECT_LOCK (self);
  may = self->example_duration > 0;
  GST_OBJECT_UNLOCK (self);
  return may;
}

void
gst_mx_mix_pad_begin_cut (GstMxMixPad *self)
{
  guint64 frames;

  GST_OBJECT_LOCK (self);
  frames = gst_util_uint64_scale_round (
      self->example_duration, self->info.rate, GST_SECOND);
  GST_OBJECT_UNLOCK (self);
  self->left = MAX (frames, 1);
  self->cut++;
}

GstBuffer *
gst_mx_mix_pad_split (GstMxMixPad *self, GstBuffer **buffer)
{
  gsize size = gst_buffer_get_size (*buffer);
  guint64 frames = MIN (size / self->info.bpf, self->left);
  gsize bytes = frames * self->info.bpf;
  GstBuffer *part, *rest;

  self->left -= frames;
  if (bytes == size)
    return g_steal_pointer (buffer);
  part = gst_buffer_copy_region (*buffer, GST_BUFFER_COPY_ALL, 0, bytes);
  rest = gst_buffer_copy_region (
      *buffer, GST_BUFFER_COPY_MEMORY, bytes, size - bytes);
  gst_buffer_unref (*buffer);
  *buffer = rest;
  return part;
}

gchar *
gst_mx_mix_pad_list_silent (GstElement *owner, const GstMxMixPad *current)
{
  g_autoptr (GString) text = g_string_new (NULL);

  GST_OBJECT_LOCK (owner);
  for (GList *l = owner->sinkpads; l != NULL; l = l->next)
    if (current != NULL ? l->data == current
                        : gst_pad_is_linked (l->data) &&
                              !GST_MX_MIX_PAD (l->data)->announced)
      g_string_append_printf (
          text, "%s\"%s\"", text->len > 0 ? ", " : "", GST_PAD_NAME (l->data));
  GST_OBJECT_UNLOCK (owner);
  return g_strdup (text->str);
}

/* ------------------------------------------------------------------- class */

static void
gst_mx_mix_pad_finalize (GObject *object)
{
  GstMxMixPad *self = GST_MX_MIX_PAD (object);

  gst_mx_mix_pad_reset (self);
  g_hash_table_unref (self->met);
  G_OBJECT_CLASS (gst_mx_mix_pad_parent_class)->finalize (object);
}

static void
gst_mx_mix_pad_class_init (GstMxMixPadClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->set_property = gst_mx_object_set_property;
  object_class->get_property = gst_mx_object_get_property;
  object_class->finalize = gst_mx_mix_pad_finalize;
  gst_mx_property_install (object_class, GST_MX_MEMBER (GstMxMixPad, share),
      g_param_spec_uint ("share", "Share",
          "So many of as many examples as the shares of all pads sum to come "
          "from this one",
          1, MAX_SHARE, DEFAULT_SHARE, FLAGS));
  gst_mx_property_install (object_class,
      GST_MX_MEMBER (GstMxMixPad, example_duration),
      g_param_spec_uint64 ("example-duration", "Example duration",
          "A stream without example events is cut into unlabelled examples of "
          "so many ns (0: such a stream is an error)",
          0, GST_SECOND * 600, DEFAULT_EXAMPLE_DURATION, FLAGS));
}

static void
gst_mx_mix_pad_init (GstMxMixPad *self)
{
  self->met = g_hash_table_new (NULL, NULL);
}
