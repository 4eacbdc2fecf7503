/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Labels over time: what a long recording holds from when to when.
 *
 * A file labels.csv beside the manifest, or in the folder of the data set, with
 * the columns path, start_s, end_s and label: seconds from the start of the
 * recording, half open.  A label may be empty: something that nobody has named.
 * What no line names is a gap. */
#pragma once

#include "gstmxlisting.h"

G_BEGIN_DECLS

/* Gives the listing's items the stretches that the file names, if there is one
 * in `folder`; the label an item had before no longer counts.  Errors name the
 * file, the line, and what was found and expected. */
gboolean gst_mx_labelling_read (
    GstMxListing *listing, const gchar *folder, GError **error);

/* The same for a text that is already there. */
gboolean gst_mx_labelling_parse (
    GstMxListing *listing, const gchar *text, gsize size, GError **error);

G_END_DECLS
