/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Whose turn it is where several sources share one stream, each with a share
 * s_0, s_1, ... of the sum S.
 *
 * Source 0 leads: its example k, from 0, is number floor (k S / s_0) of all.
 * Of what is left to the others, source 1 leads in the same way, and so on.
 * Thus any S examples in a row, wherever they begin, hold exactly s_i of
 * source i, and the first is of source 0.
 *
 * Whole numbers only: the same on every machine. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _GstMxTurns GstMxTurns;

/* @shares: n, each from 1; n from 1. */
GstMxTurns *gst_mx_turns_new (const guint *shares, guint n);
void gst_mx_turns_free (GstMxTurns *self);

/* The source to send the next example. */
guint gst_mx_turns_next (const GstMxTurns *self);

/* It did; more than one in a turn delay its next one. */
void gst_mx_turns_count (GstMxTurns *self, guint source);

/* How many examples of all come before example `k` of source 0. */
guint64 gst_mx_turns_before (const GstMxTurns *self, guint64 k);

/* How many of @source come, give or take one, before example `k` of
 * source 0. */
guint64 gst_mx_turns_share_before (
    const GstMxTurns *self, guint source, guint64 k);

G_END_DECLS
