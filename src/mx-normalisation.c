/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-normalisation.h"

#include "mx-json-text.h"

#include <math.h>

/* Of the mean: deviations below are rounding. */
#define LEAST_DEVIATION 1e-6

struct _MxNormalisation {
  MxDescription *description;
  MxFrontendConfig config; /* the description's, with mean 0 and std 1 */
  MxFrontend *frontend;
  float *frames;         /* [frames][features] */
  double *mean, *square; /* [features]: square about the mean, summed */
  uint64_t n;            /* frames */
};

MxNormalisation *
mx_normalisation_new (MxDescription *description)
{
  MxNormalisation *self = g_new0 (MxNormalisation, 1);
  size_t features = description->frontend.features;

  self->description = mx_description_ref (description);
  self->config = description->frontend;
  self->config.mean = g_new0 (float, features);
  self->config.std = g_new (float, features);
  for (size_t i = 0; i < features; i++)
    self->config.std[i] = 1;
  self->frontend = mx_frontend_new (&self->config);
  self->frames = g_new (float, description->frames *features);
  self->mean = g_new0 (double, features);
  self->square = g_new0 (double, features);
  return self;
}

void
mx_normalisation_free (MxNormalisation *self)
{
  if (self == NULL)
    return;
  mx_frontend_free (self->frontend);
  mx_frontend_config_clear (&self->config);
  mx_description_unref (self->description);
  g_free (self->frames);
  g_free (self->mean);
  g_free (self->square);
  g_free (self);
}

static void
add_frame (MxNormalisation *self, const float *frame)
{
  self->n++;
  for (size_t i = 0; i < self->config.features; i++) {
    double before = frame[i] - self->mean[i];

    self->mean[i] += before / (double)self->n;
    self->square[i] += before * (frame[i] - self->mean[i]);
  }
}

void
mx_normalisation_add (MxNormalisation *self, const float *samples)
{
  const MxDescription *description = self->description;
  size_t consumed;

  mx_frontend_reset (self->frontend);
  mx_frontend_process (self->frontend, samples, description->window,
      self->frames, description->frames, &consumed);
  mx_frontend_flush (self->frontend);
  mx_frontend_normalise (
      &self->config, self->frames, description->frames, self->frames);
  for (size_t t = 0; t < description->frames; t++)
    add_frame (self, self->frames + t * self->config.features);
}

void
mx_normalisation_get (const MxNormalisation *self, float *mean, float *std)
{
  g_return_if_fail (self->n > 0);

  for (size_t i = 0; i < self->config.features; i++) {
    double deviation = sqrt (self->square[i] / (double)self->n);
    bool varies = deviation > LEAST_DEVIATION * fabs (self->mean[i]);

    mean[i] = (float)self->mean[i];
    std[i] = varies && (float)deviation > 0 && isnormal ((float)deviation)
                 ? (float)deviation
                 : 1;
  }
}

static JsonObject *
copy_object (JsonObject *object)
{
  JsonObject *copy = json_object_new ();
  JsonObjectIter iter;
  const char *member;
  JsonNode *value;

  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &member, &value))
    json_object_set_member (copy, member, json_node_ref (value));
  return copy;
}

static void
set_numbers (
    JsonObject *object, const char *member, const float *values, size_t n)
{
  JsonArray *array = json_array_sized_new ((guint)n);

  for (size_t i = 0; i < n; i++)
    json_array_add_double_element (array, (double)values[i]);
  json_object_set_array_member (object, member, array);
}

MxDescription *
mx_description_normalise (const MxDescription *self, const float *mean,
    const float *std, GError **error)
{
  JsonObject *given = json_node_get_object (self->json);
  JsonObject *root = copy_object (given), *frontend;
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), root);
  g_autofree char *text = NULL;

  json_object_unref (root);
  if (json_object_has_member (given, "front-end")) {
    frontend = copy_object (json_object_get_object_member (given, "front-end"));
  } else {
    frontend = json_object_new ();
    json_object_set_string_member (frontend, "kind", "raw");
  }
  set_numbers (frontend, "mean", mean, self->frontend.features);
  set_numbers (frontend, "std", std, self->frontend.features);
  json_object_set_object_member (root, "front-end", frontend);
  text = mx_json_text_write (node, false);
  return mx_description_new (text, -1, self->name, NULL, error);
}
