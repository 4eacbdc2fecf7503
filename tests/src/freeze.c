/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-pass.h"

#include "check-main.h"
#include "trainer-data.h"

static MxNetwork *
draw_start (int net)
{
  g_autoptr (MxDescription) description = nets_describe (net);
  g_autofree float *weights = nets_weights (description->program, 3);
  return mx_network_new (description, weights);
}

static MxTrainerConfig
frozen_config (size_t stages, bool exits, size_t threads)
{
  MxTrainerConfig c = config (1, threads);
  c.freeze = (MxFreeze){stages, exits};
  /* All that moves weights without a gradient. */
  c.optimizer.weight_decay = .01f;
  c.average_weights = .5;
  return c;
}

static MxNetwork *
adapt (MxNetwork *start, const MxTrainerConfig *c, double *norm)
{
  MxTrainer *trainer = mx_trainer_new (start->description, start, c);
  MxRng rng;
  mx_rng_init (&rng, 11, 0);
  for (int i = 0; i < 6; i++) {
    MxTrainerStep step;
    fill_batch (trainer, &rng);
    mx_trainer_step (trainer, &step);
    ck_assert (step.finite);
    *norm = step.gradient_norm;
  }
  MxNetwork *network = mx_trainer_get_network (trainer);
  mx_trainer_free (trainer);
  return network;
}

/* Frozen layers have the bytes they had; the others have not. */
static void
compare (const MxNetwork *a, const MxNetwork *b, const bool *frozen)
{
  const MxProgram *program = a->description->program;
  for (size_t i = 0; i < program->n_layers; i++) {
    const MxLayer *layer = program->layers[i];
    for (size_t p = 0; p < layer->n_parameters; p++) {
      const MxParameter *parameter = &layer->parameters[p];
      bool same = memcmp (a->weights + parameter->offset,
                      b->weights + parameter->offset,
                      parameter->size * sizeof (float)) == 0;
      ck_assert_msg (same == (frozen != NULL && frozen[i]), "%s.%s %s",
          layer->path, parameter->name, same ? "stayed" : "moved");
    }
  }
}

static const MxFreeze freezes[] = {
    {0, false}, {1, false}, {1, true}, {2, false}};

START_TEST (frozen_layers_keep_their_bytes_and_only_they)
{
  for (size_t i = 0; i < G_N_ELEMENTS (freezes); i++) {
    g_autoptr (MxNetwork) start = draw_start (_i);
    MxTrainerConfig c = frozen_config (freezes[i].stages, freezes[i].exits, 1);
    g_autofree bool *frozen =
        mx_freeze_list (&freezes[i], start->description->program);
    double norm;
    g_autoptr (MxNetwork) after = adapt (start, &c, &norm);
    compare (start, after, frozen);
    ck_assert_double_gt (norm, 0);
  }
}
END_TEST

START_TEST (threads_change_nothing)
{
  for (size_t i = 0; i < G_N_ELEMENTS (freezes); i++) {
    g_autoptr (MxNetwork) start = draw_start (_i);
    MxTrainerConfig c = frozen_config (freezes[i].stages, freezes[i].exits, 1);
    double norm;
    g_autoptr (MxNetwork) one = adapt (start, &c, &norm);
    c.threads = 3;
    g_autoptr (MxNetwork) three = adapt (start, &c, &norm);
    ck_assert_mem_eq (one->weights, three->weights,
        start->description->program->n_weights * sizeof (float));
  }
}
END_TEST

/* A frozen stage answers a training batch as the network does in use. */
START_TEST (frozen_stages_compute_as_after_training)
{
  enum { ROWS = 3 };
  g_autoptr (MxNetwork) network = draw_start (_i);
  MxProgram *program = network->description->program;
  MxFreeze freeze = {1, true};
  g_autofree bool *frozen = mx_freeze_list (&freeze, program);
  float logits[2][ROWS][3];
  for (int training = 0; training < 2; training++) {
    size_t size;
    MxPass *pass = training ? mx_pass_new (program, ROWS, true, NULL)
                            : mx_pass_new_for_windows (program, ROWS, NULL);
    g_autofree size_t *offset =
        mx_pass_prepared_layout (program, training, &size);
    float *prepared = g_aligned_alloc0 (size + 1, sizeof (float), 64);
    if (training)
      mx_pass_freeze (pass, frozen);
    mx_pass_set_weights (pass, network->weights, prepared, offset);
    mx_pass_prepare_own (pass, prepared);
    MxTensor input = mx_pass_begin (pass, ROWS);
    nets_fill (&input, 4);
    MxTensor out = mx_pass_run_stage (pass, 0);
    for (int r = 0; r < ROWS; r++)
      memcpy (logits[training][r], mx_tensor_row (&out, r), sizeof **logits);
    mx_pass_free (pass);
    g_aligned_free (prepared);
  }
  ck_assert_mem_eq (logits[0], logits[1], sizeof *logits);
}
END_TEST

static void
add_tests (TCase *tcase)
{
  tcase_add_loop_test (
      tcase, frozen_layers_keep_their_bytes_and_only_they, 0, N_NETS);
  tcase_add_loop_test (tcase, threads_change_nothing, 0, N_NETS);
  tcase_add_loop_test (
      tcase, frozen_stages_compute_as_after_training, 0, N_NETS);
}

CHECK_MAIN ("freeze", add_tests)
