/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What mxclassify says of caps and buffers that its model cannot listen to, or
 * perhaps should not.  Part of the element; the streaming thread's. */
#pragma once

#include "gstmxhandover.h"

G_BEGIN_DECLS

typedef struct {
  GstBaseTransform *element;
  const GstMxHandover *models; /* who objects: the one in use */
  GstCaps *refused;            /* the last, until others are accepted */
} GstMxObjections;

/* @element, @models: borrowed; the element whose part this is. */
void gst_mx_objections_init (GstMxObjections *self, GstBaseTransform *element,
    const GstMxHandover *models);
void gst_mx_objections_forget (GstMxObjections *self);

/* Posts an error, once for the same caps.  @reason: the end of a sentence.
 * Returns FALSE. */
gboolean gst_mx_objections_refuse (
    GstMxObjections *self, GstCaps *caps, const gchar *reason);

/* The model hears such caps from now on.  @doubt: why they may be none that it
 * was made for, sentences for a warning; NULL: none. */
void gst_mx_objections_accept (
    GstMxObjections *self, GstCaps *caps, const gchar *doubt);

/* Posts an error: it does not hold what its caps, @info, say.  Returns
 * GST_FLOW_ERROR. */
GstFlowReturn gst_mx_objections_refuse_buffer (
    GstMxObjections *self, const GstAudioInfo *info, GstBuffer *buffer);

G_END_DECLS
