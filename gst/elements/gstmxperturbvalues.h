/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* An MxPerturbation as properties: a recipe, and what was set by hand, which
 * wins over the recipe whatever came first. */
#pragma once

#include <gst/gst.h>

#include "src/mx-perturb.h"

G_BEGIN_DECLS

typedef enum {
  GST_MX_RECIPE_AUTO,
  GST_MX_RECIPE_NONE,
  GST_MX_RECIPE_SPEECH,
  GST_MX_RECIPE_MOTION,
  GST_MX_RECIPE_ECG,
  GST_MX_RECIPE_EMG,
} GstMxRecipe;

#define GST_TYPE_MX_RECIPE (gst_mx_recipe_get_type ())
GType gst_mx_recipe_get_type (void);

typedef struct {
  GstMxRecipe recipe;
  MxPerturbation values;
  guint64 set; /* one bit per value set by hand */
} GstMxPerturbValues;

/* One property for each value, numbered from @first on.  Their defaults are
 * those of @recipe. */
void gst_mx_perturb_values_install (
    GObjectClass *klass, guint first, GstMxRecipe recipe);

/* @index: of the value, from 0; @rate: of the stream, which the recipe may
 * depend on; 0: not known. */
void gst_mx_perturb_values_set (
    GstMxPerturbValues *self, guint index, const GValue *value);
void gst_mx_perturb_values_get (
    const GstMxPerturbValues *self, guint index, guint rate, GValue *value);

/* Recipe and what was set by hand in one. */
MxPerturbation gst_mx_perturb_values_resolve (
    const GstMxPerturbValues *self, guint rate);

G_END_DECLS
