/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxorder.h"

#include "dataset-folder.h"

#include <math.h>

/* 100 examples: 60 of a, 30 of b, 10 of c. */
#define N 100
static gchar *folder;
static GstMxListing *listing;

static const gchar *
label_of (guint i)
{
  return i % 10 < 6 ? "a" : i % 10 < 9 ? "b" : "c";
}

static void
set_up (void)
{
  GString *manifest = g_string_new ("path,label\n");

  folder = folder_new ();
  for (guint i = 0; i < N; i++) {
    g_autofree gchar *path = g_strdup_printf ("%02u.wav", i);

    folder_put (folder, path, "", 0);
    g_string_append_printf (manifest, "%s,%s\n", path, label_of (i));
  }
  folder_put (folder, "manifest.csv", manifest->str, -1);
  g_string_free (manifest, TRUE);
  listing = gst_mx_listing_new (folder, NULL);
  fail_unless (listing != NULL);
}

static void
tear_down (void)
{
  gst_mx_listing_free (listing);
  folder_free (folder);
}

typedef struct {
  GstMxSelection *selection;
  GstMxOrder *order;
} Case;

static Case
make (guint labelled_per_class, gdouble fraction, GstMxOrderSettings settings)
{
  GstMxChoice choice = {.stop = -1,
      .labelled_fraction = fraction,
      .labelled_per_class = labelled_per_class,
      .seed = settings.seed};
  Case c;

  c.selection = gst_mx_selection_new (listing, &choice, NULL);
  c.order = gst_mx_order_new (c.selection, &settings);
  return c;
}

static void
clear (Case *c)
{
  gst_mx_order_free (c->order);
  gst_mx_selection_free (c->selection);
}

static const GstMxChosen *
chosen_at (const Case *c, const GstMxTurn *turn)
{
  return gst_mx_selection_chosen (c->selection, turn->chosen);
}

/* Turns of a label, NULL: of unlabelled examples. */
static guint
count (const Case *c, const GstMxTurn *turns, const gchar *label)
{
  guint n = 0;

  for (guint i = 0; i < gst_mx_order_get_length (c->order); i++) {
    const GstMxChosen *chosen = chosen_at (c, &turns[i]);

    n += label == NULL
             ? !chosen->labelled
             : chosen->labelled && g_str_equal (chosen->item->label, label);
  }
  return n;
}

GST_START_TEST (without_a_share_each_example_comes_once)
{
  Case c = make (5, 1, (GstMxOrderSettings){.shuffle = __i__, .seed = 3});

  fail_unless_equals_int (gst_mx_order_get_length (c.order), N);
  fail_unless_equals_uint64 (gst_mx_order_count (c.order), N);
  for (guint epoch = 0; epoch < 3; epoch++) {
    const GstMxTurn *turns = gst_mx_order_begin (c.order, epoch);
    gboolean seen[N] = {FALSE};

    for (guint i = 0; i < N; i++) {
      fail_if (seen[turns[i].chosen]);
      seen[turns[i].chosen] = TRUE;
      fail_unless_equals_int (turns[i].repeat, 0);
      fail_unless (__i__ || turns[i].chosen == i);
    }
  }
  clear (&c);
}
GST_END_TEST;

static const gdouble shares[] = {0.01, 0.1, 1. / 3, 0.5, 0.8, 0.99};

GST_START_TEST (labelled_examples_make_their_share_of_each_epoch)
{
  gdouble share = shares[__i__];
  Case c = make (
      5, 1, (GstMxOrderSettings){.shuffle = TRUE, .labelled_share = share});
  guint labelled = (guint)(share / (1 - share) * 85 + 0.5);
  guint length = 85 + labelled;

  fail_unless_equals_int (gst_mx_order_get_length (c.order), length);
  fail_unless_equals_uint64 (gst_mx_order_count (c.order), length);
  for (guint epoch = 0; epoch < 3; epoch++) {
    const GstMxTurn *turns = gst_mx_order_begin (c.order, epoch);
    gboolean seen[N] = {FALSE};
    guint so_far = 0;

    fail_unless_equals_int (count (&c, turns, NULL), 85);
    for (guint i = 0; i < length; i++) {
      gboolean is_labelled = chosen_at (&c, &turns[i])->labelled;

      fail_if (!is_labelled && seen[turns[i].chosen]);
      seen[turns[i].chosen] = TRUE;
      /* Evenly: at no point is the share off by more than one turn. */
      so_far += is_labelled;
      fail_unless (fabs (so_far - (i + 1.) * labelled / length) <= 1);
    }
  }
  clear (&c);
}
GST_END_TEST;

GST_START_TEST (a_share_of_one_leaves_no_unlabelled_example)
{
  Case c =
      make (5, 1, (GstMxOrderSettings){.shuffle = TRUE, .labelled_share = 1});

  fail_unless_equals_int (gst_mx_order_get_length (c.order), 15);
  for (guint epoch = 0; epoch < 3; epoch++) {
    const GstMxTurn *turns = gst_mx_order_begin (c.order, epoch);
    gboolean seen[N] = {FALSE};

    for (guint i = 0; i < 15; i++) {
      fail_unless (chosen_at (&c, &turns[i])->labelled);
      fail_if (seen[turns[i].chosen]);
      seen[turns[i].chosen] = TRUE;
    }
  }
  clear (&c);
}
GST_END_TEST;

/* 15 labelled examples in 42 or 43 turns an epoch. */
GST_START_TEST (labelled_examples_go_round_over_the_epochs)
{
  Case c = make (
      5, 1, (GstMxOrderSettings){.shuffle = TRUE, .labelled_share = 1. / 3});
  guint sent[N] = {0}, round[15], turn = 0, changes = 0;

  for (guint epoch = 0; epoch < 5; epoch++) {
    const GstMxTurn *turns = gst_mx_order_begin (c.order, epoch);

    for (guint i = 0; i < gst_mx_order_get_length (c.order); i++) {
      guint32 chosen = turns[i].chosen;

      if (!chosen_at (&c, &turns[i])->labelled)
        continue;
      /* None comes again before all have come. */
      fail_unless_equals_int (sent[chosen]++, turn / 15);
      changes += turn >= 15 && round[turn % 15] != chosen;
      round[turn++ % 15] = chosen;
    }
  }
  fail_unless (changes > 100, "rounds are not shuffled: %u", changes);
  clear (&c);
}
GST_END_TEST;

GST_START_TEST (a_repeat_counts_the_turns_of_an_example_in_its_epoch)
{
  Case c =
      make (1, 1, (GstMxOrderSettings){.shuffle = TRUE, .labelled_share = 0.5});

  for (guint epoch = 0; epoch < 2; epoch++) {
    const GstMxTurn *turns = gst_mx_order_begin (c.order, epoch);
    guint sent[N] = {0};

    for (guint i = 0; i < gst_mx_order_get_length (c.order); i++)
      fail_unless_equals_int (turns[i].repeat, sent[turns[i].chosen]++);
  }
  clear (&c);
}
GST_END_TEST;

GST_START_TEST (balanced_classes_come_equally_often)
{
  Case c =
      make (0, 0.5, (GstMxOrderSettings){.shuffle = __i__, .balance = TRUE});

  for (guint epoch = 0; epoch < 3; epoch++) {
    const GstMxTurn *turns = gst_mx_order_begin (c.order, epoch);

    fail_unless_equals_int (count (&c, turns, NULL), 50);
    fail_unless_equals_int (count (&c, turns, "a"), 30);
    fail_unless_equals_int (count (&c, turns, "b"), 30);
    fail_unless_equals_int (count (&c, turns, "c"), 30);
  }
  clear (&c);
}
GST_END_TEST;

GST_START_TEST (balance_holds_within_a_share)
{
  Case c = make (0, 0.5,
      (GstMxOrderSettings){
          .shuffle = TRUE, .balance = TRUE, .labelled_share = 0.4});
  guint a = 0, b = 0, of_c = 0;

  for (guint epoch = 0; epoch < 3; epoch++) {
    const GstMxTurn *turns = gst_mx_order_begin (c.order, epoch);

    a += count (&c, turns, "a");
    b += count (&c, turns, "b");
    of_c += count (&c, turns, "c");
  }
  fail_unless_equals_int (a + b + of_c, 3 * 33);
  fail_unless (a == b && b == of_c);
  clear (&c);
}
GST_END_TEST;

/* Without unlabelled examples there is nothing to share with. */
GST_START_TEST (a_share_of_nothing_but_labelled_examples_is_all_of_them)
{
  Case c =
      make (0, 1, (GstMxOrderSettings){.shuffle = TRUE, .labelled_share = 0.2});
  const GstMxTurn *turns = gst_mx_order_begin (c.order, 0);
  gboolean seen[N] = {FALSE};

  fail_unless_equals_int (gst_mx_order_get_length (c.order), N);
  for (guint i = 0; i < N; i++) {
    fail_if (seen[turns[i].chosen]);
    seen[turns[i].chosen] = TRUE;
  }
  clear (&c);
}
GST_END_TEST;

GST_START_TEST (a_share_without_labelled_examples_sends_each_once)
{
  Case c =
      make (0, 0, (GstMxOrderSettings){.labelled_share = 0.5, .balance = TRUE});

  fail_unless_equals_int (gst_mx_order_get_length (c.order), N);
  fail_unless_equals_int (count (&c, gst_mx_order_begin (c.order, 0), NULL), N);
  clear (&c);
}
GST_END_TEST;

/* A shard or a resumed training begins anywhere. */
GST_START_TEST (an_epoch_is_the_same_whatever_came_before)
{
  GstMxOrderSettings settings = {
      .shuffle = TRUE, .seed = 9, .labelled_share = 0.3, .balance = TRUE};
  Case a = make (3, 1, settings), b = make (3, 1, settings);
  gsize bytes = gst_mx_order_get_length (a.order) * sizeof (GstMxTurn);
  const GstMxTurn *turns, *other;

  for (guint epoch = 0; epoch < 4; epoch++)
    turns = gst_mx_order_begin (a.order, epoch);
  other = gst_mx_order_begin (b.order, 3);
  fail_unless (memcmp (turns, other, bytes) == 0);
  other = gst_mx_order_begin (b.order, 2);
  fail_if (memcmp (turns, other, bytes) == 0);
  clear (&a);
  clear (&b);
}
GST_END_TEST;

/* Plain, and with rounds of labelled examples that come again. */
static const GstMxOrderSettings sharded[] = {
    {.shuffle = TRUE, .seed = 5},
    {.shuffle = TRUE, .seed = 5, .labelled_share = 0.4, .balance = TRUE},
};

GST_START_TEST (shards_are_every_so_many_turns_and_together_the_epoch)
{
  GstMxOrderSettings settings = sharded[__i__];
  Case whole = make (5, 1, settings);
  guint length = gst_mx_order_get_length (whole.order);

  for (settings.shards = 1; settings.shards <= 7; settings.shards += 3) {
    guint64 examples = 0;

    for (settings.shard = 0; settings.shard < (gint)settings.shards;
         settings.shard++) {
      Case c = make (5, 1, settings);
      const GstMxTurn *all = gst_mx_order_begin (whole.order, 2);
      const GstMxTurn *turns = gst_mx_order_begin (c.order, 2);
      guint at = (guint)settings.shard, n = 0;

      for (; at < length; at += settings.shards, n++)
        fail_unless (memcmp (&turns[n], &all[at], sizeof *all) == 0);
      fail_unless_equals_int (gst_mx_order_get_length (c.order), n);
      examples += gst_mx_order_count (c.order);
      clear (&c);
    }
    fail_unless_equals_uint64 (examples, length);
  }
  clear (&whole);
}
GST_END_TEST;

static Suite *
order_suite (void)
{
  Suite *suite = suite_create ("order");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_checked_fixture (tc, set_up, tear_down);
  tcase_add_loop_test (tc, without_a_share_each_example_comes_once, 0, 2);
  tcase_add_loop_test (tc, labelled_examples_make_their_share_of_each_epoch, 0,
      G_N_ELEMENTS (shares));
  tcase_add_test (tc, a_share_of_one_leaves_no_unlabelled_example);
  tcase_add_test (tc, labelled_examples_go_round_over_the_epochs);
  tcase_add_test (tc, a_repeat_counts_the_turns_of_an_example_in_its_epoch);
  tcase_add_loop_test (tc, balanced_classes_come_equally_often, 0, 2);
  tcase_add_test (tc, balance_holds_within_a_share);
  tcase_add_test (tc, a_share_of_nothing_but_labelled_examples_is_all_of_them);
  tcase_add_test (tc, a_share_without_labelled_examples_sends_each_once);
  tcase_add_test (tc, an_epoch_is_the_same_whatever_came_before);
  tcase_add_loop_test (
      tc, shards_are_every_so_many_turns_and_together_the_epoch, 0, 2);
  return suite;
}

GST_CHECK_MAIN (order);
