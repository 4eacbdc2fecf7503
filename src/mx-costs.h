/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What the windows of a stream cost, in multiply-accumulates: a streamed layer
 * by the frames it had not computed yet, a windowed one anew each time.
 *
 * It counts what was asked for, which is what was computed, unless somebody
 * also computes what nobody asked for: then these are the costs of a stream in
 * which he did not. */
#pragma once

#include "mx-grid.h"
#include "mx-policy.h"
#include "mx-program.h"

typedef struct {
  const MxProgram *program;
  int64_t *memory;
  /* Of each value, the frame behind the last one */
  int64_t *paid; /* [n_values]; that was asked for */
  int64_t *full; /* [n_values]; that all windows so far needed */

  uint64_t macs[MX_MAX_EXITS];      /* to each exit, now */
  uint64_t macs_full[MX_MAX_EXITS]; /* to each, had all windows gone there */
  uint64_t executed;                /* paid for the present window */
} MxCosts;

/* @program must outlive it. */
void mx_costs_init (MxCosts *self, const MxProgram *program);
void mx_costs_clear (MxCosts *self);

/* Nothing was heard. */
void mx_costs_reset (MxCosts *self);

/* A window that needs these frames [n_values]. */
void mx_costs_begin (MxCosts *self, const MxSpan *needed);

/* The frames of a streamed layer up to `end`, for the same window. */
void mx_costs_pay_frames (
    MxCosts *self, size_t layer, const MxSpan *needed, int64_t end);
void mx_costs_pay_windowed (MxCosts *self, size_t layer);
