/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Where the frames of streamed values stand, and which of them a window needs.
 *
 * There is one grid, from the last reset of the stream: frame n of a value
 * stands at frame step n of the input.  Before frame 0 every value is zero.
 * The window [w, w + W) of the input is, of a value, the last frames up to
 * floor ((w + W - 1) / step):
 *
 *   for an exit              floor (W / step) of them
 *   for a windowed stage     as many as begin in a window that starts on the
 *                            grid, the value's shape: ceil (W / step)
 *
 * What a window needs of the values before follows from it, backwards through
 * the layers.  Streamed layers are computed up to what the deepest streamed
 * stage will need of them for the same window, whether or not it is asked: so
 * the cost of a stage does not depend on the depth of the windows before.
 * mx_grid_place() and mx_grid_finish() are mx-program's own. */
#pragma once

#include "mx-layout.h"

/* Frames [first, end) of a value. */
typedef struct {
  int64_t first, end;
} MxSpan;

/* What `layer`, not yet appended, writes: its shape and its place. */
MxValue mx_grid_place (const MxProgram *self, const MxLayer *layer);

/* Sets look-ahead, context, outlook, span and room of a program that has all
 * its layers.
 */
void mx_grid_finish (MxProgram *self);

/* What the window whose last frame is `last` (any sign; some of it may lie
 * before the stream) needs of each streamed value, nothing of it computed yet;
 * and of values that are cut, which frames of the streamed one they are.
 * @spans: [n_values], others are left alone.  `first` may be below 0.  Neither
 * end ever goes back when `last` goes on. */
void mx_grid_spans (const MxProgram *self, int64_t last, MxSpan *spans);

/* MACs spent when a window leaves at `exit` (from 1) and its neighbour, `hop`
 * frames of the input before, was computed as deep: of streamed stages, the
 * frames of a hop in the mean. */
uint64_t mx_grid_macs_per_hop (const MxProgram *self, size_t exit, size_t hop);
