/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "layer-fixture.h"

#include "check-main.h"

static const struct {
  const char *json;
  MxShape in, out;
  size_t x_pad[2], n_weights;
  uint64_t macs;
} shapes[] = {
    {CONV ("\"filters\":8,\"kernel\":5"), {10, 3}, {10, 8}, {2, 2}, 128,
        10 * 8 * 3 * 5},
    {CONV ("\"filters\":8,\"kernel\":4"), {10, 3}, {10, 8}, {1, 2}, 104,
        10 * 8 * 3 * 4},
    {CONV ("\"filters\":8,\"kernel\":5,\"stride\":2"), {11, 3}, {6, 8}, {2, 2},
        128, 6 * 8 * 3 * 5},
    {CONV ("\"filters\":8,\"kernel\":5,\"stride\":2"), {12, 3}, {6, 8}, {2, 2},
        128, 6 * 8 * 3 * 5},
    {CONV ("\"filters\":8,\"kernel\":5,\"padding\":\"same\","
           "\"dilation\":3"),
        {10, 3}, {10, 8}, {6, 6}, 128, 10 * 8 * 3 * 5},
    {CONV ("\"filters\":8,\"kernel\":5,\"padding\":\"causal\","
           "\"dilation\":2"),
        {10, 3}, {10, 8}, {8, 0}, 128, 10 * 8 * 3 * 5},
    {CONV ("\"filters\":8,\"kernel\":5,\"padding\":\"none\""), {10, 3}, {6, 8},
        {0, 0}, 128, 6 * 8 * 3 * 5},
    {CONV ("\"filters\":8,\"kernel\":5,\"padding\":[3,-2],"
           "\"bias\":false"),
        {10, 3}, {7, 8}, {3, 0}, 120, 7 * 8 * 3 * 5},
    {CONV ("\"filters\":8,\"kernel\":5,\"groups\":2"), {10, 6}, {10, 8}, {2, 2},
        128, 10 * 8 * 3 * 5},
    {CONV ("\"filters\":6,\"kernel\":5,\"groups\":6"), {10, 6}, {10, 6}, {2, 2},
        36, 10 * 6 * 5},
    {"{\"kind\":\"dense\",\"units\":9}", {10, 3}, {10, 9}, {0, 0}, 36,
        10 * 3 * 9},
    {"{\"kind\":\"dense\"}", {1, 3}, {1, 5}, {0, 0}, 20, 3 * 5},
    {"{\"kind\":\"batch-norm\"}", {10, 3}, {10, 3}, {0, 0}, 12, 0},
    {"{\"kind\":\"relu\"}", {10, 3}, {10, 3}, {0, 0}, 0, 0},
    {"{\"kind\":\"gelu\"}", {10, 3}, {10, 3}, {0, 0}, 0, 0},
    {"{\"kind\":\"dropout\"}", {10, 3}, {10, 3}, {0, 0}, 0, 0},
    {"{\"kind\":\"residual\"}", {10, 3}, {10, 3}, {0, 0}, 0, 0},
    {"{\"kind\":\"pool\"}", {10, 3}, {1, 3}, {0, 0}, 0, 0},
    {POOL ("\"method\":\"max\",\"segments\":4"), {10, 3}, {1, 12}, {0, 0}, 0,
        0},
    {POOL ("\"method\":\"mean+max\",\"segments\":4"), {10, 3}, {1, 24}, {0, 0},
        0, 0},
};

START_TEST (shapes_weights_and_costs_follow_from_the_description)
{
  g_autoptr (GError) error = NULL;
  MxLayer *layer = read_layer (shapes[_i].json, shapes[_i].in, 5, &error);
  size_t n_weights = 0;
  ck_assert_msg (layer != NULL, "%s", error ? error->message : "");
  for (size_t p = 0; p < layer->n_parameters; p++)
    n_weights += layer->parameters[p].size;
  ck_assert_uint_eq (layer->out.time, shapes[_i].out.time);
  ck_assert_uint_eq (layer->out.channels, shapes[_i].out.channels);
  ck_assert_uint_eq (layer->x_pad_left, shapes[_i].x_pad[0]);
  ck_assert_uint_eq (layer->x_pad_right, shapes[_i].x_pad[1]);
  ck_assert_uint_eq (n_weights, shapes[_i].n_weights);
  ck_assert_uint_eq (layer->macs, shapes[_i].macs);
  mx_layer_free (layer);
}
END_TEST

static const struct {
  const char *json;
  size_t index;
  MxParameter expected;
} parameters[] = {
    {CONV ("\"filters\":8,\"kernel\":5,\"groups\":2"), 0,
        {"weight", 3, {8, 2, 5}, 80, true, MX_INIT_NORMAL, .3162278f}},
    {CONV ("\"filters\":8,\"kernel\":5"), 1,
        {"bias", 1, {8}, 8, true, MX_INIT_ZERO, 0}},
    {"{\"kind\":\"dense\",\"units\":9}", 0,
        {"weight", 2, {9, 4}, 36, true, MX_INIT_UNIFORM, .5f}},
    {"{\"kind\":\"dense\",\"units\":9}", 1,
        {"bias", 1, {9}, 9, true, MX_INIT_UNIFORM, .5f}},
    {"{\"kind\":\"batch-norm\"}", 0,
        {"weight", 1, {4}, 4, true, MX_INIT_ONE, 0}},
    {"{\"kind\":\"batch-norm\"}", 1,
        {"bias", 1, {4}, 4, true, MX_INIT_ZERO, 0}},
    {"{\"kind\":\"batch-norm\"}", 2,
        {"running_mean", 1, {4}, 4, false, MX_INIT_ZERO, 0}},
    {"{\"kind\":\"batch-norm\"}", 3,
        {"running_var", 1, {4}, 4, false, MX_INIT_ONE, 0}},
};

START_TEST (parameters_have_the_names_and_shapes_of_the_file)
{
  MxLayer *layer = read_layer (parameters[_i].json, (MxShape){10, 4}, 5, NULL);
  const MxParameter *expected = &parameters[_i].expected;
  const MxParameter *found = &layer->parameters[parameters[_i].index];
  ck_assert_str_eq (found->name, expected->name);
  ck_assert_uint_eq (found->n_dims, expected->n_dims);
  ck_assert_mem_eq (found->dims, expected->dims, sizeof found->dims);
  ck_assert_uint_eq (found->size, expected->size);
  ck_assert (found->trainable == expected->trainable);
  ck_assert_int_eq (found->init, expected->init);
  ck_assert_float_eq_tol (found->spread, expected->spread, 1e-6);
  mx_layer_free (layer);
}
END_TEST

/* Each of these is refused with this code, naming these words. */
static const struct {
  const char *json;
  MxDescriptionError code;
  const char *words;
} malformed[] = {
#define MEMBER MX_DESCRIPTION_ERROR_MEMBER
#define SHAPE MX_DESCRIPTION_ERROR_SHAPE
    {CONV ("\"kernel\":3"), MEMBER, "filters"},
    {CONV ("\"filters\":3"), MEMBER, "kernel"},
    {CONV ("\"filters\":0,\"kernel\":3"), MEMBER, "filters"},
    {CONV ("\"filters\":65537,\"kernel\":3"), MEMBER, "filters"},
    {CONV ("\"filters\":2.5,\"kernel\":3"), MEMBER, "filters"},
    {CONV ("\"filters\":3,\"kernel\":0"), MEMBER, "kernel"},
    {CONV ("\"filters\":3,\"kernel\":4097"), MEMBER, "kernel"},
    {CONV ("\"filters\":3,\"kernel\":3,\"stride\":0"), MEMBER, "stride"},
    {CONV ("\"filters\":3,\"kernel\":3,\"stride\":4097"), MEMBER, "stride"},
    {CONV ("\"filters\":3,\"kernel\":3,\"dilation\":-1"), MEMBER, "dilation"},
    {CONV ("\"filters\":3,\"kernel\":3,\"dilation\":\"2\""), MEMBER,
        "dilation"},
    {CONV ("\"filters\":3,\"kernel\":3,\"groups\":0"), MEMBER, "groups"},
    {CONV ("\"filters\":4,\"kernel\":3,\"groups\":2,\"quantised\":true"),
        MX_DESCRIPTION_ERROR_LAYER, "quantised: found 2 groups"},
    {CONV ("\"filters\":4,\"kernel\":3,\"quantised\":1"), MEMBER, "quantised"},
    {CONV ("\"filters\":3,\"kernel\":3,\"groups\":3"), SHAPE,
        "groups: found 3"},
    {CONV ("\"filters\":3,\"kernel\":3,\"groups\":2"), SHAPE,
        "groups: found 2"},
    {CONV ("\"filters\":3,\"kernel\":3,\"bias\":1"), MEMBER, "bias"},
    {CONV ("\"filters\":3,\"kernel\":3,\"padding\":\"valid\""), MEMBER,
        "padding: found \"valid\""},
    {CONV ("\"filters\":3,\"kernel\":3,\"padding\":1"), MEMBER,
        "padding: found 1"},
    {CONV ("\"filters\":3,\"kernel\":3,\"padding\":null"), MEMBER,
        "padding: found null"},
    {CONV ("\"filters\":3,\"kernel\":3,\"padding\":[1]"), MEMBER,
        "padding: found [1]"},
    {CONV ("\"filters\":3,\"kernel\":3,\"padding\":[1,2,3]"), MEMBER,
        "padding: found [1,2,3]"},
    {CONV ("\"filters\":3,\"kernel\":3,\"padding\":[1,2.5]"), MEMBER,
        "padding: found [1,2.5]"},
    {CONV ("\"filters\":3,\"kernel\":3,\"padding\":[1,[2]]"), MEMBER,
        "padding: found [1,[2]]"},
    {CONV ("\"filters\":3,\"kernel\":3,\"padding\":[1,99999999999]"), MEMBER,
        "padding"},
    {CONV ("\"filters\":3,\"kernel\":3,\"padding\":{}"), MEMBER, "padding"},
    {CONV ("\"filters\":3,\"kernel\":11,\"padding\":\"none\""), SHAPE,
        "kernel: found 11"},
    {CONV ("\"filters\":3,\"kernel\":3,\"padding\":[-4,-4]"), SHAPE,
        "[-4, -4]"},
    {CONV ("\"filters\":3,\"kernel\":3,\"size\":3"), MEMBER, "size"},
    {"{\"kind\":\"batch-norm\",\"epsilon\":0}", MEMBER, "epsilon"},
    {"{\"kind\":\"batch-norm\",\"epsilon\":\"x\"}", MEMBER, "epsilon"},
    {"{\"kind\":\"batch-norm\",\"momentum\":-0.1}", MEMBER, "momentum"},
    {"{\"kind\":\"batch-norm\",\"momentum\":1.1}", MEMBER, "momentum"},
    {"{\"kind\":\"batch-norm\",\"affine\":true}", MEMBER, "affine"},
    {"{\"kind\":\"dense\",\"units\":0}", MEMBER, "units"},
    {"{\"kind\":\"dense\",\"units\":65537}", MEMBER, "units"},
    {"{\"kind\":\"dense\",\"unit\":3}", MEMBER, "unit"},
    {"{\"kind\":\"relu\",\"slope\":0.1}", MEMBER, "slope"},
    {"{\"kind\":\"gelu\",\"exact\":false}", MEMBER, "exact"},
    {POOL ("\"method\":\"median\""), MEMBER, "method"},
    {POOL ("\"method\":0"), MEMBER, "method"},
    {POOL ("\"segments\":0"), MEMBER, "segments"},
    {POOL ("\"segments\":4097"), MEMBER, "segments"},
    {POOL ("\"size\":2"), MEMBER, "size"},
    {"{\"kind\":\"dropout\",\"probability\":1}", MEMBER, "probability"},
    {"{\"kind\":\"dropout\",\"probability\":-0.1}", MEMBER, "probability"},
    {"{\"kind\":\"dropout\",\"p\":0.1}", MEMBER, "\"p\""},
    {"{\"kind\":\"residual\",\"scale\":2}", MEMBER, "scale"},
};

START_TEST (a_malformed_layer_is_refused_with_its_member)
{
  g_autoptr (GError) error = NULL;
  MxLayer *layer = read_layer (malformed[_i].json, (MxShape){7, 4}, 5, &error);
  ck_assert_msg (layer == NULL, "accepted: %s", malformed[_i].json);
  ck_assert_msg (
      g_error_matches (error, MX_DESCRIPTION_ERROR, malformed[_i].code) &&
          strstr (error->message, malformed[_i].words) != NULL,
      "%s: %s", malformed[_i].json, error->message);
}
END_TEST

/* The largest numbers everywhere: refused or accepted, but neither crashed
 * nor wrapped around. */
START_TEST (sizes_do_not_overflow)
{
  MxLayer *layer =
      read_layer (CONV ("\"filters\":65536,\"kernel\":4096,\"dilation\":4096,"
                        "\"padding\":[16777216,16777216]"),
          (MxShape){1 << 24, 1}, 5, NULL);
  ck_assert_uint_eq (layer->parameters[0].size, (size_t)1 << 28);
  ck_assert_uint_eq (layer->out.time, 3 * (1 << 24) - 4096 * 4095);
  ck_assert_uint_ge (layer->prepared_training, (size_t)1 << 29);
  mx_layer_free (layer);
  layer = read_layer (CONV ("\"filters\":65536,\"kernel\":4096"),
      (MxShape){1, 1 << 24}, 5, NULL);
  ck_assert_uint_eq (layer->parameters[0].size, (size_t)1 << 52);
  ck_assert_uint_eq (layer->macs, (uint64_t)1 << 52);
  mx_layer_free (layer);
}
END_TEST

START_TEST (kinds_are_found_by_the_names_that_are_listed)
{
  g_autoptr (GString) names = g_string_new (NULL);
  for (const MxLayerKind *const *kind = mx_layers_list (); *kind; kind++) {
    ck_assert_ptr_eq (mx_layers_find ((*kind)->name), *kind);
    g_string_append_printf (
        names, "%s%s", names->len ? ", " : "", (*kind)->name);
  }
  ck_assert_str_eq (mx_layers_names (), names->str);
  ck_assert_ptr_null (mx_layers_find ("conv2d"));
  ck_assert_ptr_null (mx_layers_find (""));
}
END_TEST

static void
add_tests (TCase *tcase)
{
  tcase_add_loop_test (tcase,
      shapes_weights_and_costs_follow_from_the_description, 0,
      G_N_ELEMENTS (shapes));
  tcase_add_loop_test (tcase, parameters_have_the_names_and_shapes_of_the_file,
      0, G_N_ELEMENTS (parameters));
  tcase_add_loop_test (tcase, a_malformed_layer_is_refused_with_its_member, 0,
      G_N_ELEMENTS (malformed));
  tcase_add_test (tcase, sizes_do_not_overflow);
  tcase_add_test (tcase, kinds_are_found_by_the_names_that_are_listed);
}

CHECK_MAIN ("layer-descriptions", add_tests)
