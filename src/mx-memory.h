/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Large blocks of floats. */
#pragma once

#include <stddef.h>

/* So many zeros, from the start of a cache line on; free them with
 * g_aligned_free().  Where the system has huge pages for whoever asks, large
 * blocks lie in them: what walks through all of a block otherwise waits for
 * the addresses of its pages. */
float *mx_floats_new (size_t n);
