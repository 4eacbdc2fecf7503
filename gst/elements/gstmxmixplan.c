/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxmixplan.h"

/* ------------------------------------------------------------------ format */

static gchar *
describe (const GstAudioInfo *info)
{
  return g_strdup_printf ("%d Hz, %d channel(s), %s", info->rate,
      info->channels, gst_audio_format_to_string (info->finfo->format));
}

gboolean
gst_mx_mix_plan_check_caps (
    const GstMxMixPlan *self, GstMxMixPad *pad, GstCaps *caps, GError **error)
{
  g_autofree gchar *expected = describe (&self->info);
  g_autofree gchar *found = NULL;
  GstAudioInfo info;

  if (gst_caps_is_equal (caps, self->caps))
    return TRUE;
  if (gst_audio_info_from_caps (&info, caps))
    found = describe (&info);
  g_set_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
      "Pad \"%s\" got %s, expected %s as on pad \"%s\", all along: put "
      "\"audioconvert ! audioresample\" and a caps filter before it, or a caps "
      "filter behind the mix.",
      GST_PAD_NAME (pad), g_strcmp0 (found, expected) ? found : "another mask",
      expected, GST_PAD_NAME (self->pads[0]));
  return FALSE;
}

static gboolean
take_format (GstMxMixPlan *self, GError **error)
{
  for (guint i = 0; i < self->n; i++) {
    GstMxMixPad *pad = self->pads[i];
    g_autoptr (GstCaps) caps = gst_pad_get_current_caps (GST_PAD (pad));

    /* It has ended before it began. */
    if (caps == NULL && pad->ended)
      continue;
    if (caps == NULL || !gst_audio_info_from_caps (&self->info, caps)) {
      g_set_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
          "Pad \"%s\" got no format, expected audio/x-raw.",
          GST_PAD_NAME (pad));
      return FALSE;
    }
    if (self->caps == NULL)
      self->caps = gst_caps_ref (caps);
    gst_audio_info_from_caps (&self->info, self->caps);
    if (!gst_mx_mix_plan_check_caps (self, pad, caps, error))
      return FALSE;
  }
  return TRUE;
}

/* ------------------------------------------------------------------ labels */

/* All that name any name the same, or a class would mean two things. */
static gboolean
take_labels (GstMxMixPlan *self, GError **error)
{
  GstMxMixPad *first = NULL;

  for (guint i = 0; i < self->n; i++) {
    GstMxMixPad *pad = self->pads[i];
    g_autofree gchar *found = NULL;
    g_autofree gchar *expected = NULL;

    if (pad->dataset.labels == NULL || pad->dataset.labels[0] == NULL)
      continue;
    if (first == NULL)
      first = pad;
    if (g_strv_equal ((const gchar *const *)pad->dataset.labels,
            (const gchar *const *)first->dataset.labels))
      continue;
    found = g_strjoinv (",", pad->dataset.labels);
    expected = g_strjoinv (",", first->dataset.labels);
    g_set_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED,
        "Pad \"%s\" has the labels %s, expected none, or %s as pad \"%s\" has: "
        "set the property labels of both sources to all of them.",
        GST_PAD_NAME (pad), found, expected, GST_PAD_NAME (first));
    return FALSE;
  }
  if (first != NULL)
    self->dataset.labels = g_strdupv (first->dataset.labels);
  return TRUE;
}

/* ----------------------------------------------------------------- lengths */

gboolean
gst_mx_mix_plan_check_split (
    const GstMxMixPlan *self, GstMxMixPad *pad, gboolean valid, GError **error)
{
  if (!valid || pad->position == 0)
    return TRUE;
  g_set_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED,
      "Pad \"%s\" has examples of the split " GST_MX_SPLIT_VALID
      ", expected them from pad \"%s\" only, which leads: set split or "
      "valid-subjects of its source.",
      GST_PAD_NAME (pad), GST_PAD_NAME (self->pads[0]));
  return FALSE;
}

/* How many examples to learn from a pad sends in all; G_MAXUINT64: it does not
 * end, or has not said. */
static guint64
total (const GstMxMixPad *pad)
{
  const GstMxDataset *dataset = &pad->dataset;

  if (!pad->has_dataset || dataset->epochs < 0)
    return G_MAXUINT64;
  return (dataset->examples - dataset->valid) * (guint64)dataset->epochs;
}

/* Better now than after the night. */
static gboolean
check_length (const GstMxMixPlan *self, GstMxMixPad *pad, GError **error)
{
  guint64 leads = total (self->pads[0]), found = total (pad), expected;

  if (leads == G_MAXUINT64 || found == G_MAXUINT64 || pad->position == 0)
    return TRUE;
  expected = gst_mx_turns_share_before (self->turns, pad->position, leads);
  if (found >= expected)
    return TRUE;
  g_set_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED,
      "Pad \"%s\" has %" G_GUINT64_FORMAT " examples in all, expected "
      "%" G_GUINT64_FORMAT " for the %" G_GUINT64_FORMAT
      " of pad \"%s\": let its source repeat them (mxdatasetsrc epochs=-1).",
      GST_PAD_NAME (pad), found, expected, leads, GST_PAD_NAME (self->pads[0]));
  return FALSE;
}

static gboolean
take_lengths (GstMxMixPlan *self, GError **error)
{
  const GstMxMixPad *first = self->pads[0];
  const GstMxDataset *dataset = &first->dataset;

  if (!first->has_dataset && !first->ended) {
    g_set_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED,
        "Pad \"%s\" leads, but nothing says how long its epochs are, expected "
        "an event GstMxDataset as mxdatasetsrc sends it: link such a source "
        "first.",
        GST_PAD_NAME (first));
    return FALSE;
  }
  for (guint i = 0; i < self->n; i++) {
    GstMxMixPad *pad = self->pads[i];

    if (!gst_mx_mix_plan_check_split (
            self, pad, pad->dataset.valid > 0, error) ||
        !check_length (self, pad, error))
      return FALSE;
  }
  self->dataset.epochs = dataset->epochs;
  self->dataset.valid = dataset->valid;
  self->dataset.examples =
      dataset->valid +
      gst_mx_turns_before (self->turns, dataset->examples - dataset->valid);
  return TRUE;
}

/* ------------------------------------------------------------------- whole */

static gint
compare_numbers (gconstpointer a, gconstpointer b)
{
  const GstMxMixPad *first = *(GstMxMixPad *const *)a;
  const GstMxMixPad *second = *(GstMxMixPad *const *)b;

  return first->number < second->number ? -1 : first->number > second->number;
}

static void
seat (GstMxMixPlan *self, GPtrArray *pads)
{
  g_autofree guint *shares = g_new (guint, pads->len);

  g_ptr_array_sort (pads, compare_numbers);
  self->n = pads->len;
  self->pads = g_new (GstMxMixPad *, self->n);
  for (guint i = 0; i < self->n; i++) {
    GstMxMixPad *pad = g_ptr_array_index (pads, i);

    self->pads[i] = gst_object_ref (pad);
    pad->position = i;
    pad->mixes = TRUE;
    GST_OBJECT_LOCK (pad);
    shares[i] = pad->share;
    GST_OBJECT_UNLOCK (pad);
  }
  self->turns = gst_mx_turns_new (shares, self->n);
}

GstMxMixPlan *
gst_mx_mix_plan_new (GPtrArray *pads, GError **error)
{
  GstMxMixPlan *self = g_new0 (GstMxMixPlan, 1);

  gst_audio_info_init (&self->info);
  seat (self, pads);
  if (take_format (self, error) && take_labels (self, error) &&
      take_lengths (self, error))
    return self;
  gst_mx_mix_plan_free (self);
  return NULL;
}

void
gst_mx_mix_plan_free (GstMxMixPlan *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < self->n; i++)
    gst_object_unref (self->pads[i]);
  g_free (self->pads);
  gst_mx_turns_free (self->turns);
  gst_clear_caps (&self->caps);
  gst_mx_dataset_clear (&self->dataset);
  g_free (self);
}
