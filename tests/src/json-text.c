/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "check-main.h"

#include <math.h>
#include <string.h>

#include "mx-json-text.h"

static const char *const good[] = {
    "{}",
    "[]",
    " \t\r\n{ } \n",
    "{\"a\":{\"a\":{\"a\":[]}},\"b\":[{\"a\":1},{\"a\":2}]}",
    "{\"a\":[0,-0,10,0.5,-1.5e3,1E-7,2e+2]}",
    "{\"a\":[true,false,null]}",
    "{\"a\":-999999999999999999}",
    "{\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\":\"{[:,\"}",
    "{\"caf\xc3\xa9\":\"\xf0\x9f\x8e\xa4\"}",
};

START_TEST (plain_json_is_parsed)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node =
      mx_json_text_parse (good[_i], strlen (good[_i]), &error);
  ck_assert_msg (node != NULL, "%s: %s", good[_i], error ? error->message : "");
  ck_assert (!JSON_NODE_HOLDS_VALUE (node));
}
END_TEST

static const struct {
  const char *text;
  const char *words;
} bad[] = {
    {"", "byte 0: found the end, expected '{' or '['"},
    {"7", "byte 0: found '7', expected '{' or '['"},
    {"var a = {}", "byte 0: found 'v', expected '{' or '['"},
    {"{\"a\":}", NULL},
    {"{\"a\"}", NULL},
    {"{\"a\":1 2}", NULL},
    {"{\"a\":[1,]}", NULL},
    {"{,}", NULL},
    {"{1:2}", NULL},
    {"{\"a\":[}]", "byte 6: found '}', expected another bracket"},
    {"{\"a\":010}", "byte 8: found '}', expected a number without leading"},
    {"{\"a\":-}", "byte 6: found '}', expected a number"},
    {"{\"a\":+1}", "byte 5: found '+', expected a value"},
    {"{\"a\":.5}", "byte 5: found '.', expected a value"},
    {"{\"a\":1.}", "byte 7: found '}', expected digits behind the point"},
    {"{\"a\":1e}", "byte 7: found '}', expected digits of an exponent"},
    {"{\"a\":0x10}", "found 'x', expected a value"},
    {"{\"a\":NaN}", "byte 5: found 'N', expected a value"},
    {"{\"a\":tru}", "byte 5: found 't', expected a value"},
    {"{\"a\":1000000000000000000}", "found an integer of 19 digits"},
    {"{\"a\":\"\\x\"}", "byte 7: found 'x', expected an escape"},
    {"{\"a\":\"\\u12g4\"}", "byte 10: found 'g', expected four hexadecimal"},
    {"{\"a\":\"\\ud800\"}", NULL},
    {"{\"\\ud800\":1,\"\\ud800\\n\":2}", NULL},
    {"{\"a\":\"b", "byte 7: found the end, expected the end of a string"},
    {"{\"a\":\"b\\", "byte 8: found the end, expected an escape"},
    {"{} // no", "byte 3: found '/', expected the end"},
    {"{\"a\":{\"b\":1,\"c\":2,\"b\":3}}",
        "byte 19: found a name that its object has already"},
    {"{\"a\":\"b\":\"c\"}", "byte 8: found ':', expected no colon"},
    {"{\"a\"::1}", "byte 5: found ':', expected no colon"},
    {"[\"a\":1]", "byte 4: found ':', expected no colon"},
    {"[1,\"a\":1]", NULL},
};

START_TEST (all_else_is_refused_with_its_place)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node =
      mx_json_text_parse (bad[_i].text, strlen (bad[_i].text), &error);
  ck_assert_msg (node == NULL, "%s", bad[_i].text);
  ck_assert_int_eq (error->domain, JSON_PARSER_ERROR);
  ck_assert_msg (
      g_utf8_validate (error->message, -1, NULL), "%s", bad[_i].text);
  if (bad[_i].words)
    ck_assert_msg (strstr (error->message, bad[_i].words), "%s: %s",
        bad[_i].text, error->message);
}
END_TEST

/* json-glib cuts what it shows anywhere. */
START_TEST (what_is_told_is_text)
{
  for (guint n = 0; n < 200; n++) {
    g_autofree char *a = g_strnfill (n, 'a');
    g_autofree char *text = g_strdup_printf (
        "{\"a\":1,\"%s\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\",1}", a);
    g_autoptr (GError) error = NULL;
    ck_assert_ptr_null (mx_json_text_parse (text, strlen (text), &error));
    ck_assert (g_utf8_validate (error->message, -1, NULL));
  }
}
END_TEST

START_TEST (nesting_cannot_hide_behind_a_quote_in_a_comment)
{
  g_autofree char *brackets = g_strnfill (1000000, '[');
  g_autofree char *text = g_strconcat ("[/*\"*/", brackets, NULL);
  g_autoptr (GError) error = NULL;
  ck_assert_ptr_null (mx_json_text_parse (text, strlen (text), &error));
  ck_assert_ptr_nonnull (strstr (error->message, "byte 1: found '/'"));
}
END_TEST

START_TEST (text_behind_a_nul_is_not_hidden)
{
  static const char text[] = "{}\0{";
  g_autoptr (GError) error = NULL;
  ck_assert_ptr_null (mx_json_text_parse (text, sizeof (text) - 1, &error));
  ck_assert_ptr_nonnull (strstr (error->message, "byte 2: found 0x00"));
}
END_TEST

static const struct {
  const char *text, *written; /* NULL: as it is */
} trees[] = {
    {"{}", NULL},
    {"[]", NULL},
    {"{\"b\":1,\"a\":[true,false,null,{}],\"c\":{\"d\":\"\"}}", NULL},
    {"[0,-7,999999999999999999]", NULL},
    {"[0.1,0.0,-2.0,1e-10,1e+22,5e-324]", NULL},
    {"[100000.0,123456789.125,3.1400000000000001]",
        "[1e+05,123456789.125,3.14]"},
    {"[\"\\u00e9\\n\\/\\\"\\\\\"]", "[\"\xc3\xa9\\u000a/\\\"\\\\\"]"},
    {" [ 1 , 2 ] ", "[1,2]"},
};

START_TEST (a_tree_is_written_so_that_it_reads_back_the_same)
{
  const char *expected = trees[_i].written ? trees[_i].written : trees[_i].text;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node =
      mx_json_text_parse (trees[_i].text, strlen (trees[_i].text), &error);
  g_autofree char *text = mx_json_text_write (node, false);
  ck_assert_str_eq (text, expected);
  g_autofree char *pretty = mx_json_text_write (node, true);
  g_autoptr (JsonNode) again =
      mx_json_text_parse (pretty, strlen (pretty), &error);
  ck_assert_msg (again != NULL, "%s", error ? error->message : "");
  ck_assert (json_node_equal (node, again));
}
END_TEST

START_TEST (text_for_people_is_indented)
{
  static const char expected[] = "{\n"
                                 "  \"a\": [1, 2],\n"
                                 "  \"b\": [\n"
                                 "    [],\n"
                                 "    {\n"
                                 "      \"c\": 0.5\n"
                                 "    }\n"
                                 "  ],\n"
                                 "  \"d\": {}\n"
                                 "}\n";
  g_autoptr (JsonNode) node =
      mx_json_text_parse (expected, strlen (expected), NULL);
  g_autofree char *text = mx_json_text_write (node, true);
  ck_assert_str_eq (text, expected);
}
END_TEST

START_TEST (what_is_not_finite_is_written_as_null)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_ARRAY);
  json_node_take_array (node, json_array_new ());
  json_array_add_double_element (json_node_get_array (node), NAN);
  json_array_add_double_element (json_node_get_array (node), -INFINITY);
  g_autofree char *text = mx_json_text_write (node, false);
  ck_assert_str_eq (text, "[null,null]");
}
END_TEST

static void
add_tests (TCase *tcase)
{
  tcase_add_loop_test (tcase, plain_json_is_parsed, 0, G_N_ELEMENTS (good));
  tcase_add_loop_test (
      tcase, all_else_is_refused_with_its_place, 0, G_N_ELEMENTS (bad));
  tcase_add_test (tcase, what_is_told_is_text);
  tcase_add_test (tcase, nesting_cannot_hide_behind_a_quote_in_a_comment);
  tcase_add_loop_test (tcase, a_tree_is_written_so_that_it_reads_back_the_same,
      0, G_N_ELEMENTS (trees));
  tcase_add_test (tcase, text_for_people_is_indented);
  tcase_add_test (tcase, what_is_not_finite_is_written_as_null);
  tcase_add_test (tcase, text_behind_a_nul_is_not_hidden);
}

CHECK_MAIN ("json-text", add_tests)
