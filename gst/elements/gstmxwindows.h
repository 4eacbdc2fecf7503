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
 * In a stream a window around a shorter example holds what is there, not zeros:
 * its centre lies anywhere in the example or a twentieth of a window outside,
 * drawn apart for each branch.  Windows begin where frames of the front end do,
 * and those of a longer example lie wholly in it.
 *
 * To measure with (split "valid"), the same in each epoch: centred in its
 * window, as a session does; or windows from the first sample on. */
#pragma once

#include "gstmxexample.h"

G_BEGIN_DECLS

/* The samples of one example, as they come in. */
typedef struct {
  GstMxExample example;
  gfloat *samples; /* [frames][channels] */
  gsize frames;
  guint64 begin;   /* in a stream: frames before it */
  gboolean odd;    /* some samples are no finite numbers */
  gsize allocated; /* frames; kept from example to example */
} GstMxRecording;

/* Forgets samples and example, keeps the memory. */
void gst_mx_recording_reset (GstMxRecording *self);
void gst_mx_recording_clear (GstMxRecording *self);

/* Takes over what `example` holds. */
void gst_mx_recording_begin (GstMxRecording *self, GstMxExample *example);
/* Looks at samples that come. */
void gst_mx_recording_inspect (
    GstMxRecording *self, const gfloat *samples, gsize n);
void gst_mx_recording_append (
    GstMxRecording *self, const gfloat *samples, gsize frames, gsize channels);

typedef struct {
  guint64 seed;
  gsize window; /* frames */
  gsize channels;
  gsize step; /* frames: windows begin at multiples of it; 1: anywhere */
} GstMxWindowing;

/* 0 only without samples, and of gaps that are shorter than a window. */
gsize gst_mx_windows_count (
    const GstMxWindowing *self, const GstMxRecording *recording);

/* Window `i` of the recording; @branch: 0 clean, 1 perturbed; @room:
 * [window][channels], may be what is returned. */
const gfloat *gst_mx_windows_get (const GstMxWindowing *self,
    const GstMxRecording *recording, guint branch, gsize i, gfloat *room);

/* In a stream: from where on window `i` may begin, in frames from the beginning
 * of the recording; rounded up to a multiple of the step it is still in place.
 */
gint64 gst_mx_windows_begin (const GstMxWindowing *self,
    const GstMxRecording *recording, guint branch, gsize i);

/* A number below `phases` for that window. */
gsize gst_mx_windows_phase (const GstMxWindowing *self,
    const GstMxRecording *recording, guint branch, gsize i, gsize phases);

/* So far outside of an example its window's centre may lie. */
static inline gsize
gst_mx_windows_slack (gsize window)
{
  return window / 20;
}

G_END_DECLS
