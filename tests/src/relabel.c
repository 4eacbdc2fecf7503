/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-relabel.h"

#include "check-main.h"
#include "nets.h"

static MxNetwork *
draw_network (int net)
{
  g_autoptr (MxDescription) description = nets_describe (net);
  g_autofree float *weights = nets_weights (description->program, 3);
  return mx_network_new (description, weights);
}

static const float *
row_of (const MxNetwork *network, const MxParameter *parameter, size_t row)
{
  return network->weights + parameter->offset +
         row * (parameter->size / parameter->dims[0]);
}

static const char *const others[] = {"new", "c", "a", "newer", NULL};

START_TEST (known_labels_keep_their_outputs_and_bodies_stay)
{
  g_autoptr (MxNetwork) from = draw_network (_i);
  g_autoptr (MxNetwork) to = mx_network_relabel (from, others, 5, NULL);
  g_autoptr (MxNetwork) same = mx_network_relabel (from, others, 5, NULL);
  g_autoptr (MxNetwork) seed = mx_network_relabel (from, others, 6, NULL);
  const MxProgram *a = from->description->program;
  const MxProgram *b = to->description->program;
  ck_assert (
      g_strv_equal ((const char *const *)to->description->labels, others));
  for (size_t i = 0; i < a->n_layers; i++) {
    for (size_t p = 0; p < a->layers[i]->n_parameters; p++) {
      const MxParameter *x = &a->layers[i]->parameters[p];
      const MxParameter *y = &b->layers[i]->parameters[p];
      size_t row = y->size / y->dims[0];
      if (x->dims[0] != 3) { /* no layer of these nets has 3 channels */
        ck_assert_mem_eq (
            row_of (from, x, 0), row_of (to, y, 0), x->size * sizeof (float));
        continue;
      }
      ck_assert_uint_eq (y->dims[0], 4);
      ck_assert_mem_eq (
          row_of (from, x, 2), row_of (to, y, 1), row * sizeof (float));
      ck_assert_mem_eq (
          row_of (from, x, 0), row_of (to, y, 2), row * sizeof (float));
      ck_assert_mem_ne (
          row_of (to, y, 0), row_of (seed, y, 0), row * sizeof (float));
    }
  }
  ck_assert_mem_eq (to->weights, same->weights, b->n_weights * sizeof (float));
}
END_TEST

START_TEST (the_same_labels_in_any_order_change_nothing)
{
  g_autoptr (MxNetwork) from = draw_network (0);
  g_autoptr (MxNetwork) to = mx_network_relabel (
      from, (const char *const[]){"c", "a", "b", NULL}, 5, NULL);
  ck_assert_ptr_eq (from, to);
}
END_TEST

START_TEST (labels_that_make_no_network_are_refused)
{
  static const char *const bad[][3] = {{"a"}, {"a", "a"}, {"a", ""}};
  g_autoptr (MxNetwork) from = draw_network (0);
  GError *error = NULL;
  ck_assert (mx_network_relabel (from, bad[_i], 5, &error) == NULL);
  ck_assert (g_error_matches (
      error, MX_DESCRIPTION_ERROR, MX_DESCRIPTION_ERROR_LABELS));
  g_error_free (error);
}
END_TEST

START_TEST (exits_that_state_their_outputs_are_refused)
{
  static const char text[] =
      "{" NETS_LABELS "," NETS_INPUT ",\"stages\":[{\"layers\":["
      "{\"kind\":\"relu\"}],\"exit\":[{\"kind\":\"pool\",\"method\":\"mean\"},"
      "{\"kind\":\"dense\",\"units\":3}]}]}";
  g_autoptr (MxDescription) description =
      mx_description_new (text, -1, "net", NULL, NULL);
  g_autofree float *weights = nets_weights (description->program, 3);
  g_autoptr (MxNetwork) from = mx_network_new (description, weights);
  GError *error = NULL;
  ck_assert (mx_network_relabel (from, others, 5, &error) == NULL);
  ck_assert (g_error_matches (
      error, MX_DESCRIPTION_ERROR, MX_DESCRIPTION_ERROR_SHAPE));
  g_error_free (error);
}
END_TEST

static void
add_tests (TCase *tcase)
{
  tcase_add_loop_test (
      tcase, known_labels_keep_their_outputs_and_bodies_stay, 0, N_NETS);
  tcase_add_test (tcase, the_same_labels_in_any_order_change_nothing);
  tcase_add_loop_test (tcase, labels_that_make_no_network_are_refused, 0, 3);
  tcase_add_test (tcase, exits_that_state_their_outputs_are_refused);
}

CHECK_MAIN ("relabel", add_tests)
