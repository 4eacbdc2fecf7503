/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxproperties.h"

#include <string.h>

/* Of the size of its member, beside each specification. */
static GQuark
size_quark (void)
{
  return g_quark_from_static_string ("gst-mx-property-size");
}

/* No two members lie in the same place, and no property has the number 0. */
void
gst_mx_property_install (
    GObjectClass *klass, gsize offset, gsize size, GParamSpec *pspec)
{
  g_assert (offset + 1 < GST_MX_PROPERTY_OTHERS);
  g_assert (size == 4 || size == 8);

  g_param_spec_set_qdata (pspec, size_quark (), GSIZE_TO_POINTER (size));
  g_object_class_install_property (klass, (guint)offset + 1, pspec);
}

/* 0: the property is none of ours. */
static gsize
size_of (GParamSpec *pspec)
{
  return GPOINTER_TO_SIZE (g_param_spec_get_qdata (pspec, size_quark ()));
}

static void
write_integer (gpointer member, gsize size, gint64 number)
{
  gint32 low = (gint32)number;

  if (size == sizeof low)
    memcpy (member, &low, sizeof low);
  else
    memcpy (member, &number, sizeof number);
}

static gint64
read_integer (gconstpointer member, gsize size)
{
  gint32 low;
  gint64 number;

  if (size == sizeof low) {
    memcpy (&low, member, sizeof low);
    return low;
  }
  memcpy (&number, member, sizeof number);
  return number;
}

static void
write_real (gpointer member, gsize size, gdouble number)
{
  if (size == sizeof (gfloat))
    *(gfloat *)member = (gfloat)number;
  else
    *(gdouble *)member = number;
}

static gdouble
read_real (gconstpointer member, gsize size)
{
  return size == sizeof (gfloat) ? *(const gfloat *)member
                                 : *(const gdouble *)member;
}

gboolean
gst_mx_property_set (gpointer base, GParamSpec *pspec, const GValue *value)
{
  gsize size = size_of (pspec);
  gpointer member = G_STRUCT_MEMBER_P (base, pspec->param_id - 1);

  if (size == 0)
    return FALSE;
  switch (G_TYPE_FUNDAMENTAL (G_PARAM_SPEC_VALUE_TYPE (pspec))) {
  case G_TYPE_BOOLEAN:
    write_integer (member, size, g_value_get_boolean (value));
    break;
  case G_TYPE_ENUM:
    write_integer (member, size, g_value_get_enum (value));
    break;
  case G_TYPE_INT:
    write_integer (member, size, g_value_get_int (value));
    break;
  case G_TYPE_UINT:
    write_integer (member, size, g_value_get_uint (value));
    break;
  case G_TYPE_INT64:
    write_integer (member, size, g_value_get_int64 (value));
    break;
  case G_TYPE_UINT64:
    write_integer (member, size, (gint64)g_value_get_uint64 (value));
    break;
  case G_TYPE_FLOAT:
    write_real (member, size, g_value_get_float (value));
    break;
  case G_TYPE_DOUBLE:
    write_real (member, size, g_value_get_double (value));
    break;
  case G_TYPE_STRING:
    g_free (*(gchar **)member);
    *(gchar **)member = g_value_dup_string (value);
    break;
  default:
    g_return_val_if_reached (FALSE);
  }
  return TRUE;
}

gboolean
gst_mx_property_get (gconstpointer base, GParamSpec *pspec, GValue *value)
{
  gsize size = size_of (pspec);
  gconstpointer member = G_STRUCT_MEMBER_P (base, pspec->param_id - 1);

  if (size == 0)
    return FALSE;
  switch (G_TYPE_FUNDAMENTAL (G_PARAM_SPEC_VALUE_TYPE (pspec))) {
  case G_TYPE_BOOLEAN:
    g_value_set_boolean (value, read_integer (member, size) != 0);
    break;
  case G_TYPE_ENUM:
    g_value_set_enum (value, (gint)read_integer (member, size));
    break;
  case G_TYPE_INT:
    g_value_set_int (value, (gint)read_integer (member, size));
    break;
  case G_TYPE_UINT:
    g_value_set_uint (value, (guint)read_integer (member, size));
    break;
  case G_TYPE_INT64:
    g_value_set_int64 (value, read_integer (member, size));
    break;
  case G_TYPE_UINT64:
    g_value_set_uint64 (value, (guint64)read_integer (member, size));
    break;
  case G_TYPE_FLOAT:
    g_value_set_float (value, (gfloat)read_real (member, size));
    break;
  case G_TYPE_DOUBLE:
    g_value_set_double (value, read_real (member, size));
    break;
  case G_TYPE_STRING:
    g_value_set_string (value, *(gchar *const *)member);
    break;
  default:
    g_return_val_if_reached (FALSE);
  }
  return TRUE;
}

void
gst_mx_object_set_property (
    GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  gboolean known;

  GST_OBJECT_LOCK (object);
  known = gst_mx_property_set (object, pspec, value);
  GST_OBJECT_UNLOCK (object);
  if (!known)
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

void
gst_mx_object_get_property (
    GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  gboolean known;

  GST_OBJECT_LOCK (object);
  known = gst_mx_property_get (object, pspec, value);
  GST_OBJECT_UNLOCK (object);
  if (!known)
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}
