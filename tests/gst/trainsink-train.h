/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Whole trainings of a mxtrainsink, from the first example to the file. */
#pragma once

#include "trainsink-rig.h"

#define EXAMPLES 20
#define EPOCHS 6

/* How the branches' data arrive. */
typedef enum {
  ALTERNATING,
  CLEAN_FIRST,
  PERTURBED_FIRST,
  GAPPED,
  GAPPED_FOR_LONG /* once, for longer than an example may last */
} Order;

/* Ahead of an example, as in a continuous stream. */
static inline void
push_gap (GstPad *pad, const Example *next, Order order)
{
  const GstMxExample gap = {
      .index = next->index, .epoch = next->epoch, .duration = 1, .gap = TRUE};
  Example heard = *next;

  if (order == GAPPED_FOR_LONG)
    heard.length = next->index == 1 && next->epoch == 0 ? 660 * RATE : 1;
  gst_pad_push_event (pad, gst_mx_example_event_new (&gap));
  rig_push_samples (pad, &heard, 100, 1000);
}

static inline void
push_all (Rig *rig, Order order, gsize chunk)
{
  GstPad *first = order == PERTURBED_FIRST ? rig->perturbed : rig->clean;
  GstPad *second = order == PERTURBED_FIRST ? rig->clean : rig->perturbed;
  guint n = EXAMPLES * EPOCHS;

  rig_begin (rig->clean, RATE, rig_labels, EXAMPLES, EPOCHS);
  if (rig->perturbed != NULL)
    rig_begin (rig->perturbed, RATE, rig_labels, EXAMPLES, EPOCHS);
  for (guint i = 0; i < 2 * n; i++) {
    gboolean gapped = order == GAPPED || order == GAPPED_FOR_LONG;
    gboolean alternates = order == ALTERNATING || gapped;
    guint at = alternates ? i / 2 : i % n;
    gboolean is_first = alternates ? i % 2 == 0 : i < n;
    Example example = example_of (at % EXAMPLES, at / EXAMPLES);
    GstPad *pad = is_first ? first : second;

    if (pad != NULL && gapped)
      push_gap (pad, &example, order);
    if (pad != NULL)
      rig_push (pad, &example, chunk);
  }
  gst_pad_push_event (first, gst_event_new_eos ());
  if (second != NULL)
    gst_pad_push_event (second, gst_event_new_eos ());
}

static inline GBytes *
train (const gchar *properties, gboolean pairs, Order order, gsize chunk)
{
  gchar *contents;
  gsize size;
  Rig rig;

  rig_init (&rig, properties, pairs);
  gst_element_set_state (rig.pipeline, GST_STATE_PLAYING);
  push_all (&rig, order, chunk);
  rig_expect_end (&rig);
  fail_unless (g_file_get_contents (rig.location, &contents, &size, NULL));
  rig_clear (&rig);
  return g_bytes_new_take (contents, size);
}
