/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "frontend-variants.h"

#include "mx-kernels.h"
#include "mx-rng.h"
#include "mx-safetensors.h"

#include "check-main.h"

#include <math.h>
#include <string.h>

/* A new array of noise whose level changes. */
static float *
make_noise (size_t n, uint64_t seed)
{
  float *noise = g_new (float, n);
  MxRng rng;

  mx_rng_init (&rng, seed, 0);
  for (size_t i = 0; i < n; i++)
    noise[i] = mx_rng_normal (&rng) * .3 * (1.1 + sin (i * .001));
  return noise;
}

/* All frames of a recording, in one call by a new front end. */
static float *
process_at_once (const MxFrontendConfig *config, const float *samples, size_t n,
    size_t *n_frames)
{
  size_t expected = mx_frontend_config_frames (config, n), consumed;
  float *frames = g_new (float, expected * config->features + 1);
  MxFrontend *frontend = mx_frontend_new (config);

  *n_frames = mx_frontend_process (
      frontend, samples, n, frames, expected + 1, &consumed);
  mx_frontend_flush (frontend);
  ck_assert_uint_eq (consumed, n);
  ck_assert_uint_eq (*n_frames, expected);
  mx_frontend_free (frontend);
  return frames;
}

START_TEST (frames_do_not_depend_on_how_the_stream_is_cut)
{
  enum { N = 4000 };
  MxFrontendConfig config;
  MxFrontend *frontend;
  MxRng rng;
  size_t n_frames;

  parse_variant (&config, _i);
  g_autofree float *samples = make_noise (N * config.channels, 1);
  g_autofree float *expected = process_at_once (&config, samples, N, &n_frames);
  g_autofree float *frames = g_new (float, (n_frames + 1) * config.features);

  mx_rng_init (&rng, 2, _i);
  frontend = mx_frontend_new (&config);
  for (size_t longest = 1; longest < 2 * N; longest *= 3) {
    size_t at = 0, n = 0;

    mx_frontend_reset (frontend);
    while (at < N) {
      size_t chunk = 1 + mx_rng_below (&rng, longest), consumed, got;
      size_t room = 1 + mx_rng_below (&rng, 4);

      chunk = MIN (chunk, N - at);
      room = MIN (room, n_frames - n + 1);
      got = mx_frontend_process (frontend, samples + at * config.channels,
          chunk, frames + n * config.features, room, &consumed);
      ck_assert_uint_le (got, room);
      ck_assert_uint_le (consumed, chunk);
      if (got < room)
        ck_assert_uint_eq (consumed, chunk);
      at += consumed;
      n += got;
      /* A frame comes with its last sample, not later. */
      ck_assert_uint_eq (n, mx_frontend_config_frames (&config, at));
      if (mx_rng_below (&rng, 8) == 0)
        mx_frontend_flush (frontend);
    }
    mx_frontend_flush (frontend);
    ck_assert_mem_eq (
        frames, expected, n_frames * config.features * sizeof *frames);
  }
  mx_frontend_free (frontend);
  mx_frontend_config_clear (&config);
}
END_TEST

START_TEST (frames_nobody_wants_leave_later_ones_as_they_are)
{
  enum { N = 3000 };
  MxFrontendConfig config;
  MxFrontend *frontend;
  size_t n_frames, passed, got, at, consumed;

  parse_variant (&config, _i);
  g_autofree float *samples = make_noise (N * config.channels, 3);
  g_autofree float *expected = process_at_once (&config, samples, N, &n_frames);
  g_autofree float *frames = g_new (float, n_frames *config.features);

  passed = n_frames / 2;
  frontend = mx_frontend_new (&config);
  got = mx_frontend_process (frontend, samples, N, NULL, passed, &at);
  ck_assert_uint_eq (got, passed);
  got = mx_frontend_process (frontend, samples + at * config.channels, N - at,
      frames, n_frames - passed, &consumed);
  mx_frontend_flush (frontend);
  ck_assert_uint_eq (got, n_frames - passed);
  ck_assert_mem_eq (frames, expected + passed * config.features,
      got * config.features * sizeof *frames);
  mx_frontend_free (frontend);
  mx_frontend_config_clear (&config);
}
END_TEST

START_TEST (frames_are_counted_by_frame_and_hop)
{
  static const struct {
    int variant;
    size_t samples, frames;
  } cases[] = {
      {RAW, 0, 0},
      {RAW, 1, 1},
      {RAW, 128, 128},
      {LOG_MEL, 0, 0},
      {LOG_MEL, 199, 0},
      {LOG_MEL, 200, 1},
      {LOG_MEL, 279, 1},
      {LOG_MEL, 280, 2},
      {LOG_MEL, 8000, 98},
      {LOG_PCEN, 8000, 98},
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    MxFrontendConfig config;

    parse_variant (&config, cases[i].variant);
    ck_assert_uint_eq (
        mx_frontend_config_frames (&config, cases[i].samples), cases[i].frames);
    mx_frontend_config_clear (&config);
  }
}
END_TEST

static char *
golden_path (const char *file)
{
  return g_build_filename (g_getenv ("MX_TEST_DATA"), "golden", file, NULL);
}

START_TEST (log_mel_frames_of_a_signal_are_the_golden_ones)
{
  g_autofree char *path = golden_path ("logmel_8k.safetensors");
  g_autoptr (MxSafetensors) file = mx_safetensors_new_from_file (path, NULL);
  MxFrontendConfig config;
  size_t n_frames;

  ck_assert_ptr_nonnull (file);
  parse_variant (&config, LOG_MEL_PLAIN);
  g_autofree float *signal = g_memdup2 (
      mx_safetensors_lookup (file, "signal")->data, RATE * sizeof (float));
  g_autofree float *expected = g_memdup2 (
      mx_safetensors_lookup (file, "logmel")->data, 98 * 40 * sizeof (float));
  g_autofree float *frames = process_at_once (&config, signal, RATE, &n_frames);

  ck_assert_uint_eq (n_frames, 98);
  mx_frontend_normalise (&config, frames, n_frames, frames);
  for (size_t i = 0; i < n_frames * config.features; i++)
    ck_assert_float_eq_tol (
        frames[i], expected[i], expected[i] > -12 ? 2e-4 : 2e-3);
  mx_frontend_config_clear (&config);
}
END_TEST

START_TEST (log_pcen_steps_are_the_golden_ones)
{
  enum { BANDS = 6 };
  g_autofree char *path = golden_path ("log_pcen.json");
  g_autoptr (JsonParser) parser = json_parser_new ();
  const MxPcen pcen = {.smoothing = .08f, .alpha = .98f, .epsilon = 1e-6f};
  float smooth[BANDS], y[BANDS];
  JsonObject *root;
  JsonArray *power, *expected;

  ck_assert (json_parser_load_from_file (parser, path, NULL));
  root = json_node_get_object (json_parser_get_root (parser));
  power = json_object_get_array_member (root, "E");
  expected = json_object_get_array_member (root, "y");
  ck_assert_uint_eq (json_array_get_length (power), 150);
  ck_assert_uint_eq (json_array_get_length (expected), 150);

  for (size_t i = 0; i < BANDS; i++)
    smooth[i] = -1;
  for (guint t = 0; t < 150; t++) {
    for (guint i = 0; i < BANDS; i++)
      y[i] = json_array_get_double_element (
          json_array_get_array_element (power, t), i);
    mx_kernels_get ()->pcen (&pcen, BANDS, y, smooth);
    for (guint i = 0; i < BANDS; i++)
      ck_assert_double_eq_tol (y[i],
          json_array_get_double_element (
              json_array_get_array_element (expected, t), i),
          2e-5);
  }
}
END_TEST

START_TEST (log_pcen_hears_the_same_at_any_level)
{
  enum { N = 8000 };
  g_autofree float *loud = make_noise (N, 5);
  g_autofree float *quiet = g_new (float, N);
  MxFrontendConfig config;
  size_t n_frames;

  parse_variant (&config, LOG_PCEN);
  for (size_t i = 0; i < N; i++)
    quiet[i] = loud[i] * .1f;
  g_autofree float *a = process_at_once (&config, loud, N, &n_frames);
  g_autofree float *b = process_at_once (&config, quiet, N, &n_frames);

  for (size_t i = 0; i < n_frames * config.features; i++) {
    ck_assert_float_eq_tol (a[i], b[i], .15);
    /* E / M <= 1 / s; the exponent below 1 adds a little for loud ones. */
    ck_assert (a[i] >= 0 && a[i] < 3);
  }
  mx_frontend_config_clear (&config);
}
END_TEST

START_TEST (digital_silence_stays_silent_in_every_kind)
{
  enum { N = 20000 };
  g_autofree float *samples = g_new0 (float, N * 6);
  MxFrontendConfig config;
  size_t n_frames;
  float silence;

  parse_variant (&config, _i);
  g_autofree float *frames = process_at_once (&config, samples, N, &n_frames);
  silence = config.kind == MX_FRONTEND_LOG_MEL ? logf (config.floor) : 0;
  for (size_t i = 0; i < n_frames * config.features; i++)
    ck_assert_float_eq_tol (frames[i], silence, 1e-6);
  mx_frontend_normalise (&config, frames, n_frames, frames);
  for (size_t i = 0; i < n_frames * config.features; i++)
    ck_assert (isfinite (frames[i]));
  mx_frontend_config_clear (&config);
}
END_TEST

START_TEST (samples_that_are_not_finite_count_as_nothing)
{
  enum { N = 2000, PLACE = 777 };
  static const float bad[] = {NAN, INFINITY, -INFINITY};
  MxFrontendConfig config;
  size_t n_frames;

  parse_variant (&config, _i);
  for (size_t k = 0; k < G_N_ELEMENTS (bad); k++) {
    g_autofree float *samples = make_noise (N * config.channels, 7);
    samples[PLACE * config.channels] = bad[k];
    g_autofree float *frames = process_at_once (&config, samples, N, &n_frames);

    for (size_t t = 0; t < n_frames; t++) {
      size_t first = t * mx_frontend_config_hop (&config);
      bool hit =
          PLACE >= first && PLACE < first + mx_frontend_config_frame (&config);
      float silence =
          config.kind == MX_FRONTEND_LOG_MEL ? logf (config.floor) : 0;

      /* The sample alone; mel: the frame. */
      size_t n = mx_frontend_config_frame (&config) == 1 ? 1 : config.features;
      for (size_t i = 0; i < config.features; i++)
        ck_assert (isfinite (frames[t * config.features + i]));
      for (size_t i = 0; hit && i < n; i++)
        ck_assert_float_eq (frames[t * config.features + i], silence);
    }
  }
  mx_frontend_config_clear (&config);
}
END_TEST

START_TEST (a_window_is_normalised_by_its_own_maximum)
{
  MxFrontendConfig config = {.kind = MX_FRONTEND_LOG_MEL,
      .features = 2,
      .window_maximum = true,
      .range = 8,
      .mean = (float[]){-7, -6},
      .std = (float[]){2, 4}};
  const float frames[6] = {-13, -5, -2, -3, -10.5f, -9.5f};
  const float expected[6] = {-.5f, .75f, 3.5f, 1.25f, -.5f, -.375f};
  float x[6];

  mx_frontend_normalise (&config, frames, 3, x);
  ck_assert_mem_eq (x, expected, sizeof x);
  /* Louder by a constant: the same. */
  for (size_t i = 0; i < 6; i++)
    x[i] = frames[i] + 4;
  mx_frontend_normalise (&config, x, 3, x);
  ck_assert_mem_eq (x, expected, sizeof x);
}
END_TEST

START_TEST (sensor_values_are_scaled_and_never_clipped)
{
  MxFrontendConfig config;
  const float frames[4] = {-9999, 20000, 1, 2};
  const float expected[4] = {-10000 / 3.f, 19998 / 3.f, 0, 0};
  float x[4];

  parse_variant (&config, RAW);
  mx_frontend_normalise (&config, frames, 2, x);
  ck_assert_mem_eq (x, expected, sizeof x);
  mx_frontend_config_clear (&config);
}
END_TEST

static void
add_tests (TCase *tests)
{
  const int n = G_N_ELEMENTS (variants);

  tcase_add_loop_test (
      tests, frames_do_not_depend_on_how_the_stream_is_cut, 0, n);
  tcase_add_loop_test (
      tests, frames_nobody_wants_leave_later_ones_as_they_are, 0, n);
  tcase_add_test (tests, frames_are_counted_by_frame_and_hop);
  tcase_add_test (tests, log_mel_frames_of_a_signal_are_the_golden_ones);
  tcase_add_test (tests, log_pcen_steps_are_the_golden_ones);
  tcase_add_test (tests, log_pcen_hears_the_same_at_any_level);
  tcase_add_loop_test (tests, digital_silence_stays_silent_in_every_kind, 0, n);
  tcase_add_loop_test (
      tests, samples_that_are_not_finite_count_as_nothing, 0, n);
  tcase_add_test (tests, a_window_is_normalised_by_its_own_maximum);
  tcase_add_test (tests, sensor_values_are_scaled_and_never_clipped);
}

CHECK_MAIN ("frontend", add_tests)
