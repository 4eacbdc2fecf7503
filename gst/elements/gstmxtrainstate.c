/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxtrainstate.h"

#include "mx-believed.h"
#include "mx-file.h"

#include <string.h>

/* ------------------------------------------------------------- settings */

/* Properties that the model does not depend on, or that are compared by what is
 * in the files they name. */
static const gchar *const free_properties[] = {"architecture", "model-file",
    "location", "threads", "patience", "checkpoint-location",
    "checkpoint-interval", "resume", "log-location", "log-interval", "mpi",
    NULL};

static void
put_property (MxCheckpoint *checkpoint, GObject *owner, GParamSpec *pspec)
{
  GValue value = G_VALUE_INIT;
  g_autofree gchar *text = NULL;

  g_value_init (&value, pspec->value_type);
  g_object_get_property (owner, pspec->name, &value);
  text = gst_value_serialize (&value);
  mx_checkpoint_put_setting (checkpoint, pspec->name, text ? text : "");
  g_value_unset (&value);
}

/* Those of the element's own class, as the user knows them. */
static void
put_properties (MxCheckpoint *checkpoint, GObject *owner)
{
  guint n;
  g_autofree GParamSpec **pspecs =
      g_object_class_list_properties (G_OBJECT_GET_CLASS (owner), &n);

  for (guint i = 0; i < n; i++)
    if (pspecs[i]->owner_type == G_OBJECT_TYPE (owner) &&
        !g_strv_contains (free_properties, pspecs[i]->name))
      put_property (checkpoint, owner, pspecs[i]);
}

static void
put_start (MxCheckpoint *checkpoint, const MxNetwork *start)
{
  g_autofree gchar *sum = NULL;

  if (start != NULL)
    sum = g_compute_checksum_for_data (G_CHECKSUM_SHA256,
        (const guchar *)start->weights,
        start->description->program->n_weights * sizeof (gfloat));
  mx_checkpoint_put_setting (
      checkpoint, "the model to start from", sum ? sum : "none");
}

/* What all that train together have in common. */
static void
put_common (MxCheckpoint *checkpoint, const GstMxTrainRun *run)
{
  const MxDescription *described = run->normaliser.described;
  g_autofree gchar *architecture = mx_description_to_json (
      described != NULL ? described : run->model.description);

  put_properties (checkpoint, G_OBJECT (run->owner));
  put_start (checkpoint, run->model.start);
  mx_checkpoint_put_setting (checkpoint, "the architecture", architecture);
}

#define RANKS "the number of ranks"

static void
put_ranks (MxCheckpoint *checkpoint, const GstMxTrainRun *run)
{
  g_autofree gchar *ranks = g_strdup_printf (
      "%" G_GSIZE_FORMAT, mx_group_get_size (run->group.group));

  mx_checkpoint_put_setting (checkpoint, RANKS, ranks);
}

static void
put_settings (MxCheckpoint *checkpoint, const GstMxTrainRun *run)
{
  g_autofree gchar *data =
      g_strdup_printf ("%" G_GUINT64_FORMAT " examples (%" G_GUINT64_FORMAT
                       " valid) in %d epochs",
          run->examples, run->valid, run->epochs);

  put_common (checkpoint, run);
  mx_checkpoint_put_setting (checkpoint, "the data set", data);
  if (mx_group_get_size (run->group.group) > 1)
    put_ranks (checkpoint, run);
}

gboolean
gst_mx_train_state_check_group (GstMxTrainRun *run)
{
  g_autoptr (MxCheckpoint) common = mx_checkpoint_new ();
  g_autofree gchar *epochs = g_strdup_printf ("%d", run->epochs);
  g_autofree gchar *sum = NULL;

  if (run->group.group == NULL)
    return TRUE;
  put_common (common, run);
  mx_checkpoint_put_setting (common, "epochs", epochs);
  sum = mx_checkpoint_dup_checksum (common);
  if (gst_mx_train_group_is_same (&run->group, sum))
    return TRUE;
  GST_ELEMENT_ERROR (run->owner, RESOURCE, SETTINGS,
      ("The processes of this training differ in their properties, in the "
       "network or in the epochs: start all with the same command line."),
      (NULL));
  return FALSE;
}

/* --------------------------------------------------------------- counts */

#define RUN "run.counts"
#define EPOCH "report.epoch"
#define SUMS "report.sums"
#define LOSSES "report.losses"

enum {
  HEARD,
  LABELLED,
  WINDOWS,
  IN_GAPS,
  VALID_HEARD,
  VALID_WINDOWS,
  VALID_IN_GAPS,
  N_RUN
};
enum { NUMBER, DONE, ALL, STEP, ELAPSED, N_EPOCH };

static void
put_report (MxCheckpoint *checkpoint, const GstMxTrainReport *report)
{
  const GstMxTrainSums *sums = &report->all;
  const guint64 epoch[N_EPOCH] = {[NUMBER] = report->epoch,
      [DONE] = report->done,
      [ALL] = report->heard,
      [STEP] = report->step,
      [ELAPSED] = (guint64)gst_mx_train_report_get_elapsed (report)};
  const gdouble losses[] = {sums->loss, sums->clean, sums->consistency};
  guint64 counts[3 + MX_MAX_EXITS] = {
      sums->steps, sums->windows, sums->labelled};

  for (guint e = 0; e < MX_MAX_EXITS; e++)
    counts[3 + e] = sums->correct[e];
  mx_checkpoint_put_numbers (checkpoint, EPOCH, epoch, N_EPOCH);
  mx_checkpoint_put_numbers (checkpoint, SUMS, counts, G_N_ELEMENTS (counts));
  mx_checkpoint_put_reals (checkpoint, LOSSES, losses, G_N_ELEMENTS (losses));
}

static gboolean
check_epoch (const MxCheckpoint *checkpoint, const guint64 epoch[N_EPOCH],
    GError **error)
{
  static const MxBelievedPart parts[] = {
      {DONE, ALL, "examples of the epoch, of all"}};

  if (epoch[NUMBER] < G_MAXUINT)
    return mx_believed_parts (
        checkpoint, EPOCH, 0, epoch, parts, G_N_ELEMENTS (parts), error);
  mx_checkpoint_refuse (checkpoint, EPOCH, NUMBER, (gdouble)epoch[NUMBER],
      "the number of an epoch", error);
  return FALSE;
}

/* counts: steps, windows, those with a label, and of these for each exit the
 * right ones. */
static gboolean
check_sums (
    const MxCheckpoint *checkpoint, const guint64 *counts, GError **error)
{
  MxBelievedPart parts[1 + MX_MAX_EXITS] = {
      {2, 1, "windows with a label, of all"}};

  for (guint e = 0; e < MX_MAX_EXITS; e++)
    parts[1 + e] =
        (MxBelievedPart){3 + e, 2, "right ones, of those with a label"};
  return mx_believed_parts (
      checkpoint, SUMS, 0, counts, parts, G_N_ELEMENTS (parts), error);
}

static gboolean
get_report (
    const MxCheckpoint *checkpoint, GstMxTrainReport *report, GError **error)
{
  guint64 epoch[N_EPOCH], counts[3 + MX_MAX_EXITS];
  GstMxTrainSums *sums = &report->all;
  gdouble losses[3];

  if (!mx_believed_counts (
          checkpoint, EPOCH, epoch, N_EPOCH, MX_MOST_COUNT, error) ||
      !mx_believed_counts (checkpoint, SUMS, counts, G_N_ELEMENTS (counts),
          MX_MOST_COUNT, error) ||
      !mx_believed_reals (
          checkpoint, LOSSES, losses, G_N_ELEMENTS (losses), error) ||
      !check_epoch (checkpoint, epoch, error) ||
      !check_sums (checkpoint, counts, error))
    return FALSE;
  report->epoch = (guint)epoch[NUMBER];
  report->done = epoch[DONE];
  report->heard = epoch[ALL];
  report->step = epoch[STEP];
  report->begin -= (gint64)epoch[ELAPSED];
  *sums = (GstMxTrainSums){.steps = counts[0],
      .windows = counts[1],
      .labelled = counts[2],
      .loss = losses[0],
      .clean = losses[1],
      .consistency = losses[2]};
  for (guint e = 0; e < MX_MAX_EXITS; e++)
    sums->correct[e] = counts[3 + e];
  return TRUE;
}

static void
get_run (const GstMxTrainRun *run, guint64 to[N_RUN])
{
  const guint64 counts[N_RUN] = {[HEARD] = run->heard,
      [LABELLED] = run->labelled,
      [WINDOWS] = run->windows,
      [IN_GAPS] = run->in_gaps,
      [VALID_HEARD] = run->valid_heard,
      [VALID_WINDOWS] = run->valid_windows,
      [VALID_IN_GAPS] = run->valid_in_gaps};

  memcpy (to, counts, sizeof counts);
}

/* @counts: out of the tensor @name, from `first` on. */
static gboolean
set_run (GstMxTrainRun *run, const MxCheckpoint *checkpoint, const gchar *name,
    gsize first, const guint64 counts[N_RUN], GError **error)
{
  static const MxBelievedPart parts[] = {
      {LABELLED, HEARD, "examples with a label, of all"},
      {IN_GAPS, WINDOWS, "windows in gaps, of all"},
      {VALID_IN_GAPS, VALID_WINDOWS, "windows in gaps, of all"}};

  if (!mx_believed_parts (
          checkpoint, name, first, counts, parts, G_N_ELEMENTS (parts), error))
    return FALSE;
  run->heard = counts[HEARD];
  run->labelled = counts[LABELLED];
  run->windows = counts[WINDOWS];
  run->in_gaps = counts[IN_GAPS];
  run->valid_heard = counts[VALID_HEARD];
  run->valid_windows = counts[VALID_WINDOWS];
  run->valid_in_gaps = counts[VALID_IN_GAPS];
  return TRUE;
}

static void
put_counts (MxCheckpoint *checkpoint, const GstMxTrainRun *run)
{
  guint64 counts[N_RUN];

  get_run (run, counts);
  mx_checkpoint_put_numbers (checkpoint, RUN, counts, N_RUN);
}

static gboolean
get_counts (const MxCheckpoint *checkpoint, GstMxTrainRun *run, GError **error)
{
  guint64 counts[N_RUN];

  return mx_believed_counts (
             checkpoint, RUN, counts, N_RUN, MX_MOST_COUNT, error) &&
         set_run (run, checkpoint, RUN, 0, counts, error);
}

/* -------------------------------------------------------------- members */

#define MEMBERS "group.members"

/* Of each rank its place and its counts. */
enum { N_MEMBER = GST_MX_PLACE_NUMBERS + N_RUN };

static void
put_members (MxCheckpoint *checkpoint, const GstMxTrainRun *run)
{
  MxGroup *group = run->group.group;
  gsize n = mx_group_get_size (group) * N_MEMBER;
  g_autofree guint64 *numbers = g_new (guint64, n);
  g_autofree gdouble *all = g_new0 (gdouble, n);
  gsize first = mx_group_get_rank (group) * N_MEMBER;

  if (group == NULL)
    return;
  gst_mx_checkpoints_get_place (&run->checkpoints, numbers + first);
  get_run (run, numbers + first + GST_MX_PLACE_NUMBERS);
  for (gsize i = first; i < first + N_MEMBER; i++)
    all[i] = (gdouble)numbers[i];
  mx_group_gather (group, all, N_MEMBER);
  for (gsize i = 0; i < n; i++)
    numbers[i] = (guint64)all[i];
  mx_checkpoint_put_numbers (checkpoint, MEMBERS, numbers, n);
}

static gboolean
get_member (const MxCheckpoint *checkpoint, GstMxTrainRun *run, GError **error)
{
  MxGroup *group = run->group.group;
  gsize n = mx_group_get_size (group) * N_MEMBER;
  gsize first = mx_group_get_rank (group) * N_MEMBER;
  g_autofree guint64 *numbers = g_new (guint64, n);

  if (!mx_checkpoint_get_numbers (checkpoint, MEMBERS, numbers, n, error) ||
      !gst_mx_checkpoints_set_goal (&run->checkpoints, checkpoint, MEMBERS,
          first, numbers + first, error))
    return FALSE;
  first += GST_MX_PLACE_NUMBERS;
  for (gsize i = first; i < first + N_RUN; i++)
    if (numbers[i] > MX_MOST_COUNT) {
      mx_checkpoint_refuse (checkpoint, MEMBERS, i, (gdouble)(gint64)numbers[i],
          "what can be counted", error);
      return FALSE;
    }
  return set_run (run, checkpoint, MEMBERS, first, numbers + first, error);
}

/* ---------------------------------------------------------------- whole */

void
gst_mx_train_state_save (GstMxTrainRun *run)
{
  g_autoptr (MxCheckpoint) checkpoint = mx_checkpoint_new ();

  put_settings (checkpoint, run);
  put_counts (checkpoint, run);
  put_report (checkpoint, &run->report);
  gst_mx_checkpoints_put_place (&run->checkpoints, checkpoint);
  gst_mx_normaliser_save (&run->normaliser, checkpoint);
  mx_trainer_save (run->trainer, checkpoint);
  put_members (checkpoint, run);
  gst_mx_validation_save (&run->validation, run->group.group, checkpoint);
  if (gst_mx_train_group_is_first (&run->group))
    gst_mx_checkpoints_write (&run->checkpoints, checkpoint, run->report.step);
}

static gboolean
restore_normalisation (
    GstMxTrainRun *run, const MxCheckpoint *checkpoint, GError **error)
{
  MxDescription *description;

  if (run->normaliser.described == NULL)
    return TRUE;
  description = gst_mx_normaliser_restore (&run->normaliser, checkpoint, error);
  if (description != NULL)
    gst_mx_train_run_take_description (run, description);
  return description != NULL;
}

static gboolean
restore (GstMxTrainRun *run, const MxCheckpoint *checkpoint, GError **error)
{
  g_autoptr (MxCheckpoint) present = mx_checkpoint_new ();

  put_settings (present, run);
  /* One process says nothing of ranks; it has to where a group did. */
  if (mx_checkpoint_has_setting (checkpoint, RANKS))
    put_ranks (present, run);
  return mx_checkpoint_check_settings (checkpoint, present, error) &&
         get_counts (checkpoint, run, error) &&
         get_report (checkpoint, &run->report, error) &&
         gst_mx_checkpoints_get_goal (&run->checkpoints, checkpoint, error) &&
         restore_normalisation (run, checkpoint, error) &&
         mx_trainer_restore (run->trainer, checkpoint, error) &&
         gst_mx_validation_restore (&run->validation, run->group.group,
             run->model.description, checkpoint, error);
}

/* What rank 0 found in its file, and told the others to go on from. */
static gboolean
restore_member (GstMxTrainRun *run, GError **error)
{
  g_autoptr (GBytes) bytes = gst_mx_train_group_share (&run->group, NULL);
  g_autoptr (MxCheckpoint) checkpoint =
      mx_checkpoint_read (bytes, "the checkpoint of rank 0", error);

  return checkpoint != NULL && get_member (checkpoint, run, error) &&
         get_report (checkpoint, &run->report, error) &&
         mx_trainer_restore (run->trainer, checkpoint, error) &&
         gst_mx_validation_restore (&run->validation, run->group.group,
             run->model.description, checkpoint, error);
}

enum { NOTHING, FOUND, FAILED };

static gint64
restore_first (GstMxTrainRun *run, GBytes **bytes, GError **error)
{
  g_autoptr (GError) cause = NULL;
  g_autoptr (MxCheckpoint) checkpoint =
      gst_mx_checkpoints_load (&run->checkpoints, &cause);

  if (checkpoint == NULL && cause == NULL)
    return NOTHING;
  if (checkpoint != NULL && restore (run, checkpoint, &cause) &&
      (run->group.group == NULL ||
          (*bytes = mx_file_read (run->checkpoints.location, &cause)) != NULL))
    return FOUND;
  g_propagate_error (error, g_steal_pointer (&cause));
  return FAILED;
}

/* FALSE without an error: rank 0 failed and says so. */
static gboolean
restore_group (GstMxTrainRun *run, GError **error)
{
  gboolean first = gst_mx_train_group_is_first (&run->group);
  g_autoptr (GBytes) bytes = NULL;
  gint64 found = NOTHING;

  if (first)
    found = restore_first (run, &bytes, error);
  found = gst_mx_train_group_hear (&run->group, found);
  if (found != FOUND)
    return found == NOTHING;
  if (!first)
    return restore_member (run, error);
  if (bytes != NULL)
    g_bytes_unref (gst_mx_train_group_share (&run->group, bytes));
  gst_mx_train_report_resume (&run->report);
  return TRUE;
}

gboolean
gst_mx_train_state_restore (GstMxTrainRun *run)
{
  g_autoptr (GError) error = NULL;

  if (restore_group (run, &error))
    return TRUE;
  GST_ELEMENT_ERROR (run->owner, RESOURCE, READ,
      ("Training cannot go on from the checkpoint: %s. Set resume=false to "
       "begin anew, or name another checkpoint-location.",
          error ? error->message : "rank 0 says why"),
      (NULL));
  return FALSE;
}
