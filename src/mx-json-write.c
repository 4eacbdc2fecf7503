/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-json-text.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#define DIGITS_ENOUGH 17 /* any double survives them */

typedef struct {
  GString *text;
  bool pretty;
  guint depth;
} Writer;

static void write_node (Writer *writer, JsonNode *node);

static void
write_string (Writer *writer, const char *string)
{
  g_string_append_c (writer->text, '"');
  for (const char *c = string; *c; c++) {
    if ((guchar)*c < 0x20)
      g_string_append_printf (writer->text, "\\u%04x", *c);
    else if (*c == '"' || *c == '\\')
      g_string_append_printf (writer->text, "\\%c", *c);
    else
      g_string_append_c (writer->text, *c);
  }
  g_string_append_c (writer->text, '"');
}

/* The shortest text that reads back as the same number. */
static void
write_double (Writer *writer, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  if (!isfinite (value)) {
    g_string_append (writer->text, "null");
    return;
  }
  for (int digits = 1; digits <= DIGITS_ENOUGH; digits++) {
    char format[8];
    g_snprintf (format, sizeof format, "%%.%dg", digits);
    g_ascii_formatd (text, sizeof text, format, value);
    if (g_ascii_strtod (text, NULL) == value)
      break;
  }
  g_string_append (writer->text, text);
  /* So that it stays a double when read. */
  if (!strpbrk (text, ".e"))
    g_string_append (writer->text, ".0");
}

static void
write_value (Writer *writer, JsonNode *node)
{
  switch (json_node_get_value_type (node)) {
  case G_TYPE_STRING:
    write_string (writer, json_node_get_string (node));
    break;
  case G_TYPE_DOUBLE:
    write_double (writer, json_node_get_double (node));
    break;
  case G_TYPE_BOOLEAN:
    g_string_append (
        writer->text, json_node_get_boolean (node) ? "true" : "false");
    break;
  default:
    g_string_append_printf (
        writer->text, "%" G_GINT64_FORMAT, json_node_get_int (node));
    break;
  }
}

static void
write_break (Writer *writer)
{
  if (writer->pretty)
    g_string_append_printf (writer->text, "\n%*s", 2 * writer->depth, "");
}

static void
write_object (Writer *writer, JsonObject *object)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;
  bool first = true;

  g_string_append_c (writer->text, '{');
  writer->depth++;
  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &node)) {
    if (!first)
      g_string_append_c (writer->text, ',');
    first = false;
    write_break (writer);
    write_string (writer, name);
    g_string_append (writer->text, writer->pretty ? ": " : ":");
    write_node (writer, node);
  }
  writer->depth--;
  if (!first)
    write_break (writer);
  g_string_append_c (writer->text, '}');
}

/* Plain values stand in one line. */
static void
write_array (Writer *writer, JsonArray *array)
{
  const guint n = json_array_get_length (array);
  bool broken = false;

  g_string_append_c (writer->text, '[');
  writer->depth++;
  for (guint i = 0; i < n; i++) {
    JsonNode *node = json_array_get_element (array, i);
    const bool plain = JSON_NODE_HOLDS_VALUE (node);
    if (i > 0)
      g_string_append (writer->text, writer->pretty && plain ? ", " : ",");
    if (!plain)
      write_break (writer);
    broken = broken || !plain;
    write_node (writer, node);
  }
  writer->depth--;
  if (broken)
    write_break (writer);
  g_string_append_c (writer->text, ']');
}

static void
write_node (Writer *writer, JsonNode *node)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    write_object (writer, json_node_get_object (node));
  else if (JSON_NODE_HOLDS_ARRAY (node))
    write_array (writer, json_node_get_array (node));
  else if (JSON_NODE_HOLDS_VALUE (node))
    write_value (writer, node);
  else
    g_string_append (writer->text, "null");
}

char *
mx_json_text_write (JsonNode *root, bool pretty)
{
  Writer writer = {.text = g_string_new (NULL), .pretty = pretty};
  write_node (&writer, root);
  if (pretty)
    g_string_append_c (writer.text, '\n');
  return g_string_free (writer.text, FALSE);
}
