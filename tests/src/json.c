/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-json.h"

#include "check-main.h"

#include <math.h>
#include <string.h>

static const char *const colours[] = {"red", "green", NULL};

/* Reads one member "m" of each type; returns the first error. */
static GError *
read_all (const char *text)
{
  GError *error = NULL;
  MxJson json;
  JsonNode *node = json_from_string (text, NULL);
  size_t n;
  ck_assert_ptr_nonnull (node);
  mx_json_begin (&json, node, "root", &error);
  mx_json_int (&json, "int", -3, 9, 0);
  mx_json_double (&json, "double", 0, 1, .5);
  mx_json_bool (&json, "bool", false);
  mx_json_string (&json, "string", "");
  mx_json_choice (&json, "choice", colours, 0);
  mx_json_array (&json, "array", false);
  g_free (mx_json_floats (&json, "floats", &n));
  ck_assert_int_eq (mx_json_end (&json), error == NULL);
  json_node_unref (node);
  return error;
}

START_TEST (members_are_read_with_their_values)
{
  GError *error = NULL;
  MxJson json;
  JsonNode *node = json_from_string (
      "{\"i\":7,\"d\":0.25,\"whole\":1,\"b\":true,\"s\":\"text\","
      "\"c\":\"green\",\"f\":[1,2.5],\"one\":3}",
      NULL);
  size_t n;
  mx_json_begin (&json, node, "", &error);
  ck_assert_int_eq (mx_json_int (&json, "i", 0, 9, -1), 7);
  ck_assert_double_eq (mx_json_double (&json, "d", 0, 1, NAN), .25);
  ck_assert_double_eq (mx_json_double (&json, "whole", 0, 1, NAN), 1);
  ck_assert (mx_json_bool (&json, "b", false));
  ck_assert_str_eq (mx_json_string (&json, "s", NULL), "text");
  ck_assert_int_eq (mx_json_choice (&json, "c", colours, -1), 1);
  g_autofree float *f = mx_json_floats (&json, "f", &n);
  ck_assert_uint_eq (n, 2);
  ck_assert_float_eq (f[1], 2.5f);
  g_autofree float *one = mx_json_floats (&json, "one", &n);
  ck_assert_uint_eq (n, 1);
  ck_assert_float_eq (one[0], 3);
  ck_assert (!mx_json_has (&json, "absent"));
  ck_assert_int_eq (mx_json_int (&json, "absent", 0, 9, 4), 4);
  ck_assert_ptr_null (mx_json_floats (&json, "absent", &n));
  ck_assert (mx_json_end (&json));
  json_node_unref (node);
}
END_TEST

static const struct {
  const char *text, *words;
} wrong[] = {
    {"3", "root: found"},
    {"{\"int\":10}", "int: found 10, expected an integer from -3 to 9"},
    {"{\"int\":1.5}", "int: found 1.5"},
    {"{\"int\":\"1\"}", "int: found \"1\""},
    {"{\"int\":[1]}", "int: found [1]"},
    {"{\"int\":null}", "int: found null"},
    {"{\"double\":2}", "double: found 2, expected a number from 0 to 1"},
    {"{\"double\":{}}", "double: found {}"},
    {"{\"bool\":1}", "bool: found 1, expected true or false"},
    {"{\"string\":1}", "string: found 1, expected a string"},
    {"{\"choice\":\"blue\"}", "choice: found blue, expected one of red, green"},
    {"{\"array\":{}}", "array: found {}, expected an array"},
    {"{\"floats\":[]}", "floats: found []"},
    {"{\"floats\":[1,\"x\"]}", "floats: found [1,\"x\"]"},
    {"{\"floats\":1e300}", "expected a finite number"},
    {"{\"surprise\":1}", "\"surprise\""},
};

START_TEST (what_is_wrong_is_said_with_place_found_and_expected)
{
  g_autoptr (GError) error = read_all (wrong[_i].text);
  ck_assert_msg (error != NULL, "%s was accepted", wrong[_i].text);
  ck_assert_msg (strstr (error->message, wrong[_i].words) != NULL,
      "%s: \"%s\" does not say \"%s\"", wrong[_i].text, error->message,
      wrong[_i].words);
}
END_TEST

START_TEST (the_first_error_stays)
{
  g_autoptr (GError) error = read_all ("{\"int\":99,\"bool\":99,\"x\":1}");
  ck_assert_ptr_nonnull (strstr (error->message, "int: found 99"));
}
END_TEST

START_TEST (members_without_fallback_are_required)
{
  for (int i = 0; i < 5; i++) {
    g_autoptr (GError) error = NULL;
    MxJson json;
    JsonNode *node = json_from_string ("{}", NULL);
    mx_json_begin (&json, node, "", &error);
    if (i == 0)
      mx_json_int (&json, "m", 1, 2, 0);
    else if (i == 1)
      mx_json_double (&json, "m", 1, 2, NAN);
    else if (i == 2)
      mx_json_string (&json, "m", NULL);
    else if (i == 3)
      mx_json_choice (&json, "m", colours, -1);
    else
      mx_json_array (&json, "m", true);
    ck_assert (!mx_json_end (&json));
    ck_assert_str_eq (error->message, "\"m\" is missing");
    json_node_unref (node);
  }
}
END_TEST

static void
add_tests (TCase *tcase)
{
  tcase_add_test (tcase, members_are_read_with_their_values);
  tcase_add_loop_test (tcase,
      what_is_wrong_is_said_with_place_found_and_expected, 0,
      G_N_ELEMENTS (wrong));
  tcase_add_test (tcase, the_first_error_stays);
  tcase_add_test (tcase, members_without_fallback_are_required);
}

CHECK_MAIN ("json", add_tests)
