/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* The latest frames of one stream, as a network takes them: samples in, frames
 * of the front end out, each computed once, normalised, in one piece.  For
 * descriptions with streamed stages, whose frames do not depend on windows.
 *
 * Times are counted in frames of the front end, and in samples, from the last
 * reset.  It grows with what is kept.  One thread at a time. */
#pragma once

#include "mx-description.h"

typedef struct _MxHistory MxHistory;

MxHistory *mx_history_new (MxDescription *description);
void mx_history_free (MxHistory *self);

/* Another stream begins. */
void mx_history_reset (MxHistory *self);

/* Samples [n][channels]; those that are not finite count as 0. */
void mx_history_hear (MxHistory *self, const float *samples, size_t n);
/* The same number of zeros. */
void mx_history_hear_silence (MxHistory *self, size_t n);

size_t mx_history_get_samples (const MxHistory *self); /* heard */
size_t mx_history_get_frames (const MxHistory *self);  /* complete */

/* From frame `first` on, which was not dropped and is complete: valid until
 * the next call of another function. */
const float *mx_history_get (const MxHistory *self, size_t first);

/* What lies before frame `first` will not be asked for. */
void mx_history_drop (MxHistory *self, size_t first);
