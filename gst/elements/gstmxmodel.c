/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxmodel.h"

#include "mx-model-file.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

#define BUILT_IN "/org/multiexit/models/words-stream.safetensors"

/* A file that changes each time it is read is used as it was read last. */
#define MAX_TRIES 3

/* What a network was read from, and how it is stored; compared byte by byte, so
 * no padding. */
typedef struct {
  guint16 place, storage; /* MxStorage */
  guint32 nanoseconds;    /* of its change, beside `seconds` */
  gint64 seconds;
  guint64 device, inode, size;
} Source;

enum { NOWHERE, RESOURCE, REGULAR_FILE };

typedef struct {
  Source source;
  MxNetwork *network;
  guint users;
} Entry;

static GMutex lock;
static GSList *entries; /* under the lock */

/* --- sharing --- */

static Source
find_source (const gchar *filename, MxStorage storage)
{
  GStatBuf status;

  if (filename == NULL)
    return (Source){.place = RESOURCE, .storage = storage};
  if (g_stat (filename, &status) != 0)
    return (Source){.place = NOWHERE};
  return (Source){
      .place = REGULAR_FILE,
      .storage = storage,
      .nanoseconds = status.st_mtim.tv_nsec,
      .seconds = status.st_mtim.tv_sec,
      .device = status.st_dev,
      .inode = status.st_ino,
      .size = status.st_size,
  };
}

static gboolean
is_same (const Source *a, const Source *b)
{
  return a->place != NOWHERE && memcmp (a, b, sizeof *a) == 0;
}

/* One more user of what is there; NULL: nothing is. */
static MxNetwork *
use_locked (const Source *source)
{
  for (GSList *e = entries; e != NULL; e = e->next) {
    Entry *entry = e->data;

    if (is_same (&entry->source, source)) {
      entry->users++;
      return entry->network;
    }
  }
  return NULL;
}

static MxNetwork *
use (const Source *source)
{
  MxNetwork *network;

  g_mutex_lock (&lock);
  network = use_locked (source);
  g_mutex_unlock (&lock);
  return network;
}

/* Takes the network; where another thread was faster, returns its. */
static MxNetwork *
share (const Source *source, MxNetwork *network)
{
  MxNetwork *there;

  g_mutex_lock (&lock);
  there = use_locked (source);
  if (there == NULL) {
    Entry *entry = g_new (Entry, 1);

    *entry = (Entry){*source, network, 1};
    entries = g_slist_prepend (entries, entry);
  }
  g_mutex_unlock (&lock);
  if (there == NULL)
    return network;
  mx_network_unref (network);
  return there;
}

void
gst_mx_model_unref (MxNetwork *network)
{
  Entry *last = NULL;

  g_mutex_lock (&lock);
  for (GSList *e = entries; e != NULL; e = e->next) {
    Entry *entry = e->data;

    if (entry->network != network)
      continue;
    if (--entry->users == 0) {
      last = entry;
      entries = g_slist_delete_link (entries, e);
    }
    break;
  }
  g_mutex_unlock (&lock);
  if (last != NULL)
    mx_network_unref (last->network);
  g_free (last);
}

guint
gst_mx_model_count (void)
{
  guint n;

  g_mutex_lock (&lock);
  n = g_slist_length (entries);
  g_mutex_unlock (&lock);
  return n;
}

/* --- loading --- */

static MxNetwork *
load_built_in (GError **error)
{
  g_autoptr (GBytes) bytes =
      g_resources_lookup_data (BUILT_IN, G_RESOURCE_LOOKUP_FLAGS_NONE, error);

  return bytes != NULL ? mx_model_file_read (bytes, BUILT_IN, error) : NULL;
}

static MxNetwork *
read_network (const gchar *filename, MxStorage storage, GError **error)
{
  g_autoptr (MxNetwork) network = filename != NULL
                                      ? mx_model_file_load (filename, error)
                                      : load_built_in (error);

  if (network == NULL || storage == network->storage)
    return g_steal_pointer (&network);
  return mx_network_new_stored (network, storage);
}

/* What was read is of the source only if that was there before and after. */
MxNetwork *
gst_mx_model_load (const gchar *filename, MxStorage storage, GError **error)
{
  for (guint tries = 1;; tries++) {
    Source source = find_source (filename, storage), after;
    MxNetwork *network = use (&source);

    if (network != NULL)
      return network;
    network = read_network (filename, storage, error);
    if (network == NULL)
      return NULL;
    after = find_source (filename, storage);
    if (is_same (&source, &after))
      return share (&source, network);
    if (tries == MAX_TRIES)
      return share (&(Source){.place = NOWHERE}, network);
    mx_network_unref (network);
  }
}

void
gst_mx_model_post (GstElement *element, GstMessageType type,
    const gchar *filename, const GError *error)
{
  gint code = GST_RESOURCE_ERROR_NOT_FOUND;
  gchar *text, *debug = g_strdup (error->message);

  if (g_error_matches (error, G_RESOURCE_ERROR, G_RESOURCE_ERROR_NOT_FOUND)) {
    text = g_strdup (
        "This build has no built-in model: set the property model-file.");
  } else if (g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT)) {
    text = g_strdup_printf (
        "There is no model file \"%s\": set the property model-file to one.",
        filename);
  } else {
    code = GST_RESOURCE_ERROR_READ;
    text = g_strdup_printf ("The model cannot be loaded: %s.", error->message);
    g_clear_pointer (&debug, g_free);
  }
  gst_element_message_full (element, type, GST_RESOURCE_ERROR, code, text,
      debug, __FILE__, GST_FUNCTION, __LINE__);
}
