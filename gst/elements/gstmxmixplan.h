/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What the sources of mxmix have in common, once all have spoken: their order,
 * their turns, their format, and the data set that they make together. */
#pragma once

#include "gstmxmixpad.h"
#include "gstmxturns.h"

G_BEGIN_DECLS

typedef struct {
  GstMxMixPad **pads; /* by their numbers: the first one leads */
  guint n;
  GstMxTurns *turns;
  GstCaps *caps;
  GstAudioInfo info;
  GstMxDataset dataset;
} GstMxMixPlan;

/* @pads: n from 1, linked, each with its format and perhaps its data set.  An
 * error says which pad does not fit the others, and what to do. */
GstMxMixPlan *gst_mx_mix_plan_new (GPtrArray *pads, GError **error);
void gst_mx_mix_plan_free (GstMxMixPlan *self);

/* Whether the pad may go on with this format; the error says what differs. */
gboolean gst_mx_mix_plan_check_caps (
    const GstMxMixPlan *self, GstMxMixPad *pad, GstCaps *caps, GError **error);

/* FALSE: examples to measure with come from the pad that leads only. */
gboolean gst_mx_mix_plan_check_split (
    const GstMxMixPlan *self, GstMxMixPad *pad, gboolean valid, GError **error);

G_END_DECLS
