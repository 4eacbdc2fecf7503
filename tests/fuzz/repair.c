/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "fuzz.h"

#include <string.h>

#define LENGTH_SIZE 8

/* Where the first bracket closes, strings left aside; else the end. */
static size_t
object_length (const uint8_t *text, size_t size)
{
  size_t depth = 0;
  bool in_string = false;
  for (size_t i = 0; i < size; i++) {
    if (text[i] == '"' && (i == 0 || text[i - 1] != '\\'))
      in_string = !in_string;
    if (in_string)
      continue;
    if (text[i] == '{')
      depth++;
    if (text[i] == '}' && --depth == 0)
      return i + 1;
  }
  return size;
}

GBytes *
fuzz_repair_length (const uint8_t *data, size_t size)
{
  if (size < LENGTH_SIZE)
    return g_bytes_new (data, size);
  const uint64_t length = GUINT64_TO_LE (
      (uint64_t)object_length (data + LENGTH_SIZE, size - LENGTH_SIZE));
  uint8_t *copy = g_memdup2 (data, size);
  memcpy (copy, &length, LENGTH_SIZE);
  return g_bytes_new_take (copy, size);
}
