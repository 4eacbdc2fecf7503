/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Samples in, frames of the network's input out, in two steps:
 *
 *   process     incremental: samples of the stream -> frames, each computed
 *               once, whatever windows it will belong to
 *   normalise   per window: frames -> the network's input
 *
 *   raw       a frame is a sample of all channels; x = (v - mean) / std
 *             reference window: v = (v - m) / (d + floor) first, m and d the
 *             mean and the standard deviation of the channel in the window
 *   log-envelope
 *             a frame is a sample of all channels; r[t] the mean of |v| / scale
 *             over the `width` samples around t, those that the window has;
 *             x = (ln (r + floor) - mean) / std
 *   log-mel   L = ln (mel power + floor) of the mono signal;
 *             reference window-maximum: L = max (L - max over the window,
 *             -range); x = (L - mean) / std
 *   log-pcen  M = (1 - s) M + s E, M[-1] = E[0];
 *             y = ln (1 + E / (epsilon + M)^alpha); x = (y - mean) / std
 *
 * A sample that is NaN or infinite counts as 0, a frame of mel power with one
 * in it as silence.
 *
 * Samples of audio are scaled to [-1, 1); those of sensors are in the units
 * the model was trained on and are never clipped. */
#pragma once

#include "mx-json.h"
#include "mx-mel.h"

typedef enum {
  MX_FRONTEND_RAW,
  MX_FRONTEND_LOG_ENVELOPE,
  MX_FRONTEND_LOG_MEL,
  MX_FRONTEND_LOG_PCEN
} MxFrontendKind;

#define MX_FRONTEND_MAX_WIDTH 255

typedef struct {
  MxFrontendKind kind;
  size_t channels;        /* of the samples; the mel kinds take 1 */
  MxMelConfig mel;        /* the mel kinds */
  float floor;            /* log-mel, log-envelope, raw with reference window */
  bool window_statistics; /* raw */
  size_t width;           /* log-envelope, samples */
  float scale;            /* log-envelope, of the samples */
  bool window_maximum;    /* log-mel */
  float range;            /* nats, with window_maximum */
  float smoothing, alpha, epsilon; /* log-pcen: s, alpha, epsilon */
  size_t features;                 /* floats of a frame */
  float *mean, *std;               /* [features] */
} MxFrontendConfig;

/* Reads the member "front-end" of a description (absent: raw, mean 0, std 1).
 * Errors go to `json`; on success mx_frontend_config_clear() frees. */
void mx_frontend_config_parse (
    MxFrontendConfig *config, MxJson *json, size_t rate, size_t channels);
void mx_frontend_config_clear (MxFrontendConfig *config);

/* Frames that `samples` samples give; 0 if fewer than one frame. */
size_t mx_frontend_config_frames (
    const MxFrontendConfig *config, size_t samples);
/* Samples from one frame to the next (raw: 1). */
size_t mx_frontend_config_hop (const MxFrontendConfig *config);
/* Samples that one frame covers (raw: 1). */
size_t mx_frontend_config_frame (const MxFrontendConfig *config);

/* Why no frame of a window is normalised before all are there, for messages;
 * NULL: each is by itself. */
const char *mx_frontend_config_get_window_rule (const MxFrontendConfig *config);

/* One stream's state.  All memory is allocated here; one thread at a time. */
typedef struct _MxFrontend MxFrontend;

/* @config must outlive it. */
MxFrontend *mx_frontend_new (const MxFrontendConfig *config);
void mx_frontend_free (MxFrontend *self);

/* Forgets everything heard. */
void mx_frontend_reset (MxFrontend *self);

/* Takes samples [n_samples][channels] until they are used up or `max_frames`
 * frames are complete; these go to `frames` [max_frames][features].
 * Returns the frames completed; @consumed: samples taken.
 * @frames NULL: the frames are heard, but not wanted, and cost only what later
 * ones need of them.
 *
 * Several frames at once cost much less than one by one, so the last few are
 * in place only after mx_frontend_flush(): until then `frames` must stay where
 * it is. */
size_t mx_frontend_process (MxFrontend *self, const float *samples,
    size_t n_samples, float *frames, size_t max_frames, size_t *consumed);

/* Computes what is still to be computed. */
void mx_frontend_flush (MxFrontend *self);

/* The frames of one window [n][features] into the network's input x
 * [n][features]; may be the same array.  Pure; any thread. */
void mx_frontend_normalise (const MxFrontendConfig *config, const float *frames,
    size_t n_frames, float *x);
