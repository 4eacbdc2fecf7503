/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Metrics as fields of a structure, and any structure as JSON. */
#pragma once

#include <gst/gst.h>
#include <json-glib/json-glib.h>

#include "mx-metrics.h"

G_BEGIN_DECLS

/* Adds the fields that the page of mxevalsink lists.  @labels: NULL-terminated,
 * in class order; NULL: no tables that grow with the classes or are long. */
void gst_mx_scores_fill (
    GstStructure *structure, const MxMetrics *metrics, gchar *const *labels);

/* Members are fields in their order; numbers, booleans, strings, arrays and
 * structures in any depth; others as their text. */
JsonNode *gst_mx_structure_to_json (const GstStructure *structure);
/* The same into a file, whole or not at all. */
gboolean gst_mx_structure_write_json (
    const GstStructure *structure, const gchar *filename, GError **error);

G_END_DECLS
