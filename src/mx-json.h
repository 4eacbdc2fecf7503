/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Reading JSON that somebody else wrote: every member is asked for by name,
 * with its type and range; what is missing, of another type, out of range or
 * not asked for at all becomes an error that says where it stands
 * ("stages[1].layers[0].kernel: found 0, expected an integer from 1 to 1024").
 *
 * Errors stick: after the first one all further reads return the fallback, so
 * a reader reads on and asks mx_json_ok() once at its end. */
#pragma once

#include <json-glib/json-glib.h>
#include <stdbool.h>

/* Text to tree.  Nesting is bounded, so that no text can exhaust the stack.
 * @name: of the file, for messages.  Free with json_node_unref(). */
JsonNode *mx_json_parse (
    const char *text, gssize length, const char *name, GError **error);

/* One JSON object being read.  On the stack; mx_json_begin() .. mx_json_end().
 */
typedef struct {
  JsonObject *object; /* borrowed */
  char *path;
  GHashTable *asked; /* names of members, borrowed from object */
  GError **error;    /* not NULL; where the first error of all objects goes */
} MxJson;

#define MX_DESCRIPTION_ERROR (mx_description_error_quark ())
GQuark mx_description_error_quark (void);

typedef enum {
  MX_DESCRIPTION_ERROR_SYNTAX, /* not JSON */
  MX_DESCRIPTION_ERROR_MEMBER, /* missing, unknown, wrong type or range */
  MX_DESCRIPTION_ERROR_LAYER,  /* unknown kind of layer */
  MX_DESCRIPTION_ERROR_SHAPE,  /* shapes that do not fit */
  MX_DESCRIPTION_ERROR_LABELS, /* none, doubled or too many */
  MX_DESCRIPTION_ERROR_LIMIT   /* larger than allowed */
} MxDescriptionError;

static inline bool
mx_json_ok (const MxJson *json)
{
  return *json->error == NULL;
}

/* @node must hold an object, else that is the first error. */
void mx_json_begin (
    MxJson *json, JsonNode *node, const char *path, GError **error);
/* Reports members nobody asked for; frees; returns whether all was well. */
bool mx_json_end (MxJson *json);

bool mx_json_has (MxJson *json, const char *member);
/* Required if `fallback` is outside [low, high]. */
int64_t mx_json_int (MxJson *json, const char *member, int64_t low,
    int64_t high, int64_t fallback);
/* Required if `fallback` is NaN. */
double mx_json_double (
    MxJson *json, const char *member, double low, double high, double fallback);
bool mx_json_bool (MxJson *json, const char *member, bool fallback);
/* Borrowed; required if `fallback` is NULL. */
const char *mx_json_string (
    MxJson *json, const char *member, const char *fallback);
/* One of the NULL-terminated `names`: its index.  Required if fallback < 0. */
int mx_json_choice (
    MxJson *json, const char *member, const char *const *names, int fallback);
/* Borrowed; NULL where absent (an error if required). */
JsonArray *mx_json_array (MxJson *json, const char *member, bool required);
JsonNode *mx_json_member (MxJson *json, const char *member, bool required);
/* Numbers: NULL where absent; else a new array of *n floats (g_free). */
float *mx_json_floats (MxJson *json, const char *member, size_t *n);

/* Sets the first error; "path: message". */
void mx_json_fail (MxJson *json, MxDescriptionError code, const char *format,
    ...) G_GNUC_PRINTF (3, 4);
