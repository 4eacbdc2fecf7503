/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-json-text.h"

#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

#include "mx-json-names.h"

#define MAX_DIGITS 18

typedef struct {
  const char *text;
  gsize length, at;
  guint depth;
  char closing[MX_JSON_MAX_DEPTH]; /* what ends each open bracket */
  gsize opened[MX_JSON_MAX_DEPTH]; /* where it stands */
  gsize n_values; /* brackets and commas: no more nodes than twice that */
  MxJsonNames names;
  gsize before;       /* where the token before stands */
  gsize name, n_name; /* the string just read, if it may be a name; 0: not */
  GError **error;
} Scan;

static bool fail (const Scan *scan, gint code, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

static bool
fail (const Scan *scan, gint code, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *text = g_strdup_vprintf (format, args);
  va_end (args);

  g_set_error (scan->error, JSON_PARSER_ERROR, code,
      "byte %" G_GSIZE_FORMAT ": %s", scan->at, text);
  return false;
}

/* What stands at the present place, for messages. */
static const char *
found (const Scan *scan, char shown[8])
{
  if (scan->at >= scan->length)
    return "the end";
  guchar c = scan->text[scan->at];
  g_snprintf (shown, 8, g_ascii_isprint (c) ? "'%c'" : "0x%02x", c);
  return shown;
}

static bool
unexpected (const Scan *scan, const char *expected)
{
  char shown[8];
  return fail (scan, JSON_PARSER_ERROR_PARSE, "found %s, expected %s",
      found (scan, shown), expected);
}

static int
peek (const Scan *scan)
{
  return scan->at < scan->length ? (guchar)scan->text[scan->at] : -1;
}

static bool
scan_escape (Scan *scan)
{
  const int c = peek (scan);
  if (c < 0 || !strchr ("\"\\/bfnrtu", c))
    return unexpected (scan, "an escape of JSON");
  scan->at++;
  if (c == 'u') {
    const bool complete = scan->length - scan->at >= 4;
    if (complete && memcmp (scan->text + scan->at, "0000", 4) == 0)
      return fail (scan, JSON_PARSER_ERROR_PARSE,
          "found \\u0000, expected text without NUL");
    for (guint i = 0; i < 4; i++, scan->at++)
      if (peek (scan) < 0 || !g_ascii_isxdigit (peek (scan)))
        return unexpected (scan, "four hexadecimal digits");
  }
  return true;
}

static bool
scan_string (Scan *scan)
{
  scan->at++;
  for (int c; (c = peek (scan)) != '"';) {
    if (c < 0x20)
      return unexpected (scan, "the end of a string");
    scan->at++;
    if (c == '\\' && !scan_escape (scan))
      return false;
  }
  scan->at++;
  return true;
}

static gsize
scan_digits (Scan *scan)
{
  const gsize start = scan->at;
  while (peek (scan) >= 0 && g_ascii_isdigit (peek (scan)))
    scan->at++;
  return scan->at - start;
}

static bool
scan_number (Scan *scan)
{
  scan->at += peek (scan) == '-';
  const bool zero = peek (scan) == '0';
  const gsize digits = scan_digits (scan);
  if (digits == 0 || (zero && digits > 1))
    return unexpected (scan, "a number without leading zeros");
  bool integer = true;
  if (peek (scan) == '.') {
    scan->at++;
    integer = false;
    if (scan_digits (scan) == 0)
      return unexpected (scan, "digits behind the point");
  }
  if (peek (scan) == 'e' || peek (scan) == 'E') {
    scan->at++;
    integer = false;
    scan->at += peek (scan) == '-' || peek (scan) == '+';
    if (scan_digits (scan) == 0)
      return unexpected (scan, "digits of an exponent");
  }
  if (integer && digits > MAX_DIGITS)
    return fail (scan, JSON_PARSER_ERROR_INVALID_DATA,
        "found an integer of %" G_GSIZE_FORMAT " digits, expected at most %d",
        digits, MAX_DIGITS);
  return true;
}

static bool
scan_word (Scan *scan)
{
  static const char *const words[] = {"true", "false", "null"};
  for (guint i = 0; i < G_N_ELEMENTS (words); i++) {
    const gsize n = strlen (words[i]);
    if (scan->length - scan->at >= n &&
        memcmp (scan->text + scan->at, words[i], n) == 0) {
      scan->at += n;
      return true;
    }
  }
  return unexpected (scan, "a value");
}

static bool
count_value (Scan *scan)
{
  if (++scan->n_values > MX_JSON_MAX_VALUES)
    return fail (scan, JSON_PARSER_ERROR_INVALID_DATA,
        "found more than %u values", MX_JSON_MAX_VALUES);
  return true;
}

static bool
scan_open (Scan *scan, char closing)
{
  if (scan->depth == MX_JSON_MAX_DEPTH)
    return fail (scan, JSON_PARSER_ERROR_INVALID_DATA,
        "found more than %d levels of nesting", MX_JSON_MAX_DEPTH);
  scan->closing[scan->depth] = closing;
  scan->opened[scan->depth++] = scan->at++;
  return count_value (scan);
}

static bool
scan_close (Scan *scan)
{
  if (scan->depth == 0 || scan->closing[scan->depth - 1] != peek (scan))
    return unexpected (scan, "another bracket");
  scan->depth--;
  scan->at++;
  return true;
}

/* A name is behind a bracket or a comma: so there are no more names than
 * values, whatever colons come. */
static bool
scan_string_or_name (Scan *scan)
{
  const char before = scan->text[scan->before];
  const gsize start = scan->at + 1;

  if (!scan_string (scan))
    return false;
  if (before == '{' || before == ',') {
    scan->name = start;
    scan->n_name = scan->at - 1 - start;
  }
  return true;
}

static bool
scan_colon (Scan *scan)
{
  if (scan->name == 0)
    return unexpected (scan, "no colon but behind a name");
  mx_json_names_add (&scan->names, scan->opened[scan->depth - 1], scan->name,
      scan->text + scan->name, scan->n_name);
  scan->name = 0;
  scan->at++;
  return true;
}

/* One token.  That colons and commas stand where they must is left to the
 * parser: to know the depth and the names it does not matter. */
static bool
scan_token (Scan *scan)
{
  const int c = peek (scan);
  switch (c) {
  case '{':
    return scan_open (scan, '}');
  case '[':
    return scan_open (scan, ']');
  case '}':
  case ']':
    return scan_close (scan);
  case '"':
    return scan_string_or_name (scan);
  case ':':
    return scan_colon (scan);
  case ',':
    scan->at++;
    return count_value (scan);
  default:
    return c == '-' || g_ascii_isdigit (c) ? scan_number (scan)
                                           : scan_word (scan);
  }
}

static void
skip_space (Scan *scan)
{
  while (scan->at < scan->length && strchr (" \t\r\n", peek (scan)) &&
         peek (scan) != 0)
    scan->at++;
}

static bool
scan_text (Scan *scan)
{
  const char *end;
  if (!g_utf8_validate (scan->text, scan->length, &end)) {
    scan->at = end - scan->text;
    return unexpected (scan, "UTF-8 without NUL");
  }
  skip_space (scan);
  if (peek (scan) != '{' && peek (scan) != '[')
    return unexpected (scan, "'{' or '['");
  do {
    const gsize at = scan->at;
    if (!scan_token (scan))
      return false;
    scan->before = at;
    skip_space (scan);
  } while (scan->depth > 0);
  if (scan->at < scan->length)
    return unexpected (scan, "the end");
  return true;
}

static bool
check_names (Scan *scan)
{
  switch (mx_json_names_check (&scan->names, &scan->at)) {
  case MX_JSON_NAMES_TWICE:
    return fail (scan, JSON_PARSER_ERROR_PARSE,
        "found a name that its object has already, expected no name twice");
  case MX_JSON_NAMES_ALIKE:
    return fail (scan, JSON_PARSER_ERROR_INVALID_DATA,
        "found more than %d names of one hash, which nobody gives by chance",
        MX_JSON_MAX_ALIKE);
  default:
    return true;
  }
}

JsonNode *
mx_json_text_parse (const char *text, gsize length, GError **error)
{
  Scan scan = {.text = text, .length = length, .error = error};
  mx_json_names_init (&scan.names);
  const bool plain = scan_text (&scan) && check_names (&scan);
  mx_json_names_clear (&scan.names);
  if (!plain)
    return NULL;

  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  g_autoptr (GError) cause = NULL;
  if (!json_parser_load_from_data (parser, text, length, &cause)) {
    /* It shows what it found, cut anywhere. */
    g_autofree char *valid = g_utf8_make_valid (cause->message, -1);
    g_set_error_literal (error, cause->domain, cause->code, valid);
    return NULL;
  }
  return json_node_ref (json_parser_get_root (parser));
}
