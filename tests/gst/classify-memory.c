/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* A stream that is only listened to costs no memory: nothing is allocated from
 * one end of the element to the other.  Results do, they are given away. */

#include "successor.h"

#include <malloc.h>

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

GST_START_TEST (test_a_model_that_took_over_allocates_nothing_either)
{
  static const Variant other = {{4000, 1, 300, 100}, "other", 3};
  g_autofree gchar *file = variant_file (&other);
  Classifier c = classifier_new (&model);

  g_object_set (c.element, "post-messages", FALSE, "attach-meta", FALSE, NULL);
  classifier_set_caps (&c, 8000, 1);
  add_border (&c, "sink", TRUE);
  add_border (&c, "src", FALSE);
  count_allocations (&c, 8000, 1, 0);
  g_object_set (c.element, "model-file", file, NULL);
  /* Its converter, and what is told of it. */
  fail_unless (count_allocations (&c, 8000, 1, 4000) > 0);
  fail_unless_equals_int (count_allocations (&c, 8000, 1, 8000), 0);
  classifier_free (&c);
  g_remove (file);
}
GST_END_TEST;

/* --- shared networks --- */

#define ELEMENTS 20

/* In use by the whole process. */
static gsize
memory_in_use (void)
{
  struct mallinfo2 info = mallinfo2 ();

  return info.uordblks + info.hblkhd;
}

static const Variant wide = {{8000, 1, 40, 40}, "wide", 3, .filters = 200};

GST_START_TEST (test_elements_of_one_file_hold_one_network)
{
  g_autoptr (MxNetwork) network = variant_network (&wide);
  gsize weights = network->description->program->n_weights * sizeof (gfloat);
  g_autofree gchar *file = variant_file (&wide);
  Classifier c[ELEMENTS];
  gsize one, all;

  c[0] = classifier_with_file (file);
  one = memory_in_use ();
  for (guint i = 1; i < ELEMENTS; i++)
    c[i] = classifier_with_file (file);
  all = memory_in_use () - one;
  /* Each network of its own would be more than its weights. */
  fail_unless (all < (ELEMENTS - 1) * weights / 2,
      "%" G_GSIZE_FORMAT " bytes, weights of %" G_GSIZE_FORMAT, all, weights);
  for (guint i = 0; i < ELEMENTS; i++)
    classifier_free (&c[i]);
  all = memory_in_use ();
  fail_unless (all < one, "%" G_GSIZE_FORMAT " are left", all - one);
  g_remove (file);
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
  tcase_add_test (tests, test_a_model_that_took_over_allocates_nothing_either);
  tcase_add_test (tests, test_elements_of_one_file_hold_one_network);
  return suite;
}

GST_CHECK_MAIN (classify_memory);
