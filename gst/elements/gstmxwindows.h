/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* How the samples of an example become windows for training.
 *
 * Shorter than a window: one window of zeros with the example at a random
 * place, drawn apart for each branch.  Longer: as many windows as fit, one
 * behind the other from a random offset, the same for all branches, because
 * the windows of a pair must hear the same.  All chance follows from seed,
 * epoch and index, so it does not depend on what was heard before.
 *
 * To measure with, the same in each epoch: centred in its window, as a session
 * does; or windows from the first sample on. */
#pragma once

#include "gstmxexample.h"

G_BEGIN_DECLS

/* The samples of one example, as they come in. */
typedef struct {
  GstMxExample example;
  gfloat *samples; /* [frames][channels] */
  gsize frames;
  gsize allocated; /* frames; kept from example to example */
} GstMxRecording;

/* Forgets samples and example, keeps the memory. */
void gst_mx_recording_reset (GstMxRecording *self);
void gst_mx_recording_clear (GstMxRecording *self);

/* Takes over what `example` holds. */
void gst_mx_recording_begin (GstMxRecording *self, GstMxExample *example);
void gst_mx_recording_append (
    GstMxRecording *self, const gfloat *samples, gsize frames, gsize channels);

typedef struct {
  guint64 seed;
  gsize window; /* frames */
  gsize channels;
} GstMxWindowing;

/* 0 only without samples. */
gsize gst_mx_windows_count (
    const GstMxWindowing *self, const GstMxRecording *recording);

/* Window `i` of the recording, to measure with; @room: as below. */
const gfloat *gst_mx_windows_get_valid (const GstMxWindowing *self,
    const GstMxRecording *recording, gsize i, gfloat *room);

/* Window `i` of the recording; @branch: 0 clean, 1 perturbed; @room:
 * [window][channels], may be what is returned. */
const gfloat *gst_mx_windows_get (const GstMxWindowing *self,
    const GstMxRecording *recording, guint branch, gsize i, gfloat *room);

G_END_DECLS
