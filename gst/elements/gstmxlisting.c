/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxlisting.h"

#include <string.h>

#include "gstmxtable.h"

#define MANIFEST "manifest.csv"
#define LABELS "labels.csv"
#define MAX_DEPTH 3

static const gchar *
keep (GstMxListing *listing, const gchar *text)
{
  return text && *text ? g_string_chunk_insert_const (listing->strings, text)
                       : NULL;
}

static void
add (GstMxListing *listing, const gchar *filename, const gchar *path,
    const gchar *label, const gchar *split, const gchar *subject, guint line)
{
  const GstMxListingItem item = {
      .filename = g_string_chunk_insert (listing->strings, filename),
      .path = g_string_chunk_insert (listing->strings, path),
      .label = keep (listing, label),
      .split = keep (listing, split),
      .subject = keep (listing, subject),
      .class_index = -1,
      .index = listing->items->len,
      .line = line,
  };

  g_array_append_val (listing->items, item);
}

/* Folders: label/file or split/label/file, one or the other throughout, since
 * a mixture would make labels out of splits. */

typedef struct {
  GstMxListing *listing;
  guint depth;       /* of the folder being read, 0: the location */
  guint files_depth; /* where the first file was found; 0: none yet */
  gboolean flat;     /* there are no folders */
} FolderScan;

gint
gst_mx_listing_compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const gchar *const *)a, *(const gchar *const *)b);
}

/* Sorted, without those that begin with a dot. */
static GPtrArray *
names_in (const gchar *folder, GError **error)
{
  GPtrArray *names;
  const gchar *name;
  GDir *dir;
  GError *cause = NULL;

  dir = g_dir_open (folder, 0, &cause);
  if (!dir) {
    g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_READ,
        "Could not read the data set: %s", cause->message);
    g_error_free (cause);
    return NULL;
  }
  names = g_ptr_array_new_with_free_func (g_free);
  while ((name = g_dir_read_name (dir)))
    if (*name != '.')
      g_ptr_array_add (names, g_strdup (name));
  g_dir_close (dir);
  g_ptr_array_sort (names, gst_mx_listing_compare_names);
  return names;
}

static gboolean
add_file (
    FolderScan *scan, const gchar *filename, const gchar *path, GError **error)
{
  gchar *shown = g_filename_display_name (path);
  gchar **parts = g_strsplit (shown, "/", MAX_DEPTH);
  gboolean fits = scan->files_depth == 0 || scan->files_depth == scan->depth;

  if (!fits)
    g_set_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
        "Data set %s mixes label/file and split/label/file: at %s it has %u "
        "folders, before it had %u",
        scan->listing->name, shown, scan->depth, scan->files_depth);
  else if (scan->depth == 0)
    add (scan->listing, filename, shown, NULL, NULL, NULL, 0);
  else if (scan->depth == 1)
    add (scan->listing, filename, shown, parts[0], NULL, NULL, 0);
  else
    add (scan->listing, filename, shown, parts[1], parts[0], NULL, 0);
  scan->files_depth = scan->depth;
  g_strfreev (parts);
  g_free (shown);
  return fits;
}

static gboolean scan_folder (
    FolderScan *scan, const gchar *folder, const gchar *path, GError **error);

/* Beside label folders lie licences and lists. */
static gboolean
is_example (const FolderScan *scan, const gchar *path)
{
  return scan->depth > 0 || (scan->flat && !g_str_equal (path, LABELS));
}

static gboolean
scan_entry (
    FolderScan *scan, const gchar *filename, const gchar *path, GError **error)
{
  gboolean done;

  if (!g_file_test (filename, G_FILE_TEST_IS_DIR))
    return !is_example (scan, path) || add_file (scan, filename, path, error);
  if (scan->depth == MAX_DEPTH - 1) {
    gchar *shown = g_filename_display_name (path);

    g_set_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
        "Data set %s: folder %s lies deeper than split/label/file",
        scan->listing->name, shown);
    g_free (shown);
    return FALSE;
  }
  scan->depth++;
  done = scan_folder (scan, filename, path, error);
  scan->depth--;
  return done;
}

static gboolean
scan_folder (
    FolderScan *scan, const gchar *folder, const gchar *path, GError **error)
{
  GPtrArray *names = names_in (folder, error);
  gboolean done = names != NULL;

  for (guint i = 0; done && i < names->len; i++) {
    const gchar *name = g_ptr_array_index (names, i);
    gchar *filename = g_build_filename (folder, name, NULL);
    gchar *inner =
        *path ? g_strconcat (path, "/", name, NULL) : g_strdup (name);

    done = scan_entry (scan, filename, inner, error);
    g_free (inner);
    g_free (filename);
  }
  if (names)
    g_ptr_array_free (names, TRUE);
  return done;
}

static gboolean
has_folders (const gchar *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  gboolean found = FALSE;
  const gchar *name;

  while (!found && dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree gchar *inner = g_build_filename (folder, name, NULL);

    found = *name != '.' && g_file_test (inner, G_FILE_TEST_IS_DIR);
  }
  return found;
}

static gboolean
read_folder (GstMxListing *listing, const gchar *folder, GError **error)
{
  FolderScan scan = {listing};

  scan.flat = listing->unlabelled && !has_folders (folder);
  if (!scan_folder (&scan, folder, "", error))
    return FALSE;
  if (listing->items->len > 0)
    return TRUE;
  g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND,
      "Data set %s holds no examples: expected files as label/file or "
      "split/label/file, a " MANIFEST ", or, with labelled-fraction=0, files "
      "alone",
      listing->name);
  return FALSE;
}

/* Manifests. */

enum { PATH, LABEL, SPLIT, SUBJECT, N_COLUMNS };
static const gchar *const manifest_columns[N_COLUMNS] = {
    "path", "label", "split", "subject"};
static const GstMxTableFormat manifest_format = {
    "Manifest", manifest_columns, N_COLUMNS, LABEL + 1};

typedef struct {
  GstMxListing *listing;
  const gchar *folder;
} ManifestScan;

static gboolean
add_record (
    gchar *const *values, guint line, gpointer user_data, GError **error)
{
  ManifestScan *scan = user_data;
  const gchar *path = values[PATH];
  gchar *filename;

  if (!*path) {
    g_set_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
        "line %u names no path", line);
    return FALSE;
  }
  filename = g_path_is_absolute (path)
                 ? g_strdup (path)
                 : g_build_filename (scan->folder, path, NULL);
  add (scan->listing, filename, path, values[LABEL], values[SPLIT],
      values[SUBJECT], line);
  g_free (filename);
  return TRUE;
}

static gboolean
read_manifest (GstMxListing *listing, const gchar *filename, GError **error)
{
  gchar *folder = g_path_get_dirname (filename);
  ManifestScan scan = {listing, folder};
  gboolean read =
      gst_mx_table_read (filename, &manifest_format, add_record, &scan, error);

  g_free (folder);
  if (read && listing->items->len == 0) {
    g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND,
        "Manifest %s lists no examples", listing->name);
    return FALSE;
  }
  return read;
}

static GHashTable *
collect_paths (const GstMxListing *listing)
{
  GHashTable *paths = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < listing->items->len; i++)
    g_hash_table_add (paths, (gpointer)gst_mx_listing_item (listing, i)->path);
  return paths;
}

/* Those of one path lie together. */
static void
hand_out_stretches (GstMxListing *listing)
{
  GHashTable *first = g_hash_table_new (g_str_hash, g_str_equal);
  guint n = listing->stretches->len;

  for (guint i = 0; i < n; i++) {
    GstMxStretch *stretch = gst_mx_listing_stretch (listing, i);

    if (!g_hash_table_contains (first, stretch->path))
      g_hash_table_insert (first, (gpointer)stretch->path, stretch);
  }
  for (guint i = 0; i < listing->items->len; i++) {
    GstMxListingItem *item = gst_mx_listing_item (listing, i);
    const GstMxStretch *stretch = g_hash_table_lookup (first, item->path);

    if (!stretch)
      continue;
    item->label = NULL;
    item->stretches = stretch;
    while (stretch < gst_mx_listing_stretch (listing, n) &&
           stretch->path == item->stretches->path)
      stretch++;
    item->n_stretches = stretch - item->stretches;
  }
  g_hash_table_unref (first);
}

static gboolean
read_labels (GstMxListing *listing, const gchar *folder, GError **error)
{
  const GstMxLabelled labelled = {
      listing->name, collect_paths (listing), listing->strings};

  listing->stretches = gst_mx_labelling_read (&labelled, folder, error);
  g_hash_table_unref (labelled.paths);
  if (!listing->stretches)
    return FALSE;
  hand_out_stretches (listing);
  return TRUE;
}

static void
collect_label (GHashTable *classes, GPtrArray *labels, const gchar *label)
{
  if (label && g_hash_table_add (classes, (gpointer)label))
    g_ptr_array_add (labels, g_strdup (label));
}

static gint
class_of (GHashTable *classes, const gchar *label)
{
  return label ? GPOINTER_TO_INT (g_hash_table_lookup (classes, label)) : -1;
}

/* Over all splits, so that training and test agree about the classes. */
static void
number_classes (GstMxListing *listing)
{
  GHashTable *classes = g_hash_table_new (g_str_hash, g_str_equal);
  GPtrArray *labels = g_ptr_array_new ();

  for (guint i = 0; i < listing->items->len; i++)
    collect_label (classes, labels, gst_mx_listing_item (listing, i)->label);
  for (guint i = 0; i < listing->stretches->len; i++)
    collect_label (classes, labels, gst_mx_listing_stretch (listing, i)->label);
  g_ptr_array_sort (labels, gst_mx_listing_compare_names);
  for (guint i = 0; i < labels->len; i++)
    g_hash_table_replace (
        classes, g_ptr_array_index (labels, i), GUINT_TO_POINTER (i));
  for (guint i = 0; i < listing->items->len; i++) {
    GstMxListingItem *item = gst_mx_listing_item (listing, i);

    item->class_index = class_of (classes, item->label);
  }
  for (guint i = 0; i < listing->stretches->len; i++) {
    GstMxStretch *stretch = gst_mx_listing_stretch (listing, i);

    stretch->class_index = class_of (classes, stretch->label);
  }
  g_hash_table_unref (classes);
  g_ptr_array_add (labels, NULL);
  listing->labels = (gchar **)g_ptr_array_free (labels, FALSE);
}

static gboolean
read_in_folder (GstMxListing *listing, const gchar *folder, GError **error)
{
  gchar *manifest;
  gboolean read;

  manifest = g_build_filename (folder, MANIFEST, NULL);
  if (g_file_test (manifest, G_FILE_TEST_EXISTS)) {
    g_free (listing->name);
    listing->name = g_filename_display_name (manifest);
    read = read_manifest (listing, manifest, error);
  } else {
    read = read_folder (listing, folder, error);
  }
  g_free (manifest);
  return read && read_labels (listing, folder, error);
}

static gboolean
read_location (GstMxListing *listing, const gchar *location, GError **error)
{
  gchar *folder;
  gboolean read;

  if (!g_file_test (location, G_FILE_TEST_EXISTS)) {
    g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND,
        "There is no data set %s", listing->name);
    return FALSE;
  }
  if (g_file_test (location, G_FILE_TEST_IS_DIR))
    return read_in_folder (listing, location, error);

  folder = g_path_get_dirname (location);
  read = read_manifest (listing, location, error) &&
         read_labels (listing, folder, error);
  g_free (folder);
  return read;
}

static GstMxListing *
listing_new (const gchar *location, gboolean unlabelled, GError **error)
{
  GstMxListing *listing = g_new0 (GstMxListing, 1);

  listing->name = g_filename_display_name (location);
  listing->unlabelled = unlabelled;
  listing->items = g_array_new (FALSE, FALSE, sizeof (GstMxListingItem));
  listing->strings = g_string_chunk_new (4096);
  if (!read_location (listing, location, error)) {
    gst_mx_listing_free (listing);
    return NULL;
  }
  number_classes (listing);
  return listing;
}

GstMxListing *
gst_mx_listing_new (const gchar *location, GError **error)
{
  return listing_new (location, FALSE, error);
}

GstMxListing *
gst_mx_listing_new_unlabelled (const gchar *location, GError **error)
{
  return listing_new (location, TRUE, error);
}

void
gst_mx_listing_free (GstMxListing *listing)
{
  if (!listing)
    return;
  g_free (listing->name);
  g_strfreev (listing->labels);
  g_array_unref (listing->items);
  g_clear_pointer (&listing->stretches, g_array_unref);
  g_string_chunk_free (listing->strings);
  g_free (listing);
}
