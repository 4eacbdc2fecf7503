/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Models and architectures that are none: the pipeline names file, what was
 * found and what was expected, and the process works on. */

#include "pipeline.h"
#include "stand-in.h"
#include "tones.h"

#define GOOD "good.safetensors"
#define BAD "bad.safetensors"

static gchar *folder;

static void
set_up (void)
{
  folder = folder_new ();
  save_fresh_model (folder, GOOD, tones_json, tones_labels);
}

/* Whatever came: the same process still loads the good one. */
static void
tear_down (void)
{
  g_autoptr (Run) run = run_pipeline (
      "audiotestsrc num-buffers=1 ! mxclassify model-file=\"%s/" GOOD
      "\" ! fakesink",
      folder);

  assert_ended (run);
  folder_free (folder);
}

/* --- models --- */

static void
put_nothing (void)
{
}

static void
put_empty (void)
{
  folder_put (folder, BAD, "", 0);
}

static void
put_folder (void)
{
  g_free (folder_path (folder, BAD "/file"));
}

static void
put_recording (void)
{
  gint16 samples[TONES_FRAMES];

  draw_tone (1, 0, samples);
  wav_put (folder, BAD, 1, TONES_RATE, 1, 16, samples, sizeof samples);
}

static void
put_architecture (void)
{
  folder_put (folder, BAD, tones_json, -1);
}

/* The good model, `n` bytes of it left out and `bytes` put at its end. */
static void
put_damaged (gsize n, const gchar *bytes)
{
  g_autofree gchar *path = path_in (folder, GOOD);
  g_autofree gchar *contents = NULL;
  gsize size;

  fail_unless (g_file_get_contents (path, &contents, &size, NULL));
  memcpy (contents + size - n, bytes, strlen (bytes));
  folder_put (folder, BAD, contents, size - n + strlen (bytes));
}

static void
put_truncated (void)
{
  put_damaged (1000, "");
}

static void
put_nan (void)
{
  put_damaged (4, "\xff\xff\xff\x7f");
}

/* @length: as the file says it. */
static void
put_safetensors (guint64 length, const gchar *header, gsize data)
{
  GByteArray *file = g_byte_array_new ();
  g_autofree gchar *zeros = g_malloc0 (data);
  guint64 little_endian = GUINT64_TO_LE (length);

  g_byte_array_append (file, (guint8 *)&little_endian, 8);
  g_byte_array_append (file, (const guint8 *)header, strlen (header));
  g_byte_array_append (file, (const guint8 *)zeros, data);
  folder_put (folder, BAD, file->data, file->len);
  g_byte_array_unref (file);
}

static void
put_header (const gchar *header, gsize data)
{
  put_safetensors (strlen (header), header, data);
}

static void
put_foreign (void)
{
  put_header ("{\"w\":{\"dtype\":\"F32\",\"shape\":[1],"
              "\"data_offsets\":[0,4]}}",
      4);
}

static void
put_endless_header (void)
{
  put_safetensors (G_MAXUINT64, "{}", 100);
}

static void
put_overrun (void)
{
  put_header ("{\"w\":{\"dtype\":\"F32\",\"shape\":[1000000],"
              "\"data_offsets\":[0,4000000]}}",
      4);
}

static void
put_overflow (void)
{
  put_header ("{\"w\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296,4],"
              "\"data_offsets\":[0,4]}}",
      4);
}

static void
put_overlap (void)
{
  put_header ("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],"
              "\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"F32\",\"shape\":[2],"
              "\"data_offsets\":[4,12]}}",
      12);
}

static void
put_abyss (void)
{
  g_autofree gchar *deep = g_strnfill (1000000, '[');

  put_header (deep, 0);
}

/* A description that asks for more memory than there is. */
static void
put_giant (void)
{
  put_header (
      "{\"__metadata__\":{\"multiexit.version\":\"1\","
      "\"multiexit.description\":\"{"
      "\\\"labels\\\":[\\\"a\\\",\\\"b\\\"],"
      "\\\"input\\\":{\\\"rate\\\":768000,\\\"channels\\\":1024,"
      "\\\"window\\\":1000},\\\"stages\\\":[{\\\"layers\\\":["
      "{\\\"kind\\\":\\\"conv1d\\\",\\\"filters\\\":65536,"
      "\\\"kernel\\\":4096}],\\\"exit\\\":["
      "{\\\"kind\\\":\\\"pool\\\"},{\\\"kind\\\":\\\"dense\\\"}]}]}\"}}",
      0);
}

static const struct {
  void (*put) (void);
  const gchar *found, *expected;
} models[] = {
    {put_nothing, "No such file", ""},
    {put_folder, "found no regular file", ""},
    {put_empty, "found 0 bytes", "expected at least 8"},
    {put_truncated, "bytes of data", "expected at least"},
    {put_recording, "found a header of", "this is no safetensors file"},
    {put_architecture, "this is no safetensors file",
        "but JSON, as an architecture that is to be trained"},
    {put_foreign, "without multiexit.version", "expected a model written by"},
    {put_nan, "tensor 'stages.1.exit.1.bias': found nan at element 2",
        "expected finite numbers"},
    {put_endless_header, "18446744073709551615 bytes",
        "expected at most 100000000"},
    {put_overrun, "tensor 'w': found 4 bytes", "expected at least 4000000"},
    {put_overflow, "found shape [4294967296, 4294967296, 4]",
        "expected a size that fits"},
    {put_overlap, "tensor 'b': found its data at 4, over another tensor",
        "expected them at 8"},
    {put_abyss, "found more than 64 levels", ""},
    {put_giant, "gives 1000 frames of 65536 channels",
        "more than 16777216 floats"},
};

static void
assert_tells_of_model (const Run *run, gint i)
{
  g_autofree gchar *path = path_in (folder, BAD);

  assert_says (run->error, path);
  assert_says (run->error, models[i].found);
  assert_says (run->error, models[i].expected);
}

GST_START_TEST (a_bad_model_is_refused_by_name_with_found_and_expected)
{
  g_autoptr (Run) classifying = NULL;
  g_autoptr (Run) training = NULL;

  models[__i__].put ();
  classifying = run_pipeline (
      "audiotestsrc ! mxclassify model-file=\"%s/" BAD "\" ! fakesink", folder);
  assert_tells_of_model (classifying, __i__);
  training = run_pipeline ("audiotestsrc ! mxtrainsink objective=supervised "
                           "model-file=\"%s/" BAD "\" location=\"%s/new\"",
      folder, folder);
  assert_tells_of_model (training, __i__);
}
GST_END_TEST;

/* --- architectures --- */

#define INPUT "\"input\": {\"rate\": 8000, \"channels\": 1, \"window\": 100}"
#define LAYERS(layers) "{" INPUT ", \"stages\": [{\"layers\": [" layers

static const struct {
  const gchar *json, *says;
} architectures[] = {
    {"", "found the end"},
    {"# network", "not JSON: byte 0: found '#'"},
    {"{" INPUT "}", "\"stages\" is missing"},
    {"{" INPUT ", \"stages\": []}", "stages: found 0, expected 1 to 32"},
    {LAYERS ("{\"kind\": \"transformer\"}"),
        "byte 102: found the end, expected a value"},
    {LAYERS ("{\"kind\": \"conv1d\", \"filters\": 4, \"kernel\": 0}], "
             "\"exit\": [{\"kind\": \"pool\"}, {\"kind\": \"dense\"}]}]}"),
        "stages.0.layers.0: kernel: found 0, expected an integer from 1"},
    {LAYERS ("{\"kind\": \"transformer\"}], "
             "\"exit\": [{\"kind\": \"pool\"}, {\"kind\": \"dense\"}]}]}"),
        "stages.0.layers.0: kind: found \"transformer\", expected one of"},
    {LAYERS ("{\"kind\": \"relu\"}], \"exit\": [{\"kind\": \"relu\"}]}]}"),
        "stages.0: exit: gives 100 frames of 1 channels, expected 1 frame"},
};

GST_START_TEST (a_bad_architecture_is_refused_by_name_and_place)
{
  g_autofree gchar *path = path_in (folder, "bad.json");
  g_autoptr (Run) run = NULL;

  folder_put (folder, "bad.json", architectures[__i__].json, -1);
  run = run_pipeline ("audiotestsrc ! mxtrainsink objective=supervised "
                      "architecture=\"%s\" location=\"%s/new\"",
      path, folder);
  assert_says (run->error, path);
  assert_says (run->error, architectures[__i__].says);
}
GST_END_TEST;

GST_START_TEST (a_model_is_no_architecture)
{
  g_autofree gchar *path = path_in (folder, "bad.json");
  g_autoptr (Run) run = NULL;

  folder_put (folder, "bad.json", "\2\0\0\0\0\0\0\0{}", 10);
  run = run_pipeline ("audiotestsrc ! mxtrainsink objective=supervised "
                      "architecture=\"%s\" location=\"%s/new\"",
      path, folder);
  assert_says (run->error, path);
  assert_says (run->error, "found a model, expected a description");
  assert_says (run->error, "model-file");
}
GST_END_TEST;

static Suite *
badmodel_suite (void)
{
  Suite *suite = suite_create ("pipelines-badmodel");
  TCase *tcase = tcase_create ("badmodel");

  suite_add_tcase (suite, tcase);
  tcase_add_checked_fixture (tcase, set_up, tear_down);
  tcase_add_loop_test (tcase,
      a_bad_model_is_refused_by_name_with_found_and_expected, 0,
      G_N_ELEMENTS (models));
  tcase_add_loop_test (tcase, a_bad_architecture_is_refused_by_name_and_place,
      0, G_N_ELEMENTS (architectures));
  tcase_add_test (tcase, a_model_is_no_architecture);
  return suite;
}

GST_CHECK_MAIN (badmodel);
