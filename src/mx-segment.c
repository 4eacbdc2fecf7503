/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-segment.h"

#include "mx-program-private.h"

void
mx_segment_plan_init (
    MxSegmentPlan *self, const MxProgram *program, size_t most_past)
{
  self->phases = 1;
  for (size_t v = 0; v < program->n_values; v++)
    self->phases = MAX (self->phases, program->values[v].step);
  self->past = MIN (program->context, most_past) + self->phases - 1;
  self->frames = self->past + program->values[0].shape.time + program->outlook;
}

static MxLayer *
lengthen (const MxProgram *longer, const MxLayer *layer)
{
  MxLayer *copy = mx_layer_copy (layer);

  copy->in = longer->values[copy->inputs[0]].shape;
  if (!layer->streamed)
    return copy; /* cuts out what it always did, or stands behind that */
  if (layer->kind->lengthen != NULL)
    layer->kind->lengthen (copy);
  else
    copy->out.time = copy->in.time;
  return copy;
}

MxProgram *
mx_segment_program (const MxProgram *program, size_t frames)
{
  const MxShape input = {frames, program->values[0].shape.channels};
  MxProgram *self =
      mx_program_new (input, program->classes, program->n_streamed);

  for (size_t i = 0; i < program->n_layers; i++)
    mx_program_append (self, lengthen (self, program->layers[i]));
  self->n_stages = program->n_stages;
  self->stages = g_memdup2 (
      program->stages, program->n_stages * sizeof (*program->stages));
  mx_program_finish (self);
  return self;
}

void
mx_segment_plan_of (MxSegmentPlan *self, const MxDescription *description)
{
  mx_segment_plan_init (self, description->program, description->frames);
}

MxProgram *
mx_segment_program_of (const MxDescription *description, MxProgram *program)
{
  MxSegmentPlan plan;

  if (program->n_streamed == 0)
    return mx_program_ref (program);
  mx_segment_plan_of (&plan, description);
  return mx_segment_program (program, plan.frames);
}
