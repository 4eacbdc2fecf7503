/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

#define GST_TYPE_MX_PERTURB (gst_mx_perturb_get_type ())
G_DECLARE_FINAL_TYPE (GstMxPerturb, gst_mx_perturb, GST, MX_PERTURB, GstElement)

GST_ELEMENT_REGISTER_DECLARE (mxperturb);

G_END_DECLS
