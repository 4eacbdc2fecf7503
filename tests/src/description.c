/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-description.h"

#include "check-main.h"

#include <string.h>
#include <time.h>

#define EXIT                                                                   \
  "\"exit\":[{\"kind\":\"pool\",\"method\":\"mean\"},{\"kind\":\"dense\"}]"
#define INPUT "\"input\":{\"rate\":50,\"channels\":3,\"window\":20}"
#define LABELS "\"labels\":[\"a\",\"b\"]"
#define CONV "{\"kind\":\"conv1d\",\"filters\":4,\"kernel\":3}"
#define STAGES "\"stages\":[{\"layers\":[" CONV "]," EXIT "}]"

static MxDescription *
describe (const char *json, GError **error)
{
  return mx_description_new (json, -1, "test.json", NULL, error);
}

START_TEST (shapes_weights_and_costs_are_inferred)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MxDescription) d =
      describe ("{" LABELS "," INPUT "," STAGES "}", &error);
  ck_assert_msg (d != NULL, "%s", error ? error->message : "");
  const MxProgram *program = d->program;
  ck_assert_uint_eq (d->hop, 20);
  ck_assert_uint_eq (d->frames, 20);
  ck_assert_uint_eq (program->n_stages, 1);
  ck_assert_uint_eq (program->n_layers, 3);
  ck_assert_uint_eq (program->values[1].shape.time, 20);
  ck_assert_uint_eq (program->values[1].shape.channels, 4);
  ck_assert_uint_eq (program->values[0].pad_left, 1);
  ck_assert_uint_eq (program->values[0].pad_right, 1);
  /* conv: 4 * 3 * 3 + 4; dense: 2 * 4 + 2 */
  ck_assert_uint_eq (program->n_weights, 50);
  ck_assert_uint_eq (program->n_trainable, 50);
  ck_assert_uint_eq (program->macs, 20 * 4 * 3 * 3 + 2 * 4);
  ck_assert_str_eq (program->layers[2]->path, "stages.0.exit.1");
}
END_TEST

START_TEST (a_description_written_and_read_again_is_the_same)
{
  g_autoptr (GError) error = NULL;
  const char *const labels[] = {"x", "y", "z", NULL};
  g_autoptr (MxDescription) a =
      mx_description_new ("{" INPUT "," STAGES "}", -1, "a", labels, &error);
  ck_assert_msg (a != NULL, "%s", error ? error->message : "");
  g_autofree char *text = mx_description_to_json (a);
  g_autoptr (MxDescription) b = describe (text, &error);
  ck_assert_msg (b != NULL, "%s", error ? error->message : "");
  g_autofree char *again = mx_description_to_json (b);
  ck_assert_str_eq (text, again);
  ck_assert_uint_eq (b->n_labels, 3);
  ck_assert_int_eq (mx_description_find_label (b, "z"), 2);
  ck_assert_int_eq (mx_description_find_label (b, "q"), -1);
}
END_TEST

START_TEST (labels_of_the_data_must_be_labels_of_the_description)
{
  g_autoptr (GError) error = NULL;
  const char *const reordered[] = {"b", "a", NULL};
  const char *const foreign[] = {"a", "c", NULL};
  g_autoptr (MxDescription) d = mx_description_new (
      "{" LABELS "," INPUT "," STAGES "}", -1, "d", reordered, &error);
  ck_assert_msg (d != NULL, "%s", error ? error->message : "");
  ck_assert_str_eq (d->labels[0], "a");
  ck_assert_ptr_null (mx_description_new (
      "{" LABELS "," INPUT "," STAGES "}", -1, "d", foreign, &error));
  ck_assert_msg (
      strstr (error->message, "\"c\"") != NULL, "%s", error->message);
}
END_TEST

/* Each of these is refused with this code, naming these words. */
static const struct {
  const char *json;
  MxDescriptionError code;
  const char *words;
} malformed[] = {
    {"", MX_DESCRIPTION_ERROR_SYNTAX, "test.json"},
    {"[1, 2", MX_DESCRIPTION_ERROR_SYNTAX, "not JSON"},
    {"[]", MX_DESCRIPTION_ERROR_MEMBER, "expected an object"},
    {"{" LABELS "," STAGES "}", MX_DESCRIPTION_ERROR_MEMBER,
        "\"input\" is missing"},
    {"{" LABELS ",\"input\":{\"rate\":0,\"channels\":3,\"window\":20}," STAGES
     "}",
        MX_DESCRIPTION_ERROR_MEMBER, "input: rate: found 0"},
    {"{" LABELS
     ",\"input\":{\"rate\":50,\"channels\":\"3\",\"window\":20}," STAGES "}",
        MX_DESCRIPTION_ERROR_MEMBER, "input: channels: found \"3\""},
    {"{" LABELS ",\"input\":{\"rate\":50,\"channels\":1024,"
     "\"window\":16777216}," STAGES "}",
        MX_DESCRIPTION_ERROR_LIMIT, "input: window"},
    {"{" LABELS "," INPUT "," STAGES ",\"extra\":1}",
        MX_DESCRIPTION_ERROR_MEMBER, "\"extra\""},
    {"{" INPUT "," STAGES "}", MX_DESCRIPTION_ERROR_LABELS, "labels: none"},
    {"{\"labels\":[\"a\"]," INPUT "," STAGES "}", MX_DESCRIPTION_ERROR_LABELS,
        "found 1"},
    {"{\"labels\":[\"a\",\"a\"]," INPUT "," STAGES "}",
        MX_DESCRIPTION_ERROR_LABELS, "twice"},
    {"{\"labels\":[\"a\",7]," INPUT "," STAGES "}", MX_DESCRIPTION_ERROR_LABELS,
        "labels[1]"},
    {"{" LABELS "," INPUT ",\"stages\":[]}", MX_DESCRIPTION_ERROR_MEMBER,
        "stages: found 0"},
    {"{" LABELS "," INPUT ",\"stages\":[{\"layers\":[" CONV "]}]}",
        MX_DESCRIPTION_ERROR_MEMBER, "\"exit\" is missing"},
    {"{" LABELS "," INPUT ",\"stages\":[{\"layers\":[],\"exit\":[]}]}",
        MX_DESCRIPTION_ERROR_MEMBER, "found no layer"},
    {"{" LABELS "," INPUT
     ",\"stages\":[{\"layers\":[{\"kind\":\"conv9d\"}]," EXIT "}]}",
        MX_DESCRIPTION_ERROR_LAYER,
        "stages.0.layers.0: kind: found \"conv9d\""},
    {"{" LABELS "," INPUT ",\"stages\":[{\"layers\":[{\"kind\":\"conv1d\","
     "\"filters\":4,\"kernel\":21,\"padding\":\"none\"}]," EXIT "}]}",
        MX_DESCRIPTION_ERROR_SHAPE, "stages.0.layers.0"},
    {"{" LABELS "," INPUT ",\"stages\":[{\"layers\":[{\"kind\":\"conv1d\","
     "\"filters\":65536,\"kernel\":4096,\"dilation\":4096}]," EXIT "}]}",
        MX_DESCRIPTION_ERROR_LIMIT, "stages.0.layers.0"},
    {"{" LABELS "," INPUT ",\"stages\":[{\"layers\":[" CONV "],\"exit\":["
     "{\"kind\":\"dense\"}]}]}",
        MX_DESCRIPTION_ERROR_SHAPE, "exit: gives 20 frames of 2 channels"},
    {"{" LABELS "," INPUT ",\"stages\":[{\"layers\":[{\"kind\":\"residual\","
     "\"layers\":[{\"kind\":\"conv1d\",\"filters\":4,\"kernel\":3,"
     "\"stride\":2}]}]," EXIT "}]}",
        MX_DESCRIPTION_ERROR_SHAPE, "layers give 10 frames of 4 channels"},
    {"{" LABELS "," INPUT ",\"streamed\":2," STAGES "}",
        MX_DESCRIPTION_ERROR_MEMBER,
        "streamed: found 2, expected at most the 1 stages"},
    {"{" LABELS "," INPUT ",\"streamed\":-1," STAGES "}",
        MX_DESCRIPTION_ERROR_MEMBER, "streamed: found -1"},
    {"{" LABELS "," INPUT ",\"streamed\":1,\"stages\":[{\"layers\":[" CONV
     ",{\"kind\":\"pool\"}]," EXIT "}]}",
        MX_DESCRIPTION_ERROR_LAYER,
        "stages.0.layers.1: kind: found \"pool\" in a streamed stage"},
    {"{" LABELS "," INPUT
     ",\"streamed\":1,\"stages\":[{\"layers\":[{\"kind\":\"conv1d\","
     "\"filters\":4,\"kernel\":3,\"stride\":21}]," EXIT "}]}",
        MX_DESCRIPTION_ERROR_SHAPE, "one frame for every 21 of the input"},
    {"{" LABELS "," INPUT
     ",\"streamed\":1,\"stages\":[{\"layers\":[{\"kind\":\"conv1d\","
     "\"filters\":65536,\"kernel\":2,\"dilation\":4096}]," EXIT "}]}",
        MX_DESCRIPTION_ERROR_LIMIT, "floats"},
    {"{" LABELS ",\"input\":{\"rate\":8000,\"channels\":1,\"window\":8000,"
     "\"hop\":80},\"front-end\":{\"kind\":\"log-mel\"},\"streamed\":1," STAGES
     "}",
        MX_DESCRIPTION_ERROR_MEMBER, "\"window-maximum\""},
};

/* Each has %s where a name of 65 letters of two bytes stands. */
static const char *const long_names[] = {
    "{" LABELS "," INPUT "," STAGES ",\"%s\":1}",
    "{\"labels\":[\"%1$s\",\"%1$s\"]," INPUT "," STAGES "}",
    "{" LABELS "," INPUT ",\"stages\":[{\"layers\":[{\"kind\":\"%s\"}]," EXIT
    "}]}",
    "{" LABELS "," INPUT ",\"stages\":[{\"layers\":[{\"kind\":\"conv1d\","
    "\"filters\":4,\"kernel\":3,\"padding\":\"%s\"}]," EXIT "}]}",
    "{" LABELS
    ",\"input\":{\"rate\":\"%s\",\"channels\":3,\"window\":20}," STAGES "}",
};

START_TEST (a_long_name_is_cut_between_two_letters)
{
  g_autoptr (GString) name = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  for (int i = 0; i < 65; i++)
    g_string_append (name, "\u00e4");
  g_autofree char *json = g_strdup_printf (long_names[_i], name->str);
  ck_assert_ptr_null (describe (json, &error));
  ck_assert_msg (
      strstr (error->message, "\u00e4...") != NULL, "%s", error->message);
  ck_assert_msg (
      strstr (error->message, "\ufffd") == NULL, "%s", error->message);
}
END_TEST

START_TEST (a_malformed_description_is_refused_with_its_place)
{
  g_autoptr (GError) error = NULL;
  ck_assert_ptr_null (describe (malformed[_i].json, &error));
  ck_assert_msg (
      g_error_matches (error, MX_DESCRIPTION_ERROR, malformed[_i].code),
      "%s: code %d: %s", malformed[_i].json, error->code, error->message);
  ck_assert_msg (strstr (error->message, malformed[_i].words) != NULL,
      "\"%s\" does not say \"%s\"", error->message, malformed[_i].words);
}
END_TEST

START_TEST (deep_nesting_is_refused)
{
  g_autoptr (GError) error = NULL;
  GString *json = g_string_new ("{" LABELS "," INPUT ",\"stages\":[{"
                                "\"layers\":[");
  for (int i = 0; i < 20; i++)
    g_string_append (json, "{\"kind\":\"residual\",\"layers\":[");
  g_string_append (json, CONV);
  for (int i = 0; i < 20; i++)
    g_string_append (json, "]}");
  g_string_append (json, "]," EXIT "}]}");
  ck_assert_ptr_null (describe (json->str, &error));
  ck_assert (g_error_matches (
      error, MX_DESCRIPTION_ERROR, MX_DESCRIPTION_ERROR_LIMIT));
  g_string_free (json, TRUE);

  g_autofree char *brackets = g_strnfill (1000000, '[');
  g_clear_error (&error);
  ck_assert_ptr_null (describe (brackets, &error));
  ck_assert (g_error_matches (
      error, MX_DESCRIPTION_ERROR, MX_DESCRIPTION_ERROR_LIMIT));
}
END_TEST

START_TEST (the_shipped_architectures_are_sound)
{
  static const struct {
    const char *file;
    double macs[4]; /* millions, to each exit: counted by hand */
  } shipped[] = {
      {"digits.json", {4.567, 8.178, 11.692, 14.741}},
      {"activity.json", {.241, .506, .839, 1.148}},
      {"words-stream.json", {4.567, 8.177, 11.693, 14.741}},
      {"activity-stream.json", {.241, .506, .839, 1.148}},
      {"speech.json", {1.330, 2.234, 3.114, 3.877}},
      {"ecg.json", {.398, .906, 1.562, 2.203}},
      {"ecg-stream.json", {.398, .906, 1.562, 2.203}},
      {"emg.json", {.328, .656, 1.071, 1.461}},
  };
  for (size_t i = 0; i < G_N_ELEMENTS (shipped); i++) {
    g_autoptr (GError) error = NULL;
    const char *const labels[] = {
        "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", NULL};
    g_autofree char *path =
        g_build_filename (g_getenv ("MX_MODELS"), shipped[i].file, NULL);
    g_autofree char *text = NULL;
    ck_assert (g_file_get_contents (path, &text, NULL, &error));
    g_autoptr (MxDescription) d =
        mx_description_new (text, -1, path, labels, &error);
    ck_assert_msg (d != NULL, "%s", error ? error->message : "");
    for (int s = 0; s < 4; s++)
      ck_assert_double_eq_tol (mx_program_macs_to (d->program, s + 1) / 1e6,
          shipped[i].macs[s], .005);
  }
}
END_TEST

/* With labels of one hash each, where @twins; else as they come. */
static double
seconds_for_labels (bool twins)
{
  g_autoptr (GString) text = g_string_new ("{\"labels\":[");
  g_autoptr (GError) error = NULL;
  for (guint i = 0; i < 20000; i++) {
    g_string_append (text, i > 0 ? ",\"" : "\"");
    for (guint bit = 0; bit < 20; bit++)
      g_string_append (text,
          twins ? (i >> bit & 1 ? "Ez" : "FY") : (i >> bit & 1 ? "aa" : "bc"));
    g_string_append_c (text, '"');
  }
  g_string_append (text, "]," INPUT "," STAGES "}");
  const clock_t begin = clock ();
  g_autoptr (MxDescription) d =
      mx_description_new (text->str, text->len, "many", NULL, &error);
  ck_assert_msg (d != NULL, "%s", error ? error->message : "");
  return (double)(clock () - begin) / CLOCKS_PER_SEC;
}

START_TEST (labels_made_to_take_long_do_not)
{
  const double plain = seconds_for_labels (false);
  ck_assert_double_lt (seconds_for_labels (true), 8 * plain + .1);
}
END_TEST

static void
add_tests (TCase *tcase)
{
  tcase_add_test (tcase, shapes_weights_and_costs_are_inferred);
  tcase_add_test (tcase, a_description_written_and_read_again_is_the_same);
  tcase_add_test (tcase, labels_made_to_take_long_do_not);
  tcase_add_test (tcase, labels_of_the_data_must_be_labels_of_the_description);
  tcase_add_loop_test (tcase, a_malformed_description_is_refused_with_its_place,
      0, G_N_ELEMENTS (malformed));
  tcase_add_loop_test (tcase, a_long_name_is_cut_between_two_letters, 0,
      G_N_ELEMENTS (long_names));
  tcase_add_test (tcase, deep_nesting_is_refused);
  tcase_add_test (tcase, the_shipped_architectures_are_sound);
}

CHECK_MAIN ("description", add_tests)
