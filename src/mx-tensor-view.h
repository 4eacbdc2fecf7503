/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* A tensor as it stands in a file: its name, its type and shape, where it is.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

G_BEGIN_DECLS

typedef enum { MX_DTYPE_F32, MX_DTYPE_I32, MX_DTYPE_F16, MX_DTYPE_I8 } MxDtype;

#define MX_MAX_DIMS 8

/* Borrowed from the file it came from. */
typedef struct {
  const char *name;
  MxDtype dtype;
  guint n_dims;
  gsize dims[MX_MAX_DIMS];
  gsize size;         /* elements */
  gconstpointer data; /* may be unaligned: copy with memcpy */
} MxTensorView;

/* "F32": static. */
const char *mx_dtype_name (MxDtype dtype);
bool mx_dtype_find (const char *name, MxDtype *dtype);

/* Bytes of an element. */
gsize mx_dtype_size (MxDtype dtype);

/* Copies `n` elements between little-endian and host order. */
void mx_dtype_copy (MxDtype dtype, void *to, const void *from, gsize n);

gsize mx_tensor_view_bytes (const MxTensorView *view);

/* "[16, 8, 5]", for messages (g_free). */
char *mx_dims_to_string (guint n_dims, const gsize *dims);

/* A name out of a file may be of any length and hold any character: cut and
 * without control characters, for messages (g_free). */
char *mx_name_to_string (const char *name);

G_END_DECLS
