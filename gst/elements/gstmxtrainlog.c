/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxtrainlog.h"

#include "gstmxscores.h"
#include "mx-json-text.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/* A FIFO without a reader must not stop the pipeline. */
#define OPEN_FLAGS (O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK)

gboolean
gst_mx_train_log_open (GstMxTrainLog *self)
{
  gst_mx_train_log_close (self);
  if (self->location == NULL)
    return TRUE;
  self->fd = g_open (self->location, OPEN_FLAGS, 0666);
  if (self->fd >= 0)
    return TRUE;
  GST_ELEMENT_ERROR (self->owner, RESOURCE, OPEN_WRITE,
      ("The log cannot be written: %s: %s.", self->location,
          g_strerror (errno)),
      (NULL));
  return FALSE;
}

void
gst_mx_train_log_close (GstMxTrainLog *self)
{
  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;
}

gboolean
gst_mx_train_log_wants_step (const GstMxTrainLog *self, guint64 step)
{
  return self->fd >= 0 && self->interval > 0 && step % self->interval == 0;
}

/* One call: lines are whole, also after a kill. */
static void
append (GstMxTrainLog *self, const gchar *line, gsize size)
{
  gssize n;

  do
    n = write (self->fd, line, size);
  while (n < 0 && errno == EINTR);
  if (n == (gssize)size)
    return;
  GST_ELEMENT_WARNING (self->owner, RESOURCE, WRITE,
      ("The log cannot be written any more: %s: %s. Training goes on.",
          self->location, n < 0 ? g_strerror (errno) : "cut short"),
      (NULL));
  gst_mx_train_log_close (self);
}

static gboolean
add_field (GQuark field, const GValue *value, gpointer line)
{
  gst_structure_set_value (line, g_quark_to_string (field), value);
  return TRUE;
}

void
gst_mx_train_log_write (
    GstMxTrainLog *self, const gchar *event, const GstStructure *structure)
{
  g_autoptr (GDateTime) now = NULL;
  g_autoptr (GstStructure) fields = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autofree gchar *time = NULL;
  g_autofree gchar *text = NULL;
  g_autofree gchar *line = NULL;

  if (self->fd < 0)
    return;
  now = g_date_time_new_now_utc ();
  time = g_date_time_format_iso8601 (now);
  fields = gst_structure_new (
      event, "event", G_TYPE_STRING, event, "time", G_TYPE_STRING, time, NULL);
  gst_structure_foreach (structure, add_field, fields);
  node = gst_mx_structure_to_json (fields);
  text = mx_json_text_write (node, FALSE);
  line = g_strconcat (text, "\n", NULL);
  append (self, line, strlen (line));
}
