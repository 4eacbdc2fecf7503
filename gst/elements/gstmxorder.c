/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxorder.h"

#include "mx-rng.h"

/* Chance of a kind of its own, see gstmxselection.c. */
#define ROUND_STREAM (G_MAXUINT64 - 3)

/* Labelled examples that take turns among themselves. */
typedef struct {
  guint32 *members; /* [n], indices into the selection */
  guint32 *order;   /* [n], of the present round */
  guint n;
  guint64 round;
} Circle;

struct _GstMxOrder {
  const GstMxSelection *selection;
  GstMxOrderSettings settings;
  GArray *circles;    /* of Circle; none: plain */
  GArray *unlabelled; /* of guint32 */
  guint labelled;     /* turns of labelled examples in an epoch */
  guint taught;       /* turns of an epoch, but for those to measure with */
  guint n_valid;
  guint32 *order;   /* [chosen] */
  guint32 *repeats; /* [chosen] */
  GstMxTurn *turns; /* [length] */
};

/* -------------------------------------------------------------- circles */

static void
circle_clear (gpointer data)
{
  Circle *circle = data;

  g_free (circle->members);
  g_free (circle->order);
}

/* Takes the members. */
static void
add_circle (GstMxOrder *self, GArray *members)
{
  Circle circle = {.n = members->len, .round = G_MAXUINT64};

  circle.members = (guint32 *)(gpointer)g_array_free (members, FALSE);
  circle.order = g_new (guint32, circle.n);
  if (circle.n > 0)
    g_array_append_val (self->circles, circle);
  else
    circle_clear (&circle);
}

/* The class of a labelled example; recordings that are labelled over time, and
 * all if classes are not balanced, are one. */
static guint
circle_of (const GstMxOrder *self, const GstMxListingItem *item)
{
  return self->settings.balance && !item->stretches
             ? (guint)item->class_index + 1
             : 0;
}

static void
make_circles (GstMxOrder *self)
{
  const GArray *chosen = self->selection->chosen;
  GPtrArray *members = g_ptr_array_new ();

  for (guint32 i = 0; i < chosen->len - self->n_valid; i++) {
    const GstMxChosen *one = gst_mx_selection_chosen (self->selection, i);
    guint circle;

    if (!one->labelled) {
      if (self->settings.labelled_share < 1)
        g_array_append_val (self->unlabelled, i);
      continue;
    }
    circle = circle_of (self, one->item);
    while (members->len <= circle)
      g_ptr_array_add (members, g_array_new (FALSE, FALSE, sizeof (guint32)));
    g_array_append_val ((GArray *)members->pdata[circle], i);
  }
  for (guint c = 0; c < members->len; c++)
    add_circle (self, members->pdata[c]);
  g_ptr_array_free (members, TRUE);
}

static void
begin_round (GstMxOrder *self, guint c, guint64 round)
{
  Circle *circle = &g_array_index (self->circles, Circle, c);
  MxRng rng;

  circle->round = round;
  for (guint32 i = 0; i < circle->n; i++)
    circle->order[i] = circle->members[i];
  if (!self->settings.shuffle)
    return;
  mx_rng_init (&rng, self->settings.seed,
      mx_rng_stream (ROUND_STREAM, mx_rng_stream (c, round)));
  mx_rng_shuffle (&rng, circle->order, circle->n);
}

/* Labelled turn @turn, counted over all epochs: the circles take turns. */
static guint32
labelled_at (GstMxOrder *self, guint64 turn)
{
  guint c = turn % self->circles->len;
  Circle *circle = &g_array_index (self->circles, Circle, c);
  guint64 at = turn / self->circles->len;

  if (circle->round != at / circle->n)
    begin_round (self, c, at / circle->n);
  return circle->order[at % circle->n];
}

/* --------------------------------------------------------------- making */

static guint
count_labelled (const GstMxOrder *self)
{
  gdouble share = self->settings.labelled_share;
  guint most = 0;

  if (share > 0 && self->unlabelled->len > 0)
    return (guint)MAX (
        share / (1 - share) * (gdouble)self->unlabelled->len + 0.5, 1);
  for (guint c = 0; c < self->circles->len; c++)
    most = MAX (most, g_array_index (self->circles, Circle, c).n);
  return most * self->circles->len;
}

GstMxOrder *
gst_mx_order_new (
    const GstMxSelection *selection, const GstMxOrderSettings *settings)
{
  GstMxOrder *self = g_new0 (GstMxOrder, 1);
  guint n = selection->chosen->len;

  self->selection = selection;
  self->settings = *settings;
  self->circles = g_array_new (FALSE, FALSE, sizeof (Circle));
  g_array_set_clear_func (self->circles, circle_clear);
  self->unlabelled = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->n_valid = selection->n_valid;
  self->taught = n - self->n_valid;
  if (settings->labelled_share > 0 || settings->balance)
    make_circles (self);
  if (self->circles->len > 0) {
    self->labelled = count_labelled (self);
    self->taught = self->unlabelled->len + self->labelled;
  }
  self->order = g_new (guint32, n);
  self->repeats = g_new (guint32, n);
  self->turns = g_new (GstMxTurn, self->taught + self->n_valid);
  return self;
}

void
gst_mx_order_free (GstMxOrder *self)
{
  if (!self)
    return;
  g_array_unref (self->circles);
  g_array_unref (self->unlabelled);
  g_free (self->order);
  g_free (self->repeats);
  g_free (self->turns);
  g_free (self);
}

/* Turns of the shard, of n. */
static guint
share_of (const GstMxOrder *self, guint n)
{
  guint shards = MAX (self->settings.shards, 1);
  guint shard = shards > 1 ? (guint)self->settings.shard : 0;

  return (n + shards - 1 - shard) / shards;
}

guint
gst_mx_order_get_taught (const GstMxOrder *self)
{
  return share_of (self, self->taught);
}

guint
gst_mx_order_get_length (const GstMxOrder *self)
{
  return gst_mx_order_get_taught (self) + share_of (self, self->n_valid);
}

/* --------------------------------------------------------------- epochs */

static void
arrange (const GstMxOrder *self, guint n, guint epoch)
{
  if (self->settings.shuffle)
    gst_mx_selection_shuffle (self->order, n, self->settings.seed, epoch);
  else
    for (guint32 i = 0; i < n; i++)
      self->order[i] = i;
}

static void
begin_mixed (GstMxOrder *self, guint epoch)
{
  guint64 length = self->taught, labelled = self->labelled;
  guint64 before = epoch * labelled;

  arrange (self, self->unlabelled->len, epoch);
  for (guint64 i = 0; i < length; i++) {
    /* Labelled turns up to here. */
    guint64 from = i * labelled / length, to = (i + 1) * labelled / length;

    self->turns[i].chosen = to > from ? labelled_at (self, before + from)
                                      : g_array_index (self->unlabelled,
                                            guint32, self->order[i - from]);
  }
}

static void
begin_plain (GstMxOrder *self, guint epoch)
{
  arrange (self, self->taught, epoch);
  for (guint i = 0; i < self->taught; i++)
    self->turns[i].chosen = self->order[i];
}

/* To `to`, those of the shard of n turns at `from`. */
static void
keep_share (GstMxOrder *self, guint from, guint n, guint to)
{
  guint shard = self->settings.shards > 1 ? (guint)self->settings.shard : 0;
  guint shards = MAX (self->settings.shards, 1);

  for (guint i = shard; i < n; i += shards)
    self->turns[to++] = self->turns[from + i];
}

const GstMxTurn *
gst_mx_order_begin (GstMxOrder *self, guint epoch)
{
  if (self->circles->len > 0)
    begin_mixed (self, epoch);
  else
    begin_plain (self, epoch);
  for (guint i = 0; i < self->n_valid; i++)
    self->turns[self->taught + i].chosen =
        self->selection->chosen->len - self->n_valid + i;
  for (guint i = 0; i < self->selection->chosen->len; i++)
    self->repeats[i] = 0;
  for (guint i = 0; i < self->taught + self->n_valid; i++)
    self->turns[i].repeat = self->repeats[self->turns[i].chosen]++;
  keep_share (self, 0, self->taught, 0);
  keep_share (
      self, self->taught, self->n_valid, gst_mx_order_get_taught (self));
  return self->turns;
}

static guint64
count_from (GstMxOrder *self, guint first)
{
  guint64 n = 0;

  gst_mx_order_begin (self, 0);
  for (guint i = first; i < gst_mx_order_get_length (self); i++)
    n += MAX (gst_mx_selection_chosen (self->selection, self->turns[i].chosen)
                  ->item->n_stretches,
        1);
  return n;
}

guint64
gst_mx_order_count (GstMxOrder *self)
{
  return count_from (self, 0);
}

guint64
gst_mx_order_count_valid (GstMxOrder *self)
{
  return count_from (self, gst_mx_order_get_taught (self));
}
