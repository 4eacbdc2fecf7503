/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* For tests: results and reports as GstStructures, and what is in them. */
#pragma once

#include <gst/check/check.h>

#include "gst/multiexit/gstmxresult.h"

static inline GPtrArray *
structures_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify)gst_structure_free);
}

static inline gboolean
keep_result (const GstStructure *result, gpointer user_data)
{
  g_ptr_array_add (user_data, gst_structure_copy (result));
  return TRUE;
}

static inline guint64
get_uint64 (const GstStructure *structure, const gchar *field)
{
  guint64 value = 0;

  fail_unless (gst_structure_get_uint64 (structure, field, &value),
      "no field %s", field);
  return value;
}

static inline guint
get_uint (const GstStructure *structure, const gchar *field)
{
  guint value = 0;

  fail_unless (
      gst_structure_get_uint (structure, field, &value), "no field %s", field);
  return value;
}

/* Names differ by purpose; the fields must not. */
static inline void
assert_fields_equal (const GstStructure *a, const GstStructure *b)
{
  g_autoptr (GstStructure) copy = gst_structure_copy (b);

  gst_structure_set_name (copy, gst_structure_get_name (a));
  fail_unless (gst_structure_is_equal (a, copy),
      "%" GST_PTR_FORMAT " is not %" GST_PTR_FORMAT, a, b);
}
