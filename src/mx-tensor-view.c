/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-tensor-view.h"

#include <string.h>

#define MAX_SHOWN 64 /* characters */

static const struct {
  const char *name;
  gsize size;
} dtypes[] = {
    [MX_DTYPE_F32] = {"F32", 4},
    [MX_DTYPE_I32] = {"I32", 4},
    [MX_DTYPE_F16] = {"F16", 2},
    [MX_DTYPE_I8] = {"I8", 1},
};

const char *
mx_dtype_name (MxDtype dtype)
{
  return dtypes[dtype].name;
}

gsize
mx_dtype_size (MxDtype dtype)
{
  return dtypes[dtype].size;
}

bool
mx_dtype_find (const char *name, MxDtype *dtype)
{
  for (guint i = 0; i < G_N_ELEMENTS (dtypes); i++) {
    if (g_str_equal (name, dtypes[i].name)) {
      *dtype = i;
      return true;
    }
  }
  return false;
}

void
mx_dtype_copy (MxDtype dtype, void *to, const void *from, gsize n)
{
  const gsize size = dtypes[dtype].size;
  if (G_BYTE_ORDER == G_LITTLE_ENDIAN) {
    memcpy (to, from, n * size);
    return;
  }
  for (gsize i = 0; i < n; i++)
    for (gsize b = 0; b < size; b++)
      ((guint8 *)to)[i * size + b] =
          ((const guint8 *)from)[i * size + size - 1 - b];
}

gsize
mx_tensor_view_bytes (const MxTensorView *view)
{
  return view->size * dtypes[view->dtype].size;
}

char *
mx_dims_to_string (guint n_dims, const gsize *dims)
{
  GString *text = g_string_new ("[");
  for (guint i = 0; i < n_dims; i++)
    g_string_append_printf (
        text, "%s%" G_GSIZE_FORMAT, i > 0 ? ", " : "", dims[i]);
  g_string_append_c (text, ']');
  return g_string_free (text, FALSE);
}

char *
mx_name_to_string (const char *name)
{
  g_autofree char *valid = g_utf8_make_valid (name, -1);
  g_autofree char *cut = g_utf8_strlen (valid, -1) > MAX_SHOWN
                             ? g_utf8_substring (valid, 0, MAX_SHOWN)
                             : g_strdup (valid);
  char *text =
      g_strconcat (cut, strlen (cut) < strlen (valid) ? "..." : "", NULL);
  for (char *c = text; *c; c++)
    if (g_ascii_iscntrl (*c))
      *c = '?';
  return text;
}
