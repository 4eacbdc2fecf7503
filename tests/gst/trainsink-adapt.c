/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* A mxtrainsink that starts from a model and keeps a part of it. */

#include "trainsink-train.h"

#include "mx-freeze.h"
#include "mx-model-file.h"

/* A model of rig_labels, in a file of its own. */
static gchar *
write_start (MxNetwork **network)
{
  GBytes *bytes = train ("", TRUE, ALTERNATING, 7);
  gchar *filename;
  gint fd = g_file_open_tmp ("mxstart-XXXXXX", &filename, NULL);

  g_close (fd, NULL);
  fail_unless (g_file_set_contents (filename, g_bytes_get_data (bytes, NULL),
      (gssize)g_bytes_get_size (bytes), NULL));
  g_bytes_unref (bytes);
  *network = mx_model_file_load (filename, NULL);
  fail_unless (*network != NULL);
  return filename;
}

static void
rig_init_from (Rig *rig, const gchar *start, const gchar *properties)
{
  g_autofree gchar *line =
      g_strdup_printf ("architecture=\"\" model-file=%s %s", start, properties);

  rig_init (rig, line, TRUE);
}

/* Of 20 examples, whose labels are these in turn. */
static void
push_labels (Rig *rig, const gchar *const *labels)
{
  guint n = g_strv_length ((gchar **)labels);

  gst_element_set_state (rig->pipeline, GST_STATE_PLAYING);
  rig_begin (rig->clean, RATE, labels, EXAMPLES, 1);
  rig_begin (rig->perturbed, RATE, labels, EXAMPLES, 1);
  for (guint i = 0; i < EXAMPLES; i++) {
    Example example = example_of (i, 0);

    example.label = labels[i % n];
    rig_push_pair (rig, &example, &example);
  }
  rig_end_both (rig);
}

static MxNetwork *
adapt (const gchar *start, const gchar *properties, const gchar *const *labels)
{
  MxNetwork *network;
  Rig rig;

  rig_init_from (&rig, start, properties);
  push_labels (&rig, labels);
  rig_expect_end (&rig);
  network = mx_model_file_load (rig.location, NULL);
  fail_unless (network != NULL);
  rig_clear (&rig);
  return network;
}

static void
compare (const MxNetwork *a, const MxNetwork *b, const MxFreeze *freeze)
{
  const MxProgram *program = a->description->program;
  g_autofree bool *frozen = mx_freeze_list (freeze, program);

  for (gsize i = 0; i < program->n_layers; i++) {
    const MxLayer *layer = program->layers[i];

    for (gsize p = 0; p < layer->n_parameters; p++) {
      const MxParameter *parameter = &layer->parameters[p];
      gboolean same = memcmp (a->weights + parameter->offset,
                          b->weights + parameter->offset,
                          parameter->size * sizeof (gfloat)) == 0;

      fail_unless (same == frozen[i], "%s.%s", layer->path, parameter->name);
    }
  }
}

static const struct {
  const gchar *properties;
  MxFreeze freeze;
} freezes[] = {
    {"freeze-stages=1 weight-decay=.1", {1, false}},
    {"freeze-stages=1 freeze-exits=true optimizer=adamw weight-decay=.1",
        {1, true}},
    {"freeze-stages=2", {2, false}},
};

GST_START_TEST (test_frozen_stages_are_written_as_they_were_read)
{
  MxNetwork *before, *after;
  g_autofree gchar *start = write_start (&before);

  after = adapt (start, freezes[__i__].properties, rig_labels);
  compare (before, after, &freezes[__i__].freeze);
  mx_network_unref (before);
  mx_network_unref (after);
  g_unlink (start);
}
GST_END_TEST;

static const gchar *const others[] = {"new", "fast", "other", NULL};

GST_START_TEST (test_exits_get_the_labels_of_the_data)
{
  MxNetwork *before, *after;
  g_autofree gchar *start = write_start (&before);

  after = adapt (start, "adapt-labels=true freeze-stages=2", others);
  fail_unless (
      g_strv_equal ((const gchar *const *)after->description->labels, others));
  mx_network_unref (before);
  mx_network_unref (after);
  g_unlink (start);
}
GST_END_TEST;

GST_START_TEST (test_other_labels_are_an_error_unless_asked_for)
{
  MxNetwork *before;
  g_autofree gchar *start = write_start (&before);
  Rig rig;

  rig_init_from (&rig, start, "");
  push_labels (&rig, others);
  rig_expect_error (&rig, "The label \"new\" of example 0 is none of the");
  rig_clear (&rig);
  mx_network_unref (before);
  g_unlink (start);
}
GST_END_TEST;

static Suite *
trainsink_adapt_suite (void)
{
  Suite *suite = suite_create ("trainsink-adapt");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_loop_test (tc, test_frozen_stages_are_written_as_they_were_read, 0,
      G_N_ELEMENTS (freezes));
  tcase_add_test (tc, test_exits_get_the_labels_of_the_data);
  tcase_add_test (tc, test_other_labels_are_an_error_unless_asked_for);
  return suite;
}

GST_CHECK_MAIN (trainsink_adapt);
