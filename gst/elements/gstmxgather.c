/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxgather.h"

#include <string.h>

typedef struct {
  GstMiniObject *object; /* buffer or event */
  gsize frames;          /* 0 for an event */
} Waiting;

static void
waiting_clear (gpointer item)
{
  gst_mini_object_unref (((Waiting *)item)->object);
}

void
gst_mx_gather_init (GstMxGather *self)
{
  *self = (GstMxGather){
      .waiting = gst_queue_array_new_for_struct (sizeof (Waiting), 16)};
  gst_queue_array_set_clear_func (self->waiting, waiting_clear);
}

void
gst_mx_gather_clear (GstMxGather *self)
{
  g_clear_pointer (&self->waiting, gst_queue_array_free);
  g_clear_pointer (&self->samples, g_free);
}

void
gst_mx_gather_forget (GstMxGather *self)
{
  gst_queue_array_clear (self->waiting);
  self->frames = self->ready = 0;
}

void
gst_mx_gather_flush (GstMxGather *self, GstPad *pad)
{
  Waiting *next;

  while ((next = gst_queue_array_pop_head_struct (self->waiting)) != NULL)
    if (GST_IS_EVENT (next->object) && GST_EVENT_IS_STICKY (next->object))
      gst_pad_push_event (pad, GST_EVENT (next->object));
    else
      waiting_clear (next);
  gst_mx_gather_forget (self);
}

static void
reserve (GstMxGather *self, gsize samples)
{
  if (samples <= self->capacity)
    return;
  self->capacity = MAX (samples, 2 * self->capacity);
  self->samples = g_renew (gfloat, self->samples, self->capacity);
}

void
gst_mx_gather_buffer (GstMxGather *self, GstBuffer *buffer)
{
  gsize size = gst_buffer_get_size (buffer);
  Waiting item = {
      GST_MINI_OBJECT (buffer), size / sizeof (gfloat) / self->channels};

  reserve (self, (self->frames + item.frames) * self->channels);
  gst_buffer_extract (
      buffer, 0, self->samples + self->frames * self->channels, size);
  self->frames += item.frames;
  gst_queue_array_push_tail_struct (self->waiting, &item);
}

gboolean
gst_mx_gather_event (GstMxGather *self, GstEvent *event)
{
  Waiting item = {GST_MINI_OBJECT (event), 0};

  if (gst_queue_array_is_empty (self->waiting))
    return FALSE;
  gst_queue_array_push_tail_struct (self->waiting, &item);
  return TRUE;
}

GstClockTime
gst_mx_gather_time (const GstMxGather *self)
{
  const Waiting *first = gst_queue_array_peek_head_struct (self->waiting);

  /* Events leave with the buffer before them: a buffer comes first. */
  return first ? GST_BUFFER_PTS (first->object) : GST_CLOCK_TIME_NONE;
}

gfloat *
gst_mx_gather_next (const GstMxGather *self)
{
  return self->samples + self->ready * self->channels;
}

gsize
gst_mx_gather_left (const GstMxGather *self)
{
  return self->frames - self->ready;
}

static gboolean
copy_field (GQuark field, const GValue *value, gpointer structure)
{
  gst_structure_id_set_value (structure, field, value);
  return TRUE;
}

static void
add_meta (Waiting *waiting, const GstStructure *fields)
{
  GstBuffer *buffer = gst_buffer_make_writable (GST_BUFFER (waiting->object));
  GstCustomMeta *meta =
      gst_buffer_add_custom_meta (buffer, gst_structure_get_name (fields));

  gst_structure_foreach (
      fields, copy_field, gst_custom_meta_get_structure (meta));
  waiting->object = GST_MINI_OBJECT (buffer);
}

void
gst_mx_gather_add_meta (GstMxGather *self, gsize n, const GstStructure *fields)
{
  guint length = gst_queue_array_get_length (self->waiting);
  gsize first = 0;

  for (guint i = 0; i < length && first < self->ready + n; i++) {
    Waiting *waiting = gst_queue_array_peek_nth_struct (self->waiting, i);

    first += waiting->frames;
    if (waiting->frames > 0 && first > self->ready)
      add_meta (waiting, fields);
  }
}

void
gst_mx_gather_advance (GstMxGather *self, gsize n)
{
  g_return_if_fail (n <= gst_mx_gather_left (self));

  self->ready += n;
}

static GstBuffer *
write_back (GstBuffer *buffer, const gfloat *samples, gsize size)
{
  if (gst_buffer_memcmp (buffer, 0, samples, size) == 0)
    return buffer;
  buffer = gst_buffer_make_writable (buffer);
  gst_buffer_fill (buffer, 0, samples, size);
  GST_BUFFER_FLAG_UNSET (buffer, GST_BUFFER_FLAG_GAP);
  return buffer;
}

static void
drop_front (GstMxGather *self, gsize frames)
{
  gsize left = self->frames - frames;

  memmove (self->samples, self->samples + frames * self->channels,
      left * self->channels * sizeof (gfloat));
  self->frames = left;
  self->ready -= frames;
}

GstFlowReturn
gst_mx_gather_push (GstMxGather *self, GstPad *pad)
{
  GstFlowReturn ret = GST_FLOW_OK;
  gsize used = 0;
  Waiting *next;

  while (ret == GST_FLOW_OK &&
         (next = gst_queue_array_peek_head_struct (self->waiting)) &&
         used + next->frames <= self->ready) {
    Waiting item = *(Waiting *)gst_queue_array_pop_head_struct (self->waiting);

    if (GST_IS_EVENT (item.object)) {
      gst_pad_push_event (pad, GST_EVENT (item.object));
      continue;
    }
    ret =
        gst_pad_push (pad, write_back (GST_BUFFER (item.object),
                               self->samples + used * self->channels,
                               item.frames * self->channels * sizeof (gfloat)));
    used += item.frames;
  }
  if (used > 0)
    drop_front (self, used);
  return ret;
}
