/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxtrainsettings.h"

enum {
  PROP_0,
  PROP_MODEL_FILE,
  PROP_ARCHITECTURE,
  PROP_LOCATION,
  PROP_OBJECTIVE,
  PROP_CONSISTENCY_WEIGHT,
  PROP_CONSISTENCY_TARGET,
  PROP_TEACHER,
  PROP_CONFIDENCE_THRESHOLD,
  PROP_RAMP_UP,
  PROP_TEMPERATURE,
  PROP_BATCH_SIZE,
  PROP_LEARNING_RATE,
  PROP_WARM_UP,
  PROP_OPTIMIZER,
  PROP_WEIGHT_DECAY,
  PROP_MOMENTUM,
  PROP_SEED,
  PROP_THREADS
};

#define FLAGS                                                                  \
  (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_READY)
#define DEFAULT_OBJECTIVE MX_OBJECTIVE_CONSISTENT_EXIT
#define DEFAULT_TEMPERATURE 0
#define MAX_BATCH_SIZE 1024
#define MAX_THREADS 1024

static GType
enum_type (gsize *once, const gchar *name, const GEnumValue *values)
{
  if (g_once_init_enter (once))
    g_once_init_leave (once, g_enum_register_static (name, values));
  return *once;
}

static GType
objective_type (void)
{
  static const GEnumValue values[] = {
      {MX_OBJECTIVE_SUPERVISED, "Cross-entropy of clean windows", "supervised"},
      {MX_OBJECTIVE_AUGMENTED, "Cross-entropy of clean and perturbed windows",
          "augmented"},
      {MX_OBJECTIVE_SELF_DISTILLATION,
          "Supervised, and earlier exits learn from the last",
          "self-distillation"},
      {MX_OBJECTIVE_CONSISTENT_EXIT,
          "Supervised, and all exits answer perturbed windows as clean ones",
          "consistent-exit"},
      {0, NULL, NULL}};
  static gsize once = 0;

  return enum_type (&once, "GstMxObjective", values);
}

static GType
target_type (void)
{
  static const GEnumValue values[] = {
      {MX_TARGET_SOFT, "The teacher's probabilities", "soft"},
      {MX_TARGET_HARD, "The teacher's most probable class", "hard"},
      {0, NULL, NULL}};
  static gsize once = 0;

  return enum_type (&once, "GstMxConsistencyTarget", values);
}

static GType
teacher_type (void)
{
  static const GEnumValue values[] = {
      {MX_TEACHER_OWN, "Each exit teaches itself", "own"},
      {MX_TEACHER_LAST, "The last exit teaches all", "last"},
      {MX_TEACHER_AVERAGE, "The mean of all exits teaches all", "average"},
      {0, NULL, NULL}};
  static gsize once = 0;

  return enum_type (&once, "GstMxTeacher", values);
}

static GType
optimizer_type (void)
{
  static const GEnumValue values[] = {
      {MX_OPTIMIZER_SGD, "Stochastic gradient descent with momentum", "sgd"},
      {MX_OPTIMIZER_ADAM, "Adam", "adam"},
      {MX_OPTIMIZER_ADAMW, "Adam with decoupled weight decay", "adamw"},
      {0, NULL, NULL}};
  static gsize once = 0;

  return enum_type (&once, "GstMxOptimizer", values);
}

void
gst_mx_train_settings_init (GstMxTrainSettings *self)
{
  *self = (GstMxTrainSettings){
      .objective = DEFAULT_OBJECTIVE,
      .temperature = DEFAULT_TEMPERATURE,
  };
  mx_trainer_config_init (&self->config);
}

void
gst_mx_train_settings_clear (GstMxTrainSettings *self)
{
  g_clear_pointer (&self->model_file, g_free);
  g_clear_pointer (&self->architecture, g_free);
  g_clear_pointer (&self->location, g_free);
}

/* ------------------------------------------------------------ install */

static void
install_files (GObjectClass *klass)
{
  g_object_class_install_property (klass, PROP_MODEL_FILE,
      g_param_spec_string ("model-file", "Model file",
          "Model (safetensors) whose weights training starts from; instead of "
          "architecture",
          NULL, FLAGS));
  g_object_class_install_property (klass, PROP_ARCHITECTURE,
      g_param_spec_string ("architecture", "Architecture",
          "Description (JSON) of the network to train from fresh weights; "
          "instead of model-file",
          NULL, FLAGS));
  g_object_class_install_property (klass, PROP_LOCATION,
      g_param_spec_string ("location", "Location",
          "Where the trained model (safetensors) is written at the end of the "
          "stream; a file there is replaced whole",
          NULL, FLAGS));
}

static void
install_objective (GObjectClass *klass, const MxTrainerConfig *defaults)
{
  const MxObjective *objective = &defaults->objective;

  g_object_class_install_property (klass, PROP_OBJECTIVE,
      g_param_spec_enum ("objective", "Objective",
          "What all exits are trained for", objective_type (),
          DEFAULT_OBJECTIVE, FLAGS));
  g_object_class_install_property (klass, PROP_CONSISTENCY_WEIGHT,
      g_param_spec_float ("consistency-weight", "Consistency weight",
          "Weight of the consistency loss beside the cross-entropy "
          "(consistent-exit)",
          0, 1000, objective->consistency_weight, FLAGS));
  g_object_class_install_property (klass, PROP_CONSISTENCY_TARGET,
      g_param_spec_enum ("consistency-target", "Consistency target",
          "What of the teacher the perturbed window must match "
          "(consistent-exit)",
          target_type (), objective->target, FLAGS));
  g_object_class_install_property (klass, PROP_TEACHER,
      g_param_spec_enum ("teacher", "Teacher",
          "Which exit teaches on the clean window (consistent-exit)",
          teacher_type (), objective->teacher, FLAGS));
  g_object_class_install_property (klass, PROP_CONFIDENCE_THRESHOLD,
      g_param_spec_float ("confidence-threshold", "Confidence threshold",
          "Teachers whose largest probability is below teach nothing "
          "(consistent-exit); 0: all teach",
          0, 1, objective->threshold, FLAGS));
  g_object_class_install_property (klass, PROP_RAMP_UP,
      g_param_spec_float ("ramp-up", "Ramp-up",
          "Fraction of the training over which the consistency weight rises "
          "from 0 (consistent-exit)",
          0, 1, defaults->ramp_up, FLAGS));
  g_object_class_install_property (klass, PROP_TEMPERATURE,
      g_param_spec_float ("temperature", "Temperature",
          "Softmax temperature of the teacher (consistent-exit), or of teacher "
          "and students (self-distillation); 0: 1 or 2, as these need",
          0, 100, DEFAULT_TEMPERATURE, FLAGS));
}

static void
install_optimizer (GObjectClass *klass, const MxTrainerConfig *defaults)
{
  g_object_class_install_property (klass, PROP_BATCH_SIZE,
      g_param_spec_uint ("batch-size", "Batch size",
          "Windows in one step (a clean window and its perturbed copy count "
          "once). Memory grows with it, for a network like models/digits.json "
          "by 2 MB for each, and so does the wait for a step when training is "
          "stopped",
          1, MAX_BATCH_SIZE, defaults->batch_size, FLAGS));
  g_object_class_install_property (klass, PROP_LEARNING_RATE,
      g_param_spec_float ("learning-rate", "Learning rate",
          "Largest learning rate, after the warm-up; falls to 0 as a cosine "
          "over the epochs, if their number is known",
          0, 100, defaults->learning_rate, FLAGS));
  g_object_class_install_property (klass, PROP_WARM_UP,
      g_param_spec_uint ("warm-up", "Warm-up",
          "Steps over which the learning rate rises", 0, G_MAXUINT,
          defaults->warm_up, FLAGS));
  g_object_class_install_property (klass, PROP_OPTIMIZER,
      g_param_spec_enum ("optimizer", "Optimizer",
          "How gradients move the weights", optimizer_type (),
          defaults->optimizer.kind, FLAGS));
  g_object_class_install_property (klass, PROP_WEIGHT_DECAY,
      g_param_spec_float ("weight-decay", "Weight decay",
          "Pull of all weights towards 0", 0, 1,
          defaults->optimizer.weight_decay, FLAGS));
  g_object_class_install_property (klass, PROP_MOMENTUM,
      g_param_spec_float ("momentum", "Momentum",
          "What a step keeps of the one before (sgd)", 0, 1,
          defaults->optimizer.momentum, FLAGS));
  g_object_class_install_property (klass, PROP_SEED,
      g_param_spec_uint64 ("seed", "Seed",
          "Number that all chance comes from: fresh weights, places of short "
          "examples. The same seed on the same stream gives the same model",
          0, G_MAXUINT64, defaults->seed, FLAGS));
  g_object_class_install_property (klass, PROP_THREADS,
      g_param_spec_uint ("threads", "Threads",
          "Threads that compute a step; 0: one for each processor. The model "
          "does not depend on it",
          0, MAX_THREADS, defaults->threads, FLAGS));
}

void
gst_mx_train_settings_install (GObjectClass *klass)
{
  MxTrainerConfig defaults;

  mx_trainer_config_init (&defaults);
  install_files (klass);
  install_objective (klass, &defaults);
  install_optimizer (klass, &defaults);
  gst_type_mark_as_plugin_api (objective_type (), 0);
  gst_type_mark_as_plugin_api (target_type (), 0);
  gst_type_mark_as_plugin_api (teacher_type (), 0);
  gst_type_mark_as_plugin_api (optimizer_type (), 0);
}

/* ------------------------------------------------------------ set, get */

/* An empty name is none. */
static void
set_text (gchar **text, const GValue *value)
{
  const gchar *given = g_value_get_string (value);

  g_free (*text);
  *text = given && *given ? g_strdup (given) : NULL;
}

static gboolean
set_file (GstMxTrainSettings *self, guint id, const GValue *value)
{
  switch (id) {
  case PROP_MODEL_FILE:
    set_text (&self->model_file, value);
    self->unloaded = TRUE;
    return TRUE;
  case PROP_ARCHITECTURE:
    set_text (&self->architecture, value);
    self->unloaded = TRUE;
    return TRUE;
  case PROP_LOCATION:
    set_text (&self->location, value);
    return TRUE;
  default:
    return FALSE;
  }
}

gboolean
gst_mx_train_settings_set (
    GstMxTrainSettings *self, guint id, const GValue *value)
{
  MxTrainerConfig *config = &self->config;

  switch (id) {
  case PROP_OBJECTIVE:
    self->objective = g_value_get_enum (value);
    break;
  case PROP_CONSISTENCY_WEIGHT:
    config->objective.consistency_weight = g_value_get_float (value);
    break;
  case PROP_CONSISTENCY_TARGET:
    config->objective.target = g_value_get_enum (value);
    break;
  case PROP_TEACHER:
    config->objective.teacher = g_value_get_enum (value);
    break;
  case PROP_CONFIDENCE_THRESHOLD:
    config->objective.threshold = g_value_get_float (value);
    break;
  case PROP_RAMP_UP:
    config->ramp_up = g_value_get_float (value);
    break;
  case PROP_TEMPERATURE:
    self->temperature = g_value_get_float (value);
    break;
  case PROP_BATCH_SIZE:
    config->batch_size = g_value_get_uint (value);
    break;
  case PROP_LEARNING_RATE:
    config->learning_rate = g_value_get_float (value);
    break;
  case PROP_WARM_UP:
    config->warm_up = g_value_get_uint (value);
    break;
  case PROP_OPTIMIZER:
    config->optimizer.kind = g_value_get_enum (value);
    break;
  case PROP_WEIGHT_DECAY:
    config->optimizer.weight_decay = g_value_get_float (value);
    break;
  case PROP_MOMENTUM:
    config->optimizer.momentum = g_value_get_float (value);
    break;
  case PROP_SEED:
    config->seed = g_value_get_uint64 (value);
    break;
  case PROP_THREADS:
    config->threads = g_value_get_uint (value);
    break;
  default:
    return set_file (self, id, value);
  }
  return TRUE;
}

static gboolean
get_file (const GstMxTrainSettings *self, guint id, GValue *value)
{
  switch (id) {
  case PROP_MODEL_FILE:
    g_value_set_string (value, self->model_file);
    return TRUE;
  case PROP_ARCHITECTURE:
    g_value_set_string (value, self->architecture);
    return TRUE;
  case PROP_LOCATION:
    g_value_set_string (value, self->location);
    return TRUE;
  default:
    return FALSE;
  }
}

gboolean
gst_mx_train_settings_get (
    const GstMxTrainSettings *self, guint id, GValue *value)
{
  const MxTrainerConfig *config = &self->config;

  switch (id) {
  case PROP_OBJECTIVE:
    g_value_set_enum (value, self->objective);
    break;
  case PROP_CONSISTENCY_WEIGHT:
    g_value_set_float (value, config->objective.consistency_weight);
    break;
  case PROP_CONSISTENCY_TARGET:
    g_value_set_enum (value, config->objective.target);
    break;
  case PROP_TEACHER:
    g_value_set_enum (value, config->objective.teacher);
    break;
  case PROP_CONFIDENCE_THRESHOLD:
    g_value_set_float (value, config->objective.threshold);
    break;
  case PROP_RAMP_UP:
    g_value_set_float (value, config->ramp_up);
    break;
  case PROP_TEMPERATURE:
    g_value_set_float (value, self->temperature);
    break;
  case PROP_BATCH_SIZE:
    g_value_set_uint (value, config->batch_size);
    break;
  case PROP_LEARNING_RATE:
    g_value_set_float (value, config->learning_rate);
    break;
  case PROP_WARM_UP:
    g_value_set_uint (value, config->warm_up);
    break;
  case PROP_OPTIMIZER:
    g_value_set_enum (value, config->optimizer.kind);
    break;
  case PROP_WEIGHT_DECAY:
    g_value_set_float (value, config->optimizer.weight_decay);
    break;
  case PROP_MOMENTUM:
    g_value_set_float (value, config->optimizer.momentum);
    break;
  case PROP_SEED:
    g_value_set_uint64 (value, config->seed);
    break;
  case PROP_THREADS:
    g_value_set_uint (value, config->threads);
    break;
  default:
    return get_file (self, id, value);
  }
  return TRUE;
}

/* ------------------------------------------------------------ resolve */

void
gst_mx_train_settings_resolve (
    const GstMxTrainSettings *self, MxTrainerConfig *config)
{
  const MxObjective *wanted = &self->config.objective;
  MxObjective *objective = &config->objective;

  *config = self->config;
  mx_objective_init (objective, self->objective);
  objective->target = wanted->target;
  objective->teacher = wanted->teacher;
  objective->threshold = wanted->threshold;
  if (self->objective == MX_OBJECTIVE_CONSISTENT_EXIT)
    objective->consistency_weight = wanted->consistency_weight;
  if (self->temperature > 0) {
    objective->temperature = self->temperature;
    objective->distillation_temperature = self->temperature;
  }
}
