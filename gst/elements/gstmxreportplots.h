/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* The drawings of gstmxreportpage.h. */
#pragma once

#include "gstmxreport.h"

G_BEGIN_DECLS

/* Accuracy over mean cost: all thresholds, each exit alone, as answered. */
void gst_mx_report_plot_quality (
    GString *page, GstMxReport *const *reports, guint n);
/* How many windows each exit answered. */
void gst_mx_report_plot_depths (GString *page, JsonObject *windows);
/* How often answers of each confidence are right.  @scores: of an exit, or as
 * answered, which @caption says. */
void gst_mx_report_plot_reliability (
    GString *page, JsonObject *scores, const gchar *caption);

G_END_DECLS
