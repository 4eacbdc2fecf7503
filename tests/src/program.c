/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-program.h"

#include "check-main.h"
#include "nets.h"

START_TEST (layers_stand_in_the_order_they_run)
{
  g_autoptr (MxDescription) d = nets_describe (_i);
  const MxProgram *program = d->program;
  ck_assert_uint_eq (program->n_values, program->n_layers + 1);
  for (size_t i = 0; i < program->n_layers; i++) {
    const MxLayer *layer = program->layers[i];
    MxShape in = program->values[layer->inputs[0]].shape;
    MxShape out = program->values[i + 1].shape;
    ck_assert_int_le (layer->inputs[0], i);
    ck_assert_int_le (layer->inputs[1], (int)i);
    ck_assert_uint_eq (in.time, layer->in.time);
    ck_assert_uint_eq (in.channels, layer->in.channels);
    ck_assert_uint_eq (out.time, layer->out.time);
    ck_assert_uint_eq (out.channels, layer->out.channels);
    ck_assert_uint_ge (
        program->values[layer->inputs[0]].pad_left, layer->x_pad_left);
    ck_assert_uint_ge (
        program->values[layer->inputs[0]].pad_right, layer->x_pad_right);
  }
}
END_TEST

START_TEST (stages_follow_each_other_and_end_in_logits)
{
  g_autoptr (MxDescription) d = nets_describe (_i);
  const MxProgram *program = d->program;
  size_t next = 0;
  for (size_t s = 0; s < program->n_stages; s++) {
    const MxStage *stage = &program->stages[s];
    ck_assert_uint_eq (stage->first, next);
    ck_assert_uint_lt (stage->first, stage->exit_first);
    ck_assert_uint_lt (stage->exit_first, stage->end);
    ck_assert_uint_eq (stage->logits, stage->end);
    ck_assert_uint_eq (program->values[stage->logits].shape.time, 1);
    ck_assert_uint_eq (
        program->values[stage->logits].shape.channels, program->classes);
    next = stage->end;
  }
  ck_assert_uint_eq (next, program->n_layers);
}
END_TEST

START_TEST (weights_lie_side_by_side_statistics_last)
{
  g_autoptr (MxDescription) d = nets_describe (_i);
  const MxProgram *program = d->program;
  g_autofree char *used = g_new0 (char, program->n_weights);
  for (size_t i = 0; i < program->n_layers; i++) {
    const MxLayer *layer = program->layers[i];
    for (size_t p = 0; p < layer->n_parameters; p++) {
      const MxParameter *q = &layer->parameters[p];
      ck_assert_uint_le (q->offset + q->size, program->n_weights);
      ck_assert_int_eq (q->trainable, q->offset < program->n_trainable);
      for (size_t w = 0; w < q->size; w++)
        ck_assert_int_eq (used[q->offset + w]++, 0);
    }
  }
  for (size_t w = 0; w < program->n_weights; w++)
    ck_assert_int_eq (used[w], 1);
}
END_TEST

START_TEST (cost_adds_up_over_the_stages_on_the_way)
{
  g_autoptr (MxDescription) d = nets_describe (_i);
  const MxProgram *program = d->program;
  ck_assert_uint_eq (mx_program_macs_to (program, 0), 0);
  ck_assert_uint_eq (mx_program_macs_to (program, 1), program->stages[0].macs);
  ck_assert_uint_eq (
      mx_program_macs_to (program, program->n_stages), program->macs);
  ck_assert_uint_gt (
      mx_program_macs_to (program, 2), mx_program_macs_to (program, 1));
}
END_TEST

START_TEST (fresh_weights_come_from_the_seed_alone)
{
  g_autoptr (MxDescription) d = nets_describe (_i);
  size_t n = d->program->n_weights;
  g_autofree float *a = g_new (float, n), *b = g_new (float, n);
  mx_program_init_weights (d->program, 1, a);
  mx_program_init_weights (d->program, 1, b);
  ck_assert_mem_eq (a, b, n * sizeof *a);
  mx_program_init_weights (d->program, 2, b);
  ck_assert_int_ne (memcmp (a, b, n * sizeof *a), 0);
}
END_TEST

static void
add_tests (TCase *tcase)
{
  tcase_add_loop_test (tcase, layers_stand_in_the_order_they_run, 0, N_NETS);
  tcase_add_loop_test (
      tcase, stages_follow_each_other_and_end_in_logits, 0, N_NETS);
  tcase_add_loop_test (
      tcase, weights_lie_side_by_side_statistics_last, 0, N_NETS);
  tcase_add_loop_test (
      tcase, cost_adds_up_over_the_stages_on_the_way, 0, N_NETS);
  tcase_add_loop_test (
      tcase, fresh_weights_come_from_the_seed_alone, 0, N_NETS);
}

CHECK_MAIN ("program", add_tests)
