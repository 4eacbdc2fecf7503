/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxintake.h"

#include "gstmxexample.h"
#include "gstmxresult.h"

void
gst_mx_intake_init (GstMxIntake *self, GstElement *owner)
{
  *self = (GstMxIntake){
      .owner = owner,
      .evaluation = gst_mx_evaluation_new (),
  };
}

void
gst_mx_intake_clear (GstMxIntake *self)
{
  g_clear_pointer (&self->evaluation, gst_mx_evaluation_free);
}

void
gst_mx_intake_start (GstMxIntake *self)
{
  GST_OBJECT_LOCK (self->owner);
  gst_mx_evaluation_reset (self->evaluation);
  GST_OBJECT_UNLOCK (self->owner);
}

void
gst_mx_intake_stop (GstMxIntake *self)
{
  gst_clear_event (&self->example);
}

/* Takes the error, if there is one; returns whether there is none. */
static gboolean
post_error (GstMxIntake *self, GError *error)
{
  if (error == NULL)
    return TRUE;
  gst_element_message_full (self->owner, GST_MESSAGE_ERROR, error->domain,
      error->code, g_strdup (error->message), NULL, __FILE__, GST_FUNCTION,
      __LINE__);
  g_error_free (error);
  return FALSE;
}

typedef struct {
  GstMxIntake *self;
  GError *error;
} AddContext;

static gboolean
add_result (const GstStructure *result, gpointer user_data)
{
  AddContext *context = user_data;
  gboolean added;

  GST_OBJECT_LOCK (context->self->owner);
  added = gst_mx_evaluation_add_result (
      context->self->evaluation, result, &context->error);
  GST_OBJECT_UNLOCK (context->self->owner);
  return added;
}

gboolean
gst_mx_intake_take_buffer (GstMxIntake *self, GstBuffer *buffer)
{
  AddContext context = {self, NULL};

  GST_OBJECT_LOCK (self->owner);
  gst_mx_evaluation_hear (self->evaluation, buffer);
  GST_OBJECT_UNLOCK (self->owner);
  gst_mx_result_meta_foreach (buffer, add_result, &context);
  return post_error (self, context.error);
}

static gboolean
take_result (GstMxIntake *self, GstEvent *event)
{
  const GstStructure *result = gst_mx_result_event_parse (event);
  AddContext context = {self, NULL};

  if (result != NULL)
    add_result (result, &context);
  return post_error (self, context.error);
}

static gboolean
take_labels (GstMxIntake *self, GstEvent *event)
{
  GError *error = NULL;
  GstMxDataset dataset;
  GstMxExample example;

  if (gst_mx_dataset_event_parse (event, &dataset)) {
    GST_OBJECT_LOCK (self->owner);
    gst_mx_evaluation_set_labels (self->evaluation, dataset.labels, &error);
    GST_OBJECT_UNLOCK (self->owner);
    gst_mx_dataset_clear (&dataset);
  } else if (event != self->example &&
             gst_mx_example_event_parse (event, &example)) {
    gst_event_replace (&self->example, event);
    GST_LOG_OBJECT (self->owner, "example %" G_GUINT64_FORMAT " is '%s'",
        example.index, GST_STR_NULL (example.label));
    GST_OBJECT_LOCK (self->owner);
    gst_mx_evaluation_begin_example (self->evaluation, &example, &error);
    GST_OBJECT_UNLOCK (self->owner);
    gst_mx_example_clear (&example);
  }
  return post_error (self, error);
}

gboolean
gst_mx_intake_take_event (GstMxIntake *self, GstEvent *event)
{
  switch (GST_EVENT_TYPE (event)) {
  case GST_EVENT_STREAM_START:
    gst_mx_intake_end (self);
    return TRUE;
  case GST_EVENT_CUSTOM_DOWNSTREAM_STICKY:
    return take_labels (self, event);
  case GST_EVENT_CUSTOM_DOWNSTREAM:
    return take_result (self, event);
  default:
    return TRUE;
  }
}

void
gst_mx_intake_end (GstMxIntake *self)
{
  GST_OBJECT_LOCK (self->owner);
  gst_mx_evaluation_end_stream (self->evaluation);
  GST_OBJECT_UNLOCK (self->owner);
}
