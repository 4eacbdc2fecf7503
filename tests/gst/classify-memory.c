/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* A stream that is only listened to costs no memory: nothing is allocated from
 * one end of the element to the other.  Results do, they are given away. */

#include "classifier.h"
#include "packed.h"

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

/* The second memory begins within a sample. */
GST_START_TEST (test_memories_are_neither_merged_nor_copied)
{
  g_autofree gfloat *samples = noise (4000, 1);
  Classifier c = classifier_new (&model);

  g_object_set (c.element, "post-messages", FALSE, "attach-meta", FALSE, NULL);
  classifier_set_caps (&c, 8000, 1);
  add_border (&c, "sink", TRUE);
  add_border (&c, "src", FALSE);
  for (guint64 i = 0; i < 4000; i += 100) {
    GstBuffer *buffer = piece (samples, 1, i, 100, 8000, 0);

    split_memory (buffer, 1 + i / 100);
    if (i <= 1000)
      allocations = 0;
    classifier_push (&c, buffer);
    buffer = gst_harness_pull (c.harness);
    fail_unless_equals_int (gst_buffer_n_memory (buffer), 2);
    gst_buffer_unref (buffer);
  }
  fail_unless_equals_int (allocations, 0);
  classifier_free (&c);
}
GST_END_TEST;

static guint64
windows_of (const Classifier *c)
{
  g_autoptr (GstStructure) stats = NULL;

  g_object_get (c->element, "stats", &stats, NULL);
  return get_uint64 (stats, "windows");
}

static const struct {
  guint rate;
  guint64 seconds;
  gsize chunk; /* samples in a buffer */
} extremes[] = {
    {8000, 600, 600 * 8000}, /* ten minutes in one */
    {16000, 60, 60 * 16000},
    {48000, 2, 1},
};

/* What is converted at a time is bounded, whatever comes at a time. */
GST_START_TEST (test_neither_huge_nor_tiny_buffers_cost_memory)
{
  guint rate = extremes[__i__].rate;
  gsize n = extremes[__i__].seconds * rate, chunk = extremes[__i__].chunk;
  g_autofree gfloat *samples = g_new0 (gfloat, n);
  Classifier c = classifier_new (&model);

  g_object_set (c.element, "post-messages", FALSE, "attach-meta", FALSE, NULL);
  classifier_set_caps (&c, rate, 1);
  gst_harness_set_drop_buffers (c.harness, TRUE);
  classifier_push (&c, piece (samples, 1, 0, rate, rate, 0));
  /* Room for the notes that the rig itself takes. */
  g_string_set_size (c.order, n / chunk);
  g_string_truncate (c.order, 0);
  add_border (&c, "sink", TRUE);
  add_border (&c, "src", FALSE);
  allocations = 0;
  for (gsize first = 0; first < n; first += chunk)
    classifier_push (&c,
        gst_buffer_new_wrapped_full (GST_MEMORY_FLAG_READONLY, samples + first,
            chunk * sizeof (gfloat), 0, chunk * sizeof (gfloat), NULL, NULL));
  fail_unless_equals_int (allocations, 0);
  fail_unless (windows_of (&c) >= extremes[__i__].seconds * 40 - 2);
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
  tcase_add_test (tests, test_memories_are_neither_merged_nor_copied);
  tcase_add_loop_test (tests, test_neither_huge_nor_tiny_buffers_cost_memory, 0,
      G_N_ELEMENTS (extremes));
  return suite;
}

GST_CHECK_MAIN (classify_memory);
