/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Whatever checkpoint a training goes on from, its weights are numbers and it
 * can make the next step; from others it takes nothing. */
#include "fuzz.h"

#include <math.h>

#include "mx-trainer.h"

#define WINDOW 4
#define CHANNELS 2

/* The network of corpus/checkpoint/. */
static const char small_text[] =
    "{\"labels\": [\"no\", \"yes\"],"
    " \"input\": {\"rate\": 50, \"channels\": 2, \"window\": 4},"
    " \"stages\": [{\"layers\": [{\"kind\": \"conv1d\", \"filters\": 2,"
    " \"kernel\": 3}, {\"kind\": \"batch-norm\"}],"
    " \"exit\": [{\"kind\": \"pool\"}, {\"kind\": \"dense\"}]}]}";

static MxTrainer *
make_trainer (void)
{
  MxTrainerConfig config;
  g_autoptr (GError) error = NULL;
  g_autoptr (MxDescription) description =
      mx_description_new (small_text, -1, "small", NULL, &error);
  g_assert_no_error (error);
  mx_trainer_config_init (&config);
  config.batch_size = 2;
  config.threads = 1;
  config.class_weights = true;
  config.teacher_average = config.average_weights = .9;
  return mx_trainer_new (description, NULL, &config);
}

static void
check_weights (const MxTrainer *trainer)
{
  g_autoptr (MxNetwork) network = mx_trainer_get_network (trainer);
  for (size_t i = 0; i < network->description->program->n_weights; i++)
    g_assert_true (isfinite (network->weights[i]));
}

static void
make_step (MxTrainer *trainer)
{
  static const float window[WINDOW * CHANNELS] = {1, -1, 0, 2, 1, 3, -2, .5f};
  MxTrainerStep step;
  mx_trainer_add (trainer, window, window, 0);
  mx_trainer_add (trainer, window, NULL, 1);
  mx_trainer_step (trainer, &step);
  g_assert_cmpuint (mx_trainer_get_pending (trainer), ==, 0);
}

static void
check_settings (const MxCheckpoint *checkpoint)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MxCheckpoint) present = mx_checkpoint_new ();
  mx_checkpoint_put_setting (present, "seed", "1");
  mx_checkpoint_put_setting (present, "schedule", "cosine");
  if (!mx_checkpoint_check_settings (checkpoint, present, &error))
    g_assert_true (g_utf8_validate (error->message, -1, NULL));
}

static bool
check (GBytes *bytes)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MxCheckpoint) checkpoint = mx_checkpoint_read (bytes, "1", &error);
  g_assert_true ((checkpoint == NULL) == (error != NULL));
  if (error) {
    g_assert_true (g_utf8_validate (error->message, -1, NULL));
    return false;
  }
  check_settings (checkpoint);

  MxTrainer *trainer = make_trainer ();
  bool restored = mx_trainer_restore (trainer, checkpoint, &error);
  g_assert_true (restored == (error == NULL));
  check_weights (trainer);
  make_step (trainer);
  mx_trainer_free (trainer);
  return restored;
}

bool
fuzz_check (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (GBytes) repaired = fuzz_repair_length (data, size);
  check (repaired);
  return check (bytes);
}
