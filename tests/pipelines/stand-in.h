/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Models made on the spot. */
#pragma once

#include <gst/check/gstcheck.h>

#include "mx-model-file.h"
#include "mx-trainer.h"

#define STEPS 60

/* A model that knows a recording by heart, window i as label i: so a test can
 * say what must be answered.  @samples: one window behind the other, as many as
 * labels; @json: the architecture, without labels. */
static inline void
save_stand_in (const gchar *filename, const gchar *json,
    const gchar *const *labels, const gfloat *samples)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MxDescription) description =
      mx_description_new (json, -1, "stand-in", labels, &error);
  g_autoptr (MxNetwork) network = NULL;
  MxTrainerConfig config;
  MxTrainer *trainer;

  g_assert_no_error (error);
  mx_trainer_config_init (&config);
  mx_objective_init (&config.objective, MX_OBJECTIVE_SUPERVISED);
  config.learning_rate = 1e-2f;
  config.warm_up = 5;
  config.steps = STEPS;
  config.batch_size = description->n_labels;
  config.threads = 1;
  trainer = mx_trainer_new (description, NULL, &config);
  for (guint step = 0; step < STEPS; step++) {
    gsize window = description->window * description->channels;
    MxTrainerStep done;

    for (gsize i = 0; i < description->n_labels; i++)
      mx_trainer_add (trainer, samples + i * window, NULL, (gint32)i);
    mx_trainer_step (trainer, &done);
  }
  network = mx_trainer_get_network (trainer);
  mx_trainer_free (trainer);
  mx_model_file_save (network, filename, &error);
  g_assert_no_error (error);
}

/* One that knows nothing; @labels: NULL if the text has some. */
static inline void
save_fresh_model (const gchar *folder, const gchar *name, const gchar *json,
    const gchar *const *labels)
{
  g_autofree gchar *filename = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (MxDescription) description =
      mx_description_new (json, -1, name, labels, &error);
  g_autoptr (MxNetwork) network = NULL;
  g_autofree gfloat *weights = NULL;

  g_assert_no_error (error);
  weights = g_new (gfloat, description->program->n_weights);
  mx_program_init_weights (description->program, 1, weights);
  network = mx_network_new (description, weights);
  mx_model_file_save (network, filename, &error);
  g_assert_no_error (error);
}
