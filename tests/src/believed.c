/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* A checkpoint that somebody made up, whole and with the checksum that belongs
 * to it. */
#include "mx-believed.h"

#include "check-main.h"
#include "mx-safetensors.h"
#include "trainer-data.h"

#define VARIANCE "running_var"

static MxTrainer *
trainer_new (MxDescription *description)
{
  MxTrainerConfig c = config (1, 1);
  c.class_weights = true;
  c.teacher_average = .9;
  c.average_weights = .9;
  return mx_trainer_new (description, NULL, &c);
}

/* Where the first variance stands among the weights. */
static size_t
find_variance (const MxProgram *program)
{
  for (size_t l = 0; l < program->n_layers; l++) {
    const MxParameter *parameter =
        mx_layer_find_parameter (program->layers[l], VARIANCE);
    if (parameter != NULL)
      return parameter->offset;
  }
  ck_abort_msg ("no layer has a " VARIANCE);
  return 0;
}

/* The checkpoint of a fresh training, where 4 bytes of a tensor are others. */
static MxCheckpoint *
make_up (
    MxTrainer *trainer, const char *tensor, size_t place, const void *value)
{
  g_autoptr (MxCheckpoint) written = mx_checkpoint_new ();
  mx_trainer_save (trainer, written);
  g_autoptr (GBytes) whole = mx_checkpoint_write (written);
  gsize size;
  g_autofree guint8 *bytes =
      g_memdup2 (g_bytes_get_data (whole, &size), g_bytes_get_size (whole));
  g_autoptr (GBytes) spoilt = g_bytes_new (bytes, g_bytes_get_size (whole));
  g_autoptr (MxSafetensors) file = mx_safetensors_new (spoilt, "x", NULL);
  ck_assert_ptr_nonnull (file);
  const MxTensorView *view = mx_safetensors_lookup (file, tensor);
  ck_assert_ptr_nonnull (view);
  ck_assert_uint_lt (place, view->size);
  memcpy ((guint8 *)view->data + 4 * place, value, 4);
  return mx_checkpoint_read (spoilt, "made-up.checkpoint", NULL);
}

static void
assert_refused (
    const char *tensor, size_t place, const void *value, const char *expected)
{
  g_autoptr (MxDescription) description = nets_describe (0);
  MxTrainer *trainer = trainer_new (description);
  g_autoptr (MxNetwork) before = mx_trainer_get_network (trainer);
  g_autoptr (MxCheckpoint) checkpoint = make_up (trainer, tensor, place, value);
  g_autoptr (GError) error = NULL;
  ck_assert (!mx_trainer_restore (trainer, checkpoint, &error));
  ck_assert (
      g_error_matches (error, MX_CHECKPOINT_ERROR, MX_CHECKPOINT_ERROR_TENSOR));
  g_autofree char *start =
      g_strdup_printf ("made-up.checkpoint: tensor '%s': found ", tensor);
  ck_assert_msg (g_str_has_prefix (error->message, start) &&
                     strstr (error->message, expected) != NULL,
      "%s", error->message);
  g_autoptr (MxNetwork) after = mx_trainer_get_network (trainer);
  ck_assert_mem_eq (before->weights, after->weights,
      description->program->n_weights * sizeof (float));
  mx_trainer_free (trainer);
}

static const char *const of_weights[] = {
    "trainer.weights", "trainer.teacher", "trainer.average"};

START_TEST (a_variance_below_zero_is_refused)
{
  const float variance = -.5f;
  g_autoptr (MxDescription) description = nets_describe (0);
  assert_refused (of_weights[_i], find_variance (description->program),
      &variance, "found -0.5 at ");
  assert_refused (of_weights[_i], find_variance (description->program),
      &variance,
      "expected finite numbers from 0 in stages.1.layers.1." VARIANCE);
}
END_TEST

START_TEST (a_weight_that_is_no_number_is_refused)
{
  const float values[] = {NAN, INFINITY};
  for (int i = 0; i < 2; i++)
    assert_refused (
        of_weights[_i], 3, &values[i], "at 3, expected finite values");
}
END_TEST

/* The first moment may be anything. */
START_TEST (a_second_moment_below_zero_is_refused)
{
  g_autoptr (MxDescription) description = nets_describe (0);
  const size_t n = description->program->n_trainable;
  const float moment = -1e-3f;
  MxTrainer *trainer = trainer_new (description);
  g_autoptr (MxCheckpoint) checkpoint =
      make_up (trainer, "trainer.moments", n - 1, &moment);
  ck_assert (mx_trainer_restore (trainer, checkpoint, NULL));
  mx_trainer_free (trainer);
  assert_refused ("trainer.moments", n, &moment, "found -0.001 at ");
  assert_refused ("trainer.moments", n, &moment, "mean squares, from 0");
}
END_TEST

/* Their upper halves. */
START_TEST (a_count_that_nobody_counted_is_refused)
{
  static const uint32_t halves[] = {0xffffffff, 0x80000000, 1u << 21 | 1};
  const uint32_t half = GUINT32_TO_LE (halves[_i]);
  assert_refused ("trainer.steps", 1, &half, "expected a count from 0 to ");
  assert_refused (
      "trainer.class-counts", 3, &half, "at 1, expected a count from 0 to ");
}
END_TEST

static void
add_tests (TCase *tcase)
{
  tcase_add_loop_test (
      tcase, a_variance_below_zero_is_refused, 0, G_N_ELEMENTS (of_weights));
  tcase_add_loop_test (tcase, a_weight_that_is_no_number_is_refused, 0,
      G_N_ELEMENTS (of_weights));
  tcase_add_test (tcase, a_second_moment_below_zero_is_refused);
  tcase_add_loop_test (tcase, a_count_that_nobody_counted_is_refused, 0, 3);
}

CHECK_MAIN ("believed", add_tests)
