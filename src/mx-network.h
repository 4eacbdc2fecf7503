/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* A trained network: description + one flat block of weights.  Immutable,
 * reference-counted, shared by all streams and threads. */
#pragma once

#include "mx-calibration.h"
#include "mx-description.h"

typedef struct {
  MxDescription *description;
  float *weights; /* [program->n_weights], as in the file */
  /* For inference: folded program, its weights, and these in kernel order. */
  MxProgram *program;
  float *program_weights;
  float *prepared;
  size_t *prepared_offset;    /* [program->n_layers] */
  MxCalibration *calibration; /* NULL: none; other weights would need another */
} MxNetwork;

/* @weights is copied.  Takes a reference to the description. */
MxNetwork *mx_network_new (MxDescription *description, const float *weights);
/* The same network with another calibration, which is copied; NULL: with none.
 */
MxNetwork *mx_network_new_calibrated (
    const MxNetwork *network, const MxCalibration *calibration);
MxNetwork *mx_network_ref (MxNetwork *self);
void mx_network_unref (MxNetwork *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MxNetwork, mx_network_unref)
