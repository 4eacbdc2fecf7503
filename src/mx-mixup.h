/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* mixup of labelled windows, on the input of the network:
 *
 *   x_i = m x_i + (1 - m) x_j,  x_j = m x_j + (1 - m) x_i
 *   m = max (b, 1 - b),  b ~ Beta (alpha, alpha), one draw for a couple i, j
 *
 * Couples are drawn anew for each batch; of an odd number one window stays as
 * it is.  Their perturbed copies are mixed alike, so a copy stays the perturbed
 * copy of its row.  Unlabelled windows are left alone.
 * (H. Zhang et al., mixup: Beyond Empirical Risk Minimization, arXiv
 * 1710.09412, 2017.) */
#pragma once

#include "mx-rng.h"
#include "mx-tensor.h"

typedef struct _MxMixup MxMixup;

/* @rows: the most rows a batch will have. */
MxMixup *mx_mixup_new (size_t rows);
void mx_mixup_free (MxMixup *self);

/* Mixes rows of @input.  @label, @partner: as in MxObjectiveBatch; windows of
 * which one has a copy and the other has none are not mixed.  @alpha: > 0. */
void mx_mixup_apply (MxMixup *self, double alpha, MxRng *rng,
    const int32_t *label, const int32_t *partner, MxTensor *input);

/* Of the last batch, [rows], as in MxObjectiveBatch: m, and the class of the
 * other window. */
const float *mx_mixup_get_shares (const MxMixup *self);
const int32_t *mx_mixup_get_others (const MxMixup *self);
