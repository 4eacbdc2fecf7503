/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* libmultiexit-1.0: multi-exit networks that train and run on streams.
 *
 *   description -> network -> session    (samples in, answers out)
 *   description -> trainer -> network    (pairs of windows in, weights out)
 */
#pragma once

#include "mx-cpu.h"
#include "mx-description.h"
#include "mx-model-file.h"
#include "mx-network.h"
#include "mx-perturb.h"
#include "mx-policy.h"
#include "mx-session.h"
#include "mx-trainer.h"
