/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxperturbreport.h"

#include <math.h>

GST_DEBUG_CATEGORY_EXTERN (mxperturb_debug);
#define GST_CAT_DEFAULT mxperturb_debug

#define META_NAME "GstMxPerturbation"

void
gst_mx_perturb_report_register (void)
{
  static const gchar *no_tags[] = {NULL};

  gst_meta_register_custom (META_NAME, no_tags, NULL, NULL, NULL);
}

static void
describe_number (
    GstStructure *structure, const gchar *field, gdouble value, gdouble nothing)
{
  if (value != nothing)
    gst_structure_set (structure, field, G_TYPE_DOUBLE, value, NULL);
}

static void
describe_time (GstStructure *structure, const gchar *field, gdouble seconds)
{
  if (seconds != 0.0)
    gst_structure_set (structure, field, G_TYPE_INT64,
        (gint64)round (seconds * GST_SECOND), NULL);
}

/* Only what was done. */
static void
describe (const MxPerturbed *done, GstStructure *structure)
{
  static const gchar *colours[] = {"white", "pink", "brown"};

  describe_number (structure, "speed", done->speed, 1.0);
  if (done->warped)
    gst_structure_set (structure, "warp", G_TYPE_BOOLEAN, TRUE, NULL);
  describe_time (structure, "shift", done->shift);
  describe_number (structure, "rotation", done->rotation, 0.0);
  if (done->channel_shift)
    gst_structure_set (
        structure, "channel-shift", G_TYPE_INT, done->channel_shift, NULL);
  if (done->flipped)
    gst_structure_set (structure, "flipped", G_TYPE_UINT, done->flipped, NULL);
  describe_number (structure, "gain", done->gain, 0.0);
  if (done->noise >= 0)
    gst_structure_set (structure, "noise", G_TYPE_STRING, colours[done->noise],
        "snr", G_TYPE_DOUBLE, done->snr, NULL);
  if (done->wander)
    gst_structure_set (structure, "wander", G_TYPE_BOOLEAN, TRUE, NULL);
  describe_number (structure, "hum", done->hum, 0.0);
  if (done->motion)
    gst_structure_set (structure, "motion", G_TYPE_BOOLEAN, TRUE, NULL);
  describe_time (structure, "mask", done->mask);
  if (done->dropped)
    gst_structure_set (structure, "dropped", G_TYPE_UINT, done->dropped, NULL);
  describe_number (structure, "clip", done->clip, 0.0);
}

void
gst_mx_perturb_report (GstElement *element, GstMxGather *gather, gsize n,
    const GstMxStretch *stretch, const MxPerturbed *done, gboolean attach_meta)
{
  GstStructure *fields;

  if (!attach_meta &&
      gst_debug_category_get_threshold (GST_CAT_DEFAULT) < GST_LEVEL_DEBUG)
    return;
  fields = gst_structure_new (META_NAME, "epoch", G_TYPE_UINT, stretch->epoch,
      "index", G_TYPE_UINT64, stretch->index, "part", G_TYPE_UINT64,
      stretch->part, NULL);
  describe (done, fields);
  GST_DEBUG_OBJECT (
      element, "%" G_GSIZE_FORMAT " frames: %" GST_PTR_FORMAT, n, fields);
  if (attach_meta)
    gst_mx_gather_add_meta (gather, n, fields);
  gst_structure_free (fields);
}
