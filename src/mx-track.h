/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* The part of a streamed value that is kept: for mx-stream.c. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Frames [first, end) of a value, in one piece at `data`.  Those below 0 are
 * zeros.  When there is no room behind them, those that are still needed move
 * down. */
typedef struct {
  float *data; /* [room][channels] */
  int64_t first, end;
  size_t room, channels;
} MxTrack;

static inline float *
mx_track_frame (const MxTrack *track, int64_t frame)
{
  return track->data + (frame - track->first) * (ptrdiff_t)track->channels;
}

/* What lies before `frame` will never be read. */
static inline void
mx_track_skip (MxTrack *track, int64_t frame)
{
  if (frame > track->end)
    track->first = track->end = frame;
}
