/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Random networks, streamed and windowed, quantised: they answer about as in
 * floats, in the same bits however they are heard, and are the same when they
 * come back out of a file; files that were damaged are refused. */

#include "stream-nets.h"

#include "check-main.h"
#include "mx-model-file.h"
#include "mx-quantiser.h"
#include "mx-safetensors.h"

#include <math.h>
#include <string.h>

#define NETS 60
#define WINDOWS 40
#define N 6000

typedef struct {
  size_t n;
  size_t labels[WINDOWS];
  float probabilities[WINDOWS][CLASSES];
} Answers;

static float *
noise_for (const MxNetwork *network)
{
  const size_t n = N * network->description->channels;
  float *samples = g_new (float, n);
  MxRng rng;

  mx_rng_init (&rng, 3, 0);
  for (size_t i = 0; i < n; i++)
    samples[i] = (float)mx_rng_normal (&rng);
  return samples;
}

/* The deepest exit's.  @piece: samples at a time; @quantiser: or NULL. */
static Answers
hear (MxNetwork *network, size_t piece, MxQuantiser *quantiser)
{
  const size_t channels = network->description->channels;
  g_autofree float *samples = noise_for (network);
  MxSession *session = mx_session_new (network);
  Answers answers = {0};
  MxPolicy policy;

  mx_policy_init (&policy);
  policy.kind = MX_POLICY_LAST;
  mx_session_set_policy (session, &policy);
  if (quantiser != NULL)
    mx_quantiser_listen (quantiser, session);
  for (size_t at = 0; at < N && answers.n < WINDOWS;) {
    MxResult result;
    bool answered;

    at += mx_session_push (session, samples + at * channels,
        MIN (piece, N - at), &result, &answered);
    if (!answered)
      continue;
    answers.labels[answers.n] = result.label;
    memcpy (answers.probabilities[answers.n++], result.probabilities,
        network->description->n_labels * sizeof (float));
  }
  mx_session_free (session);
  return answers;
}

static MxNetwork *
random_network (uint64_t seed)
{
  g_autofree char *json = random_net (seed);

  return network_of (json, seed);
}

/* NULL: no convolution can be. */
static MxNetwork *
quantise (MxNetwork *network, Answers *answers)
{
  g_autoptr (MxQuantiser) quantiser = mx_quantiser_new (network, "it", NULL);

  if (quantiser == NULL)
    return NULL;
  *answers = hear (network, N, quantiser);
  if (mx_quantiser_get_heard (quantiser) == 0)
    return NULL;
  return mx_quantiser_finish (quantiser);
}

START_TEST (quantised_networks_answer_about_as_in_floats)
{
  size_t windows = 0, alike = 0, networks = 0;
  double moved = 0;

  for (uint64_t seed = 0; seed < NETS; seed++) {
    g_autoptr (MxNetwork) network = random_network (seed);
    Answers floats, found;
    g_autoptr (MxNetwork) quantised = quantise (network, &floats);

    if (quantised == NULL)
      continue;
    networks++;
    found = hear (quantised, N, NULL);
    ck_assert_uint_eq (found.n, floats.n);
    windows += found.n;
    for (size_t i = 0; i < found.n; i++) {
      alike += found.labels[i] == floats.labels[i];
      for (size_t k = 0; k < CLASSES; k++)
        moved += (double)fabsf (
            found.probabilities[i][k] - floats.probabilities[i][k]);
    }
  }
  ck_assert_uint_gt (networks, NETS / 2);
  ck_assert_double_ge ((double)alike / (double)windows, .98);
  ck_assert_double_le (moved / (double)windows / CLASSES, .01);
}
END_TEST

START_TEST (quantised_networks_answer_alike_however_they_are_heard)
{
  g_autoptr (MxNetwork) network = random_network ((uint64_t)_i);
  Answers floats, at_once, piece_by_piece;
  g_autoptr (MxNetwork) quantised = quantise (network, &floats);

  if (quantised == NULL)
    return;
  at_once = hear (quantised, N, NULL);
  piece_by_piece = hear (quantised, 7, NULL);
  ck_assert_mem_eq (&at_once, &piece_by_piece, sizeof at_once);
}
END_TEST

START_TEST (a_quantised_network_is_the_same_out_of_its_file)
{
  g_autoptr (MxNetwork) network = random_network ((uint64_t)_i);
  Answers floats, before, after;
  g_autoptr (MxNetwork) quantised = quantise (network, &floats);
  g_autoptr (MxNetwork) copy = NULL;
  g_autoptr (GBytes) bytes = NULL, again = NULL;
  g_autoptr (GError) error = NULL;

  if (quantised == NULL)
    return;
  bytes = mx_model_file_write (quantised);
  copy = mx_model_file_read (bytes, "it", &error);
  ck_assert_msg (copy != NULL, "%s", error != NULL ? error->message : "");
  again = mx_model_file_write (copy);
  before = hear (quantised, N, NULL);
  after = hear (copy, N, NULL);
  ck_assert (copy->program->quantised && !network->program->quantised);
  ck_assert (g_bytes_equal (bytes, again));
  ck_assert_mem_eq (&before, &after, sizeof before);
}
END_TEST

/* ------------------------------------------------------------ a fixed one */

/* 16 + 80 taps of 4 channels: 8 bits are most of the file. */
#define JSON                                                                   \
  "{\"name\":\"tiny\",\"labels\":[\"a\",\"b\"],"                               \
  "\"input\":{\"rate\":50,\"channels\":4,\"window\":64},\"stages\":[{"         \
  "\"layers\":[{\"kind\":\"conv1d\",\"filters\":4,\"kernel\":5,\"groups\":4}," \
  "{\"kind\":\"conv1d\",\"filters\":32,\"kernel\":5},{\"kind\":\"relu\"},"     \
  "{\"kind\":\"conv1d\",\"filters\":32,\"kernel\":9,\"bias\":false},"          \
  "{\"kind\":\"batch-norm\"}],"                                                \
  "\"exit\":[{\"kind\":\"pool\"},{\"kind\":\"dense\"}]}]}"

static MxNetwork *
fixed_network (void)
{
  return network_of (JSON, 1);
}

static MxNetwork *
fixed_quantised (void)
{
  g_autoptr (MxNetwork) network = fixed_network ();
  Answers answers;

  return quantise (network, &answers);
}

START_TEST (weights_of_one_group_are_bytes_in_the_file)
{
  static const struct {
    const char *name, *dims;
    MxDtype dtype;
  } expected[] = {
      {"stages.0.layers.0.weight", "[4, 1, 5]", MX_DTYPE_F32},
      {"stages.0.layers.0.bias", "[4]", MX_DTYPE_F32},
      {"stages.0.layers.1.weight", "[32, 4, 5]", MX_DTYPE_I8},
      {"stages.0.layers.1.bias", "[32]", MX_DTYPE_F32},
      {"stages.0.layers.1.weight_scale", "[32]", MX_DTYPE_F32},
      {"stages.0.layers.1.input_range", "[2]", MX_DTYPE_F32},
      {"stages.0.layers.3.weight", "[32, 32, 9]", MX_DTYPE_I8},
      {"stages.0.layers.3.weight_scale", "[32]", MX_DTYPE_F32},
      {"stages.0.layers.3.input_range", "[2]", MX_DTYPE_F32},
      {"stages.0.layers.4.weight", "[32]", MX_DTYPE_F32},
  };
  g_autoptr (MxNetwork) network = fixed_network ();
  g_autoptr (MxNetwork) quantised = fixed_quantised ();
  g_autoptr (GBytes) floats = mx_model_file_write (network);
  g_autoptr (GBytes) bytes = mx_model_file_write (quantised);
  g_autoptr (MxSafetensors) file = mx_safetensors_new (bytes, "it", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++) {
    const MxTensorView *view = mx_safetensors_get_tensor (file, i);
    g_autofree char *dims = mx_dims_to_string (view->n_dims, view->dims);

    ck_assert_str_eq (view->name, expected[i].name);
    ck_assert_str_eq (dims, expected[i].dims);
    ck_assert_int_eq (view->dtype, expected[i].dtype);
  }
  ck_assert_uint_lt (3 * g_bytes_get_size (bytes), g_bytes_get_size (floats));
}
END_TEST

START_TEST (what_cannot_be_quantised_is_refused)
{
  g_autoptr (MxNetwork) quantised = fixed_quantised ();
  g_autoptr (MxNetwork) depthwise = network_of (
      "{\"labels\":[\"a\",\"b\"],"
      "\"input\":{\"rate\":50,\"channels\":4,\"window\":64},\"stages\":[{"
      "\"layers\":[{\"kind\":\"conv1d\",\"filters\":4,\"kernel\":5,"
      "\"groups\":4}],"
      "\"exit\":[{\"kind\":\"pool\"},{\"kind\":\"dense\"}]}]}",
      1);
  g_autoptr (GError) error = NULL;

  ck_assert_ptr_null (mx_quantiser_new (quantised, "a model", &error));
  ck_assert (g_error_matches (
      error, MX_QUANTISER_ERROR, MX_QUANTISER_ERROR_QUANTISED));
  ck_assert (g_str_has_prefix (error->message, "a model: "));
  g_clear_error (&error);
  ck_assert_ptr_null (mx_quantiser_new (depthwise, "a model", &error));
  ck_assert (
      g_error_matches (error, MX_QUANTISER_ERROR, MX_QUANTISER_ERROR_NOTHING));
}
END_TEST

/* ---------------------------------------------------------- damaged files */

#define LAYER "stages.0.layers.1."

static const struct {
  const char *tensor;
  MxDtype dtype; /* what it is given; bytes are as they were */
  gsize element; /* set to `value`, if it stays what it was */
  float value;
  bool drop;
  const char *words;
} damages[] = {
    {LAYER "weight", MX_DTYPE_F32, 0, 0, false,
        "found F32 [32, 4, 5], expected I8 [32, 4, 5]"},
    {LAYER "weight", MX_DTYPE_I8, 0, 0, true,
        "found nothing, expected I8 [32, 4, 5]"},
    {LAYER "weight_scale", MX_DTYPE_F32, 0, 0, true,
        "found nothing, expected F32 [32]"},
    {LAYER "input_range", MX_DTYPE_F32, 0, 0, true,
        "found nothing, expected F32 [2]"},
    {LAYER "weight_scale", MX_DTYPE_I32, 0, 0, false, "found I32 [32]"},
    {LAYER "weight_scale", MX_DTYPE_F32, 31, 0, false,
        "found 0 at element 31, expected numbers from 1e-15 to 1e15"},
    {LAYER "weight_scale", MX_DTYPE_F32, 3, -1, false, "found -1 at"},
    {LAYER "weight_scale", MX_DTYPE_F32, 3, NAN, false, "found nan at"},
    {LAYER "weight_scale", MX_DTYPE_F32, 3, INFINITY, false, "found inf at"},
    {LAYER "weight_scale", MX_DTYPE_F32, 3, 1e-40f, false, "at element 3"},
    {LAYER "weight_scale", MX_DTYPE_F32, 3, 1e30f, false, "at element 3"},
    {LAYER "input_range", MX_DTYPE_F32, 0, 1e-3f, false,
        "at element 0, expected one from -1e15 to 0 and one from 1e-15 to "
        "1e15"},
    {LAYER "input_range", MX_DTYPE_F32, 0, -INFINITY, false, "found -inf at"},
    {LAYER "input_range", MX_DTYPE_F32, 0, NAN, false, "found nan at"},
    {LAYER "input_range", MX_DTYPE_F32, 1, 0, false, "found 0 at element 1"},
    {LAYER "input_range", MX_DTYPE_F32, 1, -2, false, "found -2 at element 1"},
    {LAYER "input_range", MX_DTYPE_F32, 1, NAN, false, "found nan at"},
    {LAYER "input_range", MX_DTYPE_F32, 1, INFINITY, false, "found inf at"},
};

/* @room: of the tensor's bytes, as floats need. */
static void
damage_tensor (MxTensorView *view, int i, char *room)
{
  const bool retyped = view->dtype != damages[i].dtype;

  memcpy (room, view->data, mx_tensor_view_bytes (view));
  view->dtype = damages[i].dtype;
  view->data = room;
  if (!retyped)
    memcpy (room + damages[i].element * sizeof (float), &damages[i].value,
        sizeof (float));
}

static GBytes *
damage (const MxSafetensors *file, int i)
{
  static const char *const keys[] = {
      "multiexit.version", "multiexit.description"};
  g_autoptr (GHashTable) metadata = g_hash_table_new (g_str_hash, g_str_equal);
  char room[4096] = {0};
  MxTensorView views[32];
  gsize n = 0;

  for (gsize k = 0; k < G_N_ELEMENTS (keys); k++)
    g_hash_table_insert (metadata, (char *)keys[k],
        (char *)mx_safetensors_get_metadata (file, keys[k]));
  for (gsize t = 0; t < mx_safetensors_get_n_tensors (file); t++) {
    const bool meant = strcmp (mx_safetensors_get_tensor (file, t)->name,
                           damages[i].tensor) == 0;

    if (meant && damages[i].drop)
      continue;
    views[n] = *mx_safetensors_get_tensor (file, t);
    if (meant)
      damage_tensor (&views[n], i, room);
    n++;
  }
  return mx_safetensors_serialize (views, n, metadata);
}

START_TEST (a_damaged_quantised_model_is_refused)
{
  g_autoptr (MxNetwork) network = fixed_quantised ();
  g_autoptr (GBytes) good = mx_model_file_write (network);
  g_autoptr (MxSafetensors) file = mx_safetensors_new (good, "good", NULL);
  g_autoptr (GBytes) bad = damage (file, _i);
  g_autoptr (GError) error = NULL;

  ck_assert_ptr_null (mx_model_file_read (bad, "a model", &error));
  ck_assert_msg (
      g_error_matches (error, MX_MODEL_FILE_ERROR, MX_MODEL_FILE_ERROR_TENSOR),
      "%s", error->message);
  ck_assert_msg (strstr (error->message, damages[_i].words) != NULL,
      "'%s' not in '%s'", damages[_i].words, error->message);
  ck_assert_msg (strstr (error->message, damages[_i].tensor) != NULL, "%s",
      error->message);
}
END_TEST

static void
add_tests (TCase *tcase)
{
  tcase_add_test (tcase, quantised_networks_answer_about_as_in_floats);
  tcase_add_loop_test (
      tcase, quantised_networks_answer_alike_however_they_are_heard, 0, NETS);
  tcase_add_loop_test (
      tcase, a_quantised_network_is_the_same_out_of_its_file, 0, NETS);
  tcase_add_test (tcase, weights_of_one_group_are_bytes_in_the_file);
  tcase_add_test (tcase, what_cannot_be_quantised_is_refused);
  tcase_add_loop_test (
      tcase, a_damaged_quantised_model_is_refused, 0, G_N_ELEMENTS (damages));
}

CHECK_MAIN ("quantiser", add_tests)
