/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Front ends as they are described, well and wrongly. */
#include "frontend-variants.h"

#include "check-main.h"

#include <string.h>

START_TEST (what_is_left_out_gets_its_default)
{
  MxFrontendConfig c;
  GError *error = NULL;

  parse_variant (&c, RAW_PLAIN);
  ck_assert_int_eq (c.kind, MX_FRONTEND_RAW);
  ck_assert_uint_eq (c.features, 6);
  ck_assert (c.mean[5] == 0 && c.std[5] == 1);
  mx_frontend_config_clear (&c);

  ck_assert (
      parse (&c, "{\"front-end\": {\"kind\": \"log-mel\"}}", 16000, 1, &error));
  ck_assert_uint_eq (c.mel.rate, 16000);
  ck_assert_uint_eq (c.mel.frame, 400);
  ck_assert_uint_eq (c.mel.hop, 160);
  ck_assert_uint_eq (c.mel.fft, 512);
  ck_assert_uint_eq (c.features, 40);
  ck_assert (c.mel.low == 20 && c.mel.high == 8000);
  ck_assert (c.floor == 1e-6f && c.window_maximum && c.range == 8);
  mx_frontend_config_clear (&c);

  parse_variant (&c, LOG_PCEN);
  ck_assert (c.smoothing == .08f && c.alpha == .98f && c.epsilon == 1e-6f);
  mx_frontend_config_clear (&c);

  parse_variant (&c, RAW);
  ck_assert (c.mean[0] == 1 && c.mean[1] == 2);
  ck_assert (c.std[0] == 3 && c.std[1] == 3);
  mx_frontend_config_clear (&c);
}
END_TEST

static const struct {
  const char *members;
  size_t rate, channels;
  const char *message; /* a part of it */
} wrong[] = {
    {"", RATE, 1, "kind"},
    {"\"kind\": \"mfcc\"", RATE, 1, "log-pcen"},
    {"\"kind\": 3", RATE, 1, "kind"},
    {"\"kind\": \"raw\", \"frame\": 200", RATE, 1, "frame"},
    {"\"kind\": \"raw\", \"std\": 0", RATE, 1, "std"},
    {"\"kind\": \"raw\", \"floor\": 1", RATE, 1, "floor"},
    {"\"kind\": \"raw\", \"reference\": \"window-maximum\"", RATE, 1,
        "reference"},
    {"\"kind\": \"log-envelope\", \"width\": 256", RATE, 1, "width"},
    {"\"kind\": \"log-envelope\", \"scale\": 0", RATE, 1, "scale"},
    {"\"kind\": \"log-envelope\", \"floor\": 0", RATE, 1, "floor"},
    {"\"kind\": \"raw\", \"std\": [1, -1]", RATE, 2, "std"},
    {"\"kind\": \"raw\", \"std\": 1e-60", RATE, 2, "std"},
    {"\"kind\": \"raw\", \"std\": []", RATE, 2, "std"},
    {"\"kind\": \"raw\", \"mean\": [1, 2]", RATE, 3, "expected 1 or 3"},
    {"\"kind\": \"raw\", \"mean\": 1e60", RATE, 3, "mean"},
    {"\"kind\": \"raw\", \"mean\": \"0\"", RATE, 3, "mean"},
    {"\"kind\": \"log-mel\"", RATE, 2, "1 channel"},
    {"\"kind\": \"log-mel\", \"smoothing\": 0.1", RATE, 1, "smoothing"},
    {"\"kind\": \"log-pcen\", \"range\": 8", RATE, 1, "range"},
    {"\"kind\": \"log-mel\", \"reference\": \"none\", \"range\": 8", RATE, 1,
        "range"},
    {"\"kind\": \"log-mel\", \"reference\": \"stream\"", RATE, 1, "reference"},
    {"\"kind\": \"log-mel\", \"frame\": 0", RATE, 1, "frame"},
    {"\"kind\": \"log-mel\", \"frame\": 65537", RATE, 1, "frame"},
    {"\"kind\": \"log-mel\", \"hop\": 201", RATE, 1, "hop"},
    {"\"kind\": \"log-mel\", \"fft\": 198", RATE, 1, "fft"},
    {"\"kind\": \"log-mel\", \"fft\": 225", RATE, 1, "fft: found 225"},
    {"\"kind\": \"log-mel\", \"fft\": 254", RATE, 1, "fft: found 254"},
    {"\"kind\": \"log-mel\", \"fft\": 131072", RATE, 1, "fft"},
    {"\"kind\": \"log-mel\", \"bands\": 1025", RATE, 1, "bands"},
    {"\"kind\": \"log-mel\", \"high\": 4001", RATE, 1, "high"},
    {"\"kind\": \"log-mel\", \"low\": 300, \"high\": 300", RATE, 1, "high"},
    {"\"kind\": \"log-mel\"", 40, 1, "high: found 20"},
    {"\"kind\": \"log-mel\", \"floor\": 0", RATE, 1, "floor"},
    {"\"kind\": \"log-mel\", \"range\": -8", RATE, 1, "range"},
    {"\"kind\": \"log-pcen\", \"smoothing\": 0", RATE, 1, "smoothing"},
    {"\"kind\": \"log-pcen\", \"alpha\": 1.5", RATE, 1, "alpha"},
    {"\"kind\": \"log-pcen\", \"epsilon\": 0", RATE, 1, "epsilon"},
};

START_TEST (a_wrong_description_is_refused_with_its_place)
{
  g_autofree char *text =
      g_strdup_printf ("{\"front-end\": {%s}}", wrong[_i].members);
  g_autoptr (GError) error = NULL;
  MxFrontendConfig config;

  ck_assert_msg (
      !parse (&config, text, wrong[_i].rate, wrong[_i].channels, &error),
      "accepted: %s", text);
  ck_assert_msg (
      g_str_has_prefix (error->message, "front-end: "), "%s", error->message);
  ck_assert_msg (strstr (error->message, wrong[_i].message) != NULL,
      "%s: \"%s\" does not say \"%s\"", text, error->message,
      wrong[_i].message);
  ck_assert_ptr_null (config.mean);
  ck_assert_ptr_null (config.std);
}
END_TEST

START_TEST (a_front_end_that_is_no_object_is_refused)
{
  g_autoptr (GError) error = NULL;
  MxFrontendConfig config;

  ck_assert (!parse (&config, "{\"front-end\": \"raw\"}", RATE, 1, &error));
  ck_assert_msg (
      strstr (error->message, "object") != NULL, "%s", error->message);
}
END_TEST

static void
add_tests (TCase *tests)
{
  tcase_add_test (tests, what_is_left_out_gets_its_default);
  tcase_add_loop_test (tests, a_wrong_description_is_refused_with_its_place, 0,
      G_N_ELEMENTS (wrong));
  tcase_add_test (tests, a_front_end_that_is_no_object_is_refused);
}

CHECK_MAIN ("frontend-descriptions", add_tests)
