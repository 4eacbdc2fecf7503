/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxobjections.h"

GST_DEBUG_CATEGORY_EXTERN (gst_mx_classify_debug);
#define GST_CAT_DEFAULT gst_mx_classify_debug

void
gst_mx_objections_init (GstMxObjections *self, GstBaseTransform *element,
    const GstMxHandover *models)
{
  *self = (GstMxObjections){.element = element, .models = models};
}

/* While the element listens. */
static const gchar *
model_name (const GstMxObjections *self)
{
  return self->models->network->description->name;
}

void
gst_mx_objections_forget (GstMxObjections *self)
{
  gst_clear_caps (&self->refused);
}

/* Sources offer refused caps again with every buffer and event: one error is
 * enough.  It is posted here because caps queries know nothing of the model: if
 * they did, converters upstream would invent the channels of a sensor. */
gboolean
gst_mx_objections_refuse (
    GstMxObjections *self, GstCaps *caps, const gchar *reason)
{
  if (self->refused != NULL && gst_caps_is_equal (self->refused, caps))
    return FALSE;
  gst_caps_replace (&self->refused, caps);
  GST_ELEMENT_ERROR (self->element, STREAM, FORMAT,
      ("Model \"%s\" cannot listen to pad %s:%s: %s.", model_name (self),
          GST_DEBUG_PAD_NAME (GST_BASE_TRANSFORM_SINK_PAD (self->element)),
          reason),
      ("%" GST_PTR_FORMAT, caps));
  return FALSE;
}

void
gst_mx_objections_accept (
    GstMxObjections *self, GstCaps *caps, const gchar *doubt)
{
  gst_mx_objections_forget (self);
  if (doubt != NULL)
    GST_ELEMENT_WARNING (self->element, STREAM, FORMAT,
        ("Is \"%s\" the right model for pad %s:%s? %s", model_name (self),
            GST_DEBUG_PAD_NAME (GST_BASE_TRANSFORM_SINK_PAD (self->element)),
            doubt),
        ("%" GST_PTR_FORMAT, caps));
}

GstFlowReturn
gst_mx_objections_refuse_buffer (
    GstMxObjections *self, const GstAudioInfo *info, GstBuffer *buffer)
{
  g_autofree gchar *expected =
      GST_AUDIO_INFO_LAYOUT (info) == GST_AUDIO_LAYOUT_NON_INTERLEAVED
          ? g_strdup_printf ("planes of %d channels and a GstAudioMeta of them",
                GST_AUDIO_INFO_CHANNELS (info))
          : g_strdup_printf ("frames of %d", GST_AUDIO_INFO_BPF (info));

  GST_ELEMENT_ERROR (self->element, STREAM, FORMAT,
      ("Pad %s:%s receives buffers that do not hold what their caps say: found "
       "%" G_GSIZE_FORMAT " bytes, expected %s.",
          GST_DEBUG_PAD_NAME (GST_BASE_TRANSFORM_SINK_PAD (self->element)),
          gst_buffer_get_size (buffer), expected),
      ("%" GST_PTR_FORMAT, buffer));
  return GST_FLOW_ERROR;
}
