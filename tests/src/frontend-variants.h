/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Descriptions of front ends. */
#pragma once

#include "mx-frontend.h"

#include <check.h>

#define RATE 8000

/* One of each kind, and the corners of framing. */
static const struct {
  const char *json;
  size_t rate, channels;
} variants[] = {
    {"{}", 50, 6},
    {"{\"front-end\": {\"kind\": \"raw\", \"mean\": [1, 2], \"std\": 3}}", 50,
        2},
    {"{\"front-end\": {\"kind\": \"log-mel\"}}", RATE, 1},
    {"{\"front-end\": {\"kind\": \"log-mel\", \"reference\": \"none\"}}", RATE,
        1},
    {"{\"front-end\": {\"kind\": \"log-pcen\"}}", RATE, 1},
    {"{\"front-end\": {\"kind\": \"log-pcen\", \"frame\": 30, \"hop\": 30,"
     " \"fft\": 32, \"bands\": 5}}",
        RATE, 1},
    {"{\"front-end\": {\"kind\": \"log-mel\", \"frame\": 7, \"hop\": 1,"
     " \"fft\": 12, \"bands\": 3, \"mean\": [1, 2, 3]}}",
        RATE, 1},
    {"{\"front-end\": {\"kind\": \"raw\", \"reference\": \"window\"}}", 50, 2},
    {"{\"front-end\": {\"kind\": \"log-envelope\"}}", 50, 6},
};
enum { RAW_PLAIN, RAW, LOG_MEL, LOG_MEL_PLAIN, LOG_PCEN };

static inline bool
parse (MxFrontendConfig *config, const char *text, size_t rate, size_t channels,
    GError **error)
{
  g_autoptr (JsonNode) node = json_from_string (text, NULL);
  MxJson json;

  ck_assert_ptr_nonnull (node);
  mx_json_begin (&json, node, "", error);
  mx_frontend_config_parse (config, &json, rate, channels);
  return mx_json_end (&json);
}

static inline void
parse_variant (MxFrontendConfig *config, int i)
{
  GError *error = NULL;
  bool ok = parse (
      config, variants[i].json, variants[i].rate, variants[i].channels, &error);

  ck_assert_msg (ok, "%s", error ? error->message : "");
}
