/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What was learnt about a trained network from windows it was not trained on:
 * how far the confidence of each exit may be believed, and what thresholds
 * cost. Part of the network and of its file (`multiexit.calibration`, see
 * docs/model-file.md).  Reading takes it for a stranger's word. */
#pragma once

#include <json-glib/json-glib.h>

#include "mx-tradeoff.h"

#define MX_CALIBRATION_MAX_POINTS 1024
#define MX_CALIBRATION_MAX_TEXT 4096 /* bytes */

typedef struct {
  char *fitted_on;   /* for people; at most MX_CALIBRATION_MAX_TEXT */
  uint64_t windows;  /* that it was fitted on, from 1 */
  uint64_t labelled; /* of these */
  unsigned exits;    /* of the network */
  float temperatures[MX_MAX_EXITS];
  size_t n_points;          /* from 1 */
  MxOperatingPoint *points; /* strictly rising cost; of confidences with these
                             * temperatures */
} MxCalibration;

MxCalibration *mx_calibration_copy (const MxCalibration *self);
void mx_calibration_free (MxCalibration *self);

/* The cheapest point of at least this agreement, 0..1; of the highest one if
 * none has that. */
const MxOperatingPoint *mx_calibration_for_agreement (
    const MxCalibration *self, double agreement);
/* The dearest point of at most this mean cost, a fraction of the full one; the
 * cheapest if none is. */
const MxOperatingPoint *mx_calibration_for_cost (
    const MxCalibration *self, double cost);

/* Where the search of a budget begins: what raises the policy's thresholds to
 * those of the point for that cost, in the mean over the exits, logits. */
double mx_calibration_get_budget_offset (
    const MxCalibration *self, const MxPolicy *policy);

/* @name: of the file, for messages; @exits: of the network it is for.  Errors
 * are MX_DESCRIPTION_ERROR. */
MxCalibration *mx_calibration_from_json (
    const char *text, const char *name, unsigned exits, GError **error);
/* The text (g_free), the same for the same calibration. */
char *mx_calibration_to_json (const MxCalibration *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MxCalibration, mx_calibration_free)
