/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What models endure: accuracy and cost against how much a stream was spoilt,
 * of reports that have a condition. */
#pragma once

#include "gstmxreport.h"

G_BEGIN_DECLS

/* A heading, drawings and a table for each condition; nothing if no report has
 * one. */
void gst_mx_report_robustness_add (
    GString *page, GstMxReport *const *reports, guint n);

G_END_DECLS
