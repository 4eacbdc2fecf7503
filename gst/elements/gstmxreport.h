/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* A report of mxevalsink, read: its own, or one that lies in a file.
 *
 * A path names a member, those of inner objects behind a slash
 * ("curve/last/accuracy"). What is missing, null or of another type is NaN, ""
 * or NULL: reports differ, and a file is not to be trusted. */
#pragma once

#include <gst/gst.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Of the fields; a new one changes nothing, another meaning does. */
#define GST_MX_REPORT_VERSION 1

typedef struct {
  gchar *name; /* what the model is called */
  /* What the stream was spoilt by; NULL: nothing, and no level. */
  const gchar *condition; /* of the node */
  gdouble level;          /* finite */
  JsonNode *node;
  JsonObject *fields; /* of the node */
} GstMxReport;

/* @report: as gst_mx_evaluation_to_structure(), with tables.  @filename: of a
 * file whose name it is called by. */
GstMxReport *gst_mx_report_new (
    const GstStructure *report, const gchar *filename);
/* NULL: the message names the file, what was found and what was expected. */
GstMxReport *gst_mx_report_load (const gchar *filename, GError **error);
/* The same of a text that is already there. */
GstMxReport *gst_mx_report_parse (
    GBytes *text, const gchar *filename, GError **error);
void gst_mx_report_free (GstMxReport *self);

gdouble gst_mx_report_number (JsonObject *fields, const gchar *path);
const gchar *gst_mx_report_text (JsonObject *fields, const gchar *path);
JsonObject *gst_mx_report_object (JsonObject *fields, const gchar *path);

/* Of an array of objects: NULL where there is none, or the i-th is none. */
guint gst_mx_report_count (JsonObject *fields, const gchar *path);
JsonObject *gst_mx_report_element (
    JsonObject *fields, const gchar *path, guint i);
JsonArray *gst_mx_report_array (JsonObject *fields, const gchar *path);

G_END_DECLS
