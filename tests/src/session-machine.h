/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* A clock that only the layers of one network advance: a machine whose load the
 * test sets. */
#pragma once

#include "session-windows.h"

/* ns that the stages take without load. */
static const uint64_t stage_ns[STAGES] = {1000000, 2000000, 3000000};

static struct {
  uint64_t now; /* ns */
  double load;
  unsigned runs[STAGES];
  const MxProgram *program;
  const MxLayerKind *real_kind[64];
  MxLayerKind kind[64];
} machine;

static uint64_t
machine_clock (void *user_data)
{
  ck_assert_ptr_eq (user_data, &machine);
  return machine.now;
}

static size_t
machine_stage (const MxLayer *layer, size_t *index)
{
  const MxProgram *program = machine.program;
  size_t stage = 0;

  *index = 0;
  while (program->layers[*index] != layer)
    (*index)++;
  while (*index >= program->stages[stage].end)
    stage++;
  return stage;
}

static void
machine_forward (const MxLayer *layer, const MxLayerRun *run)
{
  size_t index, stage = machine_stage (layer, &index);

  if (index == machine.program->stages[stage].first) {
    machine.now += (uint64_t)(stage_ns[stage] * machine.load);
    machine.runs[stage]++;
  }
  machine.real_kind[index]->forward (layer, run);
}

static void
machine_start (const MxNetwork *network)
{
  MxProgram *program = network->program;

  memset (&machine, 0, sizeof machine);
  machine.now = 1000000000000;
  machine.load = 1;
  machine.program = program;
  ck_assert_uint_le (program->n_layers, G_N_ELEMENTS (machine.kind));
  for (size_t i = 0; i < program->n_layers; i++) {
    machine.real_kind[i] = program->layers[i]->kind;
    machine.kind[i] = *machine.real_kind[i];
    machine.kind[i].forward = machine_forward;
    program->layers[i]->kind = &machine.kind[i];
  }
}

static void
machine_stop (void)
{
  for (size_t i = 0; i < machine.program->n_layers; i++)
    machine.program->layers[i]->kind = machine.real_kind[i];
}
