/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-network.h"

#include "mx-pass.h"

#include <string.h>

static void
network_clear (void *data)
{
  MxNetwork *self = data;
  mx_description_unref (self->description);
  mx_program_unref (self->program);
  g_free (self->weights);
  g_free (self->program_weights);
  g_aligned_free (self->prepared);
  g_free (self->prepared_offset);
  mx_calibration_free (self->calibration);
}

MxNetwork *
mx_network_new (MxDescription *description, const float *weights)
{
  const MxProgram *program = description->program;
  MxNetwork *self = g_atomic_rc_box_new0 (MxNetwork);
  self->description = mx_description_ref (description);
  self->weights = g_new (float, program->n_weights + 1);
  memcpy (self->weights, weights, program->n_weights * sizeof *weights);
  self->program =
      mx_program_fold (program, self->weights, &self->program_weights);
  size_t size;
  self->prepared_offset = mx_pass_prepared_layout (self->program, false, &size);
  /* On cache lines, for the kernels. */
  self->prepared = g_aligned_alloc0 (size + 1, sizeof (float), 64);
  mx_pass_prepare (self->program, false, self->program_weights, self->prepared,
      self->prepared_offset, NULL);
  return self;
}

MxNetwork *
mx_network_new_calibrated (
    const MxNetwork *network, const MxCalibration *calibration)
{
  MxNetwork *self = mx_network_new (network->description, network->weights);

  g_return_val_if_fail (
      calibration == NULL || calibration->exits == self->program->n_stages,
      self);
  if (calibration != NULL)
    self->calibration = mx_calibration_copy (calibration);
  return self;
}

MxNetwork *
mx_network_ref (MxNetwork *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
mx_network_unref (MxNetwork *self)
{
  g_atomic_rc_box_release_full (self, network_clear);
}
