/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxmixer.h"

void
gst_mx_mixer_init (GstMxMixer *self, GstElement *owner, GstPad *srcpad)
{
  *self = (GstMxMixer){.owner = owner, .srcpad = srcpad};
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
}

void
gst_mx_mixer_clear (GstMxMixer *self)
{
  gst_mx_mixer_reset (self);
  g_cond_clear (&self->changed);
  g_mutex_clear (&self->lock);
}

static void
set_position (GstMxMixer *self, GstClockTime position)
{
  GST_OBJECT_LOCK (self->owner);
  self->position = position;
  GST_OBJECT_UNLOCK (self->owner);
}

void
gst_mx_mixer_reset (GstMxMixer *self)
{
  set_position (self, GST_CLOCK_TIME_NONE);
  g_clear_pointer (&self->plan, gst_mx_mix_plan_free);
  self->current = self->last = NULL;
  self->flow = GST_FLOW_OK;
  self->frames = 0;
  self->epoch = 0;
  self->greeted = self->ended = self->failing = FALSE;
  self->needs_segment = self->discont = TRUE;
}

void
gst_mx_mixer_set_playing (GstMxMixer *self, gboolean playing)
{
  g_mutex_lock (&self->lock);
  gst_mx_silence_set_playing (&self->silence, playing);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

/* ------------------------------------------------------- under the lock */

/* Takes the error.  The lock is not held meanwhile: whoever hears of it in this
 * very thread may flush pads or release them. */
static void
post (GstMxMixer *self, GstMessageType type, GError *error)
{
  g_mutex_unlock (&self->lock);
  gst_element_message_full (self->owner, type, error->domain, error->code,
      g_strdup (error->message), NULL, __FILE__, GST_FUNCTION, __LINE__);
  g_error_free (error);
  g_mutex_lock (&self->lock);
}

/* Takes the error.  What comes behind the first is a consequence of it, and
 * waits until that one was posted. */
static void
fail (GstMxMixer *self, GError *error)
{
  if (self->failing || self->flow != GST_FLOW_OK) {
    g_error_free (error);
    return;
  }
  self->failing = TRUE;
  post (self, GST_MESSAGE_ERROR, error);
  if (self->failing) /* not reset meanwhile */
    self->flow = GST_FLOW_ERROR;
  g_cond_broadcast (&self->changed);
}

/* FALSE: one of those that are linked has not yet spoken. */
static gboolean
get_sources (GstMxMixer *self, GPtrArray *pads)
{
  gboolean all = TRUE;

  GST_OBJECT_LOCK (self->owner);
  for (GList *l = self->owner->sinkpads; l != NULL; l = l->next)
    if (gst_pad_is_linked (l->data)) {
      g_ptr_array_add (pads, gst_object_ref (l->data));
      all &= GST_MX_MIX_PAD (l->data)->announced;
    }
  GST_OBJECT_UNLOCK (self->owner);
  return all && pads->len > 0;
}

/* Once all have spoken, the first turn begins. */
static void
begin_if_complete (GstMxMixer *self)
{
  g_autoptr (GPtrArray) pads =
      g_ptr_array_new_with_free_func (gst_object_unref);
  GError *error = NULL;

  if (self->plan != NULL || self->flow != GST_FLOW_OK ||
      !get_sources (self, pads))
    return;
  self->plan = gst_mx_mix_plan_new (pads, &error);
  if (self->plan == NULL) {
    fail (self, error);
    return;
  }
  self->current = self->plan->pads[0];
  gst_mx_silence_break (&self->silence, FALSE);
  g_cond_broadcast (&self->changed);
}

static void
announce (GstMxMixer *self, GstMxMixPad *pad)
{
  pad->announced = TRUE;
  begin_if_complete (self);
  if (self->plan != NULL && !pad->mixes)
    fail (self, g_error_new (GST_CORE_ERROR, GST_CORE_ERROR_PAD,
                    "Pad \"%s\" was linked after the mix had begun: link all "
                    "before PAUSED.",
                    GST_PAD_NAME (pad)));
}

/* An example of the pad is over. */
static void
end_turn (GstMxMixer *self, GstMxMixPad *pad)
{
  if (self->current != pad || !pad->began)
    return;
  self->current = self->plan->pads[gst_mx_turns_next (self->plan->turns)];
  gst_mx_silence_break (&self->silence, FALSE);
  g_cond_broadcast (&self->changed);
}

/* Going on without it would be a mix of other shares. */
static void
tell_silence (GstMxMixer *self, GstMxMixPad *pad)
{
  g_autofree gchar *silent =
      gst_mx_mix_pad_list_silent (self->owner, self->current);
  g_autofree gchar *text =
      gst_mx_silence_describe (&self->silence, silent, GST_PAD_NAME (pad));
  GError *error =
      g_error_new_literal (GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED, text);

  if (self->silence.action == GST_MX_SILENCE_ERROR)
    fail (self, error);
  else
    post (self, GST_MESSAGE_WARNING, error);
}

/* OK: what is pushed then is downstream's until leave(). */
static GstFlowReturn
wait_for_turn (GstMxMixer *self, GstMxMixPad *pad)
{
  while (!pad->flushing && self->flow == GST_FLOW_OK &&
         (self->failing || self->current != pad))
    if (gst_mx_silence_wait (&self->silence, &self->changed, &self->lock))
      tell_silence (self, pad);
  if (!pad->flushing && self->flow == GST_FLOW_OK)
    gst_mx_silence_break (&self->silence, TRUE);
  return pad->flushing ? GST_FLOW_FLUSHING : self->flow;
}

/* @flow: what downstream said of it. */
static GstFlowReturn
leave (GstMxMixer *self, GstFlowReturn flow)
{
  g_mutex_lock (&self->lock);
  gst_mx_silence_break (&self->silence, FALSE);
  if (flow != GST_FLOW_OK && flow != GST_FLOW_FLUSHING) {
    self->flow = flow;
    g_cond_broadcast (&self->changed);
  }
  g_mutex_unlock (&self->lock);
  return flow;
}

/* ------------------------------------------------------------ in its turn */

static void
push_sticky_of (GstMxMixer *self, GstMxMixPad *pad, GstEventType type)
{
  GstEvent *event = gst_pad_get_sticky_event (GST_PAD (pad), type, 0);

  if (event != NULL)
    gst_pad_push_event (self->srcpad, event);
}

/* What comes before the first example. */
static void
greet (GstMxMixer *self)
{
  GstMxMixPad *first = self->plan->pads[0];
  GstSegment segment;

  if (!self->greeted) {
    push_sticky_of (self, first, GST_EVENT_STREAM_START);
    /* Unless all have ended before they began. */
    if (self->plan->caps != NULL)
      gst_pad_push_event (self->srcpad, gst_event_new_caps (self->plan->caps));
  }
  if (self->needs_segment) {
    gst_segment_init (&segment, GST_FORMAT_TIME);
    gst_pad_push_event (self->srcpad, gst_event_new_segment (&segment));
  }
  if (!self->greeted)
    gst_pad_push_event (
        self->srcpad, gst_mx_dataset_event_new (&self->plan->dataset));
  self->greeted = TRUE;
  self->needs_segment = FALSE;
}

GstFlowReturn
gst_mx_mixer_begin_example (GstMxMixer *self, GstMxMixPad *pad, GstEvent *event,
    const GstMxExample *example)
{
  gboolean valid = g_strcmp0 (example->split, GST_MX_SPLIT_VALID) == 0;
  GError *error = NULL;
  GstFlowReturn flow;

  g_mutex_lock (&self->lock);
  announce (self, pad);
  if (!gst_mx_mix_pad_goes_on (pad, example))
    end_turn (self, pad);
  flow = wait_for_turn (self, pad);
  if (flow == GST_FLOW_OK &&
      !gst_mx_mix_plan_check_split (self->plan, pad, valid, &error)) {
    fail (self, error);
    flow = GST_FLOW_ERROR;
  }
  if (flow == GST_FLOW_OK && !valid && !example->gap)
    gst_mx_turns_count (self->plan->turns, pad->position);
  if (flow == GST_FLOW_OK)
    self->discont |= self->last != pad;
  g_mutex_unlock (&self->lock);
  if (flow != GST_FLOW_OK)
    return flow;
  if (pad->position == 0)
    self->epoch = example->epoch;
  greet (self);
  gst_event_replace (&pad->event, event);
  gst_pad_push_event (self->srcpad,
      gst_mx_mix_pad_translate (pad, example, self->epoch, self->plan->n));
  return leave (self, GST_FLOW_OK);
}

/* As if there were no other source: time goes on by what is sent. */
static GstBuffer *
stamp (GstMxMixer *self, GstBuffer *buffer)
{
  gint rate = self->plan->info.rate;
  guint64 end =
      self->frames + gst_buffer_get_size (buffer) / self->plan->info.bpf;

  buffer = gst_buffer_make_writable (buffer);
  GST_BUFFER_PTS (buffer) = GST_FRAMES_TO_CLOCK_TIME (self->frames, rate);
  GST_BUFFER_DTS (buffer) = GST_CLOCK_TIME_NONE;
  GST_BUFFER_DURATION (buffer) =
      GST_FRAMES_TO_CLOCK_TIME (end, rate) - GST_BUFFER_PTS (buffer);
  GST_BUFFER_OFFSET (buffer) = self->frames;
  GST_BUFFER_OFFSET_END (buffer) = end;
  if (self->discont)
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
  self->discont = FALSE;
  self->frames = end;
  set_position (self, GST_FRAMES_TO_CLOCK_TIME (end, rate));
  return buffer;
}

GstFlowReturn
gst_mx_mixer_push (GstMxMixer *self, GstMxMixPad *pad, GstBuffer *buffer)
{
  GstFlowReturn flow;

  g_mutex_lock (&self->lock);
  flow = wait_for_turn (self, pad);
  if (flow == GST_FLOW_OK)
    buffer = stamp (self, buffer);
  g_mutex_unlock (&self->lock);
  if (flow != GST_FLOW_OK) {
    gst_buffer_unref (buffer);
    return flow;
  }
  greet (self);
  self->last = pad;
  return leave (self, gst_pad_push (self->srcpad, buffer));
}

/* ----------------------------------------------------------------- others */

void
gst_mx_mixer_fail (GstMxMixer *self, GError *error)
{
  g_mutex_lock (&self->lock);
  fail (self, error);
  g_mutex_unlock (&self->lock);
}

gboolean
gst_mx_mixer_check_caps (GstMxMixer *self, GstMxMixPad *pad, GstCaps *caps)
{
  GError *error = NULL;
  gboolean fits;

  g_mutex_lock (&self->lock);
  fits = self->plan == NULL ||
         gst_mx_mix_plan_check_caps (self->plan, pad, caps, &error);
  if (!fits)
    fail (self, error);
  g_mutex_unlock (&self->lock);
  return fits;
}

void
gst_mx_mixer_take_dataset (
    GstMxMixer *self, GstMxMixPad *pad, GstMxDataset *dataset)
{
  g_mutex_lock (&self->lock);
  if (self->plan == NULL) {
    gst_mx_dataset_clear (&pad->dataset);
    pad->dataset = *dataset;
    pad->has_dataset = TRUE;
  } else {
    gst_mx_dataset_clear (dataset);
  }
  g_mutex_unlock (&self->lock);
}

GstFlowReturn
gst_mx_mixer_pass_on (GstMxMixer *self, GstMxMixPad *pad, GstEvent *event)
{
  GstFlowReturn flow;

  /* Who has not begun would wait for the others, and they for it. */
  if (!pad->began)
    return GST_FLOW_OK;
  g_mutex_lock (&self->lock);
  flow = wait_for_turn (self, pad);
  g_mutex_unlock (&self->lock);
  if (flow != GST_FLOW_OK)
    return flow;
  gst_pad_push_event (self->srcpad, gst_event_ref (event));
  return leave (self, GST_FLOW_OK);
}

void
gst_mx_mixer_interrupt (GstMxMixer *self, GstMxMixPad *pad)
{
  g_mutex_lock (&self->lock);
  self->discont |= self->current == pad;
  g_mutex_unlock (&self->lock);
}

/* Its source would leave its share to nobody. */
static void
fail_ended (GstMxMixer *self, GstMxMixPad *pad)
{
  const gchar *first = GST_PAD_NAME (self->plan->pads[0]);

  fail (self, g_error_new (GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED,
                  "Pad \"%s\" ended in epoch %u of pad \"%s\", expected it "
                  "to go on as long as that one: let its source repeat its "
                  "examples (mxdatasetsrc epochs=-1).",
                  GST_PAD_NAME (pad), self->epoch + 1, first));
}

GstFlowReturn
gst_mx_mixer_end (GstMxMixer *self, GstMxMixPad *pad)
{
  GstFlowReturn flow;
  gboolean ends;

  g_mutex_lock (&self->lock);
  pad->ended = TRUE;
  announce (self, pad);
  end_turn (self, pad);
  flow = wait_for_turn (self, pad);
  if (flow == GST_FLOW_OK && pad->position > 0)
    fail_ended (self, pad);
  else if (flow == GST_FLOW_OK)
    self->flow = GST_FLOW_EOS;
  g_cond_broadcast (&self->changed);
  /* Also where downstream wanted no more, whoever hears of it first. */
  ends =
      self->flow == GST_FLOW_EOS && flow != GST_FLOW_FLUSHING && !self->ended;
  self->ended |= ends;
  g_mutex_unlock (&self->lock);
  if (ends && flow == GST_FLOW_OK)
    greet (self);
  if (ends)
    gst_pad_push_event (self->srcpad, gst_event_new_eos ());
  return flow;
}

void
gst_mx_mixer_set_flushing (
    GstMxMixer *self, GstMxMixPad *pad, gboolean flushing)
{
  g_mutex_lock (&self->lock);
  pad->flushing = flushing;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

/* Who waits for its turn has nothing downstream to flush, and what the others
 * send there must not be refused. */
void
gst_mx_mixer_flush (GstMxMixer *self, GstMxMixPad *pad, GstEvent *event)
{
  gboolean start = GST_EVENT_TYPE (event) == GST_EVENT_FLUSH_START;
  gboolean goes_on;

  g_mutex_lock (&self->lock);
  if (start)
    pad->flushes_on = self->current == pad;
  goes_on = pad->flushes_on;
  pad->flushing = start;
  if (!start) {
    pad->left = 0;
    pad->flushes_on = FALSE;
  }
  if (!start && goes_on)
    self->needs_segment = self->discont = TRUE;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
  if (goes_on)
    gst_pad_push_event (self->srcpad, event);
  else
    gst_event_unref (event);
}

void
gst_mx_mixer_forget (GstMxMixer *self, GstMxMixPad *pad)
{
  g_mutex_lock (&self->lock);
  if (pad->mixes)
    fail (self, g_error_new (GST_CORE_ERROR, GST_CORE_ERROR_PAD,
                    "Pad \"%s\" was released while its examples were being "
                    "mixed: release pads in READY or NULL.",
                    GST_PAD_NAME (pad)));
  /* The others may have waited for it alone. */
  begin_if_complete (self);
  g_mutex_unlock (&self->lock);
}

GstClockTime
gst_mx_mixer_get_position (GstMxMixer *self)
{
  GstClockTime position;

  GST_OBJECT_LOCK (self->owner);
  position = self->position;
  GST_OBJECT_UNLOCK (self->owner);
  return position;
}
