/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-events.h"

#include <glib.h>

typedef struct {
  unsigned label;
  bool found;
  uint64_t begin, end;
} Event;

struct _MxEvents {
  uint64_t tolerance;
  GArray *open;   /* of Event, by begin */
  GArray *counts; /* of MxEventCounts, by label */
  MxQuantiles delays;
  /* The present run of false windows. */
  bool in_run;
  unsigned run_label;
};

MxEvents *
mx_events_new (uint64_t tolerance)
{
  MxEvents *self = g_new0 (MxEvents, 1);

  self->tolerance = tolerance;
  self->open = g_array_new (FALSE, FALSE, sizeof (Event));
  self->counts = g_array_new (FALSE, TRUE, sizeof (MxEventCounts));
  return self;
}

MxEvents *
mx_events_copy (const MxEvents *self)
{
  MxEvents *copy = g_new (MxEvents, 1);

  *copy = *self;
  copy->open = g_array_copy (self->open);
  copy->counts = g_array_copy (self->counts);
  return copy;
}

void
mx_events_free (MxEvents *self)
{
  if (!self)
    return;
  g_array_unref (self->open);
  g_array_unref (self->counts);
  g_free (self);
}

void
mx_events_set_tolerance (MxEvents *self, uint64_t tolerance)
{
  self->tolerance = tolerance;
}

static MxEventCounts *
counts_of (MxEvents *self, unsigned label)
{
  if (label >= self->counts->len)
    g_array_set_size (self->counts, label + 1);
  return &g_array_index (self->counts, MxEventCounts, label);
}

void
mx_events_add_event (
    MxEvents *self, unsigned label, uint64_t begin, uint64_t end)
{
  const Event event = {label, false, begin, end};

  if (label != MX_EVENTS_UNKNOWN)
    counts_of (self, label)->events++;
  if (self->open->len >= MX_EVENTS_MAX_OPEN)
    g_array_remove_index (self->open, 0);
  g_array_append_val (self->open, event);
}

/* Windows that start at `start` or later cannot touch these. */
static void
close_events (MxEvents *self, uint64_t start, uint64_t tolerance)
{
  guint n = 0;

  while (n < self->open->len) {
    const Event *event = &g_array_index (self->open, Event, n);

    if (event->end > start || event->end + tolerance > start)
      break;
    n++;
  }
  g_array_remove_range (self->open, 0, n);
}

static void
find (MxEvents *self, Event *event, uint64_t end)
{
  if (event->found)
    return;
  event->found = true;
  counts_of (self, event->label)->found++;
  mx_quantiles_add (&self->delays, end - event->begin);
}

void
mx_events_add_window (
    MxEvents *self, unsigned label, uint64_t start, uint64_t end)
{
  const uint64_t tolerance =
      self->tolerance == MX_EVENTS_WINDOW ? end - start : self->tolerance;
  bool is_false = true;

  close_events (self, start, tolerance);
  for (guint i = 0; i < self->open->len; i++) {
    Event *event = &g_array_index (self->open, Event, i);
    bool finds;

    if (end <= event->begin ||
        (event->label != label && event->label != MX_EVENTS_UNKNOWN))
      continue;
    finds = event->label == label &&
            end - event->begin <= event->end - event->begin + tolerance;
    if (finds)
      find (self, event, end);
    if (finds || start < event->end)
      is_false = false;
  }
  if (is_false && !(self->in_run && self->run_label == label))
    counts_of (self, label)->false_events++;
  self->in_run = is_false;
  self->run_label = label;
}

void
mx_events_break (MxEvents *self)
{
  g_array_set_size (self->open, 0);
  self->in_run = false;
}

MxEventCounts
mx_events_get_counts (const MxEvents *self, unsigned label)
{
  return label < self->counts->len
             ? g_array_index (self->counts, MxEventCounts, label)
             : (MxEventCounts){0};
}

const MxQuantiles *
mx_events_get_delays (const MxEvents *self)
{
  return &self->delays;
}
