/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Whatever is accepted lies wholly within the file, and is written and read
 * again as the same. */
#include "fuzz.h"

#include <string.h>

#include "mx-safetensors.h"

/* Reads every byte, for the sanitizer to see. */
static uint8_t
touch (const MxTensorView *view)
{
  const uint8_t *data = view->data;
  uint8_t sum = 0;
  for (size_t i = 0; i < mx_tensor_view_bytes (view); i++)
    sum += data[i];
  return sum;
}

static void
check_same (const MxSafetensors *file, const MxTensorView *views, size_t n)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = mx_safetensors_serialize (views, n, NULL);
  g_autoptr (MxSafetensors) again = mx_safetensors_new (bytes, "2", &error);
  g_assert_no_error (error); /* what was written must be read */
  for (size_t i = 0; i < n; i++) {
    const MxTensorView *view = mx_safetensors_lookup (again, views[i].name);
    g_assert_cmpmem (view->data, mx_tensor_view_bytes (view), views[i].data,
        mx_tensor_view_bytes (&views[i]));
    g_assert_cmpuint (touch (view), ==, touch (&views[i]));
  }
}

static bool
check (GBytes *bytes)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MxSafetensors) file = mx_safetensors_new (bytes, "1", &error);
  g_assert_true ((file == NULL) == (error != NULL));
  if (!file) {
    g_assert_true (g_utf8_validate (error->message, -1, NULL));
    return false;
  }
  const size_t n = mx_safetensors_get_n_tensors (file);
  g_autofree MxTensorView *views = g_new (MxTensorView, n + 1);
  for (size_t i = 0; i < n; i++)
    views[i] = *mx_safetensors_get_tensor (file, i);
  check_same (file, views, n);
  return true;
}

bool
fuzz_check (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (GBytes) repaired = fuzz_repair_length (data, size);
  check (repaired);
  return check (bytes);
}
