/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxpairing.h"

#include "gstmxtrainfeed.h"

enum { CLEAN, PERTURBED }; /* branches, for the places of short examples */

void
gst_mx_pairing_init (GstMxPairing *self, GstMxTrainRun *run)
{
  const MxDescription *description = run->model.description;

  *self = (GstMxPairing){.run = run,
      .windowing = {.seed = run->config.seed,
          .window = description->window,
          .channels = description->channels,
          .step = description->program->n_streamed > 0
                      ? mx_frontend_config_hop (&description->frontend)
                      : 1},
      .longest = MAX (
          description->rate * GST_MX_LONGEST_EXAMPLE, description->window)};
  for (guint i = 0; i < G_N_ELEMENTS (self->room); i++)
    self->room[i] = g_new (gfloat, description->window * description->channels);
}

void
gst_mx_pairing_clear (GstMxPairing *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->room); i++)
    g_clear_pointer (&self->room[i], g_free);
}

/* ------------------------------------------------------------- collecting */

gboolean
gst_mx_pairing_collect (GstMxPairing *self, GstMxTrainerPad *pad)
{
  GstElement *owner = self->run->owner;
  const GstMxExample *example = &pad->current.example;

  switch (
      gst_mx_trainer_pad_take (pad, self->windowing.channels, self->longest)) {
  case GST_MX_TAKE_OK:
    return TRUE;
  case GST_MX_TAKE_NO_EXAMPLE:
    GST_ELEMENT_ERROR (owner, STREAM, FAILED,
        ("Pad \"%s\" got samples, but nothing says what they are: training "
         "needs example events, as mxdatasetsrc sends them.",
            GST_PAD_NAME (pad)),
        (NULL));
    break;
  case GST_MX_TAKE_TOO_LONG:
    GST_ELEMENT_ERROR (owner, STREAM, FAILED,
        ("Example %" G_GUINT64_FORMAT
         " on pad \"%s\" is longer than %d minutes: cut the recording.",
            example->index, GST_PAD_NAME (pad), GST_MX_LONGEST_EXAMPLE / 60),
        ("%s", example->path ? example->path : "path unknown"));
    break;
  case GST_MX_TAKE_BAD_SIZE:
    GST_ELEMENT_ERROR (owner, STREAM, FORMAT,
        ("A buffer on pad \"%s\" does not hold whole frames of %" G_GSIZE_FORMAT
         " channel(s).",
            GST_PAD_NAME (pad), self->windowing.channels),
        (NULL));
    break;
  }
  return FALSE;
}

gboolean
gst_mx_pairing_is_ready (GstMxTrainerPad *clean, GstMxTrainerPad *perturbed)
{
  if (perturbed == NULL)
    return clean->waits;
  return (clean->waits || perturbed->waits) &&
         (clean->waits || gst_mx_trainer_pad_is_done (clean)) &&
         (perturbed->waits || gst_mx_trainer_pad_is_done (perturbed));
}

/* --------------------------------------------------------------- matching */

static void
post_ended_early (
    GstMxPairing *self, GstMxTrainerPad *ended, GstMxTrainerPad *other)
{
  const GstMxExample *expected = &other->complete.example;

  GST_ELEMENT_ERROR (self->run->owner, STREAM, FAILED,
      ("The branches are out of step: pad \"%s\" ended, expected example "
       "%" G_GUINT64_FORMAT " of epoch %u as on pad \"%s\".",
          GST_PAD_NAME (ended), expected->index, expected->epoch,
          GST_PAD_NAME (other)),
      ("a filter of one branch drops examples, or it was flushed alone"));
}

static gboolean
match_examples (
    GstMxPairing *self, GstMxTrainerPad *clean, GstMxTrainerPad *perturbed)
{
  const GstMxExample *found = &perturbed->complete.example;
  const GstMxExample *expected = &clean->complete.example;

  if (!clean->waits || !perturbed->waits) {
    if (clean->waits)
      post_ended_early (self, perturbed, clean);
    else
      post_ended_early (self, clean, perturbed);
    return FALSE;
  }
  if (found->index == expected->index && found->epoch == expected->epoch &&
      found->repeat == expected->repeat && found->gap == expected->gap)
    return TRUE;
  GST_ELEMENT_ERROR (self->run->owner, STREAM, FAILED,
      ("The branches are out of step: pad \"perturbed\" has example "
       "%" G_GUINT64_FORMAT " of epoch %u, expected example "
       "%" G_GUINT64_FORMAT " of epoch %u as on pad \"clean\".",
          found->index, found->epoch, expected->index, expected->epoch),
      ("a filter of one branch drops or reorders examples, or it was flushed "
       "alone"));
  return FALSE;
}

/* A filter that eats some samples may cost the last window, no more. */
static gboolean
match_windows (GstMxPairing *self, const GstMxRecording *clean,
    const GstMxRecording *perturbed, gsize *windows)
{
  gsize a = gst_mx_windows_count (&self->windowing, clean);
  gsize b = gst_mx_windows_count (&self->windowing, perturbed);

  *windows = MIN (a, b);
  if (MAX (a, b) - *windows <= 1)
    return TRUE;
  GST_ELEMENT_ERROR (self->run->owner, STREAM, FAILED,
      ("The branches do not fit: example %" G_GUINT64_FORMAT
       " has %" G_GSIZE_FORMAT " samples on pad \"perturbed\", expected about "
       "%" G_GSIZE_FORMAT " as on pad \"clean\".",
          clean->example.index, perturbed->frames, clean->frames),
      ("filters that perturb must keep the number of samples"));
  return FALSE;
}

/* ---------------------------------------------------------------- warning */

/* Once in a run: data that are broken are so more than once. */
static void
warn_unless_finite (GstMxPairing *self, GstMxTrainerPad *pad)
{
  const GstMxExample *example = &pad->complete.example;

  if (self->warned || !pad->complete.odd)
    return;
  self->warned = TRUE;
  GST_ELEMENT_WARNING (self->run->owner, STREAM, FORMAT,
      ("Example %" G_GUINT64_FORMAT
       " (%s) has samples on pad \"%s\" that are no finite numbers: they count "
       "as 0, here and wherever else they come.",
          example->index, example->path ? example->path : "path unknown",
          GST_PAD_NAME (pad)),
      ("epoch %u", example->epoch));
}

/* --------------------------------------------------------------- training */

/* One window of the examples that wait, to learn from or to measure with;
 * @perturbed: NULL: none, or not wanted. */
static gboolean
train_window (GstMxPairing *self, GstMxTrainerPad *clean,
    GstMxTrainerPad *perturbed, gsize i, gint32 label)
{
  const gfloat *window, *copy = NULL;

  window = gst_mx_windows_get (
      &self->windowing, &clean->complete, CLEAN, i, self->room[CLEAN]);
  if (perturbed != NULL)
    copy = gst_mx_windows_get (&self->windowing, &perturbed->complete,
        PERTURBED, i, self->room[PERTURBED]);
  return gst_mx_train_feed_window (self->run, window, copy, label);
}

static gboolean
train_segment (GstMxPairing *self, GstMxTrainerPad *clean,
    GstMxTrainerPad *perturbed, gsize i, gint32 label)
{
  MxSegment segment, copy;

  segment = gst_mx_excerpts_get (
      clean->excerpts, &self->windowing, &clean->complete, CLEAN, i);
  if (perturbed != NULL)
    copy = gst_mx_excerpts_get (perturbed->excerpts, &self->windowing,
        &perturbed->complete, PERTURBED, i);
  return gst_mx_train_feed_segment (
      self->run, &segment, perturbed != NULL ? &copy : NULL, label);
}

static GstFlowReturn
train_windows (GstMxPairing *self, GstMxTrainerPad *clean,
    GstMxTrainerPad *perturbed, gsize windows, GstPad *source)
{
  gint32 label;

  if (!gst_mx_train_feed_example (
          self->run, &clean->complete.example, &windows, &label))
    return GST_FLOW_ERROR;
  if (self->run->over)
    return GST_FLOW_EOS;
  if (self->run->is_valid)
    perturbed = NULL;
  for (gsize i = 0; i < windows; i++) {
    gboolean trained;

    if (GST_PAD_IS_FLUSHING (source))
      return GST_FLOW_FLUSHING;
    if (clean->excerpts != NULL)
      trained = train_segment (self, clean, perturbed, i, label);
    else
      trained = train_window (self, clean, perturbed, i, label);
    if (!trained)
      return GST_FLOW_ERROR;
  }
  return GST_FLOW_OK;
}

GstFlowReturn
gst_mx_pairing_train (GstMxPairing *self, GstMxTrainerPad *clean,
    GstMxTrainerPad *perturbed, GstPad *source)
{
  gboolean pairs = mx_objective_needs_pairs (&self->run->config.objective);
  gsize windows = gst_mx_windows_count (&self->windowing, &clean->complete);

  if (perturbed != NULL && (!match_examples (self, clean, perturbed) ||
                               !match_windows (self, &clean->complete,
                                   &perturbed->complete, &windows)))
    return GST_FLOW_ERROR;
  clean->waits = FALSE;
  if (perturbed != NULL)
    perturbed->waits = FALSE;
  if (clean->complete.example.gap && (windows == 0 || !self->run->background))
    return GST_FLOW_OK;
  warn_unless_finite (self, clean);
  if (perturbed != NULL && pairs)
    warn_unless_finite (self, perturbed);
  return train_windows (self, clean,
      perturbed != NULL && pairs ? perturbed : NULL, windows, source);
}
