/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* A stream that is only listened to costs no memory: nothing is allocated from
 * one end of the element to the other.  Results do, they are given away: each
 * as much as the other, and nothing for the buffers between them. */

#include "packed.h"
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

/* --- a stream --- */

typedef enum { NOTHING, FLUSH, GAPS, GAP_EVENT, DISCONT } Interruption;

typedef struct {
  guint rate, channels;
  gboolean planar;
  Interruption interruption; /* between what settles and what is counted */
} Stream;

static const Stream streams[] = {
    {8000, 1},
    {8000, 2},
    {44100, 2},
    {48000, 2},
    {2000, 1},
    {8000, 1, TRUE},
    {48000, 2, TRUE},
    {8000, 1, FALSE, FLUSH},
    {48000, 2, FALSE, FLUSH},
    {8000, 1, FALSE, GAPS},
    {48000, 2, FALSE, GAPS},
    {8000, 1, FALSE, GAP_EVENT},
    {48000, 2, FALSE, GAP_EVENT},
    {8000, 1, FALSE, DISCONT},
    {48000, 2, FALSE, DISCONT},
};

#define BUFFERS                                                                \
  80 /* to settle, and as many to count; at most a result each                 \
      */

/* A buffer of 12.5 ms. */
static GstBuffer *
make_buffer (const Stream *stream, guint i)
{
  guint rate = stream->rate, channels = stream->channels, n = rate / 80;
  g_autofree gfloat *samples = noise (n * channels, i);
  GstBuffer *buffer = piece (samples, channels, 0, n, rate, 0);
  gboolean counted = i > BUFFERS;
  GstAudioInfo info;

  GST_BUFFER_PTS (buffer) = GST_FRAMES_TO_CLOCK_TIME ((guint64)i * n, rate);
  if (counted && stream->interruption == GAPS && i % 4 != 0)
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_GAP);
  if (stream->interruption == DISCONT && i == BUFFERS)
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
  if (stream->planar) {
    gst_audio_info_set_format (
        &info, GST_AUDIO_FORMAT_F32, rate, channels, NULL);
    info.layout = GST_AUDIO_LAYOUT_NON_INTERLEAVED;
    gst_buffer_add_audio_meta (buffer, &info, n, NULL);
  }
  return buffer;
}

static void
interrupt (Classifier *c, Interruption interruption)
{
  GstSegment segment;

  if (interruption == GAP_EVENT)
    gst_harness_push_event (c->harness,
        gst_event_new_gap (BUFFERS * 12500 * GST_USECOND, 10 * GST_MSECOND));
  if (interruption != FLUSH)
    return;
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_harness_push_event (c->harness, gst_event_new_flush_start ());
  gst_harness_push_event (c->harness, gst_event_new_flush_stop (TRUE));
  gst_harness_push_event (c->harness, gst_event_new_segment (&segment));
}

/* --- what it costs --- */

/* Allocations, while counted. */
typedef struct {
  guint silent;             /* all buffers without a result together */
  guint results, of_result; /* of each the same */
} Costs;

static guint
count_results (Classifier *c)
{
  g_autoptr (GPtrArray) messages = classifier_messages (c);
  g_autoptr (GPtrArray) metas = classifier_metas (c);

  return MAX (messages->len, metas->len);
}

static void
note_cost (Costs *costs, guint results, guint cost)
{
  fail_unless (results <= 1);
  costs->results += results;
  if (results == 0)
    costs->silent += cost;
  else if (costs->results == 1)
    costs->of_result = cost;
  else
    fail_unless_equals_int (cost, costs->of_result);
}

static Costs
measure (const Stream *stream, gboolean post, gboolean attach)
{
  Classifier c = classifier_new (&model);
  g_autofree gchar *caps = caps_of (
      GST_AUDIO_NE (F32), stream->rate, stream->channels, stream->planar);
  Costs costs = {0};

  g_object_set (c.element, "post-messages", post, "attach-meta", attach, NULL);
  gst_harness_set_src_caps_str (c.harness, caps);
  add_border (&c, "sink", TRUE);
  add_border (&c, "src", FALSE);
  for (guint i = 0; i < 2 * BUFFERS; i++) {
    guint results;

    if (i == BUFFERS)
      interrupt (&c, stream->interruption);
    g_string_truncate (c.order, 0); /* or the test itself would allocate */
    allocations = 0;
    classifier_push (&c, make_buffer (stream, i));
    results = count_results (&c);
    /* The buffer at an interruption may end a recording: GStreamer's resampler
     * then allocates the silence that it drains. */
    if (i > BUFFERS)
      note_cost (&costs, results, allocations);
  }
  classifier_free (&c);
  return costs;
}

GST_START_TEST (test_listening_allocates_nothing)
{
  Costs costs = measure (&streams[__i__], FALSE, FALSE);

  fail_unless_equals_int (costs.silent, 0);
}
GST_END_TEST;

static const struct {
  const gchar *name;
  gboolean post, attach;
} ways[] = {
    {"meta", FALSE, TRUE},
    {"message", TRUE, FALSE},
    {"both", TRUE, TRUE},
};

/* That they cost anything shows that the counter counts. */
GST_START_TEST (test_only_results_allocate_and_all_the_same)
{
  for (guint i = 0; i < G_N_ELEMENTS (streams); i++) {
    Costs costs = measure (&streams[i], ways[__i__].post, ways[__i__].attach);

    fail_unless (costs.results >= 10, "%u", costs.results);
    fail_unless_equals_int (costs.silent, 0);
    fail_unless (costs.of_result > 0);
    if (i == 0)
      g_print ("%s: %u allocations for a result of %u classes\n",
          ways[__i__].name, costs.of_result, CLASSES);
  }
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

/* --- depth, and another model --- */

/* In half a second from a sample on. */
static guint
count_allocations (Classifier *c, guint64 from)
{
  g_autofree gfloat *samples = noise (from + 4000, 1);

  allocations = 0;
  for (guint64 i = 0; i < 4000; i += 100)
    classifier_push (c, piece (samples, 1, from + i, 100, 8000, 0));
  return allocations;
}

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
  count_allocations (&c, 0);
  fail_unless_equals_int (count_allocations (&c, 4000), 0);
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
  count_allocations (&c, 0);
  g_object_set (c.element, "model-file", file, NULL);
  /* Its converter, and what is told of it. */
  fail_unless (count_allocations (&c, 4000) > 0);
  fail_unless_equals_int (count_allocations (&c, 8000), 0);
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
  tcase_add_test (tests, test_memories_are_neither_merged_nor_copied);
  tcase_add_loop_test (tests, test_neither_huge_nor_tiny_buffers_cost_memory, 0,
      G_N_ELEMENTS (extremes));
  tcase_add_loop_test (tests, test_only_results_allocate_and_all_the_same, 0,
      G_N_ELEMENTS (ways));
  tcase_add_test (tests, test_pacing_allocates_nothing);
  tcase_add_test (tests, test_a_model_that_took_over_allocates_nothing_either);
  tcase_add_test (tests, test_elements_of_one_file_hold_one_network);
  return suite;
}

GST_CHECK_MAIN (classify_memory);
