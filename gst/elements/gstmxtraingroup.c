/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxtraingroup.h"

#include <string.h>

GST_DEBUG_CATEGORY_EXTERN (mx_train_sink_debug);
#define GST_CAT_DEFAULT mx_train_sink_debug

/* Checksums as text. */
#define LONGEST_TEXT 128

gboolean
gst_mx_train_group_open (GstMxTrainGroup *self)
{
  g_autoptr (GError) error = NULL;

  gst_mx_train_group_close (self);
  self->parted = FALSE;
  self->tally = (GstMxTally){0};
  if (!self->wanted)
    return TRUE;
  self->group = mx_group_open (&error);
  if (error == NULL)
    return TRUE;
  GST_ELEMENT_ERROR (self->owner, LIBRARY, INIT,
      ("Training over several processes cannot begin: %s. Set mpi=false to "
       "train in this one alone.",
          error->message),
      (NULL));
  return FALSE;
}

void
gst_mx_train_group_close (GstMxTrainGroup *self)
{
  mx_group_close (self->group, self->parted);
  self->group = NULL;
}

gboolean
gst_mx_train_group_is_first (const GstMxTrainGroup *self)
{
  return mx_group_get_rank (self->group) == 0;
}

/* ------------------------------------------------------------- agreeing */

/* Counts are exact as doubles far beyond any training. */
enum {
  ROWS = GST_MX_N_WANTS,
  WINDOWS,
  PLANNED,
  HEARD,
  HEARD_WINDOWS,
  LABELLED,
  DUE,
  N_SUMS
};

static void
add_tallies (
    GstMxTrainGroup *self, GstMxWant want, const GstMxTally *own, gdouble *sums)
{
  memset (sums, 0, N_SUMS * sizeof *sums);
  sums[want] = 1;
  sums[ROWS] = (gdouble)own->rows;
  sums[WINDOWS] = (gdouble)own->windows;
  sums[PLANNED] = (gdouble)own->planned;
  sums[HEARD] = (gdouble)own->heard;
  sums[HEARD_WINDOWS] = (gdouble)own->heard_windows;
  sums[LABELLED] = (gdouble)own->labelled;
  sums[DUE] = (gdouble)own->due;
  mx_group_sum (self->group, sums, N_SUMS);
  self->tally = (GstMxTally){.rows = (guint64)sums[ROWS],
      .windows = (guint64)sums[WINDOWS],
      .planned = (guint64)sums[PLANNED],
      .heard = (guint64)sums[HEARD],
      .heard_windows = (guint64)sums[HEARD_WINDOWS],
      .labelled = (guint64)sums[LABELLED],
      .due = (guint64)sums[DUE]};
}

/* Whoever still learns goes first, then whoever measures.  Batch statistics
 * need two rows. */
static GstMxDecision
decide (const GstMxTrainGroup *self, const gdouble *wants)
{
  if (wants[GST_MX_WANT_FAIL] > 0)
    return GST_MX_DECISION_FAIL;
  if (wants[GST_MX_WANT_BEGIN] > 0)
    return GST_MX_DECISION_BEGIN;
  if (wants[GST_MX_WANT_STEP] > 0 ||
      (wants[GST_MX_WANT_LAST] > 0 && self->tally.rows >= 2))
    return GST_MX_DECISION_STEP;
  if (wants[GST_MX_WANT_LAST] > 0)
    return GST_MX_DECISION_NO_STEP;
  if (wants[GST_MX_WANT_VALID] > 0)
    return GST_MX_DECISION_VALID;
  return GST_MX_DECISION_SETTLE;
}

static gboolean
is_heeded (const GstMxTrainGroup *self, GstMxWant want, GstMxDecision decision,
    const gdouble *wants)
{
  switch (want) {
  case GST_MX_WANT_BEGIN:
    return decision == GST_MX_DECISION_BEGIN;
  case GST_MX_WANT_STEP:
    return decision == GST_MX_DECISION_STEP;
  case GST_MX_WANT_LAST:
    return decision == GST_MX_DECISION_STEP ||
           decision == GST_MX_DECISION_NO_STEP;
  case GST_MX_WANT_VALID:
    return decision == GST_MX_DECISION_VALID;
  case GST_MX_WANT_EPOCH:
    return decision == GST_MX_DECISION_SETTLE;
  default:
    return decision == GST_MX_DECISION_SETTLE &&
           wants[GST_MX_WANT_END] >= (gdouble)mx_group_get_size (self->group);
  }
}

GstMxDecision
gst_mx_train_group_agree (GstMxTrainGroup *self, GstMxWant want,
    const GstMxTally *own, gboolean *heeded)
{
  gdouble sums[N_SUMS];
  GstMxDecision decision;

  add_tallies (self, want, own, sums);
  decision = decide (self, sums);
  *heeded = is_heeded (self, want, decision, sums);
  self->parted |= decision == GST_MX_DECISION_FAIL;
  GST_LOG_OBJECT (self->owner,
      "want %d, decided %d, %" G_GUINT64_FORMAT " rows", want, decision,
      self->tally.rows);
  return decision;
}

void
gst_mx_train_group_leave (GstMxTrainGroup *self)
{
  const GstMxTally none = {0};
  gboolean heeded;

  if (self->group == NULL || self->parted)
    return;
  GST_INFO_OBJECT (self->owner, "waits to tell the others that it goes");
  gst_mx_train_group_agree (self, GST_MX_WANT_FAIL, &none, &heeded);
}

/* -------------------------------------------------------------- telling */

gboolean
gst_mx_train_group_is_same (GstMxTrainGroup *self, const gchar *text)
{
  gchar first[LONGEST_TEXT] = "";
  gdouble others;

  g_strlcpy (first, text, sizeof first);
  mx_group_broadcast (self->group, first, sizeof first);
  others = g_str_equal (first, text) ? 0 : 1;
  mx_group_sum (self->group, &others, 1);
  return others == 0;
}

gint64
gst_mx_train_group_hear (GstMxTrainGroup *self, gint64 first)
{
  mx_group_broadcast (self->group, &first, sizeof first);
  return first;
}

GBytes *
gst_mx_train_group_share (GstMxTrainGroup *self, GBytes *first)
{
  gsize size = first ? g_bytes_get_size (first) : 0;
  gpointer copy;

  size = (gsize)gst_mx_train_group_hear (self, (gint64)size);
  if (first != NULL)
    copy = g_memdup2 (g_bytes_get_data (first, NULL), size);
  else
    copy = g_malloc (size);
  mx_group_broadcast (self->group, copy, size);
  return g_bytes_new_take (copy, size);
}
