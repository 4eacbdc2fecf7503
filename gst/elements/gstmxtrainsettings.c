/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxtrainsettings.h"

#define FLAGS                                                                  \
  (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_READY)
#define DEFAULT_OBJECTIVE MX_OBJECTIVE_CONSISTENT_EXIT
#define DEFAULT_TEMPERATURE 0
#define DEFAULT_METRIC MX_VALIDATION_AUC
#define DEFAULT_PATIENCE 0
#define DEFAULT_CHECKPOINT_INTERVAL (300 * GST_SECOND)
#define DEFAULT_LOG_INTERVAL 0
#define DEFAULT_MPI TRUE
#define MAX_BATCH_SIZE 1024
#define MAX_THREADS 1024

#define MEMBER(member) GST_MX_MEMBER (GstMxTrainSettings, member)

static G_DEFINE_ENUM_TYPE (GstMxObjective, objective,
    {MX_OBJECTIVE_SUPERVISED, "Cross-entropy of clean windows", "supervised"},
    {MX_OBJECTIVE_AUGMENTED, "Cross-entropy of clean and perturbed windows",
        "augmented"},
    {MX_OBJECTIVE_SELF_DISTILLATION,
        "Supervised, and earlier exits learn from the last",
        "self-distillation"},
    {MX_OBJECTIVE_CONSISTENT_EXIT,
        "Supervised, and all exits answer perturbed windows as clean ones",
        "consistent-exit"})

static G_DEFINE_ENUM_TYPE (GstMxConsistencyTarget, target,
    {MX_TARGET_SOFT, "The teacher's probabilities", "soft"},
    {MX_TARGET_HARD, "The teacher's most probable class", "hard"})

static G_DEFINE_ENUM_TYPE (GstMxTeacher, teacher,
    {MX_TEACHER_OWN, "Each exit teaches itself", "own"},
    {MX_TEACHER_LAST, "The last exit teaches all", "last"},
    {MX_TEACHER_AVERAGE, "The mean of all exits teaches all", "average"})

static G_DEFINE_ENUM_TYPE (GstMxOptimizer, optimizer,
    {MX_OPTIMIZER_SGD, "Stochastic gradient descent with momentum", "sgd"},
    {MX_OPTIMIZER_ADAM, "Adam", "adam"},
    {MX_OPTIMIZER_ADAMW, "Adam with decoupled weight decay", "adamw"})

static G_DEFINE_ENUM_TYPE (GstMxSchedule, schedule,
    {MX_SCHEDULE_COSINE, "Falls to 0 as a cosine over the epochs", "cosine"},
    {MX_SCHEDULE_CONSTANT, "Stays", "constant"})

static G_DEFINE_ENUM_TYPE (GstMxValidMetric, metric,
    {MX_VALIDATION_LOSS, "Cross-entropy, mean over the exits", "loss"},
    {MX_VALIDATION_LAST_ACCURACY, "Accuracy of the last exit", "last-accuracy"},
    {MX_VALIDATION_MEAN_ACCURACY, "Accuracy, mean over the exits",
        "mean-accuracy"},
    {MX_VALIDATION_AUC, "Best accuracy, mean over cost budgets", "auc"})

void
gst_mx_train_settings_init (GstMxTrainSettings *self)
{
  *self = (GstMxTrainSettings){
      .objective = DEFAULT_OBJECTIVE,
      .temperature = DEFAULT_TEMPERATURE,
      .valid_metric = DEFAULT_METRIC,
      .patience = DEFAULT_PATIENCE,
      .checkpoint_interval = DEFAULT_CHECKPOINT_INTERVAL,
      .log_interval = DEFAULT_LOG_INTERVAL,
      .mpi = DEFAULT_MPI,
  };
  gst_mx_train_options_init (&self->options);
  mx_trainer_config_init (&self->config);
}

void
gst_mx_train_settings_clear (GstMxTrainSettings *self)
{
  g_clear_pointer (&self->model_file, g_free);
  g_clear_pointer (&self->architecture, g_free);
  g_clear_pointer (&self->location, g_free);
  g_clear_pointer (&self->checkpoint_location, g_free);
  g_clear_pointer (&self->log_location, g_free);
  g_clear_pointer (&self->background_label, g_free);
}

/* ------------------------------------------------------------ install */

static void
install_files (GObjectClass *klass)
{
  gst_mx_property_install (klass, MEMBER (model_file),
      g_param_spec_string ("model-file", "Model file",
          "Model (safetensors) whose weights training starts from; instead of "
          "architecture",
          NULL, FLAGS));
  gst_mx_property_install (klass, MEMBER (architecture),
      g_param_spec_string ("architecture", "Architecture",
          "Description (JSON) of the network to train from fresh weights; "
          "instead of model-file",
          NULL, FLAGS));
  gst_mx_property_install (klass, MEMBER (location),
      g_param_spec_string ("location", "Location",
          "Where the trained model (safetensors) is written at the end of the "
          "stream; a file there is replaced whole",
          NULL, FLAGS));
  gst_mx_property_install (klass, MEMBER (background_label),
      g_param_spec_string ("background-label", "Background label",
          "Class of windows that lie wholly in gaps between examples, behind "
          "the classes of the data set unless it is one of them; at most 30 % "
          "of all windows are. None: gaps teach nothing",
          NULL, FLAGS));
}

static void
install_objective (GObjectClass *klass, const MxTrainerConfig *defaults)
{
  const MxObjective *objective = &defaults->objective;

  gst_mx_property_install (klass, MEMBER (objective),
      g_param_spec_enum ("objective", "Objective",
          "What all exits are trained for", objective_get_type (),
          DEFAULT_OBJECTIVE, FLAGS));
  gst_mx_property_install (klass, MEMBER (config.objective.consistency_weight),
      g_param_spec_float ("consistency-weight", "Consistency weight",
          "Weight of the consistency loss beside the cross-entropy "
          "(consistent-exit)",
          0, 1000, objective->consistency_weight, FLAGS));
  gst_mx_property_install (klass, MEMBER (config.objective.target),
      g_param_spec_enum ("consistency-target", "Consistency target",
          "What of the teacher the perturbed window must match "
          "(consistent-exit)",
          target_get_type (), objective->target, FLAGS));
  gst_mx_property_install (klass, MEMBER (config.objective.teacher),
      g_param_spec_enum ("teacher", "Teacher",
          "Which exit teaches on the clean window (consistent-exit)",
          teacher_get_type (), objective->teacher, FLAGS));
  gst_mx_property_install (klass, MEMBER (config.objective.threshold),
      g_param_spec_float ("confidence-threshold", "Confidence threshold",
          "Teachers whose largest probability is below teach nothing "
          "(consistent-exit); 0: all teach",
          0, 1, objective->threshold, FLAGS));
  gst_mx_property_install (klass, MEMBER (config.ramp_up),
      g_param_spec_float ("ramp-up", "Ramp-up",
          "Fraction of the training over which the consistency weight rises "
          "from 0 (consistent-exit)",
          0, 1, defaults->ramp_up, FLAGS));
  gst_mx_property_install (klass, MEMBER (temperature),
      g_param_spec_float ("temperature", "Temperature",
          "Softmax temperature of the teacher (consistent-exit), or of teacher "
          "and students (self-distillation); 0: 1 or 2, as these need",
          0, 100, DEFAULT_TEMPERATURE, FLAGS));
}

static void
install_optimizer (GObjectClass *klass, const MxTrainerConfig *defaults)
{
  gst_mx_property_install (klass, MEMBER (config.batch_size),
      g_param_spec_uint ("batch-size", "Batch size",
          "Windows in one step (a clean window and its perturbed copy count "
          "once). Memory grows with it, for a network like models/digits.json "
          "by 1.3 MB for each, and so does the wait for a step when training "
          "is stopped",
          1, MAX_BATCH_SIZE, defaults->batch_size, FLAGS));
  gst_mx_property_install (klass, MEMBER (config.learning_rate),
      g_param_spec_float ("learning-rate", "Learning rate",
          "Largest learning rate, after the warm-up", 0, 100,
          defaults->learning_rate, FLAGS));
  gst_mx_property_install (klass, MEMBER (config.schedule),
      g_param_spec_enum ("schedule", "Schedule",
          "What becomes of the learning rate after the warm-up; without a "
          "known number of epochs it stays",
          schedule_get_type (), defaults->schedule, FLAGS));
  gst_mx_property_install (klass, MEMBER (config.gradient_clip),
      g_param_spec_float ("gradient-clip", "Gradient clip",
          "Largest norm of all gradients of a step together; longer ones are "
          "scaled down to it; 0: as they are",
          0, G_MAXFLOAT, defaults->gradient_clip, FLAGS));
  gst_mx_property_install (klass, MEMBER (config.warm_up),
      g_param_spec_uint ("warm-up", "Warm-up",
          "Steps over which the learning rate rises", 0, G_MAXUINT,
          defaults->warm_up, FLAGS));
  gst_mx_property_install (klass, MEMBER (config.optimizer.kind),
      g_param_spec_enum ("optimizer", "Optimizer",
          "How gradients move the weights", optimizer_get_type (),
          defaults->optimizer.kind, FLAGS));
  gst_mx_property_install (klass, MEMBER (config.optimizer.weight_decay),
      g_param_spec_float ("weight-decay", "Weight decay",
          "Pull of all weights towards 0", 0, 1,
          defaults->optimizer.weight_decay, FLAGS));
  gst_mx_property_install (klass, MEMBER (config.optimizer.momentum),
      g_param_spec_float ("momentum", "Momentum",
          "What a step keeps of the one before (sgd)", 0, 1,
          defaults->optimizer.momentum, FLAGS));
  gst_mx_property_install (klass, MEMBER (config.seed),
      g_param_spec_uint64 ("seed", "Seed",
          "Number that all chance comes from: fresh weights, places of short "
          "examples. The same seed on the same stream gives the same model",
          0, G_MAXUINT64, defaults->seed, FLAGS));
  gst_mx_property_install (klass, MEMBER (config.threads),
      g_param_spec_uint ("threads", "Threads",
          "Threads that compute a step; 0: one for each processor. The model "
          "does not depend on it",
          0, MAX_THREADS, defaults->threads, FLAGS));
}

static void
install_validation (GObjectClass *klass)
{
  gst_mx_property_install (klass, MEMBER (valid_metric),
      g_param_spec_enum ("valid-metric", "Validation metric",
          "By what the best epoch is chosen, on examples of the split valid",
          metric_get_type (), DEFAULT_METRIC, FLAGS));
  gst_mx_property_install (klass, MEMBER (patience),
      g_param_spec_uint ("patience", "Patience",
          "So many epochs in a row without a better one end the training; 0: "
          "none do",
          0, G_MAXUINT, DEFAULT_PATIENCE, FLAGS));
}

static void
install_keeping (GObjectClass *klass)
{
  gst_mx_property_install (klass, MEMBER (checkpoint_location),
      g_param_spec_string ("checkpoint-location", "Checkpoint location",
          "Where the state of the training is written; NULL: location, with "
          "\".checkpoint\" behind it",
          NULL, FLAGS));
  gst_mx_property_install (klass, MEMBER (checkpoint_interval),
      g_param_spec_uint64 ("checkpoint-interval", "Checkpoint interval",
          "Time from one checkpoint to the next, in ns; written after the step "
          "that ends then; 0: none are written",
          0, G_MAXUINT64, DEFAULT_CHECKPOINT_INTERVAL, FLAGS));
  gst_mx_property_install (klass, MEMBER (resume),
      g_param_spec_boolean ("resume", "Resume",
          "Go on from the checkpoint, if there is one: with the same data and "
          "seeds the model becomes what it would have been",
          FALSE, FLAGS));
  gst_mx_property_install (klass, MEMBER (log_location),
      g_param_spec_string ("log-location", "Log location",
          "File that a line of JSON is appended to after each epoch; NULL: "
          "none",
          NULL, FLAGS));
  gst_mx_property_install (klass, MEMBER (log_interval),
      g_param_spec_uint ("log-interval", "Log interval",
          "Steps from one line of the log to the next; 0: a line for each "
          "epoch only",
          0, G_MAXUINT, DEFAULT_LOG_INTERVAL, FLAGS));
  gst_mx_property_install (klass, MEMBER (mpi),
      g_param_spec_boolean ("mpi", "MPI",
          "Processes that mpirun started train one model together; false: each "
          "its own",
          DEFAULT_MPI, FLAGS));
}

void
gst_mx_train_settings_install (GObjectClass *klass)
{
  MxTrainerConfig defaults;

  mx_trainer_config_init (&defaults);
  install_files (klass);
  install_objective (klass, &defaults);
  install_optimizer (klass, &defaults);
  gst_mx_train_options_install (
      klass, G_STRUCT_OFFSET (GstMxTrainSettings, options));
  install_validation (klass);
  install_keeping (klass);
  gst_type_mark_as_plugin_api (schedule_get_type (), 0);
  gst_type_mark_as_plugin_api (metric_get_type (), 0);
  gst_type_mark_as_plugin_api (objective_get_type (), 0);
  gst_type_mark_as_plugin_api (target_get_type (), 0);
  gst_type_mark_as_plugin_api (teacher_get_type (), 0);
  gst_type_mark_as_plugin_api (optimizer_get_type (), 0);
}

/* ------------------------------------------------------------ set */

/* An empty name is none. */
static void
drop_if_empty (gchar **text)
{
  if (*text != NULL && **text == '\0')
    g_clear_pointer (text, g_free);
}

gboolean
gst_mx_train_settings_set (
    GstMxTrainSettings *self, GParamSpec *pspec, const GValue *value)
{
  if (gst_mx_train_options_set (&self->options, pspec, value))
    return TRUE;
  if (!gst_mx_property_set (self, pspec, value))
    return FALSE;
  drop_if_empty (&self->model_file);
  drop_if_empty (&self->architecture);
  drop_if_empty (&self->location);
  drop_if_empty (&self->checkpoint_location);
  drop_if_empty (&self->log_location);
  drop_if_empty (&self->background_label);
  if (g_str_equal (pspec->name, "model-file") ||
      g_str_equal (pspec->name, "architecture"))
    self->unloaded = TRUE;
  return TRUE;
}

gboolean
gst_mx_train_settings_get (
    const GstMxTrainSettings *self, GParamSpec *pspec, GValue *value)
{
  return gst_mx_train_options_get (&self->options, pspec, value) ||
         gst_mx_property_get (self, pspec, value);
}

/* ------------------------------------------------------------ presets */

static gchar **
get_preset_properties (GstPreset *preset)
{
  static const gchar *names[] = {"objective", "consistency-weight",
      "consistency-target", "teacher", "confidence-threshold", "ramp-up",
      "temperature", "label-smoothing", "mixup", "class-balance",
      "exit-weights", "teacher-average", "average-weights", "learning-rate",
      NULL};

  return g_strdupv ((gchar **)names);
}

void
gst_mx_train_settings_init_presets (gpointer iface, gpointer data)
{
  GstPresetInterface *presets = iface;

  presets->get_property_names = get_preset_properties;
}

/* ------------------------------------------------------------ resolve */

gchar *
gst_mx_train_settings_dup_checkpoint (const GstMxTrainSettings *self)
{
  if (self->checkpoint_interval == 0 && !self->resume)
    return NULL;
  if (self->checkpoint_location != NULL || self->location == NULL)
    return g_strdup (self->checkpoint_location);
  return g_strconcat (self->location, ".checkpoint", NULL);
}

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
  gst_mx_train_options_apply (&self->options, config);
  if (self->objective == MX_OBJECTIVE_CONSISTENT_EXIT)
    objective->consistency_weight = wanted->consistency_weight;
  if (self->temperature > 0) {
    objective->temperature = self->temperature;
    objective->distillation_temperature = self->temperature;
  }
}
