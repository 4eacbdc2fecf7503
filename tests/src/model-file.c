/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "check-main.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "mx-model-file.h"
#include "mx-safetensors.h"

/* Every kind of layer that has weights, nested as deep as names go. */
#define STAGES                                                                 \
  "\"stages\":[{"                                                              \
  "\"layers\":["                                                               \
  "{\"kind\":\"conv1d\",\"filters\":4,\"kernel\":3},"                          \
  "{\"kind\":\"batch-norm\"},{\"kind\":\"relu\"},"                             \
  "{\"kind\":\"residual\",\"layers\":["                                        \
  "{\"kind\":\"conv1d\",\"filters\":6,\"kernel\":5,\"stride\":2},"             \
  "{\"kind\":\"batch-norm\"}],"                                                \
  "\"shortcut\":[{\"kind\":\"conv1d\",\"filters\":6,\"kernel\":1,"             \
  "\"stride\":2,\"bias\":false}]}],"                                           \
  "\"exit\":[{\"kind\":\"pool\"},{\"kind\":\"dense\"}]}]"
#define INPUT "\"input\":{\"rate\":50,\"channels\":2,\"window\":16,\"hop\":8}"
#define JSON                                                                   \
  "{\"name\":\"tiny\"," INPUT "," STAGES ",\"labels\":[\"no\",\"yes\"]}"

static MxNetwork *
make_network (guint64 seed)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MxDescription) description =
      mx_description_new (JSON, -1, "tiny", NULL, &error);
  ck_assert_msg (description != NULL, "%s", error ? error->message : "");
  g_autofree float *weights = g_new (float, description->program->n_weights);
  mx_program_init_weights (description->program, seed, weights);
  return mx_network_new (description, weights);
}

static MxNetwork *
read_back (GBytes *bytes)
{
  g_autoptr (GError) error = NULL;
  MxNetwork *network = mx_model_file_read (bytes, "it", &error);
  ck_assert_msg (network != NULL, "%s", error ? error->message : "");
  return network;
}

START_TEST (a_model_reads_back_with_the_same_weights_and_labels)
{
  g_autoptr (MxNetwork) network = make_network (1);
  g_autoptr (GBytes) bytes = mx_model_file_write (network);
  g_autoptr (MxNetwork) copy = read_back (bytes);
  ck_assert_mem_eq (copy->weights, network->weights,
      network->description->program->n_weights * sizeof (float));
  ck_assert_uint_eq (copy->description->n_labels, 2);
  ck_assert_str_eq (copy->description->labels[0], "no");
  ck_assert_str_eq (copy->description->labels[1], "yes");
  ck_assert_str_eq (copy->description->name, "tiny");
}
END_TEST

START_TEST (a_model_written_again_is_the_same_file)
{
  g_autoptr (MxNetwork) network = make_network (2);
  g_autoptr (GBytes) bytes = mx_model_file_write (network);
  g_autoptr (MxNetwork) copy = read_back (bytes);
  g_autoptr (GBytes) again = mx_model_file_write (copy);
  ck_assert (g_bytes_equal (bytes, again));
}
END_TEST

START_TEST (tensors_are_named_by_their_path_and_shaped_as_in_pytorch)
{
  static const struct {
    const char *name, *dims;
  } expected[] = {
      {"stages.0.layers.0.weight", "[4, 2, 3]"},
      {"stages.0.layers.0.bias", "[4]"},
      {"stages.0.layers.1.weight", "[4]"},
      {"stages.0.layers.1.bias", "[4]"},
      {"stages.0.layers.1.running_mean", "[4]"},
      {"stages.0.layers.1.running_var", "[4]"},
      {"stages.0.layers.3.layers.0.weight", "[6, 4, 5]"},
      {"stages.0.layers.3.layers.0.bias", "[6]"},
      {"stages.0.layers.3.layers.1.weight", "[6]"},
      {"stages.0.layers.3.layers.1.bias", "[6]"},
      {"stages.0.layers.3.layers.1.running_mean", "[6]"},
      {"stages.0.layers.3.layers.1.running_var", "[6]"},
      {"stages.0.layers.3.shortcut.0.weight", "[6, 4, 1]"},
      {"stages.0.exit.1.weight", "[2, 6]"},
      {"stages.0.exit.1.bias", "[2]"},
  };
  g_autoptr (MxNetwork) network = make_network (3);
  g_autoptr (GBytes) bytes = mx_model_file_write (network);
  g_autoptr (MxSafetensors) file = mx_safetensors_new (bytes, "it", NULL);
  ck_assert_uint_eq (
      mx_safetensors_get_n_tensors (file), G_N_ELEMENTS (expected));
  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++) {
    const MxTensorView *view = mx_safetensors_get_tensor (file, i);
    g_autofree char *dims = mx_dims_to_string (view->n_dims, view->dims);
    ck_assert_str_eq (view->name, expected[i].name);
    ck_assert_str_eq (dims, expected[i].dims);
    ck_assert_int_eq (view->dtype, MX_DTYPE_F32);
  }
  ck_assert_str_eq (
      mx_safetensors_get_metadata (file, "multiexit.version"), "1");
}
END_TEST

/* --------------------------------------------------------- calibration */

static MxNetwork *
make_calibrated (guint64 seed)
{
  static MxOperatingPoint points[] = {{.agreement = 1, .cost = 1}};
  MxCalibration calibration = {.fitted_on = (char *)"us",
      .windows = 9,
      .labelled = 9,
      .exits = 1,
      .temperatures = {1.5f},
      .n_points = 1,
      .points = points};
  g_autoptr (MxNetwork) network = make_network (seed);
  return mx_network_new_calibrated (network, &calibration);
}

START_TEST (a_calibration_is_kept_when_a_model_is_read_and_written_again)
{
  g_autoptr (MxNetwork) network = make_calibrated (6);
  g_autoptr (GBytes) bytes = mx_model_file_write (network);
  g_autoptr (MxNetwork) copy = read_back (bytes);
  g_autoptr (GBytes) again = mx_model_file_write (copy);
  ck_assert_ptr_nonnull (copy->calibration);
  ck_assert_float_eq (copy->calibration->temperatures[0], 1.5f);
  ck_assert_str_eq (copy->calibration->fitted_on, "us");
  ck_assert (g_bytes_equal (bytes, again));
}
END_TEST

START_TEST (other_weights_have_no_calibration)
{
  g_autoptr (MxNetwork) network = make_calibrated (6);
  g_autoptr (MxNetwork) trained =
      mx_network_new (network->description, network->weights);
  g_autoptr (MxNetwork) without = mx_network_new_calibrated (network, NULL);
  g_autoptr (GBytes) bytes = mx_model_file_write (trained);
  g_autoptr (MxSafetensors) file = mx_safetensors_new (bytes, "it", NULL);
  ck_assert_ptr_null (trained->calibration);
  ck_assert_ptr_null (without->calibration);
  ck_assert_ptr_null (
      mx_safetensors_get_metadata (file, "multiexit.calibration"));
}
END_TEST

START_TEST (a_damaged_calibration_is_refused)
{
  g_autoptr (MxNetwork) network = make_calibrated (6);
  network->calibration->temperatures[0] = 50; /* as a stranger would write */
  g_autoptr (GBytes) bytes = mx_model_file_write (network);
  g_autoptr (GError) error = NULL;
  ck_assert_ptr_null (mx_model_file_read (bytes, "a model", &error));
  ck_assert (g_error_matches (
      error, MX_DESCRIPTION_ERROR, MX_DESCRIPTION_ERROR_MEMBER));
  ck_assert_str_eq (error->message,
      "a model: calibration: temperatures[0]: found 50, expected a number from "
      "0.2 to 5");
}
END_TEST

/* ---------------------------------------------------- damaged models */

typedef enum {
  DROP,
  RENAME,    /* to `text` */
  ADD,       /* one named `text` */
  DTYPE,     /* of the same size */
  RESHAPE,   /* one more dimension of 1 */
  TRANSPOSE, /* first and last dimension */
  SET,       /* the last element to `value` */
  METADATA   /* `tensor` to `text`, NULL: removed */
} Damage;

typedef enum { MODEL, DESCRIPTION } Domain;

static const struct {
  Damage damage;
  const char *tensor, *text;
  float value;
  Domain domain;
  int code;
  const char *words;
} damages[] = {
#define W "stages.0.layers.0.weight"
#define V "stages.0.layers.1.running_var"
    {DROP, W, NULL, 0, MODEL, MX_MODEL_FILE_ERROR_TENSOR,
        "tensor '" W "': found nothing, expected F32 [4, 2, 3]"},
    {DROP, "stages.0.exit.1.bias", NULL, 0, MODEL, MX_MODEL_FILE_ERROR_TENSOR,
        "tensor 'stages.0.exit.1.bias': found nothing, expected F32 [2]"},
    {RENAME, W, "stem.weight", 0, MODEL, MX_MODEL_FILE_ERROR_TENSOR,
        "tensor '" W "': found nothing"},
    {ADD, NULL, "stages.1.layers.0.weight", 0, MODEL,
        MX_MODEL_FILE_ERROR_TENSOR,
        "tensor 'stages.1.layers.0.weight': found it in the file, expected "
        "only what the description names"},
    {DTYPE, W, NULL, 0, MODEL, MX_MODEL_FILE_ERROR_TENSOR,
        "tensor '" W "': found I32 [4, 2, 3], expected F32 [4, 2, 3]"},
    {RESHAPE, "stages.0.layers.0.bias", NULL, 0, MODEL,
        MX_MODEL_FILE_ERROR_TENSOR,
        "tensor 'stages.0.layers.0.bias': found F32 [4, 1], expected F32 [4]"},
    {TRANSPOSE, W, NULL, 0, MODEL, MX_MODEL_FILE_ERROR_TENSOR,
        "tensor '" W "': found F32 [3, 2, 4], expected F32 [4, 2, 3]"},
    {SET, W, NULL, NAN, MODEL, MX_MODEL_FILE_ERROR_TENSOR,
        "tensor '" W "': found nan at element 23, expected finite numbers"},
    {SET, W, NULL, INFINITY, MODEL, MX_MODEL_FILE_ERROR_TENSOR, "found inf at"},
    {SET, W, NULL, -INFINITY, MODEL, MX_MODEL_FILE_ERROR_TENSOR,
        "found -inf at"},
    {SET, V, NULL, NAN, MODEL, MX_MODEL_FILE_ERROR_TENSOR,
        "found nan at element 3"},
    {SET, V, NULL, -1, MODEL, MX_MODEL_FILE_ERROR_TENSOR,
        "tensor '" V "': found -1 at element 3, expected finite numbers from "
        "0"},
    {METADATA, "multiexit.version", NULL, 0, MODEL, MX_MODEL_FILE_ERROR_FOREIGN,
        "without multiexit.version in its metadata"},
    {METADATA, "multiexit.description", NULL, 0, MODEL,
        MX_MODEL_FILE_ERROR_FOREIGN,
        "without multiexit.description in its metadata"},
    {METADATA, "multiexit.version", "2", 0, MODEL, MX_MODEL_FILE_ERROR_VERSION,
        "found a model of version 2, expected 1"},
    {METADATA, "multiexit.version", "", 0, MODEL, MX_MODEL_FILE_ERROR_VERSION,
        "expected 1"},
    {METADATA, "multiexit.description", "{" INPUT "," STAGES "}", 0, MODEL,
        MX_MODEL_FILE_ERROR_LABELS, "labels: none"},
    {METADATA, "multiexit.description",
        "{" INPUT "," STAGES ",\"labels\":[\"a\",\"a\"]}", 0, MODEL,
        MX_MODEL_FILE_ERROR_LABELS, "\"a\" stands there twice"},
    {METADATA, "multiexit.description", "stages", 0, DESCRIPTION,
        MX_DESCRIPTION_ERROR_SYNTAX, "not JSON"},
    {METADATA, "multiexit.description", "{}", 0, MODEL,
        MX_MODEL_FILE_ERROR_LABELS, "labels: none"},
    {METADATA, "multiexit.description", "{" INPUT ",\"labels\":[\"a\",\"b\"]}",
        0, DESCRIPTION, MX_DESCRIPTION_ERROR_MEMBER, "\"stages\" is missing"},
};

static void
damage_tensor (MxTensorView *view, int i, float *copy)
{
  const gsize last = view->n_dims - 1;
  const gsize first_dim = view->dims[0];
  switch (damages[i].damage) {
  case RENAME:
    view->name = damages[i].text;
    break;
  case DTYPE:
    view->dtype = MX_DTYPE_I32;
    break;
  case RESHAPE:
    view->dims[view->n_dims++] = 1;
    break;
  case TRANSPOSE:
    view->dims[0] = view->dims[last];
    view->dims[last] = first_dim;
    break;
  case SET:
    memcpy (copy, view->data, mx_tensor_view_bytes (view));
    copy[view->size - 1] = damages[i].value;
    view->data = copy;
    break;
  default:
    ck_abort ();
  }
}

static void
damage_metadata (GHashTable *metadata, int i)
{
  if (damages[i].damage != METADATA)
    return;
  if (damages[i].text)
    g_hash_table_insert (
        metadata, (char *)damages[i].tensor, (char *)damages[i].text);
  else
    g_hash_table_remove (metadata, damages[i].tensor);
}

/* A good file with one thing made wrong. */
static GBytes *
damage (const MxSafetensors *file, int i)
{
  static const char *const keys[] = {
      "multiexit.version", "multiexit.description"};
  g_autoptr (GHashTable) metadata = g_hash_table_new (g_str_hash, g_str_equal);
  for (gsize k = 0; k < G_N_ELEMENTS (keys); k++)
    g_hash_table_insert (metadata, (char *)keys[k],
        (char *)mx_safetensors_get_metadata (file, keys[k]));
  damage_metadata (metadata, i);

  MxTensorView views[32];
  float copy[1024];
  gsize n = 0;
  for (gsize t = 0; t < mx_safetensors_get_n_tensors (file); t++) {
    views[n] = *mx_safetensors_get_tensor (file, t);
    const bool meant = damages[i].damage != METADATA &&
                       g_strcmp0 (views[n].name, damages[i].tensor) == 0;
    if (meant && damages[i].damage == DROP)
      continue;
    if (meant)
      damage_tensor (&views[n], i, copy);
    n++;
  }
  if (damages[i].damage == ADD) {
    views[n] = views[0];
    views[n++].name = damages[i].text;
  }
  return mx_safetensors_serialize (views, n, metadata);
}

START_TEST (a_damaged_model_is_refused_with_what_was_found_and_expected)
{
  g_autoptr (MxNetwork) network = make_network (4);
  g_autoptr (GBytes) good = mx_model_file_write (network);
  g_autoptr (MxSafetensors) file = mx_safetensors_new (good, "good", NULL);
  g_autoptr (GBytes) bad = damage (file, _i);
  g_autoptr (GError) error = NULL;
  ck_assert_ptr_null (mx_model_file_read (bad, "a model", &error));
  const GQuark domain =
      damages[_i].domain == MODEL ? MX_MODEL_FILE_ERROR : MX_DESCRIPTION_ERROR;
  ck_assert_msg (g_error_matches (error, domain, damages[_i].code),
      "%s: code %d, expected %d", error->message, error->code,
      damages[_i].code);
  ck_assert_msg (
      g_str_has_prefix (error->message, "a model: "), "%s", error->message);
  ck_assert_msg (strstr (error->message, damages[_i].words), "'%s' not in '%s'",
      damages[_i].words, error->message);
}
END_TEST

START_TEST (a_model_cut_anywhere_is_refused)
{
  g_autoptr (MxNetwork) network = make_network (5);
  g_autoptr (GBytes) whole = mx_model_file_write (network);
  for (gsize n = 0; n < g_bytes_get_size (whole); n++) {
    g_autoptr (GBytes) cut = g_bytes_new_from_bytes (whole, 0, n);
    g_autoptr (GError) error = NULL;
    ck_assert_ptr_null (mx_model_file_read (cut, "cut", &error));
    ck_assert_msg (g_error_matches (error, MX_SAFETENSORS_ERROR,
                       MX_SAFETENSORS_ERROR_TRUNCATED),
        "%s", error->message);
  }
}
END_TEST

/* -------------------------------------------------------------- files */

START_TEST (a_saved_model_loads_and_a_failed_save_leaves_the_old_one)
{
  g_autofree char *folder = g_dir_make_tmp ("mx-model-XXXXXX", NULL);
  g_autofree char *filename = g_build_filename (folder, "m.safetensors", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (MxNetwork) network = make_network (6);
  ck_assert (mx_model_file_save (network, filename, &error));
  g_autofree char *elsewhere = g_build_filename (filename, "m", NULL);
  ck_assert (!mx_model_file_save (network, elsewhere, &error));
  ck_assert (g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOTDIR));
  g_clear_error (&error);

  g_autoptr (MxNetwork) copy = mx_model_file_load (filename, &error);
  ck_assert_msg (copy != NULL, "%s", error ? error->message : "");
  ck_assert_mem_eq (copy->weights, network->weights,
      network->description->program->n_weights * sizeof (float));
  g_remove (filename);
  ck_assert_int_eq (g_rmdir (folder), 0);
}
END_TEST

START_TEST (a_model_that_is_not_there_is_named)
{
  g_autoptr (GError) error = NULL;
  ck_assert_ptr_null (mx_model_file_load ("no/such.safetensors", &error));
  ck_assert (g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT));
  ck_assert (g_str_has_prefix (error->message, "no/such.safetensors: "));
}
END_TEST

static void
add_tests (TCase *tcase)
{
  tcase_add_test (tcase, a_model_reads_back_with_the_same_weights_and_labels);
  tcase_add_test (tcase, a_model_written_again_is_the_same_file);
  tcase_add_test (
      tcase, tensors_are_named_by_their_path_and_shaped_as_in_pytorch);
  tcase_add_loop_test (tcase,
      a_damaged_model_is_refused_with_what_was_found_and_expected, 0,
      G_N_ELEMENTS (damages));
  tcase_add_test (
      tcase, a_calibration_is_kept_when_a_model_is_read_and_written_again);
  tcase_add_test (tcase, other_weights_have_no_calibration);
  tcase_add_test (tcase, a_damaged_calibration_is_refused);
  tcase_add_test (tcase, a_model_cut_anywhere_is_refused);
  tcase_add_test (
      tcase, a_saved_model_loads_and_a_failed_save_leaves_the_old_one);
  tcase_add_test (tcase, a_model_that_is_not_there_is_named);
}

CHECK_MAIN ("model-file", add_tests)
