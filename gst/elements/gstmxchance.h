/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* The stream of chance that belongs to one sending of one example. */
#pragma once

#include "mx-rng.h"

#include <glib.h>

/* @repeat: how often the example came in this epoch before. */
static inline guint64
gst_mx_chance (guint epoch, guint64 index, guint repeat)
{
  guint64 id = mx_rng_stream (epoch, index);

  return repeat > 0 ? mx_rng_stream (id, repeat) : id;
}
