/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-json-names.h"

#include <string.h>

#include "check-main.h"
#include "mx-json-text.h"

/* Names of one object, as they stand between quotes. */
static const struct {
  const char *names[3];
  MxJsonVerdict verdict;
} cases[] = {
    {{"a", "b", "ab"}, MX_JSON_NAMES_GOOD},
    {{"a", "b", "a"}, MX_JSON_NAMES_TWICE},
    {{"", "b", ""}, MX_JSON_NAMES_TWICE},
    {{"Ez", "FY", "G8"}, MX_JSON_NAMES_GOOD}, /* of one hash */
    {{"a", "b", "\\u0061"}, MX_JSON_NAMES_TWICE},
    {{"\\u00E9", "e", "\xc3\xa9"}, MX_JSON_NAMES_TWICE},
    {{"\\ud83c\\udfa4", "b", "\xf0\x9f\x8e\xa4"}, MX_JSON_NAMES_TWICE},
    {{"\\ud83c", "\\udfa4", "b"}, MX_JSON_NAMES_GOOD},
    {{"\\ud83c\\u0041", "\\ud83cB", "\\ud83c\\n"}, MX_JSON_NAMES_GOOD},
    {{"\\ud83cA", "\\ud83c\\u0041", "b"}, MX_JSON_NAMES_TWICE},
    {{"\\/\\\"\\\\", "b", "/\\u0022\\u005c"}, MX_JSON_NAMES_TWICE},
    {{"\\b\\f\\n\\r\\t", "b", "\\u0008\\u000c\\u000a\\u000d\\u0009"},
        MX_JSON_NAMES_TWICE},
    {{"\\n", "n", "\\\\n"}, MX_JSON_NAMES_GOOD},
};

START_TEST (a_name_is_the_same_however_it_is_written)
{
  MxJsonNames names;
  gsize at;

  mx_json_names_init (&names);
  for (gsize i = 0; i < 3; i++)
    mx_json_names_add (
        &names, 0, 10 * i, cases[_i].names[i], strlen (cases[_i].names[i]));
  ck_assert_int_eq (mx_json_names_check (&names, &at), cases[_i].verdict);
  if (cases[_i].verdict != MX_JSON_NAMES_GOOD)
    ck_assert_uint_eq (at, strcmp (cases[_i].names[2], "b") == 0 ? 10 : 20);
  mx_json_names_clear (&names);
}
END_TEST

START_TEST (other_objects_may_have_the_same_name)
{
  MxJsonNames names;
  gsize at;

  mx_json_names_init (&names);
  for (gsize object = 0; object < 100; object++)
    mx_json_names_add (&names, object, object, "a", 1);
  ck_assert_int_eq (mx_json_names_check (&names, &at), MX_JSON_NAMES_GOOD);
  mx_json_names_clear (&names);
}
END_TEST

/* The bits of @i choose between two pairs of letters of one hash. */
static char *
new_twin (guint i)
{
  GString *name = g_string_new (NULL);

  for (guint bit = 0; bit < 20; bit++)
    g_string_append (name, i >> bit & 1 ? "Ez" : "FY");
  return g_string_free (name, FALSE);
}

START_TEST (so_many_of_one_hash_are_no_chance)
{
  for (guint n = MX_JSON_MAX_ALIKE; n <= MX_JSON_MAX_ALIKE + 1; n++) {
    MxJsonNames names;
    gsize at;

    mx_json_names_init (&names);
    for (guint i = 0; i < n; i++) {
      g_autofree char *twin = new_twin (i);
      mx_json_names_add (&names, 0, i, twin, strlen (twin));
      mx_json_names_add (&names, 1 + i, i, twin, strlen (twin));
    }
    ck_assert_int_eq (mx_json_names_check (&names, &at),
        n > MX_JSON_MAX_ALIKE ? MX_JSON_NAMES_ALIKE : MX_JSON_NAMES_GOOD);
    mx_json_names_clear (&names);
  }
}
END_TEST

/* What a file would be made of to keep the parser busy; each takes it minutes
 * without the check, and the test's time is up. */
typedef enum { AGAIN, RESPELT, ALIKE } Kind;

static const guint sizes[] = {
    [AGAIN] = 200000, [RESPELT] = 100000, [ALIKE] = 200000};

static void
append_name (GString *text, Kind kind, guint i)
{
  const guint half = sizes[kind] / 2;

  if (kind == ALIKE) {
    g_autofree char *twin = new_twin (i);
    g_string_append (text, twin);
  } else if (i < half) {
    g_string_append_printf (text, "n%u", i);
  } else {
    /* The last one for ever, its letters now and then by their numbers. */
    g_autofree char *again = g_strdup_printf ("n%u", half - 1);
    for (guint c = 0; again[c] != '\0'; c++)
      if (kind == RESPELT && i >> c & 1)
        g_string_append_printf (text, "\\u%04x", again[c]);
      else
        g_string_append_c (text, again[c]);
  }
}

START_TEST (names_made_to_take_long_do_not)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < sizes[_i]; i++) {
    g_string_append (text, i > 0 ? ",\"" : "{\"");
    append_name (text, _i, i);
    g_string_append (text, "\":0");
  }
  g_string_append_c (text, '}');
  ck_assert_ptr_null (mx_json_text_parse (text->str, text->len, &error));
  ck_assert_ptr_nonnull (strstr (error->message, "found "));
}
END_TEST

static void
add_tests (TCase *tcase)
{
  tcase_add_loop_test (
      tcase, a_name_is_the_same_however_it_is_written, 0, G_N_ELEMENTS (cases));
  tcase_add_test (tcase, other_objects_may_have_the_same_name);
  tcase_add_test (tcase, so_many_of_one_hash_are_no_chance);
  tcase_add_loop_test (
      tcase, names_made_to_take_long_do_not, 0, G_N_ELEMENTS (sizes));
}

CHECK_MAIN ("json-names", add_tests)
