/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Whether the events of a recording were found, how late, and what was found
 * where there was none: for recordings with labels over time.
 *
 *   event        a stretch [begin, end) with a label
 *   found        some window answers that label and ends within (begin, end +
 *                tolerance]
 *   delay        from the event's begin to the end of the first such window;
 *                computing comes on top
 *   false event  a longest run of windows in a row that answer one label and
 *                are false: they neither overlap an event of that label nor end
 *                within its tolerance
 *
 * Times are ns of one clock that does not stop between mx_events_break().
 * Windows come in the order of their ends, and an event before the windows that
 * end behind its begin.  It keeps the events that a window to come may touch,
 * MX_EVENTS_MAX_OPEN at most, and counts for the rest. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mx-quantiles.h"

#define MX_EVENTS_MAX_OPEN 4096
/* What is not known: no window that overlaps it is false. */
#define MX_EVENTS_UNKNOWN UINT32_MAX
/* Tolerance: the length of the window that is asked about, so that it still
 * touches the event. */
#define MX_EVENTS_WINDOW UINT64_MAX

typedef struct {
  uint64_t events, found;
  uint64_t false_events; /* with this answer */
} MxEventCounts;

typedef struct _MxEvents MxEvents;

MxEvents *mx_events_new (uint64_t tolerance);
MxEvents *mx_events_copy (const MxEvents *self);
void mx_events_free (MxEvents *self);

void mx_events_set_tolerance (MxEvents *self, uint64_t tolerance);

void mx_events_add_event (
    MxEvents *self, unsigned label, uint64_t begin, uint64_t end);
void mx_events_add_window (
    MxEvents *self, unsigned label, uint64_t start, uint64_t end);
/* The recording ends; what comes has other times. */
void mx_events_break (MxEvents *self);

/* One label; those of a label that never came are 0. */
MxEventCounts mx_events_get_counts (const MxEvents *self, unsigned label);
/* Of all events that were found, ns. */
const MxQuantiles *mx_events_get_delays (const MxEvents *self);
