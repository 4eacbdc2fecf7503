/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxstarvation.h"

#include "gstmxpairing.h"

GST_DEBUG_CATEGORY_EXTERN (mx_train_sink_debug);
#define GST_CAT_DEFAULT mx_train_sink_debug

/* For the first word of a branch, once the other has said its last.  A filter
 * may keep samples back for long, but passes on at once that a stream began. */
#define PATIENCE (10 * GST_SECOND)

/* Of a branch: it goes on, it ended, or it ended and was flushed since. */
enum { GOES_ON, ENDED, REOPENED };

typedef struct {
  GstPad *clean, *perturbed; /* perturbed: NULL: none */
} Branches;

static Branches
get_branches (GstMxStarvation *self)
{
  return (Branches){gst_element_get_static_pad (self->owner, "clean"),
      gst_element_get_static_pad (self->owner, "perturbed")};
}

static void
branches_clear (Branches *branches)
{
  gst_clear_object (&branches->clean);
  gst_clear_object (&branches->perturbed);
}

/* @state: of the other. */
static void
post (GstMxStarvation *self, const gchar *silent, const gchar *state)
{
  const gchar *other = g_str_equal (silent, "clean") ? "perturbed" : "clean";

  if (g_atomic_int_compare_and_exchange (&self->posted, FALSE, TRUE))
    GST_ELEMENT_ERROR (self->owner, STREAM, FAILED,
        ("Nothing arrives on pad \"%s\", while pad \"%s\" %s: check what "
         "stands before it.",
            silent, other, state),
        (NULL));
}

/* ------------------------------------------------------------- full queues */

/* Of a pad that is being released or has ended: neither nothing nor much. */
static guint
level_of (GstPad *ghost)
{
  GstPad *sink = gst_ghost_pad_get_target (GST_GHOST_PAD (ghost));
  guint bytes = 1;

  if (sink == NULL)
    return bytes;
  if (!GST_PAD_IS_EOS (sink))
    g_object_get (sink, "current-level-bytes", &bytes, NULL);
  gst_object_unref (sink);
  return bytes;
}

/* The queues let a branch run ahead while the other is silent, by more than
 * the longest example: then nothing will come any more. */
void
gst_mx_starvation_check (GstMxStarvation *self, GstElement *queues)
{
  Branches branches = get_branches (self);
  g_autofree gchar *state = g_strdup_printf (
      "is more than %d minutes ahead", GST_MX_LONGEST_EXAMPLE / 60);
  guint limit, a, b;

  if (branches.perturbed != NULL) {
    g_object_get (queues, "max-size-bytes", &limit, NULL);
    a = level_of (branches.clean);
    b = level_of (branches.perturbed);
    if (a >= limit && b == 0)
      post (self, "perturbed", state);
    else if (b >= limit && a == 0)
      post (self, "clean", state);
  }
  branches_clear (&branches);
}

/* ------------------------------------------------------------ ended streams */

static gboolean
never_began (GstPad *ghost)
{
  GstPad *sink = gst_ghost_pad_get_target (GST_GHOST_PAD (ghost));
  GstEvent *start =
      sink ? gst_pad_get_sticky_event (sink, GST_EVENT_STREAM_START, 0) : NULL;
  gboolean silent = sink != NULL && start == NULL;

  gst_clear_event (&start);
  gst_clear_object (&sink);
  return silent;
}

static guint
number_of (GstPad *ghost)
{
  return g_str_equal (GST_PAD_NAME (ghost), "perturbed");
}

static gboolean
is_silent (GstMxStarvation *self, GstPad *ghost)
{
  guint i = number_of (ghost);

  return g_atomic_int_get (&self->ends[!i]) == ENDED &&
         (g_atomic_int_get (&self->ends[i]) == REOPENED || never_began (ghost));
}

/* The branch that the other, which has ended, waits for in vain, or NULL. */
static const gchar *
find_silent (GstMxStarvation *self)
{
  Branches branches = get_branches (self);
  const gchar *silent = NULL;

  if (is_silent (self, branches.clean))
    silent = "clean";
  else if (branches.perturbed != NULL && is_silent (self, branches.perturbed))
    silent = "perturbed";
  branches_clear (&branches);
  return silent;
}

static gboolean
on_alarm (GstClock *clock, GstClockTime time, GstClockID id, gpointer user_data)
{
  GstMxStarvation *self = user_data;
  const gchar *silent;
  gboolean current;

  GST_OBJECT_LOCK (self->owner);
  current = self->alarm == id;
  if (current)
    self->alarm = NULL;
  GST_OBJECT_UNLOCK (self->owner);
  if (current)
    gst_clock_id_unref (id);
  silent = current ? find_silent (self) : NULL;
  if (silent != NULL)
    post (self, silent, "has ended");
  return TRUE;
}

static void
unref_owner (gpointer user_data)
{
  gst_object_unref (((GstMxStarvation *)user_data)->owner);
}

static void
set_alarm (GstMxStarvation *self)
{
  GstClock *clock = gst_system_clock_obtain ();
  GstClockID id = gst_clock_new_single_shot_id (
      clock, gst_clock_get_time (clock) + PATIENCE);
  gboolean first;

  GST_OBJECT_LOCK (self->owner);
  first = self->alarm == NULL;
  if (first)
    self->alarm = gst_clock_id_ref (id);
  GST_OBJECT_UNLOCK (self->owner);
  if (first) {
    gst_object_ref (self->owner);
    gst_clock_id_wait_async (id, on_alarm, self, unref_owner);
  }
  gst_clock_id_unref (id);
  gst_object_unref (clock);
}

/* What a branch says of its end; TRUE: it changed. */
static gboolean
note (gint *end, GstPadProbeInfo *info)
{
  if (GST_PAD_PROBE_INFO_TYPE (info) & GST_PAD_PROBE_TYPE_BUFFER) {
    g_atomic_int_compare_and_exchange (end, REOPENED, GOES_ON);
    return FALSE;
  }
  switch (GST_EVENT_TYPE (GST_PAD_PROBE_INFO_EVENT (info))) {
  case GST_EVENT_EOS:
    g_atomic_int_set (end, ENDED);
    return TRUE;
  case GST_EVENT_FLUSH_STOP:
    return g_atomic_int_compare_and_exchange (end, ENDED, REOPENED);
  default:
    return FALSE;
  }
}

static GstPadProbeReturn
on_data (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  GstMxStarvation *self = user_data;

  if (note (&self->ends[number_of (pad)], info) && find_silent (self) != NULL)
    set_alarm (self);
  return GST_PAD_PROBE_OK;
}

/* ---------------------------------------------------------------- interface */

void
gst_mx_starvation_watch (GstMxStarvation *self, GstPad *ghost)
{
  gst_pad_add_probe (ghost,
      GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM |
          GST_PAD_PROBE_TYPE_EVENT_FLUSH,
      on_data, self, NULL);
}

void
gst_mx_starvation_reset (GstMxStarvation *self)
{
  GstClockID id;

  GST_OBJECT_LOCK (self->owner);
  id = g_steal_pointer (&self->alarm);
  GST_OBJECT_UNLOCK (self->owner);
  if (id != NULL) {
    gst_clock_id_unschedule (id);
    gst_clock_id_unref (id);
  }
  g_atomic_int_set (&self->ends[0], GOES_ON);
  g_atomic_int_set (&self->ends[1], GOES_ON);
  g_atomic_int_set (&self->posted, FALSE);
}
