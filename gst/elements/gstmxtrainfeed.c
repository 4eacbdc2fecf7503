/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxtrainfeed.h"

#include "gstmxcsv.h"
#include "gstmxtrainhealth.h"
#include "gstmxtrainresult.h"
#include "gstmxtrainstate.h"
#include "gstmxtrainsteps.h"

/* Windows in gaps, of all: with more, words are taken for nothing. */
#define MOST_IN_GAPS .3

/* --------------------------------------------------------------- begin */

/* Those of the data set, and behind them what gaps are called. */
static gchar **
all_labels (const GstMxTrainRun *run)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  if (run->labels == NULL)
    return NULL;
  g_strv_builder_addv (builder, (const gchar **)run->labels);
  if (run->background != NULL &&
      !g_strv_contains ((const gchar *const *)run->labels, run->background))
    g_strv_builder_add (builder, run->background);
  return g_strv_builder_end (builder);
}

/* Each rank would find a mean and a deviation of its own. */
static gboolean
normalises_alone (const GstMxTrainRun *run)
{
  if (!gst_mx_normaliser_holds (&run->normaliser) ||
      mx_group_get_size (run->group.group) == 1)
    return TRUE;
  GST_ELEMENT_ERROR (run->owner, RESOURCE, SETTINGS,
      ("normalise=auto works in one process only: train a step without mpirun "
       "first, and take mean and deviation from its model."),
      (NULL));
  return FALSE;
}

static gboolean
begin (GstMxTrainRun *run)
{
  g_autofree gchar *summary = NULL;
  g_auto (GStrv) labels = all_labels (run);
  g_autoptr (GError) error = NULL;
  MxDescription *description;

  if (!gst_mx_train_model_set_labels (
          &run->model, labels, run->adapt_labels, run->config.seed, &error) ||
      !gst_mx_normaliser_begin (&run->normaliser, run->model.description,
          run->model.start != NULL, &error)) {
    GST_ELEMENT_ERROR (run->owner, RESOURCE, SETTINGS,
        ("The architecture and the data set do not fit: %s.", error->message),
        (NULL));
    return FALSE;
  }
  if (!gst_mx_train_steps_meet (run, GST_MX_WANT_BEGIN) ||
      !gst_mx_train_state_check_group (run) || !normalises_alone (run))
    return FALSE;
  description = run->model.description;
  run->config.group = run->group.group;
  run->trainer = mx_trainer_new (description, run->model.start, &run->config);
  gst_mx_validation_begin (
      &run->validation, description, run->model.start, &run->config);
  run->report.quiet = !gst_mx_train_group_is_first (&run->group);
  run->report.exits = description->program->n_stages;
  run->report.examples = run->examples;
  run->report.epochs = run->epochs;
  summary = mx_description_summary (description);
  gst_mx_train_report_begin (&run->report, summary);
  gst_mx_checkpoints_begin (&run->checkpoints);
  return gst_mx_train_state_restore (run);
}

/* ------------------------------------------------------------ examples */

static gboolean
find_label (GstMxTrainRun *run, const GstMxExample *example, gint32 *label)
{
  const gchar *name = example->gap ? run->background : example->label;
  g_autofree gchar *known = NULL;
  g_autofree gchar *shown = NULL;

  *label = -1;
  if (name == NULL)
    return TRUE;
  *label = mx_description_find_label (run->model.description, name);
  if (*label >= 0)
    return TRUE;
  known = g_strjoinv (", ", run->model.description->labels);
  shown = gst_mx_csv_shorten (known, 200);
  GST_ELEMENT_ERROR (run->owner, STREAM, FAILED,
      ("The label \"%s\" of example %" G_GUINT64_FORMAT
       " is none of the model's: %s.",
          name, example->index, shown),
      ("%s", example->path ? example->path : "path unknown"));
  return FALSE;
}

static gboolean
learn (GstMxTrainRun *run, const gfloat *clean, const gfloat *perturbed,
    gint32 label)
{
  mx_trainer_add (run->trainer, clean, perturbed, label);
  return !mx_trainer_is_full (run->trainer) ||
         gst_mx_train_steps_meet (run, GST_MX_WANT_STEP);
}

/* Learns from what was held back; a checkpoint would not know the rest. */
static gboolean
settle_normalisation (GstMxTrainRun *run)
{
  g_autoptr (GArray) held = NULL;
  g_autoptr (GError) error = NULL;
  MxDescription *description;
  gboolean learnt = TRUE;

  if (!gst_mx_normaliser_holds (&run->normaliser) ||
      run->normaliser.held->len == 0)
    return TRUE;
  description = gst_mx_normaliser_end (&run->normaliser, &held, &error);
  if (description == NULL) {
    GST_ELEMENT_ERROR (run->owner, STREAM, FAILED,
        ("The data cannot be normalised: %s.", error->message), (NULL));
    return FALSE;
  }
  gst_mx_train_run_take_description (run, description);
  run->catches_up = TRUE;
  for (guint i = 0; i < held->len && learnt; i++) {
    const GstMxHeld *window = &g_array_index (held, GstMxHeld, i);

    learnt = learn (run, window->clean, window->perturbed, window->label);
  }
  run->catches_up = FALSE;
  return learnt;
}

static gboolean
pass_over (GstMxTrainRun *run)
{
  gst_mx_train_report_pass (
      &run->report, run->checkpoints.place.met, run->checkpoints.goal.met);
  return TRUE;
}

/* What is left of the last batch is learnt from before it is measured for the
 * last time. */
static gboolean
prepare_to_measure (GstMxTrainRun *run)
{
  guint64 planned = gst_mx_train_steps_planned (run);

  if (planned > 0 && run->heard >= planned && !gst_mx_train_steps_finish (run))
    return FALSE;
  if (!run->measures && !gst_mx_train_steps_meet (run, GST_MX_WANT_VALID))
    return FALSE;
  run->measures = TRUE;
  return TRUE;
}

/* Of so many windows in a gap, those that leave enough others. */
static gsize
some_in_gap (guint64 windows, guint64 in_gaps, gsize n)
{
  gdouble others = (gdouble)(windows - MIN (windows, in_gaps));
  gdouble most = others * MOST_IN_GAPS / (1 - MOST_IN_GAPS);

  return MIN (n, (gsize)MAX (most - (gdouble)in_gaps, 0));
}

static gboolean
hear_gap (GstMxTrainRun *run, gsize *n)
{
  guint64 *windows = run->is_valid ? &run->valid_windows : &run->windows;
  guint64 *in_gaps = run->is_valid ? &run->valid_in_gaps : &run->in_gaps;

  *n = some_in_gap (*windows, *in_gaps, *n);
  *windows += *n;
  *in_gaps += *n;
  run->checkpoints.place.allotted = *n;
  gst_mx_checkpoints_enter (&run->checkpoints);
  return TRUE;
}

static void
enter (GstMxTrainRun *run, gsize windows, gint32 label)
{
  if (run->is_valid) {
    run->valid_heard++;
    run->valid_windows += windows;
  } else {
    run->heard++;
    run->windows += windows;
    run->labelled += label >= 0;
  }
  gst_mx_checkpoints_enter (&run->checkpoints);
}

gboolean
gst_mx_train_feed_example (GstMxTrainRun *run, const GstMxExample *example,
    gsize *windows, gint32 *label)
{
  GstMxPassage passage;

  if (run->trainer == NULL && !begin (run))
    return FALSE;
  if (!find_label (run, example, label))
    return FALSE;
  run->is_valid = g_strcmp0 (example->split, GST_MX_SPLIT_VALID) == 0;
  passage = gst_mx_checkpoints_meet (&run->checkpoints, example, windows);
  if (passage != GST_MX_PASSAGE_NEW)
    return passage == GST_MX_PASSAGE_OVER && pass_over (run);
  if ((run->is_valid || example->epoch > 0) && !settle_normalisation (run))
    return FALSE;
  if (example->gap)
    return hear_gap (run, windows);
  if (run->report.done > 0 && example->epoch != run->report.epoch &&
      !gst_mx_train_steps_meet (run, GST_MX_WANT_EPOCH))
    return FALSE;
  if (run->over)
    return TRUE;
  if (run->is_valid && !prepare_to_measure (run))
    return FALSE;
  gst_mx_train_report_example (&run->report, example->epoch);
  enter (run, *windows, *label);
  return TRUE;
}

gboolean
gst_mx_train_feed_window (GstMxTrainRun *run, const gfloat *clean,
    const gfloat *perturbed, gint32 label)
{
  if (!gst_mx_checkpoints_meet_window (&run->checkpoints))
    return TRUE;
  if (run->is_valid) {
    gst_mx_validation_add (&run->validation, run->trainer, clean, label);
    return TRUE;
  }
  if (!gst_mx_normaliser_holds (&run->normaliser))
    return learn (run, clean, perturbed, label);
  return !gst_mx_normaliser_add (&run->normaliser, clean, perturbed, label) ||
         settle_normalisation (run);
}

gboolean
gst_mx_train_feed_segment (GstMxTrainRun *run, const MxSegment *clean,
    const MxSegment *perturbed, gint32 label)
{
  if (!gst_mx_checkpoints_meet_window (&run->checkpoints))
    return TRUE;
  if (run->is_valid) {
    gst_mx_validation_add_segment (
        &run->validation, run->trainer, clean, label);
    return TRUE;
  }
  mx_trainer_add_segments (run->trainer, clean, perturbed, label);
  return !mx_trainer_is_full (run->trainer) ||
         gst_mx_train_steps_meet (run, GST_MX_WANT_STEP);
}

/* ----------------------------------------------------------------- end */

/* By one for all. */
static gboolean
save_first (GstMxTrainRun *run)
{
  gboolean first = gst_mx_train_group_is_first (&run->group);
  gboolean saved = first && gst_mx_train_result_save (run);

  if (gst_mx_train_group_hear (&run->group, saved))
    return TRUE;
  if (!first)
    GST_ELEMENT_ERROR (run->owner, RESOURCE, WRITE,
        ("Rank 0 of this training could not write the model: its message says "
         "why."),
        (NULL));
  return FALSE;
}

gboolean
gst_mx_train_feed_end (GstMxTrainRun *run)
{
  if (run->trainer != NULL && !gst_mx_checkpoints_end (&run->checkpoints))
    return FALSE;
  if (run->trainer != NULL && !run->over &&
      (!settle_normalisation (run) || !gst_mx_train_steps_finish (run) ||
          !gst_mx_train_steps_meet (run, GST_MX_WANT_END)))
    return FALSE;
  if (!gst_mx_train_health_check_end (run) || !save_first (run))
    return FALSE;
  gst_mx_train_run_finish (run);
  return TRUE;
}
