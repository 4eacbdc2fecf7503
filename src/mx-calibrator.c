/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-calibrator.h"

#include "mx-temperature.h"

#include <math.h>
#include <string.h>

#define MAX_FLOATS (1u << 25)

struct _MxCalibrator {
  unsigned exits;
  size_t classes;
  double costs[MX_MAX_EXITS]; /* sums over windows */
  GArray *logits;             /* of float, [windows][exits][classes] */
  GArray *truths;             /* of int, [windows] */
  uint64_t labelled;
};

MxCalibrator *
mx_calibrator_new (unsigned exits, size_t classes)
{
  MxCalibrator *self = g_new0 (MxCalibrator, 1);

  g_assert (exits >= 1 && exits <= MX_MAX_EXITS);
  self->exits = exits;
  self->classes = classes;
  self->logits = g_array_new (FALSE, FALSE, sizeof (float));
  self->truths = g_array_new (FALSE, FALSE, sizeof (int));
  return self;
}

void
mx_calibrator_free (MxCalibrator *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->logits);
  g_array_unref (self->truths);
  g_free (self);
}

bool
mx_calibrator_add (
    MxCalibrator *self, const float *logits, const double *costs, int truth)
{
  const size_t n = self->exits * self->classes;

  g_return_val_if_fail (truth < (int)self->classes, false);
  if (self->logits->len + n > MAX_FLOATS)
    return false;
  g_array_append_vals (self->logits, logits, n);
  g_array_append_val (self->truths, truth);
  for (unsigned e = 0; e < self->exits; e++)
    self->costs[e] += costs[e];
  self->labelled += truth >= 0;
  return true;
}

uint64_t
mx_calibrator_get_windows (const MxCalibrator *self)
{
  return self->truths->len;
}

/* --- the calibration --- */

static const float *
logits_of (const MxCalibrator *self, size_t window, unsigned exit)
{
  return (const float *)self->logits->data +
         (window * self->exits + exit) * self->classes;
}

static void
fit_temperatures (
    const MxCalibrator *self, const float *known, float *temperatures)
{
  const size_t stride = self->exits * self->classes;

  for (unsigned e = 0; e < self->exits; e++) {
    if (self->labelled > 0)
      temperatures[e] = mx_temperature_fit (logits_of (self, 0, e), stride,
          self->truths->len, self->classes, (const int *)self->truths->data);
    else
      temperatures[e] = known != NULL ? known[e] : 1;
  }
}

/* As a session sees them. */
static MxExitAnswer *
list_answers (const MxCalibrator *self, const float *temperatures)
{
  const size_t n = self->truths->len;
  MxExitAnswer *answers = g_new (MxExitAnswer, n * self->exits);
  g_autofree float *probabilities = g_new (float, self->classes);

  for (size_t i = 0; i < n; i++) {
    const int truth = g_array_index (self->truths, int, i);
    const size_t last =
        mx_argmax (logits_of (self, i, self->exits - 1), self->classes);

    for (unsigned e = 0; e < self->exits; e++) {
      size_t class;

      mx_softmax (logits_of (self, i, e), self->classes, temperatures[e],
          probabilities);
      class = mx_argmax (probabilities, self->classes);
      answers[i * self->exits + e] = (MxExitAnswer){
          .confidence = probabilities[class],
          .agrees = class == last,
          .right = truth >= 0 && class == (size_t)truth,
      };
    }
  }
  return answers;
}

/* So that files are short, and the same wherever sums end in other bits. */
static double
rounded (double value)
{
  return round (value * 1e6) / 1e6;
}

/* Rounding must not make two costs of one. */
static void
take_points (MxCalibration *calibration, GArray *points)
{
  double before = 0;

  calibration->points = g_new (MxOperatingPoint, points->len);
  for (guint i = 0; i < points->len; i++) {
    MxOperatingPoint point = g_array_index (points, MxOperatingPoint, i);

    point.cost = fmin (rounded (point.cost), 1);
    point.agreement = rounded (point.agreement);
    point.accuracy = rounded (point.accuracy);
    if (point.cost <= before)
      continue;
    before = point.cost;
    calibration->points[calibration->n_points++] = point;
  }
}

/* Text that a file may hold: UTF-8, cut between characters. */
static char *
shorten (const char *text)
{
  char *valid = g_utf8_make_valid (text, -1);

  if (strlen (valid) > MX_CALIBRATION_MAX_TEXT)
    *g_utf8_find_prev_char (valid, valid + MX_CALIBRATION_MAX_TEXT) = '\0';
  return valid;
}

MxCalibration *
mx_calibrator_fit (const MxCalibrator *self, const float *known, bool each,
    const char *fitted_on)
{
  g_autofree MxExitAnswer *answers = NULL;
  g_autoptr (GArray) points = NULL;
  double costs[MX_MAX_EXITS];
  MxExitAnswers set = {
      .exits = self->exits,
      .n = self->truths->len,
      .labelled = self->labelled,
      .costs = costs,
  };
  MxCalibration *calibration;

  if (set.n == 0 || !(self->costs[self->exits - 1] > 0))
    return NULL;
  for (unsigned e = 0; e < self->exits; e++)
    costs[e] = self->costs[e] / self->costs[self->exits - 1];
  calibration = g_new0 (MxCalibration, 1);
  calibration->fitted_on = shorten (fitted_on);
  calibration->windows = set.n;
  calibration->labelled = set.labelled;
  calibration->exits = self->exits;
  fit_temperatures (self, known, calibration->temperatures);
  answers = list_answers (self, calibration->temperatures);
  set.answers = answers;
  points = each ? mx_tradeoff_of_each_threshold (&set)
                : mx_tradeoff_of_one_threshold (&set);
  take_points (calibration, points);
  return calibration;
}
