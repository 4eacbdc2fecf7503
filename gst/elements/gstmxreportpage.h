/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Reports of mxevalsink as one HTML page, a model beside another. */
#pragma once

#include "gstmxreport.h"

G_BEGIN_DECLS

/* The page (transfer full), UTF-8. */
GString *gst_mx_report_page_new (GstMxReport *const *reports, guint n);

G_END_DECLS
