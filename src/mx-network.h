/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* A trained network: description + one flat block of weights.  Immutable,
 * reference-counted, shared by all streams and threads.
 *
 * It computes in floats, with weights in kernel order that are floats too or,
 * MX_STORAGE_F16, the nearest halves: half the bytes to be read for each
 * window.  Halves are the weights of dense layers and convolutions, batch-norm
 * folded in; floats stay biases, and layers that halves cannot hold or do not
 * serve:
 *
 *   - with one filter per channel: a few bytes
 *   - computed in tiles (mx-layer-conv1d-fast.c), with sums of weights
 *   - with a filter f whose halves h are not within |h - f| <= 2^-10 |f|
 *     (Euclidean), as of one beyond 65504, or smaller than about 2^-16
 *
 * MX_STORAGE_BF16: convolutions take the nearest numbers of 8 digits
 * (mx-bf16.h), of their weights, batch-norm folded in, and of their input, and
 * sum the products in floats; so half as many bytes are read, and half as many
 * instructions run, where the processor is made for it (mx-kernels-bf16.h).  As
 * before are biases, second inputs, what follows the sum, and other layers; and
 * convolutions of one channel of the input for each filter.
 *
 * MX_STORAGE_BF16X3: of these weights and inputs the nearest two such numbers,
 * nearly a float, whose product takes three; where no kernels are faster so, it
 * is MX_STORAGE_F32. */
#pragma once

#include "mx-calibration.h"
#include "mx-description.h"

typedef enum {
  MX_STORAGE_F32,
  MX_STORAGE_F16,
  MX_STORAGE_BF16,
  MX_STORAGE_BF16X3
} MxStorage;

typedef struct {
  MxDescription *description;
  float *weights; /* [program->n_weights], as in the file */
  /* For inference: folded program, its weights, and these in kernel order. */
  MxProgram *program;
  float *program_weights;
  MxStorage storage;
  float *prepared;
  size_t prepared_bytes;
  size_t *prepared_offset;    /* [program->n_layers] */
  MxCalibration *calibration; /* NULL: none; other weights would need another */
} MxNetwork;

/* In floats.  @weights is copied.  Takes a reference to the description. */
MxNetwork *mx_network_new (MxDescription *description, const float *weights);
/* The same network with another calibration, which is copied; NULL: with none.
 */
MxNetwork *mx_network_new_calibrated (
    const MxNetwork *network, const MxCalibration *calibration);
/* The same network, calibration included, stored in another way. */
MxNetwork *mx_network_new_stored (const MxNetwork *network, MxStorage storage);
MxNetwork *mx_network_ref (MxNetwork *self);
void mx_network_unref (MxNetwork *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MxNetwork, mx_network_unref)
