/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "check-main.h"
#include "trainer-data.h"

#include <glib/gstdio.h>
#include <unistd.h>

static MxNetwork *
train (int net, uint64_t seed, size_t threads, int steps, double *accuracy)
{
  g_autoptr (MxDescription) description = nets_describe (net);
  MxTrainerConfig c = config (seed, threads);
  MxTrainer *trainer = mx_trainer_new (description, NULL, &c);
  MxRng rng;
  mx_rng_init (&rng, 11, 0);
  size_t labelled = 0, correct = 0;
  for (int i = 0; i < steps; i++) {
    MxTrainerStep step;
    fill_batch (trainer, &rng);
    mx_trainer_step (trainer, &step);
    ck_assert (step.finite);
    ck_assert_uint_eq (step.step, i + 1);
    ck_assert_uint_eq (mx_trainer_get_pending (trainer), 0);
    if (i >= steps * 3 / 4) {
      labelled += step.labelled;
      correct += step.correct[description->program->n_stages - 1];
    }
  }
  *accuracy = (double)correct / labelled;
  MxNetwork *network = mx_trainer_get_network (trainer);
  mx_trainer_free (trainer);
  return network;
}

START_TEST (training_learns_what_can_be_learned)
{
  double accuracy;

  mx_network_unref (train (_i, 1, 2, 120, &accuracy));
  ck_assert_msg (accuracy > .9, "accuracy %g", accuracy);
}
END_TEST

START_TEST (one_seed_gives_the_same_bytes_for_any_number_of_threads)
{
  double accuracy;
  g_autoptr (MxNetwork) one = train (_i, 1, 1, 10, &accuracy);
  g_autoptr (MxNetwork) three = train (_i, 1, 3, 10, &accuracy);
  g_autoptr (MxNetwork) other = train (_i, 2, 1, 10, &accuracy);
  size_t bytes = one->description->program->n_weights * sizeof (float);
  ck_assert_mem_eq (one->weights, three->weights, bytes);
  ck_assert_int_ne (memcmp (one->weights, other->weights, bytes), 0);
}
END_TEST

START_TEST (a_loss_that_is_no_number_changes_nothing)
{
  g_autoptr (MxDescription) description = nets_describe (0);
  MxTrainerConfig c = config (1, 1);
  MxTrainer *trainer = mx_trainer_new (description, NULL, &c);
  g_autoptr (MxNetwork) before = mx_trainer_get_network (trainer);
  float huge[WINDOW * CHANNELS];
  for (int i = 0; i < WINDOW * CHANNELS; i++)
    huge[i] = i % 2 ? 1e38f : -1e38f;
  MxTrainerStep step;
  mx_trainer_add (trainer, huge, huge, 0);
  mx_trainer_add (trainer, huge, huge, 1);
  mx_trainer_step (trainer, &step);
  ck_assert (!step.finite);
  g_autoptr (MxNetwork) after = mx_trainer_get_network (trainer);
  ck_assert_mem_eq (before->weights, after->weights,
      description->program->n_weights * sizeof (float));
  mx_trainer_free (trainer);
}
END_TEST

START_TEST (samples_that_are_no_numbers_count_as_zero)
{
  g_autoptr (MxDescription) description = nets_describe (0);
  MxTrainerConfig c = config (1, 1);
  MxTrainer *trainer = mx_trainer_new (description, NULL, &c);
  float samples[WINDOW * CHANNELS] = {NAN, INFINITY, 1, 2};
  MxTrainerStep step;
  mx_trainer_add (trainer, samples, samples, 0);
  mx_trainer_add (trainer, samples, NULL, -1);
  mx_trainer_step (trainer, &step);
  ck_assert (step.finite);
  ck_assert_uint_eq (step.labelled, 1);
  mx_trainer_free (trainer);
}
END_TEST

START_TEST (training_goes_on_from_a_network)
{
  double accuracy;
  g_autoptr (MxNetwork) network = train (0, 1, 2, 120, &accuracy);
  MxTrainerConfig c = config (9, 1);
  MxTrainer *trainer = mx_trainer_new (network->description, network, &c);
  MxRng rng;
  MxTrainerStep step;
  mx_rng_init (&rng, 5, 5);
  fill_batch (trainer, &rng);
  mx_trainer_step (trainer, &step);
  ck_assert_uint_ge (step.correct[1] * 10, step.labelled * 8);
  mx_trainer_free (trainer);
}
END_TEST

START_TEST (the_schedule_follows_the_plan)
{
  g_autoptr (MxDescription) description = nets_describe (0);
  MxTrainerConfig c = config (1, 1);
  c.warm_up = 0;
  c.steps = 1000000;
  MxTrainer *trainer = mx_trainer_new (description, NULL, &c);
  MxRng rng;
  MxTrainerStep step;
  mx_rng_init (&rng, 5, 5);
  for (int i = 0; i < 2; i++) {
    fill_batch (trainer, &rng);
    mx_trainer_step (trainer, &step);
    ck_assert_float_eq_tol (step.learning_rate, c.learning_rate, 1e-6);
  }
  mx_trainer_plan (trainer, 4); /* two of four are done: half way down */
  fill_batch (trainer, &rng);
  mx_trainer_step (trainer, &step);
  ck_assert_float_eq_tol (step.learning_rate, c.learning_rate / 2, 1e-6);
  mx_trainer_free (trainer);
}
END_TEST

START_TEST (a_constant_schedule_stays_where_the_warm_up_brought_it)
{
  g_autoptr (MxDescription) description = nets_describe (0);
  MxTrainerConfig c = config (1, 1);
  c.warm_up = 2;
  c.steps = 4;
  c.schedule = MX_SCHEDULE_CONSTANT;
  MxTrainer *trainer = mx_trainer_new (description, NULL, &c);
  MxRng rng;
  MxTrainerStep step;
  mx_rng_init (&rng, 5, 5);
  for (int i = 0; i < 4; i++) {
    fill_batch (trainer, &rng);
    mx_trainer_step (trainer, &step);
    ck_assert_float_eq_tol (
        step.learning_rate, c.learning_rate * (i == 0 ? .5f : 1), 1e-6);
  }
  mx_trainer_free (trainer);
}
END_TEST

/* Gradients cut to nothing move momentum-free descent by next to nothing. */
START_TEST (clipped_gradients_move_the_weights_less)
{
  g_autoptr (MxDescription) description = nets_describe (0);
  MxTrainerConfig c = config (1, 1);
  size_t n = description->program->n_trainable;
  mx_optimizer_config_init (&c.optimizer, MX_OPTIMIZER_SGD);
  c.warm_up = 0;
  c.learning_rate = 1;
  c.gradient_clip = 1e-3f;
  MxTrainer *trainer = mx_trainer_new (description, NULL, &c);
  g_autoptr (MxNetwork) before = mx_trainer_get_network (trainer);
  MxRng rng;
  MxTrainerStep step;
  double moved = 0;
  mx_rng_init (&rng, 5, 5);
  fill_batch (trainer, &rng);
  mx_trainer_step (trainer, &step);
  g_autoptr (MxNetwork) after = mx_trainer_get_network (trainer);
  for (size_t i = 0; i < n; i++)
    moved += pow (after->weights[i] - before->weights[i], 2);
  ck_assert_double_gt (step.gradient_norm, .01);
  ck_assert_double_eq_tol (sqrt (moved), 1e-3, 1e-5);
  mx_trainer_free (trainer);
}
END_TEST

static void
take_steps (MxTrainer *trainer, MxRng *rng, int steps)
{
  for (int i = 0; i < steps; i++) {
    MxTrainerStep step;
    fill_batch (trainer, rng);
    mx_trainer_step (trainer, &step);
  }
}

static MxCheckpoint *
write_and_read (MxTrainer *trainer)
{
  g_autoptr (MxCheckpoint) checkpoint = mx_checkpoint_new ();
  g_autofree char *filename = NULL;
  close (g_file_open_tmp ("mx-trainer-XXXXXX", &filename, NULL));
  mx_trainer_save (trainer, checkpoint);
  ck_assert (mx_checkpoint_save (checkpoint, filename, NULL));
  MxCheckpoint *loaded = mx_checkpoint_load (filename, NULL);
  g_unlink (filename);
  return loaded;
}

/* With everything that has a memory of its own. */
static MxTrainerConfig
with_all_options (MxTrainerConfig config)
{
  config.mixup = .2f;
  config.class_weights = true;
  config.teacher_average = .9;
  config.average_weights = .9;
  return config;
}

START_TEST (a_restored_trainer_goes_on_byte_for_byte)
{
  g_autoptr (MxDescription) description = nets_describe (_i % N_NETS);
  MxTrainerConfig c = config (1, 1);
  if (_i >= (int)N_NETS)
    c = with_all_options (c);
  MxTrainer *whole = mx_trainer_new (description, NULL, &c);
  MxTrainer *resumed = mx_trainer_new (description, NULL, &c);
  MxRng rng, later;
  mx_rng_init (&rng, 5, 5);
  take_steps (whole, &rng, 4);
  later = rng;
  g_autoptr (MxCheckpoint) checkpoint = write_and_read (whole);
  ck_assert (mx_trainer_restore (resumed, checkpoint, NULL));
  take_steps (whole, &rng, 4);
  take_steps (resumed, &later, 4);
  g_autoptr (MxNetwork) a = mx_trainer_get_network (whole);
  g_autoptr (MxNetwork) b = mx_trainer_get_network (resumed);
  ck_assert_mem_eq (
      a->weights, b->weights, description->program->n_weights * sizeof (float));
  mx_trainer_free (whole);
  mx_trainer_free (resumed);
}
END_TEST

START_TEST (the_state_of_another_network_is_refused)
{
  g_autoptr (MxDescription) one = nets_describe (0);
  g_autoptr (MxDescription) other = nets_describe (1);
  MxTrainerConfig c = config (1, 1);
  MxTrainer *from = mx_trainer_new (one, NULL, &c);
  MxTrainer *to = mx_trainer_new (other, NULL, &c);
  g_autoptr (MxNetwork) before = mx_trainer_get_network (to);
  g_autoptr (MxCheckpoint) checkpoint = write_and_read (from);
  g_autoptr (GError) error = NULL;
  ck_assert (!mx_trainer_restore (to, checkpoint, &error));
  ck_assert_ptr_nonnull (strstr (error->message, "trainer.weights"));
  g_autoptr (MxNetwork) after = mx_trainer_get_network (to);
  ck_assert_mem_eq (before->weights, after->weights,
      other->program->n_weights * sizeof (float));
  mx_trainer_free (from);
  mx_trainer_free (to);
}
END_TEST

static void
add_tests (TCase *tcase)
{
  tcase_add_loop_test (tcase, training_learns_what_can_be_learned, 0, N_NETS);
  tcase_add_loop_test (tcase,
      one_seed_gives_the_same_bytes_for_any_number_of_threads, 0, N_NETS);
  tcase_add_test (tcase, a_loss_that_is_no_number_changes_nothing);
  tcase_add_test (tcase, samples_that_are_no_numbers_count_as_zero);
  tcase_add_test (tcase, training_goes_on_from_a_network);
  tcase_add_test (tcase, the_schedule_follows_the_plan);
  tcase_add_test (
      tcase, a_constant_schedule_stays_where_the_warm_up_brought_it);
  tcase_add_test (tcase, clipped_gradients_move_the_weights_less);
  tcase_add_loop_test (
      tcase, a_restored_trainer_goes_on_byte_for_byte, 0, 2 * N_NETS);
  tcase_add_test (tcase, the_state_of_another_network_is_refused);
}

CHECK_MAIN ("trainer", add_tests)
