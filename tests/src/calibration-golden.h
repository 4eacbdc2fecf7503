/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* tests/data/calibration.json, made by calibration.py beside it. */
#pragma once

#include <check.h>
#include <json-glib/json-glib.h>

#define GOLDEN_EXITS 3
#define GOLDEN_CLASSES 4
#define GOLDEN_WINDOWS 40

typedef struct {
  JsonParser *parser;
  JsonObject *root;
  double costs[GOLDEN_EXITS];
  float logits[GOLDEN_WINDOWS][GOLDEN_EXITS][GOLDEN_CLASSES];
  int truths[GOLDEN_WINDOWS];
  double temperatures[GOLDEN_EXITS];
} Golden;

static inline double
golden_number (JsonArray *array, guint index)
{
  ck_assert_uint_lt (index, json_array_get_length (array));
  return json_array_get_double_element (array, index);
}

static inline void
golden_load (Golden *golden)
{
  g_autofree char *name =
      g_build_filename (g_getenv ("MX_TEST_DATA"), "calibration.json", NULL);
  JsonArray *logits, *truths;

  golden->parser = json_parser_new ();
  ck_assert (json_parser_load_from_file (golden->parser, name, NULL));
  golden->root = json_node_get_object (json_parser_get_root (golden->parser));
  logits = json_object_get_array_member (golden->root, "logits");
  truths = json_object_get_array_member (golden->root, "truths");
  for (guint e = 0; e < GOLDEN_EXITS; e++) {
    golden->costs[e] =
        golden_number (json_object_get_array_member (golden->root, "costs"), e);
    golden->temperatures[e] = golden_number (
        json_object_get_array_member (golden->root, "temperatures"), e);
  }
  for (guint i = 0; i < GOLDEN_WINDOWS; i++) {
    JsonArray *window = json_array_get_array_element (logits, i);

    golden->truths[i] = (int)json_array_get_int_element (truths, i);
    for (guint e = 0; e < GOLDEN_EXITS; e++)
      for (guint k = 0; k < GOLDEN_CLASSES; k++)
        golden->logits[i][e][k] =
            (float)golden_number (json_array_get_array_element (window, e), k);
  }
}

static inline void
golden_clear (Golden *golden)
{
  g_object_unref (golden->parser);
}
