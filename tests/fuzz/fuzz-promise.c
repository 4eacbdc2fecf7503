/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Whatever file is said to be a recording, what it promises of itself is
 * looked at within it, and what is missing is told. */
#include "fuzz.h"

#include "gstmxpromise.h"

bool
fuzz_check (const uint8_t *data, size_t size)
{
  const char *filename = fuzz_write (data, size);
  g_autofree char *none = gst_mx_promise_check (filename, 0);
  g_autofree char *all = gst_mx_promise_check (filename, G_MAXUINT64);

  /* No more can be missing than if nothing was decoded. */
  g_assert_true (all == NULL || none != NULL);
  if (none != NULL)
    g_assert_true (g_str_has_prefix (none, "found "));
  return none != NULL;
}
