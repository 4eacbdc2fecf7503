/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* The stretch of a stream that one window is trained in.
 *
 *   segment   [........ past ........|..... window .....|.. outlook ..|..]
 *
 * Frame 0 of a segment stands on the grid (mx-grid.h), and before it there is
 * nothing.  Where the window begins is drawn: so a network meets windows at
 * every place on the grid.  What it makes of them is what a stream makes of
 * them, as far as the past reaches. */
#pragma once

#include "mx-description.h"

typedef struct {
  size_t past;   /* frames before the window, at most */
  size_t phases; /* places on the grid: frames of the input for one of the
                  * deepest streamed value; the window begins at frame
                  * past - phases + 1 to past, earlier where the stream began
                  * not so long ago */
  size_t frames; /* of the segment */
} MxSegmentPlan;

/* Frames of the network's input, normalised, and where among them the window
 * begins. */
typedef struct {
  const float *frames; /* [plan.frames][features] */
  size_t window;
} MxSegment;

/* For a program with streamed stages.  The past is all that a window depends
 * on, but no more than `most_past` and the phases: more than a window's length
 * of it taught nothing in the experiments. */
void mx_segment_plan_init (
    MxSegmentPlan *self, const MxProgram *program, size_t most_past);

/* The same layers and the same weights, at the same places, for so many frames
 * of input; windows are cut where MxPass is told.  For training only: costs and
 * room are not those of a stream. */
MxProgram *mx_segment_program (const MxProgram *program, size_t frames);

/* What a description with streamed stages is trained in: no more past than a
 * window is long. */
void mx_segment_plan_of (MxSegmentPlan *self, const MxDescription *description);

/* A new reference to @program, which is the description's, folded or not, or,
 * with streamed stages, the program for its segments. */
MxProgram *mx_segment_program_of (
    const MxDescription *description, MxProgram *program);
