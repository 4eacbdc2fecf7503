/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxannouncer.h"

#include "gstmxresult.h"

GST_DEBUG_CATEGORY_EXTERN (gst_mx_classify_debug);
#define GST_CAT_DEFAULT gst_mx_classify_debug

void
gst_mx_announcer_init (GstMxAnnouncer *self, GstBaseTransform *element)
{
  *self = (GstMxAnnouncer){.element = element};
}

void
gst_mx_announcer_start (GstMxAnnouncer *self, guint n_exits)
{
  GST_OBJECT_LOCK (self->element);
  gst_mx_tally_init (&self->tally, n_exits);
  GST_OBJECT_UNLOCK (self->element);
  self->sequence = 0;
  gst_mx_announcer_forget_stream (self);
}

void
gst_mx_announcer_widen (GstMxAnnouncer *self, guint n_exits)
{
  GST_OBJECT_LOCK (self->element);
  gst_mx_tally_widen (&self->tally, n_exits);
  GST_OBJECT_UNLOCK (self->element);
}

void
gst_mx_announcer_forget_stream (GstMxAnnouncer *self)
{
  self->warned = FALSE;
}

static void
warn_of_bad_samples (GstMxAnnouncer *self, GstClockTime timestamp)
{
  if (self->warned)
    return;
  self->warned = TRUE;
  GST_ELEMENT_WARNING (self->element, STREAM, DECODE,
      ("Pad %s:%s receives samples that are no finite numbers, or too large "
       "for the model: results there are marked as not finite.",
          GST_DEBUG_PAD_NAME (GST_BASE_TRANSFORM_SINK_PAD (self->element))),
      ("first in the window at %" GST_TIME_FORMAT, GST_TIME_ARGS (timestamp)));
}

/* Takes the answer. */
static void
publish (GstMxAnnouncer *self, GstStructure *answer)
{
  GST_DEBUG_OBJECT (self->element, "%" GST_PTR_FORMAT, answer);
  if (self->attach && self->buffer != NULL)
    gst_mx_result_meta_add (self->buffer, answer);
  else if (self->attach)
    gst_pad_push_event (GST_BASE_TRANSFORM_SRC_PAD (self->element),
        gst_mx_result_event_new (answer));
  if (self->post)
    gst_element_post_message (GST_ELEMENT (self->element),
        gst_message_new_element (GST_OBJECT (self->element), answer));
  else
    gst_structure_free (answer);
}

void
gst_mx_announcer_tell (const MxDescription *description, const MxResult *result,
    const GstMxTimes *times, gpointer user_data)
{
  GstMxAnnouncer *self = user_data;
  g_autofree gchar *name = NULL;
  GstMxSource source = {.sequence = self->sequence++};

  if (!result->finite)
    warn_of_bad_samples (self, times->start);
  GST_OBJECT_LOCK (self->element);
  gst_mx_tally_add (&self->tally, result);
  GST_OBJECT_UNLOCK (self->element);
  if (!self->attach && !self->post)
    return;
  source.element = name = gst_object_get_name (GST_OBJECT (self->element));
  publish (self, gst_mx_answer_new (result, description,
                     &self->element->segment, times, &source));
}
