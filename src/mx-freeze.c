/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-freeze.h"

#include <glib.h>

bool *
mx_freeze_list (const MxFreeze *self, const MxProgram *program)
{
  g_return_val_if_fail (self->stages <= program->n_stages, NULL);

  if (self->stages == 0)
    return NULL;
  bool *frozen = g_new0 (bool, program->n_layers);
  for (size_t s = 0; s < self->stages; s++) {
    const MxStage *stage = &program->stages[s];
    size_t end = self->exits ? stage->end : stage->exit_first;
    for (size_t i = stage->first; i < end; i++)
      frozen[i] = true;
  }
  return frozen;
}

/* Parameters lie in the order of the layers. */
MxSpan *
mx_freeze_spans (const bool *frozen, const MxProgram *program, size_t *n_spans)
{
  GArray *spans = g_array_new (FALSE, FALSE, sizeof (MxSpan));
  for (size_t i = 0; i < program->n_layers; i++) {
    const MxLayer *layer = program->layers[i];
    for (size_t p = 0; p < layer->n_parameters; p++) {
      const MxParameter *parameter = &layer->parameters[p];
      MxSpan span = {parameter->offset, parameter->size};
      MxSpan *last = spans->len > 0
                         ? &g_array_index (spans, MxSpan, spans->len - 1)
                         : NULL;
      if (!parameter->trainable || (frozen != NULL && frozen[i]))
        continue;
      if (last != NULL && last->first + last->n == span.first)
        last->n += span.n;
      else
        g_array_append_val (spans, span);
    }
  }
  *n_spans = spans->len;
  return (MxSpan *)(void *)g_array_free (spans, FALSE);
}
