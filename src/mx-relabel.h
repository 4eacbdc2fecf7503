/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* A network for other labels: the bodies of its stages stay, its exits get one
 * output for each of the new labels, in their order. */
#pragma once

#include "mx-network.h"

/* Outputs of labels that both know keep their weights, by name; those of the
 * others are drawn from `seed`, as fresh ones are.  An output is what the last
 * dense or convolutional layer of an exit computes for a class; layers before
 * it keep all they have, unless their size follows the number of labels, where
 * they are drawn anew.
 *
 * @labels: NULL-terminated.  Returns a new reference to @network if it has just
 * these labels, in any order.  NULL and MX_DESCRIPTION_ERROR: no labels for a
 * network, or the description says how many outputs an exit has. */
MxNetwork *mx_network_relabel (MxNetwork *network, const char *const *labels,
    uint64_t seed, GError **error);
