/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxtrainerpad.h"

GST_DEBUG_CATEGORY_EXTERN (mx_train_sink_debug);
#define GST_CAT_DEFAULT mx_train_sink_debug

G_DEFINE_TYPE (GstMxTrainerPad, gst_mx_trainer_pad, GST_TYPE_AGGREGATOR_PAD)

static void
open_pad (GstMxTrainerPad *self)
{
  if (self->end_probe != 0)
    gst_pad_remove_probe (GST_PAD (self), self->end_probe);
  self->end_probe = 0;
}

void
gst_mx_trainer_pad_reset (GstMxTrainerPad *self, MxDescription *description)
{
  open_pad (self);
  g_clear_pointer (&self->excerpts, gst_mx_excerpts_free);
  if (description->program->n_streamed > 0)
    self->excerpts = gst_mx_excerpts_new (description);
  gst_mx_recording_reset (&self->current);
  gst_mx_recording_reset (&self->complete);
  self->waits = self->hears = FALSE;
  self->position = GST_CLOCK_TIME_NONE;
  g_atomic_int_set (&self->flushed, FALSE);
}

/* The thread that flushes is not the one that collects. */
static GstFlowReturn
gst_mx_trainer_pad_flush (GstAggregatorPad *pad, GstAggregator *aggregator)
{
  g_atomic_int_set (&GST_MX_TRAINER_PAD (pad)->flushed, TRUE);
  return GST_FLOW_OK;
}

/* The samples go, the example event stands, as sticky events do: some of them
 * may still be on their way through a queue. */
static void
obey_flush (GstMxTrainerPad *self)
{
  if (!g_atomic_int_compare_and_exchange (&self->flushed, TRUE, FALSE))
    return;
  GST_DEBUG_OBJECT (self, "flushed");
  self->current.frames = 0;
  self->waits = FALSE;
  if (self->excerpts != NULL)
    gst_mx_excerpts_reset (self->excerpts);
}

/* Examples without samples give no windows and are passed over. */
static void
complete (GstMxTrainerPad *self)
{
  GstMxRecording last = self->complete;

  if (self->current.frames == 0)
    return;
  if (self->excerpts != NULL) {
    gst_mx_excerpts_push (self->excerpts, &self->current);
  } else {
    g_return_if_fail (!self->waits);
    self->complete = self->current;
    self->current = last;
    self->waits = TRUE;
  }
  gst_mx_recording_reset (&self->current);
}

void
gst_mx_trainer_pad_begin (GstMxTrainerPad *self, GstMxExample *example)
{
  obey_flush (self);
  complete (self);
  gst_mx_recording_begin (&self->current, example);
  self->hears = TRUE;
}

/* A gap may last: what is beyond the longest example is in no window. */
static gsize
frames_to_keep (const GstMxTrainerPad *self, gsize frames, gsize longest)
{
  return self->current.example.gap
             ? MIN (frames, longest - self->current.frames)
             : frames;
}

static GstMxTake
append (GstMxTrainerPad *self, GstBuffer *buffer, gsize channels, gsize longest)
{
  gsize frame = channels * sizeof (gfloat), frames;
  GstMxTake took = GST_MX_TAKE_OK;
  GstMapInfo map;

  if (gst_buffer_get_size (buffer) == 0)
    return GST_MX_TAKE_OK;
  if (!self->hears)
    return GST_MX_TAKE_NO_EXAMPLE;
  if (!gst_buffer_map (buffer, &map, GST_MAP_READ))
    return GST_MX_TAKE_BAD_SIZE;
  frames = frames_to_keep (self, map.size / frame, longest);
  if (map.size % frame != 0)
    took = GST_MX_TAKE_BAD_SIZE;
  else if (frames > longest - self->current.frames)
    took = GST_MX_TAKE_TOO_LONG;
  else if (self->excerpts != NULL)
    gst_mx_excerpts_hear (self->excerpts, &self->current,
        (const gfloat *)map.data, map.size / frame, frames, channels);
  else
    gst_mx_recording_append (
        &self->current, (const gfloat *)map.data, frames, channels);
  gst_buffer_unmap (buffer, &map);
  return took;
}

static void
note_position (GstMxTrainerPad *self, GstBuffer *buffer)
{
  GstSegment *segment = &GST_AGGREGATOR_PAD (self)->segment;

  if (GST_BUFFER_PTS_IS_VALID (buffer) && segment->format == GST_FORMAT_TIME)
    self->position = gst_segment_to_running_time (
        segment, GST_FORMAT_TIME, GST_BUFFER_PTS (buffer));
}

/* Behind it comes another stream, or nothing: what waits for more gets silence.
 * The event of the next example came before the buffer. */
static gboolean
ends_here (GstMxTrainerPad *self)
{
  GstAggregatorPad *pad = GST_AGGREGATOR_PAD (self);
  GstBuffer *buffer = gst_aggregator_pad_peek_buffer (pad);
  gboolean interrupted;

  if (buffer == NULL)
    return gst_aggregator_pad_is_eos (pad);
  interrupted = GST_BUFFER_IS_DISCONT (buffer) &&
                mx_history_get_samples (self->excerpts->history) > 0;
  gst_buffer_unref (buffer);
  return interrupted;
}

/* FALSE: an example is there, or the stream ended. */
static gboolean
wants_more (GstMxTrainerPad *self)
{
  GstMxExcerpts *excerpts = self->excerpts;
  gboolean ends;

  if (self->waits || excerpts == NULL)
    return !self->waits;
  ends = ends_here (self);
  if (ends && !gst_aggregator_pad_has_buffer (GST_AGGREGATOR_PAD (self)))
    complete (self);
  if (ends)
    gst_mx_excerpts_end (excerpts);
  self->waits = gst_mx_excerpts_pop (excerpts, &self->complete);
  if (ends && !self->waits) {
    gst_mx_excerpts_reset (excerpts);
    self->current.frames = 0;
  }
  return !self->waits;
}

GstMxTake
gst_mx_trainer_pad_take (GstMxTrainerPad *self, gsize channels, gsize longest)
{
  GstAggregatorPad *pad = GST_AGGREGATOR_PAD (self);
  GstMxTake took;
  GstBuffer *buffer;

  obey_flush (self);
  if (!wants_more (self))
    return GST_MX_TAKE_OK;
  buffer = gst_aggregator_pad_pop_buffer (pad);
  if (buffer == NULL) {
    if (gst_aggregator_pad_is_eos (pad))
      complete (self);
    return GST_MX_TAKE_OK;
  }
  took = append (self, buffer, channels, longest);
  note_position (self, buffer);
  gst_buffer_unref (buffer);
  return took;
}

gboolean
gst_mx_trainer_pad_is_done (GstMxTrainerPad *self)
{
  return !self->waits && self->current.frames == 0 &&
         (self->excerpts == NULL ||
             gst_queue_array_is_empty (self->excerpts->waiting)) &&
         gst_aggregator_pad_is_eos (GST_AGGREGATOR_PAD (self));
}

static GstPadProbeReturn
refuse (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  if ((info->type &
          (GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST)) == 0)
    return GST_PAD_PROBE_DROP;
  gst_mini_object_unref (info->data);
  info->data = NULL;
  GST_PAD_PROBE_INFO_FLOW_RETURN (info) = GST_FLOW_EOS;
  return GST_PAD_PROBE_HANDLED;
}

/* From 1.26 on GstAggregator no longer does this itself where aggregate() says
 * EOS: whoever pushes would be held until the pipeline stops, and with it all
 * that hangs on the same tee. */
void
gst_mx_trainer_pad_close (GstMxTrainerPad *self)
{
  if (self->end_probe == 0)
    self->end_probe = gst_pad_add_probe (GST_PAD (self),
        GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST |
            GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM |
            GST_PAD_PROBE_TYPE_QUERY_DOWNSTREAM,
        refuse, NULL, NULL);
  gst_aggregator_pad_drop_buffer (GST_AGGREGATOR_PAD (self));
}

static void
gst_mx_trainer_pad_finalize (GObject *object)
{
  GstMxTrainerPad *self = GST_MX_TRAINER_PAD (object);

  gst_mx_recording_clear (&self->current);
  gst_mx_recording_clear (&self->complete);
  gst_mx_excerpts_free (self->excerpts);
  G_OBJECT_CLASS (gst_mx_trainer_pad_parent_class)->finalize (object);
}

static void
gst_mx_trainer_pad_class_init (GstMxTrainerPadClass *klass)
{
  GstAggregatorPadClass *pad_class = GST_AGGREGATOR_PAD_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = gst_mx_trainer_pad_finalize;
  pad_class->flush = GST_DEBUG_FUNCPTR (gst_mx_trainer_pad_flush);
}

static void
gst_mx_trainer_pad_init (GstMxTrainerPad *self)
{
  self->position = GST_CLOCK_TIME_NONE;
}
