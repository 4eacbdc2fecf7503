/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* A stream that is only listened to costs no memory: nothing is allocated from
 * one end of the element to the other.  Results do, they are given away. */

#include "classifier.h"

static const Model model = {8000, 1, 400, 200};

/* Counts while this thread is in the element. */
static _Thread_local gboolean inside;
static _Thread_local guint allocations;

/* Take the place of the C library's for the whole process; what it calls them
 * itself is of its own. */
extern void *__libc_malloc (size_t size);
extern void *__libc_calloc (size_t n, size_t size);
extern void *__libc_realloc (void *memory, size_t size);

void *
malloc (size_t size)
{
  allocations += inside;
  return __libc_malloc (size);
}

void *
calloc (size_t n, size_t size)
{
  allocations += inside;
  return __libc_calloc (n, size);
}

void *
realloc (void *memory, size_t size)
{
  allocations += inside;
  return __libc_realloc (memory, size);
}

static GstPadProbeReturn
note_border (GstPad *pad, GstPadProbeInfo *info, gpointer enters)
{
  inside = GPOINTER_TO_INT (enters);
  return GST_PAD_PROBE_OK;
}

static void
add_border (Classifier *c, const gchar *name, gboolean enters)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (c->element, name);

  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, note_border,
      GINT_TO_POINTER (enters), NULL);
}

static guint
count_allocations (Classifier *c, guint rate, guint channels, guint64 from)
{
  g_autofree gfloat *samples = noise ((from + 4000) * channels, 1);

  allocations = 0;
  for (guint64 i = 0; i < 4000; i += 100)
    classifier_push (c, piece (samples, channels, from + i, 100, rate, 0));
  return allocations;
}

static const struct {
  guint rate, channels;
  gboolean post, attach, allocates;
} streams[] = {
    {8000, 1, FALSE, FALSE, FALSE},
    {8000, 2, FALSE, FALSE, FALSE},
    {44100, 2, FALSE, FALSE, FALSE},
    {2000, 1, FALSE, FALSE, FALSE},
    /* The counter counts. */
    {8000, 1, TRUE, FALSE, TRUE},
    {8000, 1, FALSE, TRUE, TRUE},
};

GST_START_TEST (test_listening_allocates_nothing)
{
  guint rate = streams[__i__].rate, channels = streams[__i__].channels;
  Classifier c = classifier_new (&model);
  guint found;

  g_object_set (c.element, "post-messages", streams[__i__].post, "attach-meta",
      streams[__i__].attach, NULL);
  classifier_set_caps (&c, rate, channels);
  add_border (&c, "sink", TRUE);
  add_border (&c, "src", FALSE);
  count_allocations (&c, rate, channels, 0);
  found = count_allocations (&c, rate, channels, 4000);
  fail_unless ((found > 0) == streams[__i__].allocates, "%u", found);
  classifier_free (&c);
}
GST_END_TEST;

/* Everything that decides about depth looks at each buffer and window. */
GST_START_TEST (test_pacing_allocates_nothing)
{
  Classifier c = classifier_new (&model);

  g_object_set (c.element, "post-messages", FALSE, "attach-meta", FALSE,
      "deadline", 3600 * GST_SECOND, "qos", TRUE, "budget", .5,
      "temporal-patience", 3, "difference-threshold", .1, NULL);
  gst_harness_use_testclock (c.harness);
  classifier_set_caps (&c, model.rate, model.channels);
  add_border (&c, "sink", TRUE);
  add_border (&c, "src", FALSE);
  count_allocations (&c, model.rate, model.channels, 0);
  fail_unless_equals_int (
      count_allocations (&c, model.rate, model.channels, 4000), 0);
  classifier_free (&c);
}
GST_END_TEST;

static Suite *
classify_memory_suite (void)
{
  Suite *suite = suite_create ("classify-memory");
  TCase *tests = tcase_create ("classify-memory");

  suite_add_tcase (suite, tests);
  tcase_add_loop_test (
      tests, test_listening_allocates_nothing, 0, G_N_ELEMENTS (streams));
  tcase_add_test (tests, test_pacing_allocates_nothing);
  return suite;
}

GST_CHECK_MAIN (classify_memory);
