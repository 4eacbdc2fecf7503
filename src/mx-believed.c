/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-believed.h"

#include <math.h>

/* Of one parameter. */
static gboolean
check_parameter (const MxCheckpoint *checkpoint, const char *name,
    const MxLayer *layer, const MxParameter *parameter, const float *weights,
    GError **error)
{
  for (size_t i = 0; i < parameter->size; i++) {
    const size_t place = parameter->offset + i;
    const char *expected = mx_parameter_expects (parameter, i, weights[place]);
    if (expected == NULL)
      continue;
    g_autofree char *what =
        g_strdup_printf ("%s in %s.%s", expected, layer->path, parameter->name);
    mx_checkpoint_refuse (
        checkpoint, name, place, (double)weights[place], what, error);
    return FALSE;
  }
  return TRUE;
}

static gboolean
check_layer (const MxCheckpoint *checkpoint, const char *name,
    const MxLayer *layer, const float *weights, GError **error)
{
  for (size_t p = 0; p < layer->n_parameters; p++)
    if (!check_parameter (
            checkpoint, name, layer, &layer->parameters[p], weights, error))
      return FALSE;
  return TRUE;
}

const float *
mx_believed_weights (const MxCheckpoint *checkpoint, const char *name,
    const MxProgram *program, GError **error)
{
  const float *weights =
      mx_checkpoint_get_floats (checkpoint, name, program->n_weights, error);
  for (size_t l = 0; weights != NULL && l < program->n_layers; l++)
    if (!check_layer (checkpoint, name, program->layers[l], weights, error))
      return NULL;
  return weights;
}

const float *
mx_believed_moments (
    const MxCheckpoint *checkpoint, const char *name, gsize n, GError **error)
{
  const float *moments =
      mx_checkpoint_get_floats (checkpoint, name, 2 * n, error);
  for (gsize i = n; moments != NULL && i < 2 * n; i++)
    if (moments[i] < 0) {
      mx_checkpoint_refuse (checkpoint, name, i, (double)moments[i],
          "mean squares, from 0", error);
      return NULL;
    }
  return moments;
}

gboolean
mx_believed_counts (const MxCheckpoint *checkpoint, const char *name,
    uint64_t *values, gsize n, uint64_t most, GError **error)
{
  if (!mx_checkpoint_get_numbers (checkpoint, name, values, n, error))
    return FALSE;
  for (gsize i = 0; i < n; i++)
    if (values[i] > most) {
      g_autofree char *expected =
          g_strdup_printf ("a count from 0 to %" G_GUINT64_FORMAT, most);
      mx_checkpoint_refuse (
          checkpoint, name, i, (double)(int64_t)values[i], expected, error);
      return FALSE;
    }
  return TRUE;
}

gboolean
mx_believed_reals (const MxCheckpoint *checkpoint, const char *name,
    double *values, gsize n, GError **error)
{
  if (!mx_checkpoint_get_reals (checkpoint, name, values, n, error))
    return FALSE;
  for (gsize i = 0; i < n; i++)
    if (!isfinite (values[i])) {
      mx_checkpoint_refuse (
          checkpoint, name, i, values[i], "finite values", error);
      return FALSE;
    }
  return TRUE;
}

gboolean
mx_believed_parts (const MxCheckpoint *checkpoint, const char *name,
    gsize first, const uint64_t *values, const MxBelievedPart *parts, gsize n,
    GError **error)
{
  for (gsize i = 0; i < n; i++) {
    const MxBelievedPart *p = &parts[i];
    if (values[p->part] <= values[p->whole])
      continue;
    g_autofree char *expected = g_strdup_printf (
        "at most the %" G_GUINT64_FORMAT " at %" G_GSIZE_FORMAT ": %s",
        values[p->whole], first + p->whole, p->expected);
    mx_checkpoint_refuse (checkpoint, name, first + p->part,
        (double)values[p->part], expected, error);
    return FALSE;
  }
  return TRUE;
}
