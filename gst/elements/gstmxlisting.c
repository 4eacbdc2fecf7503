/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxlisting.h"

#include <glib/gstdio.h>
#include <string.h>

#include "gstmxcsv.h"

#define MANIFEST "manifest.csv"
#define MAX_MANIFEST_SIZE (G_GUINT64_CONSTANT (1) << 30)
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

static gboolean
scan_entry (
    FolderScan *scan, const gchar *filename, const gchar *path, GError **error)
{
  gboolean done;

  if (!g_file_test (filename, G_FILE_TEST_IS_DIR))
    return scan->depth == 0 || add_file (scan, filename, path, error);
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
read_folder (GstMxListing *listing, const gchar *folder, GError **error)
{
  FolderScan scan = {listing};

  if (!scan_folder (&scan, folder, "", error))
    return FALSE;
  if (listing->items->len > 0)
    return TRUE;
  g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND,
      "Data set %s holds no examples: expected files as label/file or "
      "split/label/file, or a " MANIFEST,
      listing->name);
  return FALSE;
}

/* Manifests. */

enum { PATH, LABEL, SPLIT, SUBJECT, N_COLUMNS };
static const gchar *const column_names[N_COLUMNS] = {
    "path", "label", "split", "subject"};

typedef struct {
  guint width;
  gint at[N_COLUMNS]; /* -1: no such column */
} Header;

static gboolean
read_header (Header *header, gchar **fields, GError **error)
{
  *header = (Header){g_strv_length (fields), {-1, -1, -1, -1}};
  for (guint i = 0; fields[i]; i++) {
    g_strstrip (fields[i]);
    for (guint column = 0; column < N_COLUMNS; column++) {
      if (strcmp (fields[i], column_names[column]) != 0)
        continue;
      if (header->at[column] >= 0) {
        g_set_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
            "two columns are called '%s'", fields[i]);
        return FALSE;
      }
      header->at[column] = i;
    }
  }
  for (guint column = PATH; column <= LABEL; column++) {
    gchar *found;

    if (header->at[column] >= 0)
      continue;
    found = g_strjoinv (", ", fields);
    g_set_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
        "no column '%s' in the first line, which has: %.200s",
        column_names[column], found);
    g_free (found);
    return FALSE;
  }
  return TRUE;
}

static const gchar *
column (const Header *header, gchar **fields, guint which)
{
  return header->at[which] < 0 ? NULL : fields[header->at[which]];
}

static gboolean
add_record (GstMxListing *listing, const Header *header, const gchar *folder,
    gchar **fields, guint line, GError **error)
{
  const gchar *path = column (header, fields, PATH);
  guint width = g_strv_length (fields);
  gchar *filename;

  if (width != header->width || !path || !*path) {
    if (width != header->width)
      g_set_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
          "line %u has %u fields, expected %u", line, width, header->width);
    else
      g_set_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
          "line %u names no path", line);
    return FALSE;
  }
  filename = g_path_is_absolute (path) ? g_strdup (path)
                                       : g_build_filename (folder, path, NULL);
  add (listing, filename, path, column (header, fields, LABEL),
      column (header, fields, SPLIT), column (header, fields, SUBJECT), line);
  g_free (filename);
  return TRUE;
}

static gboolean
read_records (GstMxListing *listing, const gchar *folder, const gchar *text,
    gsize size, GError **error)
{
  Header header;
  GstMxCsv csv;
  gchar **fields;
  GError *cause = NULL;
  gboolean read;

  if (!gst_mx_csv_open (&csv, text, size, error))
    return FALSE;
  fields = gst_mx_csv_next (&csv, &cause);
  if (!fields) {
    if (cause)
      g_propagate_error (error, cause);
    else
      g_set_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
          "it is empty, expected a first line with the columns path,label");
    return FALSE;
  }
  read = read_header (&header, fields, error);
  while (read) {
    g_strfreev (fields);
    fields = gst_mx_csv_next (&csv, &cause);
    if (!fields)
      break;
    read = add_record (listing, &header, folder, fields, csv.line, error);
  }
  g_strfreev (fields);
  if (cause)
    g_propagate_error (error, cause);
  return read && !cause;
}

static gboolean
load_manifest (const gchar *filename, gchar **text, gsize *size, GError **error)
{
  GStatBuf status;

  if (!g_file_test (filename, G_FILE_TEST_IS_REGULAR) ||
      g_stat (filename, &status) != 0 ||
      (guint64)status.st_size > MAX_MANIFEST_SIZE) {
    g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_READ,
        "expected a regular file of at most %" G_GUINT64_FORMAT " bytes",
        MAX_MANIFEST_SIZE);
    return FALSE;
  }
  return g_file_get_contents (filename, text, size, error);
}

static gboolean
read_manifest (GstMxListing *listing, const gchar *filename, GError **error)
{
  gchar *folder = g_path_get_dirname (filename);
  gchar *text = NULL;
  GError *cause = NULL;
  gsize size;
  gboolean read = FALSE;

  if (!load_manifest (filename, &text, &size, &cause) ||
      !read_records (listing, folder, text, size, &cause)) {
    gboolean ours = cause->domain == GST_STREAM_ERROR;

    g_set_error (error, ours ? GST_STREAM_ERROR : GST_RESOURCE_ERROR,
        ours ? (gint)GST_STREAM_ERROR_FORMAT : GST_RESOURCE_ERROR_OPEN_READ,
        "Manifest %s: %s", listing->name, cause->message);
    g_error_free (cause);
  } else if (listing->items->len == 0) {
    g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND,
        "Manifest %s lists no examples", listing->name);
  } else {
    read = TRUE;
  }
  g_free (text);
  g_free (folder);
  return read;
}

/* Over all splits, so that training and test agree about the classes. */
static void
number_classes (GstMxListing *listing)
{
  GHashTable *classes = g_hash_table_new (g_str_hash, g_str_equal);
  GPtrArray *labels = g_ptr_array_new ();

  for (guint i = 0; i < listing->items->len; i++) {
    const gchar *label = gst_mx_listing_item (listing, i)->label;

    if (label && g_hash_table_add (classes, (gpointer)label))
      g_ptr_array_add (labels, g_strdup (label));
  }
  g_ptr_array_sort (labels, gst_mx_listing_compare_names);
  for (guint i = 0; i < labels->len; i++)
    g_hash_table_replace (
        classes, g_ptr_array_index (labels, i), GUINT_TO_POINTER (i));
  for (guint i = 0; i < listing->items->len; i++) {
    GstMxListingItem *item = gst_mx_listing_item (listing, i);

    if (item->label)
      item->class_index =
          GPOINTER_TO_UINT (g_hash_table_lookup (classes, item->label));
  }
  g_hash_table_unref (classes);
  g_ptr_array_add (labels, NULL);
  listing->labels = (gchar **)g_ptr_array_free (labels, FALSE);
}

static gboolean
read_location (GstMxListing *listing, const gchar *location, GError **error)
{
  gchar *manifest;
  gboolean read;

  if (!g_file_test (location, G_FILE_TEST_EXISTS)) {
    g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND,
        "There is no data set %s", listing->name);
    return FALSE;
  }
  if (!g_file_test (location, G_FILE_TEST_IS_DIR))
    return read_manifest (listing, location, error);

  manifest = g_build_filename (location, MANIFEST, NULL);
  if (g_file_test (manifest, G_FILE_TEST_EXISTS)) {
    g_free (listing->name);
    listing->name = g_filename_display_name (manifest);
    read = read_manifest (listing, manifest, error);
  } else {
    read = read_folder (listing, location, error);
  }
  g_free (manifest);
  return read;
}

GstMxListing *
gst_mx_listing_new (const gchar *location, GError **error)
{
  GstMxListing *listing = g_new0 (GstMxListing, 1);

  listing->name = g_filename_display_name (location);
  listing->items = g_array_new (FALSE, FALSE, sizeof (GstMxListingItem));
  listing->strings = g_string_chunk_new (4096);
  if (!read_location (listing, location, error)) {
    gst_mx_listing_free (listing);
    return NULL;
  }
  number_classes (listing);
  return listing;
}

void
gst_mx_listing_free (GstMxListing *listing)
{
  if (!listing)
    return;
  g_free (listing->name);
  g_strfreev (listing->labels);
  g_array_unref (listing->items);
  g_string_chunk_free (listing->strings);
  g_free (listing);
}
