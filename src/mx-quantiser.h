/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Makes a quantised network of one in floats: listens to what its convolutions
 * take in, then gives them whole weights and the ranges of their inputs.
 *
 * Quantised is each convolution of one group.  Each filter has a scale of its
 * own, so a batch-norm behind it changes scales alone: the description stays
 * what it was, but for "quantised" in these layers.  All else stays in floats.
 */
#pragma once

#include "mx-network.h"
#include "mx-session.h"

typedef struct _MxQuantiser MxQuantiser;

#define MX_QUANTISER_ERROR (mx_quantiser_error_quark ())
GQuark mx_quantiser_error_quark (void);

typedef enum {
  MX_QUANTISER_ERROR_QUANTISED, /* it is already */
  MX_QUANTISER_ERROR_NOTHING    /* no convolution can be */
} MxQuantiserError;

/* Takes a reference to the network.  @name: of its file, for messages. */
MxQuantiser *mx_quantiser_new (
    MxNetwork *network, const char *name, GError **error);
void mx_quantiser_free (MxQuantiser *self);

/* Of the same network, with all exits computed, else ranges are those of the
 * windows that went so far.  The quantiser must outlive it. */
void mx_quantiser_listen (MxQuantiser *self, MxSession *session);

/* Convolutions that were heard, and how many there are to be quantised. */
size_t mx_quantiser_get_heard (const MxQuantiser *self);
size_t mx_quantiser_get_layers (const MxQuantiser *self);

/* The path of a convolution whose range is that of a few absurd numbers, or
 * NULL: borrowed. */
const char *mx_quantiser_find_swamped (const MxQuantiser *self);

/* The network, calibration included; a convolution that never was heard stays
 * in floats. */
MxNetwork *mx_quantiser_finish (const MxQuantiser *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MxQuantiser, mx_quantiser_free)
