/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* JSON text from strangers into json-glib's tree, and the tree into text.
 *
 * json-glib's parser recurses, keeps the last of two equal names, wraps large
 * integers around, stops at a NUL and takes more than JSON is.  The text is
 * therefore read once without recursion and refused unless it is one object or
 * array of plain JSON, nested at most MX_JSON_MAX_DEPTH deep, with at most
 * MX_JSON_MAX_VALUES values, without \u0000, without integers of more than 18
 * digits, and without two members of one name (mx-json-names.h). */
#pragma once

#include <json-glib/json-glib.h>
#include <stdbool.h>

#define MX_JSON_MAX_DEPTH 64
#define MX_JSON_MAX_VALUES (1u << 20)

/* The object or array (json_node_unref), or NULL: JSON_PARSER_ERROR, with the
 * place
 * ("byte 17: found ..., expected ..."); what is too large or too deep has the
 * code JSON_PARSER_ERROR_INVALID_DATA. */
JsonNode *mx_json_text_parse (const char *text, gsize length, GError **error);

/* The text (g_free), the same for the same tree, members in their order,
 * numbers as short as they read back the same; what is not finite becomes null.
 * json-glib's own writer makes "1e-10.0" of 1e-10, which nobody reads.
 * @pretty: for people, two spaces for each level; else without any space. */
char *mx_json_text_write (JsonNode *root, bool pretty);
