/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxdump.h"

#include <string.h>

#include "gstmxscores.h"
#include "mx-file.h"
#include "mx-json-text.h"

struct _GstMxDump {
  MxFileWriter *writer;
};

GstMxDump *
gst_mx_dump_new (const gchar *filename, GError **error)
{
  MxFileWriter *writer = mx_file_writer_new (filename, error);
  GstMxDump *self;

  if (writer == NULL)
    return NULL;
  self = g_new (GstMxDump, 1);
  self->writer = writer;
  return self;
}

/* Takes the structure. */
static gboolean
add_line (GstMxDump *self, GstStructure *structure, GError **error)
{
  g_autoptr (JsonNode) node = gst_mx_structure_to_json (structure);
  g_autofree gchar *text = mx_json_text_write (node, FALSE);

  gst_structure_free (structure);
  g_strchomp (text);
  return mx_file_writer_add (self->writer, text, strlen (text), error) &&
         mx_file_writer_add (self->writer, "\n", 1, error);
}

static void
set_text (GstStructure *line, const gchar *field, const gchar *text)
{
  if (text != NULL)
    gst_structure_set (line, field, G_TYPE_STRING, text, NULL);
}

gboolean
gst_mx_dump_add_example (GstMxDump *self, const GstMxExample *example,
    GstClockTime begin, GError **error)
{
  GstStructure *line = gst_structure_new ("line", "type", G_TYPE_STRING,
      "example", "index", G_TYPE_UINT64, example->index, "epoch", G_TYPE_UINT,
      example->epoch, "gap", G_TYPE_BOOLEAN, example->gap, "duration",
      G_TYPE_UINT64, example->duration, "begin", G_TYPE_UINT64, begin, NULL);

  set_text (line, "label", example->label);
  set_text (line, "subject", example->subject);
  set_text (line, "split", example->split);
  set_text (line, "path", example->path);
  return add_line (self, line, error);
}

static gboolean
copy_field (GQuark field, const GValue *value, gpointer line)
{
  gst_structure_id_set_value (line, field, value);
  return TRUE;
}

gboolean
gst_mx_dump_add_result (
    GstMxDump *self, const GstStructure *result, GError **error)
{
  GstStructure *line =
      gst_structure_new ("line", "type", G_TYPE_STRING, "result", NULL);

  gst_structure_foreach (result, copy_field, line);
  return add_line (self, line, error);
}

gboolean
gst_mx_dump_add_break (GstMxDump *self, GError **error)
{
  return add_line (self,
      gst_structure_new ("line", "type", G_TYPE_STRING, "break", NULL), error);
}

gboolean
gst_mx_dump_commit (GstMxDump *self, GError **error)
{
  gboolean done = mx_file_writer_commit (self->writer, error);

  g_free (self);
  return done;
}

void
gst_mx_dump_discard (GstMxDump *self)
{
  if (self == NULL)
    return;
  mx_file_writer_discard (self->writer);
  g_free (self);
}
