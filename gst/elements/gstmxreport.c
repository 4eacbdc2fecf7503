/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxreport.h"

#include <math.h>
#include <string.h>

#include "gstmxscores.h"
#include "mx-file.h"
#include "mx-json.h"

/* A report of 2048 labels takes tens of megabytes. */
#define MAX_SIZE (256 << 20)

/* Without these there is nothing to show. */
static const struct {
  const gchar *member;
  JsonNodeType type;
  const gchar *expected;
} required[] = {
    {"windows", JSON_NODE_OBJECT, "an object"},
    {"classes", JSON_NODE_ARRAY, "an array"},
    {"confusion", JSON_NODE_ARRAY, "an array"},
};

/* "out/half.json": half. */
static gchar *
name_of (const gchar *filename)
{
  gchar *name = g_path_get_basename (filename);
  gchar *dot = strrchr (name, '.');

  if (dot != NULL && dot != name)
    *dot = '\0';
  return name;
}

/* Takes the node. */
static GstMxReport *
new_report (JsonNode *node, const gchar *filename)
{
  GstMxReport *self = g_new0 (GstMxReport, 1);
  const gchar *title, *condition;

  self->node = node;
  self->fields = json_node_get_object (node);
  title = gst_mx_report_text (self->fields, "title");
  self->name = *title != '\0' ? g_strdup (title) : name_of (filename);
  condition = gst_mx_report_text (self->fields, "condition");
  self->level = gst_mx_report_number (self->fields, "level");
  if (*condition != '\0' && isfinite (self->level))
    self->condition = condition;
  return self;
}

GstMxReport *
gst_mx_report_new (const GstStructure *report, const gchar *filename)
{
  return new_report (gst_mx_structure_to_json (report), filename);
}

static gboolean
check (JsonNode *node, const gchar *filename, GError **error)
{
  JsonObject *fields =
      JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  const gdouble version = gst_mx_report_number (fields, "version");

  if (version != GST_MX_REPORT_VERSION) {
    g_set_error (error, MX_DESCRIPTION_ERROR, MX_DESCRIPTION_ERROR_MEMBER,
        "%s: found %s, expected a report of mxevalsink of version %d", filename,
        isnan (version) ? "no version" : "another version",
        GST_MX_REPORT_VERSION);
    return FALSE;
  }
  for (guint i = 0; i < G_N_ELEMENTS (required); i++) {
    JsonNode *member = json_object_get_member (fields, required[i].member);

    if (member != NULL && JSON_NODE_TYPE (member) == required[i].type)
      continue;
    g_set_error (error, MX_DESCRIPTION_ERROR, MX_DESCRIPTION_ERROR_MEMBER,
        "%s: %s: found %s, expected %s", filename, required[i].member,
        member != NULL ? "another type" : "nothing", required[i].expected);
    return FALSE;
  }
  return TRUE;
}

GstMxReport *
gst_mx_report_parse (GBytes *text, const gchar *filename, GError **error)
{
  JsonNode *node = NULL;

  if (g_bytes_get_size (text) > MAX_SIZE)
    g_set_error (error, MX_DESCRIPTION_ERROR, MX_DESCRIPTION_ERROR_LIMIT,
        "%s: found %" G_GSIZE_FORMAT " bytes, expected at most %d", filename,
        g_bytes_get_size (text), MAX_SIZE);
  else
    node = mx_json_parse (g_bytes_get_data (text, NULL),
        (gssize)g_bytes_get_size (text), filename, error);
  if (node == NULL)
    return NULL;
  if (check (node, filename, error))
    return new_report (node, filename);
  json_node_unref (node);
  return NULL;
}

GstMxReport *
gst_mx_report_load (const gchar *filename, GError **error)
{
  GBytes *text = mx_file_read (filename, error);
  GstMxReport *self = NULL;

  if (text != NULL) {
    self = gst_mx_report_parse (text, filename, error);
    g_bytes_unref (text);
  }
  return self;
}

void
gst_mx_report_free (GstMxReport *self)
{
  g_free (self->name);
  json_node_unref (self->node);
  g_free (self);
}

/* --- fields --- */

static JsonNode *
find (JsonObject *fields, const gchar *path)
{
  const gchar *slash;

  while (fields != NULL && (slash = strchr (path, '/')) != NULL) {
    gchar *member = g_strndup (path, (gsize)(slash - path));
    JsonNode *node = json_object_get_member (fields, member);

    g_free (member);
    fields = node != NULL && JSON_NODE_HOLDS_OBJECT (node)
                 ? json_node_get_object (node)
                 : NULL;
    path = slash + 1;
  }
  return fields != NULL ? json_object_get_member (fields, path) : NULL;
}

gdouble
gst_mx_report_number (JsonObject *fields, const gchar *path)
{
  JsonNode *node = find (fields, path);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) ||
      json_node_get_value_type (node) == G_TYPE_STRING)
    return NAN;
  return json_node_get_double (node);
}

const gchar *
gst_mx_report_text (JsonObject *fields, const gchar *path)
{
  JsonNode *node = find (fields, path);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) ||
      json_node_get_value_type (node) != G_TYPE_STRING)
    return "";
  return json_node_get_string (node);
}

JsonObject *
gst_mx_report_object (JsonObject *fields, const gchar *path)
{
  JsonNode *node = find (fields, path);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node)
             ? json_node_get_object (node)
             : NULL;
}

JsonArray *
gst_mx_report_array (JsonObject *fields, const gchar *path)
{
  JsonNode *node = find (fields, path);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node)
             ? json_node_get_array (node)
             : NULL;
}

guint
gst_mx_report_count (JsonObject *fields, const gchar *path)
{
  JsonArray *array = gst_mx_report_array (fields, path);

  return array != NULL ? json_array_get_length (array) : 0;
}

JsonObject *
gst_mx_report_element (JsonObject *fields, const gchar *path, guint i)
{
  JsonNode *node =
      json_array_get_element (gst_mx_report_array (fields, path), i);

  return JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}
