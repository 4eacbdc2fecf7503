/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxprediction.h"

#include "gstmxresult.h"

#include <math.h>

struct _GstMxPrediction {
  GstStructure *result;
  /* [n_...], NULL if there are none */
  gdouble *probabilities, *exit_probabilities;
  gsize n_probabilities, n_exit_probabilities;
  guint64 *exit_macs;
  gsize n_exit_macs;
};

G_DEFINE_BOXED_TYPE (GstMxPrediction, gst_mx_prediction, gst_mx_prediction_ref,
    gst_mx_prediction_unref)

/* --- where it comes from --- */

/* The field, if it is an array of this type and not empty; else NULL. */
static const GValue *
find_array (const GstMxPrediction *self, const gchar *field, GType type)
{
  const GValue *array = gst_structure_get_value (self->result, field);
  guint n;

  if (array == NULL || !GST_VALUE_HOLDS_ARRAY (array))
    return NULL;
  n = gst_value_array_get_size (array);
  for (guint i = 0; i < n; i++)
    if (!G_VALUE_HOLDS (gst_value_array_get_value (array, i), type))
      return NULL;
  return n > 0 ? array : NULL;
}

static gdouble *
dup_doubles (const GstMxPrediction *self, const gchar *field, gsize *n)
{
  const GValue *array = find_array (self, field, G_TYPE_DOUBLE);
  gdouble *values;

  if (array == NULL)
    return NULL;
  *n = gst_value_array_get_size (array);
  values = g_new (gdouble, *n);
  for (gsize i = 0; i < *n; i++)
    values[i] = g_value_get_double (gst_value_array_get_value (array, i));
  return values;
}

static guint64 *
dup_uint64s (const GstMxPrediction *self, const gchar *field, gsize *n)
{
  const GValue *array = find_array (self, field, G_TYPE_UINT64);
  guint64 *values;

  if (array == NULL)
    return NULL;
  *n = gst_value_array_get_size (array);
  values = g_new (guint64, *n);
  for (gsize i = 0; i < *n; i++)
    values[i] = g_value_get_uint64 (gst_value_array_get_value (array, i));
  return values;
}

GstMxPrediction *
gst_mx_prediction_from_structure (const GstStructure *result)
{
  GstMxPrediction *self;

  g_return_val_if_fail (result != NULL, NULL);

  self = g_atomic_rc_box_new0 (GstMxPrediction);
  self->result = gst_structure_copy (result);
  self->probabilities =
      dup_doubles (self, "probabilities", &self->n_probabilities);
  self->exit_probabilities =
      dup_doubles (self, "exit-probabilities", &self->n_exit_probabilities);
  self->exit_macs = dup_uint64s (self, "exit-macs", &self->n_exit_macs);
  return self;
}

GstMxPrediction *
gst_mx_prediction_from_message (GstMessage *message)
{
  g_return_val_if_fail (GST_IS_MESSAGE (message), NULL);

  if (GST_MESSAGE_TYPE (message) != GST_MESSAGE_ELEMENT ||
      !gst_message_has_name (message, GST_MX_RESULT_MESSAGE_NAME))
    return NULL;
  return gst_mx_prediction_from_structure (gst_message_get_structure (message));
}

GstMxPrediction *
gst_mx_prediction_from_event (GstEvent *event)
{
  const GstStructure *result = gst_mx_result_event_parse (event);

  return result != NULL ? gst_mx_prediction_from_structure (result) : NULL;
}

/* --- each once --- */

static gboolean
has_sequence (const GstMxPrediction *self)
{
  return gst_mx_prediction_get_sequence (self) != GST_BUFFER_OFFSET_NONE;
}

static guint
hash (gconstpointer self)
{
  return (guint)gst_mx_prediction_get_sequence (self);
}

static gboolean
equal (gconstpointer a, gconstpointer b)
{
  return gst_mx_prediction_is_same (a, b);
}

typedef struct {
  GQueue list;
  GHashTable *seen; /* borrows from the list; a long buffer has thousands */
} Collection;

static gboolean
collect (const GstStructure *result, gpointer user_data)
{
  Collection *all = user_data;
  GstMxPrediction *self = gst_mx_prediction_from_structure (result);

  if (has_sequence (self)) {
    if (g_hash_table_contains (all->seen, self)) {
      gst_mx_prediction_unref (self);
      return TRUE;
    }
    g_hash_table_add (all->seen, self);
  }
  g_queue_push_tail (&all->list, self);
  return TRUE;
}

GList *
gst_mx_prediction_list_from_buffer (GstBuffer *buffer)
{
  Collection all = {G_QUEUE_INIT, NULL};

  g_return_val_if_fail (GST_IS_BUFFER (buffer), NULL);

  all.seen = g_hash_table_new (hash, equal);
  gst_mx_result_meta_foreach (buffer, collect, &all);
  g_hash_table_unref (all.seen);
  return all.list.head;
}

gboolean
gst_mx_prediction_is_same (
    const GstMxPrediction *self, const GstMxPrediction *other)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (other != NULL, FALSE);

  return has_sequence (self) &&
         gst_mx_prediction_get_sequence (self) ==
             gst_mx_prediction_get_sequence (other) &&
         g_strcmp0 (gst_mx_prediction_get_element (self),
             gst_mx_prediction_get_element (other)) == 0;
}

/* --- life --- */

GstMxPrediction *
gst_mx_prediction_ref (GstMxPrediction *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

static void
finalize (gpointer data)
{
  GstMxPrediction *self = data;

  gst_structure_free (self->result);
  g_free (self->probabilities);
  g_free (self->exit_probabilities);
  g_free (self->exit_macs);
}

void
gst_mx_prediction_unref (GstMxPrediction *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, finalize);
}

/* --- fields: a getter of GstStructure sets nothing unless the type is right */

static guint64
get_uint64 (
    const GstMxPrediction *self, const gchar *field, guint64 default_value)
{
  guint64 value = default_value;

  g_return_val_if_fail (self != NULL, default_value);

  gst_structure_get_uint64 (self->result, field, &value);
  return value;
}

static guint
get_uint (const GstMxPrediction *self, const gchar *field, guint default_value)
{
  guint value = default_value;

  g_return_val_if_fail (self != NULL, default_value);

  gst_structure_get_uint (self->result, field, &value);
  return value;
}

static gboolean
get_boolean (
    const GstMxPrediction *self, const gchar *field, gboolean default_value)
{
  gboolean value = default_value;

  g_return_val_if_fail (self != NULL, default_value);

  gst_structure_get_boolean (self->result, field, &value);
  return value;
}

static gdouble
get_double (const GstMxPrediction *self, const gchar *field)
{
  gdouble value = NAN;

  g_return_val_if_fail (self != NULL, NAN);

  gst_structure_get_double (self->result, field, &value);
  return value;
}

static const gchar *
get_string (const GstMxPrediction *self, const gchar *field)
{
  g_return_val_if_fail (self != NULL, NULL);

  return gst_structure_get_string (self->result, field);
}

const GstStructure *
gst_mx_prediction_get_structure (const GstMxPrediction *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->result;
}

const gchar *
gst_mx_prediction_get_element (const GstMxPrediction *self)
{
  return get_string (self, "element");
}

guint64
gst_mx_prediction_get_sequence (const GstMxPrediction *self)
{
  return get_uint64 (self, "sequence", GST_BUFFER_OFFSET_NONE);
}

GstClockTime
gst_mx_prediction_get_timestamp (const GstMxPrediction *self)
{
  return get_uint64 (self, "timestamp", GST_CLOCK_TIME_NONE);
}

GstClockTime
gst_mx_prediction_get_stream_time (const GstMxPrediction *self)
{
  return get_uint64 (self, "stream-time", GST_CLOCK_TIME_NONE);
}

GstClockTime
gst_mx_prediction_get_running_time (const GstMxPrediction *self)
{
  return get_uint64 (self, "running-time", GST_CLOCK_TIME_NONE);
}

GstClockTime
gst_mx_prediction_get_duration (const GstMxPrediction *self)
{
  return get_uint64 (self, "duration", GST_CLOCK_TIME_NONE);
}

gboolean
gst_mx_prediction_is_finite (const GstMxPrediction *self)
{
  return get_boolean (self, "finite", TRUE);
}

gboolean
gst_mx_prediction_is_skipped (const GstMxPrediction *self)
{
  return get_boolean (self, "skipped", FALSE);
}

gboolean
gst_mx_prediction_is_limited (const GstMxPrediction *self)
{
  return get_boolean (self, "limited", FALSE);
}

guint
gst_mx_prediction_get_exit (const GstMxPrediction *self)
{
  return get_uint (self, "exit", 0);
}

guint
gst_mx_prediction_get_exits (const GstMxPrediction *self)
{
  return get_uint (self, "exits", 0);
}

gint
gst_mx_prediction_get_class_index (const GstMxPrediction *self)
{
  guint index = get_uint (self, "class", G_MAXUINT);

  return index <= G_MAXINT ? (gint)index : -1;
}

const gchar *
gst_mx_prediction_get_label (const GstMxPrediction *self)
{
  return get_string (self, "label");
}

gdouble
gst_mx_prediction_get_confidence (const GstMxPrediction *self)
{
  return get_double (self, "confidence");
}

gdouble
gst_mx_prediction_get_entropy (const GstMxPrediction *self)
{
  return get_double (self, "entropy");
}

const gdouble *
gst_mx_prediction_get_probabilities (const GstMxPrediction *self, gsize *n)
{
  if (n != NULL)
    *n = 0;
  g_return_val_if_fail (self != NULL, NULL);

  if (n != NULL)
    *n = self->n_probabilities;
  return self->probabilities;
}

const gchar *
gst_mx_prediction_get_exit_label (const GstMxPrediction *self, guint exit)
{
  const GValue *array;

  g_return_val_if_fail (self != NULL, NULL);

  array = find_array (self, "exit-labels", G_TYPE_STRING);
  if (array == NULL || exit == 0 || exit > gst_value_array_get_size (array))
    return NULL;
  return g_value_get_string (gst_value_array_get_value (array, exit - 1));
}

const gdouble *
gst_mx_prediction_get_exit_probabilities (const GstMxPrediction *self, gsize *n)
{
  if (n != NULL)
    *n = 0;
  g_return_val_if_fail (self != NULL, NULL);

  if (n != NULL)
    *n = self->n_exit_probabilities;
  return self->exit_probabilities;
}

const guint64 *
gst_mx_prediction_get_exit_macs (const GstMxPrediction *self, gsize *n)
{
  if (n != NULL)
    *n = 0;
  g_return_val_if_fail (self != NULL, NULL);

  if (n != NULL)
    *n = self->n_exit_macs;
  return self->exit_macs;
}

guint64
gst_mx_prediction_get_macs (const GstMxPrediction *self)
{
  return get_uint64 (self, "macs", 0);
}

guint64
gst_mx_prediction_get_macs_full (const GstMxPrediction *self)
{
  return get_uint64 (self, "macs-full", 0);
}

GstClockTime
gst_mx_prediction_get_latency (const GstMxPrediction *self)
{
  return get_uint64 (self, "latency", GST_CLOCK_TIME_NONE);
}
