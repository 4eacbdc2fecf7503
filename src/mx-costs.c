/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-costs.h"

#include <string.h>

void
mx_costs_init (MxCosts *self, const MxProgram *program)
{
  *self = (MxCosts){.program = program};
  self->memory = g_new0 (int64_t, 2 * program->n_values);
  self->paid = self->memory;
  self->full = self->memory + program->n_values;
}

void
mx_costs_clear (MxCosts *self)
{
  g_clear_pointer (&self->memory, g_free);
}

void
mx_costs_reset (MxCosts *self)
{
  memset (self->memory, 0, 2 * self->program->n_values * sizeof (int64_t));
}

/* Of a streamed layer, where `behind` is the frame behind those it has. */
static uint64_t
macs_between (const MxCosts *self, size_t layer, int64_t behind, int64_t end)
{
  return (uint64_t)MAX (end - MAX (behind, 0), 0) *
         mx_program_macs_per_frame (self->program, layer);
}

void
mx_costs_begin (MxCosts *self, const MxSpan *needed)
{
  const MxProgram *program = self->program;
  uint64_t now = 0, full = 0;

  for (size_t s = 0; s < program->n_stages; s++) {
    for (size_t i = program->stages[s].first; i < program->stages[s].end; i++) {
      const MxSpan *span = &needed[i + 1];
      int64_t *behind = &self->full[i + 1];

      if (!program->layers[i]->streamed) {
        now += program->layers[i]->macs;
        full += program->layers[i]->macs;
        continue;
      }
      now += macs_between (
          self, i, MAX (self->paid[i + 1], span->first), span->end);
      *behind = MAX (*behind, span->first);
      full += macs_between (self, i, *behind, span->end);
      *behind = MAX (*behind, span->end);
    }
    self->macs[s] = now;
    self->macs_full[s] = full;
  }
  self->executed = 0;
}

void
mx_costs_pay_frames (
    MxCosts *self, size_t layer, const MxSpan *needed, int64_t end)
{
  int64_t *paid = &self->paid[layer + 1];

  self->executed +=
      macs_between (self, layer, MAX (*paid, needed[layer + 1].first), end);
  *paid = MAX (*paid, end);
}

void
mx_costs_pay_windowed (MxCosts *self, size_t layer)
{
  self->executed += self->program->layers[layer]->macs;
}
