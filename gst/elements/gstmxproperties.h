/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Properties that are members of a struct: what each is called and may be, and
 * where it lies, said once.
 *
 * An integer, enumeration or boolean may lie in any member of 4 or 8 bytes, a
 * float or double in either; a string in a gchar *, which owns it. */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* Where a member lies, and how large it is. */
#define GST_MX_MEMBER(type, member)                                            \
  G_STRUCT_OFFSET (type, member), sizeof (((type *)NULL)->member)

/* For class_init, as g_object_class_install_property() with a GST_MX_MEMBER();
 * their numbers are below GST_MX_PROPERTY_OTHERS. */
void gst_mx_property_install (
    GObjectClass *klass, gsize offset, gsize size, GParamSpec *pspec);

/* From here on numbers are free for other properties. */
#define GST_MX_PROPERTY_OTHERS 10000

/* FALSE: the property is none of those.  @base: the struct; the caller sees to
 * it that nobody else is at it. */
gboolean gst_mx_property_set (
    gpointer base, GParamSpec *pspec, const GValue *value);
gboolean gst_mx_property_get (
    gconstpointer base, GParamSpec *pspec, GValue *value);

/* For the class of an object of GStreamer whose properties are members of the
 * object itself: under its object lock. */
void gst_mx_object_set_property (
    GObject *object, guint id, const GValue *value, GParamSpec *pspec);
void gst_mx_object_get_property (
    GObject *object, guint id, GValue *value, GParamSpec *pspec);

G_END_DECLS
