/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-json.h"

#include "mx-json-text.h"
#include "mx-tensor-view.h"

#include <math.h>
#include <string.h>

G_DEFINE_QUARK (mx - description - error - quark, mx_description_error)

JsonNode *
mx_json_parse (
    const char *text, gssize length, const char *name, GError **error)
{
  g_autoptr (GError) cause = NULL;
  JsonNode *root = mx_json_text_parse (
      text, length < 0 ? strlen (text) : (gsize)length, &cause);
  if (root == NULL) {
    bool limit = g_error_matches (
        cause, JSON_PARSER_ERROR, JSON_PARSER_ERROR_INVALID_DATA);
    g_set_error (error, MX_DESCRIPTION_ERROR,
        limit ? MX_DESCRIPTION_ERROR_LIMIT : MX_DESCRIPTION_ERROR_SYNTAX,
        "%s: not JSON: %s", name, cause->message);
  }
  return root;
}

void
mx_json_begin (MxJson *json, JsonNode *node, const char *path, GError **error)
{
  json->path = g_strdup (path);
  json->asked = g_hash_table_new (g_str_hash, g_str_equal);
  json->error = error;
  if (JSON_NODE_HOLDS_OBJECT (node)) {
    json->object = json_object_ref (json_node_get_object (node));
  } else {
    json->object = json_object_new ();
    mx_json_fail (json, MX_DESCRIPTION_ERROR_MEMBER,
        "found %s, expected an object", json_node_type_name (node));
  }
}

static void
report_members_not_asked_for (MxJson *json)
{
  GList *members = json_object_get_members (json->object);
  for (GList *m = members; m != NULL; m = m->next) {
    if (g_hash_table_contains (json->asked, m->data))
      continue;
    g_autofree char *shown = mx_name_to_string (m->data);
    mx_json_fail (json, MX_DESCRIPTION_ERROR_MEMBER,
        "found \"%s\", which is no member known here", shown);
  }
  g_list_free (members);
}

bool
mx_json_end (MxJson *json)
{
  if (mx_json_ok (json))
    report_members_not_asked_for (json);
  g_hash_table_unref (json->asked);
  json_object_unref (json->object);
  g_free (json->path);
  return mx_json_ok (json);
}

void
mx_json_fail (MxJson *json, MxDescriptionError code, const char *format, ...)
{
  if (!mx_json_ok (json))
    return;
  va_list args;
  va_start (args, format);
  g_autofree char *text = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (json->error, MX_DESCRIPTION_ERROR, code, "%s%s%s", json->path,
      json->path[0] != '\0' ? ": " : "", text);
}

static void
fail_value (
    MxJson *json, const char *member, const char *found, const char *expected)
{
  g_autofree char *shown = mx_name_to_string (found);
  mx_json_fail (json, MX_DESCRIPTION_ERROR_MEMBER, "%s: found %s, expected %s",
      member, shown, expected);
}

bool
mx_json_has (MxJson *json, const char *member)
{
  return json_object_has_member (json->object, member);
}

/* The member's value, or NULL where it is absent or an error has occurred. */
JsonNode *
mx_json_member (MxJson *json, const char *member, bool required)
{
  g_hash_table_add (json->asked, (char *)member);
  if (!mx_json_ok (json))
    return NULL;
  JsonNode *node = json_object_get_member (json->object, member);
  if (node == NULL && required)
    mx_json_fail (
        json, MX_DESCRIPTION_ERROR_MEMBER, "\"%s\" is missing", member);
  return node;
}

static bool
is_number (JsonNode *node)
{
  GType type = json_node_get_value_type (node);
  return JSON_NODE_HOLDS_VALUE (node) &&
         (type == G_TYPE_INT64 || type == G_TYPE_DOUBLE);
}

int64_t
mx_json_int (MxJson *json, const char *member, int64_t low, int64_t high,
    int64_t fallback)
{
  bool required = fallback < low || fallback > high;
  JsonNode *node = mx_json_member (json, member, required);
  if (node == NULL)
    return required ? low : fallback;
  g_autofree char *expected = g_strdup_printf (
      "an integer from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, low, high);
  g_autofree char *found = json_to_string (node, FALSE);
  if (!is_number (node) || json_node_get_value_type (node) != G_TYPE_INT64 ||
      json_node_get_int (node) < low || json_node_get_int (node) > high) {
    fail_value (json, member, found, expected);
    return required ? low : fallback;
  }
  return json_node_get_int (node);
}

double
mx_json_double (
    MxJson *json, const char *member, double low, double high, double fallback)
{
  bool required = isnan (fallback);
  JsonNode *node = mx_json_member (json, member, required);
  if (node == NULL)
    return required ? low : fallback;
  /* NaN fails the comparison, too. */
  if (is_number (node) && json_node_get_double (node) >= low &&
      json_node_get_double (node) <= high)
    return json_node_get_double (node);
  g_autofree char *expected =
      g_strdup_printf ("a number from %g to %g", low, high);
  g_autofree char *found = json_to_string (node, FALSE);
  fail_value (json, member, found, expected);
  return required ? low : fallback;
}

bool
mx_json_bool (MxJson *json, const char *member, bool fallback)
{
  JsonNode *node = mx_json_member (json, member, false);
  if (node == NULL)
    return fallback;
  if (json_node_get_value_type (node) == G_TYPE_BOOLEAN)
    return json_node_get_boolean (node);
  g_autofree char *found = json_to_string (node, FALSE);
  fail_value (json, member, found, "true or false");
  return fallback;
}

const char *
mx_json_string (MxJson *json, const char *member, const char *fallback)
{
  JsonNode *node = mx_json_member (json, member, fallback == NULL);
  if (node == NULL)
    return fallback != NULL ? fallback : "";
  if (json_node_get_value_type (node) == G_TYPE_STRING)
    return json_node_get_string (node);
  g_autofree char *found = json_to_string (node, FALSE);
  fail_value (json, member, found, "a string");
  return fallback != NULL ? fallback : "";
}

int
mx_json_choice (
    MxJson *json, const char *member, const char *const *names, int fallback)
{
  const char *string =
      mx_json_string (json, member, fallback < 0 ? NULL : names[fallback]);
  for (int i = 0; names[i] != NULL; i++) {
    if (g_str_equal (string, names[i]))
      return i;
  }
  if (mx_json_ok (json)) {
    g_autofree char *all = g_strjoinv (", ", (char **)names);
    g_autofree char *expected = g_strdup_printf ("one of %s", all);
    fail_value (json, member, string, expected);
  }
  return MAX (fallback, 0);
}

JsonArray *
mx_json_array (MxJson *json, const char *member, bool required)
{
  JsonNode *node = mx_json_member (json, member, required);
  if (node == NULL)
    return NULL;
  if (JSON_NODE_HOLDS_ARRAY (node))
    return json_node_get_array (node);
  g_autofree char *found = json_to_string (node, FALSE);
  fail_value (json, member, found, "an array");
  return NULL;
}

float *
mx_json_floats (MxJson *json, const char *member, size_t *n)
{
  JsonNode *node = mx_json_member (json, member, false);
  *n = 0;
  if (node == NULL)
    return NULL;
  bool single = is_number (node);
  JsonArray *array =
      JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  *n = single ? 1 : array != NULL ? json_array_get_length (array) : 0;
  float *values = g_new (float, *n + 1);
  bool ok = *n > 0;
  for (size_t i = 0; i < *n && ok; i++) {
    JsonNode *element = single ? node : json_array_get_element (array, i);
    ok = is_number (element);
    values[i] = ok ? (float)json_node_get_double (element) : 0;
    ok = ok && isfinite (values[i]);
  }
  if (ok)
    return values;
  g_autofree char *found = json_to_string (node, FALSE);
  fail_value (json, member, found, "a finite number or an array of them");
  g_free (values);
  *n = 0;
  return NULL;
}
