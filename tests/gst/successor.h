/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* For the tests of what takes over from what: models that differ, and what is
 * told of them. */
#pragma once

#include "classifier.h"

/* What a model is beside its shape. */
typedef struct {
  Model model;
  const gchar *name; /* chooses the weights too */
  guint exits;
  const gchar *labels; /* JSON; NULL: a, b, c */
  guint filters;       /* of each stage; 0: 6 */
} Variant;

static inline MxNetwork *
variant_network (const Variant *variant)
{
  const Model *model = &variant->model;
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) json = g_string_new (NULL);
  g_autoptr (MxDescription) description = NULL;
  g_autofree gfloat *weights = NULL;

  g_string_append_printf (json,
      "{\"name\": \"%s\", \"labels\": %s, \"input\": {\"rate\": %u,"
      " \"channels\": %u, \"window\": %u, \"hop\": %u}, \"stages\": [",
      variant->name,
      variant->labels != NULL ? variant->labels : "[\"a\", \"b\", \"c\"]",
      model->rate, model->channels, model->window, model->hop);
  for (guint i = 0; i < variant->exits; i++)
    g_string_append_printf (json,
        "%s{\"layers\": [{\"kind\": \"conv1d\", \"filters\": %u,"
        " \"kernel\": 3}, {\"kind\": \"relu\"}],"
        " \"exit\": [{\"kind\": \"pool\"}, {\"kind\": \"dense\"}]}",
        i > 0 ? ", " : "", variant->filters > 0 ? variant->filters : 6);
  g_string_append (json, "]}");
  description = mx_description_new (json->str, -1, "test", NULL, &error);
  g_assert_no_error (error);
  weights = g_new (gfloat, description->program->n_weights);
  mx_program_init_weights (
      description->program, g_str_hash (variant->name), weights);
  for (gsize i = 0; i < description->program->n_weights; i++)
    weights[i] *= 3;
  return mx_network_new (description, weights);
}

/* A file that the caller removes. */
static inline gchar *
variant_file (const Variant *variant)
{
  g_autoptr (MxNetwork) network = variant_network (variant);
  g_autoptr (GBytes) contents = mx_model_file_write (network);

  return temporary_file (contents);
}

/* Missing, damaged, or a folder. */
static inline gchar *
bad_file (const gchar *kind)
{
  g_autoptr (GBytes) text = g_bytes_new_static ("no model", 8);
  gchar *file;

  if (g_str_equal (kind, "folder"))
    return g_strdup (g_get_tmp_dir ());
  file = temporary_file (text);
  if (g_str_equal (kind, "missing"))
    g_remove (file);
  return file;
}

/* An mxclassify that listens with the first of the files. */
static inline Classifier
classifier_with_file (const gchar *file)
{
  static const Model any = {8000, 1, 400, 200};
  Classifier self = classifier_new (&any);

  gst_element_set_state (self.element, GST_STATE_READY);
  g_object_set (self.element, "model-file", file, NULL);
  fail_unless_equals_int (
      gst_element_set_state (self.element, GST_STATE_PLAYING),
      GST_STATE_CHANGE_SUCCESS);
  return self;
}

/* All that was posted so far. */
typedef struct {
  GPtrArray *results, *models; /* of GstStructure, in order */
  GString *warnings;           /* texts, a line each */
  guint errors;
} Posted;

static inline void
note_posted (Posted *self, GstMessage *message)
{
  const GstStructure *structure = gst_message_get_structure (message);
  g_autoptr (GError) error = NULL;

  switch (GST_MESSAGE_TYPE (message)) {
  case GST_MESSAGE_ELEMENT:
    g_ptr_array_add (gst_structure_has_name (structure, "mxclassify-model")
                         ? self->models
                         : self->results,
        gst_structure_copy (structure));
    break;
  case GST_MESSAGE_WARNING:
    gst_message_parse_warning (message, &error, NULL);
    g_string_append_printf (self->warnings, "%s\n", error->message);
    break;
  case GST_MESSAGE_ERROR:
    self->errors++;
    break;
  default:
    break;
  }
}

static inline Posted *
classifier_posted (Classifier *c)
{
  Posted *self = g_new0 (Posted, 1);
  GstMessage *message;

  self->results = structures_new ();
  self->models = structures_new ();
  self->warnings = g_string_new (NULL);
  while ((message = gst_bus_pop (c->bus)) != NULL) {
    note_posted (self, message);
    gst_message_unref (message);
  }
  return self;
}

static inline void
posted_free (Posted *self)
{
  g_ptr_array_unref (self->results);
  g_ptr_array_unref (self->models);
  g_string_free (self->warnings, TRUE);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Posted, posted_free)

static inline gint
compare_timestamps (gconstpointer a, gconstpointer b)
{
  guint64 of_a = get_uint64 (*(GstStructure **)a, "timestamp");
  guint64 of_b = get_uint64 (*(GstStructure **)b, "timestamp");

  return of_a < of_b ? -1 : of_a > of_b;
}

/* Numbered in the order they came; then sorts them by their windows. */
static inline void
sort_results (GPtrArray *results)
{
  for (guint i = 0; i < results->len; i++)
    fail_unless_equals_uint64 (get_uint64 (results->pdata[i], "sequence"), i);
  g_ptr_array_sort (results, compare_timestamps);
}

static inline gchar *
get_model_file (GstElement *element)
{
  gchar *file = NULL;

  g_object_get (element, "model-file", &file, NULL);
  return file;
}
