/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxtrainoptions.h"

#include "gstmxproperties.h"

#include <string.h>

#define FLAGS                                                                  \
  (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_READY)
#define MEMBER(member)                                                         \
  offset + G_STRUCT_OFFSET (GstMxTrainOptions, member),                        \
      sizeof (((GstMxTrainOptions *)NULL)->member)

#define DEFAULT_NORMALISE_WINDOWS 512

enum { PROP_EXIT_WEIGHTS = GST_MX_PROPERTY_OTHERS };

static G_DEFINE_ENUM_TYPE (GstMxClassBalance, class_balance,
    {GST_MX_CLASS_BALANCE_NONE, "Each window counts as much", "none"},
    {GST_MX_CLASS_BALANCE_WEIGHTS,
        "Windows of rare classes weigh more in the cross-entropy", "weights"})

static G_DEFINE_ENUM_TYPE (GstMxNormalise, normalise,
    {GST_MX_NORMALISE_DESCRIBED, "As the description says", "described"},
    {GST_MX_NORMALISE_AUTO,
        "By mean and deviation of each feature of the first windows", "auto"})

static void
install_normalisation (GObjectClass *klass, gsize offset)
{
  gst_mx_property_install (klass, MEMBER (normalise),
      g_param_spec_enum ("normalise", "Normalise",
          "Where mean and std of the front end come from (architecture only)",
          normalise_get_type (), GST_MX_NORMALISE_DESCRIBED, FLAGS));
  gst_mx_property_install (klass, MEMBER (normalise_windows),
      g_param_spec_uint ("normalise-windows", "Normalise windows",
          "So many windows, at most those of the first epoch, are held back "
          "before the first step and measured (normalise=auto)",
          1, 65536, DEFAULT_NORMALISE_WINDOWS, FLAGS));
}

static void
install_labels (GObjectClass *klass, gsize offset)
{
  gst_mx_property_install (klass, MEMBER (smoothing),
      g_param_spec_float ("label-smoothing", "Label smoothing",
          "Part of each label that is spread evenly over all classes, 0 to 1; "
          "0: none",
          0, 1, 0, FLAGS));
  gst_mx_property_install (klass, MEMBER (mixup),
      g_param_spec_double ("mixup", "Mixup",
          "Mixes labelled windows two by two: alpha of the Beta distribution "
          "that the shares are drawn from, 0 to 1; 0: none",
          0, 1, 0, FLAGS));
  gst_mx_property_install (klass, MEMBER (class_balance),
      g_param_spec_enum ("class-balance", "Class balance",
          "What is done about classes that come more often than others",
          class_balance_get_type (), GST_MX_CLASS_BALANCE_NONE, FLAGS));
}

static void
install_weights (GObjectClass *klass, gsize offset)
{
  g_object_class_install_property (klass, PROP_EXIT_WEIGHTS,
      gst_param_spec_array ("exit-weights", "Exit weights",
          "Weight of each exit in all losses, 0 or more, as many as the "
          "network has exits, only their ratios count; none: all alike",
          g_param_spec_double ("weight", "Weight", "Of one exit", 0, 1e6, 1,
              G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS),
          FLAGS));
  gst_mx_property_install (klass, MEMBER (teacher_average),
      g_param_spec_double ("teacher-average", "Teacher average",
          "Decay for each step (0 to 1) of the moving average of the weights "
          "that teaches in place of the present ones (consistent-exit); 0: "
          "the present ones teach",
          0, 1, 0, FLAGS));
  gst_mx_property_install (klass, MEMBER (average_weights),
      g_param_spec_double ("average-weights", "Average weights",
          "Decay for each step (0 to 1) of the moving average of the weights "
          "that is written in place of the last ones; 0: the last ones are",
          0, 1, 0, FLAGS));
}

static void
install_adaptation (GObjectClass *klass, gsize offset)
{
  gst_mx_property_install (klass, MEMBER (freeze_stages),
      g_param_spec_uint ("freeze-stages", "Freeze stages",
          "The first so many stages, at most those of the network, keep their "
          "weights and statistics; their exits learn; 0: all stages learn",
          0, MX_MAX_EXITS, 0, FLAGS));
  gst_mx_property_install (klass, MEMBER (freeze_exits),
      g_param_spec_boolean ("freeze-exits", "Freeze exits",
          "The exits of frozen stages keep their weights, too", FALSE, FLAGS));
  gst_mx_property_install (klass, MEMBER (adapt_labels),
      g_param_spec_boolean ("adapt-labels", "Adapt labels",
          "The exits of model-file get the labels of the data set, and only "
          "these: those it knows keep their weights; FALSE: other labels are "
          "an error",
          FALSE, FLAGS));
}

void
gst_mx_train_options_init (GstMxTrainOptions *self)
{
  *self = (GstMxTrainOptions){.normalise_windows = DEFAULT_NORMALISE_WINDOWS};
}

void
gst_mx_train_options_install (GObjectClass *klass, gsize offset)
{
  install_labels (klass, offset);
  install_weights (klass, offset);
  install_adaptation (klass, offset);
  install_normalisation (klass, offset);
  gst_type_mark_as_plugin_api (normalise_get_type (), 0);
  gst_type_mark_as_plugin_api (class_balance_get_type (), 0);
}

gboolean
gst_mx_train_options_set (
    GstMxTrainOptions *self, GParamSpec *pspec, const GValue *value)
{
  if (pspec->param_id != PROP_EXIT_WEIGHTS)
    return FALSE;
  self->n_exit_weights = gst_value_array_get_size (value);
  for (guint i = 0; i < MIN (self->n_exit_weights, MX_MAX_EXITS); i++)
    self->exit_weights[i] =
        (gfloat)g_value_get_double (gst_value_array_get_value (value, i));
  return TRUE;
}

gboolean
gst_mx_train_options_get (
    const GstMxTrainOptions *self, GParamSpec *pspec, GValue *value)
{
  if (pspec->param_id != PROP_EXIT_WEIGHTS)
    return FALSE;
  for (guint i = 0; i < MIN (self->n_exit_weights, MX_MAX_EXITS); i++) {
    GValue weight = G_VALUE_INIT;

    g_value_init (&weight, G_TYPE_DOUBLE);
    g_value_set_double (&weight, self->exit_weights[i]);
    gst_value_array_append_and_take_value (value, &weight);
  }
  return TRUE;
}

static gchar *
exit_weights_misfit (const GstMxTrainOptions *self, guint n_exits)
{
  gfloat sum = 0;

  if (self->n_exit_weights == 0)
    return NULL;
  if (self->n_exit_weights != n_exits)
    return g_strdup_printf ("Property exit-weights holds %u weight%s, but the "
                            "network has %u exit%s",
        self->n_exit_weights, self->n_exit_weights == 1 ? "" : "s", n_exits,
        n_exits == 1 ? "" : "s");
  for (guint i = 0; i < n_exits; i++)
    sum += self->exit_weights[i];
  return sum > 0 ? NULL
                 : g_strdup ("Property exit-weights holds nothing but 0: no "
                             "exit would learn");
}

static gchar *
freeze_misfit (const GstMxTrainOptions *self, guint n_exits)
{
  if (self->freeze_stages > n_exits)
    return g_strdup_printf ("Property freeze-stages is %u"
                            ", but the network has %u stage%s",
        self->freeze_stages, n_exits, n_exits == 1 ? "" : "s");
  if (self->freeze_stages == n_exits && self->freeze_exits)
    return g_strdup ("Properties freeze-stages and freeze-exits leave nothing "
                     "that could learn");
  return NULL;
}

gchar *
gst_mx_train_options_misfit (const GstMxTrainOptions *self, guint n_exits)
{
  gchar *misfit = exit_weights_misfit (self, n_exits);

  return misfit != NULL ? misfit : freeze_misfit (self, n_exits);
}

guint
gst_mx_train_options_hold (const GstMxTrainOptions *self)
{
  return self->normalise == GST_MX_NORMALISE_AUTO ? self->normalise_windows : 0;
}

void
gst_mx_train_options_apply (
    const GstMxTrainOptions *self, MxTrainerConfig *config)
{
  MxObjective *objective = &config->objective;

  objective->smoothing = self->smoothing;
  objective->n_exit_weights = self->n_exit_weights;
  memcpy (
      objective->exit_weights, self->exit_weights, sizeof self->exit_weights);
  config->mixup = self->mixup;
  config->class_weights = self->class_balance == GST_MX_CLASS_BALANCE_WEIGHTS;
  config->teacher_average = self->teacher_average;
  config->average_weights = self->average_weights;
  config->freeze = (MxFreeze){self->freeze_stages, self->freeze_exits};
}
