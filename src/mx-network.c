/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-network.h"

#include "mx-bf16.h"
#include "mx-layer-conv1d.h"
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

/* Whether halves hold the filter: see mx-network.h. */
static bool
filter_fits (const float *filter, size_t n)
{
  double squares = 0, errors = 0;
  for (size_t i = 0; i < n; i++) {
    double w = filter[i];
    double error = mx_half_to_float (mx_half_from_float (filter[i])) - w;
    squares += w * w;
    errors += error * error;
  }
  return errors <= squares * 0x1p-20;
}

static bool
layer_fits (const MxLayer *layer, const float *weights)
{
  const MxParameter *weight = &layer->parameters[0];
  size_t filters = weight->dims[0], n = weight->size / filters;
  for (size_t f = 0; f < filters; f++)
    if (!filter_fits (weights + weight->offset + f * n, n))
      return false;
  return true;
}

/* Of a folded program that nobody else has yet. */
static void
halve_layers (MxProgram *program, const float *weights)
{
  for (size_t i = 0; i < program->n_layers; i++) {
    MxLayer *layer = program->layers[i];
    layer->half = layer->may_halve && layer_fits (layer, weights);
  }
}

static void
round_layers (MxProgram *program, float *weights, bool split)
{
  const MxKernelsBf16 *kernels = mx_kernels_bf16_get ();
  if (split && kernels->split == NULL)
    return;
  for (size_t i = 0; i < program->n_layers; i++) {
    MxLayer *layer = program->layers[i];
    const MxParameter *weight = &layer->parameters[0];
    if (layer->kind != &mx_layer_conv1d ||
        !mx_layer_conv1d_make_bf16 (layer, kernels, split))
      continue;
    for (size_t k = 0; k < weight->size && !split; k++)
      weights[weight->offset + k] = mx_bf16_round (weights[weight->offset + k]);
  }
}

static MxNetwork *
new_stored (MxDescription *description, const float *weights, MxStorage storage)
{
  const MxProgram *program = description->program;
  MxNetwork *self = g_atomic_rc_box_new0 (MxNetwork);
  self->description = mx_description_ref (description);
  self->weights = g_new (float, program->n_weights + 1);
  memcpy (self->weights, weights, program->n_weights * sizeof *weights);
  self->program =
      mx_program_fold (program, self->weights, &self->program_weights);
  self->storage = storage;
  if (storage == MX_STORAGE_F16)
    halve_layers (self->program, self->program_weights);
  if (storage == MX_STORAGE_BF16 || storage == MX_STORAGE_BF16X3)
    round_layers (
        self->program, self->program_weights, storage == MX_STORAGE_BF16X3);
  size_t size;
  self->prepared_offset = mx_pass_prepared_layout (self->program, false, &size);
  self->prepared_bytes = size * sizeof *self->prepared;
  /* On cache lines, for the kernels. */
  self->prepared = g_aligned_alloc0 (size + 1, sizeof (float), 64);
  mx_pass_prepare (self->program, false, self->program_weights, self->prepared,
      self->prepared_offset, NULL);
  return self;
}

MxNetwork *
mx_network_new (MxDescription *description, const float *weights)
{
  return new_stored (description, weights, MX_STORAGE_F32);
}

MxNetwork *
mx_network_new_stored (const MxNetwork *network, MxStorage storage)
{
  MxNetwork *self =
      new_stored (network->description, network->weights, storage);

  if (network->calibration != NULL)
    self->calibration = mx_calibration_copy (network->calibration);
  return self;
}

MxNetwork *
mx_network_new_calibrated (
    const MxNetwork *network, const MxCalibration *calibration)
{
  MxNetwork *self =
      new_stored (network->description, network->weights, network->storage);

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
