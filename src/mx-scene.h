/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Temporal patience: while the answer stays the same, so does the exit that
 * suffices for it.
 *
 * A window that the policy decided by itself begins a scene: its answer, and
 * the shallowest exit that already gave it.  So many windows after it leave at
 * that exit if it gives the same answer again; then, or at another answer, the
 * policy decides by itself again.
 * (The idea: M. Sponner et al., Temporal Decisions, 2024.) */
#pragma once

#include "mx-policy.h"

/* Zero it to begin with. */
typedef struct {
  unsigned exit; /* that suffices, from 1 */
  size_t label;  /* the answer */
  unsigned left; /* windows that may still leave there; 0: no scene */
  size_t labels[MX_MAX_EXITS]; /* of the present window, exit by exit */
} MxScene;

/* Hears the answer of each exit passed, in order; returns whether it will do,
 * because it is that of the scene.  @exit: from 1. */
bool mx_scene_stops (MxScene *self, unsigned exit, size_t label);

/* The window left because mx_scene_stops() said so. */
void mx_scene_go_on (MxScene *self);

/* The window was decided by the policy, at `exit`.  @min_exit: no exit before
 * it suffices; @patience: windows that may follow. */
void mx_scene_begin (
    MxScene *self, unsigned exit, unsigned min_exit, unsigned patience);

/* The next window is decided by the policy. */
void mx_scene_end (MxScene *self);
