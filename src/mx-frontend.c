/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-frontend.h"

#include "mx-kernels.h"

#include <float.h>
#include <math.h>
#include <string.h>

#define DEFAULT_BANDS 40
#define DEFAULT_LOW 20
#define DEFAULT_FLOOR 1e-6
#define DEFAULT_RANGE 8
#define DEFAULT_SMOOTHING .08
#define DEFAULT_ALPHA .98
#define DEFAULT_EPSILON 1e-6
#define DEFAULT_WIDTH 11
#define DEFAULT_ENVELOPE_FLOOR .05

struct _MxFrontend {
  const MxFrontendConfig *config;
  /* The mel kinds. */
  MxMel *mel;
  float *samples; /* from the first pending frame on, see room() */
  size_t n_samples;
  size_t n_pending;  /* complete frames yet to be computed, < MX_MEL_LANES */
  float *pending_to; /* where they go; NULL: unwanted */
  float *smooth;     /* [features]; log-pcen's M */
  float *unwanted;   /* [MX_MEL_LANES][features] */
};

/* --- configuration --- */

static bool
is_mel (const MxFrontendConfig *config)
{
  return config->kind == MX_FRONTEND_LOG_MEL ||
         config->kind == MX_FRONTEND_LOG_PCEN;
}

static size_t
next_power_of_two (size_t n)
{
  size_t power = 4;

  while (power < n)
    power *= 2;
  return power;
}

static void
parse_mel (MxFrontendConfig *config, MxJson *json, size_t rate)
{
  MxMelConfig *mel = &config->mel;

  if (config->channels != 1)
    mx_json_fail (json, MX_DESCRIPTION_ERROR_MEMBER,
        "kind: found a mel front end for %zu channels, expected 1 channel",
        config->channels);
  mel->rate = rate;
  mel->frame = mx_json_int (json, "frame", 1, MX_MEL_MAX_FFT,
      CLAMP (rate * 25 / 1000, 1, MX_MEL_MAX_FFT));
  mel->hop = mx_json_int (
      json, "hop", 1, mel->frame, CLAMP (rate / 100, 1, mel->frame));
  mel->fft = mx_json_int (json, "fft", MAX (mel->frame, 4), MX_MEL_MAX_FFT,
      next_power_of_two (mel->frame));
  if (!mx_mel_is_fast_size (mel->fft))
    mx_json_fail (json, MX_DESCRIPTION_ERROR_MEMBER,
        "fft: found %zu, expected an even number without prime factors "
        "above 5",
        mel->fft);
  mel->bands = mx_json_int (json, "bands", 1, MX_MEL_MAX_BANDS, DEFAULT_BANDS);
  mel->low = mx_json_double (json, "low", 0, rate / 2., DEFAULT_LOW);
  mel->high = mx_json_double (json, "high", 0, rate / 2., rate / 2.);
  if (!(mel->low < mel->high))
    mx_json_fail (json, MX_DESCRIPTION_ERROR_MEMBER,
        "high: found %g, expected more than low, which is %g", mel->high,
        mel->low);
  config->features = mel->bands;
}

static void
parse_log_mel (MxFrontendConfig *config, MxJson *json)
{
  static const char *const references[] = {"window-maximum", "none", NULL};

  config->floor = mx_json_double (json, "floor", FLT_MIN, 1, DEFAULT_FLOOR);
  config->window_maximum =
      mx_json_choice (json, "reference", references, 0) == 0;
  if (config->window_maximum)
    config->range = mx_json_double (json, "range", 1e-3, 1e3, DEFAULT_RANGE);
}

static void
parse_log_pcen (MxFrontendConfig *config, MxJson *json)
{
  config->smoothing =
      mx_json_double (json, "smoothing", 1e-6, 1, DEFAULT_SMOOTHING);
  config->alpha = mx_json_double (json, "alpha", 0, 1, DEFAULT_ALPHA);
  config->epsilon =
      mx_json_double (json, "epsilon", FLT_MIN, 1, DEFAULT_EPSILON);
}

static void
parse_raw (MxFrontendConfig *config, MxJson *json)
{
  static const char *const references[] = {"none", "window", NULL};

  config->window_statistics =
      mx_json_choice (json, "reference", references, 0) == 1;
  if (config->window_statistics)
    config->floor = mx_json_double (json, "floor", FLT_MIN, FLT_MAX, 1e-6);
}

static void
parse_log_envelope (MxFrontendConfig *config, MxJson *json)
{
  config->width =
      mx_json_int (json, "width", 1, MX_FRONTEND_MAX_WIDTH, DEFAULT_WIDTH);
  config->scale = mx_json_double (json, "scale", FLT_MIN, FLT_MAX, 1);
  config->floor =
      mx_json_double (json, "floor", FLT_MIN, FLT_MAX, DEFAULT_ENVELOPE_FLOOR);
}

/* A number for each feature, or one for all. */
static float *
parse_per_feature (
    MxJson *json, const char *member, size_t features, float fallback)
{
  size_t n;
  g_autofree float *given = mx_json_floats (json, member, &n);
  float *values = g_new (float, features);

  if (given && n != 1 && n != features)
    mx_json_fail (json, MX_DESCRIPTION_ERROR_MEMBER,
        "%s: found %zu numbers, expected 1 or %zu", member, n, features);
  for (size_t i = 0; i < features; i++)
    values[i] = !given ? fallback : given[n == features ? i : 0];
  return values;
}

static void
parse_statistics (MxFrontendConfig *config, MxJson *json)
{
  config->mean = parse_per_feature (json, "mean", config->features, 0);
  config->std = parse_per_feature (json, "std", config->features, 1);
  for (size_t i = 0; i < config->features; i++) {
    if (!(config->std[i] >= FLT_MIN))
      mx_json_fail (json, MX_DESCRIPTION_ERROR_MEMBER,
          "std: found %g, expected a number above 0", config->std[i]);
  }
}

static void
parse_object (MxFrontendConfig *config, MxJson *json, size_t rate)
{
  static const char *const kinds[] = {
      "raw", "log-envelope", "log-mel", "log-pcen", NULL};

  config->kind = mx_json_choice (json, "kind", kinds, -1);
  if (config->kind == MX_FRONTEND_RAW)
    parse_raw (config, json);
  if (config->kind == MX_FRONTEND_LOG_ENVELOPE)
    parse_log_envelope (config, json);
  if (is_mel (config))
    parse_mel (config, json, rate);
  if (config->kind == MX_FRONTEND_LOG_MEL)
    parse_log_mel (config, json);
  if (config->kind == MX_FRONTEND_LOG_PCEN)
    parse_log_pcen (config, json);
  parse_statistics (config, json);
}

static void
fill (float *values, size_t n, float value)
{
  for (size_t i = 0; i < n; i++)
    values[i] = value;
}

void
mx_frontend_config_parse (
    MxFrontendConfig *config, MxJson *json, size_t rate, size_t channels)
{
  JsonNode *node = mx_json_member (json, "front-end", false);

  *config = (MxFrontendConfig){
      .kind = MX_FRONTEND_RAW,
      .channels = channels,
      .features = channels,
  };
  if (node) {
    MxJson object;

    mx_json_begin (&object, node, "front-end", json->error);
    parse_object (config, &object, rate);
    mx_json_end (&object);
  } else {
    config->mean = g_new (float, channels);
    config->std = g_new (float, channels);
    fill (config->mean, channels, 0);
    fill (config->std, channels, 1);
  }
  if (!mx_json_ok (json))
    mx_frontend_config_clear (config);
}

void
mx_frontend_config_clear (MxFrontendConfig *config)
{
  g_clear_pointer (&config->mean, g_free);
  g_clear_pointer (&config->std, g_free);
}

size_t
mx_frontend_config_frames (const MxFrontendConfig *config, size_t samples)
{
  size_t frame = mx_frontend_config_frame (config);

  return samples < frame
             ? 0
             : 1 + (samples - frame) / mx_frontend_config_hop (config);
}

size_t
mx_frontend_config_hop (const MxFrontendConfig *config)
{
  return is_mel (config) ? config->mel.hop : 1;
}

size_t
mx_frontend_config_frame (const MxFrontendConfig *config)
{
  return is_mel (config) ? config->mel.frame : 1;
}

const char *
mx_frontend_config_get_window_rule (const MxFrontendConfig *config)
{
  if (config->window_maximum)
    return "reference \"window-maximum\"";
  if (config->window_statistics)
    return "reference \"window\"";
  return config->kind == MX_FRONTEND_LOG_ENVELOPE ? "kind \"log-envelope\""
                                                  : NULL;
}

/* --- one stream --- */

static size_t
room (const MxMelConfig *mel)
{
  return mel->frame + (MX_MEL_LANES - 1) * mel->hop;
}

MxFrontend *
mx_frontend_new (const MxFrontendConfig *config)
{
  MxFrontend *self = g_new0 (MxFrontend, 1);

  self->config = config;
  if (is_mel (config)) {
    self->mel = mx_mel_new (&config->mel);
    self->samples = g_new (float, room (&config->mel));
    self->smooth = g_new (float, config->features);
    self->unwanted = g_new (float, MX_MEL_LANES * config->features);
  }
  mx_frontend_reset (self);
  return self;
}

void
mx_frontend_free (MxFrontend *self)
{
  if (!self)
    return;
  mx_mel_free (self->mel);
  g_free (self->samples);
  g_free (self->smooth);
  g_free (self->unwanted);
  g_free (self);
}

void
mx_frontend_reset (MxFrontend *self)
{
  self->n_samples = 0;
  self->n_pending = 0;
  if (self->smooth)
    fill (self->smooth, self->config->features, -1);
}

static size_t
process_raw (MxFrontend *self, const float *samples, size_t n_samples,
    float *frames, size_t max_frames)
{
  size_t n = MIN (n_samples, max_frames);

  for (size_t i = 0; frames && i < n * self->config->channels; i++)
    frames[i] = isfinite (samples[i]) ? samples[i] : 0;
  return n;
}

static void
compute (MxFrontend *self, const float *samples, size_t n, float *frames)
{
  const MxFrontendConfig *config = self->config;
  const MxKernels *kernels = mx_kernels_get ();
  const MxPcen pcen = {config->smoothing, config->alpha, config->epsilon};

  mx_mel_process (self->mel, samples, n, frames);
  if (config->kind == MX_FRONTEND_LOG_MEL) {
    kernels->log (n * config->features, config->floor, frames);
  } else {
    for (size_t t = 0; t < n; t++)
      kernels->pcen (
          &pcen, config->features, frames + t * config->features, self->smooth);
  }
}

void
mx_frontend_flush (MxFrontend *self)
{
  const size_t n = self->n_pending;
  float *frames = self->pending_to;

  if (n == 0)
    return;
  if (frames == NULL && self->config->kind == MX_FRONTEND_LOG_PCEN)
    frames = self->unwanted;
  if (frames != NULL)
    compute (self, self->samples, n, frames);
  self->n_pending = 0;
  self->n_samples -= n * self->config->mel.hop;
  memmove (self->samples, self->samples + n * self->config->mel.hop,
      self->n_samples * sizeof *self->samples);
}

/* The frame that has just filled up goes to `frame`. */
static void
complete_frame (MxFrontend *self, float *frame)
{
  if (self->n_pending == 0)
    self->pending_to = frame;
  if (++self->n_pending == MX_MEL_LANES)
    mx_frontend_flush (self);
}

/* Pending frames are computed together, so they must lie in a row. */
static bool
goes_on_at (const MxFrontend *self, const float *frames)
{
  if (self->n_pending == 0 || self->pending_to == NULL)
    return self->n_pending == 0 || frames == NULL;
  return frames == self->pending_to + self->n_pending * self->config->features;
}

/* Full turns of frames that begin in what has come now, and so need no copy.
 * @used: samples of it that were taken before. */
static size_t
process_in_place (MxFrontend *self, const float *samples, size_t n_samples,
    float *frames, size_t max_frames, size_t *used)
{
  const MxMelConfig *mel = &self->config->mel;
  const float *start = samples + *used - self->n_samples;
  const size_t n = MIN (max_frames, mx_frontend_config_frames (self->config,
                                        n_samples - *used + self->n_samples)) /
                   MX_MEL_LANES * MX_MEL_LANES;

  if (n == 0)
    return 0;
  compute (self, start, n, frames);
  start += n * mel->hop;
  self->n_samples = mel->frame - mel->hop;
  memcpy (self->samples, start, self->n_samples * sizeof *samples);
  *used = (size_t)(start - samples) + self->n_samples;
  return n;
}

static size_t
process_mel (MxFrontend *self, const float *samples, size_t n_samples,
    float *frames, size_t max_frames, size_t *consumed)
{
  const MxMelConfig *mel = &self->config->mel;
  size_t n_frames = 0, used = 0;

  if (!goes_on_at (self, frames))
    mx_frontend_flush (self);
  while (n_frames < max_frames && used < n_samples) {
    if (frames != NULL && self->n_pending == 0 && self->n_samples <= used)
      n_frames += process_in_place (self, samples, n_samples,
          frames + n_frames * self->config->features, max_frames - n_frames,
          &used);
    if (n_frames == max_frames || used == n_samples)
      break;
    size_t complete = mel->frame + self->n_pending * mel->hop;
    size_t n = MIN (complete - self->n_samples, n_samples - used);

    memcpy (
        self->samples + self->n_samples, samples + used, n * sizeof *samples);
    self->n_samples += n;
    used += n;
    if (self->n_samples < complete)
      break;
    complete_frame (
        self, frames ? frames + n_frames * self->config->features : NULL);
    n_frames++;
  }
  *consumed = used;
  return n_frames;
}

size_t
mx_frontend_process (MxFrontend *self, const float *samples, size_t n_samples,
    float *frames, size_t max_frames, size_t *consumed)
{
  if (is_mel (self->config))
    return process_mel (self, samples, n_samples, frames, max_frames, consumed);
  *consumed = process_raw (self, samples, n_samples, frames, max_frames);
  return *consumed;
}
