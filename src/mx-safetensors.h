/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* The safetensors file format: 8 bytes little-endian header length N, N bytes
 * of JSON, raw little-endian tensors.
 *
 * A file is hostile until checked: sizes, offsets, overlaps, duplicates,
 * unknown types and unbounded headers are refused with a message that names
 * the file, the tensor, what was found and what was expected. */
#pragma once

#include "mx-file.h"
#include "mx-tensor-view.h"

G_BEGIN_DECLS

#define MX_SAFETENSORS_ERROR (mx_safetensors_error_quark ())
GQuark mx_safetensors_error_quark (void);

typedef enum {
  MX_SAFETENSORS_ERROR_TRUNCATED, /* the file ends too early */
  MX_SAFETENSORS_ERROR_HEADER,    /* the header is not what it must be */
  MX_SAFETENSORS_ERROR_TENSOR,    /* a tensor's type, shape or place */
  MX_SAFETENSORS_ERROR_LIMIT      /* larger than this reader allows */
} MxSafetensorsError;

typedef struct _MxSafetensors MxSafetensors;

/* @bytes: a reference is kept as long as the object lives.
 * @name: of the file, for messages. */
MxSafetensors *mx_safetensors_new (
    GBytes *bytes, const char *name, GError **error);
/* See mx_file_read(). */
MxSafetensors *mx_safetensors_new_from_file (
    const char *filename, GError **error);
void mx_safetensors_free (MxSafetensors *self);

/* In the order of their data. */
gsize mx_safetensors_get_n_tensors (const MxSafetensors *self);
const MxTensorView *mx_safetensors_get_tensor (
    const MxSafetensors *self, gsize index);
/* NULL if there is none. */
const MxTensorView *mx_safetensors_lookup (
    const MxSafetensors *self, const char *name);
/* A string of __metadata__, or NULL. */
const char *mx_safetensors_get_metadata (
    const MxSafetensors *self, const char *key);
const char *mx_safetensors_get_name (const MxSafetensors *self);

/* Serialises tensors (in the order given, the first one aligned to 8 bytes, the
 * same bytes for the same input) and metadata (name -> string, written in
 * sorted order; NULL: none).  Tensor data are in host order. */
GBytes *mx_safetensors_serialize (
    const MxTensorView *tensors, gsize n_tensors, GHashTable *metadata);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MxSafetensors, mx_safetensors_free)

G_END_DECLS
