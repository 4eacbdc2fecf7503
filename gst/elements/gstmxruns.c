/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxruns.h"

GstStateChangeReturn
gst_mx_runs_change_state (const GstMxRuns *runs, gpointer parent,
    GstElement *element, GstStateChange transition)
{
  GstBaseSink *sink = GST_BASE_SINK (element);
  gboolean begins = transition == GST_STATE_CHANGE_READY_TO_PAUSED;
  GstStateChangeReturn result;

  if (begins && !runs->begin (sink))
    return GST_STATE_CHANGE_FAILURE;
  result = GST_ELEMENT_CLASS (parent)->change_state (element, transition);
  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY ||
      (begins && result == GST_STATE_CHANGE_FAILURE))
    runs->end (sink);
  return result;
}
