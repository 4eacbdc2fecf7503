/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxtrainreport.h"

#define CODE "training"
#define INTERVAL (2 * G_USEC_PER_SEC)

static void
post_progress (GstMxTrainReport *self, GstProgressType type, const gchar *text)
{
  if (self->quiet)
    return;
  gst_element_post_message (self->owner,
      gst_message_new_progress (GST_OBJECT (self->owner), type, CODE, text));
}

gint64
gst_mx_train_report_get_elapsed (const GstMxTrainReport *self)
{
  return MAX (g_get_monotonic_time () - self->begin - self->idle, 0);
}

/* Of all the work, 0..1; 0: unknown. */
static gdouble
fraction_done (const GstMxTrainReport *self)
{
  gdouble all = (gdouble)self->examples * MAX (self->epochs, 0);

  return all > 0 ? MIN ((gdouble)self->heard / all, 1) : 0;
}

static GstClockTime
remaining (const GstMxTrainReport *self)
{
  gdouble done = fraction_done (self);

  if (done <= 0)
    return GST_CLOCK_TIME_NONE;
  return (GstClockTime)((gdouble)gst_mx_train_report_get_elapsed (self) *
                        (1 - done) / done * GST_USECOND);
}

static void
add_step (GstMxTrainSums *sums, const MxTrainerStep *step, gsize windows)
{
  sums->steps++;
  sums->windows += windows;
  sums->labelled += step->labelled;
  sums->loss += step->loss.total;
  sums->clean += step->loss.clean;
  sums->consistency += step->loss.consistency;
  for (guint e = 0; e < MX_MAX_EXITS; e++)
    sums->correct[e] += step->correct[e];
}

/* --------------------------------------------------------------- text */

static void
append_of (GString *text, const gchar *what, guint64 i, guint64 n)
{
  g_string_append_printf (text, "%s %" G_GUINT64_FORMAT, what, i);
  if (n > 0)
    g_string_append_printf (text, "/%" G_GUINT64_FORMAT, n);
  g_string_append (text, "  ");
}

static void
append_sums (GString *text, const GstMxTrainSums *sums, guint exits)
{
  if (sums->steps == 0)
    return;
  g_string_append_printf (
      text, "loss %.3f  ", sums->loss / (gdouble)sums->steps);
  if (sums->labelled == 0)
    return;
  g_string_append (text, "exits ");
  for (guint e = 0; e < exits; e++)
    g_string_append_printf (text, "%.0f ",
        100. * (gdouble)sums->correct[e] / (gdouble)sums->labelled);
  g_string_append (text, "%  ");
}

static void
append_validation (GString *text, const GstMxValidation *validation)
{
  const MxValidationScores *scores = &validation->scores;

  g_string_append (text, "valid ");
  for (guint e = 0; e < scores->exits; e++)
    g_string_append_printf (text, "%.0f ", 100. * scores->accuracy[e]);
  g_string_append_printf (text, "%% auc %.3f (best: epoch %u)  ", scores->auc,
      validation->best_epoch);
}

static void
append_time (GString *text, GstClockTime time, const gchar *what)
{
  guint64 seconds = time / GST_SECOND;

  if (!GST_CLOCK_TIME_IS_VALID (time))
    return;
  if (seconds >= 3600)
    g_string_append_printf (text, "%" G_GUINT64_FORMAT ":%02u", seconds / 3600,
        (guint)(seconds / 60 % 60));
  else
    g_string_append_printf (text, "%" G_GUINT64_FORMAT, seconds / 60);
  g_string_append_printf (text, ":%02u %s", (guint)(seconds % 60), what);
}

static void
speak (GstMxTrainReport *self)
{
  GString *text = g_string_new (NULL);
  gint64 now = g_get_monotonic_time ();

  append_of (text, "epoch", self->epoch + 1, MAX (self->epochs, 0));
  append_of (text, "example", self->done, self->examples);
  append_sums (text, &self->recent, self->exits);
  if (now > self->spoke && self->recent.windows > 0)
    g_string_append_printf (text, "%.0f windows/s  ",
        (gdouble)self->recent.windows * G_USEC_PER_SEC /
            (gdouble)(now - self->spoke));
  if (self->validation != NULL)
    append_validation (text, self->validation);
  append_time (text, remaining (self), "left");
  post_progress (self, GST_PROGRESS_TYPE_CONTINUE, g_strchomp (text->str));
  g_string_free (text, TRUE);
  self->recent = (GstMxTrainSums){0};
  self->spoke = now;
}

/* ------------------------------------------------------------ message */

static void
set_reals (
    GstStructure *structure, const gchar *field, const gdouble *reals, gsize n)
{
  GValue array = G_VALUE_INIT;

  g_value_init (&array, GST_TYPE_ARRAY);
  for (gsize i = 0; i < n; i++) {
    GValue value = G_VALUE_INIT;

    g_value_init (&value, G_TYPE_DOUBLE);
    g_value_set_double (&value, reals[i]);
    gst_value_array_append_and_take_value (&array, &value);
  }
  gst_structure_take_value (structure, field, &array);
}

static void
set_accuracy (GstStructure *structure, const GstMxTrainSums *sums, guint exits)
{
  gdouble accuracy[MX_MAX_EXITS];

  if (sums->labelled == 0)
    return;
  for (guint e = 0; e < exits; e++)
    accuracy[e] = (gdouble)sums->correct[e] / (gdouble)sums->labelled;
  set_reals (structure, "accuracy", accuracy, exits);
}

/* @prefix: of the names of the fields. */
static void
set_scores (GstStructure *structure, const gchar *prefix,
    const MxValidationScores *scores)
{
  const struct {
    const gchar *name;
    const gdouble *reals;
    gsize n; /* 0: one number */
  } fields[] = {{"loss", &scores->loss, 0}, {"auc", &scores->auc, 0},
      {"accuracy", scores->accuracy, scores->exits},
      {"macro-f1", scores->macro_f1, scores->exits}};

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++) {
    g_autofree gchar *name = g_strconcat (prefix, fields[i].name, NULL);

    if (fields[i].n > 0)
      set_reals (structure, name, fields[i].reals, fields[i].n);
    else
      gst_structure_set (
          structure, name, G_TYPE_DOUBLE, *fields[i].reals, NULL);
  }
}

static void
set_validation (GstStructure *structure, const GstMxValidation *validation)
{
  const MxValidationScores *scores = &validation->scores;

  gst_structure_set (structure, "valid-windows", G_TYPE_UINT64,
      scores->labelled, "best-epoch", G_TYPE_UINT, validation->best_epoch,
      NULL);
  set_scores (structure, "valid-", scores);
  if (validation->has_start_scores)
    set_scores (structure, "start-", &validation->start_scores);
}

/* For the log only. */
static void
log_step (const GstMxTrainReport *self, const MxTrainerStep *step)
{
  g_autoptr (GstStructure) structure = NULL;

  if (!gst_mx_train_log_wants_step (self->log, step->step))
    return;
  structure = gst_structure_new ("step", "epoch", G_TYPE_UINT, self->epoch + 1,
      "step", G_TYPE_UINT64, step->step, "steps", G_TYPE_UINT64, self->steps,
      "loss", G_TYPE_DOUBLE, step->loss.total, "clean-loss", G_TYPE_DOUBLE,
      step->loss.clean, "consistency-loss", G_TYPE_DOUBLE,
      step->loss.consistency, "gradient-norm", G_TYPE_DOUBLE,
      step->gradient_norm, "learning-rate", G_TYPE_DOUBLE,
      (gdouble)step->learning_rate, "elapsed", GST_TYPE_CLOCK_TIME,
      (GstClockTime)gst_mx_train_report_get_elapsed (self) * GST_USECOND, NULL);
  gst_mx_train_log_write (self->log, "step", structure);
}

static void
log_text (const GstMxTrainReport *self, const gchar *event, const gchar *text)
{
  g_autoptr (GstStructure) structure =
      gst_structure_new (event, "epoch", G_TYPE_UINT, self->epoch + 1, "step",
          G_TYPE_UINT64, self->step, "text", G_TYPE_STRING, text, NULL);

  gst_mx_train_log_write (self->log, event, structure);
}

/* @location: NULL but in the last message. */
static void
post_numbers (
    GstMxTrainReport *self, const GstMxTrainSums *sums, const gchar *location)
{
  gdouble steps = (gdouble)MAX (sums->steps, 1);
  GstStructure *structure;

  if (self->quiet)
    return;
  structure = gst_structure_new ("mxtrainsink", "epoch", G_TYPE_UINT,
      self->epoch + 1, "epochs", G_TYPE_INT, self->epochs, "step",
      G_TYPE_UINT64, self->step, "steps", G_TYPE_UINT64, self->steps, "loss",
      G_TYPE_DOUBLE, sums->loss / steps, "clean-loss", G_TYPE_DOUBLE,
      sums->clean / steps, "consistency-loss", G_TYPE_DOUBLE,
      sums->consistency / steps, "learning-rate", G_TYPE_DOUBLE,
      (gdouble)self->learning_rate, "elapsed", GST_TYPE_CLOCK_TIME,
      (GstClockTime)gst_mx_train_report_get_elapsed (self) * GST_USECOND,
      "remaining", GST_TYPE_CLOCK_TIME, location ? 0 : remaining (self), NULL);

  set_accuracy (structure, sums, self->exits);
  if (self->validation != NULL)
    set_validation (structure, self->validation);
  if (location)
    gst_structure_set (structure, "location", G_TYPE_STRING, location, NULL);
  gst_mx_train_log_write (self->log, location ? "end" : "epoch", structure);
  gst_element_post_message (self->owner,
      gst_message_new_element (GST_OBJECT (self->owner), structure));
}

static void
end_epoch (GstMxTrainReport *self)
{
  speak (self);
  post_numbers (self, &self->all, NULL);
  self->last = self->all;
  self->all = (GstMxTrainSums){0};
  self->done = 0;
}

/* ---------------------------------------------------------- what comes */

void
gst_mx_train_report_begin (GstMxTrainReport *self, const gchar *text)
{
  self->begin = self->spoke = g_get_monotonic_time ();
  self->idle = 0;
  post_progress (self, GST_PROGRESS_TYPE_START, text);
  log_text (self, "begin", text);
}

void
gst_mx_train_report_resume (GstMxTrainReport *self)
{
  g_autofree gchar *text =
      g_strdup_printf ("goes on after step %" G_GUINT64_FORMAT
                       " in epoch %u, example %" G_GUINT64_FORMAT,
          self->step, self->epoch + 1, self->done);

  post_progress (self, GST_PROGRESS_TYPE_CONTINUE, text);
  log_text (self, "resume", text);
}

void
gst_mx_train_report_pass (GstMxTrainReport *self, guint64 met, guint64 goal)
{
  g_autofree gchar *text = NULL;

  if (g_get_monotonic_time () - self->spoke < INTERVAL)
    return;
  text =
      g_strdup_printf ("passes over what it knows: example %" G_GUINT64_FORMAT
                       "/%" G_GUINT64_FORMAT,
          met, goal);
  post_progress (self, GST_PROGRESS_TYPE_CONTINUE, text);
  self->spoke = g_get_monotonic_time ();
}

void
gst_mx_train_report_example (GstMxTrainReport *self, guint epoch)
{
  if (self->done > 0 && epoch != self->epoch)
    end_epoch (self);
  self->epoch = epoch;
  self->done++;
  self->heard++;
}

void
gst_mx_train_report_step (
    GstMxTrainReport *self, const MxTrainerStep *step, gsize windows)
{
  self->step = step->step;
  self->learning_rate = step->learning_rate;
  add_step (&self->recent, step, windows);
  add_step (&self->all, step, windows);
  log_step (self, step);
  if (g_get_monotonic_time () - self->spoke >= INTERVAL)
    speak (self);
}

void
gst_mx_train_report_end (GstMxTrainReport *self, const gchar *location)
{
  g_autofree gchar *text = g_strdup_printf ("wrote %s", location);

  end_epoch (self);
  post_numbers (self, &self->last, location);
  post_progress (self, GST_PROGRESS_TYPE_COMPLETE, text);
}

void
gst_mx_train_report_stop (
    GstMxTrainReport *self, GstProgressType type, const gchar *text)
{
  post_progress (self, type, text);
  log_text (self, type == GST_PROGRESS_TYPE_ERROR ? "error" : "stop", text);
}
