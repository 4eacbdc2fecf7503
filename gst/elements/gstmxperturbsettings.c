/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxperturbsettings.h"

#define DEFAULT_RECIPE GST_MX_RECIPE_AUTO
#define DEFAULT_SEED 0
#define DEFAULT_MAX_DURATION (10 * GST_SECOND)
#define DEFAULT_BLOCK GST_SECOND
#define DEFAULT_ATTACH_META FALSE

#define FLAGS (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS)

#define MEMBER(member) GST_MX_MEMBER (GstMxPerturbSettings, member)

enum {
  PROP_REST = GST_MX_PROPERTY_OTHERS,
  PROP_SCALE,
  PROP_VALUES, /* and all from here on */
};

void
gst_mx_perturb_settings_init (GstMxPerturbSettings *self)
{
  *self = (GstMxPerturbSettings){
      .values.recipe = DEFAULT_RECIPE,
      .seed = DEFAULT_SEED,
      .max_duration = DEFAULT_MAX_DURATION,
      .block = DEFAULT_BLOCK,
      .attach_meta = DEFAULT_ATTACH_META,
  };
}

void
gst_mx_perturb_settings_clear (GstMxPerturbSettings *self)
{
  g_clear_pointer (&self->rest, g_array_unref);
  g_clear_pointer (&self->scale, g_array_unref);
}

GstMxPerturbSettings
gst_mx_perturb_settings_copy (const GstMxPerturbSettings *self)
{
  GstMxPerturbSettings copy = *self;

  if (copy.rest)
    g_array_ref (copy.rest);
  if (copy.scale)
    g_array_ref (copy.scale);
  return copy;
}

/* NULL for an empty array: not set. */
static GArray *
floats_from_value (const GValue *value)
{
  guint n = gst_value_array_get_size (value);
  GArray *values = n ? g_array_new (FALSE, FALSE, sizeof (gfloat)) : NULL;

  for (guint i = 0; i < n; i++) {
    gfloat number =
        (gfloat)g_value_get_double (gst_value_array_get_value (value, i));

    g_array_append_val (values, number);
  }
  return values;
}

static void
floats_to_value (const GArray *values, GValue *value)
{
  for (guint i = 0; values && i < values->len; i++) {
    GValue item = G_VALUE_INIT;

    g_value_init (&item, G_TYPE_DOUBLE);
    g_value_set_double (&item, g_array_index (values, gfloat, i));
    gst_value_array_append_and_take_value (value, &item);
  }
}

static void
replace_floats (GArray **values, const GValue *value)
{
  g_clear_pointer (values, g_array_unref);
  *values = floats_from_value (value);
}

void
gst_mx_perturb_settings_set (
    GstMxPerturbSettings *self, GParamSpec *pspec, const GValue *value)
{
  guint id = pspec->param_id;

  if (id == PROP_REST)
    replace_floats (&self->rest, value);
  else if (id == PROP_SCALE)
    replace_floats (&self->scale, value);
  else if (!gst_mx_property_set (self, pspec, value))
    gst_mx_perturb_values_set (&self->values, id - PROP_VALUES, value);
}

void
gst_mx_perturb_settings_get (const GstMxPerturbSettings *self,
    GParamSpec *pspec, guint rate, GValue *value)
{
  guint id = pspec->param_id;

  if (id == PROP_REST)
    floats_to_value (self->rest, value);
  else if (id == PROP_SCALE)
    floats_to_value (self->scale, value);
  else if (!gst_mx_property_get (self, pspec, value))
    gst_mx_perturb_values_get (&self->values, id - PROP_VALUES, rate, value);
}

/* Per channel; NULL if not set. */
static gboolean
get_floats (const gchar *property, const GArray *values, gsize channels,
    const float **floats, GError **error)
{
  *floats = values ? (const float *)(gpointer)values->data : NULL;
  if (!values || values->len == channels)
    return TRUE;
  g_set_error (error, GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_SETTINGS,
      "The property \"%s\" needs one value for each of the %" G_GSIZE_FORMAT
      " channels of the stream; it has %u.",
      property, channels, values->len);
  return FALSE;
}

gboolean
gst_mx_perturb_settings_apply (const GstMxPerturbSettings *self,
    MxPerturb *perturb, guint64 stream, MxSignal *signal, MxPerturbed *done,
    GError **error)
{
  MxPerturbation values =
      gst_mx_perturb_values_resolve (&self->values, signal->rate);
  const float *rest, *scale;
  MxRng rng;

  if (!get_floats ("rest", self->rest, signal->channels, &rest, error) ||
      !get_floats ("scale", self->scale, signal->channels, &scale, error))
    return FALSE;
  mx_rng_init (&rng, self->seed, stream);
  mx_perturb_apply (perturb, &values, rest, scale, &rng, signal, done);
  return TRUE;
}

static GParamSpec *
floats_pspec (const gchar *name, const gchar *nick, const gchar *blurb)
{
  return gst_param_spec_array (name, nick, blurb,
      g_param_spec_double ("value", "Value", "Of one channel", -G_MAXFLOAT,
          G_MAXFLOAT, 0.0, FLAGS),
      FLAGS | GST_PARAM_MUTABLE_PLAYING);
}

static gchar **
get_preset_properties (GstPreset *preset)
{
  GObjectClass *klass = G_OBJECT_GET_CLASS (preset);
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  g_autofree GParamSpec **specs = NULL;
  guint n;

  specs = g_object_class_list_properties (klass, &n);
  for (guint i = 0; i < n; i++)
    if (specs[i]->param_id >= PROP_VALUES ||
        g_str_equal (specs[i]->name, "recipe"))
      g_strv_builder_add (names, specs[i]->name);
  return g_strv_builder_end (names);
}

void
gst_mx_perturb_settings_init_presets (gpointer iface, gpointer data)
{
  GstPresetInterface *presets = iface;

  presets->get_property_names = get_preset_properties;
}

void
gst_mx_perturb_settings_install (GObjectClass *klass)
{
  gst_mx_property_install (klass, MEMBER (values.recipe),
      g_param_spec_enum ("recipe", "Recipe",
          "Values of all perturbations that are not set by hand",
          GST_TYPE_MX_RECIPE, DEFAULT_RECIPE,
          FLAGS | GST_PARAM_MUTABLE_PLAYING));
  gst_mx_property_install (klass, MEMBER (seed),
      g_param_spec_uint64 ("seed", "Seed",
          "All chance comes from it and from epoch and index of the example", 0,
          G_MAXUINT64, DEFAULT_SEED, FLAGS | GST_PARAM_MUTABLE_PLAYING));
  g_object_class_install_property (klass, PROP_REST,
      floats_pspec ("rest", "Rest",
          "One value per channel, in its unit, that masks and drops set and "
          "channel gains leave alone: the mean of the training data (empty: "
          "the channel's own mean, and 0)"));
  g_object_class_install_property (klass, PROP_SCALE,
      floats_pspec ("scale", "Scale",
          "One value per channel, in its unit, that the signal-to-noise ratio "
          "refers to: the standard deviation of the training data (empty: "
          "that of the channel itself)"));
  gst_mx_property_install (klass, MEMBER (max_duration),
      g_param_spec_uint64 ("max-duration", "Longest example",
          "Nanoseconds of an example that are perturbed as one; what goes "
          "beyond is perturbed block by block",
          1, G_MAXINT64, DEFAULT_MAX_DURATION,
          FLAGS | GST_PARAM_MUTABLE_READY));
  gst_mx_property_install (klass, MEMBER (block),
      g_param_spec_uint64 ("block", "Block",
          "Nanoseconds that are perturbed as one in a stream without "
          "examples; also the latency there",
          1, G_MAXINT64, DEFAULT_BLOCK, FLAGS | GST_PARAM_MUTABLE_READY));
  gst_mx_property_install (klass, MEMBER (attach_meta),
      g_param_spec_boolean ("attach-meta", "Attach meta",
          "Attach to each buffer what was done to it", DEFAULT_ATTACH_META,
          FLAGS | GST_PARAM_MUTABLE_PLAYING));
  gst_mx_perturb_values_install (klass, PROP_VALUES, DEFAULT_RECIPE);
  gst_type_mark_as_plugin_api (GST_TYPE_MX_RECIPE, 0);
}
