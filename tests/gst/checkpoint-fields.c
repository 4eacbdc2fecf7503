/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* A checkpoint of a real training, in which somebody wrote one number that no
 * training leaves, and the checksum that belongs to it: mxtrainsink says which,
 * what it found and what it expected. */

#include "trainsink-rig.h"

#include "mx-checkpoint.h"
#include "mx-safetensors.h"

#define EXAMPLES 16
#define SETTING "setting."

static gchar *folder, *checkpoint;

static void
push (Rig *rig, GstPad *pad, guint from, guint to)
{
  for (guint i = from; i < to; i++) {
    Example example = example_of (i % EXAMPLES, i / EXAMPLES);

    if (i % EXAMPLES >= EXAMPLES - 4)
      example.split = GST_MX_SPLIT_VALID;
    rig_push (pad, &example, 1000);
  }
}

static void
begin (Rig *rig, const gchar *more)
{
  g_autofree gchar *properties = g_strdup_printf (
      "objective=supervised checkpoint-location=%s checkpoint-interval=1 %s",
      checkpoint, more);

  rig_init (rig, properties, FALSE);
  gst_element_set_state (rig->pipeline, GST_STATE_PLAYING);
  rig_begin (rig->clean, RATE, rig_labels, EXAMPLES, 3);
}

/* Two epochs, each measured; then it is stopped. */
static void
set_up (void)
{
  Rig rig;

  folder = g_dir_make_tmp ("checkpoint-fields-XXXXXX", NULL);
  checkpoint = g_build_filename (folder, "checkpoint", NULL);
  begin (&rig, "");
  push (&rig, rig.clean, 0, 3 * EXAMPLES);
  gst_pad_push_event (rig.clean, gst_event_new_eos ());
  rig_expect_end (&rig);
  rig_clear (&rig);
}

static void
tear_down (void)
{
  g_unlink (checkpoint);
  fail_unless_equals_int (g_rmdir (folder), 0);
  g_free (checkpoint);
  g_free (folder);
}

/* --------------------------------------------------------------- spoiling */

/* What is done to a tensor: a value is put into it, or what it is in all. */
typedef enum { NUMBER, REAL, LONGER, SHORTER, FLOATS, NOTHING } Kind;

typedef struct {
  const gchar *tensor;
  Kind kind;
  gsize place;
  gdouble value;
  const gchar *error; /* behind the tensor */
} Spoilt;

static void
copy_numbers (MxCheckpoint *to, const MxCheckpoint *from,
    const MxTensorView *view, const Spoilt *row)
{
  gsize n = view->dims[0];
  g_autofree guint64 *values = g_new0 (guint64, n + 1);

  fail_unless (mx_checkpoint_get_numbers (from, view->name, values, n, NULL));
  if (row != NULL && row->kind == NUMBER)
    values[row->place] =
        row->value < 0 ? (guint64)(gint64)row->value : (guint64)row->value;
  if (row != NULL && row->kind == REAL)
    memcpy (&values[row->place], &row->value, sizeof row->value);
  if (row != NULL && row->kind == LONGER)
    n++;
  if (row != NULL && row->kind == SHORTER)
    n--;
  mx_checkpoint_put_numbers (to, view->name, values, n);
}

static void
copy_tensor (MxCheckpoint *to, const MxCheckpoint *from,
    const MxTensorView *view, const Spoilt *row)
{
  static const gfloat floats[2] = {1, 2};

  if (row != NULL && row->kind == NOTHING)
    return;
  if (row != NULL && row->kind == FLOATS)
    mx_checkpoint_put_floats (to, view->name, floats, 2);
  else if (view->dtype == MX_DTYPE_I32)
    copy_numbers (to, from, view, row);
  else
    mx_checkpoint_put_floats (to, view->name,
        mx_checkpoint_get_floats (from, view->name, view->size, NULL),
        view->size);
}

static void
copy_settings (MxCheckpoint *to, const MxSafetensors *file, GObject *sink)
{
  static const gchar *const others[] = {
      "the model to start from", "the architecture", "the data set"};
  guint n;
  g_autofree GParamSpec **pspecs =
      g_object_class_list_properties (G_OBJECT_GET_CLASS (sink), &n);

  for (guint i = 0; i < n + G_N_ELEMENTS (others); i++) {
    const gchar *name = i < n ? pspecs[i]->name : others[i - n];
    g_autofree gchar *key = g_strconcat (SETTING, name, NULL);
    const gchar *value = mx_safetensors_get_metadata (file, key);

    if (value != NULL)
      mx_checkpoint_put_setting (to, name, value);
  }
}

/* @row: NULL: as it was. */
static void
spoil (const Spoilt *row)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MxSafetensors) file =
      mx_safetensors_new_from_file (checkpoint, &error);
  g_autoptr (MxCheckpoint) from = mx_checkpoint_load (checkpoint, &error);
  g_autoptr (MxCheckpoint) to = mx_checkpoint_new ();
  g_autoptr (GstElement) sink =
      gst_object_ref_sink (gst_element_factory_make ("mxtrainsink", NULL));
  gboolean met = row == NULL;

  g_assert_no_error (error);
  copy_settings (to, file, G_OBJECT (sink));
  for (gsize i = 0; i < mx_safetensors_get_n_tensors (file); i++) {
    const MxTensorView *view = mx_safetensors_get_tensor (file, i);
    gboolean this_one = row && g_str_equal (view->name, row->tensor);

    copy_tensor (to, from, view, this_one ? row : NULL);
    met |= this_one;
  }
  fail_unless (met, "there is no %s", row ? row->tensor : "");
  fail_unless (mx_checkpoint_save (to, checkpoint, &error));
}

/* NULL: it goes on. */
static gchar *
go_on (void)
{
  gchar *error;
  Rig rig;

  begin (&rig, "resume=true");
  push (&rig, rig.clean, 0, 3 * EXAMPLES);
  gst_pad_push_event (rig.clean, gst_event_new_eos ());
  error = rig_wait (&rig);
  rig_clear (&rig);
  return error;
}

#define HUGE_COUNT 1e17
#define COUNT ", expected a count from 0 to 9007199254740992"

static const Spoilt rows[] = {
    /* heard, labelled, windows, in gaps; heard, windows and in gaps of valid */
    {"run.counts", NUMBER, 0, -1, "found -1 at 0" COUNT},
    {"run.counts", NUMBER, 2, HUGE_COUNT, "found 1e+17 at 2" COUNT},
    {"run.counts", NUMBER, 1, 1000, "found 1000 at 1, expected at most the "},
    {"run.counts", NUMBER, 3, 1000, "found 1000 at 3, expected at most the "},
    {"run.counts", NUMBER, 6, 1000, "found 1000 at 6, expected at most the "},
    {"run.counts", LONGER, 0, 0, "found I32 [8, 2], expected I32 [7, 2]"},
    {"run.counts", SHORTER, 0, 0, "found I32 [6, 2], expected I32 [7, 2]"},
    {"run.counts", FLOATS, 0, 0, "found F32 [2], expected I32 [7, 2]"},
    {"run.counts", NOTHING, 0, 0, "found nothing, expected I32 [7, 2]"},
    /* number, examples of the epoch, of all, step, us */
    {"report.epoch", NUMBER, 0, 4294967295., "expected the number of an epoch"},
    {"report.epoch", NUMBER, 1, 1000, "found 1000 at 1, expected at most the "},
    {"report.epoch", NUMBER, 3, -1, "found -1 at 3" COUNT},
    {"report.epoch", NUMBER, 4, -5, "found -5 at 4" COUNT},
    {"report.epoch", SHORTER, 0, 0, "found I32 [4, 2], expected I32 [5, 2]"},
    /* steps, windows, with a label, right ones of each exit */
    {"report.sums", NUMBER, 0, HUGE_COUNT, "found 1e+17 at 0" COUNT},
    {"report.sums", NUMBER, 2, 1e6, "found 1e+06 at 2, expected at most the "},
    {"report.sums", NUMBER, 4, 1e6, "found 1e+06 at 4, expected at most the "},
    {"report.sums", NUMBER, 9, 1e6, "found 1e+06 at 9, expected at most the "},
    {"report.sums", LONGER, 0, 0, "found I32 ["},
    {"report.losses", REAL, 0, NAN, "found nan at 0, expected finite values"},
    {"report.losses", REAL, 2, -INFINITY, "found -inf at 2, expected finite"},
    {"report.losses", SHORTER, 0, 0, "found I32 [2, 2], expected I32 [3, 2]"},
    /* examples met, windows, epoch, index, windows of the example */
    {"stream.place", NUMBER, 0, -1, "found -1 at 0, expected a number from 0"},
    {"stream.place", NUMBER, 1, 100, "found 100 at 1, expected at most the "},
    {"stream.place", NUMBER, 2, 4294967296.,
        "expected a number from 0 to 4294"},
    {"stream.place", NUMBER, 4, HUGE_COUNT, "found 1e+17 at 4, expected a num"},
    {"stream.place", FLOATS, 0, 0, "found F32 [2], expected I32 [5, 2]"},
    /* an epoch and a value for each that was measured */
    {"valid.epochs", NUMBER, 0, -1,
        "found -1 at 0, expected a count from 0 to"},
    {"valid.epochs", FLOATS, 0, 0, "found F32 [2], expected I32 [0, 2]"},
    {"valid.values", REAL, 0, INFINITY, "found inf at 0, expected a score"},
    {"valid.values", SHORTER, 0, 0, "found I32 [1, 2], expected I32 [2, 2]"},
    {"valid.best-epoch", NUMBER, 0, 77, "found 77 at 0, expected "},
    {"valid.best-epoch", LONGER, 0, 0, "found I32 [2, 2], expected I32 [1, 2]"},
    {"valid.best", FLOATS, 0, 0, "found F32 [2], expected F32 ["},
    {"valid.counts", REAL, 0, NAN, "found nan at 0, expected a count from 0"},
    {"valid.counts", REAL, 1, 1e9, "expected no more labelled windows than"},
};

GST_START_TEST (a_number_that_no_training_leaves_is_refused)
{
  const Spoilt *row = &rows[__i__];
  g_autofree gchar *error = NULL;
  g_autofree gchar *start = g_strdup_printf ("Training cannot go on from the "
                                             "checkpoint: %s: tensor '%s': ",
      checkpoint, row->tensor);

  spoil (row);
  error = go_on ();
  fail_unless (error != NULL, "%s %s: it went on", row->tensor, row->error);
  fail_unless (
      g_str_has_prefix (error, start) && strstr (error, row->error) != NULL,
      "\"%s\" does not say \"%s\"", error, row->error);
}
GST_END_TEST;

/* What refuses the others is what was written into them. */
GST_START_TEST (one_that_nobody_touched_is_gone_on_from)
{
  g_autofree gchar *error = NULL;

  spoil (NULL);
  error = go_on ();
  fail_unless (error == NULL, "%s", error);
}
GST_END_TEST;

static Suite *
checkpoint_fields_suite (void)
{
  Suite *suite = suite_create ("checkpoint-fields");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_checked_fixture (tc, set_up, tear_down);
  tcase_add_test (tc, one_that_nobody_touched_is_gone_on_from);
  tcase_add_loop_test (
      tc, a_number_that_no_training_leaves_is_refused, 0, G_N_ELEMENTS (rows));
  return suite;
}

GST_CHECK_MAIN (checkpoint_fields);
