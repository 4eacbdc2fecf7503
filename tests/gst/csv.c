/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxcsv.h"

#include <gst/check/check.h>
#include <string.h>

#include "mx-rng.h"

/* Records as one text: fields between bars, records at their line. */
static gchar *
show (const gchar *text, gsize size)
{
  GString *shown = g_string_new (NULL);
  GError *error = NULL;
  gchar **fields;
  GstMxCsv csv;

  if (gst_mx_csv_open (&csv, text, size, &error)) {
    while ((fields = gst_mx_csv_next (&csv, &error))) {
      gchar *joined = g_strjoinv ("|", fields);

      g_string_append_printf (shown, "%u:%s;", csv.line, joined);
      g_free (joined);
      g_strfreev (fields);
    }
  }
  if (error) {
    fail_unless (error->domain == GST_STREAM_ERROR);
    fail_unless_equals_int (error->code, GST_STREAM_ERROR_FORMAT);
    g_string_append_printf (shown, "!%s", error->message);
  }
  g_clear_error (&error);
  return g_string_free (shown, FALSE);
}

static const struct {
  const gchar *text, *expected;
} tables[] = {
    {"", ""},
    {"\n\r\n\r", ""},
    {"a", "1:a;"},
    {"a,b\nc,d\n", "1:a|b;2:c|d;"},
    {"a,b\r\nc,d", "1:a|b;2:c|d;"},
    {"a\rb", "1:a;2:b;"},
    {"\xef\xbb\xbf"
     "a,b",
        "1:a|b;"},
    {",\n,,", "1:|;2:||;"},
    {"\n\na", "3:a;"},
    {" a , b ", "1: a | b ;"},
    {"\"a\",\"b,c\"", "1:a|b,c;"},
    {"\"say \"\"ho\"\"\"", "1:say \"ho\";"},
    {"\"\"", "1:;"},
    {"\"one\ntwo\",x\ny", "1:one\ntwo|x;3:y;"},
    {"\"one\r\ntwo\"\r\ny", "1:one\r\ntwo;3:y;"},
    {"zw\xc3\xb6lf", "1:zw\xc3\xb6lf;"},
    {"a\n\"b", "1:a;!line 2 opens a quote that nothing closes"},
    {"a\n\"b\n\nc", "1:a;!line 2 opens a quote that nothing closes"},
    {"\"a\"b", "!line 1 has text behind a closing quote"},
    {"a\"b", "!line 1 has a quote within a field that does not begin with one"},
    {"a\nb\n\xff", "!line 3 is not UTF-8 text"},
};

GST_START_TEST (text_is_read_as_rfc_4180_says)
{
  gchar *shown = show (tables[__i__].text, strlen (tables[__i__].text));

  fail_unless_equals_string (shown, tables[__i__].expected);
  g_free (shown);
}
GST_END_TEST;

GST_START_TEST (a_zero_byte_is_no_text)
{
  gchar *shown = show ("a\n\0b", 4);

  fail_unless_equals_string (shown, "!line 2 is not UTF-8 text");
  g_free (shown);
}
GST_END_TEST;

GST_START_TEST (a_line_of_a_million_commas_is_refused)
{
  gchar *commas = g_strnfill (1000000, ',');
  gchar *shown = show (commas, strlen (commas));

  fail_unless_equals_string (shown, "!line 1 has more than 1024 fields");
  g_free (shown);
  g_free (commas);
}
GST_END_TEST;

static const struct {
  const gchar *list, *expected;
} lists[] = {
    {NULL, NULL},
    {"", NULL},
    {" , ,", NULL},
    {"a", "a"},
    {" a, b c ,,d ", "a|b c|d"},
    {"\"a,b\",c", "a,b|c"},
};

GST_START_TEST (a_list_keeps_names_and_drops_blanks)
{
  GError *error = NULL;
  gchar **names = gst_mx_csv_parse_list (lists[__i__].list, &error);
  gchar *shown = names ? g_strjoinv ("|", names) : NULL;

  fail_unless (error == NULL);
  fail_unless_equals_string (shown, lists[__i__].expected);
  g_free (shown);
  g_strfreev (names);
}
GST_END_TEST;

GST_START_TEST (a_list_in_two_lines_or_with_an_open_quote_is_an_error)
{
  static const gchar *const wrong[] = {"\"a", "a\nb"};

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
    GError *error = NULL;

    fail_unless (gst_mx_csv_parse_list (wrong[i], &error) == NULL);
    fail_unless (error != NULL, "accepted: %s", wrong[i]);
    g_error_free (error);
  }
}
GST_END_TEST;

GST_START_TEST (a_formatted_list_parses_back)
{
  const gchar *names[] = {"plain", "a,b", "say \"ho\"", "z", NULL};
  gchar *list = gst_mx_csv_format_list ((gchar **)names);
  gchar **parsed = gst_mx_csv_parse_list (list, NULL);

  fail_unless_equals_string (list, "plain,\"a,b\",\"say \"\"ho\"\"\",z");
  fail_unless (g_strv_equal ((const gchar *const *)parsed, names));
  g_strfreev (parsed);
  g_free (list);
}
GST_END_TEST;

GST_START_TEST (any_bytes_give_records_or_one_error)
{
  static const gchar bytes[] = "ab\",\r\n\xc3\xb6\xff\xef\xbb\xbf";
  MxRng rng;

  mx_rng_init (&rng, 1, 0);
  for (guint round = 0; round < 20000; round++) {
    gchar text[24];
    gsize size = mx_rng_below (&rng, sizeof (text) + 1);
    gchar *exact, *shown;

    for (gsize i = 0; i < size; i++)
      text[i] = bytes[mx_rng_below (&rng, sizeof (bytes))];
    /* Of its own size, so that a sanitizer sees a read past the end. */
    exact = g_memdup2 (text, size);
    shown = show (exact, size);
    fail_unless (strchr (shown, '!') == strrchr (shown, '!'));
    g_free (shown);
    g_free (exact);
  }
}
GST_END_TEST;

static Suite *
csv_suite (void)
{
  Suite *suite = suite_create ("csv");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_loop_test (
      tc, text_is_read_as_rfc_4180_says, 0, G_N_ELEMENTS (tables));
  tcase_add_test (tc, a_zero_byte_is_no_text);
  tcase_add_test (tc, a_line_of_a_million_commas_is_refused);
  tcase_add_loop_test (
      tc, a_list_keeps_names_and_drops_blanks, 0, G_N_ELEMENTS (lists));
  tcase_add_test (tc, a_list_in_two_lines_or_with_an_open_quote_is_an_error);
  tcase_add_test (tc, a_formatted_list_parses_back);
  tcase_add_test (tc, any_bytes_give_records_or_one_error);
  return suite;
}

GST_CHECK_MAIN (csv);
