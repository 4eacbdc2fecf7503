/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxselection.h"

#include "gstmxchance.h"

#include "dataset-folder.h"

/* 24 examples: subjects s0 to s3 have a1, a2 (label a), b1 (b), u1 (none) in
 * train, and a3, b2 in test. */
static gchar *folder;
static GstMxListing *listing;

static void
set_up (void)
{
  GString *manifest = g_string_new ("path,label,split,subject\n");

  folder = folder_new ();
  for (guint s = 0; s < 4; s++) {
    static const struct {
      const gchar *name, *label, *split;
    } files[] = {{"a1", "a", "train"}, {"a2", "a", "train"},
        {"b1", "b", "train"}, {"u1", "", "train"}, {"a3", "a", "test"},
        {"b2", "b", "test"}};

    for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
      gchar *path = g_strdup_printf ("s%u-%s.wav", s, files[i].name);

      folder_put (folder, path, "", 0);
      g_string_append_printf (
          manifest, "%s,%s,%s,s%u\n", path, files[i].label, files[i].split, s);
      g_free (path);
    }
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

static const GstMxChoice everything = {.stop = -1, .labelled_fraction = 1.0};

/* Labels, then path=label of what was chosen; an error after "!". */
static gchar *
choose (const GstMxChoice *choice)
{
  GError *error = NULL;
  GstMxSelection *selection = gst_mx_selection_new (listing, choice, &error);
  GString *shown = g_string_new (NULL);
  gchar *labels;

  if (!selection) {
    g_string_printf (shown, "!%s", error->message);
    g_error_free (error);
    return g_string_free (shown, FALSE);
  }
  fail_unless (error == NULL);
  labels = g_strjoinv (",", selection->labels);
  g_string_append_printf (shown, "%s:", labels);
  for (guint i = 0; i < selection->chosen->len; i++) {
    const GstMxChosen *chosen = gst_mx_selection_chosen (selection, i);
    gchar *name = g_strndup (chosen->item->path,
        strchr (chosen->item->path, '.') - chosen->item->path);

    g_string_append_printf (shown, " %s%s%s", name, chosen->labelled ? "=" : "",
        chosen->labelled ? chosen->item->label : "");
    g_free (name);
  }
  g_free (labels);
  gst_mx_selection_free (selection);
  return g_string_free (shown, FALSE);
}

#define S(text) ((gchar *)text)

static const struct {
  gchar *splits, *subjects, *exclude_subjects, *labels;
  gint64 start, stop;
  const gchar *expected;
} choices[] = {
    {S ("test"), S ("s1"), NULL, NULL, 0, -1, "a,b: s1-a3=a s1-b2=b"},
    {S ("test"), S ("s3, s1"), NULL, NULL, 0, -1,
        "a,b: s1-a3=a s1-b2=b s3-a3=a s3-b2=b"},
    {S ("test"), NULL, S ("s0,s1,s2"), NULL, 0, -1, "a,b: s3-a3=a s3-b2=b"},
    {NULL, S ("s2"), NULL, NULL, 0, -1,
        "a,b: s2-a1=a s2-a2=a s2-b1=b s2-u1 s2-a3=a s2-b2=b"},
    {S ("train,test"), S ("s2"), NULL, NULL, 1, 3, "a,b: s2-a2=a s2-b1=b"},
    {S ("train"), NULL, NULL, NULL, 15, -1, "a,b: s3-u1"},
    {S ("train"), NULL, NULL, NULL, 15, 1000, "a,b: s3-u1"},
    /* the order of the classes, and classes that have no example */
    {S ("test"), S ("s0"), NULL, S ("b, z ,a"), 0, -1,
        "b,z,a: s0-a3=a s0-b2=b"},
};

GST_START_TEST (names_and_range_choose_in_the_order_of_the_listing)
{
  GstMxChoice choice = everything;
  gchar *shown;

  choice.splits = choices[__i__].splits;
  choice.subjects = choices[__i__].subjects;
  choice.exclude_subjects = choices[__i__].exclude_subjects;
  choice.labels = choices[__i__].labels;
  choice.start = choices[__i__].start;
  choice.stop = choices[__i__].stop;
  shown = choose (&choice);
  fail_unless_equals_string (shown, choices[__i__].expected);
  g_free (shown);
}
GST_END_TEST;

static const struct {
  gchar *splits, *subjects, *exclude_subjects, *labels;
  gint64 start, stop;
  const gchar *message;
} wrong[] = {
    {S ("val"), NULL, NULL, NULL, 0, -1,
        "has no split 'val'; there are: test, train"},
    {S ("train,tset"), NULL, NULL, NULL, 0, -1, "has no split 'tset'"},
    {NULL, S ("s9"), NULL, NULL, 0, -1,
        "has no subject 's9'; there are: s0, s1, s2, s3"},
    {NULL, NULL, S ("S1"), NULL, 0, -1, "has no subject 'S1'"},
    {S ("train"), S ("s1"), S ("s1"), NULL, 0, -1,
        "splits: test, train; subjects: s0, s1, s2, s3"},
    {NULL, NULL, NULL, S ("a"), 0, -1, "s0-b1.wav of data set"},
    {NULL, NULL, NULL, S ("a"), 0, -1, "has the label 'b', expected one of: a"},
    {NULL, NULL, NULL, S ("a,b,a"), 0, -1, "'labels' has 'a' twice"},
    {S ("\"train"), NULL, NULL, NULL, 0, -1,
        "'split' is not a comma-separated list"},
    {NULL, NULL, NULL, NULL, 24, -1,
        "from start-index 24 to stop-index -1: there are 24"},
    {NULL, NULL, NULL, NULL, 5, 5, "from start-index 5 to stop-index 5"},
    {NULL, NULL, NULL, NULL, 0, 0, "to stop-index 0"},
};

GST_START_TEST (what_leaves_nothing_says_what_there_is)
{
  GstMxChoice choice = everything;
  gchar *shown;

  choice.splits = wrong[__i__].splits;
  choice.subjects = wrong[__i__].subjects;
  choice.exclude_subjects = wrong[__i__].exclude_subjects;
  choice.labels = wrong[__i__].labels;
  choice.start = wrong[__i__].start;
  choice.stop = wrong[__i__].stop;
  shown = choose (&choice);
  fail_unless (shown[0] == '!' && strstr (shown, wrong[__i__].message),
      "expected \"%s\", got: %s", wrong[__i__].message, shown);
  g_free (shown);
}
GST_END_TEST;

GST_START_TEST (a_missing_file_is_found_before_anything_is_sent)
{
  gchar *filename = folder_path (folder, "s1-b1.wav"), *shown;
  GstMxChoice choice = everything;

  g_remove (filename);
  shown = choose (&choice);
  fail_unless (strstr (shown, "line 10 names 's1-b1.wav', but there is no "),
      "%s", shown);
  g_free (shown);
  /* only what is chosen must be there */
  choice.splits = S ("test");
  shown = choose (&choice);
  fail_unless (shown[0] != '!', "%s", shown);
  g_free (shown);
  g_free (filename);
}
GST_END_TEST;

static guint
count (const gchar *text, const gchar *what)
{
  guint n = 0;

  for (; (text = strstr (text, what)); text += strlen (what))
    n++;
  return n;
}

static const struct {
  gdouble fraction;
  guint a, b; /* of 12 and 8 */
} fractions[] = {
    {0.0, 0, 0},
    {0.001, 1, 1},
    {0.1, 1, 1},
    {0.25, 3, 2},
    {0.5, 6, 4},
    {0.99, 12, 8},
    {1.0, 12, 8},
};

GST_START_TEST (the_labelled_fraction_is_taken_from_each_class)
{
  for (guint64 seed = 0; seed < 20; seed++) {
    GstMxChoice choice = everything;
    gchar *shown, *again;

    choice.seed = seed;
    choice.labelled_fraction = fractions[__i__].fraction;
    shown = choose (&choice);
    fail_unless_equals_int (count (shown, "=a"), fractions[__i__].a);
    fail_unless_equals_int (count (shown, "=b"), fractions[__i__].b);
    fail_unless_equals_int (count (shown, " s"), 24);
    again = choose (&choice);
    fail_unless_equals_string (shown, again);
    g_free (again);
    g_free (shown);
  }
}
GST_END_TEST;

static const struct {
  guint per_class, a, b; /* of 12 and 8 */
} numbers[] = {{1, 1, 1}, {5, 5, 5}, {10, 10, 8}, {100, 12, 8}};

GST_START_TEST (a_number_of_labelled_examples_is_taken_from_each_class)
{
  for (guint64 seed = 0; seed < 20; seed++) {
    GstMxChoice choice = everything;
    gchar *shown;

    choice.seed = seed;
    choice.labelled_fraction = 0.1; /* does not count then */
    choice.labelled_per_class = numbers[__i__].per_class;
    shown = choose (&choice);
    fail_unless_equals_int (count (shown, "=a"), numbers[__i__].a);
    fail_unless_equals_int (count (shown, "=b"), numbers[__i__].b);
    fail_unless_equals_int (count (shown, " s"), 24);
    g_free (shown);
  }
}
GST_END_TEST;

GST_START_TEST (a_smaller_labelled_fraction_is_part_of_a_larger_one)
{
  GstMxChoice small = everything, large = everything;
  gchar *few, *many, **names;

  small.labelled_fraction = 0.25;
  large.labelled_fraction = 0.5;
  few = choose (&small);
  many = choose (&large);
  names = g_strsplit (few, " ", -1);
  for (guint i = 1; names[i]; i++)
    if (strchr (names[i], '='))
      fail_unless (strstr (many, names[i]) != NULL, "%s", names[i]);
  g_strfreev (names);
  g_free (few);
  g_free (many);
}
GST_END_TEST;

GST_START_TEST (another_seed_labels_other_examples)
{
  GstMxChoice choice = everything;
  gchar *one, *other;

  choice.labelled_fraction = 0.5;
  one = choose (&choice);
  choice.seed = 1;
  other = choose (&choice);
  fail_if (g_str_equal (one, other));
  g_free (one);
  g_free (other);
}
GST_END_TEST;

GST_START_TEST (ranges_share_the_labelled_examples_of_the_whole)
{
  GstMxChoice choice = everything;
  gchar *whole, *head, *tail, *joined;

  choice.labelled_fraction = 0.25;
  whole = choose (&choice);
  choice.stop = 11;
  head = choose (&choice);
  choice.start = 11;
  choice.stop = -1;
  tail = choose (&choice);
  joined = g_strconcat (head, strchr (tail, ' '), NULL);
  fail_unless_equals_string (joined, whole);
  g_free (joined);
  g_free (whole);
  g_free (head);
  g_free (tail);
}
GST_END_TEST;

GST_START_TEST (a_shuffle_is_a_permutation_of_its_own_in_each_epoch)
{
  guint32 orders[4][100];
  const struct {
    guint64 seed;
    guint epoch;
  } draws[4] = {{7, 0}, {7, 1}, {8, 0}, {7, 0}};

  for (guint i = 0; i < 4; i++) {
    gboolean seen[100] = {FALSE};

    gst_mx_selection_shuffle (orders[i], 100, draws[i].seed, draws[i].epoch);
    for (guint k = 0; k < 100; k++) {
      fail_unless (orders[i][k] < 100 && !seen[orders[i][k]]);
      seen[orders[i][k]] = TRUE;
    }
  }
  fail_if (memcmp (orders[0], orders[1], sizeof (orders[0])) == 0);
  fail_if (memcmp (orders[0], orders[2], sizeof (orders[0])) == 0);
  fail_unless (memcmp (orders[0], orders[3], sizeof (orders[0])) == 0);
}
GST_END_TEST;

GST_START_TEST (places_reach_from_the_first_to_the_last)
{
  guint drawn[4] = {0};

  for (guint epoch = 0; epoch < 20; epoch++)
    for (guint index = 0; index < 20; index++) {
      guint64 place =
          gst_mx_selection_place (3, 5, gst_mx_chance (epoch, index, 0));

      fail_unless (place <= 3);
      fail_unless_equals_uint64 (place,
          gst_mx_selection_place (3, 5, gst_mx_chance (epoch, index, 0)));
      drawn[place]++;
    }
  /* 100 each are expected, with a standard deviation of 9 */
  for (guint i = 0; i < 4; i++)
    fail_unless (drawn[i] > 60 && drawn[i] < 140, "%u", drawn[i]);
  fail_unless_equals_uint64 (gst_mx_selection_place (0, 5, 1), 0);
}
GST_END_TEST;

static Suite *
selection_suite (void)
{
  Suite *suite = suite_create ("selection");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_checked_fixture (tc, set_up, tear_down);
  tcase_add_loop_test (tc, names_and_range_choose_in_the_order_of_the_listing,
      0, G_N_ELEMENTS (choices));
  tcase_add_loop_test (
      tc, what_leaves_nothing_says_what_there_is, 0, G_N_ELEMENTS (wrong));
  tcase_add_test (tc, a_missing_file_is_found_before_anything_is_sent);
  tcase_add_loop_test (tc, the_labelled_fraction_is_taken_from_each_class, 0,
      G_N_ELEMENTS (fractions));
  tcase_add_loop_test (tc,
      a_number_of_labelled_examples_is_taken_from_each_class, 0,
      G_N_ELEMENTS (numbers));
  tcase_add_test (tc, a_smaller_labelled_fraction_is_part_of_a_larger_one);
  tcase_add_test (tc, another_seed_labels_other_examples);
  tcase_add_test (tc, ranges_share_the_labelled_examples_of_the_whole);
  tcase_add_test (tc, a_shuffle_is_a_permutation_of_its_own_in_each_epoch);
  tcase_add_test (tc, places_reach_from_the_first_to_the_last);
  return suite;
}

GST_CHECK_MAIN (selection);
