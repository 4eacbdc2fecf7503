/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxsender.h"

#include <string.h>

#include "gstmxchance.h"
#include "gstmxexample.h"
#include "gstmxspans.h"

/* The recording that is being sent: `ahead` frames of background, its own, and
 * digital silence up to `frames`; or, at the end of a continuous stream, a gap
 * alone. */
typedef struct {
  const GstMxListingItem *item; /* NULL: nothing is being sent */
  const gchar *split;           /* NULL: unknown */
  GBytes *samples;              /* NULL: a gap alone */
  GBytes *background;           /* `ahead` frames; NULL: digital silence */
  gfloat gain;                  /* of `samples` */
  guint64 ahead, frames, sent;
  guint epoch, repeat;
  guint chance; /* the epoch that chance takes it for */
  guint span;   /* being sent */
} Current;

struct _GstMxSender {
  const GstMxSelection *selection;
  GstMxRecordings *recordings;
  GstMxSenderSettings settings;
  GstMxFormat format;

  GstMxOrder *order;
  const GstMxTurn *turns;  /* of this epoch */
  guint64 examples, valid; /* in an epoch; of these to measure with */
  guint epoch, position;
  Current current;
  GArray *spans; /* of GstMxSpan, of what is being sent */

  /* a continuous stream ends with a gap, which belongs to the last example */
  const GstMxListingItem *last;
  gdouble last_rms;
  gboolean closed;

  GstClockTime base;    /* of the first frame in this format */
  guint64 frames;       /* since then */
  gboolean interrupted; /* the next buffer does not continue the last one */
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
  sender->order = gst_mx_order_new (selection, &settings->order);
  sender->examples = gst_mx_order_count (sender->order);
  sender->valid = gst_mx_order_count_valid (sender->order);
  sender->spans = g_array_new (FALSE, FALSE, sizeof (GstMxSpan));
  sender->interrupted = TRUE;
  g_queue_init (&sender->events);
  return sender;
}

guint64
gst_mx_sender_get_examples (const GstMxSender *sender)
{
  return sender->examples;
}

static void
forget_current (GstMxSender *sender)
{
  g_clear_pointer (&sender->current.samples, g_bytes_unref);
  g_clear_pointer (&sender->current.background, g_bytes_unref);
  sender->current.item = NULL;
}

void
gst_mx_sender_free (GstMxSender *sender)
{
  if (!sender)
    return;
  forget_current (sender);
  g_array_unref (sender->spans);
  g_queue_clear_full (&sender->events, (GDestroyNotify)gst_event_unref);
  gst_mx_order_free (sender->order);
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
  sender->interrupted = TRUE;
  if (sender->current.samples)
    sender->position--;
  else if (sender->current.item)
    sender->closed = FALSE;
  forget_current (sender);
}

/* FALSE at the end. */
static gboolean
find_example (GstMxSender *sender)
{
  gint epochs = sender->settings.epochs;

  if (sender->position == gst_mx_order_get_length (sender->order)) {
    sender->position = 0;
    sender->epoch++;
  }
  if (epochs >= 0 && sender->epoch >= (guint)epochs)
    return FALSE;
  if (sender->position == 0)
    sender->turns = gst_mx_order_begin (sender->order, sender->epoch);
  return TRUE;
}

/* --- what is announced --- */

static void
announce_dataset (GstMxSender *sender)
{
  const GstMxDataset dataset = {sender->selection->labels, sender->examples,
      sender->settings.epochs, sender->valid};

  if (!sender->announced)
    g_queue_push_tail (&sender->events, gst_mx_dataset_event_new (&dataset));
  sender->announced = TRUE;
}

/* The span that begins.  How long it lasts counts where nothing else says when
 * it ends. */
static void
announce_span (GstMxSender *sender)
{
  const Current *current = &sender->current;
  const GstMxSpan *span = gst_mx_spans_get (sender->spans, current->span);
  gboolean single =
      sender->spans->len == 1 && sender->settings.mode == GST_MX_MODE_ISOLATED;
  guint64 end = sender->frames + span->end - current->sent;
  const GstMxExample example = {
      .label = (gchar *)span->label,
      .index = current->item->index,
      .epoch = current->epoch,
      .split = (gchar *)current->split,
      .subject = (gchar *)current->item->subject,
      .path = (gchar *)current->item->path,
      .duration =
          single ? 0 : time_of (sender, end) - time_of (sender, sender->frames),
      .gap = span->gap,
      .repeat = current->repeat,
  };

  announce_dataset (sender);
  g_queue_push_tail (&sender->events, gst_mx_example_event_new (&example));
}

static gboolean
plan (
    GstMxSender *sender, const GstMxChosen *chosen, guint64 own, GError **error)
{
  Current *current = &sender->current;

  g_array_set_size (sender->spans, 0);
  if (sender->settings.mode == GST_MX_MODE_CONTINUOUS)
    gst_mx_spans_add (sender->spans, current->ahead, NULL, TRUE);
  if (chosen->item->stretches)
    return gst_mx_spans_add_stretches (sender->spans, chosen,
        sender->format.rate, current->ahead, own, current->frames, error);
  gst_mx_spans_add (sender->spans, current->frames,
      chosen->labelled ? chosen->item->label : NULL, FALSE);
  return TRUE;
}

/* --- what is sent --- */

/* Of what is being sent. */
static guint64
chance_of (const GstMxSender *sender)
{
  const Current *current = &sender->current;

  return gst_mx_chance (current->chance, current->item->index, current->repeat);
}

static guint64
silence_ahead (const GstMxSender *sender, guint64 spare)
{
  if (sender->settings.pad_position == GST_MX_PAD_POSITION_CENTRE)
    return spare / 2;
  return gst_mx_selection_place (
      spare, sender->settings.order.seed, chance_of (sender));
}

static gsize
frame_size (const GstMxSender *sender)
{
  return sender->format.channels * sizeof (gfloat);
}

/* Lays an example into its silence, or behind its gap. */
static void
place (GstMxSender *sender, guint64 own)
{
  const GstMxSenderSettings *settings = &sender->settings;
  Current *current = &sender->current;
  guint64 wanted;

  if (settings->mode == GST_MX_MODE_CONTINUOUS) {
    GstMxSetting setting;

    sender->last = current->item;
    sender->last_rms = gst_mx_continuity_measure (current->samples);
    setting =
        gst_mx_continuity_draw (&settings->continuity, settings->order.seed,
            chance_of (sender), &sender->format, sender->last_rms);
    current->ahead = setting.frames;
    current->background = setting.background;
    current->gain = setting.gain;
    current->frames = setting.frames + own;
    return;
  }
  wanted = gst_util_uint64_scale_round (
      settings->pad_to, sender->format.rate, GST_SECOND);
  current->ahead = wanted > own ? silence_ahead (sender, wanted - own) : 0;
  current->frames = MAX (wanted, own);
}

/* What is measured with must be the same in each epoch. */
static guint
draws_epoch (const GstMxSender *sender)
{
  guint taught = gst_mx_order_get_taught (sender->order);

  return sender->position >= taught ? 0 : sender->epoch;
}

static gboolean
begin_example (GstMxSender *sender, GError **error)
{
  const GstMxTurn *turn = &sender->turns[sender->position];
  guint chosen_index = turn->chosen;
  const GstMxChosen *chosen =
      gst_mx_selection_chosen (sender->selection, chosen_index);
  GBytes *samples =
      gst_mx_recordings_get (sender->recordings, chosen_index, error);
  guint64 own;

  if (!samples)
    return FALSE;
  own = g_bytes_get_size (samples) / frame_size (sender);
  sender->current = (Current){
      .item = chosen->item,
      .split = chosen->valid ? GST_MX_SPLIT_VALID : chosen->item->split,
      .samples = samples,
      .gain = 1,
      .epoch = sender->epoch,
      .repeat = turn->repeat,
      .chance = draws_epoch (sender),
  };
  place (sender, own);
  if (!plan (sender, chosen, own, error)) {
    forget_current (sender);
    return FALSE;
  }
  sender->position++;
  if (sender->settings.mode == GST_MX_MODE_ISOLATED)
    sender->interrupted = TRUE;
  return TRUE;
}

/* So that what looks ahead gets beyond the last example.  FALSE: there is no
 * such gap. */
static gboolean
begin_closing_gap (GstMxSender *sender)
{
  const GstMxSenderSettings *settings = &sender->settings;
  GstMxSetting setting;

  if (!sender->last || sender->closed)
    return FALSE;
  sender->closed = TRUE;
  setting = gst_mx_continuity_draw (&settings->continuity, settings->order.seed,
      gst_mx_chance (sender->epoch, sender->last->index, 0), &sender->format,
      sender->last_rms);
  if (setting.frames == 0)
    return FALSE;
  sender->current = (Current){
      .item = sender->last,
      .background = setting.background,
      .ahead = setting.frames,
      .frames = setting.frames,
      .epoch = sender->epoch - 1,
  };
  g_array_set_size (sender->spans, 0);
  gst_mx_spans_add (sender->spans, setting.frames, NULL, TRUE);
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

/* Copies what part [at, at + frames of `samples`) of the current recording has
 * in [first, end). */
static void
fill (const GstMxSender *sender, gfloat *to, guint64 first, guint64 end,
    GBytes *samples, guint64 at, gfloat gain)
{
  gsize channels = sender->format.channels, size;
  const gfloat *from = samples ? g_bytes_get_data (samples, &size) : NULL;
  guint64 heard = MAX (first, at), heard_end;

  if (!from)
    return;
  heard_end = MIN (end, at + size / frame_size (sender));
  if (heard >= heard_end)
    return;
  to += (heard - first) * channels;
  from += (heard - at) * channels;
  for (gsize i = 0; i < (heard_end - heard) * channels; i++)
    to[i] = gain * from[i];
}

/* Frames `first` to `end` of what is being sent. */
static GstBuffer *
piece (const GstMxSender *sender, guint64 first, guint64 end)
{
  const Current *current = &sender->current;
  gsize frame = frame_size (sender), size = (end - first) * frame;
  guint64 own =
      current->samples ? g_bytes_get_size (current->samples) / frame : 0;
  gfloat *samples;

  if (current->gain == 1 && first >= current->ahead &&
      end <= current->ahead + own)
    return share (current->samples, (first - current->ahead) * frame, size);
  if (current->background && end <= current->ahead)
    return share (current->background, first * frame, size);
  samples = g_malloc0 (size);
  fill (sender, samples, first, end, current->background, 0, 1);
  fill (sender, samples, first, end, current->samples, current->ahead,
      current->gain);
  return gst_buffer_new_wrapped (samples, size);
}

/* Ends where the span does, so that events and samples meet. */
static GstBuffer *
next_piece (GstMxSender *sender)
{
  Current *current = &sender->current;
  const GstMxSpan *span = gst_mx_spans_get (sender->spans, current->span);
  guint64 begin = current->span > 0 ? (span - 1)->end : 0;
  guint64 frames =
      MIN ((guint64)sender->format.rate, span->end - current->sent);
  GstBuffer *buffer = piece (sender, current->sent, current->sent + frames);

  if (current->sent == begin)
    announce_span (sender);
  if (sender->interrupted)
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
  sender->interrupted = FALSE;
  GST_BUFFER_OFFSET (buffer) = sender->frames;
  GST_BUFFER_PTS (buffer) = time_of (sender, sender->frames);
  current->sent += frames;
  sender->frames += frames;
  GST_BUFFER_OFFSET_END (buffer) = sender->frames;
  GST_BUFFER_DURATION (buffer) =
      time_of (sender, sender->frames) - GST_BUFFER_PTS (buffer);
  if (current->sent == span->end)
    current->span++;
  if (current->sent == current->frames)
    forget_current (sender);
  return buffer;
}

/* FALSE without an error: all has been sent. */
static gboolean
begin_next (GstMxSender *sender, GError **error)
{
  return find_example (sender) ? begin_example (sender, error)
                               : begin_closing_gap (sender);
}

GstBuffer *
gst_mx_sender_next (GstMxSender *sender, GError **error)
{
  if (!sender->current.item && !begin_next (sender, error))
    return NULL;
  return next_piece (sender);
}

GstEvent *
gst_mx_sender_pop_event (GstMxSender *sender)
{
  return g_queue_pop_head (&sender->events);
}
