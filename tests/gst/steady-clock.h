/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* For tests in which computing takes the time they say: this
 * gst_util_get_timestamp() takes the place of GStreamer's in the whole process,
 * so also in the plugin.  Only for one file of a test. */
#pragma once

#include <gst/gst.h>

static GstClockTime steady_time = 1000 * GST_SECOND;
/* What passes from one look at it to the next. */
static GstClockTime steady_step;

GstClockTime
gst_util_get_timestamp (void)
{
  steady_time += steady_step;
  return steady_time;
}
