/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Weights of classes by how often they come, so that rare ones count as much
 * as frequent ones: with n windows so far, n_k of class k, K classes,
 *
 *   c_k = (n + K) / (K (n_k + 1))
 *
 * whose mean over the windows goes to 1.  One window of each class is taken to
 * have come before all others: none weighs without bound. */
#pragma once

#include <stddef.h>
#include <stdint.h>

typedef struct _MxClassBalance MxClassBalance;

MxClassBalance *mx_class_balance_new (size_t classes);
void mx_class_balance_free (MxClassBalance *self);

/* So many windows of this class came. */
void mx_class_balance_count (MxClassBalance *self, size_t class, uint64_t n);

/* [classes]: c, of what was counted; valid until the next call. */
const float *mx_class_balance_compute (MxClassBalance *self);

/* [classes]: n_k, which is all of its state. */
uint64_t *mx_class_balance_get_counts (MxClassBalance *self);
