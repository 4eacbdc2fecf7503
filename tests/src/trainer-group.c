/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Several trainers that train as one. */

#include "check-main.h"
#include "group-threads.h"
#include "trainer-data.h"

#define STEPS 6
#define MOST_WINDOWS 24 /* of a step, of all members */

/* How the windows of a step are shared out. */
typedef struct {
  size_t members;
  size_t windows[3][MOST_THREADS]; /* of steps 0, 1, 2, 0, ... */
} Shares;

static const Shares shares[] = {
    {2, {{12, 12}, {12, 12}, {12, 12}}},
    {3, {{12, 7, 5}, {1, 20, 3}, {8, 8, 8}}},
    {3, {{12, 12, 0}, {0, 0, 24}, {24, 0, 0}}}, /* some have none */
};

typedef struct {
  int net;
  const Shares *shares;
  MxTrainerConfig config;
  MxNetwork *networks[MOST_THREADS];
  MxTrainerStep last[MOST_THREADS];
} Run;

/* Window @i of step @s, whoever gets it. */
static void
add_window (MxTrainer *trainer, int s, size_t i)
{
  float clean[WINDOW * CHANNELS], perturbed[WINDOW * CHANNELS];
  MxRng rng;
  int class;

  mx_rng_init (&rng, s, i);
  class = mx_rng_below (&rng, 3);
  draw_window (&rng, class, clean);
  for (int k = 0; k < WINDOW * CHANNELS; k++)
    perturbed[k] = clean[k] + .2 * mx_rng_normal (&rng);
  mx_trainer_add (trainer, clean, perturbed, i % 3 ? class : -1);
}

static void
train_member (MxGroup *group, void *data)
{
  Run *run = data;
  g_autoptr (MxDescription) description = nets_describe (run->net);
  MxTrainerConfig c = run->config;
  size_t rank = mx_group_get_rank (group);
  MxTrainer *trainer;

  c.group = group;
  trainer = mx_trainer_new (description, NULL, &c);
  for (int s = 0; s < STEPS; s++) {
    const size_t *windows = run->shares->windows[s % 3];
    size_t first = 0, n = MOST_WINDOWS;

    for (size_t r = 0; r < rank; r++)
      first += windows[r];
    if (group != NULL)
      n = windows[rank];
    for (size_t i = first; i < first + n; i++)
      add_window (trainer, s, i);
    mx_trainer_step (trainer, &run->last[rank]);
    ck_assert (run->last[rank].finite);
  }
  run->networks[rank] = mx_trainer_get_network (trainer);
  mx_trainer_free (trainer);
}

static MxTrainerConfig
plain_config (void)
{
  MxTrainerConfig c = config (1, 1);

  c.optimizer.kind = MX_OPTIMIZER_SGD;
  return c;
}

static void
run_clear (Run *run)
{
  for (size_t r = 0; r < MOST_THREADS; r++)
    g_clear_pointer (&run->networks[r], mx_network_unref);
}

/* Sums in another order move single precision, no more. */
static void
assert_same_training (const Run *group, const Run *alone)
{
  const MxNetwork *a = group->networks[0], *b = alone->networks[0];
  const MxTrainerStep *x = &group->last[0], *y = &alone->last[0];

  for (size_t i = 0; i < a->description->program->n_weights; i++)
    ck_assert_msg (fabsf (a->weights[i] - b->weights[i]) < 2e-4,
        "weight %zu is %g, alone %g", i, a->weights[i], b->weights[i]);
  ck_assert_double_eq_tol (x->loss.total, y->loss.total, 1e-3);
  ck_assert_double_eq_tol (x->loss.consistency, y->loss.consistency, 1e-3);
  ck_assert_double_eq_tol (x->gradient_norm, y->gradient_norm, 1e-3);
  ck_assert_uint_eq (x->labelled, y->labelled);
}

static void
assert_members_agree (const Run *run)
{
  size_t n = run->networks[0]->description->program->n_weights;

  for (size_t r = 1; r < run->shares->members; r++) {
    ck_assert_mem_eq (run->networks[r]->weights, run->networks[0]->weights,
        n * sizeof (float));
    ck_assert_mem_eq (&run->last[r], &run->last[0], sizeof run->last[0]);
  }
}

static void
compare_with_alone (int net, MxTrainerConfig c)
{
  for (size_t i = 0; i < G_N_ELEMENTS (shares); i++) {
    Run group = {net, &shares[i], c}, alone = {net, &shares[i], c};

    run_members (shares[i].members, train_member, &group);
    train_member (NULL, &alone);
    assert_members_agree (&group);
    assert_same_training (&group, &alone);
    run_clear (&group);
    run_clear (&alone);
  }
}

static const MxObjectiveKind objectives[] = {MX_OBJECTIVE_SUPERVISED,
    MX_OBJECTIVE_AUGMENTED, MX_OBJECTIVE_SELF_DISTILLATION,
    MX_OBJECTIVE_CONSISTENT_EXIT};

START_TEST (members_train_as_one_with_all_their_windows)
{
  MxTrainerConfig c = plain_config ();

  mx_objective_init (&c.objective, objectives[_i]);
  compare_with_alone (0, c);
}
END_TEST

START_TEST (weights_of_classes_are_of_all_windows)
{
  MxTrainerConfig c = plain_config ();

  c.class_weights = true;
  c.average_weights = .5;
  c.teacher_average = .5;
  c.gradient_clip = .5f;
  compare_with_alone (0, c);
}
END_TEST

/* With dropout, mixup and adam. */
START_TEST (one_seed_gives_the_same_bytes_again)
{
  MxTrainerConfig c = config (1, 2);

  c.mixup = .3;
  for (size_t i = 0; i < G_N_ELEMENTS (shares); i++) {
    Run first = {1, &shares[i], c}, second = {1, &shares[i], c};

    run_members (shares[i].members, train_member, &first);
    run_members (shares[i].members, train_member, &second);
    assert_members_agree (&first);
    ck_assert_mem_eq (first.networks[0]->weights, second.networks[0]->weights,
        first.networks[0]->description->program->n_weights * sizeof (float));
    run_clear (&first);
    run_clear (&second);
  }
}
END_TEST

static void
step_on_a_number_that_is_none (MxGroup *group, void *data)
{
  g_autoptr (MxDescription) description = nets_describe (0);
  MxTrainerConfig c = plain_config ();
  float huge[WINDOW * CHANNELS];
  MxTrainerStep step;
  MxTrainer *trainer;

  c.group = group;
  trainer = mx_trainer_new (description, NULL, &c);
  for (int i = 0; i < WINDOW * CHANNELS; i++)
    huge[i] = i % 2 ? 1e38f : -1e38f;
  for (int i = 0; i < 2; i++)
    if (group->rank == 1)
      mx_trainer_add (trainer, huge, huge, i);
    else
      add_window (trainer, 0, i);
  mx_trainer_step (trainer, &step);
  ck_assert (!step.finite);
  mx_trainer_free (trainer);
}

START_TEST (a_loss_that_is_no_number_is_seen_by_all)
{
  run_members (3, step_on_a_number_that_is_none, NULL);
}
END_TEST

static void
add_tests (TCase *tcase)
{
  tcase_add_loop_test (tcase, members_train_as_one_with_all_their_windows, 0,
      G_N_ELEMENTS (objectives));
  tcase_add_test (tcase, weights_of_classes_are_of_all_windows);
  tcase_add_test (tcase, one_seed_gives_the_same_bytes_again);
  tcase_add_test (tcase, a_loss_that_is_no_number_is_seen_by_all);
}

CHECK_MAIN ("trainer-group", add_tests)
