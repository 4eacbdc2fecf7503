/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-calibration.h"

#include "mx-budget.h"
#include "mx-json-text.h"
#include "mx-json.h"
#include "mx-temperature.h"

#include <math.h>

MxCalibration *
mx_calibration_copy (const MxCalibration *self)
{
  MxCalibration *copy = g_memdup2 (self, sizeof *self);

  copy->fitted_on = g_strdup (self->fitted_on);
  copy->points =
      g_memdup2 (self->points, self->n_points * sizeof *self->points);
  return copy;
}

void
mx_calibration_free (MxCalibration *self)
{
  if (self == NULL)
    return;
  g_free (self->fitted_on);
  g_free (self->points);
  g_free (self);
}

const MxOperatingPoint *
mx_calibration_for_agreement (const MxCalibration *self, double agreement)
{
  const MxOperatingPoint *best = self->points;

  for (size_t i = 0; i < self->n_points; i++) {
    if (self->points[i].agreement >= agreement)
      return &self->points[i];
    if (self->points[i].agreement > best->agreement)
      best = &self->points[i];
  }
  return best;
}

const MxOperatingPoint *
mx_calibration_for_cost (const MxCalibration *self, double cost)
{
  size_t i = self->n_points - 1;

  while (i > 0 && self->points[i].cost > cost)
    i--;
  return &self->points[i];
}

double
mx_calibration_get_budget_offset (
    const MxCalibration *self, const MxPolicy *policy)
{
  const MxOperatingPoint *point =
      mx_calibration_for_cost (self, policy->budget);
  double sum = 0;

  for (unsigned e = 0; e + 1 < self->exits; e++)
    sum += mx_budget_logit (point->thresholds[e]) -
           mx_budget_logit (policy->threshold[e]);
  return self->exits > 1 ? sum / (self->exits - 1) : 0;
}

/* ------------------------------------------------------------ reading */

/* All @n numbers of an array, within bounds. */
static void
read_floats (MxJson *json, const char *member, size_t n, double low,
    double high, float *values)
{
  size_t found;
  g_autofree float *numbers = mx_json_floats (json, member, &found);

  if (found != n)
    mx_json_fail (json, MX_DESCRIPTION_ERROR_MEMBER,
        "%s: found %zu numbers, expected %zu", member, found, n);
  for (size_t i = 0; i < n && mx_json_ok (json); i++) {
    values[i] = numbers[i];
    if (numbers[i] < low || numbers[i] > high)
      mx_json_fail (json, MX_DESCRIPTION_ERROR_MEMBER,
          "%s[%zu]: found %g, expected a number from %g to %g", member, i,
          numbers[i], low, high);
  }
}

static void
read_point (
    MxCalibration *self, JsonNode *node, const char *path, GError **error)
{
  MxOperatingPoint *point = &self->points[self->n_points];
  double before = self->n_points > 0 ? point[-1].cost : 0;
  MxJson json;

  mx_json_begin (&json, node, path, error);
  *point = (MxOperatingPoint){.accuracy = NAN};
  read_floats (&json, "thresholds", self->exits - 1, 0, 1, point->thresholds);
  point->agreement = mx_json_double (&json, "agreement", 0, 1, NAN);
  point->cost = mx_json_double (&json, "cost", 0, 1, NAN);
  if (mx_json_has (&json, "accuracy"))
    point->accuracy = mx_json_double (&json, "accuracy", 0, 1, NAN);
  if (mx_json_ok (&json) && point->cost <= before)
    mx_json_fail (&json, MX_DESCRIPTION_ERROR_MEMBER,
        "cost: found %g, expected more than %g, as costs rise from point to "
        "point",
        point->cost, before);
  if (mx_json_end (&json))
    self->n_points++;
}

static void
read_points (MxCalibration *self, MxJson *json)
{
  JsonArray *array = mx_json_array (json, "points", true);
  guint n = array != NULL ? json_array_get_length (array) : 0;

  if (n < 1 || n > MX_CALIBRATION_MAX_POINTS)
    mx_json_fail (json, MX_DESCRIPTION_ERROR_LIMIT,
        "points: found %u, expected 1 to %d", n, MX_CALIBRATION_MAX_POINTS);
  if (!mx_json_ok (json))
    return;
  self->points = g_new (MxOperatingPoint, n);
  for (guint i = 0; i < n && mx_json_ok (json); i++) {
    g_autofree char *path = g_strdup_printf ("calibration.points[%u]", i);

    read_point (self, json_array_get_element (array, i), path, json->error);
  }
}

static void
read_source (MxCalibration *self, MxJson *json)
{
  self->fitted_on = g_strdup (mx_json_string (json, "fitted-on", ""));
  if (strlen (self->fitted_on) > MX_CALIBRATION_MAX_TEXT)
    mx_json_fail (json, MX_DESCRIPTION_ERROR_LIMIT,
        "fitted-on: found %zu bytes, expected at most %d",
        strlen (self->fitted_on), MX_CALIBRATION_MAX_TEXT);
  self->windows = mx_json_int (json, "windows", 1, G_MAXINT64, 0);
  self->labelled = mx_json_int (json, "labelled", 0, G_MAXINT64, -1);
  if (mx_json_ok (json) && self->labelled > self->windows)
    mx_json_fail (json, MX_DESCRIPTION_ERROR_MEMBER,
        "labelled: found %" G_GUINT64_FORMAT
        ", expected at most the %" G_GUINT64_FORMAT " windows",
        self->labelled, self->windows);
}

MxCalibration *
mx_calibration_from_json (
    const char *text, const char *name, unsigned exits, GError **error)
{
  g_autoptr (MxCalibration) self = g_new0 (MxCalibration, 1);
  g_autoptr (GError) problem = NULL;
  g_autofree char *where = g_strconcat (name, ": calibration", NULL);
  g_autoptr (JsonNode) root = mx_json_parse (text, -1, where, error);
  MxJson json;

  if (root == NULL)
    return NULL;
  self->exits = exits;
  mx_json_begin (&json, root, "calibration", &problem);
  read_source (self, &json);
  read_floats (&json, "temperatures", exits, MX_MIN_TEMPERATURE,
      MX_MAX_TEMPERATURE, self->temperatures);
  read_points (self, &json);
  if (mx_json_end (&json))
    return g_steal_pointer (&self);
  g_propagate_prefixed_error (error, g_steal_pointer (&problem), "%s: ", name);
  return NULL;
}

/* ------------------------------------------------------------ writing */

/* The number with the fewest digits that is read as the same float. */
static double
shortest (float value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  double found = value;

  for (int digits = 1; digits <= 9; digits++) {
    char format[8];

    g_snprintf (format, sizeof format, "%%.%dg", digits);
    found = g_ascii_strtod (
        g_ascii_formatd (text, sizeof text, format, value), NULL);
    if ((float)found == value)
      break;
  }
  return found;
}

static JsonArray *
floats_to_json (const float *values, size_t n)
{
  JsonArray *array = json_array_new ();

  for (size_t i = 0; i < n; i++)
    json_array_add_double_element (array, shortest (values[i]));
  return array;
}

static JsonObject *
point_to_json (const MxOperatingPoint *point, unsigned exits)
{
  JsonObject *object = json_object_new ();

  if (exits > 1)
    json_object_set_array_member (
        object, "thresholds", floats_to_json (point->thresholds, exits - 1));
  json_object_set_double_member (object, "agreement", point->agreement);
  json_object_set_double_member (object, "cost", point->cost);
  if (!isnan (point->accuracy))
    json_object_set_double_member (object, "accuracy", point->accuracy);
  return object;
}

char *
mx_calibration_to_json (const MxCalibration *self)
{
  JsonObject *object = json_object_new ();
  JsonArray *points = json_array_new ();
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);

  for (size_t i = 0; i < self->n_points; i++)
    json_array_add_object_element (
        points, point_to_json (&self->points[i], self->exits));
  json_object_set_string_member (object, "fitted-on", self->fitted_on);
  json_object_set_int_member (object, "windows", self->windows);
  json_object_set_int_member (object, "labelled", self->labelled);
  json_object_set_array_member (
      object, "temperatures", floats_to_json (self->temperatures, self->exits));
  json_object_set_array_member (object, "points", points);
  json_node_take_object (root, object);
  return mx_json_text_write (root, false);
}
