/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* The samples that a model can be trained on. */
#pragma once

#include "mx-description.h"

#include <gst/audio/audio.h>

G_BEGIN_DECLS

/* Of any model, for pad templates. */
#define GST_MX_TRAIN_CAPS                                                      \
  "audio/x-raw, format = (string) " GST_AUDIO_NE (                             \
      F32) ", "                                                                \
           "layout = (string) interleaved, rate = (int) [ 1, 2147483647 ], "   \
           "channels = (int) [ 1, 2147483647 ]"

/* Of this one. */
GstCaps *gst_mx_train_caps_new (const MxDescription *description);

/* FALSE: @caps are not of this model; @owner has said so of its @pad. */
gboolean gst_mx_train_caps_check (const GstCaps *caps,
    const MxDescription *description, GstElement *owner, const gchar *pad);

G_END_DECLS
