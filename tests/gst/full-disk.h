/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* A limit on the size of the files of this process fails as a full disk does.
 */
#pragma once

#include <gst/check/gstcheck.h>
#include <signal.h>
#include <sys/resource.h>

/* @bytes: or RLIM_INFINITY: as many as ever. */
static inline void
limit_files (rlim_t bytes)
{
  struct rlimit limit;

  signal (SIGXFSZ, SIG_IGN);
  fail_unless_equals_int (getrlimit (RLIMIT_FSIZE, &limit), 0);
  limit.rlim_cur = MIN (bytes, limit.rlim_max);
  fail_unless_equals_int (setrlimit (RLIMIT_FSIZE, &limit), 0);
}
