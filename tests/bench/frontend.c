/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* The front end: log-mel and log-pcen of a second of audio, 98 frames of 40
 * bands, in one go and as a live stream brings it, in buffers of 10 ms.  The
 * reference is the same frames through GstFFT, one by one, in the same run;
 * all take turns, so that they meet the same busy machine. */

#include "bench.h"

#include "mx-frontend.h"

#include <gst/fft/gstfftf32.h>
#include <math.h>
#include <stdlib.h>

#define TURNS 1001
#define RATE 16000
#define FRAME 400
#define HOP 160
#define FFT 512
#define BANDS 40
#define FRAMES (1 + (RATE - FRAME) / HOP)
#define FLOOR 1e-6f

typedef struct {
  const float *samples; /* [RATE] */
  float *frames;        /* [FRAMES][BANDS] */
  MxFrontend *log_mel, *log_pcen;
  MxMel *mel; /* for its weights */
  GstFFTF32 *fft;
} Bench;

static void
run (MxFrontend *frontend, const Bench *bench, size_t chunk)
{
  size_t n = 0, used;

  mx_frontend_reset (frontend);
  for (size_t at = 0; at < RATE; at += chunk) {
    n += mx_frontend_process (frontend, bench->samples + at,
        MIN (chunk, RATE - at), bench->frames + n * BANDS, FRAMES + 1 - n,
        &used);
  }
  mx_frontend_flush (frontend);
  g_assert (n == FRAMES);
}

static void
log_mel_at_once (const Bench *bench)
{
  run (bench->log_mel, bench, RATE);
}

static void
log_mel_live (const Bench *bench)
{
  run (bench->log_mel, bench, RATE / 100);
}

/* Each buffer's frame is wanted before the next comes. */
static void
log_mel_each_buffer (const Bench *bench)
{
  size_t n = 0, used;

  mx_frontend_reset (bench->log_mel);
  for (size_t at = 0; at < RATE; at += RATE / 100) {
    n += mx_frontend_process (bench->log_mel, bench->samples + at, RATE / 100,
        bench->frames + n * BANDS, FRAMES + 1 - n, &used);
    mx_frontend_flush (bench->log_mel);
  }
}

static void
log_pcen_at_once (const Bench *bench)
{
  run (bench->log_pcen, bench, RATE);
}

static void
reference (const Bench *bench)
{
  const MxMelPlan *plan = mx_mel_get_plan (bench->mel);
  float padded[FFT] = {0}, power[FFT / 2 + 1];
  GstFFTF32Complex spectrum[FFT / 2 + 1];

  for (size_t t = 0; t < FRAMES; t++) {
    for (size_t i = 0; i < FRAME; i++)
      padded[i] = plan->window[i] * bench->samples[t * HOP + i];
    gst_fft_f32_fft (bench->fft, padded, spectrum);
    for (size_t i = 0; i < FFT / 2 + 1; i++)
      power[i] = spectrum[i].r * spectrum[i].r + spectrum[i].i * spectrum[i].i;
    for (size_t m = 0; m < BANDS; m++) {
      const MxBand *band = &plan->bands[m];
      const float *weights = plan->weights + band->offset;
      float sum = 0;

      for (size_t i = 0; i < band->n; i++)
        sum += weights[i] * power[band->first + i];
      bench->frames[t * BANDS + m] = logf (sum + FLOOR);
    }
  }
}

static const struct {
  const char *name;
  void (*run) (const Bench *bench);
} candidates[] = {
    {"GstFFT, frame by frame", reference},
    {"log-mel, a second at once", log_mel_at_once},
    {"log-mel, buffers of 10 ms", log_mel_live},
    {"log-mel, each buffer answered", log_mel_each_buffer},
    {"log-pcen, a second at once", log_pcen_at_once},
};

#define N G_N_ELEMENTS (candidates)

static void
measure (const Bench *bench, double median_us[N], double ratio[N])
{
  static double times[N][TURNS];

  for (size_t turn = 0; turn < TURNS; turn++) {
    for (size_t k = 0; k < N; k++) {
      gint64 start = bench_cpu_ns ();

      candidates[k].run (bench);
      times[k][turn] = (double)(bench_cpu_ns () - start) / 1e3;
    }
  }
  for (size_t k = 0; k < N; k++)
    ratio[k] = bench_median_ratio (times[0], times[k], TURNS);
  for (size_t k = 0; k < N; k++)
    median_us[k] = bench_median (times[k], TURNS);
}

static MxFrontendConfig
config (MxFrontendKind kind)
{
  return (MxFrontendConfig){
      .kind = kind,
      .channels = 1,
      .features = BANDS,
      .mel = {RATE, FRAME, HOP, FFT, BANDS, 20, RATE / 2},
      .floor = FLOOR,
      .smoothing = .08f,
      .alpha = .98f,
      .epsilon = 1e-6f,
  };
}

int
main (void)
{
  const MxFrontendConfig log_mel = config (MX_FRONTEND_LOG_MEL);
  const MxFrontendConfig log_pcen = config (MX_FRONTEND_LOG_PCEN);
  g_autofree float *samples = bench_noise (RATE);
  Bench bench = {
      .samples = samples,
      .frames = g_new (float, (FRAMES + 1) * BANDS),
      .log_mel = mx_frontend_new (&log_mel),
      .log_pcen = mx_frontend_new (&log_pcen),
      .mel = mx_mel_new (&log_mel.mel),
      .fft = gst_fft_f32_new (FFT, FALSE),
  };
  static const char *const columns[] = {"us", "GstFFT / it", NULL};
  double median_us[N], ratio[N];

  measure (&bench, median_us, ratio);
  bench_section ("Front end, a second at 16 kHz", columns);
  for (size_t k = 0; k < N; k++)
    bench_row (candidates[k].name, (const double[]){median_us[k], ratio[k]});
  mx_frontend_free (bench.log_mel);
  mx_frontend_free (bench.log_pcen);
  mx_mel_free (bench.mel);
  gst_fft_f32_free (bench.fft);
  g_free (bench.frames);
  return EXIT_SUCCESS;
}
