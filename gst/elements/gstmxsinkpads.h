/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* The sink pads of an element as its children, so that a pipeline description
 * can set their properties. */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* Of a GstChildProxy. */
void gst_mx_sink_pads_init (gpointer iface, gpointer data);

G_END_DECLS
