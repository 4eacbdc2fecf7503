/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* The model of an element. */
#pragma once

#include "mx-network.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* @filename: NULL, for the one built in.  If it cannot be loaded, posts an
 * error on the element's bus, and returns NULL. */
MxNetwork *gst_mx_model_load (GstElement *element, const gchar *filename);

G_END_DECLS
