/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Random values for the properties of any element, from its param specs. */
#pragma once

#include <gst/gst.h>

#include "mx-rng.h"

/* The ends of a range and the default are where the trouble is. */
static inline gdouble
random_in (MxRng *rng, gdouble least, gdouble most, gdouble normal)
{
  switch (mx_rng_below (rng, 6)) {
  case 0:
    return least;
  case 1:
    return most;
  case 2:
    return normal;
  default:
    return least + (MIN (most, 100) - least) * mx_rng_uniform (rng);
  }
}

static inline void
random_array (MxRng *rng, GParamSpec *spec, GValue *value)
{
  GParamSpec *inner = GST_PARAM_SPEC_ARRAY_LIST (spec)->element_spec;
  guint n = mx_rng_below (rng, 7);

  for (guint i = 0; i < n && inner != NULL; i++) {
    GValue one = G_VALUE_INIT;

    g_value_init (&one, inner->value_type);
    g_param_value_set_default (inner, &one);
    if (G_IS_PARAM_SPEC_DOUBLE (inner))
      g_value_set_double (&one, mx_rng_uniform (rng));
    gst_value_array_append_and_take_value (value, &one);
  }
}

/* What has no case here gets its default. */
static inline void
random_value (MxRng *rng, GParamSpec *spec, GValue *value)
{
  g_value_init (value, spec->value_type);
  g_param_value_set_default (spec, value);
  if (G_IS_PARAM_SPEC_BOOLEAN (spec)) {
    g_value_set_boolean (value, mx_rng_below (rng, 2));
  } else if (G_IS_PARAM_SPEC_DOUBLE (spec)) {
    GParamSpecDouble *range = G_PARAM_SPEC_DOUBLE (spec);

    g_value_set_double (value,
        random_in (rng, range->minimum, range->maximum, range->default_value));
  } else if (G_IS_PARAM_SPEC_UINT (spec)) {
    GParamSpecUInt *range = G_PARAM_SPEC_UINT (spec);

    g_value_set_uint (value,
        random_in (rng, range->minimum, range->maximum, range->default_value));
  } else if (G_IS_PARAM_SPEC_INT (spec)) {
    GParamSpecInt *range = G_PARAM_SPEC_INT (spec);

    g_value_set_int (value,
        random_in (rng, range->minimum, range->maximum, range->default_value));
  } else if (G_IS_PARAM_SPEC_UINT64 (spec)) {
    guint64 most = G_PARAM_SPEC_UINT64 (spec)->maximum;

    g_value_set_uint64 (value, mx_rng_next (rng) >> mx_rng_below (rng, 64));
    if (g_value_get_uint64 (value) > most)
      g_value_set_uint64 (value, most);
  } else if (G_IS_PARAM_SPEC_ENUM (spec)) {
    GEnumClass *values = G_PARAM_SPEC_ENUM (spec)->enum_class;

    g_value_set_enum (
        value, values->values[mx_rng_below (rng, values->n_values)].value);
  } else if (G_VALUE_TYPE (value) == GST_TYPE_ARRAY) {
    random_array (rng, spec, value);
  }
}

/* Reads all properties and sets one of those that may change while playing;
 * @arrays: also such a one, of any length, which may be an error. */
static inline void
disturb_properties (GstElement *element, MxRng *rng, gboolean arrays)
{
  const GParamFlags wanted = G_PARAM_WRITABLE | GST_PARAM_MUTABLE_PLAYING;
  guint n, chosen;
  GParamSpec **specs =
      g_object_class_list_properties (G_OBJECT_GET_CLASS (element), &n);

  chosen = mx_rng_below (rng, n);
  for (guint i = 0; i < n; i++) {
    GValue value = G_VALUE_INIT;

    if (i == chosen && (specs[i]->flags & wanted) == wanted &&
        (arrays || specs[i]->value_type != GST_TYPE_ARRAY)) {
      random_value (rng, specs[i], &value);
      g_object_set_property (G_OBJECT (element), specs[i]->name, &value);
      g_value_unset (&value);
    } else if (specs[i]->flags & G_PARAM_READABLE) {
      g_value_init (&value, specs[i]->value_type);
      g_object_get_property (G_OBJECT (element), specs[i]->name, &value);
      g_value_unset (&value);
    }
  }
  g_free (specs);
}

/* A thread that does so until told to stop. */
typedef struct {
  GstElement *element;
  guint64 seed;
  gboolean arrays;
  gint stop; /* atomic */
  GThread *thread;
} Disturber;

static inline gpointer
disturb (gpointer data)
{
  Disturber *self = data;
  MxRng rng;

  mx_rng_init (&rng, self->seed, 0);
  while (!g_atomic_int_get (&self->stop)) {
    disturb_properties (self->element, &rng, self->arrays);
    g_usleep (100);
  }
  return NULL;
}

static inline void
disturber_start (
    Disturber *self, GstElement *element, guint64 seed, gboolean arrays)
{
  *self = (Disturber){.element = element, .seed = seed, .arrays = arrays};
  self->thread = g_thread_new ("disturber", disturb, self);
}

static inline void
disturber_stop (Disturber *self)
{
  g_atomic_int_set (&self->stop, TRUE);
  g_thread_join (self->thread);
}
