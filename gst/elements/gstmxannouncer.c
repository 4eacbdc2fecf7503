/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxannouncer.h"

#include "gstmxanalytics.h"

#include "gst/multiexit/gstmxresult.h"

#include <gst/audio/audio.h>

GST_DEBUG_CATEGORY_EXTERN (gst_mx_classify_debug);
#define GST_CAT_DEFAULT gst_mx_classify_debug

void
gst_mx_announcer_init (GstMxAnnouncer *self, GstBaseTransform *element)
{
  *self = (GstMxAnnouncer){.element = element};
}

static gboolean
attaches (GstMxAnnouncer *self, const GstMxClassifySettings *settings)
{
  gboolean attach;

  GST_OBJECT_LOCK (self->element);
  attach = settings->attach_meta || settings->attach_analytics;
  GST_OBJECT_UNLOCK (self->element);
  return attach;
}

/* Of several threads that set properties, whoever comes last leaves what holds
 * then. */
void
gst_mx_announcer_follow (
    GstMxAnnouncer *self, const GstMxClassifySettings *settings)
{
  gboolean attach;

  do {
    attach = attaches (self, settings);
    gst_base_transform_set_passthrough (self->element, !attach);
  } while (attaches (self, settings) != attach);
}

void
gst_mx_announcer_set (GstMxAnnouncer *self,
    const GstMxClassifySettings *settings, GstBuffer *buffer)
{
  gboolean writable = gst_buffer_is_writable (buffer);

  self->post = settings->post_messages;
  self->limiter.interval = settings->interval;
  self->limiter.on_change = settings->on_change;
  /* Where the property changes while a buffer is under way, the base class may
   * not have made it writable. */
  self->attach = settings->attach_meta && writable;
  self->analytics = settings->attach_analytics && writable;
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
  self->loud = 0;
  gst_mx_announcer_forget_results (self);
}

void
gst_mx_announcer_forget_results (GstMxAnnouncer *self)
{
  gst_mx_limiter_forget (&self->limiter);
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

/* Of one window of a phone at a waist the level is 4.6 at most, of m/s2 taken
 * for g above 17. */
#define LOUD 8
/* A fall or a blow does not last so long. */
#define LOUD_WINDOWS 4

static void
watch_level (GstMxAnnouncer *self, const MxDescription *description,
    const MxResult *result)
{
  if (self->loud >= LOUD_WINDOWS)
    return;
  self->loud = result->level > LOUD ? self->loud + 1 : 0;
  if (self->loud < LOUD_WINDOWS)
    return;
  GST_ELEMENT_WARNING (self->element, STREAM, FORMAT,
      ("Pad %s:%s receives samples in another unit than model \"%s\" was "
       "trained on? Their level is %.0f times that of its training data. "
       "Put, for example, \"audioamplify amplification=0.102 "
       "clipping-method=none\" in front to make g of m/s2.",
          GST_DEBUG_PAD_NAME (GST_BASE_TRANSFORM_SINK_PAD (self->element)),
          description->name, result->level),
      ("%u windows in a row above %d", LOUD_WINDOWS, LOUD));
}

/* Whether the result is posted. */
static gboolean
limit_messages (GstMxAnnouncer *self, const MxDescription *description,
    const MxResult *result, const GstMxTimes *times)
{
  const GstSegment *segment = &self->element->segment;
  GstClockTime running_time = GST_CLOCK_TIME_NONE;

  gst_mx_limiter_hear (&self->limiter,
      GST_FRAMES_TO_CLOCK_TIME (result->start, description->rate),
      GST_FRAMES_TO_CLOCK_TIME (
          result->start + result->length, description->rate));
  if (!self->post)
    return FALSE;
  if (segment->format == GST_FORMAT_TIME)
    running_time =
        gst_segment_to_running_time (segment, GST_FORMAT_TIME, times->start);
  return gst_mx_limiter_tell (&self->limiter, result, running_time);
}

/* Takes the answer. */
static void
publish (GstMxAnnouncer *self, GstStructure *answer, gboolean post)
{
  GST_DEBUG_OBJECT (self->element, "%" GST_PTR_FORMAT, answer);
  if (self->attach && self->buffer == NULL)
    gst_pad_push_event (GST_BASE_TRANSFORM_SRC_PAD (self->element),
        gst_mx_result_event_new (answer));
  else if (self->attach && post)
    gst_mx_result_meta_add (self->buffer, answer);
  else if (self->attach)
    gst_mx_result_meta_take (self->buffer, g_steal_pointer (&answer));
  if (post)
    gst_element_post_message (GST_ELEMENT (self->element),
        gst_message_new_element (
            GST_OBJECT (self->element), g_steal_pointer (&answer)));
  g_clear_pointer (&answer, gst_structure_free);
}

void
gst_mx_announcer_tell (const MxDescription *description, const MxResult *result,
    const GstMxTimes *times, gpointer user_data)
{
  GstMxAnnouncer *self = user_data;
  g_autofree gchar *name = NULL;
  GstMxSource source = {.sequence = self->sequence++};
  gboolean post;

  if (!result->finite)
    warn_of_bad_samples (self, times->start);
  watch_level (self, description, result);
  GST_OBJECT_LOCK (self->element);
  gst_mx_tally_add (&self->tally, result);
  GST_OBJECT_UNLOCK (self->element);
  if (self->analytics && self->buffer != NULL)
    gst_mx_analytics_attach (self->buffer, result, description);
  post = limit_messages (self, description, result, times);
  if (!self->attach && !post)
    return;
  source.element = name = gst_object_get_name (GST_OBJECT (self->element));
  publish (self,
      gst_mx_answer_new (
          result, description, &self->element->segment, times, &source),
      post);
}
