/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxcheckpoints.h"

#include "mx-believed.h"

#include <string.h>

GST_DEBUG_CATEGORY_EXTERN (mx_train_sink_debug);
#define GST_CAT_DEFAULT mx_train_sink_debug

#define PLACE "stream.place"

void
gst_mx_checkpoints_begin (GstMxCheckpoints *self)
{
  self->place = self->before = self->goal = (GstMxPlace){0};
  self->entered = FALSE;
  self->step = 0;
  self->told = FALSE;
  self->last = g_get_monotonic_time ();
}

/* --------------------------------------------------------------- writing */

MxCheckpoint *
gst_mx_checkpoints_load (GstMxCheckpoints *self, GError **error)
{
  if (self->location == NULL ||
      !g_file_test (self->location, G_FILE_TEST_EXISTS))
    return NULL;
  if (self->resume)
    return mx_checkpoint_load (self->location, error);
  GST_ELEMENT_WARNING (self->owner, RESOURCE, SETTINGS,
      ("There is a checkpoint of an earlier training, %s: this one begins "
       "anew and will replace it. Set resume=true to go on from it.",
          self->location),
      (NULL));
  return NULL;
}

gboolean
gst_mx_checkpoints_is_due (const GstMxCheckpoints *self)
{
  gint64 elapsed = g_get_monotonic_time () - self->last;

  return self->location != NULL && self->interval > 0 &&
         (guint64)elapsed >= self->interval / GST_USECOND;
}

void
gst_mx_checkpoints_write (
    GstMxCheckpoints *self, const MxCheckpoint *checkpoint, guint64 step)
{
  g_autoptr (GError) error = NULL;
  gboolean written = mx_checkpoint_save (checkpoint, self->location, &error);

  self->last = g_get_monotonic_time ();
  if (written) {
    self->step = step;
    self->told = FALSE;
    GST_DEBUG_OBJECT (
        self->owner, "checkpoint of step %" G_GUINT64_FORMAT, step);
    return;
  }
  if (!self->told)
    GST_ELEMENT_WARNING (self->owner, RESOURCE, WRITE,
        ("The checkpoint could not be written: %s. Training goes on.",
            error->message),
        ("the last one is of step %" G_GUINT64_FORMAT, self->step));
  self->told = TRUE;
}

void
gst_mx_checkpoints_get_place (
    const GstMxCheckpoints *self, guint64 numbers[GST_MX_PLACE_NUMBERS])
{
  const GstMxPlace *place = self->entered ? &self->place : &self->before;
  const guint64 values[GST_MX_PLACE_NUMBERS] = {
      place->met, place->windows, place->epoch, place->index, place->allotted};

  memcpy (numbers, values, sizeof values);
}

/* An index may be any number: it is compared, not counted with. */
static gboolean
check_place (const MxCheckpoint *checkpoint, const gchar *name, gsize first,
    const guint64 numbers[GST_MX_PLACE_NUMBERS], GError **error)
{
  static const guint64 most[GST_MX_PLACE_NUMBERS] = {
      MX_MOST_COUNT, MX_MOST_COUNT, G_MAXUINT, G_MAXUINT64, MX_MOST_COUNT};
  static const MxBelievedPart parts[] = {
      {1, 4, "windows of the example that it stopped in"}};

  for (gsize i = 0; i < GST_MX_PLACE_NUMBERS; i++)
    if (numbers[i] > most[i]) {
      g_autofree gchar *expected =
          g_strdup_printf ("a number from 0 to %" G_GUINT64_FORMAT, most[i]);

      mx_checkpoint_refuse (checkpoint, name, first + i,
          (gdouble)(gint64)numbers[i], expected, error);
      return FALSE;
    }
  return mx_believed_parts (
      checkpoint, name, first, numbers, parts, G_N_ELEMENTS (parts), error);
}

gboolean
gst_mx_checkpoints_set_goal (GstMxCheckpoints *self,
    const MxCheckpoint *checkpoint, const gchar *name, gsize first,
    const guint64 numbers[GST_MX_PLACE_NUMBERS], GError **error)
{
  if (!check_place (checkpoint, name, first, numbers, error))
    return FALSE;
  self->goal =
      (GstMxPlace){numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]};
  return TRUE;
}

void
gst_mx_checkpoints_put_place (
    const GstMxCheckpoints *self, MxCheckpoint *checkpoint)
{
  guint64 numbers[GST_MX_PLACE_NUMBERS];

  gst_mx_checkpoints_get_place (self, numbers);
  mx_checkpoint_put_numbers (
      checkpoint, PLACE, numbers, G_N_ELEMENTS (numbers));
}

gboolean
gst_mx_checkpoints_get_goal (
    GstMxCheckpoints *self, const MxCheckpoint *checkpoint, GError **error)
{
  guint64 numbers[GST_MX_PLACE_NUMBERS];

  return mx_checkpoint_get_numbers (
             checkpoint, PLACE, numbers, G_N_ELEMENTS (numbers), error) &&
         gst_mx_checkpoints_set_goal (
             self, checkpoint, PLACE, 0, numbers, error);
}

/* ---------------------------------------------------------- passing over */

static gboolean
is_expected (const GstMxCheckpoints *self)
{
  const GstMxPlace *place = &self->place, *goal = &self->goal;

  return place->met < goal->met ||
         (place->index == goal->index && place->epoch == goal->epoch);
}

GstMxPassage
gst_mx_checkpoints_meet (
    GstMxCheckpoints *self, const GstMxExample *example, gsize *windows)
{
  GstMxPlace *place = &self->place;

  self->before = *place;
  self->entered = FALSE;
  *place =
      (GstMxPlace){place->met + 1, 0, example->epoch, example->index, *windows};
  if (place->met > self->goal.met)
    return GST_MX_PASSAGE_NEW;
  if (is_expected (self)) {
    self->entered = TRUE;
    if (place->met == self->goal.met)
      place->allotted = *windows = MIN (*windows, (gsize)self->goal.allotted);
    return GST_MX_PASSAGE_OVER;
  }
  GST_ELEMENT_ERROR (self->owner, STREAM, FAILED,
      ("The stream is not the one of the checkpoint: found example "
       "%" G_GUINT64_FORMAT " of epoch %" G_GUINT64_FORMAT
       ", expected example %" G_GUINT64_FORMAT " of epoch %" G_GUINT64_FORMAT
       ". Data and seeds must be the same; set resume=false to begin anew.",
          place->index, place->epoch, self->goal.index, self->goal.epoch),
      ("%" G_GUINT64_FORMAT " examples into the stream", place->met));
  return GST_MX_PASSAGE_WRONG;
}

void
gst_mx_checkpoints_enter (GstMxCheckpoints *self)
{
  self->entered = TRUE;
}

gboolean
gst_mx_checkpoints_meet_window (GstMxCheckpoints *self)
{
  const GstMxPlace *place = &self->place, *goal = &self->goal;

  self->place.windows++;
  return place->met > goal->met ||
         (place->met == goal->met && place->windows > goal->windows);
}

gboolean
gst_mx_checkpoints_end (GstMxCheckpoints *self)
{
  if (self->place.met >= self->goal.met)
    return TRUE;
  GST_ELEMENT_ERROR (self->owner, STREAM, FAILED,
      ("The stream ended after %" G_GUINT64_FORMAT
       " examples, before it came to where the checkpoint stopped, at example "
       "%" G_GUINT64_FORMAT ": data and epochs must be the same.",
          self->place.met, self->goal.met),
      ("%s", self->location));
  return FALSE;
}
