/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "check-main.h"

#include <string.h>

#include "mx-safetensors.h"

/* A file of the given header and `data_size` bytes 0, 1, 2, ... */
static GBytes *
make_file (const char *header, gsize header_size, gsize data_size)
{
  GByteArray *bytes = g_byte_array_new ();
  const guint64 stated = GUINT64_TO_LE ((guint64)header_size);
  g_byte_array_append (bytes, (const guint8 *)&stated, sizeof (stated));
  g_byte_array_append (bytes, (const guint8 *)header, header_size);
  for (gsize i = 0; i < data_size; i++) {
    const guint8 byte = i;
    g_byte_array_append (bytes, &byte, 1);
  }
  return g_byte_array_free_to_bytes (bytes);
}

static void
assert_refused (GBytes *bytes, MxSafetensorsError code, const char *words)
{
  g_autoptr (GError) error = NULL;
  MxSafetensors *file = mx_safetensors_new (bytes, "a file", &error);
  ck_assert_ptr_null (file);
  ck_assert_ptr_nonnull (error);
  ck_assert_msg (g_error_matches (error, MX_SAFETENSORS_ERROR, code),
      "%s: code %d, expected %d", error->message, error->code, code);
  ck_assert_msg (strstr (error->message, words), "'%s' not in '%s'", words,
      error->message);
  ck_assert_msg (
      g_str_has_prefix (error->message, "a file: "), "%s", error->message);
  ck_assert (g_utf8_validate (error->message, -1, NULL));
}

#define T "\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]"

static const struct {
  const char *header;
  gsize data_size;
  MxSafetensorsError code;
  const char *words;
} malformed[] = {
    {"", 0, MX_SAFETENSORS_ERROR_HEADER, "found the end, expected '{' or '['"},
    {"   ", 0, MX_SAFETENSORS_ERROR_HEADER,
        "found the end, expected '{' or '['"},
    {"[]", 0, MX_SAFETENSORS_ERROR_HEADER,
        "found an array as header, expected an object"},
    {"{", 0, MX_SAFETENSORS_ERROR_HEADER, "byte 1: found the end"},
    {"{}}", 0, MX_SAFETENSORS_ERROR_HEADER, "byte 2: found '}'"},
    {"{}{}", 0, MX_SAFETENSORS_ERROR_HEADER, "byte 2: found '{'"},
    {"{\"a\":{" T "}", 4, MX_SAFETENSORS_ERROR_HEADER, "found the end"},
    {"{\"a\":{" T "},}", 4, MX_SAFETENSORS_ERROR_HEADER, "not JSON"},
    {"{\"a\" {" T "}}", 4, MX_SAFETENSORS_ERROR_HEADER, "not JSON"},
    {"{'a':{" T "}}", 4, MX_SAFETENSORS_ERROR_HEADER, "found '''"},
    {"{/*\"*/\"a\":{" T "}}", 4, MX_SAFETENSORS_ERROR_HEADER, "found '/'"},
    {"{\"a\xff\":{" T "}}", 4, MX_SAFETENSORS_ERROR_HEADER, "found 0xff"},
    {"{\"a\nb\":{" T "}}", 4, MX_SAFETENSORS_ERROR_HEADER, "found 0x0a"},
    {"{\"a\\u0000b\":{" T "}}", 4, MX_SAFETENSORS_ERROR_HEADER, "without NUL"},
    {"{\"a\":{" T "},\"a\":{" T "}}", 4, MX_SAFETENSORS_ERROR_HEADER,
        "expected no name twice"},
    {"{\"a\":{" T "},\"\\u0061\":{" T "}}", 4, MX_SAFETENSORS_ERROR_HEADER,
        "expected no name twice"},
    {"{\"a\":{" T ",\"dtype\":\"I32\"}}", 4, MX_SAFETENSORS_ERROR_HEADER,
        "expected no name twice"},

    {"{\"__metadata__\":7}", 0, MX_SAFETENSORS_ERROR_HEADER,
        "found Integer as __metadata__, expected an object of strings"},
    {"{\"__metadata__\":{\"k\":7}}", 0, MX_SAFETENSORS_ERROR_HEADER,
        "found Integer in __metadata__ under 'k', expected a string"},
    {"{\"__metadata__\":{\"k\":null}}", 0, MX_SAFETENSORS_ERROR_HEADER,
        "under 'k', expected a string"},

    {"{\"a\":7}", 0, MX_SAFETENSORS_ERROR_TENSOR, "tensor 'a': found another"},
    {"{\"a\":{}}", 0, MX_SAFETENSORS_ERROR_TENSOR, "tensor 'a': found another"},
    {"{\"a\":{" T ",\"x\":1}}", 4, MX_SAFETENSORS_ERROR_TENSOR,
        "tensor 'a': found another"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"offsets\":[0,4]}}", 4,
        MX_SAFETENSORS_ERROR_TENSOR, "data_offsets"},
    {"{\"a\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[0,8]}}", 8,
        MX_SAFETENSORS_ERROR_TENSOR,
        "tensor 'a': found dtype F64, expected F32, I32, F16 or I8"},
    {"{\"a\":{\"dtype\":32,\"shape\":[1],\"data_offsets\":[0,4]}}", 4,
        MX_SAFETENSORS_ERROR_TENSOR, "tensor 'a': found dtype Integer"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":4,\"data_offsets\":[0,4]}}", 4,
        MX_SAFETENSORS_ERROR_TENSOR, "at most 8 integers"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}", 4,
        MX_SAFETENSORS_ERROR_TENSOR, "at most 8 integers"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1.0],\"data_offsets\":[0,4]}}", 4,
        MX_SAFETENSORS_ERROR_TENSOR, "at most 8 integers"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[\"1\"],\"data_offsets\":[0,4]}}", 4,
        MX_SAFETENSORS_ERROR_TENSOR, "at most 8 integers"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1,1,1,1,1,1,1,1,1],"
     "\"data_offsets\":[0,4]}}",
        4, MX_SAFETENSORS_ERROR_TENSOR, "at most 8 integers"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],"
     "\"data_offsets\":[0,0]}}",
        0, MX_SAFETENSORS_ERROR_TENSOR,
        "found shape [4294967296, 4294967296], expected a size that fits"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[2147483648,2147483648],"
     "\"data_offsets\":[0,0]}}",
        0, MX_SAFETENSORS_ERROR_TENSOR, "expected a size that fits"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}", 4,
        MX_SAFETENSORS_ERROR_TENSOR,
        "found data_offsets of 4 bytes, expected 8 for F32 [2]"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4]}}", 4,
        MX_SAFETENSORS_ERROR_TENSOR, "two integers from 0"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}}", 4,
        MX_SAFETENSORS_ERROR_TENSOR, "the first not larger than the second"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[-4,0]}}", 4,
        MX_SAFETENSORS_ERROR_TENSOR, "two integers from 0"},
    {"{\"a\":{" T "}}", 3, MX_SAFETENSORS_ERROR_TRUNCATED,
        "tensor 'a': found 3 bytes of data, expected at least 4"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],"
     "\"data_offsets\":[999999999999999996,999999999999999999]}}",
        4, MX_SAFETENSORS_ERROR_TRUNCATED, "found 4 bytes of data"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],"
     "\"data_offsets\":[18446744073709551612,18446744073709551616]}}",
        4, MX_SAFETENSORS_ERROR_LIMIT, "found an integer of 20 digits"},

    {"{\"a\":{" T "}}", 5, MX_SAFETENSORS_ERROR_TENSOR,
        "found 5 bytes of data, expected 4 for all tensors"},
    {"{}", 1, MX_SAFETENSORS_ERROR_TENSOR, "found 1 bytes of data"},
    {"{\"a\":{" T "},\"b\":{" T "}}", 4, MX_SAFETENSORS_ERROR_TENSOR,
        "found its data at 0, over another tensor, expected them at 4"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
     "\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}}",
        12, MX_SAFETENSORS_ERROR_TENSOR,
        "tensor 'b': found its data at 4, over another tensor"},
    {"{\"a\":{" T "},\"b\":{\"dtype\":\"F32\",\"shape\":[1],"
     "\"data_offsets\":[8,12]}}",
        12, MX_SAFETENSORS_ERROR_TENSOR,
        "tensor 'b': found its data at 8, behind a gap, expected them at 4"},
    {"{\"a\":{\"dtype\":\"I8\",\"shape\":[0],\"data_offsets\":[2,2]},"
     "\"b\":{" T "}}",
        4, MX_SAFETENSORS_ERROR_TENSOR, "tensor 'a': found its data at 2"},
};

START_TEST (a_malformed_header_is_refused_with_its_reason)
{
  const char *header = malformed[_i].header;
  g_autoptr (GBytes) bytes =
      make_file (header, strlen (header), malformed[_i].data_size);
  assert_refused (bytes, malformed[_i].code, malformed[_i].words);
}
END_TEST

static GBytes *
make_good_file (void)
{
  static const char header[] =
      "{\"__metadata__\":{\"format\":\"pt\"},"
      "\"half\":{\"dtype\":\"F16\",\"shape\":[],\"data_offsets\":[8,10]},"
      "\"none\":{\"dtype\":\"I32\",\"shape\":[2,0],\"data_offsets\":[10,10]},"
      "\"byte\":{\"dtype\":\"I8\",\"shape\":[3],\"data_offsets\":[10,13]},"
      "\"float\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,8]}} ";
  return make_file (header, sizeof (header) - 1, 13);
}

START_TEST (a_file_cut_anywhere_is_refused)
{
  g_autoptr (GBytes) whole = make_good_file ();
  for (gsize n = 0; n < g_bytes_get_size (whole); n++) {
    g_autoptr (GBytes) cut = g_bytes_new_from_bytes (whole, 0, n);
    assert_refused (cut, MX_SAFETENSORS_ERROR_TRUNCATED, "expected");
  }
}
END_TEST

START_TEST (a_good_file_gives_its_tensors_in_the_order_of_their_data)
{
  static const struct {
    const char *name;
    MxDtype dtype;
    guint n_dims;
    gsize dims[2], size, offset;
  } expected[] = {
      {"float", MX_DTYPE_F32, 2, {1, 2}, 2, 0},
      {"half", MX_DTYPE_F16, 0, {0}, 1, 8},
      {"none", MX_DTYPE_I32, 2, {2, 0}, 0, 10},
      {"byte", MX_DTYPE_I8, 1, {3}, 3, 10},
  };
  g_autoptr (GBytes) bytes = make_good_file ();
  g_autoptr (GError) error = NULL;
  g_autoptr (MxSafetensors) file = mx_safetensors_new (bytes, "good", &error);
  ck_assert_msg (file != NULL, "%s", error ? error->message : "");
  ck_assert_uint_eq (
      mx_safetensors_get_n_tensors (file), G_N_ELEMENTS (expected));
  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++) {
    const MxTensorView *view = mx_safetensors_get_tensor (file, i);
    ck_assert_str_eq (view->name, expected[i].name);
    ck_assert_ptr_eq (mx_safetensors_lookup (file, view->name), view);
    ck_assert_int_eq (view->dtype, expected[i].dtype);
    ck_assert_uint_eq (view->n_dims, expected[i].n_dims);
    for (guint d = 0; d < view->n_dims; d++)
      ck_assert_uint_eq (view->dims[d], expected[i].dims[d]);
    ck_assert_uint_eq (view->size, expected[i].size);
    if (view->size > 0)
      ck_assert_uint_eq (*(const guint8 *)view->data, expected[i].offset);
  }
  ck_assert_str_eq (mx_safetensors_get_metadata (file, "format"), "pt");
  ck_assert_ptr_null (mx_safetensors_get_metadata (file, "other"));
  ck_assert_ptr_null (mx_safetensors_lookup (file, "__metadata__"));
  ck_assert_str_eq (mx_safetensors_get_name (file), "good");
}
END_TEST

START_TEST (a_header_length_larger_than_the_file_is_refused)
{
  static const struct {
    guint64 stated;
    MxSafetensorsError code;
    const char *words;
  } cases[] = {
      {3, MX_SAFETENSORS_ERROR_TRUNCATED, "found 10 bytes, expected a header"},
      {100000000, MX_SAFETENSORS_ERROR_TRUNCATED, "header of 100000000 bytes"},
      {100000001, MX_SAFETENSORS_ERROR_LIMIT, "expected at most 100000000"},
      {G_MAXUINT64, MX_SAFETENSORS_ERROR_LIMIT,
          "header of 18446744073709551615"},
      {G_MAXUINT64 - 7, MX_SAFETENSORS_ERROR_LIMIT, "no safetensors file"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    guint8 data[10] = {[8] = '{', [9] = '}'};
    const guint64 stated = GUINT64_TO_LE (cases[i].stated);
    memcpy (data, &stated, sizeof (stated));
    g_autoptr (GBytes) bytes = g_bytes_new_static (data, sizeof (data));
    assert_refused (bytes, cases[i].code, cases[i].words);
  }
}
END_TEST

/* {"a":[[[...]]]}, or with objects. */
static char *
nest (guint depth, bool objects)
{
  GString *text = g_string_new ("{\"a\":");
  for (guint i = 1; i < depth; i++)
    g_string_append (text, objects ? "{\"a\":" : "[");
  g_string_append (text, "0");
  for (guint i = 1; i < depth; i++)
    g_string_append (text, objects ? "}" : "]");
  g_string_append (text, "}");
  return g_string_free (text, FALSE);
}

START_TEST (nesting_deeper_than_64_is_refused_before_it_recurses)
{
  static const guint depths[] = {65, 66, 1000000};
  for (gsize i = 0; i < 2 * G_N_ELEMENTS (depths); i++) {
    g_autofree char *header = nest (depths[i / 2], i % 2);
    g_autoptr (GBytes) bytes = make_file (header, strlen (header), 0);
    assert_refused (
        bytes, MX_SAFETENSORS_ERROR_LIMIT, "more than 64 levels of nesting");
  }
  g_autofree char *header = nest (64, true);
  g_autoptr (GBytes) bytes = make_file (header, strlen (header), 0);
  assert_refused (bytes, MX_SAFETENSORS_ERROR_TENSOR, "tensor 'a'");
}
END_TEST

START_TEST (a_header_of_too_many_values_is_refused)
{
  GString *header = g_string_new ("{\"a\":[0");
  for (guint i = 0; i < 3u << 20; i++)
    g_string_append (header, ",0");
  g_string_append (header, "]}");
  g_autoptr (GBytes) bytes = make_file (header->str, header->len, 0);
  g_string_free (header, TRUE);
  assert_refused (
      bytes, MX_SAFETENSORS_ERROR_LIMIT, "more than 1048576 values");
}
END_TEST

START_TEST (a_message_shows_only_the_start_of_a_hostile_name)
{
  g_autofree char *name = g_strnfill (100000, 'x');
  g_autofree char *header =
      g_strdup_printf ("{\"\xc3\xa9\\n\\u001b%s\":0}", name);
  g_autoptr (GBytes) bytes = make_file (header, strlen (header), 0);
  assert_refused (bytes, MX_SAFETENSORS_ERROR_TENSOR, "tensor '\xc3\xa9??xxx");
  g_autoptr (GError) error = NULL;
  ck_assert_ptr_null (mx_safetensors_new (bytes, "a file", &error));
  ck_assert_uint_lt (strlen (error->message), 200);
}
END_TEST

static const float weights[] = {1.5f, -2.f, 3e-38f};
static const gint32 classes[] = {7, G_MININT32};
static const gint8 bytes3[] = {1, 2, -3};

static const MxTensorView written[] = {
    {"b.weight", MX_DTYPE_F32, 2, {3, 1}, 3, weights},
    {"small \"quoted\"", MX_DTYPE_I8, 1, {3}, 3, bytes3},
    {"a", MX_DTYPE_I32, 1, {2}, 2, classes},
};

static GBytes *
write_example (bool sorted)
{
  g_autoptr (GHashTable) metadata = g_hash_table_new (g_str_hash, g_str_equal);
  static const char *const keys[] = {"k1", "k2", "\xc3\xa9", "k0"};
  for (guint i = 0; i < 4; i++) {
    const char *key = keys[sorted ? i : 3 - i];
    g_hash_table_insert (metadata, (gpointer)key, (gpointer) "a\n\"b\"");
  }
  return mx_safetensors_serialize (written, G_N_ELEMENTS (written), metadata);
}

START_TEST (what_is_written_reads_back_the_same)
{
  g_autoptr (GBytes) bytes = write_example (true);
  g_autoptr (GError) error = NULL;
  g_autoptr (MxSafetensors) file = mx_safetensors_new (bytes, "it", &error);
  ck_assert_msg (file != NULL, "%s", error ? error->message : "");
  ck_assert_uint_eq (
      mx_safetensors_get_n_tensors (file), G_N_ELEMENTS (written));
  for (gsize i = 0; i < G_N_ELEMENTS (written); i++) {
    const MxTensorView *view = mx_safetensors_get_tensor (file, i);
    ck_assert_str_eq (view->name, written[i].name);
    ck_assert_uint_eq (
        mx_tensor_view_bytes (view), mx_tensor_view_bytes (&written[i]));
    ck_assert_mem_eq (view->data, written[i].data, mx_tensor_view_bytes (view));
  }
  ck_assert_str_eq (mx_safetensors_get_metadata (file, "\xc3\xa9"), "a\n\"b\"");
}
END_TEST

START_TEST (the_same_tensors_give_the_same_bytes)
{
  g_autoptr (GBytes) one = write_example (true);
  g_autoptr (GBytes) other = write_example (false);
  ck_assert (g_bytes_equal (one, other));
  g_autoptr (GBytes) none = mx_safetensors_serialize (NULL, 0, NULL);
  static const guint8 empty[] = {
      8, 0, 0, 0, 0, 0, 0, 0, '{', '}', ' ', ' ', ' ', ' ', ' ', ' '};
  ck_assert_uint_eq (g_bytes_get_size (none), sizeof (empty));
  ck_assert_mem_eq (g_bytes_get_data (none, NULL), empty, sizeof (empty));
}
END_TEST

START_TEST (the_data_begin_at_a_multiple_of_8)
{
  g_autoptr (GBytes) bytes = write_example (true);
  guint64 header;
  memcpy (&header, g_bytes_get_data (bytes, NULL), sizeof (header));
  ck_assert_uint_eq (GUINT64_FROM_LE (header) % 8, 0);
}
END_TEST

static void
add_tests (TCase *tcase)
{
  tcase_add_loop_test (tcase, a_malformed_header_is_refused_with_its_reason, 0,
      G_N_ELEMENTS (malformed));
  tcase_add_test (tcase, a_file_cut_anywhere_is_refused);
  tcase_add_test (
      tcase, a_good_file_gives_its_tensors_in_the_order_of_their_data);
  tcase_add_test (tcase, a_header_length_larger_than_the_file_is_refused);
  tcase_add_test (tcase, nesting_deeper_than_64_is_refused_before_it_recurses);
  tcase_add_test (tcase, a_header_of_too_many_values_is_refused);
  tcase_add_test (tcase, a_message_shows_only_the_start_of_a_hostile_name);
  tcase_add_test (tcase, what_is_written_reads_back_the_same);
  tcase_add_test (tcase, the_same_tensors_give_the_same_bytes);
  tcase_add_test (tcase, the_data_begin_at_a_multiple_of_8);
}

CHECK_MAIN ("safetensors", add_tests)
