/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* A model is one safetensors file: metadata `multiexit.version` ("1"),
 * `multiexit.description` and, where it was calibrated,
 * `multiexit.calibration`, and one tensor per parameter, F32 or, of quantised
 * weights, I8, named by its path in the description, shaped as in PyTorch
 * (docs/model-file.md). */
#pragma once

#include "mx-network.h"

#define MX_MODEL_FILE_ERROR (mx_model_file_error_quark ())
GQuark mx_model_file_error_quark (void);

typedef enum {
  MX_MODEL_FILE_ERROR_FOREIGN, /* safetensors, but not one of ours */
  MX_MODEL_FILE_ERROR_VERSION,
  MX_MODEL_FILE_ERROR_LABELS, /* a model must have labels */
  MX_MODEL_FILE_ERROR_TENSOR  /* missing, too many, wrong shape, not finite */
} MxModelFileError;

/* @name: for messages.  Errors also of the safetensors, description and file
 * domains; every message names the file. */
MxNetwork *mx_model_file_read (GBytes *bytes, const char *name, GError **error);
MxNetwork *mx_model_file_load (const char *filename, GError **error);

GBytes *mx_model_file_write (const MxNetwork *network);
/* Atomic: see mx_file_replace(). */
gboolean mx_model_file_save (
    const MxNetwork *network, const char *filename, GError **error);
