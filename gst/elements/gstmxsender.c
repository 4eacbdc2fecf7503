/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxsender.h"

#include <string.h>

#include "gstmxexample.h"

/* The example that is being sent: `ahead` frames of silence, its own, and
 * silence up to `frames`. */
typedef struct {
  GBytes *samples; /* NULL: none */
  guint64 ahead, frames, sent;
} Current;

struct _GstMxSender {
  const GstMxSelection *selection;
  GstMxRecordings *recordings;
  GstMxSenderSettings settings;
  GstMxFormat format;

  guint32 *order; /* [chosen], of this epoch; NULL: before the first */
  guint epoch, position;
  Current current;

  GstClockTime base; /* of the first frame in this format */
  guint64 frames;    /* since then */
  gboolean announced;
  GQueue events;
};

GstMxSender *
gst_mx_sender_new (const GstMxSelection *selection, GstMxRecordings *recordings,
    const GstMxSenderSettings *settings)
{
  GstMxSender *sender = g_new0 (GstMxSender, 1);

  sender->selection = selection;
  sender->recordings = recordings;
  sender->settings = *settings;
  g_queue_init (&sender->events);
  return sender;
}

void
gst_mx_sender_free (GstMxSender *sender)
{
  if (!sender)
    return;
  g_clear_pointer (&sender->current.samples, g_bytes_unref);
  g_queue_clear_full (&sender->events, (GDestroyNotify)gst_event_unref);
  g_free (sender->order);
  g_free (sender);
}

/* From the start of the format, so that rounding never adds up. */
static GstClockTime
time_of (const GstMxSender *sender, guint64 frames)
{
  return sender->base +
         gst_util_uint64_scale (frames, GST_SECOND, sender->format.rate);
}

void
gst_mx_sender_set_format (GstMxSender *sender, const GstMxFormat *format)
{
  if (sender->format.rate == format->rate &&
      sender->format.channels == format->channels)
    return;
  if (sender->frames > 0)
    sender->base = time_of (sender, sender->frames);
  sender->frames = 0;
  sender->format = *format;
  gst_mx_recordings_set_format (sender->recordings, format);
  if (sender->current.samples) {
    g_clear_pointer (&sender->current.samples, g_bytes_unref);
    sender->position--;
  }
}

static void
begin_epoch (GstMxSender *sender)
{
  guint n = sender->selection->chosen->len;

  if (!sender->order)
    sender->order = g_new (guint32, n);
  if (sender->settings.shuffle)
    gst_mx_selection_shuffle (
        sender->order, n, sender->settings.seed, sender->epoch);
  else
    for (guint i = 0; i < n; i++)
      sender->order[i] = i;
}

/* FALSE at the end. */
static gboolean
find_example (GstMxSender *sender)
{
  gint epochs = sender->settings.epochs;

  if (sender->position == sender->selection->chosen->len) {
    sender->position = 0;
    sender->epoch++;
  }
  if (epochs >= 0 && sender->epoch >= (guint)epochs)
    return FALSE;
  if (sender->position == 0)
    begin_epoch (sender);
  return TRUE;
}

static void
announce (GstMxSender *sender, const GstMxChosen *chosen)
{
  const GstMxListingItem *item = chosen->item;
  const GstMxDataset dataset = {sender->selection->labels,
      sender->selection->chosen->len, sender->settings.epochs};
  const GstMxExample example = {
      .label = (gchar *)(chosen->labelled ? item->label : NULL),
      .index = item->index,
      .epoch = sender->epoch,
      .split = (gchar *)item->split,
      .subject = (gchar *)item->subject,
      .path = (gchar *)item->path,
  };

  if (!sender->announced)
    g_queue_push_tail (&sender->events, gst_mx_dataset_event_new (&dataset));
  sender->announced = TRUE;
  g_queue_push_tail (&sender->events, gst_mx_example_event_new (&example));
}

static guint64
silence_ahead (const GstMxSender *sender, guint64 spare, guint index)
{
  if (sender->settings.pad_position == GST_MX_PAD_POSITION_CENTRE)
    return spare / 2;
  return gst_mx_selection_place (
      spare, sender->settings.seed, sender->epoch, index);
}

static gsize
frame_size (const GstMxSender *sender)
{
  return sender->format.channels * sizeof (gfloat);
}

static gboolean
begin_example (GstMxSender *sender, GError **error)
{
  guint chosen_index = sender->order[sender->position];
  const GstMxChosen *chosen =
      gst_mx_selection_chosen (sender->selection, chosen_index);
  GBytes *samples =
      gst_mx_recordings_get (sender->recordings, chosen_index, error);
  guint64 own, wanted;

  if (!samples)
    return FALSE;
  own = g_bytes_get_size (samples) / frame_size (sender);
  wanted = gst_util_uint64_scale_round (
      sender->settings.pad_to, sender->format.rate, GST_SECOND);
  sender->current = (Current){
      .samples = samples,
      .ahead = wanted > own
                   ? silence_ahead (sender, wanted - own, chosen->item->index)
                   : 0,
      .frames = MAX (wanted, own),
  };
  sender->position++;
  announce (sender, chosen);
  return TRUE;
}

/* Shares the recording's memory. */
static GstBuffer *
share (GBytes *samples, gsize offset, gsize size)
{
  GBytes *part = g_bytes_new_from_bytes (samples, offset, size);
  GstBuffer *buffer = gst_buffer_new_wrapped_bytes (part);

  g_bytes_unref (part);
  return buffer;
}

/* Frames `first` to `end` of the current example in its silence. */
static GstBuffer *
piece (const GstMxSender *sender, guint64 first, guint64 end)
{
  const Current *current = &sender->current;
  gsize frame = frame_size (sender), own_size;
  const guint8 *own = g_bytes_get_data (current->samples, &own_size);
  guint64 own_end = current->ahead + own_size / frame;
  guint64 heard = MAX (first, current->ahead), heard_end = MIN (end, own_end);
  GstBuffer *buffer;

  if (heard == first && heard_end == end)
    return share (current->samples, (first - current->ahead) * frame,
        (end - first) * frame);
  buffer = gst_buffer_new_allocate (NULL, (end - first) * frame, NULL);
  gst_buffer_memset (buffer, 0, 0, -1);
  if (heard < heard_end)
    gst_buffer_fill (buffer, (heard - first) * frame,
        own + (heard - current->ahead) * frame, (heard_end - heard) * frame);
  return buffer;
}

static GstBuffer *
next_piece (GstMxSender *sender)
{
  Current *current = &sender->current;
  guint64 frames =
      MIN ((guint64)sender->format.rate, current->frames - current->sent);
  GstBuffer *buffer = piece (sender, current->sent, current->sent + frames);

  if (current->sent == 0)
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
  GST_BUFFER_OFFSET (buffer) = sender->frames;
  GST_BUFFER_PTS (buffer) = time_of (sender, sender->frames);
  current->sent += frames;
  sender->frames += frames;
  GST_BUFFER_OFFSET_END (buffer) = sender->frames;
  GST_BUFFER_DURATION (buffer) =
      time_of (sender, sender->frames) - GST_BUFFER_PTS (buffer);
  if (current->sent == current->frames)
    g_clear_pointer (&current->samples, g_bytes_unref);
  return buffer;
}

GstBuffer *
gst_mx_sender_next (GstMxSender *sender, GError **error)
{
  if (!sender->current.samples &&
      (!find_example (sender) || !begin_example (sender, error)))
    return NULL;
  return next_piece (sender);
}

GstEvent *
gst_mx_sender_pop_event (GstMxSender *sender)
{
  return g_queue_pop_head (&sender->events);
}
