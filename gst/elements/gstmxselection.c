/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxselection.h"

#include <string.h>

#include "gstmxcsv.h"
#include "gstmxexample.h"
#include "mx-rng.h"

/* Chance for different purposes comes from different streams of one seed: an
 * (epoch, index) for places, and numbers no example has for the rest. */
#define SHUFFLE_STREAM G_MAXUINT64
#define LABELLED_STREAM (G_MAXUINT64 - 1)

#define MAX_NAMES_SHOWN 20

typedef const gchar *(*NameOf) (const GstMxListingItem *item);

static const gchar *
split_of (const GstMxListingItem *item)
{
  return item->split;
}

static const gchar *
subject_of (const GstMxListingItem *item)
{
  return item->subject;
}

/* For messages: the splits or subjects of the data set. */
static gchar *
names_there (const GstMxListing *listing, NameOf name_of)
{
  GHashTable *seen = g_hash_table_new (g_str_hash, g_str_equal);
  GPtrArray *names = g_ptr_array_new ();
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < listing->items->len; i++) {
    const gchar *name = name_of (gst_mx_listing_item (listing, i));

    if (name && g_hash_table_add (seen, (gpointer)name))
      g_ptr_array_add (names, (gpointer)name);
  }
  g_ptr_array_sort (names, gst_mx_listing_compare_names);
  for (guint i = 0; i < MIN (names->len, MAX_NAMES_SHOWN); i++)
    g_string_append_printf (text, "%s%s", i ? ", " : "",
        (const gchar *)g_ptr_array_index (names, i));
  if (names->len > MAX_NAMES_SHOWN)
    g_string_append_printf (text, " and %u more", names->len - MAX_NAMES_SHOWN);
  if (names->len == 0)
    g_string_append (text, "none");
  g_ptr_array_free (names, TRUE);
  g_hash_table_unref (seen);
  return g_string_free (text, FALSE);
}

/* A name that the data set does not have is a slip of the pen: left alone, a
 * misspelt one in exclude-subjects would put test subjects into training. */
static gboolean
check_names (const GstMxListing *listing, gchar *const *wanted, NameOf name_of,
    const gchar *what, GError **error)
{
  for (; wanted && *wanted; wanted++) {
    gboolean found = FALSE;
    gchar *there;

    for (guint i = 0; !found && i < listing->items->len; i++)
      found =
          g_strcmp0 (name_of (gst_mx_listing_item (listing, i)), *wanted) == 0;
    if (found)
      continue;
    there = names_there (listing, name_of);
    g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
        "Data set %s has no %s '%s'; there are: %s", listing->name, what,
        *wanted, there);
    g_free (there);
    return FALSE;
  }
  return TRUE;
}

typedef struct {
  gchar **splits, **subjects, **exclude_subjects, **valid_subjects;
} Names;

static void
names_clear (Names *names)
{
  g_strfreev (names->splits);
  g_strfreev (names->subjects);
  g_strfreev (names->exclude_subjects);
  g_strfreev (names->valid_subjects);
}

static gboolean
parse_list (
    const gchar *property, const gchar *text, gchar ***list, GError **error)
{
  GError *cause = NULL;

  *list = gst_mx_csv_parse_list (text, &cause);
  if (!cause)
    return TRUE;
  g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
      "Property '%s' is not a comma-separated list: %s", property,
      cause->message);
  g_error_free (cause);
  return FALSE;
}

static gboolean
names_parse (Names *names, const GstMxListing *listing,
    const GstMxChoice *choice, GError **error)
{
  return parse_list ("split", choice->splits, &names->splits, error) &&
         parse_list ("subjects", choice->subjects, &names->subjects, error) &&
         parse_list ("exclude-subjects", choice->exclude_subjects,
             &names->exclude_subjects, error) &&
         parse_list ("valid-subjects", choice->valid_subjects,
             &names->valid_subjects, error) &&
         check_names (listing, names->splits, split_of, "split", error) &&
         check_names (listing, names->subjects, subject_of, "subject", error) &&
         check_names (
             listing, names->exclude_subjects, subject_of, "subject", error) &&
         check_names (
             listing, names->valid_subjects, subject_of, "subject", error);
}

static gboolean
is_in (gchar *const *list, const gchar *name)
{
  return name && g_strv_contains ((const gchar *const *)list, name);
}

static gboolean
is_chosen (const GstMxListingItem *item, const Names *names)
{
  if (names->splits && !is_in (names->splits, item->split))
    return FALSE;
  if (names->subjects && !is_in (names->subjects, item->subject))
    return FALSE;
  return !names->exclude_subjects ||
         !is_in (names->exclude_subjects, item->subject);
}

static gboolean
is_valid (const GstMxListingItem *item, const Names *names)
{
  return g_strcmp0 (item->split, GST_MX_SPLIT_VALID) == 0 ||
         (names->valid_subjects &&
             is_in (names->valid_subjects, item->subject));
}

static gboolean
choose_by_name (GstMxSelection *selection, const GstMxListing *listing,
    const Names *names, GError **error)
{
  gchar *splits, *subjects;

  for (guint i = 0; i < listing->items->len; i++) {
    const GstMxListingItem *item = gst_mx_listing_item (listing, i);
    const GstMxChosen chosen = {
        item, item->label || item->stretches, is_valid (item, names)};

    if (is_chosen (item, names))
      g_array_append_val (selection->chosen, chosen);
  }
  if (selection->chosen->len > 0)
    return TRUE;

  splits = names_there (listing, split_of);
  subjects = names_there (listing, subject_of);
  g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
      "No example of data set %s is left by split, subjects and "
      "exclude-subjects together; splits: %s; subjects: %s",
      listing->name, splits, subjects);
  g_free (splits);
  g_free (subjects);
  return FALSE;
}

/* Its class; recordings that are labelled over time are a class of their own.
 */
static gint
group_of (const GstMxListingItem *item, guint n_classes)
{
  return item->stretches ? (gint)n_classes : item->class_index;
}

/* How many of @n examples of a class keep their label. */
static guint
count_labelled (const GstMxChoice *choice, guint n)
{
  guint labelled = (guint)(choice->labelled_fraction * n + 0.5);

  if (choice->labelled_per_class > 0)
    return MIN (choice->labelled_per_class, n);
  return labelled == 0 && choice->labelled_fraction > 0 ? 1 : labelled;
}

/* Takes labels away, class by class, but not those that are there to measure
 * with.  The order in which examples of a class lose theirs does not depend on
 * how many do: 10 % are among the 20 %. */
static void
choose_labelled (GstMxSelection *selection, const GstMxListing *listing,
    const GstMxChoice *choice)
{
  guint n_classes = g_strv_length (listing->labels);
  GArray **members = g_new (GArray *, n_classes + 1);

  for (guint c = 0; c <= n_classes; c++)
    members[c] = g_array_new (FALSE, FALSE, sizeof (guint32));
  for (guint32 i = 0; i < selection->chosen->len; i++) {
    const GstMxChosen *chosen = gst_mx_selection_chosen (selection, i);
    gint group = group_of (chosen->item, n_classes);

    if (group >= 0 && !chosen->valid)
      g_array_append_val (members[group], i);
  }
  for (guint c = 0; c <= n_classes; c++) {
    guint n = members[c]->len;
    guint labelled = count_labelled (choice, n);
    guint32 *order = (guint32 *)members[c]->data;
    MxRng rng;

    mx_rng_init (&rng, choice->seed, mx_rng_stream (LABELLED_STREAM, c));
    mx_rng_shuffle (&rng, order, n);
    for (guint i = labelled; i < n; i++)
      gst_mx_selection_chosen (selection, order[i])->labelled = FALSE;
    g_array_unref (members[c]);
  }
  g_free (members);
}

static gboolean
choose_range (
    GstMxSelection *selection, const GstMxChoice *choice, GError **error)
{
  gint64 n = selection->chosen->len;
  gint64 stop = choice->stop < 0 ? n : MIN (choice->stop, n);

  if (choice->start >= stop) {
    g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
        "No example is left from start-index %" G_GINT64_FORMAT
        " to stop-index %" G_GINT64_FORMAT ": there are %" G_GINT64_FORMAT
        " to choose from",
        choice->start, choice->stop, n);
    return FALSE;
  }
  g_array_set_size (selection->chosen, stop);
  if (choice->start > 0)
    g_array_remove_range (selection->chosen, 0, choice->start);
  return TRUE;
}

/* Puts those to measure with behind the others; else the order stays. */
static void
set_valid_apart (GstMxSelection *selection)
{
  GArray *all = selection->chosen;
  GArray *valid = g_array_new (FALSE, FALSE, sizeof (GstMxChosen));
  guint n = 0;

  for (guint i = 0; i < all->len; i++) {
    GstMxChosen chosen = *gst_mx_selection_chosen (selection, i);

    if (chosen.valid)
      g_array_append_val (valid, chosen);
    else
      g_array_index (all, GstMxChosen, n++) = chosen;
  }
  g_array_set_size (all, n);
  if (valid->len > 0)
    g_array_append_vals (all, valid->data, valid->len);
  selection->n_valid = valid->len;
  g_array_unref (valid);
}

/* One of the item's labels that is not in the list, or NULL. */
static const gchar *
find_stranger (const GstMxListingItem *item, gchar *const *labels)
{
  for (guint i = 0; i < item->n_stretches; i++) {
    const gchar *label = item->stretches[i].label;

    if (label && !is_in (labels, label))
      return label;
  }
  return !item->label || is_in (labels, item->label) ? NULL : item->label;
}

static gboolean
order_labels (GstMxSelection *selection, const GstMxListing *listing,
    const gchar *list, GError **error)
{
  if (!parse_list ("labels", list, &selection->labels, error))
    return FALSE;
  if (!selection->labels) {
    selection->labels = g_strdupv (listing->labels);
    return TRUE;
  }
  for (gchar **label = selection->labels; *label; label++)
    if (g_strv_contains ((const gchar *const *)label + 1, *label)) {
      g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
          "Property 'labels' has '%s' twice", *label);
      return FALSE;
    }
  for (guint i = 0; i < selection->chosen->len; i++) {
    const GstMxListingItem *item = gst_mx_selection_chosen (selection, i)->item;
    const gchar *label = find_stranger (item, selection->labels);

    if (label) {
      g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
          "%s of data set %s has the label '%s', expected one of: %s",
          item->path, listing->name, label, list);
      return FALSE;
    }
  }
  return TRUE;
}

/* Now, not after an hour of training. */
static gboolean
check_files (const GstMxSelection *selection, const GstMxListing *listing,
    GError **error)
{
  for (guint i = 0; i < selection->chosen->len; i++) {
    const GstMxListingItem *item = gst_mx_selection_chosen (selection, i)->item;

    if (g_file_test (item->filename, G_FILE_TEST_IS_REGULAR))
      continue;
    if (item->line > 0)
      g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND,
          "Manifest %s: line %u names '%s', but there is no file %s",
          listing->name, item->line, item->path, item->filename);
    else
      g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND,
          "Data set %s: %s is not a regular file", listing->name, item->path);
    return FALSE;
  }
  return TRUE;
}

GstMxSelection *
gst_mx_selection_new (
    const GstMxListing *listing, const GstMxChoice *choice, GError **error)
{
  GstMxSelection *selection = g_new0 (GstMxSelection, 1);
  Names names = {NULL};
  gboolean done;

  selection->chosen = g_array_new (FALSE, FALSE, sizeof (GstMxChosen));
  done = names_parse (&names, listing, choice, error) &&
         choose_by_name (selection, listing, &names, error) &&
         order_labels (selection, listing, choice->labels, error);
  if (done) {
    choose_labelled (selection, listing, choice);
    done = choose_range (selection, choice, error) &&
           check_files (selection, listing, error);
    set_valid_apart (selection);
  }
  names_clear (&names);
  if (done)
    return selection;
  gst_mx_selection_free (selection);
  return NULL;
}

void
gst_mx_selection_free (GstMxSelection *selection)
{
  if (!selection)
    return;
  g_strfreev (selection->labels);
  g_array_unref (selection->chosen);
  g_free (selection);
}

void
gst_mx_selection_shuffle (guint32 *order, guint n, guint64 seed, guint epoch)
{
  MxRng rng;

  for (guint i = 0; i < n; i++)
    order[i] = i;
  mx_rng_init (&rng, seed, mx_rng_stream (SHUFFLE_STREAM, epoch));
  mx_rng_shuffle (&rng, order, n);
}

guint64
gst_mx_selection_place (guint64 spare, guint64 seed, guint64 chance)
{
  MxRng rng;

  mx_rng_init (&rng, seed, chance);
  return mx_rng_below (&rng, spare + 1);
}
