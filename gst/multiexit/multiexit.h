/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* gstmultiexit-1.0: what applications and elements say to each other about
 * multi-exit networks.
 *
 *   buffer, message, event -> prediction    what mxclassify found in a window
 *   example, dataset -> event               what a stream contains
 *
 * Call gst_init() first.  Everything may be used from any thread; what is not
 * const belongs to one thread at a time. */
#pragma once

#include <gst/multiexit/gstmxexample.h>
#include <gst/multiexit/gstmxprediction.h>
#include <gst/multiexit/gstmxresult.h>
