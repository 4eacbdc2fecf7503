/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Each option of the trainer, alone and all together. */
#include "mx-average-pass.h"

#include "check-main.h"
#include "trainer-data.h"

enum {
  NONE,
  SMOOTHING,
  EXIT_WEIGHTS,
  MIXUP,
  CLASS_WEIGHTS,
  TEACHER_AVERAGE,
  AVERAGE_WEIGHTS,
  ALL,
  N_OPTIONS
};

static MxTrainerConfig
config_with (int option, uint64_t seed, size_t threads)
{
  MxTrainerConfig c = config (seed, threads);
  bool all = option == ALL;

  if (all || option == SMOOTHING)
    c.objective.smoothing = .1f;
  if (all || option == EXIT_WEIGHTS) {
    c.objective.n_exit_weights = 2;
    c.objective.exit_weights[0] = 2;
    c.objective.exit_weights[1] = 1;
  }
  if (all || option == MIXUP)
    c.mixup = .4;
  c.class_weights = all || option == CLASS_WEIGHTS;
  if (all || option == TEACHER_AVERAGE)
    c.teacher_average = .9;
  if (all || option == AVERAGE_WEIGHTS)
    c.average_weights = .9;
  return c;
}

static MxNetwork *
train (int net, int option, uint64_t seed, size_t threads, int steps,
    double *accuracy)
{
  g_autoptr (MxDescription) description = nets_describe (net);
  MxTrainerConfig c = config_with (option, seed, threads);
  MxTrainer *trainer = mx_trainer_new (description, NULL, &c);
  size_t labelled = 0, correct = 0;
  MxNetwork *network;
  MxTrainerStep step;
  MxRng rng;

  mx_rng_init (&rng, 11, 0);
  for (int i = 0; i < steps; i++) {
    fill_batch (trainer, &rng);
    mx_trainer_step (trainer, &step);
    ck_assert (step.finite);
    if (i >= steps * 3 / 4) {
      labelled += step.labelled;
      correct += step.correct[1];
    }
  }
  *accuracy = labelled ? (double)correct / (double)labelled : 0;
  network = mx_trainer_get_network (trainer);
  mx_trainer_free (trainer);
  return network;
}

/* Of mixed windows an answer can only be counted for the larger part. */
START_TEST (training_learns_what_can_be_learned)
{
  double accuracy, least = _i == MIXUP || _i == ALL ? .8 : .9;

  mx_network_unref (train (0, _i, 1, 2, 120, &accuracy));
  ck_assert_msg (accuracy > least, "accuracy %g", accuracy);
}
END_TEST

START_TEST (one_seed_gives_the_same_bytes_for_any_number_of_threads)
{
  static const size_t threads[] = {2, 4};
  int net = _i / N_OPTIONS, option = _i % N_OPTIONS;
  double accuracy;
  g_autoptr (MxNetwork) one = train (net, option, 1, 1, 10, &accuracy);
  size_t bytes = one->description->program->n_weights * sizeof (float);

  for (size_t i = 0; i < G_N_ELEMENTS (threads); i++) {
    g_autoptr (MxNetwork) more =
        train (net, option, 1, threads[i], 10, &accuracy);

    ck_assert_mem_eq (one->weights, more->weights, bytes);
  }
}
END_TEST

START_TEST (each_option_changes_what_is_learnt)
{
  double accuracy;
  g_autoptr (MxNetwork) without = train (0, NONE, 1, 1, 10, &accuracy);
  g_autoptr (MxNetwork) with = train (0, _i, 1, 1, 10, &accuracy);
  size_t bytes = with->description->program->n_weights * sizeof (float);

  ck_assert_int_ne (memcmp (without->weights, with->weights, bytes), 0);
}
END_TEST

/* What a network that is in training answers after it: mx-pass on the folded
 * program of the same weights. */
START_TEST (the_average_answers_as_a_network_of_its_weights)
{
  enum { ROWS = 6 };
  static const int32_t partner[ROWS] = {-1, 0, -1, -1, 2, 3};
  g_autoptr (MxDescription) description = nets_describe (_i);
  MxProgram *program = description->program;
  g_autofree float *weights = nets_weights (program, 3);
  g_autoptr (MxNetwork) network = mx_network_new (description, weights);
  MxParallel *parallel = mx_parallel_new (2);
  MxAveragePass *average = mx_average_pass_new (program, ROWS, parallel);
  MxPass *pass = mx_pass_new (network->program, ROWS, false, NULL);
  MxTensor input;
  const float *const *logits;

  mx_pass_set_weights (pass, network->program_weights, network->prepared,
      network->prepared_offset);
  input = mx_pass_begin (pass, ROWS);
  nets_fill (&input, 5);
  logits = mx_average_pass_run (average, weights, &input, NULL, partner);
  for (size_t s = 0; s < program->n_stages; s++) {
    MxTensor expected = mx_pass_run_stage (pass, s);

    for (size_t r = 0; r < ROWS; r++)
      for (size_t k = 0; k < program->classes && partner[r] >= 0; k++)
        ck_assert_float_eq_tol (
            logits[s][(size_t)partner[r] * program->classes + k],
            mx_tensor_row (&expected, (size_t)partner[r])[k], 1e-4f);
  }
  mx_pass_free (pass);
  mx_average_pass_free (average);
  mx_parallel_free (parallel);
}
END_TEST

START_TEST (a_loss_that_is_no_number_leaves_the_average_as_it_was)
{
  g_autoptr (MxDescription) description = nets_describe (0);
  MxTrainerConfig c = config_with (ALL, 1, 1);
  MxTrainer *trainer = mx_trainer_new (description, NULL, &c);
  g_autoptr (MxNetwork) before = mx_trainer_get_network (trainer);
  float huge[WINDOW * CHANNELS];
  MxTrainerStep step;

  for (int i = 0; i < WINDOW * CHANNELS; i++)
    huge[i] = i % 2 ? 1e38f : -1e38f;
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

static void
add_tests (TCase *tcase)
{
  tcase_add_loop_test (
      tcase, training_learns_what_can_be_learned, 1, N_OPTIONS);
  tcase_add_loop_test (tcase,
      one_seed_gives_the_same_bytes_for_any_number_of_threads, 0,
      (int)N_NETS * N_OPTIONS);
  tcase_add_loop_test (tcase, each_option_changes_what_is_learnt, 1, N_OPTIONS);
  tcase_add_loop_test (
      tcase, the_average_answers_as_a_network_of_its_weights, 0, (int)N_NETS);
  tcase_add_test (tcase, a_loss_that_is_no_number_leaves_the_average_as_it_was);
}

CHECK_MAIN ("trainer-options", add_tests)
