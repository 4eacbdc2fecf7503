/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Whatever model is accepted is written and read again as the same. */
#include "fuzz.h"

#include "mx-model-file.h"

static bool
check (GBytes *bytes)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MxNetwork) network = mx_model_file_read (bytes, "1", &error);
  g_assert_true ((network == NULL) == (error != NULL));
  if (!network) {
    g_assert_true (g_utf8_validate (error->message, -1, NULL));
    return false;
  }
  g_autoptr (GBytes) once = mx_model_file_write (network);
  g_autoptr (MxNetwork) copy = mx_model_file_read (once, "2", &error);
  g_assert_no_error (error); /* what was written must be read */
  g_autoptr (GBytes) twice = mx_model_file_write (copy);
  g_assert_true (g_bytes_equal (once, twice));
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
