/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "check-main.h"
#include "trainer-data.h"

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
}

CHECK_MAIN ("trainer", add_tests)
